from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stravalib.archive import NotKept
from stravalib.formats import read

from . import exports, local
from .samples import ME, streams, summary

if TYPE_CHECKING:
    from pathlib import Path

    from stravalib.archive import Archive


@pytest.fixture
def filled(archive: Archive, tmp_path: Path) -> Archive:
    archive.import_export(exports.bulk(tmp_path))
    with local.strava(2) as server:
        archive.sync(local.client(server), what="all", download=lambda url: (b"", ""))
    return archive


@pytest.mark.parametrize("kind", ["gpx", "tcx", "fit", "gpx.gz", "fit.gz"])
@pytest.mark.parametrize("number", [1001, 5001])
def test_files_read_back(
    filled: Archive, tmp_path: Path, kind: str, number: int
) -> None:
    made = filled.export(number, tmp_path / f"x.{kind}")
    (found,) = read(made)
    kept = filled.track(number)
    assert len(found.points) == len(kept.points) > 0
    assert found.points.heartrate == kept.points.heartrate
    assert found.points.lat == pytest.approx(kept.points.lat, abs=1e-6)
    assert [round(t or 0) for t in found.points.time] == [
        round(t or 0) for t in kept.points.time
    ]
    assert found.sport == kept.sport


def test_other_formats(filled: Archive, tmp_path: Path) -> None:
    for kind in ("geojson", "csv"):
        assert filled.export(5001, tmp_path, format=kind).stat().st_size > 500
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(filled.export(5001, tmp_path / "x.parquet"))
    assert table.num_rows == 30


def test_routes(filled: Archive, tmp_path: Path) -> None:
    made = filled.export(3329485690369457990, tmp_path / "r.gpx", of="route")
    (found,) = read(made)
    assert (found.kind, found.name) == ("route", "Loop")
    assert found.points.lat == [1.0, 1.1]


def test_what_cannot_be_written(filled: Archive, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="gpx, tcx, fit"):
        filled.export(5001, tmp_path / "x.doc")
    with pytest.raises(ValueError, match="format="):
        filled.export(5001, tmp_path)
    with pytest.raises(NotKept):
        filled.export(1, tmp_path / "x.gpx")
    assert list(tmp_path.glob("x.*")) == []
    assert list(tmp_path.glob(".*part")) == []


def test_a_file_that_fails_leaves_the_one_before(
    filled: Archive, tmp_path: Path
) -> None:
    target = tmp_path / "x.gpx"
    target.write_text("before")
    with pytest.raises(NotKept):
        filled.export(1, target)
    assert target.read_text() == "before"


def test_the_whole_archive_as_parquet(filled: Archive, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    made = filled.export_all(tmp_path / "all")
    assert {path.stem for path in made} >= {"activities", "streams", "records", "laps"}
    activities = parquet.read_table(tmp_path / "all" / "activities.parquet")
    assert activities.num_rows == len(filled.activities()) == 6
    points = parquet.read_table(tmp_path / "all" / "streams.parquet")
    assert points.num_rows == 2 * 20 + 3 * 30
    records = parquet.read_table(tmp_path / "all" / "records.parquet")
    assert records.num_rows == filled.sql("SELECT count(*) AS n FROM record")["n"][0]


def test_the_archive_served(filled: Archive) -> None:
    from stravalib.emulator import LocalStrava
    from stravalib.emulator.world import load_json

    world = load_json(filled.recorded())
    with LocalStrava(world) as server:
        assert server.athlete_id == ME
        strava = local.client(server)
        found = {item.id: item for item in strava.get_activities()}
        assert sorted(found) == [1000, 1001, 5000, 5001, 5002, 5003]
        assert found[5001].name == "Jog 1"
        shown = strava.get_activity_streams(1001, types=["heartrate", "latlng"])
        assert shown["heartrate"].data == [None, *range(121, 140)]
        shown = strava.get_activity_streams(5001, types=["heartrate"])
        assert shown["heartrate"].data[:3] == [130, 131, 132]


def test_a_segment_track(archive: Archive) -> None:
    archive.add("segment", {"id": 7, "name": "Hill", "distance": 5.0}, athlete_id=ME)
    archive.add("segment_streams", streams(9), key=7, athlete_id=ME)
    track = archive.track(7, of="segment")
    assert (track.kind, len(track.points)) == ("route", 9)
    with pytest.raises(ValueError, match="club"):
        archive.track(7, of="club")


def test_an_activity_without_streams(archive: Archive) -> None:
    archive.add("activity", summary(1), athlete_id=ME)
    track = archive.track(summary(1)["id"])
    assert track.totals.distance == 20001.5
    assert len(track.points) == 0


@pytest.mark.parametrize("name", ["a.gpx", "a.tcx", "a.fit", "a.csv"])
def test_no_hollow_file_is_written(archive: Archive, tmp_path: Path, name: str) -> None:
    archive.add("activity", summary(1), athlete_id=ME)
    with pytest.raises(NotKept, match=r"are not in .* yet: run a sync"):
        archive.export(summary(1)["id"], tmp_path / name)
    assert not (tmp_path / name).exists()
