"""Numbers with units, words, positions."""

from __future__ import annotations

import copy
import datetime as dt
import pickle
import subprocess
import sys
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from stravalib import model, strava_model
from stravalib._models.build import build_list


def test_distance_and_velocity() -> None:
    far = model.Distance(5)
    assert far == 5.0
    assert isinstance(far, float)
    assert far.unit == "meters"
    assert str(far.quantity()) == "5.0 meter"
    assert model.Velocity.unit == "meters/second"
    assert model.Velocity(2.5).quantity().to("km/hour").magnitude == pytest.approx(9)
    assert type(far + far) is float
    again = pickle.loads(pickle.dumps(far))
    assert type(again) is model.Distance
    assert model.Distance.__module__ == "stravalib.model"


def test_duration() -> None:
    assert model.Duration(90).timedelta() == dt.timedelta(seconds=90)
    assert model.Duration(5.7) == 5


def test_timezone() -> None:
    zone = model.Timezone("(GMT-08:00) America/Los_Angeles")
    assert zone.timezone() == ZoneInfo("America/Los_Angeles")
    assert zone.standard_offset == dt.timedelta(hours=-8)
    assert model.Timezone("(GMT+05:30) Asia/Kolkata").standard_offset == dt.timedelta(
        hours=5, minutes=30
    )
    for odd in ("", "(GMT-08:00) Nowhere/City", "(GMT)", "../../etc/passwd", "Area/"):
        assert model.Timezone(odd).timezone() is None
    assert model.Timezone("Europe/Berlin").timezone() == ZoneInfo("Europe/Berlin")
    assert model.Timezone("Europe/Berlin").standard_offset is None


def test_positions() -> None:
    spot = model.LatLon([1, 2.5])
    assert (spot.lat, spot.lon, spot.root) == (1.0, 2.5, [1.0, 2.5])
    assert spot == model.LatLon(root=[1.0, 2.5])
    assert spot.model_dump() == [1.0, 2.5]
    assert spot.model_dump_json() == "[1.0,2.5]"
    assert copy.deepcopy(spot) == spot == pickle.loads(pickle.dumps(spot))
    for bad in ([], [1], [1, 2, 3], None, "1,2", ["a", "b"]):
        with pytest.raises(ValidationError):
            model.LatLon(bad)  # type: ignore[arg-type]
    assert strava_model.LatLng is model.LatLon


def test_a_position_is_a_pair() -> None:
    """RootModel alone would iterate over ``("root", [46.5, 7.5])``."""
    rows = [{"start_latlng": [46.5, 7.5]}] * 5
    one = model.SummaryActivity.model_validate(rows[0])
    for activity in (one, build_list(model.SummaryActivity, rows)[4]):
        spot = activity.start_latlng
        assert spot is not None
        lat, lon = spot
        assert (lat, lon) == (spot[0], spot[-1]) == (spot.lat, spot.lon) == (46.5, 7.5)
        assert len(spot) == 2
        assert spot
        assert list(spot) == list(spot[:]) == [46.5, 7.5]
        assert 46.5 in spot
        with pytest.raises(IndexError):
            _ = spot[2]
        assert spot.model_dump() == [46.5, 7.5]
        assert spot.model_dump_json() == "[46.5,7.5]"
        for other in (copy.deepcopy(spot), pickle.loads(pickle.dumps(spot))):
            assert other == spot
            assert other.root == [46.5, 7.5]
        assert repr(spot) == "LatLon([46.5, 7.5])"
        assert activity.raw == rows[0]


def test_helpers_of_2_6() -> None:
    assert model.check_valid_location([1, 2]) == [1, 2]
    assert model.check_valid_location([]) is None
    assert model.check_valid_location("1.5, 2") == [1.5, 2.0]
    assert model.check_valid_location(None) is None
    with pytest.raises(ValueError):
        model.check_valid_location("")
    clock = dt.datetime(2026, 1, 2, 3, 4, 5)
    assert model.naive_datetime("2026-01-02T03:04:05Z") == clock
    assert model.naive_datetime("2026-01-02T03:04:05+05:00") == clock
    assert model.naive_datetime(clock) == clock
    assert model.naive_datetime(None) is None
    assert model.naive_datetime(0) == dt.datetime(1970, 1, 1)
    with pytest.raises(ValueError, match="soon"):
        model.naive_datetime("soon")


def test_words() -> None:
    run = model.RelaxedSportType("Run")
    assert run == "Run" == run.root
    assert run != "Ride"
    assert hash(run) == hash("Run")
    assert {"Run": 1}[run] == 1  # type: ignore[index]
    assert run in ("Run", "Ride")
    assert run == model.RelaxedActivityType("Run")
    assert f"{run:>5}" == "  Run"
    assert str(run) == "Run"
    assert repr(run) == "RelaxedSportType('Run')"
    assert run is model.RelaxedSportType(root="Run")
    assert (
        copy.deepcopy(run) is copy.copy(run) is pickle.loads(pickle.dumps(run)) is run
    )
    assert run.model_dump() == "Run"
    assert run.model_dump_json() == '"Run"'
    assert model.RelaxedSportType.model_validate("Foo") == "Foo"
    assert model.RelaxedSportType.model_validate_json('"Foo"').root == "Foo"
    assert strava_model.SportType is model.RelaxedSportType
    for bad in (None, 5, []):
        with pytest.raises(ValidationError):
            model.RelaxedSportType.model_validate(bad)
        with pytest.raises(ValidationError):
            model.RelaxedSportType(bad)
    with pytest.raises(TypeError, match="cannot be changed"):
        run.root = "Ride"
    assert "Run" in model.DetailedActivity.SPORT_TYPES
    kept = model.SummaryActivity(sport_type=run)
    assert kept.sport_type is run
    assert kept.raw == {"sport_type": "Run"}


def test_many_unknown_words_do_not_stay_in_memory() -> None:
    words = [model.RelaxedSportType(f"Sport{number}") for number in range(3000)]
    assert words[2999] == "Sport2999"
    assert len(model.RelaxedSportType._seen.__self__) <= 1000  # type: ignore[attr-defined]


def test_models_load_neither_pint_nor_arrow_nor_numpy() -> None:
    code = (
        "import sys; from stravalib import model\n"
        "heavy = {'pint', 'arrow', 'numpy', 'pandas', 'requests', 'pydantic'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
        "model.DetailedActivity.model_validate({'id': 1, 'distance': 2})\n"
        "assert not {'pint', 'arrow', 'numpy', 'pandas'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
