"""What is known about one answer besides its body."""

from __future__ import annotations

import pickle
from types import MappingProxyType

import pytest

from stravalib._core.meta import ResponseMeta
from stravalib._core.rates import Pair

URL = "https://www.strava.com/api/v3/athlete"


def test_one_request_that_took_no_time_unless_told():
    meta = ResponseMeta("GET", URL, 200, {})
    assert (meta.attempts, meta.elapsed, meta.waited) == (1, 0.0, 0.0)
    assert meta.error is None
    assert meta.uncertain is False


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ({"X-Request-Id": "a1"}, "a1"),
        ({"x-request-id": "a1"}, "a1"),
        ({"X-Request-Id": "", "x-request-id": "a1"}, "a1"),
        ({}, None),
    ],
)
def test_the_number_that_strava_gave_the_request(headers, found):
    assert ResponseMeta("GET", URL, 200, headers).request_id == found


def test_the_quota_that_the_answer_told():
    headers = {"X-RateLimit-Limit": "200,2000", "X-RateLimit-Usage": "3,40"}
    rates = ResponseMeta("GET", URL, 200, headers).rates
    assert (rates.limit, rates.usage) == (Pair(200, 2000), Pair(3, 40))
    assert ResponseMeta("GET", URL, None, {}).rates is None


def test_it_pickles_whatever_held_the_headers():
    # No mappingproxy pickles, and neither do some libraries' headers.
    headers = MappingProxyType({"X-Request-Id": "a1", "Date": "x"})
    meta = ResponseMeta("PUT", URL, 500, headers, 3, 1.5, 0.5, None, True)
    copy = pickle.loads(pickle.dumps(meta))
    assert type(copy) is ResponseMeta
    assert copy.headers == {"x-request-id": "a1", "date": "x"}
    assert copy == meta._replace(headers=copy.headers)
    assert copy.request_id == "a1"
