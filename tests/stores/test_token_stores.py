"""One contract for all token stores."""

from __future__ import annotations

import json
import multiprocessing
import stat
import sys
import threading
from pathlib import Path

import pytest
from services import SHARED

from stravalib.exc import AuthError
from stravalib.tokens import (
    FileTokenStore,
    KeyringTokenStore,
    LockBusy,
    PostgresTokenStore,
    RedisTokenStore,
    SQLiteTokenStore,
    Token,
    TokenKey,
)

KEY = TokenKey(12, 7)
TOKEN = Token("access-secret", "refresh-secret", 1.5e9, "read,activity:read", 7, 12)


def test_an_empty_store(store):
    assert store.load(KEY) is None
    assert store.list() == []
    store.delete(KEY)


def test_what_is_saved_is_loaded(store):
    store.save(KEY, TOKEN)
    assert store.load(KEY) == TOKEN
    assert store.load(TokenKey(12, 8)) is None
    assert store.load(TokenKey(13, 7)) is None


def test_saving_again_replaces(store):
    store.save(KEY, TOKEN)
    other = TOKEN.replace(access_token="b", refresh_token="c", scopes=None)
    store.save(KEY, other)
    assert store.load(KEY) == other
    assert store.list() == [KEY]


def test_tokens_with_nothing_but_an_access_token(store):
    store.save(KEY, Token("a"))
    assert store.load(KEY) == Token("a")


def test_deleting(store):
    store.save(KEY, TOKEN)
    store.save(TokenKey(12, 8), TOKEN)
    store.delete(KEY)
    assert store.load(KEY) is None
    assert store.list() == [TokenKey(12, 8)]
    store.delete(KEY)


def test_listing_by_application(store):
    big = 2**53 + 1
    for client, athlete in [(12, 70), (12, 8), (2, big), (12, 7)]:
        store.save(TokenKey(client, athlete), TOKEN)
    assert store.list() == [(2, big), (12, 7), (12, 8), (12, 70)]
    assert store.list(12) == [(12, 7), (12, 8), (12, 70)]
    assert store.list(2)[0].athlete_id == big
    assert store.list(99) == []


def test_no_secret_in_the_text(store):
    store.save(KEY, TOKEN)
    assert "-secret" not in repr(store)


def test_the_lock_excludes_threads(store):
    inside, most, errors = [], [], []

    def work():
        try:
            for _ in range(5):
                with store.lock(KEY):
                    inside.append(1)
                    most.append(len(inside))
                    inside.pop()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert most == [1] * 20


def test_the_lock_is_busy(store):
    with store.lock(KEY):
        with pytest.raises(LockBusy, match="not free within 0 s"), store.lock(KEY, 0):
            raise AssertionError("two hold the lock")
        with pytest.raises(TimeoutError), store.lock(KEY, timeout=0.05):
            raise AssertionError("two hold the lock")
        with store.lock(TokenKey(12, 8), 0):
            pass
    with store.lock(KEY, 0):
        pass


def test_the_lock_is_free_after_an_error(store):
    with pytest.raises(KeyError), store.lock(KEY):
        raise KeyError
    with store.lock(KEY, 0):
        pass


def test_another_thread_may_release(store):
    lock = store.lock(KEY)
    lock.__enter__()
    thread = threading.Thread(target=lock.__exit__, args=(None, None, None))
    thread.start()
    thread.join()
    with store.lock(KEY, 0):
        pass


def test_saving_and_loading_at_the_same_time(store):
    errors = []

    def write(number):
        try:
            for turn in range(10):
                key = TokenKey(12, number)
                store.save(key, TOKEN.replace(expires_at=float(turn)))
                assert store.load(key).expires_at == turn
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert store.list() == [(12, 0), (12, 1), (12, 2), (12, 3)]


def _hold(make, kind, begun, end):
    store = make(kind)
    with store.lock(KEY):
        begun.set()
        end.wait(20)
        store.save(KEY, TOKEN)


@pytest.mark.parametrize("kind", SHARED)
def test_processes_share_it(make_store, kind):
    fork = multiprocessing.get_context("fork")
    store = make_store(kind)
    begun, end = fork.Event(), fork.Event()
    process = fork.Process(target=_hold, args=(make_store, kind, begun, end))
    process.start()
    try:
        assert begun.wait(20)
        with pytest.raises(LockBusy), store.lock(KEY, 0):
            raise AssertionError("two processes hold the lock")
        end.set()
        with store.lock(KEY, 20):
            assert store.load(KEY) == TOKEN
    finally:
        end.set()
        process.join()
    assert process.exitcode == 0


@pytest.mark.parametrize("kind", ["file", "sqlite", SHARED[-1]])
def test_the_lock_ends_with_its_holder(make_store, kind):
    fork = multiprocessing.get_context("fork")
    store = make_store(kind)
    begun, end = fork.Event(), fork.Event()
    process = fork.Process(target=_hold, args=(make_store, kind, begun, end))
    process.start()
    assert begun.wait(20)
    process.kill()
    process.join()
    with store.lock(KEY, 20):
        assert store.load(KEY) is None


# -- files ---------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["file", "sqlite"])
def test_only_the_owner_may_read(make_store, kind):
    store = make_store(kind)
    store.save(KEY, TOKEN)
    with store.lock(KEY):
        folder = store.path.parent
        for path in [folder, *folder.rglob("*")]:
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_the_file_is_json(tmp_path):
    store = FileTokenStore(tmp_path / "t.json")
    store.save(KEY, TOKEN)
    data = json.loads((tmp_path / "t.json").read_text())
    assert data["tokens"]["12:7"]["refresh_token"] == "refresh-secret"


def test_an_open_file_becomes_private(tmp_path):
    path = tmp_path / "t.json"
    path.write_text('{"version": 1, "tokens": {}}')
    path.chmod(0o644)
    FileTokenStore(path).save(KEY, TOKEN)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", '{"version": 9, "tokens": {}}', '{"version": 1, "tokens": 0}'],
)
def test_a_broken_file_is_told_without_its_content(tmp_path, content):
    path = tmp_path / "t.json"
    path.write_text(content + " refresh-secret")
    store = FileTokenStore(path)
    with pytest.raises(AuthError, match="not a token file") as caught:
        store.load(KEY)
    assert "stravalib login" in str(caught.value)
    assert "refresh-secret" not in str(caught.value)
    with pytest.raises(AuthError):
        store.save(KEY, TOKEN)
    assert path.read_text() == content + " refresh-secret"


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    store = FileTokenStore(tmp_path / "t.json")
    store.save(KEY, TOKEN)

    def fail(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="No space"):
        store.save(KEY, TOKEN.replace(access_token="b"))
    monkeypatch.undo()
    assert store.load(KEY) == TOKEN
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["t.json"]


def test_the_default_is_the_users_own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr("platformdirs.user_data_path", lambda *a, **k: tmp_path / "x")
    assert FileTokenStore().path == tmp_path / "x" / "tokens.json"
    assert SQLiteTokenStore().path == tmp_path / "x" / "tokens.sqlite"


def test_a_home_folder_is_expanded(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert FileTokenStore("~/t.json").path == tmp_path / "t.json"


def test_a_system_without_a_keyring_is_told(tmp_path, monkeypatch):
    keyring = pytest.importorskip("keyring")
    from keyring.backends import fail

    monkeypatch.setattr(keyring, "get_keyring", fail.Keyring)
    with pytest.raises(AuthError, match="FileTokenStore"):
        KeyringTokenStore(lock_folder=tmp_path).load(KEY)


@pytest.mark.parametrize("table", ["a; drop table b", "A", "a.b.c", "", '"a"'])
def test_a_table_name_is_a_plain_name(table):
    with pytest.raises(ValueError, match="is not a plain name"):
        PostgresTokenStore("", table=table)


@pytest.mark.parametrize(
    ("module", "use"),
    [
        ("redis", RedisTokenStore),
        ("psycopg", lambda: PostgresTokenStore("dbname=none").load(KEY)),
        ("keyring", lambda: KeyringTokenStore(lock_folder=Path("x")).load(KEY)),
    ],
)
def test_a_missing_library_names_the_extra(monkeypatch, module, use):
    monkeypatch.setitem(sys.modules, module, None)
    extra = {"psycopg": "postgres"}.get(module, module)
    with pytest.raises(ImportError, match=rf'pip install "stravalib\[{extra}\]"'):
        use()


def test_a_file_that_is_no_database_is_named(tmp_path):
    from stravalib.exc import AuthError
    from stravalib.tokens import SQLiteTokenStore

    path = tmp_path / "tokens.db"
    path.write_bytes(b"not a database at all, but long enough to be read as one" * 40)
    with pytest.raises(AuthError, match=r"tokens\.db is not an SQLite file"):
        SQLiteTokenStore(path).list()
