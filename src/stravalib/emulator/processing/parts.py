"""Parts of an activity: splits, laps and best efforts, as Strava cuts them."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import fsum
from typing import TYPE_CHECKING, Any

from stravalib.emulator.processing.derive import (
    climb,
    grade_factor,
    mean,
    moving_seconds,
    time_mean,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stravalib.emulator.records import Json, Streams

# Best efforts of runs: name -> metres.
BEST_EFFORTS: tuple[tuple[str, int], ...] = (
    ("400m", 400),
    ("1/2 mile", 805),
    ("1K", 1000),
    ("1 mile", 1609),
    ("2 mile", 3219),
    ("5K", 5000),
    ("10K", 10000),
    ("15K", 15000),
    ("10 mile", 16090),
    ("20K", 20000),
    ("Half-Marathon", 21097),
    ("30K", 30000),
    ("Marathon", 42195),
)
MILE = 1609.344


def stamp(moment: datetime) -> str:
    """Write a time as the API does: whole seconds and ``Z``."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class Lap:
    """One lap as the device marked it: sample indexes, both inclusive."""

    first: int
    last: int
    name: str | None = None


class Measure:
    """Sums over stretches of one activity's streams."""

    __slots__ = ("distances", "moving", "streams", "times")

    def __init__(self, streams: Streams) -> None:
        self.streams = streams
        self.times: list[int] = streams["time"]
        self.distances: list[float] = streams.get("distance") or [0.0] * len(self.times)
        self.moving = moving_seconds(self.times, streams["moving"])

    def cut(self, name: str, first: int, last: int) -> list[Any]:
        """Return the samples ``first`` to ``last`` of a stream, or nothing."""
        values = self.streams.get(name)
        return values[first : last + 1] if values else []

    def averages(self, first: int, last: int, *, device_watts: bool) -> Json:
        """Return cadence, power and heart rate of a stretch, what there is."""
        answer: Json = {}
        times = self.times[first : last + 1]
        cadence = mean(self.cut("cadence", first, last))
        if cadence is not None:
            answer["average_cadence"] = round(cadence, 1)
        if "watts" in self.streams:
            watts = time_mean(self.cut("watts", first, last), times)
            if watts is not None:
                answer["device_watts"] = device_watts
                answer["average_watts"] = round(watts, 1)
        beats = self.cut("heartrate", first, last)
        average = time_mean(beats, times)
        if average is not None:
            answer["average_heartrate"] = round(average, 1)
            answer["max_heartrate"] = float(max(b for b in beats if b is not None))
        return answer

    def pair(self, first: int, last: int) -> tuple[float, int, int]:
        """Return metres, elapsed and moving seconds of a stretch."""
        return (
            self.distances[last] - self.distances[first],
            self.times[last] - self.times[first],
            self.moving[last] - self.moving[first],
        )


def splits(measure: Measure, unit: float, *, on_foot: bool) -> list[Json]:
    """Cut into stretches of ``unit`` metres, at the first sample that reaches it."""
    distances = measure.distances
    streams = measure.streams
    altitude = streams.get("altitude")
    slopes = streams.get("grade_smooth")
    answer: list[Json] = []
    first = 0
    end = len(distances) - 1
    while first < end:
        goal = distances[0] + unit * (len(answer) + 1)
        last = min(bisect_left(distances, goal, first + 1), end)
        metres, elapsed, moved = measure.pair(first, last)
        if metres <= 0:
            break
        if end > last and distances[end] - distances[last] <= 0:
            last = end  # standing at the end belongs to the last split
            metres, elapsed, moved = measure.pair(first, last)
        split: Json = {
            "distance": round(metres, 1),
            "elapsed_time": elapsed,
            "elevation_difference": None,
            "moving_time": moved,
            "split": len(answer) + 1,
            "average_speed": round(metres / moved, 2) if moved else 0.0,
            "average_grade_adjusted_speed": None,
        }
        if altitude and altitude[first] is not None and altitude[last] is not None:
            split["elevation_difference"] = round(altitude[last] - altitude[first], 1)
        if on_foot and slopes and moved:
            cut = distances[first : last + 1]
            equal = fsum(
                (e - d) * grade_factor(g)
                for d, e, g in zip(cut, cut[1:], slopes[first + 1 :], strict=False)
            )
            split["average_grade_adjusted_speed"] = round(equal / moved, 2)
        beats = mean(measure.cut("heartrate", first, last))
        if beats is not None:
            split["average_heartrate"] = beats
        split["pace_zone"] = 0
        answer.append(split)
        first = last
    return answer


def laps(
    measure: Measure,
    marks: Sequence[Lap],
    *,
    identify: Any,
    activity: Json,
    athlete: Json,
    start: datetime,
    offset: float,
    device_watts: bool,
    on_foot: bool,
) -> list[Json]:
    """Write the laps; without marks the whole activity is the one lap."""
    count = len(measure.times)
    answer: list[Json] = []
    for number, mark in enumerate(marks or [Lap(0, count - 1)], start=1):
        metres, elapsed, moved = measure.pair(mark.first, mark.last)
        begin = start + timedelta(seconds=measure.times[mark.first])
        lap: Json = {
            "id": identify(number),
            "resource_state": 2,
            "name": mark.name or f"Lap {number}",
            "activity": activity,
            "athlete": athlete,
            "elapsed_time": elapsed,
            "moving_time": moved,
            "start_date": stamp(begin),
            "start_date_local": stamp(begin + timedelta(seconds=offset)),
            "distance": round(metres, 2),
            "average_speed": round(metres / moved, 2) if moved else 0.0,
            "max_speed": round(
                max(measure.cut("velocity_smooth", mark.first, mark.last), default=0.0),
                3,
            ),
            "lap_index": number,
            "split": number,
            "start_index": mark.first,
            "end_index": mark.last,
            "total_elevation_gain": climb(
                measure.cut("altitude", mark.first, mark.last)
            ),
        }
        lap.update(measure.averages(mark.first, mark.last, device_watts=device_watts))
        if on_foot:
            lap["pace_zone"] = 0
        if number == 1 or elapsed:
            answer.append(lap)
    return answer


def fastest(
    times: Sequence[int], distances: Sequence[float], metres: float
) -> tuple[int, int, int] | None:
    """Return the fastest stretch of at least ``metres``: seconds, first, last."""
    if not distances or distances[-1] - distances[0] < metres:
        return None
    best: float | None = None
    where = (0, 0)
    first = 0
    last = bisect_left(distances, distances[0] + metres)
    for index in range(last, len(distances)):
        reach = distances[index] - metres
        while first + 1 < index and distances[first + 1] <= reach:
            first += 1
        seconds = times[index] - times[first]
        if best is None or seconds < best:
            exact = seconds * metres / (distances[index] - distances[first])
            if best is None or exact < best:
                best, where = exact, (first, index)
    return (round(best), where[0], where[1]) if best else None


def best_efforts(
    measure: Measure,
    *,
    identify: Any,
    activity: Json,
    athlete: Json,
    start: datetime,
    offset: float,
) -> list[Json]:
    """Find the fastest stretch of each distance that Strava lists for runs."""
    answer: list[Json] = []
    for number, (name, metres) in enumerate(BEST_EFFORTS):
        found = fastest(measure.times, measure.distances, metres)
        if found is None:
            break
        seconds, first, last = found
        begin = start + timedelta(seconds=measure.times[first])
        answer.append(
            {
                "id": identify(number),
                "resource_state": 2,
                "name": name,
                "activity": activity,
                "athlete": athlete,
                "elapsed_time": seconds,
                "moving_time": seconds,
                "start_date": stamp(begin),
                "start_date_local": stamp(begin + timedelta(seconds=offset)),
                "distance": metres,
                "pr_rank": None,
                "achievements": [],
                "start_index": first,
                "end_index": last,
            }
        )
    return answer
