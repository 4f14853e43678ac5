from __future__ import annotations

import csv
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from stravalib.archive import NotKept

from .samples import ME, OTHER, detail, streams, summary

if TYPE_CHECKING:
    from pathlib import Path

    from stravalib.archive import Archive


@pytest.fixture
def filled(archive: Archive) -> Archive:
    for number in range(5):
        archive.add("activity", summary(number), athlete_id=ME)
    archive.add("activity", summary(9, max_watts=700, name=None), athlete_id=OTHER)
    archive.add("activity_detail", detail(1), athlete_id=ME)
    for number in (1, 2):
        body = summary(number)
        archive.add("activity_streams", streams(20), key=body["id"], athlete_id=ME)
    return archive


def test_rows(filled: Archive) -> None:
    rows = list(filled.activities())
    assert [row["id"] - 10**10 for row in rows] == [9, 4, 3, 2, 1, 0]
    assert rows[0]["max_watts"] == 700
    assert rows[1]["max_watts"] is None
    assert rows[1]["start_date"] == datetime(2024, 5, 5, 6, 0, 4, tzinfo=UTC)
    assert rows[1]["start_date_local"] == datetime(2024, 5, 5, 8, 0, 4)
    assert rows[1]["timezone"] == "Europe/Berlin"
    assert rows[1]["trainer"] is False
    assert rows[1]["name"] == "Ride nö 4 \N{BICYCLE}"


def test_filters(filled: Archive) -> None:
    assert len(filled.activities(sport="Ride")) == 3
    assert len(filled.activities(sport=["Ride", "GravelRide"], athlete_id=ME)) == 5
    assert filled.activities(after="2024-05-05", before="2024-05-06")["id"] == [
        10**10 + 4
    ]
    assert len(filled.activities(source="export")) == 0
    assert "summary_polyline" in filled.activities(polyline=True).columns


def test_the_columnar_copy_follows_changes(filled: Archive) -> None:
    first = filled.activities()["name"]
    copy = filled.store.query("SELECT changes FROM columnar")
    assert filled.activities()["name"] == first
    assert filled.store.query("SELECT changes FROM columnar") == copy
    filled.add("activity", summary(4, name="new"), athlete_id=ME)
    assert filled.activities()["name"][1] == "new"
    assert filled.store.query("SELECT changes FROM columnar") != copy


def test_pandas(filled: Archive) -> None:
    pytest.importorskip("pandas")
    frame = filled.activities().to_pandas()
    types = {name: str(kind) for name, kind in frame.dtypes.items()}
    assert types["id"] == "int64"
    assert types["max_watts"] == "Int64"
    assert types["distance"] == "float64"
    assert types["trainer"] == "boolean"
    assert types["start_date"] == "datetime64[us, UTC]"
    assert types["start_date_local"] == "datetime64[us]"
    assert types["name"] in ("string", "str")
    assert frame["max_watts"].isna().tolist() == [False] + [True] * 5
    assert frame["name"].isna().tolist() == [True] + [False] * 5
    assert frame["trainer"].sum() == 0
    assert frame.loc[1, "name"] == "Ride nö 4 \N{BICYCLE}"
    frame["distance"] = frame["distance"] / 1000
    for name in ("id", "distance", "kudos_count", "trainer", "start_date", "name"):
        frame.loc[1, name] = frame[name].iloc[2]
    assert frame["id"].iloc[1] == frame["id"].iloc[2]
    assert filled.activities()["id"][1] != filled.activities()["id"][2]


def test_pandas_without_arrow(filled: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pandas")
    import importlib.util

    whole = filled.activities().to_pandas()["name"].tolist()
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert filled.activities().to_pandas()["name"].tolist()[1:] == whole[1:]


def test_arrow_and_polars_agree_with_rows(filled: Archive) -> None:
    pytest.importorskip("pyarrow")
    pytest.importorskip("polars")
    frame = filled.activities()
    rows = list(frame)
    arrow = frame.to_arrow()
    arrow.validate(full=True)
    assert arrow.to_pylist() == rows
    assert frame.to_polars().to_dicts() == rows
    assert str(frame.to_polars().schema["start_date"]) == (
        "Datetime(time_unit='us', time_zone='UTC')"
    )


def test_polars_without_arrow(filled: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("polars")
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    frame = filled.activities()
    assert frame.to_polars().to_dicts() == list(frame)


def test_empty_frames(archive: Archive) -> None:
    frame = archive.activities()
    assert len(frame) == 0
    assert list(frame) == []
    assert len(frame.to_pandas()) == 0
    assert frame.to_arrow().num_rows == 0
    assert len(frame.to_polars()) == 0


def test_totals(filled: Archive) -> None:
    weeks = list(filled.totals("week", athlete_id=ME))
    assert [(row["week"], row["activities"]) for row in weeks] == [("2024-04-29", 5)]
    assert weeks[0]["moving_time"] == sum(3600 + n for n in range(5))
    months = list(filled.totals("month", by_sport=True))
    assert [(r["month"], r["sport_type"], r["activities"]) for r in months] == [
        ("2024-05", "GravelRide", 3),
        ("2024-05", "Ride", 3),
    ]
    assert filled.sql("SELECT sum(activities) AS n FROM weekly_totals")["n"] == [6]
    with pytest.raises(ValueError, match="fortnight"):
        filled.totals("fortnight")  # type: ignore[arg-type]


def test_streams_to_a_long_frame(filled: Archive) -> None:
    ids = [summary(1)["id"], summary(2)["id"]]
    frame = filled.streams(ids)
    assert frame.columns[:5] == ("activity_id", "point", "time", "lat", "lng")
    assert len(frame) == 40
    assert frame["heartrate"][7] is None
    assert frame["heartrate"][8] == 128
    pandas = frame.to_pandas()
    assert str(pandas["heartrate"].dtype) == "Int64"
    assert str(pandas["moving"].dtype) == "boolean"
    assert pandas["activity_id"].unique().tolist() == ids
    assert frame.units["lat"] == "deg"
    with pytest.raises(NotKept):
        len(filled.streams(5))


def test_streams_of_unequal_kinds(archive: Archive) -> None:
    archive.add("activity_streams", {"time": {"data": [0, 1]}}, key=1, athlete_id=ME)
    archive.add(
        "activity_streams",
        {"time": {"data": [0.5]}, "watts": {"data": [None]}},
        key=2,
        athlete_id=ME,
    )
    frame = archive.streams([1, 2])
    assert frame["time"] == [0.0, 1.0, 0.5]
    assert frame["watts"] == [None, None, None]


def test_arrays_and_tracks(filled: Archive) -> None:
    np = pytest.importorskip("numpy")
    arrays = filled.stream_set(summary(1)["id"]).to_numpy()
    assert arrays["latlng"].shape == (20, 2)
    assert np.isnan(arrays["heartrate"][7])
    for values in arrays.values():
        values[0] = values[1]
    tracks = dict(filled.tracks(after="2024-01-01", before="2025-01-01"))
    assert sorted(tracks) == [summary(1)["id"], summary(2)["id"]]
    assert tracks[summary(1)["id"]][0].tolist() == [52.5, 13.4]


def test_files(filled: Archive, tmp_path: Path) -> None:
    frame = filled.activities()
    frame.to_csv(tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert list(lines[0])[:3] == ["athlete_id", "id", "source"]
    assert [line["max_watts"] for line in lines] == ["700", "", "", "", "", ""]
    assert lines[4]["description"] == "two\nlines"
    parquet = pytest.importorskip("pyarrow.parquet")
    frame.to_parquet(tmp_path / "a.parquet")
    table = parquet.read_table(tmp_path / "a.parquet")
    assert table.num_rows == 6
    assert table.schema.field("distance").metadata[b"unit"] == b"m"
    assert sorted(p.name for p in tmp_path.glob("*.part")) == []
