from __future__ import annotations

import datetime as dt
import math
import sys

import pytest
from stream_making import stream_set

START = dt.datetime(2026, 5, 1, 7, 30, tzinfo=dt.timezone(dt.timedelta(hours=5.5)))


@pytest.fixture
def ride():
    return stream_set(
        time=[0, 1, 3],
        distance=[0, 5.5, None],
        latlng=[[46.0, 7], None, [46.2, 7.2]],
        watts=[0, None, 210],
        temp=[20.0, 21.0, None],
        moving=[False, None, True],
        surface=["road", None, {"kind": "gravel"}],
        mood=[1.5, 2, 3],
    )


def test_numpy(ride):
    np = pytest.importorskip("numpy")
    found = ride.to_numpy()
    assert list(found) == list(ride)
    assert {name: array.dtype.kind for name, array in found.items()} == {
        "time": "f",
        "distance": "f",
        "latlng": "f",
        "watts": "f",
        "temp": "f",
        "moving": "f",
        "surface": "O",
        "mood": "f",
    }
    assert found["latlng"].shape == (3, 2)
    assert np.isnan(found["latlng"][1]).all()
    assert found["latlng"][2].tolist() == [46.2, 7.2]
    assert np.array_equal(found["watts"], [0, math.nan, 210], equal_nan=True)
    assert np.array_equal(found["moving"], [0, math.nan, 1], equal_nan=True)
    assert found["surface"].tolist() == ["road", None, {"kind": "gravel"}]


def test_numpy_of_whole_streams():
    found = stream_set(moving=[True, False], latlng=[]).to_numpy()
    assert found["moving"].dtype == bool
    assert found["latlng"].shape == (2, 2)  # padded
    assert stream_set().to_numpy() == {}
    assert stream_set(latlng=[]).to_numpy()["latlng"].shape == (0, 2)


def test_pandas(ride):
    pd = pytest.importorskip("pandas")
    frame = ride.to_pandas()
    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == {
        "distance": "Float64",
        "lat": "Float64",
        "lon": "Float64",
        "watts": "Int64",
        "temp": "Int64",
        "moving": "boolean",
        "surface": "object",
        "mood": "Float64",
    }
    assert isinstance(frame.index, pd.TimedeltaIndex)
    assert frame.index.name == "time"
    assert frame.index.total_seconds().tolist() == [0, 1, 3]
    assert frame["watts"].isna().tolist() == [False, True, False]
    assert frame["lon"].tolist()[0] == 7
    assert frame["moving"].iloc[2]
    assert frame["moving"].isna().iloc[1]


def test_pandas_with_a_start(ride):
    pd = pytest.importorskip("pandas")
    frame = ride.to_pandas(start=START)
    assert frame.index[2] == pd.Timestamp(START + dt.timedelta(seconds=3))
    assert frame.index[0].utcoffset() == dt.timedelta(hours=5.5)
    naive = ride.to_pandas(start=START.replace(tzinfo=None))
    assert naive.index.tz is None


def test_pandas_without_time():
    pytest.importorskip("pandas")
    frame = stream_set(distance=[1.0, 2.0]).to_pandas()
    assert frame.index.tolist() == [0, 1]
    gap = stream_set(time=[0, None, 2], watts=[1, 2, 3]).to_pandas()
    assert gap.index.isna().tolist() == [False, True, False]
    assert stream_set().to_pandas().empty


@pytest.mark.parametrize("method", ["to_pandas", "to_polars", "to_arrow"])
def test_a_start_needs_the_stream_time(method):
    with pytest.raises(ValueError, match="stream `time`, which is missing or"):
        getattr(stream_set(distance=[1.0]), method)(start=START)


def test_polars(ride):
    pl = pytest.importorskip("polars")
    frame = ride.to_polars()
    assert dict(frame.schema) == {
        "time": pl.Int64,
        "distance": pl.Float64,
        "lat": pl.Float64,
        "lon": pl.Float64,
        "watts": pl.Int64,
        "temp": pl.Int64,
        "moving": pl.Boolean,
        "surface": pl.String,
        "mood": pl.Float64,
    }
    assert frame["watts"].to_list() == [0, None, 210]
    assert frame["lat"].to_list() == [46.0, None, 46.2]
    assert frame["surface"].to_list() == ['"road"', None, '{"kind": "gravel"}']
    stamped = ride.to_polars(start=START)
    assert stamped["time"].dtype == pl.Datetime("ms", "UTC")
    assert stamped["time"].to_list()[2] == START + dt.timedelta(seconds=3)


def test_arrow(ride):
    pa = pytest.importorskip("pyarrow")
    table = ride.to_arrow()
    assert table.schema.field("watts").type == pa.int64()
    assert table.schema.field("distance").type == pa.float64()
    assert table["watts"].to_pylist() == [0, None, 210]
    assert table["distance"].to_pylist() == [0.0, 5.5, None]
    assert table["moving"].to_pylist() == [False, None, True]
    assert table["lon"].to_pylist() == [7.0, None, 7.2]
    stamped = ride.to_arrow(start=START)
    assert stamped["time"].to_pylist()[1] == START + dt.timedelta(seconds=1)
    naive = ride.to_arrow(start=START.replace(tzinfo=None))
    assert naive["time"].to_pylist()[0] == START.replace(tzinfo=None)


@pytest.mark.parametrize(
    ("method", "module", "extra"),
    [
        ("to_numpy", "numpy", "numpy"),
        ("to_pandas", "pandas", "pandas"),
        ("to_polars", "polars", "polars"),
        ("to_arrow", "pyarrow", "arrow"),
    ],
)
def test_a_missing_library_is_named_with_its_extra(
    ride, monkeypatch, method, module, extra
):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ImportError, match=rf'pip install "stravalib\[{extra}\]"'):
        getattr(ride, method)()


@pytest.mark.parametrize("method", ["to_numpy", "to_pandas", "to_polars", "to_arrow"])
@pytest.mark.parametrize(
    "values",
    [
        [True, 2, 3.5],
        [2**70, 1],
        [None, None],
        [[1, 2], [3]],
        ["a"],
        [1e308, 5],
        [{}],
    ],
)
def test_odd_values_never_fail(method, values):
    for name in ("time", "watts", "distance", "moving", "latlng", "new"):
        found = getattr(stream_set(**{name: values}), method)()
        assert found is not None
