"""Roads and paths: a warped lattice on which routes are found.

Nodes are pairs of whole numbers. Straight lattice lines become roads that wind, because
every point is shifted by smooth noise; some lines are missing, some are main roads, and
the river is crossed at few bridges. Nothing is stored but what was asked for.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from heapq import heappop, heappush
from math import atan2, ceil, cos, hypot, pi, sin
from typing import TYPE_CHECKING

from stravalib.emulator.world.dice import Dice
from stravalib.emulator.world.terrain import Noise, Terrain

if TYPE_CHECKING:
    from stravalib.emulator.world.places import Place

Node = tuple[int, int]
Points = list[tuple[float, float, float]]  # metres east, metres north, height

STEPS: tuple[Node, ...] = (
    (1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1), (1, -1), (-1, 1),
)  # fmt: skip


@dataclass(slots=True)
class Path:
    """A line to travel: points with distance, height, slope and sharpness of turns."""

    key: str
    place: Place
    xs: list[float]
    ys: list[float]
    heights: list[float]
    nodes: list[Node] = field(default_factory=list)
    node_at: list[int] = field(default_factory=list)  # index of each node's point
    distances: list[float] = field(default_factory=list)
    slopes: list[float] = field(default_factory=list)  # fractions
    turns: list[float] = field(default_factory=list)  # 1 straight .. 0.35 hairpin
    positions: list[tuple[float, float]] = field(default_factory=list)

    def finish(self) -> Path:
        """Work out distances, slopes, turns and positions from the points."""
        xs, ys = self.xs, self.ys
        steps = [
            hypot(b - a, d - c)
            for a, b, c, d in zip(xs, xs[1:], ys, ys[1:], strict=False)
        ]
        total = 0.0
        self.distances = [0.0]
        for step in steps:
            total += step
            self.distances.append(total)
        self.slopes = self._slopes()
        headings = [
            atan2(d - c, b - a)
            for a, b, c, d in zip(xs, xs[1:], ys, ys[1:], strict=False)
        ]
        self.turns = [1.0]
        for before, after in itertools.pairwise(headings):
            angle = abs((after - before + pi) % (2 * pi) - pi)
            self.turns.append(max(0.35, 1 - 0.45 * max(0.0, angle - 0.25)))
        self.turns.append(1.0)
        position = self.place.position
        self.positions = [position(x, y) for x, y in zip(xs, ys, strict=True)]
        return self

    def _slopes(self) -> list[float]:
        last = len(self.xs) - 1
        answer = []
        for i in range(last + 1):
            low, high = max(0, i - 2), min(last, i + 2)
            run = self.distances[high] - self.distances[low]
            rise = self.heights[high] - self.heights[low]
            answer.append(max(-0.25, min(0.25, rise / run)) if run > 1 else 0.0)
        return answer

    @property
    def length(self) -> float:
        """The metres from end to end."""
        return self.distances[-1]


def _mixed(salt: int, a: Node, b: Node) -> int:
    """Mix whole numbers into 32 bits that look random, in a microsecond."""
    value = salt
    for number in (*a, *b):
        value = (value ^ (number & 0xFFFF)) * 0x9E3779B1 & 0xFFFFFFFF
        value ^= value >> 15
    value = value * 0x85EBCA6B & 0xFFFFFFFF
    return value ^ (value >> 13)


class Roads:
    """The lattice of one place at one scale."""

    def __init__(
        self, place: Place, terrain: Terrain, *, scale: str, spacing: float, step: float
    ) -> None:
        self.place = place
        self.terrain = terrain
        self.scale = scale
        self.spacing = spacing
        self.step = step
        words = (place.key, scale)
        self._east = Noise(*words, "east")
        self._north = Noise(*words, "north")
        self._fine = Noise(*words, "fine")
        self._salt = int(Dice(*words).random() * 2**31)
        self._spots: dict[Node, tuple[float, float, float]] = {}
        self._edges: dict[tuple[Node, Node], Points] = {}
        self._costs: dict[tuple[Node, Node], float] = {}

    def spot(self, node: Node) -> tuple[float, float, float]:
        """Return where a node lies, and its height."""
        spot = self._spots.get(node)
        if spot is None:
            spot = self._point(node[0] * self.spacing, node[1] * self.spacing)
            self._spots[node] = spot
        return spot

    def _point(self, x: float, y: float) -> tuple[float, float, float]:
        unit = self.spacing
        coarse, fine = 3.1 * unit, 0.8 * unit
        east = x + 1.1 * unit * self._east.at(x / coarse, y / coarse)
        north = y + 1.1 * unit * self._north.at(x / coarse, y / coarse)
        east += 0.16 * unit * self._fine.at(x / fine, y / fine)
        north += 0.16 * unit * self._fine.at(x / fine + 91.3, y / fine)
        return east, north, self.terrain.height(east, north)

    def edge(self, a: Node, b: Node) -> Points:
        """Return the points from a to b, without a."""
        points = self._edges.get((a, b))
        if points is None:
            if a > b:
                forward = self.edge(b, a)
                points = [*forward[-2::-1], self.spot(b)]
            else:
                points = self._draw(a, b)
            self._edges[a, b] = points
        return points

    def _draw(self, a: Node, b: Node) -> Points:
        unit = self.spacing
        reach = hypot(b[0] - a[0], b[1] - a[1]) * unit
        count = max(2, ceil(reach / self.step))
        bend = ((_mixed(self._salt + 1, a, b) & 1023) / 1023 - 0.5) * 0.28 * reach
        across = (-(b[1] - a[1]) * unit / reach, (b[0] - a[0]) * unit / reach)
        points = []
        for i in range(1, count):
            part = i / count
            lift = bend * sin(pi * part)
            points.append(
                self._point(
                    (a[0] + (b[0] - a[0]) * part) * unit + across[0] * lift,
                    (a[1] + (b[1] - a[1]) * part) * unit + across[1] * lift,
                )
            )
        points.append(self.spot(b))
        return points

    def cost(self, a: Node, b: Node) -> float:
        """Return what it takes to go from a to b, the same both ways."""
        key = (a, b) if a < b else (b, a)
        cost = self._costs.get(key)
        if cost is None:
            cost = self._weigh(*key)
            self._costs[key] = cost
        return cost

    def _weigh(self, a: Node, b: Node) -> float:
        x, y, z = self.spot(a)
        east, north, height = self.spot(b)
        metres = hypot(east - x, north - y)
        draw = _mixed(self._salt, a, b)
        factor = 0.85 + 0.45 * (draw & 1023) / 1023
        if (draw >> 10) & 1023 < 205:
            factor *= 6  # no road here, at best a track
        if (a[0] == b[0] and a[0] % 3 == 0) or (a[1] == b[1] and a[1] % 4 == 1):
            factor *= 0.7  # main road
        if a[0] != b[0] and a[1] != b[1] and (draw >> 20) & 1023 < 768:
            factor *= 5
        factor *= 1 + 6 * min(0.3, abs(height - z) / max(metres, 1.0))
        sides = (y - self.terrain.river(x), north - self.terrain.river(east))
        if sides[0] * sides[1] < 0 and (a[0] + b[0]) % 5:
            factor *= 12  # a river and no bridge
        return metres * factor

    def nearest(self, x: float, y: float) -> Node:
        """Return a node near a point."""
        return round(x / self.spacing), round(y / self.spacing)

    def find(
        self, start: Node, goal: Node, worn: dict[tuple[Node, Node], float]
    ) -> list[Node]:
        """Find a cheap way; edges in ``worn`` cost so much more."""
        unit = self.spacing * 0.9  # too eager to be exact, and fast
        best = {start: 0.0}
        came: dict[Node, Node] = {}
        queue = [(0.0, start)]
        done: set[Node] = set()
        while queue:
            _, node = heappop(queue)
            if node == goal:
                break
            if node in done:
                continue
            done.add(node)
            so_far = best[node]
            for east, north in STEPS:
                other = (node[0] + east, node[1] + north)
                if other in done:
                    continue
                key = (node, other) if node < other else (other, node)
                cost = so_far + self.cost(node, other) * worn.get(key, 1.0)
                if cost < best.get(other, 1e18):
                    best[other] = cost
                    came[other] = node
                    left = hypot(goal[0] - other[0], goal[1] - other[1]) * unit
                    heappush(queue, (cost + left, other))
        way = [goal]
        while way[-1] != start:
            way.append(came[way[-1]])
        return way[::-1]

    def way(self, stops: list[Node], *, reuse: float = 2.5) -> list[Node]:
        """Find a way along the stops that avoids roads used before."""
        worn: dict[tuple[Node, Node], float] = {}
        answer = [stops[0]]
        for goal in stops[1:]:
            if goal == answer[-1]:
                continue
            leg = self.find(answer[-1], goal, worn)
            for a, b in itertools.pairwise(leg):
                worn[(a, b) if a < b else (b, a)] = reuse
            answer += leg[1:]
        return answer

    def path(self, key: str, nodes: list[Node]) -> Path:
        """Draw the line along the nodes."""
        points = [self.spot(nodes[0])]
        node_at = [0]
        for a, b in itertools.pairwise(nodes):
            points += self.edge(a, b)
            node_at.append(len(points) - 1)
        xs, ys, heights = (list(values) for values in zip(*points, strict=True))
        return Path(key, self.place, xs, ys, heights, list(nodes), node_at).finish()

    def loop(self, dice: Dice, home: Node, metres: float) -> list[Node]:
        """Find a round of about this length that starts and ends at home."""
        reach = metres / 4.6
        turn = dice.between(0, 2 * pi)
        spread = dice.between(0.55, 1.0) * (1 if dice.chance(0.5) else -1)
        stops = [home]
        for number in (-1, 0, 1):
            angle = turn + spread * number
            far = reach * (
                dice.between(1.0, 1.25) if not number else dice.between(0.62, 0.95)
            )
            stops.append(
                self.nearest(
                    home[0] * self.spacing + far * cos(angle),
                    home[1] * self.spacing + far * sin(angle),
                )
            )
        return self.way([*stops, home])

    def out_and_back(self, dice: Dice, home: Node, metres: float) -> list[Node]:
        """Find a way out and the same way back."""
        angle = dice.between(0, 2 * pi)
        far = self.nearest(
            home[0] * self.spacing + metres / 2.5 * cos(angle),
            home[1] * self.spacing + metres / 2.5 * sin(angle),
        )
        out = self.way([home, far])
        return [*out, *out[-2::-1]]
