"""What a sync asks for next and what it does with the answer; no I/O but the store.

The engine hands out calls and takes their answers, each committed before the next
decision, so that it can be cut off anywhere. `stravalib.archive.sync` makes the calls,
one after the other or many at a time.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import requests

from stravalib import exc
from stravalib.archive import photos, policy
from stravalib.archive.ledger import NOBODY, Ledger, owner_of, remember_owner
from stravalib.archive.parts import (
    ACTIVITY_PARTS,
    DEFAULT_PARTS,
    Call,
    stale_kinds,
)
from stravalib.archive.plan import Miss, Progress, Quota, SyncPlan, SyncResult
from stravalib.archive.project import epoch, iso

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from stravalib.archive.core import Archive
    from stravalib.archive.plan import Outcome

# A day before API data expire, so that a check renews the list before it is purged.
CHECK_EVERY = 6 * 86_400
CHECK_EVERY_KEPT = 7 * 86_400
RESUME_WITHIN = 900
PAGE = 200
# Failures in a row after which there is no point in going on.
PATIENCE = 5

_TRANSIENT = (
    exc.ServerFault,
    exc.InvalidResponse,
    requests.exceptions.ConnectionError,
    requests.exceptions.Timeout,
)
_NO_ENTRY = (
    exc.AuthError,
    exc.InvalidAccessToken,
    exc.InvalidClientCredentials,
    exc.ApplicationInactive,
    exc.AthleteCapacityExceeded,
)
# One answer that speaks for all others of its part.
_FOR_ALL = (
    exc.ScopeMissing,
    exc.SubscriptionRequired,
    exc.EndpointRestricted,
    exc.EndpointRemoved,
)


@dataclass(frozen=True, slots=True)
class SyncOptions:
    """What a sync is asked to do; see `Archive.sync`."""

    what: tuple[str, ...] = DEFAULT_PARTS
    check: bool | None = None
    athlete_id: int | None = None
    since: int | None = None
    max_requests: int | None = None
    on_plan: Callable[[SyncPlan], bool | None] | None = None
    progress: Callable[[Progress], None] | None = None


@dataclass(slots=True)
class _Listing:
    """How far the list of activities has been read."""

    mode: str  # full: to the end; catchup: down to what is known
    cursor: int | None
    top: int | None
    until: int | None
    touched: int = 0

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(slots=True)
class Engine:
    """One run of a sync."""

    archive: Archive
    options: SyncOptions
    token: str | None
    quota: Callable[[int], tuple[Quota, float | None]]
    known_athlete: int | None = None
    result: SyncResult = field(default_factory=SyncResult)
    _script: Generator[Call, Any, None] | None = None
    _next: Call | None = None
    _tasks: deque[Call] = field(default_factory=deque)
    _flying: int = 0
    _total: int = 0
    _done: int = 0
    _failures: int = 0
    _stopped: bool = False
    _run: int = 0
    _asked_who: bool = False
    _forgotten: set[int] = field(default_factory=set)

    # -- for the drivers -------------------------------------------------------

    def start(self) -> None:
        """Begin: remove what has expired, find where the last run stopped."""
        self.archive.purge()
        with self._store.transaction():
            self._store.execute(
                "INSERT INTO run (kind, started_at) VALUES ('sync', ?)", (self._now,)
            )
            ((self._run,),) = self._store.query("SELECT max(id) FROM run")
        self._script = self._list()
        self._advance(None)

    def next(self) -> Call | None:
        """Return a call to make now; None: wait for the others, or `finished`."""
        if self._stopped:
            return None
        most = self.options.max_requests
        if self._next is not None:
            call, self._next = self._next, None
        elif self._script is None and self._tasks:
            if (
                most is not None
                and self.result.requests + self._flying >= most
                and self._tasks[0].mode != "file"
            ):
                self.stop("limit", f"max_requests={most} are made")
                return None
            call = self._tasks.popleft()
        else:
            return None
        self._flying += 1
        return call

    @property
    def finished(self) -> bool:
        """Whether nothing is under way and nothing will come."""
        if self._flying:
            return False
        return self._stopped or (
            self._script is None and self._next is None and not self._tasks
        )

    def done(self, call: Call, body: Any, *, requests: int = 1) -> None:
        """Take an answer in: it is committed when this returns."""
        self._landed(call, requests)
        self._failures = 0
        if self._script is not None:
            self._advance(body)
        elif not self._stopped or body is not None:
            self._keep(call, body)

    def failed(self, call: Call, error: Exception, *, requests: int = 1) -> None:
        """Take a failure in: note it and go on, or stop.

        Raise the error where it is none that a sync has to expect.
        """
        self._landed(call, requests)
        if isinstance(error, exc.RateLimitExceeded):
            self._put_back(call)
            self.result.retry_after = error.retry_after
            self.stop("limit", str(error))
        elif isinstance(error, _NO_ENTRY):
            self._put_back(call)
            self.stop("refused", str(error))
        elif not isinstance(
            error, (exc.StravalibError, requests_error, OSError)
        ) or isinstance(error, _own_errors()):
            raise error
        elif self._script is not None:
            kind: Outcome = (
                "unreachable" if isinstance(error, _TRANSIENT) else "refused"
            )
            self.stop(kind, str(error))
        else:
            self._missed(call, error)

    def give_back(self, call: Call) -> None:
        """Put a call back that was not made."""
        self._flying -= 1
        self._put_back(call)

    def stop(self, outcome: Outcome, message: str = "") -> None:
        """Hand out no more calls."""
        if not self._stopped:
            self._stopped = True
            self.result.outcome = outcome
            self.result.message = message

    def resume(self) -> None:
        """Go on after a stop (a limit that was waited out)."""
        self._stopped = False
        self.result.outcome = "running"
        self.result.message = ""
        self.result.retry_after = None

    def finish(self) -> SyncResult:
        """Write down how it went."""
        result = self.result
        result.left = len([task for task in self._tasks if task.mode != "file"])
        if result.outcome == "running":
            result.outcome = "partial" if result.missed else "complete"
        with self._store.transaction():
            import json

            self._store.execute(
                "UPDATE run SET athlete_id = ?, ended_at = ?, outcome = ?,"
                " requests = ?, summary = ? WHERE id = ?",
                (
                    result.athlete_id,
                    self._now,
                    result.outcome,
                    result.requests,
                    json.dumps(result.to_json()),
                    self._run,
                ),
            )
            if result.outcome in ("complete", "partial"):
                self._ledger.write("listed_at", None)
        return result

    def learn_token(self, token: str | None) -> None:
        """Remember whose token it is: it may have been renewed on the way."""
        if self.result.athlete_id is not None:
            remember_owner(self._store, token, self.result.athlete_id)

    # -- the list of activities ------------------------------------------------

    def _list(self) -> Generator[Call, Any, None]:
        """Find out who it is, read the list as far as needed, plan the rest."""
        owner = self.known_athlete or owner_of(self._store, self.token)
        if owner is None:
            profile = yield Call("athlete", "athlete", "", "get_athlete")
            owner = int(profile["id"])
            self._asked_who = True
            if self.options.athlete_id in (None, owner):
                self.archive.add("athlete", profile, athlete_id=owner)
                remember_owner(self._store, self.token, owner)
        if self.options.athlete_id not in (None, owner):
            self.stop(
                "refused",
                f"the token is of athlete {owner}, not of"
                f" {self.options.athlete_id}: log in as the other",
            )
            return
        self.result.athlete_id = owner
        self.archive.adopt(owner)
        rows = self._store.query(
            "SELECT activity_id FROM forgotten WHERE athlete_id = ?", (owner,)
        )
        self._forgotten = {row[0] for row in rows}
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
            self._tell("listing", self._counted(), None)
        self._plan()

    def _where_it_stands(self) -> _Listing | None:
        """Return where to read on; None: the list was read just now."""
        ledger = self._ledger
        kept = ledger.read("listing")
        if kept is not None and self._now - kept["touched"] < RESUME_WITHIN:
            listing = _Listing(**kept)
            self.result.checked = listing.mode == "full"
            return listing
        listed_at = ledger.read("listed_at")
        if (
            listed_at is not None
            and self._now - listed_at < RESUME_WITHIN
            and not self.options.check
        ):
            return None
        checked_at = ledger.read("checked_at")
        check = self.options.check
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
        until = kept["until"] if kept is not None else ledger.read("top")
        return _Listing("catchup", None, None, until)

    def _take_page(self, listing: _Listing, page: list[Any]) -> _Listing | None:
        """Commit one page and where to read on; None at the end."""
        ledger = self._ledger
        athlete = ledger.athlete_id
        rows = [row for row in page if isinstance(row, dict) and row.get("id")]
        starts = [at for row in rows if (at := epoch(row.get("start_date")))]
        oldest = min(starts, default=None)
        head = listing.cursor is None
        with self._store.transaction():
            fresh = 0
            for row in rows:
                fresh += self._take_summary(row)
            if head and starts:
                listing.top = max(starts)
            if head and listing.mode == "catchup":
                self._gone_from_head(rows, oldest, full=len(page) >= PAGE)
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
            if listing.mode == "full":
                self._gone_from_all()
                ledger.write("checked_at", self._now)
            if listing.top is not None:
                ledger.write("top", max(listing.top, ledger.read("top") or 0))
            elif ledger.read("top") is None:
                ledger.write("top", 0)
            ledger.write("listing", None)
            ledger.write("listed_at", self._now)
            self._store.execute("DELETE FROM seen WHERE athlete_id = ?", (athlete,))
        self._sweep_gone()
        return None

    def _take_summary(self, row: dict[str, Any]) -> int:
        """Keep one summary, note what its edit makes stale; 1 if it is new."""
        number = int(row["id"])
        athlete = self._ledger.athlete_id
        self._store.execute(
            "INSERT OR IGNORE INTO seen VALUES (?, ?)", (athlete, number)
        )
        if number in self._forgotten:
            return 0
        before = self._store.get(athlete, "activity", str(number), "api")
        change = self.archive.add("activity", row, athlete_id=athlete)
        if change.state == "new":
            self.result.added.append(number)
            self.archive.link_recordings(athlete, number)
            return 1
        if change.state == "changed" and before is not None:
            self.result.changed.append(number)
            if before.body.get("visibility") != row.get(
                "visibility"
            ) or before.body.get("private") != row.get("private"):
                self.result.private.append(number)
            kinds = stale_kinds(before.body, row)
            self._ledger.mark_stale(kinds, str(number), self._now)
        return 0

    def _gone_from_head(
        self, rows: list[dict[str, Any]], oldest: int | None, *, full: bool
    ) -> None:
        """Note what the newest page should show and does not."""
        if not rows or oldest is None:
            return
        there = {int(row["id"]) for row in rows}
        for (number,) in self._store.query(
            "SELECT a.id FROM activity a JOIN record r ON r.athlete_id = a.athlete_id"
            " AND r.kind = 'activity' AND r.source = 'api'"
            " AND r.key = CAST(a.id AS TEXT)"
            " WHERE a.athlete_id = ? AND a.start_epoch > ?",
            (self._ledger.athlete_id, oldest),
        ):
            if number not in there:
                self.result.gone.append(number)

    def _gone_from_all(self) -> None:
        """Note what the whole list does not show any more."""
        athlete = self._ledger.athlete_id
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

    def _sweep_gone(self) -> None:
        for number in self.result.gone:
            self._forget(number, "no longer listed at Strava")

    def _forget(self, number: int, reason: str) -> None:
        policy.forget(
            self._store,
            self._now,
            activity_id=number,
            athlete_id=self._ledger.athlete_id,
            sources=("api",),
            reason=reason,
        )

    # -- everything else -------------------------------------------------------

    def _plan(self) -> None:
        """Line up what is missing, the newest first, and say how long it takes."""
        athlete = self._ledger.athlete_id
        store = self._store
        resting, stale = self._ledger.resting(self._now), self._ledger.stale()
        wanted = [ACTIVITY_PARTS[n] for n in self.options.what if n in ACTIVITY_PARTS]
        have = {part.kind: store.has(athlete, part.kind, "api") for part in wanted}
        rows = store.query(
            "SELECT r.key FROM record r LEFT JOIN activity a"
            " ON a.athlete_id = r.athlete_id AND a.id = CAST(r.key AS INTEGER)"
            " WHERE r.athlete_id = ?1 AND r.kind = 'activity' AND r.source = 'api'"
            " AND (?2 IS NULL OR a.start_epoch >= ?2)"
            " ORDER BY a.start_epoch DESC, a.id DESC",
            (athlete, self.options.since),
        )
        self._tasks.extend(self._account_calls())
        by_part: dict[str, int] = {}
        for call in self._tasks:
            by_part[call.part] = by_part.get(call.part, 0) + 1
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
            self._tasks.extend(calls)
            pending += bool(calls)
            for call in calls:
                by_part[call.part] = by_part.get(call.part, 0) + 1
        quota, estimated = self.quota(len(self._tasks))
        plan = SyncPlan(
            len(rows),
            pending,
            len(self._tasks),
            by_part,
            quota,
            policy.expiry(store, athlete, 0) is None,
            estimated,
        )
        if "photos" in self.options.what:
            self._tasks.extend(photos.calls(store, athlete, resting))
        self.result.plan = plan
        self._total = len(self._tasks)
        if self.options.on_plan is not None and self.options.on_plan(plan) is False:
            self.stop("declined", "the plan was declined")

    def _account_calls(self) -> list[Call]:
        """List what is not of one activity: when missing, and at each check."""
        athlete, what = self._ledger.athlete_id, self.options.what
        key = str(athlete)
        again = self.result.checked
        resting = self._ledger.resting(self._now)
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
            and (again or not self._has(call.kind, key))
            and not (call.kind == "athlete" and self._asked_who)
        ]
        if "gear" in what:
            for (gear,) in self._store.query(
                "SELECT DISTINCT gear_id FROM activity WHERE athlete_id = ?"
                " AND gear_id IS NOT NULL AND source = 'api' ORDER BY 1",
                (athlete,),
            ):
                if ("gear", gear) not in resting and (
                    again or not self._has("gear", gear)
                ):
                    calls.append(Call("gear", "gear", gear, "get_gear", (gear,)))
        return calls

    def _has(self, kind: str, key: str) -> bool:
        return self._store.get(self._ledger.athlete_id, kind, key, "api") is not None

    def _keep(self, call: Call, body: Any) -> None:
        """Commit one answer, and line up what follows from it."""
        athlete = self._ledger.athlete_id
        if call.mode == "file":
            photos.keep(self.archive, athlete, call, body)
            self._ledger.settle(call.kind, call.key)
        else:
            with self._store.transaction():
                self.archive.add(call.kind, body, athlete_id=athlete, key=call.key)
                self._ledger.settle(call.kind, call.key)
        fetched = self.result.fetched
        fetched[call.part] = fetched.get(call.part, 0) + 1
        follow = self._following(call, body)
        self._tasks.extendleft(reversed(follow))
        self._total += len(follow)
        self._tell("fetching", self._done, self._total, f"{call.part} {call.key}")

    def _following(self, call: Call, body: Any) -> list[Call]:
        if call.kind == "activity_photos":
            resting = self._ledger.resting(self._now)
            return photos.calls(
                self._store, self._ledger.athlete_id, resting, key=call.key
            )
        many = {
            "routes": ("route", "get_route", "get_route_streams"),
            "starred": ("segment", "get_segment", "get_segment_streams"),
        }.get(call.kind)
        if many is None:
            return []
        kind, method, streams = many
        if kind == "route":
            listed = {str(row.get("id")) for row in body if isinstance(row, dict)}
            for key in self._store.has(self._ledger.athlete_id, kind, "api") - listed:
                self._remove(kind, key)
                self._remove(f"{kind}_streams", key)
        calls = []
        for row in body:
            if not isinstance(row, dict) or not row.get("id"):
                continue
            key = str(row["id"])
            kept = self._store.get(self._ledger.athlete_id, kind, key, "api")
            stamp = row.get("updated_at")
            edited = (
                kept is not None
                and stamp is not None
                and kept.body.get("updated_at") != stamp
            )
            if kept is None or edited:
                calls.append(Call(call.part, kind, key, method, (int(key),)))
            if edited or not self._has(f"{kind}_streams", key):
                calls.append(
                    Call(call.part, f"{kind}_streams", key, streams, (int(key),))
                )
        return calls

    def _missed(self, call: Call, error: Exception) -> None:
        """Note what could not be had; stop where nothing more can be expected."""
        if isinstance(error, exc.ObjectNotFound) and call.kind == "activity_detail":
            self.result.gone.append(int(call.key))
            self._forget(int(call.key), "404 at Strava")
            self._drop(
                lambda task: task.kind[:8] == "activity" and task.key == call.key
            )
            return
        if isinstance(error, _FOR_ALL):
            self.result.refused[call.part] = str(error)
            self._drop(lambda task: task.part == call.part)
        status = "failed"
        if isinstance(error, exc.ObjectNotFound):
            status = "absent"
            # What is gone at Strava leaves at once (API policy 6.2).
            self._remove(call.kind, call.key)
        elif isinstance(error, exc.Fault) and not isinstance(error, exc.ServerFault):
            status = "refused"
        again = self._ledger.miss(call.kind, call.key, status, str(error), self._now)
        self.result.missed.append(
            Miss(call.kind, call.key, str(error), None if again is None else iso(again))
        )
        if status == "failed" and call.mode != "file":
            self._failures += 1
            if self._failures >= PATIENCE:
                self.stop(
                    "unreachable",
                    f"{PATIENCE} failures in a row, the last: {error}. What has come"
                    " is kept; try again later",
                )

    def _remove(self, kind: str, key: str) -> None:
        self._store.remove(
            athlete_id=self._ledger.athlete_id, kind=kind, key=key, sources=("api",)
        )

    def _drop(self, unwanted: Callable[[Call], bool]) -> None:
        kept = [task for task in self._tasks if not unwanted(task)]
        self._total -= len(self._tasks) - len(kept)
        self._tasks = deque(kept)

    # -- small things ----------------------------------------------------------

    @property
    def _store(self) -> Any:
        return self.archive.store

    @property
    def _now(self) -> int:
        return int(self.archive.clock())

    @property
    def _ledger(self) -> Ledger:
        return Ledger(self._store, self.result.athlete_id or NOBODY)

    def _counted(self) -> int:
        rows = self._store.query(
            "SELECT count(*) FROM record WHERE athlete_id = ? AND kind = 'activity'"
            " AND source = 'api'",
            (self._ledger.athlete_id,),
        )
        count: int = rows[0][0]
        return count

    def _landed(self, call: Call, requests: int) -> None:
        self._flying -= 1
        if call.mode != "file":
            self.result.requests += requests
        if self._script is None:
            self._done += 1

    def _put_back(self, call: Call) -> None:
        if self._script is not None:
            self._next = call
        else:
            self._tasks.appendleft(call)
            self._done = max(0, self._done - 1)

    def _advance(self, body: Any) -> None:
        script = self._script
        assert script is not None
        try:
            self._next = script.send(body)
        except StopIteration:
            self._script = None

    def _tell(self, phase: Any, done: int, total: int | None, text: str = "") -> None:
        if self.options.progress is not None:
            self.options.progress(Progress(phase, done, total, text))


requests_error = requests.exceptions.RequestException


def _own_errors() -> tuple[type[Exception], ...]:
    from stravalib.archive.errors import ArchiveError

    return (ArchiveError,)
