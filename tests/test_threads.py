"""Many threads on one client, and clients in forked processes."""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from local_servers import Reply, Seen, Server
from stravalib import Client, exc

TOKENS = {"access_token": "new", "refresh_token": "next", "expires_at": 4102444800}
THREADS = 16
CALLS = 25


def echo(seen: Seen) -> Reply:
    """Answer with the id that was asked for."""
    number = int(seen.path.split("/")[4].partition("?")[0])
    return Reply(body={"id": number, "name": f"activity {number}"})


def test_many_threads_on_one_client() -> None:
    with Server(echo) as server, Client("T", base_url=server.api) as client:

        def work(thread: int) -> list[int | None]:
            return [
                client.get_activity(thread * 1000 + call).id for call in range(CALLS)
            ]

        with ThreadPoolExecutor(THREADS) as pool:
            found = list(pool.map(work, range(THREADS)))
    for thread, ids in enumerate(found):
        assert ids == [thread * 1000 + call for call in range(CALLS)]
    assert len(server.seen) == THREADS * CALLS


def test_first_use_from_many_threads_at_once() -> None:
    """The session, the transport and the models are made once, not per thread."""
    with Server(echo) as server, Client("T", base_url=server.api) as client:
        start = threading.Barrier(THREADS)
        sessions = set()

        def work(thread: int) -> int | None:
            start.wait(10)
            found = client.get_activity(thread).id
            sessions.add(id(client.protocol.rsession))
            return found

        with ThreadPoolExecutor(THREADS) as pool:
            assert sorted(map(int, pool.map(work, range(THREADS)))) == list(
                range(THREADS)
            )
    assert len(sessions) == 1


def test_threads_refresh_once() -> None:
    def answer(seen: Seen) -> Reply:
        if seen.path.endswith("/token"):
            return Reply(body=TOKENS, before=lambda: time.sleep(0.02))
        return Reply(body={"id": 1})

    with (
        Server(answer) as server,
        Client(
            "old",
            base_url=server.api,
            token_expires=1_600_000_000,
            refresh_token="R",
            client_id=1,
            client_secret="S",
        ) as client,
    ):
        start = threading.Barrier(THREADS)

        def work(_: int) -> None:
            start.wait(10)
            client.get_athlete()

        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(work, range(THREADS)))
        assert client.refresh_token == "next"
    assert sum(path.endswith("/token") for path in server.paths()) == 1
    tokens = {
        seen.headers["authorization"]
        for seen in server.seen
        if not seen.path.endswith("/token")
    }
    assert tokens == {"Bearer new"}


def test_iterators_of_one_client_do_not_disturb_each_other() -> None:
    def answer(seen: Seen) -> Reply:
        club = int(seen.path.split("/")[4])
        return Reply(body=[{"id": club * 100 + row} for row in range(50)])

    with Server(answer) as server, Client("T", base_url=server.api) as client:

        def work(activity: int) -> list[int | None]:
            return [row.id for row in client.get_activity_kudos(activity)]

        with ThreadPoolExecutor(THREADS) as pool:
            found = list(pool.map(work, range(1, THREADS + 1)))
    for activity, ids in enumerate(found, start=1):
        assert ids == [activity * 100 + row for row in range(50)]


def test_an_error_of_one_thread_is_not_seen_by_others() -> None:
    def answer(seen: Seen) -> Reply:
        number = int(seen.path.split("/")[4].partition("?")[0])
        if number % 2:
            return Reply(404, {"message": "Record Not Found", "errors": []})
        return Reply(body={"id": number})

    with Server(answer) as server, Client("T", base_url=server.api) as client:

        def work(number: int) -> object:
            try:
                return client.get_activity(number).id
            except exc.ObjectNotFound:
                return "not found"

        with ThreadPoolExecutor(THREADS) as pool:
            found = list(pool.map(work, range(100)))
    assert found == ["not found" if n % 2 else n for n in range(100)]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="n/a: the system has no fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_client_made_before_a_fork_serves_both_processes() -> None:
    """Parent and child use the client that was made, and used, before the fork.

    They must not share a connection: answers would go to the wrong process.
    """
    with Server(echo) as server, Client("T", base_url=server.api) as client:
        assert client.get_activity(1).id == 1  # the connection is open now
        children = []
        for child in range(3):
            pid = os.fork()
            if pid == 0:
                status = 1
                try:
                    asked = [child * 100 + call for call in range(10)]
                    got = [client.get_activity(number).id for number in asked]
                    status = 0 if got == asked else 2
                finally:
                    os._exit(status)
            children.append(pid)
        asked = [900 + call for call in range(10)]
        assert [client.get_activity(number).id for number in asked] == asked
        for pid in children:
            _, status = os.waitpid(pid, 0)
            assert os.waitstatus_to_exitcode(status) == 0
    assert len(server.seen) == 1 + 30 + 10


@pytest.mark.skipif(not hasattr(os, "fork"), reason="n/a: the system has no fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_fork_while_a_thread_is_in_a_call() -> None:
    """A lock that another thread held at the fork must not hang the child."""
    arrived, go_on = threading.Event(), threading.Event()

    def answer(seen: Seen) -> Reply:
        if seen.path.endswith("/slow"):
            return Reply(before=lambda: (arrived.set(), go_on.wait(10)))
        return echo(seen)

    with Server(answer) as server, Client("T", base_url=server.api) as client:
        assert client.get_activity(1).id == 1  # the limiter has seen an answer
        busy = threading.Thread(target=client.get, args=("/slow",))
        busy.start()
        assert arrived.wait(10)
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                status = 0 if client.get_activity(7).id == 7 else 2
            finally:
                os._exit(status)
        deadline = time.monotonic() + 20
        done = (0, 0)
        while done == (0, 0) and time.monotonic() < deadline:
            done = os.waitpid(pid, os.WNOHANG)
            time.sleep(0.01)
        if done == (0, 0):
            os.kill(pid, 9)
            os.waitpid(pid, 0)
            pytest.fail("the child hangs")
        go_on.set()
        busy.join(10)
        assert os.waitstatus_to_exitcode(done[1]) == 0
