"""Invented records in the shapes that Strava sends; the same for every library."""

from __future__ import annotations

import json
import math
import random
from typing import Any

FIRST_ID = 15_000_000_000
STREAM_POINTS = 10_000


def _polyline(dice: random.Random, length: int) -> str:
    letters = "?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~"
    return "".join(dice.choice(letters) for _ in range(length))


def summary_activity(number: int) -> dict[str, Any]:
    """Return an activity as a page of the athlete's activities has it."""
    dice = random.Random(number)
    distance = round(dice.uniform(3000, 90000), 1)
    moving = dice.randrange(1200, 14000)
    ride = dice.random() < 0.5
    day = f"2026-{dice.randrange(1, 13):02d}-{dice.randrange(1, 29):02d}"
    lat, lon = round(dice.uniform(40, 50), 2), round(dice.uniform(5, 15), 2)
    return {
        "resource_state": 2,
        "athlete": {"id": 4711, "resource_state": 1},
        "name": dice.choice(["Morning Run", "Lunch Ride", "Überquerung", "夜のラン"]),
        "distance": distance,
        "moving_time": moving,
        "elapsed_time": moving + dice.randrange(0, 900),
        "total_elevation_gain": round(dice.uniform(0, 1800), 1),
        "type": "Ride" if ride else "Run",
        "sport_type": "GravelRide" if ride else "TrailRun",
        "workout_type": 10 if ride else None,
        "device_name": "Garmin Edge 840",
        "id": FIRST_ID + number,
        "start_date": f"{day}T06:{dice.randrange(60):02d}:11Z",
        "start_date_local": f"{day}T08:{dice.randrange(60):02d}:11Z",
        "timezone": "(GMT+01:00) Europe/Vienna",
        "utc_offset": 7200.0,
        "location_city": None,
        "location_state": None,
        "location_country": "Austria",
        "achievement_count": dice.randrange(12),
        "kudos_count": dice.randrange(40),
        "comment_count": dice.randrange(5),
        "athlete_count": dice.randrange(1, 4),
        "photo_count": 0,
        "map": {
            "id": f"a{FIRST_ID + number}",
            "summary_polyline": _polyline(dice, 600),
            "resource_state": 2,
        },
        "trainer": False,
        "commute": dice.random() < 0.2,
        "manual": False,
        "private": False,
        "visibility": "everyone",
        "flagged": False,
        "gear_id": "b1234567" if ride else None,
        "start_latlng": [lat, lon],
        "end_latlng": [lat + 0.01, lon - 0.01],
        "average_speed": round(distance / moving, 3),
        "max_speed": 17.2,
        "average_cadence": 81.3,
        "average_watts": 188.4 if ride else None,
        "max_watts": 712 if ride else None,
        "weighted_average_watts": 203 if ride else None,
        "device_watts": ride,
        "kilojoules": 1502.1 if ride else None,
        "has_heartrate": True,
        "average_heartrate": 141.2,
        "max_heartrate": 179.0,
        "heartrate_opt_out": False,
        "display_hide_heartrate_option": True,
        "elev_high": 1422.6,
        "elev_low": 502.2,
        "upload_id": FIRST_ID * 1 + number + 7,
        "upload_id_str": str(FIRST_ID + number + 7),
        "external_id": f"garmin_ping_{number}",
        "from_accepted_tag": False,
        "pr_count": dice.randrange(4),
        "total_photo_count": dice.randrange(6),
        "has_kudoed": False,
        "suffer_score": float(dice.randrange(200)),
    }


def segment(number: int) -> dict[str, Any]:
    return {
        "id": 600_000 + number,
        "resource_state": 2,
        "name": f"Anstieg {number}",
        "activity_type": "Ride",
        "distance": 1402.3 + number,
        "average_grade": 4.2,
        "maximum_grade": 11.9,
        "elevation_high": 712.0,
        "elevation_low": 640.4,
        "start_latlng": [47.2811, 11.5021],
        "end_latlng": [47.2911, 11.5121],
        "elevation_profile": None,
        "elevation_profiles": None,
        "climb_category": number % 5,
        "city": "Hall",
        "state": "Tirol",
        "country": "Austria",
        "private": False,
        "hazardous": False,
        "starred": number % 3 == 0,
    }


def segment_effort(number: int) -> dict[str, Any]:
    achievement = {"type_id": 3, "type": "pr", "rank": 1, "effort_count": 7}
    return {
        "id": 2_693_271_924_000_000_000 + number,
        "resource_state": 2,
        "name": f"Anstieg {number}",
        "activity": {"id": FIRST_ID, "visibility": "everyone", "resource_state": 1},
        "athlete": {"id": 4711, "resource_state": 1},
        "elapsed_time": 311 + number,
        "moving_time": 305 + number,
        "start_date": "2026-05-04T06:30:11Z",
        "start_date_local": "2026-05-04T08:30:11Z",
        "distance": 1399.7 + number,
        "start_index": 100 * number,
        "end_index": 100 * number + 90,
        "average_cadence": 78.2,
        "device_watts": True,
        "average_watts": 241.7,
        "average_heartrate": 158.3,
        "max_heartrate": 171.0,
        "segment": segment(number),
        "pr_rank": 1 if number % 4 == 0 else None,
        "achievements": [achievement] if number % 4 == 0 else [],
        "visibility": "everyone",
        "kom_rank": None,
        "hidden": number % 2 == 1,
    }


def lap(number: int) -> dict[str, Any]:
    return {
        "id": 44_000_000_000 + number,
        "resource_state": 2,
        "name": f"Lap {number}",
        "activity": {"id": FIRST_ID, "visibility": "everyone", "resource_state": 1},
        "athlete": {"id": 4711, "resource_state": 1},
        "elapsed_time": 1200,
        "moving_time": 1190,
        "start_date": "2026-05-04T06:30:11Z",
        "start_date_local": "2026-05-04T08:30:11Z",
        "distance": 9000.5,
        "average_speed": 7.56,
        "max_speed": 12.4,
        "lap_index": number,
        "split": number,
        "start_index": 1200 * number,
        "end_index": 1200 * number + 1199,
        "total_elevation_gain": 87.0,
        "average_cadence": 80.1,
        "device_watts": True,
        "average_watts": 190.2,
        "average_heartrate": 140.9,
        "max_heartrate": 166.0,
        "pace_zone": 0,
    }


def split(number: int) -> dict[str, Any]:
    return {
        "distance": 1000.3,
        "elapsed_time": 241,
        "elevation_difference": -3.4,
        "moving_time": 240,
        "split": number,
        "average_speed": 4.17,
        "average_grade_adjusted_speed": 4.2,
        "average_heartrate": 149.7,
        "pace_zone": 2,
    }


def detailed_activity() -> dict[str, Any]:
    """Return one activity in full, with 25 segment efforts."""
    dice = random.Random(5)
    return summary_activity(0) | {
        "resource_state": 3,
        "description": "Über den Brenner, Gegenwind.",
        "calories": 1623.0,
        "perceived_exertion": None,
        "prefer_perceived_exertion": False,
        "map": {
            "id": "a1",
            "polyline": _polyline(dice, 9000),
            "resource_state": 3,
            "summary_polyline": _polyline(dice, 900),
        },
        "segment_efforts": [segment_effort(number) for number in range(25)],
        "splits_metric": [split(number) for number in range(1, 11)],
        "splits_standard": [split(number) for number in range(1, 7)],
        "laps": [lap(number) for number in range(4)],
        "best_efforts": [],
        "gear": {
            "id": "b1234567",
            "primary": True,
            "name": "Gravel",
            "nickname": "Gravel",
            "resource_state": 2,
            "retired": False,
            "distance": 8112000.0,
            "converted_distance": 8112.0,
        },
        "photos": {
            "primary": {
                "unique_id": "0f0e0d0c-0000-4000-8000-000000000001",
                "urls": {
                    "100": "https://photos.example/1",
                    "600": "https://p.example/2",
                },
                "source": 1,
                "media_type": 1,
            },
            "use_primary_photo": True,
            "count": 1,
        },
        "stats_visibility": [
            {"type": "heart_rate", "visibility": "everyone"},
            {"type": "pace", "visibility": "only_me"},
        ],
        "hide_from_home": False,
        "embed_token": "0" * 40,
        "available_zones": ["heartrate", "power"],
    }


def streams() -> dict[str, Any]:
    """Return eleven streams of 10,000 points, by type."""
    points = range(STREAM_POINTS)
    data: dict[str, list[Any]] = {
        "time": list(points),
        "distance": [round(point * 3.27, 1) for point in points],
        "latlng": [
            [round(47 + point / 1e4, 6), round(11 + math.sin(point / 500) / 9, 6)]
            for point in points
        ],
        "altitude": [round(600 + 80 * math.sin(point / 900), 1) for point in points],
        "velocity_smooth": [round(3 + math.sin(point / 60), 2) for point in points],
        "heartrate": [140 + point % 31 for point in points],
        "cadence": [80 + point % 9 for point in points],
        "watts": [200 + point % 97 for point in points],
        "temp": [18 + point // 5000 for point in points],
        "moving": [point % 50 != 0 for point in points],
        "grade_smooth": [round(4 * math.sin(point / 200), 1) for point in points],
    }
    return {
        kind: {
            "data": values,
            "series_type": "distance",
            "original_size": STREAM_POINTS,
            "resolution": "high",
        }
        for kind, values in data.items()
    }


def body(what: str, page: int = 1) -> bytes:
    """Return the JSON bytes of a record, compact as Strava sends them."""
    value: Any
    if what == "page":
        value = [summary_activity(200 * page + number) for number in range(200)]
    elif what == "detail":
        value = detailed_activity()
    else:
        value = streams()
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
