"""Options for the calls within a ``with`` block, in one thread or task."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Unset:
    """The default of an option that also takes None."""

    def __repr__(self) -> str:
        return "<as the client has it>"


UNSET = Unset()

# id of the owner -> what holds for it here
_here: ContextVar[Mapping[int, Mapping[str, Any]] | None] = ContextVar(
    "_here", default=None
)


def options_of(owner: object) -> Mapping[str, Any] | None:
    """Return what was set for ``owner`` around this call; None if nothing was."""
    here = _here.get()
    return None if here is None else here.get(id(owner))


@contextmanager
def options(owner: object, values: Mapping[str, Any]) -> Iterator[None]:
    """Set options of ``owner`` for the calls within the block; inner blocks win."""
    here = _here.get() or {}
    merged = {**(here.get(id(owner)) or {}), **values}
    token = _here.set({**here, id(owner): merged})
    try:
        yield
    finally:
        _here.reset(token)
