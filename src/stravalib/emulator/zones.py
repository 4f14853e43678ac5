"""Wall clocks: the zone strings of activities and what they mean."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_ZONE = re.compile(r"\(GMT([+-])(\d\d):(\d\d)\) (.+)\Z")
_WALL = re.compile(
    r"\s*(\d{4})-(\d\d?)-(\d\d?)(?:[T ]+(\d\d?):(\d\d)(?::(\d\d))?(?:\.\d+)?)?"
    r"\s*(?:Z|UTC|[+-]\d\d:?\d\d)?\s*\Z",
    re.IGNORECASE,
)
DEFAULT_ZONE = "(GMT+00:00) Europe/London"


def read_wall_clock(text: str) -> datetime:
    """Read a loosely written local time; an offset is dropped, not applied.

    Strava takes ``2025-10-18 19:04:26 -0400`` for 19:04:26 where the athlete is.
    """
    found = _WALL.match(text)
    if found is None:
        raise ValueError(text)
    parts = [int(part) if part else 0 for part in found.groups()]
    return datetime(*parts)  # type: ignore[arg-type]


def offset_at(zone: str, wall: datetime) -> timedelta:
    """Tell the offset from UTC at a wall-clock time in a zone string."""
    found = _ZONE.match(zone)
    if found is None:
        return timedelta(0)
    try:
        offset = wall.replace(tzinfo=ZoneInfo(found[4])).utcoffset()
    except (ZoneInfoNotFoundError, ValueError):
        offset = None
    if offset is None:
        sign = -1 if found[1] == "-" else 1
        offset = sign * timedelta(hours=int(found[2]), minutes=int(found[3]))
    return offset


def stamp_of(moment: datetime) -> str:
    """Write a wall-clock or UTC time with the ``Z`` that Strava puts on both."""
    return moment.replace(tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
