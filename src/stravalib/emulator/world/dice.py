"""Seeded draws that are the same on every version of Python and in every process."""

from __future__ import annotations

import hashlib
from random import Random
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence
from math import fsum

T = TypeVar("T")


class Dice:
    """Random draws from words: the same words give the same draws.

    Only ``Random.random`` is used, the one method whose sequence Python promises to
    keep, and the seed comes from a digest, never from ``hash``.
    """

    __slots__ = ("random",)

    def __init__(self, *words: object) -> None:
        text = "\x1f".join(map(str, words)).encode()
        digest = hashlib.blake2b(text, digest_size=8).digest()
        self.random = Random(int.from_bytes(digest, "big")).random

    def between(self, low: float, high: float) -> float:
        """Draw a number from a range, evenly."""
        return low + (high - low) * self.random()

    def whole(self, low: int, high: int) -> int:
        """Draw a whole number, both ends included."""
        return low + int(self.random() * (high - low + 1))

    def bell(self, middle: float = 0.0, spread: float = 1.0) -> float:
        """Draw a number that is mostly near the middle, never beyond 3.5 spreads."""
        draw = self.random
        return middle + spread * 1.7320508 * (draw() + draw() + draw() + draw() - 2.0)

    def chance(self, probability: float) -> bool:
        """Say yes with this probability."""
        return self.random() < probability

    def pick(self, things: Sequence[T]) -> T:
        """Draw one of several."""
        return things[int(self.random() * len(things))]

    def weighted(self, things: Sequence[tuple[T, float]]) -> T:
        """Draw one of several (thing, weight) pairs."""
        goal = self.random() * fsum(weight for _, weight in things)
        for thing, weight in things:
            goal -= weight
            if goal < 0:
                return thing
        return things[-1][0]

    def some(self, things: Sequence[T], count: int) -> list[T]:
        """Draw several different ones, in the order drawn."""
        left = list(things)
        return [
            left.pop(int(self.random() * len(left)))
            for _ in range(min(count, len(left)))
        ]

    def hex(self, digits: int) -> str:
        """Draw lower-case hexadecimal digits."""
        return "".join(
            "0123456789abcdef"[int(self.random() * 16)] for _ in range(digits)
        )

    def uuid(self) -> str:
        """Draw an upper-case UUID, as photos have."""
        text = self.hex(32).upper()
        return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
