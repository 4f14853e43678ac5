"""Privacy zones: what a token without ``activity:read_all`` does not see.

Strava takes the points around an address away from the start and the end of a track.
Whether the other samples of these seconds go too is not documented; here they do, so
that all streams keep equal lengths.
"""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt
from typing import TYPE_CHECKING, Any

from stravalib.emulator.polylines import decode
from stravalib.emulator.processing.maps import encode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stravalib.emulator.records import Json, PrivacyZone, Streams

_RADIUS = 6_371_008.8


def inside(point: Sequence[float] | None, zones: Sequence[PrivacyZone]) -> bool:
    """Whether a point lies in a zone."""
    return point is not None and any(
        _metres(point, (latitude, longitude)) < radius
        for latitude, longitude, radius in zones
    )


def _metres(a: Sequence[float], b: Sequence[float]) -> float:
    low, high = radians(a[0]), radians(b[0])
    half = sin((high - low) / 2) ** 2
    half += cos(low) * cos(high) * sin(radians(b[1] - a[1]) / 2) ** 2
    return 2 * _RADIUS * asin(min(1.0, sqrt(half)))


def visible_range(
    track: Sequence[Sequence[float] | None], zones: Sequence[PrivacyZone]
) -> tuple[int, int]:
    """Tell the first and behind the last point that is seen."""
    first, end = 0, len(track)
    while first < end and inside(track[first], zones):
        first += 1
    while end > first and inside(track[end - 1], zones):
        end -= 1
    return first, end


def trimmed(detail: Json, zones: Sequence[PrivacyZone]) -> Json:
    """Take the ends of the track out of an activity."""
    if not zones:
        return detail
    changes: Json = {}
    for name in ("start_latlng", "end_latlng"):
        if detail.get(name) and inside(detail[name], zones):
            changes[name] = []
    track = detail.get("map")
    if isinstance(track, dict):
        shorter = dict(track)
        for name in ("polyline", "summary_polyline"):
            if track.get(name):
                points = decode(track[name])
                first, end = visible_range(points, zones)
                shorter[name] = encode(points[first:end])
        changes["map"] = shorter
    return detail | changes


def trimmed_streams(streams: Streams, zones: Sequence[PrivacyZone]) -> Streams:
    """Take the samples inside zones away from both ends."""
    track: list[Any] | None = streams.get("latlng")
    if not zones or not track:
        return streams
    first, end = visible_range(track, zones)
    return {name: data[first:end] for name, data in streams.items()}
