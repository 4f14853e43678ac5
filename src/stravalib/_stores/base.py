"""What a token store and a ledger are, and what they share."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    import builtins
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from stravalib._core.limits import Limits
    from stravalib._core.tokens import Token, TokenKey

R = TypeVar("R")

# How often a taken lock is tried again, in seconds.
LOCK_POLL = 0.02
LOCK_POLL_MAX = 0.25


class LockBusy(TimeoutError):
    """Somebody else holds the lock, and the time to wait for it is over."""


class TokenStore(Protocol):
    """Keeps tokens, keyed by application and athlete.

    Five methods make a store of your own. They may block: the async client calls
    them in a thread.
    """

    def load(self, key: TokenKey, /) -> Token | None:
        """Return the token kept under ``key``; None if there is none."""
        ...

    def save(self, key: TokenKey, token: Token, /) -> None:
        """Keep a token; once this returns, it survives a crash."""
        ...

    def delete(self, key: TokenKey, /) -> None:
        """Forget a token; nothing happens if there is none."""
        ...

    def list(self, client_id: int | None = None, /) -> builtins.list[TokenKey]:
        """Return the keys that are kept, sorted; of one application if given."""
        ...

    def lock(
        self, key: TokenKey, /, timeout: float | None = None
    ) -> AbstractContextManager[None]:
        """Hold the right to refresh this token, against every user of the store.

        Not re-entrant, and may be released by another thread. With ``timeout``
        seconds over, entering raises `LockBusy`; 0 tries once.
        """
        ...


class Ledger(Protocol):
    """Keeps the state of the limiter, one per application.

    Attributes
    ----------
    blocking
        Whether `update` may block on I/O; the async client then calls it in a thread.
    """

    blocking: bool

    def update(self, key: str, change: Callable[[Limits], R], /) -> R:
        """Apply ``change`` to the state under ``key``, atomically.

        ``change`` may run more than once; only its last run counts.
        """
        ...

    def close(self) -> None:
        """Give back connections."""
        ...


def poll(attempt: Callable[[], bool], timeout: float | None, what: str) -> None:
    """Try until ``attempt`` succeeds; the time doubles between tries.

    Raises
    ------
    LockBusy
        When ``timeout`` seconds are over.
    """
    started = time.monotonic()
    pause = LOCK_POLL
    while not attempt():
        left = None if timeout is None else timeout - (time.monotonic() - started)
        if left is not None and left <= 0:
            message = (
                f"the lock of {what} was not free within {timeout:g} s; another "
                "thread or process is refreshing"
            )
            raise LockBusy(message)
        time.sleep(pause if left is None else min(pause, left))
        pause = min(pause * 2, LOCK_POLL_MAX)


def describe(key: TokenKey) -> str:
    """Name a key in messages and lock names."""
    return f"{key.client_id}:{key.athlete_id}"
