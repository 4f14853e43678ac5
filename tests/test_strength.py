from __future__ import annotations

import datetime as dt
import decimal
import json
import warnings

import pytest

from stravalib import strength
from stravalib._facts.exercises import EXERCISE_TYPES
from stravalib.strength import (
    StrengthSet,
    StrengthStreams,
    StrengthWorkout,
    check_strength_sport,
    find_exercises,
)

ZONE = dt.timezone(dt.timedelta(hours=2))
START = dt.datetime(2026, 5, 1, 18, 0, 0, 123456, tzinfo=ZONE)
BENCH = "BARBELL_BENCH_PRESS"


def workout(**changes) -> StrengthWorkout:
    given = {
        "start_time": START,
        "utc_offset": None,
        "elapsed_time": 2700,
        "sets": [StrengthSet(BENCH)],
    }
    return StrengthWorkout(**{**given, **changes})


def test_the_whole_format():
    made = StrengthWorkout(
        START,
        7200,
        dt.timedelta(minutes=45),
        [StrengthSet(BENCH, 8, 60.5, 40, START + dt.timedelta(minutes=1))],
        active_time=900.0,
        total_calories=310,
        creator="Gym log 2",
        streams=StrengthStreams([0, 5, 5, 9], [True, True, False, True], [90, 1, 2, 3]),
    )
    made.add_set("PLANK_HOLD", duration=dt.timedelta(seconds=60))
    assert json.loads(made.to_json()) == {
        "version": "1.0",
        "start_time": "2026-05-01T18:00:00+02:00",
        "utc_offset": 7200,
        "elapsed_time": 2700,
        "active_time": 900,
        "total_calories": 310,
        "creator": {"name": "Gym log 2"},
        "streams": {
            "time": [0, 5, 5, 9],
            "active": [True, True, False, True],
            "heartrate": [90, 1, 2, 3],
        },
        "sets": [
            {
                "exercise_type": BENCH,
                "repetitions": 8,
                "weight": 60.5,
                "duration": 40,
                "start_time": "2026-05-01T18:01:00+02:00",
            },
            {"exercise_type": "PLANK_HOLD", "duration": 60},
        ],
    }


def test_only_what_is_required():
    made = workout(start_time=START.astimezone(dt.UTC), utc_offset=-3600)
    assert isinstance(made.to_json(), bytes)
    assert json.loads(made.to_json()) == {
        "version": "1.0",
        "start_time": "2026-05-01T16:00:00Z",
        "utc_offset": -3600,
        "elapsed_time": 2700,
        "sets": [{"exercise_type": BENCH}],
    }


def test_the_reader_of_the_format_agrees():
    from stravalib.formats.strength import read_strength

    made = workout(streams=StrengthStreams([0, 1], heartrate=[80, 90]))
    made.add_set("PLANK_HOLD", duration=60)
    (track,) = read_strength(made.to_json())
    assert [item.exercise for item in track.sets] == [BENCH, "PLANK_HOLD"]
    assert track.utc_offset == 7200
    assert track.warnings == []


def test_units():
    from stravalib.unit_registry import Q_

    made = workout(sets=[])
    made.add_set(BENCH, weight=Q_(100, "lb"))
    made.add_set(BENCH, weight=decimal.Decimal("20.5"))
    rows = made.to_dict()["sets"]
    assert rows[0]["weight"] == pytest.approx(45.359237)
    assert rows[1]["weight"] == 20.5


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"start_time": START.replace(tzinfo=None)}, ValueError, "without a time zone"),
        ({"start_time": "2026-05-01"}, TypeError, "start_time is '2026-05-01'"),
        ({"start_time": None}, TypeError, "start_time is None"),
        ({"utc_offset": 3600}, ValueError, "offset 7200 s, utc_offset says 3600 s"),
        ({"utc_offset": "7200"}, TypeError, "utc_offset is '7200'"),
        (
            {"start_time": START.astimezone(dt.UTC), "utc_offset": 90_000},
            ValueError,
            "no place on earth",
        ),
        ({"elapsed_time": 0}, ValueError, "elapsed_time is 0"),
        ({"elapsed_time": -1}, ValueError, "elapsed_time is -1; give 0 or more"),
        ({"elapsed_time": 1.5}, TypeError, "elapsed_time is 1.5"),
        ({"elapsed_time": True}, TypeError, "elapsed_time is True"),
        ({"elapsed_time": None}, ValueError, "elapsed_time is None"),
        ({"active_time": 2701}, ValueError, "active_time is 2701 s, more than"),
        ({"total_calories": -5}, ValueError, "total_calories is -5"),
        ({"total_calories": "5"}, TypeError, "total_calories is '5'"),
        ({"creator": {"name": "x"}}, TypeError, "creator is"),
        (
            {"streams": StrengthStreams([0, 1], [True])},
            ValueError,
            "streams.active has 1 values, streams.time has 2",
        ),
        (
            {"streams": StrengthStreams([0, 1], heartrate=[1, 2, 3])},
            ValueError,
            "streams.heartrate has 3 values",
        ),
        (
            {"streams": StrengthStreams([0, 1], [True, 1])},
            TypeError,
            r"streams.active\[1\] is 1",
        ),
        (
            {"streams": StrengthStreams([0, 5, 4])},
            ValueError,
            r"streams.time\[2\] is 4, after 5",
        ),
        (
            {"streams": StrengthStreams([0, None])},
            TypeError,
            r"streams.time\[1\] is None",
        ),
        (
            {"streams": StrengthStreams([0], heartrate=[80.5])},
            TypeError,
            r"streams.heartrate\[0\] is 80.5",
        ),
        ({"sets": [StrengthSet("")]}, TypeError, r"sets\[0\].exercise_type is ''"),
        (
            {"sets": [StrengthSet(BENCH), StrengthSet(BENCH, repetitions=-1)]},
            ValueError,
            r"sets\[1\].repetitions is -1",
        ),
        ({"sets": [StrengthSet(BENCH, 8.5)]}, TypeError, "repetitions is 8.5"),
        ({"sets": [StrengthSet(BENCH, weight=-1)]}, ValueError, "weight is -1"),
        ({"sets": [StrengthSet(BENCH, weight="9")]}, TypeError, "weight is '9'"),
        (
            {"sets": [StrengthSet(BENCH, weight=float("nan"))]},
            ValueError,
            "give kilograms, 0 or more",
        ),
        (
            {"sets": [StrengthSet(BENCH, start_time=dt.datetime(2026, 5, 1))]},
            ValueError,
            r"sets\[0\].start_time is .* without a time zone",
        ),
    ],
)
def test_rules(changes, error, words):
    with pytest.raises(error, match=words):
        workout(**changes)


def test_rules_hold_for_what_is_changed_later():
    made = workout()
    made.elapsed_time = 0
    with pytest.raises(ValueError, match="elapsed_time is 0"):
        made.to_json()
    made = workout()
    made.sets.append(StrengthSet("NOPE"))
    with pytest.raises(ValueError, match=r"sets\[1\].exercise_type 'NOPE'"):
        made.to_json()


def test_a_workout_has_sets():
    with pytest.raises(ValueError, match="has no set; call add_set"):
        workout(sets=[]).to_json()
    given = [StrengthSet(BENCH)]
    made = workout(sets=given)
    made.add_set(BENCH)
    assert len(given) == 1


def test_unknown_exercises():
    made = workout()
    with pytest.raises(ValueError, match="BARBELL_BENCH_PRESS") as caught:
        made.add_set("BARBEL_BENCH_PRES")
    assert "strict=False" in str(caught.value)
    with pytest.raises(ValueError, match="BENCH_PRESS_GENERIC"):
        made.add_set("bench press")
    assert len(made.sets) == 1


def test_newer_exercises_pass_with_a_warning():
    made = workout(strict=False)
    with pytest.warns(UserWarning, match="'MOON_JUMP' is not in Strava's list") as seen:
        made.add_set("MOON_JUMP")
    assert seen[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert json.loads(made.to_json())["sets"][1]["exercise_type"] == "MOON_JUMP"
    with pytest.warns(UserWarning, match="MOON_JUMP") as seen:
        workout(sets=[StrengthSet("MOON_JUMP")], strict=False)


def test_looking_up_exercises():
    assert len(EXERCISE_TYPES) == 656
    assert BENCH in find_exercises("Barbell bench-press")
    assert find_exercises("squat")[0] == "SQUAT_GENERIC"
    assert all("DEADLIFT" in word for word in find_exercises("deadlift", 3))
    assert len(find_exercises("deadlift", 3)) == 3
    assert find_exercises("PLNAK")[:2] == ["PLANK_GENERIC", "PLANK_HOLD"]
    assert find_exercises("") == find_exercises("zzzzzz") == []


@pytest.mark.parametrize("sport", strength.STRENGTH_SPORTS)
def test_sports_with_sets(sport):
    from stravalib.model import RelaxedSportType

    assert check_strength_sport(sport) == sport
    assert check_strength_sport(RelaxedSportType(sport)) == sport


@pytest.mark.parametrize("sport", ["Run", "weighttraining", "", None])
def test_sports_without_sets(sport):
    with pytest.raises(ValueError, match="WeightTraining, HighIntensityInterval"):
        check_strength_sport(sport)


def test_the_example_runs():
    import doctest

    assert doctest.testmod(strength).failed == 0
    assert strength.__all__ == sorted(strength.__all__)
