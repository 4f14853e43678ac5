from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from stravalib.archive import Archive, importing
from stravalib.formats import read, write

from . import exports, local
from .samples import ME, Clock, summary

if TYPE_CHECKING:
    from stravalib.archive.plan import Progress


def content(archive: Archive) -> dict[Any, Any]:
    return {
        (record.kind, record.key, record.source): (
            record.body,
            archive.store.streams(record.id),
        )
        for record in archive.store.records()
    }


def test_an_export_becomes_an_archive(archive: Archive, tmp_path: Path) -> None:
    result = archive.import_export(exports.bulk(tmp_path))
    assert result.athlete_id == ME
    assert (result.outcome, result.exit_code) == ("complete", 0), result.problems
    assert (len(result.added), result.tracks, result.media) == (4, 3, 1)
    rows = {row["id"]: row for row in archive.activities()}
    assert rows[5001]["name"] == "Jog 1"
    assert rows[5001]["source"] == "export"
    assert rows[5001]["distance"] == 420.0
    assert rows[5001]["start_lat"] == 45.0
    assert rows[5003]["manual"] is True
    assert archive.raw("activity_row", 5001)["activity_gear"] == "Old shoes"
    assert archive.sql("SELECT name, brand FROM gears")["brand"] == ["Own"]
    assert archive.sql("SELECT firstname FROM athletes")["firstname"] == ["Ada"]
    assert archive.sql("SELECT name FROM routes")["name"] == ["Loop"]
    assert archive.sql("SELECT activity_id FROM laps")["activity_id"] == [
        5000,
        5001,
        5002,
    ]
    files = archive.store.query("SELECT path, size FROM file")
    assert [(archive.store.files / path).read_bytes() for path, _ in files] == [
        b"\xff\xd8 picture"
    ]


def test_recordings_come_back_as_they_were(archive: Archive, tmp_path: Path) -> None:
    archive.import_export(exports.bulk(tmp_path))
    (found,) = read(write(exports.track(1), "gpx"))
    kept = archive.track(5001)
    assert kept.points == found.points
    assert kept.laps == found.laps
    assert kept.start == found.start
    assert kept.name == "Jog 1"
    frame = archive.streams(5001)
    assert frame["time"] == [float(i) for i in range(30)]
    assert frame["heartrate"][2:5] == [132, None, 134]


def test_the_same_export_again_reads_no_file(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = exports.bulk(tmp_path)
    archive.import_export(path)
    from stravalib.formats import BulkExport

    monkeypatch.setattr(BulkExport, "track", None)
    result = archive.import_export(path)
    assert (result.same, result.added, result.changed) == (4, [], [])


def test_a_newer_export_adds_and_changes(archive: Archive, tmp_path: Path) -> None:
    archive.import_export(exports.bulk(tmp_path))
    rows = [exports.row(n) for n in range(6)]
    rows[0]["Activity Name"] = "Renamed"
    rows[3]["Filename"] = ""
    result = archive.import_export(exports.bulk(tmp_path, rows=rows))
    assert (result.added, result.changed) == ([5004, 5005], [5000])
    assert result.tracks == 2
    assert archive.track(5000).points.lat[0] == 45.0


def test_a_damaged_file_leaves_its_row(archive: Archive, tmp_path: Path) -> None:
    rows = [exports.row(0), exports.row(1, Filename="activities/none.fit.gz")]
    result = archive.import_export(exports.bulk(tmp_path, rows=rows))
    assert (result.outcome, result.exit_code) == ("partial", 4)
    assert len(archive.activities()) == 2
    assert any("none.fit.gz" in problem for problem in result.problems)


def test_an_interrupted_import_goes_on(
    archive: Archive, tmp_path: Path, clock: Clock
) -> None:
    path = exports.bulk(tmp_path)

    def stop(progress: Progress) -> None:
        if progress.done == 2:
            raise KeyboardInterrupt

    result = archive.import_export(path, progress=stop)
    assert (result.outcome, result.exit_code) == ("interrupted", 130)
    assert len(archive.activities()) == 2
    result = archive.import_export(path)
    assert (len(result.added), result.same) == (2, 2)
    with Archive(tmp_path / "whole.db", clock=clock) as whole:
        whole.import_export(path)
        assert content(whole) == content(archive)


def test_what_was_forgotten_is_not_imported_again(
    archive: Archive, tmp_path: Path
) -> None:
    path = exports.bulk(tmp_path)
    archive.import_export(path)
    archive.forget(activity_id=5001)
    result = archive.import_export(path)
    assert result.skipped == [("5001", "forgotten on request")]
    assert 5001 not in archive.activities()["id"]


def test_another_athletes_export_is_refused(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="4242"):
        archive.import_export(exports.bulk(tmp_path), athlete_id=1)


def test_export_and_api_are_shown_once_and_kept_apart(
    archive: Archive, tmp_path: Path, clock: Clock
) -> None:
    archive.import_export(exports.bulk(tmp_path))
    archive.add("activity", summary(1, id=5001, name="API name"), athlete_id=ME)
    rows = {row["id"]: row for row in archive.activities()}
    assert len(rows) == 4
    assert (rows[5001]["name"], rows[5001]["sources"]) == ("API name", "api,export")
    assert archive.raw("activity", 5001, source="export")["name"] == "Jog 1"
    assert archive.stream_set(5001).source == "export"
    clock.now += 8 * 86_400
    archive.purge()
    rows = {row["id"]: row for row in archive.activities()}
    assert rows[5001]["name"] == "Jog 1"


def loose(folder: Path, *numbers: int, kind: str = "gpx") -> Path:
    folder.mkdir(exist_ok=True)
    for number in numbers:
        data = write(exports.track(number), kind)
        (folder / f"ride{number}.{kind}").write_bytes(data)
    return folder


def test_loose_files(archive: Archive, tmp_path: Path) -> None:
    folder = loose(tmp_path / "in", 0, 1)
    (folder / "deep").mkdir()
    loose(folder / "deep", 2, kind="tcx.gz")
    (folder / "bad.fit").write_bytes(b"no fit at all")
    (folder / "note.txt").write_text("not looked at")
    result = archive.import_files(folder)
    assert len(result.added) == 3
    assert (result.outcome, len(result.problems)) == ("partial", 1)
    assert "bad.fit" in result.problems[0]
    names = sorted(archive.activities()["name"])
    assert names == ["ride0", "ride1", "ride2"]
    assert all(number < 0 for number in archive.activities()["id"])
    assert archive.import_files(folder).same == 3


def test_the_same_outing_twice_is_kept_once(archive: Archive, tmp_path: Path) -> None:
    folder = loose(tmp_path / "in", 0)
    loose(folder, 0, kind="tcx")
    (folder / "packed.gpx.gz").write_bytes(
        gzip.compress((folder / "ride0.gpx").read_bytes())
    )
    result = archive.import_files(folder)
    assert len(result.added) == 1
    assert [name for name, _ in result.duplicates] == ["ride0.tcx"]
    assert result.same == 1


def test_a_recording_joins_its_activity(archive: Archive, tmp_path: Path) -> None:
    start = exports.BEGIN.strftime("%Y-%m-%dT%H:%M:%SZ")
    archive.add(
        "activity", summary(1, start_date=start, elapsed_time=31), athlete_id=ME
    )
    archive.import_files(loose(tmp_path / "in", 0))
    (row,) = archive.activities()
    assert row["sources"] == "api,file"
    assert archive.stream_set(row["id"]).source == "file"


def test_a_forgotten_recording_is_not_imported_again(
    archive: Archive, tmp_path: Path
) -> None:
    start = exports.BEGIN.strftime("%Y-%m-%dT%H:%M:%SZ")
    body = summary(1, start_date=start, elapsed_time=31)
    archive.add("activity", body, athlete_id=ME)
    folder = loose(tmp_path / "in", 0)
    archive.import_files(folder)
    archive.forget(activity_id=body["id"])
    archive.store.execute("DELETE FROM state")
    result = archive.import_files(folder)
    assert result.added == []
    assert [reason for _, reason in result.skipped] == ["forgotten on request"]


def test_files_are_joined_when_the_api_comes_later(
    archive: Archive, tmp_path: Path
) -> None:
    archive.import_files(loose(tmp_path / "in", 0))
    assert archive.info()["athletes"] == [importing.UNKNOWN_ATHLETE]
    with local.strava(0) as server:
        start = exports.BEGIN.strftime("%Y-%m-%dT%H:%M:%SZ")
        activity = local.activity(1, start_date=start, elapsed_time=31)
        server.state.add_activities(ME, [activity])
        archive.sync(local.client(server), what=[])
    (row,) = archive.activities()
    assert (row["id"], row["athlete_id"], row["sources"]) == (1001, ME, "api,file")
    assert archive.info()["athletes"] == [ME]


def test_files_made_of_api_data_are_refused(archive: Archive, tmp_path: Path) -> None:
    with local.strava(1) as server:
        archive.sync(local.client(server))
    folder = tmp_path / "out"
    folder.mkdir()
    archive.export(1000, folder / "a.gpx")
    archive.export(1000, folder / "b.tcx.gz")
    result = archive.import_files(folder)
    assert result.added == []
    assert [name for name, _ in result.skipped] == ["a.gpx", "b.tcx.gz"]
    assert "6.6" in result.skipped[0][1]


def test_whose_files_these_are(archive: Archive, tmp_path: Path) -> None:
    archive.add("athlete", {"id": 1}, athlete_id=1)
    archive.add("athlete", {"id": 2}, athlete_id=2)
    folder = loose(tmp_path / "in", 0)
    with pytest.raises(ValueError, match="2 athletes"):
        archive.import_files(folder)
    assert archive.import_files(folder, athlete_id=2).added
    with pytest.raises(FileNotFoundError):
        archive.import_files(folder / "none", athlete_id=2)


@pytest.mark.corpus
def test_every_file_of_the_corpus(archive: Archive) -> None:
    folder = Path(__file__).parents[3] / "shared" / "corpus" / "files"
    if not folder.is_dir():
        pytest.skip("no ../shared/corpus")
    result = archive.import_files(folder)
    assert len(result.added) > 20
    for number in archive.activities()["id"]:
        kept = archive.track(number)
        body, columns = importing.tracks.pack(kept)
        again = importing.tracks.unpack(body, columns)
        assert again.points == kept.points
        assert again.laps == kept.laps
