"""From raw samples to the streams and totals that Strava shows.

Every function here is pure. ``Streams`` hold lists of equal length; ``time`` is always
there, everything else may be missing. Nulls inside a stream stay nulls.
"""

from __future__ import annotations

import itertools
from math import asin, cos, fsum, radians, sin, sqrt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stravalib.emulator.records import Streams

EARTH_RADIUS = 6_371_008.8

# Slower than this (m/s) an athlete of the sport stands still.
STANDING: dict[str, float] = {
    "Ride": 0.9,
    "Run": 0.5,
    "Walk": 0.25,
    "Hike": 0.2,
    "Swim": 0.15,
}
# A longer silence (s) between two samples than this is a pause, unless distance grew.
PAUSE_SECONDS = 30
# Seconds before and after a moment that tell its speed.
WINDOW = 8


def haversine(a: Sequence[float], b: Sequence[float]) -> float:
    """Return the distance in metres between two [lat, lng] points."""
    lat_a, lat_b = radians(a[0]), radians(b[0])
    half_lat = sin((lat_b - lat_a) / 2)
    half_lng = sin(radians(b[1] - a[1]) / 2)
    root = half_lat * half_lat + cos(lat_a) * cos(lat_b) * half_lng * half_lng
    return 2 * EARTH_RADIUS * asin(min(1.0, sqrt(root)))


def distance_from_positions(latlng: Sequence[Sequence[float] | None]) -> list[float]:
    """Return cumulative metres along the points; a missing point adds nothing."""
    total = 0.0
    last: Sequence[float] | None = None
    answer = []
    for point in latlng:
        if point is not None:
            if last is not None:
                total += haversine(last, point)
            last = point
        answer.append(round(total, 1))
    return answer


def filled(values: Sequence[Any]) -> list[Any]:
    """Return the values with nulls replaced by the nearest value before (or after)."""
    if None not in values:
        return list(values)
    first = next((value for value in values if value is not None), None)
    if first is None:
        return []
    answer = []
    for value in values:
        if value is not None:
            first = value
        answer.append(first)
    return answer


def average(values: Sequence[Any], width: int) -> list[float]:
    """Return the centred moving average over ``2 * width + 1`` samples."""
    count = len(values)
    if width < 1 or count < 3:
        return list(values)
    sums = [0.0]
    total = 0.0
    for value in values:
        total += value
        sums.append(total)
    inner = 2 * width + 1
    middle = [
        (b - a) / inner for a, b in zip(sums, sums[inner:], strict=False)
    ]  # centred on width .. count - width - 1
    if not middle:
        return [total / count] * count
    head = [sums[i + width + 1] / (i + width + 1) for i in range(width)]
    tail = [
        (sums[count] - sums[i - width]) / (count - i + width)
        for i in range(count - width, count)
    ]
    return head + middle + tail


def sample_step(times: Sequence[int]) -> float:
    """Return the usual number of seconds between two samples."""
    if len(times) < 2:
        return 1.0
    gaps = sorted(b - a for a, b in itertools.pairwise(times))
    return max(1.0, float(gaps[len(gaps) // 2]))


def moving_flags(
    times: Sequence[int], distances: Sequence[float], standing: float
) -> list[bool]:
    """Tell for each sample whether the athlete moved since the one before.

    Devices repeat a distance for some seconds, so the speed is that of the sixteen
    seconds around; a silence counts for itself.
    """
    count = len(times)
    if count < 2:
        return [False] * count
    answer = [False]
    low = high = 0
    last = count - 1
    before = times[0]
    for index in range(1, count):
        second = times[index]
        if second - before >= WINDOW:
            metres = distances[index] - distances[index - 1]
            answer.append(metres > standing * (second - before))
        else:
            while times[low] < second - WINDOW:
                low += 1
            while high < last and times[high + 1] <= before + WINDOW:
                high += 1
            span = times[high] - times[low]
            answer.append(distances[high] - distances[low] > standing * span)
        before = second
    answer[0] = answer[1]
    return answer


def velocity(
    times: Sequence[int], distances: Sequence[float], moving: Sequence[bool]
) -> list[float]:
    """Return the speed in m/s, smoothed over about nine seconds."""
    count = len(times)
    if count < 2:
        return [0.0] * count
    width = min(max(1, round(4 / sample_step(times))), count - 1)
    return [
        round((e - d) / (u - t), 3) if flag and u > t else 0.0
        for d, e, t, u, flag in zip(
            _early(distances, width),
            _late(distances, width),
            _early(times, width),
            _late(times, width),
            moving,
            strict=True,
        )
    ]


def _early(values: Sequence[Any], width: int) -> list[Any]:
    """Return for each index the value ``width`` before, the first at the start."""
    return [*([values[0]] * width), *values[: len(values) - width]]


def _late(values: Sequence[Any], width: int) -> list[Any]:
    """Return for each index the value ``width`` after, the last at the end."""
    return [*values[width:], *([values[-1]] * width)]


def grade(distances: Sequence[float], altitudes: Sequence[float]) -> list[float]:
    """Return the slope in percent, seen over some 60 metres, between -50 and 50."""
    count = len(distances)
    if count < 2:
        return [0.0] * count
    spacing = max(1.0, (distances[-1] - distances[0]) / count)
    width = min(max(1, round(30 / spacing)), 12, count - 1)
    smooth = average(altitudes, max(1, width // 2))
    slopes = [
        round(100 * (b - a) / (e - d), 1) if e - d >= 12 else 0.0
        for d, e, a, b in zip(
            _early(distances, width),
            _late(distances, width),
            _early(smooth, width),
            _late(smooth, width),
            strict=True,
        )
    ]
    if max(slopes) > 50 or min(slopes) < -50:
        slopes = [max(-50.0, min(50.0, slope)) for slope in slopes]
    return slopes


def climb(altitudes: Sequence[Any], *, threshold: float = 2.0) -> float:
    """Return the metres climbed: rises of at least ``threshold``, smoothed before."""
    values = filled(altitudes)
    if len(values) < 2:
        return 0.0
    total = 0.0
    low = high = values[0]
    for value in average(values, 2):
        if value > high:
            high = value
        elif high - value >= threshold:
            if high - low >= threshold:
                total += high - low
            low = high = value
        elif value < low:
            low = high = value
    if high - low >= threshold:
        total += high - low
    return round(total, 1)


def complete(streams: Streams, *, standing: float = 0.5) -> Streams:
    """Return the streams with what Strava derives: moving, speed and slope.

    Streams that are given are kept; ``distance`` comes from positions if missing.
    """
    answer = dict(streams)
    times = answer["time"]
    if "distance" not in answer and "latlng" in answer:
        answer["distance"] = distance_from_positions(answer["latlng"])
    distances = answer.get("distance")
    if distances is None:
        answer.setdefault("moving", [True] * len(times))
        return answer
    if "moving" not in answer:
        answer["moving"] = moving_flags(times, distances, standing)
    if "velocity_smooth" not in answer:
        answer["velocity_smooth"] = velocity(times, distances, answer["moving"])
    if "altitude" in answer and "grade_smooth" not in answer:
        answer["grade_smooth"] = grade(distances, filled(answer["altitude"]))
    return answer


def moving_seconds(times: Sequence[int], moving: Sequence[bool]) -> list[int]:
    """Return the cumulative seconds in motion at each sample."""
    total = 0
    last = times[0] if times else 0
    answer = []
    for second, in_motion in zip(times, moving, strict=True):
        if in_motion:
            total += second - last
        last = second
        answer.append(total)
    return answer


def mean(values: Sequence[Any]) -> float | None:
    """Return the mean of what is not null, None for nothing."""
    known = [value for value in values if value is not None]
    return fsum(known) / len(known) if known else None


def time_mean(values: Sequence[Any], times: Sequence[int]) -> float | None:
    """Return the mean weighted by the seconds that each sample stands for.

    A silence of more than `PAUSE_SECONDS` counts as that much only.
    """
    if not values:
        return None
    total = weight = 0.0
    last = times[0] - 1
    for value, second in zip(values, times, strict=True):
        if value is not None:
            span = min(second - last, PAUSE_SECONDS)
            total += value * span
            weight += span
        last = second
    return total / weight if weight else None


def weighted_power(watts: Sequence[Any], times: Sequence[int]) -> int | None:
    """Return the fourth-power mean of the 30-second average power."""
    known = [value or 0 for value in watts]
    if not known:
        return None
    width = max(1, round(15 / sample_step(times)))
    smooth = average(known, width)
    mean_power: float = fsum(w**4 for w in smooth) / len(smooth)
    return round(sqrt(sqrt(mean_power)))


def grade_factor(percent: float) -> float:
    """Return how much harder a run is on this slope than on the flat."""
    slope = max(-0.3, min(0.3, percent / 100))
    return 1 + slope * (3.0 + slope * (14.0 - slope * 12.0))
