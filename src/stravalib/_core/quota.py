"""The values of the limiter: its decisions, its answers, and one meter.

See https://developers.strava.com/docs/rate-limits/
"""

from __future__ import annotations

from typing import NamedTuple

from stravalib._facts.limits import SHORT_WINDOW

# Seconds after a reset before the first request of the new window: ``Date`` bounds
# the server's clock to about one second, the way there takes a part of another.
RESET_MARGIN = 2.0


class Grant(NamedTuple):
    """The request may be sent now; hand ``ticket`` back with the answer."""

    ticket: int
    granted_at: float


class Wait(NamedTuple):
    """Ask again after ``seconds``.

    ``reason`` is ``"limit"`` (a window is used up), ``"probe"`` (another request is
    finding out what is left) or ``"pacing"`` (chosen by priority).
    """

    seconds: float
    until: float
    reason: str
    scope: str = "overall"
    window: int = SHORT_WINDOW
    limit: int | None = None


class Refuse(NamedTuple):
    """The quota is used up, and waiting for it would take longer than allowed."""

    retry_after: float
    scope: str
    window: int
    limit: int | None
    waited: float = 0.0


class WindowUsage(NamedTuple):
    """One meter as the user sees it; times in seconds since the epoch."""

    used: int
    limit: int | None
    resets_at: float
    closed: bool = False

    @property
    def remaining(self) -> int | None:
        """Requests left in this window; None while the limit is unknown."""
        if self.closed:
            return 0
        return None if self.limit is None else max(0, self.limit - self.used)


class RateLimits(NamedTuple):
    """Usage, limits and reset times of an application, as far as known.

    ``read`` covers everything but creating activities and uploads; those count in
    ``overall`` only. ``short`` is the quarter hour, ``long`` the UTC day.
    """

    overall_short: WindowUsage
    overall_long: WindowUsage
    read_short: WindowUsage
    read_long: WindowUsage
    in_flight: int = 0
    known: bool = False


class Estimate(NamedTuple):
    """When the last of ``requests`` can be sent, if nobody else sends any."""

    requests: int
    finishes_at: float
    seconds: float
    quarter_hours: int
    known: bool


class Meter:
    """The count of one scope in one window length."""

    __slots__ = (
        "closed",
        "foreign",
        "index",
        "length",
        "limit",
        "scope",
        "seen",
        "sent",
    )

    def __init__(self, scope: str, length: int) -> None:
        self.scope = scope
        self.length = length
        self.index = -1
        self.limit: int | None = None
        self.sent = 0
        self.seen = 0
        self.foreign = 0
        self.closed = False

    def roll(self, now: float) -> None:
        """Begin a new window if ``now`` lies in one."""
        index = int(now // self.length)
        if index != self.index:
            self.index = index
            self.sent = self.seen = self.foreign = 0
            self.closed = False

    @property
    def used(self) -> int:
        """Requests that count in this window, to the best of our knowledge."""
        count = self.sent + self.foreign
        return self.seen if self.seen > count else count

    @property
    def end(self) -> float:
        """When the window resets."""
        return float((self.index + 1) * self.length)

    def ceiling(self, reserve: float) -> float:
        """How many requests may be used by somebody who leaves ``reserve`` free."""
        if self.limit is None:
            return float("inf")
        kept = reserve * self.limit if reserve < 1 else reserve
        return self.limit - kept

    def is_full(self, reserve: float) -> bool:
        """Whether nobody who leaves ``reserve`` free may send in this window."""
        limit = self.limit
        if limit is None or self.closed:
            return self.closed
        # `used` and `ceiling`, written out: this is asked four times a request.
        count = self.sent + self.foreign
        if self.seen > count:
            count = self.seen
        if reserve:
            return count + 1 > self.ceiling(reserve)
        return count >= limit

    def learn(self, usage: int | None) -> None:
        """Take the server's count; it includes requests of ours that are under way."""
        if usage is None:
            return
        if usage > self.seen:
            self.seen = usage
        if usage - self.sent > self.foreign:
            self.foreign = usage - self.sent

    def view(self) -> WindowUsage:
        """Return what the user may see."""
        return WindowUsage(self.used, self.limit, self.end, self.closed)
