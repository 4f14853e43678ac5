"""``stravalib doctor``."""

from __future__ import annotations

import click

from stravalib.cli.connection import Connection, pass_connection
from stravalib.cli.output import Column, emit, format_options

COLUMNS = [
    Column("topic", "topic"),
    Column("status", "status"),
    Column("text", "what"),
    Column("advice", "what to do"),
]


@click.command()
@format_options
@pass_connection
def command(connection: Connection, form: str | None) -> int:
    """Check credentials, application, scopes, limits, clock and address.

    One request. Exit code 1 where something is wrong.
    """
    from stravalib.doctor import diagnose

    found = diagnose(connection.client())
    emit((finding._asdict() for finding in found), COLUMNS, form)
    return int(any(finding.status == "problem" for finding in found))
