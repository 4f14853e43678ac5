"""Uploads: sound files become activities, everything else is refused."""

from __future__ import annotations

import gzip
import json
import struct
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import polyline
import pytest

from stravalib._facts import texts
from stravalib.emulator.processing import RejectedUpload, process_upload
from stravalib.emulator.records import AthleteRecord, UploadOptions
from stravalib.formats import from_streams, write

if TYPE_CHECKING:
    from collections.abc import Callable

    from stravalib.emulator.records import ActivityRecord

START = datetime(2026, 7, 4, 16, 30, tzinfo=UTC)
ATHLETE = AthleteRecord(
    {"id": 7, "athlete_type": 0, "weight": 70.0, "country": "Germany"},
    gear=[
        {"id": "b1", "primary": True, "name": "Bike", "distance": 0},
        {"id": "g1", "primary": True, "name": "Shoes", "distance": 0},
    ],
)


def process(data: bytes, kind: str, **options: Any) -> ActivityRecord:
    return process_upload(
        data, kind, athlete=ATHLETE, now=0.0, options=UploadOptions(**options)
    )


def refused(data: bytes, kind: str, **options: Any) -> str:
    with pytest.raises(RejectedUpload) as caught:
        process(data, kind, **options)
    return caught.value.text


def gpx(
    count: int = 600,
    *,
    kind: str | None = "running",
    times: bool = True,
    at: tuple[float, float] = (48.1, 10.9),
    step: Callable[[int], int] = lambda i: i,
    way: Callable[[int], int] | None = None,
    extra: str = "",
    head: str = "",
) -> bytes:
    """Write a track that goes north at 3 m/s, up and down a hill."""
    points = []
    for i in range(count):
        second = step(i)
        when = (START + timedelta(seconds=second)).isoformat().replace("+00:00", "Z")
        time = f"<time>{when}</time>" if times else ""
        lat = at[0] + (way or step)(i) * 3 / 111_195
        height = 500 + 40 * (1 - abs(1 - 2 * i / count))
        points.append(
            f'<trkpt lat="{lat:.7f}" lon="{at[1]}"><ele>{height:.1f}</ele>{time}'
            f"<extensions><power>{200 + i % 7}</power><TrackPointExtension>"
            f"<hr>{120 + i % 40}</hr><cad>{80 + i % 3}</cad><atemp>21</atemp>"
            f"</TrackPointExtension>{extra}</extensions></trkpt>"
        )
    label = f"<type>{kind}</type>" if kind else ""
    return (
        f'<?xml version="1.0"?>{head}<gpx version="1.1" creator="Invented Watch" '
        'xmlns="http://www.topografix.com/GPX/1/1"><trk><name>Any</name>'
        f"{label}<trkseg>{''.join(points)}</trkseg></trk></gpx>"
    ).encode()


def tcx(sport: str = "Biking", laps: int = 3, per_lap: int = 100) -> bytes:
    """Write a ride of some laps at 8 m/s, without positions."""
    parts = []
    for lap in range(laps):
        points = []
        for i in range(per_lap):
            second = lap * per_lap + i
            when = (START + timedelta(seconds=second)).strftime("%Y-%m-%dT%H:%M:%SZ")
            points.append(
                f"<Trackpoint><Time>{when}</Time>"
                f"<DistanceMeters>{second * 8}</DistanceMeters>"
                "<HeartRateBpm><Value>140</Value></HeartRateBpm></Trackpoint>"
            )
        begin = (START + timedelta(seconds=lap * per_lap)).isoformat()
        parts.append(
            f'<Lap StartTime="{begin}"><TotalTimeSeconds>{per_lap}</TotalTimeSeconds>'
            f"<DistanceMeters>{per_lap * 8}</DistanceMeters><Calories>10</Calories>"
            f"<Track>{''.join(points)}</Track></Lap>"
        )
    return (
        '<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/'
        f'TrainingCenterDatabase/v2"><Activities><Activity Sport="{sport}">'
        f"<Id>x</Id>{''.join(parts)}</Activity></Activities></TrainingCenterDatabase>"
    ).encode()


def strength(**changes: Any) -> bytes:
    body: dict[str, Any] = {
        "version": "1.0",
        "start_time": "2026-07-04T16:30:00Z",
        "utc_offset": 7200,
        "elapsed_time": 1800,
        "active_time": 1500,
        "total_calories": 210,
        "creator": {"name": "Invented Gym"},
        "streams": {
            "time": list(range(0, 1800, 60)),
            "heartrate": [100 + i for i in range(30)],
        },
        "sets": [{"exercise_type": "BARBELL_DEADLIFT", "repetitions": 5, "weight": 80}],
    }
    body.update(changes)
    return json.dumps(
        {key: value for key, value in body.items() if value is not None}
    ).encode()


def test_a_gpx_track_becomes_a_run():
    record = process(gpx(), "gpx")
    detail, streams = record.detail, record.streams
    assert detail["sport_type"] == detail["type"] == "Run"
    assert detail["start_date"] == "2026-07-04T16:30:00Z"
    assert detail["start_date_local"] == "2026-07-04T18:30:00Z"
    assert detail["timezone"] == "(GMT+01:00) Europe/Berlin"
    assert detail["utc_offset"] == 7200.0
    assert detail["distance"] == pytest.approx(599 * 3, rel=0.002)
    assert detail["elapsed_time"] == detail["moving_time"] == 599
    assert detail["total_elevation_gain"] == pytest.approx(40, abs=1)
    assert detail["name"] == "Evening Run"
    assert detail["device_name"] == "Invented Watch"
    assert detail["average_speed"] == pytest.approx(3, abs=0.01)
    assert detail["average_temp"] == 21
    assert detail["max_heartrate"] == 159
    assert detail["device_watts"] is True
    assert detail["trainer"] is False
    assert detail["gear_id"] == "g1"
    assert [s["split"] for s in detail["splits_metric"]] == [1, 2]
    assert [e["name"] for e in detail["best_efforts"]] == [
        "400m", "1/2 mile", "1K", "1 mile",
    ]  # fmt: skip
    assert detail["best_efforts"][2]["elapsed_time"] == pytest.approx(333, abs=2)
    assert {len(values) for values in streams.values()} == {600}
    assert set(streams) >= {"time", "latlng", "altitude", "heartrate", "moving"}
    line = polyline.decode(detail["map"]["polyline"])
    assert line[0] == pytest.approx((48.1, 10.9), abs=1e-5)
    assert detail["start_latlng"] == [48.1, 10.9]
    assert {zone["type"] for zone in record.zones} >= {"heartrate", "pace"}


def test_the_form_decides_over_the_file():
    record = process(
        gpx(),
        "gpx",
        name="Mine",
        description="Told",
        sport_type="TrailRun",
        activity_type="ride",
        commute=True,
        trainer=True,
    )
    detail = record.detail
    assert detail["name"] == "Mine"
    assert detail["description"] == "Told"
    assert (detail["sport_type"], detail["type"]) == ("TrailRun", "Run")
    assert detail["commute"] is True
    assert detail["trainer"] is True


@pytest.mark.parametrize(
    ("given", "kind", "expected"),
    [
        ({"activity_type": "hIKE"}, "running", "Hike"),
        ({"sport_type": "Nonsense"}, "running", "Run"),
        ({"sport_type": "run"}, "cycling", "Ride"),
        ({}, None, "Ride"),  # the athlete's default sport
        ({}, "hiking", "Hike"),
    ],
)
def test_the_sport(given, kind, expected):
    assert process(gpx(60, kind=kind), "gpx", **given).detail["sport_type"] == expected


def test_a_tcx_without_positions_is_a_ride_on_a_trainer():
    detail = process(tcx(), "tcx").detail
    assert detail["sport_type"] == "Ride"
    assert detail["trainer"] is True
    assert detail["start_latlng"] == []
    assert detail["distance"] == 299 * 8
    assert [lap["start_index"] for lap in detail["laps"]] == [0, 100, 200]
    assert sum(lap["distance"] for lap in detail["laps"]) == 299 * 8
    assert detail["gear_id"] == "b1"
    assert "best_efforts" not in detail


def test_a_pause_is_elapsed_and_not_moving():
    data = gpx(600, step=lambda i: i if i < 300 else i + 900, way=lambda i: i)
    detail = process(data, "gpx").detail
    assert detail["elapsed_time"] == 599 + 900
    assert detail["moving_time"] == 598
    assert detail["distance"] == pytest.approx(599 * 3, rel=0.002)
    assert sum(s["elapsed_time"] for s in detail["splits_metric"]) == 1499
    assert sum(s["moving_time"] for s in detail["splits_metric"]) == 598


def test_standing_is_not_moving():
    data = tcx(laps=2)
    slow = data
    for second in range(100, 160):
        slow = slow.replace(
            f"<DistanceMeters>{second * 8}</DistanceMeters>".encode(),
            b"<DistanceMeters>800</DistanceMeters>",
        )
    detail = process(slow, "tcx").detail
    assert detail["elapsed_time"] == 199
    assert 199 - 62 <= detail["moving_time"] <= 199 - 40


def test_points_out_of_order_are_sorted():
    def shuffled(i: int) -> int:
        return 59 - i

    detail = process(gpx(60, step=shuffled), "gpx").detail
    assert detail["start_date"] == "2026-07-04T16:30:00Z"
    assert detail["elapsed_time"] == 59
    assert detail["distance"] == pytest.approx(177, abs=1)


def test_strength_json():
    record = process(strength(), "json")
    detail = record.detail
    assert detail["sport_type"] == "WeightTraining"
    assert detail["elapsed_time"] == 1800
    assert detail["moving_time"] == 1500
    assert detail["utc_offset"] == 7200
    assert detail["start_date_local"] == "2026-07-04T18:30:00Z"
    assert detail["calories"] == 210
    assert detail["device_name"] == "Invented Gym"
    assert detail["average_heartrate"] == pytest.approx(114.5, abs=1)
    assert detail["distance"] == 0
    assert "splits_metric" not in detail


def test_strength_json_takes_strength_sports_only():
    crossfit = process(strength(), "json", sport_type="Crossfit").detail
    assert crossfit["sport_type"] == "Crossfit"
    ride = process(strength(), "json", sport_type="Ride").detail
    assert ride["sport_type"] == "WeightTraining"


@pytest.mark.parametrize(
    "wrong",
    [
        {"version": "2.0"},
        {"version": 1.0},
        {"sets": []},
        {"sets": None},
        {"sets": [{"repetitions": 3}]},
        {"sets": [{"exercise_type": "SQUAT_GENERIC", "weight": "heavy"}]},
        {"utc_offset": None},
        {"utc_offset": "7200"},
        {"elapsed_time": None},
        {"elapsed_time": -1},
        {"start_time": "2026-07-04T16:30:00"},
        {"streams": {"heartrate": [1, 2]}},
        {"streams": {"time": [0, 1], "heartrate": [1]}},
        {"streams": {"time": [0, 1.5]}},
        {"creator": "me"},
    ],
)
def test_wrong_strength_json_is_refused(wrong):
    assert refused(strength(**wrong), "json") == texts.UPLOAD_MALFORMED


def test_strength_json_without_a_start_has_no_time():
    assert refused(strength(start_time=None), "json") == texts.UPLOAD_NO_TIME


def test_gzip_must_be_announced():
    packed = gzip.compress(gpx(60))
    assert process(packed, "gpx.gz").detail["sport_type"] == "Run"
    assert process(packed, "GPX.GZ").detail["sport_type"] == "Run"
    assert refused(packed, "gpx") == texts.UPLOAD_MALFORMED
    assert refused(gpx(60), "gpx.gz") == texts.UPLOAD_MALFORMED
    assert refused(gpx(60), "tcx") == texts.UPLOAD_MALFORMED


def test_points_without_times_are_refused():
    assert refused(gpx(times=False), "gpx") == texts.UPLOAD_NO_TIME


@pytest.mark.parametrize("kind", ["fit", "tcx", "gpx", "json", "fit.gz", "gpx.gz"])
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"<html><body>no</body></html>",
        b"\x1f\x8b\x08\x00",
        b"{}",
        b"[1, 2]",
        b"<gpx/>",
        b"<TrainingCenterDatabase/>",
        b"\x0e\x10\x00\x00\x00\x00\x00\x00.FIT\x00\x00",
        bytes(range(256)) * 10,
    ],
)
def test_what_is_no_activity_is_refused(data, kind):
    assert refused(data, kind) == texts.UPLOAD_MALFORMED


BOMB = (
    '<!DOCTYPE gpx [<!ENTITY a "lollollollol">'
    + "".join(
        f'<!ENTITY {b} "{("&" + a + ";") * 10}">'
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)


def test_entities_are_not_expanded():
    laughs = gpx(20, head=BOMB).replace(b"<name>Any", b"<name>&i;")
    assert refused(laughs, "gpx") == texts.UPLOAD_MALFORMED


def test_local_files_are_not_read(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("s3cret")
    head = f'<!DOCTYPE gpx [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    data = gpx(20, head=head).replace(b"<name>Any", b"<name>&x;")
    try:
        record = process(data, "gpx")
    except RejectedUpload:
        return
    assert "s3cret" not in json.dumps(record.detail)


def test_a_zip_bomb_is_refused():
    bomb = gzip.compress(b"<gpx>" + b" " * 60_000_000)
    assert len(bomb) < 100_000
    assert refused(bomb, "gpx.gz") == texts.UPLOAD_MALFORMED


def test_too_large_a_file_is_refused():
    assert refused(b"<gpx>" + b" " * 25_000_001, "gpx") == texts.UPLOAD_MALFORMED


def test_months_between_two_points_are_refused():
    def step(i: int) -> int:
        return i * 86_400 * 40

    assert refused(gpx(5, step=step), "gpx") == texts.UPLOAD_MALFORMED


def test_a_fit_file_that_promises_more_than_it_has_is_refused():
    header = struct.pack("<BBHI4s", 14, 0x10, 2078, 0xFFFFFFF0, b".FIT") + b"\0\0"
    definition = bytes([0x40, 0, 0, 0xFF, 0xFF, 0xFF]) + b"\xfd\xff\x86" * 255
    assert refused(header + definition, "fit") == texts.UPLOAD_MALFORMED


def test_a_fit_file_with_a_wrong_checksum_is_refused():
    pytest.importorskip("pyfitparsernative")
    streams = {
        "time": list(range(60)),
        "latlng": [[48 + i * 3e-5, 11.0] for i in range(60)],
        "distance": [i * 3.3 for i in range(60)],
    }
    data = write(from_streams(streams, start=START.timestamp(), sport="Run"), "fit")
    assert process(data, "fit").detail["sport_type"] == "Run"
    for place in range(20, len(data), 97):
        broken = bytearray(data)
        broken[place] ^= 0x10
        assert refused(bytes(broken), "fit") == texts.UPLOAD_MALFORMED
    assert refused(data[:-40], "fit") == texts.UPLOAD_MALFORMED


@pytest.mark.parametrize(
    ("at", "timezone", "offset"),
    [
        ((51.5, -0.1), "(GMT+00:00) Europe/London", 3600.0),
        ((12.4, 76.0), "(GMT+05:30) Asia/Kolkata", 19800.0),
        ((28.2, 83.9), "(GMT+05:45) Asia/Kathmandu", 20700.0),
        ((-34.7, 138.9), "(GMT+09:30) Australia/Adelaide", 34200.0),
        ((40.7, -74.0), "(GMT-05:00) America/New_York", -14400.0),
        ((47.6, -52.7), "(GMT-03:30) America/St_Johns", -9000.0),
    ],
)
def test_the_zone_comes_from_the_place(at, timezone, offset):
    detail = process(gpx(30, at=at), "gpx").detail
    assert detail["timezone"] == timezone
    assert detail["utc_offset"] == offset


def test_far_from_any_town_the_athletes_country_counts():
    detail = process(gpx(30, at=(-40.0, -30.0)), "gpx").detail
    assert detail["timezone"] == "(GMT+01:00) Europe/Berlin"


def test_the_same_file_gives_the_same_activity():
    assert process(gpx(), "gpx") == process(gpx(), "gpx")
