"""Time in zones, relative effort and calories."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING, Any

from stravalib.emulator.processing.derive import PAUSE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stravalib.emulator.records import Json, Streams

# Points a minute in each of the five heart rate zones (the usual exponential rule).
EFFORT_POINTS = (0.2, 0.45, 0.9, 1.6, 2.4)
# Metabolic equivalents for sports without distance or power.
EQUIVALENTS: dict[str, float] = {
    "AlpineSki": 5.5,
    "BackcountrySki": 8.0,
    "Hike": 6.0,
    "NordicSki": 9.0,
    "Rowing": 7.5,
    "Swim": 7.5,
    "Walk": 3.6,
    "WeightTraining": 4.0,
    "Yoga": 2.6,
}
POWER_SHARES = (0.55, 0.75, 0.9, 1.05, 1.2, 1.5)


@dataclass(frozen=True, slots=True)
class Body:
    """What the numbers of an activity depend on beside its samples."""

    weight: float = 70.0
    max_heartrate: int = 190
    ftp: int | None = None

    def heart_zones(self) -> list[Json]:
        """Return the five ranges of heart rate, the last one open."""
        tops = [round(self.max_heartrate * share) for share in (0.6, 0.75, 0.85, 0.95)]
        lows = [0, *tops]
        highs = [*tops, -1]
        return [{"min": a, "max": b} for a, b in zip(lows, highs, strict=True)]

    def power_zones(self) -> list[Json]:
        """Return the seven ranges of power, none without an FTP."""
        if not self.ftp:
            return []
        tops = [round(self.ftp * share) for share in POWER_SHARES]
        lows = [0, *(top + 1 for top in tops)]
        return [{"min": a, "max": b} for a, b in zip(lows, [*tops, -1], strict=True)]


def body_of(athlete: Json, zones: Json) -> Body:
    """Read the body from an athlete's detail and zones as the API shows them."""
    heart = (zones.get("heart_rate") or {}).get("zones") or []
    top = heart[-1].get("min") if heart else None
    return Body(
        weight=float(athlete.get("weight") or 70.0),
        max_heartrate=round(top / 0.95)
        if isinstance(top, (int, float)) and top
        else 190,
        ftp=athlete.get("ftp") or None,
    )


def spread(
    values: Sequence[Any], times: Sequence[int], ranges: Sequence[Json]
) -> list[int]:
    """Return the seconds spent in each range."""
    lows = [zone["min"] for zone in ranges[1:]]
    seconds = [0] * len(ranges)
    last = times[0] - 1 if times else 0
    for value, second in zip(values, times, strict=True):
        if value is not None:
            span = second - last
            index = bisect_right(lows, value)
            seconds[index] += span if span < PAUSE_SECONDS else PAUSE_SECONDS
        last = second
    return seconds


def buckets(ranges: Sequence[Json], seconds: Sequence[float]) -> list[Json]:
    """Join ranges and seconds as the API shows them."""
    return [
        {"min": zone["min"], "max": zone["max"], "time": time}
        for zone, time in zip(ranges, seconds, strict=True)
    ]


def activity_zones(streams: Streams, body: Body, *, on_foot: bool) -> list[Json]:
    """Return the ActivityZone list of an activity."""
    answer: list[Json] = []
    times = streams["time"]
    if "heartrate" in streams:
        ranges = body.heart_zones()
        seconds = spread(streams["heartrate"], times, ranges)
        answer.append(
            {
                "score": suffer_score(seconds),
                "distribution_buckets": buckets(ranges, [float(s) for s in seconds]),
                "type": "heartrate",
                "resource_state": 3,
                "sensor_based": True,
                "points": round(suffer_score(seconds) / 5),
                "custom_zones": False,
                "max": body.max_heartrate,
            }
        )
    if "watts" in streams and body.ftp:
        ranges = [{"min": 0, "max": 0}]
        ranges += [
            {"min": low, "max": low + 50 if low < 450 else -1}
            for low in range(0, 451, 50)
        ]
        seconds = spread(
            [None if w is None else w - 0.5 if w else 0 for w in streams["watts"]],
            times,
            [{"min": -1}, *({"min": zone["min"]} for zone in ranges[1:])],
        )
        # `spread` puts zero watts beside small powers: the first bucket is zero alone.
        still = sum(1 for w in streams["watts"] if w == 0)
        step = seconds[0] + seconds[1]
        known = sum(1 for w in streams["watts"] if w is not None and w < 50)
        zero = round(step * still / known) if known else 0
        seconds[0], seconds[1] = zero, step - zero
        answer.append(
            {
                "distribution_buckets": buckets(ranges, seconds),
                "type": "power",
                "resource_state": 3,
                "sensor_based": True,
            }
        )
    if on_foot and "velocity_smooth" in streams:
        tops = [2.2, 2.6, 2.95, 3.2, 3.5]
        ranges = [
            {"min": low, "max": high}
            for low, high in zip([0.0, *tops], [*tops, -1], strict=True)
        ]
        seconds = spread(streams["velocity_smooth"], times, ranges)
        answer.append(
            {
                "score": round(sum(seconds) / 60 * 0.8, 1),
                "distribution_buckets": buckets(ranges, seconds),
                "type": "pace",
                "resource_state": 3,
                "sensor_based": True,
            }
        )
    return answer


def suffer_score(seconds: Sequence[float]) -> float:
    """Return the relative effort for the seconds in the five heart rate zones."""
    points = zip(seconds, EFFORT_POINTS, strict=True)
    return float(round(fsum(time / 60 * point for time, point in points)))


def calories(
    sport: str,
    kind: str,
    body: Body,
    *,
    distance: float,
    moving: int,
    gain: float,
    kilojoules: float | None,
) -> float:
    """Estimate the kilocalories of an activity."""
    if kilojoules is not None and kind in {"Ride", "VirtualRide", "EBikeRide"}:
        return round(kilojoules * 1.115, 1)
    if kind == "Run" and distance:
        return round(body.weight * (distance / 1000 * 1.02 + gain * 0.008), 1)
    rate = EQUIVALENTS.get(sport, EQUIVALENTS.get(kind, 5.0))
    return round(rate * body.weight * moving / 3600, 1)
