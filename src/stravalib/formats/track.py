"""One shape for every recording, whichever file it came from.

Units are SI unless the name says otherwise: metres, seconds, metres per second,
degrees, bpm, watts, degrees Celsius, kilocalories, kilograms. Times are seconds
since 1970-01-01T00:00:00Z as floats. ``None`` means that the file does not say.
Cadence is as Strava has it: revolutions per minute, for runs strides of one leg.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

Column = list[float | None]
Kind = Literal["activity", "route", "course"]
KINDS: tuple[Kind, ...] = ("activity", "route", "course")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

COLUMNS: tuple[str, ...] = (
    "time",
    "lat",
    "lon",
    "altitude",
    "distance",
    "speed",
    "heartrate",
    "cadence",
    "watts",
    "temp",
)
_STANDARD = frozenset(COLUMNS)


@dataclass(slots=True)
class TrackPoints:
    """The samples of a track, one list a column.

    A column is as long as `time`, with ``None`` for gaps, or it is empty: the file
    has none of it. `time` itself always has the full length (all ``None`` in a
    route). `extra` holds further numeric columns by the name the file gives them.
    """

    time: Column = field(default_factory=list)
    lat: Column = field(default_factory=list)
    lon: Column = field(default_factory=list)
    altitude: Column = field(default_factory=list)
    distance: Column = field(default_factory=list)
    speed: Column = field(default_factory=list)
    heartrate: Column = field(default_factory=list)
    cadence: Column = field(default_factory=list)
    watts: Column = field(default_factory=list)
    temp: Column = field(default_factory=list)
    extra: dict[str, Column] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.time)

    def add(self, sample: dict[str, float]) -> None:
        """Append a sample; names that are no column go to `extra`. See `close`."""
        size = len(self.time)
        self.time.append(sample.pop("time", None))
        for name, value in sample.items():
            column: Column
            if name in _STANDARD:
                column = getattr(self, name)
            else:
                column = self.extra.setdefault(name, [])
            if len(column) < size:
                column.extend([None] * (size - len(column)))
            column.append(value)

    def close(self) -> None:
        """Bring columns that ended early to full length, after the last `add`."""
        size = len(self.time)
        every: list[Column] = [getattr(self, name) for name in COLUMNS]
        for column in [*every, *self.extra.values()]:
            if column and len(column) < size:
                column.extend([None] * (size - len(column)))

    def columns(self) -> Iterator[tuple[str, Column]]:
        """Iterate over the names and lists of the standard columns that are there."""
        for name in COLUMNS:
            column: Column = getattr(self, name)
            if column:
                yield name, column

    def padded(self, name: str) -> Column:
        """Return a standard column at full length, all gaps where it is missing."""
        column: Column = getattr(self, name)
        return column or [None] * len(self)

    def compact(self) -> None:
        """Empty every column but `time` that holds nothing but gaps."""
        for name in COLUMNS[1:]:
            column: Column = getattr(self, name)
            if column and all(value is None for value in column):
                setattr(self, name, [])
        self.extra = {
            name: column
            for name, column in self.extra.items()
            if any(value is not None for value in column)
        }

    def check(self) -> None:
        """Raise ValueError where a column is neither empty nor of full length."""
        size = len(self.time)
        every = [(name, getattr(self, name)) for name in COLUMNS]
        for name, column in [*every, *self.extra.items()]:
            if column and len(column) != size:
                raise ValueError(
                    f"column {name!r} has {len(column)} values and time has {size}; "
                    "give every column the same length, or leave it empty"
                )


@dataclass(slots=True)
class TrackTotals:
    """What a file itself states about a whole recording or a lap; never computed.

    `elapsed_time` includes pauses, `timer_time` does not.
    """

    distance: float | None = None
    elapsed_time: float | None = None
    timer_time: float | None = None
    calories: float | None = None
    ascent: float | None = None
    descent: float | None = None
    avg_speed: float | None = None
    max_speed: float | None = None
    avg_heartrate: float | None = None
    max_heartrate: float | None = None
    avg_cadence: float | None = None
    max_cadence: float | None = None
    avg_watts: float | None = None
    max_watts: float | None = None
    avg_temp: float | None = None
    cycles: float | None = None

    def stated(self) -> dict[str, float]:
        """Return the totals that are there, by name."""
        found = {item.name: getattr(self, item.name) for item in fields(TrackTotals)}
        return {name: value for name, value in found.items() if value is not None}


@dataclass(slots=True)
class TrackLap(TrackTotals):
    """A lap: when it began and what the file states about it.

    `trigger` says why it ended: ``manual``, ``distance``, ``time``, ``location``,
    ``session_end`` or what the file has. `intensity`: ``active``, ``rest`` ...
    """

    start: float | None = None
    trigger: str | None = None
    intensity: str | None = None
    name: str | None = None

    @property
    def end(self) -> float | None:
        """The moment it ended, where start and elapsed time are known."""
        if self.start is None or self.elapsed_time is None:
            return None
        return self.start + self.elapsed_time


@dataclass(slots=True)
class PoolLength:
    """One length of a pool; a rest between lengths has ``active=False``."""

    start: float | None = None
    elapsed_time: float | None = None
    timer_time: float | None = None
    strokes: float | None = None
    stroke: str | None = None
    active: bool = True


@dataclass(slots=True)
class StrengthSet:
    """One set of a strength workout; a rest has ``active=False``.

    `exercise` is an id of Strava's list where the file has one (JSON), else what
    the device calls it; `category` and `subtype` are the numbers of a FIT file.
    """

    exercise: str | None = None
    repetitions: int | None = None
    weight: float | None = None
    duration: float | None = None
    start: float | None = None
    active: bool = True
    category: int | None = None
    subtype: int | None = None


@dataclass(slots=True)
class TrackDevice:
    """What recorded it, as far as the file says."""

    name: str | None = None
    manufacturer: str | None = None
    product: str | None = None
    serial_number: int | None = None
    software_version: str | None = None

    def __str__(self) -> str:
        if self.name:
            return self.name
        return " ".join(part for part in (self.manufacturer, self.product) if part)


@dataclass(slots=True)
class Waypoint:
    """A named place beside the track: a GPX waypoint, a course point of TCX or FIT."""

    lat: float
    lon: float
    altitude: float | None = None
    time: float | None = None
    name: str | None = None
    kind: str | None = None
    description: str | None = None


@dataclass(slots=True)
class Track:
    """One recording or route. A file may hold several (multisport, several tracks).

    Attributes
    ----------
    sport
        A SportType of the API, or None where the file does not say.
    start
        The start (aware, UTC): what the file states, else the first point's time.
    utc_offset
        Seconds that local time was ahead of UTC, where the file tells.
    breaks
        Indices of the points that begin a new segment (never 0).
    pauses
        ``(start, end)`` seconds for which the recording was stopped.
    has_barometer
        Whether the altitude is barometric; None where nobody can tell.
    source
        ``fit``, ``gpx``, ``tcx``, ``json`` ... : what it was read from.
    warnings
        What was wrong with the file and was survived.
    """

    sport: str | None = None
    name: str | None = None
    description: str | None = None
    kind: Kind = "activity"
    start: datetime | None = None
    utc_offset: int | None = None
    points: TrackPoints = field(default_factory=TrackPoints)
    breaks: list[int] = field(default_factory=list)
    pauses: list[tuple[float, float]] = field(default_factory=list)
    laps: list[TrackLap] = field(default_factory=list)
    lengths: list[PoolLength] = field(default_factory=list)
    sets: list[StrengthSet] = field(default_factory=list)
    waypoints: list[Waypoint] = field(default_factory=list)
    totals: TrackTotals = field(default_factory=TrackTotals)
    pool_length: float | None = None
    device: TrackDevice = field(default_factory=TrackDevice)
    has_barometer: bool | None = None
    source: str | None = None
    warnings: list[str] = field(default_factory=list)

    @property
    def start_seconds(self) -> float | None:
        """The start in seconds since 1970."""
        return None if self.start is None else self.start.timestamp()

    @property
    def end_seconds(self) -> float | None:
        """The last moment known: the last point's time or start + elapsed time."""
        last = next((t for t in reversed(self.points.time) if t is not None), None)
        start, elapsed = self.start_seconds, self.totals.elapsed_time
        if start is not None and elapsed is not None:
            return max(start + elapsed, last if last is not None else start)
        return last if last is not None else start

    @property
    def has_positions(self) -> bool:
        """Whether any point has a latitude and a longitude."""
        points = self.points
        return any(
            lat is not None and lon is not None
            for lat, lon in zip(points.lat, points.lon, strict=False)
        )

    @property
    def has_times(self) -> bool:
        """Whether any point has a time."""
        return any(value is not None for value in self.points.time)

    def segments(self) -> list[range]:
        """Return the index ranges between breaks and pauses; together all points."""
        size = len(self.points)
        cuts = {index for index in self.breaks if 0 < index < size}
        if self.pauses:
            clock = _running(self.points.time)
            middles = ((begin + end) / 2 for begin, end in self.pauses)
            cuts.update(bisect_left(clock, middle) for middle in middles)
        edges = [0, *sorted(cuts - {0, size}), size]
        return [range(a, b) for a, b in pairwise(edges) if b > a]

    def lap_ranges(self) -> list[range]:
        """Return the index range of the points of each lap, in the order of `laps`.

        A lap runs to the start of the next one; the first takes what is before it,
        the last what is left, so that every point is in exactly one lap.
        """
        clock = _running(self.points.time)
        starts = [
            0 if lap.start is None else bisect_left(clock, lap.start)
            for lap in self.laps[1:]
        ]
        edges = [0, *accumulate(starts, max), len(clock)]
        return [range(a, b) for a, b in pairwise(edges)] if self.laps else []


def moment(seconds: float) -> datetime:
    """Return seconds since 1970 as an aware UTC datetime, to the microsecond."""
    return _EPOCH + timedelta(seconds=seconds)


def _running(times: Column) -> list[float]:
    """Return the latest time so far at each point, for bisection."""
    latest, clock = float("-inf"), []
    for value in times:
        if value is not None and value > latest:
            latest = value
        clock.append(latest)
    return clock
