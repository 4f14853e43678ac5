from __future__ import annotations

import json

import pytest

from stravalib import exc
from stravalib._core.limits import (
    CLOCK_TOLERANCE,
    LEASE,
    PROBE_PATIENCE,
    PROBE_POLL,
    RESET_MARGIN,
    Limits,
)
from stravalib._core.quota import (
    Grant,
    Meter,
    RateLimits,
    Refuse,
    Wait,
    WindowUsage,
)
from stravalib._core.rates import FREE, READ, WRITE, Pair, Rates

DAY = 1_795_392_000.0  # a UTC midnight
NOON = DAY + 12 * 3600.0


def rates(short, long, *, limits=(200, 2000, 100, 1000), overall=None):
    over = overall or (short, long)
    return Rates(Pair(*limits[:2]), Pair(*over), Pair(*limits[2:]), Pair(short, long))


def told(now, short=0, long=0, **kwargs):
    """Return a limiter that knows usage and limits at ``now``."""
    limits = Limits()
    grant = limits.before(now)
    limits.learn(grant, now, status=200, rates=rates(short, long, **kwargs))
    return limits


def send(limits, now, short, long, **kwargs):
    grant = limits.before(now)
    assert isinstance(grant, Grant)
    limits.learn(grant, now, status=200, rates=rates(short, long, **kwargs))


def test_the_windows_are_a_utc_midnight_and_quarters():
    assert DAY % 86400 == 0
    view = told(NOON + 10, 5, 148).view(NOON + 10)
    assert view.read_short == (5, 100, NOON + 900, False)
    assert view.read_long == (148, 1000, DAY + 86400, False)
    assert view.overall_short.limit == 200
    assert view.overall_long.limit == 2000
    assert view.read_short.remaining == 95
    assert view.known
    assert view.in_flight == 0


def test_nothing_is_known_at_first_and_the_first_goes():
    limits = Limits()
    view = limits.view(NOON)
    assert not view.known
    assert view.read_short.remaining is None
    assert limits.before(NOON) == Grant(1, NOON)
    assert limits.in_flight == 1


def test_the_others_wait_for_the_probe():
    limits = Limits()
    first = limits.before(NOON)
    assert limits.before(NOON + 1) == Wait(PROBE_POLL, NOON + 1 + PROBE_POLL, "probe")
    limits.learn(first, NOON + 2, status=200, rates=rates(1, 1))
    assert isinstance(limits.before(NOON + 2), Grant)
    assert isinstance(limits.before(NOON + 2), Grant)


def test_a_lost_probe_holds_nobody_for_long():
    limits = Limits()
    limits.before(NOON)
    assert isinstance(limits.before(NOON + PROBE_PATIENCE), Wait)
    assert isinstance(limits.before(NOON + PROBE_PATIENCE + 0.1), Grant)
    assert isinstance(limits.before(NOON + PROBE_PATIENCE + 0.1), Grant)


def test_a_lost_probe_holds_the_others_for_ten_seconds():
    limits = Limits()
    limits.before(NOON)
    assert isinstance(limits.before(NOON + 9.9), Wait)
    assert isinstance(limits.before(NOON + 10.1), Grant)


def test_whoever_waits_for_a_probe_looks_twenty_times_a_second():
    limits = Limits()
    limits.before(NOON)
    assert limits.before(NOON).seconds == 0.05


@pytest.mark.parametrize(
    ("status", "goes"), [(200, True), (304, True), (400, False), (502, False)]
)
def test_an_answer_without_headers_ends_the_probe_where_it_was_served(status, goes):
    limits = Limits()
    limits.learn(limits.before(NOON), NOON, status=status)
    limits.before(NOON + 1)
    assert isinstance(limits.before(NOON + 1), Grant) is goes


def test_a_probe_without_an_answer_is_followed_by_another():
    limits = Limits()
    limits.learn(limits.before(NOON), NOON, status=None)
    assert isinstance(limits.before(NOON + 1), Grant)
    assert isinstance(limits.before(NOON + 1), Wait)


def test_a_used_up_quarter_hour_is_waited_for():
    limits = told(NOON + 10, 100, 300)
    assert limits.before(NOON + 300) == Wait(
        600 + RESET_MARGIN, NOON + 900 + RESET_MARGIN, "limit", "read", 900, 100
    )


def test_the_last_request_of_a_window_goes():
    limits = told(NOON + 10, 99, 300)
    assert isinstance(limits.before(NOON + 11), Grant)
    assert isinstance(limits.before(NOON + 11), Wait)


def test_a_used_up_day_is_refused_at_once():
    limits = told(NOON + 10, 10, 1000)
    assert limits.before(NOON + 11) == Refuse(
        43200 - 11 + RESET_MARGIN, "read", 86400, 1000
    )


def test_a_used_up_day_is_refused_in_its_last_minutes_too():
    late = DAY + 86400 - 60
    assert isinstance(told(late, 10, 1000).before(late), Refuse)
    assert isinstance(told(late, 10, 1000).before(late, max_wait=901), Wait)


def test_no_bound_waits_for_the_day():
    limits = told(NOON, 10, 1000)
    wait = limits.before(NOON, max_wait=None)
    assert isinstance(wait, Wait)
    assert wait.until == DAY + 86400 + RESET_MARGIN
    assert (wait.scope, wait.window) == ("read", 86400)


def test_a_shorter_bound_refuses_the_quarter_hour():
    limits = told(NOON + 10, 100, 300)
    assert limits.before(NOON + 300, max_wait=60) == Refuse(
        600 + RESET_MARGIN, "read", 900, 100
    )
    assert isinstance(limits.before(NOON + 850, max_wait=60), Wait)
    assert isinstance(limits.before(NOON + 300, max_wait=0), Refuse)


def test_waiting_adds_up():
    limits = told(NOON + 900, 100, 300)
    refused = limits.before(NOON + 901, max_wait=900, waited=800)
    assert isinstance(refused, Refuse)
    assert refused.waited == 800
    assert isinstance(limits.before(NOON + 1799, max_wait=900, waited=890), Wait)


def test_the_default_waits_out_a_whole_quarter_hour():
    limits = told(NOON, 100, 300)
    assert isinstance(limits.before(NOON, waited=2.0), Wait)


def test_writes_are_not_bound_by_the_read_limit():
    limits = told(NOON, 100, 1000, overall=(100, 1000))
    assert isinstance(limits.before(NOON, READ), Refuse)
    assert isinstance(limits.before(NOON, WRITE), Grant)
    view = limits.view(NOON)
    assert view.overall_short.used == 101
    assert view.read_short.used == 100


def test_reads_are_bound_by_the_overall_limit():
    limits = told(NOON, 10, 100, overall=(200, 700))
    wait = limits.before(NOON, READ)
    assert isinstance(wait, Wait)
    assert (wait.scope, wait.window, wait.limit) == ("overall", 900, 200)
    assert isinstance(limits.before(NOON, WRITE), Wait)


def test_the_token_endpoint_counts_nowhere():
    limits = told(NOON, 100, 1000)
    before = limits.dump()
    grant = limits.before(NOON, FREE)
    assert grant == Grant(0, NOON)
    limits.learn(grant, NOON, kind=FREE, status=200, rates=rates(0, 0))
    limits.cancel(grant, NOON, kind=FREE)
    assert limits.observe(NOON, FREE) == Grant(0, NOON)
    assert limits.dump() == before


def test_a_new_quarter_hour_is_open_and_the_day_goes_on():
    limits = told(NOON, 100, 300)
    assert isinstance(limits.before(NOON + 900 + RESET_MARGIN), Grant)
    view = limits.view(NOON + 903)
    assert view.read_short.used == 1
    assert view.read_long.used == 301
    assert not view.known


def test_after_a_used_up_window_nobody_goes_before_the_margin():
    limits = told(NOON, 100, 300)
    assert limits.before(NOON + 900.5) == Wait(
        pytest.approx(1.5), NOON + 900 + RESET_MARGIN, "limit"
    )
    assert isinstance(told(NOON, 50, 300).before(NOON + 900.5), Grant)


def test_midnight_opens_everything():
    limits = told(DAY + 86300, 100, 1000)
    grant = limits.before(DAY + 86400 + RESET_MARGIN)
    assert isinstance(grant, Grant)
    view = limits.view(DAY + 86403)
    assert (view.read_short.used, view.read_long.used) == (1, 1)


def test_the_larger_of_our_count_and_the_servers_holds():
    limits = told(NOON, 40, 40)
    for _ in range(3):
        send(limits, NOON + 1, 2, 2)  # a late answer tells an old count
    assert limits.view(NOON + 1).read_short.used == 43
    send(limits, NOON + 1, 90, 90)
    assert limits.view(NOON + 1).read_short.used == 90


def test_answers_without_headers_are_counted_by_us():
    limits = told(NOON, 97, 300)
    for _ in range(3):
        limits.learn(limits.before(NOON + 1), NOON + 1, status=200)
    assert isinstance(limits.before(NOON + 1), Wait)


def test_requests_under_way_are_counted():
    limits = told(NOON, 97, 300)
    grants = [limits.before(NOON + 1) for _ in range(3)]
    assert all(isinstance(grant, Grant) for grant in grants)
    assert limits.in_flight == 3
    wait = limits.before(NOON + 1)
    assert isinstance(wait, Wait)
    assert wait.reason == "limit"


def test_where_others_send_too_the_last_ones_wait_for_answers():
    limits = told(NOON, 90, 300)  # 89 of somebody else
    first = [limits.before(NOON + 1) for _ in range(5)]
    limits.learn(first[0], NOON + 2, status=200, rates=rates(95, 305))
    # 95 told, 4 under way, perhaps in it: one more surely fits, two might not
    assert isinstance(limits.before(NOON + 2), Grant)
    assert limits.before(NOON + 2).reason == "probe"
    for grant in first[1:]:
        limits.learn(grant, NOON + 3, status=200, rates=rates(95, 305))
    assert isinstance(limits.before(NOON + 3), Grant)


def test_a_request_that_never_left_is_given_back():
    limits = told(NOON, 99, 300)
    grant = limits.before(NOON + 1)
    assert isinstance(limits.before(NOON + 1), Wait)
    limits.cancel(grant, NOON + 2)
    assert isinstance(limits.before(NOON + 2), Grant)
    limits.cancel(grant, NOON + 2)  # a second time it does nothing
    assert isinstance(limits.before(NOON + 2), Wait)


def test_a_request_of_the_last_window_is_not_given_back_to_this_one():
    limits = told(NOON + 890, 10, 300)
    grant = limits.before(NOON + 899)
    other = limits.observe(NOON + 903)
    limits.learn(other, NOON + 903, status=200, rates=rates(1, 302))
    limits.cancel(grant, NOON + 903)
    view = limits.view(NOON + 903)
    assert view.read_short.used == 1
    assert view.read_long.used == 302


def test_a_dropped_request_stays_counted():
    limits = told(NOON, 99, 300)
    limits.learn(limits.before(NOON), NOON, status=None)
    assert limits.in_flight == 0
    assert isinstance(limits.before(NOON), Wait)


def test_a_request_of_a_dead_process_ends_being_under_way():
    limits = told(NOON, 10, 300)
    limits.before(NOON)
    limits.before(NOON + LEASE / 2)
    assert limits.view(NOON + LEASE).in_flight == 2
    assert limits.view(NOON + LEASE + 1).in_flight == 1
    assert limits.view(NOON + 1 + LEASE * 1.5).in_flight == 0


def test_a_request_is_under_way_for_five_minutes_at_most():
    limits = told(NOON, 10, 300)
    limits.before(NOON)
    assert limits.view(NOON + 299.9).in_flight == 1
    assert limits.view(NOON + 300.1).in_flight == 0


def test_what_is_given_back_late_leaves_the_new_window_alone():
    limits = told(NOON + 890, 10, 300)
    grant = limits.before(NOON + 899)
    limits.observe(NOON + 903)
    limits.cancel(grant, NOON + 903)
    view = limits.view(NOON + 903)
    assert view.read_short.used == 1
    assert view.read_long.used == 301


# -- refused -------------------------------------------------------------------


def test_refused_with_headers_closes_what_they_name():
    limits = Limits()
    limits.learn(limits.before(NOON), NOON, status=429, rates=rates(101, 301))
    assert limits.before(NOON).window == 900
    limits = Limits()
    limits.learn(limits.before(NOON), NOON, status=429, rates=rates(7, 1001))
    assert isinstance(limits.before(NOON), Refuse)
    view = limits.view(NOON)
    assert not view.read_short.closed


def test_the_day_that_is_used_up_to_the_last_leaves_the_quarter_hour_open():
    limits = Limits()
    limits.learn(limits.before(NOON), NOON, status=429, rates=rates(7, 1000))
    view = limits.view(NOON)
    assert view.read_long.remaining == 0
    assert (view.read_short.remaining, view.read_short.closed) == (93, False)


def test_a_refused_write_is_not_explained_by_the_read_limit():
    limits = told(NOON, 100, 300)
    grant = limits.before(NOON, WRITE)
    limits.learn(grant, NOON, kind=WRITE, status=429)
    assert limits.view(NOON).overall_short.closed


def test_refused_without_headers_closes_the_quarter_hour():
    limits = Limits()
    limits.learn(limits.before(NOON), NOON, status=429)
    wait = limits.before(NOON + 1)
    assert isinstance(wait, Wait)
    assert (wait.scope, wait.window) == ("read", 900)
    view = limits.view(NOON + 1)
    assert view.read_short.closed
    assert view.read_short.remaining == 0
    assert not view.read_long.closed
    assert not view.overall_short.closed
    assert isinstance(limits.before(NOON + 902), Grant)


def test_a_refused_write_closes_the_overall_limit():
    limits = Limits()
    limits.learn(limits.before(NOON, WRITE), NOON, kind=WRITE, status=429)
    assert limits.view(NOON).overall_short.closed
    assert limits.before(NOON, READ).scope == "overall"


@pytest.mark.parametrize(
    ("seconds", "closed"), [(30, "short"), (900, "short"), (905, "day"), (9000, "day")]
)
def test_a_long_retry_after_means_the_day(seconds, closed):
    limits = Limits()
    limits.learn(limits.before(NOON), NOON, status=429, retry_after=float(seconds))
    view = limits.view(NOON)
    assert view.read_long.closed is (closed == "day")
    assert view.read_short.closed is (closed == "short")


def test_refused_counts_for_the_day():
    limits = told(NOON, 99, 300)
    send(limits, NOON, 100, 301)
    limits.learn(limits.observe(NOON), NOON, status=429, rates=rates(101, 302))
    assert limits.view(NOON).read_long.used == 302


def test_refused_in_the_old_window_does_not_close_the_new_one():
    limits = told(NOON + 890, 10, 300)
    grant = limits.before(NOON + 899)
    limits.learn(grant, NOON + 901, status=429, elapsed=2.0)
    assert not limits.view(NOON + 901).read_short.closed


# -- clocks --------------------------------------------------------------------


def test_an_answer_from_across_the_boundary_tells_no_usage():
    limits = told(NOON + 890, 10, 300)
    grant = limits.before(NOON + 899)
    limits.learn(grant, NOON + 900.5, status=200, rates=rates(88, 388), elapsed=1.5)
    view = limits.view(NOON + 900.5)
    assert view.read_short.used == 0
    assert view.read_long.used == 388  # the day is the same
    assert not view.known


def test_a_wrong_clock_is_put_right_by_the_first_answer():
    limits = Limits()
    grant = limits.before(NOON + 7200)  # two hours ahead
    limits.learn(grant, NOON + 1, status=429, rates=rates(100, 300), elapsed=0.2)
    wait = limits.before(NOON + 1)
    assert isinstance(wait, Wait)
    assert wait.until == NOON + 900 + RESET_MARGIN


def test_a_grant_of_a_wrong_clock_counts_in_the_right_window():
    limits = Limits()
    grant = limits.before(NOON - 7200)
    limits.learn(grant, NOON + 5, status=200, elapsed=0.2)
    view = limits.view(NOON + 5)
    assert (view.read_short.used, view.read_long.used) == (1, 1)


def test_a_write_of_a_wrong_clock_counts_where_writes_count():
    limits = Limits()
    grant = limits.before(NOON - 7200, WRITE)
    limits.learn(grant, NOON + 5, kind=WRITE, status=200, elapsed=0.2)
    view = limits.view(NOON + 5)
    assert (view.overall_short.used, view.overall_long.used) == (1, 1)
    assert (view.read_short.used, view.read_long.used) == (0, 0)


@pytest.mark.parametrize("limit", [None, Pair(None, None), Pair(0, 0)])
def test_a_limit_that_was_not_told_is_not_changed(limit):
    usage = Pair(40, 340)
    limits = told(NOON, 10, 300)
    answer = Rates(limit, usage, limit, usage)
    limits.learn(limits.before(NOON), NOON, status=200, rates=answer)
    assert limits.view(NOON).read_short[:2] == (40, 100)
    assert limits.view(NOON).overall_long[:2] == (340, 2000)
    fresh = Limits()
    fresh.learn(fresh.before(NOON), NOON, status=200, rates=answer)
    assert fresh.view(NOON).read_short[:2] == (40, None)


def test_the_margin_is_for_windows_that_were_used_up():
    limits = told(NOON, 99, 300)
    assert isinstance(limits.before(NOON + 900.5), Grant)


def test_clocks_of_one_application_may_differ_by_a_minute():
    limits = told(NOON + 900, 100, 300)
    assert isinstance(limits.before(NOON + 840.1), Wait)
    assert isinstance(limits.before(NOON + 839.9), Grant)


def test_small_steps_back_change_nothing():
    limits = told(NOON + 900, 100, 300)
    assert isinstance(limits.before(NOON + 899), Wait)
    assert limits.view(NOON + 899).read_short.used == 100
    assert limits.latest == NOON + 900


def test_a_large_step_back_starts_anew():
    limits = told(NOON + 900, 100, 300)
    assert isinstance(limits.before(NOON + 900 - CLOCK_TOLERANCE), Grant)


# -- priorities and reserve ----------------------------------------------------


def test_what_is_used_up_whatever_the_reserve():
    limits = Limits()
    send(limits, NOON, 99, 99)
    assert limits.refusal(NOON + 1, READ) is None
    send(limits, NOON + 1, 100, 100)
    refuse = limits.refusal(NOON + 2, READ)
    assert (refuse.scope, refuse.window, refuse.limit) == ("read", 900, 100)
    assert refuse.retry_after == 900
    assert limits.refusal(NOON + 2, WRITE) is None
    assert limits.refusal(NOON + 2, FREE) is None
    assert limits.refusal(NOON + 900, READ) is None
    assert limits.in_flight == 0


@pytest.mark.parametrize("reserve", [100, 150, 0.995])
@pytest.mark.parametrize("max_wait", [0, 900, None])
def test_a_reserve_that_leaves_nothing_is_no_wait(reserve, max_wait):
    limits = Limits()
    send(limits, NOON, 1, 1)
    with pytest.raises(exc.ReserveTooLarge, match=f"{reserve} .*100"):
        limits.before(NOON + 1, reserve=reserve, max_wait=max_wait)
    with pytest.raises(exc.ReserveTooLarge):
        limits.pass_now(NOON + 1, READ, reserve)
    assert limits.in_flight == 0
    assert isinstance(limits.before(NOON + 1, WRITE, reserve=150), Grant)


def test_a_reserve_that_leaves_one_request_is_a_wait():
    limits = Limits()
    send(limits, NOON, 1, 1)
    assert isinstance(limits.before(NOON + 1, reserve=99), Wait)


def test_without_any_wait_nothing_paces():
    limits = Limits()
    send(limits, NOON, 1, 1)
    assert isinstance(limits.before(NOON + 1, priority="low"), Grant)
    assert isinstance(limits.before(NOON + 2, priority="low", max_wait=5), Wait)
    assert isinstance(limits.before(NOON + 2, priority="low", max_wait=0), Grant)


def test_medium_spreads_over_the_quarter_hour():
    limits = told(NOON, 10, 20)
    assert isinstance(limits.before(NOON, priority="medium"), Grant)
    wait = limits.before(NOON, priority="medium")
    assert isinstance(wait, Wait)
    assert wait.reason == "pacing"
    assert wait.seconds == pytest.approx(900 / 89)
    assert isinstance(limits.before(NOON + wait.seconds, priority="medium"), Grant)


def test_medium_spreads_over_the_day_from_half_of_its_limit_on():
    limits = told(NOON, 10, 499)
    limits.before(NOON, priority="medium")  # the 500th
    assert limits.before(NOON, priority="medium").seconds == pytest.approx(86.4)


def test_medium_leaves_the_day_alone_up_to_half_of_its_limit():
    limits = told(NOON, 10, 480)
    limits.before(NOON, priority="medium")
    assert limits.before(NOON, priority="medium").seconds == pytest.approx(900 / 89)


def test_low_spreads_over_the_day():
    limits = told(NOON, 10, 20)
    limits.before(NOON, priority="low")
    assert limits.before(NOON, priority="low").seconds == pytest.approx(43200 / 979)


def test_low_keeps_to_the_quarter_hour_too():
    limits = told(DAY + 100, 98, 98, limits=(200, 90000, 100, 80000))
    limits.before(DAY + 100, priority="low")
    assert limits.before(DAY + 100, priority="low").seconds == pytest.approx(800)


def test_high_goes_at_once_and_does_not_pace_others():
    limits = told(NOON, 10, 20)
    for _ in range(5):
        assert isinstance(limits.before(NOON), Grant)
    assert isinstance(limits.before(NOON, priority="medium"), Grant)


def test_unknown_limits_do_not_pace():
    limits = Limits()
    limits.learn(limits.before(NOON, priority="low"), NOON, status=200)
    assert isinstance(limits.before(NOON, priority="low"), Grant)


def test_a_share_is_kept_for_others():
    limits = told(NOON, 79, 100)
    assert isinstance(limits.before(NOON, reserve=0.2), Grant)
    assert isinstance(limits.before(NOON, reserve=0.2), Wait)
    assert isinstance(limits.before(NOON), Grant)


def test_a_number_is_kept_for_others():
    limits = told(NOON, 69, 100)
    assert isinstance(limits.before(NOON, reserve=30), Grant)
    assert isinstance(limits.before(NOON, reserve=30), Wait)
    assert isinstance(limits.before(NOON, reserve=29), Grant)


def test_observing_counts_and_never_waits():
    limits = told(NOON, 100, 1000)
    grant = limits.observe(NOON)
    assert isinstance(grant, Grant)
    assert limits.view(NOON).read_short.used == 101
    assert limits.observe(NOON, WRITE).ticket == grant.ticket + 1
    assert limits.view(NOON).read_short.used == 101
    assert limits.view(NOON).overall_short.used == 102


# -- estimates -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("requests", "finishes", "quarters"),
    [
        (0, NOON + 10, 0),
        (1, NOON + 10, 1),
        (95, NOON + 10, 1),
        (96, NOON + 900 + RESET_MARGIN, 2),
        (195, NOON + 900 + RESET_MARGIN, 2),
        (852, NOON + 8 * 900 + RESET_MARGIN, 9),
        (853, DAY + 86400 + RESET_MARGIN, 10),
        (2852, DAY + 3 * 86400 - 86400 + 9 * 900 + RESET_MARGIN, 29),
        (2853, DAY + 3 * 86400 + RESET_MARGIN, 30),
    ],
)
def test_estimate(requests, finishes, quarters):
    estimate = told(NOON + 10, 5, 148).estimate(requests, NOON + 10)
    assert estimate.finishes_at == finishes
    assert estimate.quarter_hours == quarters
    assert estimate.seconds == finishes - NOON - 10
    assert estimate.known


def test_an_estimate_uses_the_last_request_of_a_day():
    limits = told(NOON, 99, 998)
    assert limits.estimate(2, NOON).finishes_at == NOON + 900 + RESET_MARGIN
    assert limits.estimate(3, NOON).finishes_at == DAY + 86400 + RESET_MARGIN


def test_estimate_takes_a_new_application_where_nothing_is_known():
    estimate = Limits().estimate(150, NOON)
    assert estimate.finishes_at == NOON + 900 + RESET_MARGIN
    assert not estimate.known
    assert Limits().estimate(150, NOON, kind=WRITE).finishes_at == NOON


def test_estimate_of_a_closed_window_begins_at_the_next():
    limits = Limits()
    limits.learn(limits.before(NOON), NOON, status=429)
    assert limits.estimate(1, NOON).finishes_at == NOON + 900 + RESET_MARGIN


def test_estimate_leaves_the_reserve():
    limits = told(NOON, 1, 1)
    assert limits.estimate(49, NOON, reserve=0.5).finishes_at == NOON
    assert limits.estimate(50, NOON, reserve=0.5).finishes_at > NOON
    with pytest.raises(ValueError, match="leaves nothing"):
        limits.estimate(1, NOON, reserve=100)


def test_a_reserve_of_one_takes_one_request_out_of_an_estimate():
    limits = told(NOON, 1, 1)
    assert limits.estimate(98, NOON, reserve=1).finishes_at == NOON
    assert limits.estimate(99, NOON, reserve=1).finishes_at > NOON


def test_a_reserve_may_leave_a_single_request_a_window():
    estimate = told(NOON, 1, 1).estimate(2, NOON, reserve=99)
    assert estimate.finishes_at == NOON + 2 * 900 + RESET_MARGIN
    assert estimate.quarter_hours == 2


# -- keeping -------------------------------------------------------------------


def test_the_state_survives_json():
    limits = told(NOON, 40, 300)
    limits.before(NOON + 3, priority="medium")
    limits.learn(limits.observe(NOON), NOON + 4, status=429)
    copy = Limits.load(json.loads(json.dumps(limits.dump())))
    assert copy.dump() == limits.dump()
    assert copy.view(NOON + 5) == limits.view(NOON + 5)
    assert copy.before(NOON + 5) == limits.before(NOON + 5)


@pytest.mark.parametrize("state", [None, [], {}, "x", [2, 0, 0, 0, 0, 0, [], []]])
def test_an_unknown_state_starts_anew(state):
    assert Limits.load(state).dump() == Limits().dump()


# -- one meter -----------------------------------------------------------------


def test_a_reserve_of_one_is_a_request_and_not_the_whole_limit():
    limits = told(NOON, 98, 100)
    assert isinstance(limits.before(NOON, reserve=1), Grant)
    assert isinstance(limits.before(NOON, reserve=1), Wait)
    assert isinstance(told(NOON, 1, 1).before(NOON, reserve=0.99), Wait)


def test_a_meter_alone():
    meter = Meter("read", 900)
    assert (meter.used, meter.limit, meter.closed) == (0, None, False)
    assert not meter.is_full(0.0)
    assert meter.ceiling(0.5) == float("inf")
    meter.roll(NOON)
    assert meter.end == NOON + 900
    meter.limit = 10
    assert (meter.ceiling(0.2), meter.ceiling(1), meter.ceiling(3)) == (8.0, 9, 7)
    meter.sent = 7
    assert not meter.is_full(0.2)
    meter.sent = 8
    assert meter.is_full(0.2)
    assert not meter.is_full(0.0)
    meter.sent = 10
    assert meter.is_full(0.0)
    meter.roll(NOON + 899)
    assert meter.sent == 10
    meter.roll(NOON + 900)
    assert (meter.sent, meter.index) == (0, int(NOON // 900) + 1)


def test_a_meter_learns_what_others_have_used():
    meter = Meter("read", 900)
    meter.roll(NOON)
    meter.sent = 3
    meter.learn(None)
    assert (meter.seen, meter.foreign) == (0, 0)
    meter.learn(3)
    assert (meter.seen, meter.foreign, meter.used) == (3, 0, 3)
    meter.learn(8)
    assert (meter.seen, meter.foreign, meter.used) == (8, 5, 8)
    meter.sent = 5
    assert meter.used == 10
    meter.learn(6)
    assert (meter.seen, meter.foreign, meter.used) == (8, 5, 10)


def test_what_is_left_of_a_window():
    assert WindowUsage(3, 10, NOON) == (3, 10, NOON, False)
    assert WindowUsage(3, 10, NOON).remaining == 7
    assert WindowUsage(13, 10, NOON).remaining == 0
    assert WindowUsage(13, None, NOON).remaining is None
    assert WindowUsage(3, 10, NOON, True).remaining == 0
    assert RateLimits(*[WindowUsage(0, 1, NOON)] * 4)[4:] == (0, False)
    assert Refuse(1.0, "read", 900, None).waited == 0
    assert Wait(1.0, NOON, "limit")[3:] == ("overall", 900, None)
