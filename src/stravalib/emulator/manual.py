"""Activities that are entered by hand through ``POST /activities``."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from stravalib._facts.sports import TYPE_OF_SPORT
from stravalib.emulator.jsonio import loads
from stravalib.emulator.shapes import summary_gear
from stravalib.emulator.zones import DEFAULT_ZONE, offset_at, stamp_of

if TYPE_CHECKING:
    from datetime import datetime

    from stravalib.emulator.records import Json
    from stravalib.emulator.state import Athlete, State

_WITHOUT_GEAR_LIMIT = 20


def manual_detail(
    state: State, athlete: Athlete, args: dict[str, Any], sport: str, wall: datetime
) -> Json:
    """Build the detailed activity; ids are given when it is put into the world."""
    kind = TYPE_OF_SPORT.get(sport, sport)
    zone = zone_of(state, athlete)
    offset = offset_at(zone, wall)
    elapsed = args["elapsed_time"]
    distance = float(args["distance"] or 0.0)
    speed = round(distance / elapsed, 3) if elapsed else 0.0
    gear = default_gear(athlete, kind)
    detail: Json = {
        "resource_state": 3,
        "athlete": {"id": athlete.id, "resource_state": 1},
        "name": args["name"],
        "distance": distance,
        "moving_time": elapsed,
        "elapsed_time": elapsed,
        "total_elevation_gain": 0,
        "type": kind,
        "sport_type": sport,
        "workout_type": 10 if kind == "Ride" else None,
        "device_name": None,
        "id": 0,
        "start_date": stamp_of(wall - offset),
        "start_date_local": stamp_of(wall),
        "timezone": zone,
        "utc_offset": offset.total_seconds(),
        "location_city": None,
        "location_state": None,
        "location_country": None,
        "achievement_count": 0,
        "kudos_count": 0,
        "comment_count": 0,
        "athlete_count": 1,
        "photo_count": 0,
        "map": {"id": "", "polyline": "", "resource_state": 3, "summary_polyline": ""},
        "trainer": bool(args["trainer"]),
        "commute": bool(args["commute"]),
        "manual": True,
        "private": False,
        "visibility": "everyone",
        "flagged": False,
        "gear_id": gear["id"] if gear else None,
        "start_latlng": [],
        "end_latlng": [],
        "average_speed": speed,
        "max_speed": 0,
        "has_heartrate": False,
        "heartrate_opt_out": False,
        "display_hide_heartrate_option": False,
        "upload_id": None,
        "external_id": None,
        "from_accepted_tag": False,
        "pr_count": 0,
        "total_photo_count": 0,
        "has_kudoed": False,
        "description": args["description"],
        "calories": 0,
        "perceived_exertion": None,
        "prefer_perceived_exertion": None,
        "segment_efforts": [],
        "best_efforts": [],
        "photos": {"primary": None, "count": 0},
        "stats_visibility": [
            {"type": name, "visibility": "everyone"}
            for name in ("heart_rate", "pace", "power", "speed", "calories")
        ],
        "hide_from_home": False,
        "embed_token": secrets.token_hex(20),
        "similar_activities": similar(state, athlete, sport, speed),
        "available_zones": [],
        "private_note": None,
    }
    if gear is not None:
        detail["gear"] = summary_gear(gear)
    return detail


def zone_of(state: State, athlete: Athlete) -> str:
    """Tell the athlete's zone: that of the last activity which has one."""
    for entry in state.activities_newest_first(athlete.id)[:_WITHOUT_GEAR_LIMIT]:
        zone = loads(entry.summary).get("timezone")
        if isinstance(zone, str) and zone:
            return zone
    return DEFAULT_ZONE


def default_gear(athlete: Athlete, kind: str) -> Json | None:
    """Find the primary bike for rides, the primary shoes for runs and walks."""
    letter = {"Ride": "b", "Run": "g", "Walk": "g", "Hike": "g"}.get(kind)
    for key, gear in athlete.gear.items():
        if key[:1] == letter and gear.get("primary"):
            return gear
    return None


def similar(state: State, athlete: Athlete, sport: str, speed: float) -> Json:
    """Compare with the last activities of the same sport."""
    speeds: list[float] = []
    for entry in state.activities_newest_first(athlete.id)[:200]:
        item = loads(entry.summary)
        if item.get("sport_type") == sport and item.get("average_speed"):
            speeds.append(float(item["average_speed"]))
        if len(speeds) == 10:
            break
    speeds = [*reversed(speeds), speed]
    low, high = min(speeds), max(speeds)
    return {
        "effort_count": len(speeds),
        "average_speed": round(sum(speeds) / len(speeds), 3),
        "min_average_speed": low,
        "mid_average_speed": round((low + high) / 2, 3),
        "max_average_speed": high,
        "pr_rank": None,
        "frequency_milestone": None,
        "trend": {
            "speeds": speeds,
            "current_activity_index": len(speeds) - 1,
            "min_speed": low,
            "mid_speed": round((low + high) / 2, 3),
            "max_speed": high,
            "direction": 0,
        },
        "resource_state": 2,
    }
