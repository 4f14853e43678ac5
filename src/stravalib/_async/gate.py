"""Asks the ledger before each request, and tells it each answer."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from stravalib._async import _compat
from stravalib._core.lazy import lazy
from stravalib._core.options import check_callable, check_limits, options_of
from stravalib._core.quota import Grant, Refuse, Wait
from stravalib._core.rates import (
    FREE,
    READ,
    WRITE,
    Rates,
    correct_skew,
    parse_http_date,
    parse_retry_after,
)
from stravalib._facts.limits import SHORT_WINDOW

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Literal

    from stravalib import exc
    from stravalib._core import quota_texts
    from stravalib._core.http import HttpResponse
    from stravalib._core.limits import Limits
    from stravalib._core.quota import Estimate, RateLimits
    from stravalib._stores.base import Ledger

    Priority = Literal["low", "medium", "high"]
else:
    exc = lazy("stravalib.exc")
    quota_texts = lazy("stravalib._core.quota_texts")

R = TypeVar("R")
log = logging.getLogger("stravalib.limits")

# A long wait is made of short ones, so that a machine that slept looks at the clock.
LONGEST_SLEEP = 60.0


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
        check_callable("on_wait", on_wait)
        from stravalib._stores.memory import MemoryLedger

        if ledger is None:
            ledger = MemoryLedger()
        elif not callable(getattr(ledger, "update", None)):
            raise TypeError(
                # Not its value: an address may hold a password.
                f"ledger is a {type(ledger).__name__}; give a MemoryLedger, "
                "SQLiteLedger or RedisLedger of stravalib.limits."
            )
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
        self._observes_anyway = observe
        self._limiter: Callable[..., Any] | None = None
        # The last class of headers that was seen: asking the ABC costs more.
        self._headers: type[Any] = dict
        # The server's clock minus ours, by the Date of its answers.
        self.skew = 0.0
        self.clock: Callable[[], float] = _compat.now
        self.sleep: Callable[[float], Any] = _compat.sleep

    def server_now(self) -> float:
        """Return the server's time as far as known."""
        return self.clock() + self.skew

    @property
    def limiter(self) -> Callable[..., Any] | None:
        """A limiter of the user's own; while there is one, this only counts."""
        return self._limiter

    @limiter.setter
    def limiter(self, value: Callable[..., Any] | None) -> None:
        self._limiter = value
        self.observe = self._observes_anyway or value is not None

    def _apply(self, change: Callable[[Limits], R]) -> R:
        """Ask the ledger; all that may go wrong with it becomes one error."""
        try:
            return self.ledger.update(self.key, change)
        except Exception as error:
            ours = isinstance(error, exc.StravalibError)
            if ours and not isinstance(error, exc.StoreFailed):
                raise
            text = quota_texts.ledger_text(self.ledger, error)
            raise exc.LedgerFailed(text) from error

    async def _update(
        self,
        change: Callable[[Limits], R],
        undo: Callable[[Limits, R], Any] | None = None,
    ) -> R:
        """Change the ledger; ``undo`` it if the caller is cancelled meanwhile."""
        if not self.ledger.blocking:
            return self._apply(change)

        take_back = None if undo is None else partial(self._take_back, undo)
        result: R = await _compat.run_through(self._apply, change, undo=take_back)
        return result

    def _take_back(self, undo: Callable[[Limits, R], Any], result: R) -> None:
        self._apply(lambda limits: undo(limits, result))

    async def _tell(self, change: Callable[[Limits], Any]) -> None:
        """Change the ledger after the fact: what happened does not become an error."""
        try:
            await self._update(change)
        except exc.LedgerFailed as error:
            log.warning("%s", error)

    def pass_now(self, kind: str) -> Grant | None:
        """Return a grant where nothing has to be waited for, read or awaited.

        The short way of almost every request of a client with its own ledger.
        """
        ledger = self.ledger
        if (
            ledger.blocking
            or self._limiter is not None
            or self.priority != "high"
            or options_of(self) is not None
        ):
            return None
        now = self.clock() + self.skew
        reserve = self.reserve
        memory = self._memory
        if memory is not None:
            with memory.guard:
                state = memory.state(self.key)
                if self.observe:
                    return state.observe(now, kind)
                return state.pass_now(now, kind, reserve)
        if self.observe:
            return self._apply(lambda limits: limits.observe(now, kind))
        return self._apply(lambda limits: limits.pass_now(now, kind, reserve))

    async def before(
        self, kind: str, waited: float = 0.0, paced: float = 0.0
    ) -> tuple[Grant, float, float]:
        """Return when the request may be sent, with the seconds waited for it.

        Parameters
        ----------
        kind
            Which meters count the request.
        waited, paced
            Seconds that the call has waited already for used-up windows, and for
            other reasons; they are part of the result.

        Raises
        ------
        RateLimitExceeded
            The quota is used up and not waited for.
        ReserveTooLarge
            The reserve leaves nothing of a limit.
        LedgerFailed
            The ledger could not be asked.
        """
        if self.observe or kind == FREE:
            now = self.server_now()
            grant = await self._update(
                lambda limits: limits.observe(now, kind), self._taking_back(kind)
            )
            return grant, waited, paced
        announced = 0.0
        while True:
            decision = await self._ask(kind, waited)
            if isinstance(decision, Grant):
                return decision, waited, paced
            if isinstance(decision, Refuse):
                raise quota_texts.refusal(decision, self.server_now())
            pause = min(decision.seconds, LONGEST_SLEEP)
            if decision.reason == "limit":
                if decision.until != announced:
                    announced = decision.until
                    await self._announce(decision, waited)
                waited += pause
            else:
                if decision.reason == "pacing" and decision.until != announced:
                    announced = decision.until
                    await self._announce(decision, waited)
                paced += pause
            await self.sleep(pause)

    async def _ask(self, kind: str, waited: float) -> Grant | Wait | Refuse:
        now = self.server_now()
        here = options_of(self) or {}
        priority = here.get("priority", self.priority)
        reserve = here.get("reserve", self.reserve)
        max_wait = self.longest_wait()
        decision: Grant | Wait | Refuse = await self._update(
            lambda limits: limits.before(
                now,
                kind,
                priority=priority,
                reserve=reserve,
                max_wait=max_wait,
                waited=waited,
            ),
            self._taking_back(kind),
        )
        return decision

    def _taking_back(self, kind: str) -> Callable[[Limits, Any], None]:
        now = self.server_now()

        def take_back(limits: Limits, decision: Grant | Wait | Refuse) -> None:
            if isinstance(decision, Grant):
                limits.cancel(decision, now, kind=kind)

        return take_back

    def longest_wait(self) -> float | None:
        """Return ``max_wait`` as it holds for this call."""
        here = options_of(self)
        return self.max_wait if here is None else here.get("max_wait", self.max_wait)

    async def _announce(self, wait: Wait, waited: float) -> None:
        if wait.reason == "pacing":
            log.info("%s", quota_texts.wait_text(wait))
        elif round(wait.until) != self._told:  # once, however many calls wait for it
            self._told = round(wait.until)
            log.warning("%s", quota_texts.wait_text(wait))
        if self.on_wait is None:
            return
        if await _compat.settle(self.on_wait(wait)) is False:
            raise quota_texts.declined(wait, waited)

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
        await self._tell(self._lesson(grant, kind, sent_at, response))

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
            lesson = self._lesson(grant, kind, sent_at, response)
            try:
                self._apply(lesson)
            except exc.LedgerFailed as error:
                log.warning("%s", error)
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
        await self._tell(lambda limits: limits.cancel(grant, now, kind=kind))

    async def refusal(self, kind: str) -> Refuse | None:
        """Return what is used up; None where a request might go, or nothing is known.

        For words about an answer: a ledger that fails makes no other error of it.
        """
        now = self.server_now()
        try:
            return await self._update(lambda limits: limits.refusal(now, kind))
        except exc.LedgerFailed as error:
            log.warning("%s", error)
            return None

    async def waits_after_429(self, kind: str, waited: float) -> bool | None:
        """Tell whether `before` would now wait; None where nothing seems used up."""
        now = self.server_now()
        reserve = (options_of(self) or {}).get("reserve", self.reserve)
        max_wait = self.longest_wait()

        def look(limits: Limits) -> bool | None:
            if limits.refusal(now, kind) is None:
                return None
            decision = limits.before(
                now, kind, reserve=reserve, max_wait=max_wait, waited=waited
            )
            return isinstance(decision, Wait)

        try:
            return await self._update(look)
        except exc.LedgerFailed as error:
            log.warning("%s", error)
            return False

    def view(self) -> RateLimits:
        """Return usage, limits and reset times; reads the ledger."""
        now = self.server_now()
        return self._apply(lambda limits: limits.view(now))

    def estimate(self, requests: int, kind: str) -> Estimate:
        """Say when the last of so many requests can be sent; reads the ledger."""
        if requests < 0:
            raise ValueError(f"requests={requests!r} is negative; give their number.")
        if kind not in (READ, WRITE):
            raise ValueError(f"kind={kind!r} is unknown; use 'read' or 'write'.")
        now = self.server_now()
        reserve = (options_of(self) or {}).get("reserve", self.reserve)
        return self._apply(
            lambda limits: limits.estimate(requests, now, kind=kind, reserve=reserve)
        )
