"""The right local time of something that started."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from stravalib._models.base import Entity

if TYPE_CHECKING:
    from stravalib._models.values import Timezone

_DAY = dt.timedelta(days=1)


class LocalStart(Entity):
    """Something with ``start_date`` and ``start_date_local``."""

    __slots__ = ()

    if TYPE_CHECKING:
        start_date: dt.datetime | None
        start_date_local: dt.datetime | None

    @property
    def start_local(self) -> dt.datetime | None:
        """The start as an aware time in the zone where it happened.

        Strava's ``start_date_local`` is wall-clock time with a false ``Z``; this is
        the same clock with the right offset, half hours and daylight saving included.
        The zone is the activity's own; where its name is unknown here, contradicts
        what Strava computed or was not sent, it is the fixed offset. None where no
        local time or no offset is known, or where no calendar has the time.

        A stamp one second after midnight usually stands for a start time that the
        athlete hides.
        """
        try:
            return local_start(
                self.start_date,
                self.start_date_local,
                getattr(self, "timezone", None),
                getattr(self, "utc_offset", None),
            )
        except OverflowError:  # before the year 1 or after 9999
            return None


def local_start(
    start: dt.datetime | None,
    clock: dt.datetime | None,
    zone: Timezone | None,
    offset_seconds: float | None,
) -> dt.datetime | None:
    """Combine what is known about a start into one aware time."""
    start = start if isinstance(start, dt.datetime) else None
    if start is not None and start.tzinfo is None:
        start = start.replace(tzinfo=dt.UTC)
    clock = clock.replace(tzinfo=None) if isinstance(clock, dt.datetime) else None
    offset = _offset(start, clock, offset_seconds)
    place = zone.timezone() if zone is not None else None
    if place is not None:
        if start is not None:
            there = start.astimezone(place)
            if clock is None and offset in (None, there.utcoffset()):
                return there
            if clock is not None and there.replace(tzinfo=None) == clock:
                return there
        elif clock is not None:
            there = clock.replace(tzinfo=place)
            if offset is not None and there.utcoffset() != offset:
                there = there.replace(fold=1)  # the hour that comes twice
            if offset in (None, there.utcoffset()):
                return there
    if offset is None and zone is not None and place is None:
        offset = zone.standard_offset
    if offset is None:
        return None
    fixed = dt.timezone(offset)
    if clock is not None:
        return clock.replace(tzinfo=fixed)
    return start.astimezone(fixed) if start is not None else None


def _offset(
    start: dt.datetime | None, clock: dt.datetime | None, seconds: float | None
) -> dt.timedelta | None:
    """Return the offset from UTC, from the two clocks or else as Strava says."""
    if start is not None and clock is not None:
        found = clock - start.astimezone(dt.UTC).replace(tzinfo=None)
        if abs(found) < _DAY:
            return found
    if isinstance(seconds, (int, float)) and abs(seconds) < _DAY.total_seconds():
        told = dt.timedelta(seconds=seconds)  # rounded: may be a whole day now
        return told if abs(told) < _DAY else None
    return None
