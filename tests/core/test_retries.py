from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stravalib._core.retries import (
    CONNECT,
    DROPPED,
    TIMEOUT,
    GiveUp,
    Retry,
    RetryBudget,
    RetryPolicy,
    deadline_of,
    decide,
    is_safe,
)

POLICY = RetryPolicy()


def ask(attempt=1, failure=DROPPED, *, safe=True, elapsed=0.0, rng=0.5, **kwargs):
    kwargs.setdefault("policy", POLICY)
    return decide(
        attempt, failure, safe=safe, elapsed=elapsed, rng=lambda: rng, **kwargs
    )


@pytest.mark.parametrize("failure", [CONNECT, DROPPED, TIMEOUT, 500, 502, 503, 504])
def test_safe_requests_are_repeated(failure):
    assert isinstance(ask(failure=failure), Retry)


@pytest.mark.parametrize("failure", [200, 400, 401, 402, 403, 404, 409, 429, 501])
def test_other_answers_are_final(failure):
    decision = ask(failure=failure)
    assert isinstance(decision, GiveUp)
    assert str(failure) in decision.reason


@pytest.mark.parametrize("failure", [DROPPED, TIMEOUT, 500, 502, 503, 504])
def test_a_write_that_may_have_arrived_is_not_repeated(failure):
    assert ask(failure=failure, safe=False) == GiveUp(
        "a write may have taken effect, so it is not repeated"
    )


def test_a_write_that_never_left_is_repeated():
    assert ask(failure=CONNECT, safe=False) == Retry(0.25, "connect")


def test_the_reason_names_the_status():
    assert ask(failure=503) == Retry(0.25, "status 503")


@pytest.mark.parametrize(
    ("attempt", "bound"),
    [(1, 0.5), (2, 1.0), (3, 2.0), (6, 16.0), (7, 20.0), (9, 20.0)],
)
def test_the_bound_doubles_up_to_the_cap(attempt, bound):
    policy = RetryPolicy(attempts=99)
    assert ask(attempt, rng=0.0, policy=policy).delay == 0
    assert ask(attempt, rng=1.0, policy=policy).delay == bound


def test_attempts_are_bounded():
    assert isinstance(ask(3), Retry)
    assert ask(4) == GiveUp("4 of 4 attempts made")
    assert isinstance(ask(policy=RetryPolicy(attempts=1)), GiveUp)


def test_retry_after_is_a_lower_bound():
    assert ask(retry_after=7.0).delay == 7.0
    assert ask(retry_after=0.1).delay == 0.25


def test_nothing_is_sent_after_the_deadline():
    assert isinstance(ask(elapsed=119.75), Retry)
    assert ask(elapsed=119.76) == GiveUp("the deadline of 120 s would pass")
    assert isinstance(ask(retry_after=121.0), GiveUp)


def test_the_budget_ends_and_comes_back():
    budget = RetryBudget(2.0)
    assert isinstance(ask(budget=budget), Retry)
    assert isinstance(ask(budget=budget), Retry)
    assert "budget" in ask(budget=budget).reason
    for _ in range(10):
        budget.give()
    assert budget.tokens == pytest.approx(1.0)
    budget.tokens = 1.0
    assert isinstance(ask(budget=budget), Retry)
    for _ in range(100):
        budget.give()
    assert budget.tokens == 2.0


def test_a_client_may_repeat_twenty_requests_before_one_succeeds():
    budget = RetryBudget()
    assert [budget.take() for _ in range(21)] == [True] * 20 + [False]


def test_giving_up_costs_no_budget():
    budget = RetryBudget(1.0)
    ask(failure=404, budget=budget)
    ask(4, budget=budget)
    ask(elapsed=500.0, budget=budget)
    ask(safe=False, budget=budget)
    assert budget.tokens == 1.0


@pytest.mark.parametrize(
    ("method", "path", "safe"),
    [
        ("GET", "/activities/1", True),
        ("HEAD", "/", True),
        ("POST", "/activities", False),
        ("POST", "/uploads", False),
        ("PUT", "/activities/1", False),
        ("PUT", "/segments/1/starred", False),
        ("DELETE", "/push_subscriptions/1", False),
        ("POST", "/oauth/revoke", True),
        ("POST", "/oauth/deauthorize", False),
    ],
)
def test_what_is_safe(method, path, safe):
    assert is_safe(method, path) is safe


def test_a_refresh_may_be_repeated_and_a_code_may_not():
    assert is_safe("POST", "/oauth/token", "refresh_token")
    assert not is_safe("POST", "/oauth/token", "authorization_code")
    assert not is_safe("POST", "/oauth/token")


@pytest.mark.parametrize(
    ("value", "attempts"), [(False, 1), (None, 1), (0, 1), (True, 4), (1, 2), (5, 6)]
)
def test_the_argument(value, attempts):
    assert RetryPolicy.from_argument(value).attempts == attempts


def test_a_policy_is_taken_as_it_is():
    policy = RetryPolicy(attempts=2, base=9.0)
    assert RetryPolicy.from_argument(policy) is policy


def test_a_negative_number_is_told():
    with pytest.raises(ValueError, match="retries=-1 is negative"):
        RetryPolicy.from_argument(-1)


@given(
    st.integers(1, 50),
    st.sampled_from([CONNECT, DROPPED, TIMEOUT, 500, 503]),
    st.floats(0, 1, exclude_max=True),
    st.floats(0, 300),
    st.one_of(st.none(), st.floats(0, 300)),
)
def test_a_retry_never_breaks_the_deadline(attempt, failure, rng, elapsed, after):
    decision = ask(attempt, failure, rng=rng, elapsed=elapsed, retry_after=after)
    if isinstance(decision, Retry):
        assert attempt < POLICY.attempts
        assert elapsed + decision.delay <= POLICY.deadline
        assert decision.delay >= (after or 0)


def test_an_upload_with_a_name_may_be_repeated():
    assert is_safe("POST", "/uploads", named=True)
    assert is_safe("POST", "/api/v3/uploads/", named=True)
    assert not is_safe("POST", "/uploads")
    assert not is_safe("POST", "/activities", named=True)
    assert not is_safe("PUT", "/uploads", named=True)


@pytest.mark.parametrize(
    ("argument", "timeout", "files", "seconds"),
    [
        (True, (10, 60), False, 120.0),
        (3, (10, 60), False, 120.0),
        (None, (30, 100), False, 130.0),
        (False, (None, 60), False, None),
        (True, (10, None), False, None),
        (True, (10, 60), True, None),
        (RetryPolicy(deadline=7), (None, None), True, 7),
        (RetryPolicy(deadline=None), (10, 60), False, None),
    ],
)
def test_the_deadline_of_a_call(argument, timeout, files, seconds):
    assert deadline_of(argument, timeout, files=files) == seconds
    if not files:
        assert deadline_of(argument, timeout) == seconds


def test_without_a_deadline_only_the_attempts_count():
    policy = RetryPolicy(attempts=3, deadline=None)
    found = [
        decide(n, 503, safe=True, elapsed=1e9, policy=policy, rng=lambda: 1.0)
        for n in (1, 2, 3)
    ]
    assert [type(one) for one in found] == [Retry, Retry, GiveUp]
