"""Plain conversions of what Strava sends, without pint.

Strava sends meters, meters per second, seconds, degrees Celsius and kilograms. The
functions take those as numbers (`Distance`, `Velocity` and `Duration` are numbers)
and return numbers, or text to be shown. None gives None, so that missing values pass
through: ``km(activity.distance)``.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import Final, overload

__all__ = [
    "fahrenheit",
    "feet",
    "hms",
    "km",
    "kph",
    "miles",
    "min_per_100m",
    "min_per_km",
    "min_per_mile",
    "mph",
    "pounds",
]

METERS_IN_A_MILE: Final = 1609.344
METERS_IN_A_FOOT: Final = 0.3048
KILOGRAMS_IN_A_POUND: Final = 0.45359237


@overload
def km(meters: float) -> float: ...
@overload
def km(meters: None) -> None: ...
@overload
def km(meters: float | None) -> float | None: ...
def km(meters: float | None) -> float | None:
    """Return kilometers for meters."""
    return None if meters is None else meters / 1000


@overload
def miles(meters: float) -> float: ...
@overload
def miles(meters: None) -> None: ...
@overload
def miles(meters: float | None) -> float | None: ...
def miles(meters: float | None) -> float | None:
    """Return international miles for meters."""
    return None if meters is None else meters / METERS_IN_A_MILE


@overload
def feet(meters: float) -> float: ...
@overload
def feet(meters: None) -> None: ...
@overload
def feet(meters: float | None) -> float | None: ...
def feet(meters: float | None) -> float | None:
    """Return international feet for meters."""
    return None if meters is None else meters / METERS_IN_A_FOOT


@overload
def kph(meters_per_second: float) -> float: ...
@overload
def kph(meters_per_second: None) -> None: ...
@overload
def kph(meters_per_second: float | None) -> float | None: ...
def kph(meters_per_second: float | None) -> float | None:
    """Return kilometers per hour for meters per second."""
    return None if meters_per_second is None else meters_per_second * 3.6


@overload
def mph(meters_per_second: float) -> float: ...
@overload
def mph(meters_per_second: None) -> None: ...
@overload
def mph(meters_per_second: float | None) -> float | None: ...
def mph(meters_per_second: float | None) -> float | None:
    """Return miles per hour for meters per second."""
    if meters_per_second is None:
        return None
    return meters_per_second * 3600 / METERS_IN_A_MILE


def min_per_km(meters_per_second: float | None) -> str | None:
    """Return the time for a kilometer as text, ``"4:59"`` for minutes and seconds.

    None where there is no pace: a speed of zero, or one below zero, or so slow that
    a kilometer takes a day.
    """
    return _pace(meters_per_second, 1000.0)


def min_per_mile(meters_per_second: float | None) -> str | None:
    """Return the time for a mile as text, ``"8:02"``; see `min_per_km`."""
    return _pace(meters_per_second, METERS_IN_A_MILE)


def min_per_100m(meters_per_second: float | None) -> str | None:
    """Return the time for 100 meters, as swimmers say it; see `min_per_km`."""
    return _pace(meters_per_second, 100.0)


def hms(seconds: float | dt.timedelta | None) -> str | None:
    """Return a span of time as ``hh:mm:ss``, to the nearest second.

    Hours have two digits, or more where needed: ``"00:59:59"``, ``"101:00:00"``. A
    span below zero has a minus sign before it. None for not-a-number and infinity.
    """
    if seconds is None:
        return None
    if isinstance(seconds, dt.timedelta):
        seconds = seconds.total_seconds()
    if not math.isfinite(seconds):
        return None
    whole = _nearest(abs(seconds))
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    sign = "-" if seconds < 0 and whole else ""
    return f"{sign}{hours:02}:{minute:02}:{second:02}"


@overload
def fahrenheit(celsius: float) -> float: ...
@overload
def fahrenheit(celsius: None) -> None: ...
@overload
def fahrenheit(celsius: float | None) -> float | None: ...
def fahrenheit(celsius: float | None) -> float | None:
    """Return degrees Fahrenheit for degrees Celsius."""
    return None if celsius is None else celsius * 9 / 5 + 32


@overload
def pounds(kilograms: float) -> float: ...
@overload
def pounds(kilograms: None) -> None: ...
@overload
def pounds(kilograms: float | None) -> float | None: ...
def pounds(kilograms: float | None) -> float | None:
    """Return avoirdupois pounds for kilograms."""
    return None if kilograms is None else kilograms / KILOGRAMS_IN_A_POUND


def _pace(speed: float | None, meters: float) -> str | None:
    if speed is None or not (speed > 0 and math.isfinite(speed)):
        return None
    seconds = meters / speed
    if seconds >= 86_400:
        return None
    minutes, second = divmod(_nearest(seconds), 60)
    return f"{minutes}:{second:02}"


def _nearest(number: float) -> int:
    """Round half up, so that whole seconds do not depend on even and odd."""
    return math.floor(number + 0.5)
