"""What differs between async and sync; the only file that ``_sync`` has by hand."""

from __future__ import annotations

import contextvars
import threading
import time
from typing import TYPE_CHECKING, Any, TypeVar

from stravalib._transport.base import public_response
from stravalib._transport.choose import async_transport, under_trio

if TYPE_CHECKING:
    import contextlib
    from collections.abc import Callable

    import aiohttp
    import httpx2
    import requests

    from stravalib._core.http import HttpRequest, HttpResponse
    from stravalib._transport.base import AsyncTransport

    Session = aiohttp.ClientSession | httpx2.AsyncClient | AsyncTransport

T = TypeVar("T")
# Imported by functions elsewhere, so that the sync client starts fast.
IMPORTED_LATE = (
    "base64",
    "html",
    "json",
    "stravalib._core.errors",
    "stravalib._core.params",
    "stravalib._core.quota_texts",
    "stravalib._core.retries",
    "stravalib._core.tokens",
    "stravalib._core.uploads",
    "stravalib._models.columns",
    "stravalib._models.rescue",
    "stravalib._transport.base",
    "stravalib._transport.steady",
    "stravalib.exc",
    "stravalib.streams",
)


def open_transport(owner: Any, session: Session | None) -> AsyncTransport:
    """Return the transport that serves a protocol object."""
    del owner
    return async_transport(session)


def open_session(session: Session | None) -> Session | None:
    """Return the session that was given; the transport makes its own."""
    return session


def load_models() -> None:
    """Import the models and the rest now, so that no call blocks the loop with it."""
    from importlib import import_module

    from stravalib import _models
    from stravalib._core import http

    _models.load()
    for name in IMPORTED_LATE:
        import_module(name)
    for path in ("/athlete", "/streams"):  # each has a decoder of its own
        http.decode(b"{}", path)


def bind(client: Any) -> Any:
    """Return what models are bound to: nothing, a lazy property cannot be awaited."""
    del client
    return None


async def sleep(seconds: float) -> None:
    """Sleep without blocking the loop."""
    if under_trio():
        import trio

        await trio.sleep(seconds)
        return
    import asyncio

    await asyncio.sleep(seconds)


async def run_blocking(function: Callable[..., T], *arguments: Any) -> T:
    """Run a blocking function without blocking the loop."""
    if under_trio():
        import trio

        return await trio.to_thread.run_sync(function, *arguments)
    import asyncio

    return await asyncio.to_thread(function, *arguments)


async def run_through(
    function: Callable[..., T],
    *arguments: Any,
    undo: Callable[[T], Any] | None = None,
) -> T:
    """Run a blocking function to its end, even if the caller is cancelled meanwhile.

    Then nobody takes its result, so that is handed to ``undo``.
    """
    if under_trio():
        import trio

        # The thread is waited for; the next checkpoint tells the cancellation.
        with trio.CancelScope(shield=True):
            return await trio.to_thread.run_sync(function, *arguments)
    import asyncio

    guard = threading.Lock()
    made: list[T] = []
    left = threading.Event()

    def run() -> T:
        result = function(*arguments)
        with guard:
            made.append(result)
            late = left.is_set()
        if late and undo is not None:
            undo(result)
        return result

    loop = asyncio.get_running_loop()
    context = contextvars.copy_context()
    running: asyncio.Future[T] = loop.run_in_executor(None, context.run, run)
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        with guard:
            left.set()
            late = bool(made)
        if late and undo is not None:
            # In a thread of its own: nobody waits here any more.
            loop.run_in_executor(None, undo, made[0])
        raise


async def settle(value: Any) -> Any:
    """Return what a callback returned, awaited where it is a coroutine."""
    return await value if hasattr(value, "__await__") else value


class Steady:
    """Runs functions to their end, even if the caller is cancelled meanwhile."""

    _tasks: Any = None

    async def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Return the result of an async function."""
        if under_trio():
            import trio

            with trio.CancelScope(shield=True):
                return await function(*arguments)
        if self._tasks is None:
            from stravalib._transport.steady import SteadyTasks

            self._tasks = SteadyTasks()
        return await self._tasks.run(function, *arguments)

    async def drain(self) -> None:
        """Wait for what runs and must not be cut short."""
        if self._tasks is not None and not under_trio():
            await self._tasks.drain()


def steady() -> contextlib.AbstractContextManager[None]:
    """Keep the end of the loop from cutting a block short, within `Steady.run`."""
    if under_trio():
        import contextlib

        return contextlib.nullcontext()
    from stravalib._transport.steady import hold

    return hold()


class _Lock:
    """A lock among the tasks of a loop; another loop has another."""

    def __init__(self) -> None:
        self._loops: Any = None
        self._trio: Any = None

    def _here(self) -> Any:
        if under_trio():
            import trio

            self._trio = self._trio or trio.Lock()
            return self._trio
        if self._loops is None:
            from stravalib._transport.steady import LoopLocks

            self._loops = LoopLocks()
        return self._loops.here()

    async def __aenter__(self) -> None:
        await self._here().acquire()

    async def __aexit__(self, *error: object) -> None:
        self._here().release()


def new_lock() -> contextlib.AbstractAsyncContextManager[Any]:
    """Create a lock among the tasks of whatever loop runs."""
    return _Lock()


def now() -> float:
    """Return the wall clock, in epoch seconds."""
    return time.time()


def monotonic() -> float:
    """Return a clock for durations, in seconds."""
    return time.monotonic()


def error_response(request: HttpRequest, response: HttpResponse) -> requests.Response:
    """Return the response that an exception carries, without secrets."""
    return public_response(request, response)


class Closing:
    """Gives the async client the name that the sync one has for closing."""

    async def aclose(self) -> None:
        """Close what was opened."""
        raise NotImplementedError

    async def close(self) -> None:
        """Close the connections, as `aclose` does."""
        await self.aclose()
