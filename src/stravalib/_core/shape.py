"""Whether a success holds what was asked for at all: an object, rows, a field.

What is inside an object is for the models; these tell apart an answer that is another
one altogether, as a page of a proxy or an outage gives.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from stravalib._core.lazy import lazy

if TYPE_CHECKING:
    from stravalib import exc
else:
    exc = lazy("stravalib.exc")

_NAMES: dict[type[Any], str] = {
    dict: "an object",
    list: "a list",
    str: "text",
    int: "a number",
    float: "a number",
    bool: "true or false",
    type(None): "nothing (null)",
}


def an_object(raw: Any, what: str) -> Any:
    """Return what becomes one record.

    Raises
    ------
    InvalidResponse
        JSON, but no object.
    """
    if type(raw) is not dict and type(raw) in _NAMES:
        raise _unexpected(raw, f"an object ({what})")
    return raw


def rows(raw: Any, what: str) -> list[Any]:
    """Return the rows of a list; an empty answer (204) has none.

    Raises
    ------
    InvalidResponse
        JSON, but no list.
    """
    if type(raw) is list:
        return raw
    if type(raw) is dict and not raw:
        return []
    if type(raw) in _NAMES or not isinstance(raw, Iterable):
        raise _unexpected(raw, f"a list ({what})")
    return list(raw)


def field(raw: Any, key: str, what: str) -> Any:
    """Return a field that a call cannot do without.

    Raises
    ------
    InvalidResponse
        It is not there.
    """
    found = an_object(raw, what)
    if isinstance(found, dict) and found.get(key) is None:
        raise _unexpected(raw, f"an object with {key!r} ({what})")
    return found[key]


def xml(content: bytes, path: str) -> str:
    """Return the text of an exported file.

    Raises
    ------
    InvalidResponse
        It is no XML file.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = ""
    start = content[:60].decode("utf-8-sig", "replace").lstrip()
    if text and start.startswith(("<?xml", "<gpx", "<TrainingCenterDatabase")):
        return text
    raise exc.InvalidResponse(
        f"GET {path} answered what is no XML file, beginning {start!r}; try again "
        "later."
    )


def _unexpected(raw: Any, expected: str) -> exc.InvalidResponse:
    found = _NAMES.get(type(raw), type(raw).__name__)
    if type(raw) is dict:
        found = f"an object with {sorted(map(str, raw))}"
    return exc.InvalidResponse(
        f"The answer is {found}, where {expected} was expected. If base_url leads to "
        "Strava, try again later; a write may have been carried out all the same."
    )
