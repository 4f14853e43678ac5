"""Asks the ledger before each request, and tells it each answer."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from stravalib._async import _compat
from stravalib._core.lazy import lazy
from stravalib._core.options import options_of
from stravalib._core.quota import Grant, Refuse
from stravalib._core.rates import (
    FREE,
    Rates,
    correct_skew,
    parse_http_date,
    parse_retry_after,
)
from stravalib._facts.limits import SHORT_WINDOW

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Literal

    from stravalib._core import quota_texts
    from stravalib._core.http import HttpResponse
    from stravalib._core.limits import Limits
    from stravalib._core.quota import Estimate, RateLimits, Wait
    from stravalib._stores.base import Ledger

    Priority = Literal["low", "medium", "high"]
else:
    quota_texts = lazy("stravalib._core.quota_texts")

R = TypeVar("R")
log = logging.getLogger("stravalib.limits")

# A long wait is made of short ones, so that a machine that slept looks at the clock.
LONGEST_SLEEP = 60.0


def check_limits(
    *,
    priority: str = "high",
    reserve: float = 0.0,
    max_wait: float | None = None,
) -> None:
    """Tell wrong values.

    Raises
    ------
    ValueError
        Where one is none of the words, or negative.
    """
    if priority not in ("low", "medium", "high"):
        raise ValueError(
            f"priority={priority!r} is unknown; use 'high', 'medium' or 'low'."
        )
    if reserve < 0 or (max_wait is not None and max_wait < 0):
        raise ValueError(
            f"reserve={reserve!r} and max_wait={max_wait!r} must not be negative."
        )


class AsyncGate:
    """Lets a request go, makes it wait, or refuses it.

    Parameters
    ----------
    ledger
        Where the count is kept; None for one of this client alone.
    key
        The application's name in the ledger.
    priority, reserve, max_wait
        See `stravalib._core.limits.Limits.before`.
    on_wait
        Called with each `Wait` for a used-up window; False gives up.
    observe
        Only count, never wait.
    """

    def __init__(
        self,
        *,
        ledger: Ledger | None = None,
        key: str = "-",
        priority: Priority = "high",
        reserve: float = 0.0,
        max_wait: float | None = SHORT_WINDOW,
        on_wait: Callable[[Wait], Any] | None = None,
        observe: bool = False,
    ) -> None:
        check_limits(priority=priority, reserve=reserve, max_wait=max_wait)
        from stravalib._stores.memory import MemoryLedger

        if ledger is None:
            ledger = MemoryLedger()
        self.ledger = ledger
        # The usual one is asked without detours: they cost more than its answer.
        self._memory = ledger if type(ledger) is MemoryLedger else None
        self.key = key
        self.priority: Priority = priority
        self.reserve = reserve
        self.max_wait = max_wait
        self.on_wait = on_wait
        self._told = 0
        self.observe = observe
        # The last class of headers that was seen: asking the ABC costs more.
        self._headers: type[Any] = dict
        # The server's clock minus ours, by the Date of its answers.
        self.skew = 0.0
        self.clock: Callable[[], float] = _compat.now
        self.sleep: Callable[[float], Any] = _compat.sleep

    def server_now(self) -> float:
        """Return the server's time as far as known."""
        return self.clock() + self.skew

    async def _update(self, change: Callable[[Limits], R]) -> R:
        if self.ledger.blocking:
            result: R = await _compat.run_blocking(self.ledger.update, self.key, change)
            return result
        return self.ledger.update(self.key, change)

    def pass_now(self, kind: str) -> Grant | None:
        """Return a grant where nothing has to be waited for, read or awaited.

        The short way of almost every request of a client with its own ledger.
        """
        ledger = self.ledger
        if (
            ledger.blocking
            or self.observe
            or self.priority != "high"
            or options_of(self) is not None
        ):
            return None
        now = self.clock() + self.skew
        reserve = self.reserve
        memory = self._memory
        if memory is not None:
            with memory.guard:
                return memory.state(self.key).pass_now(now, kind, reserve)
        return ledger.update(
            self.key, lambda limits: limits.pass_now(now, kind, reserve)
        )

    async def before(self, kind: str, before: float = 0.0) -> tuple[Grant, float]:
        """Return when the request may be sent, with the seconds waited for it.

        ``before`` is what the call has waited already; it is part of the result.

        Raises
        ------
        RateLimitExceeded
            The quota is used up and not waited for.
        """
        if self.observe or kind == FREE:
            now = self.server_now()
            return await self._update(lambda limits: limits.observe(now, kind)), before
        waited = before
        announced = 0.0
        while True:
            decision = await self._ask(kind, waited)
            if isinstance(decision, Grant):
                return decision, waited
            if isinstance(decision, Refuse):
                raise quota_texts.refusal(decision, self.server_now())
            pause = min(decision.seconds, LONGEST_SLEEP)
            if decision.reason == "limit":
                if decision.until != announced:
                    announced = decision.until
                    await self._announce(decision, waited)
                waited += pause
            await self.sleep(pause)

    async def _ask(self, kind: str, waited: float) -> Grant | Wait | Refuse:
        now = self.server_now()
        here = options_of(self) or {}
        priority = here.get("priority", self.priority)
        reserve = here.get("reserve", self.reserve)
        max_wait = self.longest_wait()
        return await self._update(
            lambda limits: limits.before(
                now,
                kind,
                priority=priority,
                reserve=reserve,
                max_wait=max_wait,
                waited=waited,
            )
        )

    def longest_wait(self) -> float | None:
        """Return ``max_wait`` as it holds for this call."""
        here = options_of(self)
        return self.max_wait if here is None else here.get("max_wait", self.max_wait)

    async def _announce(self, wait: Wait, waited: float) -> None:
        if round(wait.until) != self._told:  # once, however many calls wait for it
            self._told = round(wait.until)
            log.warning("%s", quota_texts.wait_text(wait))
        if self.on_wait is None:
            return
        if await _compat.settle(self.on_wait(wait)) is False:
            refused = Refuse(wait.seconds, wait.scope, wait.window, wait.limit, waited)
            raise quota_texts.refusal(refused, self.server_now())

    async def learn(
        self,
        grant: Grant,
        kind: str,
        sent_at: float,
        response: HttpResponse | None,
    ) -> None:
        """Tell the ledger an answer, or that there was none.

        ``sent_at`` is our own time of sending.
        """
        await self._update(self._lesson(grant, kind, sent_at, response))

    def learn_now(
        self,
        grant: Grant,
        kind: str,
        sent_at: float,
        response: HttpResponse | None,
    ) -> None:
        """Do what `learn` does, for a ledger that does not block."""
        memory = self._memory
        if memory is None:
            self.ledger.update(self.key, self._lesson(grant, kind, sent_at, response))
            return
        now, status, rates, retry_after, elapsed = self._read(sent_at, response)
        with memory.guard:
            memory.state(self.key).learn(
                grant,
                now,
                kind=kind,
                status=status,
                rates=rates,
                retry_after=retry_after,
                elapsed=elapsed,
            )

    def _lesson(
        self,
        grant: Grant,
        kind: str,
        sent_at: float,
        response: HttpResponse | None,
    ) -> Callable[[Limits], None]:
        now, status, rates, retry_after, elapsed = self._read(sent_at, response)
        return lambda limits: limits.learn(
            grant,
            now,
            kind=kind,
            status=status,
            rates=rates,
            retry_after=retry_after,
            elapsed=elapsed,
        )

    def _read(
        self, sent_at: float, response: HttpResponse | None
    ) -> tuple[float, int | None, Rates | None, float | None, float]:
        """Return what an answer says: time, status, rates, pause, time it took."""
        received = self.clock()
        rates = retry_after = status = None
        if response is not None:
            status = response.status
            headers = response.headers
            # A double of a user's test may have no real headers.
            if type(headers) is self._headers or isinstance(headers, Mapping):
                self._headers = type(headers)
                date = parse_http_date(headers.get("Date"))
                if date is not None:
                    self.skew = correct_skew(self.skew, date, sent_at, received)
                rates = Rates.from_headers(headers)
                if status == 429:
                    retry_after = parse_retry_after(headers.get("Retry-After"), date)
        elapsed = received - sent_at
        return (
            received + self.skew,
            status,
            rates,
            retry_after,
            elapsed if elapsed > 0.0 else 0.0,
        )

    async def cancel(self, grant: Grant, kind: str) -> None:
        """Take back a request that never left."""
        now = self.server_now()
        await self._update(lambda limits: limits.cancel(grant, now, kind=kind))

    async def refusal(self, kind: str) -> Refuse | None:
        """Return what is used up; None where a request might go."""
        now = self.server_now()

        def look(limits: Limits) -> Grant | Wait | Refuse:
            decision = limits.before(now, kind, max_wait=0.0)
            if isinstance(decision, Grant):
                limits.cancel(decision, now, kind=kind)
            return decision

        decision = await self._update(look)
        return decision if isinstance(decision, Refuse) else None

    def view(self) -> RateLimits:
        """Return usage, limits and reset times; reads the ledger."""
        now = self.server_now()
        return self.ledger.update(self.key, lambda limits: limits.view(now))

    def estimate(self, requests: int, kind: str) -> Estimate:
        """Say when the last of so many requests can be sent; reads the ledger."""
        if requests < 0:
            raise ValueError(f"requests={requests!r} is negative; give their number.")
        now = self.server_now()
        return self.ledger.update(
            self.key,
            lambda limits: limits.estimate(
                requests, now, kind=kind, reserve=self.reserve
            ),
        )
