"""Sends one call: waits for the quota, tries again, notes what happened."""

from __future__ import annotations

import logging
import random
from collections.abc import Mapping
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from stravalib._async import _compat
from stravalib._async.call import Call
from stravalib._core import http
from stravalib._core.lazy import lazy
from stravalib._core.meta import RequestInfo, ResponseMeta
from stravalib._core.options import check_callable, options_of
from stravalib._core.rates import FREE, kind_of, parse_http_date, parse_retry_after

if TYPE_CHECKING:
    from collections.abc import Callable

    from stravalib import exc
    from stravalib._async.gate import AsyncGate
    from stravalib._core import retries
    from stravalib._core.quota import Grant
    from stravalib._core.retries import RetryPolicy
else:
    exc = lazy("stravalib.exc")
    retries = lazy("stravalib._core.retries")

log = logging.getLogger("stravalib.retries")
# The last answer of this thread or task, with the sender that got it.
_last: ContextVar[tuple[int, ResponseMeta] | None] = ContextVar("_last", default=None)


class AsyncSender:
    """Sends requests through a transport, as often as the policy says.

    Parameters
    ----------
    gate
        Decides about the quota.
    policy
        Decides about repetitions.
    on_request, on_response
        Called with a `RequestInfo` before each attempt and a `ResponseMeta` after it.
    """

    def __init__(
        self,
        gate: AsyncGate,
        policy: RetryPolicy | int | bool | None = True,
        *,
        on_request: Callable[[RequestInfo], Any] | None = None,
        on_response: Callable[[ResponseMeta], Any] | None = None,
    ) -> None:
        check_callable("on_request", on_request)
        check_callable("on_response", on_response)
        self.gate = gate
        self._argument = policy
        self._policy: RetryPolicy | None = None
        self._budget: Any = None
        self.on_request = on_request
        self.on_response = on_response
        self.sleep: Callable[[float], Any] = _compat.sleep
        self.monotonic: Callable[[], float] = _compat.monotonic
        self._latest: ResponseMeta | None = None
        # Timeouts that need no bound, because the default deadline leaves more.
        self._usual = http.DEFAULT_TIMEOUT if policy is True else None
        if policy is not True:
            self.policy  # noqa: B018 - a wrong argument is told at once

    @property
    def policy(self) -> RetryPolicy:
        """How hard to try, as it holds for this call."""
        here = options_of(self.gate)
        if here is not None and "retries" in here:
            self._budget = self._budget or retries.RetryBudget()
            return retries.RetryPolicy.from_argument(here["retries"])
        if self._policy is None:
            self._policy = retries.RetryPolicy.from_argument(self._argument)
            self._budget = retries.RetryBudget()
        return self._policy

    @property
    def last(self) -> ResponseMeta | None:
        """The last answer of this thread or task, else of any."""
        here = _last.get()
        return here[1] if here is not None and here[0] == id(self) else self._latest

    async def send(
        self,
        transport: Any,
        request: http.HttpRequest,
        path: str,
        *,
        counted: bool,
        sign: Callable[[http.HttpRequest], Any] | None = None,
        call: Call | None = None,
    ) -> tuple[http.HttpRequest, http.HttpResponse]:
        """Send until there is an answer to hand on; return what was sent as well.

        Parameters
        ----------
        transport
            What sends one request once.
        request, path
            The request, and its path below the base URL.
        counted
            Whether the application's quota counts it.
        sign
            Puts a fresh token on the request again after a wait: there may be hours
            between the first look at the token and the sending.
        call
            The call that the request is part of, where it is not the first.

        Raises
        ------
        RateLimitExceeded
            The quota is used up and not waited for.
        LedgerFailed
            The ledger could not be asked.
        ConnectionFailed, ReadTimedOut
            There was no answer.
        """
        kind = kind_of(request.method, path) if counted else FREE
        if call is None:
            call = Call()
        call.request = request
        files = False
        if request.files:
            call.remember(request.files)
            files = True
        gate = self.gate
        refused: http.HttpResponse | None = None
        while True:
            grant = gate.pass_now(kind)
            asked = grant is None
            if grant is None:
                try:
                    grant, call.waited, call.paced = await gate.before(
                        kind, call.waited, call.paced
                    )
                except exc.RateLimitExceeded:
                    if refused is None:
                        raise
                    # It was sent, and Strava's answer says more.
                    return call.request, refused
            call.attempts += 1
            again = asked or call.attempts > 1
            if again or self.on_request is not None:
                await self._ready(call, grant, kind, sign)
            started = self.monotonic()
            if call.attempts == 1:
                # What was waited before does not count as time of the call.
                call.started = started - call.waited - call.paced
            sent_at = gate.clock()
            failure: str | int
            try:
                response: http.HttpResponse = await transport.send(
                    self._bounded(call, started)
                    if again or files or call.request.timeout is not self._usual
                    else call.request
                )
            except (exc.ConnectionFailed, exc.ReadTimedOut) as error:
                failure = _failure(error)
                await self._lost(grant, kind, sent_at, failure)
                meta = call.meta(None, self.monotonic(), error)
                await self._tell(meta)
                delay = self._delay(call, failure, path, meta, None)
                if delay is None:
                    error.meta = meta
                    raise
            except BaseException:
                await self._lost(grant, kind, sent_at, "interrupted")
                raise
            else:
                if gate.ledger.blocking:
                    await gate.learn(grant, kind, sent_at, response)
                else:
                    gate.learn_now(grant, kind, sent_at, response)
                meta = call.meta(response, self.monotonic(), None)
                self._latest = meta
                _last.set((id(self), meta))
                if self.on_response is not None:
                    await _compat.settle(self.on_response(meta))
                if asked and counted and gate.limiter is not None:
                    from requests.structures import CaseInsensitiveDict

                    headers: Any = CaseInsensitiveDict(response.headers)
                    await _compat.run_blocking(
                        gate.limiter, headers, call.request.method
                    )
                if response.status < 400:
                    if self._budget is not None:
                        self._budget.give()
                    return call.request, response
                if response.status == 429:
                    if await self._goes_on_after_429(kind, call, meta):
                        refused = response
                        continue
                    return call.request, response
                delay = self._delay(call, response.status, path, meta, response)
                if delay is None:
                    return call.request, response
            await self.sleep(delay)

    def _bounded(self, call: Call, now: float) -> http.HttpRequest:
        """Return the request with no longer than the deadline leaves."""
        here = options_of(self.gate)
        argument = (here or {}).get("retries", self._argument)
        timeout = call.request.timeout
        deadline = retries.deadline_of(
            argument, timeout, files=bool(call.request.files)
        )
        if here is None and deadline == http.DEFAULT_DEADLINE:
            connect, read = timeout
            if connect and read and max(connect, read) <= http.DEFAULT_DEADLINE:
                self._usual = timeout
        return call.bounded(now, deadline)

    async def _ready(
        self,
        call: Call,
        grant: Grant,
        kind: str,
        sign: Callable[[http.HttpRequest], Any] | None,
    ) -> None:
        """Do what comes between the grant and the sending."""
        try:
            if self.on_request is not None:
                url = http.redact_query(call.request.url)
                info = RequestInfo(call.request.method, url, call.attempts)
                await _compat.settle(self.on_request(info))
            if sign is not None and (call.waited or call.paced):
                call.request = await sign(call.request)
        except BaseException:
            await self.gate.cancel(grant, kind)
            raise

    async def goes_on_after_garbage(
        self, call: Call, method: str, url: str, data: Mapping[str, Any] | None
    ) -> bool:
        """Pause after a body that is not JSON; False where it is final."""
        policy = self.policy
        decision = retries.decide(
            call.attempts,
            retries.DROPPED,
            safe=retries.is_safe(
                method,
                url,
                (data or {}).get("grant_type"),
                named="external_id" in (call.request.params or ()),
            ),
            elapsed=call.elapsed(self.monotonic()),
            policy=policy,
            rng=random.random,
            budget=self._budget,
        )
        if isinstance(decision, retries.GiveUp) or not call.rewind():
            return False
        log.warning(
            "%s %s answered what is not JSON; attempt %d of %d in %.1f s",
            method,
            http.redact_query(url),
            call.attempts + 1,
            policy.attempts,
            decision.delay,
        )
        await self.sleep(decision.delay)
        return True

    async def _lost(
        self, grant: Grant, kind: str, sent_at: float, failure: str
    ) -> None:
        if failure == retries.CONNECT:
            await self.gate.cancel(grant, kind)
        else:
            await self.gate.learn(grant, kind, sent_at, None)

    async def _tell(self, meta: ResponseMeta) -> None:
        self._latest = meta
        _last.set((id(self), meta))
        if self.on_response is not None:
            await _compat.settle(self.on_response(meta))

    async def _goes_on_after_429(
        self, kind: str, call: Call, meta: ResponseMeta
    ) -> bool:
        """Whether to ask the gate again: only where the gate then waits."""
        if self.gate.observe or kind == FREE:
            return False
        waits = await self.gate.waits_after_429(kind, call.waited)
        if waits is None:
            # Refused at the very end of a window: the next one is open, for one try.
            call.refused_open += 1
            waits = call.refused_open == 1
        if not waits or not call.rewind():
            return False
        log.info(
            "%s %s was refused (status 429); sent again when the quota allows it",
            meta.method,
            meta.url,
        )
        return True

    def tell_renewal(self, request: http.HttpRequest) -> None:
        """Log that a request is repeated with a new token."""
        log.info(
            "%s %s failed (status 401); sent again with a new token",
            request.method,
            http.redact_query(request.url),
        )

    def _delay(
        self,
        call: Call,
        failure: str | int,
        path: str,
        meta: ResponseMeta,
        response: http.HttpResponse | None,
    ) -> float | None:
        """Return the seconds until the next attempt; None where there is none."""
        request = call.request
        after = None
        if response is not None:
            if response.status not in retries.RETRIED_STATUS:
                return None
            date = parse_http_date(response.headers.get("Date"))
            after = parse_retry_after(response.headers.get("Retry-After"), date)
        policy = self.policy
        if failure != retries.CONNECT:
            call.uncertain = True
        form = request.data if isinstance(request.data, Mapping) else {}
        grant_type = form.get("grant_type")
        decision = retries.decide(
            call.attempts,
            failure,
            safe=retries.is_safe(
                request.method,
                path,
                grant_type,
                named="external_id" in (request.params or ()),
            ),
            elapsed=meta.elapsed,
            policy=policy,
            rng=random.random,
            retry_after=after,
            budget=self._budget,
        )
        if isinstance(decision, retries.GiveUp):
            if policy.attempts > 1:
                log.info("%s %s: %s", request.method, meta.url, decision.reason)
            return None
        if not call.rewind():
            return None
        log.warning(
            "%s %s failed (%s); attempt %d of %d in %.1f s",
            request.method,
            meta.url,
            decision.reason,
            call.attempts + 1,
            policy.attempts,
            decision.delay,
        )
        return float(decision.delay)


def _failure(error: exc.ConnectionFailed | exc.ReadTimedOut) -> str:
    if not error.sent:
        return str(retries.CONNECT)
    if isinstance(error, exc.ReadTimedOut):
        return str(retries.TIMEOUT)
    return str(retries.DROPPED)
