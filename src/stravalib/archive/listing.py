"""Reading the list of activities: what is new, edited, and gone at Strava."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from stravalib.archive import policy
from stravalib.archive.parts import Call, stale_kinds
from stravalib.archive.project import epoch, iso

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from stravalib.archive.core import Archive
    from stravalib.archive.ledger import Ledger
    from stravalib.archive.plan import SyncResult
    from stravalib.archive.sqlite import SQLiteStore

# A day before API data expire, so that a check renews the list before it is purged.
CHECK_EVERY = 6 * 86_400
CHECK_EVERY_KEPT = 7 * 86_400
# A list that was read so lately is not read again by a run that goes on.
RESUME_WITHIN = 900
# A reading to the end that was cut off so lately goes on below where it came to.
PARK_WITHIN = 86_400
PAGE = 200


@dataclass(slots=True)
class _Listing:
    """How far the list of activities has been read."""

    mode: str  # full: to the end; catchup: down to what is known
    cursor: int | None
    top: int | None
    until: int | None
    touched: int = 0
    # Where an older reading to the end was cut off: it goes on after the catch-up.
    parked: int | None = None

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(slots=True)
class ActivityList:
    """One reading of the list, page by page, each committed with where to go on."""

    archive: Archive
    ledger: Ledger
    result: SyncResult
    check: bool | None
    told: Callable[[], None]
    _forgotten: set[int] = field(default_factory=set)

    def calls(self) -> Generator[Call, Any, None]:
        """Yield the calls for pages, and take each page in."""
        rows = self._store.query(
            "SELECT activity_id FROM forgotten WHERE athlete_id = ?",
            (self.ledger.athlete_id,),
        )
        self._forgotten = {row[0] for row in rows}
        # What the run before had found gone, when it was cut off.
        self._sweep_gone(self.ledger.read("gone") or [])
        listing = self._where_it_stands()
        while listing is not None:
            before = None if listing.cursor is None else iso(listing.cursor)
            page = yield Call(
                "activities",
                "activity",
                "",
                "get_activities",
                (),
                (("before", before), ("limit", PAGE)),
                "page",
            )
            listing = self._take_page(listing, page)
            self.told()

    def _where_it_stands(self) -> _Listing | None:
        """Return where to read on; None: the list was read just now."""
        ledger = self.ledger
        kept = ledger.read("listing")
        if kept is not None and self._now - kept["touched"] < RESUME_WITHIN:
            listing = _Listing(**kept)
            self.result.checked = listing.mode == "full"
            return listing
        listed_at = ledger.read("listed_at")
        if (
            listed_at is not None
            and self._now - listed_at < RESUME_WITHIN
            and not self.check
        ):
            return None
        if (
            kept is not None
            and (kept["mode"] == "full" or kept["parked"] is not None)
            and self._now - kept["touched"] < PARK_WITHIN
        ):
            self.result.checked = True
            low = kept["cursor"] if kept["mode"] == "full" else kept["parked"]
            top = kept["top"] if kept["mode"] == "full" else kept["until"]
            return _Listing("catchup", None, None, top, parked=low)
        checked_at = ledger.read("checked_at")
        check = self.check
        if check is None:
            kept_on = policy.expiry(self._store, ledger.athlete_id, 0) is None
            every = CHECK_EVERY_KEPT if kept_on else CHECK_EVERY
            check = checked_at is None or self._now - checked_at >= every
        if check or checked_at is None:
            with self._store.transaction():
                self._store.execute(
                    "DELETE FROM seen WHERE athlete_id = ?", (ledger.athlete_id,)
                )
            self.result.checked = True
            return _Listing("full", None, None, None)
        # A catch-up that was cut off long ago has left a gap above its goal.
        until = ledger.read("top")
        if kept is not None and kept["mode"] == "catchup":
            until = kept["until"]
        return _Listing("catchup", None, None, until)

    def _take_page(self, listing: _Listing, page: list[Any]) -> _Listing | None:
        """Commit one page and where to read on; None at the end."""
        ledger = self.ledger
        athlete = ledger.athlete_id
        rows = [row for row in page if isinstance(row, dict) and row.get("id")]
        starts = [at for row in rows if (at := epoch(row.get("start_date")))]
        oldest = min(starts, default=None)
        head = listing.cursor is None
        with self._store.transaction():
            for row in rows:
                self._take_summary(row)
            if head and starts:
                listing.top = max(starts)
            if head and listing.mode == "catchup":
                self._gone_from_head(rows, oldest)
            over = oldest is None or (
                listing.mode == "catchup"
                and (listing.until is None or oldest <= listing.until)
            )
            if not over and oldest is not None:
                # The cut may go through activities that began in one second.
                onward = oldest + 1 if len(page) >= PAGE else oldest
                if listing.cursor is not None and onward >= listing.cursor:
                    onward = min(oldest, listing.cursor - 1)
                listing.cursor = onward
                listing.touched = self._now
                ledger.write("listing", listing.to_json())
                return listing
            if listing.parked is not None:
                below = _Listing("full", listing.parked, listing.top, None, self._now)
                ledger.write("listing", below.to_json())
                return below
            if listing.mode == "full":
                self._gone_from_all()
                ledger.write("checked_at", self._now)
            if listing.top is not None:
                ledger.write("top", max(listing.top, ledger.read("top") or 0))
            elif ledger.read("top") is None:
                ledger.write("top", 0)
            ledger.write("gone", self.result.gone or None)
            ledger.write("listing", None)
            ledger.write("listed_at", self._now)
            self._store.execute("DELETE FROM seen WHERE athlete_id = ?", (athlete,))
        self._sweep_gone(self.result.gone)
        return None

    def _take_summary(self, row: dict[str, Any]) -> None:
        """Keep one summary, note what its edit makes stale."""
        number = int(row["id"])
        athlete = self.ledger.athlete_id
        self._store.execute(
            "INSERT OR IGNORE INTO seen VALUES (?, ?)", (athlete, number)
        )
        if number in self._forgotten:
            return
        before = self._store.get(athlete, "activity", str(number), "api")
        change = self.archive.add("activity", row, athlete_id=athlete)
        if change.state == "new":
            self.result.added.append(number)
            self.archive.link_recordings(athlete, number)
        elif change.state == "changed" and before is not None:
            self.result.changed.append(number)
            if before.body.get("visibility") != row.get(
                "visibility"
            ) or before.body.get("private") != row.get("private"):
                self.result.private.append(number)
            kinds = stale_kinds(before.body, row)
            self.ledger.mark_stale(kinds, str(number), self._now)

    def _gone_from_head(self, rows: list[dict[str, Any]], oldest: int | None) -> None:
        """Note what the newest page should show and does not."""
        if not rows or oldest is None:
            return
        there = {int(row["id"]) for row in rows}
        for (number,) in self._store.query(
            "SELECT a.id FROM activity a JOIN record r ON r.athlete_id = a.athlete_id"
            " AND r.kind = 'activity' AND r.source = 'api'"
            " AND r.key = CAST(a.id AS TEXT)"
            " WHERE a.athlete_id = ? AND a.start_epoch > ?",
            (self.ledger.athlete_id, oldest),
        ):
            if number not in there:
                self.result.gone.append(number)

    def _gone_from_all(self) -> None:
        """Note what the whole list does not show any more."""
        athlete = self.ledger.athlete_id
        listed = self._store.query(
            "SELECT count(*) FROM seen WHERE athlete_id = ?", (athlete,)
        )[0][0]
        missing = self._store.query(
            "SELECT CAST(key AS INTEGER) FROM record WHERE athlete_id = ?1"
            " AND source = 'api' AND kind = 'activity' AND NOT EXISTS (SELECT 1"
            " FROM seen s WHERE s.athlete_id = ?1"
            " AND s.activity_id = CAST(record.key AS INTEGER))",
            (athlete,),
        )
        if missing and not listed:
            self.result.message = (
                "Strava listed no activity at all: nothing was removed. Check the"
                " scopes of the login; archive.forget removes the API data"
            )
            return
        self.result.gone += [row[0] for row in missing]

    def _sweep_gone(self, numbers: list[int]) -> None:
        for number in numbers:
            policy.forget(
                self._store,
                self._now,
                activity_id=number,
                athlete_id=self.ledger.athlete_id,
                sources=("api",),
                reason="no longer listed at Strava",
            )
        self.ledger.write("gone", None)

    @property
    def _store(self) -> SQLiteStore:
        return self.archive.store

    @property
    def _now(self) -> int:
        return int(self.archive.clock())
