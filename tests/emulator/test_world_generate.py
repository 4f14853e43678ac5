"""The generator: the same bytes for a seed, activities that agree with themselves."""

from __future__ import annotations

import hashlib
import itertools
import json
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import polyline
import pytest

from stravalib._facts.sports import SPORT_TYPES
from stravalib.emulator.processing.derive import haversine
from stravalib.emulator.world import DEFAULT_NOW, generate, generate_activities

if TYPE_CHECKING:
    from stravalib.emulator.records import ActivityRecord, AthleteRecord, World


def streams_of(record: ActivityRecord):
    return record.streams() if callable(record.streams) else record.streams


def digest(world: World) -> str:
    """Digest everything in a world, in order."""
    total = hashlib.sha256()

    def add(*things):
        total.update(json.dumps(things).encode())

    for athlete in world:
        add(athlete.detail, athlete.zones, athlete.gear, athlete.starred_segment_ids)
        for one in athlete.activities:
            add(one.detail, one.kudos, one.comments, one.photos, one.zones)
            add(streams_of(one))
        for route in athlete.routes:
            add(route.detail, route.streams)
    for segment in world.segments:
        add(segment.detail, segment.streams, segment.owner_id)
    for club in world.clubs:
        add(club.detail, club.events, club.member_ids, club.admin_ids)
    return total.hexdigest()


@pytest.fixture(scope="module")
def athlete() -> AthleteRecord:
    return next(iter(generate(seed=1, years=0.9)))


@pytest.fixture(scope="module")
def activities(athlete: AthleteRecord) -> list[ActivityRecord]:
    return list(athlete.activities)


@pytest.fixture(scope="module")
def moving(activities: list[ActivityRecord]) -> list[tuple[dict, dict]]:
    """Detail and streams of a third of the activities that have samples."""
    sampled = [one for one in activities if one.streams][::4]
    return [(one.detail, streams_of(one)) for one in sampled]


def test_the_same_seed_gives_the_same_bytes():
    first = generate(seed=7, years=0.05, athletes=2)
    again = generate(seed=7, years=0.05, athletes=2)
    assert digest(first) == digest(again) == digest(first)
    assert digest(generate(seed=8, years=0.05, athletes=2)) != digest(again)


def test_another_process_with_another_hash_seed_gives_the_same_bytes():
    code = (
        "import sys; sys.path.insert(0, 'tests/emulator')\n"
        "from test_world_generate import digest, generate\n"
        "print(digest(generate(seed=3, years=0.05)))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "77")
    }
    assert found == {digest(generate(seed=3, years=0.05)) + "\n"}


def test_it_never_looks_at_the_clock(monkeypatch):
    import time

    def refuse(*_):
        raise AssertionError("the generator asked for the time")

    monkeypatch.setattr(time, "time", refuse)
    assert list(next(iter(generate(years=0.05))).activities)


def test_activities_are_in_order_and_end_before_now(activities):
    starts = [one.detail["start_date"] for one in activities]
    shown = [s for s, one in zip(starts, activities, strict=True)
             if not one.detail["start_date_local"].endswith("T00:00:01Z")]  # fmt: skip
    assert shown == sorted(shown)
    for one in activities:
        start = datetime.fromisoformat(one.detail["start_date"])
        end = start + timedelta(seconds=one.detail["elapsed_time"])
        assert end <= DEFAULT_NOW
    ids = [one.detail["id"] for one in activities]
    assert len(ids) == len(set(ids))


def test_a_later_now_only_adds():
    start = datetime(2026, 3, 1, tzinfo=UTC)
    short = next(iter(generate(start=start, now=datetime(2026, 4, 1, tzinfo=UTC))))
    long = next(iter(generate(start=start, now=datetime(2026, 5, 1, tzinfo=UTC))))
    early = [one.detail["start_date"] for one in short.activities]
    late = [one.detail["start_date"] for one in long.activities]
    assert late[: len(early)] == early
    assert len(late) > len(early) > 10


def test_many_sports_and_habits(activities):
    sports = Counter(one.detail["sport_type"] for one in activities)
    assert set(sports) <= set(SPORT_TYPES)
    assert len(sports) >= 14
    details = [one.detail for one in activities]
    assert any(d["manual"] for d in details)
    assert any(d["trainer"] for d in details)
    assert any(d["commute"] for d in details)
    assert {d["visibility"] for d in details} == {
        "everyone",
        "followers_only",
        "only_me",
    }
    assert all(d["private"] == (d["visibility"] == "only_me") for d in details)
    assert any(d["start_date_local"].endswith("T00:00:01Z") for d in details)
    assert any(d["workout_type"] == 1 for d in details)
    assert any(not d["name"].isascii() for d in details)
    assert any(one.kudos for one in activities)
    assert any(one.comments for one in activities)
    assert any(one.photos for one in activities)
    assert all(d["kudos_count"] == len(o.kudos)
               for d, o in zip(details, activities, strict=True))  # fmt: skip


def test_time_zones_are_named_by_their_standard_offset(activities):
    seen = set()
    for one in activities:
        detail = one.detail
        label, zone = detail["timezone"].split(" ")
        start = datetime.fromisoformat(detail["start_date"])
        offset = start.astimezone(ZoneInfo(zone)).utcoffset().total_seconds()
        assert detail["utc_offset"] == offset
        local = datetime.fromisoformat(detail["start_date_local"])
        assert (local - start).total_seconds() == offset
        winter = min(
            datetime(2026, month, 1, tzinfo=ZoneInfo(zone)).utcoffset()
            for month in (1, 7)
        )
        minutes = int(winter.total_seconds()) // 60
        sign = "-" if minutes < 0 else "+"
        hours, rest = divmod(abs(minutes), 60)
        assert label == f"(GMT{sign}{hours:02d}:{rest:02d})"
        seen.add(rest)
    assert seen & {30, 45}


def test_somebody_runs_through_a_change_of_the_clocks():
    found = []
    for index in range(1, 5):
        world = generate(
            seed=index,
            start=datetime(2025, 10, 20, tzinfo=UTC),
            now=datetime(2026, 4, 10, tzinfo=UTC),
            activities_per_week=0,
        )
        found += [one.detail for one in next(iter(world)).activities]
    assert found
    for detail in found:
        zone = ZoneInfo(detail["timezone"].split(" ")[1])
        start = datetime.fromisoformat(detail["start_date"])
        end = start + timedelta(seconds=detail["elapsed_time"])
        before, after = (m.astimezone(zone).utcoffset() for m in (start, end))
        assert before != after
        assert detail["utc_offset"] == before.total_seconds()


def test_totals_follow_from_the_streams(moving):
    assert len(moving) > 50
    for detail, streams in moving:
        sizes = {len(values) for values in streams.values()}
        assert len(sizes) == 1
        times = streams["time"]
        assert times[0] == 0
        assert all(a < b for a, b in itertools.pairwise(times))
        assert all(type(value) is int for value in times)
        assert detail["elapsed_time"] == times[-1]
        assert 0 <= detail["moving_time"] <= detail["elapsed_time"]
        if "distance" in streams:
            metres = streams["distance"]
            assert detail["distance"] == metres[-1]
            assert all(a <= b for a, b in itertools.pairwise(metres))
        if "heartrate" in streams:
            assert detail["has_heartrate"]
            assert detail["max_heartrate"] == max(streams["heartrate"])
            assert 40 < min(streams["heartrate"]) <= max(streams["heartrate"]) < 215
        else:
            assert "average_heartrate" not in detail
        if "altitude" in streams:
            assert detail["elev_high"] == max(streams["altitude"])
            assert detail["elev_low"] == min(streams["altitude"])


def test_positions_agree_with_distances_and_polylines(moving):
    checked = 0
    for detail, streams in moving:
        latlng = streams.get("latlng")
        if not latlng:
            assert detail["map"]["polyline"] == ""
            assert detail["start_latlng"] == []
            continue
        length = sum(haversine(a, b) for a, b in itertools.pairwise(latlng))
        assert length == pytest.approx(detail["distance"], rel=0.06)
        line = polyline.decode(detail["map"]["polyline"])
        known = {(round(a, 5), round(b, 5)) for a, b in latlng}
        near = {(round(a + s * 1e-5, 5), round(b + t * 1e-5, 5))
                for a, b in known for s in (-1, 0, 1) for t in (-1, 0, 1)}  # fmt: skip
        assert set(line) <= near
        summary = polyline.decode(detail["map"]["summary_polyline"])
        assert set(summary) <= set(line)
        assert 2 <= len(summary) < len(line) or len(line) < 12
        checked += 1
    assert checked > 25


def test_splits_and_laps_add_up(moving):
    checked = 0
    for detail, streams in moving:
        for name, unit in (("splits_metric", 1000), ("splits_standard", 1609.344)):
            splits = detail.get(name)
            if not splits:
                continue
            assert sum(s["elapsed_time"] for s in splits) == detail["elapsed_time"]
            assert sum(s["moving_time"] for s in splits) == detail["moving_time"]
            assert sum(s["distance"] for s in splits) == pytest.approx(
                detail["distance"], abs=0.06 * len(splits)
            )
            assert [s["split"] for s in splits] == list(range(1, len(splits) + 1))
            assert len(splits) == pytest.approx(detail["distance"] / unit, abs=1.1)
            checked += 1
        laps = detail["laps"]
        assert laps[0]["start_index"] == 0
        assert laps[-1]["end_index"] == len(streams["time"]) - 1
        if detail["type"] in {"Run", "Ride"}:
            assert sum(lap["distance"] for lap in laps) == pytest.approx(
                detail["distance"], abs=1
            )
    assert checked > 30


def test_best_efforts_are_the_fastest_stretches(moving):
    checked = 0
    for detail, streams in moving:
        for effort in detail.get("best_efforts", ()):
            first, last = effort["start_index"], effort["end_index"]
            metres = streams["distance"][last] - streams["distance"][first]
            seconds = streams["time"][last] - streams["time"][first]
            assert metres >= effort["distance"] - 0.2
            assert effort["elapsed_time"] <= seconds
            assert effort["distance"] <= detail["distance"]
            checked += 1
    assert checked > 50


def test_records_fall_in_order(activities):
    best: dict[str, int] = {}
    efforts = 0
    for one in activities:
        for effort in one.detail.get("best_efforts", ()):
            if effort["pr_rank"] == 1:
                assert effort["elapsed_time"] <= best.get(effort["name"], 1 << 30)
                best[effort["name"]] = effort["elapsed_time"]
            else:
                assert effort["elapsed_time"] >= best[effort["name"]]
        for effort in one.detail["segment_efforts"]:
            efforts += 1
            streams = streams_of(one)
            first, last = effort["start_index"], effort["end_index"]
            seconds = streams["time"][last] - streams["time"][first]
            assert seconds == effort["elapsed_time"]
            assert effort["distance"] == pytest.approx(
                effort["segment"]["distance"], rel=0.2, abs=60
            )
            assert effort["id"] > 2**53
            assert effort["id_str"] == str(effort["id"])
    assert efforts > 30


def test_segments_of_efforts_exist():
    world = generate(years=0.4)
    known = {segment.detail["id"] for segment in world.segments}
    athlete = next(iter(world))
    used = {
        effort["segment"]["id"]
        for one in athlete.activities
        for effort in one.detail["segment_efforts"]
    }
    assert used
    assert used <= known
    assert set(athlete.starred_segment_ids) <= known
    for segment in world.segments:
        sizes = {len(values) for values in segment.streams.values()}
        assert len(sizes) == 1
        assert segment.detail["local_legend"]["effort_count"].isdigit()


def test_gear_has_gone_as_far_as_its_activities(athlete, activities):
    gone: Counter[str] = Counter()
    for one in activities:
        if one.detail["gear_id"]:
            gone[one.detail["gear_id"]] += one.detail["distance"]
    gear = {item["id"]: item for item in athlete.gear}
    assert set(gone) <= set(gear)
    for number, item in gear.items():
        assert item["distance"] == pytest.approx(gone[number], abs=1)
    one = next(o for o in activities if o.detail["gear_id"])
    worn = one.detail["gear"]
    assert worn["distance"] == gear[worn["id"]]["distance"]
    assert {item["id"][0] for item in athlete.gear} == {"b", "g"}


def test_power_follows_effort_and_has_gaps(activities):
    powered = [o for o in activities if o.detail.get("device_watts")]
    assert powered
    streams = [streams_of(one) for one in powered]
    assert any(None in s["watts"] for s in streams)
    for one, samples in zip(powered, streams, strict=True):
        known = [w for w in samples["watts"] if w is not None]
        assert one.detail["max_watts"] == max(known)
        assert 40 < one.detail["average_watts"] < 400
        if one.detail["sport_type"] == "Ride" and "grade_smooth" in samples:
            pairs = zip(samples["watts"], samples["grade_smooth"], strict=True)
            values = [(w, g) for w, g in pairs if w is not None]
            up = [w for w, g in values if g > 2]
            down = [w for w, g in values if g < -2]
            if len(up) > 20 and len(down) > 20:
                assert sum(up) / len(up) > sum(down) / len(down)


def test_routes_clubs_and_big_ids():
    world = generate(years=0.05, athletes=3)
    for athlete in world:
        for route in athlete.routes:
            detail = route.detail
            assert detail["id"] > 2**53
            assert detail["id_str"] == str(detail["id"])
            assert detail["waypoints"]
            assert len(route.streams["latlng"]) == len(route.streams["altitude"])
    assert world.clubs
    events = [event for club in world.clubs for event in club.events]
    assert any(event["created_at"] == "" for event in events)
    members = {member for club in world.clubs for member in club.member_ids}
    assert {athlete.detail["id"] for athlete in world} <= members


def test_a_hundred_thousand_activities_are_made_lazily():
    world = generate_activities(100_000)
    (athlete,) = world.athletes
    iterator = iter(athlete.activities)
    first = [next(iterator) for _ in range(2000)]
    assert len({one.detail["id"] for one in first}) == 2000
    starts = [one.detail["start_date"] for one in first]
    assert starts == sorted(starts)
    assert all(callable(one.streams) for one in first if one.streams)


@pytest.mark.parametrize(
    "wrong",
    [
        {"now": datetime(2026, 1, 1)},
        {"athletes": -1},
        {"activities_per_week": 50},
        {"start": datetime(2027, 1, 1, tzinfo=UTC)},
    ],
)
def test_wrong_arguments_are_refused(wrong):
    with pytest.raises(ValueError, match=r"time zone|cannot generate"):
        generate(**wrong)
