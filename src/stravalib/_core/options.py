"""Options of a client, also for the calls within a ``with`` block only."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TypeGuard


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


def check_limits(
    *,
    priority: str = "high",
    reserve: float = 0.0,
    max_wait: float | None = None,
) -> None:
    """Tell wrong values.

    Raises
    ------
    TypeError, ValueError
        Where one is no number, none of the words, or negative.
    """
    if priority not in ("low", "medium", "high"):
        raise ValueError(
            f"priority={priority!r} is unknown; use 'high', 'medium' or 'low'."
        )
    if not is_number(reserve):
        raise TypeError(
            f"reserve={reserve!r} is not a number; give a share of each limit, or "
            "from 1 on a number of requests."
        )
    if max_wait is not None and not is_number(max_wait):
        raise TypeError(
            f"max_wait={max_wait!r} is not a number; give seconds, or None to wait "
            "for any reset."
        )
    # Written so that it catches NaN.
    if not reserve >= 0 or not (max_wait is None or max_wait >= 0):
        raise ValueError(
            f"reserve={reserve!r} and max_wait={max_wait!r} must not be negative."
        )


def is_number(value: object) -> TypeGuard[float]:
    """Tell whether a value is a number; True and False are none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def check_callable(name: str, value: object) -> None:
    """Tell what cannot be called.

    Raises
    ------
    TypeError
        Where it is neither None nor a function.
    """
    if value is not None and not callable(value):
        raise TypeError(f"{name}={value!r} cannot be called; give a function.")
