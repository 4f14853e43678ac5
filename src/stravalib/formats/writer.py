"""Write a track in any format."""

from __future__ import annotations

import csv
import gzip
import io
import json
from typing import TYPE_CHECKING, Any, Final

from stravalib.formats.fit_writer import write_fit
from stravalib.formats.gpx_writer import write_gpx
from stravalib.formats.state import stamp
from stravalib.formats.tcx_writer import write_tcx
from stravalib.formats.track import COLUMNS
from stravalib.formats.xml_text import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from stravalib.formats.track import Track, Waypoint

__all__ = [
    "FORMATS",
    "write",
    "write_csv",
    "write_fit",
    "write_geojson",
    "write_gpx",
    "write_tcx",
]


def write(track: Track | Sequence[Track], format: str) -> bytes:
    """Return a file in `format`: gpx, tcx, fit, geojson or csv, with ``.gz`` packed.

    Raises
    ------
    ValueError
        For another format.
    FormatError
        When the format cannot hold the track; its hint names one that can.
    """
    word = format.strip().lower().removeprefix(".")
    packed = word.endswith(".gz")
    writer = _WRITERS.get(word.removesuffix(".gz"))
    if writer is None:
        raise ValueError(
            f"{format!r} is no format that can be written; use one of "
            f"{', '.join(FORMATS)}, or one of them with .gz"
        )
    data = writer(track)
    return gzip.compress(data, mtime=0) if packed else data


def write_geojson(track: Track | Sequence[Track]) -> bytes:
    """Return GeoJSON (RFC 7946): one feature a track, one point a waypoint.

    Each segment is a line of ``[lon, lat, altitude]``, cut at the antimeridian. The
    other columns stand in ``properties.coordinateProperties``, nested as the
    coordinates are, with times in ISO 8601. Points without a position are left out;
    a track without any has the geometry null.
    """
    features: list[dict[str, Any]] = []
    for one in listed(track):
        features.append(_feature(one))
        features.extend(_place(place) for place in one.waypoints)
    body = {"type": "FeatureCollection", "features": features}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def write_csv(track: Track | Sequence[Track]) -> bytes:
    """Return CSV (UTF-8, comma, a header): one row a point.

    The columns are ``track``, ``segment`` and ``lap`` (counted from 0), ``time``
    (ISO 8601, UTC), the standard columns in SI units, then `TrackPoints.extra`.
    """
    tracks = listed(track)
    extra = sorted({name for one in tracks for name in one.points.extra})
    file = io.StringIO()
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(["track", "segment", "lap", *COLUMNS, *extra])
    for number, one in enumerate(tracks):
        points = one.points
        lap_of: list[int | None] = [None] * len(points)
        for lap, inside in enumerate(one.lap_ranges()):
            for index in inside:
                lap_of[index] = lap
        columns = [points.padded(name) for name in COLUMNS[1:]]
        gaps: list[float | None] = [None] * len(points)
        columns += [points.extra.get(name) or gaps for name in extra]
        for segment, inside in enumerate(one.segments()):
            for index in inside:
                time = points.time[index]
                rows.writerow(
                    [
                        number,
                        segment,
                        lap_of[index],
                        None if time is None else stamp(time),
                        *(_short(column[index]) for column in columns),
                    ]
                )
    return file.getvalue().encode()


def _feature(track: Track) -> dict[str, Any]:
    points = track.points
    lines: list[list[list[float]]] = []
    names = [
        name
        for name, _ in points.columns()
        if name not in ("time", "lat", "lon", "altitude")
    ]
    nested: dict[str, list[list[Any]]] = {name: [] for name in names}
    if track.has_times:
        nested["times"] = []
    for inside in _lines(track):
        if len(inside) == 1:
            inside *= 2  # a line has at least two positions
        lines.append([_position(track, index) for index in inside])
        for name in names:
            column = getattr(points, name)
            nested[name].append([_short(column[index]) for index in inside])
        if track.has_times:
            times = [points.time[index] for index in inside]
            nested["times"].append(
                [None if time is None else stamp(time) for time in times]
            )
    geometry: dict[str, Any] | None = None
    beside: dict[str, Any] = dict(nested)
    if len(lines) == 1:
        geometry = {"type": "LineString", "coordinates": lines[0]}
        beside = {name: values[0] for name, values in nested.items()}
    elif lines:
        geometry = {"type": "MultiLineString", "coordinates": lines}
    properties: dict[str, Any] = {
        "name": track.name,
        "description": track.description,
        "sport": track.sport,
        "kind": track.kind,
        "start": None if track.start is None else stamp(track.start.timestamp()),
        "utc_offset": track.utc_offset,
        "device": str(track.device) or None,
        **track.totals.stated(),
    }
    properties = {
        name: value for name, value in properties.items() if value is not None
    }
    if track.laps:
        properties["laps"] = [
            lap.stated()
            | ({} if lap.start is None else {"start": stamp(lap.start)})
            | ({} if lap.name is None else {"name": lap.name})
            for lap in track.laps
        ]
    if track.pauses:
        properties["pauses"] = [[stamp(a), stamp(b)] for a, b in track.pauses]
    if beside and geometry is not None:
        properties["coordinateProperties"] = beside
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _lines(track: Track) -> list[list[int]]:
    """Return the points of each line: segments, cut where they cross 180 degrees."""
    lines: list[list[int]] = []
    lat, lon = track.points.lat, track.points.lon
    for segment in track.segments() if track.has_positions else ():
        line: list[int] = []
        last = 0.0
        for index in segment:
            east = lon[index]
            if lat[index] is None or east is None:
                continue
            if line and abs(east - last) > 180:
                lines.append(line)
                line = []
            line.append(index)
            last = east
        if line:
            lines.append(line)
    return lines


def _position(track: Track, index: int) -> list[float]:
    points = track.points
    place = [points.lon[index] or 0.0, points.lat[index] or 0.0]
    altitude = points.altitude[index] if points.altitude else None
    return place if altitude is None else [*place, altitude]


def _place(place: Waypoint) -> dict[str, Any]:
    where = [place.lon, place.lat]
    if place.altitude is not None:
        where.append(place.altitude)
    told = {
        "name": place.name,
        "type": place.kind,
        "description": place.description,
        "time": None if place.time is None else stamp(place.time),
    }
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": where},
        "properties": {
            name: value for name, value in told.items() if value is not None
        },
    }


def _short(value: float | None) -> float | None:
    return int(value) if value is not None and value == int(value) else value


_WRITERS: Final[dict[str, Callable[[Track | Sequence[Track]], bytes]]] = {
    "gpx": write_gpx,
    "tcx": write_tcx,
    "fit": write_fit,
    "geojson": write_geojson,
    "csv": write_csv,
}
FORMATS: Final = tuple(_WRITERS)
