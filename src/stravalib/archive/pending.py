"""What is still to be fetched: of activities, of the account, and what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stravalib.archive import photos
from stravalib.archive.parts import ACTIVITY_PARTS, Call

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stravalib.archive.ledger import Ledger

_FOLLOWING = {
    "routes": ("route", "get_route", "get_route_streams"),
    "starred": ("segment", "get_segment", "get_segment_streams"),
}


def of_activities(
    ledger: Ledger, what: Sequence[str], since: int | None, now: int
) -> tuple[list[Call], int, int]:
    """List the calls for activities, newest first.

    Return them, the number of activities they are for, and that of all activities.
    """
    store, athlete = ledger.store, ledger.athlete_id
    resting, stale = ledger.resting(now), ledger.stale()
    wanted = [ACTIVITY_PARTS[name] for name in what if name in ACTIVITY_PARTS]
    have = {part.kind: store.has(athlete, part.kind, "api") for part in wanted}
    rows = store.query(
        "SELECT r.key FROM record r LEFT JOIN activity a"
        " ON a.athlete_id = r.athlete_id AND a.id = CAST(r.key AS INTEGER)"
        " WHERE r.athlete_id = ?1 AND r.kind = 'activity' AND r.source = 'api'"
        " AND (?2 IS NULL OR a.start_epoch >= ?2)"
        " ORDER BY a.start_epoch DESC, a.id DESC",
        (athlete, since),
    )
    found: list[Call] = []
    pending = 0
    for (key,) in rows:
        lacking = [
            part
            for part in wanted
            if (key not in have[part.kind] or (part.kind, key) in stale)
            and (part.kind, key) not in resting
        ]
        if not lacking:
            continue
        record = store.get(athlete, "activity", key, "api")
        summary = record.body if record is not None else {}
        calls = [part.call(key) for part in lacking if part.wanted(summary)]
        pending += bool(calls)
        found += calls
    return found, pending, len(rows)


def of_account(
    ledger: Ledger, what: Sequence[str], now: int, *, again: bool, asked_who: bool
) -> list[Call]:
    """List what is not of one activity: when missing, and at each check (`again`)."""
    athlete, key = ledger.athlete_id, str(ledger.athlete_id)
    resting = ledger.resting(now)
    fresh = (
        Call("athlete", "athlete", key, "get_athlete"),
        Call("athlete", "athlete_zones", key, "get_athlete_zones"),
        Call("stats", "stats", key, "get_athlete_stats", (athlete,)),
        Call("clubs", "clubs", key, "get_athlete_clubs", mode="list"),
        Call("routes", "routes", key, "get_routes", (athlete,), mode="list"),
        Call("segments", "starred", key, "get_starred_segments", mode="list"),
    )
    calls = [
        call
        for call in fresh
        if call.part in what
        and (call.kind, key) not in resting
        and (again or not _has(ledger, call.kind, key))
        and not (call.kind == "athlete" and asked_who)
    ]
    if "gear" in what:
        for (gear,) in ledger.store.query(
            "SELECT DISTINCT gear_id FROM activity WHERE athlete_id = ?"
            " AND gear_id IS NOT NULL AND source = 'api' ORDER BY 1",
            (athlete,),
        ):
            if ("gear", gear) not in resting and (
                again or not _has(ledger, "gear", gear)
            ):
                calls.append(Call("gear", "gear", gear, "get_gear", (gear,)))
    return calls


def following(ledger: Ledger, call: Call, body: Any, now: int) -> list[Call]:
    """List what an answer asks for: files of photos, each route and segment."""
    store, athlete = ledger.store, ledger.athlete_id
    if call.kind == "activity_photos":
        return photos.calls(store, athlete, ledger.resting(now), key=call.key)
    if call.kind not in _FOLLOWING:
        return []
    kind, method, streams = _FOLLOWING[call.kind]
    calls = []
    for row in body:
        if not isinstance(row, dict) or not row.get("id"):
            continue
        key = str(row["id"])
        kept = store.get(athlete, kind, key, "api")
        stamp = row.get("updated_at")
        edited = (
            kept is not None
            and stamp is not None
            and kept.body.get("updated_at") != stamp
        )
        if kept is None or edited:
            calls.append(Call(call.part, kind, key, method, (int(key),)))
        if edited or not _has(ledger, f"{kind}_streams", key):
            calls.append(Call(call.part, f"{kind}_streams", key, streams, (int(key),)))
    return calls


def drop_unlisted_routes(ledger: Ledger, body: Any) -> None:
    """Remove the routes that a fresh list of all does not name any more."""
    store, athlete = ledger.store, ledger.athlete_id
    listed = {str(row.get("id")) for row in body if isinstance(row, dict)}
    for key in store.has(athlete, "route", "api") - listed:
        for kind in ("route", "route_streams"):
            store.remove(athlete_id=athlete, kind=kind, key=key, sources=("api",))


def _has(ledger: Ledger, kind: str, key: str) -> bool:
    return ledger.store.get(ledger.athlete_id, kind, key, "api") is not None
