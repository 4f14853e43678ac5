"""Encoded lines of an activity's map: the fine one and the summary."""

from __future__ import annotations

from math import cos, radians
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

METRES_PER_DEGREE = 111_320.0


def simplify(
    points: Sequence[Sequence[float]], tolerance: float
) -> list[Sequence[float]]:
    """Drop points that stray less than ``tolerance`` metres from a straight run.

    One pass (the sleeve of Reumann and Witkam, closed when the line turns back), so
    100,000 points cost milliseconds.
    """
    if len(points) < 3:
        return list(points)
    scale = METRES_PER_DEGREE * cos(radians(points[0][0]))
    kept = [points[0]]
    base_y, base_x = points[0][0], points[0][1]
    ray_x = ray_y = length = reach = 0.0
    previous = points[0]
    for point in points[1:]:
        delta_x = (point[1] - base_x) * scale
        delta_y = (point[0] - base_y) * METRES_PER_DEGREE
        if length == 0.0:
            span = (delta_x * delta_x + delta_y * delta_y) ** 0.5
            if span > tolerance:
                ray_x, ray_y, length, reach = delta_x / span, delta_y / span, 1.0, span
            previous = point
            continue
        off = delta_x * ray_y - delta_y * ray_x
        along = delta_x * ray_x + delta_y * ray_y
        if -tolerance <= off <= tolerance and along >= reach - tolerance:
            reach = along if along > reach else reach
            previous = point
            continue
        kept.append(previous)
        base_y, base_x = previous[0], previous[1]
        delta_x = (point[1] - base_x) * scale
        delta_y = (point[0] - base_y) * METRES_PER_DEGREE
        span = (delta_x * delta_x + delta_y * delta_y) ** 0.5
        if span > tolerance:
            ray_x, ray_y, length, reach = delta_x / span, delta_y / span, 1.0, span
        else:
            length = 0.0
        previous = point
    kept.append(points[-1])
    return kept


def encode(points: Sequence[Sequence[float]]) -> str:
    """Encode [lat, lng] points as Google does, with five decimals."""
    answer = bytearray()
    put = answer.append
    last_lat = last_lng = 0
    for point in points:
        lat, lng = point[0] * 1e5, point[1] * 1e5
        lat = int(lat + 0.5 if lat >= 0 else lat - 0.5)  # halves away from zero
        lng = int(lng + 0.5 if lng >= 0 else lng - 0.5)
        for step in (lat - last_lat, lng - last_lng):
            rest = step << 1 if step >= 0 else ~(step << 1)
            while rest >= 32:
                put((32 | (rest & 31)) + 63)
                rest >>= 5
            put(rest + 63)
        last_lat, last_lng = lat, lng
    return answer.decode("ascii")


def lines(latlng: Sequence[Sequence[float] | None]) -> tuple[str, str]:
    """Return the polyline and the summary polyline, empty without positions."""
    points = [point for point in latlng if point is not None]
    if not points:
        return "", ""
    fine = simplify(points, 2.5)
    lats = [point[0] for point in points]
    lngs = [point[1] for point in points]
    size = max(
        (max(lats) - min(lats)) * METRES_PER_DEGREE,
        (max(lngs) - min(lngs)) * METRES_PER_DEGREE * cos(radians(lats[0])),
    )
    coarse = simplify(fine, max(8.0, size / 180))
    return encode(fine), encode(coarse)
