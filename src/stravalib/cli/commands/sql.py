"""``stravalib sql``."""

from __future__ import annotations

import click

from stravalib.cli.output import Column, emit, format_options


@click.command()
@click.argument("query")
@click.option("--db", default="strava.db", show_default=True, help="The archive.")
@format_options
def command(query: str, db: str, form: str | None) -> None:
    """Ask an archive in SQL; nothing can be changed.

    \b
        stravalib sql "select sport_type, count(*), sum(distance)/1000 as km
                       from activities group by sport_type"
        stravalib sql "select name from sqlite_master where type = 'view'"
    """
    from pathlib import Path

    from stravalib.archive import Archive

    if not Path(db).exists():
        raise click.UsageError(f"There is no archive {db}; `stravalib sync` makes one.")
    with Archive(db, read_only=True) as archive:
        frame = archive.sql(query)
        columns = [Column(name, name) for name in frame.columns]
        emit(frame.rows(), columns, form)
