"""Connections to one SQLite file: one a thread, transactions, errors in words."""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stravalib.archive import migrations
from stravalib.archive.errors import (
    ArchiveBusy,
    ArchiveError,
    ArchiveFull,
    ArchiveReadOnly,
    NotAnArchive,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence


class Connections:
    """The connections of one process; threads and processes may share the file."""

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        read_only: bool,
        busy_timeout: float,
        clock: Callable[[], float],
    ) -> None:
        self.path = Path(path).expanduser()
        self.files = self.path.with_name(self.path.stem + "-files")
        self.read_only = read_only
        self._busy = busy_timeout
        self._clock = clock
        self._local = threading.local()
        self._lock = threading.Lock()
        self._open: list[sqlite3.Connection] = []
        if not self.path.exists():
            if read_only:
                raise NotAnArchive(
                    f"no archive at {self.path}: nothing to read there yet"
                )
            self._create()

    @property
    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None
        connection = getattr(self._local, "connection", None)
        if connection is None:
            with self._errors():
                connection = self._connect()
            self._local.connection = connection
            with self._lock:
                self._open.append(connection)
        return connection

    def _create(self) -> None:
        """Make the file, readable by its owner only: tracks show where people live."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        except OSError as error:
            raise ArchiveReadOnly(
                f"cannot make {self.path}: {error.strerror}. Choose a folder that you"
                " may write to"
            ) from error

    def _connect(self) -> sqlite3.Connection:
        uri = self.path.absolute().as_uri()
        if self.read_only:
            # Without leave to write beside the file there can be no shared memory;
            # nobody writes there then, so the file may be taken as it stands.
            effective = os.access in os.supports_effective_ids
            frozen = not os.access(self.path.parent, os.W_OK, effective_ids=effective)
            uri += "?mode=ro" + ("&immutable=1" if frozen else "")
        else:
            uri += "?mode=rw"
        connection = sqlite3.connect(
            uri,
            uri=True,
            timeout=self._busy,
            isolation_level=None,
            check_same_thread=False,
        )
        connection.execute("PRAGMA foreign_keys = ON")
        if not self.read_only:
            migrations.version_of(connection)  # before anything is written
            if not connection.execute("PRAGMA page_count").fetchone()[0]:
                connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")
        return connection

    def close(self) -> None:
        """Close every connection; the WAL goes back into the file."""
        with self._lock:
            while self._open:
                self._open.pop().close()
        self._local = threading.local()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Turn what SQLite says into errors that say what to do next."""
        try:
            yield
        except sqlite3.Error as error:
            raise self._explain(error) from error

    def _explain(self, error: sqlite3.Error) -> Exception:
        text = str(error)
        if "full" in text or "disk I/O error" in text:
            return ArchiveFull(
                f"no room left to write {self.path} ({text}). What was kept before is"
                " intact: make room and run the same command again"
            )
        if self.read_only and "readonly" in text:
            return ArchiveReadOnly(
                f"{self.path} is open for reading only: ask with SELECT, or change it"
                " through the methods of an Archive opened without read_only=True"
            )
        if "readonly" in text or "unable to open" in text:
            return ArchiveReadOnly(
                f"{self.path} or its folder cannot be written to ({text}). What is in"
                " it is intact: mend the permissions, or open it with read_only=True"
            )
        if "locked" in text:
            return ArchiveBusy(
                f"{self.path} has been locked by another program for {self._busy:g} s:"
                " close what holds it and try again"
            )
        if isinstance(error, sqlite3.OperationalError | sqlite3.ProgrammingError):
            return ArchiveError(f"{self.path}: {text}")
        if "not a database" in text or "malformed" in text:
            return NotAnArchive(
                f"{self.path} is not an archive, or it is damaged ({text}): choose"
                " another path, or put back a copy"
            )
        return ArchiveError(f"{self.path}: {text}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Group writes of this thread: all or none."""
        connection = self._connection
        if connection.in_transaction:
            yield
            return
        with self._errors():
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                connection.execute("COMMIT")
            except BaseException:
                # A full disk ends the transaction on its own.
                with suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                raise

    def query(
        self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()
    ) -> list[tuple[Any, ...]]:
        """Read with SQL."""
        with self._errors():
            return self._connection.execute(sql, parameters).fetchall()

    def select(
        self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()
    ) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Read with SQL through a connection that cannot write; names and rows."""
        with self._errors():
            connection = self._connection
            connection.execute("PRAGMA query_only = ON")
            connection.set_authorizer(_reads_only)
            try:
                cursor = connection.execute(sql, parameters)
                names = [item[0] for item in cursor.description or ()]
                return names, cursor.fetchall()
            finally:
                connection.set_authorizer(None)
                connection.execute("PRAGMA query_only = OFF")

    def execute(
        self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()
    ) -> int:
        """Write with SQL; return the number of rows."""
        with self._errors():
            return self._connection.execute(sql, parameters).rowcount


def _reads_only(action: int, first: str | None, *others: str | None) -> int:
    """Let SQL read; no other file is attached, made or vacuumed into."""
    if action in (sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH):
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_PRAGMA and others and others[0] is not None:
        # PRAGMA name = value; table_info(x) and its like are questions.
        asks = (first or "").lower().endswith(("_info", "_xinfo", "_list"))
        return sqlite3.SQLITE_OK if asks else sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK
