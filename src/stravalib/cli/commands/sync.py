"""``stravalib sync``."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any

import click

from stravalib.cli.connection import Connection, pass_connection
from stravalib.cli.filters import DateType
from stravalib.cli.output import emit_one, say

if TYPE_CHECKING:
    from datetime import datetime

    from stravalib.archive import Progress, SyncPlan, SyncResult

PARTS = (
    "details",
    "streams",
    "laps",
    "zones",
    "comments",
    "kudos",
    "photos",
    "athlete",
    "stats",
    "gear",
    "clubs",
    "routes",
    "segments",
    "all",
)


@click.command()
@click.option("--db", default="strava.db", show_default=True, help="The archive.")
@click.option(
    "--what",
    "parts",
    multiple=True,
    type=click.Choice(PARTS),
    help="Part to fetch; may be repeated. Default: details and streams.",
)
@click.option(
    "--check/--no-check",
    default=None,
    help="Re-list everything and notice edits and deletions (by itself weekly).",
)
@click.option("--since", type=DateType(), help="Parts only of activities since then.")
@click.option(
    "--wait",
    is_flag=True,
    help="Wait for the next day too; a quarter hour is waited for anyway.",
)
@click.option("--max-requests", type=click.IntRange(min=1), help="Stop after so many.")
@click.option("--plan", "plan_only", is_flag=True, help="Show the plan, fetch nothing.")
@click.option(
    "--concurrency",
    type=click.IntRange(1, 32),
    default=4,
    show_default=True,
    help="Requests at a time.",
)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors (for cron).")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@pass_connection
def command(
    connection: Connection,
    db: str,
    parts: tuple[str, ...],
    check: bool | None,
    since: datetime | None,
    wait: bool,
    max_requests: int | None,
    plan_only: bool,
    concurrency: int,
    quiet: bool,
    as_json: bool,
) -> int:
    """Bring an archive up to date, newest activities first.

    Shows the plan and fetches within the quota. Whatever ends a run, the next one goes
    on there; what is in the archive is not fetched again. Data from the API are kept
    for 7 days unless you decide otherwise: see `stravalib archive keep --help`.

    \b
        stravalib sync                       everything new into strava.db
        stravalib sync --plan                what would be fetched, and how long
        stravalib sync --what all --check    all parts, and look for deletions
        17 * * * * stravalib sync -q         from cron
    """
    from stravalib.archive import Archive

    options: dict[str, Any] = {
        "check": check,
        "since": since,
        "wait": wait,
        "max_requests": max_requests,
    }
    if parts:
        options["what"] = parts

    with Archive(db) as archive, _Teller(quiet, plan_only) as teller:
        result = asyncio.run(_sync(archive, connection, concurrency, teller, options))
    if as_json:
        emit_one(result.to_json(), "json")
    elif not quiet and not plan_only:
        say(str(result))
    if not quiet:
        for miss in result.missed[:20]:
            say(f"  {miss}")
        if not result.plan or not result.plan.keeps:
            _tell_policy()
    elif result.exit_code not in (0, 3, 4):
        say(str(result))
    return result.exit_code


async def _sync(
    archive: Any,
    connection: Connection,
    concurrency: int,
    teller: _Teller,
    options: dict[str, Any],
) -> SyncResult:
    from stravalib import AsyncClient

    async with AsyncClient(**connection.async_client_options()) as client:
        found: SyncResult = await archive.sync_async(
            client,
            concurrency=concurrency,
            on_plan=teller.plan,
            progress=teller.progress,
            **options,
        )
        return found


def _tell_policy() -> None:
    say(
        "Data from the API are kept for 7 days (Strava's API policy); "
        "`stravalib archive keep --help` tells more."
    )


class _Teller:
    """Shows plan and progress on stderr: a bar for people, nothing for cron."""

    def __init__(self, quiet: bool, plan_only: bool) -> None:
        self._quiet = quiet
        self._plan_only = plan_only
        self._bar: Any = None
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> _Teller:
        if not self._quiet and not self._plan_only and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import (
                BarColumn,
                MofNCompleteColumn,
                Progress,
                TextColumn,
                TimeRemainingColumn,
            )

            self._bar = Progress(
                TextColumn("{task.description:<10}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                console=Console(stderr=True),
            )
            self._bar.start()
        return self

    def __exit__(self, *error: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def plan(self, plan: SyncPlan) -> bool:
        """Tell the plan; decline it where only the plan was asked for."""
        if not self._quiet:
            say(str(plan))
        return not self._plan_only

    def progress(self, progress: Progress) -> None:
        """Move the bar."""
        if self._bar is None:
            return
        task = self._tasks.get(progress.phase)
        if task is None:
            task = self._bar.add_task(progress.phase, total=progress.total)
            self._tasks[progress.phase] = task
        self._bar.update(task, completed=progress.done, total=progress.total)
