"""What a sync is going to do and how long it takes within the quota; how it went."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from stravalib._facts.limits import LONG_WINDOW, NEW_APP, SHORT_WINDOW

if TYPE_CHECKING:
    from collections.abc import Mapping

Outcome = Literal[
    "running",
    "complete",
    "partial",
    "limit",
    "refused",
    "unreachable",
    "interrupted",
    "declined",
]
# What a program run by cron returns to its caller.
EXIT_CODES: dict[Outcome, int] = {
    "complete": 0,
    "declined": 0,
    "running": 1,
    "limit": 3,
    "partial": 4,
    "refused": 6,
    "unreachable": 7,
    "interrupted": 130,
}
EXIT_ALREADY_RUNNING = 5


@dataclass(frozen=True, slots=True)
class Quota:
    """Read requests: the limits and what is left of the two windows."""

    short: int = NEW_APP[2]
    long: int = NEW_APP[3]
    short_left: int = NEW_APP[2]
    long_left: int = NEW_APP[3]
    known: bool = False

    def seconds(self, requests: int) -> float:
        """Say how long so many requests take, from now; 0 where they fit now."""
        if requests <= min(self.short_left, self.long_left):
            return 0.0
        rest = requests - self.long_left
        if rest <= 0:
            # The first quarter hour is under way: half of it is left on average.
            quarters = -(-(requests - self.short_left) // self.short)
            return (quarters - 0.5) * SHORT_WINDOW
        days = -(-rest // self.long)
        last = rest - (days - 1) * self.long
        quarters = -(-last // self.short) - 1
        return (days - 0.5) * LONG_WINDOW + quarters * SHORT_WINDOW

    def days(self, requests: int) -> float:
        """Say how many days' quota so many requests are."""
        return requests / self.long


def quota_of(client: Any) -> Quota:
    """Ask the client for its limits; those of a new application where it has none."""
    limits = getattr(client, "rate_limits", None)
    if limits is None or not limits.read_short.limit or not limits.read_long.limit:
        return Quota()
    return Quota(
        limits.read_short.limit,
        limits.read_long.limit,
        limits.read_short.remaining or 0,
        limits.read_long.remaining or 0,
        True,
    )


def seconds_of(client: Any, requests: int) -> float | None:
    """Ask the client how long so many requests take; None where it cannot tell."""
    estimate = getattr(client, "estimate", None)
    if estimate is None or not requests:
        return None
    found = estimate(requests)
    return float(found.seconds) if found.known else None


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """What is to be fetched, newest first; ``str`` of it is for people."""

    activities: int
    pending: int
    requests: int
    by_part: Mapping[str, int]
    quota: Quota
    keeps: bool = True
    estimated: float | None = None

    @property
    def seconds(self) -> float:
        """How long the requests take at the limits."""
        if self.estimated is not None:
            return self.estimated
        return self.quota.seconds(self.requests)

    @property
    def today(self) -> int:
        """How many of the activities are done with today's quota."""
        if not self.pending:
            return 0
        each = max(1.0, self.requests / self.pending)
        return min(self.pending, int(self.quota.long_left / each))

    def __str__(self) -> str:
        if not self.requests:
            return f"{self.activities:,} activities: nothing to fetch"
        text = f"{self.activities:,} activities: {self.requests:,} requests"
        if not self.seconds:
            return f"{text}, at once"
        days = self.quota.days(self.requests)
        if days > 1:
            text += f", done in about {days:.1f} days at your limits"
            text += f"; the newest {self.today:,} today"
            if not self.keeps and days > 7:
                text += (
                    ". API data expire after 7 days: the oldest will be gone before"
                    " the last have come, unless you decide to keep them"
                )
            return text
        return f"{text}, done in about {_span(self.seconds)} at your limits"


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a sync or an import stands."""

    phase: Literal["listing", "fetching", "files", "importing"]
    done: int
    total: int | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Miss:
    """Something that could not be had, why, and when it is tried again."""

    kind: str
    key: str
    reason: str
    again_at: str | None = None

    def __str__(self) -> str:
        again = f"; again after {self.again_at}" if self.again_at else ""
        return f"{self.kind} {self.key}: {self.reason}{again}"


@dataclass(slots=True)
class SyncResult:
    """How a sync went; ``str`` of it is for people, `exit_code` for programs."""

    athlete_id: int | None = None
    outcome: Outcome = "running"
    message: str = ""
    plan: SyncPlan | None = None
    requests: int = 0
    added: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    private: list[int] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    fetched: dict[str, int] = field(default_factory=dict)
    missed: list[Miss] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    left: int = 0
    checked: bool = False
    retry_after: float | None = None

    @property
    def exit_code(self) -> int:
        """0 complete, 3 limit, 4 partial, 6 refused, 7 unreachable, 130 interrupted."""
        return EXIT_CODES[self.outcome]

    def to_json(self) -> dict[str, Any]:
        """Return the result as JSON values."""
        return {
            "athlete_id": self.athlete_id,
            "outcome": self.outcome,
            "message": self.message,
            "requests": self.requests,
            "added": len(self.added),
            "changed": len(self.changed),
            "privacy_changed": len(self.private),
            "gone": len(self.gone),
            "fetched": self.fetched,
            "missed": [str(miss) for miss in self.missed],
            "refused": self.refused,
            "left": self.left,
            "checked": self.checked,
            "retry_after": self.retry_after,
        }

    def __str__(self) -> str:
        parts = [f"{len(self.added):,} new"]
        for name, many in (
            ("changed", self.changed),
            ("with new visibility", self.private),
            ("gone at Strava", self.gone),
        ):
            if many:
                parts.append(f"{len(many):,} {name}")
        parts += [f"{count:,} {name}" for name, count in self.fetched.items()]
        text = f"{self.outcome}: {', '.join(parts)}; {self.requests:,} requests"
        if self.missed:
            text += f"; {len(self.missed):,} could not be had"
        for part, reason in self.refused.items():
            text += f"; no {part}: {reason}"
        if self.left:
            text += f"; {self.left:,} requests left to do"
        return f"{text}. {self.message}" if self.message else text


def _span(seconds: float) -> str:
    if seconds < 5400:
        return f"{max(1, round(seconds / 60))} minutes"
    if seconds < 2 * LONG_WINDOW:
        return f"{seconds / 3600:.1f} hours"
    return f"{seconds / LONG_WINDOW:.1f} days"
