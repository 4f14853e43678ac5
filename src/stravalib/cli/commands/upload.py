"""``stravalib upload``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from stravalib._facts.sports import UPLOAD_DATA_TYPES
from stravalib.cli.connection import Connection, pass_connection
from stravalib.cli.filters import SportType
from stravalib.cli.output import Column, emit, format_options, say
from stravalib.cli.show import clock, kilometres

if TYPE_CHECKING:
    from stravalib._sync.endpoints.uploads import DataType

COLUMNS = [
    Column("file", "file"),
    Column("status", "status"),
    Column("activity_id", "activity", right=True),
    Column("distance", "km", kilometres, right=True),
    Column("moving_time", "moving", clock, right=True),
    Column("name", "name"),
]


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False)
)
@click.option("--name", help="Title; only with one file.")
@click.option("--description", help="Text below the title.")
@click.option(
    "--sport",
    type=SportType(),
    metavar="SPORT",
    help="Overrides what the file says.",
)
@click.option("--trainer", is_flag=True, default=None, help="It was indoors.")
@click.option("--commute", is_flag=True, default=None, help="It was a commute.")
@click.option("--no-wait", is_flag=True, help="Do not wait for the activity.")
@format_options
@pass_connection
def command(
    connection: Connection,
    files: tuple[str, ...],
    name: str | None,
    description: str | None,
    sport: str | None,
    trainer: bool | None,
    commute: bool | None,
    no_wait: bool,
    form: str | None,
) -> int:
    """Upload files and wait until they are activities.

    FIT, TCX and GPX, also as .gz, and JSON strength workouts. A file that is on
    Strava already is told with the id of its activity, and is no error.

    \b
        stravalib upload ride.fit
        stravalib upload *.gpx --sport TrailRun
    """
    if name and len(files) > 1:
        raise click.UsageError("--name goes with one file.")
    from stravalib import exc

    # Before the first is sent, all names are looked at.
    kinds: list[DataType] = [data_type(file) for file in files]
    client = connection.client()
    rows: list[dict[str, object]] = []
    failed = 0
    for file, kind in zip(files, kinds, strict=True):
        row: dict[str, object] = {"file": file}
        rows.append(row)
        try:
            with Path(file).open("rb") as content:
                uploader = client.upload_activity(
                    content,
                    data_type=kind,
                    name=name,
                    description=description,
                    sport_type=sport,
                    trainer=trainer,
                    commute=commute,
                    external_id=Path(file).name,
                )
            if no_wait:
                row["status"] = uploader.status
                continue
            activity = uploader.wait(timeout=120)
            row.update(
                status="uploaded",
                activity_id=activity.id,
                distance=activity.distance,
                moving_time=activity.moving_time,
                name=activity.name,
            )
        except exc.DuplicateActivity as error:
            row.update(status="there already", activity_id=error.duplicate_of)
        except exc.ActivityUploadFailed as error:
            failed += 1
            row["status"] = "refused"
            say(f"{file}: {error}")
        except Exception:
            # What was uploaded so far is told all the same.
            if rows[:-1]:
                emit(rows[:-1], COLUMNS, form)
            raise
    emit(rows, COLUMNS, form)
    return 1 if failed else 0


def data_type(file: str) -> DataType:
    """Read Strava's data type off a file name."""
    suffixes = [part.lower().lstrip(".") for part in Path(file).suffixes[-2:]]
    for found in (".".join(suffixes), suffixes[-1] if suffixes else ""):
        if found in UPLOAD_DATA_TYPES:
            return cast("DataType", found)
    raise click.UsageError(
        f"{file}: the name does not end in .{', .'.join(UPLOAD_DATA_TYPES)}."
    )
