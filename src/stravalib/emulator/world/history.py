"""An athlete's years: outings become activities, with records that fall in order."""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from math import fsum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from stravalib.emulator.processing.derive import complete
from stravalib.emulator.processing.detail import (
    Clock,
    Facts,
    detail_of,
    number_of,
    standing_speed,
)
from stravalib.emulator.processing.efforts import write_effort
from stravalib.emulator.processing.parts import Measure
from stravalib.emulator.records import ActivityRecord, Json, Streams
from stravalib.emulator.world import social
from stravalib.emulator.world.atlas import Atlas, Stretch
from stravalib.emulator.world.calendar import Outing, outings
from stravalib.emulator.world.dice import Dice
from stravalib.emulator.world.outing import Done, Style, carry_out
from stravalib.emulator.world.places import VIRTUAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stravalib.emulator.world.people import Person

FIRST_EFFORT_ID = 2_600_000_000_000_000_000
ID_EPOCH = datetime(2010, 1, 1, tzinfo=UTC)
DAYTIMES = ((4, "Night"), (11, "Morning"), (14, "Lunch"), (17, "Afternoon"),
            (21, "Evening"), (24, "Night"))  # fmt: skip
SPORT_WORDS = {
    "Run": "Run", "TrailRun": "Trail Run", "Ride": "Ride", "GravelRide": "Gravel Ride",
    "MountainBikeRide": "Mountain Bike Ride", "EBikeRide": "E-Bike Ride",
    "VirtualRide": "Virtual Ride", "NordicSki": "Nordic Ski", "AlpineSki": "Alpine Ski",
    "WeightTraining": "Weight Training", "InlineSkate": "Inline Skate",
    "RockClimbing": "Rock Climb", "Kayaking": "Kayak", "Rowing": "Row",
}  # fmt: skip
TITLES = {
    "Run": ("Easy miles", "Along the river", "Legs said no 🦵", "Sunrise lap",
            "Tempo-ish", "With the usual crew", "Puddles & more puddles"),
    "Ride": ("Coffee loop ☕", "Headwind both ways", "Over the hill and back",
             "Café ride", "Chasing the sun 🌞"),
    "Hike": ("Up to the ridge", "Long way round", "Family hike"),
    "TrailRun": ("Mud, roots, repeat", "Fox trail", "Ridge line"),
    "AlpineSki": ("Powder day ❄️", "First lift", "Windy on top"),
}  # fmt: skip
RACES = {
    "Run": ("{city} Ten", "{city} Half", "{city} Autumn Run"),
    "Ride": ("Round the {city} Hills", "Tour de {city}"),
}
NOTES = ("", "", "", "Left knee a bit stiff.", "Try the other shoes next time.")


@dataclass(slots=True)
class Records:
    """What was best so far, for ranks of segments, distances and routes."""

    segments: dict[int, list[int]] = field(default_factory=dict)
    years: dict[tuple[int, int], int] = field(default_factory=dict)
    efforts: dict[str, list[int]] = field(default_factory=dict)
    routes: dict[str, list[float]] = field(default_factory=dict)


class History:
    """The activities of one person, in order of time."""

    def __init__(
        self,
        person: Person,
        seed: int,
        atlases: dict[str, Atlas],
        pals: list[Json],
        *,
        gear: dict[str, Json],
        stride: int,
    ) -> None:
        self.person = person
        self.seed = seed
        self.atlases = atlases
        self.pals = pals
        self.stride = stride
        self.taken: set[int] = set()
        self.records = Records()
        self.metres: dict[str, float] = {}  # gear id -> distance
        self.gear = gear

    def atlas(self, outing: Outing) -> Atlas:
        """Return the atlas of the place of an outing."""
        key = outing.place.key
        if key not in self.atlases:
            self.atlases[key] = Atlas(outing.place)
        return self.atlases[key]

    def virtual(self) -> Atlas:
        """Return the atlas of the made-up island."""
        if VIRTUAL.key not in self.atlases:
            self.atlases[VIRTUAL.key] = Atlas(VIRTUAL)
        return self.atlases[VIRTUAL.key]

    def between(
        self, begin: date, end: datetime, per_week: float
    ) -> Iterator[ActivityRecord]:
        """Make the activities from a day on, none that ends after ``end``."""
        day = begin
        while day <= end.date() + timedelta(days=1):
            for outing in outings(self.person, self.seed, day, begin, per_week):
                record = self.activity(outing, end)
                if record is not None:
                    yield record
            day += timedelta(days=1)

    def activity(self, outing: Outing, end: datetime) -> ActivityRecord | None:
        """Carry out an outing and write its activity."""
        zone = ZoneInfo(outing.place.zone)
        start = outing.start.replace(tzinfo=zone).astimezone(UTC)
        if start > end:
            return None
        dice = Dice("facts", *outing.words)
        done = carry_out(self.person, outing, self.atlas(outing), self.virtual())
        if done.recording.streams:
            length = done.recording.streams["time"][-1]
        else:
            length = round(outing.amount * 60)
        if start + timedelta(seconds=length) > end:
            return None
        visibility = dice.weighted(
            (("everyone", 80), ("followers_only", 13), ("only_me", 7))
        )
        if visibility != "everyone" and dice.chance(0.12):
            local = start.astimezone(zone).replace(hour=0, minute=0, second=1)
            start = local.astimezone(UTC)  # a start time that is kept hidden
        facts = self._facts(outing, done, start, visibility, length, dice)
        detail, zones, streams = detail_of(facts, done.recording.streams)
        if streams and done.path is not None:
            self._segments(detail, done, facts, Measure(streams))
        self._distance_records(detail, start.year)
        self._similar(detail, done)
        self._wear(facts.gear, detail["distance"])
        record = ActivityRecord(detail, zones=zones)
        if done.recording.streams:
            record.streams = StreamSource(self, outing, done.style.sport)
        social.decorate(record, self.person, outing.place, done.path, self.pals, dice)
        return record

    def _activity_id(self, start: datetime) -> int:
        seconds = int((start - ID_EPOCH).total_seconds())
        number = seconds * self.stride + self.person.index % self.stride
        while number in self.taken:
            number += self.stride
        self.taken.add(number)
        return number

    def _facts(
        self,
        outing: Outing,
        done: Done,
        start: datetime,
        visibility: str,
        length: int,
        dice: Dice,
    ) -> Facts:
        person, style = self.person, done.style
        number = self._activity_id(start)
        upload = None if done.manual else number + 1_070_000_000 + dice.whole(0, 9)
        gear = self._gear(outing, style, start)
        indoors = outing.style in {"trainer", "rowmachine", "virtual"}
        facts = Facts(
            activity_id=number,
            athlete_id=person.athlete_id,
            name=self._name(outing, style, start, dice),
            sport=style.sport,
            start=start,
            clock=Clock.at(outing.place.zone, start),
            upload_id=upload,
            external_id=_external(done.device.files, start, dice) if upload else None,
            device_name=None if done.manual else done.device.name,
            description=dice.pick(
                (None, None, None, "", "Felt good.", "Windy!\nBut dry, at last.")
            ),
            private_note=dice.pick(NOTES),
            visibility=visibility,
            trainer=indoors and outing.style != "virtual",
            commute=bool(outing.commute),
            manual=done.manual,
            hide_from_home=dice.chance(0.02),
            workout_type=_workout(outing, style),
            gear=gear,
            device_watts=done.device.power,
            perceived_exertion=dice.whole(2, 9) if dice.chance(0.06) else None,
            laps=done.recording.laps,
            body=person.body,
        )
        if done.manual:
            facts.elapsed_time = facts.moving_time = length
        return facts

    def _name(self, outing: Outing, style: Style, start: datetime, dice: Dice) -> str:
        if outing.title:
            return outing.title
        if outing.race:
            return dice.pick(RACES[style.sport]).format(city=outing.place.city)
        if outing.commute:
            return "Commute to work" if outing.commute == "out" else "Commute home"
        titles = TITLES.get(style.sport, ())
        if titles and dice.chance(0.25):
            return dice.pick(titles)
        hour = start.astimezone(ZoneInfo(outing.place.zone)).hour
        daytime = next(word for limit, word in DAYTIMES if hour < limit)
        return f"{daytime} {SPORT_WORDS.get(style.sport, style.sport)}"

    def _gear(self, outing: Outing, style: Style, start: datetime) -> Json | None:
        if style.gear is None:
            return None
        number = style.gear
        if number == 4 and outing.race:
            number = 6
        elif number == 4 and start.year % 2 and start.month < 5:
            number = 7  # the old pair, worn in other years' springs
        return self.gear[self.person.gear[number]["id"]]

    def _wear(self, gear: Json | None, metres: float) -> None:
        if gear is not None:
            self.metres[gear["id"]] = self.metres.get(gear["id"], 0.0) + metres

    def settle_gear(self) -> None:
        """Write the distances into the gear, here and inside the activities."""
        miles = self.person.home.country == "United States"
        for gear in self.person.gear:
            metres = round(self.metres.get(gear["id"], 0.0))
            shown = round(metres / (1609.344 if miles else 1000.0), 1)
            for item in (gear, self.gear[gear["id"]]):
                item["distance"] = metres
                item["converted_distance"] = shown

    # -- segments and records ----------------------------------------------------

    def _segments(
        self, detail: Json, done: Done, facts: Facts, measure: Measure
    ) -> None:
        path = done.path
        assert path is not None
        kinds = {"Ride": "Ride", "Run": "Run"}
        kind = kinds.get(detail["type"])
        if kind is None or not path.nodes or detail["trainer"]:
            return
        atlas = self.atlases.get(path.place.key)
        if atlas is None or path.place is VIRTUAL:
            return
        scale = done.route.split("/")[2] if done.route else ""
        found: list[tuple[int, Stretch, int]] = []
        for stretch in atlas.stretches():
            if stretch.scale != scale or stretch.summary["activity_type"] != kind:
                continue
            first, count = stretch.nodes[0], len(stretch.nodes)
            for index, node in enumerate(path.nodes):
                if node == first and (
                    tuple(path.nodes[index : index + count]) == stretch.nodes
                ):
                    found.append((index, stretch, index + count - 1))
        if not found:
            return
        for order, (head, stretch, tail) in enumerate(
            sorted(found, key=lambda item: item[0])
        ):
            begin = bisect_left(
                measure.distances, path.distances[path.node_at[head]] - 0.5
            )
            end = bisect_left(
                measure.distances, path.distances[path.node_at[tail]] - 0.5
            )
            if end >= len(measure.times) or end <= begin:
                continue
            effort = self._effort(measure, facts, detail, stretch, begin, end, order)
            detail["segment_efforts"].append(effort)
        detail["achievement_count"] += sum(
            len(effort["achievements"]) for effort in detail["segment_efforts"]
        )
        detail["pr_count"] += sum(
            effort["pr_rank"] == 1 for effort in detail["segment_efforts"]
        )

    def _effort(
        self,
        measure: Measure,
        facts: Facts,
        detail: Json,
        stretch: Stretch,
        begin: int,
        end: int,
        order: int,
    ) -> Json:
        number = FIRST_EFFORT_ID + number_of(
            "effort", facts.activity_id, order, digits=17
        )
        effort = write_effort(measure, detail, stretch.summary, begin, end, number)
        elapsed = effort["elapsed_time"]
        best = self.records.segments.setdefault(stretch.segment_id, [])
        rank = _rank(best, elapsed)
        achievements: list[Json] = []
        if rank is not None:
            achievements.append({"type_id": 3, "type": "pr", "rank": rank})
        year = (stretch.segment_id, facts.start.year)
        if elapsed < self.records.years.get(year, 1 << 30):
            known = year in self.records.years
            self.records.years[year] = elapsed
            if rank is None and known:
                achievements.append({"type_id": 6, "type": "year_pr", "rank": 1})
        effort["pr_rank"] = rank
        effort["achievements"] = achievements
        place = Dice("kom", number).whole(2, 120)
        if rank == 1 and place <= 10 and detail["visibility"] == "everyone":
            effort["kom_rank"] = place
            achievements.append({"type_id": 2, "type": "overall", "rank": place})
        return effort

    def _distance_records(self, detail: Json, year: int) -> None:
        for effort in detail.get("best_efforts", ()):
            best = self.records.efforts.setdefault(effort["name"], [])
            rank = _rank(best, effort["elapsed_time"])
            effort["pr_rank"] = rank
            if rank is not None:
                effort["achievements"] = [{"type_id": 3, "type": "pr", "rank": rank}]
                detail["achievement_count"] += 1
                detail["pr_count"] += rank == 1

    def _similar(self, detail: Json, done: Done) -> None:
        if not done.route or detail["distance"] <= 0 or detail["trainer"]:
            return
        speeds = self.records.routes.setdefault(f"{done.route}/{detail['type']}", [])
        speeds.append(detail["distance"] / max(1, detail["moving_time"]))
        recent = speeds[-10:]
        low, high = min(recent), max(recent)
        middle = fsum(recent) / len(recent)
        rank = sorted(speeds, reverse=True).index(speeds[-1]) + 1
        detail["similar_activities"] = {
            "effort_count": len(speeds),
            "average_speed": fsum(speeds) / len(speeds),
            "min_average_speed": low,
            "mid_average_speed": middle,
            "max_average_speed": high,
            "pr_rank": rank if rank <= 3 and len(speeds) > 1 else None,
            "frequency_milestone": (
                len(speeds) if len(speeds) in {10, 25, 50, 100} else None
            ),
            "trend": {
                "speeds": recent,
                "current_activity_index": len(recent) - 1,
                "min_speed": low,
                "mid_speed": middle,
                "max_speed": high,
                "direction": (recent[-1] > middle) - (recent[-1] < middle),
            },
            "resource_state": 2,
        }


class StreamSource:
    """The samples of an outing, made again each time they are asked for."""

    __slots__ = ("_history", "_outing", "_sport")

    def __init__(self, history: History, outing: Outing, sport: str) -> None:
        self._history = history
        self._outing = outing
        self._sport = sport

    def __call__(self) -> Streams:
        """Return the completed streams."""
        history = self._history
        done = carry_out(
            history.person,
            self._outing,
            history.atlas(self._outing),
            history.virtual(),
        )
        return complete(done.recording.streams, standing=standing_speed(self._sport))


def _rank(times: list[int], seconds: int) -> int | None:
    """Enter a time among the three best; return its place, None below the third."""
    place = bisect_left(times, seconds) + 1
    insort(times, seconds)
    del times[3:]
    return place if place <= 3 else None


def _workout(outing: Outing, style: Style) -> int | None:
    if style.sport == "Run":
        if outing.race:
            return 1
        if outing.intervals:
            return 3
        return 2 if outing.style == "longrun" else 0
    if style.sport in {"Ride", "GravelRide"}:
        return 11 if outing.race else 10
    return None


def _external(pattern: str, start: datetime, dice: Dice) -> str:
    return pattern.format(
        n=dice.whole(10**11, 10**12),
        stamp=start.strftime("%Y-%m-%d-%H%M%S"),
        uuid=dice.uuid(),
    )
