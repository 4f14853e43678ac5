"""Everything that a local Strava knows: the world, accounts, uploads, subscriptions."""

from __future__ import annotations

import logging
import secrets
import threading
from bisect import bisect_left, insort
from copy import copy
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from stravalib.emulator.accounts import Accounts, Application
from stravalib.emulator.clock import Clock
from stravalib.emulator.entries import ActivityEntry
from stravalib.emulator.profiles import DEFAULT_PROFILE, Profile, profile_named
from stravalib.emulator.records import (
    ActivityRecord,
    AthleteRecord,
    ClubRecord,
    Json,
    PrivacyZone,
    RouteRecord,
    SegmentRecord,
    World,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from stravalib.emulator.accounts import Grant

log = logging.getLogger("stravalib.emulator")

FIRST_APPLICATION_ID = 61_001
FIRST_ACTIVITY_ID = 16_500_000_001
FIRST_UPLOAD_ID = 17_600_000_001


class Figures(NamedTuple):
    """What one activity adds to totals."""

    start: float
    sport: str
    values: tuple[float, ...]


@dataclass(slots=True)
class Athlete:
    """An athlete in the state; activities are listed oldest first."""

    detail: Json
    zones: Json
    gear: dict[str, Json]
    starred: dict[int, str]  # segment id -> when it was starred
    subscriber: bool
    order: list[tuple[float, int]] = field(default_factory=list)
    # newest first, made when first asked for after a change
    newest: list[ActivityEntry] | None = None
    privacy_zones: list[PrivacyZone] = field(default_factory=list)
    # totals are added up from these; made with ``newest``
    figures: tuple[list[ActivityEntry], list[Figures]] | None = None

    @property
    def id(self) -> int:
        """The athlete's id."""
        return int(self.detail["id"])

    def record(self) -> AthleteRecord:
        """Give the athlete as a record without activities and routes."""
        return AthleteRecord(
            self.detail,
            self.zones,
            list(self.gear.values()),
            starred_segment_ids=list(self.starred),
            subscriber=self.subscriber,
            privacy_zones=self.privacy_zones,
        )


@dataclass(slots=True)
class Effort:
    """Where an effort is: enough to find, sort and rank it without unpacking."""

    id: int
    segment_id: int
    activity_id: int
    athlete_id: int
    start_local: str
    elapsed: float
    leads: bool


class Keeper:
    """Where changes are kept; this one forgets them."""

    def put(self, kind: str, key: str, value: Any) -> None:
        """Keep an object."""

    def drop(self, kind: str, key: str) -> None:
        """Forget an object."""

    def commit(self) -> None:
        """Make everything since the last commit durable."""

    def close(self) -> None:
        """Let go of the file."""


class State:
    """A world, and all that clients did to it.

    Parameters
    ----------
    world
        What to begin with.
    clock
        The time that tokens, limits and uploads go by.
    profile
        Date of the platform: ``2026-05``, ``2026-11`` or ``2027-06``.
    keeper
        Where changes are kept.
    """

    def __init__(
        self,
        world: World | None = None,
        *,
        clock: Clock | None = None,
        profile: str = DEFAULT_PROFILE,
        keeper: Keeper | None = None,
    ) -> None:
        self.clock = clock or Clock()
        self.profile: Profile = profile_named(profile)
        self.keeper = keeper or Keeper()
        self.lock = threading.RLock()
        self.accounts = Accounts()
        self.athletes: dict[int, Athlete] = {}
        self.activities: dict[int, ActivityEntry] = {}
        self.segments: dict[int, SegmentRecord] = {}
        self.clubs: dict[int, ClubRecord] = {}
        self.routes: dict[int, tuple[int, RouteRecord]] = {}  # id -> athlete, route
        self.efforts: dict[int, Effort] = {}
        self.efforts_of_segment: dict[int, list[Effort]] = {}
        self.efforts_of_activity: dict[int, list[Effort]] = {}
        self.ready = threading.Event()
        self.ready.set()
        self._ids: dict[str, int] = {}
        # What a file held for the parts around the state: kind -> JSON of each.
        self.restored: dict[str, list[Any]] = {}
        if world is not None:
            self.load(world)

    # -- filling -----------------------------------------------------------------

    def load(self, world: World) -> None:
        """Add a world; its iterators are consumed."""
        for segment in world.segments:
            self.put_segment(segment)
        for club in world.clubs:
            self.put_club(club)
        for athlete in world.athletes:
            self.add_athlete(athlete)

    def load_in_background(self, make: Callable[[], World]) -> None:
        """Make and add a world in a thread; :attr:`ready` is set when it is there."""
        self.ready.clear()

        def work() -> None:
            try:
                self.load(make())
            except Exception:
                log.exception("the world could not be loaded completely")
            finally:
                self.ready.set()

        threading.Thread(target=work, name="local-strava-world", daemon=True).start()

    def fork(self, clock: Clock | None = None, profile: str | None = None) -> State:
        """Copy the world, without accounts; the copy changes by itself."""
        other = State(clock=clock, profile=profile or self.profile.name)
        for athlete in self.athletes.values():
            other.athletes[athlete.id] = replace(
                athlete,
                starred=dict(athlete.starred),
                order=list(athlete.order),
                privacy_zones=list(athlete.privacy_zones),
            )
        other.activities = {key: copy(e) for key, e in self.activities.items()}
        for athlete in other.athletes.values():
            athlete.newest = athlete.figures = None
        other.segments = {key: replace(r) for key, r in self.segments.items()}
        other.clubs = {
            key: replace(r, member_ids=list(r.member_ids))
            for key, r in self.clubs.items()
        }
        other.routes = dict(self.routes)
        other.efforts = dict(self.efforts)
        other.efforts_of_segment = {
            key: list(items) for key, items in self.efforts_of_segment.items()
        }
        other.efforts_of_activity = {
            key: list(items) for key, items in self.efforts_of_activity.items()
        }
        return other

    def add_athlete(self, record: AthleteRecord) -> Athlete:
        """Add an athlete with gear, activities and routes."""
        athlete = Athlete(
            record.detail,
            record.zones,
            {str(gear["id"]): gear for gear in record.gear},
            dict.fromkeys(record.starred_segment_ids, ""),
            record.subscriber,
            privacy_zones=[
                (zone[0], zone[1], zone[2]) for zone in record.privacy_zones
            ],
        )
        self.athletes[athlete.id] = athlete
        self.save_athlete(athlete)
        for route in record.routes:
            self.put_route(athlete.id, route)
        self.add_activities(athlete.id, record.activities)
        # Worlds that are generated add to the gear while their activities are read.
        self.save_athlete(athlete)
        return athlete

    def add_activities(self, athlete_id: int, records: Iterable[ActivityRecord]) -> int:
        """Add activities of an athlete; returns how many."""
        athlete = self.athletes[athlete_id]
        count = 0
        for record in records:
            self.place(ActivityEntry(record, athlete_id), record.detail, sort=False)
            count += 1
        athlete.order.sort()
        athlete.newest = None
        return count

    def place(
        self,
        entry: ActivityEntry,
        detail: Json | None = None,
        *,
        sort: bool = True,
        keep: bool = True,
    ) -> None:
        """Put an activity in, or in the place of an older version of it.

        ``detail`` spares unpacking it; without ``sort`` the caller sorts, and without
        ``keep`` it is in the file already.
        """
        athlete = self.athletes[entry.athlete_id]
        with self.lock:
            if entry.id in self.activities:
                self._take_out(self.activities[entry.id])
            self.activities[entry.id] = entry
            if sort:
                insort(athlete.order, (entry.start, entry.id))
            else:
                athlete.order.append((entry.start, entry.id))
            athlete.newest = None
            self._index_efforts(entry, entry.detail if detail is None else detail)
            if keep:
                self.keeper.put("activity", str(entry.id), entry)

    def remove_activity(self, activity_id: int) -> ActivityEntry:
        """Take an activity out of the world."""
        with self.lock:
            entry = self.activities.pop(activity_id)
            self._take_out(entry)
            self.keeper.drop("activity", str(activity_id))
        return entry

    def put_segment(self, record: SegmentRecord) -> None:
        """Add or replace a segment."""
        self.segments[int(record.detail["id"])] = record
        self.keeper.put("segment", str(record.detail["id"]), record)

    def put_club(self, record: ClubRecord) -> None:
        """Add or replace a club."""
        self.clubs[int(record.detail["id"])] = record
        self.keeper.put("club", str(record.detail["id"]), record)

    def put_route(self, athlete_id: int, record: RouteRecord) -> None:
        """Add or replace a route of an athlete."""
        self.routes[int(record.detail["id"])] = (athlete_id, record)
        self.keeper.put("route", str(record.detail["id"]), (athlete_id, record))

    def save_athlete(self, athlete: Athlete) -> None:
        """Keep what changed about an athlete."""
        self.keeper.put("athlete", str(athlete.id), athlete)

    def new_application(self, **options: Any) -> Application:
        """Make an application with an id that is free and a random secret."""
        used = self.accounts.applications
        number = options.pop("id", max(used, default=FIRST_APPLICATION_ID - 1) + 1)
        return Application(
            number, options.pop("secret", secrets.token_hex(20)), **options
        )

    def add_application(self, application: Application) -> Application:
        """Register an application."""
        if application.owner_id is None:
            application.owner_id = next(iter(self.athletes), None)
        self.accounts.add_application(application)
        self.save_application(application)
        return application

    def save_application(self, application: Application) -> None:
        """Keep what changed about an application."""
        self.keeper.put("application", str(application.id), application.to_json())

    def save_grant(self, application_id: int, athlete_id: int) -> None:
        """Keep what an athlete granted, with the tokens."""
        key = f"{application_id}/{athlete_id}"
        grant = self.accounts.grants.get((application_id, athlete_id))
        if grant is None:
            self.keeper.drop("grant", key)
        else:
            self.keeper.put("grant", key, self.accounts.grant_to_json(grant))

    def withdraw(self, grant: Grant) -> None:
        """End a grant with its tokens."""
        self.accounts.withdraw(grant)
        self.save_grant(grant.application.id, grant.athlete_id)

    def make_code(
        self, application: Application, athlete_id: int, scopes: Iterable[str]
    ) -> str:
        """Make an authorization code that survives a restart."""
        accounts = self.accounts
        value = accounts.make_code(application, athlete_id, scopes, self.clock.now())
        code = accounts.codes[value]
        self.keeper.put(
            "code",
            value,
            [application.id, athlete_id, sorted(code.scopes), code.expires_at],
        )
        return value

    # -- asking ------------------------------------------------------------------

    def activities_newest_first(self, athlete_id: int) -> list[ActivityEntry]:
        """List the activities of an athlete by start, the newest first."""
        athlete = self.athletes[athlete_id]
        if athlete.newest is None:
            with self.lock:
                activities = self.activities
                athlete.newest = [activities[key] for _, key in reversed(athlete.order)]
        return athlete.newest

    def activities_between(
        self, athlete_id: int, after: float | None, before: float | None
    ) -> list[ActivityEntry]:
        """List activities that start after and before two moments, oldest first."""
        order = self.athletes[athlete_id].order
        low = 0 if after is None else bisect_left(order, (after, 1 << 200))
        high = len(order) if before is None else bisect_left(order, (before, -1))
        return [self.activities[key] for _, key in order[low:high]]

    def routes_of(self, athlete_id: int) -> list[RouteRecord]:
        """List the routes of an athlete, the newest first."""
        mine = [route for owner, route in self.routes.values() if owner == athlete_id]
        return sorted(mine, key=lambda route: -int(route.detail.get("timestamp") or 0))

    def clubs_of(self, athlete_id: int) -> list[ClubRecord]:
        """List the clubs that an athlete is a member of."""
        return [club for club in self.clubs.values() if athlete_id in club.member_ids]

    def next_id(self, kind: str, first: int) -> int:
        """Hand out an id that is not in use."""
        with self.lock:
            if kind not in self._ids:
                used: Iterator[int] = iter(())
                if kind == "activity":
                    used = iter(self.activities)
                self._ids[kind] = max(first - 1, *used, 0)
            self._ids[kind] += 1
            self.keeper.put("counter", kind, self._ids[kind])
            return self._ids[kind]

    def restore_counter(self, kind: str, value: int) -> None:
        """Go on counting ids where a file says."""
        self._ids[kind] = value

    # -- inside ------------------------------------------------------------------

    def _take_out(self, entry: ActivityEntry) -> None:
        athlete = self.athletes[entry.athlete_id]
        place = bisect_left(athlete.order, (entry.start, entry.id))
        if athlete.order[place : place + 1] == [(entry.start, entry.id)]:
            del athlete.order[place]
        else:
            athlete.order.remove((entry.start, entry.id))
        athlete.newest = None
        for effort in self.efforts_of_activity.pop(entry.id, ()):
            self.efforts.pop(effort.id, None)
            self.efforts_of_segment[effort.segment_id].remove(effort)

    def _index_efforts(self, entry: ActivityEntry, detail: Json) -> None:
        for item in detail.get("segment_efforts") or []:
            segment_id = int((item.get("segment") or {}).get("id") or 0)
            effort = Effort(
                int(item["id"]),
                segment_id,
                entry.id,
                entry.athlete_id,
                str(item.get("start_date_local", "")),
                float(item.get("elapsed_time") or 0),
                item.get("kom_rank") == 1,
            )
            self.efforts[effort.id] = effort
            self.efforts_of_segment.setdefault(segment_id, []).append(effort)
            self.efforts_of_activity.setdefault(entry.id, []).append(effort)
