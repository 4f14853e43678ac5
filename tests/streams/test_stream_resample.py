from __future__ import annotations

import pytest
from stream_making import stream_set

from stravalib.streams import StreamSet


def data(streams: StreamSet) -> dict[str, list]:
    return {name: stream.data for name, stream in streams.items()}


def test_steady_values_are_interpolated_and_others_held():
    streams = stream_set(
        time=[0, 4],
        distance=[0, 10.0],
        latlng=[[46.0, 7.0], [46.4, 7.8]],
        heartrate=[100, 105],
        watts=[200, 300],
        cadence=[80, 90],
        moving=[True, False],
        surface=["road", "gravel"],
    )
    found = data(streams.resample(1))
    assert found == {
        "time": [0, 1, 2, 3, 4],
        "distance": [0, 2.5, 5.0, 7.5, 10.0],
        "latlng": [
            [pytest.approx(46 + 0.1 * k), pytest.approx(7 + 0.2 * k)] for k in range(5)
        ],
        "heartrate": [100, 101, 103, 104, 105],
        "watts": [200, 200, 200, 200, 300],
        "cadence": [80, 80, 80, 80, 90],
        "moving": [True, True, True, True, False],
        "surface": ["road", "road", "road", "road", "gravel"],
    }
    assert all(type(value) is int for value in found["heartrate"])


def test_a_gap_stays_a_gap():
    streams = stream_set(
        time=[0, 1, 60, 61], distance=[0.0, 1.0, 2.0, 3.0], watts=[1, 2, 3, 4]
    )
    found = data(streams.resample(1))
    assert found["time"] == list(range(62))
    assert found["distance"] == [0.0, 1.0, *[None] * 58, 2.0, 3.0]
    assert found["watts"] == [1, 2, *[None] * 58, 3, 4]
    joined = data(streams.resample(1, max_gap=59))  # exactly as long is no gap
    assert None not in joined["distance"]
    assert joined["watts"][2:60] == [2] * 58


def test_gaps():
    streams = stream_set(time=[0, 1, 60, 61, 71])
    (gap,) = streams.gaps()
    assert (gap.start, gap.end, gap.position, gap.seconds) == (1, 60, 1, 59)
    assert [gap.position for gap in streams.gaps(9)] == [1, 3]
    assert streams.gaps(10)[-1].position == 1  # exactly the threshold is no gap
    assert streams.gaps(59) == []
    assert StreamSet().gaps() == []


def test_thinned_streams_are_not_all_gaps():
    streams = stream_set(time=list(range(0, 3600, 36)), watts=[5] * 100)
    assert streams.gaps() == []
    assert None not in streams.resample(1)["watts"].data


def test_missing_samples_are_bridged_up_to_the_gap():
    streams = stream_set(
        time=[0, 1, 2, 3, 30, 31],
        heartrate=[None, 100, None, 102, None, 110],
        watts=[5, 6, None, None, None, None],
    )
    found = data(streams.resample(1, max_gap=5))
    assert found["heartrate"][:5] == [None, 100, 101, 102, None]
    assert found["heartrate"][-2:] == [None, 110]
    assert found["watts"] == [5, 6, *[None] * 30]


def test_longer_steps_and_fractions():
    streams = stream_set(time=[5, 6, 7, 8, 9, 10, 11], watts=[1, 2, 3, 4, 5, 6, 7])
    assert data(streams.resample(3)) == {"time": [5, 8, 11], "watts": [1, 4, 7]}
    assert data(streams.resample(4)) == {"time": [5, 9], "watts": [1, 5]}
    assert data(streams.resample(2.5)) == {"time": [5, 7.5, 10], "watts": [1, 3, 6]}
    tenths = stream_set(time=[0, 1]).resample(0.1)["time"].data
    assert len(tenths) == 11
    thirds = stream_set(time=[0, 0.3], distance=[0.0, 3.0]).resample(0.1)
    assert thirds["distance"].data == [0.0, pytest.approx(1), pytest.approx(2), 3.0]


def test_the_short_way_over_the_date_line():
    streams = stream_set(time=[0, 2, 4], latlng=[[0, 179.5], [0, -179.5], [0, 179.9]])
    lons = [lon for _, lon in streams.resample(1)["latlng"].data]
    assert lons == [179.5, pytest.approx(180), -179.5, pytest.approx(-179.8), 179.9]


def test_times_out_of_order_missing_and_twice():
    streams = stream_set(time=[0, 3, 2, None, 3], watts=[1, 4, 3, 9, 5])
    assert data(streams.resample(1))["watts"] == [1, 1, 3, 5]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("distance", [0.0, 1.0]),
        ("watts", [5]),
        ("cadence", [80, 90]),
        ("moving", [True]),
        ("heartrate", [100]),
        ("latlng", [[46.0, 7.0]]),
        ("surface", ["road"]),
        ("watts", []),
    ],
)
@pytest.mark.parametrize("padded", [False, True])
def test_a_stream_that_ends_early_ends_in_none(name, values, padded, caplog):
    """Nothing is known after the last sample, whether the end is cut off or null."""
    silent = [None] * (4 - len(values))
    sent = values + silent if padded else values
    streams = stream_set(time=[0, 1, 2, 3], **{name: sent})
    with caplog.at_level("WARNING", "stravalib.streams"):
        assert data(streams.resample(1))[name] == values + silent
        held = [value for value in values for _ in range(2)]
        if held and name in ("watts", "cadence", "moving", "surface"):
            held[-1] = None
            expected = (held + [None] * 7)[:7]
            assert data(streams.resample(0.5))[name] == expected
    told = [record.getMessage() for record in caplog.records]
    assert bool(told) is not padded
    assert all(f"The stream {name} has {len(values)} samples" in text for text in told)


def test_held_values_bridge_two_samples_only():
    streams = stream_set(
        time=[0, 1, 2, 3, 4], watts=[5, None, 7, None, None], moving=[None, 1, 1, 0, 0]
    )
    found = data(streams.resample(1))
    assert found["watts"] == [5, 5, 7, None, None]
    assert found["moving"] == [None, True, True, False, False]


def test_a_time_stream_that_is_shorter():
    streams = stream_set(time=[0, 1], watts=[5, 6, 7])
    assert data(streams.resample(1)) == {"time": [0, 1], "watts": [5, 6]}


def test_what_the_result_says_about_itself():
    streams = stream_set(time=[0, 2], watts=[1, 2])
    found = streams.resample(1)
    assert type(found) is StreamSet
    assert found["watts"].series_type == "time"
    assert found["watts"].original_size == 2
    assert streams["watts"].series_type == "distance"
    assert streams["watts"].data == [1, 2]


def test_empty_sets():
    assert StreamSet().resample(1) == {}
    assert data(stream_set(time=[], watts=[]).resample(1)) == {"time": [], "watts": []}
    assert data(stream_set(time=[7], watts=[3]).resample(1)) == {
        "time": [7],
        "watts": [3],
    }


@pytest.mark.parametrize("step", [0, -1, float("nan"), float("inf")])
def test_a_step_must_be_above_zero(step):
    with pytest.raises(ValueError, match="give a step above 0"):
        stream_set(time=[0, 1]).resample(step)


def test_help_where_it_cannot_be_done():
    with pytest.raises(ValueError, match="no stream `time` among distance, altitude"):
        stream_set(distance=[0.0], altitude=[1.0]).resample(1)
    with pytest.raises(ValueError, match="longer step"):
        stream_set(time=[0, 10**9]).resample(1)
