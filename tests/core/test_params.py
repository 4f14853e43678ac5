"""From what users write to what Strava takes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from stravalib._core import params
from stravalib._facts.sports import ACTIVITY_TYPES, SPORT_TYPES
from stravalib._facts.streams import STREAM_TYPES

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


class Word:
    """What the models hold for a sport or a stream type."""

    def __init__(self, root):
        self.root = root

    def __str__(self):
        return f"root={self.root!r}"


def test_the_words_that_models_hold_are_taken_too():
    assert params.activity_type_params(None, Word("Run")) == {"sport_type": "Run"}
    assert params.activity_type_params(Word("Ride"), None) == {"type": "ride"}
    assert params.explore_activity_type(Word("riding")) == "riding"
    assert params.stream_params([Word("time")], None, None)["keys"] == "time"


def test_only_a_word_that_is_nearly_right_is_answered_with_another():
    with pytest.raises(ValueError, match="Ridee") as caught:
        params.activity_type_params(None, "Ridee")
    assert "Did you mean" not in str(caught.value)
    with pytest.raises(ValueError, match="activity type: TrailRun"):
        params.activity_type_params("TrailRun", None)


def test_times_that_are_times_already_stay_what_they_are():
    moment = datetime(2024, 5, 4, 10, 30, 15, 250, tzinfo=BERLIN)
    assert params.to_datetime(moment) is moment
    assert params.to_datetime(date(2024, 5, 4)) == datetime(2024, 5, 4)
    assert params.to_datetime(ArrowLike()) is ArrowLike.datetime
    assert params.to_datetime(" 2024-05-04T10:30 ") == datetime(2024, 5, 4, 10, 30)


def test_what_only_looks_like_a_time_is_refused():
    class NotArrow:
        datetime = "2024-05-04"

    with pytest.raises(TypeError, match="is a NotArrow; give a datetime or ISO text"):
        params.to_datetime(NotArrow())


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024", datetime(2024, 1, 1)),
        ("2024-3", datetime(2024, 3, 1)),
        ("2024.03", datetime(2024, 3, 1)),
        ("2024/3/9", datetime(2024, 3, 9)),
        ("2024-W10-6", datetime(2024, 3, 9)),
        ("20240309T0102", datetime(2024, 3, 9, 1, 2)),
    ],
)
def test_what_a_loose_date_leaves_out_is_the_first(text, moment):
    assert params.to_datetime(text) == moment


def test_parts_of_a_second_are_cut():
    assert params.to_epoch(datetime(2024, 1, 1, 0, 0, 0, 999_999)) == 1704067200
    assert params.to_seconds(59.9) == 59
    assert params.to_seconds(timedelta(seconds=59, milliseconds=900)) == 59


def test_no_time_at_all_is_a_duration():
    assert params.to_seconds(0) == 0
    with pytest.raises(ValueError, match="moving_time="):
        params.to_seconds(timedelta(seconds=-1), "moving_time")


@pytest.mark.parametrize(
    ("value", "sent"), [(None, None), (True, 1), (False, 0), (1, 1), (0, 0)]
)
def test_a_yes_or_no_is_sent_as_a_number(value, sent):
    assert params.flag(value) == sent
    assert type(params.flag(value)) is type(sent)


def test_data_types_in_any_case_stay_as_they_are_written():
    assert params.data_type("FIT.gz") == "FIT.gz"


def test_a_stream_query_asks_for_all_types_and_no_more_than_was_said():
    query = params.stream_params(None, None, None)
    assert query == {"keys": ",".join(STREAM_TYPES), "key_by_type": True}
    query = params.stream_params(["time"], "high", "distance")
    assert query == {
        "keys": "time",
        "key_by_type": True,
        "resolution": "high",
        "series_type": "distance",
    }
    assert params.stream_params(["time"], "medium", None)["resolution"] == "medium"


def test_stream_rows_leave_out_what_is_no_stream():
    row = {"type": "time", "data": [1]}
    assert params.stream_rows([None, "x", row]) == {"time": row}
    assert params.stream_rows({"time": row, "watts": [1]}) == {"time": row}
    for raw in (None, "x", 5):
        assert params.stream_rows(raw) == {}


@pytest.mark.parametrize(
    "value",
    [
        (1, 2),
        ((1, 2), (3,)),
        ((1, 2), (3, 4), (5, 6)),
        (1, 2, 3, (4,)),
        ((1, 2), 3),
        ((1, 2, 3, 4),),
        ((1, 2), (3, 4), 5, 6),
        (1, 2, 3, 4, 5),
    ],
)
def test_bounds_are_four_numbers_or_two_pairs(value):
    with pytest.raises(ValueError, match="Invalid bounds specified"):
        params.bounds(value)


def test_bounds_of_lists():
    assert params.bounds([[1.5, 2], (3, 4)]) == "1.5,2,3,4"


def test_segments_are_searched_for_two_sports():
    assert params.explore_activity_type("running") == "running"
    with pytest.raises(ValueError, match=r"type: Run\.  Possible values"):
        params.explore_activity_type("Run")


def test_one_unknown_scope_among_known_ones_is_named():
    with pytest.raises(AssertionError, match=r"\{'fly'\}; known are read"):
        params.scopes(["read", "fly"])


class Spot:
    """Stands for a position of a model."""

    def __init__(self, lat: float, lon: float) -> None:
        self.lat, self.lon = lat, lon


@pytest.mark.parametrize(
    "value",
    [
        (Spot(1.5, 2), Spot(3, 4)),
        [Spot(1.5, 2), (3, 4)],
        (number for number in (1.5, 2, 3, 4)),
    ],
)
def test_bounds_of_positions_and_other_sequences(value):
    assert params.bounds(value) == "1.5,2,3,4"


def test_bounds_of_arrays():
    numpy = pytest.importorskip("numpy")
    assert params.bounds(numpy.array([[1.5, 2.0], [3.0, 4.0]])) == "1.5,2.0,3.0,4.0"


@pytest.mark.parametrize(
    "value",
    [None, 5, "1234", b"1234", (1, 2, 3, None), (1, 2, 3, float("nan")), ("a",) * 4],
)
def test_bounds_that_are_none(value):
    with pytest.raises(ValueError, match="Invalid bounds specified"):
        params.bounds(value)


@pytest.mark.parametrize("value", [None, "1:00", float("nan"), float("inf"), []])
def test_a_duration_that_is_none(value):
    with pytest.raises(ValueError, match=r"elapsed_time=.* is no number of seconds"):
        params.to_seconds(value)


@pytest.mark.parametrize("value", [-5, float("nan"), float("inf"), [], "far"])
def test_a_distance_that_is_none(value):
    with pytest.raises(ValueError, match=r"distance=.* is no amount; give metres"):
        params.to_meters(value)


def test_amounts_stay_as_they_were_written():
    assert params.to_meters(5) == 5
    assert params.amount("70.5", "weight", "kilograms") == "70.5"


def test_a_data_type_that_is_none():
    with pytest.raises(ValueError, match="Invalid data type None"):
        params.data_type(None)


def test_stream_types_as_one_text():
    assert params.stream_params("time", None, None)["keys"] == "time"
    assert params.stream_params("time,watts", None, None)["keys"] == "time,watts"


def test_years_have_four_digits():
    assert params.wall_clock(datetime(33, 4, 3), "x") == "0033-04-03T00:00:00Z"


def test_the_old_word_of_a_strength_sport_counts_too():
    assert params.strength_sport("weighttraining") == "weighttraining"
    with pytest.raises(ValueError, match="takes no sets"):
        params.strength_sport("run")
