"""Tables for people, JSON and CSV for pipes."""

from __future__ import annotations

import csv
import json
import shutil
import sys
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Row = dict[str, Any]

# Up to here a cell is a figure, an id or a word, and is never cut or wrapped.
LONGEST_WORD = 20


class Column(NamedTuple):
    """A column of a table: its key in the row, its title, how it is shown."""

    key: str
    title: str
    show: Callable[[Any], str] = str
    right: bool = False


def format_options(function: Any) -> Any:
    """Add ``--json``, ``--jsonl``, ``--csv`` to a command, as ``form``."""
    for flag, text in (
        ("csv", "As comma-separated values with a header line."),
        ("jsonl", "As JSON, one object a line."),
        ("json", "As JSON."),
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
        click.echo(_dump(found, indent=2))
        return len(found)
    count = 0
    if form == "jsonl":
        for row in rows:
            click.echo(_dump(row))
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
        click.echo(_dump(row, indent=2 if form == "json" else None))
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


def _dump(value: object, indent: int | None = None) -> str:
    # Where the pipe takes no UTF-8, JSON has its own way to write other letters.
    ascii_only = not takes_unicode(sys.stdout)
    return json.dumps(value, default=plain, ensure_ascii=ascii_only, indent=indent)


def takes_unicode(stream: Any) -> bool:
    """Tell whether any letter can be written to a stream."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return str(encoding).lower().replace("-", "").replace("_", "").startswith("utf")


def _table(rows: list[Row], columns: list[Column]) -> int:
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    cells = [
        [_shown(row.get(column.key), column) for column in columns] for row in rows
    ]
    lines = [[column.title for column in columns], *cells]
    lengths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    # Figures stay whole; long texts may be wrapped.
    least = [min(length, LONGEST_WORD) for length in lengths]
    gaps = 2 * (len(columns) - 1)
    # A pipe has no width; a table must not be cut there.
    width = sum(lengths) + gaps
    if sys.stdout.isatty():
        width = min(width, shutil.get_terminal_size().columns)
    if sum(least) + gaps > width:
        _records(cells, columns)
        return len(rows)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column, length, smallest in zip(columns, lengths, least, strict=True):
        table.add_column(
            column.title,
            justify="right" if column.right else "left",
            no_wrap=length <= LONGEST_WORD,
            overflow="fold",
            min_width=smallest,
        )
    for line in cells:
        table.add_row(*map(Text, line))
    console = Console(file=sys.stdout, width=max(width, 1), highlight=False)
    with console.capture() as capture:
        console.print(table)
    for shown in capture.get().splitlines():
        click.echo(shown.rstrip())
    return len(rows)


def _records(cells: list[list[str]], columns: list[Column]) -> None:
    """Write a line for each value, where the terminal is too narrow for a table."""
    width = max(len(column.title) for column in columns)
    for number, line in enumerate(cells):
        if number:
            click.echo()
        for column, value in zip(columns, line, strict=True):
            if value:
                click.echo(f"{column.title:<{width}}  {value}")


def _shown(value: Any, column: Column) -> str:
    return "" if value is None else " ".join(column.show(value).splitlines())


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
