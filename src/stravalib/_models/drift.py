"""Notes about values that were not what was meant, and the log of them."""

from __future__ import annotations

import logging
from typing import Any

log = logging.getLogger("stravalib.drift")
reported: set[tuple[str, str]] = set()


class Renamed:
    """Marks a field that arrived under another of its keys."""

    __slots__ = ("key",)

    def __init__(self, key: str) -> None:
        self.key = key

    def __reduce__(self) -> tuple[type[Renamed], tuple[str]]:
        return Renamed, (self.key,)


class Spare:
    """Holds what a second key of a field held, where a dump has no place for it."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __reduce__(self) -> tuple[type[Spare], tuple[Any]]:
        return Spare, (self.value,)


_SENT = {  # what JSON calls it
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "a boolean",
    dict: "an object",
    list: "a list",
    type(None): "null",
}


def report(entity: type[Any], field: str, wanted: str, value: Any) -> None:
    """Log, once for each field of a model, that Strava sent something else."""
    at = (entity.__name__, field)
    if at in reported:
        return
    reported.add(at)
    log.warning(
        "%s.%s: expected %s, received %s; the original is kept in `.drift`",
        *at,
        wanted,
        _SENT.get(type(value), type(value).__name__),
    )
    log.debug("%s.%s was %r", *at, value)


def report_row(entity: type[Any], position: int, rows: int, value: Any) -> None:
    """Log, once for each model, that a row of a list is no record."""
    at = (entity.__name__, "(row)")
    if at in reported:
        return
    reported.add(at)
    log.warning(
        "%s: row %d of %d is %s, not an object; it is left out and kept nowhere",
        entity.__name__,
        position + 1,
        rows,
        _SENT.get(type(value), type(value).__name__),
    )
    log.debug("%s: row %d was %r", entity.__name__, position + 1, value)
