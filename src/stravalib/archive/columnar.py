"""Columns in Arrow's memory layout, made and read with the standard library.

A table of columns packs into one blob, which the archive keeps as a ready copy of its
activities: numpy, Arrow, pandas and polars then read the buffers as they lie.
"""

from __future__ import annotations

import itertools
import json
import struct
import sys
from array import array
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from stravalib.archive.codec import _pack_bits, _unpack_bits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ColumnType = Literal["int", "float", "bool", "text", "utc", "local"]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LITTLE = sys.byteorder == "little"


@dataclass(slots=True)
class ColumnData:
    """One column: `valid` is a bitmap (None: no nulls), times are microseconds."""

    type: ColumnType
    size: int
    data: Any  # bytes-like
    valid: Any = None  # bytes-like
    offsets: Any = None  # bytes-like, int32, text only

    def values(self) -> list[Any]:
        """Return Python values: datetimes for times, None for nulls."""
        found: list[Any]
        if self.type == "text":
            ends = array("i")
            ends.frombytes(bytes(self.offsets))
            data = bytes(self.data)
            found = [data[a:b].decode() for a, b in itertools.pairwise(ends)]
        elif self.type == "bool":
            found = list(_unpack_bits(bytes(self.data), 0, self.size)[0])
        else:
            numbers = array("d" if self.type == "float" else "q")
            numbers.frombytes(bytes(self.data))
            found = numbers.tolist()
            if self.type in ("utc", "local"):
                zero = _EPOCH if self.type == "utc" else _EPOCH.replace(tzinfo=None)
                found = [zero + timedelta(microseconds=value) for value in found]
        if self.valid is not None:
            valid = _unpack_bits(bytes(self.valid), 0, self.size)[0]
            pairs = zip(found, valid, strict=True)
            found = [value if good else None for value, good in pairs]
        return found


def column(kind: ColumnType, values: Sequence[Any]) -> ColumnData:
    """Make a column of Python values as SQLite gives them (times as ISO 8601)."""
    if kind in ("utc", "local"):
        values = [_microseconds(value) for value in values]
    valid = [value is not None for value in values]
    bitmap = None if all(valid) else _pack_bits(valid)
    if kind == "text":
        parts = [b"" if value is None else str(value).encode() for value in values]
        ends = array("i", itertools.accumulate(map(len, parts), initial=0))
        return ColumnData("text", len(values), b"".join(parts), bitmap, ends.tobytes())
    if kind == "bool":
        return ColumnData("bool", len(values), _pack_bits(values), bitmap)
    code, blank = ("d", float("nan")) if kind == "float" else ("q", 0)
    numbers = array(code, [blank if value is None else value for value in values])
    return ColumnData(kind, len(values), numbers.tobytes(), bitmap)


def pack(columns: Mapping[str, ColumnData]) -> bytes:
    """Write columns as one blob (native byte order, which the head names)."""
    parts: list[bytes] = []
    place = 0
    head = []
    for name, item in columns.items():
        spans: list[list[int] | None] = []
        for buffer in (item.data, item.valid, item.offsets):
            if buffer is None:
                spans.append(None)
                continue
            data = bytes(buffer)
            spans.append([place, len(data)])
            padded = data + b"\0" * (-len(data) % 8)
            parts.append(padded)
            place += len(padded)
        head.append([name, item.type, item.size, *spans])
    text = json.dumps({"little": _LITTLE, "columns": head}).encode()
    text += b" " * (-(len(text) + 4) % 8)
    return struct.pack("<I", len(text)) + text + b"".join(parts)


def unpack(blob: bytes) -> dict[str, ColumnData] | None:
    """Read a blob without copying; None when another kind of machine wrote it."""
    (size,) = struct.unpack_from("<I", blob)
    head = json.loads(blob[4 : 4 + size])
    if head["little"] != _LITTLE:
        return None
    body = memoryview(blob)[4 + size :]

    def cut(span: list[int] | None) -> memoryview | None:
        return None if span is None else body[span[0] : span[0] + span[1]]

    return {
        name: ColumnData(kind, count, cut(data), cut(valid), cut(offsets))
        for name, kind, count, data, valid, offsets in head["columns"]
    }


def _microseconds(value: Any) -> int | None:
    if value is None:
        return None
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // timedelta(microseconds=1)
