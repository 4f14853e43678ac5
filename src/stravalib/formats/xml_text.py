"""Make XML text: escaping, and nothing that XML 1.0 does not allow."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from stravalib.formats.state import PREFIX, plain, state_of
from stravalib.formats.track import Track

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_FORBIDDEN: Final = re.compile(
    "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
_TEXT: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_ATTRIBUTE: Final = str.maketrans(
    {"&": "&amp;", "<": "&lt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;"}
    | {"\r": "&#13;"}
)


def text(words: str) -> str:
    """Escape character data; characters that XML cannot hold are left out."""
    return _FORBIDDEN.sub("", words).translate(_TEXT)


def attribute(words: str) -> str:
    """Escape a value for double quotes."""
    return _FORBIDDEN.sub("", words).translate(_ATTRIBUTE)


def element(name: str, words: str | None) -> str:
    """Return an element with text, or nothing for None."""
    return "" if words is None else f"<{name}>{text(words)}</{name}>\n"


def empty(name: str, attributes: Mapping[str, str]) -> str:
    """Return an element that has only attributes."""
    given = "".join(f' {key}="{attribute(value)}"' for key, value in attributes.items())
    return f"<{name}{given}/>\n"


def state_elements(track: Track, *, named: bool = False) -> str:
    """Return the package's own elements for `track`."""
    return "".join(
        empty(f"{PREFIX}:{tag}", attributes)
        for tag, attributes in state_of(track, named=named)
    )


def creator_of(track: Track) -> str:
    """Return the device name, with Strava's mark where the altitude is barometric."""
    name = str(track.device) or "stravalib"
    return f"{name} with barometer" if track.has_barometer else name


def exact(name: str, value: float, low: float, high: float) -> str:
    """Return the value in the own namespace where the format's integer loses it."""
    if low <= value <= high and value == int(value):
        return ""
    return f"<{PREFIX}:{name}>{plain(value)}</{PREFIX}:{name}>"


def listed(track: Track | Sequence[Track]) -> list[Track]:
    """Return one or several tracks as a list, checked."""
    tracks = [track] if isinstance(track, Track) else list(track)
    if not tracks:
        raise ValueError("there is no track to write; give at least one")
    for one in tracks:
        one.points.check()
    return tracks
