"""A small invented world behind a live local Strava."""

from __future__ import annotations

from typing import Any

from stravalib.client import Client
from stravalib.emulator import LocalStrava
from stravalib.emulator.accounts import Application
from stravalib.emulator.records import (
    ActivityRecord,
    AthleteRecord,
    RouteRecord,
    World,
)

from .samples import ME

AMPLE = (10**6, 10**6, 10**6, 10**6)


def activity(number: int, **more: Any) -> ActivityRecord:
    """Return activity `number`; greater numbers are later, an hour apart."""
    day, hour = divmod(number, 24)
    month, day = divmod(day, 28)
    start = f"2024-{month + 1:02}-{day + 1:02}T{hour:02}:00:00Z"
    detail = {
        "id": 1000 + number,
        "resource_state": 3,
        "athlete": {"id": ME, "resource_state": 1},
        "name": f"Outing {number}",
        "distance": 1000.0 + number,
        "moving_time": 600,
        "elapsed_time": 660,
        "total_elevation_gain": 12.0,
        "type": "Run",
        "sport_type": "Run",
        "start_date": start,
        "start_date_local": start,
        "timezone": "(GMT+00:00) Europe/London",
        "utc_offset": 0.0,
        "visibility": "everyone",
        "private": False,
        "manual": False,
        "start_latlng": [51.5, -0.1],
        "end_latlng": [51.5, -0.1],
        "map": {"id": f"a{1000 + number}", "polyline": "", "summary_polyline": ""},
        "description": f"words {number}",
        "laps": [],
        "segment_efforts": [],
        "kudos_count": 0 if number % 2 else 2,
        "comment_count": 0,
        "total_photo_count": 0 if number % 2 else 1,
        **more,
    }
    streams = {
        "time": list(range(20)),
        "distance": [round(i * 2.7, 1) for i in range(20)],
        "latlng": [[51.5 + i / 1e4, -0.1] for i in range(20)],
        "heartrate": [None, *range(121, 140)],
    }
    people = [
        {"resource_state": 2, "firstname": "Ada", "lastname": "L."},
        {"resource_state": 2, "firstname": "Bo", "lastname": "K."},
    ]
    photos = [
        {
            "unique_id": f"photo-{number}",
            "athlete_id": ME,
            "activity_id": 1000 + number,
            "urls": {"100": "http://127.0.0.1:9/s.jpg", "2048": "http://127.0.0.1:9/l"},
        }
    ]
    social = number % 2 == 0
    return ActivityRecord(
        detail,
        {} if detail["manual"] else streams,
        kudos=people if social else [],
        photos=photos if social else [],
    )


def world(count: int, *, first: int = 0, **athlete: Any) -> World:
    owner = AthleteRecord(
        {"id": ME, "resource_state": 3, "firstname": "Me", "lastname": "Myself"},
        activities=[activity(number) for number in range(first, first + count)],
        gear=[{"id": "b7", "name": "Tandem", "distance": 5.0, "resource_state": 3}],
        routes=[
            RouteRecord(
                {"id": 3329485690369457990, "name": "Loop", "distance": 9.0},
                {"latlng": [[1.0, 2.0], [1.1, 2.1]], "distance": [0.0, 9.0]},
            )
        ],
        **athlete,
    )
    return World(athletes=[owner])


def strava(count: int, *, limits: tuple[int, int, int, int] = AMPLE) -> LocalStrava:
    application = Application(1, "local-secret", limits=limits)
    return LocalStrava(world(count), applications=(application,))


def client(
    server: LocalStrava, scopes: str | None = None, *, athlete_id: int | None = None
) -> Client:
    token = server.token(scopes, athlete_id=athlete_id)
    return Client(access_token=token, base_url=server.url, retries=False)


def edit(server: LocalStrava, number: int, **changes: Any) -> None:
    entry = server.state.activities[number]
    entry.detail = {**entry.detail, **changes}


def asked(server: LocalStrava) -> list[str]:
    """Return path and page of each request, and forget them."""
    found = []
    for item in server.requests:
        query = {
            name: value
            for name, value in item.query.items()
            if name in ("before", "page", "after_cursor") and value != "1"
        }
        rest = "".join(f" {name}={value}" for name, value in query.items())
        found.append(item.path.removeprefix("/api/v3") + rest)
    server.requests.clear()
    return found
