"""``stravalib update``."""

from __future__ import annotations

import click

from stravalib.cli.connection import Connection, pass_connection
from stravalib.cli.filters import SportType
from stravalib.cli.output import emit_one, format_options


@click.command()
@click.argument("activity_id", type=int)
@click.option("--name", help="New title.")
@click.option("--description", help='New text; "" empties it.')
@click.option(
    "--sport",
    type=SportType(),
    metavar="SPORT",
    help="New sport type.",
)
@click.option("--gear", help='Id of a bike or shoe; "none" clears.')
@click.option("--commute/--no-commute", default=None, help="Whether it was a commute.")
@click.option("--trainer/--no-trainer", default=None, help="Whether it was indoors.")
@click.option("--mute/--no-mute", default=None, help="Keep it out of the feed.")
@format_options
@pass_connection
def command(
    connection: Connection,
    activity_id: int,
    name: str | None,
    description: str | None,
    sport: str | None,
    gear: str | None,
    commute: bool | None,
    trainer: bool | None,
    mute: bool | None,
    form: str | None,
) -> None:
    """Change an activity; what is not named stays as it is.

    \b
        stravalib update 12345678 --name "Evening ride" --gear b1234 --commute
    """
    changes = (name, description, sport, gear, commute, trainer, mute)
    if all(value is None for value in changes):
        raise click.UsageError("Name at least one change; see --help.")
    activity = connection.client().update_activity(
        activity_id,
        name=name,
        description=description,
        sport_type=sport,
        gear_id=gear,
        commute=commute,
        trainer=trainer,
        hide_from_home=mute,
    )
    sport_type = getattr(activity.sport_type, "root", None)
    row = {"id": activity.id, "name": activity.name, "sport_type": sport_type}
    emit_one(row, form)
