"""Remember what was worked out about a class; type checkers keep the signature."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, ParamSpec, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable

_P = ParamSpec("_P")
_T = TypeVar("_T")


def remember(
    limit: int | None = None,
) -> Callable[[Callable[_P, _T]], Callable[_P, _T]]:
    """Return a decorator like ``lru_cache``; classes do hash, mypy doubts it."""

    def decorate(make: Callable[_P, _T]) -> Callable[_P, _T]:
        return cast("Callable[_P, _T]", lru_cache(maxsize=limit)(make))

    return decorate
