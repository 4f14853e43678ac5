"""Sort the messages of a FIT file: records into columns, the others by kind."""

from __future__ import annotations

from math import isfinite
from typing import Any, Final

from stravalib.formats.errors import FormatError
from stravalib.formats.fit_backend import Message, numeric, seconds, word
from stravalib.formats.track import TrackPoints

DEGREES: Final = 180.0 / 2**31
# field of a record -> column, or what `Collector._finish` makes one of
_COLUMN_OF: Final = {
    "heart_rate": "heartrate",
    "power": "watts",
    "temperature": "temp",
    "distance": "distance",
    "position_lat": "raw lat",
    "position_long": "raw lon",
    "altitude": "plain altitude",
    "enhanced_altitude": "altitude",
    "speed": "plain speed",
    "enhanced_speed": "speed",
    "cadence": "cadence",
    "fractional_cadence": "fractional_cadence",
    "cadence256": "cadence256",
}
# fields that some devices write as a list of one value
_LISTS: Final = frozenset(_COLUMN_OF)
_MAX_EXTRA: Final = 64
# A day of heart rate from a strap's memory is about 15,000 messages.
MAX_OTHERS: Final = 100_000
_LOCAL_BAROMETER: Final = 4


class Collector:
    """What one FIT file holds, sorted by kind of message, records as columns."""

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
        self.points = TrackPoints()
        self._developer_names: dict[int, str | None] = {}
        self._heart_anchor: tuple[float, int] | None = None
        self._speed_distance: tuple[int, int] | None = None
        self._extra: set[str] = set()
        self.timeless = 0
        self._others = 0

    @property
    def useful(self) -> bool:
        """Whether anything of a recording has been found."""
        return bool(self.points or self.sessions or self.laps)

    @property
    def is_track(self) -> bool:
        """Whether it is an activity or a course that holds something."""
        wanted = self.kind is None or self.kind in ("activity", "course", 4, 6)
        return wanted and bool(self.points or self.sessions or self.sets)

    def take(self, message: Message) -> None:
        """Sort in one message."""
        kind = message.get("message_type")
        if kind == "record":
            self._record(message)
            return
        self._others += 1
        if self._others > MAX_OTHERS:
            raise FormatError(
                f"The file has more than {MAX_OTHERS:,} laps, events and the like.",
                reason="too_large",
                hint="No device writes that many.",
            )
        if kind == "lap":
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
        time = seconds(message.pop("timestamp", None))
        if time is None:
            self.timeless += 1
            return
        sample = {"time": time}
        for name, value in message.items():
            kind = type(value)
            if kind is not int and kind is not float:
                if name in _LISTS and (first := numeric(value)) is not None:
                    value = first
                else:
                    continue
            if kind is float and not isfinite(value):
                continue
            column = _COLUMN_OF.get(name)
            if column is None:
                self._further(name, float(value), sample)
            else:
                sample[column] = float(value)
        self._finish(sample)
        packed = message.get("compressed_speed_distance")
        if packed is not None and "distance" not in sample:
            self._unpack(packed, sample)
        self.points.add(sample)

    def _finish(self, sample: dict[str, float]) -> None:
        """Merge the fields that belong together, in the units of a track."""
        lat, lon = sample.pop("raw lat", None), sample.pop("raw lon", None)
        if lat is not None and lon is not None:
            lat, lon = lat * DEGREES, lon * DEGREES
            if abs(lat) <= 90 and abs(lon) <= 180:
                sample["lat"], sample["lon"] = round(lat, 8), round(lon, 8)
        for name in ("altitude", "speed"):
            plain = sample.pop(f"plain {name}", None)
            value = sample.get(name, plain)
            if value is not None:
                sample[name] = round(value, 3)
        precise = sample.pop("cadence256", None)
        part = sample.pop("fractional_cadence", 0.0)
        if "cadence" in sample:
            sample["cadence"] += part
        elif precise is not None:
            sample["cadence"] = precise

    def _further(self, name: str, value: float, sample: dict[str, float]) -> None:
        if name.startswith("unknown"):
            return
        if name.startswith("developer_field_"):
            tail = name.rpartition("_")[2]
            named = self._developer_names.get(int(tail)) if tail.isdigit() else None
            name = named or name
        if name not in self._extra:
            if len(self._extra) >= _MAX_EXTRA:
                return
            self._extra.add(name)
        sample[f"extra:{name}"] = value

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
        rates = listed(message.get("filtered_bpm"))
        time = seconds(message.get("timestamp"))
        packed = message.get("event_timestamp_12")
        if time is not None:
            time += numeric(message.get("fractional_timestamp")) or 0.0
            clock = listed(message.get("event_timestamp"))
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


def listed(value: object) -> list[Any]:
    """Return a value as a list, whether the library made it one or not."""
    if value is None:
        return []
    if isinstance(value, (list, tuple, bytes)):
        return list(value)
    return [value]
