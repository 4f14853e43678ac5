"""Rate limits of an application: overall and read, quarter hour and UTC day.

See https://developers.strava.com/docs/rate-limits/
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from stravalib._facts import limits as facts


@dataclass(slots=True)
class Counter:
    """Requests of one kind in the quarter hour and in the day."""

    short_limit: int
    long_limit: int
    short_used: int = 0
    long_used: int = 0

    @property
    def exhausted(self) -> bool:
        """Whether one more request would be too many."""
        return self.short_used >= self.short_limit or self.long_used >= self.long_limit


@dataclass(slots=True)
class Limits:
    """What one application has used; told the time with each request."""

    overall: Counter
    read: Counter
    _quarter: int = field(default=-1)
    _day: int = field(default=-1)

    @classmethod
    def of(cls, numbers: tuple[int, int, int, int]) -> Limits:
        """Make limits of (overall 15 min, overall day, read 15 min, read day)."""
        return cls(Counter(numbers[0], numbers[1]), Counter(numbers[2], numbers[3]))

    def roll(self, now: float) -> None:
        """Begin new windows where the clock has passed their ends."""
        quarter, day = int(now // facts.SHORT_WINDOW), int(now // facts.LONG_WINDOW)
        if quarter != self._quarter:
            self._quarter = quarter
            self.overall.short_used = self.read.short_used = 0
        if day != self._day:
            self._day = day
            self.overall.long_used = self.read.long_used = 0

    def take(self, now: float, *, read: bool) -> bool:
        """Count one request; False means that it is refused.

        A refused request still counts for the day, not for the quarter hour.
        """
        self.roll(now)
        refused = self.overall.exhausted or (read and self.read.exhausted)
        for counter in (self.overall, self.read) if read else (self.overall,):
            counter.long_used += 1
            if not refused:
                counter.short_used += 1
        return not refused

    def headers(
        self, *, creates_activity: bool = False, exhausted: bool = False
    ) -> list[tuple[bytes, bytes]]:
        """Write the four headers.

        The answer to ``POST /activities`` carries two empty values for the read usage.
        ``exhausted`` writes them as if the quarter hour were used up.
        """
        overall, read = self.overall, self.read
        if exhausted:
            overall = replace(overall, short_used=overall.short_limit)
            read = replace(read, short_used=read.short_limit)
        usage = "," if creates_activity else f"{read.short_used},{read.long_used}"
        return [
            (LIMIT, f"{overall.short_limit},{overall.long_limit}".encode()),
            (USAGE, f"{overall.short_used},{overall.long_used}".encode()),
            (READ_LIMIT, f"{read.short_limit},{read.long_limit}".encode()),
            (READ_USAGE, usage.encode()),
        ]


# ASGI wants lower case; names of headers have no case for clients.
LIMIT = facts.HEADER_LIMIT.lower().encode()
USAGE = facts.HEADER_USAGE.lower().encode()
READ_LIMIT = facts.HEADER_READ_LIMIT.lower().encode()
READ_USAGE = facts.HEADER_READ_USAGE.lower().encode()


def subscription_headers(
    numbers: tuple[int, int, int, int],
) -> list[tuple[bytes, bytes]]:
    """Write the headers of ``/push_subscriptions``, whose usage is always zero."""
    return [
        (LIMIT, f"{numbers[0]},{numbers[1]}".encode()),
        (USAGE, b"0,0"),
    ]
