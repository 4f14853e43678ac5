"""Programs that share no code with us read the same out of our files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from independent import babel, fit_messages, gpx_points
from track_samples import T0, pool_swim, ride, route, strength

from stravalib import formats

if TYPE_CHECKING:
    from stravalib.formats import Track


def placed(track: Track) -> list[int]:
    return [i for i, lat in enumerate(track.points.padded("lat")) if lat is not None]


@pytest.mark.parametrize("kind", ["gpx", "tcx", "fit"])
def test_gpsbabel_reads_the_same(kind: str) -> None:
    track = ride()
    rows = babel(formats.write(track, kind), kind)
    keep = placed(track)
    assert len(rows) == len(keep)
    columns = {"lat": 1.1e-6, "lon": 1.1e-6, "altitude": 0.051, "time": 0.0}
    columns |= {"heartrate": 0.0, "cadence": 0.0}
    if kind != "tcx":
        columns["temp"] = 0.0
    if kind != "gpx":
        columns["watts"] = 0.0
    for name, precision in columns.items():
        expected = [track.points.padded(name)[i] for i in keep]
        found = [row[name] for row in rows]
        if name == "watts":  # gpsbabel has no zero watts
            expected = [value or None for value in expected]
        assert found == pytest.approx(expected, abs=precision), name


@pytest.mark.parametrize("kind", ["gpx", "tcx", "fit"])
def test_gpsbabel_reads_routes(kind: str) -> None:
    rows = babel(formats.write(route(), kind), kind)
    assert [row["lat"] for row in rows] == pytest.approx(route().points.lat, abs=1e-6)


def test_gpxpy_reads_the_same() -> None:
    track = ride()
    rows = gpx_points(formats.write_gpx(track))
    keep = placed(track)
    points = track.points
    for name in ("time", "lat", "lon", "altitude"):
        expected = [points.padded(name)[i] for i in keep]
        assert [row[name] for row in rows] == expected, name
    for tag, name in (("hr", "heartrate"), ("cad", "cadence"), ("atemp", "temp")):
        expected = [points.padded(name)[i] for i in keep]
        found = [float(row[tag]) if tag in row else None for row in rows]
        assert found == expected, name
    assert [float(row["power"]) for row in rows] == [points.watts[i] for i in keep]


def test_gpxpy_sees_the_pause_as_segments() -> None:
    import gpxpy

    parsed = gpxpy.parse(formats.write_gpx(ride()).decode())
    assert [len(part.points) for part in parsed.tracks[0].segments] == [58, 59]
    assert parsed.tracks[0].type == "gravel_cycling"
    assert parsed.creator == "Edge 530"
    assert parsed.tracks[0].name == ride().name


def test_fitdecode_reads_the_same() -> None:
    track = ride()
    messages = fit_messages(formats.write_fit(track))
    records = messages["record"]
    points = track.points
    assert len(records) == len(points)
    assert [m["timestamp"].timestamp() for m in records] == points.time
    for field, name in (
        ("heart_rate", "heartrate"),
        ("cadence", "cadence"),
        ("power", "watts"),
        ("temperature", "temp"),
        ("distance", "distance"),
        ("enhanced_altitude", "altitude"),
        ("enhanced_speed", "speed"),
    ):
        found = [m.get(field) for m in records]
        assert found == pytest.approx(points.padded(name), abs=1e-6), name
    semicircle = 180 / 2**31
    lat = [
        None if m.get("position_lat") is None else m["position_lat"] for m in records
    ]
    degrees = [None if value is None else value * semicircle for value in lat]
    assert degrees == pytest.approx(points.lat, abs=1e-7)
    [session] = messages["session"]
    assert (session["sport"], session["sub_sport"]) == ("cycling", "gravel_cycling")
    assert session["total_distance"] == track.totals.distance
    assert session["total_elapsed_time"] == track.totals.elapsed_time
    assert session["total_timer_time"] == track.totals.timer_time
    assert len(messages["lap"]) == session["num_laps"] == 2
    assert [m["lap_trigger"] for m in messages["lap"]] == ["manual", "distance"]
    events = [
        (m["timestamp"].timestamp() - T0, m["event_type"]) for m in messages["event"]
    ]
    assert events == [(0, "start"), (59, "stop"), (100, "start"), (159, "stop_all")]
    [file_id] = messages["file_id"]
    assert file_id["manufacturer"] == "garmin"
    assert file_id["garmin_product"] == "edge_530"
    assert file_id["serial_number"] == 3_900_000_001
    activity = messages["activity"][0]
    shift = activity["local_timestamp"] - activity["timestamp"]
    assert shift.total_seconds() == 7200


def test_fitdecode_reads_lengths_and_sets() -> None:
    lengths = fit_messages(formats.write_fit(pool_swim()))["length"]
    assert [m["length_type"] for m in lengths] == ["active", "active", "idle", "active"]
    assert [m.get("total_strokes") for m in lengths] == [18, 19, None, 21]
    sets = fit_messages(formats.write_fit(strength()))["set"]
    assert [m["set_type"] for m in sets] == ["active", "rest", "active"]
    assert [m.get("repetitions") for m in sets] == [8, None, 5]
    assert sets[0]["weight"] == 60.5


def test_tcx_follows_the_order_of_the_schema() -> None:
    text = formats.write_tcx(ride()).decode()
    for order in (
        (
            "TotalTimeSeconds DistanceMeters MaximumSpeed Calories AverageHeartRateBpm "
            "MaximumHeartRateBpm Intensity Cadence TriggerMethod Track Extensions"
        ),
        "Time Position AltitudeMeters DistanceMeters HeartRateBpm Cadence Extensions",
        "Id Lap Creator Extensions",
    ):
        pattern = ".*?".join(f"<{word}[ >]" for word in order.split())
        assert re.search(pattern, text, re.DOTALL), order
