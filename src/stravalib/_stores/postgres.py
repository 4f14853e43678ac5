"""Tokens in PostgreSQL (extra ``postgres``)."""

from __future__ import annotations

import hashlib
import json
import os
import re
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from stravalib._core.tokens import TokenKey
from stravalib._stores.base import describe, poll, read_token
from stravalib.exc import StoreFailed

if TYPE_CHECKING:
    import builtins
    from collections.abc import Iterator

    from stravalib._core.tokens import Token

# Seconds until a server that does not answer counts as down.
CONNECT_TIMEOUT = 10


class PostgresTokenStore:
    """Keep tokens in a table of PostgreSQL, for all machines that reach it.

    The table is made at the first use. Locks are advisory locks of a session: they
    end with the connection of their holder.

    Parameters
    ----------
    conninfo
        Where the database is, as libpq takes it (``postgresql://user@host/name``).
        Without ``connect_timeout`` a server has 10 seconds to answer.
    table
        Name of the table, with or without a schema.
    """

    def __init__(self, conninfo: str, *, table: str = "stravalib_tokens") -> None:
        if not re.fullmatch(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?", table):
            message = (
                f"table={table!r} is not a plain name; use small letters, digits, _"
            )
            raise ValueError(message)
        self._conninfo = conninfo
        self._table = table
        self._made = False

    def __repr__(self) -> str:
        # The address may hold a password.
        return f"<{type(self).__name__} table={self._table!r}>"

    @contextmanager
    def _connect(self) -> Iterator[Any]:
        try:
            import psycopg
        except ImportError as error:
            message = 'PostgreSQL needs an extra: pip install "stravalib[postgres]"'
            raise ImportError(message) from error
        values = self._address(psycopg)
        failed: str | None = None
        try:
            with psycopg.connect(**values, autocommit=True) as connection:
                if not self._made:
                    # IF NOT EXISTS does not cover two sessions at the same moment.
                    with suppress(
                        psycopg.errors.UniqueViolation,
                        psycopg.errors.DuplicateObject,
                        psycopg.errors.DuplicateTable,
                    ):
                        create = (
                            f"CREATE TABLE IF NOT EXISTS {self._table} ("
                            "client_id bigint NOT NULL, athlete_id bigint NOT NULL, "
                            "token jsonb NOT NULL, PRIMARY KEY (client_id, athlete_id))"
                        )
                        connection.execute(create.encode())
                    self._made = True
                yield connection
        except psycopg.Error as error:
            failed = f"{type(error).__name__}: {error}"
        if failed is not None:
            # Without the cause: libpq quotes what it was given.
            password = str(values.get("password") or "")
            if password:
                failed = failed.replace(password, "***")
            raise StoreFailed(f"PostgreSQL failed ({failed}).")

    def _address(self, psycopg: Any) -> dict[str, Any]:
        """Return the parts of the address, with a timeout."""
        values: dict[str, Any] | None = None
        with suppress(psycopg.Error):
            values = psycopg.conninfo.conninfo_to_dict(self._conninfo)
        if values is None:
            # Its text is not shown: it may hold a password.
            raise StoreFailed(
                "The address of PostgreSQL cannot be read; it looks like "
                "postgresql://user@host/name, with special characters of a password "
                "written as %40."
            )
        if "PGCONNECT_TIMEOUT" not in os.environ:
            values.setdefault("connect_timeout", CONNECT_TIMEOUT)
        return values

    def load(self, key: TokenKey, /) -> Token | None:
        """Return the token kept under ``key``."""
        with self._connect() as connection:
            row = connection.execute(
                f"SELECT token FROM {self._table} "
                "WHERE client_id = %s AND athlete_id = %s",
                tuple(key),
            ).fetchone()
        return None if row is None else read_token(row[0], repr(self), key)

    def save(self, key: TokenKey, token: Token, /) -> None:
        """Keep a token; once this returns, it is committed."""
        with self._connect() as connection:
            connection.execute(
                f"INSERT INTO {self._table} VALUES (%s, %s, %s) "
                "ON CONFLICT (client_id, athlete_id) DO UPDATE "
                "SET token = EXCLUDED.token",
                (*key, json.dumps(token.to_json())),
            )

    def delete(self, key: TokenKey, /) -> None:
        """Forget a token."""
        with self._connect() as connection:
            connection.execute(
                f"DELETE FROM {self._table} WHERE client_id = %s AND athlete_id = %s",
                tuple(key),
            )

    def list(self, client_id: int | None = None, /) -> builtins.list[TokenKey]:
        """Return the keys that are kept."""
        with self._connect() as connection:
            rows = connection.execute(
                f"SELECT client_id, athlete_id FROM {self._table} "
                "WHERE %s::bigint IS NULL OR client_id = %s ORDER BY 1, 2",
                (client_id, client_id),
            ).fetchall()
        return [TokenKey(*row) for row in rows]

    @contextmanager
    def lock(self, key: TokenKey, /, timeout: float | None = None) -> Iterator[None]:
        """Hold the right to refresh this token, against all machines."""
        name = f"{self._table}:{describe(key)}".encode()
        number = int.from_bytes(hashlib.sha256(name).digest()[:8], signed=True)
        with self._connect() as connection:
            from psycopg import Error

            def attempt() -> bool:
                row = connection.execute(
                    "SELECT pg_try_advisory_lock(%s)", (number,)
                ).fetchone()
                return bool(row[0])

            poll(attempt, timeout, describe(key))
            try:
                yield
            finally:
                # Where this fails, the lock ends with the connection.
                with suppress(Error):
                    connection.execute("SELECT pg_advisory_unlock(%s)", (number,))
