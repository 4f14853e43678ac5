"""``stravalib whoami``."""

from __future__ import annotations

import click

from stravalib.cli.connection import Connection, pass_connection
from stravalib.cli.output import emit_one, format_options


@click.command()
@format_options
@pass_connection
def command(connection: Connection, form: str | None) -> None:
    """Show who is logged in, and what was granted. One request."""
    client = connection.client()
    athlete = client.get_athlete()
    scopes = client.scopes
    emit_one(
        {
            "id": athlete.id,
            "name": " ".join(filter(None, (athlete.firstname, athlete.lastname))),
            "city": athlete.city,
            "country": athlete.country,
            "scopes": None if scopes is None else ", ".join(sorted(scopes)),
            "address": client.protocol.base_url,
        },
        form,
    )
