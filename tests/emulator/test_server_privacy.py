from __future__ import annotations

from typing import TYPE_CHECKING

from asking import Asker
from small_world import ANNA, RUN

from stravalib.emulator.polylines import decode

if TYPE_CHECKING:
    from stravalib.emulator import LocalStrava

# The run starts at 47.28, 11.5 and goes north-east; its polyline lies elsewhere.
START = (47.28, 11.5, 500.0)
LINE_START = (38.5, -120.2, 500.0)


def test_zones_cut_tracks_without_read_all(small: LocalStrava) -> None:
    small.state.athletes[ANNA].privacy_zones = [START, LINE_START]
    owner = Asker(small, small.token("activity:read_all"))
    other = Asker(small, small.token("activity:read"))
    path = f"/activities/{RUN}"
    whole, cut = owner.get(path).json(), other.get(path).json()
    assert whole["start_latlng"] == [47.28, 11.5]
    assert cut["start_latlng"] == []
    assert cut["end_latlng"] == whole["end_latlng"]
    points = decode(whole["map"]["polyline"])
    assert decode(cut["map"]["polyline"]) == points[1:]
    listed = other.get("/athlete/activities", per_page=1).json()[0]
    assert listed["start_latlng"] == []
    assert decode(listed["map"]["summary_polyline"]) == points[1:2]
    asked = {"keys": "time,latlng,heartrate", "key_by_type": "true"}
    full = owner.get(path + "/streams", **asked).json()
    short = other.get(path + "/streams", **asked).json()
    missing = len(full["latlng"]["data"]) - len(short["latlng"]["data"])
    assert 300 < missing < 500  # 500 m of this track
    assert short["latlng"]["data"] == full["latlng"]["data"][missing:]
    assert {len(stream["data"]) for stream in short.values()} == {
        len(short["latlng"]["data"])
    }


def test_a_zone_around_everything_leaves_no_streams(small: LocalStrava) -> None:
    small.state.athletes[ANNA].privacy_zones = [(47.28, 11.5, 1e6)]
    other = Asker(small, small.token("activity:read"))
    streams = other.get(f"/activities/{RUN}/streams", keys="latlng").json()
    assert [stream["data"] for stream in streams] == [[], []]
