"""What only the async client promises."""

from __future__ import annotations

import asyncio
import gc
import io
import threading
import time
import warnings
from typing import Any

import aiohttp
import pytest

from local_servers import Reply, Seen, Server
from stravalib import AsyncClient, exc, model
from stravalib.async_client import AsyncBatchedResultsIterator

TOKENS = {"access_token": "new", "refresh_token": "next", "expires_at": 4102444800}


def activity(seen: Seen) -> Reply:
    return Reply(body={"id": 1, "name": "x", "athlete": {"id": 2}})


async def test_given_aiohttp_session_stays_open() -> None:
    with Server() as server:
        async with aiohttp.ClientSession() as session:
            async with AsyncClient("T", session=session, base_url=server.api) as client:
                await client.get("/athlete")
            assert not session.closed
            await client.aclose()
            assert not session.closed
            # and it still serves the client
            await client.get("/athlete")
    assert server.seen[0].headers["authorization"] == "Bearer T"


async def test_given_httpx2_session_stays_open() -> None:
    import httpx2

    with Server() as server:
        async with httpx2.AsyncClient() as session:
            async with AsyncClient("T", session=session, base_url=server.api) as client:
                await client.get("/athlete")
            assert not session.is_closed


async def test_own_session_is_closed_and_made_again() -> None:
    with Server() as server:
        client = AsyncClient("T", base_url=server.api)
        await client.get("/athlete")
        session = client.protocol.transport._session
        await client.aclose()
        assert session.closed
        await client.get("/athlete")
        await client.aclose()
    assert len(server.seen) == 2


async def test_closing_an_unused_client_is_fine() -> None:
    await AsyncClient("T").aclose()


async def test_no_session_is_left_open() -> None:
    """Tasks that start together share one session (each would leak its own)."""
    with Server() as server, warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        async with AsyncClient("T", base_url=server.api) as client:
            await asyncio.gather(*(client.get("/athlete") for _ in range(20)))
        gc.collect()
        open_sessions = [
            found
            for found in gc.get_objects()
            if isinstance(found, aiohttp.ClientSession) and not found.closed
        ]
    assert open_sessions == []


async def test_hundred_tasks_on_one_client() -> None:
    def answer(seen: Seen) -> Reply:
        number = int(seen.path.split("/")[4].partition("?")[0])
        return Reply(body={"id": number})

    with Server(answer) as server:
        async with AsyncClient("T", base_url=server.api) as client:
            found = await asyncio.gather(
                *(client.get_activity(number) for number in range(100))
            )
    assert [row.id for row in found] == list(range(100))
    assert len(server.seen) == 100


async def test_hundred_tasks_refresh_once() -> None:
    def answer(seen: Seen) -> Reply:
        if seen.path.endswith("/token"):
            return Reply(body=TOKENS, before=lambda: time.sleep(0.02))
        return Reply(body={"id": 1})

    with Server(answer) as server:
        async with AsyncClient(
            "old",
            base_url=server.api,
            token_expires=1_600_000_000,
            refresh_token="R",
            client_id=1,
            client_secret="S",
        ) as client:
            await asyncio.gather(*(client.get_athlete() for _ in range(100)))
            assert client.refresh_token == "next"
    refreshes = [seen for seen in server.seen if seen.path.endswith("/token")]
    calls = [seen for seen in server.seen if not seen.path.endswith("/token")]
    assert len(refreshes) == 1
    assert {seen.headers["authorization"] for seen in calls} == {"Bearer new"}
    assert len(calls) == 100


async def test_cancelled_refresh_loses_no_token() -> None:
    """Strava has replaced the refresh token; the answer must not be thrown away."""
    arrived, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        arrived.set()
        go_on.wait(10)

    def answer(seen: Seen) -> Reply:
        if seen.path.endswith("/token"):
            return Reply(body=TOKENS, before=wait)
        return Reply(body={"id": 1})

    with Server(answer) as server:
        async with AsyncClient(
            "old",
            base_url=server.api,
            token_expires=1_600_000_000,
            refresh_token="R",
            client_id=1,
            client_secret="S",
        ) as client:
            task = asyncio.create_task(client.get_athlete())
            await asyncio.to_thread(arrived.wait, 10)
            task.cancel()
            await asyncio.sleep(0)
            go_on.set()
            with pytest.raises(asyncio.CancelledError):
                await task
            await client.get_athlete()
            assert client.refresh_token == "next"
            assert client.access_token == "new"
    assert sum(path.endswith("/token") for path in server.paths()) == 1


async def test_cancelled_call_leaves_the_client_usable() -> None:
    arrived, go_on = threading.Event(), threading.Event()

    def answer(seen: Seen) -> Reply:
        if seen.path.endswith("/slow"):
            return Reply(before=lambda: (arrived.set(), go_on.wait(10)))
        return Reply(body={"id": 1})

    with Server(answer) as server:
        async with AsyncClient("T", base_url=server.api) as client:
            task = asyncio.create_task(client.get("/slow"))
            await asyncio.to_thread(arrived.wait, 10)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert (await client.get_athlete()).id == 1
            go_on.set()


def test_one_client_in_two_loops() -> None:
    with Server() as server:
        client = AsyncClient("T", base_url=server.api)

        async def call() -> Any:
            return await client.get("/athlete")

        assert asyncio.run(call()) == {}

        async def call_and_close() -> None:
            await client.get("/athlete")
            await client.aclose()

        with warnings.catch_warnings():
            # The session of the first loop was never closed.
            warnings.simplefilter("ignore", ResourceWarning)
            asyncio.run(call_and_close())
            gc.collect()
    assert len(server.seen) == 2


def test_client_may_be_made_outside_a_loop() -> None:
    with Server() as server:
        client = AsyncClient("T", base_url=server.api)

        async def call() -> None:
            async with client:
                await asyncio.gather(*(client.get("/athlete") for _ in range(5)))

        asyncio.run(call())
    assert len(server.seen) == 5


class SlowFile(io.BytesIO):
    """Notes which thread reads it."""

    readers: list[int]
    name = "ride.gpx"

    def read(self, *arguments: Any) -> bytes:
        self.readers.append(threading.get_ident())
        return super().read(*arguments)


@pytest.mark.parametrize("library", ["aiohttp", "httpx2"])
async def test_files_are_read_in_a_thread(library: str) -> None:
    import httpx2

    status = {"id": 5, "status": "x", "error": None, "activity_id": None}
    kind: Any = aiohttp.ClientSession if library == "aiohttp" else httpx2.AsyncClient
    with Server(lambda seen: Reply(201, status)) as server:
        async with (
            kind() as session,
            AsyncClient("T", session=session, base_url=server.api) as client,
        ):
            file = SlowFile(b"<gpx/>")
            file.readers = []
            uploader = await client.upload_activity(file, "gpx")
    assert uploader.upload_id == 5
    assert file.readers
    assert threading.get_ident() not in file.readers
    assert b'filename="ride.gpx"' in server.seen[0].body
    assert b"<gpx/>" in server.seen[0].body


async def test_lazy_property_names_the_method_to_call() -> None:
    with Server(activity) as server:
        async with AsyncClient("T", base_url=server.api) as client:
            found = await client.get_activity(1)
    with pytest.raises(exc.UnboundEntity, match="get_activity_comments"):
        found.comments  # noqa: B018


async def test_results_are_async_iterators() -> None:
    rows = [{"id": number} for number in range(3)]
    with Server(lambda seen: Reply(body=rows)) as server:
        async with AsyncClient("T", base_url=server.api) as client:
            results = client.get_activity_kudos(1)
            assert type(results) is AsyncBatchedResultsIterator
            first = await anext(results)
            assert type(first) is model.SummaryAthlete
            assert (await results.next()).id == 1
            assert [row.id async for row in results] == [0, 1, 2]
            assert [len(page) async for page in results.pages()] == [3]
            with pytest.raises(TypeError):
                iter(results)  # type: ignore[call-overload]


async def test_method_without_await_sends_nothing() -> None:
    with Server() as server:
        async with AsyncClient("T", base_url=server.api) as client:
            client.get_activities()
            client.get_routes()
    assert server.seen == []


@pytest.mark.parametrize("session", [object(), "x", 5])
def test_unknown_session_is_refused(session: Any) -> None:
    with pytest.raises(TypeError, match=r"session is a .*; give an aiohttp"):
        AsyncClient("T", session=session)


async def test_own_transport() -> None:
    from stravalib._core.http import HttpResponse

    class Own:
        closed = False

        async def send(self, request: Any) -> HttpResponse:
            return HttpResponse(200, {}, b'{"id": 3}', request.url)

        async def aclose(self) -> None:
            self.closed = True

    own = Own()
    async with AsyncClient("T", session=own) as client:
        assert (await client.get_athlete()).id == 3
    assert not own.closed


async def test_close_is_the_same_as_aclose() -> None:
    client = AsyncClient("T")
    await client.close()
    await client.aclose()
