"""Tables for people, JSON and CSV for pipes."""

from __future__ import annotations

import csv
import json
import sys
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Row = dict[str, Any]


class Column(NamedTuple):
    """A column of a table: its key in the row, its title, how it is shown."""

    key: str
    title: str
    show: Callable[[Any], str] = str
    right: bool = False


def format_options(function: Any) -> Any:
    """Add ``--json``, ``--jsonl``, ``--csv`` to a command, as ``form``."""
    for flag, text in (
        ("csv", "Comma-separated values with a header line."),
        ("jsonl", "One JSON object a line."),
        ("json", "One JSON array."),
    ):
        function = click.option(
            f"--{flag}", "form", flag_value=flag, type=str, help=text
        )(function)
    return function


def emit(rows: Iterable[Row], columns: list[Column], form: str | None) -> int:
    """Write rows to stdout and return their number.

    ``form`` is ``json``, ``jsonl``, ``csv`` or None for a table. JSON has every key
    of the rows, CSV and the table have the columns.
    """
    if form == "json":
        found = list(rows)
        click.echo(json.dumps(found, default=plain, ensure_ascii=False, indent=2))
        return len(found)
    count = 0
    if form == "jsonl":
        for row in rows:
            click.echo(json.dumps(row, default=plain, ensure_ascii=False))
            count += 1
        return count
    if form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow([column.key for column in columns])
        for row in rows:
            writer.writerow([_cell(row.get(column.key)) for column in columns])
            count += 1
        return count
    return _table(list(rows), columns)


def emit_one(row: Mapping[str, Any], form: str | None) -> None:
    """Write one object: as JSON, or as lines of names and values."""
    if form in ("json", "jsonl"):
        indent = 2 if form == "json" else None
        click.echo(json.dumps(row, default=plain, ensure_ascii=False, indent=indent))
        return
    shown = {key: value for key, value in row.items() if value is not None}
    if form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(shown)
        writer.writerow([_cell(value) for value in shown.values()])
        return
    width = max((len(key) for key in shown), default=0)
    for key, value in shown.items():
        click.echo(f"{key:<{width}}  {_cell(value)}")


def _table(rows: list[Row], columns: list[Column]) -> int:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column.title, justify="right" if column.right else "left")
    for row in rows:
        cells = []
        for column in columns:
            value = row.get(column.key)
            cells.append(Text("" if value is None else column.show(value)))
        table.add_row(*cells)
    # A pipe has no width; a table must not be cut there.
    width = None if sys.stdout.isatty() else 400
    Console(file=sys.stdout, width=width, highlight=False).print(table)
    return len(rows)


def plain(value: Any) -> Any:
    """Return what JSON can hold."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    root = getattr(value, "root", None)
    return root if root is not None else str(value)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (str, int, float)):
        return str(value)
    found = plain(value)
    return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)


def say(text: str) -> None:
    """Say something to the person: on stderr."""
    click.echo(text, err=True)
