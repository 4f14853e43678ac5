"""Reading encoded polylines."""

from __future__ import annotations

Point = tuple[float, float]


def decode(polyline: str) -> list[Point]:
    """Decode an encoded polyline of precision 5; garbage ends it early."""
    points: list[Point] = []
    latitude = longitude = place = 0
    try:
        while place < len(polyline):
            change, place = _number(polyline, place)
            latitude += change
            change, place = _number(polyline, place)
            longitude += change
            points.append((latitude / 1e5, longitude / 1e5))
    except IndexError:
        pass
    return points


def _number(polyline: str, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        part = ord(polyline[place]) - 63
        place += 1
        value |= (part & 0x1F) << shift
        shift += 5
        if part < 0x20:
            return (~(value >> 1) if value & 1 else value >> 1), place
