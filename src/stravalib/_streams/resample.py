"""Spread samples evenly over time; a gap in a recording stays a gap."""

from __future__ import annotations

import itertools
import math
from statistics import median
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from stravalib._streams.columns import Column, Kind, column_of, columns_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stravalib.model import Stream

# Between two samples these change steadily. The rest keeps its value until the next.
_STEADY: Final = frozenset(
    {
        "altitude",
        "distance",
        "grade_smooth",
        "heartrate",
        "latlng",
        "temp",
        "velocity_smooth",
    }
)
_SHORTEST_GAP: Final = 15.0
_MOST: Final = 10_000_000


class Gap(NamedTuple):
    """A stretch without samples, in seconds from the start of the activity."""

    start: float
    """Time of the last sample before."""
    end: float
    """Time of the first sample after."""
    position: int
    """Index of the last sample before in the streams."""

    @property
    def seconds(self) -> float:
        """How long the gap is."""
        return self.end - self.start


def gaps(streams: Mapping[str, Stream], threshold: float | None) -> list[Gap]:
    """Return stretches that are longer; see `StreamSet.gaps`."""
    samples = _moments(streams)
    if threshold is None:
        threshold = usual_gap([moment for moment, _ in samples])
    return [
        Gap(before, after, place)
        for (before, place), (after, _) in itertools.pairwise(samples)
        if after - before > threshold
    ]


def resample(
    streams: Mapping[str, Stream], seconds: float, max_gap: float | None
) -> dict[str, list[Any]]:
    """Return the samples at even times by stream; see `StreamSet.resample`."""
    if not (seconds > 0 and math.isfinite(seconds)):
        raise ValueError(f"seconds={seconds!r}: give a step above 0, such as 1 or 10.")
    if not streams:
        return {}
    samples = _moments(streams)
    if not samples:
        return {name: [] for name in streams}
    moments = [moment for moment, _ in samples]
    if max_gap is None:
        max_gap = usual_gap(moments)
    first = moments[0]
    count = math.floor((moments[-1] - first) / seconds + 1e-9) + 1
    if count > _MOST:
        raise ValueError(
            f"seconds={seconds!r} would make {count:,} points of "
            f"{moments[-1] - first:,.0f} seconds; give a longer step."
        )
    last = moments[-1]  # 3 * 0.1 is more than 0.3
    ticks = [min(first + place * seconds, last) for place in range(count)]
    found: dict[str, list[Any]] = {}
    for column in columns_of(streams):
        if column.name == "time":
            found["time"] = ticks
            continue
        known: dict[float, Any] = {}  # of samples at one time the last counts
        for moment, place in samples:
            if column.values[place] is not None:
                known[moment] = column.values[place]
        values = list(known.values())
        found[column.name] = _spread(column, list(known), values, ticks, max_gap)
    return found


def usual_gap(moments: list[float]) -> float:
    """Return how far apart samples may be before it is a gap.

    15 seconds, or 5 times the usual distance of samples where that is longer.
    """
    steps = [b - a for a, b in itertools.pairwise(moments) if b > a]
    return max(_SHORTEST_GAP, 5 * median(steps)) if steps else _SHORTEST_GAP


def _moments(streams: Mapping[str, Stream]) -> list[tuple[float, int]]:
    """Return the known times with their positions, in order of time."""
    if not streams:
        return []
    stream = streams.get("time")
    column = None if stream is None else column_of("time", stream)
    if column is None or column.kind not in (Kind.WHOLE, Kind.NUMBER):
        raise ValueError(
            "There is no stream `time` among "
            f"{', '.join(streams)}: without it nobody knows when a sample was taken. "
            "Fetch it too; routes and segments have none."
        )
    samples = [
        (moment, place)
        for place, moment in enumerate(column.values)
        if moment is not None and math.isfinite(moment)
    ]
    samples.sort()
    return samples


def _spread(
    column: Column,
    moments: list[float],
    values: list[Any],
    ticks: list[float],
    max_gap: float,
) -> list[Any]:
    found: list[Any] = []
    last = len(moments) - 1
    steady = column.name in _STEADY and column.kind is not Kind.OTHER
    place = -1  # the last sample that is not after the tick
    for tick in ticks:
        while place < last and moments[place + 1] <= tick:
            place += 1
        value = None
        if place >= 0:
            before = moments[place]
            if before == tick:
                value = values[place]
            elif place < last and moments[place + 1] - before <= max_gap:
                value = values[place]
                if steady:
                    part = (tick - before) / (moments[place + 1] - before)
                    value = _between(column.kind, value, values[place + 1], part)
        found.append(list(value) if isinstance(value, tuple) else value)
    return found


def _between(kind: Kind, before: Any, after: Any, part: float) -> Any:
    if kind is Kind.PLACE:
        lat = before[0] + (after[0] - before[0]) * part
        way = after[1] - before[1]
        if abs(way) > 180:  # over the date line
            way -= math.copysign(360, way)
        lon = before[1] + way * part
        if abs(lon) > 180:
            lon -= math.copysign(360, lon)
        return [lat, lon]
    value = before + (after - before) * part
    return math.floor(value + 0.5) if kind is Kind.WHOLE else value
