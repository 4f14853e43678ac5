"""Tokens and counts in Redis, shared by machines (extra ``redis``)."""

from __future__ import annotations

import json
import random
import secrets
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

from stravalib._core.limits import Limits
from stravalib._facts.limits import LONG_WINDOW
from stravalib._stores.base import describe, poll, read_keys, read_token
from stravalib._stores.forks import ThreadLock
from stravalib.exc import StoreFailed

if TYPE_CHECKING:
    import builtins
    from collections.abc import Callable, Iterator

    from stravalib._core.tokens import Token, TokenKey

# Seconds until a server that does not answer counts as down; the address may say
# others (``?socket_timeout=5``).
TIMEOUT = 10.0

R = TypeVar("R")

# Releases a lock only for its holder: it may have run out and be another's by now.
RELEASE = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""
# Puts the new state in the place of the one that was read, or tells the present one.
# The decision itself stays in Python, so that every ledger decides alike.
EXCHANGE = """
local present = redis.call('GET', KEYS[1]) or ''
if present ~= ARGV[1] then return present end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return false
"""


def connect(server: Any) -> Any:
    """Return a client for an address; a client that was given is returned as it is."""
    if not isinstance(server, str):
        return server
    try:
        import redis
    except ImportError as error:
        message = 'Redis needs an extra: pip install "stravalib[redis]"'
        raise ImportError(message) from error
    with suppress(ValueError):
        return redis.Redis.from_url(
            server,
            decode_responses=False,
            socket_timeout=TIMEOUT,
            socket_connect_timeout=TIMEOUT,
        )
    # Without the address and the cause: they may show a password.
    raise ValueError(
        "The address of Redis cannot be read; it looks like redis://host:6379/0, with "
        "special characters of a password written as %40."
    )


@contextmanager
def _told() -> Iterator[None]:
    """Tell failures of the server as our own."""
    import redis

    try:
        yield
    except redis.RedisError as error:
        message = f"Redis failed ({type(error).__name__}: {error})."
        raise StoreFailed(message) from error


class RedisTokenStore:
    """Keep tokens in Redis, for all machines that reach it.

    Parameters
    ----------
    server
        An address such as ``redis://127.0.0.1:6379/0``, or a `redis.Redis`.
    prefix
        What the names of all keys begin with.
    lock_seconds
        When the lock of a crashed process ends; longer than a refresh can take.
    """

    def __init__(
        self,
        server: Any = "redis://127.0.0.1:6379/0",
        *,
        prefix: str = "stravalib:",
        lock_seconds: float = 180.0,
    ) -> None:
        self._client = connect(server)
        self._prefix = prefix
        self._lock_seconds = lock_seconds

    def __repr__(self) -> str:
        return f"<{type(self).__name__} prefix={self._prefix!r}>"

    def _name(self, kind: str, key: TokenKey) -> str:
        return f"{self._prefix}{kind}:{describe(key)}"

    def load(self, key: TokenKey, /) -> Token | None:
        """Return the token kept under ``key``."""
        with _told():
            text = self._client.get(self._name("token", key))
        return None if text is None else read_token(text, repr(self), key)

    def save(self, key: TokenKey, token: Token, /) -> None:
        """Keep a token. How far it survives a crash is up to the server's settings."""
        with _told(), self._client.pipeline(transaction=True) as pipe:
            pipe.set(self._name("token", key), json.dumps(token.to_json()))
            pipe.sadd(f"{self._prefix}tokens", describe(key))
            pipe.execute()

    def delete(self, key: TokenKey, /) -> None:
        """Forget a token."""
        with _told(), self._client.pipeline(transaction=True) as pipe:
            pipe.delete(self._name("token", key))
            pipe.srem(f"{self._prefix}tokens", describe(key))
            pipe.execute()

    def list(self, client_id: int | None = None, /) -> builtins.list[TokenKey]:
        """Return the keys that are kept."""
        with _told():
            members = self._client.smembers(f"{self._prefix}tokens")
        names = (m.decode() if isinstance(m, bytes) else m for m in members)
        keys = read_keys(names, repr(self))
        return [k for k in keys if client_id is None or k.client_id == client_id]

    @contextmanager
    def lock(self, key: TokenKey, /, timeout: float | None = None) -> Iterator[None]:
        """Hold the right to refresh this token, against all machines."""
        name = self._name("lock", key)
        holder = secrets.token_hex(16)
        milliseconds = int(self._lock_seconds * 1000)

        def attempt() -> bool:
            with _told():
                return bool(self._client.set(name, holder, nx=True, px=milliseconds))

        poll(attempt, timeout, describe(key))
        try:
            yield
        finally:
            # Where this fails, the lock runs out.
            with suppress(StoreFailed), _told():
                self._client.eval(RELEASE, 1, name, holder)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


class RedisLedger:
    """Count requests in Redis, for all machines of an application.

    Parameters
    ----------
    server
        An address such as ``redis://127.0.0.1:6379/0``, or a `redis.Redis`.
    prefix
        What the names of all keys begin with.
    """

    blocking = True

    def __init__(
        self, server: Any = "redis://127.0.0.1:6379/0", *, prefix: str = "stravalib:"
    ) -> None:
        self._client = connect(server)
        self._prefix = prefix
        # Threads of one process take turns, so that they do not undo each other.
        self._guard = ThreadLock()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} prefix={self._prefix!r}>"

    def update(self, key: str, change: Callable[[Limits], R], /) -> R:
        """Apply ``change`` to the state under ``key``: read, decide, exchange."""
        name = f"{self._prefix}limits:{key}"
        with self._guard, _told():
            present = self._client.get(name) or b""
            tries = 0
            while True:
                if isinstance(present, str):
                    present = present.encode()
                state = Limits.load(json.loads(present) if present else None)
                result = change(state)
                text = json.dumps(state.dump(), separators=(",", ":"))
                other = self._client.eval(
                    EXCHANGE, 1, name, present, text, 2 * LONG_WINDOW
                )
                if other is None:
                    return result
                present = other
                tries += 1
                if tries > 3:
                    time.sleep(random.random() * 0.001 * tries)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()
