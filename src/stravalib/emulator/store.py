"""A state in a SQLite file: what has been acknowledged has been committed."""

from __future__ import annotations

import os
import sqlite3
import threading
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stravalib.emulator.accounts import Application
from stravalib.emulator.entries import ActivityEntry
from stravalib.emulator.jsonio import dumps, loads, pack, unpack
from stravalib.emulator.records import ClubRecord, RouteRecord, SegmentRecord
from stravalib.emulator.state import Athlete, Keeper, State

if TYPE_CHECKING:
    from collections.abc import Iterator

_VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
  place INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  value BLOB NOT NULL,
  UNIQUE (kind, key)
)
"""


class StateFileError(RuntimeError):
    """A state file that cannot be used."""


class SqliteKeeper(Keeper):
    """Keeps every change in a file that only its owner can read.

    Changes are written inside one transaction until :meth:`commit`, which the server
    calls before it answers. A killed process loses what was not yet answered.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self._lock = threading.RLock()
        self._dirty = False
        base: sqlite3.Connection | None = None
        try:
            # Tokens are inside: nobody else may read it, its journal included.
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
            base = sqlite3.connect(
                self.path, check_same_thread=False, isolation_level=None, timeout=1
            )
            base.execute("PRAGMA locking_mode=EXCLUSIVE")
            base.execute("PRAGMA journal_mode=WAL")
            base.execute("PRAGMA synchronous=NORMAL")
            base.execute(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            if base is not None:
                base.close()
            raise StateFileError(
                f"cannot use {self.path} as a state file ({error}); give another file, "
                "or stop the server that is using it"
            ) from error
        self._base = base
        version = self.get("meta", "version")
        if version not in (None, _VERSION):
            base.close()
            raise StateFileError(
                f"{self.path} has version {version} and this release reads {_VERSION}; "
                "give another file"
            )

    @property
    def filled(self) -> bool:
        """Whether a world has been stored completely."""
        return self.get("meta", "filled") is True

    def mark_filled(self) -> None:
        """Say that the world is complete."""
        self._write("meta", "version", dumps(_VERSION))
        self._write("meta", "filled", dumps(True))
        self.commit()

    def wipe(self) -> None:
        """Take everything out, e.g. half a world."""
        with self._lock:
            self._begin()
            self._base.execute("DELETE FROM objects")
            self.commit()

    def put(self, kind: str, key: str, value: Any) -> None:
        """Keep an object of one of the kinds of a state."""
        self._write(kind, key, pack(dumps(_plain(value))))

    def drop(self, kind: str, key: str) -> None:
        """Forget an object."""
        with self._lock:
            self._begin()
            self._base.execute(
                "DELETE FROM objects WHERE kind = ? AND key = ?", (kind, key)
            )

    def commit(self) -> None:
        """Make everything durable."""
        if not self._dirty:
            return
        with self._lock:
            if self._dirty:
                self._base.execute("COMMIT")
                self._dirty = False

    def close(self) -> None:
        """Commit and let go of the file."""
        with self._lock:
            self.commit()
            self._base.close()

    def get(self, kind: str, key: str) -> Any:
        """Read one object, None if there is none."""
        row = self._base.execute(
            "SELECT value FROM objects WHERE kind = ? AND key = ?", (kind, key)
        ).fetchone()
        if row is None:
            return None
        return loads(row[0] if kind == "meta" else unpack(row[0]))

    def all(self, kind: str) -> Iterator[tuple[str, Any]]:
        """Read all objects of a kind in the order in which they came."""
        rows = self._base.execute(
            "SELECT key, value FROM objects WHERE kind = ? ORDER BY place", (kind,)
        )
        for key, value in rows:
            yield key, loads(unpack(value))

    def _write(self, kind: str, key: str, value: bytes) -> None:
        with self._lock:
            self._begin()
            self._base.execute(
                "INSERT INTO objects (kind, key, value) VALUES (?, ?, ?) "
                "ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value",
                (kind, key, value),
            )

    def _begin(self) -> None:
        if not self._dirty:
            self._base.execute("BEGIN")
            self._dirty = True


def _plain(value: Any) -> Any:
    """Turn a state's object into JSON."""
    if isinstance(value, ActivityEntry):
        return value.to_json()
    if isinstance(value, Athlete):
        return {
            "detail": value.detail,
            "zones": value.zones,
            "gear": list(value.gear.values()),
            "starred": [[number, since] for number, since in value.starred.items()],
            "subscriber": value.subscriber,
            "privacy_zones": value.privacy_zones,
        }
    if isinstance(value, (SegmentRecord, ClubRecord)):
        return asdict(value)
    if isinstance(value, tuple):
        owner, route = value
        return [owner, asdict(route)]
    return value


def restore(state: State, keeper: SqliteKeeper) -> None:
    """Fill an empty state from a file."""
    for _, value in keeper.all("application"):
        state.accounts.add_application(Application.from_json(value))
    for _, value in keeper.all("segment"):
        record = SegmentRecord(**value)
        state.segments[int(record.detail["id"])] = record
    for _, value in keeper.all("club"):
        club = ClubRecord(**value)
        state.clubs[int(club.detail["id"])] = club
    for _, value in keeper.all("athlete"):
        athlete = Athlete(
            value["detail"],
            value["zones"],
            {str(gear["id"]): gear for gear in value["gear"]},
            {int(number): since for number, since in value["starred"]},
            value["subscriber"],
            privacy_zones=[tuple(zone) for zone in value.get("privacy_zones", ())],
        )
        state.athletes[athlete.id] = athlete
    for _, (owner, route) in keeper.all("route"):
        state.routes[int(route["detail"]["id"])] = (owner, RouteRecord(**route))
    for _, value in keeper.all("activity"):
        entry = ActivityEntry.from_json(value)
        state.place(entry, value["detail"], sort=False, keep=False)
    for athlete in state.athletes.values():
        athlete.order.sort()
    for _, value in keeper.all("grant"):
        state.accounts.restore_grant(value)
    for key, value in keeper.all("code"):
        state.accounts.restore_code(key, value)
    for key, value in keeper.all("counter"):
        state.restore_counter(key, value)
    clock = keeper.get("clock", "")
    if clock is not None:
        state.clock.restore(clock)
    for kind in ("upload", "subscription", "delivery", "faults"):
        state.restored[kind] = [value for _, value in keeper.all(kind)]
