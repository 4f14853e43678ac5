"""Whether a failed request is sent again, and when.

A decision over values: time, randomness and the count of attempts are handed in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from stravalib._core.http import DEFAULT_DEADLINE
from stravalib._core.options import is_number

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    from stravalib._core.http import Timeout

# Failures without an answer.
CONNECT = "connect"  # no connection was made: the request never left
DROPPED = "dropped"  # the connection broke; Strava may have acted
TIMEOUT = "timeout"  # no answer in time; Strava may have acted

RETRIED_STATUS = frozenset({500, 502, 503, 504})

# What may be repeated besides GET, by the reference: revoking twice answers 200
# twice; of two refreshes with one token the second either repeats the answer or
# finds a token that is dead anyway.
REPEATABLE_POSTS = ("oauth/revoke",)


class _Policy(NamedTuple):
    attempts: int
    base: float
    cap: float
    deadline: float | None


class RetryPolicy(_Policy):
    """How hard to try.

    Attributes
    ----------
    attempts
        Requests in all, the first included; 1 turns repetition off. The one with a
        renewed token counts, but is always made.
    base, cap
        The first delay lies between 0 and ``base`` seconds; each next bound is twice
        as high, and none is above ``cap``.
    deadline
        Seconds from the first sending: nothing is sent again after them, and an
        attempt gets no longer than they leave (the last a tenth of them at least, or
        one second). Waits for the quota do not count. None for no bound.
    """

    __slots__ = ()

    def __new__(
        cls,
        attempts: int = 4,
        base: float = 0.5,
        cap: float = 20.0,
        deadline: float | None = DEFAULT_DEADLINE,
    ) -> Self:
        """Check the numbers: an outage is no time to find them wrong.

        Raises
        ------
        TypeError, ValueError
            One is no number, or too small.
        """
        if not isinstance(attempts, int) or isinstance(attempts, bool):
            raise TypeError(f"attempts={attempts!r} is not a whole number.")
        if attempts < 1:
            raise ValueError(f"attempts={attempts!r}: 1 is the least, the first one.")
        for name, value in (("base", base), ("cap", cap), ("deadline", deadline)):
            if value is None and name == "deadline":
                continue  # no bound
            if not is_number(value):
                raise TypeError(f"{name}={value!r} is not a number of seconds.")
            # Written so that it catches NaN.
            if not (value > 0 if name == "deadline" else value >= 0):
                raise ValueError(f"{name}={value!r} is too small; give seconds.")
        return super().__new__(cls, attempts, base, cap, deadline)

    @classmethod
    def from_argument(cls, value: RetryPolicy | int | bool | None) -> RetryPolicy:
        """Read ``retries=``: False, None or 0 for none, a number of repetitions."""
        if isinstance(value, RetryPolicy):
            return value
        if value is True:
            return cls()
        number: object = value  # of somebody who checks no types
        if number is not None and not isinstance(number, int):
            message = f"retries={value!r}: give a number, True, False or a RetryPolicy"
            raise TypeError(message)
        repetitions = int(value or 0)
        if repetitions < 0:
            message = f"retries={value!r} is negative; use 0 to turn retries off"
            raise ValueError(message)
        return cls(attempts=repetitions + 1)


def deadline_of(
    argument: RetryPolicy | int | bool | None, timeout: Timeout, *, files: bool = False
) -> float | None:
    """Return the seconds that a call may take; None without bound.

    A policy that was given is kept to. Without one a longer timeout means what it
    says, and lengthens the deadline; and a file may take as long as the line needs.
    """
    if isinstance(argument, RetryPolicy):
        return argument.deadline
    connect, read = timeout
    if files or connect is None or read is None:
        return None
    return max(DEFAULT_DEADLINE, connect + read)


class Retry(NamedTuple):
    """Send again after ``delay`` seconds."""

    delay: float
    reason: str


class GiveUp(NamedTuple):
    """Raise the failure; ``reason`` says why it is not tried again."""

    reason: str


class RetryBudget:
    """Bound the share of repetitions, so that an outage is not made worse.

    Every repetition takes one token, every success gives back a tenth of one.
    """

    __slots__ = ("capacity", "tokens")

    def __init__(self, capacity: float = 20.0) -> None:
        self.capacity = capacity
        self.tokens = capacity

    def take(self) -> bool:
        """Take a token; False if there is none."""
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True

    def give(self) -> None:
        """Note a success."""
        self.tokens = min(self.capacity, self.tokens + 0.1)


def is_safe(
    method: str,
    path: str,
    form_grant: str | None = None,
    *,
    named: bool = False,
) -> bool:
    """Say whether a request may reach Strava twice.

    Parameters
    ----------
    method, path
        HTTP method in capitals, and the path below the base URL.
    form_grant
        ``grant_type`` of a request to the token endpoint.
    named
        Whether the request carries an ``external_id``: Strava makes one activity of
        two uploads of one file, and tells the second that it is a duplicate.
    """
    if method in ("GET", "HEAD", "OPTIONS"):
        return True
    if method == "POST":
        path = path.strip("/")
        if path.endswith("oauth/token"):
            return form_grant == "refresh_token"
        return path.endswith(REPEATABLE_POSTS) or (named and path.endswith("uploads"))
    return False


def decide(
    attempt: int,
    failure: str | int,
    *,
    safe: bool,
    elapsed: float,
    policy: RetryPolicy,
    rng: Callable[[], float],
    retry_after: float | None = None,
    budget: RetryBudget | None = None,
) -> Retry | GiveUp:
    """Decide what follows a failed attempt.

    Parameters
    ----------
    attempt
        How many requests were sent so far, 1 after the first.
    failure
        ``"connect"``, ``"dropped"``, ``"timeout"`` or an HTTP status.
    safe
        What `is_safe` says of the request.
    elapsed
        Seconds since the first sending.
    policy, budget
        How hard to try, and what is left of the client's budget for it.
    rng
        Returns a number in [0, 1).
    retry_after
        Seconds that Strava asked for.
    """
    if failure != CONNECT:
        if isinstance(failure, int) and failure not in RETRIED_STATUS:
            return GiveUp(f"status {failure} will not change by repeating")
        if not safe:
            return GiveUp("a write may have taken effect, so it is not repeated")
    if attempt >= policy.attempts:
        return GiveUp(f"{attempt} of {policy.attempts} attempts made")
    # Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    delay = rng() * min(policy.cap, policy.base * 2 ** (attempt - 1))
    if retry_after is not None:
        delay = max(retry_after, delay)
    if policy.deadline is not None and elapsed + delay > policy.deadline:
        return GiveUp(f"the deadline of {policy.deadline:g} s would pass")
    if budget is not None and not budget.take():
        return GiveUp("too many requests failed; the retry budget is used up")
    what = f"status {failure}" if isinstance(failure, int) else failure
    return Retry(delay, what)
