"""Load a folder of FIT, TCX and GPX files as a world."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from stravalib.emulator.processing import activity_of
from stravalib.emulator.records import (
    ActivityRecord,
    AthleteRecord,
    RejectedUpload,
    UploadOptions,
    World,
)
from stravalib.emulator.world.identity import (
    Numbers,
    assign,
    default_zones,
    local_athlete,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from stravalib.emulator.records import Json
    from stravalib.formats import Track

log = logging.getLogger("stravalib.emulator")

ENDINGS: Final = (".fit", ".tcx", ".gpx", ".fit.gz", ".tcx.gz", ".gpx.gz", ".json")
Problem = tuple[str, str]


def load_files(
    folder: str | os.PathLike[str],
    *,
    athlete: Json | None = None,
    on_problem: Callable[[str, str], None] | None = None,
) -> World:
    """Make a world of one athlete of all activity files under a folder.

    Each leg of a multisport file becomes an activity. Damaged files give what can be
    read. Files that are no activities are left out and told to ``on_problem``.

    Parameters
    ----------
    folder
        Searched with its subfolders, in the order of the names; links are not followed.
        One such file is taken as well.
    athlete
        The DetailedAthlete; None invents one.
    on_problem
        Called with the file's path and what is wrong; None logs a warning.

    Raises
    ------
    NotADirectoryError
        When there is no such folder.
    """
    root = Path(folder)
    if not root.is_dir() and not (root.is_file() and is_activity_file(root)):
        raise NotADirectoryError(
            f"{root} is not a folder; give a folder with FIT, TCX or GPX files"
        )
    owner = AthleteRecord(athlete or local_athlete(), zones=default_zones())
    owner.activities = _activities(root, owner, on_problem or warn)
    return World([owner])


def warn(path: str, message: str) -> None:
    """Log that a file, or a part of one, is left out."""
    log.warning("%s is left out: %s", path, message)


def _activities(
    root: Path, owner: AthleteRecord, tell: Callable[[str, str], None]
) -> Iterator[ActivityRecord]:
    from stravalib.formats import FormatError, read

    numbers = Numbers()
    seen: dict[tuple[str, float], str] = {}
    for path in _paths(root):
        name = path.name if path == root else str(path.relative_to(root))
        try:
            with path.open("rb") as file:
                tracks = read(file)
        except (FormatError, OSError) as error:
            tell(name, str(error))
            continue
        for record in records_of(tracks, owner, name, tell):
            detail = record.detail
            key = (detail["start_date"], detail["elapsed_time"])
            if key in seen:
                tell(name, f"the same activity as {seen[key]}")
                continue
            seen[key] = name
            yield numbered(record, owner, numbers, path.name)


def is_activity_file(path: Path) -> bool:
    """Tell by its name whether a file may hold an activity."""
    return path.name.lower().endswith(ENDINGS)


def _paths(root: Path) -> Iterator[Path]:
    if root.is_file():
        yield root
        return
    for folder, folders, names in os.walk(root):
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            linked = path.is_symlink()
            if is_activity_file(path) and not linked and path.is_file():
                yield path


def records_of(
    tracks: list[Track],
    owner: AthleteRecord,
    name: str,
    tell: Callable[[str, str], None],
    options: UploadOptions | None = None,
) -> Iterator[ActivityRecord]:
    """Make an activity of each track of a file."""
    for track in tracks:
        if track.kind != "activity":
            tell(name, f"a {track.kind}, not an activity")
            continue
        options_here = options or UploadOptions(
            name=track.name, description=track.description
        )
        try:
            yield activity_of(track, athlete=owner, options=options_here)
        except RejectedUpload as refusal:
            tell(name, refusal.text)


def numbered(
    record: ActivityRecord,
    owner: AthleteRecord,
    numbers: Numbers,
    external_id: str | None,
) -> ActivityRecord:
    """Give an activity its ids."""
    from datetime import datetime

    start = datetime.fromisoformat(record.detail["start_date"])
    assign(
        record,
        activity_id=numbers.activity(start),
        athlete_id=int(owner.detail["id"]),
        external_id=external_id,
    )
    return record
