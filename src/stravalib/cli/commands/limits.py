"""``stravalib limits``."""

from __future__ import annotations

import click

from stravalib.cli.connection import Connection, pass_connection
from stravalib.cli.output import Column, emit, format_options, say
from stravalib.cli.show import minute

COLUMNS = [
    Column("scope", "requests"),
    Column("window", "window"),
    Column("used", "used", right=True),
    Column("limit", "limit", right=True),
    Column("left", "left", right=True),
    Column("resets_at", "resets", minute),
]


@click.command()
@click.option("--job", type=click.IntRange(min=1), help="Also: when so many would end.")
@format_options
@pass_connection
def command(connection: Connection, job: int | None, form: str | None) -> None:
    """Show the quota of the application.

    Strava tells it with each answer, so this makes one request.

    \b
        stravalib limits
        stravalib limits --job 6800
    """
    client = connection.client()
    client.get_athlete()
    emit(client.rate_limits.rows(), COLUMNS, form)
    if job is not None:
        say(str(client.estimate(job)))
