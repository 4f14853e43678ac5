"""Where a sync stands, in the archive: so that it goes on where it was cut off."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import TYPE_CHECKING, Any

from stravalib.archive.project import iso

if TYPE_CHECKING:
    from stravalib.archive.sqlite import SQLiteStore

# Whose state is the archive's own (0 is the athlete of files that name none).
NOBODY = -1
_HOUR = 3600
_LONGEST = 7 * 24 * _HOUR


class Ledger:
    """State, misses and stale marks of one athlete, or of the archive itself."""

    def __init__(self, store: SQLiteStore, athlete_id: int = NOBODY) -> None:
        self.store = store
        self.athlete_id = athlete_id

    def read(self, key: str, default: Any = None) -> Any:
        """Return one value."""
        rows = self.store.query(
            "SELECT value FROM state WHERE athlete_id = ? AND key = ?",
            (self.athlete_id, key),
        )
        return json.loads(rows[0][0]) if rows else default

    def write(self, key: str, value: Any) -> None:
        """Write one value; None takes it away."""
        if value is None:
            self.store.execute(
                "DELETE FROM state WHERE athlete_id = ? AND key = ?",
                (self.athlete_id, key),
            )
            return
        self.store.execute(
            "INSERT OR REPLACE INTO state VALUES (?, ?, ?)",
            (self.athlete_id, key, json.dumps(value)),
        )

    def mark_stale(self, kinds: set[str], key: str, now: float) -> None:
        """Note that records are to be fetched again."""
        for kind in kinds:
            self.store.execute(
                "INSERT OR IGNORE INTO stale VALUES (?, ?, ?, ?)",
                (self.athlete_id, kind, key, int(now)),
            )

    def settle(self, kind: str, key: str) -> None:
        """Note that a record has come."""
        for table in ("stale", "miss"):
            self.store.execute(
                f"DELETE FROM {table} WHERE athlete_id = ? AND kind = ? AND key = ?",
                (self.athlete_id, kind, key),
            )

    def stale(self) -> set[tuple[str, str]]:
        """Return (kind, key) of what is to be fetched again."""
        rows = self.store.query(
            "SELECT kind, key FROM stale WHERE athlete_id = ?", (self.athlete_id,)
        )
        return {(kind, key) for kind, key in rows}

    def miss(
        self, kind: str, key: str, status: str, reason: str, now: float
    ) -> int | None:
        """Note what could not be had; return when to try again.

        ``failed`` comes again after an hour, then two, up to a week; ``refused``
        after a week, ``absent`` after a month.
        """
        tries = 1
        rows = self.store.query(
            "SELECT tries FROM miss WHERE athlete_id = ? AND kind = ? AND key = ?",
            (self.athlete_id, kind, key),
        )
        if rows:
            tries += rows[0][0]
        waits = {
            "failed": min(_HOUR * 2 ** min(tries - 1, 20), _LONGEST),
            "refused": _LONGEST,
            "absent": 30 * 24 * _HOUR,
        }
        again: int = int(now) + waits[status]
        self.store.execute(
            "INSERT OR REPLACE INTO miss VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (self.athlete_id, kind, key, status, tries, int(now), again, reason),
        )
        return again

    def resting(self, now: float) -> set[tuple[str, str]]:
        """Return (kind, key) of what is not to be tried yet."""
        rows = self.store.query(
            "SELECT kind, key FROM miss WHERE athlete_id = ? AND again_at > ?",
            (self.athlete_id, int(now)),
        )
        return {(kind, key) for kind, key in rows}

    def misses(self) -> list[tuple[str, str, str, str | None]]:
        """List what could not be had: kind, key, reason, when it is tried again."""
        rows = self.store.query(
            "SELECT kind, key, reason, again_at FROM miss WHERE athlete_id = ?"
            " ORDER BY tried_at DESC, kind, key",
            (self.athlete_id,),
        )
        return [
            (kind, key, reason, None if again is None else iso(again))
            for kind, key, reason, again in rows
        ]


def owner_of(store: SQLiteStore, token: str | None) -> int | None:
    """Return whose token it is, if it was used with this archive before."""
    if not token:
        return None
    found: int | None = Ledger(store).read(f"token:{_print(store, token)}")
    return found


def remember_owner(store: SQLiteStore, token: str | None, athlete_id: int) -> None:
    """Keep a salted hash of the token, which saves the question whose it is."""
    if token and owner_of(store, token) != athlete_id:
        with store.transaction():
            store.execute(
                "DELETE FROM state WHERE athlete_id = ? AND key GLOB 'token:*'"
                " AND value = ?",
                (NOBODY, json.dumps(athlete_id)),
            )
            Ledger(store).write(f"token:{_print(store, token)}", athlete_id)


def _print(store: SQLiteStore, token: str) -> str:
    ledger = Ledger(store)
    salt = ledger.read("salt")
    if salt is None:
        salt = secrets.token_hex(16)
        ledger.write("salt", salt)
    return hashlib.sha256(f"{salt}{token}".encode()).hexdigest()[:32]
