"""Invented data for the archive's tests."""

from __future__ import annotations

import math
from typing import Any

ME = 4242
OTHER = 777


class Clock:
    def __init__(self, now: float = 1_750_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def summary(number: int, **more: Any) -> dict[str, Any]:
    day = number % 28 + 1
    return {
        "resource_state": 2,
        "athlete": {"id": ME, "resource_state": 1},
        "name": f"Ride nö {number} \N{BICYCLE}",
        "distance": 20000.5 + number,
        "moving_time": 3600 + number,
        "elapsed_time": 3700 + number,
        "total_elevation_gain": 210,
        "type": "Ride",
        "sport_type": "GravelRide" if number % 2 else "Ride",
        "id": 10_000_000_000 + number,
        "start_date": f"2024-05-{day:02}T06:00:{number % 60:02}Z",
        "start_date_local": f"2024-05-{day:02}T08:00:{number % 60:02}Z",
        "timezone": "(GMT+01:00) Europe/Berlin",
        "utc_offset": 7200.0,
        "kudos_count": 3,
        "trainer": False,
        "private": False,
        "start_latlng": [52.5, 13.4],
        "end_latlng": [],
        "map": {"id": "a1", "summary_polyline": "abc", "resource_state": 2},
        "gear_id": None,
        "invented_by_tomorrow": {"deep": [1, 2.0, None]},
        **more,
    }


def detail(number: int, **more: Any) -> dict[str, Any]:
    return {
        **summary(number),
        "resource_state": 3,
        "description": "two\nlines",
        "calories": 870.2,
        "laps": [
            {"id": 5, "lap_index": 1, "name": "Lap 1", "distance": 1000.0},
            {"id": 6, "lap_index": 2, "name": "Lap 2", "distance": 900.5},
        ],
        "splits_metric": [{"split": 1, "distance": 1000.1, "moving_time": 200}],
        "segment_efforts": [
            {
                "id": 2_693_271_924_383_944_911,
                "name": "Hill",
                "elapsed_time": 60,
                "segment": {"id": 99, "name": "Hill", "start_latlng": [1.5, 2.5]},
            }
        ],
        **more,
    }


def streams(points: int = 50) -> dict[str, Any]:
    columns: dict[str, list[Any]] = {
        "time": list(range(points)),
        "latlng": [[52.5 + i / 1e5, 13.4 - i / 1e5] for i in range(points)],
        "distance": [round(i * 3.3, 1) for i in range(points)],
        "heartrate": [None if i == 7 else 120 + i % 9 for i in range(points)],
        "grade_smooth": [round(math.sin(i), 1) for i in range(points)],
        "moving": [i > 2 for i in range(points)],
    }
    return {
        name: {
            "data": values,
            "series_type": "distance",
            "original_size": points,
            "resolution": "high",
        }
        for name, values in columns.items()
    }
