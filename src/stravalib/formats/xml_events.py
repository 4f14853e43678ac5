"""A small, safe XML pull: callbacks by local name, no DTD, no entities, no tree.

Expat is driven directly: nothing is kept but what the handlers keep, so memory
does not grow with the number of elements. Prefixes are cut off without looking at
the declarations, because files in the wild use prefixes that they never declare.
"""

from __future__ import annotations

import codecs
import re
from datetime import UTC, datetime
from math import isfinite
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from stravalib.formats.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_DEPTH: Final = 64
MAX_UNITS: Final = 1_000_000
_BAROMETER: Final = "with barometer"
_MAX_TAG_RUN: Final = 1 << 18
_MAX_ATTRIBUTES: Final = 10_000

_DECLARATION = re.compile(rb"<\?xml\s[^>]*?\?>")
_ENCODING = re.compile(rb"""<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})""")
_PROLOG = re.compile(r"(?:\s+|<!--.*?-->|<\?.*?\?>)*", re.DOTALL)
_LONG_TAG = re.compile(rb"<[^<!?][^<]{%d,}" % _MAX_TAG_RUN)
_TEXT_CODECS: Final = frozenset(
    (
        *("utf-8", "utf-16", "utf-16-le", "utf-16-be", "ascii"),
        *("iso8859-1", "iso8859-2", "iso8859-15", "cp1250", "cp1251", "cp1252"),
        *("cp932", "shift_jis", "gbk", "gb2312", "gb18030", "euc_kr", "big5"),
    )
)


def parse(
    data: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str, str], None],
    warn: Callable[[str], None],
) -> None:
    """Feed a document to `start` and `end`.

    Raises
    ------
    FormatError
        ``unsafe`` for a document type declaration, ``too_large`` for absurd nesting
        or attributes, ``malformed`` for what is not well-formed XML.
    """
    text = _utf8(data, warn)
    line_shift = data[: len(data) - len(data.lstrip())].count(b"\n")
    _refuse_dangers(text)
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.buffer_size = 1 << 16
    buffer: list[str] = []
    names: dict[str, str] = {}
    depth = 0

    def on_start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise FormatError(
                f"Elements are nested more than {MAX_DEPTH} deep.",
                reason="too_large",
                line=parser.CurrentLineNumber + line_shift,
                hint="This is no track file.",
            )
        buffer.clear()
        local = names.get(tag)
        if local is None:
            local = tag.rpartition(":")[2]
            if len(names) < 1000:
                names[tag] = local
        start(local, attributes)

    def on_end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        local = names.get(tag)
        if local is None:
            local = tag.rpartition(":")[2]
        end(local, "".join(buffer) if buffer else "")
        buffer.clear()

    parser.StartElementHandler = on_start
    parser.EndElementHandler = on_end
    parser.CharacterDataHandler = buffer.append
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        words = expat.ErrorString(error.code) or "not well-formed"
        raise FormatError(
            f"The XML is broken: {words}.",
            line=error.lineno + line_shift,
            hint="The file may be cut short; copy or export it again.",
        ) from error


class Budget:
    """A bound for what one document may make: points, laps, tracks."""

    def __init__(self, units: int = MAX_UNITS) -> None:
        self._left = units

    def spend(self, units: int) -> None:
        """Take from the budget; FormatError ``too_large`` when it is used up."""
        self._left -= units
        if self._left < 0:
            raise FormatError(
                f"The file has more than about {MAX_UNITS:,} points.",
                reason="too_large",
                hint="Cut it into several files.",
            )


def barometer_in(creator: str | None) -> tuple[str | None, bool | None]:
    """Return a creator without Strava's mark ``with barometer``, and the mark."""
    words = (creator or "").rstrip()
    if words.lower().endswith(_BAROMETER):
        return words[: -len(_BAROMETER)].rstrip() or None, True
    return creator, None


def number(text: str | None) -> float | None:
    """Return a finite float, or None for anything else."""
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None


# Outside of these the word is an artefact, and arithmetic on it may overflow.
_EARLIEST: Final = datetime(1900, 1, 1, tzinfo=UTC).timestamp()
_LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC).timestamp()
_LOOSE = re.compile(
    r"(\d{4})[-/](\d\d?)[-/](\d\d?)[T ]+(\d\d?):(\d\d?):(\d\d?)(?:[.,](\d+))?"
    r"\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?$",
    re.IGNORECASE,
)


def instant(text: str) -> tuple[float, int | None] | None:
    """Return seconds since 1970 and the UTC offset written down, or None.

    A time without an offset counts as UTC; ``Z`` and ``+00:00`` tell no offset.
    """
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        loose = _repaired(text)
        if loose is None:
            return None
        when = loose
    try:
        if when.tzinfo is None:
            seconds, shift = when.replace(tzinfo=UTC).timestamp(), None
        else:
            seconds = when.timestamp()
            offset = when.utcoffset()
            shift = int(offset.total_seconds()) if offset else None
    except (ValueError, OverflowError):
        return None
    if not _EARLIEST <= seconds <= _LATEST:
        return None
    return seconds, shift


def _repaired(text: str) -> datetime | None:
    found = _LOOSE.match(text.strip()) if len(text) < 80 else None
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    zone = "+00:00" if (zone or "Z").upper() in ("Z", "UTC", "GMT") else zone
    fraction = (fraction or "0")[:6].ljust(6, "0")
    try:
        return datetime.fromisoformat(
            f"{year}-{month:0>2}-{day:0>2}T{hour:0>2}:{minute:0>2}:{second:0>2}"
            f".{fraction}{zone}"
        )
    except ValueError:
        return None


def _utf8(data: bytes, warn: Callable[[str], None]) -> bytes:
    """Return the document as UTF-8 without declaration, BOM and padding."""
    data = data.rstrip(b"\x00 \t\r\n") if data[:2] not in (b"\xff\xfe",) else data
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        name = "utf-16"
    elif data[:2] in (b"<\x00", b"\x00<"):
        name = "utf-16-le" if data[0] else "utf-16-be"
    else:
        body = data.lstrip(b" \t\r\n\x00")
        body = body.removeprefix(codecs.BOM_UTF8).lstrip(b" \t\r\n")
        head = body[:400]
        declared = _ENCODING.match(head)
        name = "utf-8" if declared is None else _codec(declared[1], warn)
        declaration = _DECLARATION.match(head)
        if declaration is not None:
            kept = b"\n" * declaration[0].count(b"\n")
            body = kept + body[declaration.end() :]
        data = body
    if name.startswith("utf-16"):
        text = (
            data.decode(name, "replace").lstrip("\ufeff \t\r\n").rstrip("\x00 \r\n\t")
        )
        return re.sub(r"\A<\?xml\s[^>]*?\?>", "", text).encode("utf-8", "replace")
    if name != "utf-8":
        try:
            return data.decode(name).encode("utf-8", "replace")
        except UnicodeError:
            warn(f"the text is not the {name} that it declares; read as Windows-1252")
            return data.decode("cp1252", "replace").encode()
    try:
        data.decode()
    except UnicodeDecodeError as error:
        warn(f"byte {error.start} is not UTF-8; the text is read as Windows-1252")
        return data.decode("cp1252", "replace").encode()
    return data


def _codec(declared: bytes, warn: Callable[[str], None]) -> str:
    try:
        name = codecs.lookup(declared.decode("ascii")).name
    except LookupError:
        name = ""
    if name in _TEXT_CODECS:
        # a document that begins with "<?xml" in single bytes is not UTF-16
        return "utf-8" if name.startswith("utf-16") else name
    warn(f"unknown encoding {declared.decode('ascii')!r}; read as UTF-8")
    return "utf-8"


def _refuse_dangers(text: bytes) -> None:
    head = text[: 1 << 16].decode("utf-8", "ignore")
    place = _PROLOG.match(head)
    rest = head[place.end() :] if place is not None else head
    # Nothing but a DOCTYPE can declare entities, and it can only stand here.
    if rest.startswith("<!") or (b"<!DOCTYPE" in text and not rest.startswith("<")):
        raise FormatError(
            "The XML has a document type declaration, which could define entities.",
            reason="unsafe",
            hint="Remove the <!DOCTYPE ...> part; track files do not need it.",
        )
    for found in _LONG_TAG.finditer(text):
        if found[0].count(b"=") > _MAX_ATTRIBUTES:
            raise FormatError(
                f"A tag has more than {_MAX_ATTRIBUTES} attributes.",
                reason="too_large",
                offset=found.start(),
                hint="This is no track file.",
            )
