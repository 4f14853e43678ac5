"""What is left of a ledger that fails, and of calls that end early."""

from __future__ import annotations

import asyncio
import logging
import pickle
import threading

import pytest
from small_world import RUN

from stravalib import AsyncClient, Client, exc
from stravalib.limits import MemoryLedger, SQLiteLedger


class FailingLedger:
    """Fails at the updates that are listed, counted from 1."""

    def __init__(self, *fails, blocking=True):
        self.blocking = blocking
        self.fails = fails
        self.updates = 0
        self.inner = MemoryLedger()

    def update(self, key, change):
        self.updates += 1
        if self.updates in self.fails:
            raise ConnectionError("the server went away")
        return self.inner.update(key, change)

    def close(self):
        pass


def walk(drive, client):
    return drive.run(
        client.create_activity, "Walk", "2026-11-25T08:00:00", 600, sport_type="Walk"
    )


@pytest.mark.parametrize("blocking", [True, False])
def test_after_an_answer_a_ledger_that_fails_is_a_warning(
    drive, strava, caplog, blocking
):
    client = drive.client(strava.token(), ledger=FailingLedger(2, blocking=blocking))
    with caplog.at_level(logging.WARNING, "stravalib"):
        assert walk(drive, client).name == "Walk"
    assert drive.asked() == [("POST", "/activities", 201)]
    (line,) = caplog.messages
    assert "The ledger (FailingLedger)" in line
    assert "ConnectionError: the server went away" in line


@pytest.mark.parametrize("blocking", [True, False])
def test_before_sending_it_is_a_typed_error(drive, strava, blocking):
    client = drive.client(strava.token(), ledger=FailingLedger(1, blocking=blocking))
    with pytest.raises(exc.LedgerFailed, match="FailingLedger") as caught:
        walk(drive, client)
    assert drive.asked() == []
    assert isinstance(caught.value, exc.StravalibError)
    assert isinstance(caught.value.__cause__, ConnectionError)
    assert caught.value.meta is None
    assert pickle.loads(pickle.dumps(caught.value)).args == caught.value.args


def test_a_connection_error_stays_what_it_is(drive, strava, caplog):
    client = drive.client(strava.token(), ledger=FailingLedger(2), retries=False)
    strava.faults.add("reset", count=1)
    with pytest.raises(exc.ConnectionFailed):
        drive.run(client.get_activity, RUN)
    assert "The ledger" in caplog.text


@pytest.mark.parametrize("fails", [(2,), (3,), (4,), (3, 4)])
def test_a_429_stays_what_it_is(drive, strava, fails, caplog):
    usage = strava.application.usage
    usage.roll(strava.clock.now())
    usage.read.long_used = 1000
    client = drive.client(strava.token(), ledger=FailingLedger(*fails), max_wait=0)
    with pytest.raises(exc.RateLimited):
        drive.run(client.get_activity, RUN)
    assert "The ledger" in caplog.text
    # Where the answer could not be learnt, it looks like one from a window's end.
    assert len(drive.asked()) == (2 if fails == (2,) else 1)


def test_questions_tell_it(drive, strava):
    client = drive.client(strava.token(), ledger=FailingLedger(1, 2))
    with pytest.raises(exc.LedgerFailed):
        client.rate_limits  # noqa: B018
    with pytest.raises(exc.LedgerFailed):
        client.estimate(1)


# -- calls that end early ---------------------------------------------------------


class Interrupt(KeyboardInterrupt):
    pass


@pytest.fixture
def few(strava):
    strava.application.set_limits((200, 2000, 3, 7))


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
def test_ctrl_c_in_a_wait_leaves_the_ledger_right(drive, strava, few, kind, tmp_path):
    ledger = MemoryLedger() if kind == "memory" else SQLiteLedger(tmp_path / "l")
    client = drive.client(strava.token(), ledger=ledger)
    for _ in range(3):
        drive.run(client.get_activity, RUN)

    def interrupted(seconds):
        raise Interrupt

    gate = client.protocol.gate
    sleep, gate.sleep = gate.sleep, interrupted
    with pytest.raises(KeyboardInterrupt):
        client.get_activity(RUN) if drive.kind == "sync" else stepped(client)
    gate.sleep = sleep
    assert client.rate_limits.in_flight == 0
    assert client.rate_limits.read_short.used == 3
    drive.run(client.get_activity, RUN)
    assert sum(drive.naps) == pytest.approx(802, abs=2)
    assert [row[2] for row in drive.asked()] == [200] * 4
    ledger.close()


def stepped(client):
    """Run a coroutine here, where a KeyboardInterrupt ends no event loop."""
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(client.get_activity(RUN))
    finally:
        loop.close()


def test_an_on_wait_that_raises_ends_the_call_only(drive, strava, few):
    def refuse(wait):
        raise LookupError("mine")

    client = drive.client(strava.token(), on_wait=refuse)
    for _ in range(3):
        drive.run(client.get_activity, RUN)
    with pytest.raises(LookupError, match="mine"):
        drive.run(client.get_activity, RUN)
    assert drive.naps == []
    assert client.rate_limits.in_flight == 0
    assert client.rate_limits.read_short.used == 3
    client.protocol.gate.on_wait = None
    drive.run(client.get_activity, RUN)
    assert len(drive.asked()) == 4


class SlowLedger:
    """Waits inside an update until it is let go."""

    blocking = True

    def __init__(self):
        self.inner = MemoryLedger()
        self.held = threading.Event()
        self.go_on = threading.Event()
        self.slow = False

    def update(self, key, change):
        result = self.inner.update(key, change)
        if self.slow:
            self.held.set()
            self.go_on.wait(5)
        return result

    def close(self):
        pass


async def until(condition):
    for _ in range(500):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not happen")


@pytest.mark.parametrize("when", ["in the ledger", "just behind it"])
async def test_a_cancelled_call_gives_its_grant_back(when):
    ledger = SlowLedger()
    async with AsyncClient("T", base_url="http://127.0.0.1:9", ledger=ledger) as client:
        gate = client.protocol.gate
        ledger.slow = True
        task = asyncio.create_task(gate.before("read"))
        await until(ledger.held.is_set)
        if when == "in the ledger":
            task.cancel()
            await asyncio.sleep(0)
            ledger.go_on.set()
        else:
            ledger.go_on.set()
            await asyncio.sleep(0)
            task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        ledger.slow = False

        def in_flight():
            return ledger.inner.update(gate.key, lambda limits: limits.in_flight)

        await until(lambda: in_flight() == 0)
        # So the next call does not wait for the answer of a probe.
        grant, waited, paced = await gate.before("read")
        assert (waited, paced) == (0.0, 0.0)
        await gate.cancel(grant, "read")


async def test_an_answer_is_learnt_even_if_the_call_is_cancelled_then():
    ledger = SlowLedger()
    async with AsyncClient("T", base_url="http://127.0.0.1:9", ledger=ledger) as client:
        gate = client.protocol.gate
        grant, _, _ = await gate.before("read")
        ledger.slow = True
        task = asyncio.create_task(gate.learn(grant, "read", gate.clock(), None))
        await until(ledger.held.is_set)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        ledger.go_on.set()
        ledger.slow = False
        await until(lambda: client.rate_limits.in_flight == 0)


def test_a_cancelled_call_under_trio_gives_its_grant_back():
    trio = pytest.importorskip("trio")

    class Silent:
        async def send(self, request):
            await trio.sleep_forever()

        async def aclose(self):
            pass

    ledger = SlowLedger()

    async def main():
        client = AsyncClient(
            "T", base_url="http://127.0.0.1:9", ledger=ledger, session=Silent()
        )
        ledger.slow = True
        async with trio.open_nursery() as nursery:
            nursery.start_soon(client.get, "/x")
            await trio.to_thread.run_sync(ledger.held.wait)
            nursery.cancel_scope.cancel()
            ledger.slow = False
            ledger.go_on.set()
        assert client.rate_limits.in_flight == 0

    trio.run(main)


# -- arguments ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("reserve", float("nan"), ValueError),
        ("reserve", "5", TypeError),
        ("reserve", True, TypeError),
        ("max_wait", float("nan"), ValueError),
        ("max_wait", "5", TypeError),
        ("ledger", "redis://:hunter2@x", TypeError),
        ("retries", "x", TypeError),
        ("retries", 1.5, TypeError),
        ("on_wait", 5, TypeError),
        ("on_request", 5, TypeError),
        ("on_response", "x", TypeError),
        ("timeout", (1, 2, 3), TypeError),
        ("timeout", "a", TypeError),
        ("timeout", ("a", 1), TypeError),
        ("timeout", [1, 2], TypeError),
        ("timeout", True, TypeError),
        ("timeout", float("nan"), ValueError),
    ],
)
def test_wrong_arguments_are_told(name, value, error):
    with pytest.raises(error, match=name) as caught:
        Client("T", **{name: value})
    assert "hunter2" not in str(caught.value)
    if name in ("reserve", "max_wait", "timeout"):
        client = Client("T")
        with pytest.raises(error, match=name), client.options(**{name: value}):
            raise AssertionError("entered")


def test_an_estimate_of_an_unknown_kind(drive):
    client = drive.client("T")
    with pytest.raises(ValueError, match="kind='reed'"):
        client.estimate(5, kind="reed")


def test_an_estimate_keeps_the_reserve_of_the_block(drive, strava):
    client = drive.client(strava.token())
    drive.run(client.get_activity, RUN)
    assert client.estimate(60).quarter_hours == 1
    with client.options(reserve=50):
        assert client.estimate(60).quarter_hours == 2
