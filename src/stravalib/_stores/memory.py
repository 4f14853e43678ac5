"""Tokens and counts of one process."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from stravalib._core.limits import Limits
from stravalib._stores.base import LockBusy, describe
from stravalib._stores.forks import FORK_PATIENCE, watch

if TYPE_CHECKING:
    import builtins
    from collections.abc import Callable, Iterator

    from stravalib._core.tokens import Token, TokenKey

R = TypeVar("R")


class MemoryTokenStore:
    """Keep tokens until the process ends: for tests and short scripts."""

    def __init__(self) -> None:
        self._tokens: dict[TokenKey, Token] = {}
        self._locks: dict[TokenKey, threading.Lock] = {}
        self._guard = threading.Lock()
        watch(self)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} with {len(self._tokens)} tokens>"

    def _before_fork(self) -> None:
        """Do nothing: what is done under the lock is short."""

    def _after_fork(self, *, child: bool) -> None:
        """Begin with free locks in the child."""
        if child:
            self._locks = {}
            self._guard = threading.Lock()

    def load(self, key: TokenKey, /) -> Token | None:
        """Return the token kept under ``key``."""
        return self._tokens.get(key)

    def save(self, key: TokenKey, token: Token, /) -> None:
        """Keep a token."""
        with self._guard:
            self._tokens[key] = token

    def delete(self, key: TokenKey, /) -> None:
        """Forget a token."""
        with self._guard:
            self._tokens.pop(key, None)

    def list(self, client_id: int | None = None, /) -> builtins.list[TokenKey]:
        """Return the keys that are kept."""
        with self._guard:
            return sorted(
                key
                for key in self._tokens
                if client_id is None or key.client_id == client_id
            )

    @contextmanager
    def lock(self, key: TokenKey, /, timeout: float | None = None) -> Iterator[None]:
        """Hold the right to refresh this token, against all threads."""
        with self._guard:
            lock = self._locks.setdefault(key, threading.Lock())
        if not lock.acquire(timeout=-1 if timeout is None else timeout):
            message = f"the lock of {describe(key)} was not free within {timeout:g} s"
            raise LockBusy(message)
        try:
            yield
        finally:
            lock.release()


class MemoryLedger:
    """Count the requests of this process, all its threads and tasks."""

    blocking = False

    def __init__(self) -> None:
        self._states: dict[str, Limits] = {}
        self._guard = self.guard = threading.Lock()
        self._held = False
        watch(self)

    def _before_fork(self) -> None:
        """Wait for the end of a change: half of one would be counted on."""
        self._held = self.guard.acquire(timeout=FORK_PATIENCE)

    def _after_fork(self, *, child: bool) -> None:
        """Go on, in the child with a free lock."""
        if child:
            self._guard = self.guard = threading.Lock()
        elif self._held:
            self.guard.release()
        self._held = False

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self._states)} applications>"

    def update(self, key: str, change: Callable[[Limits], R], /) -> R:
        """Apply ``change`` to the state under ``key``, atomically."""
        with self._guard:
            return change(self.state(key))

    def state(self, key: str) -> Limits:
        """Return the state under ``key``; only while holding ``guard``."""
        state = self._states.get(key)
        if state is None:
            state = self._states[key] = Limits()
        return state

    def close(self) -> None:
        """Do nothing; there is nothing to give back."""
