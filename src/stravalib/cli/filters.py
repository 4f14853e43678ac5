"""Filters that several commands share: sport and dates."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from stravalib._facts.sports import SPORT_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


DAYS = {"d": 1, "w": 7}


class DateType(click.ParamType):  # type: ignore[type-arg] # generic since 8.5
    """A date or time in ISO form, or ``today``, ``yesterday``, ``30d``, ``2w``."""

    name = "date"

    def convert(self, value: Any, param: Any, ctx: Any) -> datetime:
        """Read the text."""
        if isinstance(value, datetime):
            return value
        text = str(value).strip().lower()
        midnight = (
            datetime.now()
            .astimezone()
            .replace(hour=0, minute=0, second=0, microsecond=0)
        )
        if text in ("today", "yesterday"):
            return midnight - timedelta(days=text == "yesterday")
        if text[:-1].isdecimal() and text[-1:] in DAYS:
            return midnight - timedelta(days=int(text[:-1]) * DAYS[text[-1]])
        try:
            found = datetime.fromisoformat(str(value).strip())
        except ValueError:
            self.fail(
                f"{value!r} is no date; write 2026-05-04, 2026-05-04T10:30, today, "
                "yesterday, 30d or 2w.",
                param,
                ctx,
            )
        return found.astimezone()


class SportType(click.Choice):  # type: ignore[type-arg] # generic since 8.2
    """One of Strava's sport types, in any case."""

    def __init__(self) -> None:
        super().__init__(SPORT_TYPES, case_sensitive=False)

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        """Find the sport; name the closest where there is none of that name."""
        import difflib

        names = {sport.lower(): sport for sport in SPORT_TYPES}
        if str(value).lower() not in names:
            close = difflib.get_close_matches(str(value).lower(), names, 3, 0.5)
            meant = [names[name] for name in close] or SPORT_TYPES
            kind = "nearest" if close else "known"
            text = f"{value!r} is no sport type; {kind}: {', '.join(meant)}."
            self.fail(text, param, ctx)
        return super().convert(value, param, ctx)


def activity_filters(function: Any) -> Any:
    """Add ``--sport``, ``--after``, ``--before`` and ``--limit`` to a command."""
    function = click.option(
        "-n", "--limit", type=click.IntRange(min=1), help="At most this many."
    )(function)
    function = click.option(
        "--before", type=DateType(), help="Started before this time."
    )(function)
    function = click.option(
        "--after", type=DateType(), help="Started after this time (30d: last 30 days)."
    )(function)
    return click.option(
        "--sport",
        "sports",
        multiple=True,
        type=SportType(),
        metavar="SPORT",
        help="Only this sport (TrailRun, Ride, ...); may be repeated.",
    )(function)


def matching(items: Iterable[Any], sports: tuple[str, ...]) -> Iterator[Any]:
    """Keep the items of these sports; all where none was named."""
    wanted = {sport.lower() for sport in sports}
    for item in items:
        if not wanted or str(getattr(item.sport_type, "root", "")).lower() in wanted:
            yield item


def first(items: Iterable[Any], limit: int | None) -> Iterator[Any]:
    """Stop after ``limit`` items, before asking for the next one."""
    if limit is None:
        yield from items
        return
    for count, item in enumerate(items, start=1):
        yield item
        if count >= limit:
            return
