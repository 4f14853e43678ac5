"""Dates, numbers and sport names of exports; tracks and streams."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from track_samples import START, T0, ride

from stravalib import formats
from stravalib._facts.bulk_export import MONTHS
from stravalib._facts.sports import SPORT_TYPES
from stravalib.formats import Track, TrackLap, TrackPoints
from stravalib.formats.export_values import (
    display_number,
    machine_number,
    read_date,
    read_seconds,
    read_sport,
    read_switch,
)
from stravalib.formats.geometry import cumulative_distance, distance_between


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("May 29, 2022, 3:53:35 PM", (2022, 5, 29, 15, 53, 35)),
        ("Aug 4, 2024, 12:05:04 AM", (2024, 8, 4, 0, 5, 4)),
        ("Aug 4, 2024, 12:05:04\u202fPM", (2024, 8, 4, 12, 5, 4)),
        ("24 Dec 2020, 08:13:59", (2020, 12, 24, 8, 13, 59)),
        ("09.12.2022, 15:24:49", (2022, 12, 9, 15, 24, 49)),
        ("28 août 2026, 17:33:44", (2026, 8, 28, 17, 33, 44)),
        ("3 févr. 2026, 07:03:04", (2026, 2, 3, 7, 3, 4)),
        ("9 mei 2026, 19:00:00", (2026, 5, 9, 19, 0, 0)),
        ("6 mrt. 2024 14:23:15", (2024, 3, 6, 14, 23, 15)),
        ("15 mar 2024, 6:45:12", (2024, 3, 15, 6, 45, 12)),
        ("2 de ene. de 2025, 7:05:00", (2025, 1, 2, 7, 5, 0)),
        ("2 lip 2026, 16:00:47", (2026, 7, 2, 16, 0, 47)),
        ("2026/06/29 20:14:15", (2026, 6, 29, 20, 14, 15)),
        ("2026年8月16日 09:01:41", (2026, 8, 16, 9, 1, 41)),
        ("2026. 8. 16. 오후 3:01:41", (2026, 8, 16, 15, 1, 41)),
        ("2018-09-12 15:02:23", (2018, 9, 12, 15, 2, 23)),
        ("2018-09-12T15:02:23Z", (2018, 9, 12, 15, 2, 23)),
        ("2018-09-12 15:02:23 UTC", (2018, 9, 12, 15, 2, 23)),
        ("16. aug. 2026 09:01:41", (2026, 8, 16, 9, 1, 41)),
        ("16 авг. 2026, 09:01:41", (2026, 8, 16, 9, 1, 41)),
        ("8/4/2024, 7:35:04 PM", (2024, 8, 4, 19, 35, 4)),
        ("8/4/2024 19:35:04", (2024, 4, 8, 19, 35, 4)),
        ("May 29, 2022", (2022, 5, 29, 0, 0, 0)),
    ],
)
def test_dates(text: str, expected: tuple[int, ...]) -> None:
    assert read_date(text) == datetime(*expected, tzinfo=UTC)  # type: ignore[misc]


@pytest.mark.parametrize(
    "text",
    [None, "", "soon", "32 Dec 2020", "Foo 3, 2020", "1" * 500, "24 Dec 2020, x"],
)
def test_what_is_no_date(text: str | None) -> None:
    assert read_date(text) is None


def test_every_month_word_reads() -> None:
    for word, month in MONTHS.items():
        found = read_date(f"3 {word} 2024, 01:02:03")
        assert found == datetime(2024, month, 3, 1, 2, 3, tzinfo=UTC), word


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9,44", 9.44),
        ("9.44", 9.44),
        ("1,234", 1234),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1 234,50", 1234.5),
        ("1'234.5", 1234.5),
        ("1.234", 1.234),
        ("12", 12),
        ("-3,5", -3.5),
        ("", None),
        ("abc", None),
        ("nan", None),
        ("1e999", None),
    ],
)
def test_numbers(text: str, expected: float | None) -> None:
    assert display_number(text) == expected


def test_machine_numbers_and_switches() -> None:
    assert machine_number("3322.949951171875") == 3322.949951171875
    assert machine_number("1e3") == 1000
    assert machine_number("inf") is None
    assert read_seconds("1428") == 1428
    assert read_seconds("1:02:03") == 3723
    assert read_seconds("a:b") is None
    for text, expected in (
        ("true", True),
        ("False", False),
        ("1.0", True),
        ("0.0", False),
        ("", None),
        ("maybe", None),
    ):
        assert read_switch(text) is expected, text


@pytest.mark.parametrize(
    ("name", "sport"),
    [
        ("E-Bike Ride", "EBikeRide"),
        ("High Intensity Interval Training", "HighIntensityIntervalTraining"),
        ("Stair-Stepper", "StairStepper"),
        ("Course à pied", "Run"),
        ("Course a\u0300 pied", "Run"),
        ("Virtuele fietsrit", "VirtualRide"),
        ("ランニング", "Run"),
        ("Rumpelsport", None),
        (None, None),
    ],
)
def test_sport_names(name: str | None, sport: str | None) -> None:
    assert read_sport(name) == sport


def test_sport_names_with_spaces_are_the_sport_types() -> None:
    import re

    for sport in SPORT_TYPES:
        spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", sport)
        assert read_sport(spaced) == sport


# -- tracks


def test_laps_take_every_point_once() -> None:
    track = Track(points=TrackPoints(time=[T0 + i for i in range(10)]))
    assert track.lap_ranges() == []
    track.laps = [
        TrackLap(start=T0 + 2),
        TrackLap(start=T0 + 5),
        TrackLap(start=T0 + 4),  # out of order
        TrackLap(start=T0 + 50),
    ]
    assert track.lap_ranges() == [range(5), range(5, 5), range(5, 10), range(10, 10)]


def test_columns_of_other_lengths_are_refused() -> None:
    track = ride(5)
    track.points.watts = [1.0]
    with pytest.raises(ValueError, match="'watts' has 1 values and time has 5"):
        formats.write_gpx(track)


def test_streams_and_back() -> None:
    track = ride(20)
    streams = formats.to_streams(track)
    assert set(streams) == {
        *("time", "latlng", "distance", "altitude", "velocity_smooth"),
        *("heartrate", "cadence", "watts", "temp"),
    }
    assert streams["time"] == [*range(10), *range(50, 60)]
    assert streams["latlng"][0] == [47.1, 8.5]
    assert streams["latlng"][7] is None
    assert streams["heartrate"][5] is None
    assert {len(data) for data in streams.values()} == {20}
    back = formats.from_streams(streams, start=T0, sport="GravelRide")
    assert back.points == track.points
    assert (back.start, back.kind) == (START, "activity")
    plan = formats.from_streams({"latlng": [[1.0, 2.0]], "distance": [0.0]})
    assert (plan.kind, plan.start, plan.points.time) == ("route", None, [None])
    with pytest.raises(ValueError, match="'distance' has 1 samples"):
        formats.from_streams({"time": [1, 2], "distance": [0.0]})


def test_distances() -> None:
    assert distance_between(0, 0, 0, 1) == pytest.approx(111_195, abs=1)
    assert distance_between(90, 0, -90, 0) == pytest.approx(20_015_115, abs=5)
    track = Track(
        points=TrackPoints(
            time=[None] * 4, lat=[0.0, 0.0, None, 0.0], lon=[0.0, 0.001, None, 0.002]
        )
    )
    found = cumulative_distance(track)
    assert found == pytest.approx([0, 111.195, None, 222.39], abs=0.01)
