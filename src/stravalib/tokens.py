"""Tokens and where to keep them.

Every store has the five methods of `TokenStore`; write your own where none fits.
See https://developers.strava.com/docs/authentication/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stravalib._core.tokens import Token, TokenKey
from stravalib._stores.base import LockBusy, TokenStore

if TYPE_CHECKING:
    from stravalib._stores.file import FileTokenStore
    from stravalib._stores.keyring import KeyringTokenStore
    from stravalib._stores.memory import MemoryTokenStore
    from stravalib._stores.postgres import PostgresTokenStore
    from stravalib._stores.redis import RedisTokenStore
    from stravalib._stores.sqlite import SQLiteTokenStore

__all__ = [
    "FileTokenStore",
    "KeyringTokenStore",
    "LockBusy",
    "MemoryTokenStore",
    "PostgresTokenStore",
    "RedisTokenStore",
    "SQLiteTokenStore",
    "Token",
    "TokenKey",
    "TokenStore",
]

_ROOMS = {
    "FileTokenStore": "file",
    "KeyringTokenStore": "keyring",
    "MemoryTokenStore": "memory",
    "PostgresTokenStore": "postgres",
    "RedisTokenStore": "redis",
    "SQLiteTokenStore": "sqlite",
}

for _public in (Token, TokenKey, TokenStore, LockBusy):
    _public.__module__ = __name__
del _public


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        from importlib import import_module

        found = getattr(import_module(f"stravalib._stores.{_ROOMS[name]}"), name)
        found.__module__ = __name__
        globals()[name] = found
        return found
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    return __all__
