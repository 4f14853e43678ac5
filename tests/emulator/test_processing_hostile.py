"""A slice of the long campaign: hostile files end as a refusal, fast and small."""

from __future__ import annotations

import sys
import tracemalloc
from pathlib import Path

import pytest

from stravalib._facts import texts
from stravalib.emulator.processing import RejectedUpload, process_upload
from stravalib.emulator.records import AthleteRecord

sys.path.insert(0, str(Path(__file__).parents[1] / "campaigns"))

from fuzz_uploads import unsound
from hostile import MAKERS, cases

ATHLETE = AthleteRecord({"id": 1, "athlete_type": 0, "weight": 70.0})
TEXTS = {texts.UPLOAD_MALFORMED, texts.UPLOAD_NO_TIME}


@pytest.mark.parametrize("seed", range(4))
def test_hostile_files_become_sound_activities_or_refusals(seed, caplog):
    outcomes = set()
    for what, kind, data in cases(40, seed + 100):
        try:
            record = process_upload(data, kind, athlete=ATHLETE, now=0.0)
        except RejectedUpload as refusal:
            outcomes.add(refusal.text)
        else:
            assert unsound(record) == [], what
            outcomes.add("activity")
    assert "activity" in outcomes
    assert outcomes - {"activity"} <= TEXTS
    assert texts.UPLOAD_MALFORMED in outcomes
    # A fault of our own is refused as well, but it is logged: there must be none.
    assert not [r for r in caplog.records if r.levelname == "ERROR"]


def test_the_sound_files_of_the_campaign_are_sound():
    import random

    for kind, make in MAKERS.items():
        record = process_upload(make(random.Random(3)), kind, athlete=ATHLETE, now=0.0)
        assert unsound(record) == []
        assert record.detail["start_date"] == (
            "2026-05-28T20:26:40Z" if kind == "fit" else "2026-05-28T07:00:00Z"
        )


def test_memory_stays_bounded():
    import gzip

    bomb = gzip.compress(b"<gpx>" + b"<trkpt/>" * 8_000_000, 9)
    assert len(bomb) < 200_000
    tracemalloc.start()
    try:
        with pytest.raises(RejectedUpload):
            process_upload(bomb, "gpx.gz", athlete=ATHLETE, now=0.0)
        assert tracemalloc.get_traced_memory()[1] < 120_000_000
    finally:
        tracemalloc.stop()


def test_cases_are_the_same_for_a_seed():
    assert list(cases(12, 5)) == list(cases(12, 5))
    assert list(cases(12, 5)) != list(cases(12, 6))
