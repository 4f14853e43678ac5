"""Messages of FIT files in the form that the encoder takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from stravalib.formats.geometry import length_of, timer_time_of
from stravalib.formats.sports import FIT_WORDS
from stravalib.formats.track import moment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stravalib.formats.track import Track, TrackLap, TrackPoints, TrackTotals

Message = dict[str, Any]

SEMICIRCLES: Final = 2**31 / 180.0
_TRIGGERS: Final = frozenset(
    (
        *("manual", "time", "distance", "position_start", "position_lap"),
        *("position_waypoint", "position_marked", "session_end", "fitness_equipment"),
    )
)
_INTENSITIES: Final = frozenset(
    ("active", "rest", "warmup", "cooldown", "recovery", "interval", "other")
)
# field of FIT -> total, lowest and highest value that fits
_TOTALS: Final[dict[str, tuple[str, float, float]]] = {
    "total_distance": ("distance", 0, 4.2e7),
    "total_elapsed_time": ("elapsed_time", 0, 4.2e6),
    "total_timer_time": ("timer_time", 0, 4.2e6),
    "total_calories": ("calories", 0, 65_534),
    "total_ascent": ("ascent", 0, 65_534),
    "total_descent": ("descent", 0, 65_534),
    "enhanced_avg_speed": ("avg_speed", 0, 4e6),
    "enhanced_max_speed": ("max_speed", 0, 4e6),
    "avg_heart_rate": ("avg_heartrate", 0, 254),
    "max_heart_rate": ("max_heartrate", 0, 254),
    "avg_power": ("avg_watts", 0, 65_534),
    "max_power": ("max_watts", 0, 65_534),
    "avg_temperature": ("avg_temp", -127, 126),
    "total_cycles": ("cycles", 0, 4.2e9),
}


def lap_messages(
    track: Track, start: float, end: float, first: int
) -> Iterable[Message]:
    """Yield the laps of a track; one of the whole where it has none."""
    laps = track.laps
    for number, lap in enumerate(laps):
        begin = start if lap.start is None else lap.start
        follower = laps[number + 1].start if number + 1 < len(laps) else None
        finish = lap.end or follower or end
        yield lap_message(lap, track, begin, finish, first + number)
    if not laps:
        message = lap_message(track.totals, track, start, end, first)
        message["lap_trigger"] = "session_end"
        message.setdefault("total_elapsed_time", max(end - start, 0.0))
        message.setdefault("total_timer_time", timer_time_of(track) or 0.0)
        distance = length_of(track)
        if distance is not None:
            message.setdefault("total_distance", distance)
        yield message


def lap_message(
    lap: TrackLap | TrackTotals, track: Track, begin: float, end: float, index: int
) -> Message:
    """Return a lap with what is stated about it."""
    message: Message = {
        "message_type": "lap",
        "message_index": index,
        "timestamp": time_text(end),
        "start_time": time_text(begin),
        "event": "lap",
        "event_type": "stop",
        "sport": FIT_WORDS.get(track.sport or "", ("generic", ""))[0],
    }
    trigger = getattr(lap, "trigger", None)
    if trigger in _TRIGGERS:
        message["lap_trigger"] = trigger
    intensity = getattr(lap, "intensity", None)
    if intensity in _INTENSITIES:
        message["intensity"] = intensity
    return message | totals_fields(lap)


def record_message(
    points: TrackPoints, times: list[float | None], distances: Any, index: int
) -> Message:
    """Return a point; values that do not fit into their field are left out."""
    message: Message = {
        "message_type": "record",
        "timestamp": time_text(times[index] or 0.0),
    }
    lat = points.lat[index] if points.lat else None
    lon = points.lon[index] if points.lon else None
    if lat is not None and lon is not None:
        message["position_lat"] = min(round(lat * SEMICIRCLES), 2**31 - 2)
        message["position_long"] = min(round(lon * SEMICIRCLES), 2**31 - 2)
    for name, column, low, high in (
        ("enhanced_altitude", points.altitude, -500, 8e8),
        ("distance", distances or points.distance, 0, 4.2e7),
        ("enhanced_speed", points.speed, 0, 4e6),
        ("heart_rate", points.heartrate, 0, 254),
        ("power", points.watts, 0, 65_534),
        ("temperature", points.temp, -127, 126),
    ):
        if column and (value := column[index]) is not None and low <= value <= high:
            message[name] = value
    if points.cadence and (cadence := points.cadence[index]) is not None:
        message |= cadence_fields(cadence, "cadence", "fractional_cadence")
    return message


def totals_fields(totals: TrackTotals) -> Message:
    """Return the fields of a lap or session for what is stated."""
    message: Message = {}
    for name, (source, low, high) in _TOTALS.items():
        value = getattr(totals, source)
        if value is not None and low <= value <= high:
            message[name] = value
    for kind in ("avg", "max"):
        cadence = getattr(totals, f"{kind}_cadence")
        if cadence is not None:
            parts = (f"{kind}_cadence", f"{kind}_fractional_cadence")
            message |= cadence_fields(cadence, *parts)
    return message


def cadence_fields(value: float, whole: str, fraction: str) -> Message:
    """Return a cadence in two fields, of whole and of 1/128 revolutions."""
    if not 0 <= value < 255:
        return {}
    message: Message = {whole: int(value)}
    if value != int(value):
        message[fraction] = value - int(value)
    return message


def timer_event(time: float, what: str) -> Message:
    """Return an event of the timer: ``start``, ``stop``, ``stop_all``."""
    return {
        "message_type": "event",
        "timestamp": time_text(time),
        "event": "timer",
        "event_type": what,
    }


def sub_sport(track: Track, word: str) -> str:
    """Return the sub_sport; a swim with a pool length is in a pool."""
    return "lap_swimming" if track.sport == "Swim" and track.pool_length else word


def time_text(seconds: float) -> str:
    """Return a time in whole seconds, as the encoder wants it."""
    return moment(round(seconds)).strftime("%Y-%m-%dT%H:%M:%S")


def short_text(words: str) -> str:
    """Cut a text to what a FIT field holds, between two characters."""
    return words.replace("\x00", "").encode()[:200].decode("utf-8", "ignore")


def within(value: float, low: float, high: float) -> float:
    """Return a value, or the bound that it is beyond."""
    return min(max(value, low), high)
