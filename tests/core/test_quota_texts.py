"""The words for waits and refusals of the limiter."""

from __future__ import annotations

import pytest

from stravalib._core.quota import Refuse, Wait
from stravalib._core.quota_texts import refusal, wait_text
from stravalib.exc import RateLimitExceeded, RateLimitTimeout

NOON = 1_795_392_000.0 + 12 * 3600  # 2026-11-23


@pytest.mark.parametrize(
    ("scope", "window", "limit", "words"),
    [
        ("read", 900, 100, "The read limit of 100 requests per quarter hour is used"),
        ("overall", 86400, 2000, "The overall limit of 2000 requests per day is used"),
        ("overall", 900, None, "The overall limit per quarter hour is used up"),
    ],
)
def test_the_limit_that_is_used_up_is_named(scope, window, limit, words):
    wait = Wait(61.6, NOON + 61.6, "limit", scope, window, limit)
    assert wait_text(wait).startswith(words)
    error = refusal(Refuse(61.6, scope, window, limit), NOON)
    assert str(error).startswith(words)
    assert error.limit == limit


def test_a_wait_tells_how_long_and_until_when():
    text = wait_text(Wait(61.6, NOON + 61.6, "limit", "read", 900, 100))
    assert text.endswith(
        " is used up; waiting 62 s, resuming at 2026-11-23 12:01:01 UTC"
    )


def test_a_refusal_tells_until_when_and_what_to_do():
    error = refusal(Refuse(902.0, "read", 900, 100), NOON)
    assert type(error) is RateLimitExceeded
    assert error.timeout == 902.0
    assert str(error) == (
        "The read limit of 100 requests per quarter hour is used up until 2026-11-23 "
        "12:15:02 UTC (in 902 s). The request was not sent. Pass max_wait=None to the "
        "client to wait for any reset."
    )


def test_a_refusal_after_a_wait_is_a_timeout_and_tells_of_the_wait():
    error = refusal(Refuse(902.0, "read", 900, 100, waited=30.4), NOON)
    assert type(error) is RateLimitTimeout
    assert "The call has waited 30 s already." in str(error)


def test_what_was_sent_is_not_said_to_be_unsent():
    error = refusal(Refuse(902.0, "read", 900, 100), NOON, sent=True)
    assert "not sent" not in str(error)
    assert "has waited" not in str(error)
