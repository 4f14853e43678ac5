"""``stravalib gear``."""

from __future__ import annotations

import click

from stravalib.cli.connection import Connection, pass_connection
from stravalib.cli.output import Column, emit, format_options, say
from stravalib.cli.show import kilometres, yes

COLUMNS = [
    Column("id", "id"),
    Column("kind", "kind"),
    Column("name", "name"),
    Column("distance", "km", kilometres, right=True),
    Column("primary", "primary", yes),
]


@click.command()
@format_options
@pass_connection
def command(connection: Connection, form: str | None) -> None:
    """List bikes and shoes with their distances.

    One request; needs the scope profile:read_all.
    """
    athlete = connection.client().get_athlete()
    if athlete.bikes is None and athlete.shoes is None:
        say("Strava sends gear with the scope profile:read_all only; log in with it.")
    rows = [
        {"kind": kind, **item.raw}
        for kind, items in (("bike", athlete.bikes), ("shoes", athlete.shoes))
        for item in items or []
    ]
    emit(rows, COLUMNS, form)
