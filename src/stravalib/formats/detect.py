"""Tell what a file is by its content, and unpack gzip within bounds."""

from __future__ import annotations

import io
import logging
import os
import zlib
from pathlib import Path
from typing import BinaryIO, Final, Literal

from stravalib.formats.errors import FormatError

logger = logging.getLogger("stravalib.formats")
logger.addHandler(logging.NullHandler())

FileType = Literal["fit", "gpx", "tcx", "json"]
Source = bytes | bytearray | memoryview | BinaryIO | str | os.PathLike[str]

# Strava takes 25 MB; a day-long ride with everything is about 60 MB as TCX.
MAX_BYTES: Final = 256 * 1024 * 1024
_MAX_WRAPPINGS: Final = 3
_CHUNK: Final = 1 << 16
_BLANK: Final = b" \t\r\n\x00\xef\xbb\xbf"


def load(source: Source, *, max_bytes: int = MAX_BYTES) -> bytes:
    """Return the bytes of a source, unpacked from up to three layers of gzip.

    Raises
    ------
    FormatError
        ``too_large`` above `max_bytes` (also after unpacking), ``empty`` for no
        bytes, ``malformed`` for broken gzip.
    """
    data = _fetch(source, max_bytes)
    for _ in range(_MAX_WRAPPINGS):
        if data[:2] != b"\x1f\x8b":
            break
        data = gunzip(data, max_bytes=max_bytes)
    else:
        if data[:2] == b"\x1f\x8b":
            raise FormatError(
                f"gzip is wrapped in gzip more than {_MAX_WRAPPINGS} times.",
                hint="Unpack the file and try again.",
            )
    if not data:
        raise FormatError(
            "The file is empty.", reason="empty", hint="Export or copy it again."
        )
    return data


def gunzip(data: bytes, *, max_bytes: int = MAX_BYTES) -> bytes:
    """Unpack gzip (several members, trailing zeros), never beyond `max_bytes`."""
    unpacked = io.BytesIO()
    rest = data
    while rest[:2] == b"\x1f\x8b":
        engine = zlib.decompressobj(wbits=31)
        while not engine.eof:
            try:
                piece = engine.decompress(rest, _CHUNK)
            except zlib.error as error:
                raise FormatError(
                    f"The gzip data are broken: {error}.",
                    offset=unpacked.tell(),
                    hint="Copy or download the file again.",
                ) from error
            rest = engine.unconsumed_tail
            if not piece and not rest and not engine.eof:
                raise FormatError(
                    f"The gzip data end early, after {unpacked.tell()} unpacked bytes.",
                    offset=unpacked.tell(),
                    hint="Copy or download the file again.",
                )
            if unpacked.tell() + len(piece) > max_bytes:
                raise _too_large(max_bytes, "unpacked from gzip")
            unpacked.write(piece)
        rest = engine.unused_data.lstrip(b"\x00")
    return unpacked.getvalue()


def sniff_bytes(data: bytes) -> FileType | None:
    """Return what plain (unpacked) bytes are, or None."""
    if data[8:12] == b".FIT" and data[:1] in (b"\x0c", b"\x0e"):
        return "fit"
    head = data[:4096].lstrip(_BLANK)
    if head[:2] in (b"<\x00", b"\xff\xfe", b"\xfe\xff") or data[:2] == b"\x00<":
        head = data[:8192].replace(b"\x00", b"")
        head = head.lstrip(b"\xff\xfe" + _BLANK)
    if head[:1] == b"{":
        return "json"
    if head[:1] == b"<":
        return _xml_type(data)
    return None


def _xml_type(data: bytes) -> FileType | None:
    """Look for the root element; comments may stand before it."""
    head = data[:65536].replace(b"\x00", b"").lower()
    found: list[tuple[int, FileType]] = []
    for mark, kind in (
        (b"<gpx", "gpx"),
        (b":gpx", "gpx"),
        (b"trainingcenterdatabase", "tcx"),
    ):
        place = head.find(mark)
        if place >= 0:
            found.append((place, kind))  # type: ignore[arg-type]
    return min(found)[1] if found else None


def _fetch(source: Source, max_bytes: int) -> bytes:
    if isinstance(source, (bytes, bytearray, memoryview)):
        data = bytes(source)
    elif isinstance(source, (str, os.PathLike)):
        with Path(source).open("rb") as file:
            data = file.read(max_bytes + 1)
    else:
        data = source.read(max_bytes + 1)
        if not isinstance(data, bytes):
            raise TypeError(
                f"the file gives {type(data).__name__}, not bytes; "
                "open it in binary mode ('rb')"
            )
    if len(data) > max_bytes:
        raise _too_large(max_bytes, "")
    return data


def _too_large(max_bytes: int, how: str) -> FormatError:
    return FormatError(
        f"The file is larger than {max_bytes:,} bytes{' ' + how if how else ''}.",
        reason="too_large",
        hint="Pass a larger max_bytes if you trust it.",
    )
