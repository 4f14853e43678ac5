"""Cutting lists into pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stravalib.emulator.routing import Call

T = TypeVar("T")


def page_of(call: Call, items: Sequence[T]) -> Sequence[T]:
    """Cut out the page that ``page`` and ``per_page`` ask for."""
    size = call.args["per_page"]
    first = (call.args["page"] - 1) * size
    return items[first : first + size]
