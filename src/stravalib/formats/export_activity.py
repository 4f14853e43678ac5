"""One row of activities.csv, with values in SI units."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from stravalib.formats.export_values import (
    display_number,
    machine_number,
    read_date,
    read_seconds,
    read_sport,
    read_switch,
)

if TYPE_CHECKING:
    from datetime import datetime

    from stravalib.formats.export_table import Row

_TEXTS: Final = frozenset(
    (
        *("activity_id", "activity_date", "activity_name", "activity_type"),
        *("activity_description", "activity_private_note", "activity_gear"),
        *("filename", "media", "type", "weather_condition"),
        *("elapsed_time_display", "distance_display", "max_heart_rate_display"),
        *("relative_effort_display", "commute_display"),
    )
)
# field -> key of the column
_NUMBERS: Final = {
    "moving_time": "moving_time",
    "timer_time": "timer_time",
    "max_speed": "max_speed",
    "average_speed": "average_speed",
    "elevation_gain": "elevation_gain",
    "elevation_loss": "elevation_loss",
    "elevation_low": "elevation_low",
    "elevation_high": "elevation_high",
    "max_cadence": "max_cadence",
    "average_cadence": "average_cadence",
    "average_heartrate": "average_heart_rate",
    "max_watts": "max_watts",
    "average_watts": "average_watts",
    "weighted_average_watts": "weighted_average_power",
    "calories": "calories",
    "max_temp": "max_temperature",
    "average_temp": "average_temperature",
    "total_work": "total_work",
    "perceived_exertion": "perceived_exertion",
    "athlete_weight": "athlete_weight",
    "bike_weight": "bike_weight",
    "total_steps": "total_steps",
    "pool_length": "pool_length",
    "training_load": "training_load",
}
_SWITCHES: Final = {
    "from_upload": "from_upload",
    "flagged": "flagged",
    "prefer_perceived_exertion": "prefer_perceived_exertion",
    "recovery": "recovery",
    "with_pet": "with_pet",
    "with_kid": "with_kid",
    "competition": "competition",
    "long_run": "long_run",
    "for_a_cause": "for_a_cause",
}


@dataclass(slots=True)
class ExportActivity:
    """An activity of a bulk export. Metres, seconds, m/s, degrees Celsius, kcal.

    Attributes
    ----------
    id
        Strava's id of the activity; its file may have another number.
    start
        Activity Date, which is UTC in every language; None where it is not readable.
    sport, sport_name
        The SportType, None for a name nobody knows; and the name as it stands.
    distance
        The machine value. Where an old or manual row has none, the display value,
        in metres; `distance_from_display` is then true, and it has two decimals.
    values
        Every numeric machine column by its key (weather, grades, ...).
    raw
        Every column by its key as it stands: None for a bare empty cell.
    line
        The line of activities.csv.
    """

    id: int | None = None
    start: datetime | None = None
    date_text: str | None = None
    name: str | None = None
    sport: str | None = None
    sport_name: str | None = None
    description: str | None = None
    private_note: str | None = None
    gear_name: str | None = None
    gear_id: int | None = None
    bike_id: int | None = None
    filename: str | None = None
    media: tuple[str, ...] = ()
    elapsed_time: float | None = None
    moving_time: float | None = None
    timer_time: float | None = None
    distance: float | None = None
    distance_from_display: bool = False
    max_speed: float | None = None
    average_speed: float | None = None
    elevation_gain: float | None = None
    elevation_loss: float | None = None
    elevation_low: float | None = None
    elevation_high: float | None = None
    max_cadence: float | None = None
    average_cadence: float | None = None
    max_heartrate: float | None = None
    average_heartrate: float | None = None
    max_watts: float | None = None
    average_watts: float | None = None
    weighted_average_watts: float | None = None
    calories: float | None = None
    max_temp: float | None = None
    average_temp: float | None = None
    relative_effort: float | None = None
    total_work: float | None = None
    perceived_exertion: float | None = None
    athlete_weight: float | None = None
    bike_weight: float | None = None
    total_steps: float | None = None
    pool_length: float | None = None
    training_load: float | None = None
    commute: bool | None = None
    from_upload: bool | None = None
    flagged: bool | None = None
    prefer_perceived_exertion: bool | None = None
    recovery: bool | None = None
    with_pet: bool | None = None
    with_kid: bool | None = None
    competition: bool | None = None
    long_run: bool | None = None
    for_a_cause: bool | None = None
    values: dict[str, float] = field(default_factory=dict, repr=False)
    raw: dict[str, str | None] = field(default_factory=dict, repr=False)
    line: int | None = None


def activity_of(keys: list[str], row: Row, line: int, layout: str) -> ExportActivity:
    """Build an activity of a row of activities.csv.

    `layout` is what `keys_of` says; in the one of 2019 the distance is in metres,
    later it is in kilometres (for swims in metres).
    """
    filled = [*row, *[None] * (len(keys) - len(row))]
    raw = dict(zip(keys, filled, strict=False))
    for index in range(len(keys), len(row)):
        raw[f"column_{index}"] = row[index]
    activity = ExportActivity(line=line, raw=raw)
    activity.id = _whole(raw.get("activity_id"))
    activity.date_text = raw.get("activity_date")
    activity.start = read_date(activity.date_text)
    activity.name = raw.get("activity_name") or None
    activity.sport_name = raw.get("activity_type") or None
    activity.sport = read_sport(activity.sport_name)
    activity.description = raw.get("activity_description") or None
    activity.private_note = raw.get("activity_private_note") or None
    activity.gear_name = raw.get("activity_gear") or None
    activity.gear_id = _whole(raw.get("gear"))
    activity.bike_id = _whole(raw.get("bike"))
    activity.filename = (raw.get("filename") or "").strip() or None
    activity.media = tuple(
        part.strip() for part in (raw.get("media") or "").split("|") if part.strip()
    )
    for key, text in raw.items():
        if key not in _TEXTS and (value := machine_number(text)) is not None:
            activity.values[key] = value
    for name, key in _NUMBERS.items():
        setattr(activity, name, activity.values.get(key))
    for name, key in _SWITCHES.items():
        setattr(activity, name, read_switch(raw.get(key)))
    _fall_back(activity, layout)
    return activity


def _fall_back(activity: ExportActivity, layout: str) -> None:
    """Take the display values where old or manual rows have no machine values."""
    raw, values = activity.raw, activity.values
    activity.elapsed_time = values.get("elapsed_time")
    if activity.elapsed_time is None:
        activity.elapsed_time = read_seconds(raw.get("elapsed_time_display"))
    activity.distance = values.get("distance")
    if activity.distance is None:
        shown = display_number(raw.get("distance_display"))
        if shown is not None:
            in_metres = layout == "2019" or activity.sport == "Swim"
            activity.distance = shown if in_metres else round(shown * 1000, 3)
            activity.distance_from_display = True
    activity.max_heartrate = values.get("max_heart_rate")
    if activity.max_heartrate is None:
        activity.max_heartrate = display_number(raw.get("max_heart_rate_display"))
    activity.relative_effort = values.get("relative_effort")
    if activity.relative_effort is None:
        activity.relative_effort = display_number(raw.get("relative_effort_display"))
    activity.commute = read_switch(raw.get("commute"))
    if activity.commute is None:
        activity.commute = read_switch(raw.get("commute_display"))


def _whole(text: str | None) -> int | None:
    """Return an id, also where it is written as a float (``4598.0``)."""
    digits = (text or "").strip()
    whole, point, rest = digits.partition(".")
    if point and rest.strip("0"):
        return None
    if not whole.isascii() or not whole.isdigit() or len(whole) > 18:
        return None
    return int(whole)
