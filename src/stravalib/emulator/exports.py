"""Routes written as files."""

from __future__ import annotations

from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, tostring

if TYPE_CHECKING:
    from stravalib.emulator.records import RouteRecord

_GPX = "http://www.topografix.com/GPX/1/1"
_TCX = "http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"
_RADIUS = 6_371_008.8


def route_gpx(record: RouteRecord) -> bytes:
    """Write a route as GPX 1.1, a track without times."""
    root = Element("gpx", {"creator": "LocalStrava", "version": "1.1", "xmlns": _GPX})
    meta = SubElement(root, "metadata")
    SubElement(meta, "name").text = str(record.detail.get("name") or "")
    SubElement(meta, "time").text = str(record.detail.get("created_at") or "")
    track = SubElement(root, "trk")
    SubElement(track, "name").text = str(record.detail.get("name") or "")
    SubElement(track, "type").text = {1: "Ride", 2: "Run"}.get(
        record.detail.get("type", 0), "Route"
    )
    points = SubElement(track, "trkseg")
    for (latitude, longitude), height in _points(record):
        point = SubElement(
            points, "trkpt", {"lat": f"{latitude:.6f}", "lon": f"{longitude:.6f}"}
        )
        if height is not None:
            SubElement(point, "ele").text = f"{height:.2f}"
    return _document(root)


def route_tcx(record: RouteRecord) -> bytes:
    """Write a route as a TCX course, timed by the estimated moving time."""
    root = Element("TrainingCenterDatabase", {"xmlns": _TCX})
    course = SubElement(SubElement(root, "Courses"), "Course")
    # The schema allows 15 characters.
    SubElement(course, "Name").text = str(record.detail.get("name") or "")[:15]
    points = _points(record)
    distances = _distances(record, [point for point, _ in points])
    total = distances[-1] if distances else 0.0
    seconds = float(record.detail.get("estimated_moving_time") or total / 4)
    lap = SubElement(course, "Lap")
    SubElement(lap, "TotalTimeSeconds").text = f"{seconds:.1f}"
    SubElement(lap, "DistanceMeters").text = f"{total:.1f}"
    for name, place in (("BeginPosition", 0), ("EndPosition", -1)):
        if points:
            _position(SubElement(lap, name), points[place][0])
    SubElement(lap, "Intensity").text = "Active"
    track = SubElement(course, "Track")
    for (point, height), distance in zip(points, distances, strict=True):
        item = SubElement(track, "Trackpoint")
        moment = seconds * distance / total if total else 0.0
        SubElement(item, "Time").text = _time(moment)
        _position(SubElement(item, "Position"), point)
        if height is not None:
            SubElement(item, "AltitudeMeters").text = f"{height:.2f}"
        SubElement(item, "DistanceMeters").text = f"{distance:.1f}"
    return _document(root)


def _points(
    record: RouteRecord,
) -> list[tuple[tuple[float, float], float | None]]:
    track = record.streams.get("latlng") or []
    heights = record.streams.get("altitude") or [None] * len(track)
    return [
        ((float(point[0]), float(point[1])), height)
        for point, height in zip(track, heights, strict=False)
        if point
    ]


def _distances(record: RouteRecord, points: list[tuple[float, float]]) -> list[float]:
    given = record.streams.get("distance") or []
    if len(given) == len(points):
        return [float(value or 0) for value in given]
    total, answer = 0.0, [0.0] if points else []
    for a, b in pairwise(points):
        total += _between(a, b)
        answer.append(total)
    return answer


def _between(a: tuple[float, float], b: tuple[float, float]) -> float:
    low, high = radians(a[0]), radians(b[0])
    half = sin((high - low) / 2) ** 2
    half += cos(low) * cos(high) * sin(radians(b[1] - a[1]) / 2) ** 2
    return 2 * _RADIUS * asin(min(1.0, sqrt(half)))


def _position(parent: Element, point: tuple[float, float]) -> None:
    SubElement(parent, "LatitudeDegrees").text = f"{point[0]:.6f}"
    SubElement(parent, "LongitudeDegrees").text = f"{point[1]:.6f}"


def _time(seconds: float) -> str:
    from stravalib.emulator.clock import stamp

    return stamp(seconds)


def _document(root: Element) -> bytes:
    data: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return data
