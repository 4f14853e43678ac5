"""Hills and valleys: a smooth field of heights that depends on a seed only."""

from __future__ import annotations

from math import floor

from stravalib.emulator.world.dice import Dice


class Noise:
    """Smooth values between -1 and 1 over the plane, one hill per unit."""

    __slots__ = ("_order", "_values")

    def __init__(self, *words: object) -> None:
        dice = Dice("noise", *words)
        self._values = [dice.between(-1.0, 1.0) for _ in range(256)]
        order = dice.some(range(256), 256)
        self._order = order + order

    def at(self, x: float, y: float) -> float:
        """Return the value at a point."""
        column, row = floor(x), floor(y)
        u, v = x - column, y - row
        u, v = u * u * (3 - 2 * u), v * v * (3 - 2 * v)
        order, values = self._order, self._values
        left, right = order[column & 255], order[(column + 1) & 255]
        row &= 255
        low, high = row, (row + 1) & 255
        bottom = values[order[left + low]]
        bottom += u * (values[order[right + low]] - bottom)
        top = values[order[left + high]]
        top += u * (values[order[right + high]] - top)
        return bottom + v * (top - bottom)


class Terrain:
    """Heights around a place, and the river through it."""

    __slots__ = ("_base", "_hills", "_knolls", "_ranges", "_relief", "_river")

    def __init__(self, seed: object, base: float, relief: float) -> None:
        self._base = base
        self._relief = relief
        self._ranges = Noise(seed, "ranges")
        self._hills = Noise(seed, "hills")
        self._knolls = Noise(seed, "knolls")
        self._river = Noise(seed, "river")

    def river(self, x: float) -> float:
        """Return how far north (m) the river runs at x metres east."""
        return 900 * self._river.at(x / 3400, 0.5) + 350 * self._river.at(x / 900, 7.5)

    def height(self, x: float, y: float) -> float:
        """Return the metres above the sea; low by the river and in the town."""
        wide = self._ranges.at(x / 7200, y / 7200)
        hills = self._hills.at(x / 2300, y / 2300)
        knolls = self._knolls.at(x / 760, y / 760)
        away = abs(y - self.river(x)) / 2600
        valley = away * away / (1 + away * away)  # 0 in the valley, 1 far off
        rough = 0.5 * wide + 0.3 * hills + 0.06 * knolls
        return self._base + self._relief * (
            0.55 * valley + (0.25 + 0.75 * valley) * rough
        )
