"""What a format can hold comes back from it."""

from __future__ import annotations

import csv
import gzip
import io
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from track_samples import START, T0, pool_swim, ride, route, strength

from stravalib import formats
from stravalib._facts.sports import SPORT_TYPES
from stravalib.formats import FormatError, Track, TrackPoints
from stravalib.formats.track import COLUMNS


def columns_of(track: Track) -> dict[str, list[float | None]]:
    return {name: track.points.padded(name) for name in COLUMNS}


def without_place(track: Track) -> Track:
    """The track as GPX can hold it: without the points that have no position."""
    keep = [i for i, lat in enumerate(track.points.lat) if lat is not None]
    kept = TrackPoints()
    for name, column in track.points.columns():
        setattr(kept, name, [column[i] for i in keep])
    return replace(track, points=kept)


def assert_same_besides_points(back: Track, track: Track) -> None:
    assert back.sport == track.sport
    assert back.start == track.start
    assert back.utc_offset == track.utc_offset
    assert back.laps == track.laps
    assert back.pauses == track.pauses
    assert back.lengths == track.lengths
    assert back.totals == track.totals
    assert back.device == track.device
    assert back.has_barometer == track.has_barometer
    assert back.pool_length == track.pool_length
    assert back.warnings == []


def test_gpx_gives_everything_back_exactly() -> None:
    track = ride()
    [back] = formats.read(formats.write_gpx(track))
    assert columns_of(back) == columns_of(without_place(track))
    assert_same_besides_points(back, track)
    assert (back.name, back.description) == (track.name, track.description)
    assert [len(part) for part in back.segments()] == [
        len(part) for part in without_place(track).segments()
    ]


@pytest.mark.parametrize("make", [ride, pool_swim, strength])
def test_tcx_gives_everything_back_exactly(make: object) -> None:
    track = make()  # type: ignore[operator]
    [back] = formats.read(formats.write_tcx(track))
    assert columns_of(back) == columns_of(track)
    assert back.sets == track.sets
    assert_same_besides_points(back, track)
    assert (back.name, back.description) == (track.name, track.description)


@pytest.mark.parametrize("make", [ride, pool_swim, strength])
def test_fit_gives_everything_back_in_its_precision(make: object) -> None:
    track = make()  # type: ignore[operator]
    [back] = formats.read(formats.write_fit(track))
    for name, column in columns_of(track).items():
        found = back.points.padded(name)
        precision = 1e-7 if name in ("lat", "lon") else 1e-9
        assert found == pytest.approx(column, abs=precision), name
    if make is strength:
        assert back.sets == track.sets
        # FIT has a lap for every session
        track.laps = back.laps
    assert_same_besides_points(back, track)


def test_fractions_survive_where_the_format_counts_whole_units() -> None:
    track = ride(10)
    track.points.cadence = [81.5] * 10
    track.points.heartrate = [120.25] * 10
    track.points.watts = [199.5] * 10
    for write in (formats.write_gpx, formats.write_tcx):
        [back] = formats.read(write(track))
        points = back.points
        assert set(points.cadence) == {81.5}
        assert set(points.heartrate) == {120.25}
        assert set(points.watts) == {199.5}
    [back] = formats.read(formats.write_fit(track))
    assert set(back.points.cadence) == {81.5}


@pytest.mark.parametrize("kind", ["gpx", "tcx", "fit"])
@pytest.mark.parametrize("sport", [*SPORT_TYPES, None])
def test_every_sport_comes_back(kind: str, sport: str | None) -> None:
    track = replace(ride(3), sport=sport)
    [back] = formats.read(formats.write(track, kind))
    assert back.sport == sport


def test_a_route_stays_a_route() -> None:
    [back] = formats.read(formats.write_gpx(route()))
    assert (back.kind, back.name, back.sport) == ("route", "Round the lake", "Ride")
    assert back.points == route().points
    assert back.waypoints == route().waypoints
    assert back.start is None


@pytest.mark.parametrize("kind", ["tcx", "fit"])
def test_a_route_becomes_a_course_with_times(kind: str) -> None:
    [back] = formats.read(formats.write(route(), kind))
    assert back.kind == ("route" if kind == "tcx" else "course")
    assert back.name == "Round the lake"
    assert back.points.lat == pytest.approx(route().points.lat, abs=1e-7)
    assert None not in back.points.time
    assert back.points.time == sorted(back.points.time)  # type: ignore[type-var]
    [place] = back.waypoints
    assert (place.name, (place.kind or "").lower()) == ("Well", "water")


def test_several_tracks_share_a_file() -> None:
    first = ride(20)
    second = replace(ride(20), sport="Run", start=first.start)
    second.points = replace(
        second.points, time=[(t or 0) + 500 for t in second.points.time]
    )
    second.start = formats.track.moment(T0 + 500)
    second.laps, second.pauses = [], []
    second.totals = formats.TrackTotals(elapsed_time=59.0, timer_time=59.0)
    for kind in ("gpx", "tcx", "fit"):
        back = formats.read(formats.write([first, second], kind))
        assert [len(one.laps) for one in back][:1] == [2]
        assert [one.start for one in back] == [first.start, second.start]
        assert len(back) == 2
        assert len(back[1].points) in (20, 19)


def test_barometer_is_said_with_strava_s_words() -> None:
    track = replace(ride(5), has_barometer=True)
    assert b'creator="Edge 530 with barometer"' in formats.write_gpx(track)
    for kind in ("gpx", "tcx", "fit"):
        [back] = formats.read(formats.write(track, kind))
        assert back.has_barometer is True
        assert back.device.name == "Edge 530"


def test_indoors_gpx_says_what_to_do() -> None:
    with pytest.raises(FormatError) as caught:
        formats.write_gpx(pool_swim())
    assert caught.value.reason == "no_position"
    assert "TCX" in str(caught.value)


def test_fit_refuses_times_before_its_clock() -> None:
    old = replace(ride(3), start=START.replace(year=1985))
    with pytest.raises(FormatError, match="1985") as caught:
        formats.write_fit(old)
    assert caught.value.reason == "unsupported"


@pytest.mark.parametrize("kind", ["tcx", "fit"])
def test_an_activity_without_a_start_is_refused(kind: str) -> None:
    track = Track(points=TrackPoints(time=[None], lat=[1.0], lon=[2.0]))
    with pytest.raises(FormatError) as caught:
        formats.write(track, kind)
    assert caught.value.reason == "no_time"


def test_geojson_holds_lines_times_and_columns() -> None:
    body = json.loads(formats.write_geojson(ride()))
    [feature] = body["features"]
    lines = feature["geometry"]["coordinates"]
    assert feature["geometry"]["type"] == "MultiLineString"
    assert [len(line) for line in lines] == [58, 59]  # three points have no place
    beside = feature["properties"]["coordinateProperties"]
    for name in ("times", "heartrate", "cadence", "watts", "temp", "distance"):
        assert [len(part) for part in beside[name]] == [58, 59], name
    assert lines[0][0] == [8.5, 47.1, 430.0]
    assert beside["times"][0][0] == "2025-05-17T06:30:00Z"
    assert feature["properties"]["sport"] == "GravelRide"
    assert len(feature["properties"]["laps"]) == 2


def test_geojson_of_an_indoor_track_has_no_geometry() -> None:
    body = json.loads(formats.write_geojson(pool_swim()))
    assert body["features"][0]["geometry"] is None


def test_geojson_is_cut_at_the_antimeridian() -> None:
    lon = [179.9, 179.99, -179.99, -179.9, 179.95]
    points = TrackPoints(time=[T0 + i for i in range(5)], lat=[0.0] * 5, lon=list(lon))
    body = json.loads(formats.write_geojson(Track(points=points, start=START)))
    [feature] = body["features"]
    assert feature["geometry"]["coordinates"] == [
        [[179.9, 0], [179.99, 0]],
        [[-179.99, 0], [-179.9, 0]],
        [[179.95, 0], [179.95, 0]],  # a line has at least two positions
    ]
    times = feature["properties"]["coordinateProperties"]["times"]
    assert [len(part) for part in times] == [2, 2, 2]


def test_csv_has_a_row_a_point() -> None:
    track = ride()
    track.points.extra["core temp"] = [37.5] * len(track.points)
    rows = list(csv.DictReader(io.StringIO(formats.write_csv(track).decode())))
    assert len(rows) == len(track.points)
    assert rows[0]["time"] == "2025-05-17T06:30:00Z"
    assert rows[5]["heartrate"] == ""
    assert rows[7]["lat"] == ""
    assert (rows[0]["segment"], rows[-1]["segment"]) == ("0", "1")
    assert (rows[0]["lap"], rows[-1]["lap"]) == ("0", "1")
    assert rows[0]["core temp"] == "37.5"
    for name in ("lat", "distance", "watts"):
        column = getattr(track.points, name)
        assert [float(row[name]) if row[name] else None for row in rows] == column


def test_gz_and_unknown_formats() -> None:
    packed = formats.write(ride(3), "tcx.gz")
    assert gzip.decompress(packed) == formats.write_tcx(ride(3))
    assert formats.sniff(packed) == "tcx"
    with pytest.raises(ValueError, match="gpx, tcx, fit, geojson, csv"):
        formats.write(ride(3), "kml")


number = st.floats(-400, 8000, allow_nan=False).map(lambda x: round(x, 4))
maybe = st.none() | number


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(-90, 90, allow_nan=False),
            st.floats(-180, 180, allow_nan=False),
            maybe,
            st.none() | st.floats(0, 2000, allow_nan=False),
            st.floats(0, 90).map(lambda x: round(x, 3)),
        ),
        min_size=1,
        max_size=20,
    ),
    st.text(max_size=40),
)
def test_any_numbers_and_texts_survive_gpx_and_tcx(
    samples: list[tuple[float, float, float | None, float | None, float]], name: str
) -> None:
    track = Track(name=name.strip() or None, start=START, sport="Run")
    for lat, lon, altitude, watts, later in samples:
        sample = {"time": T0 + later, "lat": lat, "lon": lon}
        if altitude is not None:
            sample["altitude"] = altitude
        if watts is not None:
            sample["watts"] = watts
        track.points.add(sample)
    track.points.close()
    for kind in ("gpx", "tcx"):
        [back] = formats.read(formats.write(track, kind))
        for column in ("lat", "lon", "altitude", "watts"):
            expected = track.points.padded(column)
            assert back.points.padded(column) == pytest.approx(expected, abs=1e-12)
        assert back.points.time == pytest.approx(track.points.time, abs=1e-6)
        legal = "".join(c for c in (name.strip()) if c >= " " or c in "\t\n\r")
        if all(c < "\ud800" or "\ue000" <= c <= "\ufffd" for c in legal):
            assert (back.name or "") == legal.strip()
