"""Distances on the globe and along a track."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from stravalib.formats.track import Column, Track

EARTH_RADIUS: Final = 6_371_008.8  # metres, mean (IUGG)


def distance_between(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Return the great-circle distance in metres (haversine)."""
    phi1, phi2 = radians(lat1), radians(lat2)
    half_lat, half_lon = (phi2 - phi1) / 2, radians(lon2 - lon1) / 2
    chord = sin(half_lat) ** 2 + cos(phi1) * cos(phi2) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS * asin(min(1.0, sqrt(chord)))


def cumulative_distance(track: Track) -> Column:
    """Return metres from the start for each point: the file's own, else computed.

    The way across a break or pause is not counted when it is computed.
    """
    points = track.points
    if points.distance:
        return points.distance
    result: Column = [None] * len(points)
    total = 0.0
    for segment in track.segments():
        last: tuple[float, float] | None = None
        for index in segment:
            lat = points.lat[index] if points.lat else None
            lon = points.lon[index] if points.lon else None
            if lat is None or lon is None:
                continue
            if last is not None:
                total += distance_between(*last, lat, lon)
            last = (lat, lon)
            result[index] = total
    return result


def length_of(track: Track) -> float | None:
    """Return the metres covered: stated, else the last distance, else computed."""
    if track.totals.distance is not None:
        return track.totals.distance
    known = [value for value in cumulative_distance(track) if value is not None]
    return max(known) if known else None


def timer_time_of(track: Track) -> float | None:
    """Return the seconds without pauses: stated, else elapsed minus the pauses."""
    if track.totals.timer_time is not None:
        return track.totals.timer_time
    elapsed = elapsed_time_of(track)
    if elapsed is None:
        return None
    stopped = sum(end - begin for begin, end in track.pauses)
    return max(elapsed - stopped, 0.0)


def elapsed_time_of(track: Track) -> float | None:
    """Return the seconds from start to end: stated, else of the points."""
    if track.totals.elapsed_time is not None:
        return track.totals.elapsed_time
    start, end = track.start_seconds, track.end_seconds
    if start is None or end is None:
        return None
    return max(end - start, 0.0)


# Metres per second that stand in for times where a route has none.
ROUTE_SPEED: Final = 5.0


def times_for(track: Track) -> Column:
    """Return the times of the points; a route gets them at `ROUTE_SPEED`.

    Courses of TCX and FIT must have times, though nobody has ridden them yet.
    """
    points = track.points
    if None not in points.time:
        return points.time
    start = track.start_seconds
    begin = 946_684_800.0 if start is None else start  # 2000-01-01
    last = 0.0
    times: Column = []
    for metres in cumulative_distance(track):
        last = metres if metres is not None else last
        times.append(begin + round(last / ROUTE_SPEED))
    return times
