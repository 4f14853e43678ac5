"""Write FIT activities and courses with pyfitparsernative's encoder.

FIT keeps whole seconds, 1/5 m of altitude, cm of distance, mm/s, and whole bpm,
watts and degrees Celsius; positions to 0.0000001 degrees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stravalib._facts.exercises import EXERCISE_GROUPS
from stravalib.formats.errors import FormatError
from stravalib.formats.fit_backend import FIT_EPOCH
from stravalib.formats.fit_encode import (
    SEMICIRCLES,
    Message,
    lap_message,
    lap_messages,
    record_message,
    short_text,
    sub_sport,
    time_text,
    timer_event,
    totals_fields,
    within,
)
from stravalib.formats.fit_tracks import OWN_SPORT
from stravalib.formats.geometry import (
    cumulative_distance,
    elapsed_time_of,
    length_of,
    timer_time_of,
    times_for,
)
from stravalib.formats.sports import FIT_WORDS
from stravalib.formats.track import moment
from stravalib.formats.xml_text import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from stravalib.formats.track import Track

_OLDEST: Final = FIT_EPOCH
_LOCAL_BAROMETER: Final = 4
_NEWEST: Final = _OLDEST + 2**32 - 2
_STROKES: Final = frozenset(
    ["freestyle", "backstroke", "breaststroke", "butterfly", "drill", "mixed", "im"]
)
_PLACES: Final = frozenset(
    (
        *("generic", "summit", "valley", "water", "food", "danger", "left", "right"),
        *("straight", "first_aid", "fourth_category", "third_category"),
        *("second_category", "first_category", "hors_category", "sprint"),
    )
)
_CATEGORY_OF: Final = {
    exercise: group.lower().replace(" ", "_")
    for group, exercises in EXERCISE_GROUPS.items()
    for exercise in exercises
}


def write_fit(track: Track | Sequence[Track]) -> bytes:
    """Return a FIT file: an activity (one session a track), or a course.

    Needs the extra ``fit``. Points without a time are left out, but a route gets
    times at 5 m/s. `TrackPoints.extra`, the activity's name and its description
    have no place in FIT; an exercise becomes its group.

    Raises
    ------
    FormatError
        ``no_time`` when an activity has no start; ``unsupported`` for times before
        1990 and for several courses in one file.
    ImportError
        When pyfitparsernative is not installed.
    """
    try:
        import pyfitparsernative
    except ImportError:
        raise ImportError(
            "writing FIT files needs pyfitparsernative; install it with "
            'pip install "stravalib[fit]"'
        ) from None
    tracks = listed(track)
    encode: Callable[[list[Message]], bytes] = pyfitparsernative.write_fit_bytes
    if all(one.kind == "activity" for one in tracks):
        messages = _activity(tracks, encode)
    elif len(tracks) == 1:
        messages = _course(tracks[0], encode)
    else:
        raise FormatError(
            "A FIT file holds one course, or one activity of several sessions.",
            reason="unsupported",
            hint="Write each course to its own file.",
        )
    try:
        return encode(messages)
    except ValueError as error:
        raise FormatError(
            f"The track cannot be written as FIT: {error}.",
            reason="unsupported",
            hint="Write it as GPX or TCX, and report the value.",
        ) from error


def _activity(
    tracks: list[Track], encode: Callable[[list[Message]], bytes]
) -> list[Message]:
    spans = [_span(track) for track in tracks]
    begin, finish = spans[0][0], max(end for _, end in spans)
    messages = _file_header(tracks[0], "activity", begin, encode)
    for track, (start, end) in zip(tracks, spans, strict=True):
        messages.extend(_recording(track, start, end))
    first_lap = 0
    for number, (track, (start, end)) in enumerate(zip(tracks, spans, strict=True)):
        laps = list(lap_messages(track, start, end, first_lap))
        messages += laps
        word, sub = FIT_WORDS.get(track.sport or "", ("generic", "generic"))
        session: Message = {
            "message_type": "session",
            "message_index": number,
            "timestamp": time_text(end),
            "start_time": time_text(start),
            "event": "session",
            "event_type": "stop",
            "trigger": "activity_end",
            "sport": word,
            "sub_sport": sub_sport(track, sub),
            "first_lap_index": first_lap,
            "num_laps": len(laps),
        }
        session |= totals_fields(track.totals)
        elapsed = elapsed_time_of(track)
        session.setdefault("total_elapsed_time", elapsed or 0.0)
        session.setdefault("total_timer_time", timer_time_of(track) or 0.0)
        distance = length_of(track)
        if distance is not None:
            session.setdefault("total_distance", distance)
        if track.pool_length is not None:
            session["pool_length"] = track.pool_length
        messages.append(session)
        first_lap += len(laps)
    shift = next((t.utc_offset for t in tracks if t.utc_offset is not None), None)
    activity: Message = {
        "message_type": "activity",
        "timestamp": time_text(finish),
        "total_timer_time": sum(timer_time_of(track) or 0.0 for track in tracks),
        "num_sessions": len(tracks),
        "type": "auto_multi_sport" if len(tracks) > 1 else "manual",
        "event": "activity",
        "event_type": "stop",
    }
    if shift is not None:
        activity["local_timestamp"] = time_text(finish + shift)
    return [*messages, activity]


def _recording(track: Track, start: float, end: float) -> Iterable[Message]:
    """Yield records and the events of the timer in the order of their times."""
    events: list[tuple[float, int, Message]] = [(start, 0, timer_event(start, "start"))]
    for begin, resume in sorted(track.pauses):
        events.append((begin, 2, timer_event(begin, "stop")))
        events.append((resume, 0, timer_event(resume, "start")))
    events.append((end, 2, timer_event(end, "stop_all")))
    records = [
        (time, 1, record_message(track.points, track.points.time, None, index))
        for index, time in enumerate(track.points.time)
        if time is not None
    ]
    # stable: records keep the order that the file had within one second
    ordered = sorted([*events, *records], key=lambda item: (round(item[0]), item[1]))
    for _, _, message in ordered:
        yield message
    for index, length in enumerate(track.lengths):
        begin = start if length.start is None else length.start
        seconds = length.elapsed_time or 0.0
        message = {
            "message_type": "length",
            "message_index": index,
            "timestamp": time_text(begin + seconds),
            "start_time": time_text(begin),
            "event": "length",
            "event_type": "stop",
            "length_type": "active" if length.active else "idle",
            "total_elapsed_time": seconds,
            "total_timer_time": length.timer_time or seconds,
        }
        if length.strokes is not None:
            message["total_strokes"] = within(length.strokes, 0, 65_534)
        if length.stroke in _STROKES:
            message["swim_stroke"] = length.stroke
        yield message
    for index, item in enumerate(track.sets):
        begin = start if item.start is None else item.start
        message = {
            "message_type": "set",
            "message_index": index,
            "timestamp": time_text(begin + (item.duration or 0.0)),
            "start_time": time_text(begin),
            "set_type": "active" if item.active else "rest",
            "duration": item.duration,
            "repetitions": item.repetitions,
            "weight": item.weight,
        }
        category = _CATEGORY_OF.get(item.exercise or "", item.exercise)
        if category is not None or item.category is not None:
            message["category"] = [item.category if category is None else category]
        if item.subtype is not None:
            message["category_subtype"] = [item.subtype]
        yield {name: value for name, value in message.items() if value is not None}


def _course(track: Track, encode: Callable[[list[Message]], bytes]) -> list[Message]:
    times = times_for(track)
    known = [value for value in times if value is not None]
    if not known or not track.has_positions:
        raise FormatError(
            "The route has no positions.",
            reason="no_position",
            hint="Give it a line before writing it.",
        )
    start, end = known[0], known[-1]
    _check_clock(start, end)
    distances = cumulative_distance(track)
    word, _ = FIT_WORDS.get(track.sport or "", ("generic", "generic"))
    messages = _file_header(track, "course", start, encode)
    messages.append(
        {
            "message_type": "course",
            "name": short_text(track.name or "Course"),
            "sport": word,
        }
    )
    lap = lap_message(track.totals, track, start, end, 0)
    lap.setdefault("total_elapsed_time", end - start)
    lap.setdefault("total_timer_time", end - start)
    distance = length_of(track)
    if distance is not None:
        lap.setdefault("total_distance", distance)
    messages += [lap, timer_event(start, "start")]
    messages.extend(
        record_message(track.points, times, distances, index)
        for index, time in enumerate(times)
        if time is not None
    )
    for number, place in enumerate(track.waypoints):
        kind = (place.kind or "").lower().replace(" ", "_")
        messages.append(
            {
                "message_type": "course_point",
                "message_index": number,
                "timestamp": time_text(start if place.time is None else place.time),
                "position_lat": round(place.lat * SEMICIRCLES),
                "position_long": round(place.lon * SEMICIRCLES),
                "name": short_text(place.name or "Point"),
                "type": kind if kind in _PLACES else "generic",
            }
        )
    return [*messages, timer_event(end, "stop_all")]


def _file_header(
    track: Track, kind: str, start: float, encode: Callable[[list[Message]], bytes]
) -> list[Message]:
    device = track.device
    file_id: Message = {
        "message_type": "file_id",
        "type": kind,
        "manufacturer": "development",
        "time_created": time_text(start),
    }
    if device.manufacturer is not None:
        try:
            encode([file_id | {"manufacturer": device.manufacturer}])
        except ValueError:
            pass  # a maker that the profile of FIT does not know
        else:
            file_id["manufacturer"] = device.manufacturer
    product = device.product or ""
    file_id["product"] = int(product) if _is_number(product, 65_534) else 0
    if device.name:
        file_id["product_name"] = short_text(device.name)
    if device.serial_number and 0 < device.serial_number < 2**32 - 1:
        file_id["serial_number"] = device.serial_number
    messages = [file_id]
    try:
        version = float(device.software_version or "nan")
    except ValueError:
        version = float("nan")
    about: Message = {
        "message_type": "device_info",
        "timestamp": time_text(start),
        "device_index": "creator",
        "manufacturer": file_id["manufacturer"],
        "product": file_id["product"],
    }
    if 0 <= version <= 655:
        about["software_version"] = version
    messages.append(about)
    if track.has_barometer:
        messages.append(
            {
                "message_type": "device_info",
                "timestamp": time_text(start),
                "device_index": 1,
                "source_type": "local",
                "device_type": _LOCAL_BAROMETER,
            }
        )
    word, sub = FIT_WORDS.get(track.sport or "", ("generic", "generic"))
    messages.append(
        {
            "message_type": "sport",
            "sport": word,
            "sub_sport": sub_sport(track, sub),
            "name": f"{OWN_SPORT}{track.sport or ''}",
        }
    )
    return messages


def _span(track: Track) -> tuple[float, float]:
    start, end = track.start_seconds, track.end_seconds
    if start is None:
        start = next((t for t in track.points.time if t is not None), None)
    if start is None:
        raise FormatError(
            "The activity has no start time, and FIT needs one.",
            reason="no_time",
            hint="Set track.start, or write it as GPX.",
        )
    end = start if end is None else max(start, end)
    known = [value for value in track.points.time if value is not None]
    _check_clock(min([start, *known]), max([end, *known]))
    return start, end


def _check_clock(start: float, end: float) -> None:
    for time in (start, end):
        if not _OLDEST <= time <= _NEWEST - 86_400:
            raise FormatError(
                f"FIT cannot hold the time {moment(time).isoformat()}.",
                reason="unsupported",
                hint="Its clock runs from 1990 to 2125. Write it as GPX or TCX.",
            )


def _is_number(text: str, most: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 6 and int(text) <= most
