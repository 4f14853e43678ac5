"""Write GPX 1.1 with Garmin's TrackPointExtension v1 and power as Strava writes it.

What GPX has no word for (laps, pauses, totals, distance and speed of a point) stands
in ``extensions``, in the package's own namespace, and is read back by this package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stravalib.formats.errors import FormatError
from stravalib.formats.sports import word_for_gpx
from stravalib.formats.state import NAMESPACE, PREFIX, plain, stamp
from stravalib.formats.xml_text import (
    attribute,
    creator_of,
    element,
    exact,
    listed,
    state_elements,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stravalib.formats.track import Track, TrackPoints, Waypoint

_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<gpx version="1.1" creator="{creator}" xmlns="http://www.topografix.com/GPX/1/1"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1"'
    f' xmlns:{PREFIX}="{NAMESPACE}"'
    ' xsi:schemaLocation="http://www.topografix.com/GPX/1/1'
    " http://www.topografix.com/GPX/1/1/gpx.xsd"
    " http://www.garmin.com/xmlschemas/TrackPointExtension/v1"
    ' http://www.garmin.com/xmlschemas/TrackPointExtensionv1.xsd">\n'
)


def write_gpx(track: Track | Sequence[Track]) -> bytes:
    """Return a GPX 1.1 document with one ``trk`` for each track.

    Pauses and breaks become track segments. Points without a position cannot be
    written and are left out, as are the columns in `TrackPoints.extra`.

    Raises
    ------
    FormatError
        ``no_position`` when a track has no position at all (indoors).
    """
    tracks = listed(track)
    first = tracks[0]
    out = [_HEAD.format(creator=attribute(creator_of(first)))]
    out.append("<metadata>\n")
    out.append(element("name", first.name))
    start = first.start_seconds
    if start is not None:
        out.append(f"<time>{stamp(start)}</time>\n")
    out.append("</metadata>\n")
    for one in tracks:
        out.extend(_waypoint(place) for place in one.waypoints)
    for one in tracks:
        _add_track(out, one)
    out.append("</gpx>\n")
    return "".join(out).encode()


def _waypoint(place: Waypoint) -> str:
    inside = [f'<wpt lat="{plain(place.lat)}" lon="{plain(place.lon)}">\n']
    if place.altitude is not None:
        inside.append(f"<ele>{plain(place.altitude)}</ele>\n")
    if place.time is not None:
        inside.append(f"<time>{stamp(place.time)}</time>\n")
    inside.append(element("name", place.name))
    inside.append(element("desc", place.description))
    inside.append(element("type", place.kind))
    inside.append("</wpt>\n")
    return "".join(inside)


def _add_track(out: list[str], track: Track) -> None:
    if not track.has_positions:
        raise FormatError(
            f"The track {track.name or ''!r} has no positions, and GPX cannot hold "
            "points without one.",
            reason="no_position",
            hint="Write it as TCX, FIT or CSV.",
        )
    out.append("<trk>\n")
    out.append(element("name", track.name))
    out.append(element("desc", track.description))
    if track.sport is not None:
        out.append(element("type", word_for_gpx(track.sport)))
    out.append(f"<extensions>\n{state_elements(track)}</extensions>\n")
    for segment in track.segments():
        points = [
            text
            for index in segment
            if (text := _point(track.points, index)) is not None
        ]
        if points:
            out.append("<trkseg>\n")
            out.extend(points)
            out.append("</trkseg>\n")
    out.append("</trk>\n")


def _point(points: TrackPoints, index: int) -> str | None:
    lat, lon = points.lat[index], points.lon[index]
    if lat is None or lon is None:
        return None
    text = f'<trkpt lat="{plain(lat)}" lon="{plain(lon)}">'
    if points.altitude and (altitude := points.altitude[index]) is not None:
        text += f"<ele>{plain(altitude)}</ele>"
    if (time := points.time[index]) is not None:
        text += f"<time>{stamp(time)}</time>"
    garmin, plainly, own = "", "", ""
    if points.temp and (temp := points.temp[index]) is not None:
        garmin += f"<gpxtpx:atemp>{plain(temp)}</gpxtpx:atemp>"
    if points.heartrate and (heartrate := points.heartrate[index]) is not None:
        if 1 <= heartrate <= 255:
            garmin += f"<gpxtpx:hr>{round(heartrate)}</gpxtpx:hr>"
        own += exact("heartrate", heartrate, 1, 255)
    if points.cadence and (cadence := points.cadence[index]) is not None:
        if 0 <= cadence <= 254:
            garmin += f"<gpxtpx:cad>{round(cadence)}</gpxtpx:cad>"
        own += exact("cadence", cadence, 0, 254)
    if points.watts and (watts := points.watts[index]) is not None:
        plainly = f"<power>{round(watts)}</power>"
        own += exact("watts", watts, 0, 65_535)
    if points.distance and (distance := points.distance[index]) is not None:
        own += f"<{PREFIX}:distance>{plain(distance)}</{PREFIX}:distance>"
    if points.speed and (speed := points.speed[index]) is not None:
        own += f"<{PREFIX}:speed>{plain(speed)}</{PREFIX}:speed>"
    if garmin:
        garmin = f"<gpxtpx:TrackPointExtension>{garmin}</gpxtpx:TrackPointExtension>"
    if plainly or garmin or own:
        text += f"<extensions>{plainly}{garmin}{own}</extensions>"
    return text + "</trkpt>\n"
