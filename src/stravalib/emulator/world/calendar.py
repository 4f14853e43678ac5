"""What an athlete does on which day: weekdays, seasons, trips, races and sick leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import fsum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from stravalib.emulator.world.dice import Dice
from stravalib.emulator.world.places import TRIPS, Place

if TYPE_CHECKING:
    from stravalib.emulator.world.people import Person


@dataclass(frozen=True, slots=True)
class Outing:
    """One activity to come: where, when, which style and how long."""

    place: Place
    style: str
    start: datetime  # local, naive
    amount: float  # kilometres, or minutes where the style has no distance
    words: tuple[object, ...]  # the seed of everything about it
    race: bool = False
    commute: str = ""  # "out" or "home"
    intervals: bool = False
    title: str | None = None
    fitness: float = 1.0


Weights = tuple[tuple[str, float], ...]
BUSY = (0.35, 0.9, 0.8, 0.8, 0.4, 1.0, 0.95)  # how likely each weekday is
WEEKDAY: dict[str, Weights] = {
    "winter": (("run", 34), ("virtual", 16), ("pool", 11), ("strength", 11),
               ("yoga", 6), ("trainer", 5), ("rowmachine", 2), ("walk", 4),
               ("badminton", 2)),
    "spring": (("run", 38), ("ride", 14), ("pool", 9), ("strength", 8), ("yoga", 5),
               ("rowing", 4), ("walk", 4), ("virtual", 4), ("padel", 2)),
    "summer": (("run", 30), ("ride", 24), ("lake", 9), ("strength", 6), ("yoga", 3),
               ("rowing", 5), ("gravel", 5), ("walk", 4), ("inline", 2)),
    "autumn": (("run", 38), ("ride", 12), ("pool", 9), ("strength", 9), ("yoga", 5),
               ("walk", 5), ("virtual", 6), ("climbing", 2)),
}  # fmt: skip
WEEKEND: dict[str, Weights] = {
    "winter": (("longrun", 26), ("nordic", 16), ("hike", 9), ("trail", 11),
               ("virtual", 10), ("snowshoe", 3), ("ride", 6), ("walk", 6)),
    "spring": (("longrun", 24), ("longride", 26), ("gravel", 12), ("trail", 14),
               ("hike", 9), ("mountainbike", 8), ("ebike", 2)),
    "summer": (("longride", 32), ("longrun", 14), ("gravel", 10), ("hike", 13),
               ("mountainbike", 11), ("lake", 6), ("trail", 9), ("kayak", 3)),
    "autumn": (("longrun", 24), ("longride", 18), ("gravel", 13), ("trail", 15),
               ("hike", 12), ("mountainbike", 10)),
}  # fmt: skip
ON_TRIP: dict[str, Weights] = {
    "ski": (("alpine", 70), ("nordic", 16), ("snowshoe", 8), ("walk", 6)),
    "tour": (("longride", 45), ("hike", 20), ("run", 15), ("trail", 14), ("walk", 6)),
    "far": (("run", 35), ("hike", 27), ("walk", 16), ("trail", 14), ("ride", 8)),
}
LIKES: dict[str, dict[str, float]] = {
    "runner": {"run": 1.7, "longrun": 1.8, "trail": 1.6, "ride": 0.5, "longride": 0.4,
               "virtual": 0.3, "gravel": 0.4, "mountainbike": 0.4},
    "cyclist": {"ride": 1.9, "longride": 1.8, "virtual": 1.8, "gravel": 1.6,
                "run": 0.5, "longrun": 0.4},
    "both": {},
}  # fmt: skip
AMOUNTS: dict[str, tuple[float, float]] = {
    "run": (5.0, 11.0), "longrun": (13.0, 23.0), "trail": (7.0, 19.0),
    "ride": (18.0, 42.0), "longride": (48.0, 112.0), "gravel": (28.0, 66.0),
    "mountainbike": (14.0, 32.0), "ebike": (20.0, 50.0), "virtual": (18.0, 38.0),
    "trainer": (40.0, 75.0), "hike": (7.0, 17.0), "walk": (2.5, 6.5),
    "snowshoe": (4.0, 9.0), "nordic": (9.0, 24.0), "alpine": (8.0, 19.0),
    "pool": (1.2, 2.8), "lake": (0.9, 2.6), "rowing": (5.0, 12.0),
    "kayak": (4.0, 10.0), "inline": (8.0, 18.0), "rowmachine": (20.0, 40.0),
    "strength": (35.0, 65.0), "yoga": (25.0, 60.0), "badminton": (50.0, 90.0),
    "padel": (60.0, 90.0), "climbing": (70.0, 130.0),
}  # fmt: skip
SEASONS = ("winter", "winter", "spring", "spring", "spring", "summer", "summer",
           "summer", "autumn", "autumn", "autumn", "winter")  # fmt: skip


def season(day: date, place: Place) -> str:
    """Return the season of a day, turned around in the south."""
    month = day.month - 1
    return SEASONS[(month + 6) % 12 if place.lat < 0 else month]


def trip(person: Person, seed: int, day: date) -> tuple[Place, str, int] | None:
    """Return where the athlete travels on a day, why, and since how many days."""
    dice = Dice("trips", seed, person.index, day.year)
    plans = (
        ("ski", TRIPS[0], 32 + dice.whole(0, 30), dice.whole(4, 7)),
        ("tour", TRIPS[4], 120 + dice.whole(0, 50), dice.whole(6, 9)),
        ("far", TRIPS[(1, 2, 3, 5)[(day.year + person.index) % 4]],
         262 + dice.whole(0, 40), dice.whole(8, 13)),
    )  # fmt: skip
    number = day.timetuple().tm_yday
    for reason, place, first, length in plans:
        if first <= number < first + length:
            return place, reason, number - first
    return None


def is_ill(person: Person, seed: int, day: date) -> bool:
    """Tell whether the athlete lies in bed on a day, some ten days a year."""
    dice = Dice("illness", seed, person.index, day.year)
    return any(
        first <= day.timetuple().tm_yday < first + length
        for first, length in (
            (dice.whole(5, 80), dice.whole(3, 7)),
            (dice.whole(280, 350), dice.whole(3, 6)),
        )
    )


def fitness(day: date, begin: date, person: Person, seed: int) -> float:
    """Return the form of a day: slow progress, seasons, good and bad weeks."""
    years = (day - begin).days / 365.25
    progress = 0.95 + 0.05 * min(1.0, years / 2)
    number = day.timetuple().tm_yday
    spring = 1 - abs(number - 190) / 190
    week = Dice("week", seed, person.index, day.toordinal() // 7).bell(0.0, 0.012)
    return progress + 0.03 * spring + week


def outings(
    person: Person, seed: int, day: date, begin: date, per_week: float
) -> list[Outing]:
    """Return what the athlete does on a day, in order."""
    dice = Dice("day", seed, person.index, day.toordinal())
    form = fitness(day, begin, person, seed)
    travel = trip(person, seed, day)
    place, reason = (travel[0], travel[1]) if travel else (person.home, "")
    found = _clock_change(person, seed, day, place, form)
    if found:
        return [found]
    if is_ill(person, seed, day):
        return []
    words = (seed, person.index, day.toordinal())
    scale = per_week / fsum(BUSY)
    answer: list[Outing] = []
    weekday = day.weekday()
    if not travel and weekday < 5 and _commutes(dice, day, per_week):
        answer += _commute(person, day, words, form, dice)
        scale *= 0.25
    chance = (0.8 if travel else BUSY[weekday]) * scale
    for number in range(3):
        if not dice.chance(min(1.0, chance)):
            break
        chance -= 1.0
        answer.append(
            _one(person, day, place, reason, (*words, number), form, dice, number)
        )
        if chance <= 0:
            break
    return sorted(answer, key=lambda outing: outing.start)


def _commutes(dice: Dice, day: date, per_week: float) -> bool:
    warm = 0.11 if 4 <= day.month <= 10 else 0.03
    return dice.chance(warm * min(1.0, per_week / 5))


def _commute(
    person: Person, day: date, words: tuple[object, ...], form: float, dice: Dice
) -> list[Outing]:
    times = (
        ("out", 7 * 60 + dice.whole(15, 55)),
        ("home", 17 * 60 + dice.whole(0, 70)),
    )
    return [
        Outing(
            person.home, "commute", at_minute(day, minute, dice), 7.0,
            (*words, "commute", way), commute=way, fitness=form,
        )
        for way, minute in times
    ]  # fmt: skip


def _one(
    person: Person, day: date, place: Place, reason: str, words: tuple[object, ...],
    form: float, dice: Dice, number: int,
) -> Outing:  # fmt: skip
    weekend = day.weekday() >= 5
    now = season(day, place)
    table = ON_TRIP[reason] if reason else (WEEKEND if weekend else WEEKDAY)[now]
    likes = LIKES[person.likes]
    style = dice.weighted([(name, w * likes.get(name, 1.0)) for name, w in table])
    low, high = AMOUNTS[style]
    amount = dice.between(low, high)
    race = style in {"longrun", "longride"} and weekend and dice.chance(0.08)
    if weekend or reason:
        minute = dice.whole(7 * 60 + 20, 10 * 60 + 50) + 300 * number
    elif style in {"pool", "run"} and dice.chance(0.3):
        minute = dice.pick((6 * 60 + 20, 12 * 60 + 5)) + dice.whole(0, 25)
    else:
        minute = dice.whole(17 * 60 + 20, 19 * 60 + 10) + 75 * number
    return Outing(
        place, style, at_minute(day, minute, dice), amount, words, race=race,
        intervals=style == "run" and not race and dice.chance(0.22), fitness=form,
    )  # fmt: skip


def at_minute(day: date, minute: int, dice: Dice) -> datetime:
    """Return the local moment of a day, with some seconds."""
    base = datetime(day.year, day.month, day.day)
    return base + timedelta(minutes=minute, seconds=dice.whole(0, 59))


def _clock_change(
    person: Person, seed: int, day: date, place: Place, form: float
) -> Outing | None:
    """Return the night run over a change of the clocks, one in three of them."""
    zone = ZoneInfo(place.zone)
    base = datetime(day.year, day.month, day.day, tzinfo=zone)
    if base.utcoffset() == base.replace(hour=6).utcoffset():
        return None
    dice = Dice("clock", seed, person.index, day.toordinal())
    if not dice.chance(0.4):
        return None
    return Outing(
        place, "run", at_minute(day, 65, dice), 16.0,
        (seed, person.index, day.toordinal(), "night"),
        title="Through the clock change 🌙", fitness=form,
    )  # fmt: skip
