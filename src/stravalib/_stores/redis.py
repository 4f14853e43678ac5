"""Tokens and counts in Redis, shared by machines (extra ``redis``)."""

from __future__ import annotations

import json
import random
import secrets
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from stravalib._core.limits import Limits
from stravalib._core.tokens import Token, TokenKey
from stravalib._facts.limits import LONG_WINDOW
from stravalib._stores.base import describe, poll

if TYPE_CHECKING:
    import builtins
    from collections.abc import Callable, Iterator

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
    return redis.Redis.from_url(server, decode_responses=False)


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
        text = self._client.get(self._name("token", key))
        return None if text is None else Token.from_json(json.loads(text))

    def save(self, key: TokenKey, token: Token, /) -> None:
        """Keep a token. How far it survives a crash is up to the server's settings."""
        with self._client.pipeline(transaction=True) as pipe:
            pipe.set(self._name("token", key), json.dumps(token.to_json()))
            pipe.sadd(f"{self._prefix}tokens", describe(key))
            pipe.execute()

    def delete(self, key: TokenKey, /) -> None:
        """Forget a token."""
        with self._client.pipeline(transaction=True) as pipe:
            pipe.delete(self._name("token", key))
            pipe.srem(f"{self._prefix}tokens", describe(key))
            pipe.execute()

    def list(self, client_id: int | None = None, /) -> builtins.list[TokenKey]:
        """Return the keys that are kept."""
        keys = []
        for member in self._client.smembers(f"{self._prefix}tokens"):
            name = member.decode() if isinstance(member, bytes) else member
            keys.append(TokenKey(*map(int, name.split(":"))))
        return sorted(k for k in keys if client_id is None or k.client_id == client_id)

    @contextmanager
    def lock(self, key: TokenKey, /, timeout: float | None = None) -> Iterator[None]:
        """Hold the right to refresh this token, against all machines."""
        name = self._name("lock", key)
        holder = secrets.token_hex(16)
        milliseconds = int(self._lock_seconds * 1000)

        def attempt() -> bool:
            return bool(self._client.set(name, holder, nx=True, px=milliseconds))

        poll(attempt, timeout, describe(key))
        try:
            yield
        finally:
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
        self._guard = threading.Lock()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} prefix={self._prefix!r}>"

    def update(self, key: str, change: Callable[[Limits], R], /) -> R:
        """Apply ``change`` to the state under ``key``: read, decide, exchange."""
        name = f"{self._prefix}limits:{key}"
        with self._guard:
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
