from __future__ import annotations

import logging

import pytest
from small_world import RUN

from stravalib import exc
from stravalib.limits import MemoryLedger, SQLiteLedger

START = 1_795_608_100.0
QUARTER_END = START + 800


@pytest.fixture
def token(strava):
    return strava.token()


@pytest.fixture
def few(strava):
    """Three reads a quarter hour, seven a day."""
    strava.application.set_limits((200, 2000, 3, 7))


def refused(drive):
    return [row for row in drive.asked() if row[2] == 429]


def test_a_quarter_hour_is_waited_out_with_one_warning(drive, token, few, caplog):
    client = drive.client(token)
    with caplog.at_level(logging.WARNING, "stravalib"):
        for _ in range(4):
            drive.run(client.get_activity, RUN)
    assert refused(drive) == []
    assert len(drive.asked()) == 4
    assert sum(drive.naps) == pytest.approx(802, abs=1.5)
    assert len(caplog.messages) == 1
    assert "The read limit of 3 requests per quarter hour is used up" in caplog.text
    assert "resuming at 2026-11-25 12:15:02 UTC" in caplog.text
    assert client.last_response.waited == pytest.approx(802, abs=1.5)
    assert client.last_response.elapsed < 5


def test_nobody_sleeps_after_the_last_answer(drive, token, few):
    client = drive.client(token)
    for _ in range(3):
        drive.run(client.get_activity, RUN)
    assert drive.naps == []


def test_a_used_up_day_raises_at_once(drive, token, strava):
    strava.application.set_limits((200, 2000, 100, 2))
    client = drive.client(token)
    for _ in range(2):
        drive.run(client.get_activity, RUN)
    with pytest.raises(exc.RateLimitExceeded, match="per day is used up") as caught:
        drive.run(client.get_activity, RUN)
    assert not isinstance(caught.value, exc.Fault)
    assert caught.value.retry_after == pytest.approx(43100 + 2, abs=2)
    assert caught.value.timeout == caught.value.retry_after
    assert caught.value.limit == 2
    assert "Not sent" in str(caught.value) or "not sent" in str(caught.value)
    assert drive.naps == []
    assert len(drive.asked()) == 2


def test_without_a_bound_the_day_is_waited_for(drive, token, strava):
    strava.application.set_limits((200, 2000, 100, 2))
    client = drive.client(
        token,
        max_wait=None,
        refresh_token=strava.authorize().refresh_token,
        token_expires=int(strava.clock.now()) + 21600,
    )
    for _ in range(3):
        drive.run(client.get_activity, RUN)
    assert refused(drive) == []
    assert sum(drive.naps) == pytest.approx(43102, abs=2)
    # The token ended during the wait and was renewed after it, not refused.
    assert [status for _, _, status in drive.asked()] == [200] * 4


def test_a_window_that_somebody_used_up_costs_one_refused_request(
    drive, token, strava, few
):
    strava.application.usage.read.short_used = 3
    strava.application.usage.roll(START)
    strava.application.usage.read.short_used = 3
    client = drive.client(token)
    for _ in range(3):
        drive.run(client.get_activity, RUN)
    assert len(refused(drive)) == 1
    assert len(drive.asked()) == 4
    assert sum(drive.naps) == pytest.approx(802, abs=1.5)


def test_a_day_that_somebody_used_up_raises_the_429(drive, token, strava):
    usage = strava.application.usage
    usage.roll(START)
    usage.read.long_used = 1000
    client = drive.client(token)
    with pytest.raises(exc.RateLimited) as caught:
        drive.run(client.get_activity, RUN)
    assert isinstance(caught.value, exc.Fault)
    assert isinstance(caught.value, exc.RateLimitExceeded)
    assert caught.value.retry_after == pytest.approx(43102, abs=2)
    assert caught.value.limit == 1000
    assert caught.value.meta.status == 429
    for _ in range(3):
        with pytest.raises(exc.RateLimitExceeded):
            drive.run(client.get_activity, RUN)
    assert len(drive.asked()) == 1


@pytest.mark.parametrize("others", [True, False])
def test_a_day_that_ends_soon_is_waited_out_where_max_wait_allows(
    drive, strava, others, caplog
):
    """The same whether Strava has to tell it (429) or it is known before sending."""
    midnight = START // 86400 * 86400 + 86400
    strava.clock.move(midnight - 300 - strava.clock.now())
    strava.application.set_limits((200, 2000, 100, 3))
    token = strava.token()
    client = drive.client(token, max_wait=3600)
    asker = drive.client(token, max_wait=0) if others else client
    for _ in range(3):
        drive.run(asker.get_activity, RUN)
    with caplog.at_level(logging.INFO, "stravalib"):
        assert drive.run(client.get_activity, RUN).id == RUN
    assert sum(drive.naps) == pytest.approx(302, abs=2)
    assert len(refused(drive)) == (1 if others else 0)
    assert ("was refused (status 429); sent again" in caplog.text) is others


def test_a_day_that_ends_later_than_max_wait_is_told(drive, strava):
    midnight = START // 86400 * 86400 + 86400
    strava.clock.move(midnight - 5000 - strava.clock.now())
    usage = strava.application.usage
    usage.roll(strava.clock.now())
    usage.read.long_used = 1000
    client = drive.client(strava.token(), max_wait=3600)
    with pytest.raises(exc.RateLimited):
        drive.run(client.get_activity, RUN)
    assert drive.naps == []


@pytest.mark.parametrize("max_wait", [None, 900])
@pytest.mark.parametrize("reserve", [3, 150, 0.9])
def test_a_reserve_that_leaves_nothing_is_told(drive, token, few, reserve, max_wait):
    client = drive.client(token, reserve=reserve, max_wait=max_wait)
    drive.run(client.get_activity, RUN)  # the limits are not known before
    with pytest.raises(exc.ReserveTooLarge) as caught:
        drive.run(client.get_activity, RUN)
    assert isinstance(caught.value, ValueError)
    assert f"A reserve of {reserve} leaves nothing of the limits" in str(caught.value)
    assert "3" in str(caught.value)
    assert drive.naps == []
    with pytest.raises(exc.ReserveTooLarge):
        client.estimate(5)


def test_a_write_that_was_refused_is_sent_again(drive, token, strava):
    usage = strava.application.usage
    usage.roll(START)
    usage.overall.short_used = 200
    client = drive.client(token)
    drive.run(
        client.create_activity,
        "Walk",
        "2026-11-25T08:00:00",
        600,
        sport_type="Walk",
    )
    assert [row[2] for row in drive.asked("/activities")] == [429, 201]


def test_on_wait_is_told_and_may_give_up(drive, token, few):
    seen = []

    def stop(wait):
        seen.append(wait)
        return False

    client = drive.client(token, on_wait=stop)
    for _ in range(3):
        drive.run(client.get_activity, RUN)
    with pytest.raises(exc.RateLimitExceeded) as caught:
        drive.run(client.get_activity, RUN)
    assert caught.value.retry_after == pytest.approx(802, abs=1.5)
    assert drive.naps == []
    (wait,) = seen
    assert (wait.scope, wait.window, wait.limit) == ("read", 900, 3)
    assert wait.until == pytest.approx(QUARTER_END + 2, abs=1.5)


def test_on_wait_may_let_it_wait(drive, token, few):
    seen = []
    client = drive.client(token, on_wait=seen.append)
    for _ in range(8):
        drive.run(client.get_activity, RUN) if len(seen) < 2 else None
    assert len(seen) == 2


def test_waits_are_made_of_short_sleeps(drive, token, few):
    client = drive.client(token)
    for _ in range(4):
        drive.run(client.get_activity, RUN)
    assert max(drive.naps) == 60.0


def test_a_bound_below_the_reset_raises(drive, token, few):
    client = drive.client(token, max_wait=30)
    for _ in range(3):
        drive.run(client.get_activity, RUN)
    with pytest.raises(exc.RateLimitExceeded, match="per quarter hour"):
        drive.run(client.get_activity, RUN)
    assert drive.naps == []


def test_observing_only_sends_and_tells(drive, token, few):
    client = drive.client(token, rate_limit_requests=False)
    for _ in range(3):
        drive.run(client.get_activity, RUN)
    with pytest.raises(exc.RateLimited) as caught:
        drive.run(client.get_activity, RUN)
    assert drive.naps == []
    assert caught.value.retry_after == pytest.approx(802, abs=1.5)
    assert client.rate_limits.read_short.used == 4
    assert client.rate_limits.read_short.limit == 3


def test_a_limiter_of_the_users_own_takes_the_place(drive, token, few):
    seen = []
    client = drive.client(
        token, rate_limiter=lambda headers, method: seen.append((headers, method))
    )
    drive.run(client.get_activity, RUN)
    ((headers, method),) = seen
    assert method == "GET"
    assert headers["X-ReadRateLimit-Usage"] == headers["x-readratelimit-usage"] == "1,1"
    for _ in range(2):
        drive.run(client.get_activity, RUN)
    with pytest.raises(exc.RateLimited):
        drive.run(client.get_activity, RUN)
    assert drive.naps == []
    assert len(seen) == 4


def test_a_limiter_is_told_each_answer(drive, token, strava):
    seen = []
    client = drive.client(
        token, rate_limiter=lambda headers, method: seen.append(method)
    )
    strava.faults.add("503", count=2)
    drive.run(client.get_activity, RUN)
    assert len(drive.asked()) == 3
    assert seen == ["GET"] * 3


def test_a_limiter_that_is_set_later_takes_the_place_too(drive, token, few):
    seen = []
    client = drive.client(token)
    drive.run(client.get_activity, RUN)
    protocol = client.protocol
    assert protocol.rate_limiter is None
    protocol.rate_limiter = own = lambda headers, method: seen.append(method)
    assert protocol.rate_limiter is own
    for _ in range(2):
        drive.run(client.get_activity, RUN)
    with pytest.raises(exc.RateLimited):
        drive.run(client.get_activity, RUN)
    assert (drive.naps, seen) == ([], ["GET"] * 3)
    protocol.rate_limiter = None
    drive.run(client.get_activity, RUN)
    assert sum(drive.naps) == pytest.approx(802, abs=1.5)
    assert len(seen) == 3


def test_a_limiter_does_not_end_observing(drive, token, few):
    client = drive.client(token, rate_limit_requests=False)
    client.protocol.rate_limiter = print
    client.protocol.rate_limiter = None
    for _ in range(3):
        drive.run(client.get_activity, RUN)
    with pytest.raises(exc.RateLimited):
        drive.run(client.get_activity, RUN)


def test_low_priority_tells_what_it_waited(drive, token):
    client = drive.client(token, priority="low")
    for _ in range(2):
        drive.run(client.get_activity, RUN)
    assert sum(drive.naps) == pytest.approx(43, abs=2)
    assert client.last_response.waited == pytest.approx(sum(drive.naps))
    assert client.last_response.elapsed < 5


def test_without_any_wait_there_is_no_pacing(drive, token):
    client = drive.client(token, priority="low", max_wait=0)
    for _ in range(3):
        drive.run(client.get_activity, RUN)
    assert drive.naps == []
    assert client.last_response.waited == 0.0


def test_pacing_does_not_shorten_max_wait(drive, token, few):
    client = drive.client(token, priority="low")
    drive.run(client.get_activity, RUN)
    with client.options(priority="high"):
        for _ in range(2):
            drive.run(client.get_activity, RUN)
    drive.run(client.get_activity, RUN)
    assert sum(drive.naps) > 900


def test_errors_without_an_answer_have_no_meta(drive, token, few):
    client = drive.client(token, max_wait=0)
    for _ in range(3):
        drive.run(client.get_activity, RUN)
    with pytest.raises(exc.RateLimitExceeded) as caught:
        drive.run(client.get_activity, RUN)
    assert caught.value.meta is None
    assert exc.LoginRequired("x").meta is None


def test_medium_priority_spreads(drive, token, strava):
    strava.application.set_limits((200, 2000, 9, 1000))
    client = drive.client(token, priority="medium")
    for _ in range(9):
        drive.run(client.get_activity, RUN)
    assert refused(drive) == []
    assert 600 < strava.clock.now() - START < 800


def test_a_reserve_is_left_for_others(drive, token, few):
    ledger = MemoryLedger()
    job = drive.client(token, ledger=ledger, reserve=1, max_wait=0)
    person = drive.client(token, ledger=ledger, max_wait=0)
    for _ in range(2):
        drive.run(job.get_activity, RUN)
    with pytest.raises(exc.RateLimitExceeded):
        drive.run(job.get_activity, RUN)
    drive.run(person.get_activity, RUN)
    assert refused(drive) == []


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
def test_clients_share_a_ledger(drive, token, few, kind, tmp_path):
    ledger = MemoryLedger() if kind == "memory" else SQLiteLedger(tmp_path / "l")
    clients = [drive.client(token, ledger=ledger, max_wait=0) for _ in range(3)]
    for client in clients:
        drive.run(client.get_activity, RUN)
    for client in clients:
        with pytest.raises(exc.RateLimitExceeded):
            drive.run(client.get_activity, RUN)
        assert client.rate_limits.read_short.remaining == 0
    assert refused(drive) == []
    ledger.close()


def test_usage_limits_and_resets(drive, token):
    client = drive.client(token)
    assert not client.rate_limits.known
    drive.run(client.get_activity, RUN)
    limits = client.rate_limits
    assert limits.read_short.used == 1
    assert limits.read_short.remaining == 99
    assert limits.overall_long.limit == 2000
    assert limits.read_short.resets_at == QUARTER_END
    assert limits.known


def test_the_end_of_a_job(drive, token):
    client = drive.client(token)
    drive.run(client.get_activity, RUN)
    estimate = client.estimate(250)
    assert estimate.quarter_hours == 3
    assert estimate.finishes_at == pytest.approx(QUARTER_END + 902, abs=1.5)
    assert client.estimate(150, kind="write").quarter_hours == 1


def test_a_clock_that_is_wrong_by_hours(drive, token, strava, few):
    client = drive.client(token)
    client.protocol.gate.clock = lambda: strava.clock.now() - 5 * 3600
    for _ in range(4):
        drive.run(client.get_activity, RUN)
    assert refused(drive) == []
    assert sum(drive.naps) == pytest.approx(802, abs=2.5)


@pytest.mark.parametrize("fault", ["no_rate_headers", "bad_rate_headers"])
def test_answers_without_usable_headers_are_counted(drive, token, strava, few, fault):
    client = drive.client(token)
    drive.run(client.get_activity, RUN)
    strava.faults.add(fault, count=2)
    for _ in range(3):
        drive.run(client.get_activity, RUN)
    assert refused(drive) == []
    assert sum(drive.naps) == pytest.approx(802, abs=1.5)


@pytest.mark.parametrize(
    ("name", "value"), [("priority", "urgent"), ("reserve", -1), ("max_wait", -1)]
)
def test_wrong_arguments_are_told(drive, name, value):
    with pytest.raises(ValueError, match=name):
        drive.client("x", **{name: value})


async def test_many_tasks_that_wait_warn_once(caplog):
    from stravalib import AsyncClient
    from stravalib.limits import Wait

    async with AsyncClient("T") as client:
        gate = client.protocol.gate
        with caplog.at_level(logging.WARNING, "stravalib"):
            for _ in range(4):
                await gate._announce(Wait(10.0, 1000.0, "limit", limit=100), 0.0)
            await gate._announce(Wait(10.0, 1900.0, "limit", limit=100), 0.0)
    assert len(caplog.messages) == 2
