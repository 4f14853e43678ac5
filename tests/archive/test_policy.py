from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stravalib.archive import Archive, Record
from stravalib.archive.files import keep_file
from stravalib.archive.store import StoredFile

from .samples import ME, OTHER, Clock, detail, streams, summary

if TYPE_CHECKING:
    from pathlib import Path

DAY = 86_400


def permanent(archive: Archive, number: int) -> None:
    body = summary(number, name="from my export")
    archive.store.put(
        Record(ME, "activity", str(body["id"]), "export", body, int(archive.clock()))
    )


def test_api_data_go_after_seven_days(archive: Archive, clock: Clock) -> None:
    archive.add("activity", summary(1), athlete_id=ME)
    clock.now += 7 * DAY - 1
    assert archive.purge() is None
    archive.add("activity", summary(2), athlete_id=ME)
    clock.now += 1
    receipt = archive.purge()
    assert receipt is not None
    assert receipt.removed == {"activity": 1}
    assert archive.activities()["id"] == [summary(2)["id"]]


def test_opening_purges(tmp_path: Path, clock: Clock) -> None:
    with Archive(tmp_path / "a.db", clock=clock) as archive:
        archive.add("activity", summary(1), athlete_id=ME)
    clock.now += 8 * DAY
    with Archive(tmp_path / "a.db", clock=clock) as archive:
        assert len(archive.activities()) == 0
        assert [r.action for r in archive.receipts()] == ["expired"]


def test_fetching_again_counts_anew(archive: Archive, clock: Clock) -> None:
    archive.add("activity", summary(1), athlete_id=ME)
    clock.now += 6 * DAY
    archive.add("activity", summary(1), athlete_id=ME)
    clock.now += 6 * DAY
    assert archive.purge() is None


def test_a_decision_keeps_and_its_end_does_not(archive: Archive, clock: Clock) -> None:
    archive.add("activity", summary(1), athlete_id=ME)
    archive.add("activity", summary(2), athlete_id=OTHER)
    decision = archive.keep("my own data, for my own use", athlete_id=ME)
    assert "my own data" in str(decision)
    clock.now += 30 * DAY
    archive.purge()
    assert archive.activities()["id"] == [summary(1)["id"]]
    archive.add("activity", summary(3), athlete_id=ME)
    archive.end_decision(decision.id)
    archive.purge()
    assert archive.activities()["id"] == [summary(3)["id"]]
    assert archive.decisions()[0].ended_at is not None


def test_a_decision_for_some_days(archive: Archive, clock: Clock) -> None:
    archive.keep("training log of this season", days=100)
    archive.add("activity", summary(1), athlete_id=ME)
    clock.now += 99 * DAY
    assert archive.purge() is None
    clock.now += DAY
    assert archive.purge() is not None


@pytest.mark.parametrize(("reason", "days"), [(" ", None), ("good", 3)])
def test_a_decision_needs_a_reason(archive: Archive, reason: str, days: int) -> None:
    with pytest.raises(ValueError):
        archive.keep(reason, days=days)
    assert archive.decisions() == []


def test_exports_are_permanent_and_stay_apart(archive: Archive, clock: Clock) -> None:
    permanent(archive, 1)
    archive.add("activity", summary(1), athlete_id=ME)
    (row,) = archive.activities()
    assert (row["source"], row["sources"]) == ("api", "api,export")
    clock.now += 8 * DAY
    archive.purge()
    (row,) = archive.activities()
    assert (row["source"], row["name"]) == ("export", "from my export")


def test_gone_at_strava_leaves_what_is_ones_own(archive: Archive) -> None:
    permanent(archive, 1)
    number = summary(1)["id"]
    archive.add("activity", summary(1), athlete_id=ME)
    receipt = archive.forget(activity_id=number, sources=("api",), reason="deleted")
    assert receipt.removed == {"activity": 1}
    assert archive.activities()["source"] == ["export"]


def test_forget_an_activity_everywhere(archive: Archive) -> None:
    number = summary(1)["id"]
    permanent(archive, 1)
    archive.add("activity", summary(1), athlete_id=ME)
    archive.add("activity", summary(2, name="SECRETMARK"), athlete_id=ME)
    archive.add("activity_detail", detail(1, name="UNIQUEMARK"), athlete_id=ME)
    archive.add("activity_streams", streams(), key=number, athlete_id=ME)
    files = archive.store.files
    name = "4242/p1.jpg"
    sha = keep_file(files, name, b"picture")
    archive.add("activity_photos", [{"unique_id": "p1"}], key=number, athlete_id=ME)
    record = next(archive.store.records("activity_photos"))
    archive.store.put(record, files=[StoredFile("p1", name, sha, 7)])
    assert (files / name).exists()
    archive.add("segment_effort", {"id": 5, "activity": {"id": number}}, athlete_id=ME)
    archive.activities().to_csv(archive.store.path.with_name("x.csv"))
    receipt = archive.forget(activity_id=number)
    assert receipt.removed == {
        "activity": 2,
        "activity_detail": 1,
        "activity_photos": 1,
        "activity_streams": 1,
        "segment_effort": 1,
    }
    assert not (files / name).exists()
    assert archive.activities()["id"] == [summary(2)["id"]]
    for table in ("lap", "effort", "stream", "photo", "file", "removal"):
        assert archive.store.query(f"SELECT count(*) FROM {table}") == [(0,)]
    assert archive.store.query("SELECT activity_id FROM forgotten") == [(number,)]
    archive.close()
    left = archive.store.path.read_bytes()
    assert b"UNIQUEMARK" not in left
    assert b"SECRETMARK" in left


def test_forget_an_athlete(archive: Archive) -> None:
    archive.add("activity", summary(1), athlete_id=ME)
    archive.add("athlete", {"id": ME, "firstname": "A"}, athlete_id=ME)
    archive.add("activity", summary(2), athlete_id=OTHER)
    archive.keep("mine", athlete_id=ME)
    receipt = archive.forget(athlete_id=ME, reason="left us")
    assert receipt.removed == {"activity": 1, "athlete": 1}
    assert archive.info()["athletes"] == [OTHER]
    assert archive.decisions() == []
    (kept,) = archive.receipts()
    assert kept == receipt
    assert "left us" in str(kept)
    assert kept.at.startswith("2025-06-15T")


def test_revocation_leaves_the_export(archive: Archive) -> None:
    permanent(archive, 1)
    archive.add("activity", summary(2), athlete_id=ME)
    archive.forget(athlete_id=ME, sources=("api",), reason="access revoked")
    assert archive.activities()["source"] == ["export"]


def test_forget_what(archive: Archive) -> None:
    with pytest.raises(ValueError, match="activity_id"):
        archive.forget()
    with pytest.raises(ValueError, match="cloud"):
        archive.forget(activity_id=1, sources=("cloud",))  # type: ignore[arg-type]


def test_a_recording_and_its_activity_are_one(archive: Archive, clock: Clock) -> None:
    body = summary(1)
    own = {**summary(1), "id": -5, "name": "from the watch"}
    archive.store.put(Record(ME, "activity", "-5", "file", own, int(clock())))
    archive.add("activity", body, athlete_id=ME)
    assert len(archive.activities()) == 2
    archive.store.link(ME, -5, body["id"])
    (row,) = archive.activities()
    assert row["sources"] == "api,file"
    archive.forget(activity_id=body["id"], sources=("api",), reason="deleted")
    (row,) = archive.activities()
    assert (row["id"], row["source"]) == (-5, "file")


def event(kind: str, number: int, aspect: str, **updates: str) -> dict[str, object]:
    return {
        "object_type": kind,
        "object_id": number,
        "aspect_type": aspect,
        "owner_id": ME,
        "updates": updates,
        "subscription_id": 1,
        "event_time": 1,
    }


def test_webhook_events(archive: Archive) -> None:
    permanent(archive, 1)
    for number in (1, 2, 3):
        archive.add("activity", summary(number), athlete_id=ME)
    first, second = summary(1)["id"], summary(2)["id"]
    assert archive.apply_event(event("activity", second, "create")) is None
    receipt = archive.apply_event(event("activity", first, "delete"))
    assert receipt is not None
    assert receipt.reason == "deleted at Strava"
    assert archive.raw("activity", first, source="export")
    assert archive.apply_event(event("activity", second, "update", title="x")) is None
    assert archive.store.query("SELECT kind, key FROM stale") == [
        ("activity_detail", str(second))
    ]
    revoked = event("athlete", ME, "update", authorized="false")
    receipt = archive.apply_event(revoked)
    assert receipt is not None
    assert receipt.removed == {"activity": 2}
    assert archive.activities()["source"] == ["export"]
