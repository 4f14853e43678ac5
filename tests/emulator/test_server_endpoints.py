from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from asking import NOON, Asker
from small_world import (
    ANNA,
    BERT,
    CLUB,
    EFFORT,
    HIDDEN,
    MANUAL,
    PRIVATE_ROUTE,
    PRIVATE_SEGMENT,
    ROUTE,
    RUN,
    SEGMENT,
    small_world,
)

from stravalib.emulator import Clock, LocalStrava


def error(answer: object) -> tuple[str, str, str]:
    entry = answer.json()["errors"][0]  # type: ignore[attr-defined]
    return entry["resource"], entry["field"], entry["code"]


# -- athlete ---------------------------------------------------------------------


@pytest.mark.parametrize("how", ["params", "data", "json"])
def test_update_athlete_takes_every_encoding(ask: Asker, how: str) -> None:
    answer = ask("PUT", "/athlete", **{how: {"weight": 70.5}})
    assert answer.status_code == 200
    assert answer.json()["weight"] == 70.5
    assert ask.get("/athlete").json()["weight"] == 70.5


def test_update_athlete_needs_a_weight(ask: Asker) -> None:
    answer = ask("PUT", "/athlete", data={"city": "X"})
    assert answer.status_code == 400
    assert error(answer) == ("Athlete", "weight", "invalid")


def test_stats_count_only_what_everyone_sees(ask: Asker) -> None:
    stats = ask.get(f"/athletes/{ANNA}/stats").json()
    assert stats["all_run_totals"]["count"] == 2  # the hidden one is left out
    assert stats["all_ride_totals"]["count"] == 28
    assert stats["recent_run_totals"]["achievement_count"] == 2
    assert stats["biggest_ride_distance"] == 5000.0
    assert ask.get(f"/athletes/{BERT}/stats").status_code == 403


def test_zones_have_no_power_without_it(ask: Asker) -> None:
    assert set(ask.get("/athlete/zones").json()) == {"heart_rate"}


# -- activities ------------------------------------------------------------------


def test_after_turns_the_order_round(ask: Asker) -> None:
    newest = ask.get("/athlete/activities", per_page=3).json()
    assert [item["id"] for item in newest] == [RUN, HIDDEN, MANUAL]
    oldest = ask.get("/athlete/activities", after=0, per_page=2).json()
    assert [item["start_date"][:10] for item in oldest] == ["2026-10-01", "2026-10-02"]
    before = ask.get("/athlete/activities", before=1_792_886_400, per_page=1).json()
    assert before[0]["start_date"] < "2026-10-25"
    assert ask.get("/athlete/activities", page=99).json() == []


@pytest.mark.parametrize(
    ("name", "value"), [("page", 0), ("per_page", "x"), ("before", "yesterday")]
)
def test_bad_list_parameters_are_refused(ask: Asker, name: str, value: object) -> None:
    answer = ask.get("/athlete/activities", **{name: value})
    assert answer.status_code == 400
    assert error(answer)[1] == name


def test_hidden_activity_is_not_found_without_read_all(small: LocalStrava) -> None:
    ask = Asker(small, small.token("activity:read"))
    answer = ask.get(f"/activities/{HIDDEN}")
    assert answer.status_code == 404
    assert answer.json()["message"] == "Record Not Found"


@pytest.mark.parametrize("how", ["params", "data", "json", "multipart"])
def test_create_activity(ask: Asker, how: str) -> None:
    fields = {
        "name": "Evening",
        "sport_type": "Run",
        "start_date_local": "2025-10-18 19:04:26 -0400",
        "elapsed_time": 3600,
        "distance": 10000,
        "trainer": 1,
    }
    if how == "multipart":
        parts = {key: (None, str(value)) for key, value in fields.items()}
        answer = ask("POST", "/activities", files=parts)
    else:
        answer = ask("POST", "/activities", **{how: fields})
    assert answer.status_code == 201
    made = answer.json()
    assert made["start_date_local"] == "2025-10-18T19:04:26Z"
    assert made["start_date"] == "2025-10-18T18:04:26Z"  # the athlete's zone, London
    assert made["utc_offset"] == 3600.0
    assert made["manual"] is True
    assert made["trainer"] is True
    assert made["upload_id"] is None
    assert made["start_latlng"] == []
    assert made["gear_id"] == "g501"
    assert made["average_speed"] == pytest.approx(2.778)
    assert answer.headers["X-ReadRateLimit-Usage"] == ","
    assert ask.get(f"/activities/{made['id']}").json() == made


def test_create_takes_the_old_type_in_any_case(ask: Asker) -> None:
    fields = {
        "name": "N",
        "type": "ride",
        "start_date_local": "2026-01-01T10:00:00",
        "elapsed_time": 60,
    }
    made = ask("POST", "/activities", params=fields).json()
    assert (made["type"], made["sport_type"]) == ("Ride", "Ride")
    wrong = ask("POST", "/activities", params=fields | {"sport_type": "run"})
    assert wrong.status_code == 400
    assert error(wrong) == ("Activity", "sport_type", "invalid")
    for name in ("name", "elapsed_time", "start_date_local"):
        without = {key: value for key, value in fields.items() if key != name}
        assert error(ask("POST", "/activities", params=without))[1] == name


def test_update_applies_booleans_of_json_only(ask: Asker) -> None:
    path = f"/activities/{RUN}"
    by_form = ask("PUT", path, data={"name": "New", "commute": 1}).json()
    assert (by_form["name"], by_form["commute"]) == ("New", False)
    by_json = ask(
        "PUT",
        path,
        json={
            "commute": True,
            "sport_type": "TrailRun",
            "gear_id": "none",
            "private": True,
            "distance": 1,
        },
    ).json()
    assert by_json["commute"] is True
    assert (by_json["type"], by_json["sport_type"]) == ("Run", "TrailRun")
    assert by_json["gear_id"] is None
    assert by_json["private"] is False  # silently ignored
    assert by_json["distance"] == 5000.0
    listed = ask.get("/athlete/activities", per_page=1).json()[0]
    assert listed["name"] == "New"
    assert ask("PUT", path, json={"sport_type": "Nope"}).status_code == 400


def test_nobody_deletes(ask: Asker) -> None:
    answer = ask("DELETE", f"/activities/{RUN}")
    assert answer.status_code == 401
    assert error(answer) == ("Application", "internal", "invalid")
    assert ask("DELETE", "/activities/1").status_code == 404


def test_laps_kudos_and_zones(ask: Asker) -> None:
    assert [lap["id"] for lap in ask.get(f"/activities/{RUN}/laps").json()] == [41]
    kudos = ask.get(f"/activities/{RUN}/kudos").json()
    assert kudos == [{"resource_state": 2, "firstname": "Bert", "lastname": "M."}]
    zones = ask.get(f"/activities/{RUN}/zones").json()
    assert zones[0]["distribution_buckets"][-1]["max"] == -1


def test_non_subscribers_pay(small: LocalStrava) -> None:
    ask = Asker(small, small.token(athlete_id=BERT))
    mine = ask.get("/athlete/activities").json()[0]["id"]
    assert ask.get(f"/activities/{mine}/zones").status_code == 402
    assert ask.get("/segment_efforts", segment_id=SEGMENT).status_code == 402


def test_comments_by_cursor_and_by_page(ask: Asker) -> None:
    path = f"/activities/{RUN}/comments"
    by_page = ask.get(path, page=1, per_page=2).json()
    assert [item["cursor"] for item in by_page] == [None, None]
    first = ask.get(path, page_size=2).json()
    assert [item["id"] for item in first] == [900, 901]
    cursor = first[-1]["cursor"]
    assert "=" not in cursor
    # requests escapes the escaped cursor once more, as the ruby client does
    rest = ask.get(path, page_size=2, after_cursor=cursor).json()
    assert [item["id"] for item in rest] == [902]
    end = ask.get(path, page_size=2, after_cursor=rest[-1]["cursor"]).json()
    assert end == []
    assert "id" not in first[0]["athlete"]
    assert ask.get(path, after_cursor="nonsense").status_code == 400


def test_photos_need_photo_sources(ask: Asker) -> None:
    path = f"/activities/{RUN}/photos"
    assert ask.get(path).json() == []
    photo = ask.get(path, photo_sources="true", size=800).json()[0]
    assert photo["sizes"] == {"800": [800, 600]}
    assert set(photo["urls"]) == {"800"}


# -- streams ---------------------------------------------------------------------


def test_streams_in_both_shapes(ask: Asker) -> None:
    path = f"/activities/{RUN}/streams"
    by_key = ask.get(path, keys="heartrate,latlng", key_by_type="true")
    shaped = by_key.json()
    assert set(shaped) == {"heartrate", "latlng", "distance"}
    assert shaped["heartrate"]["original_size"] == 1561
    assert "X-RateLimit-Limit" not in by_key.headers
    listed = ask.get(path, keys="time").json()
    assert [item["type"] for item in listed] == ["time", "distance"]
    assert [item["type"] for item in ask.get(path).json()] == ["distance"]
    legacy = ask.get(path + "/time,altitude", series_type="time").json()
    assert [item["type"] for item in legacy] == ["time", "altitude"]


@pytest.mark.parametrize(("resolution", "size"), [("low", 100), ("medium", 1000)])
def test_resolution_keeps_both_ends(ask: Asker, resolution: str, size: int) -> None:
    shaped = ask.get(
        f"/activities/{RUN}/streams",
        keys="time,distance",
        key_by_type="true",
        resolution=resolution,
        series_type="time",
    ).json()
    times = shaped["time"]["data"]
    assert len(times) == size == len(shaped["distance"]["data"])
    assert (times[0], times[-1]) == (0, 1560)
    assert times == sorted(set(times))
    assert shaped["time"]["original_size"] == 1561
    assert shaped["time"]["resolution"] == resolution


def test_manual_activity_has_no_streams(ask: Asker) -> None:
    assert ask.get(f"/activities/{MANUAL}/streams", keys="time").status_code == 404


def test_other_streams(ask: Asker) -> None:
    effort = ask.get(
        f"/segment_efforts/{EFFORT}/streams", keys="time", key_by_type="true"
    ).json()
    assert effort["time"]["data"][0] == 600
    assert len(effort["time"]["data"]) == 301
    segment = ask.get(f"/segments/{SEGMENT}/streams").json()
    assert [item["type"] for item in segment] == ["distance", "latlng", "altitude"]
    route = ask.get(f"/routes/{ROUTE}/streams/").json()
    assert all(set(item) == {"type", "data"} for item in route)


# -- segments --------------------------------------------------------------------


def test_segment_is_personal(ask: Asker) -> None:
    segment = ask.get(f"/segments/{SEGMENT}").json()
    assert segment["starred"] is True
    assert segment["athlete_segment_stats"]["pr_elapsed_time"] == 300
    assert segment["athlete_segment_stats"]["pr_date"] == "2026-11-20"
    assert ask.get(f"/segments/{PRIVATE_SEGMENT}").status_code == 200


def test_private_things_need_read_all(small: LocalStrava) -> None:
    ask = Asker(small, small.token("read"))
    assert ask.get(f"/segments/{PRIVATE_SEGMENT}").status_code == 404
    assert ask.get(f"/routes/{PRIVATE_ROUTE}").status_code == 404
    routes = ask.get(f"/athletes/{ANNA}/routes").json()
    assert [route["id"] for route in routes] == [ROUTE]


def test_starring(ask: Asker) -> None:
    path = f"/segments/{SEGMENT}/starred"
    answer = ask("PUT", path, data={"starred": "false"}).json()
    assert (answer["starred"], answer["star_count"]) == (False, 1)
    assert ask.get("/segments/starred").json() == []
    ask("PUT", path, json={"starred": True})
    starred = ask.get("/segments/starred").json()[0]
    assert starred["athlete_pr_effort"]["id"] == EFFORT
    assert starred["pr_time"] == 300
    assert starred["starred_date"] == "2026-11-25T12:00:00Z"


def test_efforts(ask: Asker) -> None:
    efforts = ask.get(
        "/segment_efforts",
        segment_id=SEGMENT,
        start_date_local="2026-11-20T06:10:00Z",
        end_date_local="2026-11-20T06:10:00Z",
    ).json()
    assert [effort["id"] for effort in efforts] == [EFFORT]
    late = ask.get(
        "/segment_efforts", segment_id=SEGMENT, start_date_local="2026-11-21"
    )
    assert late.json() == []
    single = ask.get(f"/segment_efforts/{EFFORT}").json()
    assert single["resource_state"] == 3
    assert single["activity"]["name"].startswith("Run")
    assert single["athlete"]["username"] == "anna"
    assert ask.get(f"/segments/{SEGMENT}/all_efforts").status_code == 200
    assert ask.get("/segment_efforts").status_code == 400
    assert ask.get(f"/athletes/{ANNA}/koms").json() == []


# -- clubs, gear, routes ---------------------------------------------------------


def test_removed_and_restricted_endpoints(ask: Asker) -> None:
    gone = ask.get(f"/clubs/{CLUB}/activities")
    assert (gone.status_code, error(gone)) == (404, ("resource", "path", "invalid"))
    for path in (f"/clubs/{CLUB}/members", f"/clubs/{CLUB}/admins"):
        answer = ask.get(path)
        assert answer.status_code == 401
        assert error(answer) == ("Application", "internal", "invalid")
    explored = ask.get("/segments/explore", bounds="47,11,48,12")
    assert explored.status_code == 401
    assert ask("POST", "/routes").status_code == 401
    nowhere = ask.get("/no/such/path")
    assert (nowhere.status_code, error(nowhere)) == (
        404,
        ("resource", "path", "invalid"),
    )


def test_profile_before_the_removal() -> None:
    clock = Clock(NOON, frozen=True)
    with LocalStrava(small_world(), profile="2026-05", clock=clock) as strava:
        ask = Asker(strava, strava.token())
        members = ask.get(f"/clubs/{CLUB}/members").json()
        assert members[1] == {
            "resource_state": 2,
            "firstname": "Bert",
            "lastname": "M.",
            "membership": "member",
            "admin": True,
            "owner": True,
        }
        activity = ask.get(f"/clubs/{CLUB}/activities", per_page=1).json()[0]
        assert "id" not in activity
        assert activity["athlete"]["lastname"] == "H."
        found = ask.get(
            "/segments/explore", bounds="47,11,48,12", activity_type="running"
        ).json()["segments"]
        assert [segment["id"] for segment in found] == [SEGMENT]
        assert found[0]["climb_category_desc"] == "NC"
        bad = ask.get("/segments/explore", bounds="47,11")
        assert bad.status_code == 400
        assert ask("POST", f"/clubs/{CLUB}/leave").json()["success"] is True
        assert ask.get("/athlete/clubs").json() == []


def test_profile_of_2027() -> None:
    clock = Clock(NOON, frozen=True)
    with LocalStrava(small_world(), profile="2027-06", clock=clock) as strava:
        assert strava.url == strava.origin
        token = strava.token()
        ask = Asker(strava, token)
        assert ask.get("/athlete").status_code == 200
        assert ask.get("/api/v3/athlete").status_code == 404
        del ask.session.headers["Authorization"]
        assert ask.get("/athlete", access_token=token).status_code == 401
    with LocalStrava(small_world(), clock=clock) as strava:
        ask = Asker(strava, strava.token())
        del ask.session.headers["Authorization"]
        assert ask.get("/athlete", access_token=strava.token()).status_code == 200


def test_club_and_events(ask: Asker) -> None:
    club = ask.get(f"/clubs/{CLUB}").json()
    assert (club["membership"], club["admin"]) == ("member", False)
    summary = ask.get("/athlete/clubs").json()[0]
    assert "membership" not in summary
    assert ask.get(f"/clubs/{CLUB}/group_events").json()[0]["created_at"] == ""
    assert len(ask.get(f"/clubs/{CLUB}/group_events", upcoming="true").json()) == 1


def test_gear(ask: Asker) -> None:
    assert ask.get("/gear/b401").json()["frame_type"] == 5
    missing = ask.get("/gear/b999")
    assert (missing.status_code, error(missing)) == (404, ("Gear", "id", "invalid"))


def test_routes_and_exports(ask: Asker) -> None:
    summary = ask.get(f"/athletes/{ANNA}/routes").json()[0]
    assert "segments" not in summary
    assert "polyline" not in summary["map"]
    assert summary["id_str"] == str(summary["id"])
    route = ask.get(f"/routes/{ROUTE}").json()
    assert route["map"]["polyline"]
    gpx = ask.get(f"/routes/{ROUTE}/export_gpx")
    assert gpx.headers["Content-Type"] == "application/gpx+xml"
    assert gpx.headers["Content-Disposition"] == (
        'attachment; filename="strava_River loop.gpx"; '
        "filename*=UTF-8''strava_River%20loop.gpx"
    )
    points = ET.fromstring(gpx.content).findall(".//{*}trkpt")
    assert [point.get("lat") for point in points] == [
        "47.280000",
        "47.285000",
        "47.290000",
    ]
    tcx = ET.fromstring(ask.get(f"/routes/{ROUTE}/export_tcx").content)
    assert [
        node.text for node in tcx.findall(".//{*}Trackpoint/{*}DistanceMeters")
    ] == [
        "0.0",
        "1000.0",
        "2000.0",
    ]


def test_etag_and_request_id(ask: Asker) -> None:
    first = ask.get("/gear/b401")
    again = ask("GET", "/gear/b401", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert first.headers["X-Request-Id"] != again.headers["X-Request-Id"]


@pytest.mark.parametrize("body", [b"{", b"[1]", b'"text"', b"\xff\xfe", b"[" * 100_000])
def test_bad_json_is_a_bad_request(ask: Asker, body: bytes) -> None:
    answer = ask(
        "PUT",
        f"/activities/{RUN}",
        data=body,
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code == 400


def test_inactive_application(small: LocalStrava, ask: Asker) -> None:
    small.application.active = False
    answer = ask.get("/athlete")
    assert answer.status_code == 403
    assert error(answer) == ("Application", "Status", "Inactive")


def test_records_mask_secrets(ask: Asker, small: LocalStrava) -> None:
    ask.get("/athlete", access_token="visible")
    seen = small.requests[-1]
    assert seen.bearer
    assert seen.headers["authorization"] == "Bearer ***"
    assert seen.query == {"access_token": "***"}
    assert seen.athlete_id == ANNA
