"""A process that forks while its threads are busy: the child must not wait for them."""

from __future__ import annotations

import os
import signal
import threading
import time
import warnings

import pytest

from local_servers import Reply, Server
from stravalib import Client
from stravalib._stores.forks import ThreadLock
from stravalib.limits import MemoryLedger, SQLiteLedger
from stravalib.tokens import MemoryTokenStore, SQLiteTokenStore, Token, TokenKey

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")

KEY = TokenKey(1, 7)
TOKEN = Token("a", "b", 1.0)


def in_child(work):
    """Run ``work`` in a forked child; return whether it came to its end."""
    with warnings.catch_warnings():
        # Python warns of what is tested here.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        status = 1
        try:
            signal.alarm(10)  # its end, where it hangs
            work()
            status = 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


class Busy:
    """Threads that do something over and over."""

    def __init__(self, work, count=2):
        self.work, self.stop, self.errors = work, threading.Event(), []
        self.threads = [threading.Thread(target=self.go) for _ in range(count)]

    def go(self):
        try:
            while not self.stop.is_set():
                self.work()
        except BaseException as error:
            self.errors.append(error)

    def __enter__(self):
        for thread in self.threads:
            thread.start()

    def __exit__(self, *error):
        self.stop.set()
        for thread in self.threads:
            thread.join()
        assert self.errors == []


@pytest.mark.parametrize("kind", [MemoryTokenStore, SQLiteTokenStore])
def test_a_busy_store(kind, tmp_path):
    store = kind() if kind is MemoryTokenStore else kind(tmp_path / "tokens.sqlite")
    store.save(KEY, TOKEN)

    def use():
        store.save(KEY, TOKEN)
        assert store.load(KEY) == TOKEN
        assert store.list() == [KEY]

    with Busy(use):
        assert all(in_child(use) for _ in range(15))
    use()


@pytest.mark.parametrize("kind", [MemoryLedger, SQLiteLedger])
def test_a_busy_ledger(kind, tmp_path):
    ledger = kind() if kind is MemoryLedger else kind(tmp_path / "limits.sqlite")

    def use():
        ledger.update("k", lambda limits: limits.view(0.0))

    with Busy(use):
        assert all(in_child(use) for _ in range(15))
    use()
    ledger.close()


def test_a_lock_of_the_memory_store_is_free_in_the_child():
    store = MemoryTokenStore()

    def take():
        with store.lock(KEY, timeout=0):
            pass

    with store.lock(KEY):
        assert in_child(take)


def test_a_thread_lock():
    lock = ThreadLock()

    def take():
        with lock:
            pass

    with lock:
        assert in_child(take)
    take()


def test_a_refresh_in_another_thread():
    begun, go_on = threading.Event(), threading.Event()

    def hold():
        begun.set()
        go_on.wait(20)

    def answer(seen):
        if not seen.path.endswith("/oauth/token"):
            return Reply(200, {"id": 7})
        body = {
            "access_token": "N",
            "refresh_token": "r",
            "expires_at": int(time.time()) + 21600,
        }
        return Reply(200, body, before=None if begun.is_set() else hold)

    with Server(answer) as server:
        client = Client(
            "old",
            refresh_token="r",
            token_expires=1,
            client_id=1,
            client_secret="s",
            base_url=server.api,
        )
        thread = threading.Thread(target=client.get_athlete)
        thread.start()
        assert begun.wait(20)
        try:
            assert in_child(client.get_athlete)
        finally:
            go_on.set()
            thread.join()
        client.close()
