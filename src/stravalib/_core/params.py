"""From what users write to what Strava takes."""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from stravalib._facts.scopes import SCOPES
from stravalib._facts.sports import (
    ACTIVITY_TYPES,
    SPORT_TYPES,
    STRENGTH_SPORTS,
    UPLOAD_DATA_TYPES,
)
from stravalib._facts.streams import STREAM_TYPES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pint

T = TypeVar("T")
EXPLORE_ACTIVITY_TYPES = ("riding", "running")
LOOSE_DATE = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?\Z")


def to_datetime(value: object, name: str = "date") -> datetime:
    """Read a date or time; text may be any ISO 8601 form, or just year or month.

    Objects with a ``datetime`` attribute (arrow) are accepted.

    Raises
    ------
    ValueError
        Where the text is no date.
    TypeError
        Where it is neither text nor date.
    """
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    if isinstance(value, str):
        text = value.strip()
        try:
            match = LOOSE_DATE.match(text)
            if match:
                year, month, day = (int(part or 1) for part in match.groups())
                return datetime(year, month, day)
            return datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(
                f"{name}={value!r} is not a date; write it as ISO 8601, for example "
                "'2026-05-04T10:30:00Z'."
            ) from None
    inner = getattr(value, "datetime", None)
    if isinstance(inner, datetime):
        return inner
    raise TypeError(
        f"{name}={value!r} is a {type(value).__name__}; give a datetime or ISO text."
    )


def to_epoch(value: object, name: str = "date") -> int:
    """Turn a time into whole epoch seconds; without a zone it counts as UTC."""
    moment = to_datetime(value, name)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return int(moment.timestamp())


def wall_clock(value: object, name: str) -> str:
    """Format local wall time as Strava wants it: with a Z that means nothing."""
    local = to_datetime(value, name).replace(tzinfo=None)
    return local.isoformat(timespec="seconds") + "Z"


def to_seconds(value: float | timedelta, name: str = "elapsed_time") -> int:
    """Whole seconds of a duration.

    Raises
    ------
    ValueError
        Where it is negative, or no number.
    """
    total = value.total_seconds() if isinstance(value, timedelta) else value
    try:
        seconds = int(total)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(
            f"{name}={value!r} is no number of seconds; give seconds or a timedelta."
        ) from None
    if seconds < 0:
        raise ValueError(f"{name}={value!r} is negative; give seconds or a timedelta.")
    return seconds


def to_meters(value: pint.Quantity[float] | float) -> float:
    """Metres of a number (metres already) or of a pint quantity.

    Raises
    ------
    ValueError
        Where it is no number, negative or not finite.
    """
    convert: Any = getattr(value, "to", None)
    meters = cast("float", value)
    if callable(convert):
        converted: Any = convert("meter")
        meters = float(converted.magnitude)
    return amount(meters, "distance", "metres or a pint quantity")


def amount(value: T, name: str, unit: str) -> T:
    """Return a number as it is, if it can be an amount of something.

    Raises
    ------
    ValueError
        Where it is no number, negative or not finite.
    """
    try:
        number: Any = value
        good = 0 <= float(number) < math.inf
    except (TypeError, ValueError):
        good = False
    if not good:
        raise ValueError(f"{name}={value!r} is no amount; give {unit}.")
    return value


def activity_type_params(activity_type: object, sport_type: object) -> dict[str, str]:
    """Check sport words; ``sport_type`` wins over the deprecated ``activity_type``.

    Both may be text or the objects that models hold.

    Raises
    ------
    ValueError
        Where a word is unknown; upper and lower case count for ``sport_type``.
    """
    if sport_type is not None:
        word = str(getattr(sport_type, "root", sport_type))
        if word not in SPORT_TYPES:
            raise ValueError(_unknown_sport(word, SPORT_TYPES))
        return {"sport_type": word}
    if activity_type is not None:
        word = str(getattr(activity_type, "root", activity_type))
        if word.lower() not in {known.lower() for known in ACTIVITY_TYPES}:
            raise ValueError(_unknown_sport(word, ACTIVITY_TYPES))
        return {"type": word.lower()}
    return {}


def _unknown_sport(word: str, known: tuple[str, ...]) -> str:
    near = [name for name in known if name.lower() == word.lower()]
    hint = f" Did you mean {near[0]!r}?" if near else ""
    return f"Invalid activity type: {word}.{hint} Possible values: {known!r}"


def strength_sport(word: str) -> str:
    """Check the sport of a strength workout; upper and lower case do not count.

    Raises
    ------
    ValueError
        Where Strava takes no sets for this sport.
    """
    if word.lower() not in {known.lower() for known in STRENGTH_SPORTS}:
        raise ValueError(
            f"sport_type={word!r} takes no sets; a strength workout (data_type='json') "
            f"is one of {', '.join(STRENGTH_SPORTS)}."
        )
    return word


def data_type(value: str) -> str:
    """Check the ``data_type`` of an upload.

    Raises
    ------
    ValueError
        Where Strava takes no such type.
    """
    if not isinstance(value, str) or value.lower() not in UPLOAD_DATA_TYPES:
        raise ValueError(
            f"Invalid data type {value}. Possible values {UPLOAD_DATA_TYPES!r}"
        )
    return value


def flag(value: bool | None) -> int | None:
    """Return a yes or no as the 1 or 0 that upload and create forms take."""
    return None if value is None else int(bool(value))


def stream_params(
    types: Sequence[object] | str | None,
    resolution: Literal["low", "medium", "high"] | None,
    series_type: Literal["time", "distance"] | None,
) -> dict[str, Any]:
    """Query of a stream request.

    Raises
    ------
    ValueError
        Where a type, resolution or series type is unknown.
    """
    if isinstance(types, str):
        types = types.split(",")
    names = [str(getattr(kind, "root", kind)) for kind in types or STREAM_TYPES]
    unknown = set(names) - set(STREAM_TYPES)
    if unknown:
        raise ValueError(
            f"Types {unknown} not supported by StravaApi; known are "
            f"{', '.join(STREAM_TYPES)}."
        )
    if resolution not in (None, "low", "medium", "high"):
        raise ValueError(
            f"resolution={resolution!r} is unknown; use 'low', 'medium' or 'high'."
        )
    if series_type not in (None, "time", "distance"):
        raise ValueError(
            f"series_type={series_type!r} is unknown; use 'time' or 'distance'."
        )
    query: dict[str, Any] = {"keys": ",".join(names), "key_by_type": True}
    if resolution is not None:
        query["resolution"] = resolution
    if series_type is not None:
        query["series_type"] = series_type
    return query


def stream_rows(raw: Any) -> dict[str, Any]:
    """Streams by type, from either shape that Strava sends.

    An object keyed by type, or an array of objects that name their ``type``.
    """
    if isinstance(raw, list):
        pairs = [(row.get("type"), row) for row in raw if isinstance(row, dict)]
    else:
        pairs = list(raw.items()) if isinstance(raw, dict) else []
    return {str(kind): row for kind, row in pairs if isinstance(row, dict)}


def bounds(value: object) -> str:
    """South-west and north-east corner as Strava's ``bounds``.

    Parameters
    ----------
    value
        Four numbers, or two corners: each a pair of latitude and longitude or an
        object that has ``lat`` and ``lon``.

    Raises
    ------
    ValueError
        Where it is neither, or a number is no position.
    """
    parts = _numbers_of(value)
    if len(parts) == 2:
        corners = [_corner(part) for part in parts]
        parts = corners[0] + corners[1] if set(map(len, corners)) == {2} else []
    if len(parts) == 4:
        try:
            if all(math.isfinite(part) for part in parts):
                return ",".join(str(part) for part in parts)
        except TypeError:
            pass  # not numbers
    raise ValueError(
        f"Invalid bounds specified: {value!r}. Must be tuple of 4 float values or "
        "tuple of 2 (lat,lon) tuples."
    )


def _corner(part: Any) -> list[Any]:
    if hasattr(part, "lat") and hasattr(part, "lon"):
        return [part.lat, part.lon]
    return _numbers_of(part)


def _numbers_of(value: Any) -> list[Any]:
    """Return the items of a sequence or an array; none of anything else."""
    if isinstance(value, (str, bytes)):
        return []
    try:
        return list(value)
    except TypeError:
        return []


def explore_activity_type(value: object) -> str:
    """Check the sport of a segment search.

    Raises
    ------
    ValueError
        Where it is neither ``riding`` nor ``running``.
    """
    word = str(getattr(value, "root", value))
    if word not in EXPLORE_ACTIVITY_TYPES:
        raise ValueError(
            f"Invalid activity type: {word}.  Possible values: "
            f"{EXPLORE_ACTIVITY_TYPES!r}"
        )
    return word


def scopes(value: Sequence[str] | str | None) -> str:
    """Scopes as the authorization page takes them; default ``read,activity:read``.

    Raises
    ------
    AssertionError
        Where a scope is unknown (the class that 2.6 raised).
    """
    if value is None:
        return "read,activity:read"
    names = [value] if isinstance(value, str) else list(value)
    unknown = {name for name in names if name not in SCOPES}
    if unknown:
        raise AssertionError(
            f"Unsupported scope value(s): {unknown}; known are {', '.join(SCOPES)}."
        )
    return ",".join(names)
