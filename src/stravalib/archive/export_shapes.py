"""What a bulk export tells, in the words of the API."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from stravalib.formats.geometry import elapsed_time_of, length_of

if TYPE_CHECKING:
    from stravalib.formats import ExportActivity, Track
    from stravalib.formats.export_records import (
        ExportClub,
        ExportGear,
        ExportProfile,
        ExportRoute,
    )

# field of the row -> word of the API, as it stands
_SAME = {
    "name": "name",
    "description": "description",
    "private_note": "private_note",
    "distance": "distance",
    "max_speed": "max_speed",
    "average_speed": "average_speed",
    "elevation_gain": "total_elevation_gain",
    "elevation_low": "elev_low",
    "elevation_high": "elev_high",
    "average_cadence": "average_cadence",
    "max_heartrate": "max_heartrate",
    "average_heartrate": "average_heartrate",
    "average_watts": "average_watts",
    "calories": "calories",
    "average_temp": "average_temp",
    "relative_effort": "suffer_score",
    "perceived_exertion": "perceived_exertion",
    "commute": "commute",
    "flagged": "flagged",
    "filename": "external_id",
}
# the API has whole numbers there
_WHOLE = {
    "elapsed_time": "elapsed_time",
    "moving_time": "moving_time",
    "max_watts": "max_watts",
    "weighted_average_watts": "weighted_average_watts",
}


def activity(
    row: ExportActivity, track: Track | None, athlete_id: int
) -> dict[str, Any]:
    """Return an activity; what the row leaves open comes from its recording."""
    body: dict[str, Any] = {
        "id": row.id,
        "athlete": {"id": athlete_id, "resource_state": 1},
    }
    for ours, theirs in _SAME.items():
        body[theirs] = getattr(row, ours)
    for ours, theirs in _WHOLE.items():
        value = getattr(row, ours)
        body[theirs] = None if value is None else round(value)
    body["sport_type"] = row.sport or (track.sport if track else None)
    if row.total_work is not None:
        body["kilojoules"] = round(row.total_work / 1000, 1)
    body["manual"] = row.filename is None and not row.from_upload
    body["total_photo_count"] = len(row.media)
    if row.gear_name is not None:
        body["gear"] = {"name": row.gear_name}
    start = row.start or (track.start if track else None)
    offset = track.utc_offset if track else None
    if start is not None:
        local = start + timedelta(seconds=offset or 0)
        body["start_date"] = start.strftime("%Y-%m-%dT%H:%M:%SZ")
        body["start_date_local"] = local.strftime("%Y-%m-%dT%H:%M:%SZ")
        body["utc_offset"] = offset
    if track is not None:
        body["device_name"] = str(track.device) or None
        points = track.points
        for name, order in (("start_latlng", 1), ("end_latlng", -1)):
            pairs = zip(points.lat[::order], points.lon[::order], strict=False)
            body[name] = next(
                ([a, b] for a, b in pairs if a is not None and b is not None), []
            )
        if body["distance"] is None:
            body["distance"] = length_of(track)
        if body["elapsed_time"] is None:
            elapsed = elapsed_time_of(track)
            body["elapsed_time"] = None if elapsed is None else round(elapsed)
    return {name: value for name, value in body.items() if value is not None}


def profile(row: ExportProfile, athlete_id: int) -> dict[str, Any]:
    """Return the athlete."""
    body = {
        "id": athlete_id,
        "firstname": row.first_name,
        "lastname": row.last_name,
        "sex": row.sex,
        "weight": row.weight,
        "city": row.city,
        "state": row.state,
        "country": row.country,
        "bio": row.description,
    }
    return {name: value for name, value in body.items() if value is not None}


def gear(row: ExportGear) -> dict[str, Any]:
    """Return a bike or shoe; the export has no ids of them."""
    return {
        "kind": row.kind,
        "name": row.name,
        "brand_name": row.brand,
        "model_name": row.model,
        "components": row.components,
    }


def club(row: ExportClub) -> dict[str, Any]:
    """Return a club."""
    return {
        "name": row.name,
        "description": row.description,
        "club_type": row.kind,
        "sport_type": row.sport,
        "city": row.city,
        "state": row.state,
        "country": row.country,
        "website": row.website,
        "joined": None if row.joined is None else row.joined.isoformat(),
    }


def route(row: ExportRoute, number: int) -> dict[str, Any]:
    """Return a route under an id of our own."""
    body: dict[str, Any] = {"id": number, "name": row.name}
    if row.tracks:
        lengths = [length_of(track) for track in row.tracks]
        body["distance"] = sum(length or 0.0 for length in lengths)
    return body
