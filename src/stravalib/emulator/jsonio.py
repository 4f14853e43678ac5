"""JSON to bytes and back, and the packed form in which big objects are kept."""

from __future__ import annotations

import json
import zlib
from typing import Any

try:
    import orjson
except ImportError:  # the extra `fast` is optional
    orjson = None  # type: ignore[assignment,unused-ignore]

_PACK_FROM = 700
_PLAIN, _DEFLATED = b"j", b"z"


def dumps(value: Any) -> bytes:
    """Write compact UTF-8 JSON."""
    if orjson is not None:
        try:
            return orjson.dumps(value)
        except TypeError:
            pass  # an integer above 64 bits, which recordings do hold
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def loads(data: bytes | str) -> Any:
    """Read JSON; integers of any length stay integers."""
    return json.loads(data)


def loads_quickly(data: bytes) -> Any:
    """Read JSON where an integer above 64 bits may become a float."""
    return json.loads(data) if orjson is None else orjson.loads(data)


def pack(data: bytes) -> bytes:
    """Shrink JSON bytes for keeping."""
    if len(data) < _PACK_FROM:
        return _PLAIN + data
    return _DEFLATED + zlib.compress(data, 1)


def unpack(packed: bytes) -> bytes:
    """Undo :func:`pack`."""
    if packed[:1] == _DEFLATED:
        return zlib.decompress(packed[1:])
    return packed[1:]
