"""Objects as the API sends them, with defaults for what a test does not say."""

from __future__ import annotations

from typing import Any

from stravalib.emulator.clock import stamp
from stravalib.emulator.processing.maps import encode
from stravalib.emulator.shapes import summary_segment

Json = dict[str, Any]


def athlete_detail(
    number: int, firstname: str, lastname: str, moment: str, *, subscriber: bool
) -> Json:
    """Write a detailed athlete."""
    return {
        "id": number,
        "username": None,
        "resource_state": 3,
        "firstname": firstname,
        "lastname": lastname,
        "bio": None,
        "city": None,
        "state": None,
        "country": None,
        "sex": None,
        "premium": subscriber,
        "summit": subscriber,
        "created_at": moment,
        "updated_at": moment,
        "badge_type_id": 0,
        "weight": 70.0,
        "profile_medium": "avatar/athlete/medium.png",
        "profile": "avatar/athlete/large.png",
        "friend": None,
        "follower": None,
        "follower_count": 0,
        "friend_count": 0,
        "mutual_friend_count": 0,
        "athlete_type": 1,
        "date_preference": "%m/%d/%Y",
        "measurement_preference": "meters",
        "ftp": None,
    }


def gear_detail(gear_id: str, name: str) -> Json:
    """Write a detailed bike or shoe."""
    return {
        "id": gear_id,
        "primary": False,
        "name": name,
        "nickname": name,
        "resource_state": 3,
        "retired": False,
        "distance": 0,
        "converted_distance": 0.0,
        "brand_name": None,
        "model_name": None,
        "description": None,
    }


def segment_detail(
    number: int, name: str, track: list[list[float]], metres: float, moment: str
) -> Json:
    """Write a detailed segment."""
    return {
        "id": number,
        "resource_state": 3,
        "name": name,
        "activity_type": "Run",
        "distance": metres,
        "average_grade": 0.0,
        "maximum_grade": 0.0,
        "elevation_high": 0.0,
        "elevation_low": 0.0,
        "start_latlng": track[0],
        "end_latlng": track[-1],
        "elevation_profile": None,
        "climb_category": 0,
        "city": None,
        "state": None,
        "country": None,
        "private": False,
        "hazardous": False,
        "starred": False,
        "created_at": moment,
        "updated_at": moment,
        "total_elevation_gain": 0.0,
        "map": {
            "id": f"s{number}",
            "polyline": encode(track),
            "resource_state": 3,
        },
        "effort_count": 0,
        "athlete_count": 0,
        "star_count": 0,
    }


def effort_detail(
    number: int, detail: Json, segment: Json, seconds: int, last: int
) -> Json:
    """Write a segment effort of an activity."""
    return {
        "id": number,
        "resource_state": 2,
        "name": segment["name"],
        "activity": {"id": detail["id"], "resource_state": 1},
        "athlete": detail["athlete"],
        "elapsed_time": seconds,
        "moving_time": seconds,
        "start_date": detail["start_date"],
        "start_date_local": detail["start_date_local"],
        "distance": segment["distance"],
        "start_index": 0,
        "end_index": last,
        "segment": summary_segment(segment),
        "kom_rank": None,
        "pr_rank": None,
        "achievements": [],
        "hidden": False,
    }


def club_detail(number: int, name: str, owner_id: int) -> Json:
    """Write a detailed club."""
    return {
        "id": number,
        "resource_state": 3,
        "name": name,
        "profile_medium": "avatar/club/medium.png",
        "profile": "avatar/club/large.png",
        "cover_photo": None,
        "cover_photo_small": None,
        "activity_types": ["Run"],
        "sport_type": "running",
        "city": None,
        "state": None,
        "country": None,
        "private": False,
        "member_count": 1,
        "featured": False,
        "verified": False,
        "url": name.lower().replace(" ", "-"),
        "description": "",
        "club_type": "casual_club",
        "post_count": 0,
        "owner_id": owner_id,
        "following_count": 0,
    }


def route_detail(
    number: int,
    name: str,
    track: list[list[float]],
    metres: float,
    athlete_id: int,
    moment: float,
) -> Json:
    """Write a route."""
    return {
        "athlete": {"id": athlete_id, "resource_state": 1},
        "description": None,
        "distance": metres,
        "elevation_gain": 0.0,
        "id": number,
        "id_str": str(number),
        "map": {
            "id": f"r{number}",
            "polyline": encode(track),
            "summary_polyline": encode(track),
            "resource_state": 3,
        },
        "name": name,
        "private": False,
        "resource_state": 3,
        "starred": False,
        "sub_type": 1,
        "type": 2,
        "created_at": stamp(moment),
        "updated_at": stamp(moment),
        "timestamp": int(moment),
        "estimated_moving_time": round(metres / 3),
        "segments": [],
        "waypoints": [],
    }
