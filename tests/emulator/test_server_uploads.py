from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from asking import NOON, Asker
from small_world import activity_detail, run_streams, small_world

from stravalib.emulator import Clock, LocalStrava
from stravalib.emulator.records import (
    ActivityRecord,
    AthleteRecord,
    RejectedUpload,
    UploadOptions,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


PLAIN = UploadOptions()


def processor(
    data: bytes,
    data_type: str,
    *,
    athlete: AthleteRecord,
    now: float,
    options: UploadOptions = PLAIN,
) -> ActivityRecord:
    """Stand in for the reading of files: the text is the start of the activity."""
    if data == b"crash":
        raise ZeroDivisionError
    if not data.startswith(b"2"):
        raise RejectedUpload("Time information is missing from file.")
    detail = activity_detail(
        0,
        data.decode(),
        name=options.name or "Morning Run",
        sport_type=options.sport_type or "Run",
        laps=[{"id": 0, "name": "Lap 1"}],
    )
    return ActivityRecord(detail, run_streams())


@pytest.fixture
def ask() -> Iterator[Asker]:
    clock = Clock(NOON, frozen=True)
    with LocalStrava(
        small_world(), clock=clock, processor=processor, upload_delay=1
    ) as strava:
        yield Asker(strava, strava.token())


def send(ask: Asker, data: bytes, **fields: Any) -> Any:
    form = {"data_type": "fit"} | fields
    return ask("POST", "/uploads", files={"file": ("ride.fit", data)}, data=form)


def test_four_statuses(ask: Asker) -> None:
    reply = send(ask, b"2026-11-24T06:00:00Z", name="Dawn", sport_type="TrailRun")
    assert reply.status_code == 201
    upload = reply.json()
    assert upload == {
        "id": upload["id"],
        "id_str": str(upload["id"]),
        "external_id": None,
        "error": None,
        "status": "Your activity is still being processed.",
        "activity_id": None,
    }
    path = f"/uploads/{upload['id']}"
    assert ask.get(path).json() == upload
    ask.strava.clock.move(1)
    ready = ask.get(path).json()
    assert ready["status"] == "Your activity is ready."
    assert ready["external_id"] == "ride.fit"
    activity = ask.get(f"/activities/{ready['activity_id']}").json()
    assert (activity["name"], activity["sport_type"]) == ("Dawn", "TrailRun")
    assert activity["upload_id"] == upload["id"]
    assert activity["map"]["id"] == f"a{activity['id']}"
    assert activity["laps"][0]["activity"]["id"] == activity["id"]
    assert ask.get("/athlete/activities", per_page=1).json()[0]["id"] == activity["id"]
    ask.strava.app.delete_activity(activity["id"])
    deleted = ask.get(path).json()
    assert deleted["status"] == "The created activity has been deleted."
    assert (deleted["error"], deleted["activity_id"]) == (None, None)


def test_errors_and_duplicates(ask: Asker) -> None:
    first = send(ask, b"2026-11-24T06:00:00Z").json()
    waiting = send(ask, b"2026-11-24T06:00:00Z", external_id="again").json()
    no_time = send(ask, b"none").json()
    crash = send(ask, b"crash").json()
    ask.strava.clock.move(1)
    # the copy is looked at while the first one still waits
    text = ask.get(f"/uploads/{waiting['id']}").json()
    assert text["error"] == (
        f"again.fit duplicate of an uploading activity ({first['id']})"
    )
    made = ask.get(f"/uploads/{first['id']}").json()["activity_id"]
    assert ask.get(f"/uploads/{no_time['id']}").json() == {
        "id": no_time["id"],
        "id_str": str(no_time["id"]),
        "external_id": "ride.fit",
        "error": "Time information is missing from file.",
        "status": "There was an error processing your activity.",
        "activity_id": None,
    }
    malformed = ask.get(f"/uploads/{crash['id']}").json()
    assert malformed["error"] == "Improperly formatted data."
    late = send(ask, b"2026-11-24T06:03:00Z").json()
    ask.strava.clock.move(1)
    assert ask.get(f"/uploads/{late['id']}").json()["error"] == (
        f"ride.fit duplicate of <a href='/activities/{made}' target='_blank'>"
        "Morning Run</a>"
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"data_type": "pdf"}, "data_type"),
        ({"data_type": ""}, "data_type"),
        ({"sport_type": "run"}, "sport_type"),
    ],
)
def test_bad_forms(ask: Asker, changes: dict[str, str], field: str) -> None:
    reply = send(ask, b"2026", **changes)
    assert reply.status_code == 400
    entry = reply.json()["errors"][0]
    assert (entry["resource"], entry["field"]) == ("Upload", field)


def test_file_is_needed_and_type_in_any_case(ask: Asker) -> None:
    missing = ask("POST", "/uploads", data={"data_type": "fit"})
    assert missing.json()["errors"][0]["field"] == "file"
    assert send(ask, b"2026-11-24T06:00:00Z", data_type="FIT").status_code == 201


def test_parameters_may_be_in_the_query(ask: Asker) -> None:
    reply = ask(
        "POST",
        "/uploads",
        params={"data_type": "tcx", "external_id": "E"},
        files={"file": b"2026-11-24T06:00:00Z"},
    )
    ask.strava.clock.move(1)
    upload = ask.get(f"/uploads/{reply.json()['id']}").json()
    assert upload["external_id"] == "E.tcx"


def test_an_empty_file_is_refused_at_once(ask: Asker) -> None:
    reply = send(ask, b"")
    assert reply.status_code == 400
    assert reply.json()["error"] == "Improperly formatted data."
    assert reply.json()["activity_id"] is None
    again = ask.get(f"/uploads/{reply.json()['id']}").json()
    assert again == reply.json()


def test_too_long_body_is_refused(ask: Asker) -> None:
    reply = send(ask, b"2" * (27 * 1024 * 1024))
    assert reply.status_code == 413


def test_foreign_upload_and_scope(ask: Asker) -> None:
    upload = send(ask, b"2026-11-24T06:00:00Z").json()
    assert ask.get("/uploads/5").status_code == 404
    reader = Asker(ask.strava, ask.strava.token("read"))
    refused = reader.get(f"/uploads/{upload['id']}")
    assert refused.status_code == 401
    assert refused.json()["errors"][0]["field"] == "activity:write_permission"


def test_processing_does_not_stop_the_server() -> None:
    started, go_on = threading.Event(), threading.Event()

    def slow(data: bytes, data_type: str, **how: Any) -> ActivityRecord:
        started.set()
        assert go_on.wait(10)
        return processor(data, data_type, **how)

    with LocalStrava(small_world(), processor=slow, upload_delay=0) as strava:
        ask = Asker(strava, strava.token())
        send(ask, b"2026-11-24T06:00:00Z")
        assert started.wait(10)
        assert ask.get("/athlete").status_code == 200
        go_on.set()
