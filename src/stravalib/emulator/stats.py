"""Totals of an athlete: the last four weeks, the year, everything."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from stravalib._facts.sports import TYPE_OF_SPORT
from stravalib.emulator.jsonio import loads_quickly
from stravalib.emulator.state import Figures

if TYPE_CHECKING:
    from stravalib.emulator.entries import ActivityEntry
    from stravalib.emulator.records import Json
    from stravalib.emulator.state import State

_SPORTS = {"Ride": "ride", "Run": "run", "Swim": "swim"}
_RECENT_SECONDS = 28 * 86400
# field of an activity -> field of a total
_FIELDS = {
    "distance": "distance",
    "moving_time": "moving_time",
    "elapsed_time": "elapsed_time",
    "total_elevation_gain": "elevation_gain",
    "achievement_count": "achievement_count",
}


def activity_stats(state: State, athlete_id: int, now: float) -> Json:
    """Add up what is visible to everyone."""
    year = datetime.fromtimestamp(now, UTC).year
    spans = (
        ("recent", now - _RECENT_SECONDS),
        ("ytd", datetime(year, 1, 1, tzinfo=UTC).timestamp()),
        ("all", float("-inf")),
    )
    totals = {
        f"{span}_{sport}_totals": _empty(recent=span == "recent")
        for span in ("recent", "all", "ytd")
        for sport in _SPORTS.values()
    }
    longest: float | None = None
    highest: float | None = None
    for item in _figures(state, athlete_id):
        for span, since in spans:
            if item.start >= since:
                _add(totals[f"{span}_{item.sport}_totals"], item)
        if item.sport == "ride":
            longest = max(longest or 0.0, float(item.values[0]))
            highest = max(highest or 0.0, float(item.values[3]))
    return {
        "biggest_ride_distance": longest,
        "biggest_climb_elevation_gain": highest,
        **totals,
    }


def _figures(state: State, athlete_id: int) -> list[Figures]:
    """Read what counts out of the summaries, once for each change of the list."""
    athlete = state.athletes[athlete_id]
    newest = state.activities_newest_first(athlete_id)
    if athlete.figures is None or athlete.figures[0] is not newest:
        found = [item for entry in newest if (item := _read(entry)) is not None]
        athlete.figures = (newest, found)
    return athlete.figures[1]


def _read(entry: ActivityEntry) -> Figures | None:
    item = loads_quickly(entry.summary)
    if item.get("visibility", "everyone") != "everyone" or item.get("private"):
        return None
    sport_type = str(item.get("sport_type") or item.get("type"))
    sport = _SPORTS.get(TYPE_OF_SPORT.get(sport_type, sport_type))
    if sport is None:
        return None
    values = tuple(item.get(name) or 0 for name in _FIELDS)
    return Figures(entry.start, sport, values)


def _empty(*, recent: bool) -> dict[str, Any]:
    total: dict[str, Any] = {
        "count": 0,
        "distance": 0.0,
        "moving_time": 0,
        "elapsed_time": 0,
        "elevation_gain": 0.0,
    }
    if recent:
        total["achievement_count"] = 0
    return total


def _add(total: dict[str, Any], item: Figures) -> None:
    total["count"] += 1
    for name, value in zip(_FIELDS.values(), item.values, strict=True):
        if name in total:
            total[name] += value
