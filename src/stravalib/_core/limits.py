"""The limiter: decide before sending, learn from every answer.

A state machine without I/O and without a clock: every time is handed in, in the
server's seconds since the epoch. A ledger (``stravalib._stores``) keeps one per
application and runs its methods atomically, so threads, tasks, processes and
machines share one truth.

How the count is kept. Each of the four meters (read and overall, quarter hour and
day) knows three numbers of its current window: how many requests we let go
(``sent``), the highest usage that the server reported (``seen``), and how many
requests of others that proves (``foreign``). Used is the larger of ``seen`` and
``sent + foreign``; it is exact whenever no request is on its way. The first request
of a window goes alone, as a probe, because somebody else may have used the window up.

See https://developers.strava.com/docs/rate-limits/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stravalib._core.lazy import lazy
from stravalib._core.quota import (
    RESET_MARGIN,
    Estimate,
    Grant,
    Meter,
    RateLimits,
    Refuse,
    Wait,
)
from stravalib._core.rates import FREE, READ
from stravalib._facts.limits import LONG_WINDOW, NEW_APP, SHORT_WINDOW

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stravalib import exc
    from stravalib._core.rates import Rates
else:
    exc = lazy("stravalib.exc")

# How long others wait for the answer of a probe, and how often they look.
PROBE_PATIENCE = 10.0
PROBE_POLL = 0.05
# A request that was never answered (its process died) stops being in flight.
LEASE = 300.0
# Clocks of one application that disagree by less than this count as one clock.
CLOCK_TOLERANCE = 60.0

PRIORITIES = ("low", "medium", "high")


class Limits:
    """All that is known about the quota of one application."""

    __slots__ = (
        "_meters",
        "_next_ticket",
        "_pending",
        "confirmed",
        "last_paced",
        "latest",
        "opens_at",
        "overall_long",
        "overall_short",
        "read_long",
        "read_short",
    )

    def __init__(self) -> None:
        self.overall_short = Meter("overall", SHORT_WINDOW)
        self.overall_long = Meter("overall", LONG_WINDOW)
        self.read_short = Meter("read", SHORT_WINDOW)
        self.read_long = Meter("read", LONG_WINDOW)
        self._meters = (
            self.overall_short,
            self.overall_long,
            self.read_short,
            self.read_long,
        )
        # ticket -> when it was granted, oldest first
        self._pending: dict[int, float] = {}
        self._next_ticket = 1
        # index of the quarter hour in which the server has spoken
        self.confirmed = -1
        self.latest = 0.0
        self.last_paced = 0.0
        # after a used-up window: when the reset is certain to have happened
        self.opens_at = 0.0

    @property
    def in_flight(self) -> int:
        """Requests that were let go and not answered yet."""
        return len(self._pending)

    # -- before sending ------------------------------------------------------

    def before(
        self,
        now: float,
        kind: str = READ,
        *,
        priority: str = "high",
        reserve: float = 0.0,
        max_wait: float | None = SHORT_WINDOW,
        waited: float = 0.0,
    ) -> Grant | Wait | Refuse:
        """Decide whether a request may be sent at ``now``.

        Parameters
        ----------
        now
            The server's time as far as known, in seconds since the epoch.
        kind
            Which meters count the request (`stravalib._core.rates.kind_of`).
        priority
            ``high`` sends as fast as allowed; ``medium`` spreads what is left over
            the quarter hour, and from half of the day's limit on over the day;
            ``low`` always over the day.
        reserve
            What to leave for others: a share of each limit, or from 1 on a number.
        max_wait
            Longest wait in seconds, None for any. A used-up day is waited out only
            where more than a quarter hour is allowed. It bounds waits for used-up
            windows; pacing is left out where it is 0.
        waited
            Seconds that this call has waited for used-up windows already.

        Raises
        ------
        ReserveTooLarge
            The reserve leaves nothing of a limit, so that no wait would end.
        """
        now = self._advance(now)
        if kind == FREE:
            return Grant(0, now)
        meters = self._meters if kind == READ else self._meters[:2]
        for meter in meters:
            if meter.is_full(reserve):
                return _blocked(meters, now, reserve, max_wait, waited)
        if now < self.opens_at:
            return Wait(self.opens_at - now, self.opens_at, "limit")
        if self._pending:
            hold = self._hold(meters, now, reserve)
            if hold is not None:
                return hold
        if priority != "high" and max_wait != 0:
            pause = self._pause(meters, now, priority, reserve)
            if pause is not None:
                return pause
            self.last_paced = now
        return self._grant(meters, now)

    def pass_now(self, now: float, kind: str, reserve: float) -> Grant | None:
        """Grant what `before` would grant at high priority; None where it may not.

        Nearly every request comes this way. It goes ahead where nothing is full and
        no answer has to be waited for; all else is left to `before`.
        """
        if kind == FREE:
            return Grant(0, now)
        now = self._advance(now)
        pending = self._pending
        if now < self.opens_at or (
            pending and self.confirmed != self.overall_short.index
        ):
            return self._pass_closely(now, kind, reserve)
        meters = self._meters if kind == READ else self._meters[:2]
        for meter in meters:
            # `Meter.is_full`, written out, and stricter about others' requests.
            limit = meter.limit
            if limit is None:
                if meter.closed:
                    return None
            elif (
                reserve
                or meter.closed
                or meter.sent + meter.foreign >= limit
                or meter.seen >= limit
                or (meter.foreign and pending)
            ):
                return self._pass_closely(now, kind, reserve)
        for meter in meters:
            meter.sent += 1
        ticket = self._next_ticket
        self._next_ticket = ticket + 1
        pending[ticket] = now
        return Grant(ticket, now)

    def refusal(self, now: float, kind: str) -> Refuse | None:
        """Return what is used up, without any reserve; None where nothing is."""
        now = self._advance(now)
        meters = self._meters if kind == READ else self._meters[:2]
        if kind != FREE and any(meter.is_full(0.0) for meter in meters):
            decision = _blocked(meters, now, 0.0, 0.0, 0.0)
            return decision if isinstance(decision, Refuse) else None
        return None

    def _pass_closely(self, now: float, kind: str, reserve: float) -> Grant | None:
        decision = self.before(now, kind, reserve=reserve, max_wait=0.0)
        return decision if isinstance(decision, Grant) else None

    def observe(self, now: float, kind: str = READ) -> Grant:
        """Count a request that is sent whatever the quota says."""
        now = self._advance(now)
        if kind == FREE:
            return Grant(0, now)
        return self._grant(self._meters if kind == READ else self._meters[:2], now)

    def _grant(self, meters: Iterable[Meter], now: float) -> Grant:
        for meter in meters:
            meter.sent += 1
        ticket = self._next_ticket
        self._next_ticket += 1
        self._pending[ticket] = now
        return Grant(ticket, now)

    def _hold(
        self, meters: tuple[Meter, ...], now: float, reserve: float
    ) -> Wait | None:
        """Wait for answers under way where they decide whether there is room."""
        probing = self.confirmed != self.overall_short.index
        if not probing:
            under_way = len(self._pending)
            for meter in meters:
                # Answers may show that less is left than our own count says, but
                # only where others use the same quota.
                if meter.foreign and meter.seen + under_way + 1 > meter.ceiling(
                    reserve
                ):
                    break
            else:
                return None
        grants = self._pending.values()
        # One lost answer must not hold up everybody.
        asked = next(iter(grants)) if probing else next(reversed(grants))
        if now - asked > PROBE_PATIENCE:
            return None
        return Wait(PROBE_POLL, now + PROBE_POLL, "probe")

    def _pause(
        self, meters: tuple[Meter, ...], now: float, priority: str, reserve: float
    ) -> Wait | None:
        interval = 0.0
        for meter in meters:
            if meter.limit is None or (
                priority == "medium"
                and meter.length == LONG_WINDOW
                and meter.used * 2 < meter.limit
            ):
                continue
            room = max(1.0, meter.ceiling(reserve) - meter.used)
            interval = max(interval, (meter.end - now) / room)
        due = self.last_paced + interval
        if due <= now:
            return None
        return Wait(due - now, due, "pacing")

    # -- after the answer ----------------------------------------------------

    def learn(
        self,
        grant: Grant,
        now: float,
        *,
        kind: str = READ,
        status: int | None = None,
        rates: Rates | None = None,
        retry_after: float | None = None,
        elapsed: float = 0.0,
    ) -> None:
        """Take in an answer, or with ``status=None`` that there was none.

        Parameters
        ----------
        grant
            What `before` returned for this request.
        now
            The server's time of the answer.
        kind, status, rates, retry_after
            What was asked, and what the answer says.
        elapsed
            Seconds since the request was sent. With ``now`` it tells the window that
            counted the request, even if the clock was wrong when it was granted.
        """
        self._pending.pop(grant.ticket, None)
        if now < self.latest or now // SHORT_WINDOW != self.overall_short.index:
            now = self._advance(now)
        else:
            self.latest = now
        if kind == FREE:
            return
        meters = self._meters if kind == READ else self._meters[:2]
        sent_at = now - elapsed
        same_quarter = sent_at // SHORT_WINDOW == self.overall_short.index
        same_day = sent_at // LONG_WINDOW == self.overall_long.index
        granted_at = grant.granted_at
        if granted_at // SHORT_WINDOW != sent_at // SHORT_WINDOW:
            # Counted in the window that it was sent in, not where it was granted.
            for meter in meters:
                if granted_at // meter.length != meter.index == sent_at // meter.length:
                    meter.sent += 1
        if rates is not None:
            limit, usage, read_limit, read_usage = rates
            short, long, read_short, read_long = self._meters
            # An answer from across the boundary tells the count of either window.
            for limits, counts, quarter, day in (
                (limit, usage, short, long),
                (read_limit, read_usage, read_short, read_long),
            ):
                if limits is not None:
                    quarter.limit = limits[0] or quarter.limit
                    day.limit = limits[1] or day.limit
                if counts is not None:
                    if same_quarter:
                        quarter.learn(counts[0])
                    if same_day:
                        day.learn(counts[1])
        if status == 429:
            self._close(kind, now, retry_after, same_quarter)
        elif status is None or not same_quarter:
            return
        if rates is not None or (status is not None and status < 400):
            self.confirmed = self.overall_short.index

    def cancel(self, grant: Grant, now: float, *, kind: str = READ) -> None:
        """Take back a request that never left: no connection was made."""
        known = self._pending.pop(grant.ticket, None)
        now = self._advance(now)
        if known is None or kind == FREE:
            return
        for meter in self._meters if kind == READ else self._meters[:2]:
            if int(known // meter.length) == meter.index and meter.sent:
                meter.sent -= 1

    def _close(
        self, kind: str, now: float, retry_after: float | None, same_quarter: bool
    ) -> None:
        meters = self._meters if kind == READ else self._meters[:2]
        self.confirmed = self.overall_short.index
        if any(
            meter.limit is not None and meter.seen >= meter.limit for meter in meters
        ):
            return
        # The headers do not say which window it is. Without them the quarter hour
        # is likelier; a longer Retry-After can only mean the day.
        scope = 2 if kind == READ else 0
        short, long = self._meters[scope : scope + 2]
        if retry_after is not None and now + retry_after > short.end + RESET_MARGIN * 2:
            long.closed = True
        elif same_quarter:
            short.closed = True

    # -- time ----------------------------------------------------------------

    def _advance(self, now: float) -> float:
        """Enter the window of ``now``; small steps back in time are ignored."""
        behind = self.latest - now
        if 0 < behind < CLOCK_TOLERANCE:
            now = self.latest
        else:
            if behind >= CLOCK_TOLERANCE:
                self._pending.clear()
                self.last_paced = 0.0
            self.latest = now
        index = int(now // SHORT_WINDOW)
        if index != self.overall_short.index:
            if any(meter.is_full(0.0) for meter in self._meters):
                self.opens_at = index * float(SHORT_WINDOW) + RESET_MARGIN
            for meter in self._meters:
                meter.roll(now)
        while self._pending:
            ticket = next(iter(self._pending))
            if now - self._pending[ticket] <= LEASE:
                break
            del self._pending[ticket]
        return now

    # -- questions -----------------------------------------------------------

    def view(self, now: float) -> RateLimits:
        """Return usage, limits and reset times at ``now``."""
        self._advance(now)
        return RateLimits(
            self.overall_short.view(),
            self.overall_long.view(),
            self.read_short.view(),
            self.read_long.view(),
            in_flight=self.in_flight,
            known=self.confirmed == self.overall_short.index,
        )

    def estimate(
        self, requests: int, now: float, *, kind: str = READ, reserve: float = 0.0
    ) -> Estimate:
        """Say when the last of so many requests can be sent.

        Limits that are not known yet are taken to be those of a new application.
        """
        now = self._advance(now)
        meters = self._meters if kind == READ else self._meters[:2]
        limits = [
            meter.limit if meter.limit is not None else NEW_APP[place]
            for place, meter in enumerate(meters)
        ]
        known = all(meter.limit is not None for meter in meters)
        room = [
            max(
                0,
                0 if meter.closed else int(_ceiling(limit, reserve)) - meter.used,
            )
            for meter, limit in zip(meters, limits, strict=True)
        ]
        fresh = [int(_ceiling(limit, reserve)) for limit in limits]
        if min(fresh) < 1:
            raise _too_large(reserve, limits)
        left, moment, quarters = requests, now, 0
        while True:
            batch = min(left, *room)
            left -= batch
            if batch:
                quarters += 1
            if left <= 0:
                return Estimate(requests, moment, moment - now, quarters, known)
            room = [amount - batch for amount in room]
            day_over = min(room[1::2]) <= 0
            length = LONG_WINDOW if day_over else SHORT_WINDOW
            reset = (moment // length + 1) * length
            if reset % LONG_WINDOW == 0:
                room = fresh.copy()
            else:
                room[::2] = fresh[::2]
            moment = reset + RESET_MARGIN

    # -- keeping -------------------------------------------------------------

    def dump(self) -> list[Any]:
        """Return the state as JSON values."""
        return [
            1,
            self.confirmed,
            self.latest,
            self.last_paced,
            self.opens_at,
            self._next_ticket,
            [
                [m.index, m.limit, m.sent, m.seen, m.foreign, int(m.closed)]
                for m in self._meters
            ],
            [[ticket, at] for ticket, at in self._pending.items()],
        ]

    @classmethod
    def load(cls, state: object) -> Limits:
        """Make the state that was dumped; a state of another version starts anew."""
        limits = cls()
        if not isinstance(state, list) or len(state) != 8 or state[0] != 1:
            return limits
        limits.confirmed, limits.latest, limits.last_paced = state[1:4]
        limits.opens_at, limits._next_ticket = state[4:6]
        for meter, row in zip(limits._meters, state[6], strict=True):
            meter.index, meter.limit, meter.sent, meter.seen, meter.foreign = row[:5]
            meter.closed = bool(row[5])
        limits._pending = dict(state[7])
        return limits


def _ceiling(limit: int, reserve: float) -> float:
    return limit - (reserve * limit if reserve < 1 else reserve)


def _too_large(reserve: float, limits: list[int]) -> exc.ReserveTooLarge:
    return exc.ReserveTooLarge(
        f"A reserve of {reserve} leaves nothing of the limits {limits}; choose a "
        "smaller reserve."
    )


def _blocked(
    meters: tuple[Meter, ...],
    now: float,
    reserve: float,
    max_wait: float | None,
    waited: float,
) -> Wait | Refuse:
    full = [meter for meter in meters if meter.is_full(reserve)]
    if reserve:
        limits = [meter.limit for meter in meters if meter.limit is not None]
        if limits and _ceiling(min(limits), reserve) < 1:
            raise _too_large(reserve, limits)
    last = max(full, key=lambda meter: meter.end)
    remaining = last.end - now
    if max_wait is not None and (
        waited + remaining > max_wait + RESET_MARGIN
        or (last.length == LONG_WINDOW and max_wait <= SHORT_WINDOW)
    ):
        return Refuse(
            remaining + RESET_MARGIN, last.scope, last.length, last.limit, waited
        )
    return Wait(
        remaining + RESET_MARGIN,
        last.end + RESET_MARGIN,
        "limit",
        last.scope,
        last.length,
        last.limit,
    )
