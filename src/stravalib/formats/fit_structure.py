"""Walk over the records of a FIT file without decoding them.

The libraries that decode FIT give everything or nothing, and everything at once. So
this finds where a damaged file stops making sense, counts before anything is built,
leaves out messages that nobody reads, and cuts the rest into small sound files: what
comes out can be decoded one by one in bounded memory.

See https://developer.garmin.com/fit/protocol/
"""

from __future__ import annotations

import sys
from array import array
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from stravalib.formats.errors import FormatError

# global message numbers
FILE_ID: Final = 0
FIELD_DESCRIPTION: Final = 206
WANTED: Final = frozenset(
    (
        FILE_ID,
        *(12, 18, 19, 20, 21, 23),  # sport session lap record event device_info
        *(31, 32, 34),  # course course_point activity
        *(101, 132, 207, 225),  # length hr developer_data_id set
        FIELD_DESCRIPTION,
    )
)

MAX_MESSAGES: Final = 1_000_000
_PER_SLICE: Final = 20_000
_BYTE: Final = 0x0D
_BASE_TYPES: Final = frozenset(
    (
        *(0x00, 0x01, 0x02, 0x07, 0x0A, 0x0D),
        *(0x83, 0x84, 0x85, 0x86, 0x88, 0x89, 0x8B, 0x8C, 0x8E, 0x8F, 0x90),
    )
)
_TIMESTAMP: Final = 253
_PAIRS_FROM: Final = 65_536
_MAX_DESCRIPTIONS: Final = 256


@dataclass(slots=True)
class FitPart:
    """One of the files that are chained in a file: small sound files, in order."""

    slices: list[bytes] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    messages: int = 0
    damaged: bool = False


@dataclass(slots=True, frozen=True)
class _Definition:
    number: int
    size: int
    stamped: bool
    raw: bytes

    @property
    def wanted(self) -> bool:
        return self.number in WANTED


def split(data: bytes) -> list[FitPart]:
    """Return the sound parts of a FIT file, each cut into small files.

    Raises
    ------
    FormatError
        ``malformed`` when not even the first header is one; ``too_large`` for more
        than `MAX_MESSAGES` messages that matter.
    """
    parts: list[FitPart] = []
    position = 0
    while position < len(data):
        if not _is_header(data, position):
            if not parts:
                raise FormatError(
                    "The file does not begin with a FIT header.",
                    offset=position,
                    hint="Copy it from the device again.",
                )
            rest = len(data) - position
            if data[position:].strip(b"\x00"):
                parts[-1].warnings.append(
                    f"{rest} bytes behind the end at byte {position} are no FIT data"
                )
            break
        part, position = _walk(data, position)
        parts.append(part)
        if sum(one.messages for one in parts) > MAX_MESSAGES:
            raise FormatError(
                f"The file has more than {MAX_MESSAGES:,} messages.",
                reason="too_large",
                hint="Cut it into several activities.",
            )
    return parts


def crc16(data: bytes | bytearray) -> int:
    """Return the checksum that FIT files end with."""
    value = 0
    rest = data
    if len(data) > _PAIRS_FROM and sys.byteorder == "little":
        pairs = _pair_table()
        even = len(data) & ~1
        for word in memoryview(data)[:even].cast("H"):
            value = pairs[value ^ word]
        rest = data[even:]
    for byte in rest:
        value = (value >> 8) ^ _CRC_TABLE[(value ^ byte) & 0xFF]
    return value


@cache
def _pair_table() -> array[int]:
    """Return the checksums of two bytes at once; making it pays from 64 kB on."""
    once = [(both >> 8) ^ _CRC_TABLE[both & 0xFF] for both in range(0x10000)]
    return array("H", [(one >> 8) ^ _CRC_TABLE[one & 0xFF] for one in once])


def _crc_table() -> tuple[int, ...]:
    table = []
    for start in range(256):
        value = start
        for _ in range(8):
            value = (value >> 1) ^ 0xA001 if value & 1 else value >> 1
        table.append(value)
    return tuple(table)


_CRC_TABLE: Final = _crc_table()


def _is_header(data: bytes, position: int) -> bool:
    size = data[position]
    return (
        size >= 12
        and len(data) - position >= size
        and data[position + 8 : position + 12] == b".FIT"
    )


def _walk(data: bytes, begin: int) -> tuple[FitPart, int]:
    part = FitPart()
    header = data[begin : begin + data[begin]]
    position = begin + len(header)
    stated = int.from_bytes(header[4:8], "little")
    end = position + stated
    if stated == 0 or end > len(data):
        # written only when the recording is saved: a crash leaves it at zero
        part.damaged = True
        missing = (
            f"{end - len(data)} bytes are missing" if stated else "it has no length"
        )
        part.warnings.append(f"the file was cut short: {missing}")
        end = len(data)
    writer = _Writer(part, header)
    try:
        position = _walk_records(data, position, end, writer)
    except _DamageError as damage:
        part.damaged = True
        part.warnings.append(f"damaged at byte {damage.args[1]}: {damage.args[0]}")
        position = end
    writer.close()
    if not part.damaged:
        checksum = data[end : end + 2]
        if len(checksum) < 2:
            part.warnings.append("the checksum at the end is missing")
        position = end + 2
    else:
        position = min(end + 2, len(data))
    return part, position


class _DamageError(Exception):
    """What is wrong, and at which byte."""


def _walk_records(data: bytes, position: int, end: int, writer: _Writer) -> int:
    definitions: dict[int, _Definition] = {}
    while position < end:
        head = data[position]
        if head & 0x80:  # compressed timestamp
            definition = definitions.get((head >> 5) & 0x03)
        elif head & 0x40:
            local = head & 0x0F
            definition = _read_definition(data, position, end)
            definitions[local] = definition
            writer.define(local, definition)
            position += len(definition.raw)
            continue
        else:
            definition = definitions.get(head & 0x0F)
        if definition is None:
            raise _DamageError("a record has no definition", position)
        stop = position + 1 + definition.size
        if stop > end:
            raise _DamageError("the last record is not complete", position)
        if definition.wanted:
            writer.record(data[position:stop], definition, bool(head & 0x80))
        position = stop
    return position


def _read_definition(data: bytes, position: int, end: int) -> _Definition:
    fields_at = position + 6
    if fields_at > end:
        raise _DamageError("the last definition is not complete", position)
    order = "big" if data[position + 2] else "little"
    number = int.from_bytes(
        data[position + 3 : position + 5], "big" if order == "big" else "little"
    )
    stop = fields_at + 3 * data[position + 5]
    if data[position] & 0x20:
        if stop >= end:
            raise _DamageError("the last definition is not complete", position)
        developer_at, stop = stop + 1, stop + 1 + 3 * data[stop]
        sizes = sum(data[developer_at + 1 : stop : 3])
        fields_end = developer_at - 1
    else:
        sizes, fields_end = 0, stop
    if stop > end:
        raise _DamageError("the last definition is not complete", position)
    sizes += sum(data[fields_at + 1 : fields_end : 3])
    raw = bytearray(data[position:stop])
    for at in range(fields_at - position + 2, fields_end - position, 3):
        if raw[at] not in _BASE_TYPES:
            raw[at] = _BYTE  # an unknown type makes the decoder panic
    return _Definition(
        number=number,
        size=sizes,
        stamped=_TIMESTAMP in data[fields_at:fields_end:3],
        raw=bytes(raw),
    )


class _Writer:
    """Collects what is wanted into files of at most `_PER_SLICE` messages."""

    def __init__(self, part: FitPart, header: bytes) -> None:
        self._part = part
        self._protocol = header[1:2]
        self._profile = header[2:4]
        self._body = bytearray()
        self._in_slice = 0
        self._active: dict[int, _Definition] = {}
        self._descriptions: list[bytes] = []

    def define(self, local: int, definition: _Definition) -> None:
        if definition.wanted:
            self._active[local] = definition
            self._body += definition.raw
        else:
            self._active.pop(local, None)

    def record(self, raw: bytes, definition: _Definition, compressed: bool) -> None:
        part = self._part
        part.messages += 1
        if part.messages > MAX_MESSAGES:
            raise FormatError(
                f"The file has more than {MAX_MESSAGES:,} messages.",
                reason="too_large",
                hint="Cut it into several activities.",
            )
        # A compressed timestamp counts from the full one before it, so that only a
        # record with a full one may come first.
        if self._in_slice >= _PER_SLICE and definition.stamped and not compressed:
            self.close()
            for description in self._descriptions:
                self._body += description
            for active in self._active.values():
                self._body += active.raw
        if (
            definition.number == FIELD_DESCRIPTION
            and len(self._descriptions) < _MAX_DESCRIPTIONS
        ):
            self._descriptions.append(definition.raw + raw)
        self._body += raw
        self._in_slice += 1

    def close(self) -> None:
        if self._in_slice:
            self._part.slices.append(self._file())
        self._body = bytearray()
        self._in_slice = 0

    def _file(self) -> bytes:
        size = len(self._body).to_bytes(4, "little")
        header = b"\x0e" + self._protocol + self._profile + size + b".FIT"
        # zero means that the checksum of the header is not given
        header += b"\x00\x00"
        content = bytes(header) + bytes(self._body)
        return content + crc16(content).to_bytes(2, "little")
