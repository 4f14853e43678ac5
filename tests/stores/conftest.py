"""Every store and every ledger, made anew for each test."""

from __future__ import annotations

import secrets
from contextlib import closing

import pytest
from services import KINDS, clean_redis, postgres_address, redis_client

from stravalib.limits import MemoryLedger, RedisLedger, SQLiteLedger
from stravalib.tokens import (
    FileTokenStore,
    KeyringTokenStore,
    MemoryTokenStore,
    PostgresTokenStore,
    RedisTokenStore,
    SQLiteTokenStore,
)


class Shelf:
    """A keyring backend that keeps passwords in a dict."""

    def __init__(self):
        self.passwords = {}

    def get_password(self, service, username):
        return self.passwords.get((service, username))

    def set_password(self, service, username, password):
        self.passwords[service, username] = password

    def delete_password(self, service, username):
        del self.passwords[service, username]


@pytest.fixture
def make_store(tmp_path):
    """Return a function that opens the store of a kind; again and it is the same."""
    undo = []
    shelf = Shelf()
    tag = secrets.token_hex(6)

    def make(kind):
        if kind == "memory":
            return MemoryTokenStore()
        if kind == "file":
            return FileTokenStore(tmp_path / "deep" / "tokens.json")
        if kind == "sqlite":
            store = SQLiteTokenStore(tmp_path / "deep" / "tokens.sqlite")
            undo.append(store.close)
            return store
        if kind == "keyring":
            return KeyringTokenStore(
                backend=shelf, lock_folder=tmp_path / "keyring-locks"
            )
        if kind == "redis":
            client, prefix = redis_client(), f"stravalib-test-{tag}:"
            undo.append(lambda: clean_redis(client, prefix))
            return RedisTokenStore(client, prefix=prefix)
        address, table = postgres_address(), f"stravalib_test_{tag}"

        def drop():
            import psycopg

            with psycopg.connect(address) as connection:
                connection.execute(f"DROP TABLE IF EXISTS {table}")

        undo.append(drop)
        return PostgresTokenStore(address, table=table)

    yield make
    for step in undo:
        step()


@pytest.fixture(params=KINDS)
def store(request, make_store):
    return make_store(request.param)


LEDGERS = ["memory", "sqlite", pytest.param("redis", marks=pytest.mark.service)]


@pytest.fixture(params=LEDGERS)
def ledger(request, tmp_path):
    if request.param == "memory":
        yield MemoryLedger()
    elif request.param == "sqlite":
        with closing(SQLiteLedger(tmp_path / "limits.sqlite")) as opened:
            yield opened
    else:
        client, prefix = redis_client(), f"stravalib-test-{secrets.token_hex(6)}:"
        yield RedisLedger(client, prefix=prefix)
        clean_redis(client, prefix)
