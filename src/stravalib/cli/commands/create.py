"""``stravalib create``."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import click

from stravalib.cli.connection import Connection, pass_connection
from stravalib.cli.filters import DateType, SportType
from stravalib.cli.output import emit_one, format_options


class DurationType(click.ParamType):  # type: ignore[type-arg] # generic since 8.5
    """A duration: 1:30:00, 45:00, 90m, 1h30m or seconds."""

    name = "duration"

    def convert(self, value: Any, param: Any, ctx: Any) -> timedelta:
        """Read the text."""
        import re

        if isinstance(value, timedelta):
            return value
        text = str(value).strip().lower()
        if re.fullmatch(r"\d+(:\d{1,2}){1,2}", text):
            parts = [int(part) for part in text.split(":")]
            hours = parts.pop(0) if len(parts) == 3 else 0
            return timedelta(hours=hours, minutes=parts[0], seconds=parts[1])
        match = re.fullmatch(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?", text)
        if text and match:
            hours, minutes, seconds = (int(part or 0) for part in match.groups())
            return timedelta(hours=hours, minutes=minutes, seconds=seconds)
        self.fail(f"{value!r} is no duration; write 1:30:00, 45:00 or 1h30m.")


@click.command()
@click.argument("name")
@click.option(
    "--sport",
    required=True,
    type=SportType(),
    metavar="SPORT",
    help="Sport type, for example Run.",
)
@click.option("--start", type=DateType(), help="Local start time; default now.")
@click.option(
    "--duration", required=True, type=DurationType(), help="1:30:00, 45:00, 1h30m."
)
@click.option("--distance", type=float, help="Kilometres.")
@click.option("--description", help="Text below the title.")
@click.option("--trainer", is_flag=True, default=None, help="It was indoors.")
@click.option("--commute", is_flag=True, default=None, help="It was a commute.")
@format_options
@pass_connection
def command(
    connection: Connection,
    name: str,
    sport: str,
    start: datetime | None,
    duration: timedelta,
    distance: float | None,
    description: str | None,
    trainer: bool | None,
    commute: bool | None,
    form: str | None,
) -> None:
    """Create a manual activity (no file, no track).

    \b
        stravalib create "Morning yoga" --sport Yoga --duration 30m
    """
    activity = connection.client().create_activity(
        name=name,
        start_date_local=(start or datetime.now()).replace(tzinfo=None),
        elapsed_time=duration,
        sport_type=sport,
        description=description,
        distance=None if distance is None else distance * 1000,
        trainer=trainer,
        commute=commute,
    )
    emit_one({"id": activity.id, "name": activity.name}, form)
