"""Build tracks of what a FIT file holds, one for each session."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from stravalib._facts.exercises import EXERCISE_GROUPS
from stravalib._facts.sports import SPORT_TYPES
from stravalib.formats.fit_backend import (
    FIRST_DATE,
    Message,
    numeric,
    product_name,
    seconds,
    word,
)
from stravalib.formats.fit_messages import DEGREES, listed
from stravalib.formats.sports import sport_of_fit
from stravalib.formats.track import (
    PoolLength,
    StrengthSet,
    Track,
    TrackLap,
    TrackPoints,
    TrackTotals,
    Waypoint,
    moment,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stravalib.formats.fit_messages import Collector

# The writer of this package puts the exact sport where devices put a profile's name.
OWN_SPORT: Final = "stravalib:"

_TOTALS: Final[dict[str, tuple[str, ...]]] = {
    "distance": ("total_distance",),
    "elapsed_time": ("total_elapsed_time",),
    "timer_time": ("total_timer_time",),
    "calories": ("total_calories",),
    "ascent": ("total_ascent",),
    "descent": ("total_descent",),
    "avg_speed": ("enhanced_avg_speed", "avg_speed"),
    "max_speed": ("enhanced_max_speed", "max_speed"),
    "avg_heartrate": ("avg_heart_rate",),
    "max_heartrate": ("max_heart_rate",),
    "avg_cadence": ("avg_cadence", "avg_running_cadence"),
    "max_cadence": ("max_cadence", "max_running_cadence"),
    "avg_watts": ("avg_power",),
    "max_watts": ("max_power",),
    "avg_temp": ("avg_temperature",),
    "cycles": ("total_cycles", "total_strides", "total_strokes"),
}
_EXERCISES: Final = frozenset(
    exercise for group in EXERCISE_GROUPS.values() for exercise in group
)
_HEART_RATE_AGE: Final = 5.0


def tracks_of(collector: Collector, hearts: list[tuple[float, float]]) -> list[Track]:
    """Build the tracks, one for each session."""
    sessions = [one for one in collector.sessions if seconds(one.get("start_time"))]
    sessions.sort(key=lambda one: seconds(one["start_time"]) or 0.0)
    if not sessions:
        if collector.kind not in ("course", 6):
            collector.warnings.append("there is no session: the file is not complete")
        sessions = [collector.sessions[0] if collector.sessions else {}]
    if collector.timeless:
        collector.warnings.append(
            f"{collector.timeless} records without a time are left out"
        )
    starts = [seconds(one.get("start_time")) or 0.0 for one in sessions]
    if any(0 < start < FIRST_DATE for start in starts):
        collector.warnings.append(
            "the device did not know the date: times are relative"
        )
    tracks = [_track(collector, session) for session in sessions]
    collector.points.close()
    collector.points.extra = {
        name.removeprefix("extra:"): column
        for name, column in collector.points.extra.items()
    }
    _share_out(collector.points, tracks, starts)
    for track, session in zip(tracks, sessions, strict=True):
        points = track.points
        if track.start is None and points:
            first = points.time[0]
            track.start = None if first is None else moment(first)
        if hearts:
            _merge_hearts(track, hearts)
        track.sport = _sport(collector, session)
        if session.get("sport") == "transition":
            track.name = "transition"
    _spread(collector, tracks, starts)
    return tracks


def _track(collector: Collector, session: Message) -> Track:
    course = collector.kind in ("course", 6)
    track = Track(source="fit", kind="course" if course else "activity")
    start = seconds(session.get("start_time"))
    track.start = None if start is None else moment(start)
    track.utc_offset = collector.utc_offset
    if session or len(collector.laps) != 1:
        _fill(track.totals, session)
    else:  # a course, or a file cut short: its only lap says the same
        _fill(track.totals, collector.laps[0])
    track.pool_length = numeric(session.get("pool_length")) or None
    track.name = word(collector.course.get("name"))
    track.has_barometer = True if collector.barometer else None
    track.warnings = list(collector.warnings)
    device, creator = track.device, collector.creator
    maker = collector.file_id.get("manufacturer", creator.get("manufacturer"))
    device.manufacturer = word(maker)
    product = collector.file_id.get("product", creator.get("product"))
    device.product = None if product is None else str(product)
    device.name = (
        word(collector.file_id.get("product_name"))
        or word(creator.get("product_name"))
        or product_name(device.manufacturer, product)
    )
    serial = collector.file_id.get("serial_number", creator.get("serial_number"))
    device.serial_number = serial if isinstance(serial, int) else None
    version = numeric(creator.get("software_version"))
    device.software_version = None if version is None else f"{version:g}"
    return track


def _sport(collector: Collector, session: Message) -> str | None:
    named = word(collector.sport.get("name")) or ""
    if named.startswith(OWN_SPORT):
        exact = named.removeprefix(OWN_SPORT)
        if exact in ("", *SPORT_TYPES) and len(collector.sessions) <= 1:
            return exact or None
    for source in (session, collector.sport, *collector.laps[:1], collector.course):
        sport = word(source.get("sport"))
        if sport is not None:
            return sport_of_fit(sport, word(source.get("sub_sport")))
    return None


def _spread(collector: Collector, tracks: list[Track], starts: list[float]) -> None:
    """Give laps, lengths, sets and pauses to the sessions they belong to."""
    for message in collector.laps:
        lap = TrackLap(
            start=seconds(message.get("start_time")),
            trigger=word(message.get("lap_trigger")),
            intensity=word(message.get("intensity")),
            name=word(message.get("wkt_step_name")),
        )
        _fill(lap, message)
        track = tracks[_place(starts, lap.start)]
        track.laps.append(lap)
    for message in collector.lengths:
        length = PoolLength(
            start=seconds(message.get("start_time")),
            elapsed_time=numeric(message.get("total_elapsed_time")),
            timer_time=numeric(message.get("total_timer_time")),
            strokes=numeric(message.get("total_strokes")),
            stroke=word(message.get("swim_stroke")),
            active=message.get("length_type") not in ("idle", 0),
        )
        tracks[_place(starts, length.start)].lengths.append(length)
    for message in collector.sets:
        item = _strength_set(message)
        tracks[_place(starts, item.start)].sets.append(item)
    for begin, end in _pauses(collector.timer):
        tracks[_place(starts, begin)].pauses.append((begin, end))
    for message in collector.course_points:
        lat = numeric(message.get("position_lat"))
        lon = numeric(message.get("position_long"))
        if lat is not None and lon is not None:
            tracks[0].waypoints.append(
                Waypoint(
                    round(lat * DEGREES, 8),
                    round(lon * DEGREES, 8),
                    time=seconds(message.get("timestamp")),
                    name=word(message.get("name")),
                    kind=word(message.get("type")),
                )
            )


def _fill(totals: TrackTotals, message: Message) -> None:
    for name, sources in _TOTALS.items():
        for source in sources:
            value = numeric(message.get(source))
            if value is not None:
                setattr(totals, name, value)
                break
    for name in ("avg", "max"):
        whole = getattr(totals, f"{name}_cadence")
        part = numeric(message.get(f"{name}_fractional_cadence"))
        if whole is not None and part:
            setattr(totals, f"{name}_cadence", whole + part)


def _share_out(points: TrackPoints, tracks: list[Track], starts: list[float]) -> None:
    """Give each point to the session that it belongs to."""
    if len(tracks) == 1:
        tracks[0].points = points
        return
    places: list[list[int]] = [[] for _ in tracks]
    for index, time in enumerate(points.time):
        places[_place(starts, time)].append(index)
    for track, keep in zip(tracks, places, strict=True):
        for name, column in points.columns():
            setattr(track.points, name, [column[index] for index in keep])
        for name, column in points.extra.items():
            track.points.extra[name] = [column[index] for index in keep]
        track.points.compact()


def _place(starts: list[float], time: float | None) -> int:
    """Return the index of the session that a moment belongs to."""
    if time is None:
        return 0
    return max(bisect_right(starts, time) - 1, 0)


def _pauses(timer: list[tuple[float, bool]]) -> Iterable[tuple[float, float]]:
    stopped: float | None = None
    for time, runs in timer:
        if runs:
            if stopped is not None and time > stopped:
                yield stopped, time
            stopped = None
        elif stopped is None:
            stopped = time


def _strength_set(message: Message) -> StrengthSet:
    category = listed(message.get("category"))
    subtype = listed(message.get("category_subtype"))
    named = word(category)
    number = category[0] if category and isinstance(category[0], int) else None
    exercise = named
    if named is not None and f"{named.upper()}_GENERIC" in _EXERCISES:
        exercise = f"{named.upper()}_GENERIC"
    repetitions = numeric(message.get("repetitions"))
    return StrengthSet(
        exercise=exercise,
        repetitions=None if repetitions is None else int(repetitions),
        weight=numeric(message.get("weight")),
        duration=numeric(message.get("duration")),
        start=seconds(message.get("start_time")) or seconds(message.get("timestamp")),
        active=message.get("set_type") not in ("rest", 0),
        category=number,
        subtype=subtype[0] if subtype and isinstance(subtype[0], int) else None,
    )


def _merge_hearts(track: Track, hearts: list[tuple[float, float]]) -> None:
    """Fill heart rates that the records lack, from the strap's own memory."""
    points = track.points
    moments = [time for time, _ in hearts]
    column = points.padded("heartrate")
    found = False
    for index, time in enumerate(points.time):
        if column[index] is not None or time is None:
            continue
        place = bisect_right(moments, time + 0.5) - 1
        if place >= 0 and time - moments[place] <= _HEART_RATE_AGE:
            column[index] = hearts[place][1]
            found = True
    if found:
        points.heartrate = column
