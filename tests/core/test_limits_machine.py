"""The limiter against a model of Strava's counters, in random orders."""

from __future__ import annotations

import json

import pytest
from hypothesis import assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from stravalib._core.limits import Limits
from stravalib._core.quota import Grant, Refuse, Wait
from stravalib._core.rates import READ, WRITE, Pair, Rates

START = 1_795_392_000.0 + 11 * 3600


class Strava:
    """Counts as the documentation says: refused requests count for the day."""

    def __init__(self, short, day, read_short, read_day):
        self.limits = (short, day, read_short, read_day)
        self.counts = [0, 0, 0, 0]
        self.quarter = self.day = -1

    def roll(self, now):
        if int(now // 900) != self.quarter:
            self.quarter = int(now // 900)
            self.counts[0] = self.counts[2] = 0
        if int(now // 86400) != self.day:
            self.day = int(now // 86400)
            self.counts[1] = self.counts[3] = 0

    def take(self, now, kind):
        self.roll(now)
        for place in range(4 if kind == READ else 2):
            self.counts[place] += 1
        bound = zip(self.counts, self.limits, strict=True)
        over = [count > limit for count, limit in bound]
        refused = any(over if kind == READ else over[:2])
        c, x = self.counts, self.limits
        return (
            429 if refused else 200,
            Rates(Pair(*x[:2]), Pair(*c[:2]), Pair(*x[2:]), Pair(*c[2:])),
        )


class Alone(RuleBasedStateMachine):
    """All requests go through the ledger: not one may be refused."""

    foreigners = False

    @initialize(
        short=st.integers(2, 12),
        day=st.integers(8, 60),
        read=st.integers(1, 8),
        read_day=st.integers(4, 40),
        offset=st.floats(0, 86400),
    )
    def begin(self, short, day, read, read_day, offset):
        self.server = Strava(short, day, read, read_day)
        self.limits = Limits()
        self.now = START + offset
        self.way = []  # granted, not at the server yet
        self.back = []  # at the server, answer on its way
        self.refused = {}
        self.blind = set()
        self.granted = 0

    @rule(kind=st.sampled_from([READ, READ, READ, WRITE]), any_wait=st.booleans())
    def ask(self, kind, any_wait):
        decision = self.limits.before(
            self.now, kind, max_wait=None if any_wait else 900
        )
        if isinstance(decision, Grant):
            self.way.append((decision, kind, self.now))
            self.granted += 1
            return
        seconds = (
            decision.retry_after if isinstance(decision, Refuse) else decision.seconds
        )
        assert 0 < seconds <= 86402
        if isinstance(decision, Wait) and not any_wait:
            assert seconds <= 902
            assert decision.window == 900
        self.server.roll(self.now)
        if not self.foreigners and not self.way and not self.back:
            # Nothing under way: a wait must have a reason at the server.
            counts = zip(self.server.counts, self.server.limits, strict=True)
            assert any(count >= limit for count, limit in counts) or (
                self.now % 900 < 2.0
            )

    @precondition(lambda self: self.way)
    @rule(data=st.data(), pause=st.floats(0, 2))
    def arrive(self, data, pause):
        place = data.draw(st.integers(0, len(self.way) - 1))
        # The boundary may lie between granting and arriving: not for the counts here.
        assume(int((self.now + pause) // 900) == int(self.now // 900))
        self.now += pause
        grant, kind, sent = self.way.pop(place)
        status, rates = self.server.take(self.now, kind)
        if status == 429:
            window = self.server.quarter
            self.refused[window] = self.refused.get(window, 0) + 1
        self.back.append((grant, kind, sent, status, rates))

    @precondition(lambda self: self.back)
    @rule(data=st.data(), headers=st.booleans())
    def answer(self, data, headers):
        place = data.draw(st.integers(0, len(self.back) - 1))
        grant, kind, sent, status, rates = self.back.pop(place)
        self.limits.learn(
            grant,
            self.now,
            kind=kind,
            status=status,
            # Without knowing the limits nobody could keep to them.
            rates=None if self.known and not (headers or self.foreigners) else rates,
            elapsed=self.now - sent,
        )

    @precondition(lambda self: self.way)
    @rule()
    def never_leave(self):
        grant, kind, _ = self.way.pop()
        self.limits.cancel(grant, self.now, kind=kind)
        self.granted -= 1

    @precondition(lambda self: not self.way and not self.back)
    @rule(seconds=st.one_of(st.floats(0, 20), st.floats(300, 2000), st.just(40000.0)))
    def pass_time(self, seconds):
        self.now += seconds

    @property
    def known(self):
        return None not in (
            self.limits.overall_short.limit,
            self.limits.read_short.limit,
        )

    @rule()
    def keep(self):
        self.limits = Limits.load(json.loads(json.dumps(self.limits.dump())))

    @invariant()
    def nobody_is_refused(self):
        if hasattr(self, "refused"):
            assert not self.refused
            assert self.limits.in_flight == len(self.way) + len(self.back)


class WithOthers(Alone):
    """Somebody else uses the same quota, only while nothing of ours is under way."""

    foreigners = True

    @precondition(lambda self: not self.way and not self.back)
    @rule(count=st.integers(1, 30))
    def somebody_else(self, count):
        self.server.roll(self.now)
        for _ in range(count):
            self.server.take(self.now, READ)
        # What the limiter cannot know costs one refused request a window at most.
        self.blind |= {self.server.quarter, -self.server.day}

    @invariant()
    def nobody_is_refused(self):
        for window in getattr(self, "refused", {}):
            # 96 quarter hours a day
            assert {window, -(window // 96)} & self.blind


TestAlone = Alone.TestCase
TestAlone.settings = settings(max_examples=150, stateful_step_count=60, deadline=None)
TestWithOthers = WithOthers.TestCase
TestWithOthers.settings = settings(
    max_examples=100, stateful_step_count=60, deadline=None
)


@pytest.mark.parametrize("taken", [0, 40, 99, 100, 250])
@pytest.mark.parametrize("tasks", [1, 8, 200])
def test_at_most_one_is_refused_where_somebody_used_the_window(taken, tasks):
    server = Strava(200, 2000, 100, 1000)
    for _ in range(taken):
        server.take(START, READ)
    limits, refused, served, now = Limits(), 0, 0, START
    under_way: list[Grant] = []
    while len(under_way) < tasks:
        decision = limits.before(now)
        if isinstance(decision, Grant):
            under_way.append(decision)
            continue
        if not under_way:
            break
        grant = under_way.pop(0)
        status, rates = server.take(now, READ)
        refused += status == 429
        served += status == 200
        limits.learn(grant, now, status=status, rates=rates)
        now += 0.001
    for grant in under_way:
        status, rates = server.take(now, READ)
        refused += status == 429
        served += status == 200
        limits.learn(grant, now, status=status, rates=rates)
    assert refused == (1 if taken >= 100 else 0)
    assert served <= max(0, 100 - taken)
