"""``stravalib activity``."""

from __future__ import annotations

import click

from stravalib.cli.connection import Connection, pass_connection
from stravalib.cli.output import emit_one, format_options

FIELDS = (
    "id",
    "name",
    "description",
    "sport_type",
    "start_local",
    "distance",
    "moving_time",
    "elapsed_time",
    "total_elevation_gain",
    "average_speed",
    "max_speed",
    "average_heartrate",
    "max_heartrate",
    "average_cadence",
    "average_watts",
    "weighted_average_watts",
    "kilojoules",
    "calories",
    "average_temp",
    "device_name",
    "visibility",
    "kudos_count",
    "comment_count",
)


@click.command()
@click.argument("activity_id", type=int)
@click.option("--streams", is_flag=True, help="Also the streams (one more request).")
@format_options
@pass_connection
def command(
    connection: Connection, activity_id: int, streams: bool, form: str | None
) -> None:
    """Show one activity with all detail.

    One request. Units: metres, seconds, m/s, bpm, W, kJ, kcal, degrees Celsius.

    \b
        stravalib activity 12345678
        stravalib activity 12345678 --json --streams > activity.json
    """
    client = connection.client()
    activity = client.get_activity(activity_id)
    if form in ("json", "jsonl"):
        raw = dict(activity.raw)
        if streams:
            found = client.get_activity_streams(activity_id)
            raw["streams"] = {kind: stream.raw for kind, stream in found.items()}
        emit_one(raw, form)
        return
    shown = {name: getattr(activity, name, None) for name in FIELDS}
    if streams:
        found = client.get_activity_streams(activity_id)
        lengths = {kind: len(stream.data or []) for kind, stream in found.items()}
        shown["streams"] = ", ".join(f"{k} ({n})" for k, n in lengths.items()) or "none"
    emit_one(shown, form)
