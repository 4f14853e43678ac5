"""Stores that are damaged, open to others, out of reach or locked by somebody."""

from __future__ import annotations

import json
import logging
import os
import pickle
import socket
import sqlite3
import stat
import traceback

import pytest
from services import postgres_address, redis_client

from stravalib.exc import StoreFailed, StravalibError
from stravalib.limits import RedisLedger, SQLiteLedger
from stravalib.tokens import (
    FileTokenStore,
    KeyringTokenStore,
    PostgresTokenStore,
    RedisTokenStore,
    SQLiteTokenStore,
    Token,
    TokenKey,
)

KEY = TokenKey(12, 7)
TOKEN = Token("access-secret", "refresh-secret", 1.5e9, "read", 7, 12, "0123")


def whole(error):
    """Return all that a crash report could show of an error."""
    chain, seen = error, []
    while chain is not None:
        seen.append(f"{chain!r} {chain} {vars(chain)}")
        chain = chain.__cause__ or chain.__context__
    return "".join(traceback.format_exception(error)) + repr(seen)


def test_the_origin_is_kept(store):
    store.save(KEY, TOKEN)
    assert store.load(KEY).origin == "0123"
    assert pickle.loads(pickle.dumps(TOKEN)).origin == "0123"


# -- damage ------------------------------------------


@pytest.mark.parametrize(
    "entry",
    [
        {},
        "x",
        [],
        5,
        {"access_token": "SECRET", "expires_at": "tomorrow"},
        {"access_token": "SECRET", "scopes": 5},
    ],
)
def test_a_damaged_entry_names_file_and_key(tmp_path, entry):
    path = tmp_path / "t.json"
    path.write_text(json.dumps({"version": 1, "tokens": {"12:7": entry}}))
    store = FileTokenStore(path)
    with pytest.raises(StoreFailed, match=r"t\.json: the entry 12:7 is damaged") as it:
        store.load(KEY)
    assert "SECRET" not in whole(it.value)
    store.save(KEY, TOKEN)  # and a login repairs it
    assert store.load(KEY) == TOKEN


def test_a_damaged_key_names_the_file(tmp_path):
    path = tmp_path / "t.json"
    path.write_text(json.dumps({"version": 1, "tokens": {"abc": {}}}))
    with pytest.raises(StoreFailed, match=r"t\.json: the entry 'abc'"):
        FileTokenStore(path).list()


def test_a_damaged_row_does_not_show_the_token(tmp_path):
    path = tmp_path / "t.sqlite"
    store = SQLiteTokenStore(path)
    store.save(KEY, TOKEN)
    store.close()
    connection = sqlite3.connect(path)
    connection.execute('UPDATE tokens SET token = \'{"access_token":"access-secret\'')
    connection.commit()
    connection.close()
    with pytest.raises(StoreFailed, match=r"t\.sqlite: the entry 12:7") as caught:
        store.load(KEY)
    assert "access-secret" not in whole(caught.value)
    store.close()


def test_a_ledger_that_is_no_database_does_not_ask_for_a_login(tmp_path):
    path = tmp_path / "limits.sqlite"
    path.write_bytes(b"garbage" * 1000)
    with pytest.raises(StoreFailed, match="counting begins anew") as caught:
        SQLiteLedger(path).update("k", lambda limits: None)
    assert "login" not in str(caught.value)


@pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")
def test_a_database_that_cannot_be_written_is_typed(tmp_path):
    path = tmp_path / "t.sqlite"
    store = SQLiteTokenStore(path)
    store.save(KEY, TOKEN)
    store._database._connection.execute("PRAGMA query_only = 1")
    with pytest.raises(StoreFailed, match=r"t\.sqlite: attempt to write"):
        store.save(KEY, TOKEN)
    store.close()


# -- who may read ------------------------------------------


@pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")
class TestModes:
    def test_a_file_is_closed_to_others_when_it_is_read(self, tmp_path, caplog):
        path = tmp_path / "t.json"
        store = FileTokenStore(path)
        store.save(KEY, TOKEN)
        path.chmod(0o644)
        with caplog.at_level(logging.WARNING, "stravalib.tokens"):
            assert store.load(KEY) == TOKEN
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert "was open to other users" in caplog.text

    def test_a_database_is_closed_to_others_with_its_journal(self, tmp_path):
        path = tmp_path / "t.sqlite"
        other = SQLiteTokenStore(path)
        other.save(KEY, TOKEN)
        names = [path.with_name(path.name + end) for end in ("", "-wal", "-shm")]
        for name in names:
            name.chmod(0o644)
        store = SQLiteTokenStore(path)
        assert store.load(KEY) == TOKEN
        assert [stat.S_IMODE(n.stat().st_mode) for n in names] == [0o600] * 3
        store.close()
        other.close()

    def test_counts_may_be_read_by_others(self, tmp_path):
        path = tmp_path / "limits.sqlite"
        path.touch()
        path.chmod(0o660)
        ledger = SQLiteLedger(path)
        ledger.update("k", lambda limits: None)
        assert stat.S_IMODE(path.stat().st_mode) == 0o660
        ledger.close()

    def test_a_folder_keeps_its_mode(self, tmp_path):
        folder = tmp_path / "folder"
        folder.mkdir(mode=0o755)
        with pytest.raises(IsADirectoryError):
            FileTokenStore(folder).load(KEY)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o755

    def test_a_strangers_file_is_left_alone(self, tmp_path, monkeypatch):
        path = tmp_path / "t.json"
        store = FileTokenStore(path)
        store.save(KEY, TOKEN)
        path.chmod(0o644)
        monkeypatch.setattr("os.geteuid", lambda: path.stat().st_uid + 1)
        store.load(KEY)
        assert stat.S_IMODE(path.stat().st_mode) == 0o644


# -- links ------------------------------------------


@pytest.fixture
def link(tmp_path):
    real = tmp_path / "real" / "t"
    real.parent.mkdir()
    made = tmp_path / "elsewhere" / "link"
    made.parent.mkdir()
    try:
        made.symlink_to(real)
    except OSError:
        pytest.skip("no links here")
    return made, real


@pytest.mark.parametrize("kind", [FileTokenStore, SQLiteTokenStore])
def test_a_link_stays_a_link_and_shares_the_lock(link, kind):
    through, real = kind(link[0]), kind(link[1])
    through.save(KEY, TOKEN)
    assert link[0].is_symlink()
    assert real.load(KEY) == TOKEN
    with through.lock(KEY), pytest.raises(TimeoutError), real.lock(KEY, 0):
        raise AssertionError("two hold the lock")
    for store in (through, real):
        getattr(store, "close", lambda: None)()


# -- servers that are not there ------------------------------------------


def test_an_address_of_redis_is_not_shown():
    pytest.importorskip("redis")
    for address in ("redi://:hunter2@h/0", "redis://:hunter2/x@h:1/0"):
        with pytest.raises(ValueError, match="address of Redis") as caught:
            RedisTokenStore(address)
        assert "hunter2" not in f"{caught.value!r} {caught.value.__context__!r}"


@pytest.mark.parametrize("make", [RedisTokenStore, RedisLedger])
def test_no_redis_is_typed(make):
    pytest.importorskip("redis")
    store = make("redis://:hunter2@127.0.0.1:1/0")
    use = store.load if make is RedisTokenStore else store.update
    arguments = (KEY,) if make is RedisTokenStore else ("k", lambda limits: None)
    with pytest.raises(StoreFailed, match="Redis failed") as caught:
        use(*arguments)
    assert isinstance(caught.value, StravalibError)
    assert "hunter2" not in whole(caught.value).replace(str(store), "")
    store.close()


def test_servers_have_a_time_limit():
    redis = pytest.importorskip("redis")
    store = RedisTokenStore("redis://127.0.0.1:1/0")
    options = store._client.connection_pool.connection_kwargs
    assert options["socket_timeout"] == options["socket_connect_timeout"] == 10.0
    store.close()
    own = RedisTokenStore("redis://127.0.0.1:1/0?socket_timeout=3")
    assert own._client.connection_pool.connection_kwargs["socket_timeout"] == 3.0
    own.close()
    assert redis.Redis


@pytest.mark.service
def test_a_damaged_entry_of_redis(make_store):
    redis_client().close()
    store = make_store("redis")
    store._client.set(store._name("token", KEY), '{"access_token": "access-secret')
    with pytest.raises(StoreFailed, match="the entry 12:7 is damaged") as caught:
        store.load(KEY)
    assert "access-secret" not in whole(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "postgres//u:hunter2@127.0.0.1/x",
        "postgresql://u:hunt er2@127.0.0.1:x/y",
        "password=hunter2 what",
    ],
)
def test_an_address_of_postgres_is_not_shown(address):
    pytest.importorskip("psycopg")
    store = PostgresTokenStore(address)
    with pytest.raises(StoreFailed, match="address of PostgreSQL") as caught:
        store.load(KEY)
    assert "hunt" not in whole(caught.value)


def test_no_postgres_is_typed():
    pytest.importorskip("psycopg")
    store = PostgresTokenStore("postgresql://u:hunter2@127.0.0.1:1/x")
    with pytest.raises(StoreFailed, match="PostgreSQL failed") as caught:
        store.load(KEY)
    assert "hunter2" not in whole(caught.value)


def test_a_silent_postgres_has_a_time_limit(monkeypatch):
    psycopg = pytest.importorskip("psycopg")
    seen = []

    def connect(**values):
        seen.append(values)
        raise psycopg.OperationalError("password was hunter2")

    monkeypatch.setattr(psycopg, "connect", connect)
    for address in (
        "postgresql://u:hunter2@h/x",
        "postgresql://u:hunter2@h/x?connect_timeout=3",
    ):
        with pytest.raises(StoreFailed, match=r"password was \*\*\*") as caught:
            PostgresTokenStore(address).load(KEY)
        assert "hunter2" not in whole(caught.value)
    monkeypatch.setenv("PGCONNECT_TIMEOUT", "4")
    with pytest.raises(StoreFailed):
        PostgresTokenStore("postgresql://h/x").load(KEY)
    assert [values.get("connect_timeout") for values in seen] == [10, "3", None]


@pytest.mark.service
def test_an_error_of_postgres_is_typed():
    store = PostgresTokenStore(postgres_address(), table="pg_catalog.pg_class")
    with pytest.raises(StoreFailed, match="PostgreSQL failed"):
        store.load(KEY)


def test_a_locked_keyring_is_typed(tmp_path):
    errors = pytest.importorskip("keyring.errors")

    class Locked:
        def get_password(self, *arguments):
            raise errors.KeyringLocked("Failed to unlock the collection!")

        set_password = delete_password = get_password

    store = KeyringTokenStore(backend=Locked(), lock_folder=tmp_path)
    for use in (store.load, store.delete):
        with pytest.raises(StoreFailed, match="Failed to unlock"):
            use(KEY)
    with pytest.raises(StoreFailed, match="Failed to unlock"):
        store.save(KEY, TOKEN)


# -- locks that stay taken ------------------------------------------


def test_a_write_lock_that_stays_taken_is_told(tmp_path, monkeypatch):
    from stravalib._stores.locks import file_lock

    monkeypatch.setattr("stravalib._stores.file.WRITE_TIMEOUT", 0.0)
    store = FileTokenStore(tmp_path / "t.json")
    store.save(KEY, TOKEN)
    path = tmp_path / ".t.json.locks" / "write.lock"
    with file_lock(path, None, "x"), pytest.raises(StoreFailed, match=r"write\.lock"):
        store.save(KEY, TOKEN)


def test_a_silent_redis_is_not_waited_for(monkeypatch):
    pytest.importorskip("redis")
    monkeypatch.setattr("stravalib._stores.redis.TIMEOUT", 0.05)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        store = RedisTokenStore(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        with pytest.raises(StoreFailed, match="TimeoutError"):
            store.load(KEY)
        store.close()
