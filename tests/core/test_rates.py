from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stravalib._core.rates import (
    FREE,
    READ,
    WRITE,
    Pair,
    Rates,
    correct_skew,
    kind_of,
    parse_http_date,
    parse_retry_after,
)

USUAL = {
    "X-RateLimit-Limit": "200,2000",
    "X-RateLimit-Usage": "66,209",
    "X-ReadRateLimit-Limit": "100,1000",
    "X-ReadRateLimit-Usage": "5,148",
}
READ_OUT = Rates(Pair(200, 2000), Pair(66, 209), Pair(100, 1000), Pair(5, 148))


@pytest.mark.parametrize("change", [str, str.lower, str.upper, str.title])
def test_headers_are_read_in_any_case(change):
    assert Rates.from_headers({change(k): v for k, v in USUAL.items()}) == READ_OUT


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        (",", None),
        ("", None),
        ("66", Pair(66, None)),
        (" 66 , 209 ", Pair(66, 209)),
        ("66,209,7", Pair(66, 209)),
        (",209", Pair(None, 209)),
        ("-1,209", Pair(None, 209)),
        ("six,209", Pair(None, 209)),
        ("٣,209", Pair(None, 209)),
        ("9" * 400 + ",209", Pair(None, 209)),
        ("1.5,2e3", None),
    ],
)
def test_a_malformed_usage_costs_only_its_own_numbers(text, pair):
    rates = Rates.from_headers({**USUAL, "X-ReadRateLimit-Usage": text})
    assert rates is not None
    assert rates.read_usage == pair
    assert rates.usage == Pair(66, 209)


@pytest.mark.parametrize(
    "headers",
    [{}, {"Date": "x"}, {"X-RateLimit-Limit": ","}, {"x-ratelimit-usage": ""}],
)
def test_headers_without_numbers_say_nothing(headers):
    assert Rates.from_headers(headers) is None


@pytest.mark.parametrize("value", [5, ["200,2000"], b"200,2000", object()])
def test_headers_of_a_double_may_hold_anything(value):
    # No library sends these; the responses that users' tests make up do.
    assert Rates.from_headers({"X-RateLimit-Limit": value}) is None
    rates = Rates.from_headers({**USUAL, "X-RateLimit-Limit": value})
    assert rates == READ_OUT._replace(limit=None)
    assert parse_http_date(value) is None
    assert parse_retry_after(value, 1795461720.0) is None


@given(
    st.datetimes(datetime(1970, 1, 1), datetime(2199, 12, 31), timezones=st.just(UTC))
)
def test_http_dates_agree_with_the_standard_library(moment):
    moment = moment.replace(microsecond=0)
    assert parse_http_date(format_datetime(moment, usegmt=True)) == moment.timestamp()


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "now",
        "Mon, 23 Nov 2026 19:22:31 CET",
        "Mon, 23 Nov 2026 19:22:31 GMT ",
        "Mon, 23 Nix 2026 19:22:31 GMT",
        "Mon, xx Nov 2026 19:22:31 GMT",
        "Mon, 23 Nov 2026 19:-2:31 GMT",
    ],
)
def test_what_is_no_date_is_none(text):
    assert parse_http_date(text) is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120.0),
        (" 7 ", 7.0),
        ("Mon, 23 Nov 2026 19:22:31 GMT", 31.0),
        ("Mon, 23 Nov 2020 19:22:31 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_in_both_forms(text, seconds):
    assert parse_retry_after(text, 1795461720.0) == seconds


def test_a_date_in_retry_after_needs_to_know_the_time():
    assert parse_retry_after("Mon, 23 Nov 2026 19:22:31 GMT", None) is None


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("GET", "/activities/1", READ),
        ("PUT", "/activities/1", READ),
        ("GET", "/activities", READ),
        ("POST", "/activities", WRITE),
        ("POST", "activities/", WRITE),
        ("POST", "/api/v3/uploads", WRITE),
        ("GET", "/uploads/1", READ),
        ("POST", "/clubs/1/join", READ),
        ("PUT", "/athlete", READ),
        ("POST", "/oauth/token", FREE),
        ("POST", "/api/v3/oauth/deauthorize", FREE),
        ("GET", "/push_subscriptions", FREE),
        ("DELETE", "/push_subscriptions/7", FREE),
    ],
)
def test_which_meters_count(method, path, kind):
    assert kind_of(method, path) == kind


def test_skew_moves_only_as_far_as_the_answer_demands():
    # sent at 100.0, received at 100.2, the server wrote 130: skew in [29.8, 31.0]
    assert correct_skew(0.0, 130.0, 100.0, 100.2) == pytest.approx(29.8)
    assert correct_skew(30.5, 130.0, 100.0, 100.2) == 30.5
    assert correct_skew(99.0, 130.0, 100.0, 100.2) == 31.0
    assert correct_skew(3.0, None, 100.0, 100.2) == 3.0


@given(
    st.floats(-5000, 5000),
    st.lists(st.tuples(st.floats(0, 3), st.floats(0, 3)), min_size=1, max_size=30),
)
def test_skew_is_never_off_by_more_than_a_second_and_the_way(skew, ways):
    estimate, clock = 0.0, 1_000_000.0
    for there, back in ways:
        sent, written = clock, clock + there
        received = written + back
        date = float(int(written + skew))
        estimate = correct_skew(estimate, date, sent, received)
        assert abs(estimate - skew) <= 1.0 + there + back + 1e-6
        clock = received + 1.0
