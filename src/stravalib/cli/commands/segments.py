"""``stravalib segments``."""

from __future__ import annotations

import click

from stravalib.cli.connection import Connection, pass_connection
from stravalib.cli.filters import first
from stravalib.cli.output import Column, emit, format_options, say
from stravalib.cli.show import clock, kilometres, number

COLUMNS = [
    Column("id", "id", right=True),
    Column("activity_type", "sport"),
    Column("distance", "km", kilometres, right=True),
    Column("average_grade", "grade %", number, right=True),
    Column("climb_category", "cat", right=True),
    Column("pr_time", "PR", clock, right=True),
    Column("name", "name"),
]


@click.command()
@click.option("--star", type=int, metavar="ID", help="Star this segment.")
@click.option("--unstar", type=int, metavar="ID", help="Take its star off.")
@click.option("-n", "--limit", type=click.IntRange(min=1), help="At most this many.")
@format_options
@pass_connection
def command(
    connection: Connection,
    star: int | None,
    unstar: int | None,
    limit: int | None,
    form: str | None,
) -> None:
    """List starred segments, star one, unstar one.

    Starring needs the scope profile:write.
    """
    client = connection.client()
    if star is not None:
        say(f"Starred {client.star_segment(star).name}.")
    if unstar is not None:
        say(f"Unstarred {client.unstar_segment(unstar).name}.")
    if star is None and unstar is None:
        found = first(client.get_starred_segments(), limit)
        emit((segment.raw for segment in found), COLUMNS, form)
