"""Files made of the archive: one activity or route, or everything as Parquet."""

from __future__ import annotations

import hashlib
import importlib
import json
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stravalib.archive import reading, tracks
from stravalib.archive.errors import NotKept
from stravalib.archive.files import atomic_path
from stravalib.archive.frames import _need
from stravalib.archive.ledger import Ledger

if TYPE_CHECKING:
    import os

    from stravalib.archive.looking import Looking
    from stravalib.archive.store import Source
    from stravalib.formats import Track

FORMATS = ("gpx", "tcx", "fit", "geojson", "csv", "parquet")
_VIEWS = (
    "athletes",
    "laps",
    "splits",
    "segment_efforts",
    "best_efforts",
    "segments",
    "gears",
    "routes",
    "photos",
    "comments",
    "kudos",
    "zones",
    "stats",
    "clubs",
    "weekly_totals",
    "monthly_totals",
)


def track_of(
    archive: Looking, id: int, *, of: str = "activity", source: Source | None = None
) -> Track:
    """Make a track of what the archive holds."""
    if of not in ("activity", "route", "segment"):
        raise ValueError(f"of={of!r}: choose activity, route or segment")
    try:
        streams: reading.StreamSet | None = reading.stream_set(
            archive.store, id, of=of, source=source
        )
    except NotKept:
        streams = None
    if streams is not None and streams.kind.endswith("_track"):
        return tracks.unpack(streams.envelope, streams.lists())
    columns = {} if streams is None else streams.lists()
    if of != "activity":
        return tracks.from_route(archive.raw(of, id, source=source), columns)
    body: dict[str, Any] = {}
    for kind in ("activity", "activity_detail"):
        try:
            body |= archive.raw(kind, id, source=source)
        except NotKept:
            continue
    if not body:
        raise NotKept(f"no activity {id} in {archive.store.path}: sync or import it")
    if not body.get("laps"):
        with suppress(NotKept):
            body["laps"] = archive.raw("activity_laps", id, source=source)
    return tracks.from_api(body, columns)


def export(
    archive: Looking,
    id: int,
    path: str | os.PathLike[str],
    *,
    format: str | None = None,
    of: str = "activity",
    source: Source | None = None,
) -> Path:
    """Write one activity, route or segment; see `Archive.export`."""
    from stravalib.formats import write

    target = Path(path).expanduser()
    word = (format or "").strip().lower().lstrip(".")
    if target.is_dir():
        if not word:
            raise ValueError(f"{target} is a folder: say format=, one of {FORMATS}")
        target = target / f"{of}-{id}.{word}"
    if not word:
        ending = target.suffixes[-2:] if target.suffix == ".gz" else [target.suffix]
        word = "".join(ending).lstrip(".").lower()
    if word.removesuffix(".gz") not in FORMATS or word == "parquet.gz":
        raise ValueError(
            f"{word or str(target)!r} is no format that can be written: choose one of"
            f" {', '.join(FORMATS)} (all but parquet also with .gz)"
        )
    if word == "parquet":
        if of != "activity":
            raise ValueError("parquet holds the streams of activities: choose gpx")
        archive.streams(id, source=source).to_parquet(target)
        return target
    track = track_of(archive, id, of=of, source=source)
    if of == "activity" and not track.points and _was_recorded(archive, id, source):
        raise NotKept(
            f"the streams of activity {id} are not in {archive.store.path} yet: run a"
            " sync that fetches them, then export again"
        )
    data = write(track, word)
    with atomic_path(target) as place:
        place.write_bytes(data)
    if track.source == "api" and not archive.store.read_only:
        remember_export(archive, data)
    return target


def _was_recorded(archive: Looking, id: int, source: Source | None) -> bool:
    """Tell whether an activity has a position, so that it must have samples too."""
    with suppress(NotKept):
        return bool(archive.raw("activity", id, source=source).get("start_latlng"))
    return False


def remember_export(archive: Looking, data: bytes) -> None:
    """Note a file made of API data, so that no import takes it for one's own."""
    Ledger(archive.store).write(f"exported:{fingerprint(data)}", "api")


def fingerprint(data: bytes) -> str:
    """Return the hash of a file, the same packed and unpacked."""
    if data[:2] == b"\x1f\x8b":
        import gzip

        with suppress(OSError, EOFError):
            data = gzip.decompress(data)
    return hashlib.sha256(data).hexdigest()


def export_all(archive: Looking, folder: str | os.PathLike[str]) -> list[Path]:
    """Write everything as Parquet; see `Archive.export_all`."""
    _need("pyarrow", "arrow")
    target = Path(folder).expanduser()
    target.mkdir(parents=True, exist_ok=True)
    made = [target / "activities.parquet"]
    archive.activities(polyline=True).to_parquet(made[0])
    for view in _VIEWS:
        made.append(target / f"{view}.parquet")
        archive.sql(f"SELECT * FROM {view}").to_parquet(made[-1])
    made.append(_all_streams(archive, target / "streams.parquet"))
    made.append(_all_records(archive, target / "records.parquet"))
    return made


def _all_streams(archive: Looking, path: Path) -> Path:
    """Write all points, an activity a row group, in one schema for all."""
    pa: Any = _need("pyarrow", "arrow")
    parquet = importlib.import_module("pyarrow.parquet")
    ids = [
        number
        for (number,) in archive.store.query(
            "SELECT id FROM activity ORDER BY start_epoch, id"
        )
    ]
    kinds = [
        kind
        for (kind,) in archive.store.query(
            "SELECT DISTINCT type FROM stream ORDER BY 1"
        )
        if kind != "latlng"
    ]
    whole = ("activity_id", "point")
    names = [*whole, "time", "lat", "lng"]
    names += [kind for kind in kinds if kind not in names]
    schema = pa.schema(
        [
            pa.field(
                name,
                pa.int64()
                if name in whole
                else pa.bool_()
                if name == "moving"
                else pa.float64(),
            )
            for name in names
        ]
    )
    with (
        atomic_path(path) as place,
        parquet.ParquetWriter(place, schema, compression="zstd") as writer,
    ):
        for number in ids:
            try:
                table = archive.streams(number).to_arrow()
            except NotKept:
                continue
            if not table.num_rows:
                continue
            columns = [
                table[name].cast(schema.field(name).type, safe=False)
                if name in table.column_names
                else pa.nulls(table.num_rows, schema.field(name).type)
                for name in names
            ]
            writer.write_table(pa.table(columns, schema=schema))
    return path


def _all_records(archive: Looking, path: Path) -> Path:
    """Write every record's JSON (streams: without the samples) as text."""
    pa: Any = _need("pyarrow", "arrow")
    parquet = importlib.import_module("pyarrow.parquet")
    schema = pa.schema(
        [
            ("athlete_id", pa.int64()),
            ("kind", pa.string()),
            ("key", pa.string()),
            ("source", pa.string()),
            ("fetched_at", pa.timestamp("s", "UTC")),
            ("json", pa.string()),
        ]
    )
    with (
        atomic_path(path) as place,
        parquet.ParquetWriter(place, schema, compression="zstd") as writer,
    ):
        rows: list[dict[str, Any]] = []
        for record in archive.store.records():
            rows.append(
                {
                    "athlete_id": record.athlete_id,
                    "kind": record.kind,
                    "key": record.key,
                    "source": record.source,
                    "fetched_at": record.fetched_at,
                    "json": json.dumps(record.body),
                }
            )
            if len(rows) >= 2000:
                writer.write_table(pa.Table.from_pylist(rows, schema=schema))
                rows = []
        writer.write_table(pa.Table.from_pylist(rows, schema=schema))
    return path


def safe_name(text: str, fallback: str = "activity") -> str:
    """Make a file name of any text."""
    return re.sub(r"[^\w.-]+", "-", text).strip("-.")[:80] or fallback
