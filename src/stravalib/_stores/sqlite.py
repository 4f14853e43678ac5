"""Tokens and counts in a SQLite file, shared by processes of one machine."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from stravalib._core.limits import Limits
from stravalib._core.tokens import TokenKey
from stravalib._stores.base import describe, read_token
from stravalib._stores.forks import FORK_PATIENCE, watch
from stravalib._stores.locks import (
    close_to_others,
    create_private_file,
    data_folder,
    file_lock,
    key_lock_path,
    real_path,
)
from stravalib.exc import StoreFailed

if TYPE_CHECKING:
    import builtins
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from stravalib._core.tokens import Token

R = TypeVar("R")

# Seconds to wait for another process's transaction; each takes well under a
# millisecond.
BUSY_TIMEOUT = 60.0

TOKENS = """
CREATE TABLE IF NOT EXISTS tokens (
    client_id INTEGER NOT NULL,
    athlete_id INTEGER NOT NULL,
    token TEXT NOT NULL,
    PRIMARY KEY (client_id, athlete_id)
) WITHOUT ROWID
"""
LIMITS = "CREATE TABLE IF NOT EXISTS limits (key TEXT PRIMARY KEY, state TEXT NOT NULL)"


class Database:
    """One connection, used by one thread at a time and by one process only.

    Parameters
    ----------
    path, schema
        The file, and the statement that makes its table.
    synchronous
        SQLite's word for what survives a power cut.
    advice
        What to do where the file is none of ours.
    private
        Whether a file that others may read is taken away from them.
    """

    def __init__(
        self, path: Path, schema: str, synchronous: str, advice: str, *, private: bool
    ) -> None:
        self.path = path
        self._schema = schema
        self._synchronous = synchronous
        self._advice = advice
        self._private = private
        self._connection: sqlite3.Connection | None = None
        self._process = 0
        # Connections of the parent process: neither used nor closed after a fork.
        self._inherited: list[sqlite3.Connection] = []
        self._guard = threading.Lock()
        self._held = False
        watch(self)

    def _before_fork(self) -> None:
        """Wait for the end of a transaction: SQLite has locks of its own."""
        self._held = self._guard.acquire(timeout=FORK_PATIENCE)

    def _after_fork(self, *, child: bool) -> None:
        """Go on, in the child with a free lock; `_open` makes a new connection."""
        if child:
            self._guard = threading.Lock()
        elif self._held:
            self._guard.release()
        self._held = False

    @contextmanager
    def transaction(self, *, write: bool) -> Iterator[sqlite3.Connection]:
        """Begin, and commit or roll back.

        Raises
        ------
        StoreFailed
            SQLite could not do it: the disk is full, the file is locked or damaged.
        """
        with self._guard:
            try:
                connection = self._open()
                connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
                try:
                    yield connection
                except BaseException:
                    with suppress(sqlite3.Error):
                        connection.execute("ROLLBACK")
                    raise
                connection.execute("COMMIT")
            except sqlite3.Error as error:
                raise StoreFailed(f"{self.path}: {error}") from error

    def _open(self) -> sqlite3.Connection:
        process = os.getpid()
        if self._connection is not None and self._process == process:
            return self._connection
        if self._connection is not None:
            self._inherited.append(self._connection)
        create_private_file(self.path)
        if self._private:
            for ending in ("", "-wal", "-shm"):
                close_to_others(self.path.with_name(self.path.name + ending))
        connection = sqlite3.connect(
            self.path,
            timeout=BUSY_TIMEOUT,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            self._prepare(connection)
        except sqlite3.OperationalError:
            connection.close()
            raise
        except sqlite3.DatabaseError:
            connection.close()
            message = f"{self.path} is not an SQLite file; {self._advice}"
            raise StoreFailed(message) from None
        except BaseException:
            connection.close()
            raise
        self._connection, self._process = connection, process
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        """Set the file up; several processes may do so at the same moment."""
        deadline = time.monotonic() + BUSY_TIMEOUT
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute(f"PRAGMA synchronous = {self._synchronous}")
                connection.execute(self._schema)
            except sqlite3.OperationalError as error:
                # The change to WAL does not wait for other connections by itself.
                if "locked" not in str(error) or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
            else:
                return

    def close(self) -> None:
        """Close the connection; the next use opens another."""
        with self._guard:
            if self._connection is not None and self._process == os.getpid():
                self._connection.close()
                self._connection = None

    def __del__(self) -> None:
        connection = getattr(self, "_connection", None)
        if connection is not None and self._process == os.getpid():
            connection.close()


class SQLiteTokenStore:
    """Keep tokens in a SQLite file that only its owner can read.

    Parameters
    ----------
    path
        The file; by default ``tokens.sqlite`` in the user's own data folder.
    """

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        self.path = (
            data_folder() / "tokens.sqlite" if path is None else Path(path).expanduser()
        )
        # FULL: a rotated refresh token must survive a power cut.
        self._database = Database(
            self.path,
            TOKENS,
            "FULL",
            "name another one, or move it away and log in again (`stravalib login`)",
            private=True,
        )

    def _locks(self) -> Path:
        path = real_path(self.path)
        return path.with_name(f".{path.name}.locks")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self.path)!r})"

    def load(self, key: TokenKey, /) -> Token | None:
        """Return the token kept under ``key``."""
        with self._database.transaction(write=False) as connection:
            row = connection.execute(
                "SELECT token FROM tokens WHERE client_id = ? AND athlete_id = ?", key
            ).fetchone()
        return None if row is None else read_token(row[0], str(self.path), key)

    def save(self, key: TokenKey, token: Token, /) -> None:
        """Keep a token; once this returns, it survives a crash."""
        with self._database.transaction(write=True) as connection:
            connection.execute(
                "INSERT OR REPLACE INTO tokens VALUES (?, ?, ?)",
                (*key, json.dumps(token.to_json())),
            )

    def delete(self, key: TokenKey, /) -> None:
        """Forget a token."""
        with self._database.transaction(write=True) as connection:
            connection.execute(
                "DELETE FROM tokens WHERE client_id = ? AND athlete_id = ?", key
            )

    def list(self, client_id: int | None = None, /) -> builtins.list[TokenKey]:
        """Return the keys that are kept."""
        with self._database.transaction(write=False) as connection:
            rows = connection.execute(
                "SELECT client_id, athlete_id FROM tokens ORDER BY 1, 2"
            ).fetchall()
        keys = [TokenKey(*row) for row in rows]
        return [k for k in keys if client_id is None or k.client_id == client_id]

    def lock(
        self, key: TokenKey, /, timeout: float | None = None
    ) -> AbstractContextManager[None]:
        """Hold the right to refresh this token, against all processes.

        A file lock beside the database: no transaction stays open during a refresh,
        and the lock ends with its holder.
        """
        return file_lock(key_lock_path(self._locks(), key), timeout, describe(key))

    def close(self) -> None:
        """Close the database."""
        self._database.close()


class SQLiteLedger:
    """Count requests in a SQLite file, for all processes that open it.

    Parameters
    ----------
    path
        The file; by default ``limits.sqlite`` in the user's own data folder. It must
        lie on a local disk: SQLite's locks do not work on network drives.
    """

    blocking = True

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        self.path = (
            data_folder() / "limits.sqlite" if path is None else Path(path).expanduser()
        )
        # It holds counts: others may be meant to read it.
        self._database = Database(
            self.path,
            LIMITS,
            "NORMAL",
            "name another one, or delete it: counting begins anew",
            private=False,
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self.path)!r})"

    def update(self, key: str, change: Callable[[Limits], R], /) -> R:
        """Apply ``change`` to the state under ``key``, in one short transaction."""
        with self._database.transaction(write=True) as connection:
            row = connection.execute(
                "SELECT state FROM limits WHERE key = ?", (key,)
            ).fetchone()
            state = Limits.load(None if row is None else json.loads(row[0]))
            result = change(state)
            connection.execute(
                "INSERT OR REPLACE INTO limits VALUES (?, ?)",
                (key, json.dumps(state.dump(), separators=(",", ":"))),
            )
        return result

    def close(self) -> None:
        """Close the database."""
        self._database.close()
