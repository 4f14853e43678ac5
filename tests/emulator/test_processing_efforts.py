"""Uploaded activities find the segments that they passed over."""

from __future__ import annotations

from datetime import datetime

import pytest

from stravalib.emulator.processing import process_upload
from stravalib.emulator.processing.efforts import add_efforts
from stravalib.emulator.records import AthleteRecord, SegmentRecord
from stravalib.emulator.world import generate
from stravalib.formats import from_streams, write

ATHLETE = AthleteRecord({"id": 1})


@pytest.fixture(scope="module")
def world():
    return generate(seed=1, years=0.25)


def test_the_efforts_of_the_generator_are_found_again(world):
    known = wrong = found = 0
    for one in next(iter(world)).activities:
        detail = one.detail
        if not detail["start_latlng"] or detail["type"] not in {"Run", "Ride"}:
            continue
        if detail["sport_type"] == "VirtualRide":
            continue
        start = datetime.fromisoformat(detail["start_date"]).timestamp()
        track = from_streams(one.streams(), start=start, sport=detail["sport_type"])
        record = process_upload(write(track, "gpx"), "gpx", athlete=ATHLETE, now=0.0)
        record.detail["sport_type"] = detail["sport_type"]
        add_efforts(record, world.segments)
        ours = {e["segment"]["id"] for e in detail["segment_efforts"]}
        got = {e["segment"]["id"] for e in record.detail["segment_efforts"]}
        known += len(ours)
        found += len(ours & got)
        wrong += len(got - ours)
    assert known >= 10
    assert found >= 0.8 * known
    assert wrong <= 0.35 * known  # other streets may touch the same ground


def line(count: int, *, off: float = 0.0, back: bool = False):
    points = [[48 + i * 1e-4, 11.0 + off] for i in range(count)]
    return points[::-1] if back else points


def segment(points) -> SegmentRecord:
    streams = {
        "latlng": points,
        "distance": [i * 11.13 for i in range(len(points))],
        "altitude": [500.0] * len(points),
    }
    detail = {"id": 9, "name": "Weir Sprint", "activity_type": "Run", "distance": 1.0}
    return SegmentRecord(detail, streams)


def run(points):
    streams = {
        "time": [i * 4 for i in range(len(points))],
        "latlng": points,
        "distance": [i * 11.13 for i in range(len(points))],
    }
    data = write(from_streams(streams, start=1_780_000_000.0, sport="Run"), "gpx")
    return process_upload(data, "gpx", athlete=ATHLETE, now=0.0)


def test_an_effort_is_the_part_of_the_track():
    record = run(line(200))
    assert add_efforts(record, [segment(line(200)[50:120])]) == 1
    (effort,) = record.detail["segment_efforts"]
    assert (effort["start_index"], effort["end_index"]) == (50, 119)
    assert effort["elapsed_time"] == 69 * 4
    assert effort["pr_rank"] == 1
    assert record.detail["pr_count"] == 1
    assert effort["segment"]["id"] == 9


@pytest.mark.parametrize(
    ("earlier", "rank"),
    [([100], 2), ([100, 101], 3), ([1, 2, 3], None), ([900], 1)],
)
def test_ranks_among_earlier_efforts(earlier, rank):
    record = run(line(200))
    add_efforts(record, [segment(line(200)[50:120])], earlier=lambda _: earlier)
    assert record.detail["segment_efforts"][0]["pr_rank"] == rank


@pytest.mark.parametrize(
    "points",
    [
        line(200)[119:49:-1],  # the other way
        line(200, off=0.002)[50:120],  # a street further
        line(400)[150:250],  # the track ends before
    ],
)
def test_no_effort(points):
    assert add_efforts(run(line(200)), [segment(points)]) == 0


def test_a_detour_is_no_effort():
    detour = line(200)
    for index in range(70, 100):
        detour[index] = [detour[index][0], 11.004]
    record = run(detour)
    assert add_efforts(record, [segment(line(200)[50:120])]) == 0


def test_twice_over_is_two_efforts():
    there_and_back = line(200) + line(200, back=True) + line(200)
    record = run(there_and_back)
    assert add_efforts(record, [segment(line(200)[50:120])]) == 2
