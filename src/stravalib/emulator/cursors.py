"""Cursors of comments: URL-escaped base64 of an id and a time."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from stravalib.emulator.clock import parse_stamp

if TYPE_CHECKING:
    from stravalib.emulator.records import Json


def key(comment: Json) -> tuple[int, int]:
    """Give the place of a comment: its time in milliseconds, its id."""
    return int(parse_stamp(comment["created_at"]) * 1000), int(comment["id"])


def write(comment: Json) -> str:
    """Write the cursor of a comment."""
    moment, number = key(comment)
    text = json.dumps({"id": number, "createdAt": moment}, separators=(",", ":"))
    return quote(base64.b64encode(text.encode()).decode(), safe="")


def read(cursor: str) -> tuple[int, int] | None:
    """Read a cursor, escaped as often as the client liked; None if it is none."""
    for _ in range(3):
        cursor = unquote(cursor)
    try:
        value = json.loads(base64.b64decode(cursor.replace(" ", "+"), validate=True))
        return int(value["createdAt"]), int(value["id"])
    except (binascii.Error, ValueError, TypeError, KeyError, RecursionError):
        return None
