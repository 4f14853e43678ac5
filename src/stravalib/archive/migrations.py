"""Bring the file of any earlier release to the schema of this one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stravalib.archive import schema
from stravalib.archive.errors import ArchiveReadOnly, ArchiveTooNew, NotAnArchive
from stravalib.archive.project import iso

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence


def migrate(
    connection: sqlite3.Connection,
    clock: Callable[[], float],
    *,
    read_only: bool = False,
    steps: Sequence[schema.Step] = schema.STEPS,
) -> bool:
    """Apply the steps that are missing, each in a transaction of its own.

    Return whether the typed tables have to be made anew from the records.
    """
    found = version_of(connection)
    newest = steps[-1].version
    if found > newest:
        raise ArchiveTooNew(
            f"the archive has schema {found}, this release knows {newest}: update"
            " stravalib to open it (nothing was changed)"
        )
    if found == newest:
        return False
    if read_only:
        raise ArchiveReadOnly(
            f"the archive has schema {found} and has to be brought to {newest} first:"
            " open it once without read_only"
        )
    again = False
    for step in steps:
        if step.version > found:
            again = _apply(connection, step, clock) or again
    return again and found > 0


def version_of(connection: sqlite3.Connection) -> int:
    """Return the schema version of a file; 0 for an empty one."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    mark = int(connection.execute("PRAGMA application_id").fetchone()[0])
    if mark == schema.APPLICATION_ID:
        return version
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if tables or mark:
        raise NotAnArchive(
            "this SQLite file was made by another program: choose another path for the"
            " archive (nothing was changed)"
        )
    return 0


def _apply(
    connection: sqlite3.Connection, step: schema.Step, clock: Callable[[], float]
) -> bool:
    from stravalib import __version__

    connection.execute("BEGIN EXCLUSIVE")
    try:
        # Another process may have been faster.
        if version_of(connection) < step.version:
            for statement in statements(step.sql):
                connection.execute(statement)
            connection.execute(
                "INSERT INTO migration VALUES (?, ?, ?, ?)",
                (step.version, step.name, __version__, iso(clock())),
            )
            connection.execute(f"PRAGMA user_version = {step.version}")
            connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return step.project_again


def statements(sql: str) -> list[str]:
    """Cut a script at the semicolons that end statements (triggers hold some too)."""
    import sqlite3

    found, current = [], ""
    for line in sql.splitlines(keepends=True):
        current += line
        if line.rstrip().endswith(";") and sqlite3.complete_statement(current):
            found.append(current.strip())
            current = ""
    if current.strip():
        found.append(current.strip())
    return found
