"""The short way to a grant: it says what the long one says, or leaves it to that."""

from __future__ import annotations

import json

import pytest

from stravalib._core.limits import PROBE_PATIENCE, RESET_MARGIN, Limits
from stravalib._core.quota import Grant
from stravalib._core.rates import FREE, READ, WRITE, Pair, Rates

NOON = 1_795_392_000.0 + 12 * 3600.0


def told(short, long, *, overall=None, status=200):
    limits = Limits()
    read, over = Pair(short, long), Pair(*(overall or (short, long)))
    rates = Rates(Pair(200, 2000), over, Pair(100, 1000), read)
    limits.learn(limits.before(NOON), NOON, status=status, rates=rates)
    return limits


def asked(limits, count=1, kind=READ):
    for _ in range(count):
        limits.before(NOON, kind)
    return limits


def refused(kind, retry_after=None):
    limits = Limits()
    grant = limits.before(NOON, kind)
    limits.learn(grant, NOON, kind=kind, status=429, retry_after=retry_after)
    return limits


def given_back():
    # The server counted one that never left us: its count is above ours.
    limits = told(98, 300)
    last, other = limits.before(NOON), limits.before(NOON)
    counted = Rates(None, None, None, Pair(100, 302))
    limits.learn(other, NOON, status=200, rates=counted)
    limits.cancel(last, NOON)
    return limits


STATES = {
    "nothing known": Limits(),
    "a probe under way": asked(Limits()),
    "room": told(10, 300),
    "room, and requests under way": asked(told(1, 1), 5),
    "others send as well": told(60, 300),
    "others send, and room for what is under way": asked(told(60, 300), 5),
    "others send, and hardly room": asked(told(90, 300), 6),
    "one left of the quarter hour": told(99, 300),
    "none left of the quarter hour": told(100, 300),
    "none left, and one given back": given_back(),
    "more used than there was": told(130, 330),
    "the last one under way": asked(told(99, 300)),
    "one left of the day": told(10, 999),
    "none left of the day": told(10, 1000),
    "one left of the overall limit": told(10, 300, overall=(199, 500)),
    "none left of the overall limit": told(10, 300, overall=(200, 500)),
    "none left of the overall day": told(10, 300, overall=(20, 2000)),
    "writes used the overall limit up": asked(told(1, 1), 199, WRITE),
    "reads refused": refused(READ),
    "writes refused": refused(WRITE),
    "the day refused": refused(READ, 20000.0),
    "refused below the known limits": told(10, 300, status=429),
}
LATER = [0.0, 1.0, PROBE_PATIENCE, PROBE_PATIENCE + 1, 899.0, 900.0, 901.0]
LATER += [900 + RESET_MARGIN, 905.0, 43200.0, 43203.0, -1.0, -3600.0]


def copy_of(limits):
    return Limits.load(json.loads(json.dumps(limits.dump())))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("kind", [READ, WRITE])
@pytest.mark.parametrize("reserve", [0.0, 0.5, 1.0, 30.0])
def test_the_short_way_grants_what_the_long_one_grants(state, kind, reserve):
    for later in LATER:
        short, long = copy_of(STATES[state]), copy_of(STATES[state])
        for _ in range(3):
            decision = long.before(NOON + later, kind, reserve=reserve)
            expected = decision if isinstance(decision, Grant) else None
            assert short.pass_now(NOON + later, kind, reserve) == expected, later
        assert short.dump() == long.dump(), later


def test_the_table_has_both_what_goes_and_what_does_not():
    decisions = {
        name: copy_of(limits).pass_now(NOON, READ, 0.0) is not None
        for name, limits in STATES.items()
    }
    assert sum(decisions.values()) > 4
    assert sum(not goes for goes in decisions.values()) > 4


def test_the_short_way_of_the_token_endpoint_counts_nowhere():
    limits = told(100, 1000)
    before = limits.dump()
    assert limits.pass_now(NOON + 1, FREE, 0.0) == Grant(0, NOON + 1)
    assert limits.dump() == before
