"""Read Strava's bulk export ("download your data") where it lies.

Nothing is unpacked to disk, and nothing that is damaged stops the rest: it is
written down in `BulkExport.problems`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from stravalib.formats.detect import MAX_BYTES, load
from stravalib.formats.errors import FormatError, Reason
from stravalib.formats.export_activity import ExportActivity, activity_of
from stravalib.formats.export_container import open_container
from stravalib.formats.export_layout import keys_of
from stravalib.formats.export_records import (
    ExportClub,
    ExportGear,
    ExportMedia,
    ExportProfile,
    ExportRoute,
    ExportSegment,
    clubs_of,
    gear_of,
    profile_of,
    segments_of,
)
from stravalib.formats.export_table import ExportTable, read_rows, table_keys
from stravalib.formats.export_values import read_date, read_sport

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

    from stravalib.formats.export_container import Container
    from stravalib.formats.export_table import Row
    from stravalib.formats.track import Track

__all__ = [
    "BulkExport",
    "ExportActivity",
    "ExportClub",
    "ExportGear",
    "ExportMedia",
    "ExportProfile",
    "ExportRoute",
    "ExportSegment",
    "ExportTable",
    "Problem",
    "open_export",
    "read_date",
    "read_sport",
]

MAX_PROBLEMS: Final = 10_000
_ARCHIVE_NAME: Final = re.compile(r"export_(\d+)")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in an export that could not be read, and why.

    `reason` is a word of `stravalib.formats.REASONS`, `where` the file in the export,
    `line` the line in it, `activity_id` whom it concerns, where known.
    """

    reason: Reason
    where: str
    message: str
    line: int | None = None
    activity_id: int | None = None


def open_export(path: str | os.PathLike[str]) -> BulkExport:
    """Open a bulk export: the ZIP as Strava sends it, or the folder it unpacks to.

    Every layout since 2018 is read, in any language: by the names of the columns
    where they are known, else by their positions.

    Raises
    ------
    FormatError
        ``malformed`` for what is no ZIP file, ``missing`` when there is no
        activities.csv in it, ``unsafe`` for a manipulated one.
    OSError
        When the path cannot be opened.
    """
    return BulkExport(path)


class BulkExport:
    """An open bulk export; use it in a ``with`` block.

    Attributes
    ----------
    problems
        What could not be read so far, and why.
    layout
        How the columns of activities.csv were recognised.
    athlete_id
        Of the profile, else of the file's name (``export_<id>.zip``).
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.problems: list[Problem] = []
        self._path = Path(path)
        self._container: Container = open_container(path, self._entry_problem)
        try:
            self._root = self._find_root()
            self._names = {
                name[len(self._root) :]: name
                for name in self._container.names
                if name.startswith(self._root)
            }
            self._folded = {name.casefold(): name for name in reversed(self._names)}
            self._keys, self.layout = self._read_layout()
        except BaseException:
            self._container.close()
            raise
        self._profile: ExportProfile | None = None
        self._profile_read = False
        self._captions: dict[str, str] | None = None

    def __enter__(self) -> BulkExport:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"BulkExport({self._path.name!r}, layout={self.layout!r})"

    def close(self) -> None:
        """Close the file."""
        self._container.close()

    # -- activities

    def activities(self) -> Iterator[ExportActivity]:
        """Iterate over the rows of activities.csv, in its order.

        A second row with an id that was there already is left out, with a problem.
        """
        seen: set[int] = set()
        files: dict[str, int | None] = {}
        for line, row in self._rows("activities.csv", skip=1):
            if not any(row):
                continue
            if len(row) > len(self._keys):
                self._problem(
                    "malformed",
                    "activities.csv",
                    f"the row has {len(row)} cells and the header {len(self._keys)}",
                    line=line,
                )
            activity = activity_of(self._keys, row, line, self.layout)
            if activity.id is None:
                self._problem(
                    "malformed",
                    "activities.csv",
                    f"the row has no activity id but {str(row[0])[:40]!r}",
                    line=line,
                )
            elif activity.id in seen:
                self._problem(
                    "malformed",
                    "activities.csv",
                    "the activity stands there twice; the first row is taken",
                    line=line,
                    activity_id=activity.id,
                )
                continue
            else:
                seen.add(activity.id)
            self._check(activity, files)
            yield activity

    def track(self, activity: ExportActivity) -> list[Track]:
        """Return the recording of an activity; empty where there is none to read.

        What the file does not say about sport, name, description and start is taken
        from the row. A file that is missing or broken is a problem, not an error.
        """
        data = self.original(activity)
        if data is None:
            return []
        from stravalib.formats.reader import read

        try:
            tracks = read(data)
        except FormatError as error:
            self._problem(
                error.reason,
                activity.filename or "",
                str(error),
                activity_id=activity.id,
            )
            return []
        for track in tracks:
            if len(tracks) == 1:
                track.sport = activity.sport or track.sport
            track.name = activity.name or track.name
            track.description = activity.description or track.description
            if track.start is None:
                track.start = activity.start
            if track.kind == "route":
                track.kind = "activity"
            for warning in track.warnings:
                self._problem(
                    "malformed",
                    activity.filename or "",
                    warning,
                    activity_id=activity.id,
                )
        return tracks

    def original(self, activity: ExportActivity) -> bytes | None:
        """Return the file of an activity, unpacked from gzip; None without one.

        The number in its name is not always the id of the activity.
        """
        if not activity.filename or activity.filename == "#error#":
            return None
        name = self._find_file(activity.filename)
        if name is None:
            self._problem(
                "missing",
                activity.filename,
                "the file is named in activities.csv, but it is not there",
                activity_id=activity.id,
            )
            return None
        try:
            return self._load(name)
        except FormatError as error:
            self._problem(
                error.reason, activity.filename, str(error), activity_id=activity.id
            )
            return None

    # -- media, routes, gear, people, places

    def media(self, activity: ExportActivity | None = None) -> list[ExportMedia]:
        """Return the photos and videos: of an activity, or all that are there.

        Those without an activity can only be found in the second way.
        """
        captions = self._media_captions()
        if activity is not None:
            wanted = list(activity.media)
        else:
            there = [
                name
                for name in self._names
                if name.startswith(("media/", "photos/")) and not name.endswith("/")
            ]
            wanted = list(dict.fromkeys([*captions, *there]))
        found = []
        for filename in wanted:
            name = self._find_file(filename)
            if name is None:
                self._problem(
                    "missing",
                    filename,
                    "the medium is named, but it is not there",
                    activity_id=None if activity is None else activity.id,
                )
                continue
            found.append(
                ExportMedia(
                    filename=name,
                    caption=captions.get(filename) or captions.get(name),
                    size=self._container.size(self._names[name]),
                    activity_id=None if activity is None else activity.id,
                )
            )
        return found

    def open(self, filename: str) -> BinaryIO:
        """Open any file of the export, by its path below the root.

        Raises
        ------
        FormatError
            ``missing`` when it is not there, ``unsafe`` for a ZIP bomb.
        """
        name = self._find_file(filename)
        if name is None:
            raise FormatError(
                f"There is no {filename!r} in the export.",
                reason="missing",
                hint="See BulkExport.files for what is there.",
            )
        return self._container.open(self._names[name])

    @property
    def files(self) -> list[str]:
        """The paths of all files, below the root."""
        return list(self._names)

    def routes(self) -> Iterator[ExportRoute]:
        """Iterate over the saved routes with their lines; these are no activities."""
        from stravalib.formats.reader import read

        listed: dict[str, dict[str, str | None]] = {}
        for record in self.records("routes"):
            filename = record.get("route_filename")
            if filename:
                listed[filename] = record
        there = [name for name in self._names if name.startswith("routes/")]
        for filename in dict.fromkeys([*listed, *there]):
            about = listed.get(filename, {})
            name = self._find_file(filename)
            tracks: list[Track] = []
            if name is None:
                self._problem("missing", filename, "the route is named, but not there")
            else:
                try:
                    tracks = read(self._load(name))
                except FormatError as error:
                    self._problem(error.reason, filename, str(error))
            for track in tracks:
                track.kind = "route"
            title = about.get("route_name")
            if title is None and tracks:
                title = tracks[0].name
            yield ExportRoute(name=title, filename=filename, tracks=tracks, raw=about)

    def gear(self) -> list[ExportGear]:
        """Return bikes and shoes. The export has no ids for them, only names."""
        return gear_of(
            self.records("bikes"), self.records("shoes"), self.records("components")
        )

    def clubs(self) -> list[ExportClub]:
        """Return the clubs, with the date of joining where the export tells."""
        return clubs_of(self.records("clubs"), self.records("memberships"))

    def segments(self) -> list[ExportSegment]:
        """Return the segments that the athlete made."""
        return segments_of(self.records("segments"))

    @property
    def profile(self) -> ExportProfile | None:
        """The athlete, or None where the export has no profile.csv."""
        if not self._profile_read:
            self._profile_read = True
            record = next(iter(self.records("profile")), None)
            self._profile = None if record is None else profile_of(record)
        return self._profile

    @property
    def athlete_id(self) -> int | None:
        """The athlete's id, of the profile or the name of the file or its root."""
        profile = self.profile
        if profile is not None and profile.id is not None:
            return profile.id
        for text in (self._root, self._path.name):
            found = _ARCHIVE_NAME.search(text)
            if found and len(found[1]) < 19:
                return int(found[1])
        return None

    # -- every table

    @property
    def tables(self) -> dict[str, ExportTable]:
        """All CSV files by their name without ``.csv``; those in folders too."""
        found = {}
        for name in sorted(self._names):
            if name.lower().endswith(".csv"):
                table = self._table(name)
                if table is not None:
                    found[name[:-4]] = table
        return found

    def records(self, table: str) -> Iterator[dict[str, str | None]]:
        """Iterate over a table as ``{key: text}``; nothing where it is missing."""
        name = self._folded.get(f"{table}.csv".casefold())
        if name is not None:
            found = self._table(name)
            if found is not None:
                yield from found.records()

    def document(self, name: str) -> Any:
        """Return a JSON file of the export (``messaging``), or None.

        Raises
        ------
        FormatError
            When it is not JSON.
        """
        found = self._folded.get(f"{name}.json".casefold())
        if found is None:
            return None
        data = self._load(found)
        try:
            return json.loads(data.decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            raise FormatError(
                f"{found!r} is not JSON: {str(error)[:100]}.",
                hint="Open it with BulkExport.open to see what it is.",
            ) from error

    # -- inside

    def _find_root(self) -> str:
        hits = [
            name
            for name in self._container.names
            if PurePosixPath(name).name.lower() == "activities.csv"
        ]
        if not hits:
            raise FormatError(
                f"There is no activities.csv in {self._path.name!r}.",
                reason="missing",
                hint="Give the ZIP that Strava's mail links to, export_<id>.zip.",
            )
        depth = min(name.count("/") for name in hits)
        highest = [name for name in hits if name.count("/") == depth]
        if len(highest) > 1:
            raise FormatError(
                f"There are {len(highest)} exports in {self._path.name!r}: "
                f"{', '.join(highest[:3])}.",
                reason="unsupported",
                hint="Give each export by itself.",
            )
        return highest[0][: -len("activities.csv")]

    def _read_layout(self) -> tuple[list[str], str]:
        for _, header in self._rows("activities.csv"):
            keys, layout = keys_of(header)
            if "activity_id" not in keys:
                self._problem(
                    "unknown_type",
                    "activities.csv",
                    f"the columns are not recognised: {str(header[:4])[:120]}; its "
                    "rows can only be read as a table",
                    line=1,
                )
            return keys, layout
        self._problem("empty", "activities.csv", "the table has no header")
        return [], "empty"

    def _check(self, activity: ExportActivity, files: dict[str, int | None]) -> None:
        """Note what is odd in a row."""
        if activity.start is None:
            self._problem(
                "no_time",
                "activities.csv",
                f"the date {(activity.date_text or '')[:60]!r} cannot be read",
                line=activity.line,
                activity_id=activity.id,
            )
        filename = activity.filename
        if filename == "#error#":
            self._problem(
                "missing",
                "activities.csv",
                "Strava wrote #error# in place of the file",
                line=activity.line,
                activity_id=activity.id,
            )
        elif filename:
            if filename in files:
                self._problem(
                    "malformed",
                    filename,
                    f"the file is named by the activity {files[filename]} too",
                    line=activity.line,
                    activity_id=activity.id,
                )
            files.setdefault(filename, activity.id)

    def _rows(self, name: str, *, skip: int = 0) -> Iterator[tuple[int, Row]]:
        """Iterate over the rows of a table; faults end it and become problems."""
        found = self._folded.get(name.casefold())
        if found is None:
            return

        def report(message: str) -> None:
            self._problem("malformed", found, message)

        try:
            with self._container.open(self._names[found]) as file:
                for index, numbered in enumerate(read_rows(file, report)):
                    if index >= skip:
                        yield numbered
        except FormatError as error:
            self._problem(error.reason, found, str(error), line=error.line)

    def _table(self, name: str) -> ExportTable | None:
        for _, header in self._rows(name):
            labels = [label or "" for label in header]
            keys = self._keys if name == "activities.csv" else table_keys(name, labels)
            return ExportTable(
                name, labels, list(keys), partial(self._rows, name, skip=1)
            )
        return None

    def _media_captions(self) -> dict[str, str]:
        if self._captions is None:
            self._captions = {
                filename: record.get("media_caption") or ""
                for table in ("media", "photos")
                for record in self.records(table)
                if (filename := record.get("media_filename"))
            }
        return self._captions

    def _find_file(self, filename: str) -> str | None:
        """Return the entry for a path, also when somebody packed or unpacked it."""
        path = filename.strip().replace("\\", "/").removeprefix("./").casefold()
        other = path.removesuffix(".gz") if path.endswith(".gz") else f"{path}.gz"
        return self._folded.get(path) or self._folded.get(other)

    def _load(self, name: str) -> bytes:
        full = self._names[name]
        if self._container.size(full) > MAX_BYTES:
            raise FormatError(
                f"{name!r} has {self._container.size(full):,} bytes.",
                reason="too_large",
                hint=f"At most {MAX_BYTES:,} are read.",
            )
        with self._container.open(full) as file:
            return load(file)

    def _entry_problem(self, reason: Reason, where: str, message: str) -> None:
        self._problem(reason, where, message)

    def _problem(
        self,
        reason: Reason,
        where: str,
        message: str,
        *,
        line: int | None = None,
        activity_id: int | None = None,
    ) -> None:
        problem = Problem(reason, where, message, line, activity_id)
        if len(self.problems) < MAX_PROBLEMS and problem not in self.problems[-100:]:
            self.problems.append(problem)
