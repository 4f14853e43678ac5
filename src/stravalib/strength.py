"""Build a strength workout for upload: sets of exercises in Strava's JSON format.

>>> import datetime as dt
>>> start = dt.datetime(2026, 5, 1, 18, 0, tzinfo=dt.timezone(dt.timedelta(hours=2)))
>>> workout = StrengthWorkout(start, None, dt.timedelta(minutes=45))
>>> workout.add_set("BARBELL_BENCH_PRESS", repetitions=8, weight=60)
>>> workout.add_set("PLANK_HOLD", duration=60)

Then ``client.upload_activity(workout, data_type="json", sport_type="WeightTraining")``.
Every rule of the format is checked here, before anything is sent. See
https://developers.strava.com/docs/uploads/
"""

from __future__ import annotations

import datetime as dt
import json
import math
import operator
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, SupportsIndex

from stravalib._facts.exercises import EXERCISE_GROUPS, EXERCISE_TYPES
from stravalib._facts.sports import STRENGTH_SPORTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from stravalib.strava_model import SportType

__all__ = [
    "EXERCISE_GROUPS",
    "EXERCISE_TYPES",
    "STRENGTH_SPORTS",
    "StrengthSet",
    "StrengthStreams",
    "StrengthWorkout",
    "check_strength_sport",
    "find_exercises",
]

Seconds = SupportsIndex | dt.timedelta
_EARLIEST_ZONE: Final = -12 * 3600
_LATEST_ZONE: Final = 14 * 3600


@dataclass(frozen=True, slots=True)
class StrengthSet:
    """A set of one exercise; everything but the exercise may be left out."""

    exercise_type: str
    """An id such as ``BARBELL_BENCH_PRESS``; `find_exercises` looks one up."""
    repetitions: SupportsIndex | None = None
    weight: float | None = None
    """Kilograms, or a pint quantity of mass."""
    duration: Seconds | None = None
    """Whole seconds."""
    start_time: dt.datetime | None = None
    """With a time zone."""

    def to_dict(self, place: str = "set") -> dict[str, Any]:
        """Return the set as Strava wants it.

        Parameters
        ----------
        place
            What errors call this set.

        Raises
        ------
        ValueError, TypeError
            A value that the format has no room for.
        """
        exercise = self.exercise_type
        if not isinstance(exercise, str) or not exercise:
            raise TypeError(
                f"{place}.exercise_type is {exercise!r}; give an id as text, such as "
                "'BARBELL_BENCH_PRESS'. find_exercises() looks one up."
            )
        values = {
            "exercise_type": exercise,
            "repetitions": _whole(f"{place}.repetitions", self.repetitions),
            "weight": _kilograms(f"{place}.weight", self.weight),
            "duration": _seconds(f"{place}.duration", self.duration),
            "start_time": _iso(f"{place}.start_time", self.start_time),
        }
        return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True, slots=True)
class StrengthStreams:
    """Samples recorded during the workout, all of one length."""

    time: Sequence[SupportsIndex]
    """Whole seconds from the start, never falling."""
    active: Sequence[bool] | None = None
    """Whether a set was going on."""
    heartrate: Sequence[SupportsIndex] | None = None
    """Beats per minute."""

    def to_dict(self) -> dict[str, list[Any]]:
        """Return the streams as Strava wants them.

        Raises
        ------
        ValueError, TypeError
            Different lengths, or values that the format has no room for.
        """
        found: dict[str, list[Any]] = {"time": _column("time", self.time)}
        if self.active is not None:
            found["active"] = flags = list(self.active)
            for index, value in enumerate(flags):
                if not isinstance(value, bool):
                    raise TypeError(
                        f"streams.active[{index}] is {value!r}; give True or False."
                    )
        if self.heartrate is not None:
            found["heartrate"] = _column("heartrate", self.heartrate)
        size = len(found["time"])
        for name, values in found.items():
            if len(values) != size:
                raise ValueError(
                    f"streams.{name} has {len(values)} values, streams.time has "
                    f"{size}; give as many."
                )
        for index in range(1, size):
            before, value = found["time"][index - 1 : index + 1]
            if value < before:
                raise ValueError(
                    f"streams.time[{index}] is {value}, after {before}; sort by time."
                )
        return found


@dataclass(slots=True)
class StrengthWorkout:
    """A workout that `Client.upload_activity` takes with ``data_type="json"``.

    Only for the sports of `check_strength_sport`. Strava makes the muscle map itself.
    """

    start_time: dt.datetime
    """With a time zone."""
    utc_offset: Seconds | None
    """Seconds east of UTC where the workout took place; None takes that of
    ``start_time``."""
    elapsed_time: Seconds
    """Seconds from start to end, or a timedelta."""
    sets: list[StrengthSet] = field(default_factory=list)
    active_time: Seconds | None = None
    """Seconds of exercise; at most ``elapsed_time``."""
    total_calories: SupportsIndex | None = None
    """Kilocalories."""
    creator: str | None = None
    """Name of the device or program that recorded it."""
    streams: StrengthStreams | None = None
    strict: bool = True
    """Whether an exercise id that this release does not know is an error; else it
    is a warning, for ids that Strava has added since."""

    def __post_init__(self) -> None:
        self.sets = list(self.sets)
        self._head()
        for index, item in enumerate(self.sets):
            item.to_dict(f"sets[{index}]")
            self._know(item.exercise_type, f"sets[{index}]", stacklevel=4)

    def add_set(
        self,
        exercise_type: str,
        *,
        repetitions: SupportsIndex | None = None,
        weight: float | None = None,
        duration: Seconds | None = None,
        start_time: dt.datetime | None = None,
    ) -> None:
        """Append a set; see `StrengthSet` for the parameters.

        Raises
        ------
        ValueError, TypeError
            A value that the format has no room for; the set is not added.
        """
        added = StrengthSet(exercise_type, repetitions, weight, duration, start_time)
        place = f"sets[{len(self.sets)}]"
        added.to_dict(place)
        self._know(exercise_type, place, stacklevel=3)
        self.sets.append(added)

    def to_dict(self) -> dict[str, Any]:
        """Return the workout as Strava wants it.

        Raises
        ------
        ValueError, TypeError
            A value that the format has no room for, or no set.
        """
        body = self._head()
        if not self.sets:
            raise ValueError("The workout has no set; call add_set() at least once.")
        body["sets"] = rows = []
        for index, item in enumerate(self.sets):
            place = f"sets[{index}]"
            rows.append(item.to_dict(place))
            if self.strict:
                self._know(item.exercise_type, place)
        return body

    def to_json(self) -> bytes:
        """Return the contents of the file to upload.

        Raises
        ------
        ValueError, TypeError
            A value that the format has no room for, or no set.
        """
        text = json.dumps(self.to_dict(), ensure_ascii=False, allow_nan=False)
        return text.encode()

    def _head(self) -> dict[str, Any]:
        """Return everything but the sets, checked."""
        elapsed = _seconds("elapsed_time", self.elapsed_time)
        if not elapsed:
            raise ValueError(f"elapsed_time is {elapsed}; give seconds above 0.")
        active = _seconds("active_time", self.active_time)
        if active is not None and active > elapsed:
            raise ValueError(
                f"active_time is {active} s, more than elapsed_time, {elapsed} s."
            )
        if self.creator is not None and not isinstance(self.creator, str):
            raise TypeError(f"creator is {self.creator!r}; give a name as text.")
        values = {
            "version": "1.0",
            "start_time": _iso("start_time", self.start_time),
            "utc_offset": self._offset(),
            "elapsed_time": elapsed,
            "active_time": active,
            "total_calories": _whole("total_calories", self.total_calories),
            "creator": {"name": self.creator} if self.creator else None,
            "streams": self.streams.to_dict() if self.streams is not None else None,
        }
        return {name: value for name, value in values.items() if value is not None}

    def _offset(self) -> int:
        start = self.start_time
        if _iso("start_time", start) is None:
            raise TypeError("start_time is None; give a datetime with a time zone.")
        own = start.utcoffset() or dt.timedelta(0)
        if self.utc_offset is None:
            given = int(own.total_seconds())
        else:
            seconds = _seconds("utc_offset", self.utc_offset, low=None)
            given = 0 if seconds is None else seconds
            if own and own != dt.timedelta(seconds=given):
                raise ValueError(
                    f"start_time has the offset {int(own.total_seconds())} s, "
                    f"utc_offset says {given} s; give None, or start_time in UTC."
                )
        if not _EARLIEST_ZONE <= given <= _LATEST_ZONE:
            raise ValueError(
                f"utc_offset is {given} s; no place on earth has it. Give seconds "
                f"from {_EARLIEST_ZONE} to {_LATEST_ZONE}, such as 7200."
            )
        return given

    def _know(self, exercise: str, place: str, *, stacklevel: int = 2) -> None:
        if exercise in EXERCISE_TYPES:
            return
        near = find_exercises(exercise)
        hint = f" Near it: {', '.join(near)}." if near else ""
        problem = f"{place}.exercise_type {exercise!r} is not in Strava's list."
        if self.strict:
            raise ValueError(
                f"{problem}{hint} If Strava has added it since this release, create "
                "the workout with strict=False."
            )
        warnings.warn(f"{problem}{hint}", UserWarning, stacklevel=stacklevel)


def find_exercises(words: str, limit: int = 5) -> list[str]:
    """Return the exercise ids nearest to some words, the likeliest first.

    Parameters
    ----------
    words
        Such as ``"bench press"``, in any case.
    limit
        How many at most.
    """
    from difflib import get_close_matches

    wanted = "_".join(words.upper().replace("-", " ").replace("_", " ").split())
    if not wanted:
        return []
    known = sorted({part for word in EXERCISE_TYPES for part in word.split("_")})
    parts = [  # each without its typing error
        next(iter(get_close_matches(part, known, n=1, cutoff=0.75)), part)
        for part in wanted.split("_")
    ]
    every = sorted(EXERCISE_TYPES, key=_simplest)
    found = [w for w in every if set(parts) <= set(w.split("_"))]
    found += [w for w in every if wanted in w]
    found += get_close_matches(wanted, every, n=limit, cutoff=0.7)
    return list(dict.fromkeys(found))[:limit]


def _simplest(word: str) -> tuple[bool, int, str]:
    return not word.endswith("_GENERIC"), len(word), word


def check_strength_sport(sport_type: SportType | str) -> str:
    """Return the sport as text if a JSON upload may have it.

    Raises
    ------
    ValueError
        Another sport than WeightTraining, HighIntensityIntervalTraining, Workout and
        Crossfit; upper and lower case count.
    """
    sport = getattr(sport_type, "root", sport_type)
    sport = str(getattr(sport, "value", sport))
    if sport not in STRENGTH_SPORTS:
        raise ValueError(
            f"sport_type={sport!r} cannot have strength sets; use one of "
            f"{', '.join(STRENGTH_SPORTS)}, or upload a FIT file."
        )
    return sport


def _whole(place: str, value: Any, low: int | None = 0) -> int | None:
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    try:
        if isinstance(value, bool):
            raise TypeError
        whole: Any = value
        number = operator.index(whole)
    except TypeError:
        raise TypeError(f"{place} is {value!r}; give a whole number.") from None
    if low is not None and number < low:
        raise ValueError(f"{place} is {number}; give {low} or more.")
    return number


def _seconds(place: str, value: Any, low: int | None = 0) -> int | None:
    if isinstance(value, dt.timedelta):
        value = round(value.total_seconds())
    return _whole(place, value, low)


def _kilograms(place: str, value: Any) -> float | None:
    if value is None:
        return None
    if hasattr(value, "to") and hasattr(value, "magnitude"):
        value = value.to("kg").magnitude
    try:
        if isinstance(value, (bool, str)):
            raise TypeError
        number = float(value)
    except TypeError:
        raise TypeError(f"{place} is {value!r}; give kilograms.") from None
    if not (math.isfinite(number) and number >= 0):
        raise ValueError(f"{place} is {value!r}; give kilograms, 0 or more.")
    return number


def _iso(place: str, value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, dt.datetime):
        raise TypeError(f"{place} is {value!r}; give a datetime with a time zone.")
    if value.utcoffset() is None:
        raise ValueError(
            f"{place} is {value!r}, without a time zone; add one, such as "
            "tzinfo=zoneinfo.ZoneInfo('Europe/Berlin')."
        )
    return value.isoformat(timespec="seconds").replace("+00:00", "Z")


def _column(name: str, values: Iterable[Any]) -> list[int]:
    found = []
    for index, value in enumerate(values):
        number = _whole(f"streams.{name}[{index}]", value)
        if number is None:
            raise TypeError(f"streams.{name}[{index}] is None; give a whole number.")
        found.append(number)
    return found
