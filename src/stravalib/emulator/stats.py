"""Totals of an athlete: the last four weeks, the year, everything."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from stravalib._facts.sports import TYPE_OF_SPORT
from stravalib.emulator.jsonio import loads

if TYPE_CHECKING:
    from stravalib.emulator.records import Json
    from stravalib.emulator.state import State

_SPORTS = {"Ride": "ride", "Run": "run", "Swim": "swim"}
_RECENT_SECONDS = 28 * 86400


def activity_stats(state: State, athlete_id: int, now: float) -> Json:
    """Add up what is visible to everyone."""
    year = datetime.fromtimestamp(now, UTC).year
    new_year = datetime(year, 1, 1, tzinfo=UTC).timestamp()
    totals: dict[str, dict[str, Any]] = {
        f"{span}_{sport}_totals": _empty(recent=span == "recent")
        for span in ("recent", "all", "ytd")
        for sport in ("ride", "run", "swim")
    }
    longest: float | None = None
    highest: float | None = None
    for entry in state.activities_newest_first(athlete_id):
        item = loads(entry.summary)
        if item.get("visibility", "everyone") != "everyone" or item.get("private"):
            continue
        sport_type = str(item.get("sport_type") or item.get("type"))
        sport = _SPORTS.get(TYPE_OF_SPORT.get(sport_type, sport_type))
        if sport is None:
            continue
        for span, since in (
            ("recent", now - _RECENT_SECONDS),
            ("ytd", new_year),
            ("all", float("-inf")),
        ):
            if entry.start >= since:
                _add(totals[f"{span}_{sport}_totals"], item)
        if sport == "ride":
            longest = max(longest or 0.0, float(item.get("distance") or 0))
            gain = item.get("total_elevation_gain")
            highest = max(highest or 0.0, float(gain or 0))
    return {
        "biggest_ride_distance": longest,
        "biggest_climb_elevation_gain": highest,
        **totals,
    }


def _empty(*, recent: bool) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "count": 0,
        "distance": 0.0,
        "moving_time": 0,
        "elapsed_time": 0,
        "elevation_gain": 0.0,
    }
    if recent:
        answer["achievement_count"] = 0
    return answer


def _add(total: dict[str, Any], item: Json) -> None:
    total["count"] += 1
    total["distance"] += item.get("distance") or 0
    total["moving_time"] += item.get("moving_time") or 0
    total["elapsed_time"] += item.get("elapsed_time") or 0
    total["elevation_gain"] += item.get("total_elevation_gain") or 0
    if "achievement_count" in total:
        total["achievement_count"] += item.get("achievement_count") or 0
