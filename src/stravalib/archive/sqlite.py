"""The archive in one SQLite file: WAL, foreign keys, short transactions."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from stravalib.archive import bodies, codec, migrations, project
from stravalib.archive.connection import Connections
from stravalib.archive.store import SOURCES, Change, Record, Removed, Source, StoredFile

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Mapping, Sequence

_RANK = "CASE source WHEN 'api' THEN 0 WHEN 'export' THEN 1 ELSE 2 END"
_RECORD = (
    "athlete_id, kind, key, source, body, fetched_at, expires_at, etag, origin,"
    " hash, id"
)


class SQLiteStore(Connections):
    """A `Store` in one file. Threads and processes may share the file."""

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        read_only: bool = False,
        busy_timeout: float = 10.0,
        clock: Callable[[], float],
    ) -> None:
        super().__init__(
            path, read_only=read_only, busy_timeout=busy_timeout, clock=clock
        )
        try:
            with self._errors():
                again = migrations.migrate(self._connection, clock, read_only=read_only)
            if again:
                self.project_again()
        except BaseException:
            self.close()
            raise

    # -- reading -------------------------------------------------------------

    def get(
        self, athlete_id: int, kind: str, key: str, source: Source | None = None
    ) -> Record | None:
        """Return one record, from the best source where none is named."""
        rows = self.query(
            f"SELECT {_RECORD} FROM record WHERE athlete_id = ? AND kind = ?"
            f" AND key = ? AND (?4 IS NULL OR source = ?4) ORDER BY {_RANK} LIMIT 1",
            (athlete_id, kind, key, source),
        )
        return _record(rows[0]) if rows else None

    def records(
        self,
        kind: str | None = None,
        *,
        athlete_id: int | None = None,
        source: Source | None = None,
        key: str | None = None,
    ) -> Iterator[Record]:
        """Iterate over records, by athlete, kind and key."""
        numbers = self.query(
            "SELECT id FROM record WHERE (?1 IS NULL OR kind = ?1)"
            " AND (?2 IS NULL OR athlete_id = ?2) AND (?3 IS NULL OR source = ?3)"
            " AND (?4 IS NULL OR key = ?4) ORDER BY athlete_id, kind, key, source",
            (kind, athlete_id, source, key),
        )
        for (number,) in numbers:
            rows = self.query(f"SELECT {_RECORD} FROM record WHERE id = ?", (number,))
            if rows:
                yield _record(rows[0])

    def has(self, athlete_id: int, kind: str, source: Source) -> set[str]:
        """Return the keys of all records of a kind."""
        rows = self.query(
            "SELECT key FROM record WHERE athlete_id = ? AND kind = ? AND source = ?",
            (athlete_id, kind, source),
        )
        return {key for (key,) in rows}

    def streams(self, record_id: int) -> dict[str, bytes]:
        """Return the packed streams of one record, in their order."""
        return dict(
            self.query(
                "SELECT type, data FROM stream WHERE record_id = ? ORDER BY position",
                (record_id,),
            )
        )

    # -- writing -------------------------------------------------------------

    def put(
        self,
        record: Record,
        streams: Mapping[str, Sequence[Any]] | None = None,
        files: Sequence[StoredFile] = (),
    ) -> Change:
        """Write one record with its streams and files; replace the one before it."""
        hashed = {"body": record.body, "streams": streams} if streams else record.body
        digest = record.hash or bodies.digest(hashed)
        packed = bodies.pack(record.body)
        blobs = [
            (name, position, len(values), codec.encode(values))
            for position, (name, values) in enumerate((streams or {}).items())
        ]
        key = (record.athlete_id, record.kind, record.key, record.source)
        with self.transaction(), self._errors():
            connection = self._connection
            connection.execute(
                "INSERT OR IGNORE INTO athlete VALUES (?, ?)",
                (record.athlete_id, int(self._clock())),
            )
            before = connection.execute(
                "SELECT id, hash FROM record WHERE athlete_id = ? AND kind = ?"
                " AND key = ? AND source = ?",
                key,
            ).fetchone()
            if before is not None and before[1] == digest:
                connection.execute(
                    "UPDATE record SET fetched_at = ?, expires_at = ?,"
                    " etag = coalesce(?, etag) WHERE id = ?",
                    (record.fetched_at, record.expires_at, record.etag, before[0]),
                )
                self._put_files(before[0], files)
                return Change(before[0], "same")
            if before is not None:
                # The number stays, what was made from the old body goes.
                number: int = before[0]
                self._clear(number)
                connection.execute(
                    "UPDATE record SET body = ?, hash = ?, fetched_at = ?,"
                    " expires_at = ?, etag = ?, origin = ? WHERE id = ?",
                    (
                        packed,
                        digest,
                        record.fetched_at,
                        record.expires_at,
                        record.etag,
                        record.origin,
                        number,
                    ),
                )
            else:
                cursor = connection.execute(
                    "INSERT INTO record (athlete_id, kind, key, source, body, hash,"
                    " fetched_at, expires_at, etag, origin)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        *key,
                        packed,
                        digest,
                        record.fetched_at,
                        record.expires_at,
                        record.etag,
                        record.origin,
                    ),
                )
                number = cursor.lastrowid or 0
            connection.executemany(
                "INSERT INTO stream (record_id, type, position, points, data)"
                " VALUES (?, ?, ?, ?, ?)",
                [(number, *blob) for blob in blobs],
            )
            self._put_files(number, files)
            self._project(number, record.kind, record.key, record.body)
            if record.kind in ("activity", "activity_detail"):
                self.refresh_activity(record.athlete_id, int(record.key))
        return Change(number, "new" if before is None else "changed")

    def attach(self, record_id: int, file: StoredFile) -> None:
        """Note a file of a record that is there already."""
        with self.transaction(), self._errors():
            self._put_files(record_id, [file])

    def _put_files(self, number: int, files: Sequence[StoredFile]) -> None:
        for file in files:
            self._connection.execute(
                "INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?)",
                (
                    number,
                    file.name,
                    file.path,
                    file.sha256,
                    file.size,
                    file.media_type,
                ),
            )
            for table in ("removal", "writing"):
                self._connection.execute(
                    f"DELETE FROM {table} WHERE path = ?", (file.path,)
                )

    def _clear(self, number: int) -> None:
        for table in (*project.TYPED_TABLES, "stream"):
            self._connection.execute(
                f"DELETE FROM {table} WHERE record_id = ?", (number,)
            )

    def _project(self, number: int, kind: str, key: str, body: Any) -> None:
        for table, row in project.rows_of(kind, key, body):
            names = ", ".join(row)
            marks = ", ".join("?" * len(row))
            self._connection.execute(
                f"INSERT OR REPLACE INTO {table} (record_id, {names})"
                f" VALUES (?, {marks})",
                (number, *row.values()),
            )

    def project_again(self) -> None:
        """Make every typed row anew from the records (after some migrations)."""
        with self.transaction():
            for table in project.TYPED_TABLES:
                self.execute(f"DELETE FROM {table}")
            for record in self.records():
                self._project(record.id, record.kind, record.key, record.body)
                if record.kind in ("activity", "activity_detail"):
                    self.refresh_activity(record.athlete_id, int(record.key))

    def refresh_activity(self, athlete_id: int, activity_id: int) -> None:
        """Make the row of one activity anew from the records that are there.

        The row comes from one source only, the best there is: the API (summary and
        detail together, the later one first), else the export, else a file.
        """
        connection = self._connection
        twin = connection.execute(
            "SELECT activity_id FROM twin WHERE athlete_id = ? AND file_id = ?",
            (athlete_id, activity_id),
        ).fetchone()
        if twin is not None:
            connection.execute(
                "DELETE FROM activity WHERE athlete_id = ? AND id = ?",
                (athlete_id, activity_id),
            )
            activity_id = twin[0]
        rows = connection.execute(
            "SELECT source, kind, fetched_at, body FROM record WHERE athlete_id = ?1"
            " AND kind IN ('activity', 'activity_detail') AND key IN (SELECT ?2 UNION"
            " SELECT CAST(file_id AS TEXT) FROM twin WHERE athlete_id = ?1"
            f" AND activity_id = ?3) ORDER BY {_RANK}, fetched_at, kind",
            (athlete_id, str(activity_id), activity_id),
        ).fetchall()
        if not rows:
            connection.execute(
                "DELETE FROM activity WHERE athlete_id = ? AND id = ?",
                (athlete_id, activity_id),
            )
            return
        source = rows[0][0]
        body: dict[str, Any] = {}
        level = 2
        for row in rows:
            if row[0] == source:
                body |= bodies.unpack(row[3])
                level = 3 if row[1] == "activity_detail" else level
        found = {
            "athlete_id": athlete_id,
            "id": activity_id,
            "source": source,
            "sources": ",".join(dict.fromkeys(row[0] for row in rows)),
            "level": level,
            **project.activity_row(body),
        }
        connection.execute(
            f"INSERT INTO activity ({', '.join(found)})"
            f" VALUES ({', '.join('?' * len(found))})"
            " ON CONFLICT (athlete_id, id) DO UPDATE SET "
            + ", ".join(f"{name} = excluded.{name}" for name in list(found)[2:]),
            tuple(found.values()),
        )

    def link(self, athlete_id: int, file_id: int, activity_id: int) -> None:
        """Say that a loose file's recording is an activity that Strava knows."""
        with self.transaction():
            self.execute(
                "INSERT OR REPLACE INTO twin VALUES (?, ?, ?)",
                (athlete_id, file_id, activity_id),
            )
            self.refresh_activity(athlete_id, file_id)

    def move_athlete(self, old: int, new: int) -> None:
        """Give all that is of one athlete to another, where that one has none of it."""
        with self.transaction(), self._errors():
            connection = self._connection
            if not connection.execute(
                "SELECT 1 FROM athlete WHERE id = ?", (old,)
            ).fetchone():
                return
            connection.execute(
                "INSERT OR IGNORE INTO athlete VALUES (?, ?)", (new, int(self._clock()))
            )
            moved = connection.execute(
                "SELECT CAST(key AS INTEGER) FROM record"
                " WHERE athlete_id = ? AND kind = 'activity'",
                (old,),
            ).fetchall()
            for table in ("record", "twin", "state"):
                connection.execute(
                    f"UPDATE OR IGNORE {table} SET athlete_id = ? WHERE athlete_id = ?",
                    (new, old),
                )
            for (number,) in moved:
                self.refresh_activity(new, number)
            for table in ("state", "athlete"):
                name = "id" if table == "athlete" else "athlete_id"
                connection.execute(f"DELETE FROM {table} WHERE {name} = ?", (old,))

    def remove(
        self,
        *,
        athlete_id: int | None = None,
        activity_id: int | None = None,
        kind: str | None = None,
        key: str | None = None,
        sources: Sequence[Source] = SOURCES,
        expired_at: int | None = None,
    ) -> Removed:
        """Remove records (and what hangs on them) that meet every condition given."""
        with self.transaction(), self._errors():
            connection = self._connection
            keys: list[str] | None = None
            if activity_id is not None:
                keys = [str(activity_id)]
                keys += [
                    str(file_id)
                    for (file_id,) in connection.execute(
                        "SELECT file_id FROM twin WHERE activity_id = ?"
                        " AND (?2 IS NULL OR athlete_id = ?2)",
                        (activity_id, athlete_id),
                    )
                ]
            found = connection.execute(
                "SELECT id, athlete_id, kind, key FROM record"
                " WHERE (?1 IS NULL OR athlete_id = ?1) AND (?2 IS NULL OR kind = ?2)"
                " AND (?3 IS NULL OR key = ?3)"
                " AND source IN (SELECT value FROM json_each(?4))"
                " AND (?5 IS NULL OR expires_at <= ?5)"
                " AND (?6 IS NULL OR (kind GLOB 'activity*'"
                "   AND key IN (SELECT value FROM json_each(?6))))",
                (
                    athlete_id,
                    kind,
                    key,
                    json.dumps(list(sources)),
                    expired_at,
                    None if keys is None else json.dumps(keys),
                ),
            ).fetchall()
            connection.executemany(
                "DELETE FROM record WHERE id = ?", [(row[0],) for row in found]
            )
            touched = {
                (row[1], int(row[3]))
                for row in found
                if row[2] in ("activity", "activity_detail")
            }
            for owner, number in touched:
                self.refresh_activity(owner, number)
            self._unlink_strangers(touched)
            gone = sum(1 for pair in touched if not self._shown(*pair))
        return Removed(len(found), gone, dict(Counter(row[2] for row in found)))

    def _unlink_strangers(self, touched: set[tuple[int, int]]) -> None:
        """Let files stand for themselves where the activity they were is gone."""
        for owner, number in touched:
            rest = self.query(
                "SELECT 1 FROM record WHERE athlete_id = ? AND key = ?"
                " AND kind IN ('activity', 'activity_detail')",
                (owner, str(number)),
            )
            if rest:
                continue
            files = self.query(
                "SELECT file_id FROM twin WHERE athlete_id = ? AND activity_id = ?",
                (owner, number),
            )
            self.execute(
                "DELETE FROM twin WHERE athlete_id = ?1"
                " AND (activity_id = ?2 OR file_id = ?2)",
                (owner, number),
            )
            self.refresh_activity(owner, number)
            for (file_id,) in files:
                self.refresh_activity(owner, file_id)

    def _shown(self, athlete_id: int, activity_id: int) -> bool:
        return bool(
            self.query(
                "SELECT 1 FROM activity WHERE athlete_id = ? AND id = ?",
                (athlete_id, activity_id),
            )
        )

    def sweep(self) -> int:
        """Take away the files whose records are gone; return how many."""
        with self.transaction():
            gone = self.query(
                "SELECT path FROM removal WHERE path NOT IN (SELECT path FROM file)"
                " AND path NOT IN (SELECT path FROM writing)"
            )
            for (path,) in gone:
                self._unlink(path)
            self.execute(
                "DELETE FROM removal WHERE path NOT IN (SELECT path FROM writing)"
            )
        return len(gone)

    def begin_file(self, path: str) -> None:
        """Note that a file is being written, should the program die meanwhile."""
        self.execute("INSERT OR IGNORE INTO writing VALUES (?)", (path,))

    def sweep_unfinished(self) -> None:
        """Take away the files that were cut off; only while nobody else writes."""
        rows = self.query("SELECT path FROM writing")
        if rows:
            with self.transaction():
                for (path,) in rows:
                    if not self.query("SELECT 1 FROM file WHERE path = ?", (path,)):
                        self._unlink(path)
                    self._unlink(path + ".part")
                self.execute("DELETE FROM writing")

    def _unlink(self, path: str) -> None:
        target = self.files / path
        if target.resolve().is_relative_to(self.files.resolve()):
            target.unlink(missing_ok=True)

    def scrub(self) -> None:
        """Leave nothing of what was removed in the file or its WAL."""
        with self._errors():
            connection = self._connection
            connection.execute("PRAGMA incremental_vacuum").fetchall()
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _record(row: tuple[Any, ...]) -> Record:
    athlete, kind, key, source, body, fetched, expires, etag, origin, mark, number = row
    return Record(
        athlete,
        kind,
        key,
        source,
        bodies.unpack(body),
        fetched,
        expires,
        etag,
        origin,
        mark,
        number,
    )
