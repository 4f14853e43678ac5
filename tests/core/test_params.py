"""From what users write to what Strava takes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from stravalib._core import params
from stravalib._facts.sports import ACTIVITY_TYPES, SPORT_TYPES

BERLIN = timezone(timedelta(hours=2))


class ArrowLike:
    datetime = datetime(2024, 5, 4, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "epoch"),
    [
        ("2024-01-01T00:00:00Z", 1704067200),
        ("2024-01-01", 1704067200),
        ("2024", 1704067200),
        ("2024-01", 1704067200),
        ("2024/1/1", 1704067200),
        ("2024-01-01T02:00:00+02:00", 1704067200),
        (datetime(2024, 1, 1), 1704067200),
        (datetime(2024, 1, 1, 2, tzinfo=BERLIN), 1704067200),
        (date(2024, 1, 1), 1704067200),
        (ArrowLike(), 1714818600),
    ],
)
def test_times_become_epoch_seconds(value, epoch):
    assert params.to_epoch(value) == epoch


def test_bad_dates_are_named_with_what_to_do():
    with pytest.raises(ValueError, match="before='garbage' is not a date; write it as"):
        params.to_epoch("garbage", "before")
    with pytest.raises(ValueError, match="2024-13-45"):
        params.to_epoch("2024-13-45")
    with pytest.raises(TypeError, match=r"after=5\.5 is a float"):
        params.to_epoch(5.5, "after")


def test_wall_clock_keeps_local_time_and_drops_the_zone():
    moment = datetime(2024, 5, 4, 10, 30, tzinfo=BERLIN)
    assert params.wall_clock(moment, "x") == "2024-05-04T10:30:00Z"
    assert params.wall_clock("2024-05-04", "x") == "2024-05-04T00:00:00Z"


def test_a_duration_of_more_than_a_day_is_not_cut():
    assert params.to_seconds(timedelta(hours=30)) == 108000
    assert params.to_seconds(90) == 90
    with pytest.raises(ValueError, match="negative"):
        params.to_seconds(-1)


def test_distances_are_metres_or_quantities():
    class Mile:
        def to(self, unit):
            assert unit == "meter"
            return type("Q", (), {"magnitude": 1609.344})()

    assert params.to_meters(5) == 5
    assert params.to_meters(Mile()) == 1609.344


@pytest.mark.parametrize("word", SPORT_TYPES)
def test_every_sport_type_passes_as_it_is(word):
    assert params.activity_type_params(None, word) == {"sport_type": word}


@pytest.mark.parametrize("word", ACTIVITY_TYPES)
def test_every_activity_type_passes_in_lower_case(word):
    assert params.activity_type_params(word, None) == {"type": word.lower()}
    assert params.activity_type_params(word.lower(), None) == {"type": word.lower()}


def test_sport_type_wins_and_unknown_words_are_refused():
    assert params.activity_type_params("Ride", "Run") == {"sport_type": "Run"}
    assert params.activity_type_params(None, None) == {}
    with pytest.raises(ValueError, match=r"nope\. Possible values"):
        params.activity_type_params(None, "nope")
    with pytest.raises(ValueError, match="Did you mean 'TrailRun'"):
        params.activity_type_params(None, "trailrun")
    with pytest.raises(ValueError, match="Gravel"):
        params.activity_type_params("Gravel", None)


def test_data_types():
    assert params.data_type("fit.gz") == "fit.gz"
    assert params.data_type("json") == "json"
    with pytest.raises(ValueError, match="Invalid data type kml"):
        params.data_type("kml")


def test_stream_query():
    query = params.stream_params(["time", "latlng"], None, "time")
    assert query == {"keys": "time,latlng", "key_by_type": True, "series_type": "time"}
    assert params.stream_params(None, "low", None)["keys"].startswith("time,distance,")
    with pytest.raises(ValueError, match=r"Types \{'x'\} not supported by StravaApi"):
        params.stream_params(["x"], None, None)
    with pytest.raises(ValueError, match="resolution='best'"):
        params.stream_params(None, "best", None)
    with pytest.raises(ValueError, match="series_type='speed'"):
        params.stream_params(None, None, "speed")


def test_stream_rows_of_both_shapes():
    keyed = {"time": {"data": [1]}, "latlng": {"data": [[1, 2]]}}
    array = [{"type": "time", "data": [1]}, {"type": "latlng", "data": [[1, 2]]}]
    assert list(params.stream_rows(keyed)) == list(params.stream_rows(array))
    assert params.stream_rows([]) == {}
    assert params.stream_rows({"time": None, "message": "x"}) == {}


@pytest.mark.parametrize(
    "value", [(1.0, 2.0, 3.0, 4.0), ((1.0, 2.0), (3.0, 4.0)), [1.0, 2.0, 3.0, 4.0]]
)
def test_bounds_in_both_forms(value):
    assert params.bounds(value) == "1.0,2.0,3.0,4.0"


@pytest.mark.parametrize("value", [(1, 2, 3), ((1, 2, 3), (4,)), (1, (2, 3)), ()])
def test_bad_bounds(value):
    with pytest.raises(ValueError, match="Invalid bounds specified"):
        params.bounds(value)


def test_scopes():
    assert params.scopes(None) == "read,activity:read"
    assert params.scopes("read_all") == "read_all"
    assert params.scopes(["read", "profile:write"]) == "read,profile:write"
    with pytest.raises(AssertionError, match="bogus"):
        params.scopes("bogus")


def test_strength_workouts_have_four_sports():
    assert params.strength_sport("Crossfit") == "Crossfit"
    with pytest.raises(ValueError, match="sport_type='Run' takes no sets"):
        params.strength_sport("Run")
