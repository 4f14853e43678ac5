"""Write Training Center XML v2 with Garmin's ActivityExtension v2.

What TCX has no word for (the exact sport, elapsed times, temperature) stands in
``Extensions`` in the package's own namespace, and is read back by this package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stravalib.formats.errors import FormatError
from stravalib.formats.geometry import (
    cumulative_distance,
    elapsed_time_of,
    length_of,
    timer_time_of,
    times_for,
)
from stravalib.formats.sports import TCX_WORDS
from stravalib.formats.state import NAMESPACE, PREFIX, plain, stamp
from stravalib.formats.track import Column, TrackLap
from stravalib.formats.xml_text import (
    creator_of,
    element,
    exact,
    listed,
    state_elements,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stravalib.formats.track import Track, Waypoint

_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<TrainingCenterDatabase'
    ' xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:ns3="http://www.garmin.com/xmlschemas/ActivityExtension/v2"'
    f' xmlns:{PREFIX}="{NAMESPACE}"'
    ' xsi:schemaLocation="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2'
    ' http://www.garmin.com/xmlschemas/TrainingCenterDatabasev2.xsd">\n'
)
_TRIGGERS: Final = {
    "manual": "Manual",
    "distance": "Distance",
    "time": "Time",
    "location": "Location",
    "position_marked": "Location",
    "heart_rate": "HeartRate",
}
_FEET: Final = frozenset(("Run", "TrailRun", "VirtualRun", "Walk", "Hike"))
# TCX 2 knows these and no others.
_PLACES: Final = frozenset(
    (
        *("Generic", "Summit", "Valley", "Water", "Food", "Danger", "Left", "Right"),
        *("Straight", "First Aid", "4th Category", "3rd Category", "2nd Category"),
        *("1st Category", "Hors Category", "Sprint"),
    )
)


def write_tcx(track: Track | Sequence[Track]) -> bytes:
    """Return a TCX document: activities, or courses for routes and courses.

    Pauses begin a new ``Track`` in the lap. A track without laps gets one. Points
    of an activity without a time are left out; a route without times gets some, at
    5 m/s, because courses must have them. `TrackPoints.extra` is left out.

    Raises
    ------
    FormatError
        ``no_time`` when an activity has neither a start nor a time.
    """
    tracks = listed(track)
    out = [_HEAD]
    activities = [one for one in tracks if one.kind == "activity"]
    courses = [one for one in tracks if one.kind != "activity"]
    if activities:
        out.append("<Activities>\n")
        for one in activities:
            _add_activity(out, one)
        out.append("</Activities>\n")
    if courses:
        out.append("<Courses>\n")
        for one in courses:
            _add_course(out, one)
        out.append("</Courses>\n")
    out.append("</TrainingCenterDatabase>\n")
    return "".join(out).encode()


def _add_activity(out: list[str], track: Track) -> None:
    start = _start(track)
    word = TCX_WORDS.get(track.sport or "", "Other")
    out.append(f'<Activity Sport="{word}">\n<Id>{stamp(start)}</Id>\n')
    laps = track.laps
    ranges = track.lap_ranges()
    if not laps:
        whole = TrackLap(start=start)
        for name, value in track.totals.stated().items():
            setattr(whole, name, value)
        whole.distance = length_of(track)
        whole.timer_time = timer_time_of(track)
        laps = [whole]
        ranges = [range(len(track.points))]
    cuts = {segment.start for segment in track.segments()}
    for lap, inside in zip(laps, ranges, strict=True):
        _add_lap(out, track, lap, inside, cuts, start)
    out.append(element("Notes", track.description))
    out.append(_creator(track))
    state = state_elements(track, named=True)
    out.append(f"<Extensions>\n{state}</Extensions>\n</Activity>\n")


def _add_lap(
    out: list[str],
    track: Track,
    lap: TrackLap,
    inside: range,
    cuts: set[int],
    start: float,
) -> None:
    times = track.points.time
    begin = lap.start
    if begin is None:
        begin = next((t for i in inside if (t := times[i]) is not None), start)
    out.append(f'<Lap StartTime="{stamp(begin)}">\n')
    seconds = lap.timer_time
    if seconds is None:
        seconds = lap.elapsed_time
    if seconds is None:
        known = [time for time in (times[i] for i in inside) if time is not None]
        seconds = max(known[-1] - begin, 0.0) if known else 0.0
    out.append(f"<TotalTimeSeconds>{plain(seconds)}</TotalTimeSeconds>\n")
    out.append(f"<DistanceMeters>{plain(lap.distance or 0.0)}</DistanceMeters>\n")
    if lap.max_speed is not None:
        out.append(f"<MaximumSpeed>{plain(lap.max_speed)}</MaximumSpeed>\n")
    calories = min(max(round(lap.calories or 0), 0), 65_535)
    out.append(f"<Calories>{calories}</Calories>\n")
    for name, value in (
        ("AverageHeartRateBpm", lap.avg_heartrate),
        ("MaximumHeartRateBpm", lap.max_heartrate),
    ):
        if value is not None and 1 <= round(value) <= 255:
            out.append(f"<{name}><Value>{round(value)}</Value></{name}>\n")
    intensity = "Resting" if lap.intensity in ("rest", "recovery") else "Active"
    out.append(f"<Intensity>{intensity}</Intensity>\n")
    feet = track.sport in _FEET
    if lap.avg_cadence is not None and not feet and lap.avg_cadence <= 254:
        out.append(f"<Cadence>{round(lap.avg_cadence)}</Cadence>\n")
    trigger = _TRIGGERS.get(lap.trigger or "", "Manual")
    out.append(f"<TriggerMethod>{trigger}</TriggerMethod>\n")
    _add_points(out, track, times, track.points.distance, inside, cuts)
    averages = [
        ("AvgSpeed", lap.avg_speed, False),
        ("MaxBikeCadence", None if feet else lap.max_cadence, True),
        ("AvgRunCadence", lap.avg_cadence if feet else None, True),
        ("MaxRunCadence", lap.max_cadence if feet else None, True),
        ("AvgWatts", lap.avg_watts, True),
        ("MaxWatts", lap.max_watts, True),
    ]
    texts = [
        f"<ns3:{name}>{round(value) if whole else plain(value)}</ns3:{name}>"
        for name, value, whole in averages
        if value is not None
    ]
    if texts:
        out.append(f"<Extensions><ns3:LX>{''.join(texts)}</ns3:LX></Extensions>\n")
    out.append("</Lap>\n")


def _add_course(out: list[str], track: Track) -> None:
    if not track.points:
        raise FormatError(
            "The route has no points.",
            reason="no_position",
            hint="Give it a line before writing it.",
        )
    times = times_for(track)
    distances = cumulative_distance(track)
    known = [value for value in times if value is not None]
    seconds = track.totals.timer_time
    if seconds is None:
        seconds = known[-1] - known[0] if known else 0.0
    out.append("<Course>\n")
    # the schema allows 15 characters, and devices cut by themselves
    out.append(element("Name", track.name or "Course"))
    out.append(f"<Lap>\n<TotalTimeSeconds>{plain(seconds)}</TotalTimeSeconds>\n")
    metres = length_of(track) or 0.0
    out.append(f"<DistanceMeters>{plain(metres)}</DistanceMeters>\n")
    out.append("<Intensity>Active</Intensity>\n</Lap>\n")
    _add_points(out, track, times, distances, range(len(track.points)), set())
    out.append(element("Notes", track.description))
    begin = known[0] if known else 0.0
    out.extend(_course_point(place, begin) for place in track.waypoints)
    state = state_elements(track)
    out.append(f"<Extensions>\n{state}</Extensions>\n</Course>\n")


def _course_point(place: Waypoint, begin: float) -> str:
    kind = place.kind if place.kind in _PLACES else (place.kind or "").title()
    altitude = place.altitude
    height = "" if altitude is None else plain(altitude)
    return (
        f"<CoursePoint>\n{element('Name', place.name or 'Point')}"
        f"<Time>{stamp(begin if place.time is None else place.time)}</Time>\n"
        f"<Position><LatitudeDegrees>{plain(place.lat)}</LatitudeDegrees>"
        f"<LongitudeDegrees>{plain(place.lon)}</LongitudeDegrees></Position>\n"
        + (f"<AltitudeMeters>{height}</AltitudeMeters>\n" if height else "")
        + f"<PointType>{kind if kind in _PLACES else 'Generic'}</PointType>\n"
        f"{element('Notes', place.description)}</CoursePoint>\n"
    )


def _add_points(
    out: list[str],
    track: Track,
    times: Column,
    distances: Column,
    inside: range,
    cuts: set[int],
) -> None:
    is_open = False
    for index in inside:
        text = _point(track, times, distances, index)
        if is_open and index in cuts:
            out.append("</Track>\n")
            is_open = False
        if text is None:
            continue
        if not is_open:
            out.append("<Track>\n")
            is_open = True
        out.append(text)
    if is_open:
        out.append("</Track>\n")


def _point(track: Track, times: Column, distances: Column, index: int) -> str | None:
    time = times[index]
    if time is None:
        return None
    points = track.points
    text = f"<Trackpoint><Time>{stamp(time)}</Time>"
    lat = points.lat[index] if points.lat else None
    lon = points.lon[index] if points.lon else None
    if lat is not None and lon is not None:
        text += (
            f"<Position><LatitudeDegrees>{plain(lat)}</LatitudeDegrees>"
            f"<LongitudeDegrees>{plain(lon)}</LongitudeDegrees></Position>"
        )
    if points.altitude and (altitude := points.altitude[index]) is not None:
        text += f"<AltitudeMeters>{plain(altitude)}</AltitudeMeters>"
    if distances and (distance := distances[index]) is not None:
        text += f"<DistanceMeters>{plain(distance)}</DistanceMeters>"
    garmin, own = "", ""
    if points.heartrate and (heartrate := points.heartrate[index]) is not None:
        if 1 <= round(heartrate) <= 255:
            text += f"<HeartRateBpm><Value>{round(heartrate)}</Value></HeartRateBpm>"
        own += exact("heartrate", heartrate, 1, 255)
    if points.speed and (speed := points.speed[index]) is not None:
        garmin += f"<ns3:Speed>{plain(speed)}</ns3:Speed>"
    if points.cadence and (cadence := points.cadence[index]) is not None:
        if 0 <= cadence <= 254:
            if track.sport in _FEET:
                garmin += f"<ns3:RunCadence>{round(cadence)}</ns3:RunCadence>"
            else:
                text += f"<Cadence>{round(cadence)}</Cadence>"
        own += exact("cadence", cadence, 0, 254)
    if points.watts and (watts := points.watts[index]) is not None:
        if 0 <= watts <= 65_535:
            garmin += f"<ns3:Watts>{round(watts)}</ns3:Watts>"
        own += exact("watts", watts, 0, 65_535)
    if points.temp and (temp := points.temp[index]) is not None:
        own += f"<{PREFIX}:temp>{plain(temp)}</{PREFIX}:temp>"
    if garmin or own:
        garmin = f"<ns3:TPX>{garmin}</ns3:TPX>" if garmin else ""
        text += f"<Extensions>{garmin}{own}</Extensions>"
    return text + "</Trackpoint>\n"


def _creator(track: Track) -> str:
    device = track.device
    product = device.product or ""
    number = product if product.isdigit() and int(product) <= 65_535 else "0"
    version = (device.software_version or "0.0").split(".")
    major, minor = [*version, "0"][:2]
    if not (major.isdigit() and minor.isdigit()):
        major, minor = "0", "0"
    return (
        f'<Creator xsi:type="Device_t">\n{element("Name", creator_of(track))}'
        f"<UnitId>{device.serial_number or 0}</UnitId>\n"
        f"<ProductID>{number}</ProductID>\n"
        f"<Version><VersionMajor>{int(major)}</VersionMajor>"
        f"<VersionMinor>{int(minor)}</VersionMinor></Version>\n</Creator>\n"
    )


def _start(track: Track) -> float:
    start = track.start_seconds
    if start is None:
        start = next((t for t in track.points.time if t is not None), None)
    if start is None or (elapsed_time_of(track) is None and not track.has_times):
        raise FormatError(
            "The activity has no start time, and TCX needs one.",
            reason="no_time",
            hint="Set track.start, or write it as GPX.",
        )
    return start
