"""The words for waits and refusals of the limiter."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from stravalib._core.lazy import lazy
from stravalib._facts.limits import SHORT_WINDOW

if TYPE_CHECKING:
    from stravalib import exc
    from stravalib._core.quota import Refuse, Wait
else:
    exc = lazy("stravalib.exc")


def _limit(scope: str, window: int, limit: int | None) -> str:
    period = "quarter hour" if window == SHORT_WINDOW else "day"
    number = "" if limit is None else f" of {limit} requests"
    return f"The {scope} limit{number} per {period}"


def _clock(moment: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(moment))


def wait_text(wait: Wait) -> str:
    """Say why, how long and until when a call waits; times by the server's clock."""
    if wait.reason == "pacing":
        return (
            f"Paced by priority: waiting {wait.seconds:.0f} s, "
            f"resuming at {_clock(wait.until)}"
        )
    return (
        f"{_limit(wait.scope, wait.window, wait.limit)} is used up; waiting "
        f"{wait.seconds:.0f} s, resuming at {_clock(wait.until)}"
    )


def refusal(refuse: Refuse, now: float, sent: bool = False) -> exc.RateLimitExceeded:
    """Make the error for a quota that is not waited for."""
    seconds = refuse.retry_after
    text = (
        f"{_limit(refuse.scope, refuse.window, refuse.limit)} is used up until "
        f"{_clock(now + seconds)} (in {seconds:.0f} s)."
    )
    if not sent:
        text += " The request was not sent."
    if refuse.waited:
        text += f" The call has waited {refuse.waited:.0f} s already."
    text += " Pass max_wait=None to the client to wait for any reset."
    error = exc.RateLimitTimeout if refuse.waited else exc.RateLimitExceeded
    limit = None if refuse.limit is None else float(refuse.limit)
    return error(text, timeout=seconds, limit=limit)


def declined(wait: Wait, waited: float) -> exc.RateLimitExceeded:
    """Make the error for a wait that ``on_wait`` did not want."""
    text = f"{wait_text(wait)}: on_wait returned False, so the request was not sent."
    if waited:
        text += f" The call has waited {waited:.0f} s already."
    error = exc.RateLimitTimeout if waited else exc.RateLimitExceeded
    limit = None if wait.limit is None else float(wait.limit)
    return error(text, timeout=wait.seconds, limit=limit)


def ledger_text(ledger: object, error: BaseException) -> str:
    """Say that a ledger failed, and what to do."""
    return (
        f"The ledger ({type(ledger).__name__}) that counts requests failed: "
        f"{type(error).__name__}: {error}. See to it, or use a MemoryLedger meanwhile."
    )
