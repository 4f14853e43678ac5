"""``stravalib export``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from stravalib.cli.filters import activity_filters
from stravalib.cli.output import say

if TYPE_CHECKING:
    from datetime import datetime

FORMATS = ("gpx", "tcx", "fit", "geojson", "csv", "parquet")


@click.command()
@click.argument("ids", nargs=-1, type=int)
@click.option("--db", default="strava.db", show_default=True, help="The archive.")
@click.option(
    "--as",
    "form",
    type=click.Choice(FORMATS),
    default="gpx",
    show_default=True,
    help="Form of the files.",
)
@click.option(
    "-o",
    "--output",
    default=".",
    show_default=True,
    type=click.Path(),
    help="Folder, or a file where one id is given.",
)
@click.option(
    "--of",
    type=click.Choice(["activity", "route", "segment"]),
    help="What the ids are of; default: activities.",
)
@click.option("--all", "everything", is_flag=True, help="The whole archive, Parquet.")
@activity_filters
def command(
    ids: tuple[int, ...],
    db: str,
    form: str,
    output: str,
    of: str | None,
    everything: bool,
    sports: tuple[str, ...],
    after: datetime | None,
    before: datetime | None,
    limit: int | None,
) -> int:
    """Write activities of an archive as files.

    \b
        stravalib export 12345678 --as fit -o ride.fit
        stravalib export --sport Run --after 2026-01-01 --as gpx -o runs/
        stravalib export --all -o parquet/
    """
    from stravalib.archive import Archive, NotKept
    from stravalib.formats import FormatError

    with Archive(db, read_only=not Path(db).exists()) as archive:
        if everything:
            for path in archive.export_all(output):
                click.echo(path)
            return 0
        chosen = list(ids)
        if not chosen:
            rows = archive.activities(
                after=after, before=before, sport=sports or None
            ).rows()
            chosen = [row["id"] for row in rows][:limit]
        if not chosen:
            say("No activities match.")
            return 8
        target = Path(output)
        if len(chosen) > 1:
            target.mkdir(parents=True, exist_ok=True)
        left_out = 0
        for number in chosen:
            try:
                path = archive.export(number, target, format=form, of=of or "activity")
            except (NotKept, FormatError) as error:
                if len(chosen) == 1:
                    raise
                left_out += 1
                say(f"{number}: {error}")
                continue
            click.echo(path)
    if left_out:
        say(f"{left_out} of {len(chosen)} were left out.")
    return 4 if left_out else 0
