"""``stravalib routes``."""

from __future__ import annotations

from pathlib import Path

import click

from stravalib.cli.connection import Connection, pass_connection
from stravalib.cli.filters import first
from stravalib.cli.output import Column, emit, format_options, say
from stravalib.cli.show import kilometres, metres, yes

COLUMNS = [
    Column("id", "id", right=True),
    Column("distance", "km", kilometres, right=True),
    Column("elevation_gain", "climb m", metres, right=True),
    Column("starred", "starred", yes),
    Column("private", "private", yes),
    Column("name", "name"),
]


@click.command()
@click.option("--save", type=int, metavar="ID", help="Save this route as a file.")
@click.option(
    "--as",
    "kind",
    type=click.Choice(["gpx", "tcx"]),
    default="gpx",
    show_default=True,
    help="Form of the file.",
)
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="File to write.")
@click.option("-n", "--limit", type=click.IntRange(min=1), help="At most this many.")
@format_options
@pass_connection
def command(
    connection: Connection,
    save: int | None,
    kind: str,
    output: str | None,
    limit: int | None,
    form: str | None,
) -> None:
    """List routes, or save one.

    \b
        stravalib routes
        stravalib routes --save 123456 --as tcx -o loop.tcx
    """
    client = connection.client()
    if save is not None:
        fetch = client.get_route_gpx if kind == "gpx" else client.get_route_tcx
        path = Path(output or f"route-{save}.{kind}")
        path.write_text(fetch(save), encoding="utf-8")
        say(f"Wrote {path}.")
        return
    rows = (route.raw for route in first(client.get_routes(), limit))
    emit(rows, COLUMNS, form)
