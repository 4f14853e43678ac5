"""Whose data: how long API data stay, what is removed, and the proof of it.

Strava's API policy (6.2, 6.3, 7.4): API data are kept 7 days, leave when they are gone
at Strava, and go altogether when access is revoked. What came from a person's own bulk
export or device files is theirs and permanent (6.6). Longer than 7 days only by a
decision that somebody made and that stands in the archive.
See https://www.strava.com/legal/api_policy
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stravalib.archive.project import iso
from stravalib.archive.store import SOURCES, Removed, Source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stravalib.archive.sqlite import SQLiteStore

API_DAYS = 7
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Decision:
    """Somebody's decision to keep API data longer than the policy's 7 days."""

    id: int
    decided_at: str
    athlete_id: int | None
    days: int | None
    reason: str
    ended_at: str | None

    def __str__(self) -> str:
        whom = "all athletes" if self.athlete_id is None else f"{self.athlete_id}"
        span = "without end" if self.days is None else f"{self.days} days"
        return f"{self.decided_at}: keep API data of {whom} {span} ({self.reason})"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was removed, when and why; holds nothing of what it was but ids."""

    id: int
    at: str
    action: str
    athlete_id: int | None
    activity_id: int | None
    sources: tuple[str, ...]
    reason: str
    removed: Mapping[str, int]

    def __str__(self) -> str:
        what = (
            f"activity {self.activity_id}"
            if self.activity_id is not None
            else f"athlete {self.athlete_id}"
            if self.athlete_id is not None
            else "the archive"
        )
        total = sum(self.removed.values())
        parts = ", ".join(f"{n} {kind}" for kind, n in sorted(self.removed.items()))
        return (
            f"Receipt {self.id}, {self.at}: {self.action} {what} ({self.reason});"
            f" removed {total} records of {', '.join(self.sources)}"
            + (f": {parts}" if parts else "")
        )


def expiry(store: SQLiteStore, athlete_id: int, fetched_at: int) -> int | None:
    """Return when API data fetched at a moment have to go; None: kept on decision."""
    days: int | None = API_DAYS
    for (keep,) in store.query(
        "SELECT keep_days FROM decision WHERE ended_at IS NULL"
        " AND (athlete_id IS NULL OR athlete_id = ?)",
        (athlete_id,),
    ):
        days = None if keep is None or days is None else max(days, keep)
    return None if days is None else fetched_at + days * DAY


def keep(
    store: SQLiteStore,
    now: float,
    reason: str,
    *,
    athlete_id: int | None = None,
    days: int | None = None,
) -> Decision:
    """Record a decision and apply it to what is there."""
    if not reason.strip():
        raise ValueError(
            "a decision to keep API data needs a reason in words, for example"
            " 'my own data, for my own use'"
        )
    if days is not None and days <= API_DAYS:
        raise ValueError(f"days={days}: API data are kept {API_DAYS} days anyway")
    with store.transaction():
        store.execute(
            "INSERT INTO decision (decided_at, athlete_id, keep_days, reason)"
            " VALUES (?, ?, ?, ?)",
            (int(now), athlete_id, days, reason.strip()),
        )
        ((number,),) = store.query("SELECT max(id) FROM decision")
        renew(store)
    return next(item for item in decisions(store) if item.id == number)


def end(store: SQLiteStore, now: float, decision_id: int) -> None:
    """End a decision; what it kept expires as the policy has it."""
    with store.transaction():
        changed = store.execute(
            "UPDATE decision SET ended_at = ? WHERE id = ? AND ended_at IS NULL",
            (int(now), decision_id),
        )
        if not changed:
            raise ValueError(f"no decision {decision_id} is in force")
        renew(store)


def renew(store: SQLiteStore) -> None:
    """Set the expiry of all API records by the decisions in force."""
    for (athlete_id,) in store.query("SELECT id FROM athlete"):
        span = expiry(store, athlete_id, 0)
        store.execute(
            "UPDATE record SET expires_at ="
            " CASE WHEN ?1 IS NULL THEN NULL ELSE fetched_at + ?1 END"
            " WHERE source = 'api' AND athlete_id = ?2",
            (span, athlete_id),
        )


def decisions(store: SQLiteStore) -> list[Decision]:
    """List all decisions, the ended ones too."""
    rows = store.query(
        "SELECT id, decided_at, athlete_id, keep_days, reason, ended_at"
        " FROM decision ORDER BY id"
    )
    return [
        Decision(
            row[0],
            iso(row[1]),
            row[2],
            row[3],
            row[4],
            None if row[5] is None else iso(row[5]),
        )
        for row in rows
    ]


def receipts(store: SQLiteStore) -> list[Receipt]:
    """List all receipts."""
    rows = store.query(
        "SELECT id, at, action, athlete_id, activity_id, sources, reason, removed"
        " FROM receipt ORDER BY id"
    )
    return [_receipt(row) for row in rows]


def purge(store: SQLiteStore, now: float) -> Receipt | None:
    """Remove the API data whose time is over; None when there are none."""
    due = store.query(
        "SELECT 1 FROM record WHERE expires_at IS NOT NULL AND expires_at <= ? LIMIT 1",
        (int(now),),
    )
    if not due:
        return None
    with store.transaction():
        removed = store.remove(sources=("api",), expired_at=int(now))
        _drop_copies(store)
        receipt = _write(
            store, now, "expired", None, None, ("api",), "API policy 6.2", removed
        )
    _finish(store)
    return receipt


def forget(
    store: SQLiteStore,
    now: float,
    *,
    activity_id: int | None = None,
    athlete_id: int | None = None,
    sources: Sequence[Source] = SOURCES,
    reason: str,
    for_good: bool = True,
) -> Receipt:
    """Remove an activity or an athlete; see `Archive.forget`."""
    if (activity_id is None) and (athlete_id is None):
        raise ValueError("name an activity_id or an athlete_id to forget")
    unknown = [source for source in sources if source not in SOURCES]
    if unknown or not sources:
        raise ValueError(f"sources={list(sources)!r}: choose among {list(SOURCES)}")
    everything = set(sources) == set(SOURCES)
    with store.transaction():
        if activity_id is not None:
            files = store.query(
                "SELECT file_id FROM twin WHERE activity_id = ?", (activity_id,)
            )
            removed = _forget_activity(store, activity_id, athlete_id, sources)
            if for_good and everything:
                for number in (activity_id, *(row[0] for row in files)):
                    _remember(store, now, number, athlete_id)
        else:
            removed = store.remove(athlete_id=athlete_id, sources=sources)
            if "api" in sources:
                for table in ("state", "miss", "stale", "seen"):
                    store.execute(
                        f"DELETE FROM {table} WHERE athlete_id = ?", (athlete_id,)
                    )
                store.execute(
                    "DELETE FROM state WHERE key GLOB 'token:*' AND value = ?",
                    (json.dumps(athlete_id),),
                )
            if everything:
                for table in ("forgotten", "run", "decision"):
                    store.execute(
                        f"DELETE FROM {table} WHERE athlete_id = ?", (athlete_id,)
                    )
                store.execute("DELETE FROM athlete WHERE id = ?", (athlete_id,))
        _drop_copies(store)
        receipt = _write(
            store, now, "forgot", athlete_id, activity_id, sources, reason, removed
        )
    _finish(store)
    return receipt


def _forget_activity(
    store: SQLiteStore,
    activity_id: int,
    athlete_id: int | None,
    sources: Sequence[Source],
) -> Removed:
    removed = store.remove(
        activity_id=activity_id, athlete_id=athlete_id, sources=sources
    )
    kinds = dict(removed.kinds)
    if "api" in sources:
        # Single efforts that were asked for by their own id.
        for (key,) in store.query(
            "SELECT DISTINCT r.key FROM effort e JOIN record r ON r.id = e.record_id"
            " WHERE e.activity_id = ? AND r.kind = 'segment_effort'",
            (activity_id,),
        ):
            for kind in ("segment_effort", "segment_effort_streams"):
                gone = store.remove(kind=kind, key=key, sources=("api",))
                kinds[kind] = kinds.get(kind, 0) + gone.records
        for table in ("miss", "stale"):
            store.execute(
                f"DELETE FROM {table} WHERE kind GLOB 'activity*' AND key = ?",
                (str(activity_id),),
            )
    return Removed(sum(kinds.values()), removed.activities, kinds)


def _remember(
    store: SQLiteStore, now: float, activity_id: int, athlete_id: int | None
) -> None:
    """Keep the bare id, so that the next sync does not bring the activity back."""
    owners: list[Any] = [athlete_id]
    if athlete_id is None:
        owners = [row[0] for row in store.query("SELECT id FROM athlete")]
    for owner in owners:
        store.execute(
            "INSERT OR REPLACE INTO forgotten VALUES (?, ?, ?)",
            (owner, activity_id, int(now)),
        )


def _drop_copies(store: SQLiteStore) -> None:
    store.execute("DELETE FROM columnar")


def _finish(store: SQLiteStore) -> None:
    store.sweep()
    store.scrub()


def _write(
    store: SQLiteStore,
    now: float,
    action: str,
    athlete_id: int | None,
    activity_id: int | None,
    sources: Sequence[str],
    reason: str,
    removed: Removed,
) -> Receipt:
    kinds = {kind: count for kind, count in removed.kinds.items() if count}
    store.execute(
        "INSERT INTO receipt (at, action, athlete_id, activity_id, sources, reason,"
        " removed) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            int(now),
            action,
            athlete_id,
            activity_id,
            ",".join(sources),
            reason,
            json.dumps(kinds, sort_keys=True),
        ),
    )
    ((number,),) = store.query("SELECT max(id) FROM receipt")
    return Receipt(
        number,
        iso(int(now)),
        action,
        athlete_id,
        activity_id,
        tuple(sources),
        reason,
        kinds,
    )


def _receipt(row: tuple[Any, ...]) -> Receipt:
    return Receipt(
        row[0],
        iso(row[1]),
        row[2],
        row[3],
        row[4],
        tuple(row[5].split(",")),
        row[6],
        json.loads(row[7]),
    )
