"""GPX and TCX as they are in the wild."""

from __future__ import annotations

import gzip
import io
import pickle
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from stravalib import formats
from stravalib.formats import FormatError, Track

if TYPE_CHECKING:
    from pathlib import Path

POINT = '<trkpt lat="1.5" lon="2.5"><time>2025-05-01T06:00:0{}Z</time>{}</trkpt>'


def gpx(points: str, head: str = "", attributes: str = 'creator="Thing"') -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<gpx {attributes}><trk>{head}'
        f"<trkseg>{points}</trkseg></trk></gpx>"
    ).encode()


def one(data: bytes) -> Track:
    [track] = formats.read(data)
    return track


@pytest.mark.parametrize(
    ("extension", "column", "value"),
    [
        (("<gpxtpx:TrackPointExtension><gpxtpx:hr>151</gpxtpx:hr>"
         "</gpxtpx:TrackPointExtension>"), "heartrate", 151),
        ("<ns3:TrackPointExtension><ns3:cad>81</ns3:cad></ns3:TrackPointExtension>",
         "cadence", 81),
        (("<gpxtpx:TrackPointExtension><gpxtpx:atemp>21.5</gpxtpx:atemp>"
         "</gpxtpx:TrackPointExtension>"), "temp", 21.5),
        (("<gpxtpx:TrackPointExtension><gpxtpx:speed>4.5</gpxtpx:speed>"
         "</gpxtpx:TrackPointExtension>"), "speed", 4.5),
        ("<gpxdata:hr>90</gpxdata:hr>", "heartrate", 90),
        ("<gpxdata:temp>-3</gpxdata:temp>", "temp", -3),
        ("<gpxdata:distance>12.5</gpxdata:distance>", "distance", 12.5),
        ("<gpxdata:cadence>77</gpxdata:cadence>", "cadence", 77),
        ("<power>250</power>", "watts", 250),
        ("<pwr:PowerInWatts>251</pwr:PowerInWatts>", "watts", 251),
        ("<heartrate>66</heartrate>", "heartrate", 66),
        ("<temperature>9</temperature>", "temp", 9),
        ("<cadence>60</cadence>", "cadence", 60),
    ],
)  # fmt: skip
def test_extensions_of_gpx(extension: str, column: str, value: float) -> None:
    # none of the prefixes is declared, as often in the wild
    body = POINT.format(0, f"<extensions>{extension}</extensions>")
    track = one(gpx(body + POINT.format(1, "")))
    assert getattr(track.points, column) == [value, None]
    assert track.warnings == []


def test_gpx_1_0_has_speed_and_course_in_the_point() -> None:
    track = one(gpx(POINT.format(0, "<speed>3.2</speed><course>91</course>")))
    assert track.points.speed == [3.2]
    assert track.points.extra == {"course": [91]}


@pytest.mark.parametrize(
    ("text", "seconds", "offset"),
    [
        ("2025-05-01T06:00:00Z", 0, None),
        ("2025-05-01T06:00:00.250Z", 0.25, None),
        ("2025-05-01T06:00:00.1234567890Z", 0.123456, None),
        ("2025-05-01T08:00:00+02:00", 0, 7200),
        ("2025-05-01T00:30:00-0530", 0, -19800),
        ("2025-05-01T06:00:00+00:00", 0, None),
        ("2025-05-01T06:00:00", 0, None),
        ("  2025-05-01T06:00:00Z\n", 0, None),
        ("2025-05-01 06:00:00 UTC", 0, None),
        ("2025/5/1 6:00:00", 0, None),
        ("PLACEHOLDER", None, None),
        ("2025-13-01T06:00:00Z", None, None),
        ("0001-01-01T00:00:00Z", None, None),
        ("9999-12-31T23:59:59-14:00", None, None),
    ],
)
def test_times(text: str, seconds: float | None, offset: int | None) -> None:
    body = f'<trkpt lat="1" lon="2"><time>{text}</time></trkpt>'
    track = one(gpx(body + '<trkpt lat="1" lon="2"><ele>1</ele></trkpt>'))
    base = datetime(2025, 5, 1, 6, tzinfo=UTC).timestamp()
    expected = None if seconds is None else pytest.approx(base + seconds, abs=1e-6)
    assert track.points.time == [expected, None]
    assert track.utc_offset == offset
    assert track.kind == ("route" if seconds is None else "activity")
    assert track.has_times is (seconds is not None)
    assert len(track.warnings) == (seconds is None)


@pytest.mark.parametrize(
    ("word", "creator", "sport"),
    [
        ("running", "x", "Run"),
        ("Trail Running", "x", "TrailRun"),
        ("gravel_cycling", "x", "GravelRide"),
        ("WeightTraining", "x", "WeightTraining"),
        ("9", "StravaGPX", "Run"),
        ("1", "StravaGPX Android", "Ride"),
        ("9", "Something", None),
        ("Kitchen work", "x", None),
        ("", "x", None),
    ],
)
def test_sport_of_gpx(word: str, creator: str, sport: str | None) -> None:
    data = gpx(POINT.format(0, ""), f"<type>{word}</type>", f'creator="{creator}"')
    assert one(data).sport == sport


def test_segments_are_breaks_and_pauses() -> None:
    first = POINT.format(0, "") + POINT.format(1, "")
    data = gpx(f"{first}</trkseg><trkseg/><trkseg>{POINT.format(9, '')}")
    track = one(data)
    start = track.start_seconds
    assert start is not None
    assert track.breaks == [2]
    assert track.pauses == [(start + 1, start + 9)]
    assert [list(part) for part in track.segments()] == [[0, 1], [2]]


def test_points_without_a_valid_place_keep_their_values() -> None:
    body = POINT.replace('lat="1.5" lon="2.5"', "")
    body = body.format(0, "<ele>7</ele>") + POINT.replace("1.5", "91").format(1, "")
    track = one(gpx(body + POINT.format(2, "")))
    assert track.points.lat == [None, None, 1.5]
    assert track.points.altitude == [7, None, None]
    assert track.warnings == ["1 points have no valid latitude and longitude"]


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: b"   \n  " + text.encode(),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-16-be"),
        lambda text: text.replace("UTF-8", "ISO-8859-1").encode("latin-1"),
        lambda text: text.replace("UTF-8", "windows-1252").encode("cp1252"),
        lambda text: text.replace("UTF-8", "utf-16").encode(),
        lambda text: text.encode() + b"\x00\x00\n",
        lambda text: gzip.compress(gzip.compress(text.encode())),
    ],
)
def test_encodings(encode: object) -> None:
    text = gpx(POINT.format(0, ""), "<name>Größe</name>").decode()
    track = one(encode(text))  # type: ignore[operator]
    assert track.name == "Größe"
    assert track.warnings == []


def test_text_that_is_not_utf8_is_read_with_a_warning() -> None:
    data = gpx(POINT.format(0, ""), "<name>Größe</name>").decode().encode("latin-1")
    track = one(data)
    assert track.name == "Größe"
    assert "Windows-1252" in track.warnings[0]


def test_waypoints_and_routes() -> None:
    data = (
        b'<gpx><wpt lat="1" lon="2"><name>Hut</name><sym>Lodge</sym><ele>9</ele></wpt>'
        b'<rte><name>Plan</name><rtept lat="3" lon="4"/></rte>'
        b"<trk><trkseg/></trk></gpx>"
    )
    [track] = formats.read(data)
    assert (track.kind, track.name) == ("route", "Plan")
    [place] = track.waypoints
    assert (place.name, place.kind, place.altitude) == ("Hut", "Lodge", 9)
    assert "no points" in track.warnings[0]


TCX = """          <?xml version="1.0" encoding="UTF-8"?>
<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2">
<Activities>{}</Activities></TrainingCenterDatabase>"""
ACTIVITY = """<Activity Sport="{sport}"><Id>2025-05-01T06:00:00Z</Id>
<Lap StartTime="2025-05-01T06:00:00Z"><TotalTimeSeconds>20.5</TotalTimeSeconds>
<DistanceMeters>100.5</DistanceMeters><MaximumSpeed>6</MaximumSpeed>
<Calories>12</Calories><AverageHeartRateBpm><Value>120</Value></AverageHeartRateBpm>
<MaximumHeartRateBpm><Value>140</Value></MaximumHeartRateBpm>
<Intensity>Active</Intensity><Cadence>70</Cadence><TriggerMethod>Distance</TriggerMethod>
<Track><Trackpoint><Time>2025-05-01T06:00:01Z</Time><Position>
<LatitudeDegrees>1.5</LatitudeDegrees><LongitudeDegrees>2.5</LongitudeDegrees></Position>
<AltitudeMeters>400</AltitudeMeters><DistanceMeters>5</DistanceMeters>
<HeartRateBpm xsi:type="HeartRateInBeatsPerMinute_t"><Value>111</Value></HeartRateBpm>
<Cadence>80</Cadence><Extensions><ns3:TPX><ns3:Speed>5.5</ns3:Speed>
<ns3:Watts>222</ns3:Watts></ns3:TPX></Extensions></Trackpoint></Track>
<Track><Trackpoint><Time>2025-05-01T06:00:31Z</Time><Extensions>
<TPX xmlns="x"><RunCadence>83</RunCadence></TPX></Extensions></Trackpoint></Track>
<Extensions><ns3:LX><ns3:AvgSpeed>5.1</ns3:AvgSpeed><ns3:AvgWatts>200</ns3:AvgWatts>
<ns3:MaxWatts>300</ns3:MaxWatts></ns3:LX></Extensions></Lap>
<Lap StartTime="2025-05-01T06:01:00Z"><TotalTimeSeconds>9.5</TotalTimeSeconds>
<DistanceMeters>50</DistanceMeters><Calories>3</Calories>
<Intensity>Resting</Intensity><TriggerMethod>Manual</TriggerMethod></Lap>
<Notes>felt good</Notes><Creator xsi:type="Device_t"><Name>Uhr with barometer</Name>
<UnitId>77</UnitId><ProductID>1551</ProductID><Version><VersionMajor>3</VersionMajor>
<VersionMinor>20</VersionMinor></Version></Creator></Activity>"""


def test_tcx_in_full() -> None:
    [track] = formats.read(TCX.format(ACTIVITY.format(sport="Biking")).encode())
    assert track.sport == "Ride"
    assert track.start == datetime(2025, 5, 1, 6, tzinfo=UTC)
    start = track.start_seconds
    assert start is not None
    points = track.points
    assert points.time == [start + 1, start + 31]
    assert points.lat == [1.5, None]
    assert points.distance == [5, None]
    assert points.heartrate == [111, None]
    assert points.cadence == [80, 83]
    assert points.watts == [222, None]
    assert points.speed == [5.5, None]
    assert track.pauses == [(start + 1, start + 31)]
    first, second = track.laps
    assert first.stated() == {
        "distance": 100.5,
        "timer_time": 20.5,
        "calories": 12,
        "avg_speed": 5.1,
        "max_speed": 6,
        "avg_heartrate": 120,
        "max_heartrate": 140,
        "avg_cadence": 70,
        "avg_watts": 200,
        "max_watts": 300,
    }
    assert (first.trigger, first.intensity) == ("distance", "active")
    assert (second.start, second.intensity) == (start + 60, "rest")
    assert track.totals.stated() == {
        "distance": 150.5,
        "timer_time": 30,
        "calories": 15,
    }
    assert track.description == "felt good"
    assert (track.device.name, track.has_barometer) == ("Uhr", True)
    assert (track.device.serial_number, track.device.software_version) == (77, "3.20")
    assert track.warnings == []


@pytest.mark.parametrize(
    ("word", "sport"),
    [
        ("Running", "Run"),
        ("hiking", "Hike"),
        ("Walking", "Walk"),
        ("Swimming", "Swim"),
        ("Other", None),
        ("Nonsense", None),
    ],
)
def test_sport_of_tcx(word: str, sport: str | None) -> None:
    [track] = formats.read(TCX.format(ACTIVITY.format(sport=word)).encode())
    assert track.sport == sport


def test_multisport_of_tcx() -> None:
    session = (
        "<MultiSportSession><FirstSport>"
        + ACTIVITY.format(sport="Biking")
        + "</FirstSport><NextSport>"
        + ACTIVITY.format(sport="Running")
        + "</NextSport></MultiSportSession>"
    )
    tracks = formats.read(TCX.format(session).encode())
    assert [track.sport for track in tracks] == ["Ride", "Run"]
    assert [len(track.laps) for track in tracks] == [2, 2]


# -- refusals


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (gzip.compress(b"", mtime=0), "empty"),
        (b"hello", "unknown_type"),
        (b"<html><body>Sorry</body></html>", "unknown_type"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "unknown_type"),
        (b"<gpx></gpx>", "not_an_activity"),
        (b'<gpx><wpt lat="1" lon="2"/></gpx>', "not_an_activity"),
        (TCX.format("").encode(), "not_an_activity"),
        (b"<gpx><trk><trkseg><trkpt", "malformed"),
        (gzip.compress(b"<gpx/>", mtime=0)[:-9], "malformed"),
        (b"\x1f\x8b" + bytes(30), "malformed"),
        (b'{"type": "FeatureCollection"}', "not_an_activity"),
    ],
)
def test_refusals(data: bytes, reason: str) -> None:
    with pytest.raises(FormatError) as caught:
        formats.read(data)
    error = caught.value
    assert error.reason == reason
    assert error.hint
    assert error.hint in str(error)


def test_broken_xml_names_the_line() -> None:
    data = b'\n\n<?xml version="1.0"?>\n<gpx>\n<trk>\n</gpx>'
    with pytest.raises(FormatError, match=r"line 6") as caught:
        formats.read(data)
    assert caught.value.line == 6
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.reason, again.line) == (
        str(caught.value),
        "malformed",
        6,
    )


def test_sources_and_said_types(tmp_path: Path) -> None:
    data = gpx(POINT.format(0, ""))
    path = tmp_path / "wrong.fit"
    path.write_bytes(data)
    plain = formats.read(data)
    assert formats.read(path) == plain
    assert formats.read(str(path)) == plain
    assert formats.read(io.BytesIO(data)) == plain
    assert formats.read(memoryview(data), "GPX") == plain
    assert formats.read(gzip.compress(data, mtime=0), ".gpx.gz") == plain
    [track] = formats.read(path, "fit.gz")
    assert track.warnings == ["the file is GPX, not FIT"]
    with pytest.raises(FormatError, match="'kml'"):
        formats.read(data, "kml")
    with pytest.raises(TypeError, match="rb"):
        formats.read(io.StringIO("text"))  # type: ignore[arg-type]
    with pytest.raises(FileNotFoundError):
        formats.read(tmp_path / "none.gpx")
    with pytest.raises(FormatError) as caught:
        formats.read(data, max_bytes=10)
    assert caught.value.reason == "too_large"
