"""``stravalib limits``."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from stravalib.cli.connection import Connection, pass_connection
from stravalib.cli.output import Column, emit, format_options, say
from stravalib.cli.show import minute

if TYPE_CHECKING:
    from stravalib.limits import RateLimits

COLUMNS = [
    Column("requests", "requests"),
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
def command(connection: Connection, job: int | None, form: str | None) -> int:
    """Show the quota of the application.

    Strava tells it with each answer, so this makes one request, and waits for
    nothing: exit code 3 where the quota is used up.

    \b
        stravalib limits
        stravalib limits --job 6800
    """
    from stravalib.exc import RateLimitExceeded

    client = connection.client()
    code = 0
    try:
        with client.options(max_wait=0):
            client.get_athlete()
    except RateLimitExceeded:
        code = 3
    emit(rows(client.rate_limits), COLUMNS, form)
    if job is not None:
        found = client.estimate(job)
        end = datetime.fromtimestamp(found.finishes_at).astimezone()
        say(f"{job} requests would end at {end:%Y-%m-%d %H:%M}.")
    return code


def rows(limits: RateLimits) -> list[dict[str, object]]:
    """Return the windows as rows."""
    named = (
        ("all", "15 min", limits.overall_short),
        ("all", "day", limits.overall_long),
        ("reading", "15 min", limits.read_short),
        ("reading", "day", limits.read_long),
    )
    return [
        {
            "requests": scope,
            "window": window,
            "used": usage.used,
            "limit": usage.limit,
            "left": usage.remaining,
            "resets_at": datetime.fromtimestamp(usage.resets_at).astimezone(),
        }
        for scope, window, usage in named
    ]
