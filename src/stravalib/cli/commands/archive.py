"""``stravalib archive``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from stravalib.cli.output import emit_one, say
from stravalib.cli.prompts import confirm

if TYPE_CHECKING:
    from stravalib.archive import Archive

database = click.option(
    "--db", default="strava.db", show_default=True, help="The archive."
)


def opened(db: str) -> Archive:
    """Open an archive that exists."""
    from pathlib import Path

    from stravalib.archive import Archive

    if not Path(db).exists():
        raise click.UsageError(f"There is no archive {db}; `stravalib sync` makes one.")
    return Archive(db)


@click.group(name="archive")
def command() -> None:
    """Look after an archive."""


@command.command()
@database
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def info(db: str, as_json: bool) -> None:
    """Count what is there, by kind and source."""
    with opened(db) as archive:
        emit_one(archive.info(), "json" if as_json else None)


@command.command()
@database
@click.option("--reason", required=True, help="Why, in your own words; it is recorded.")
@click.option("--days", type=click.IntRange(min=1), help="For so long; default: ever.")
@click.option("--athlete", type=int, help="Whose data; default: everybody's.")
def keep(db: str, reason: str, days: int | None, athlete: int | None) -> None:
    """Decide to keep data from the API longer than 7 days.

    Strava's API policy allows applications 7 days. The decision is yours, and stands
    in the archive with its date and reason. Data from your own bulk export or device
    need no decision: import them.
    """
    with opened(db) as archive:
        say(str(archive.keep(reason, athlete_id=athlete, days=days)))


@command.command()
@database
def decisions(db: str) -> None:
    """List the decisions to keep data longer."""
    with opened(db) as archive:
        for decision in archive.decisions():
            click.echo(decision)


@command.command(short_help="Remove an activity or an athlete, with a receipt.")
@database
@click.option("--activity", type=int, help="Id of the activity to remove.")
@click.option("--athlete", type=int, help="Id of the athlete to remove.")
@click.option("--reason", default="asked for by the user", show_default=True)
@click.option("--yes", is_flag=True, help="Do not ask.")
def forget(
    db: str, activity: int | None, athlete: int | None, reason: str, yes: bool
) -> None:
    """Remove an activity or an athlete everywhere, and write a dated receipt."""
    if (activity is None) == (athlete is None):
        raise click.UsageError("Name --activity ID or --athlete ID.")
    what = f"activity {activity}" if activity is not None else f"athlete {athlete}"
    with opened(db) as archive:
        if not yes:
            confirm(
                f"Remove {what} from {db} for good?",
                click.UsageError("Nobody is there to confirm it; add --yes."),
            )
        receipt = archive.forget(
            activity_id=activity, athlete_id=athlete, reason=reason
        )
        click.echo(receipt)


@command.command()
@database
def receipts(db: str) -> None:
    """List what was removed, when and why."""
    with opened(db) as archive:
        for receipt in archive.receipts():
            click.echo(receipt)
