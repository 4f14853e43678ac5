"""Streams as arrays and tables of NumPy, pandas, Polars and Arrow."""

from __future__ import annotations

import datetime as dt
import json
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from stravalib._streams.columns import Column, Kind

if TYPE_CHECKING:
    import numpy
    import pandas
    import polars
    import pyarrow

    Array = numpy.ndarray[Any, numpy.dtype[Any]]

_AGES: Final = 1e10  # seconds, 300 years


def arrays(columns: list[Column]) -> dict[str, Array]:
    """Return NumPy arrays by stream; see `StreamSet.to_numpy`."""
    np = _load("numpy", "NumPy", "numpy")
    return {column.name: _array(np, column) for column in columns}


def pandas_frame(columns: list[Column], start: dt.datetime | None) -> pandas.DataFrame:
    """Return a pandas table; see `StreamSet.to_pandas`."""
    pd = _load("pandas", "pandas", "pandas")
    dtypes = {Kind.WHOLE: "Int64", Kind.NUMBER: "Float64", Kind.FLAG: "boolean"}
    found: dict[str, Any] = {}
    index = None
    for column in flat(columns):
        if column.name == "time" and _is_time(column):
            np = _load("numpy", "NumPy", "numpy")
            seconds = _array(np, column._replace(kind=Kind.NUMBER))
            spans = (seconds * 1000).round().astype("timedelta64[ms]")
            index = pd.TimedeltaIndex(spans, name="time")
            if start is not None:
                index = (pd.Timestamp(start) + index).rename("time")
        elif column.kind in dtypes:
            dtype = dtypes[column.kind]
            found[column.name] = pd.array(column.values, dtype=dtype)
        else:
            found[column.name] = pd.Series(column.values, dtype=object, index=index)
    _need_time(start, columns)
    return pd.DataFrame(found, index=index)


def polars_frame(columns: list[Column], start: dt.datetime | None) -> polars.DataFrame:
    """Return a Polars table; see `StreamSet.to_polars`."""
    pl = _load("polars", "Polars", "polars")
    dtypes = {
        Kind.WHOLE: pl.Int64,
        Kind.NUMBER: pl.Float64,
        Kind.FLAG: pl.Boolean,
        Kind.OTHER: pl.String,
    }
    found = []
    for column in _stamped(columns, start):
        if isinstance(column, Stamps):
            zone = "UTC" if column.aware else None
            dtype = pl.Datetime("ms", zone)
            series = pl.Series(column.name, column.values, dtype=pl.Int64)
            found.append(series.cast(dtype))
        else:
            values = _texts(column)
            dtype = dtypes[column.kind]
            found.append(pl.Series(column.name, values, dtype=dtype, strict=False))
    frame: polars.DataFrame = pl.DataFrame(found)
    return frame


def arrow_table(columns: list[Column], start: dt.datetime | None) -> pyarrow.Table:
    """Return an Arrow table; see `StreamSet.to_arrow`."""
    pa = _load("pyarrow", "PyArrow", "arrow")
    dtypes = {
        Kind.WHOLE: pa.int64(),
        Kind.NUMBER: pa.float64(),
        Kind.FLAG: pa.bool_(),
        Kind.OTHER: pa.string(),
    }
    found = {}
    for column in _stamped(columns, start):
        if isinstance(column, Stamps):
            dtype = pa.timestamp("ms", tz="UTC" if column.aware else None)
            stamps = pa.array(column.values, pa.int64())
            found[column.name] = stamps.cast(dtype)
        else:
            values = _texts(column)
            if column.kind is Kind.NUMBER:  # Arrow refuses whole numbers above 2**53
                values = [None if value is None else float(value) for value in values]
            found[column.name] = pa.array(values, dtypes[column.kind])
    return pa.table(found)


def flat(columns: list[Column]) -> list[Column]:
    """Return columns without pairs: positions become ``lat`` and ``lon``.

    Another stream of pairs becomes ``NAME_0`` and ``NAME_1``.
    """
    found = []
    for column in columns:
        if column.kind is not Kind.PLACE:
            found.append(column)
            continue
        name = column.name
        names = ("lat", "lon") if name == "latlng" else (f"{name}_0", f"{name}_1")
        for place, part in enumerate(names):
            values = [None if pair is None else pair[place] for pair in column.values]
            found.append(Column(part, Kind.NUMBER, values))
    return found


class Stamps:
    """The time column as milliseconds since 1970."""

    name = "time"

    def __init__(self, column: Column, start: dt.datetime) -> None:
        self.aware = start.tzinfo is not None
        epoch = dt.datetime(1970, 1, 1, tzinfo=dt.UTC if self.aware else None)
        first = (start - epoch) // dt.timedelta(milliseconds=1)
        self.values = [
            None if value is None else first + round(value * 1000)
            for value in column.values
        ]


def _stamped(columns: list[Column], start: dt.datetime | None) -> list[Column | Stamps]:
    _need_time(start, columns)
    return [
        Stamps(column, start) if start is not None and column.name == "time" else column
        for column in flat(columns)
    ]


def _need_time(start: dt.datetime | None, columns: list[Column]) -> None:
    times = [column for column in columns if column.name == "time"]
    if start is not None and not (times and _is_time(times[0])):
        raise ValueError(
            "start= makes times of the stream `time`, which is missing or has "
            "no seconds; fetch it too, "
            "or leave start= away."
        )


def _is_time(column: Column) -> bool:
    """Tell whether the values are seconds that a calendar has room for."""
    return column.kind in (Kind.WHOLE, Kind.NUMBER) and all(
        value is None or abs(value) < _AGES for value in column.values
    )


def _array(np: Any, column: Column) -> Array:
    values: list[Any] = column.values
    found: Array
    if column.kind is Kind.PLACE:
        nowhere = (np.nan, np.nan)
        pairs = [nowhere if pair is None else pair for pair in values]
        found = np.array(pairs, dtype=np.float64).reshape(-1, 2)
    elif column.kind is Kind.OTHER:
        found = np.empty(len(values), dtype=object)
        for place, value in enumerate(values):
            found[place] = value
    elif column.kind is Kind.FLAG and None not in values:
        found = np.array(values, dtype=np.bool_)
    else:
        found = np.array(values, dtype=np.float64)  # None becomes NaN
    return found


def _texts(column: Column) -> list[Any]:
    if column.kind is not Kind.OTHER:
        return column.values
    return [None if value is None else json.dumps(value) for value in column.values]


def _load(module: str, name: str, extra: str) -> Any:
    try:
        return import_module(module)
    except ImportError as error:
        raise ImportError(
            f'{name} is not installed; run: pip install "stravalib[{extra}]"'
        ) from error
