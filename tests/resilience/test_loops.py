"""Event loops that come and go around a refresh."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
import warnings

import pytest

from local_servers import Reply, Server
from stravalib import AsyncClient
from stravalib._transport.steady import LONGEST_HOLD, SteadyTask, SteadyTasks, hold
from stravalib.tokens import FileTokenStore, Token, TokenKey

KEY = TokenKey(1, 7)


class Slow:
    """A token endpoint that answers when it is told to; it rotates each time."""

    def __init__(self):
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.count = 0

    def __call__(self, seen):
        if not seen.path.endswith("/oauth/token"):
            return Reply(200, {"id": 7})
        self.count += 1
        body = {
            "access_token": f"new-{self.count}",
            "refresh_token": f"refresh-{self.count}",
            "expires_at": int(time.time()) + 21600,
        }
        return Reply(200, body, before=self.hold)

    def hold(self):
        self.begun.set()
        self.go_on.wait(20)


@pytest.fixture
def slow():
    answer = Slow()
    with Server(answer) as server:
        server.slow = answer
        yield server
        answer.go_on.set()


@pytest.fixture
def store(tmp_path):
    store = FileTokenStore(tmp_path / "tokens.json")
    store.save(KEY, Token("old", "refresh", 1.0))
    return store


def make(server, **options):
    options.setdefault("client_id", 1)
    return AsyncClient(client_secret="s", base_url=server.api, **options)


async def until(event):
    await asyncio.to_thread(event.wait, 20)


def test_a_second_loop_may_use_the_client_too(slow):
    slow.slow.go_on.set()
    box = []

    async def main():
        if not box:
            box.append(make(slow, access_token="o", refresh_token="r"))
        box[0].token_expires = 1
        athletes = await asyncio.gather(*(box[0].get_athlete() for _ in range(20)))
        await box[0].aclose()
        return [athlete.id for athlete in athletes]

    assert asyncio.run(main()) == [7] * 20
    assert asyncio.run(main()) == [7] * 20
    assert slow.slow.count == 2


def test_the_end_of_the_loop_does_not_lose_the_new_token(slow, store):
    async def main():
        client = make(slow, token_store=store)
        task = asyncio.ensure_future(client.get_athlete())
        await until(slow.slow.begun)
        # The server answers while the loop ends.
        threading.Timer(0.1, slow.slow.go_on.set).start()
        del task
        raise KeyError("the program fails here")

    with warnings.catch_warnings():
        # Such a program closes nothing.
        warnings.simplefilter("ignore", ResourceWarning)
        with pytest.raises(KeyError):
            asyncio.run(main())
        gc.collect()
    kept = store.load(KEY)
    assert (kept.access_token, kept.refresh_token) == ("new-1", "refresh-1")
    with store.lock(KEY, timeout=0):
        pass


def test_closing_the_client_waits_for_the_new_token(slow, store):
    async def main():
        async with make(slow, token_store=store) as client:
            task = asyncio.ensure_future(client.get_athlete())
            await until(slow.slow.begun)
            task.cancel()
            threading.Timer(0.05, slow.slow.go_on.set).start()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert store.load(KEY).access_token == "new-1"


def test_cancelling_everything_does_not_lose_it_either(slow, store):
    async def main():
        async with make(slow, token_store=store) as client:
            task = asyncio.ensure_future(client.get_athlete())
            await until(slow.slow.begun)
            for other in asyncio.all_tasks() - {asyncio.current_task()}:
                other.cancel()
            slow.slow.go_on.set()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(main())
    assert store.load(KEY).access_token == "new-1"


# -- the task itself -------------------------------------------------------------


def test_a_task_is_cancelled_after_what_it_must_finish():
    steps = []

    async def work(gate):
        with hold(), hold():
            await gate.wait()
            steps.append("finished")
        await asyncio.sleep(0)
        steps.append("never")

    async def main():
        gate = asyncio.Event()
        task = SteadyTask(work(gate), loop=asyncio.get_running_loop())
        await asyncio.sleep(0)
        assert task.holds
        assert task.cancel()
        assert task.cancel()
        await asyncio.sleep(0)
        assert not task.done()
        gate.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not task.cancel()

    asyncio.run(main())
    assert steps == ["finished"]


def test_time_limits_within_it_still_work():
    async def work():
        with hold():
            async with asyncio.timeout(0.01):
                await asyncio.Event().wait()

    async def main():
        with pytest.raises(TimeoutError):
            await SteadyTasks().run(work)

    asyncio.run(main())


def test_it_gives_up_in_the_end(monkeypatch):
    assert LONGEST_HOLD <= 60
    monkeypatch.setattr("stravalib._transport.steady.LONGEST_HOLD", 0.01)

    async def work():
        with hold():
            await asyncio.Event().wait()

    async def main():
        task = SteadyTask(work(), loop=asyncio.get_running_loop())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())


def test_outside_of_such_a_task_a_hold_is_nothing():
    async def main():
        with hold():
            return 1

    assert asyncio.run(main()) == 1
