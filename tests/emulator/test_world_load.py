"""Loading worlds: folders of files, recorded JSON, a bulk export in any language."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from stravalib.emulator.state import State
from stravalib.emulator.world import generate, load, load_export, load_files, load_json
from stravalib.formats import from_streams, write

if TYPE_CHECKING:
    from pathlib import Path

    from stravalib.emulator.records import ActivityRecord, AthleteRecord, World


@pytest.fixture(scope="module")
def athlete() -> AthleteRecord:
    return next(iter(generate(seed=2, years=0.15)))


def outdoors(athlete: AthleteRecord) -> list[ActivityRecord]:
    return [one for one in athlete.activities if one.detail["start_latlng"]]


def as_file(record: ActivityRecord, kind: str) -> bytes:
    detail = record.detail
    track = from_streams(
        record.streams(),
        start=datetime.fromisoformat(detail["start_date"]).timestamp(),
        sport=detail["sport_type"],
        name=detail["name"],
    )
    return write(track, kind)


def only(world: World) -> AthleteRecord:
    (athlete,) = world.athletes
    athlete.activities = list(athlete.activities)
    return athlete


# -- files -----------------------------------------------------------------------


def test_a_folder_of_files(athlete, tmp_path):
    one, two, three = outdoors(athlete)[:3]
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "a.gpx").write_bytes(as_file(one, "gpx"))
    (tmp_path / "deep" / "b.tcx.gz").write_bytes(as_file(two, "tcx.gz"))
    (tmp_path / "deep" / "er" / "C.GPX").write_bytes(as_file(three, "gpx"))
    (tmp_path / "deep" / "twin.gpx").write_bytes(as_file(one, "gpx"))
    (tmp_path / "broken.gpx").write_bytes(b"<gpx><trk>")
    (tmp_path / "fake.fit").write_bytes(b"no")
    (tmp_path / "notes.txt").write_text("not looked at")
    problems: list[tuple[str, str]] = []
    world = load_files(tmp_path, on_problem=lambda *p: problems.append(p))
    found = only(world)
    starts = {a.detail["start_date"]: a.detail for a in found.activities}
    assert set(starts) == {a.detail["start_date"] for a in (one, two, three)}
    assert sorted(path for path, _ in problems) == [
        "broken.gpx",
        "deep/twin.gpx",
        "fake.fit",
    ]
    for record in (one, two, three):
        got = starts[record.detail["start_date"]]
        assert got["distance"] == pytest.approx(record.detail["distance"], rel=0.01)
        assert got["name"] == record.detail["name"]
        assert got["upload_id_str"] == str(got["upload_id"])
        assert got["map"]["id"] == f"a{got['id']}"
        assert {lap["activity"]["id"] for lap in got["laps"]} == {got["id"]}
    state = State(load_files(tmp_path, on_problem=lambda *_: None))
    assert len(state.activities) == 3


def test_the_same_folder_gives_the_same_ids(athlete, tmp_path):
    (tmp_path / "a.gpx").write_bytes(as_file(outdoors(athlete)[0], "gpx"))
    first, second = only(load_files(tmp_path)), only(load_files(tmp_path))
    assert first.activities[0].detail == second.activities[0].detail


def test_a_link_out_of_the_folder_is_not_followed_into(athlete, tmp_path):
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    (outside / "a.gpx").write_bytes(as_file(outdoors(athlete)[0], "gpx"))
    (inside / "link").symlink_to(outside)
    (inside / "b.gpx").symlink_to(outside / "a.gpx")
    assert only(load_files(inside)).activities == []


def test_no_folder(tmp_path):
    with pytest.raises(NotADirectoryError, match="is not a folder"):
        load_files(tmp_path / "nowhere")


# -- recorded JSON ---------------------------------------------------------------


def recorded(athlete: AthleteRecord) -> list[tuple[str, Any]]:
    """Record what the API would answer, in shapes of all kinds."""
    one, two = outdoors(athlete)[:2]
    number, other = one.detail["id"], two.detail["id"]
    by_key = {
        name: {"data": data, "series_type": "distance", "original_size": len(data),
               "resolution": "high"}
        for name, data in one.streams().items()
    }  # fmt: skip
    listed = [{"type": n, "data": d} for n, d in two.streams().items()]
    summary = {
        key: value
        for key, value in two.detail.items()
        if key not in {"laps", "description", "segment_efforts"}
    }
    return [
        ("athlete.json", athlete.detail),
        ("zones.json", athlete.zones),
        (f"activities/{number}.json", one.detail),
        ("page.json", [summary, {**one.detail, "resource_state": 2, "name": "older"}]),
        (f"activities/{number}/streams.json", by_key),
        (f"streams/{other}.json", listed),
        (f"activities/{other}/laps.json", two.detail["laps"]),
        (f"activities/{other}/zones.json", two.zones),
        ("bike.json", athlete.gear[0]),
        ("route.json", athlete.routes[0].detail),
        ("junk.json", {"hello": 1}),
        ("list.json", [1, "a", None]),
    ]


def check_recorded(world: World, athlete: AthleteRecord) -> None:
    found = next(iter(world.athletes))
    one, two = outdoors(athlete)[:2]
    got = {record.detail["id"]: record for record in found.activities}
    assert set(got) == {one.detail["id"], two.detail["id"]}
    first, second = got[one.detail["id"]], got[two.detail["id"]]
    assert first.detail["name"] == one.detail["name"]
    assert first.detail["splits_metric"] == one.detail["splits_metric"]
    assert first.streams() == one.streams()
    assert second.streams() == two.streams()
    assert second.detail["laps"] == two.detail["laps"]
    assert second.zones == two.zones
    assert found.detail["id"] == athlete.detail["id"]
    assert found.zones == athlete.zones
    assert athlete.gear[0] in found.gear
    assert [r.detail["id"] for r in found.routes] == [athlete.routes[0].detail["id"]]
    assert len(State(world).activities) == 2


def test_recorded_json_from_a_folder(athlete, tmp_path):
    for label, item in recorded(athlete):
        path = tmp_path / label
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(item))
    (tmp_path / "broken.json").write_text("{")
    check_recorded(load_json(tmp_path), athlete)


def test_recorded_json_from_an_iterator(athlete):
    check_recorded(load_json(iter(recorded(athlete))), athlete)


def test_recorded_json_without_labels_needs_ids_inside(athlete):
    one = outdoors(athlete)[0]
    world = load_json(
        [one.detail, {"activity_id": one.detail["id"], "streams": one.streams()}]
    )
    (record,) = only(world).activities
    assert record.streams() == one.streams()


def test_json_lines(athlete, tmp_path):
    items = [a.detail for a in outdoors(athlete)[:3]]
    path = tmp_path / "all.jsonl"
    path.write_text("".join(json.dumps(item) + "\n" for item in items))
    assert len(only(load_json(path)).activities) == 3


def test_odd_ids_and_missing_dates():
    world = load_json(
        [
            {"id": 34069829841.0, "type": "Run", "start_date": "2026-01-01T10:00:00Z",
             "distance": 5.0, "athlete": {"id": 5}},
            {"id": 10**29, "type": "WaterSport", "start_date": "2026-01-02T10:00:00Z"},
            {"id": 7, "type": "Run", "start_date": ""},
        ]
    )  # fmt: skip
    ids = {
        record.detail["id"]
        for athlete in world.athletes
        for record in athlete.activities
    }
    assert ids == {34069829841, 10**29}


def test_nothing_recorded_is_still_a_world():
    world = load_json([])
    assert only(world).activities == []
    assert len(State(world).athletes) == 1


def test_a_file_that_is_no_json(tmp_path):
    (tmp_path / "a.json").write_text("no")
    with pytest.raises(ValueError, match="holds no JSON"):
        load_json(tmp_path / "a.json")


def test_a_missing_path():
    with pytest.raises(FileNotFoundError, match="does not exist"):
        load_json("/nowhere/at/all")


# -- bulk export -----------------------------------------------------------------

COLUMNS = 103
PAIRS = {15: 5, 17: 6, 30: 7, 37: 8, 50: 9}


def unknown_language() -> list[str]:
    """Write the header in a language that nobody speaks."""
    return [f"qua{PAIRS.get(index, index)}zo" for index in range(COLUMNS)]


def row(**cells: Any) -> list[str]:
    answer = [""] * COLUMNS
    for name, value in cells.items():
        answer[int(name[1:])] = str(value)
    return answer


def export_zip(path: Path, athlete: AthleteRecord) -> tuple[Path, list[ActivityRecord]]:
    one, two = outdoors(athlete)[:2]
    when = datetime.fromisoformat(one.detail["start_date"]).strftime(
        "%Y-%m-%d %H:%M:%S"
    )
    later = datetime.fromisoformat(two.detail["start_date"]).strftime(
        "%Y-%m-%d %H:%M:%S"
    )
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(unknown_language())
    writer.writerow(
        row(c0=8123456789, c1=when, c2="Kaffee, Kuchen\nund mehr", c3="Run",
            c4="all\nnight", c5=1700, c6="9,44", c9="false", c10="psst",
            c11="Old faithfuls", c12="activities/9876543210.gpx.gz", c15=1700.0,
            c16=1600.0, c17=9441.5, c20=123.4, c34=612.0, c52=1.0, c69="4598123.0",
            c102="media/AA-BB.jpg|media/missing.jpg")
    )  # fmt: skip
    writer.writerow(
        row(c0=8123456790, c1=later, c2="Lost file", c3="Ride", c5=3600, c6="20,0",
            c12="activities/404.fit.gz", c15=3600.0, c16=3500.0, c17=20000.0)
    )  # fmt: skip
    writer.writerow(
        row(c0=8123456791, c1="2026-02-03 04:05:06", c2="By hand", c3="Yoga", c5=1200,
            c15=1200.0)
    )  # fmt: skip
    target = path / "export_4711.zip"
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("activities.csv", table.getvalue())
        archive.writestr(
            "activities/9876543210.gpx.gz", gzip.compress(as_file(one, "gpx"))
        )
        archive.writestr("media/AA-BB.jpg", b"\xff\xd8")
        archive.writestr(
            "profile.csv",
            "Athlete ID,Email Address,First Name,Last Name,Sex,Description,Weight,"
            "City,State,Country\n4711,x@example.org,Mira,Dornfeld,F,,61.0,"
            "Ostermoor,Bayern,Germany\n",
        )
        archive.writestr(
            "shoes.csv",
            "Shoe Name,Shoe Brand,Shoe Model,Shoe Default Sport Types\n"
            "Old faithfuls,Kestrel,Tempo,Run\n",
        )
    return target, [one, two]


def test_a_bulk_export(athlete, tmp_path):
    path, (one, _) = export_zip(tmp_path, athlete)
    problems: list[tuple[str, str]] = []
    world = load_export(path, on_problem=lambda *p: problems.append(p))
    found = only(world)
    assert found.detail["id"] == 4711
    assert found.detail["firstname"] == "Mira"
    run, ride, yoga = (record.detail for record in found.activities)
    assert run["id"] == 8123456789
    assert run["name"] == "Kaffee, Kuchen\nund mehr"
    assert run["description"] == "all\nnight"
    assert run["private_note"] == "psst"
    assert (run["distance"], run["moving_time"]) == (9441.5, 1600)
    assert run["elapsed_time"] == 1700
    assert run["calories"] == 612.0
    assert run["start_date"] == one.detail["start_date"]
    assert run["timezone"] == one.detail["timezone"]
    assert run["upload_id"] == 9876543210
    assert run["gear_id"] == "g4598123"
    assert run["gear"]["name"] == "Old faithfuls"
    assert run["map"]["polyline"]
    assert len(found.activities[0].streams["latlng"]) > 50
    assert [p["caption"] for p in found.activities[0].photos] == [""]
    assert run["total_photo_count"] == 1
    assert [gear["model_name"] for gear in found.gear] == ["Tempo"]
    assert ride["distance"] == 20000.0
    assert ride["map"]["polyline"] == ""
    assert ride["sport_type"] == "Ride"
    assert yoga["manual"] is True
    assert yoga["elapsed_time"] == 1200
    assert yoga["start_date_local"] == "2026-02-03T05:05:06Z"
    assert any("404" in place for place, _ in problems)
    assert any("missing.jpg" in place for place, _ in problems)


def test_a_bulk_export_fills_a_state(athlete, tmp_path):
    path, _ = export_zip(tmp_path, athlete)
    state = State(load_export(path, on_problem=lambda *_: None))
    assert sorted(state.activities) == [8123456789, 8123456790, 8123456791]


def test_any_path_is_loaded_as_what_it_is(athlete, tmp_path):
    path, (one, _) = export_zip(tmp_path, athlete)
    assert len(only(load(path, on_problem=lambda *_: None)).activities) == 3
    unpacked = tmp_path / "unpacked"
    with zipfile.ZipFile(path) as archive:
        archive.extractall(unpacked)
    assert len(only(load(unpacked, on_problem=lambda *_: None)).activities) == 3
    files = tmp_path / "files"
    files.mkdir()
    (files / "a.gpx").write_bytes(as_file(one, "gpx"))
    assert len(only(load(files)).activities) == 1
    assert len(only(load(files / "a.gpx")).activities) == 1
    answers = tmp_path / "answers"
    answers.mkdir()
    (answers / "one.json").write_text(json.dumps(one.detail))
    (found,) = only(load(answers)).activities
    assert found.detail["id"] == one.detail["id"]
    (found,) = only(load(answers / "one.json")).activities
    assert found.detail["id"] == one.detail["id"]
    with pytest.raises(FileNotFoundError, match="does not exist"):
        load(tmp_path / "nothing")


def test_what_is_no_export_is_refused(tmp_path):
    from stravalib.formats import FormatError

    (tmp_path / "export_1.zip").write_bytes(b"PK no")
    with pytest.raises(FormatError):
        load_export(tmp_path / "export_1.zip")
