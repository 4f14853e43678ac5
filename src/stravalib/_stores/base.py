"""What a token store and a ledger are, and what they share."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from stravalib._core.lazy import lazy

if TYPE_CHECKING:
    import builtins
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager

    from stravalib import exc
    from stravalib._core import tokens
    from stravalib._core.limits import Limits
    from stravalib._core.tokens import Token, TokenKey
else:
    exc = lazy("stravalib.exc")
    tokens = lazy("stravalib._core.tokens")

R = TypeVar("R")

METHODS = ("load", "save", "delete", "list", "lock")
# Seconds that a change to a shared file waits for others; each takes milliseconds.
WRITE_TIMEOUT = 60.0

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


def read_token(entry: Any, where: str, key: TokenKey) -> Token:
    """Read what a store kept: JSON values, or their text.

    Raises
    ------
    StoreFailed
        It is damaged; the text names the place, never the content.
    """
    try:
        if isinstance(entry, (str, bytes)):
            entry = json.loads(entry)
        return tokens.Token.from_json(entry)
    except (ValueError, TypeError):
        pass  # without the cause: it quotes the content
    raise exc.StoreFailed(
        f"{where}: the entry {describe(key)} is damaged. Delete it, and log in again "
        "(`stravalib login`)."
    )


def read_keys(names: Iterable[str], where: str) -> builtins.list[TokenKey]:
    """Return the keys that `describe` named, sorted.

    Raises
    ------
    StoreFailed
        A name is none of ours.
    """
    keys = []
    for name in names:
        client, _, athlete = name.partition(":")
        if not (client.isdecimal() and athlete.isdecimal()):
            raise exc.StoreFailed(
                f"{where}: the entry {name[:40]!r} is not application:athlete; delete "
                "it."
            )
        keys.append(tokens.TokenKey(int(client), int(athlete)))
    return sorted(keys)


def check_store(store: object) -> None:
    """Tell an object that is no token store.

    Raises
    ------
    TypeError
        A method is missing.
    """
    missing = [name for name in METHODS if not hasattr(store, name)]
    if missing:
        # Only the type: an address may hold a password.
        raise TypeError(
            f"token_store is a {type(store).__name__} without {', '.join(missing)}; "
            "give a store of stravalib.tokens, such as FileTokenStore()."
        )
