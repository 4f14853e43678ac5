"""One contract for all ledgers."""

from __future__ import annotations

import multiprocessing
import os
import secrets
import stat
import threading

import pytest
from services import clean_redis, redis_client

from stravalib._core.quota import Grant, Wait
from stravalib._core.rates import Pair, Rates
from stravalib.limits import MemoryLedger, RedisLedger, SQLiteLedger

NOON = 1_795_435_200.0
TOLD = Rates(Pair(200, 2000), Pair(1, 1), Pair(100, 1000), Pair(1, 1))


def open_window(ledger, key="12"):
    grant = ledger.update(key, lambda limits: limits.before(NOON))
    ledger.update(key, lambda limits: limits.learn(grant, NOON, status=200, rates=TOLD))


def test_a_change_is_kept(ledger):
    open_window(ledger)
    view = ledger.update("12", lambda limits: limits.view(NOON))
    assert view.read_short.used == 1
    assert view.read_short.limit == 100
    assert view.in_flight == 0


def test_applications_are_apart(ledger):
    open_window(ledger)
    assert not ledger.update("13", lambda limits: limits.view(NOON)).known
    assert ledger.update("12", lambda limits: limits.view(NOON)).known


def test_the_result_comes_back(ledger):
    assert ledger.update("12", lambda limits: "result") == "result"
    assert ledger.update("12", lambda limits: None) is None


def test_a_failed_change_leaves_it_usable(ledger):
    open_window(ledger)

    def fail(limits):
        raise KeyError("x")

    with pytest.raises(KeyError):
        ledger.update("12", fail)
    assert ledger.update("12", lambda limits: limits.view(NOON)).read_short.used == 1


def test_threads_together_get_what_is_left_and_not_more(ledger):
    open_window(ledger)
    grants, waits, errors = [], [], []

    def work():
        try:
            for _ in range(16):
                decision = ledger.update("12", lambda limits: limits.before(NOON))
                (grants if isinstance(decision, Grant) else waits).append(decision)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert len(grants) == 99
    assert len({grant.ticket for grant in grants}) == 99
    assert all(isinstance(wait, Wait) and wait.reason == "limit" for wait in waits)


def test_no_lock_is_held_while_somebody_waits(ledger):
    """Both end their step while the other is between asking and answering."""
    first = ledger.update("12", lambda limits: limits.before(NOON))
    second = ledger.update("12", lambda limits: limits.before(NOON + 11))
    assert isinstance(first, Grant)
    assert isinstance(second, Grant)


def test_closing_twice_and_using_again(ledger):
    open_window(ledger)
    if isinstance(ledger, RedisLedger):
        return
    ledger.close()
    ledger.close()
    assert ledger.update("12", lambda limits: limits.view(NOON)).read_short.used == 1


def test_what_blocks(ledger):
    assert ledger.blocking is not isinstance(ledger, MemoryLedger)


def _take(make, count, out):
    ledger = make()
    granted = 0
    for _ in range(count):
        decision = ledger.update("12", lambda limits: limits.before(NOON))
        granted += isinstance(decision, Grant)
    ledger.close()
    out.put(granted)


@pytest.mark.parametrize(
    "kind", ["sqlite", pytest.param("redis", marks=pytest.mark.service)]
)
def test_processes_together_get_what_is_left_and_not_more(kind, tmp_path):
    prefix = f"stravalib-test-{secrets.token_hex(6)}:"

    def make():
        if kind == "sqlite":
            return SQLiteLedger(tmp_path / "limits.sqlite")
        return RedisLedger(redis_client(), prefix=prefix)

    ledger = make()
    open_window(ledger)
    fork = multiprocessing.get_context("fork")
    out = fork.Queue()
    processes = [fork.Process(target=_take, args=(make, 40, out)) for _ in range(4)]
    for process in processes:
        process.start()
    total = sum(out.get(timeout=60) for _ in processes)
    for process in processes:
        process.join()
    ledger.close()
    if kind == "redis":
        clean_redis(redis_client(), prefix)
    assert total == 99


def test_a_fork_opens_its_own_connection(tmp_path):
    ledger = SQLiteLedger(tmp_path / "limits.sqlite")
    open_window(ledger)
    child = os.fork()
    if not child:
        try:
            ledger.update("12", lambda limits: limits.before(NOON))
            os._exit(0)
        except BaseException:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    assert ledger.update("12", lambda limits: limits.view(NOON)).read_short.used == 2
    ledger.close()


def test_the_file_belongs_to_its_owner(tmp_path):
    ledger = SQLiteLedger(tmp_path / "limits.sqlite")
    open_window(ledger)
    for path in tmp_path.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    ledger.close()


def _open(path, barrier, out):
    barrier.wait()
    try:
        ledger = SQLiteLedger(path)
        ledger.update("12", lambda limits: limits.before(NOON))
        ledger.close()
        out.put(None)
    except BaseException as error:
        out.put(repr(error))


def test_processes_may_make_the_file_at_the_same_moment(tmp_path):
    fork = multiprocessing.get_context("fork")
    for turn in range(8):
        barrier, out = fork.Barrier(6), fork.Queue()
        path = tmp_path / str(turn)
        children = [
            fork.Process(target=_open, args=(path, barrier, out)) for _ in range(6)
        ]
        for child in children:
            child.start()
        assert [out.get(timeout=60) for _ in children] == [None] * 6
        for child in children:
            child.join()
