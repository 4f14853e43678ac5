"""Read GPX 1.0 and 1.1 with the extensions that devices use.

See https://www.topografix.com/GPX/1/1/ and Garmin's TrackPointExtension v1 and v2.
"""

from __future__ import annotations

from typing import Final

from stravalib.formats.errors import FormatError
from stravalib.formats.sports import STRAVA_GPX_NUMBERS, sport_of_words
from stravalib.formats.state import ELEMENTS, restore
from stravalib.formats.track import Track, Waypoint, moment
from stravalib.formats.xml_events import Budget, barometer_in, instant, number, parse

# Local names of elements inside a point, Garmin's, Cluetrust's and generic ones.
_COLUMN_OF: Final = {
    "ele": "altitude",
    "hr": "heartrate",
    "heartrate": "heartrate",
    "heart_rate": "heartrate",
    "HeartRate": "heartrate",
    "HeartRateBpm": "heartrate",
    "cad": "cadence",
    "cadence": "cadence",
    "Cadence": "cadence",
    "RunCadence": "cadence",
    "power": "watts",
    "Power": "watts",
    "watts": "watts",
    "Watts": "watts",
    "PowerInWatts": "watts",
    "atemp": "temp",
    "temp": "temp",
    "Temperature": "temp",
    "temperature": "temp",
    "distance": "distance",
    "Distance": "distance",
    "DistanceMeters": "distance",
    "speed": "speed",
    "Speed": "speed",
}
_EXTRA_OF: Final = {
    "wtemp": "water_temp",
    "depth": "depth",
    "course": "course",
    "bearing": "course",
}
_POINTS: Final = frozenset(("trkpt", "rtept"))
_MAX_WARNINGS: Final = 20


class _Reader:
    """Callbacks for the XML events of one document."""

    def __init__(self) -> None:
        self.tracks: list[Track] = []
        self.waypoints: list[Waypoint] = []
        self.warnings: list[str] = []
        self.creator: str | None = None
        self.root_seen = False
        self._budget = Budget()
        self._restored = False
        self._states: list[bool] = []
        self._track: Track | None = None
        self._point: dict[str, float] | None = None
        self._waypoint: Waypoint | None = None
        self._in_extensions = 0
        self._new_segment = False
        self._planned = False
        self._type: str | None = None
        self._offset: int | None = None
        self._bad_times = 0
        self._bad_places = 0
        self._dropped = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in _POINTS:
            self._budget.spend(1)
            self._point = {}
            lat = number(attributes.get("lat"))
            lon = number(attributes.get("lon"))
            if lat is not None and lon is not None and _on_earth(lat, lon):
                self._point["lat"] = lat
                self._point["lon"] = lon
            elif attributes:
                self._bad_places += 1
        elif self._point is not None:
            if tag == "extensions":
                self._in_extensions += 1
        elif tag == "extensions":
            self._in_extensions += 1
        elif self._in_extensions:
            if tag in ELEMENTS and self._track is not None:
                self._restored = True
                self._budget.spend(4)
                restore(self._track, tag, attributes)
        elif tag in ("trk", "rte"):
            self._budget.spend(20)
            self._restored = False
            self._track = Track(source="gpx", kind="route")
            self._type = None
            self._offset = None
            self._new_segment = False
            self._planned = tag == "rte"
        elif tag == "trkseg":
            self._new_segment = self._track is not None and len(self._track.points) > 0
        elif tag == "wpt":
            self._budget.spend(2)
            lat = number(attributes.get("lat"))
            lon = number(attributes.get("lon"))
            if lat is not None and lon is not None and _on_earth(lat, lon):
                self._waypoint = Waypoint(lat, lon)
        elif tag == "gpx" and not self.root_seen:
            self.root_seen = True
            self.creator = attributes.get("creator") or None

    def end(self, tag: str, text: str) -> None:
        point = self._point
        if point is not None:
            if tag in _POINTS:
                self._add(point)
                self._point = None
            elif tag == "time":
                self._read_time(point, text)
            elif tag in _COLUMN_OF:
                value = number(text)
                if value is not None:
                    point[_COLUMN_OF[tag]] = value
            elif tag in _EXTRA_OF:
                value = number(text)
                if value is not None:
                    point[_EXTRA_OF[tag]] = value
            elif tag == "extensions":
                self._in_extensions -= 1
        elif tag == "extensions":
            self._in_extensions -= 1
        elif self._in_extensions:
            return
        elif tag in ("trk", "rte"):
            self._finish()
        elif self._waypoint is not None:
            self._describe(self._waypoint, tag, text)
        elif self._track is not None and text.strip():
            if tag == "name":
                self._track.name = text.strip()
            elif tag == "desc":
                self._track.description = text.strip()
            elif tag == "type":
                self._type = text.strip()

    def _read_time(self, point: dict[str, float], text: str) -> None:
        when = instant(text)
        if when is None:
            when = instant(text.strip())
        if when is None:
            self._bad_times += 1
            return
        point["time"] = when[0]
        if when[1] is not None:
            self._offset = when[1]

    def _add(self, point: dict[str, float]) -> None:
        track = self._track
        if track is None:
            self._dropped += 1
            return
        if self._new_segment:
            track.breaks.append(len(track.points))
            self._new_segment = False
        track.points.add(point)

    def _finish(self) -> None:
        track, self._track = self._track, None
        if track is None:
            return
        points = track.points
        points.close()
        if not points:
            self.warn(f"track {track.name or ''!r} has no points and is left out")
            return
        if track.has_times and not self._planned:
            if not self._restored:
                track.kind = "activity"
            if track.start is None:
                first = next(value for value in points.time if value is not None)
                track.start = moment(first)
        if not self._restored:
            for index in track.breaks:
                begin, end = points.time[index - 1], points.time[index]
                if begin is not None and end is not None and end > begin:
                    track.pauses.append((begin, end))
        if track.utc_offset is None:
            track.utc_offset = self._offset
        if track.sport is None and self._type is not None:
            track.sport = sport_of_words(self._type)
            if track.sport is None and "strava" in (self.creator or "").lower():
                track.sport = STRAVA_GPX_NUMBERS.get(self._type)
        self.tracks.append(track)
        self._states.append(self._restored)

    def _describe(self, waypoint: Waypoint, tag: str, text: str) -> None:
        if tag == "wpt":
            self.waypoints.append(waypoint)
            self._waypoint = None
        elif tag == "ele":
            waypoint.altitude = number(text)
        elif tag == "time":
            when = instant(text.strip())
            waypoint.time = None if when is None else when[0]
        elif tag == "name":
            waypoint.name = text.strip() or None
        elif tag == "desc":
            waypoint.description = text.strip() or None
        elif tag in ("type", "sym"):
            waypoint.kind = waypoint.kind or text.strip() or None

    def warn(self, words: str) -> None:
        if len(self.warnings) < _MAX_WARNINGS:
            self.warnings.append(words)

    def result(self) -> list[Track]:
        """Return the tracks, or say why there are none."""
        if not self.root_seen:
            raise FormatError(
                "The XML has no <gpx> element.",
                reason="unknown_type",
                hint="Export the activity again as GPX, TCX or FIT.",
            )
        if self._bad_times:
            self.warn(f"{self._bad_times} times could not be read and are left out")
        if self._bad_places:
            self.warn(f"{self._bad_places} points have no valid latitude and longitude")
        if not self.tracks:
            raise FormatError(
                f"The GPX file has no track points, only {len(self.waypoints)} "
                "waypoints.",
                reason="not_an_activity",
                hint="Export the track itself, not places or an empty track.",
            )
        name, barometer = barometer_in(self.creator)
        for track, restored in zip(self.tracks, self._states, strict=True):
            if not restored:
                track.device.name = name
            track.has_barometer = barometer
            track.warnings = list(self.warnings)
        self.tracks[0].waypoints = self.waypoints
        return self.tracks


def read_gpx(data: bytes) -> list[Track]:
    """Read GPX: one track for each ``trk`` and ``rte`` that has points.

    The segments of a track become `Track.breaks`, and `Track.pauses` where both
    sides have a time. Times that cannot be read are gaps, with a warning.

    Raises
    ------
    FormatError
        For broken XML, and for files without a track point.
    """
    reader = _Reader()
    parse(data, reader.start, reader.end, reader.warn)
    return reader.result()


def _on_earth(lat: float, lon: float) -> bool:
    return -90.0 <= lat <= 90.0 and -180.0 <= lon <= 180.0
