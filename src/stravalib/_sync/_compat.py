"""What differs between async and sync; written by hand, the rest is generated."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, TypeVar

from stravalib._transport.lazy import LazyRequestsTransport, new_session

if TYPE_CHECKING:
    import contextlib
    from collections.abc import Callable

    import requests

    from stravalib._core.http import HttpRequest, HttpResponse

    Session = requests.Session

T = TypeVar("T")


def open_transport(owner: Any, session: Session | None) -> LazyRequestsTransport:
    """Return the transport that serves a protocol object.

    It reads ``owner.rsession`` at each request: users replace and patch it.
    """
    return LazyRequestsTransport(owner, owned=session is None)


def open_session(session: Session | None) -> Session:
    """Return the session that was given, or a new one."""
    return session if session is not None else new_session()


def load_models() -> None:
    """Leave the models for the first call that needs them."""


def bind(client: Any) -> Any:
    """Return what models are bound to."""
    return client


def sleep(seconds: float) -> None:
    """Sleep."""
    time.sleep(seconds)


def run_blocking(function: Callable[..., T], *arguments: Any) -> T:
    """Run a blocking function."""
    return function(*arguments)


def run_through(
    function: Callable[..., T],
    *arguments: Any,
    undo: Callable[[T], Any] | None = None,
) -> T:
    """Run a blocking function to its end."""
    del undo
    return function(*arguments)


def settle(value: Any) -> Any:
    """Return what a callback returned.

    Raises
    ------
    TypeError
        It is a coroutine, which nobody would run.
    """
    if not hasattr(value, "__await__"):
        return value
    name = getattr(value, "__qualname__", type(value).__name__)
    if hasattr(value, "close"):
        value.close()
    raise TypeError(
        f"{name} is a coroutine function; Client calls plain functions only. Write it "
        "with def, or use AsyncClient."
    )


class Steady:
    """Runs functions to their end."""

    def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Return the result of a function."""
        return function(*arguments)

    def drain(self) -> None:
        """Do nothing: nothing runs without its caller."""


def steady() -> contextlib.AbstractContextManager[None]:
    """Return a block that is nothing special: a thread is not cancelled."""
    import contextlib

    return contextlib.nullcontext()


def new_lock() -> contextlib.AbstractContextManager[Any]:
    """Create a lock among threads; a forked child begins with a free one."""
    from stravalib._stores.forks import ThreadLock

    return ThreadLock()


def now() -> float:
    """Return the wall clock, in epoch seconds."""
    return time.time()


def monotonic() -> float:
    """Return a clock for durations, in seconds."""
    return time.monotonic()


def error_response(request: HttpRequest, response: HttpResponse) -> requests.Response:
    """Return the response that an exception carries, without secrets."""
    from stravalib._transport.base import public_response

    return public_response(request, response)


class Closing:
    """Has nothing to add: the sync client's method is called ``close`` already."""
