"""Numbers, texts and positions that know what they measure.

Each is a plain ``float``, ``int`` or ``str`` to everything that only wants the number.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar

from stravalib._models.doors import behind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo


class _Quantity:
    """A number with a unit; pint is loaded when a quantity is asked for."""

    __slots__ = ()
    unit: ClassVar[str]

    def quantity(self) -> Any:
        """Return this value as a ``pint.Quantity`` in its own unit."""
        from stravalib.unit_registry import Q_

        return Q_(f"{float(self)!r} {self.unit}")  # type: ignore[arg-type]  # a float


class Distance(_Quantity, float):
    """A length in meters: distances, elevations, climbs."""

    __slots__ = ()
    unit: ClassVar[str] = "meters"


class Velocity(_Quantity, float):
    """A speed in meters per second."""

    __slots__ = ()
    unit: ClassVar[str] = "meters/second"


class Duration(int):
    """A span of time in whole seconds."""

    __slots__ = ()

    def timedelta(self) -> dt.timedelta:
        """Return the same span as a `datetime.timedelta`."""
        return dt.timedelta(seconds=int(self))


class Timezone(str):
    """A time zone as Strava writes it: ``(GMT-08:00) America/Los_Angeles``.

    The offset in the text is the zone's standard offset; it ignores daylight saving.
    """

    __slots__ = ()

    @property
    def key(self) -> str:
        """The name of the zone without the offset before it."""
        return str(self).rpartition(") ")[2].strip()

    @property
    def standard_offset(self) -> dt.timedelta | None:
        """The offset written in the text; None where there is none below 24 hours."""
        head, found, _ = str(self).partition(") ")
        if not found or not head.startswith("(GMT"):
            return None
        sign = {"+": 1, "-": -1}.get(head[4:5], 0)
        hours, colon, minutes = head[5:].partition(":")
        if not (sign and colon and hours.isdecimal() and minutes.isdecimal()):
            return None
        if len(hours) > 2 or len(minutes) > 2:
            return None
        offset = dt.timedelta(hours=int(hours), minutes=int(minutes))
        return sign * offset if offset < dt.timedelta(days=1) else None

    def timezone(self) -> ZoneInfo | None:
        """Return the zone of the system's database, None where it has no such name.

        See https://docs.python.org/3/library/zoneinfo.html#data-sources for where
        the names come from; ``pip install tzdata`` adds them on bare systems.
        """
        from zoneinfo import ZoneInfo

        try:
            return ZoneInfo(self.key)
        except (ValueError, OSError, LookupError):  # no name, a folder, not found
            return None


class _Timezones(dict[str, Timezone]):
    """One `Timezone` per text, since a list of activities repeats a few of them."""

    def __missing__(self, text: str) -> Timezone:
        value = Timezone(text)
        if len(self) < 1000:
            self[text] = value
        return value


timezone_of = _Timezones().__getitem__


def check_valid_location(
    location: Sequence[float] | str | None,
) -> list[float] | None:
    """Return a position as a list of numbers; None for an empty one.

    Text such as ``"37.8,-122.4"`` is split at the comma.
    """
    if isinstance(location, str):
        return [float(part) for part in location.split(",")]
    return location or None  # type: ignore[return-value]  # as 2.6: handed through


def naive_datetime(value: Any) -> dt.datetime | None:
    """Return a date and time without a zone: local wall-clock time.

    Strava marks local times with a false ``Z``; it is dropped here.
    """
    if value is None:
        return None
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None)
    from stravalib._models.times import lax_datetime

    parsed = lax_datetime(value)
    if parsed is None:
        message = (
            f"not a date and time: {value!r}; give ISO 8601 text such as "
            "'2026-05-01T07:30:00', a number of seconds or a datetime"
        )
        raise ValueError(message)
    return parsed.replace(tzinfo=None)


behind("stravalib.model", Distance, Duration, Timezone, Velocity)
