"""A record in few words, for its ``repr``."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, RootModel

if TYPE_CHECKING:
    from stravalib._models.base import Entity

_FEW = 4  # so many values are shown where none is meant to be, or in a list
_LONG = 60  # characters of a text


class _Said:
    """Words that a repr shows without quotes."""

    def __init__(self, words: str) -> None:
        self.words = words

    def __repr__(self) -> str:
        return self.words


def shown_of(
    entity: Entity, names: tuple[str, ...]
) -> Iterator[tuple[str | None, Any]]:
    """Yield the values that a repr shows: those meant to be, or the first there are.

    Plain values go before records and lists, and those before what did not fit or is
    not known.
    """
    given = [(name, getattr(entity, name, None)) for name in names]
    shown = [(name, _brief(value)) for name, value in given if value is not None]
    if shown:
        yield from shown
        return
    fields = [(name, _brief(value)) for name, value in entity.__dict__.items()]
    fields = [(name, value) for name, value in fields if value is not None]
    plain = [(name, value) for name, value in fields if _is_plain(value)]
    extra = entity.__pydantic_extra__ or {}
    found = plain or fields or [(name, _brief(value)) for name, value in extra.items()]
    yield from islice(found, _FEW)
    if len(found) > _FEW:
        yield None, _Said("...")


def _is_plain(value: Any) -> bool:
    return isinstance(value, (str, int, float))


def _brief(value: Any) -> Any:
    """Shorten what would make a repr long."""
    if isinstance(value, RootModel):
        value = value.root
    if isinstance(value, str) and len(value) > _LONG:
        return value[: _LONG - 3] + "..."
    if isinstance(value, dict) and len(repr(value)) > _LONG:
        return _Said(f"<{len(value)} keys>")
    if isinstance(value, (list, tuple)) and (
        len(value) > _FEW or len(repr(value)) > 2 * _LONG
    ):
        kinds = {type(item) for item in value}
        kind = kinds.pop() if len(kinds) == 1 else object
        what = kind.__name__ if issubclass(kind, BaseModel) else "items"
        return _Said(f"<{len(value)} {what}>")
    return value
