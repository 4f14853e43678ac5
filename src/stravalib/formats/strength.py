"""Read Strava's JSON format for strength workouts, version 1.0.

See https://developers.strava.com/docs/uploads/
"""

from __future__ import annotations

import json
from typing import Any, Final

from stravalib._facts.exercises import EXERCISE_GROUPS
from stravalib.formats.errors import FormatError, Reason
from stravalib.formats.track import StrengthSet, Track, TrackDevice, moment
from stravalib.formats.xml_events import instant

# JSON costs up to 30 times its size in memory; a real workout has some kilobytes.
MAX_JSON_BYTES: Final = 16 * 1024 * 1024
_MAX_SECONDS: Final = 10 * 366 * 86_400
_MAX_OFFSET: Final = 18 * 3600
_EXERCISES: Final = frozenset(
    exercise for group in EXERCISE_GROUPS.values() for exercise in group
)
_FIELDS: Final = frozenset(
    [
        "version",
        "start_time",
        "utc_offset",
        "elapsed_time",
        "active_time",
        "total_calories",
        "creator",
        "streams",
        "sets",
    ]
)


def read_strength(data: bytes) -> list[Track]:
    """Read a strength workout; every rule of the format is checked.

    The sport is ``WeightTraining``: the file names none. Exercise ids that are not
    in Strava's published list are kept, with a warning, because the list grows.

    Raises
    ------
    FormatError
        Its message names the place (``sets[3].weight``), the value and the rule.
    """
    body = _load(data)
    if body.get("version") != "1.0":
        raise _wrong("version", body.get("version"), 'must be the string "1.0"')
    start, shift = _time(body, "start_time", "start_time", required=True)
    offset = _whole(body, "utc_offset", required=True, low=-_MAX_OFFSET)
    if offset is not None and offset > _MAX_OFFSET:
        raise _wrong("utc_offset", offset, f"must be at most {_MAX_OFFSET} seconds")
    track = Track(
        sport="WeightTraining",
        start=None if start is None else moment(start),
        utc_offset=offset,
        source="json",
    )
    totals = track.totals
    totals.elapsed_time = _whole(body, "elapsed_time", required=True, low=1)
    totals.timer_time = _whole(body, "active_time")
    totals.calories = _whole(body, "total_calories")
    if shift is not None and shift != offset:
        track.warnings.append(
            f"start_time has the offset {shift} s, utc_offset says {offset} s"
        )
    creator = body.get("creator")
    if creator is not None:
        name = creator.get("name") if isinstance(creator, dict) else None
        if not isinstance(name, str):
            raise _wrong("creator", creator, 'must be an object {"name": text}')
        track.device = TrackDevice(name=name)
    if body.get("streams") is not None:
        _read_streams(track, body["streams"], start or 0.0)
    sets = body.get("sets")
    if not isinstance(sets, list) or not sets:
        raise _wrong("sets", sets, "must be a list of at least one set")
    unknown: set[str] = set()
    for index, item in enumerate(sets):
        track.sets.append(_read_set(item, f"sets[{index}]", unknown))
    for exercise in sorted(unknown)[:10]:
        track.warnings.append(f"exercise_type {exercise!r} is not in the known list")
    unused = sorted(str(key)[:40] for key in set(body) - _FIELDS)
    if unused:
        track.warnings.append(f"unknown fields are not read: {', '.join(unused[:10])}")
    return [track]


def _load(data: bytes) -> dict[str, Any]:
    if len(data) > MAX_JSON_BYTES:
        raise FormatError(
            f"The JSON has {len(data):,} bytes, more than {MAX_JSON_BYTES:,}.",
            reason="too_large",
            hint="A strength workout has some kilobytes.",
        )
    try:
        body = json.loads(data.decode("utf-8-sig").rstrip("\x00"), parse_constant=float)
    except json.JSONDecodeError as error:
        raise FormatError(
            f"The JSON is broken: {error.msg}.",
            line=error.lineno,
            offset=error.pos,
            hint="Check that the file is complete.",
        ) from error
    except UnicodeDecodeError as error:
        raise FormatError(
            "The JSON is not UTF-8.", offset=error.start, hint="Save it as UTF-8."
        ) from error
    except (RecursionError, ValueError) as error:
        raise FormatError(
            "The JSON is nested too deep or has absurd numbers.",
            reason="too_large",
            hint="This is no strength workout.",
        ) from error
    if not isinstance(body, dict):
        raise FormatError(
            f"The JSON is a {type(body).__name__}, not an object.",
            reason="unknown_type",
            hint="Strava's strength format is an object with version and sets.",
        )
    if "version" not in body and "sets" not in body:
        raise FormatError(
            "The JSON is no strength workout: it has neither version nor sets.",
            reason="not_an_activity",
            hint="Upload FIT, TCX or GPX for other activities.",
        )
    return body


def _read_streams(track: Track, streams: object, start: float) -> None:
    if not isinstance(streams, dict):
        raise _wrong("streams", streams, "must be an object")
    columns: dict[str, list[Any]] = {}
    for name, kind, rule in (
        ("time", int, "whole seconds"),
        ("heartrate", int, "whole numbers"),
        ("active", bool, "true and false"),
    ):
        values = streams.get(name)
        if values is None:
            continue
        if not isinstance(values, list):
            raise _wrong(f"streams.{name}", values, "must be a list")
        for index, value in enumerate(values):
            if type(value) is not kind or not 0 <= value <= _MAX_SECONDS:
                place = f"streams.{name}[{index}]"
                raise _wrong(place, value, f"must be {rule}")
        columns[name] = values
    times = columns.get("time")
    if times is None:
        raise _wrong("streams.time", None, "is required when there are streams")
    for name, values in columns.items():
        if len(values) != len(times):
            rule = f"must have as many values as streams.time, {len(times)}"
            raise _wrong(f"streams.{name}", f"{len(values)} values", rule)
    for index in range(1, len(times)):
        if times[index] < times[index - 1]:
            rule = "must not be before the time of the sample before"
            raise _wrong(f"streams.time[{index}]", times[index], rule)
    track.points.time = [start + value for value in times]
    track.points.heartrate = [float(value) for value in columns.get("heartrate", ())]
    if columns.get("active"):
        track.points.extra["active"] = [float(value) for value in columns["active"]]


def _read_set(item: object, place: str, unknown: set[str]) -> StrengthSet:
    if not isinstance(item, dict):
        raise _wrong(place, item, "must be an object")
    exercise = item.get("exercise_type")
    if not isinstance(exercise, str) or not exercise:
        rule = "is required and must be an id of Strava's exercise list"
        raise _wrong(f"{place}.exercise_type", exercise, rule)
    if exercise not in _EXERCISES:
        unknown.add(exercise[:80])
    weight = item.get("weight")
    if weight is not None and (
        isinstance(weight, bool)
        or not isinstance(weight, (int, float))
        or not 0 <= weight <= 100_000
    ):
        raise _wrong(f"{place}.weight", weight, "must be kilograms, 0 or more")
    duration = _whole(item, "duration", place=place)
    return StrengthSet(
        exercise=exercise,
        repetitions=_whole(item, "repetitions", place=place),
        weight=None if weight is None else float(weight),
        duration=None if duration is None else float(duration),
        start=_time(item, "start_time", f"{place}.start_time", required=False)[0],
    )


def _whole(
    body: dict[str, Any],
    name: str,
    *,
    place: str = "",
    required: bool = False,
    low: int = 0,
) -> int | None:
    value = body.get(name)
    where = f"{place}.{name}" if place else name
    if value is None:
        if required:
            raise _wrong(where, None, "is required")
        return None
    if type(value) is not int:
        raise _wrong(where, value, "must be a whole number")
    if not low <= value <= _MAX_SECONDS:
        raise _wrong(where, value, f"must be from {low} to {_MAX_SECONDS}")
    return value


def _time(
    body: dict[str, Any], name: str, place: str, *, required: bool
) -> tuple[float | None, int | None]:
    value = body.get(name)
    if value is None:
        if required:
            raise _wrong(place, None, "is required", reason="no_time")
        return None, None
    when = instant(value) if isinstance(value, str) else None
    if when is None or not isinstance(value, str):
        raise _wrong(place, value, "must be ISO 8601 with Z or an offset")
    tail = value.rstrip()
    if not tail.endswith(("Z", "z")) and not any(mark in tail[10:] for mark in "+-"):
        raise _wrong(place, value, "must end in Z or an offset such as +02:00")
    return when


def _wrong(
    place: str, value: object, rule: str, *, reason: Reason = "malformed"
) -> FormatError:
    shown = repr(value)
    if len(shown) > 60:
        shown = shown[:57] + "..."
    found = "it is missing" if value is None else f"it is {shown}"
    return FormatError(
        f"{place} {rule}; {found}.",
        reason=reason,
        hint="See https://developers.strava.com/docs/uploads/ for the format.",
    )
