"""``stravalib activities``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from stravalib.cli.connection import Connection, pass_connection
from stravalib.cli.filters import activity_filters, first, matching
from stravalib.cli.output import Column, emit, format_options, say
from stravalib.cli.show import clock, kilometres, metres, minute

if TYPE_CHECKING:
    from datetime import datetime

COLUMNS = [
    Column("id", "id", right=True),
    Column("start_local", "start", minute),
    Column("sport_type", "sport"),
    Column("distance", "km", kilometres, right=True),
    Column("moving_time", "moving", clock, right=True),
    Column("total_elevation_gain", "climb m", metres, right=True),
    Column("average_heartrate", "bpm", metres, right=True),
    Column("name", "name"),
]


@click.command()
@activity_filters
@format_options
@pass_connection
def command(
    connection: Connection,
    sports: tuple[str, ...],
    after: datetime | None,
    before: datetime | None,
    limit: int | None,
    form: str | None,
) -> None:
    """List activities, newest first (oldest first with --after).

    One request per 200 activities. Distances are metres and times seconds in JSON
    and CSV. Examples:

    \b
        stravalib activities --limit 20
        stravalib activities --sport Run --after 30d
        stravalib activities --after 2026-01-01 --csv > 2026.csv
        stravalib activities --jsonl | jq .distance
    """
    found = connection.client().get_activities(before=before, after=after)
    chosen = first(matching(found, sports), limit)
    count = emit((row(activity, form) for activity in chosen), COLUMNS, form)
    if count == 0:
        say("No activities.")


def row(activity: Any, form: str | None) -> dict[str, Any]:
    """Return an activity as a row: whole for JSON, by column otherwise."""
    if form in ("json", "jsonl"):
        return dict(activity.raw)
    values = {column.key: getattr(activity, column.key) for column in COLUMNS}
    values["sport_type"] = getattr(activity.sport_type, "root", None)
    return values
