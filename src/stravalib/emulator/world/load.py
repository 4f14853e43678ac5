"""Load whatever lies at a path as a world."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from stravalib.emulator.world.export import load_export
from stravalib.emulator.world.files import ENDINGS, load_files
from stravalib.emulator.world.recorded import load_json

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from stravalib.emulator.records import World

TRACKS = tuple(ending for ending in ENDINGS if ending != ".json")


def load(
    path: str | os.PathLike[str],
    *,
    on_problem: Callable[[str, str], None] | None = None,
) -> World:
    """Load a bulk export, files of activities or recorded JSON, whatever is there.

    A ZIP and a folder with an activities.csv are a bulk export; a folder with FIT, TCX
    or GPX files, or one such file, gives its activities; anything else is recorded
    JSON.

    Raises
    ------
    FileNotFoundError
        When there is nothing at the path.
    stravalib.formats.FormatError
        When a ZIP is no bulk export.
    """
    root = Path(path)
    if not root.exists():
        raise FileNotFoundError(
            f"{root} does not exist; give a bulk export, a folder or a file"
        )
    if root.is_file():
        name = root.name.lower()
        if name.endswith(".zip"):
            return load_export(root, on_problem=on_problem)
        if name.endswith(TRACKS):
            return load_files(root, on_problem=on_problem)
        return load_json(root)
    if any(root.glob("activities.csv")) or any(root.glob("*/activities.csv")):
        return load_export(root, on_problem=on_problem)
    if any(one.name.lower().endswith(TRACKS) for one in root.rglob("*")):
        return load_files(root, on_problem=on_problem)
    return load_json(root)
