"""Strava's JSON for strength workouts: every rule, and where it is broken."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from stravalib import formats
from stravalib._facts.exercises import EXERCISE_GROUPS
from stravalib.formats import FormatError

WORKOUT: dict[str, Any] = {
    "version": "1.0",
    "start_time": "2026-05-21T18:00:00+02:00",
    "utc_offset": 7200,
    "elapsed_time": 3600,
    "active_time": 3000,
    "total_calories": 320,
    "creator": {"name": "Iron App"},
    "streams": {
        "time": [0, 5, 10],
        "active": [True, False, True],
        "heartrate": [90, 120, 110],
    },
    "sets": [
        {"exercise_type": "BARBELL_BENCH_PRESS", "repetitions": 8, "weight": 62.5},
        {
            "exercise_type": "PLANK_GENERIC",
            "duration": 60,
            "start_time": "2026-05-21T16:10:00Z",
        },
    ],
}


def changed(path: str, value: object) -> bytes:
    body: Any = copy.deepcopy(WORKOUT)
    node = body
    *parents, last = [int(p) if p.isdigit() else p for p in path.split(".")]
    for parent in parents:
        node = node[parent]
    if value is ...:
        del node[last]
    else:
        node[last] = value
    return json.dumps(body).encode()


def test_everything_is_read() -> None:
    [track] = formats.read(json.dumps(WORKOUT).encode(), "json")
    assert track.sport == "WeightTraining"
    assert track.start is not None
    assert track.start.isoformat() == "2026-05-21T16:00:00+00:00"
    assert track.utc_offset == 7200
    assert track.totals.stated() == {
        "elapsed_time": 3600,
        "timer_time": 3000,
        "calories": 320,
    }
    assert track.device.name == "Iron App"
    start = track.start_seconds
    assert start is not None
    assert track.points.time == [start, start + 5, start + 10]
    assert track.points.heartrate == [90, 120, 110]
    assert track.points.extra["active"] == [1, 0, 1]
    bench, plank = track.sets
    assert (bench.exercise, bench.repetitions, bench.weight, bench.start) == (
        "BARBELL_BENCH_PRESS",
        8,
        62.5,
        None,
    )
    assert (plank.duration, plank.start) == (60, start + 600)
    assert track.warnings == []


@pytest.mark.parametrize(
    "path", ["active_time", "total_calories", "creator", "streams"]
)
def test_what_may_be_missing(path: str) -> None:
    assert len(formats.read(changed(path, ...))) == 1


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("version", ..., "version must be"),
        ("version", "2.0", "'2.0'"),
        ("version", 1.0, "version must be"),
        ("start_time", ..., "start_time is required"),
        ("start_time", "yesterday", "start_time must be ISO 8601"),
        ("start_time", "2026-05-21T18:00:00", "must end in Z or an offset"),
        ("start_time", 1_779_379_200, "start_time must be ISO 8601"),
        ("utc_offset", ..., "utc_offset is required"),
        ("utc_offset", "7200", "utc_offset must be a whole number"),
        ("utc_offset", 90_000, "utc_offset must be at most"),
        ("elapsed_time", ..., "elapsed_time is required"),
        ("elapsed_time", 0, "elapsed_time must be from 1"),
        ("elapsed_time", 12.5, "elapsed_time must be a whole number"),
        ("elapsed_time", True, "elapsed_time must be a whole number"),
        ("active_time", -1, "active_time must be from 0"),
        ("creator", "App", "creator must be an object"),
        ("creator", {}, "creator must be an object"),
        ("streams", [], "streams must be an object"),
        ("streams.time", ..., "streams.time is required"),
        ("streams.time", [0, 5], "streams.heartrate must have as many"),
        ("streams.time", [0, 10, 5], "streams.time[2] must not be before"),
        ("streams.heartrate", [90, 91.5, 92], "streams.heartrate[1] must be whole"),
        ("streams.active", [1, 0, 1], "streams.active[0] must be true and false"),
        ("sets", ..., "sets must be a list of at least one set"),
        ("sets", [], "sets must be a list of at least one set"),
        ("sets.1", "plank", "sets[1] must be an object"),
        ("sets.1.exercise_type", ..., "sets[1].exercise_type is required"),
        ("sets.0.repetitions", "8", "sets[0].repetitions must be a whole number"),
        ("sets.0.weight", "heavy", "sets[0].weight must be kilograms"),
        ("sets.0.weight", -5, "sets[0].weight must be kilograms"),
        ("sets.1.duration", 1.5, "sets[1].duration must be a whole number"),
        ("sets.1.start_time", "noon", "sets[1].start_time must be ISO 8601"),
    ],
)
def test_every_rule_names_the_place(path: str, value: object, words: str) -> None:
    with pytest.raises(FormatError) as caught:
        formats.read(changed(path, value), "json")
    assert words in str(caught.value)
    expected = "no_time" if (path, value) == ("start_time", ...) else "malformed"
    assert caught.value.reason == expected


def test_unknown_exercises_are_kept_with_a_warning() -> None:
    [track] = formats.read(changed("sets.0.exercise_type", "MOON_PRESS"))
    assert track.sets[0].exercise == "MOON_PRESS"
    assert "MOON_PRESS" in track.warnings[0]


def test_every_known_exercise_is_accepted() -> None:
    body = copy.deepcopy(WORKOUT)
    known = [name for group in EXERCISE_GROUPS.values() for name in group]
    body["sets"] = [{"exercise_type": name} for name in known]
    [track] = formats.read(json.dumps(body).encode())
    assert len(track.sets) == len(known) > 600
    assert track.warnings == []


def test_broken_json_names_the_line() -> None:
    with pytest.raises(FormatError) as caught:
        formats.read(b'{\n"version": "1.0",\n"sets": [,]}')
    assert (caught.value.reason, caught.value.line) == ("malformed", 3)
