"""What the generator made, written as a file and uploaded, is the same activity."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from stravalib.emulator.processing import process_upload
from stravalib.emulator.world import generate
from stravalib.formats import from_streams, write

if TYPE_CHECKING:
    from stravalib.emulator.records import ActivityRecord, AthleteRecord


@pytest.fixture(scope="module")
def athlete() -> AthleteRecord:
    return next(iter(generate(seed=4, years=0.3)))


def some(athlete: AthleteRecord) -> dict[str, ActivityRecord]:
    """Pick one activity with positions of each sport."""
    return {
        one.detail["sport_type"]: one
        for one in athlete.activities
        if one.detail["start_latlng"]
    }


@pytest.mark.parametrize("kind", ["gpx", "tcx", "fit", "fit.gz", "gpx.gz"])
def test_an_activity_survives_its_file(athlete, kind):
    if kind.startswith("fit"):
        pytest.importorskip("pyfitparsernative")
    records = some(athlete)
    assert len(records) >= 5
    for sport, record in records.items():
        detail = record.detail
        streams = record.streams()
        start = datetime.fromisoformat(detail["start_date"]).timestamp()
        track = from_streams(streams, start=start, sport=sport, name="x")
        found = process_upload(write(track, kind), kind, athlete=athlete, now=0.0)
        got = found.detail
        assert got["start_date"] == detail["start_date"]
        assert got["elapsed_time"] == detail["elapsed_time"]
        assert got["moving_time"] == pytest.approx(detail["moving_time"], rel=0.02)
        assert got["distance"] == pytest.approx(detail["distance"], rel=0.01)
        assert got["timezone"] == detail["timezone"]
        assert got["utc_offset"] == detail["utc_offset"]
        assert got["has_heartrate"] == detail["has_heartrate"]
        assert got["total_elevation_gain"] == pytest.approx(
            detail["total_elevation_gain"], rel=0.1, abs=8
        )
        if kind.startswith("fit") and sport in {"Run", "Ride", "Hike", "Walk"}:
            assert got["sport_type"] == sport
        assert found.streams["latlng"][0] == pytest.approx(
            streams["latlng"][0], abs=2e-6
        )
