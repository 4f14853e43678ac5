"""Ask a local Strava for one of everything and note the keys of its answers."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import requests
from fidelity import Keys, collect

from stravalib.emulator import LocalStrava, State
from stravalib.emulator.world import generate

if TYPE_CHECKING:
    from collections.abc import Iterator

_LIMITS = (10**6,) * 4
STREAMS = (
    "time,distance,latlng,altitude,velocity_smooth,heartrate,cadence,watts,temp,"
    "moving,grade_smooth"
)


class _Asker:
    def __init__(self, strava: LocalStrava, scopes: str | None = None) -> None:
        self.strava = strava
        self.headers = {"Authorization": f"Bearer {strava.token(scopes)}"}
        self.found: dict[str, Keys] = defaultdict(dict)

    def get(self, path: str, **params: Any) -> Any:
        reply = requests.get(
            self.strava.url + path, params=params, headers=self.headers, timeout=30
        )
        return reply.json()

    def note(self, endpoint: str, path: str, **params: Any) -> Any:
        value = self.get(path, **params)
        if endpoint.endswith("/streams") and isinstance(value, dict):
            return value  # no streams: an error
        collect(value, self.found[endpoint])
        return value


def _activities(ask: _Asker) -> Iterator[int]:
    page = 1
    while items := ask.note(
        "GET /athlete/activities", "/athlete/activities", per_page=200, page=page
    ):
        yield from (item["id"] for item in items)
        page += 1


def served() -> dict[str, Keys]:
    """Serve a generated world and collect the keys of all answers."""
    # Before 2026-09 every endpoint answers.
    state = State(generate(seed=1, years=1.2, athletes=2), profile="2026-05")
    with LocalStrava(state=state) as strava:
        strava.application.set_limits(_LIMITS)
        _crown(strava)
        ask = _Asker(strava)
        short = _Asker(strava, "read")
        endpoint = "GET /athlete (without profile:read_all)"
        collect(short.get("/athlete"), ask.found[endpoint])
        _athlete(ask)
        for number in _activities(ask):
            _activity(ask, number)
        _segments(ask)
        _clubs(ask)
        _errors_and_uploads(ask)
        return dict(ask.found)


def _crown(strava: LocalStrava) -> None:
    """Let one effort lead its segment, which the generator leaves to others."""
    for entry in strava.state.activities_newest_first(strava.athlete_id):
        detail = entry.detail
        if detail.get("segment_efforts") and not entry.only_me:
            detail["segment_efforts"][0]["kom_rank"] = 1
            entry.detail = detail
            strava.state.place(entry, detail)
            return


def _athlete(ask: _Asker) -> None:
    me = ask.note("GET /athlete", "/athlete")
    number = me["id"]
    ask.note("GET /athlete/zones", "/athlete/zones")
    ask.note("GET /athletes/{id}/stats", f"/athletes/{number}/stats")
    ask.note("GET /athletes/{id}/koms", f"/athletes/{number}/koms", per_page=200)
    for gear in me["bikes"] + me["shoes"]:
        ask.note("GET /gear/{id}", f"/gear/{gear['id']}")
    routes = ask.note("GET /athletes/{id}/routes", f"/athletes/{number}/routes")
    for route in routes:
        ask.note("GET /routes/{id}", f"/routes/{route['id']}")


def _activity(ask: _Asker, number: int) -> None:
    path = f"/activities/{number}"
    detail = ask.note("GET /activities/{id}", path)
    place = "GET /activities/{id}"
    if detail["comment_count"]:
        ask.note(f"{place}/comments", f"{path}/comments", page_size=200)
    if detail["kudos_count"]:
        ask.note(f"{place}/kudos", f"{path}/kudos", per_page=200)
    if detail["total_photo_count"]:
        ask.note(f"{place}/photos", f"{path}/photos", size=600, photo_sources="true")
    ask.note(f"{place}/laps", f"{path}/laps")
    ask.note(f"{place}/zones", f"{path}/zones")
    for effort in detail["segment_efforts"][:2]:
        ask.note("GET /segment_efforts/{id}", f"/segment_efforts/{effort['id']}")
    if number % 7 == 0:
        ask.note(f"{place}/streams", f"{path}/streams", keys=STREAMS)


def _segments(ask: _Asker) -> None:
    ask.note("GET /segments/starred", "/segments/starred", per_page=200)
    bounds = "-89,-179,89,179"
    for sport in ("running", "riding"):
        ask.note(
            "GET /segments/explore",
            "/segments/explore",
            bounds=bounds,
            activity_type=sport,
        )
    for number in ask.strava.state.segments:
        ask.note("GET /segments/{id}", f"/segments/{number}")
        ask.note("GET /segment_efforts", "/segment_efforts", segment_id=number)


def _clubs(ask: _Asker) -> None:
    for club in ask.note("GET /athlete/clubs", "/athlete/clubs"):
        path = f"/clubs/{club['id']}"
        ask.note("GET /clubs/{id}", path)
        for name in ("activities", "members", "admins", "group_events"):
            ask.note(f"GET /clubs/{{id}}/{name}", f"{path}/{name}")


def _errors_and_uploads(ask: _Asker) -> None:
    collect(ask.get("/activities/1"), ask.found["errors"])
    gpx = (
        '<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>'
        '<trkpt lat="47" lon="11"><time>2026-01-01T10:00:00Z</time></trkpt>'
        '<trkpt lat="47.01" lon="11"><time>2026-01-01T10:05:00Z</time></trkpt>'
        "</trkseg></trk></gpx>"
    )
    ask.strava.app.uploads.delay = 0
    for text in (gpx, "broken"):
        reply = requests.post(
            ask.strava.url + "/uploads",
            headers=ask.headers,
            data={"data_type": "gpx"},
            files={"file": ("a.gpx", text)},
            timeout=30,
        ).json()
        collect(reply, ask.found["POST and GET /uploads"])
        for _ in range(200):
            state = ask.note("POST and GET /uploads", f"/uploads/{reply['id']}")
            if "still being processed" not in state["status"]:
                break
