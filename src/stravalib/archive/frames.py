"""A light table that becomes a frame of pandas, polars or Arrow, or plain rows."""

from __future__ import annotations

import csv
import importlib
import importlib.util
from typing import TYPE_CHECKING, Any

from stravalib.archive import columnar
from stravalib.archive.files import atomic_path

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Mapping

    import pandas
    import polars
    import pyarrow

    from stravalib.archive.columnar import ColumnData


class Frame:
    """Columns with names, types and units, not yet of any frame library.

    Types: whole numbers are nullable integers, ``start_date`` is a timestamp in UTC,
    ``start_date_local`` a timestamp without zone (the wall clock), truth values are
    nullable booleans. See `units` for the unit of each column.
    """

    def __init__(
        self,
        columns: Mapping[str, ColumnData] | Callable[[], Mapping[str, ColumnData]],
        *,
        units: Mapping[str, str] | None = None,
        required: frozenset[str] = frozenset(),
    ) -> None:
        self._columns = columns
        self._units = units or {}
        self._required = required

    def _loaded(self) -> Mapping[str, ColumnData]:
        if callable(self._columns):
            self._columns = self._columns()
        return self._columns

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(self._loaded())

    @property
    def units(self) -> dict[str, str]:
        """The unit of each column that has one."""
        return {name: self._units[name] for name in self.columns if name in self._units}

    def __len__(self) -> int:
        return next((item.size for item in self._loaded().values()), 0)

    def __repr__(self) -> str:
        return f"<Frame: {len(self)} rows x {len(self.columns)} columns>"

    def __getitem__(self, name: str) -> list[Any]:
        """Return the values of one column."""
        return self._loaded()[name].values()

    def rows(self) -> Iterator[dict[str, Any]]:
        """Iterate over the rows as dicts of Python values."""
        names = self.columns
        values = [item.values() for item in self._loaded().values()]
        for row in zip(*values, strict=True):
            yield dict(zip(names, row, strict=True))

    __iter__ = rows

    def to_arrow(self) -> pyarrow.Table:
        """Return a `pyarrow.Table` (extra ``arrow``); no values are copied."""
        pa = _need("pyarrow", "arrow")
        return pa.table(
            {name: _arrow(pa, item) for name, item in self._loaded().items()}
        )

    def to_polars(self) -> polars.DataFrame:
        """Return a `polars.DataFrame` (extra ``polars``)."""
        pl = _need("polars", "polars")
        if importlib.util.find_spec("pyarrow") is not None:
            frame: polars.DataFrame = pl.from_arrow(self.to_arrow())
            return frame
        types = {
            "int": pl.Int64,
            "float": pl.Float64,
            "bool": pl.Boolean,
            "text": pl.String,
            "utc": pl.Datetime("us", "UTC"),
            "local": pl.Datetime("us"),
        }
        return pl.DataFrame(  # type: ignore[no-any-return]
            {
                name: pl.Series(name, item.values(), dtype=types[item.type])
                for name, item in self._loaded().items()
            }
        )

    def to_pandas(self) -> pandas.DataFrame:
        """Return a `pandas.DataFrame` (extra ``pandas``)."""
        pd = _need("pandas", "pandas")
        np = _need("numpy", "pandas")
        return pd.DataFrame(
            {
                name: _pandas(pd, np, item, name in self._required)
                for name, item in self._loaded().items()
            },
            copy=False,
        )

    def to_csv(self, path: str | os.PathLike[str]) -> None:
        """Write a CSV file (UTF-8, names in the first line, empty for null)."""
        with (
            atomic_path(path) as place,
            place.open("w", encoding="utf-8", newline="") as file,
        ):
            writer = csv.writer(file)
            writer.writerow(self.columns)
            for row in self.rows():
                writer.writerow(["" if v is None else v for v in row.values()])

    def to_parquet(self, path: str | os.PathLike[str]) -> None:
        """Write a Parquet file (extra ``arrow``); units are in the fields' metadata."""
        _need("pyarrow", "arrow")
        parquet = importlib.import_module("pyarrow.parquet")
        table = self.to_arrow()
        units = self.units
        fields = [
            field.with_metadata({"unit": units[field.name]})
            if units.get(field.name)
            else field
            for field in table.schema
        ]
        pa = importlib.import_module("pyarrow")
        with atomic_path(path) as place:
            parquet.write_table(
                table.cast(pa.schema(fields)), place, compression="zstd"
            )


def _need(module: str, extra: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ImportError(
            f'{module} is not installed: pip install "stravalib[{extra}]"'
        ) from error


def _arrow(pa: Any, item: ColumnData) -> Any:
    kinds = {
        "int": pa.int64(),
        "float": pa.float64(),
        "bool": pa.bool_(),
        "text": pa.string(),
        "utc": pa.timestamp("us", "UTC"),
        "local": pa.timestamp("us"),
    }
    buffers = [None if item.valid is None else pa.py_buffer(item.valid)]
    if item.type == "text":
        buffers.append(pa.py_buffer(item.offsets))
    buffers.append(pa.py_buffer(item.data))
    return pa.Array.from_buffers(kinds[item.type], item.size, buffers)


def _bits(np: Any, buffer: Any, size: int) -> Any:
    packed = np.frombuffer(buffer, np.uint8)
    return np.unpackbits(packed, count=size, bitorder="little").view(bool)


def _pandas(pd: Any, np: Any, item: ColumnData, required: bool) -> Any:
    if item.type == "text":
        if importlib.util.find_spec("pyarrow") is not None:
            pa = importlib.import_module("pyarrow")
            return pd.array(_arrow(pa, item), dtype=pd.StringDtype("pyarrow"))
        return pd.array(item.values(), dtype=pd.StringDtype("python"))
    if item.type == "bool":
        values = _bits(np, item.data, item.size)
    else:
        kind = np.float64 if item.type == "float" else np.int64
        # A copy: what lies in the file's memory cannot be written to.
        values = np.frombuffer(item.data, kind).copy()
    if item.type == "float":
        if item.valid is not None:
            values = np.where(_bits(np, item.valid, item.size), values, np.nan)
        return values
    if item.valid is None:
        gaps = np.zeros(item.size, bool)
    else:
        gaps = ~_bits(np, item.valid, item.size)
    if item.type in ("utc", "local"):
        if item.valid is not None:
            values = np.where(gaps, np.iinfo(np.int64).min, values)
        times = values.view("M8[us]")
        return pd.DatetimeIndex(times, tz="UTC") if item.type == "utc" else times
    if item.type == "bool":
        return pd.arrays.BooleanArray(values, gaps)
    if required and item.valid is None:
        return values
    return pd.arrays.IntegerArray(values, gaps)


def frame_of(
    names: list[str],
    types: list[columnar.ColumnType],
    rows: list[tuple[Any, ...]],
    *,
    units: Mapping[str, str] | None = None,
    required: frozenset[str] = frozenset(),
) -> Frame:
    """Make a frame of rows as SQLite gives them."""
    by_column = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    columns = {
        name: columnar.column(kind, values)
        for name, kind, values in zip(names, types, by_column, strict=True)
    }
    return Frame(columns, units=units, required=required)
