"""Read Training Center XML v2: activities, multisport sessions and courses.

See https://www8.garmin.com/xmlschemas/TrainingCenterDatabasev2.xsd
"""

from __future__ import annotations

from typing import Final

from stravalib.formats.errors import FormatError
from stravalib.formats.sports import TCX_SPORTS, sport_of_words
from stravalib.formats.state import ELEMENTS, restore
from stravalib.formats.track import Track, TrackLap, Waypoint, moment
from stravalib.formats.xml_events import Budget, barometer_in, instant, number, parse

_POINT: Final = {
    "LatitudeDegrees": "lat",
    "LongitudeDegrees": "lon",
    "AltitudeMeters": "altitude",
    "DistanceMeters": "distance",
    "Cadence": "cadence",
    "RunCadence": "cadence",
    "Speed": "speed",
    "Watts": "watts",
    # not in the schema, but some writers have them, this package too
    "Temperature": "temp",
    "temp": "temp",
    "heartrate": "heartrate",
    "cadence": "cadence",
    "watts": "watts",
}
_LAP: Final = {
    "TotalTimeSeconds": "timer_time",
    "DistanceMeters": "distance",
    "MaximumSpeed": "max_speed",
    "Calories": "calories",
    "Cadence": "avg_cadence",
    "AvgSpeed": "avg_speed",
    "MaxBikeCadence": "max_cadence",
    "AvgRunCadence": "avg_cadence",
    "MaxRunCadence": "max_cadence",
    "AvgWatts": "avg_watts",
    "MaxWatts": "max_watts",
}
_HEARTS: Final = {
    "AverageHeartRateBpm": "avg_heartrate",
    "MaximumHeartRateBpm": "max_heartrate",
}
_TRIGGERS: Final = {
    "Manual": "manual",
    "Distance": "distance",
    "Time": "time",
    "Location": "location",
    "HeartRate": "heart_rate",
}
_MAX_WARNINGS: Final = 20


class _Reader:
    """Callbacks for the XML events of one document."""

    def __init__(self) -> None:
        self.tracks: list[Track] = []
        self.warnings: list[str] = []
        self.root_seen = False
        self._budget = Budget()
        self._others: set[str] = set()
        self._track: Track | None = None
        self._laps: list[TrackLap] = []
        self._lap: TrackLap | None = None
        self._point: dict[str, float] | None = None
        self._place: dict[str, str] | None = None
        self._container = ""
        self._in_creator = False
        self._creator: str | None = None
        self._version: list[str] = []
        self._tracks_in_lap = 0
        self._new_segment = False
        self._offset: int | None = None
        self._restored = False
        self._bad_times = 0
        self._bad_places = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "Trackpoint":
            self._budget.spend(1)
            self._point = {}
        elif tag in ("HeartRateBpm", "AverageHeartRateBpm", "MaximumHeartRateBpm"):
            self._container = tag
        elif self._point is not None:
            return
        elif tag == "Track":
            self._tracks_in_lap += 1
            if self._tracks_in_lap > 1 and self._track is not None:
                self._new_segment = bool(self._track.points)
        elif tag == "Lap":
            self._budget.spend(4)
            self._tracks_in_lap = 0
            when = instant(attributes.get("StartTime", "").strip())
            self._lap = TrackLap(start=None if when is None else when[0])
        elif tag == "Activity":
            self._begin(Track(source="tcx", kind="activity"))
            word = attributes.get("Sport", "").strip()
            if self._track is not None:
                sport = TCX_SPORTS.get(word.lower())
                known = word.lower() == "other"
                self._track.sport = sport or (None if known else sport_of_words(word))
        elif tag == "Course":
            self._begin(Track(source="tcx", kind="course"))
        elif tag == "CoursePoint":
            self._budget.spend(2)
            self._place = {}
        elif tag in ("Creator", "Author"):
            self._in_creator = tag == "Creator"
        elif tag == "TrainingCenterDatabase":
            self.root_seen = True
        elif tag in ELEMENTS and self._track is not None and self._lap is None:
            self._restored = True
            self._budget.spend(4)
            restore(self._track, tag, attributes)
        elif tag in ("Workout", "CourseFolder", "WorkoutFolder", "HistoryFolder"):
            self._others.add(tag)

    def end(self, tag: str, text: str) -> None:
        if self._point is not None:
            self._end_in_point(self._point, tag, text)
        elif self._place is not None:
            self._end_in_place(self._place, tag, text)
        elif self._lap is not None:
            self._end_in_lap(self._lap, tag, text)
        elif self._track is not None:
            self._end_in_track(self._track, tag, text)

    def _begin(self, track: Track) -> None:
        self._budget.spend(20)
        self._track = track
        self._laps = []
        self._lap = None
        self._tracks_in_lap = 0
        self._new_segment = False
        self._offset = None
        self._version = []
        self._creator = None
        self._restored = False

    def _end_in_point(self, point: dict[str, float], tag: str, text: str) -> None:
        if tag == "Trackpoint":
            self._point = None
            self._add(point)
        elif tag == "Time":
            when = instant(text) or instant(text.strip())
            if when is None:
                self._bad_times += 1
                return
            point["time"] = when[0]
            if when[1] is not None:
                self._offset = when[1]
        elif tag == "Value":
            value = number(text)
            if self._container == "HeartRateBpm" and value is not None:
                point["heartrate"] = value
        elif tag in _POINT:
            value = number(text)
            if value is not None:
                point[_POINT[tag]] = value

    def _add(self, point: dict[str, float]) -> None:
        if self._track is None:
            return
        lat, lon = point.get("lat"), point.get("lon")
        if (lat is None) != (lon is None) or (
            lat is not None and lon is not None and (abs(lat) > 90 or abs(lon) > 180)
        ):
            self._bad_places += 1
            point.pop("lat", None)
            point.pop("lon", None)
        if self._new_segment:
            self._track.breaks.append(len(self._track.points))
            self._new_segment = False
        self._track.points.add(point)

    def _end_in_place(self, place: dict[str, str], tag: str, text: str) -> None:
        if tag != "CoursePoint":
            place[tag] = text.strip()
            return
        self._place = None
        lat = number(place.get("LatitudeDegrees"))
        lon = number(place.get("LongitudeDegrees"))
        if self._track is None or lat is None or lon is None:
            return
        when = instant(place.get("Time", ""))
        self._track.waypoints.append(
            Waypoint(
                lat,
                lon,
                altitude=number(place.get("AltitudeMeters")),
                time=None if when is None else when[0],
                name=place.get("Name") or None,
                kind=place.get("PointType") or None,
                description=place.get("Notes") or None,
            )
        )

    def _end_in_lap(self, lap: TrackLap, tag: str, text: str) -> None:
        if tag == "Lap":
            self._laps.append(lap)
            self._lap = None
        elif tag == "Value":
            name = _HEARTS.get(self._container)
            if name is not None:
                setattr(lap, name, number(text))
        elif tag == "Intensity":
            word = text.strip().lower()
            lap.intensity = {"resting": "rest"}.get(word, word) or None
        elif tag == "TriggerMethod":
            lap.trigger = _TRIGGERS.get(text.strip(), text.strip().lower() or None)
        elif tag in _LAP:
            value = number(text)
            if value is not None:
                setattr(lap, _LAP[tag], value)

    def _end_in_track(self, track: Track, tag: str, text: str) -> None:
        words = text.strip()
        if tag in ("Activity", "Course"):
            self._finish()
        elif tag in ("Creator", "Author"):
            self._in_creator = False
        elif self._in_creator:
            if tag == "Name":
                self._creator = words or None
            elif tag == "UnitId":
                value = number(words)
                track.device.serial_number = int(value) if value else None
            elif tag == "ProductID":
                track.device.product = words if words not in ("", "0") else None
            elif tag in ("VersionMajor", "VersionMinor") and words:
                self._version.append(words)
        elif tag == "Id" and track.start is None:
            when = instant(words)
            if when is not None:
                track.start = moment(when[0])
                self._offset = when[1]
        elif tag == "Name" and words:
            track.name = words
        elif tag == "Notes" and words:
            track.description = words

    def _finish(self) -> None:
        track, self._track = self._track, None
        if track is None:
            return
        points = track.points
        points.close()
        if not points and not self._laps:
            self.warn("an activity without laps and points is left out")
            return
        if not self._restored:
            track.laps = self._laps
        first = next((value for value in points.time if value is not None), None)
        if track.start is None or track.kind == "course":
            begin = next((lap.start for lap in track.laps if lap.start), first)
            track.start = None if begin is None else moment(begin)
        if not self._restored:
            for index in track.breaks:
                begin, end = points.time[index - 1], points.time[index]
                if begin is not None and end is not None and end > begin:
                    track.pauses.append((begin, end))
        if not self._restored:
            for name in ("distance", "timer_time", "calories"):
                values = [getattr(lap, name) for lap in track.laps]
                if values and None not in values:
                    setattr(track.totals, name, sum(values))
        if track.utc_offset is None:
            track.utc_offset = self._offset
        version = ".".join(self._version)
        if not self._restored and version not in ("", "0.0"):
            track.device.software_version = version
        device, track.has_barometer = barometer_in(self._creator)
        if not self._restored:
            track.device.name = device
        self.tracks.append(track)

    def warn(self, words: str) -> None:
        if len(self.warnings) < _MAX_WARNINGS:
            self.warnings.append(words)

    def result(self) -> list[Track]:
        """Return the tracks, or say why there are none."""
        if not self.root_seen:
            raise FormatError(
                "The XML has no <TrainingCenterDatabase> element.",
                reason="unknown_type",
                hint="Export the activity again as GPX, TCX or FIT.",
            )
        if not self.tracks:
            other = f", only {', '.join(sorted(self._others))}" if self._others else ""
            raise FormatError(
                f"The TCX file has no activity and no course{other}.",
                reason="not_an_activity",
                hint="Export the recorded activity itself.",
            )
        if self._bad_times:
            self.warn(f"{self._bad_times} times could not be read and are left out")
        if self._bad_places:
            self.warn(f"{self._bad_places} points have no valid latitude and longitude")
        for track in self.tracks:
            track.warnings = list(self.warnings)
        return self.tracks


def read_tcx(data: bytes) -> list[Track]:
    """Read TCX: one track for each activity (also of multisport) and course.

    A second ``Track`` in a lap begins a new segment, and a pause. The lap's
    ``TotalTimeSeconds`` is its timer time. `Track.totals` are sums over the laps.

    Raises
    ------
    FormatError
        For broken XML, and for files without an activity or course.
    """
    reader = _Reader()
    parse(data, reader.start, reader.end, reader.warn)
    return reader.result()
