from __future__ import annotations

import datetime as dt
import math

import pytest

from stravalib import units
from stravalib._models.values import Distance, Duration, Velocity


@pytest.mark.parametrize(
    ("function", "given", "wanted"),
    [
        (units.km, 42_195, 42.195),
        (units.km, -500.0, -0.5),
        (units.km, 0, 0.0),
        (units.miles, 1609.344, 1.0),
        (units.miles, 42_195, 26.218757),
        (units.feet, 1000, 3280.8399),
        (units.kph, 10, 36.0),
        (units.mph, 10, 22.369363),
        (units.fahrenheit, -40, -40.0),
        (units.fahrenheit, 37, 98.6),
        (units.pounds, 70, 154.32358),
    ],
)
def test_numbers(function, given, wanted):
    assert function(given) == pytest.approx(wanted, rel=1e-7)


@pytest.mark.parametrize("name", units.__all__)
def test_missing_values_pass_through(name):
    assert getattr(units, name)(None) is None


def test_values_of_models_are_numbers():
    assert units.km(Distance(1500)) == 1.5
    assert units.kph(Velocity(5)) == 18
    assert units.hms(Duration(61)) == "00:01:01"


@pytest.mark.parametrize(
    ("speed", "per_km", "per_mile", "per_100m"),
    [
        (1000 / 299, "4:59", "8:01", "0:30"),
        (1000 / 299.6, "5:00", "8:02", "0:30"),  # rounds up to a whole minute
        (3.3333333, "5:00", "8:03", "0:30"),
        (0.2, "83:20", "134:07", "8:20"),
        (1000 / 3599.6, "60:00", "96:33", "6:00"),
        (0, None, None, None),
        (-2.5, None, None, None),
        (math.nan, None, None, None),
        (math.inf, None, None, None),
        (0.001, None, None, None),  # 100 m still take more than a day
    ],
)
def test_pace(speed, per_km, per_mile, per_100m):
    assert units.min_per_km(speed) == per_km
    assert units.min_per_mile(speed) == per_mile
    assert units.min_per_100m(speed) == per_100m


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "00:00:00"),
        (59.4, "00:00:59"),
        (59.5, "00:01:00"),
        (60.5, "00:01:01"),
        (3661, "01:01:01"),
        (3599.9, "01:00:00"),
        (363_600, "101:00:00"),
        (-75, "-00:01:15"),
        (-0.2, "00:00:00"),
        (dt.timedelta(hours=30, seconds=1), "30:00:01"),
        (math.nan, None),
        (-math.inf, None),
    ],
)
def test_hms(seconds, text):
    assert units.hms(seconds) == text
