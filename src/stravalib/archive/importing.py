"""Fill the permanent part: Strava's bulk export, and loose FIT, TCX and GPX files.

Each activity is committed by itself, so that an import can be cut off anywhere; what
is there already is not read again. What was made from API data is refused (policy 6.6).
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Literal

from stravalib.archive import bodies, export_shapes, tracks
from stravalib.archive.exporting import fingerprint
from stravalib.archive.files import keep_stream
from stravalib.archive.ledger import Ledger
from stravalib.archive.plan import Progress
from stravalib.archive.store import Record, StoredFile
from stravalib.archive.sync import only_one
from stravalib.formats import FormatError, open_export, read

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Iterator

    from stravalib.archive.core import Archive
    from stravalib.archive.store import Change, Source
    from stravalib.formats import BulkExport, ExportActivity, Track

ENDINGS = (".fit", ".tcx", ".gpx", ".fit.gz", ".tcx.gz", ".gpx.gz")
_LAUNDERED = (
    "made from API data by this archive: it may not become part of what is one's own"
    " (API policy 6.6)"
)
# The athlete of files that name none, until a sync or an export says who it is.
UNKNOWN_ATHLETE = 0


@dataclass(slots=True)
class ImportResult:
    """How an import went; ``str`` of it is for people, `exit_code` for programs."""

    athlete_id: int | None = None
    outcome: Literal["complete", "partial", "interrupted"] = "complete"
    added: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    same: int = 0
    tracks: int = 0
    media: int = 0
    duplicates: list[tuple[str, int]] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 complete, 4 something could not be read, 130 interrupted."""
        return {"complete": 0, "partial": 4, "interrupted": 130}[self.outcome]

    def to_json(self) -> dict[str, Any]:
        """Return the result as JSON values."""
        return {
            "athlete_id": self.athlete_id,
            "outcome": self.outcome,
            "added": len(self.added),
            "changed": len(self.changed),
            "same": self.same,
            "tracks": self.tracks,
            "media": self.media,
            "duplicates": [list(item) for item in self.duplicates],
            "skipped": [list(item) for item in self.skipped],
            "problems": self.problems,
        }

    def __str__(self) -> str:
        text = (
            f"{self.outcome}: {len(self.added):,} new, {len(self.changed):,} changed,"
            f" {self.same:,} already here; {self.tracks:,} recordings"
        )
        for count, name in (
            (self.media, "photos and videos"),
            (len(self.duplicates), "recordings of what is here"),
            (len(self.skipped), "left out"),
            (len(self.problems), "problems"),
        ):
            if count:
                text += f", {count:,} {name}"
        return text


class _Import:
    """What both kinds of import share."""

    def __init__(
        self,
        archive: Archive,
        source: Source,
        athlete_id: int,
        progress: Callable[[Progress], None] | None,
    ) -> None:
        self.archive = archive
        self.store = archive.store
        self.source: Source = source
        self.athlete_id = athlete_id
        self.progress = progress
        self.result = ImportResult(athlete_id)
        self.ledger = Ledger(self.store, athlete_id)
        rows = self.store.query(
            "SELECT activity_id FROM forgotten WHERE athlete_id = ?", (athlete_id,)
        )
        self.forgotten = {row[0] for row in rows}

    def put(
        self,
        kind: str,
        key: str,
        body: Any,
        *,
        columns: dict[str, list[Any]] | None = None,
        origin: str | None = None,
    ) -> Change:
        """Write one record of the permanent part."""
        return self.store.put(
            Record(
                self.athlete_id,
                kind,
                key,
                self.source,
                body,
                int(self.archive.clock()),
                origin=origin,
            ),
            columns,
        )

    def kept(self, kind: str, key: str) -> Record | None:
        """Return what is kept of this source."""
        return self.store.get(self.athlete_id, kind, key, self.source)

    def tell(self, done: int, total: int | None, text: str) -> None:
        """Say where the import stands."""
        if self.progress is not None:
            self.progress(Progress("importing", done, total, text))


def import_export(
    archive: Archive,
    path: str | os.PathLike[str],
    *,
    athlete_id: int | None = None,
    media: bool = True,
    progress: Callable[[Progress], None] | None = None,
) -> ImportResult:
    """Import a bulk export; see `Archive.import_export`."""
    place = Path(path).expanduser()
    with only_one(archive, "import"), open_export(place) as export:
        known = export.athlete_id
        if athlete_id is not None and known not in (None, athlete_id):
            raise ValueError(
                f"{place.name} is the export of athlete {known}, not of {athlete_id}"
            )
        owner = athlete_id if athlete_id is not None else known
        if owner is None:
            owner = _only_athlete(archive)
        else:
            archive.adopt(owner)
        run = _Export(archive, export, owner, progress, media)
        try:
            run.run()
        except KeyboardInterrupt:
            run.result.outcome = "interrupted"
        run.result.problems = [_said(problem) for problem in export.problems]
        if run.result.outcome == "complete" and run.result.problems:
            run.result.outcome = "partial"
        return run.result


class _Export(_Import):
    """One import of a bulk export."""

    def __init__(
        self,
        archive: Archive,
        export: BulkExport,
        athlete_id: int,
        progress: Callable[[Progress], None] | None,
        media: bool,
    ) -> None:
        super().__init__(archive, "export", athlete_id, progress)
        self.export = export
        self.with_media = media

    def run(self) -> None:
        self._people_and_things()
        total = sum(1 for _ in self.export.records("activities"))
        for done, activity in enumerate(self.export.activities(), 1):
            if activity.id is not None:
                if activity.id in self.forgotten:
                    self.result.skipped.append(
                        (str(activity.id), "forgotten on request")
                    )
                else:
                    self._activity(activity, str(activity.id))
            self.tell(done, total, activity.name or "")
        self._routes()
        if self.with_media:
            self._loose_media()

    def _people_and_things(self) -> None:
        export = self.export
        with self.store.transaction():
            for name, table in export.tables.items():
                if name != "activities":
                    rows = list(table.rows())
                    body = {"header": table.header, "keys": table.keys, "rows": rows}
                    self.put("export_table", name, body, origin=f"{name}.csv")
            if export.profile is not None:
                body = export_shapes.profile(export.profile, self.athlete_id)
                self.put("athlete", str(self.athlete_id), body, origin="profile.csv")
            gear = [export_shapes.gear(item) for item in export.gear()]
            if gear:
                self.put("gear", "export", gear, origin="bikes.csv, shoes.csv")
            clubs = [export_shapes.club(item) for item in export.clubs()]
            if clubs:
                self.put("clubs", "export", clubs, origin="clubs.csv")

    def _activity(self, activity: ExportActivity, key: str) -> None:
        row = self.kept("activity_row", key)
        track = self.kept("activity_track", key)
        fresh = row is None or row.hash != bodies.digest(activity.raw)
        lacking = track is None or track.origin != activity.filename
        wanted = bool(activity.filename) and (lacking or row is None)
        photos = bool(activity.media) and self.with_media
        if not fresh and not wanted and not (photos and self._lacks_media(key)):
            self.result.same += 1
            return
        recording: Track | None = None
        if wanted:
            found = self.export.track(activity)
            recording = tracks.joined(found) if found else None
        elif track is not None:
            recording = tracks.unpack(track.body, {})
        with self.store.transaction():
            self.put("activity_row", key, activity.raw, origin="activities.csv")
            if wanted and recording is not None:
                body, columns = tracks.pack(recording)
                self.put(
                    "activity_track",
                    key,
                    body,
                    columns=columns,
                    origin=activity.filename,
                )
                self.result.tracks += 1
            shape = export_shapes.activity(activity, recording, self.athlete_id)
            change = self.put("activity", key, shape, origin="activities.csv")
            self.archive.link_recordings(self.athlete_id, int(key))
        if change.state == "new":
            self.result.added.append(int(key))
        elif change.state == "changed":
            self.result.changed.append(int(key))
        else:
            self.result.same += 1
        if photos:
            self._media(activity, key)

    def _lacks_media(self, key: str) -> bool:
        record = self.kept("activity_photos", key)
        if record is None:
            return True
        rows = self.store.query(
            "SELECT count(*) FROM file WHERE record_id = ?", (record.id,)
        )
        return bool(rows[0][0] < len(record.body))

    def _media(self, activity: ExportActivity, key: str) -> None:
        items = self.export.media(activity)
        if items:
            body = [
                {"unique_id": item.filename, "caption": item.caption} for item in items
            ]
            change = self.put("activity_photos", key, body, origin="media")
            for item in items:
                self._medium(change.record_id, item.filename)

    def _loose_media(self) -> None:
        """Keep what no activity names."""
        named = {
            name
            for (name,) in self.store.query(
                "SELECT p.unique_id FROM photo p JOIN record r ON r.id = p.record_id"
                " WHERE r.athlete_id = ? AND r.source = 'export'",
                (self.athlete_id,),
            )
        }
        loose = [item for item in self.export.media() if item.filename not in named]
        if loose:
            body = [
                {"unique_id": item.filename, "caption": item.caption} for item in loose
            ]
            change = self.put("media", "export", body, origin="media")
            for item in loose:
                self._medium(change.record_id, item.filename)

    def _medium(self, record_id: int, filename: str) -> None:
        there = self.store.query(
            "SELECT 1 FROM file WHERE record_id = ? AND name = ?",
            (record_id, filename),
        )
        if there:
            return
        mark = hashlib.sha256(filename.encode()).hexdigest()[:24]
        ending = PurePosixPath(filename).suffix.lower()
        if not ending[1:].isalnum() or len(ending) > 6:
            ending = ".bin"
        path = f"{self.athlete_id}/export/{mark}{ending}"
        self.store.begin_file(path)
        try:
            with self.export.open(filename) as file:
                size, sha256 = keep_stream(self.store.files, path, file)
        except FormatError as error:
            self.result.skipped.append((filename, str(error)))
            return
        self.store.attach(record_id, StoredFile(filename, path, sha256, size))
        self.result.media += 1

    def _routes(self) -> None:
        for route in self.export.routes():
            number = _number(route.filename.encode())
            key = str(number)
            with self.store.transaction():
                shape = export_shapes.route(route, number)
                self.put("route", key, shape, origin=route.filename)
                if route.tracks:
                    body, columns = tracks.pack(tracks.joined(route.tracks))
                    self.put("route_track", key, body, columns=columns)


def import_files(
    archive: Archive,
    path: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    athlete_id: int | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> ImportResult:
    """Import loose files; see `Archive.import_files`."""
    with only_one(archive, "import"):
        owner = _only_athlete(archive) if athlete_id is None else athlete_id
        run = _Files(archive, "file", owner, progress)
        try:
            run.run(sorted(_files(path)))
        except KeyboardInterrupt:
            run.result.outcome = "interrupted"
        if run.result.outcome == "complete" and run.result.problems:
            run.result.outcome = "partial"
        return run.result


class _Files(_Import):
    """One import of loose files."""

    def run(self, files: list[tuple[Path, str]]) -> None:
        for done, (path, origin) in enumerate(files, 1):
            self._file(path, origin)
            self.tell(done, len(files), origin)

    def _file(self, path: Path, origin: str) -> None:
        try:
            data = path.read_bytes()
        except OSError as error:
            self.result.problems.append(f"{origin}: {error.strerror}")
            return
        mark = fingerprint(data)
        if self.ledger.read(f"file:{mark}") is not None:
            self.result.same += 1
            return
        if Ledger(self.store).read(f"exported:{mark}") is not None:
            self.result.skipped.append((origin, _LAUNDERED))
            return
        try:
            found = read(data)
        except (FormatError, gzip.BadGzipFile) as error:
            self.result.problems.append(f"{origin}: {error}")
            return
        names = []
        for index, track in enumerate(found):
            if track.kind != "activity" or not track.has_times:
                self.result.skipped.append((origin, "a route: it holds no times"))
                continue
            names.append(self._recording(track, mark, index, origin))
        with self.store.transaction():
            self.ledger.write(f"file:{mark}", names)

    def _recording(self, track: Track, mark: str, index: int, origin: str) -> int:
        number = _number(f"{mark}/{index}".encode())
        name = PurePosixPath(origin).name.partition(".")[0]
        shape = tracks.summary(track, number, name, origin)
        twin = self._twin(shape)
        if number in self.forgotten or twin in self.forgotten:
            self.result.skipped.append((origin, "forgotten on request"))
            return number
        if twin is not None and (twin < 0 or self._has_recording(twin)):
            self.result.duplicates.append((origin, twin))
            return twin
        key = str(number)
        with self.store.transaction():
            body, columns = tracks.pack(track)
            self.put("activity_track", key, body, columns=columns, origin=origin)
            change = self.put("activity", key, shape, origin=origin)
            if twin is not None:
                self.store.link(self.athlete_id, number, twin)
        if change.state == "new":
            self.result.added.append(number)
            self.result.tracks += 1
        else:
            self.result.same += 1
        return number

    def _has_recording(self, activity_id: int) -> bool:
        """Tell whether the permanent part has a recording of an activity."""
        rows = self.store.query(
            "SELECT 1 FROM record WHERE athlete_id = ?1 AND kind = 'activity_track'"
            " AND (key = ?2 OR key IN (SELECT CAST(file_id AS TEXT) FROM twin"
            " WHERE athlete_id = ?1 AND activity_id = ?3))",
            (self.athlete_id, str(activity_id), activity_id),
        )
        return bool(rows)

    def _twin(self, shape: dict[str, Any]) -> int | None:
        """Find the activity that is the same outing."""
        from stravalib.archive.project import epoch

        start = epoch(shape.get("start_date"))
        if start is None:
            return None
        elapsed = shape.get("elapsed_time")
        rows = self.store.query(
            "SELECT id FROM activity WHERE athlete_id = ?1"
            " AND abs(start_epoch - ?2) <= 60 AND (?3 IS NULL OR elapsed_time IS NULL"
            " OR abs(elapsed_time - ?3) <= max(120, ?3 / 20))"
            " ORDER BY abs(start_epoch - ?2), id DESC LIMIT 1",
            (self.athlete_id, start, elapsed),
        )
        return rows[0][0] if rows else None


def _files(
    path: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
) -> Iterator[tuple[Path, str]]:
    from os import PathLike

    places = [path] if isinstance(path, (str, PathLike)) else list(path)
    for place in (Path(one).expanduser() for one in places):
        if place.is_dir():
            for file in place.rglob("*"):
                if file.name.lower().endswith(ENDINGS) and file.is_file():
                    yield file, file.relative_to(place).as_posix()
        elif place.exists():
            yield place, place.name
        else:
            raise FileNotFoundError(f"{place} does not exist: give a file or a folder")


def _only_athlete(archive: Archive) -> int:
    rows = archive.store.query("SELECT id FROM athlete WHERE id > 0")
    if len(rows) > 1:
        raise ValueError(
            f"the archive holds {len(rows)} athletes: say whose files these are with"
            " athlete_id="
        )
    owner: int = rows[0][0] if rows else UNKNOWN_ATHLETE
    return owner


def _number(data: bytes) -> int:
    """Make the (negative) id of what has none at Strava."""
    return -int.from_bytes(hashlib.blake2b(data, digest_size=6).digest(), "big") - 1


def _said(problem: Any) -> str:
    where = problem.where if problem.line is None else f"{problem.where}:{problem.line}"
    return f"{where}: {problem.message}"
