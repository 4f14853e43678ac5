"""Read the CSV tables of the bulk export row by row, without losing anything."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, Final

from stravalib._facts.bulk_export import TABLE_COLUMNS
from stravalib.formats.errors import FormatError
from stravalib.formats.export_layout import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# None is a bare empty cell, "" one that is written as two quotes.
Cell = str | None
Row = list[Cell]

MAX_RECORD: Final = 16 * 1024 * 1024
_MAX_CELLS: Final = 10_000
_PIECE: Final = 1 << 16
_FIELD: Final = {
    mark: re.compile(rf'\s*"((?:[^"]|"")*)"(?={mark}|$)|([^{mark}]*)', re.DOTALL)
    for mark in (",", ";", "\t")
}
# some exporters put a backslash before a quote instead of doubling it
_LENIENT: Final = {
    mark: re.compile(rf'\s*"((?:\\.|[^"\\]|"")*)"(?={mark}|$)|([^{mark}]*)', re.DOTALL)
    for mark in (",", ";", "\t")
}


def read_rows(
    file: BinaryIO, report: Callable[[str], None]
) -> Iterator[tuple[int, Row]]:
    """Iterate over ``(line, cells)`` of a CSV file.

    UTF-8 with or without BOM and UTF-16; comma, semicolon or tab; any line ends;
    line breaks in quotes. Rows that are not UTF-8 are read as Windows-1252. `report`
    is told what was odd.

    Raises
    ------
    FormatError
        ``too_large`` for a record above `MAX_RECORD` bytes: a quote that never
        closes, in most cases.
    """
    mark: str | None = None
    recoded = False
    for line, record in _records(file):
        try:
            record.encode()
        except UnicodeEncodeError:
            raw = record.encode("utf-8", "surrogateescape")
            record = raw.decode("cp1252", "replace")
            if not recoded:
                recoded = True
                report(f"line {line} is not UTF-8 and is read as Windows-1252")
        if mark is None:
            mark = _delimiter(record)
        if not record:
            continue
        cells = _split(record, mark)
        if cells is None:
            report(f"line {line} has a quote inside of a cell that is not doubled")
            cells = _split(record, mark, lenient=True) or [record]
        yield line, cells


def _records(file: BinaryIO) -> Iterator[tuple[int, str]]:
    """Iterate over records: lines, joined while a quote is open."""
    head = file.read(4)
    encoding = "utf-8"
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16-le" if head[0] == 0xFF else "utf-16-be"
        head = head[2:]
    elif head[:3] == b"\xef\xbb\xbf":
        head = head[3:]
    chained = io.BufferedReader(_Chained(head, file))
    errors = "surrogateescape" if encoding == "utf-8" else "replace"
    text = io.TextIOWrapper(chained, encoding=encoding, errors=errors, newline="")
    try:
        yield from _joined(text)
    finally:
        text.detach()


def _joined(text: io.TextIOWrapper) -> Iterator[tuple[int, str]]:
    line = begin = 1
    pieces: list[str] = []
    size = quotes = 0
    while piece := text.readline(_PIECE):
        pieces.append(piece)
        size += len(piece)
        quotes += piece.count('"')
        if size > MAX_RECORD:
            raise FormatError(
                f"A record is longer than {MAX_RECORD:,} characters; "
                "a quote may never close.",
                reason="too_large",
                line=begin,
                hint="Ask for the export again, or repair the file.",
            )
        if not piece.endswith(("\n", "\r")):
            continue
        line += 1
        if quotes % 2 == 0:
            yield begin, "".join(pieces).rstrip("\r\n")
            pieces, size, quotes, begin = [], 0, 0, line
    if pieces:
        yield begin, "".join(pieces).rstrip("\r\n")


def _delimiter(header: str) -> str:
    bare = re.sub(r'"[^"]*"', "", header)
    return max((",", ";", "\t"), key=bare.count)


def _split(record: str, mark: str, *, lenient: bool = False) -> Row | None:
    """Return the cells, or None where quotes do not add up."""
    if '"' not in record:
        return [cell or None for cell in record.split(mark)]
    pattern = (_LENIENT if lenient else _FIELD)[mark]
    cells: Row = []
    position = 0
    while len(cells) < _MAX_CELLS:
        found = pattern.match(record, position)
        if found is None:
            return None
        quoted, bare = found.groups()
        if quoted is not None:
            text = quoted.replace('""', '"')
            cells.append(text.replace('\\"', '"') if lenient else text)
        elif not lenient and '"' in bare and bare.lstrip().startswith('"'):
            return None
        else:
            cells.append(bare or None)
        position = found.end()
        if position >= len(record):
            return cells
        position += 1
        if position == len(record):
            return [*cells, None]
    return cells


class _Chained(io.RawIOBase):
    """Some bytes already read, then the rest of a file."""

    def __init__(self, head: bytes, file: BinaryIO) -> None:
        self._head = head
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        data = self._head[: len(view)]
        self._head = self._head[len(data) :]
        if not data:
            data = self._file.read(len(view))
        view[: len(data)] = data
        return len(data)


@dataclass(frozen=True, slots=True)
class ExportTable:
    """A CSV file of the export, losslessly.

    `header` is as it stands in the file; `keys` are English and the same in every
    language, as far as the columns are known.
    """

    name: str
    header: list[str]
    keys: list[str]
    _read: Callable[[], Iterator[tuple[int, Row]]] = field(repr=False, compare=False)

    def rows(self) -> Iterator[Row]:
        """Iterate over the rows; a bare empty cell is None, a quoted one ``""``."""
        for _, row in self._read():
            yield row

    def records(self) -> Iterator[dict[str, str | None]]:
        """Iterate over the rows as ``{key: text}``; short rows are filled up."""
        for row in self.rows():
            filled = [*row, *[None] * (len(self.keys) - len(row))]
            yield dict(zip(self.keys, filled, strict=False))


def table_keys(name: str, header: list[str]) -> list[str]:
    """Return the keys of a table's columns: by name in English, else by position."""
    own = [
        re.sub(r"[^\w]+", "_", fold(label)).strip("_") or f"column_{index}"
        for index, label in enumerate(header)
    ]
    known = TABLE_COLUMNS.get(name.casefold())
    english = known is not None and 2 * len(set(own) & set(known)) >= len(known)
    if known is None or english or len(known) != len(header):
        # unknown, English (some columns may be new), or of another shape
        seen: set[str] = set()
        keys = []
        for index, key in enumerate(own):
            keys.append(f"column_{index}" if key in seen else key)
            seen.add(key)
        return keys
    return list(known)
