"""Read FIT activities and courses into tracks.

See https://developer.garmin.com/fit/file-types/activity/
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any, Final

from stravalib._facts.exercises import EXERCISE_GROUPS
from stravalib._facts.sports import SPORT_TYPES
from stravalib.formats.errors import FormatError
from stravalib.formats.fit_backend import (
    FIRST_DATE,
    Message,
    decoder,
    numeric,
    product_name,
    seconds,
    word,
)
from stravalib.formats.fit_structure import split
from stravalib.formats.sports import sport_of_fit
from stravalib.formats.track import (
    PoolLength,
    StrengthSet,
    Track,
    TrackLap,
    TrackTotals,
    Waypoint,
    moment,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

_DEGREES: Final = 180.0 / 2**31
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
_PLAIN: Final = {
    "heart_rate": "heartrate",
    "power": "watts",
    "temperature": "temp",
    "distance": "distance",
}
_READ: Final = frozenset(
    (
        *("timestamp", "position_lat", "position_long", "altitude", "speed"),
        *("enhanced_altitude", "enhanced_speed", "heart_rate", "power"),
        *("temperature", "distance", "cadence", "cadence256", "fractional_cadence"),
        *("compressed_speed_distance", "message_type"),
    )
)
_MAX_EXTRA: Final = 64
_EXERCISES: Final = frozenset(
    exercise for group in EXERCISE_GROUPS.values() for exercise in group
)
_LOCAL_BAROMETER: Final = 4
_HEART_RATE_AGE: Final = 5.0


def read_fit(data: bytes, *, recover: bool = True) -> list[Track]:
    """Read FIT: one track for each session, of each chained file.

    Needs the extra ``fit`` (pyfitparsernative, else fitdecode). Pauses come from
    the timer's events. Heart rate that a strap stored by itself is merged. Fields
    of developers and unusual ones are in `TrackPoints.extra`. Transitions of a
    multisport file are tracks without a sport, named ``transition``.

    Parameters
    ----------
    data
        The file.
    recover
        Keep what can be read of a file that is cut short or damaged, and say so in
        `Track.warnings`; False raises instead.

    Raises
    ------
    FormatError
        For what is no FIT activity or course. Its offset is the damaged byte.
    ImportError
        When no FIT library is installed.
    """
    decode = decoder()
    parts = split(data)
    collected: list[_Collector] = []
    hearts: list[tuple[float, float]] = []
    for part in parts:
        if part.damaged and not recover:
            raise FormatError(
                f"The FIT file is damaged: {'; '.join(part.warnings)}.",
                hint="Copy it from the device again, or read what is left of it.",
            )
        collector = _Collector(part.warnings)
        for piece in part.slices:
            try:
                for message in decode(piece):
                    collector.take(message)
            except FormatError as error:
                if not recover or not collector.useful:
                    raise
                collector.warnings.append(str(error))
        hearts.extend(collector.hearts)
        collected.append(collector)
    hearts.sort()
    tracks: list[Track] = []
    for collector in collected:
        if collector.is_track:
            tracks.extend(collector.tracks(hearts))
    if not tracks:
        raise _no_activity(collected)
    return tracks


def _no_activity(collected: list[_Collector]) -> FormatError:
    kinds = sorted({str(one.kind) for one in collected if one.kind is not None})
    if kinds and kinds != ["activity"]:
        return FormatError(
            f"The FIT file is of the type {', '.join(kinds)}, not an activity.",
            reason="not_an_activity",
            hint="Choose a file of the device's activity folder.",
        )
    if any(part.warnings for part in collected):
        return FormatError(
            "The FIT file is damaged, and nothing of the activity can be read: "
            f"{collected[0].warnings[:3]}.",
            hint="Copy it from the device again.",
        )
    return FormatError(
        "The FIT file has no records and no session: nothing was recorded.",
        reason="not_an_activity",
        hint="Choose another file.",
    )


class _Collector:
    """What one FIT file holds, sorted by kind of message."""

    def __init__(self, warnings: list[str]) -> None:
        self.warnings = list(warnings)
        self.kind: object = None
        self.file_id: Message = {}
        self.creator: Message = {}
        self.sport: Message = {}
        self.course: Message = {}
        self.barometer = False
        self.sessions: list[Message] = []
        self.laps: list[Message] = []
        self.lengths: list[Message] = []
        self.sets: list[Message] = []
        self.course_points: list[Message] = []
        self.timer: list[tuple[float, bool]] = []
        self.hearts: list[tuple[float, float]] = []
        self.utc_offset: int | None = None
        self.samples: list[dict[str, float]] = []
        self._developer_names: dict[int, str | None] = {}
        self._heart_anchor: tuple[float, int] | None = None
        self._speed_distance: tuple[int, int] | None = None
        self._extra: set[str] = set()
        self._timeless = 0

    @property
    def useful(self) -> bool:
        return bool(self.samples or self.sessions or self.laps)

    @property
    def is_track(self) -> bool:
        wanted = self.kind is None or self.kind in ("activity", "course", 4, 6)
        return wanted and bool(self.samples or self.sessions or self.sets)

    def take(self, message: Message) -> None:
        """Sort in one message."""
        kind = message.get("message_type")
        if kind == "record":
            self._record(message)
        elif kind == "lap":
            self.laps.append(message)
        elif kind == "event":
            self._event(message)
        elif kind == "session":
            self.sessions.append(message)
        elif kind == "length":
            self.lengths.append(message)
        elif kind == "set":
            self.sets.append(message)
        elif kind == "hr":
            self._heart(message)
        elif kind == "file_id":
            if not self.file_id:
                self.file_id = message
                self.kind = message.get("type")
        elif kind == "device_info":
            self._device(message)
        elif kind == "field_description":
            self._describe(message)
        elif kind == "course_point":
            self.course_points.append(message)
        elif kind == "activity":
            self._activity(message)
        elif kind == "sport":
            self.sport = message
        elif kind == "course":
            self.course = message

    def _record(self, message: Message) -> None:
        time = seconds(message.get("timestamp"))
        if time is None:
            self._timeless += 1
            return
        sample = {"time": time}
        lat = numeric(message.get("position_lat"))
        lon = numeric(message.get("position_long"))
        if lat is not None and lon is not None:
            lat, lon = lat * _DEGREES, lon * _DEGREES
            if abs(lat) <= 90 and abs(lon) <= 180:
                sample["lat"], sample["lon"] = round(lat, 8), round(lon, 8)
        for name, enhanced in (
            ("altitude", "enhanced_altitude"),
            ("speed", "enhanced_speed"),
        ):
            value = numeric(message.get(enhanced))
            if value is None:
                value = numeric(message.get(name))
            if value is not None:
                sample[name] = round(value, 3)
        for name, column in _PLAIN.items():
            value = numeric(message.get(name))
            if value is not None:
                sample[column] = value
        cadence = numeric(message.get("cadence"))
        if cadence is not None:
            sample["cadence"] = cadence + (
                numeric(message.get("fractional_cadence")) or 0.0
            )
        elif (cadence := numeric(message.get("cadence256"))) is not None:
            sample["cadence"] = cadence
        packed = message.get("compressed_speed_distance")
        if packed is not None and "distance" not in sample:
            self._unpack(packed, sample)
        for name, value in message.items():
            if name not in _READ:
                self._further(name, value, sample)
        self.samples.append(sample)

    def _further(self, name: str, value: object, sample: dict[str, float]) -> None:
        found = numeric(value)
        if found is None or name.startswith("unknown") or not _is_scalar(value):
            return
        if name.startswith("developer_field_"):
            tail = name.rpartition("_")[2]
            named = self._developer_names.get(int(tail)) if tail.isdigit() else None
            name = named or name
        if name in sample:
            return
        if name not in self._extra:
            if len(self._extra) >= _MAX_EXTRA:
                return
            self._extra.add(name)
        sample[f"extra:{name}"] = found

    def _unpack(self, packed: object, sample: dict[str, float]) -> None:
        """Three bytes: 12 bits of speed (cm/s), 12 bits of distance (1/16 m)."""
        if not isinstance(packed, (list, tuple, bytes)) or len(packed) != 3:
            return
        if not all(isinstance(byte, int) and 0 <= byte < 256 for byte in packed):
            return
        low, middle, high = packed
        sample.setdefault("speed", (low | (middle & 0x0F) << 8) / 100)
        ticks = middle >> 4 | high << 4
        last, total = self._speed_distance or (ticks, ticks)
        total += (ticks - last) & 0x0FFF
        self._speed_distance = (ticks, total)
        sample["distance"] = total / 16

    def _event(self, message: Message) -> None:
        time = seconds(message.get("timestamp"))
        if time is None or message.get("event") != "timer":
            return
        what = message.get("event_type")
        if what == "start":
            self.timer.append((time, True))
        elif isinstance(what, str) and what.startswith("stop"):
            self.timer.append((time, False))

    def _heart(self, message: Message) -> None:
        """Heart rates of a strap that recorded by itself, on its own clock."""
        rates = _listed(message.get("filtered_bpm"))
        time = seconds(message.get("timestamp"))
        packed = message.get("event_timestamp_12")
        if time is not None:
            time += numeric(message.get("fractional_timestamp")) or 0.0
            clock = _listed(message.get("event_timestamp"))
            first = numeric(clock[0]) if clock else None
            if first is None:
                return
            self._heart_anchor = (time - first, round(first * 1024))
            stamps = [value for value in map(numeric, clock) if value is not None]
            pairs = [
                (time - first + stamp, rate) for stamp, rate in _zip(stamps, rates)
            ]
        elif packed is not None and self._heart_anchor is not None:
            shift, ticks = self._heart_anchor
            moments = []
            for value in _twelve_bits(packed):
                ticks += (value - ticks) & 0x0FFF
                moments.append(shift + ticks / 1024)
            self._heart_anchor = (shift, ticks)
            pairs = _zip(moments, rates)
        else:
            return
        self.hearts.extend(pairs)

    def _device(self, message: Message) -> None:
        index = message.get("device_index")
        if index in ("creator", 0) and not self.creator:
            self.creator = message
        local = message.get("source_type") in ("local", 5)
        kinds = (message.get("device_type"), message.get("local_device_type"))
        if "barometer" in kinds or (local and _LOCAL_BAROMETER in kinds):
            self.barometer = True

    def _describe(self, message: Message) -> None:
        number = message.get("field_definition_number")
        name = word(message.get("field_name"))
        if not isinstance(number, int) or name is None:
            return
        known = self._developer_names.get(number, name)
        # two apps may use one number: then nobody can tell whose the value is
        self._developer_names[number] = name if known == name else None

    def _activity(self, message: Message) -> None:
        here = seconds(message.get("local_timestamp"))
        there = seconds(message.get("timestamp"))
        if here is None or there is None:
            return
        shift = round((here - there) / 900) * 900
        if abs(shift) <= 15 * 3600 and abs(here - there - shift) < 120:
            self.utc_offset = shift

    def tracks(self, hearts: list[tuple[float, float]]) -> list[Track]:
        """Build the tracks, one for each session."""
        sessions = [one for one in self.sessions if seconds(one.get("start_time"))]
        sessions.sort(key=lambda one: seconds(one["start_time"]) or 0.0)
        if not sessions:
            if self.kind not in ("course", 6):
                self.warnings.append("there is no session: the file is not complete")
            sessions = [self.sessions[0] if self.sessions else {}]
        if self._timeless:
            self.warnings.append(
                f"{self._timeless} records without a time are left out"
            )
        starts = [seconds(one.get("start_time")) or 0.0 for one in sessions]
        if any(0 < start < FIRST_DATE for start in starts):
            self.warnings.append("the device did not know the date: times are relative")
        tracks = [self._track(session) for session in sessions]
        for sample in self.samples:
            track = tracks[_place(starts, sample["time"])]
            track.points.add(sample)
        for track, session in zip(tracks, sessions, strict=True):
            track.points.close()
            points = track.points
            points.extra = {
                name.removeprefix("extra:"): column
                for name, column in points.extra.items()
            }
            if track.start is None and points:
                first = points.time[0]
                track.start = None if first is None else moment(first)
            if hearts:
                _merge_hearts(track, hearts)
            track.sport = self._sport(session)
            if session.get("sport") == "transition":
                track.name = "transition"
        self._spread(tracks, starts)
        return tracks

    def _track(self, session: Message) -> Track:
        course = self.kind in ("course", 6)
        track = Track(source="fit", kind="course" if course else "activity")
        start = seconds(session.get("start_time"))
        track.start = None if start is None else moment(start)
        track.utc_offset = self.utc_offset
        if session or len(self.laps) != 1:
            _fill(track.totals, session)
        else:  # a course, or a file cut short: its only lap says the same
            _fill(track.totals, self.laps[0])
        track.pool_length = numeric(session.get("pool_length")) or None
        track.name = word(self.course.get("name"))
        track.has_barometer = True if self.barometer else None
        track.warnings = list(self.warnings)
        device, creator = track.device, self.creator
        maker = self.file_id.get("manufacturer", creator.get("manufacturer"))
        device.manufacturer = word(maker)
        product = next(
            (
                value
                for source in (self.file_id, creator)
                for name, value in source.items()
                if name == "product" or name.endswith("_product")
            ),
            None,
        )
        device.product = None if product is None else str(product)
        device.name = (
            word(self.file_id.get("product_name"))
            or word(creator.get("product_name"))
            or product_name(device.manufacturer, product)
        )
        serial = self.file_id.get("serial_number", creator.get("serial_number"))
        device.serial_number = serial if isinstance(serial, int) else None
        version = numeric(creator.get("software_version"))
        device.software_version = None if version is None else f"{version:g}"
        return track

    def _sport(self, session: Message) -> str | None:
        named = word(self.sport.get("name")) or ""
        if named.startswith(OWN_SPORT):
            exact = named.removeprefix(OWN_SPORT)
            if exact in ("", *SPORT_TYPES) and len(self.sessions) <= 1:
                return exact or None
        for source in (session, self.sport, *self.laps[:1], self.course):
            sport = word(source.get("sport"))
            if sport is not None:
                return sport_of_fit(sport, word(source.get("sub_sport")))
        return None

    def _spread(self, tracks: list[Track], starts: list[float]) -> None:
        """Give laps, lengths, sets and pauses to the sessions they belong to."""
        for message in self.laps:
            lap = TrackLap(
                start=seconds(message.get("start_time")),
                trigger=word(message.get("lap_trigger")),
                intensity=word(message.get("intensity")),
                name=word(message.get("wkt_step_name")),
            )
            _fill(lap, message)
            track = tracks[_place(starts, lap.start)]
            track.laps.append(lap)
        for message in self.lengths:
            length = PoolLength(
                start=seconds(message.get("start_time")),
                elapsed_time=numeric(message.get("total_elapsed_time")),
                timer_time=numeric(message.get("total_timer_time")),
                strokes=numeric(message.get("total_strokes")),
                stroke=word(message.get("swim_stroke")),
                active=message.get("length_type") not in ("idle", 0),
            )
            tracks[_place(starts, length.start)].lengths.append(length)
        for message in self.sets:
            item = _strength_set(message)
            tracks[_place(starts, item.start)].sets.append(item)
        for begin, end in _pauses(self.timer):
            tracks[_place(starts, begin)].pauses.append((begin, end))
        for message in self.course_points:
            lat = numeric(message.get("position_lat"))
            lon = numeric(message.get("position_long"))
            if lat is not None and lon is not None:
                tracks[0].waypoints.append(
                    Waypoint(
                        round(lat * _DEGREES, 8),
                        round(lon * _DEGREES, 8),
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
    category = _listed(message.get("category"))
    subtype = _listed(message.get("category_subtype"))
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


def _twelve_bits(packed: object) -> list[int]:
    """Unpack 12-bit numbers, two in three bytes, low bits first."""
    if not isinstance(packed, (list, tuple, bytes)):
        return []
    values: list[int] = []
    for at in range(0, len(packed) - 2, 3):
        low, middle, high = packed[at : at + 3]
        if not all(isinstance(byte, int) for byte in (low, middle, high)):
            return values
        values += [low | (middle & 0x0F) << 8, middle >> 4 | high << 4]
    return values


def _zip(moments: list[float], rates: list[Any]) -> list[tuple[float, float]]:
    pairs = []
    for time, rate in zip(moments, rates, strict=False):
        value = numeric(rate)
        if value:
            pairs.append((time, value))
    return pairs


def _is_scalar(value: object) -> bool:
    return isinstance(value, (int, float))


def _listed(value: object) -> list[Any]:
    if value is None:
        return []
    if isinstance(value, (list, tuple, bytes)):
        return list(value)
    return [value]
