"""The typed columns of an activity: name, SQL type, unit, and where in the JSON."""

from __future__ import annotations

from typing import NamedTuple


class Column(NamedTuple):
    """One typed column of ``activities``."""

    name: str
    type: str  # INTEGER, REAL, TEXT, BOOLEAN
    unit: str = ""
    path: str = ""  # dotted path in the JSON, the name itself where empty


# Filled from the JSON of the API; an export fills what it knows under the same names.
ACTIVITY_COLUMNS: tuple[Column, ...] = (
    Column("name", "TEXT"),
    Column("sport_type", "TEXT", "SportType"),
    Column("type", "TEXT", "ActivityType, deprecated by Strava"),
    Column("start_date", "TEXT", "UTC, ISO 8601"),
    Column("start_date_local", "TEXT", "local wall clock, ISO 8601 without zone"),
    Column("timezone", "TEXT", "IANA name"),
    Column("utc_offset", "INTEGER", "s"),
    Column("distance", "REAL", "m"),
    Column("moving_time", "INTEGER", "s"),
    Column("elapsed_time", "INTEGER", "s"),
    Column("total_elevation_gain", "REAL", "m"),
    Column("elev_high", "REAL", "m"),
    Column("elev_low", "REAL", "m"),
    Column("average_speed", "REAL", "m/s"),
    Column("max_speed", "REAL", "m/s"),
    Column("average_heartrate", "REAL", "bpm"),
    Column("max_heartrate", "REAL", "bpm"),
    Column("average_watts", "REAL", "W"),
    Column("max_watts", "INTEGER", "W"),
    Column("weighted_average_watts", "INTEGER", "W"),
    Column("device_watts", "BOOLEAN", "power meter rather than estimate"),
    Column("kilojoules", "REAL", "kJ"),
    Column("calories", "REAL", "kcal, details only"),
    Column("average_cadence", "REAL", "rpm, one leg for runs"),
    Column("average_temp", "REAL", "degC"),
    Column("suffer_score", "REAL", "relative effort"),
    Column("perceived_exertion", "REAL", "1 to 10, details only"),
    Column("workout_type", "INTEGER"),
    Column("gear_id", "TEXT"),
    Column("device_name", "TEXT"),
    Column("trainer", "BOOLEAN"),
    Column("commute", "BOOLEAN"),
    Column("manual", "BOOLEAN"),
    Column("private", "BOOLEAN"),
    Column("visibility", "TEXT", "everyone, followers_only, only_me"),
    Column("flagged", "BOOLEAN"),
    Column("kudos_count", "INTEGER"),
    Column("comment_count", "INTEGER"),
    Column("achievement_count", "INTEGER"),
    Column("pr_count", "INTEGER"),
    Column("athlete_count", "INTEGER"),
    Column("total_photo_count", "INTEGER"),
    Column("start_lat", "REAL", "deg", "start_latlng.0"),
    Column("start_lng", "REAL", "deg", "start_latlng.1"),
    Column("end_lat", "REAL", "deg", "end_latlng.0"),
    Column("end_lng", "REAL", "deg", "end_latlng.1"),
    Column("external_id", "TEXT"),
    Column("upload_id", "INTEGER"),
    Column("description", "TEXT", "details only"),
    Column("summary_polyline", "TEXT", "precision 5", "map.summary_polyline"),
)

# What stands before them in the table.
KEY_COLUMNS: tuple[Column, ...] = (
    Column("athlete_id", "INTEGER"),
    Column("id", "INTEGER", "negative: from a file that Strava's id is not known of"),
    Column("source", "TEXT", "api, export or file: where this row comes from"),
    Column("sources", "TEXT", "all sources that hold this activity"),
    Column("level", "INTEGER", "2 summary, 3 detail"),
    Column("start_epoch", "INTEGER", "s since 1970, UTC"),
)

COLUMNS: tuple[Column, ...] = KEY_COLUMNS + ACTIVITY_COLUMNS
UNITS: dict[str, str] = {column.name: column.unit for column in COLUMNS}
