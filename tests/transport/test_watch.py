"""One alarm for all requests: it ends what waits too long, and nothing else."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("aiohttp")

import aiohttp

from stravalib import exc
from stravalib._core.http import HttpRequest
from stravalib._transport.aio import AiohttpTransport

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    Behave = Callable[[str, asyncio.StreamWriter], Awaitable[None]]

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@contextlib.asynccontextmanager
async def serving(behave: Behave) -> AsyncIterator[str]:
    """Serve; ``behave`` writes the answer to a path."""

    talks: set[asyncio.Task[object]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        talks.add(task)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                await behave(head.split()[1].decode(), writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in talks:
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)


async def by_path(path: str, writer: asyncio.StreamWriter) -> None:
    if path == "/never":
        await asyncio.sleep(30)
    elif path == "/headers":
        for _ in range(200):
            writer.write(b"X-More: 1\r\n" if _ else b"HTTP/1.1 200 OK\r\n")
            await asyncio.sleep(0.02)
    elif path == "/stops":
        writer.write(ANSWER.replace(b": 2", b": 9"))
        await asyncio.sleep(30)
    elif path == "/nothing":
        writer.write(ANSWER[:-2])
        await asyncio.sleep(30)
    elif path == "/pieces":
        writer.write(ANSWER.replace(b": 2", b": 12"))
        for _ in range(10):
            await asyncio.sleep(0.1)
            writer.write(b" ")
    else:
        await asyncio.sleep(float(path[1:]))
        writer.write(ANSWER)


async def get(
    transport: AiohttpTransport,
    url: str,
    read: float | None,
    total: float | None = 60,
    connect: float = 5,
) -> bytes:
    request = HttpRequest("GET", url, timeout=(connect, read), total=total)
    return (await transport.send(request)).content


@pytest.fixture
async def transport() -> AsyncIterator[AiohttpTransport]:
    transport = AiohttpTransport()
    yield transport
    await transport.aclose()


@pytest.mark.parametrize("path", ["/never", "/headers", "/stops", "/nothing"])
async def test_what_does_not_answer_in_time_is_ended(
    path: str, transport: AiohttpTransport
) -> None:
    async with serving(by_path) as url:
        started = time.monotonic()
        with pytest.raises(exc.ReadTimedOut, match=r"no more of an answer for 0\.3 s"):
            await get(transport, url + path, 0.3)
        assert 0.25 < time.monotonic() - started < 3
        task = asyncio.current_task()
        assert task is not None
        assert not task.cancelling()
        # The connection of the lost answer is not used again.
        assert await get(transport, f"{url}/0", 5) == b"{}"


async def test_each_request_has_its_own_time(transport: AiohttpTransport) -> None:
    async with serving(by_path) as url:
        found = await asyncio.gather(
            get(transport, f"{url}/0.6", 5),
            get(transport, f"{url}/0.6", 0.2),
            get(transport, f"{url}/0.6", None),
            get(transport, f"{url}/0.6", 0.3),
            get(transport, f"{url}/0", 0.1),
            return_exceptions=True,
        )
    kinds = [type(one) for one in found]
    assert kinds == [bytes, exc.ReadTimedOut, bytes, exc.ReadTimedOut, bytes]


async def test_a_body_in_pieces_may_take_longer_than_a_pause(
    transport: AiohttpTransport,
) -> None:
    async with serving(by_path) as url:
        body = await get(transport, f"{url}/pieces", 0.5)
        assert body.strip() == b"{}"
        with pytest.raises(exc.ReadTimedOut):  # but no longer than all may take
            await get(transport, f"{url}/pieces", 0.3, total=0.5, connect=0.1)
        assert await get(transport, f"{url}/0", 5) == b"{}"


async def test_time_spent_in_the_queue_for_a_connection_does_not_count(
    transport: AiohttpTransport,
) -> None:
    async with serving(by_path) as url:
        assert await get(transport, f"{url}/0", 5) == b"{}"
        assert transport._session is not None
        connector = transport._session.connector
        assert connector is not None
        connector._limit = 1
        calls = [get(transport, f"{url}/0.2", 0.5) for _ in range(5)]
        assert await asyncio.gather(*calls) == [b"{}"] * 5


async def test_a_task_that_is_cancelled_is_cancelled(
    transport: AiohttpTransport,
) -> None:
    async with serving(by_path) as url:
        task = asyncio.create_task(get(transport, f"{url}/never", 0.4))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        # At the very moment when the time is over, too.
        task = asyncio.create_task(get(transport, f"{url}/never", 0.2))
        await asyncio.sleep(0.1)
        assert transport._watch is not None
        (waiting,) = transport._watch.waiting.values()
        waiting.deadline = 0.0
        transport._watch._end(1.0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await get(transport, f"{url}/never", 5)


async def test_nothing_is_kept_of_what_is_over(transport: AiohttpTransport) -> None:
    async with serving(by_path) as url:
        calls = [get(transport, f"{url}/0", 0.3) for _ in range(20)]
        await asyncio.gather(*calls, get(transport, f"{url}/0.5", 3))
        watch = transport._watch
        assert watch is not None
        assert not watch.waiting
        assert watch._alarm is not None  # one, for the longest
        await transport.aclose()
        assert watch._alarm is None


async def test_a_body_is_sent_under_the_timer_of_the_library(
    transport: AiohttpTransport,
) -> None:
    # A long upload may take more than a pause between two pieces of an answer.
    watched: list[bool] = []

    async def slow(path: str, writer: asyncio.StreamWriter) -> None:
        assert transport._watch is not None
        watched.append(bool(transport._watch.waiting))
        await asyncio.sleep(30)

    async with serving(slow) as url:
        for body in ({"json": {"a": 1}}, {"data": {"a": 1}}, {"data": b"x"}, {}):
            request = HttpRequest("PUT", f"{url}/x", timeout=(5, 0.3), **body)
            with pytest.raises(exc.ReadTimedOut):
                await transport.send(request)
    assert watched == [False, False, False, True]


@pytest.mark.parametrize("pieces", [[ANSWER], [ANSWER[:-2], b"{}"]])
async def test_an_answer_that_came_while_the_loop_was_busy_is_taken(
    pieces: list[bytes], transport: AiohttpTransport
) -> None:
    listener = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        connection, _ = listener.accept()
        connection.settimeout(10)
        with connection:
            connection.recv(10_000)
            for piece in pieces:
                time.sleep(0.25)
                connection.sendall(piece)
            with contextlib.suppress(OSError):
                connection.recv(1)

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
    call = asyncio.create_task(get(transport, url, 0.4))
    await asyncio.sleep(0.3 if len(pieces) == 2 else 0.1)
    time.sleep(0.8)  # noqa: ASYNC251 - somebody's code that blocks
    assert await call == b"{}"
    await transport.aclose()
    await asyncio.to_thread(thread.join)
    listener.close()


async def test_connecting_anew_is_not_waiting_for_an_answer(
    transport: AiohttpTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = 0

    async def drops_once(path: str, writer: asyncio.StreamWriter) -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            await asyncio.sleep(0.3)
            raise ConnectionResetError
        writer.write(ANSWER)

    connect = aiohttp.TCPConnector._create_connection

    async def slowly(*args: object) -> object:
        await asyncio.sleep(0.3)
        return await connect(*args)  # type: ignore[arg-type]

    async with serving(drops_once) as url:
        assert await get(transport, f"{url}/x", 0.5) == b"{}"
        monkeypatch.setattr(aiohttp.TCPConnector, "_create_connection", slowly)
        assert await get(transport, f"{url}/x", 0.5) == b"{}"
    assert calls == 3


async def test_a_proxy_that_never_answers_is_ended(
    transport: AiohttpTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.transport.abort()

    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
    started = time.monotonic()
    async with server:
        with pytest.raises(exc.ReadTimedOut):
            await get(transport, "https://strava.example/x", 0.2, total=1, connect=0.2)
    assert time.monotonic() - started < 5


async def test_a_given_session_has_the_timer_of_the_library() -> None:
    async with serving(by_path) as url, aiohttp.ClientSession() as session:
        transport = AiohttpTransport(session)
        with pytest.raises(exc.ReadTimedOut):
            await get(transport, f"{url}/never", 0.3)
        assert transport._watch is None
