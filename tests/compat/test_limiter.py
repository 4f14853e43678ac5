"""The limiter names of release 2.6, by the numbers that it gives."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import pytest

from stravalib.util import limiter
from stravalib.util.limiter import (
    DefaultRateLimiter,
    RateLimiter,
    RequestRate,
    SleepingRateLimitRule,
    get_rates_from_response_headers,
    get_seconds_until_next_day,
    get_seconds_until_next_quarter,
)

HEADERS = {
    "X-RateLimit-Limit": "200,2000",
    "X-RateLimit-Usage": "66,209",
    "X-ReadRateLimit-Limit": "100,1000",
    "X-ReadRateLimit-Usage": "5,148",
}


@pytest.fixture
def naps(monkeypatch):
    found = []
    monkeypatch.setattr(limiter.time, "sleep", found.append)
    monkeypatch.setattr(limiter.time, "time", lambda: 1_795_435_500.0)
    return found


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_reads_have_their_own_rates(method):
    assert get_rates_from_response_headers(HEADERS, "GET") == (5, 148, 100, 1000)
    assert get_rates_from_response_headers(HEADERS, method) == (66, 209, 200, 2000)


def test_missing_and_broken_headers():
    overall = {k: v for k, v in HEADERS.items() if "Read" not in k}
    assert get_rates_from_response_headers(overall, "GET") == (66, 209, 200, 2000)
    broken = {**HEADERS, "X-ReadRateLimit-Usage": ","}
    assert get_rates_from_response_headers(broken, "GET") == (66, 209, 200, 2000)
    broken["X-RateLimit-Usage"] = "66"
    assert get_rates_from_response_headers(broken, "GET") is None
    assert get_rates_from_response_headers({}, "GET") is None


@pytest.mark.parametrize(
    ("moment", "quarter", "day"),
    [
        ((13, 20, 15, 500000), 584, 38384),
        ((13, 15, 0), 899, 38699),
        ((23, 59, 59), 0, 0),
        ((0, 0, 0), 899, 86399),
    ],
)
def test_seconds_until_the_next_window(moment, quarter, day):
    now = datetime(2020, 5, 1, *moment, tzinfo=UTC)
    assert get_seconds_until_next_quarter(now) == quarter
    assert get_seconds_until_next_day(now) == day


def test_by_default_from_now_on(naps):
    assert get_seconds_until_next_quarter() == 599
    assert get_seconds_until_next_day() == 42899


# short usage, short limit, long usage, long limit -> high, medium, low
@pytest.mark.parametrize(
    ("rates", "waits"),
    [
        ((1, 10, 200, 2000), (0, 300 / 9, 300 / 9)),
        ((10, 10, 200, 2000), (300, 300, 300)),
        ((11, 10, 200, 2000), (300, 300, 300)),
        ((0, 100, 50, 1000), (0, 3.0, 40000 / 950)),
        ((100, 100, 1000, 1000), (40000, 40000, 40000)),
        ((5, 100, 1001, 1000), (40000, 40000, 40000)),
        ((99, 100, 999, 1000), (0, 40000, 40000)),
        ((50, 100, 499, 1000), (0, 6.0, 40000 / 501)),
        ((50, 100, 500, 1000), (0, 80.0, 80.0)),
    ],
)
def test_waits(rates, waits):
    rate = RequestRate(
        short_usage=rates[0],
        short_limit=rates[1],
        long_usage=rates[2],
        long_limit=rates[3],
    )
    for priority, wait in zip(("high", "medium", "low"), waits, strict=True):
        rule = SleepingRateLimitRule(priority)
        assert rule._get_wait_time(rate, 300, 40000) == pytest.approx(wait)


def test_an_unknown_priority_is_told():
    with pytest.raises(ValueError, match='Invalid priority "urgent"'):
        SleepingRateLimitRule("urgent")


def test_it_sleeps_when_the_limit_is_reached(naps, caplog):
    rule = SleepingRateLimitRule()
    with caplog.at_level(logging.WARNING):
        rule(HEADERS, "GET")
        assert naps == []
        rule({**HEADERS, "X-ReadRateLimit-Usage": "100,148"}, "GET")
    assert naps == [599]
    assert caplog.messages == ["Short term API rate limit exceeded"]
    rule({}, "GET")
    assert naps == [599]


def test_a_limiter_calls_its_rules_by_position():
    seen = []
    limiter = RateLimiter()
    limiter({}, "GET")
    limiter.rules.append(lambda *args: seen.append(args))
    limiter(args=HEADERS, method="PUT")
    assert seen == [(HEADERS, "PUT")]


def test_the_default_limiter_has_one_rule(naps):
    limiter = DefaultRateLimiter(priority="low")
    assert [rule.priority for rule in limiter.rules] == ["low"]
    limiter(HEADERS, "GET")
    assert naps == [pytest.approx(42899 / 852)]


def test_arrow_objects_are_accepted():
    class Arrow:
        def timestamp(self):
            return 1588339215.5  # 2020-05-01T13:20:15.5Z

    assert get_seconds_until_next_quarter(Arrow()) == 584
    assert get_seconds_until_next_day(Arrow()) == 38384
