"""What is in the archive: activities, totals, streams and tracks."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Literal

from stravalib._facts.streams import STREAM_UNITS
from stravalib.archive import codec, columnar
from stravalib.archive.columns import COLUMNS, UNITS
from stravalib.archive.errors import ArchiveError, NotKept
from stravalib.archive.frames import Frame, _need, frame_of
from stravalib.archive.project import iso

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from stravalib.archive.columnar import ColumnData, ColumnType
    from stravalib.archive.sqlite import SQLiteStore
    from stravalib.archive.store import Source

Moment = datetime | date | str | int | float
Period = Literal["week", "month", "year"]

_TYPES: dict[str, ColumnType] = {
    "INTEGER": "int",
    "REAL": "float",
    "TEXT": "text",
    "BOOLEAN": "bool",
}
_NAMES = [column.name for column in COLUMNS if column.name != "summary_polyline"]
_REQUIRED = frozenset({"athlete_id", "id", "level", "activities", "activity_id"})
_PERIODS = {
    "week": "date(substr(start_date_local, 1, 10), '-6 days', 'weekday 1')",
    "month": "substr(start_date_local, 1, 7)",
    "year": "substr(start_date_local, 1, 4)",
}
_SUMS = ("distance", "moving_time", "elapsed_time", "total_elevation_gain")
_FIRST = ("time", "timestamp", "lat", "lng")
_BEST = "CASE r.source WHEN 'api' THEN 0 WHEN 'export' THEN 1 ELSE 2 END"


def seconds(value: Moment) -> int:
    """Read a moment: a datetime (naive: UTC), a date, ISO 8601, or seconds."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        if value.tzinfo is None:
            value = value.replace(tzinfo=UTC)
        return int(value.timestamp())
    if isinstance(value, date):
        return int(datetime(value.year, value.month, value.day, tzinfo=UTC).timestamp())
    return int(value)


def condition(
    *,
    after: Moment | None = None,
    before: Moment | None = None,
    sport: str | Iterable[str] | None = None,
    athlete_id: int | None = None,
    source: Source | None = None,
) -> tuple[str, dict[str, Any]]:
    """Make the WHERE clause (or nothing) and its parameters."""
    parts, values = [], dict[str, Any]()
    if after is not None:
        parts.append("start_epoch >= :after")
        values["after"] = seconds(after)
    if before is not None:
        parts.append("start_epoch < :before")
        values["before"] = seconds(before)
    if sport is not None:
        sports = [sport] if isinstance(sport, str) else list(sport)
        marks = []
        for number, name in enumerate(sports):
            values[f"sport{number}"] = str(name)
            marks.append(f":sport{number}")
        parts.append(f"sport_type IN ({', '.join(marks)})")
    if athlete_id is not None:
        parts.append("athlete_id = :athlete_id")
        values["athlete_id"] = athlete_id
    if source is not None:
        parts.append("(',' || sources || ',') LIKE '%,' || :source || ',%'")
        values["source"] = source
    return (f" WHERE {' AND '.join(parts)}" if parts else ""), values


def activities(store: SQLiteStore, *, polyline: bool, **where: Any) -> Frame:
    """Make the frame of the activities, newest first."""
    clause, values = condition(**where)
    if not clause and not polyline:
        return Frame(lambda: _whole(store), units=UNITS, required=_REQUIRED)
    return Frame(
        lambda: _read(store, clause, values, polyline), units=UNITS, required=_REQUIRED
    )


def _column_type(name: str, kind: str) -> ColumnType:
    special: dict[str, ColumnType] = {"start_date": "utc", "start_date_local": "local"}
    return special.get(name, _TYPES[kind])


def _read(
    store: SQLiteStore, clause: str, values: Mapping[str, Any], polyline: bool
) -> dict[str, ColumnData]:
    picked = [item for item in COLUMNS if polyline or item.name in _NAMES]
    rows = store.query(
        f"SELECT {', '.join(item.name for item in picked)} FROM activity{clause}"
        " ORDER BY start_epoch DESC, id DESC",
        values,
    )
    by_column = list(zip(*rows, strict=True)) if rows else [()] * len(picked)
    return {
        item.name: columnar.column(_column_type(item.name, item.type), cells)
        for item, cells in zip(picked, by_column, strict=True)
    }


def _whole(store: SQLiteStore) -> Mapping[str, ColumnData]:
    """Read all activities from the columnar copy; make it anew where it is old."""
    changes, made, body = store.query(
        "SELECT c.changes, k.changes, k.body FROM counter c"
        " LEFT JOIN columnar k ON k.name = c.name WHERE c.name = 'activity'"
    )[0]
    if made == changes:
        columns = columnar.unpack(body)
        if columns is not None and list(columns) == _NAMES:
            return columns
    columns = _read(store, "", {}, False)
    if not store.read_only:
        try:
            with store.transaction():
                store.execute(
                    "INSERT OR REPLACE INTO columnar SELECT 'activity', ?1, ?2"
                    " WHERE ?1 = (SELECT changes FROM counter WHERE name = 'activity')",
                    (changes, columnar.pack(columns)),
                )
        except ArchiveError:
            pass  # A copy is a comfort; the answer is there without it.
    return columns


def totals(store: SQLiteStore, period: Period, by_sport: bool, **where: Any) -> Frame:
    """Sum the activities by week (its Monday), month or year of the local date."""
    if period not in _PERIODS:
        raise ValueError(f"by={period!r}: choose among {sorted(_PERIODS)}")
    clause, values = condition(**where)
    clause += " AND " if clause else " WHERE "
    names = [period, *(["sport_type"] if by_sport else []), "activities", *_SUMS]
    sport = "sport_type, " if by_sport else ""
    sums = ", ".join(f"sum({name})" for name in _SUMS)
    group = "1, 2" if by_sport else "1"
    rows = store.query(
        f"SELECT {_PERIODS[period]}, {sport}count(*), {sums} FROM activity{clause}"
        f" start_date_local IS NOT NULL GROUP BY {group} ORDER BY {group}",
        values,
    )
    types: list[ColumnType] = ["text", "int", "float", "int", "int", "float"]
    if by_sport:
        types.insert(1, "text")
    return frame_of(names, types, rows, units=UNITS, required=_REQUIRED)


class StreamSet:
    """The streams of one activity (or segment, route, effort), still packed."""

    def __init__(
        self, envelope: Any, blobs: Mapping[str, bytes], *, source: str, kind: str
    ) -> None:
        self.envelope = envelope
        self._blobs = blobs
        self.source = source
        self.kind = kind

    def __contains__(self, name: str) -> bool:
        return name in self._blobs

    def __iter__(self) -> Iterator[str]:
        return iter(self._blobs)

    def __len__(self) -> int:
        return len(self._blobs)

    def __repr__(self) -> str:
        return f"<StreamSet {', '.join(self._blobs)} from {self.source}>"

    def __getitem__(self, name: str) -> list[Any]:
        """Return the values of one stream exactly as they came in."""
        return codec.decode(self._blobs[name])

    def lists(self) -> dict[str, list[Any]]:
        """Return all streams exactly as they came in, nulls as None."""
        return {name: codec.decode(blob) for name, blob in self._blobs.items()}

    def to_numpy(self) -> dict[str, NDArray[Any]]:
        """Return arrays (extra ``numpy``); ``latlng`` has shape (n, 2).

        Where integers have gaps, the array is float64 and holds NaN there.
        """
        _need("numpy", "numpy")
        return {name: _array(blob) for name, blob in self._blobs.items()}

    def raw(self) -> Any:
        """Return the JSON as Strava sent it."""
        return join(self.envelope, self.lists())


def split(body: Any) -> tuple[Any, dict[str, list[Any]]]:
    """Part the JSON of streams into its envelope and the columns."""
    columns: dict[str, list[Any]] = {}

    def part(name: Any, item: Any) -> Any:
        if (
            not isinstance(item, dict)
            or not isinstance(item.get("data"), list)
            or not isinstance(name, str)
            or name in columns
        ):
            return item
        columns[name] = item["data"]
        return {**item, "data": {"kept": name}}

    if isinstance(body, dict):
        return {name: part(name, item) for name, item in body.items()}, columns
    if isinstance(body, list):
        return [
            part(item.get("type"), item) if isinstance(item, dict) else item
            for item in body
        ], columns
    return body, columns


def join(envelope: Any, columns: Mapping[str, list[Any]]) -> Any:
    """Put the columns back into the envelope."""

    def whole(item: Any) -> Any:
        data = item.get("data") if isinstance(item, dict) else None
        if isinstance(data, dict) and data.get("kept") in columns:
            return {**item, "data": columns[data["kept"]]}
        return item

    if isinstance(envelope, dict):
        return {name: whole(item) for name, item in envelope.items()}
    if isinstance(envelope, list):
        return [whole(item) for item in envelope]
    return envelope


def stream_set(
    store: SQLiteStore,
    number: int,
    *,
    of: str = "activity",
    source: Source | None = None,
) -> StreamSet:
    """Find the streams of one activity, segment, route or effort."""
    rows = store.query(
        "SELECT r.id, r.kind, r.key, r.source, r.athlete_id FROM record r"
        " WHERE r.kind IN (?1 || '_streams', ?1 || '_track')"
        " AND r.key IN (SELECT ?2 UNION SELECT CAST(file_id AS TEXT) FROM twin"
        "   WHERE activity_id = ?3)"
        f" AND (?4 IS NULL OR r.source = ?4) ORDER BY {_BEST} LIMIT 1",
        (of, str(number), number, source),
    )
    if not rows:
        origin = "" if source is None else f" from {source}"
        raise NotKept(
            f"no streams of {of} {number}{origin} in the archive: sync or import them"
        )
    record_id, kind, key, origin, athlete_id = rows[0]
    record = store.get(athlete_id, kind, key, origin)
    body = record.body if record is not None else None
    return StreamSet(body, store.streams(record_id), source=origin, kind=kind)


def _array(blob: bytes) -> NDArray[Any]:
    import numpy as np

    values, mask = codec.decode_numpy(blob)
    if not values.flags.writeable:
        values = values.copy()
    if mask is None or values.dtype.kind == "f" or values.dtype == object:
        return values
    floats = values.astype(np.float64)
    floats[mask] = np.nan
    return floats


def tracks(
    store: SQLiteStore, **where: Any
) -> Iterator[tuple[int, NDArray[np.float64]]]:
    """Iterate over (activity id, array of latitude and longitude), oldest first."""
    _need("numpy", "numpy")
    clause, values = condition(**where)
    rows = store.query(
        "SELECT a.id, s.data FROM (SELECT id, athlete_id, source, start_epoch"
        f" FROM activity{clause}) a JOIN record r ON r.athlete_id = a.athlete_id"
        " AND r.kind IN ('activity_streams', 'activity_track')"
        " AND r.key IN (CAST(a.id AS TEXT), (SELECT CAST(file_id AS TEXT) FROM twin t"
        "  WHERE t.athlete_id = a.athlete_id AND t.activity_id = a.id))"
        " JOIN stream s ON s.record_id = r.id AND s.type = 'latlng'"
        f" ORDER BY a.start_epoch, a.id, {_BEST}",
        values,
    )
    last = None
    for number, blob in rows:
        if number != last:
            last = number
            yield number, _array(blob)


def stream_frame(
    store: SQLiteStore, ids: Iterable[int], source: Source | None
) -> Frame:
    """Make one long frame: a row a point, sorted by activity as given."""
    numbers = list(ids)
    return Frame(
        lambda: _points(store, numbers, source),
        units={**STREAM_UNITS, "lat": "deg", "lng": "deg", "point": "index from 0"},
        required=frozenset({"activity_id", "point"}),
    )


def _points(
    store: SQLiteStore, ids: list[int], source: Source | None
) -> dict[str, ColumnData]:
    np = _need("numpy", "numpy")
    parts: list[tuple[int, int, dict[str, Any]]] = []
    for number in ids:
        arrays: dict[str, Any] = {}
        found = stream_set(store, number, source=source)
        for name, blob in found._blobs.items():
            values, mask = codec.decode_numpy(blob)
            if values.dtype == object:
                continue
            if values.ndim == 2:
                arrays["lat"], arrays["lng"] = (
                    (values[:, 0], None),
                    (values[:, 1], None),
                )
            else:
                arrays[name] = (values, mask)
        if "timestamp" in arrays and "time" not in arrays:
            stamps, mask = arrays["timestamp"]
            first = np.nanmin(stamps) if len(stamps) else 0
            arrays["time"] = (np.round(stamps - first, 3), mask)
        size = max((len(item[0]) for item in arrays.values()), default=0)
        arrays = {name: item for name, item in arrays.items() if len(item[0]) == size}
        parts.append((number, size, arrays))
    names = dict.fromkeys(itertools.chain.from_iterable(part[2] for part in parts))
    order: list[str] = [name for name in _FIRST if name in names]
    order += [name for name in names if name not in order]
    sizes = [part[1] for part in parts]
    total = sum(sizes)
    columns = {
        "activity_id": _packed(np, np.repeat(np.array(ids, np.int64), sizes), None),
        "point": _packed(
            np,
            np.concatenate([np.arange(size) for size in sizes])
            if sizes
            else np.empty(0, np.int64),
            None,
        ),
    }
    for name in order:
        present = [part[2][name][0].dtype.kind for part in parts if name in part[2]]
        kind = "f" if "f" in present else "i" if "i" in present else "b"
        dtype = {"f": np.float64, "i": np.int64, "b": bool}[kind]
        values = np.full(total, np.nan if kind == "f" else 0, dtype)
        gaps = np.ones(total, bool)
        start = 0
        for _, size, arrays in parts:
            if name in arrays:
                data, mask = arrays[name]
                values[start : start + size] = data
                gaps[start : start + size] = False if mask is None else mask
                if kind == "f":
                    gaps[start : start + size] |= np.isnan(values[start : start + size])
            start += size
        columns[name] = _packed(np, values, gaps)
    return columns


def _packed(np: Any, values: Any, gaps: Any) -> ColumnData:
    valid = None
    if gaps is not None and gaps.any():
        valid = np.packbits(~gaps, bitorder="little").tobytes()
    kind = values.dtype.kind
    if kind == "b":
        bits = np.packbits(values, bitorder="little").tobytes()
        return columnar.ColumnData("bool", len(values), bits, valid)
    if kind == "f":
        return columnar.ColumnData("float", len(values), values.tobytes(), valid)
    values = values.astype(np.int64, copy=False)
    return columnar.ColumnData("int", len(values), values.tobytes(), valid)


def overview(store: SQLiteStore) -> dict[str, Any]:
    """Count what is there, for people."""
    ((count, first, last),) = store.query(
        "SELECT count(*), min(start_epoch), max(start_epoch) FROM activity"
    )
    kinds = {
        f"{kind} ({source})": number
        for kind, source, number in store.query(
            "SELECT kind, source, count(*) FROM record GROUP BY 1, 2 ORDER BY 1, 2"
        )
    }
    ((soonest,),) = store.query("SELECT min(expires_at) FROM record")
    return {
        "path": str(store.path),
        "bytes": store.path.stat().st_size,
        "athletes": [
            row[0] for row in store.query("SELECT id FROM athlete ORDER BY 1")
        ],
        "activities": count,
        "first": None if first is None else iso(first),
        "last": None if last is None else iso(last),
        "records": kinds,
        "next_expiry": None if soonest is None else iso(soonest),
    }
