"""Between `Track` (files) and what the archive keeps; and a track of API data."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from stravalib.archive.project import epoch, iso
from stravalib.formats import (
    PoolLength,
    StrengthSet,
    Track,
    TrackDevice,
    TrackLap,
    TrackPoints,
    TrackTotals,
    Waypoint,
    from_streams,
)
from stravalib.formats.geometry import elapsed_time_of, length_of, timer_time_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Columns of a track -> the stream types that they are kept under.
_NAMES = {
    "time": "timestamp",
    "altitude": "altitude",
    "distance": "distance",
    "speed": "velocity_smooth",
    "heartrate": "heartrate",
    "cadence": "cadence",
    "watts": "watts",
    "temp": "temp",
}
_WHOLE = frozenset({"heartrate", "cadence", "watts", "temp"})
_LISTS = {
    "laps": TrackLap,
    "lengths": PoolLength,
    "sets": StrengthSet,
    "waypoints": Waypoint,
}


def pack(track: Track) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """Part a track into JSON and columns, losing nothing."""
    body: dict[str, Any] = {}
    for item in fields(Track):
        value = getattr(track, item.name)
        if item.name == "points":
            continue
        if item.name == "start":
            value = None if value is None else value.isoformat()
        elif item.name in _LISTS:
            value = [_stated(asdict(one)) for one in value]
        elif item.name in ("totals", "device"):
            value = _stated(asdict(value))
        elif item.name == "pauses":
            value = [list(pause) for pause in value]
        body[item.name] = value
    return body, _columns(track.points)


def unpack(body: Mapping[str, Any], columns: Mapping[str, list[Any]]) -> Track:
    """Put a track together again."""
    values = dict(body)
    start = values.get("start")
    values["start"] = None if start is None else datetime.fromisoformat(start)
    for name, kind in _LISTS.items():
        values[name] = [kind(**one) for one in values.get(name, ())]
    values["totals"] = TrackTotals(**values.get("totals", {}))
    values["device"] = TrackDevice(**values.get("device", {}))
    values["pauses"] = [(begin, end) for begin, end in values.get("pauses", ())]
    known = {item.name for item in fields(Track)}
    track = Track(**{name: value for name, value in values.items() if name in known})
    points = TrackPoints()
    for name, kind_of_stream in _NAMES.items():
        setattr(points, name, columns.get(kind_of_stream, []))
    if "latlng" in columns:
        pairs = columns["latlng"]
        points.lat = [None if pair is None else pair[0] for pair in pairs]
        points.lon = [None if pair is None else pair[1] for pair in pairs]
    else:
        points.lat, points.lon = columns.get("lat", []), columns.get("lon", [])
    points.extra = {
        name.removeprefix("x:"): values
        for name, values in columns.items()
        if name.startswith("x:")
    }
    if not points.time:
        size = max((len(values) for values in columns.values()), default=0)
        points.time = [None] * size
    track.points = points
    return track


def joined(found: Sequence[Track]) -> Track:
    """Make one track of the several that a file may hold (legs, segments)."""
    first = found[0]
    if len(found) == 1:
        return first
    whole = replace(
        first,
        points=TrackPoints(),
        breaks=[],
        pauses=[],
        laps=[],
        lengths=[],
        sets=[],
        waypoints=[],
        warnings=[],
        totals=TrackTotals(),
    )
    names = [item.name for item in fields(TrackPoints) if item.name != "extra"]
    extra = {name for track in found for name in track.points.extra}
    for track in found:
        size, place = len(track.points), len(whole.points)
        if place and size:
            whole.breaks.append(place)
        whole.breaks += [place + index for index in track.breaks]
        for name in names:
            getattr(whole.points, name).extend(track.points.padded(name))
        for name in extra:
            column = whole.points.extra.setdefault(name, [])
            column += track.points.extra.get(name) or [None] * size
        for name in ("pauses", "laps", "lengths", "sets", "waypoints", "warnings"):
            getattr(whole, name).extend(getattr(track, name))
    for name in ("distance", "calories", "ascent", "descent"):
        parts = [getattr(track.totals, name) for track in found]
        if all(part is not None for part in parts):
            setattr(whole.totals, name, sum(parts))
    _add_up(whole, found)
    whole.points.compact()
    return whole


def _add_up(whole: Track, found: Sequence[Track]) -> None:
    """Let the distances of the parts go on where the part before ended."""
    column = whole.points.distance
    place, base = 0, 0.0
    for track in found:
        size = len(track.points)
        last = base
        for index in range(place, place + size):
            value = column[index]
            if value is not None:
                column[index] = last = value + base
        place, base = place + size, last


def _stated(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _columns(points: TrackPoints) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {}
    if any(value is not None for value in points.time):
        columns["timestamp"] = points.time
    lat, lon = points.lat, points.lon
    if lat or lon:
        lat, lon = points.padded("lat"), points.padded("lon")
        if all((a is None) == (b is None) for a, b in zip(lat, lon, strict=True)):
            columns["latlng"] = [
                None if a is None else [a, b] for a, b in zip(lat, lon, strict=True)
            ]
        else:
            columns["lat"], columns["lon"] = lat, lon
    for name, kind in _NAMES.items():
        values: list[Any] = getattr(points, name)
        if name == "time" or not values:
            continue
        if name in _WHOLE and all(v is None or v == int(v) for v in values):
            values = [None if value is None else int(value) for value in values]
        columns[kind] = values
    for name, values in points.extra.items():
        columns[f"x:{name}"] = values
    if not columns and points.time:
        columns["timestamp"] = points.time
    return columns


def summary(track: Track, number: int, name: str, origin: str) -> dict[str, Any]:
    """Make the JSON of an activity, in Strava's words, of what a file states.

    What it does not state is computed of its points where that is plain: elapsed
    time, distance and averages of sensors.
    """
    points, totals = track.points, track.totals
    begin = track.start_seconds
    elapsed = elapsed_time_of(track)
    distance = length_of(track)
    moving = timer_time_of(track)
    offset = track.utc_offset
    spots = [
        [a, b]
        for a, b in zip(points.lat, points.lon, strict=False)
        if a is not None and b is not None
    ]
    body: dict[str, Any] = {
        "id": number,
        "name": track.name or name,
        "description": track.description,
        "sport_type": track.sport,
        "start_date": None if begin is None else iso(begin),
        "start_date_local": None if begin is None else iso(begin, offset=offset or 0),
        "utc_offset": offset,
        "distance": distance,
        "elapsed_time": None if elapsed is None else round(elapsed),
        "moving_time": None if moving is None else round(moving),
        "total_elevation_gain": totals.ascent,
        "elev_high": _most(points.altitude, max),
        "elev_low": _most(points.altitude, min),
        "average_speed": totals.avg_speed
        or (distance / moving if distance and moving else None),
        "max_speed": totals.max_speed or _most(points.speed, max),
        "average_heartrate": totals.avg_heartrate or _mean(points.heartrate),
        "max_heartrate": totals.max_heartrate or _most(points.heartrate, max),
        "average_cadence": totals.avg_cadence or _mean(points.cadence),
        "average_watts": totals.avg_watts or _mean(points.watts),
        "max_watts": totals.max_watts or _most(points.watts, max),
        "average_temp": totals.avg_temp or _mean(points.temp),
        "calories": totals.calories,
        "device_name": str(track.device) or None,
        "start_latlng": spots[0] if spots else [],
        "end_latlng": spots[-1] if spots else [],
        "manual": False,
        "external_id": origin,
    }
    return {key: value for key, value in body.items() if value is not None}


def _mean(column: Sequence[float | None]) -> float | None:
    known = [value for value in column if value is not None]
    return round(sum(known) / len(known), 1) if known else None


def _most(column: Sequence[float | None], pick: Any) -> float | None:
    known = [value for value in column if value is not None]
    return pick(known) if known else None


def from_api(activity: Mapping[str, Any], columns: Mapping[str, list[Any]]) -> Track:
    """Make a track of an activity's JSON and streams, with laps and totals."""
    start = epoch(activity.get("start_date"))
    track = from_streams(
        columns,
        start=start,
        sport=activity.get("sport_type") or activity.get("type"),
        name=activity.get("name"),
        description=activity.get("description"),
    )
    offset = activity.get("utc_offset")
    track.utc_offset = int(offset) if isinstance(offset, (int, float)) else None
    if start is not None:
        track.start = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=start)
    track.totals = _totals(TrackTotals, activity)
    track.totals.calories = _number(activity.get("calories"))
    track.totals.ascent = _number(activity.get("total_elevation_gain"))
    track.device = TrackDevice(name=activity.get("device_name") or None)
    track.source = "api"
    for lap in activity.get("laps") or ():
        made = _totals(TrackLap, lap)
        began = epoch(lap.get("start_date"))
        made.start = None if began is None else float(began)
        made.ascent = _number(lap.get("total_elevation_gain"))
        made.name = lap.get("name")
        track.laps.append(made)
    return track


def from_route(route: Mapping[str, Any], columns: Mapping[str, list[Any]]) -> Track:
    """Make a track without times of a route's or segment's JSON and streams."""
    track = from_streams(
        columns, name=route.get("name"), description=route.get("description")
    )
    track.kind = "route"
    track.source = "api"
    track.totals.distance = _number(route.get("distance"))
    for place in route.get("waypoints") or ():
        spot = place.get("latlng")
        if isinstance(spot, list) and len(spot) == 2:
            track.waypoints.append(
                Waypoint(
                    spot[0],
                    spot[1],
                    name=place.get("title"),
                    description=place.get("description"),
                )
            )
    return track


def _totals(kind: Any, body: Mapping[str, Any]) -> Any:
    return kind(
        distance=_number(body.get("distance")),
        elapsed_time=_number(body.get("elapsed_time")),
        timer_time=_number(body.get("moving_time")),
        avg_speed=_number(body.get("average_speed")),
        max_speed=_number(body.get("max_speed")),
        avg_heartrate=_number(body.get("average_heartrate")),
        max_heartrate=_number(body.get("max_heartrate")),
        avg_cadence=_number(body.get("average_cadence")),
        avg_watts=_number(body.get("average_watts")),
        max_watts=_number(body.get("max_watts")),
        avg_temp=_number(body.get("average_temp")),
    )


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return value
