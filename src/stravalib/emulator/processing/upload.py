"""Turn an uploaded file into an activity, or refuse it with Strava's words.

See https://developers.strava.com/docs/uploads/
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from stravalib._facts import texts
from stravalib._facts.sports import ACTIVITY_TYPES, SPORT_TYPES, STRENGTH_SPORTS
from stravalib.emulator.processing.detail import (
    WHEEL_KINDS,
    Clock,
    Facts,
    detail_of,
    kind_of,
    token_of,
)
from stravalib.emulator.processing.tracks import merged, start_of, streams_of
from stravalib.emulator.processing.whereabouts import zone_at, zone_of_country
from stravalib.emulator.processing.zones import Body, body_of
from stravalib.emulator.records import (
    ActivityRecord,
    AthleteRecord,
    Json,
    RejectedUpload,
    Streams,
    UploadOptions,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stravalib.formats import FormatError, Track

log = logging.getLogger("stravalib.emulator")

GEAR_KEYS = ("id", "primary", "name", "nickname", "resource_state", "retired",
             "distance", "converted_distance")  # fmt: skip
MAX_FILE_BYTES: Final = 25_000_000
MAX_UNPACKED_BYTES: Final = 50_000_000
# What gzip may save; real tracks stay below 40:1.
MAX_RATIO: Final = 150
MAX_POINTS: Final = 400_000
MAX_SECONDS: Final = 60 * 86_400
MAX_METRES: Final = 20_000_000.0
EARLIEST: Final = datetime(1980, 1, 1, tzinfo=UTC)
DAYTIMES = ((4, "Night"), (11, "Morning"), (14, "Lunch"), (17, "Afternoon"),
            (21, "Evening"), (24, "Night"))  # fmt: skip
SPORT_WORDS = {
    "AlpineSki": "Alpine Ski", "BackcountrySki": "Backcountry Ski",
    "EBikeRide": "E-Bike Ride", "EMountainBikeRide": "E-Mountain Bike Ride",
    "GravelRide": "Gravel Ride", "HighIntensityIntervalTraining": "HIIT",
    "IceSkate": "Ice Skate", "InlineSkate": "Inline Skate", "Kayaking": "Kayak",
    "MountainBikeRide": "Mountain Bike Ride", "NordicSki": "Nordic Ski",
    "PhysicalTherapy": "Physical Therapy", "RockClimbing": "Rock Climb",
    "RollerSki": "Roller Ski", "Rowing": "Row", "StairStepper": "Stair-Stepper",
    "StandUpPaddling": "Stand Up Paddle", "TableTennis": "Table Tennis",
    "TrailRun": "Trail Run", "VirtualRide": "Virtual Ride", "VirtualRow": "Virtual Row",
    "VirtualRun": "Virtual Run", "WeightTraining": "Weight Training",
}  # fmt: skip


def process_upload(
    data: bytes,
    data_type: str,
    *,
    athlete: AthleteRecord,
    now: float,
    options: UploadOptions | None = None,
) -> ActivityRecord:
    """Process the bytes of an upload.

    One upload makes one activity: the legs of a multisport file are joined. Ids are
    placeholders. Nothing outside ``data`` is read.

    Parameters
    ----------
    data
        The file as it was sent; with ``.gz`` in ``data_type`` it must be gzipped.
    data_type
        ``fit``, ``tcx``, ``gpx`` (each also with ``.gz``) or ``json``.
    athlete
        Whose activity it becomes: body, default sport, default gear.
    now
        Seconds since 1970 on the clock of the server.
    options
        The other fields of the form.

    Raises
    ------
    RejectedUpload
        With the text that Strava shows.
    """
    del now  # a file from the future is taken as it is: clocks of devices are wrong
    options = options or UploadOptions()
    try:
        tracks = _read(data, data_type.strip().lower())
        return activity_of(merged(tracks), athlete=athlete, options=options)
    except RejectedUpload:
        raise
    except (MemoryError, RecursionError) as error:
        raise RejectedUpload(texts.UPLOAD_MALFORMED) from error
    except Exception as error:
        # A fault of ours must not look different from one of the file's.
        log.exception("an upload of type %s could not be processed", data_type)
        raise RejectedUpload(texts.UPLOAD_MALFORMED) from error


def _read(data: bytes, data_type: str) -> Sequence[Track]:
    from stravalib.emulator.processing.checksums import fit_is_whole
    from stravalib.formats import FormatError, read, sniff
    from stravalib.formats.detect import gunzip

    packed = data[:2] == b"\x1f\x8b"
    if len(data) > MAX_FILE_BYTES or packed != data_type.endswith(".gz"):
        raise RejectedUpload(texts.UPLOAD_MALFORMED)
    room = MAX_UNPACKED_BYTES
    if packed:
        room = min(room, max(4_000_000, MAX_RATIO * len(data)))
    kind = data_type.removesuffix(".gz")
    try:
        plain = gunzip(data, max_bytes=room) if packed else data
        if sniff(plain, max_bytes=room) not in {kind, None}:
            raise RejectedUpload(texts.UPLOAD_MALFORMED)
        if kind == "fit" and not fit_is_whole(plain):
            raise RejectedUpload(texts.UPLOAD_MALFORMED)
        tracks = read(plain, kind, max_bytes=room, recover=False)
    except FormatError as error:
        raise RejectedUpload(refusal(error)) from error
    if sum(len(track.points) for track in tracks) > MAX_POINTS:
        raise RejectedUpload(texts.UPLOAD_MALFORMED)
    return tracks


def refusal(error: FormatError) -> str:
    """Return Strava's text for a file that cannot be read."""
    if error.reason == "no_time":
        return texts.UPLOAD_NO_TIME
    return texts.UPLOAD_MALFORMED


def activity_of(
    track: Track, *, athlete: AthleteRecord, options: UploadOptions | None = None
) -> ActivityRecord:
    """Make the activity of one track.

    Raises
    ------
    RejectedUpload
        Where the track has no time, or spans months.
    """
    options = options or UploadOptions()
    start = start_of(track)
    if start is None or (len(track.points) and not track.has_times):
        raise RejectedUpload(texts.UPLOAD_NO_TIME)
    if start < EARLIEST:
        raise RejectedUpload(texts.UPLOAD_MALFORMED)
    streams, laps = streams_of(track, start)
    totals = track.totals
    span = streams["time"][-1] if streams else 0
    elapsed = _seconds(totals.elapsed_time)
    if track.source != "fit" and streams and track.source != "json":
        elapsed = None
    if max(span, elapsed or 0) > MAX_SECONDS:
        raise RejectedUpload(texts.UPLOAD_MALFORMED)
    if streams and not -1 < streams.get("distance", [0.0])[-1] <= MAX_METRES:
        raise RejectedUpload(texts.UPLOAD_MALFORMED)
    if not span and not elapsed:
        raise RejectedUpload(texts.UPLOAD_MALFORMED)
    sport = _sport(track, options, athlete.detail)
    still = "latlng" not in streams
    facts = Facts(
        activity_id=0,
        athlete_id=int(athlete.detail.get("id") or 0),
        name="",
        sport=sport,
        start=start,
        clock=_clock(track, streams, start, athlete.detail),
        device_name=str(track.device) or None,
        description=options.description,
        trainer=options.trainer or (still and track.source != "json"),
        commute=options.commute,
        gear=_gear(athlete, sport),
        device_watts="watts" in streams,
        laps=laps,
        distance=_stated_distance(track, streams),
        moving_time=_timer(track, streams, still, elapsed),
        elapsed_time=None if elapsed is None else max(span, elapsed),
        ascent=totals.ascent if track.source == "fit" and not still else None,
        calories=totals.calories,
        body=_body(athlete),
    )
    facts.name = options.name or _name(facts)
    facts.workout_type = 10 if kind_of(sport) == "Ride" else None
    detail, zones, streams = detail_of(facts, streams)
    words = (facts.athlete_id, detail["start_date"], detail["elapsed_time"])
    detail["embed_token"] = token_of(*words)
    return ActivityRecord(detail, streams, zones=zones)


def _seconds(value: float | None) -> int | None:
    return None if value is None or value <= 0 else round(value)


def _timer(
    track: Track, streams: Streams, still: bool, elapsed: int | None
) -> int | None:
    """Return the device's own moving time where there are no positions to judge."""
    timer = _seconds(track.totals.timer_time)
    if not still or timer is None or track.source not in {"fit", "json"}:
        return None
    whole = elapsed or (streams["time"][-1] if streams else timer)
    return min(timer, whole)


def _stated_distance(track: Track, streams: Streams) -> float | None:
    stated = track.totals.distance
    if track.source != "fit" and "distance" in streams:
        return None
    return stated if stated is not None and 0 < stated <= MAX_METRES else None


def _sport(track: Track, options: UploadOptions, athlete: Json) -> str:
    wanted = options.sport_type if options.sport_type in SPORT_TYPES else None
    if wanted is None and options.activity_type:
        folded = options.activity_type.lower()
        wanted = next((t for t in ACTIVITY_TYPES if t.lower() == folded), None)
    if track.source == "json":
        return wanted if wanted in STRENGTH_SPORTS else "WeightTraining"
    default = "Run" if athlete.get("athlete_type") == 1 else "Ride"
    return wanted or track.sport or default


def _clock(track: Track, streams: Streams, start: datetime, athlete: Json) -> Clock:
    zone = None
    if "latlng" in streams:
        zone = zone_at(*streams["latlng"][0])
    zone = zone or zone_of_country(athlete.get("country"))
    clock = Clock.at(zone, start) if zone else Clock.fixed(0)
    offset = track.utc_offset
    if offset is not None and abs(offset) <= 14 * 3600 and offset != clock.offset:
        if "latlng" in streams and abs(offset - clock.offset) > 2 * 3600:
            return clock  # the device never heard of the journey
        return Clock.fixed(offset)
    return clock


def _body(athlete: AthleteRecord) -> Body:
    return body_of(athlete.detail, athlete.zones)


def _gear(athlete: AthleteRecord, sport: str) -> Json | None:
    """Return the default gear of a sport: the first bike, the first shoes."""
    kind = kind_of(sport)
    first = {"Run": "g", "Walk": "g", "Hike": "g"}.get(kind)
    if kind in WHEEL_KINDS:
        first = "b"
    for gear in athlete.gear:
        if gear.get("primary") and str(gear.get("id", "")).startswith(first or "-"):
            shown = {key: gear[key] for key in GEAR_KEYS if key in gear}
            return {**shown, "resource_state": 2}
    return None


def _name(facts: Facts) -> str:
    hour = (facts.start + timedelta(seconds=facts.clock.offset)).hour
    daytime = next(word for limit, word in DAYTIMES if hour < limit)
    return f"{daytime} {SPORT_WORDS.get(facts.sport, facts.sport)}"
