from __future__ import annotations

import copy
import logging
import pickle
import subprocess
import sys

import pytest
from stream_making import stream_set

from stravalib.model import Stream
from stravalib.streams import StreamSet


@pytest.fixture
def ride() -> StreamSet:
    return stream_set(
        time=[0, 1, 2, 40, 41],
        distance=[0.0, 5.5, 11.0, 20.0, 25.0],
        latlng=[[46.0, 7.0], [46.1, 7.1], [46.2, 7.2], None, [46.4, 7.4]],
        heartrate=[100, None, 110, 120, 121],
        watts=[0, 200, 210, 0, 180],
        moving=[False, True, True, False, True],
    )


def test_it_is_a_dictionary(ride):
    assert isinstance(ride, dict)
    names = ["time", "distance", "latlng", "heartrate", "watts", "moving"]
    assert list(ride) == ride.types == names
    assert len(ride) == 6
    assert ride["watts"].data == [0, 200, 210, 0, 180]
    assert ride == dict(ride)
    assert StreamSet() == {}
    assert not StreamSet()
    assert StreamSet({"a": 1}, b=2) == {"a": 1, "b": 2}
    with pytest.raises(KeyError):
        ride["temp"]


@pytest.mark.parametrize(
    "again",
    [
        copy.copy,
        copy.deepcopy,
        lambda streams: streams.copy(),
        lambda streams: pickle.loads(pickle.dumps(streams)),
    ],
)
def test_copies_are_sets(ride, again):
    twin = again(ride)
    assert type(twin) is StreamSet
    assert twin == ride
    assert twin is not ride


def test_points(ride):
    assert len(ride.points) == 5
    assert ride.points[1] == {
        "time": 1,
        "distance": 5.5,
        "latlng": [46.1, 7.1],
        "heartrate": None,
        "watts": 200,
        "moving": True,
    }
    assert ride.points[-1]["time"] == 41
    assert [point["watts"] for point in ride.points[3:]] == [0, 180]
    assert [point["time"] for point in ride.points] == [0, 1, 2, 40, 41]
    assert {"time": 7} not in ride.points
    for index in (5, -6):
        with pytest.raises(IndexError, match="there are 5"):
            ride.points[index]
    assert list(StreamSet().points) == []


def test_points_of_a_shorter_stream_are_missing_not_cut():
    streams = stream_set(time=[0, 1, 2], watts=[100])
    assert [point["watts"] for point in streams.points] == [100, None, None]


def test_latlng(ride):
    assert ride.latlng == [(46.0, 7.0), (46.1, 7.1), (46.2, 7.2), (46.4, 7.4)]
    assert all(type(pair) is tuple for pair in ride.latlng)
    assert stream_set(time=[1]).latlng == []
    assert stream_set(latlng=[[], [1, 2], None]).latlng == [(1, 2)]


def test_raw_is_what_came(ride):
    assert ride.raw["watts"] == {
        "type": "watts",
        "data": [0, 200, 210, 0, 180],
        "series_type": "distance",
        "original_size": 5,
        "resolution": "high",
    }


def test_repr_is_short(ride):
    assert repr(ride) == (
        "<StreamSet time, distance, latlng, heartrate, watts, moving: 5 points>"
    )
    assert repr(StreamSet()) == "<StreamSet no streams: 0 points>"
    assert repr(stream_set(time=[0])) == "<StreamSet time: 1 point>"
    assert repr(ride.points).startswith("<Points time, distance")


def test_streams_without_data():
    streams = StreamSet(time=Stream(type="time"), watts=Stream(data=[1]))
    assert len(streams.points) == 1
    assert streams.to_numpy()["time"].tolist() == [
        pytest.approx(float("nan"), nan_ok=True)
    ]


def test_a_difference_in_length_is_logged(caplog):
    streams = stream_set(time=[0, 1, 2], watts=[100])
    with caplog.at_level(logging.WARNING, "stravalib.streams"):
        found = streams.to_numpy()
    assert [len(column) for column in found.values()] == [3, 3]
    assert "stream watts has 1 samples, others have 3" in caplog.text
    assert streams["watts"].data == [100]


def test_importing_it_is_light():
    code = (
        "import sys, stravalib.streams as s; s.StreamSet(); "
        "print([m for m in ('pydantic','numpy','pandas','polars','pyarrow') "
        "if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
