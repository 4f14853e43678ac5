"""``stravalib import``."""

from __future__ import annotations

import zipfile
from pathlib import Path

import click

from stravalib.cli.connection import Connection, pass_connection
from stravalib.cli.output import emit_one, say

SHOWN = 20  # problems and files left out that are named to a person


@click.command(name="import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True))
@click.option("--db", default="strava.db", show_default=True, help="The archive.")
@click.option("--no-media", is_flag=True, help="Leave photos and videos out.")
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
@pass_connection
def command(
    connection: Connection,
    paths: tuple[str, ...],
    db: str,
    no_media: bool,
    as_json: bool,
) -> int:
    """Take Strava's bulk export, or FIT, TCX and GPX files, into an archive.

    What comes from your own export or device is yours and stays; it needs no account
    and no network. An import that was cut off goes on where it stopped.

    \b
        stravalib import export_12345.zip
        stravalib import ~/garmin/activities ride.fit
    """
    from stravalib.archive import Archive

    exports = [path for path in paths if is_export(Path(path))]
    files = [path for path in paths if path not in exports]
    code = 0
    with Archive(db) as archive:
        results = [
            archive.import_export(
                path, athlete_id=connection.athlete_id, media=not no_media
            )
            for path in exports
        ]
        if files:
            results.append(
                archive.import_files(files, athlete_id=connection.athlete_id)
            )
    for result in results:
        code = max(code, result.exit_code)
        if as_json:
            emit_one(result.to_json(), "json")
        else:
            say(str(result))
            left_out = [f"{name}: {reason}" for name, reason in result.skipped]
            lines = [*result.problems, *left_out]
            for line in lines[:SHOWN]:
                say(f"  {line}")
            if len(lines) > SHOWN:
                say(f"  and {len(lines) - SHOWN} more: --json lists all")
    return code


def is_export(path: Path) -> bool:
    """Tell a bulk export from device files."""
    if path.is_dir():
        return any(path.glob("activities.csv")) or any(path.glob("*/activities.csv"))
    return path.suffix.lower() == ".zip" and zipfile.is_zipfile(path)
