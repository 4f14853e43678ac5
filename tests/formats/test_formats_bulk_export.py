"""Strava's bulk export: every layout and language, and what goes wrong in the wild."""

from __future__ import annotations

import csv
import gzip
import random
import struct
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from export_builder import (
    START,
    activities_csv,
    header,
    invented_labels,
    make_zip,
    row,
    values,
)
from test_formats_hostile import mutate
from track_samples import ride, route

from stravalib import formats
from stravalib._facts.bulk_export import ACTIVITY_COLUMNS, ACTIVITY_LABELS
from stravalib.formats import FormatError, open_export
from stravalib.formats.export_layout import keys_of

if TYPE_CHECKING:
    from pathlib import Path

FILE = gzip.compress(formats.write_gpx(ride()))


def export(tmp_path: Path, table: bytes, **files: bytes) -> Path:
    named = {
        name.replace("__", "/").replace("_DOT_", "."): data
        for name, data in files.items()
    }
    return make_zip(tmp_path / "export_4711.zip", {"activities.csv": table, **named})


# -- layouts and languages


LAYOUTS = [
    (language, columns)
    for language in ("en", "de", "fr", "nl", "xx")
    for columns in (86, 87, 92, 94, 99, 101, 103)
    if columns <= len(ACTIVITY_LABELS.get(language, ACTIVITY_COLUMNS))
]


@pytest.mark.parametrize(("language", "columns"), LAYOUTS)
def test_every_layout_in_every_language(
    tmp_path: Path, language: str, columns: int
) -> None:
    with open_export(export(tmp_path, activities_csv(language, columns))) as opened:
        found = list(opened.activities())
        assert opened.layout == "2021"
        assert opened.problems == []
    assert [one.id for one in found] == [12_000_000_000 + i for i in range(5)]
    one = found[1]
    assert one.start == START.replace(day=2, hour=9)
    assert one.name == "Number 1"
    assert one.sport == {"en": "GravelRide", "xx": None}.get(language, "Ride")
    assert one.distance == 10440.25
    assert not one.distance_from_display
    assert one.elapsed_time == 3190.0
    assert one.moving_time == 2070.0
    assert one.max_heartrate == 171.0
    assert one.average_heartrate == 143.5
    assert one.elevation_gain == 61.875
    assert one.gear_name == "Old shoes"
    assert one.gear_id == 4_598_123
    assert one.commute is False
    assert found[0].commute is True
    assert one.filename == "activities/13000000001.gpx.gz"
    assert one.media == ()
    assert one.description is None
    assert one.raw["activity_description"] == ""
    assert one.raw["athlete_weight"] is None
    assert one.values["average_elapsed_speed"] == 2.96
    assert one.total_steps == (3344.0 if columns > 86 else None)
    assert one.timer_time == (2100.0 if columns >= 94 else None)
    assert one.competition is (True if columns >= 99 else None)
    if columns == 103:
        assert one.values["total_reps"] == 12.0


def test_header_of_every_known_language_gives_the_same_keys() -> None:
    for language, labels in ACTIVITY_LABELS.items():
        keys, layout = keys_of(list(labels))
        assert layout == "2021", language
        assert keys == [*ACTIVITY_COLUMNS[: len(labels) - 1], "media"], language


def test_columns_of_the_future_are_put_before_media() -> None:
    labels = list(invented_labels())
    keys, _ = keys_of([*labels[:-1], "Brand new", "Newer still", labels[-1]])
    assert keys[:102] == list(ACTIVITY_COLUMNS[:-1])
    assert keys[102:] == ["column_102", "column_103", "media"]


def test_a_known_language_wins_over_positions() -> None:
    labels = list(ACTIVITY_LABELS["en"])
    moved = [*labels[:85], labels[90], *labels[85:90], *labels[91:]]
    keys, _ = keys_of(moved)
    assert keys[85] == "average_grade_adjusted_pace"
    assert keys[86] == "total_steps"


def test_layout_of_december_2020_with_untranslated_headers(tmp_path: Path) -> None:
    prefix = "translation missing: en-GB.lib.export.portability_exporter.activities"
    keys = [
        key
        for key in ACTIVITY_COLUMNS[:80]
        if key not in ("max_heart_rate_display", "activity_private_note")
    ]
    labels = [ACTIVITY_LABELS["en"][ACTIVITY_COLUMNS.index(key)] for key in keys]
    for key, word in (
        ("type", "horton_values.type"),
        ("start_time", "horton_values.start_time"),
        ("average_flow", "horton_values.avg_flow"),
        ("flagged", "flagged"),
    ):
        labels[keys.index(key)] = f"{prefix}.{word}"
    cells = values(0, "en") | {"activity_date": '"24 Dec 2020, 08:13:59"'}
    line = ",".join(cells.get(key, "") for key in keys)
    table = ",".join(labels) + "\n" + line + "\n"
    with open_export(export(tmp_path, table.encode())) as opened:
        [one] = opened.activities()
        assert opened.layout == "2020"
    assert one.start == datetime(2020, 12, 24, 8, 13, 59, tzinfo=UTC)
    assert one.distance == 9440.25
    assert one.flagged is False
    assert list(one.raw) == keys


TEN_COLUMNS = (
    *("Activity ID", "Activity Date", "Activity Name", "Activity Type"),
    *("Activity Description", "Elapsed Time", "Distance", "Commute"),
    *("Activity Gear", "Filename"),
)


@pytest.mark.parametrize(
    ("head", "date", "distance", "expected"),
    [
        (
            "id,date,name,type,description,elapsed_time,distance,commute,gear,filename",
            "2018-09-12 15:02:23",
            "5321.7",
            5321.7,
        ),
        (
            ",".join(TEN_COLUMNS),
            '"Sep 12, 2018, 3:02:23 PM"',
            "5.32",
            5320.0,
        ),
        (
            "Kitambulisho,Tarehe,Jina,Aina,Maelezo,Muda,Umbali,Safari,Vifaa,Faili",
            "12.09.2018 15:02:23",
            '"5,32"',
            5320.0,
        ),
    ],
)
def test_ten_columns_of_2018_and_2019(
    tmp_path: Path, head: str, date: str, distance: str, expected: float
) -> None:
    line = f"77,{date},Lunch,Run,,1800,{distance},true,Old,activities/77.gpx"
    with open_export(export(tmp_path, f"{head}\n{line}\n".encode())) as opened:
        [one] = opened.activities()
    assert (one.id, one.sport, one.commute) == (77, "Run", True)
    assert one.start == datetime(2018, 9, 12, 15, 2, 23, tzinfo=UTC)
    assert one.distance == expected
    assert one.distance_from_display
    assert one.elapsed_time == 1800
    assert one.gear_name == "Old"


def test_shortened_table_of_a_partly_known_language(tmp_path: Path) -> None:
    table = (
        "Identyfikator aktywności,Data aktywności,Nazwa aktywności,Rodzaj aktywności,"
        'Dystans,Czas ruchu\n5,"2 lip 2026, 16:00:47",Wypad,Jazda,"12,5",1800\n'
    )
    with open_export(export(tmp_path, table.encode())) as opened:
        [one] = opened.activities()
        assert opened.layout == "names"
    assert one.start == datetime(2026, 7, 2, 16, 0, 47, tzinfo=UTC)
    assert (one.id, one.sport, one.moving_time) == (5, "Ride", 1800)


def test_unknown_header_is_a_problem_not_an_error(tmp_path: Path) -> None:
    with open_export(export(tmp_path, b"foo,bar\n1,2\n")) as opened:
        assert [one.id for one in opened.activities()] == [None]
        assert opened.problems[0].reason == "unknown_type"
        assert list(opened.tables["activities"].rows()) == [["1", "2"]]


@pytest.mark.parametrize("renamed", ["{}.1", "{}_1"])
def test_doubled_headers_that_other_programs_renamed(renamed: str) -> None:
    labels = list(ACTIVITY_LABELS["de"])
    for first, second in ((5, 15), (6, 17), (7, 30), (8, 37), (9, 50)):
        labels[second] = renamed.format(labels[first])
    keys, layout = keys_of(labels)
    assert layout == "2021"
    assert keys[15] == "elapsed_time"


def test_apostrophes_and_composition_do_not_matter() -> None:
    import unicodedata

    labels = [
        unicodedata.normalize("NFD", label).replace("'", "’")
        for label in ACTIVITY_LABELS["fr"]
    ]
    keys, _ = keys_of(labels)
    assert keys == list(ACTIVITY_COLUMNS)


# -- the text of the table


def test_quoted_newlines_commas_and_quotes(tmp_path: Path) -> None:
    cells = values(0, "en") | {
        "activity_description": '"Erste, ""zweite""\r\n---\ndritte"',
        "activity_private_note": '"a;b"',
    }
    table = activities_csv("en", 103, [cells, values(1, "en")])
    with open_export(export(tmp_path, table)) as opened:
        first, second = opened.activities()
        assert opened.problems == []
    assert first.description == 'Erste, "zweite"\r\n---\ndritte'
    assert first.private_note == "a;b"
    assert (first.line, second.line) == (2, 5)
    assert second.name == "Number 1"


def test_bom_crlf_and_semicolons(tmp_path: Path) -> None:
    """As a spreadsheet in a country with decimal commas saves it."""
    lines = [";".join(header("de", 92))]
    for index in range(3):
        cells = next(csv.reader([row("de", 92, values(index, "de"))]))
        lines.append(";".join(f'"{c}"' if ";" in c else c for c in cells))
    text = "\r\n".join([*lines, ""])
    with open_export(export(tmp_path, b"\xef\xbb\xbf" + text.encode())) as opened:
        found = list(opened.activities())
        assert opened.problems == []
        assert opened.layout == "2021"
    assert [one.distance for one in found] == [9440.25, 10440.25, 11440.25]
    assert found[0].raw["distance_display"] == "9,44"
    assert found[2].sport == "Run"


def test_a_row_that_is_not_utf8_is_read_and_reported(tmp_path: Path) -> None:
    cells = values(0, "en") | {"activity_name": "Größe"}
    table = activities_csv("en", 103, [cells]).replace("Größe".encode(), b"Gr\xf6\xdfe")
    with open_export(export(tmp_path, table)) as opened:
        [one] = opened.activities()
        assert one.name == "Größe"
        [problem] = opened.problems
    assert "Windows-1252" in problem.message


def test_backslash_before_a_quote(tmp_path: Path) -> None:
    cells = values(0, "en") | {"activity_name": r'"the \"hill\", again"'}
    with open_export(export(tmp_path, activities_csv("en", 103, [cells]))) as opened:
        [one] = opened.activities()
        assert one.name == 'the "hill", again'
        assert one.distance == 9440.25


def test_a_quote_that_never_closes_is_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stravalib.formats import export_table

    monkeypatch.setattr(export_table, "MAX_RECORD", 10_000)
    table = activities_csv() + b'9,"never closed' + b"x,y\n" * 10_000
    with open_export(export(tmp_path, table)) as opened:
        assert len(list(opened.activities())) == 5
        [problem] = opened.problems
    assert (problem.reason, problem.line) == ("too_large", 7)


def test_old_rows_fall_back_on_the_display_values(tmp_path: Path) -> None:
    cells = {
        key: cell
        for key, cell in values(0, "de").items()
        if ACTIVITY_COLUMNS.index(key) < 13
    }
    swim = cells | {"activity_id": "2", "activity_type": "Schwimmen"}
    swim |= {"distance_display": '"1.500"', "elapsed_time_display": "0:31:05"}
    table = activities_csv("de", 92, [cells, swim])
    with open_export(export(tmp_path, table)) as opened:
        first, second = opened.activities()
    assert first.distance == 9440.0
    assert first.distance_from_display
    assert first.elapsed_time == 3189
    assert first.max_heartrate == 171
    assert first.commute is True
    assert second.sport == "Swim"
    assert second.elapsed_time == 1865


# -- files


def test_tracks_are_found_and_described_by_the_row(tmp_path: Path) -> None:
    cells = values(0, "en") | {"activity_description": "From the row"}
    path = export(
        tmp_path,
        activities_csv("en", 103, [cells]),
        **{"activities__13000000000.gpx.gz": FILE},
    )
    with open_export(path) as opened:
        [one] = opened.activities()
        [track] = opened.track(one)
        assert opened.original(one) == gzip.decompress(FILE)
        assert opened.problems == []
    assert track.sport == "Run"  # the row knows better than the file
    assert (track.name, track.description) == ("Number 0", "From the row")
    assert len(track.points) == 117


@pytest.mark.parametrize(
    ("entry", "data"),
    [
        ("activities/13000000000.gpx", gzip.decompress(FILE)),  # unpacked by macOS
        ("activities/13000000000.gpx.gz", gzip.decompress(FILE)),  # name says .gz
        ("activities/13000000000.gpx.gz", gzip.compress(FILE)),  # gz in gz
        ("activities/13000000000.gpx.gz", b"          " + gzip.decompress(FILE)),
        ("activities/13000000000.gpx.gz", gzip.compress(formats.write_tcx(ride()))),
        ("activities/13000000000.GPX.gz", gzip.compress(formats.write_fit(ride()))),
    ],
)
def test_files_under_wrong_names(tmp_path: Path, entry: str, data: bytes) -> None:
    table = activities_csv("en", 103, [values(0, "en")])
    path = make_zip(tmp_path / "a.zip", {"activities.csv": table, entry: data})
    with open_export(path) as opened:
        [one] = opened.activities()
        [track] = opened.track(one)
        assert opened.problems == []
    assert len(track.points) in (117, 120)


def test_what_cannot_be_read_is_listed(tmp_path: Path) -> None:
    rows = [values(index, "en") for index in range(6)]
    rows[0]["filename"] = "#error#"
    rows[1]["filename"] = ""
    rows[3]["filename"] = rows[4]["filename"]
    rows[5]["activity_date"] = "sometime"
    path = export(
        tmp_path,
        activities_csv("en", 103, rows),
        **{
            "activities__13000000004.gpx.gz": FILE,
            "activities__13000000005.gpx.gz": gzip.compress(b"<gpx><trk>"),
        },
    )
    with open_export(path) as opened:
        found = list(opened.activities())
        assert [bool(opened.track(one)) for one in found] == [
            *(False, False, False),
            *(True, True),
            False,
        ]
        problems = {
            (p.activity_id, p.reason, p.where.rpartition("/")[2])
            for p in opened.problems
        }
    first = 12_000_000_000
    assert problems == {
        (first, "missing", "activities.csv"),
        (first + 2, "missing", "13000000002.gpx.gz"),
        (first + 4, "malformed", "13000000004.gpx.gz"),  # named twice
        (first + 5, "no_time", "activities.csv"),
        (first + 5, "malformed", "13000000005.gpx.gz"),
    }
    assert found[1].filename is None


def test_gpx_without_times_starts_at_the_activity_date(tmp_path: Path) -> None:
    path = export(
        tmp_path,
        activities_csv("en", 103, [values(0, "en")]),
        **{"activities__13000000000.gpx.gz": formats.write_gpx(route())},
    )
    with open_export(path) as opened:
        [one] = opened.activities()
        [track] = opened.track(one)
    assert (track.kind, track.start) == ("activity", one.start)
    assert one.start is not None


def test_a_row_twice_is_taken_once(tmp_path: Path) -> None:
    table = activities_csv("en", 103, [values(0, "en"), values(0, "en")])
    with open_export(export(tmp_path, table)) as opened:
        assert len(list(opened.activities())) == 1
        assert [p.line for p in opened.problems] == [3]


TABLES = {
    "bikes.csv": "Nom du vélo,Marque,Modèle,Sports\nRossinante,Ganz,Alt,Ride\n",
    "shoes.csv": "Shoe Name,Shoe Brand,Shoe Model,Shoe Default Sport Types\n"
    "Old shoes,Ottd,Lauf 3,Run\n,,,\n",
    "components.csv": "Bike Name,Component Type,Component Brand,Component Model\n"
    "Rossinante,Chain,Kett,K1\n",
    "clubs.csv": "Club Name,Club Description,Club Type,Club Sport,City,Country,State,"
    "Club Website,Cover Photo,Club Picture\nDie Läufer,,casual_club,running,Bern,"
    "Switzerland,,,,clubs/1.jpg\n",
    "memberships.csv": 'Join Date,Club Name\n"May 1, 2021, 9:00:00 AM",Die Läufer\n',
    "segments.csv": "Segment Name,Activity ID,Starting Latitude,Starting Longitude,"
    "Ending Latitude,Ending Longitude\nHill,12000000000,46.9,7.4,46.91,7.41\n",
    "profile.csv": "ID de l'athlète,Adresse e-mail,Prénom,Nom,Sexe,Description,Poids,"
    "Ville,État,Pays,Consentement,Date du consentement\n"
    '4711,someone@example.org,Ada,Example,F,"",61.5,Bern,Bern,Suisse,,\n',
    "media.csv": "Media Filename,Media Caption\nmedia/a.jpg,At the top\n",
    "comments.csv": 'Comment Date,Comment\n"May 1, 2021, 9:00:00 AM",Nice\n',
    "routes.csv": "Route Name,Route Filename\nRound,routes/1.gpx\nGone,routes/2.gpx\n",
    "messaging.json": '{"threads": []}',
}


def test_the_other_tables(tmp_path: Path) -> None:
    files = {name: text.encode() for name, text in TABLES.items()}
    cells = values(0, "en") | {"media": "media/a.jpg|media/gone.mp4"}
    files["activities.csv"] = activities_csv("en", 103, [cells])
    files["media/a.jpg"] = b"\xff\xd8picture"
    files["media/b.mp4"] = b"film"
    files["routes/1.gpx"] = formats.write_gpx(route())
    with open_export(make_zip(tmp_path / "x.zip", files)) as opened:
        bike, shoe = opened.gear()
        assert (bike.kind, bike.name, bike.model) == ("bike", "Rossinante", "Alt")
        assert bike.components[0]["component_type"] == "Chain"
        assert (shoe.kind, shoe.name, shoe.brand) == ("shoe", "Old shoes", "Ottd")
        [club] = opened.clubs()
        assert (club.name, club.country) == ("Die Läufer", "Switzerland")
        assert club.joined == datetime(2021, 5, 1, 9, tzinfo=UTC)
        [segment] = opened.segments()
        assert segment.start == (46.9, 7.4)
        assert segment.activity_id == 12_000_000_000
        profile = opened.profile
        assert profile is not None
        assert (profile.id, profile.first_name, profile.weight) == (4711, "Ada", 61.5)
        assert "example.org" not in repr(profile)
        assert opened.athlete_id == 4711
        [activity] = opened.activities()
        [medium] = opened.media(activity)
        assert (medium.filename, medium.caption) == ("media/a.jpg", "At the top")
        assert (medium.size, medium.activity_id) == (9, 12_000_000_000)
        with opened.open(medium.filename) as file:
            assert file.read() == b"\xff\xd8picture"
        assert [m.filename for m in opened.media()] == ["media/a.jpg", "media/b.mp4"]
        round_trip, gone = opened.routes()
        assert round_trip.name == "Round"
        assert round_trip.tracks[0].points == route().points
        assert (gone.name, gone.tracks) == ("Gone", [])
        assert next(opened.records("comments"))["comment"] == "Nice"
        assert opened.document("messaging") == {"threads": []}
        assert set(opened.tables) == {
            name[:-4] for name in files if name.endswith(".csv")
        }
        assert opened.tables["bikes"].header == [
            "Nom du vélo",
            "Marque",
            "Modèle",
            "Sports",
        ]
        assert {p.where for p in opened.problems} == {"media/gone.mp4", "routes/2.gpx"}


# -- containers


def test_nested_root_and_folder(tmp_path: Path) -> None:
    files = {"activities.csv": activities_csv(), "media/a.jpg": b"x"}
    path = make_zip(tmp_path / "again.zip", files, folder="export_815/")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("__MACOSX/export_815/activities.csv", b"junk")
    with open_export(path) as opened:
        assert len(list(opened.activities())) == 5
        assert opened.athlete_id == 815
        assert [m.filename for m in opened.media()] == ["media/a.jpg"]
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "unpacked")
    with open_export(tmp_path / "unpacked") as opened:
        # macOS leaves its junk beside; the export is the one that is not deeper
        assert len(list(opened.activities())) == 5


def test_no_export_and_two_exports(tmp_path: Path) -> None:
    with pytest.raises(FormatError) as caught:
        open_export(make_zip(tmp_path / "a.zip", {"readme.txt": b"hi"}))
    assert caught.value.reason == "missing"
    two = {"a/activities.csv": activities_csv(), "b/activities.csv": activities_csv()}
    with pytest.raises(FormatError, match="2 exports"):
        open_export(make_zip(tmp_path / "b.zip", two))
    (tmp_path / "c.zip").write_bytes(b"PK\x03\x04 cut short")
    with pytest.raises(FormatError) as caught:
        open_export(tmp_path / "c.zip")
    assert caught.value.reason == "malformed"
    with pytest.raises(FileNotFoundError):
        open_export(tmp_path / "none.zip")


@pytest.mark.parametrize(
    "name",
    ["../escape.csv", "/etc/passwd", "C:\\windows.csv", "a/../../b.csv", "..\\x.csv"],
)
def test_paths_that_leave_the_archive_are_refused(tmp_path: Path, name: str) -> None:
    path = make_zip(tmp_path / "a.zip", {"activities.csv": activities_csv()})
    with zipfile.ZipFile(path, "a") as archive:
        info = zipfile.ZipInfo()
        info.filename = name
        archive.writestr(info, b"evil")
    with open_export(path) as opened:
        assert [p.reason for p in opened.problems] == ["unsafe"]
        assert opened.files == ["activities.csv"]
        with pytest.raises(FormatError, match="There is no"):
            opened.open(name)


def test_entries_of_one_name_are_read_once(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"activities.csv": activities_csv()})
    with (
        zipfile.ZipFile(path, "a") as archive,
        pytest.warns(UserWarning, match="Duplicate name"),
    ):
        archive.writestr("activities.csv", b"something else")
    with open_export(path) as opened:
        assert len(list(opened.activities())) == 5
        assert [p.reason for p in opened.problems] == ["unsafe"]


def test_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    files = {
        "activities.csv": activities_csv("en", 103, [values(0, "en")]),
        "activities/13000000000.gpx.gz": bytes(40_000_000),
    }
    with open_export(make_zip(tmp_path / "a.zip", files)) as opened:
        [one] = opened.activities()
        assert opened.track(one) == []
        assert [p.reason for p in opened.problems] == ["unsafe"]


def test_gzip_bomb_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stravalib.formats import detect

    monkeypatch.setattr(detect.load, "__kwdefaults__", {"max_bytes": 1_000_000})
    files = {
        "activities.csv": activities_csv("en", 103, [values(0, "en")]),
        "activities/13000000000.gpx.gz": gzip.compress(bytes(3_000_000)),
    }
    with open_export(make_zip(tmp_path / "a.zip", files)) as opened:
        [one] = opened.activities()
        assert opened.track(one) == []
        assert [p.reason for p in opened.problems] == ["too_large"]


def test_overlapping_entries_are_refused(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"activities.csv": activities_csv()})
    data = path.read_bytes()
    at = data.rindex(b"PK\x01\x02")
    end = data.rindex(b"PK\x05\x06")
    entry, size = data[at:end], end - at
    more = b"".join(
        entry.replace(b"activities.csv", f"activities{i:03}v".encode()[:14])
        for i in range(50)
    )
    tail = bytearray(data[end:])
    tail[8:12] = struct.pack("<HH", 51, 51)
    tail[12:16] = struct.pack("<I", size * 51)
    path.write_bytes(data[:end] + more + bytes(tail))
    with pytest.raises(FormatError) as caught:
        open_export(path)
    assert caught.value.reason == "unsafe"


def test_a_damaged_entry_does_not_stop_the_others(tmp_path: Path) -> None:
    files = {
        "activities.csv": activities_csv("en", 103, [values(0, "en"), values(1, "en")]),
        "activities/13000000000.gpx.gz": FILE,
        "activities/13000000001.gpx.gz": FILE,
    }
    path = make_zip(tmp_path / "a.zip", files)
    data = bytearray(path.read_bytes())
    at = (
        data.index(FILE[:200])
        if FILE[:200] in data
        else data.index(b"00000.gpx.gz") + 60
    )
    data[at + 100 : at + 140] = bytes(40)
    path.write_bytes(bytes(data))
    with open_export(path) as opened:
        first, second = opened.activities()
        assert opened.track(first) == []
        assert opened.track(second) != []
        assert [p.activity_id for p in opened.problems] == [first.id]


def test_zip64(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with (
        zipfile.ZipFile(path, "w") as archive,
        archive.open("activities.csv", "w", force_zip64=True) as file,
    ):
        file.write(activities_csv())
    with open_export(path) as opened:
        assert len(list(opened.activities())) == 5


def test_an_encrypted_entry_is_a_problem(tmp_path: Path) -> None:
    files = {
        "activities.csv": activities_csv("en", 103, [values(0, "en")]),
        "activities/13000000000.gpx.gz": FILE,
    }
    path = make_zip(tmp_path / "a.zip", files)
    data = bytearray(path.read_bytes())
    name = b"activities/13000000000.gpx.gz"
    local, central = data.index(name), data.rindex(name)
    data[local - 24] |= 1
    data[central - 38] |= 1
    path.write_bytes(bytes(data))
    with open_export(path) as opened:
        [one] = opened.activities()
        assert opened.track(one) == []
        [problem] = opened.problems
    assert problem.reason == "unsupported"
    assert "encrypted" in problem.message


def test_limits_of_entries_and_sizes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stravalib.formats import bulk_export, export_container

    files = {
        "activities.csv": activities_csv("en", 103, [values(0, "en")]),
        "activities/13000000000.gpx.gz": FILE,
    }
    path = make_zip(tmp_path / "a.zip", files)
    monkeypatch.setattr(bulk_export, "MAX_BYTES", 100)
    with open_export(path) as opened:
        [one] = opened.activities()
        assert opened.track(one) == []
        assert [p.reason for p in opened.problems] == ["too_large"]
    monkeypatch.setattr(export_container, "MAX_ENTRIES", 1)
    with pytest.raises(FormatError, match="2 entries"):
        open_export(path)


def test_table_in_utf16_with_tabs(tmp_path: Path) -> None:
    text = "\t".join(header("en", 103)) + "\r\n"
    cells = next(csv.reader([row("en", 103, values(0, "en"))]))
    text += "\t".join(f'"{cell}"' if "\t" in cell else cell for cell in cells)
    table = b"\xff\xfe" + text.encode("utf-16-le")
    with open_export(export(tmp_path, table)) as opened:
        [one] = opened.activities()
        assert opened.problems == []
    assert (one.distance, one.sport) == (9440.25, "Run")


def test_long_and_short_rows(tmp_path: Path) -> None:
    table = activities_csv("en", 103, [values(0, "en")]).rstrip(b"\n")
    table += b',surplus\n12000000009,"Aug 4, 2024, 7:35:04 PM",Short\n\n'
    with open_export(export(tmp_path, table)) as opened:
        first, second = opened.activities()
        [problem] = opened.problems
    assert "104 cells" in problem.message
    assert first.raw["column_103"] == "surplus"
    assert (second.id, second.name, second.distance) == (12_000_000_009, "Short", None)
    assert list(second.raw) == list(ACTIVITY_COLUMNS)


def test_documents_that_are_no_json(tmp_path: Path) -> None:
    path = export(tmp_path, activities_csv(), **{"messaging.json": b"{"})
    with open_export(path) as opened:
        assert opened.document("community_content") is None
        with pytest.raises(FormatError, match="not JSON"):
            opened.document("messaging")


def test_link_out_of_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "activities.csv").write_bytes(activities_csv())
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    with open_export(folder) as opened:
        assert opened.files == ["activities.csv"]
        assert [p.reason for p in opened.problems] == ["unsafe"]


def read_all(path: Path) -> str:
    """Read everything that an export offers; only FormatError may come out."""
    try:
        with open_export(path) as opened:
            for activity in opened.activities():
                opened.track(activity)
                opened.media(activity)
            assert isinstance(opened.gear(), list)
            assert isinstance(list(opened.routes()), list)
            assert opened.profile is None or opened.profile.raw
            assert isinstance(opened.clubs() + opened.segments(), list)  # type: ignore[operator]
            for table in opened.tables.values():
                for _ in table.records():
                    pass
            return "problems" if opened.problems else "sound"
    except FormatError as error:
        return error.reason


def test_damaged_exports(tmp_path: Path) -> None:
    files = {name: text.encode() for name, text in TABLES.items()}
    cells = values(0, "en") | {"media": "media/a.jpg"}
    files["activities.csv"] = activities_csv("en", 103, [cells])
    files["activities/13000000000.gpx.gz"] = FILE
    files["media/a.jpg"] = b"picture"
    files["routes/1.gpx"] = formats.write_gpx(route())
    del files["media.csv"]
    files["routes.csv"] = b"Route Name,Route Filename\nRound,routes/1.gpx\n"
    path = make_zip(tmp_path / "x.zip", files)
    assert read_all(path) == "sound"
    data = path.read_bytes()
    dice = random.Random("damaged exports")
    outcomes = set()
    for _ in range(250):
        path.write_bytes(mutate(data, dice))
        outcomes.add(read_all(path))
    assert {"sound", "problems", "malformed"} <= outcomes


def test_damaged_tables(tmp_path: Path) -> None:
    data = activities_csv("fr", 103)
    dice = random.Random("damaged tables")
    (tmp_path / "export").mkdir()
    for _ in range(250):
        (tmp_path / "export" / "activities.csv").write_bytes(mutate(data, dice))
        read_all(tmp_path / "export")


def test_row_helper_writes_what_the_header_promises() -> None:
    assert len(row("en", 94, {}).split(",")) == len(header("en", 94)) == 94
