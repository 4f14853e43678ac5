"""Rate limiters of release 2.6: callables that sleep after an answer.

A client decides before sending by itself (``max_wait=``, ``priority=``, ``ledger=``)
and needs none of these. They serve code that passes its own ``rate_limiter=``: any
callable on ``(headers, method)``, called after each answer.
See https://developers.strava.com/docs/rate-limits/
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Literal, NamedTuple

from stravalib._core.rates import Rates
from stravalib._facts.limits import LONG_WINDOW, SHORT_WINDOW

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

__all__ = [
    "DefaultRateLimiter",
    "RateLimiter",
    "RequestMethod",
    "RequestRate",
    "SleepingRateLimitRule",
    "get_rates_from_response_headers",
    "get_seconds_until_next_day",
    "get_seconds_until_next_quarter",
]

RequestMethod = Literal["GET", "POST", "PUT", "DELETE"]
PRIORITIES = ("low", "medium", "high")


class RequestRate(NamedTuple):
    """Usage and limits as one answer told them."""

    short_usage: int
    """Requests counted in this quarter hour."""
    long_usage: int
    """Requests counted on this day."""
    short_limit: int
    """Requests allowed in a quarter hour."""
    long_limit: int
    """Requests allowed on a day."""


def get_rates_from_response_headers(
    headers: dict[str, str], method: RequestMethod
) -> RequestRate | None:
    """Read the rate headers of an answer.

    Returns the read rates for GET where the answer has them, else the overall ones;
    None where they are missing or not numbers.
    """
    rates = Rates.from_headers(headers)
    if rates is None:
        return None
    pairs = [(rates.usage, rates.limit)]
    if method == "GET":
        pairs.insert(0, (rates.read_usage, rates.read_limit))
    for usage, limit in pairs:
        if usage is not None and limit is not None:
            numbers = (usage.short, usage.long, limit.short, limit.long)
            short, long, short_limit, long_limit = numbers
            if (
                short is not None
                and long is not None
                and short_limit is not None
                and long_limit is not None
            ):
                return RequestRate(short, long, short_limit, long_limit)
    return None


def get_seconds_until_next_quarter(now: datetime | None = None) -> int:
    """Return the whole seconds until the quarter hour ends.

    ``now`` is an aware `datetime.datetime` or an arrow object; default: this moment.
    """
    return SHORT_WINDOW - 1 - int(_timestamp(now) % SHORT_WINDOW)


def get_seconds_until_next_day(now: datetime | None = None) -> int:
    """Return the whole seconds until the UTC day ends.

    ``now`` is an aware `datetime.datetime` or an arrow object; default: this moment.
    """
    return LONG_WINDOW - 1 - int(_timestamp(now) % LONG_WINDOW)


def _timestamp(now: datetime | None) -> float:
    return time.time() if now is None else now.timestamp()


class SleepingRateLimitRule:
    """Sleep when a limit is reached, or before, by priority.

    Parameters
    ----------
    priority
        ``high`` sleeps only when a limit is reached; ``medium`` spreads what is left
        over the quarter hour, and from half of the day's limit on over the day;
        ``low`` always over the day.
    """

    def __init__(self, priority: Literal["low", "medium", "high"] = "high") -> None:
        if priority not in PRIORITIES:
            raise ValueError(
                f'Invalid priority "{priority}", expecting one of "low", "medium" or '
                '"high"'
            )
        self.log = logging.getLogger(f"{__name__}.{type(self).__name__}")
        self.priority = priority

    def _get_wait_time(
        self,
        rates: RequestRate,
        seconds_until_short_limit: int,
        seconds_until_long_limit: int,
    ) -> float:
        if rates.long_usage >= rates.long_limit:
            self.log.warning("Long term API rate limit exceeded")
            return seconds_until_long_limit
        if rates.short_usage >= rates.short_limit:
            self.log.warning("Short term API rate limit exceeded")
            return seconds_until_short_limit
        if self.priority == "high":
            return 0
        short = seconds_until_short_limit / (rates.short_limit - rates.short_usage)
        if self.priority == "medium" and rates.long_usage * 2 < rates.long_limit:
            return short
        long = seconds_until_long_limit / (rates.long_limit - rates.long_usage)
        return max(short, long)

    def __call__(self, response_headers: dict[str, str], method: RequestMethod) -> None:
        """Sleep as long as the answer makes necessary."""
        rates = get_rates_from_response_headers(response_headers, method)
        if rates is None:
            # Some answers carry none; that is no reason to warn.
            self.log.debug("No rates present in response headers")
            return
        wait = self._get_wait_time(
            rates, get_seconds_until_next_quarter(), get_seconds_until_next_day()
        )
        if wait > 0:
            self.log.debug("Sleeping %.1f s", wait)
            time.sleep(wait)


class RateLimiter:
    """Call every rule in ``rules`` with the headers and the method of an answer."""

    def __init__(self) -> None:
        self.log = logging.getLogger(f"{__name__}.{type(self).__name__}")
        self.rules: list[Callable[[dict[str, str], RequestMethod], None]] = []

    def __call__(self, args: dict[str, str], method: RequestMethod) -> None:
        """Apply the rules."""
        for rule in self.rules:
            rule(args, method)


class DefaultRateLimiter(RateLimiter):
    """A limiter with one `SleepingRateLimitRule`.

    Parameters
    ----------
    priority
        See `SleepingRateLimitRule`.
    """

    def __init__(self, priority: Literal["low", "medium", "high"] = "high") -> None:
        super().__init__()
        self.rules.append(SleepingRateLimitRule(priority=priority))
