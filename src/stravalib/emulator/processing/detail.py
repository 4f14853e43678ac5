"""Write the DetailedActivity that belongs to a set of streams.

The generator, the uploads and the loaders all come through here, so that whatever the
local Strava shows of an activity follows from its samples.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from stravalib._facts.sports import ACTIVITY_TYPES, TYPE_OF_SPORT
from stravalib.emulator.processing import derive, maps, parts, zones
from stravalib.emulator.processing.parts import Lap, Measure, stamp
from stravalib.emulator.processing.zones import Body

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stravalib.emulator.records import Json, Streams

FOOT_KINDS = frozenset({"Run", "VirtualRun", "Walk", "Hike"})
RUN_KINDS = frozenset({"Run", "VirtualRun"})
WHEEL_KINDS = frozenset({"Ride", "VirtualRide", "EBikeRide", "Velomobile", "Handcycle"})
STAT_TYPES = ("heart_rate", "pace", "power", "speed", "calories")


def kind_of(sport: str) -> str:
    """Return the old activity type of a sport."""
    if sport in TYPE_OF_SPORT:
        return TYPE_OF_SPORT[sport]
    return sport if sport in ACTIVITY_TYPES else "Workout"


def standing_speed(sport: str) -> float:
    """Return the speed in m/s below which an athlete of the sport stands still."""
    kind = kind_of(sport)
    if kind in WHEEL_KINDS:
        return derive.STANDING["Ride"]
    return derive.STANDING.get(kind, 0.4)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time zone as the API writes it, at one moment."""

    timezone: str
    offset: float

    @classmethod
    def at(cls, zone: str, moment: datetime) -> Clock:
        """Name the zone with its *standard* offset, and the offset of the moment.

        An unknown zone is taken as UTC.
        """
        try:
            info = ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            zone, info = "Etc/UTC", ZoneInfo("UTC")
        halves = (
            datetime(moment.year, month, 1, tzinfo=UTC).astimezone(info).utcoffset()
            for month in (1, 7)
        )
        standard = min(half for half in halves if half is not None)
        minutes = round(standard.total_seconds() / 60)
        sign = "-" if minutes < 0 else "+"
        hours, rest = divmod(abs(minutes), 60)
        offset = moment.astimezone(info).utcoffset() or timedelta()
        return cls(f"(GMT{sign}{hours:02d}:{rest:02d}) {zone}", offset.total_seconds())

    @classmethod
    def fixed(cls, seconds: float) -> Clock:
        """Name a plain offset, as for files that tell no place."""
        minutes = round(seconds / 60)
        sign = "-" if minutes < 0 else "+"
        hours, rest = divmod(abs(minutes), 60)
        name = "Etc/UTC"
        if minutes and not rest:  # the signs of Etc/GMT+5 are the wrong way round
            name = f"Etc/GMT{'+' if minutes < 0 else '-'}{hours}"
        return cls(f"(GMT{sign}{hours:02d}:{rest:02d}) {name}", float(seconds))


@dataclass(slots=True)
class Facts:
    """What an activity says that its samples do not."""

    activity_id: int
    athlete_id: int
    name: str
    sport: str
    start: datetime
    clock: Clock
    upload_id: int | None = None
    external_id: str | None = None
    device_name: str | None = None
    description: str | None = None
    private_note: str = ""
    visibility: str = "everyone"
    trainer: bool = False
    commute: bool = False
    manual: bool = False
    hide_from_home: bool = False
    workout_type: int | None = None
    gear: Json | None = None
    device_watts: bool = False
    perceived_exertion: int | None = None
    laps: Sequence[Lap] = ()
    # Totals that the device counted itself; they win over what the samples give.
    distance: float | None = None
    moving_time: int | None = None
    elapsed_time: int | None = None
    ascent: float | None = None
    calories: float | None = None
    body: Body = field(default_factory=Body)


def number_of(*words: object, digits: int = 18) -> int:
    """Return an id that depends on the words only."""
    text = "\x1f".join(map(str, words)).encode()
    value = int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")
    low: int = 10 ** (digits - 1)
    return low + value % (9 * low)


def token_of(*words: object) -> str:
    """Return forty hexadecimal digits that depend on the words only."""
    text = "\x1f".join(map(str, words)).encode()
    return hashlib.blake2b(text, digest_size=20).hexdigest()


def detail_of(facts: Facts, streams: Streams) -> tuple[Json, list[Json], Streams]:
    """Return the activity's detail, its zones and its completed streams."""
    kind = kind_of(facts.sport)
    if streams.get("time"):
        streams = derive.complete(streams, standing=standing_speed(facts.sport))
        measure: Measure | None = Measure(streams)
    else:
        streams, measure = {}, None
    detail = _head(facts, kind)
    _totals(detail, facts, streams, measure)
    _place(detail, facts, streams)
    _flags(detail, facts)
    _sensors(detail, facts, streams, measure, kind)
    _tail(detail, facts, kind)
    activity_zones: list[Json] = []
    if measure is not None:
        _cuts(detail, facts, measure, kind)
        activity_zones = zones.activity_zones(
            streams, facts.body, on_foot=kind in RUN_KINDS
        )
    detail["available_zones"] = [zone["type"] for zone in activity_zones]
    return detail, activity_zones, streams


def _meta(facts: Facts) -> tuple[Json, Json]:
    activity = {
        "id": facts.activity_id,
        "visibility": facts.visibility,
        "resource_state": 1,
    }
    return activity, {"id": facts.athlete_id, "resource_state": 1}


def _head(facts: Facts, kind: str) -> Json:
    return {
        "resource_state": 3,
        "athlete": {"id": facts.athlete_id, "resource_state": 1},
        "name": facts.name,
        "distance": 0.0,
        "moving_time": 0,
        "elapsed_time": 0,
        "total_elevation_gain": 0.0,
        "type": kind,
        "sport_type": facts.sport,
        "workout_type": facts.workout_type,
        "device_name": facts.device_name,
        "id": facts.activity_id,
        "id_str": str(facts.activity_id),
        "start_date": stamp(facts.start),
        "start_date_local": stamp(facts.start + timedelta(seconds=facts.clock.offset)),
        "timezone": facts.clock.timezone,
        "utc_offset": facts.clock.offset,
        "location_city": None,
        "location_state": None,
        "location_country": None,
        "achievement_count": 0,
        "kudos_count": 0,
        "comment_count": 0,
        "athlete_count": 1,
        "photo_count": 0,
        "map": {"id": f"a{facts.activity_id}"},
    }


def _totals(
    detail: Json, facts: Facts, streams: Streams, measure: Measure | None
) -> None:
    if measure is not None:
        _, _, moved = measure.pair(0, len(measure.times) - 1)
        metres, elapsed = measure.distances[-1], measure.times[-1]
        moving = streams["moving"]
        if "distance" not in streams or not any(moving):
            moved = elapsed
        detail["distance"] = round(metres, 1)
        detail["elapsed_time"] = elapsed
        detail["moving_time"] = moved
        if "altitude" in streams:
            detail["total_elevation_gain"] = derive.climb(streams["altitude"])
    given = {
        "distance": None if facts.distance is None else round(facts.distance, 1),
        "elapsed_time": facts.elapsed_time,
        "moving_time": facts.moving_time,
        "total_elevation_gain": None if facts.ascent is None else float(facts.ascent),
    }
    detail.update({key: value for key, value in given.items() if value is not None})
    if detail["moving_time"] > detail["elapsed_time"]:
        detail["moving_time"] = detail["elapsed_time"]


def _place(detail: Json, facts: Facts, streams: Streams) -> None:
    track = [point for point in streams.get("latlng", ()) if point is not None]
    fine, summary = maps.lines(track)
    detail["map"].update(
        {"polyline": fine, "resource_state": 3, "summary_polyline": summary}
    )
    # Two decimals: activities do not tell the front door, recordings agree.
    detail["start_latlng"] = [round(x, 2) for x in track[0]] if track else []
    detail["end_latlng"] = [round(x, 2) for x in track[-1]] if track else []


def _flags(detail: Json, facts: Facts) -> None:
    detail.update(
        {
            "trainer": facts.trainer,
            "commute": facts.commute,
            "manual": facts.manual,
            "private": facts.visibility == "only_me",
            "visibility": facts.visibility,
            "flagged": False,
            "gear_id": facts.gear["id"] if facts.gear else None,
        }
    )


def _sensors(
    detail: Json,
    facts: Facts,
    streams: Streams,
    measure: Measure | None,
    kind: str,
) -> None:
    metres, moved = detail["distance"], detail["moving_time"]
    detail["average_speed"] = round(metres / moved, 3) if moved else 0.0
    detail["max_speed"] = round(max(streams.get("velocity_smooth") or [0.0]), 3)
    if measure is not None:
        found = measure.averages(
            0, len(measure.times) - 1, device_watts=facts.device_watts
        )
        if "average_cadence" in found:
            detail["average_cadence"] = found["average_cadence"]
        temperature = derive.mean(streams.get("temp", ()))
        if temperature is not None:
            detail["average_temp"] = round(temperature)
        _power(detail, facts, streams, found)
        _heart(detail, found)
    else:
        detail["has_heartrate"] = False
    detail["heartrate_opt_out"] = False
    detail["display_hide_heartrate_option"] = detail["has_heartrate"]
    heights = [h for h in streams.get("altitude", ()) if h is not None]
    if heights:
        detail["elev_high"] = round(max(heights), 1)
        detail["elev_low"] = round(min(heights), 1)


def _power(detail: Json, facts: Facts, streams: Streams, found: Json) -> None:
    if "average_watts" not in found:
        return
    watts = streams["watts"]
    detail["average_watts"] = found["average_watts"]
    if facts.device_watts:
        detail["max_watts"] = max(w for w in watts if w is not None)
        detail["weighted_average_watts"] = derive.weighted_power(watts, streams["time"])
    detail["device_watts"] = facts.device_watts
    detail["kilojoules"] = round(
        found["average_watts"] * detail["moving_time"] / 1000, 1
    )


def _heart(detail: Json, found: Json) -> None:
    detail["has_heartrate"] = "average_heartrate" in found
    if detail["has_heartrate"]:
        detail["average_heartrate"] = found["average_heartrate"]
        detail["max_heartrate"] = found["max_heartrate"]


def _tail(detail: Json, facts: Facts, kind: str) -> None:
    upload = facts.upload_id
    spent = facts.calories
    if spent is None:
        spent = zones.calories(
            facts.sport,
            kind,
            facts.body,
            distance=detail["distance"],
            moving=detail["moving_time"],
            gain=detail["total_elevation_gain"],
            kilojoules=detail.get("kilojoules"),
        )
    detail.update(
        {
            "upload_id": upload,
            "external_id": facts.external_id,
            "from_accepted_tag": False,
            "pr_count": 0,
            "total_photo_count": 0,
            "has_kudoed": False,
            "description": facts.description,
            "calories": spent,
            "perceived_exertion": facts.perceived_exertion,
            "prefer_perceived_exertion": (
                None if facts.perceived_exertion is None else False
            ),
            "segment_efforts": [],
            "photos": {"primary": None, "count": 0},
            "stats_visibility": [
                {"type": name, "visibility": "everyone"} for name in STAT_TYPES
            ],
            "hide_from_home": facts.hide_from_home,
            "embed_token": token_of(facts.activity_id),
            "private_note": facts.private_note,
        }
    )
    if upload is not None:
        detail["upload_id_str"] = str(upload)
    if facts.gear is not None:
        detail["gear"] = facts.gear
    if facts.device_name is None:
        del detail["device_name"]


def _cuts(detail: Json, facts: Facts, measure: Measure, kind: str) -> None:
    activity, athlete = _meta(facts)
    common: dict[str, Any] = {
        "activity": activity,
        "athlete": athlete,
        "start": facts.start,
        "offset": facts.clock.offset,
    }
    key = facts.activity_id
    if "heartrate" in measure.streams:
        seconds = zones.spread(
            measure.streams["heartrate"], measure.times, facts.body.heart_zones()
        )
        detail["suffer_score"] = zones.suffer_score(seconds)
    detail["laps"] = parts.laps(
        measure,
        facts.laps,
        identify=lambda number: number_of("lap", key, number, digits=11),
        device_watts=facts.device_watts,
        on_foot=kind in RUN_KINDS,
        **common,
    )
    on_foot = kind in FOOT_KINDS
    if "distance" not in measure.streams or detail["distance"] <= 0:
        return
    if on_foot or kind in WHEEL_KINDS:
        detail["splits_metric"] = parts.splits(measure, 1000.0, on_foot=on_foot)
        detail["splits_standard"] = parts.splits(measure, parts.MILE, on_foot=on_foot)
    if kind in RUN_KINDS:
        detail["best_efforts"] = parts.best_efforts(
            measure,
            identify=lambda number: number_of("best", key, number, digits=11),
            **common,
        )
