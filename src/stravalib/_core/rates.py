"""What an answer says about the quota: headers, date, and which meter counts it.

Pure functions over strings; nothing here reads a clock.
See https://developers.strava.com/docs/rate-limits/
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from stravalib._facts.limits import (
    HEADER_LIMIT,
    HEADER_READ_LIMIT,
    HEADER_READ_USAGE,
    HEADER_USAGE,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

# Kinds of request, by the meters that count them.
READ = "read"  # counted by the read and the overall limit
WRITE = "write"  # counted by the overall limit only
FREE = "free"  # counted by neither

_READ_PATHS = ("/athlete", "/activities", "/segment", "/gear", "/routes", "/clubs")
_MONTHS = {
    name: number
    for number, name in enumerate(
        (
            *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
            *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
        ),
        start=1,
    )
}
_NAMES = {
    name.lower(): name
    for name in (HEADER_LIMIT, HEADER_USAGE, HEADER_READ_LIMIT, HEADER_READ_USAGE)
}


class Pair(NamedTuple):
    """One header value: the quarter-hour number and the day number."""

    short: int | None
    long: int | None


class Rates(NamedTuple):
    """What the four rate headers of one answer say; None where they do not."""

    limit: Pair | None = None
    usage: Pair | None = None
    read_limit: Pair | None = None
    read_usage: Pair | None = None

    @classmethod
    def from_headers(cls, headers: Mapping[str, str]) -> Rates | None:
        """Read the rate headers in any case; None if there is not one usable number."""
        get = headers.get
        texts = (
            get(HEADER_LIMIT),
            get(HEADER_USAGE),
            get(HEADER_READ_LIMIT),
            get(HEADER_READ_USAGE),
        )
        try:
            rates = _read_four(*texts)
        except TypeError:  # a double's values need not be text, nor hashable
            rates = None
        if rates is not None:
            return rates
        found = [_pair(text) for text in texts]
        if found.count(None) == 4:
            # A plain dict keeps the case that was sent: X-Ratelimit-Limit, live.
            by_name = {
                _NAMES[name.lower()]: value
                for name, value in headers.items()
                if name.lower() in _NAMES
            }
            if not by_name:
                return None
            found = [_pair(by_name.get(name)) for name in _NAMES.values()]
            if found.count(None) == 4:
                return None
        return cls(*found)


def _pair(text: str | None) -> Pair | None:
    # A double of a user's test may hold anything.
    if not isinstance(text, str) or not text:
        return None
    return _read_pair(text)


@lru_cache(maxsize=16)
def _read_four(*texts: str | None) -> Rates | None:
    # Requests that are answered together say the same.
    found = [_pair(text) for text in texts]
    return None if found.count(None) == 4 else Rates(*found)


@lru_cache(maxsize=64)
def _read_pair(text: str) -> Pair | None:
    # The limits are the same on each answer, the usage often is.
    short, _, rest = text.partition(",")
    # Seen live: ``X-ReadRateLimit-Usage: ,`` (two empty values).
    pair = Pair(_count(short), _count(rest.partition(",")[0]))
    return None if pair == (None, None) else pair


def _count(text: str) -> int | None:
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) < 16:
        return int(text)
    return None


def parse_http_date(text: str | None) -> float | None:
    """Return the epoch second of an HTTP ``Date``; None if it is not one.

    Only the fixed form of RFC 9110 is read, because it is the only one that may be
    sent, and reading it by position costs a tenth of the general parser.
    """
    return _read_date(text) if isinstance(text, str) and len(text) == 29 else None


@lru_cache(maxsize=8)
def _read_date(text: str) -> float | None:
    if not text.endswith(" GMT"):
        return None
    month = _MONTHS.get(text[8:11])
    numbers = text[5:7], text[12:16], text[17:19], text[20:22], text[23:25]
    if month is None or not all(part.isdigit() for part in numbers):
        return None
    day, year, hour, minute, second = map(int, numbers)
    # Days since 1970-01-01 in the Gregorian calendar, years starting in March.
    shifted = year - (month < 3)
    era_day = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    days = 365 * shifted + shifted // 4 - shifted // 100 + shifted // 400 + era_day
    return (days - 719468) * 86400.0 + hour * 3600 + minute * 60 + second


def parse_retry_after(text: str | None, server_now: float | None) -> float | None:
    """Return the seconds that ``Retry-After`` asks for; None if it asks for nothing."""
    if not isinstance(text, str) or not text:
        return None
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(text)
    date = parse_http_date(text)
    if date is None or server_now is None:
        return None
    return max(0.0, date - server_now)


def kind_of(method: str, path: str) -> str:
    """Say which meters count a request.

    Parameters
    ----------
    method
        HTTP method in capitals.
    path
        Path below the base URL, as ``/activities/1``; a leading ``/api/v3`` and
        slashes around it do not matter.
    """
    if method == "GET" and path.startswith(_READ_PATHS):
        return READ
    path = path.strip("/")
    if path.startswith("api/v3/"):
        path = path[7:]
    if method == "POST" and path in ("activities", "uploads"):
        return WRITE
    if path.startswith(("oauth/", "push_subscriptions")):
        # Deauthorize was seen to count; it is sent once in a token's life.
        return FREE
    return READ


def correct_skew(
    skew: float, date: float | None, sent: float, received: float
) -> float:
    """Move the estimate of (server clock minus ours) as little as the answer demands.

    ``Date`` has whole seconds and was written between our sending and receiving, so
    one answer only bounds the skew; an estimate within the bounds stays as it is.
    """
    if date is None:
        return skew
    lowest, highest = date - received, date + 1.0 - sent
    if lowest <= skew <= highest:
        return skew
    return min(max(skew, lowest), max(highest, lowest))
