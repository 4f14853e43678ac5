"""Typed rows made from the JSON of a record; what does not fit becomes NULL."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from stravalib.archive.columns import ACTIVITY_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Row = dict[str, Any]
Rows = list[tuple[str, Row]]  # table, columns

_ZONE = re.compile(r"^\(GMT[+-]\d\d:\d\d\)\s*(\S+)$")
_LIMIT = 2**63


def activity_row(body: dict[str, Any]) -> Row:
    """Make the typed columns of ``activity`` (keys and sources apart)."""
    row: Row = {
        column.name: _CASTS[column.type](_at(body, column.path or column.name))
        for column in ACTIVITY_COLUMNS
    }
    row["timezone"] = zone_name(body.get("timezone"))
    local = _text(body.get("start_date_local"))
    row["start_date_local"] = local.removesuffix("Z") if local else None
    row["start_epoch"] = epoch(body.get("start_date"))
    if row["total_photo_count"] is None:
        row["total_photo_count"] = _whole(body.get("photo_count"))
    return row


def rows_of(kind: str, key: str, body: Any) -> Rows:
    """Make the rows of all other typed tables for one record."""
    maker = _MAKERS.get(kind)
    if maker is None or (kind in _OBJECTS and not isinstance(body, dict)):
        return []
    return list(maker(key, body))


def epoch(value: Any) -> int | None:
    """Read an ISO 8601 date as whole seconds since 1970; None where it is none."""
    if not isinstance(value, str) or not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return int(moment.timestamp() // 1)


def iso(seconds: float, *, offset: int = 0, zone: str = "Z") -> str:
    """Write seconds since 1970 as ISO 8601, `offset` seconds ahead."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds + offset)
    return moment.strftime("%Y-%m-%dT%H:%M:%S") + zone


def zone_name(value: Any) -> str | None:
    """Take the IANA name out of ``(GMT+01:00) Europe/Berlin``."""
    if not isinstance(value, str):
        return None
    found = _ZONE.match(value)
    return found[1] if found else value


def _at(body: Any, path: str) -> Any:
    for part in path.split("."):
        if isinstance(body, dict):
            body = body.get(part)
        elif isinstance(body, list) and part.isdigit():
            body = body[int(part)] if int(part) < len(body) else None
        else:
            return None
    return body


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return None


def _real(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return float(value)
    except OverflowError:
        return None


def _whole(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    if isinstance(value, float) and not value.is_integer():
        return None
    return int(value) if -_LIMIT <= value < _LIMIT else None


def _rounded(value: Any) -> int | None:
    number = _real(value)
    return None if number is None else round(number)


def _truth(value: Any) -> int | None:
    if isinstance(value, bool):
        return int(value)
    return int(value) if value in (0, 1) and value is not None else None


_CASTS: dict[str, Callable[[Any], Any]] = {
    "TEXT": _text,
    "REAL": _real,
    "INTEGER": _whole,
    "BOOLEAN": _truth,
}


def _objects(value: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    if isinstance(value, list):
        for position, item in enumerate(value):
            if isinstance(item, dict):
                yield position, item


def _take(body: dict[str, Any], cast: Callable[[Any], Any], names: str) -> Row:
    return {name: cast(body.get(name)) for name in names.split()}


def _laps(key: str, body: Any) -> Iterator[tuple[str, Row]]:
    for position, lap in _objects(body):
        yield (
            "lap",
            {
                "position": position,
                "activity_id": int(key),
                **_take(lap, _text, "name start_date"),
                **_take(
                    lap,
                    _whole,
                    "id lap_index moving_time elapsed_time start_index end_index"
                    " pace_zone",
                ),
                **_take(
                    lap,
                    _real,
                    "distance total_elevation_gain average_speed max_speed"
                    " average_heartrate max_heartrate average_cadence average_watts",
                ),
            },
        )


def _track(key: str, body: Any) -> Iterator[tuple[str, Row]]:
    """Laps as the file states them (`stravalib.formats.TrackLap`)."""
    for position, lap in _objects(body.get("laps")):
        start = _real(lap.get("start"))
        yield (
            "lap",
            {
                "position": position,
                "activity_id": int(key),
                "lap_index": position + 1,
                "name": _text(lap.get("name")),
                "start_date": None if start is None else iso(start),
                "distance": _real(lap.get("distance")),
                "moving_time": _rounded(lap.get("timer_time")),
                "elapsed_time": _rounded(lap.get("elapsed_time")),
                "total_elevation_gain": _real(lap.get("ascent")),
                "average_speed": _real(lap.get("avg_speed")),
                "max_speed": _real(lap.get("max_speed")),
                "average_heartrate": _real(lap.get("avg_heartrate")),
                "max_heartrate": _real(lap.get("max_heartrate")),
                "average_cadence": _real(lap.get("avg_cadence")),
                "average_watts": _real(lap.get("avg_watts")),
            },
        )


def _splits(key: str, body: dict[str, Any]) -> Iterator[tuple[str, Row]]:
    for unit in ("metric", "standard"):
        for position, split in _objects(body.get(f"splits_{unit}")):
            yield (
                "split",
                {
                    "unit": unit,
                    "position": position,
                    "activity_id": int(key),
                    **_take(split, _whole, "split moving_time elapsed_time pace_zone"),
                    **_take(
                        split,
                        _real,
                        "distance elevation_difference average_speed"
                        " average_grade_adjusted_speed average_heartrate",
                    ),
                },
            )


def _efforts(name: str, activity: int | None, body: Any) -> Iterator[tuple[str, Row]]:
    segments: set[int] = set()
    for position, effort in _objects(body):
        segment = _whole(_at(effort, "segment.id"))
        yield (
            "effort",
            {
                "list": name,
                "position": position,
                "activity_id": activity or _whole(_at(effort, "activity.id")),
                "segment_id": segment,
                **_take(effort, _text, "name start_date"),
                **_take(
                    effort,
                    _whole,
                    "id moving_time elapsed_time start_index end_index pr_rank"
                    " kom_rank",
                ),
                **_take(
                    effort,
                    _real,
                    "distance average_heartrate max_heartrate average_watts"
                    " average_cadence",
                ),
                "hidden": _truth(effort.get("hidden")),
            },
        )
        if segment is not None and segment not in segments:
            segments.add(segment)
            yield from _segment("", effort["segment"])


def _detail(key: str, body: Any) -> Iterator[tuple[str, Row]]:
    yield from _laps(key, body.get("laps"))
    yield from _splits(key, body)
    yield from _efforts("segment_efforts", int(key), body.get("segment_efforts"))
    yield from _efforts("best_efforts", int(key), body.get("best_efforts"))


def _segment(_key: str, body: Any) -> Iterator[tuple[str, Row]]:
    identity = _whole(body.get("id"))
    if identity is None:
        return
    yield (
        "segment",
        {
            "id": identity,
            **_take(body, _text, "name activity_type city state country"),
            **_take(
                body,
                _real,
                "distance average_grade maximum_grade elevation_high elevation_low",
            ),
            **_take(body, _whole, "climb_category effort_count athlete_count"),
            **_take(body, _truth, "private starred"),
            "start_lat": _real(_at(body, "start_latlng.0")),
            "start_lng": _real(_at(body, "start_latlng.1")),
            "end_lat": _real(_at(body, "end_latlng.0")),
            "end_lng": _real(_at(body, "end_latlng.1")),
        },
    )


def _gear_row(position: int, kind: str | None, body: dict[str, Any]) -> Row:
    identity = _text(body.get("id"))
    if kind is None and identity:
        kind = {"b": "bike", "g": "shoe"}.get(identity[:1])
    return {
        "position": position,
        "kind": kind,
        **_take(body, _text, "id name nickname"),
        "brand": _text(body.get("brand_name")),
        "model": _text(body.get("model_name")),
        "distance": _real(body.get("distance")),
        "is_primary": _truth(body.get("primary")),
        "retired": _truth(body.get("retired")),
    }


def _athlete(key: str, body: Any) -> Iterator[tuple[str, Row]]:
    yield (
        "profile",
        {
            "athlete_id": int(key),
            **_take(
                body,
                _text,
                "firstname lastname username city state country sex created_at"
                " measurement_preference",
            ),
            "weight": _real(body.get("weight")),
            "ftp": _whole(body.get("ftp")),
        },
    )
    position = 0
    for kind in ("bike", "shoe"):
        for _, gear in _objects(body.get(f"{kind}s")):
            yield "gear", _gear_row(position, kind, gear)
            position += 1
    yield from _clubs(key, body.get("clubs"))


def _clubs(_key: str, body: Any) -> Iterator[tuple[str, Row]]:
    for position, club in _objects(body if isinstance(body, list) else [body]):
        yield (
            "club",
            {
                "position": position,
                **_take(club, _whole, "id member_count"),
                **_take(club, _text, "name sport_type city state country"),
                "private": _truth(club.get("private")),
            },
        )


def _gear(_key: str, body: Any) -> Iterator[tuple[str, Row]]:
    for position, gear in _objects(body if isinstance(body, list) else [body]):
        yield "gear", _gear_row(position, _text(gear.get("kind")), gear)


def _route(_key: str, body: Any) -> Iterator[tuple[str, Row]]:
    yield (
        "route",
        {
            **_take(
                body,
                _whole,
                "id type sub_type estimated_moving_time",
            ),
            **_take(body, _text, "name description created_at"),
            **_take(body, _real, "distance elevation_gain"),
            **_take(body, _truth, "private starred"),
            "summary_polyline": _text(_at(body, "map.summary_polyline")),
        },
    )


def _photos(key: str, body: Any) -> Iterator[tuple[str, Row]]:
    for position, photo in _objects(body):
        yield (
            "photo",
            {
                "position": position,
                "activity_id": int(key),
                **_take(photo, _text, "unique_id caption created_at"),
                "lat": _real(_at(photo, "location.0")),
                "lng": _real(_at(photo, "location.1")),
                "is_default": _truth(photo.get("default_photo")),
                "is_video": int(bool(photo.get("video_url"))),
            },
        )


def _person(body: Any) -> str | None:
    names = (_text(_at(body, "firstname")), _text(_at(body, "lastname")))
    return " ".join(name for name in names if name) or None


def _comments(key: str, body: Any) -> Iterator[tuple[str, Row]]:
    for position, comment in _objects(body):
        yield (
            "comment",
            {
                "position": position,
                "id": _whole(comment.get("id")),
                "activity_id": int(key),
                **_take(comment, _text, "created_at text"),
                "author": _person(comment.get("athlete")),
            },
        )


def _kudos(key: str, body: Any) -> Iterator[tuple[str, Row]]:
    for position, giver in _objects(body):
        yield (
            "kudo",
            {"position": position, "activity_id": int(key), "giver": _person(giver)},
        )


def _zones(key: str, body: Any) -> Iterator[tuple[str, Row]]:
    position = 0
    for _, zone in _objects(body):
        for number, bucket in _objects(zone.get("distribution_buckets")):
            yield (
                "zone",
                {
                    "position": position,
                    "activity_id": int(key),
                    "type": _text(zone.get("type")),
                    "bucket": number,
                    "low": _real(bucket.get("min")),
                    "high": _real(bucket.get("max")),
                    "time": _real(bucket.get("time")),
                },
            )
            position += 1


def _stats(_key: str, body: Any) -> Iterator[tuple[str, Row]]:
    for period in ("recent", "ytd", "all"):
        for sport in ("ride", "run", "swim"):
            totals = body.get(f"{period}_{sport}_totals")
            if isinstance(totals, dict):
                yield (
                    "stat",
                    {
                        "period": period,
                        "sport": sport,
                        "count": _whole(totals.get("count")),
                        **_take(
                            totals,
                            _real,
                            "distance moving_time elapsed_time elevation_gain",
                        ),
                    },
                )


_MAKERS: dict[str, Callable[[str, Any], Iterable[tuple[str, Row]]]] = {
    "activity_detail": _detail,
    "activity_laps": _laps,
    "activity_track": _track,
    "activity_zones": _zones,
    "activity_comments": _comments,
    "activity_kudos": _kudos,
    "activity_photos": _photos,
    "athlete": _athlete,
    "stats": _stats,
    "gear": _gear,
    "clubs": _clubs,
    "club": _clubs,
    "route": _route,
    "segment": _segment,
    "segment_effort": lambda key, body: _efforts("segment_efforts", None, [body]),
}
_OBJECTS = frozenset(
    {"activity_detail", "activity_track", "athlete", "stats", "route", "segment"}
)
TYPED_TABLES: tuple[str, ...] = (
    "profile",
    "lap",
    "split",
    "effort",
    "segment",
    "gear",
    "route",
    "photo",
    "comment",
    "kudo",
    "zone",
    "stat",
    "club",
)
