from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from small_world import ANNA, RUN, activity_detail

from stravalib.emulator.pages.tracks import track_svg
from stravalib.emulator.polylines import decode
from stravalib.emulator.records import ActivityRecord

if TYPE_CHECKING:
    from asking import Asker

    from stravalib.emulator import LocalStrava


def test_pages_escape_what_they_show(small: LocalStrava, ask: Asker) -> None:
    evil = "<script>alert(1)</script>\"'"
    detail = activity_detail(77, "2026-11-24T00:00:00Z", name=evil, description=evil)
    small.state.add_activities(ANNA, [ActivityRecord(detail)])
    ask.get("/athlete", evil=evil)
    for place in ("/", f"/_emulator/athletes/{ANNA}", "/_emulator/activities/77"):
        page = ask("GET", small.origin + place)
        assert page.status_code == 200
        assert "<script" not in page.text
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert ask("GET", small.origin + "/_emulator/athletes/5").status_code == 404


@pytest.mark.parametrize(
    ("back", "goes"),
    [
        ("/#clock", True),
        (f"/_emulator/activities/{RUN}", True),
        ("//evil.example", False),
        ("/\\evil.example", False),
        ("https://evil.example", False),
        ("/x\r\nSet-Cookie: a=b", False),
    ],
)
def test_forms_go_back_to_this_server_only(
    small: LocalStrava, ask: Asker, back: str, goes: bool
) -> None:
    reply = ask(
        "POST",
        small.origin + "/_emulator/clock",
        data={"move": 1, "back": back},
        allow_redirects=False,
    )
    assert (reply.status_code == 303) is goes
    assert reply.headers.get("Location") == (back if goes else None)


def test_pages_are_not_recorded(small: LocalStrava, ask: Asker) -> None:
    ask("GET", small.origin + "/")
    ask("GET", small.origin + "/openapi.json")
    assert len(small.requests) == 0
    ask.get("/athlete")
    listed = ask("GET", small.origin + "/_emulator/requests").json()
    assert [(item["path"], item["status"]) for item in listed] == [
        ("/api/v3/athlete", 200)
    ]
    assert "***" in listed[0]["headers"]["authorization"]
    ask("DELETE", small.origin + "/_emulator/requests")
    assert len(small.requests) == 0


def test_polyline_of_the_published_example() -> None:
    points = decode("_p~iF~ps|U_ulLnnqC_mqNvxq`@")
    assert points == [(38.5, -120.2), (40.7, -120.95), (43.252, -126.453)]
    assert decode("_p~iF~ps|U_ul") == points[:1]
    assert "No track" in track_svg("", "x")
    assert "NaN" not in track_svg("??????", "the same place three times")


def test_token_over_http(small: LocalStrava, ask: Asker) -> None:
    url = small.origin + "/_emulator/token"
    made = ask("POST", url, json={"scope": "read activity:read"}).json()
    assert made["scope"] == "read,activity:read"
    ask.session.headers["Authorization"] = f"Bearer {made['access_token']}"
    assert ask.get("/athlete").json()["resource_state"] == 2
    assert ask("POST", url, json={"scope": "everything"}).status_code == 400
    assert ask("POST", url, json={"athlete_id": 5}).status_code == 404
