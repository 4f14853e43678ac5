"""Generate a world: the same seed and the same moment give the same bytes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from stravalib.emulator.processing.parts import stamp
from stravalib.emulator.records import (
    ActivityRecord,
    AthleteRecord,
    ClubRecord,
    Json,
    SegmentRecord,
    World,
)
from stravalib.emulator.world import extras
from stravalib.emulator.world.atlas import Atlas
from stravalib.emulator.world.history import History
from stravalib.emulator.world.people import (
    Person,
    athlete_id,
    detailed_athlete,
    person,
    summary_athlete,
    summary_gear,
)
from stravalib.emulator.world.places import HOMES, TRIPS, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

# The moment up to which there are activities, unless told otherwise.
DEFAULT_NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
PALS = 24
FIRST_PAL = 100_000
# Ids of activities per second; athletes never share one.
MIN_STRIDE = 40


class _Athletes:
    """Athletes that are made while one iterates; each iteration makes them anew."""

    def __init__(self, maker: _Maker, count: int) -> None:
        self._maker = maker
        self._count = count

    def __iter__(self) -> Iterator[AthleteRecord]:
        for index in range(self._count):
            yield self._maker.athlete(index)

    def __len__(self) -> int:
        return self._count


class _Activities:
    """Activities that are made while one iterates, the same each time."""

    def __init__(self, maker: _Maker, who: Person, summaries: dict[str, Json]) -> None:
        self._maker = maker
        self._who = who
        self._summaries = summaries

    def __iter__(self) -> Iterator[ActivityRecord]:
        maker = self._maker
        history = History(
            self._who,
            maker.seed,
            maker.atlases,
            maker.pals,
            gear=self._summaries,
            stride=max(MIN_STRIDE, maker.count),
        )
        yield from history.between(maker.begin.date(), maker.now, maker.per_week)
        history.settle_gear()


class _Maker:
    def __init__(
        self, seed: int, athletes: int, begin: datetime, now: datetime, per_week: float
    ) -> None:
        self.seed = seed
        self.count = athletes
        self.begin = begin
        self.now = now
        self.per_week = per_week
        self.atlases: dict[str, Atlas] = {}
        self.pals = [
            summary_athlete(person(seed, FIRST_PAL + number, begin))
            for number in range(PALS)
        ]

    def atlas_of(self, who: Person) -> Atlas:
        return self.atlas_at(who.home)

    def atlas_at(self, place: Place) -> Atlas:
        if place.key not in self.atlases:
            self.atlases[place.key] = Atlas(place)
        return self.atlases[place.key]

    def segments_of(self, atlas: Atlas) -> list[SegmentRecord]:
        atlas.stretches()
        return atlas.segments

    def athlete(self, index: int) -> AthleteRecord:
        who = person(self.seed, index, self.begin)
        atlas = self.atlas_of(who)
        summaries = {gear["id"]: summary_gear(gear) for gear in who.gear}
        clubs = [club_summary(club) for club in self.clubs_at(atlas)]
        record = AthleteRecord(
            detailed_athlete(who, clubs, list(summaries.values())),
            zones=athlete_zones(who),
            gear=who.gear,
            activities=_Activities(self, who, summaries),
            routes=extras.routes_of(who, atlas, self.now),
            starred_segment_ids=[
                stretch.segment_id for stretch in atlas.stretches()[index % 3 :: 3]
            ],
            subscriber=who.subscriber,
        )
        record.detail["updated_at"] = stamp(self.now - timedelta(hours=9))
        return record

    def clubs_at(self, atlas: Atlas) -> list[ClubRecord]:
        people = [
            who
            for who in (
                person(self.seed, i, self.begin) for i in range(min(8, self.count))
            )
            if who.home == atlas.place
        ]
        homes = [
            athlete_id(self.seed, index)
            for index in range(self.count)
            if person_home(self.seed, index) == atlas.place.key
        ]
        return extras.clubs_of(
            atlas.place, homes + [pal["id"] for pal in self.pals[:9]], people, self.now
        )


def person_home(seed: int, index: int) -> str:
    """Return the key of the home town of the athlete of this number."""
    return HOMES[(index + seed - 1) % len(HOMES)].key


def athlete_zones(who: Person) -> Json:
    """Write the zones of an athlete as ``GET /athlete/zones`` does."""
    answer: Json = {
        "heart_rate": {"custom_zones": False, "zones": who.body.heart_zones()}
    }
    power = who.body.power_zones()
    if power:
        answer["power"] = {"zones": power}
    return answer


def club_summary(club: ClubRecord) -> Json:
    """Write the SummaryClub inside an athlete, where the members are not counted."""
    hidden = {"membership", "admin", "owner", "description", "club_type", "post_count",
              "owner_id", "website", "following_count"}  # fmt: skip
    shown = {key: value for key, value in club.detail.items() if key not in hidden}
    return {**shown, "resource_state": 2, "member_count": 0}


def generate(
    *,
    seed: int = 1,
    athletes: int = 1,
    years: float = 2.0,
    activities_per_week: float = 5.0,
    start: datetime | None = None,
    now: datetime | None = None,
) -> World:
    """Generate athletes with years of believable activities.

    Parameters
    ----------
    seed
        The same seed and the same ``now`` and ``start`` give the same world, on every
        machine.
    athletes
        How many. They and their activities are made while the world is read, so
        thousands are possible; gear has its distance when all activities were read.
    years
        How far back the activities go, unless ``start`` is given.
    activities_per_week
        The mean for each athlete, between 0 and 14.
    start, now
        The first day and the last moment; aware. ``now`` is a fixed moment unless
        given: pass the time of the clock to get activities up to today.

    Raises
    ------
    ValueError
        For a naive datetime, a negative count, or a start after the end.
    """
    now = DEFAULT_NOW if now is None else now
    if start is None:
        start = now - timedelta(days=365.25 * years)
    for name, moment in (("start", start), ("now", now)):
        if moment.tzinfo is None:
            raise ValueError(f"{name} needs a time zone, got {moment!r}; add tzinfo=")
    now, start = now.astimezone(UTC), start.astimezone(UTC)
    if start > now or athletes < 0 or not 0 <= activities_per_week <= 14:
        raise ValueError(
            f"cannot generate from {start} to {now} with {athletes} athletes and "
            f"{activities_per_week} activities a week; give a start before now, no "
            "negative count and at most 14 a week"
        )
    maker = _Maker(seed, athletes, start, now, activities_per_week)
    segments = []
    clubs = []
    for index in range(min(athletes, 4)):
        who = person(seed, index, start)
        atlas = maker.atlas_of(who)
        segments += maker.segments_of(atlas)
        clubs += maker.clubs_at(atlas)
    for place in TRIPS if athletes else ():
        segments += maker.segments_of(maker.atlas_at(place))
    return World(_Athletes(maker, athletes), segments, clubs)


def generate_activities(
    count: int,
    *,
    seed: int = 1,
    now: datetime | None = None,
    minutes_apart: float | None = None,
) -> World:
    """Generate one athlete with very many activities, for tests of load.

    Some hundred activities are made with care; the others repeat their samples on
    other days, without efforts, splits or social life, so that 100,000 take seconds.

    Parameters
    ----------
    count
        How many activities.
    minutes_apart
        Time between two starts; None spreads them evenly since 2009.
    """
    now = (DEFAULT_NOW if now is None else now).astimezone(UTC)
    world = generate(seed=seed, years=0.4, activities_per_week=5, now=now)
    (athlete,) = world.athletes
    patterns = list(athlete.activities)
    if minutes_apart is None:
        minutes_apart = (now - datetime(2009, 1, 2, tzinfo=UTC)).total_seconds()
        minutes_apart /= 60 * max(1, count + 1)
    athlete.activities = _repeats(
        patterns, count, now, timedelta(minutes=minutes_apart)
    )
    world.athletes = [athlete]
    return world


HEAVY = ("segment_efforts", "best_efforts", "splits_metric", "splits_standard",
         "similar_activities", "highlighted_kudosers")  # fmt: skip


def _repeats(
    patterns: list[ActivityRecord], count: int, now: datetime, step: timedelta
) -> Iterator[ActivityRecord]:
    for index in range(count):
        pattern = patterns[index % len(patterns)]
        start = (now - step * (count - index)).replace(microsecond=0)
        yield _repeat(pattern, index, start)


def _repeat(pattern: ActivityRecord, index: int, start: datetime) -> ActivityRecord:
    detail: dict[str, Any] = {
        key: value for key, value in pattern.detail.items() if key not in HEAVY
    }
    number = 20_000_000_000 + index * 16
    local = start + timedelta(seconds=detail["utc_offset"])
    detail.update(
        id=number,
        id_str=str(number),
        start_date=stamp(start),
        start_date_local=stamp(local),
        map={**detail["map"], "id": f"a{number}"},
        kudos_count=0,
        comment_count=0,
        total_photo_count=0,
        achievement_count=0,
        pr_count=0,
        photos={"primary": None, "count": 0},
        segment_efforts=[],
        laps=[],
    )
    if detail["upload_id"] is not None:
        detail["upload_id"] = number + 1_070_000_000
        detail["upload_id_str"] = str(number + 1_070_000_000)
    return ActivityRecord(detail, pattern.streams, zones=pattern.zones)
