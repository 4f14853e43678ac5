"""What a sync asks for next and what it does with the answer; no I/O but the store.

The engine hands out calls and takes their answers, each committed before the next
decision, so that it can be cut off anywhere. `stravalib.archive.sync` makes the calls,
one after the other or many at a time.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import requests

from stravalib import exc
from stravalib.archive import pending, photos, policy
from stravalib.archive.ledger import NOBODY, Ledger, owner_of, remember_owner
from stravalib.archive.listing import ActivityList
from stravalib.archive.parts import Call
from stravalib.archive.plan import Miss, Progress, Quota, SyncPlan, SyncResult
from stravalib.archive.project import iso

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from stravalib.archive.core import Archive
    from stravalib.archive.parts import SyncOptions
    from stravalib.archive.plan import Outcome

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
        yield from ActivityList(
            self.archive,
            self._ledger,
            self.result,
            self.options.check,
            lambda: self._tell("listing", self._counted(), None),
        ).calls()
        self._plan()

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
        ledger, what = self._ledger, self.options.what
        self._tasks.extend(
            pending.of_account(
                ledger,
                what,
                self._now,
                again=self.result.checked,
                asked_who=self._asked_who,
            )
        )
        calls, activities, total = pending.of_activities(
            ledger, what, self.options.since, self._now
        )
        self._tasks.extend(calls)
        quota, estimated = self.quota(len(self._tasks))
        plan = SyncPlan(
            total,
            activities,
            len(self._tasks),
            Counter(call.part for call in self._tasks),
            quota,
            policy.expiry(self._store, ledger.athlete_id, 0) is None,
            estimated,
        )
        if "photos" in what:
            resting = ledger.resting(self._now)
            self._tasks.extend(photos.calls(self._store, ledger.athlete_id, resting))
        self.result.plan = plan
        self._total = len(self._tasks)
        if self.options.on_plan is not None and self.options.on_plan(plan) is False:
            self.stop("declined", "the plan was declined")

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
        if call.kind == "routes":
            pending.drop_unlisted_routes(self._ledger, body)
        follow = pending.following(self._ledger, call, body, self._now)
        self._tasks.extendleft(reversed(follow))
        self._total += len(follow)
        self._tell("fetching", self._done, self._total, f"{call.part} {call.key}")

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
