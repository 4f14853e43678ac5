"""Streams side by side: every column as long as the longest, gaps as None."""

from __future__ import annotations

import logging
import math
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from stravalib.model import Stream

log = logging.getLogger("stravalib.streams")


class Kind(Enum):
    """What the samples of a stream are."""

    WHOLE = "whole numbers"
    NUMBER = "numbers"
    FLAG = "true and false"
    PLACE = "pairs of latitude and longitude, degrees"
    OTHER = "anything"


class Column(NamedTuple):
    """A stream, padded with None to the length of the set."""

    name: str
    kind: Kind
    values: list[Any]


_KINDS: Final[dict[str, Kind]] = {
    "time": Kind.WHOLE,
    "distance": Kind.NUMBER,
    "latlng": Kind.PLACE,
    "altitude": Kind.NUMBER,
    "velocity_smooth": Kind.NUMBER,
    "heartrate": Kind.WHOLE,
    "cadence": Kind.WHOLE,
    "watts": Kind.WHOLE,
    "temp": Kind.WHOLE,
    "moving": Kind.FLAG,
    "grade_smooth": Kind.NUMBER,
}
_INT64: Final = 2**63
_NONE: Final = type(None)


def size_of(streams: Mapping[str, Stream]) -> int:
    """Return the number of points: the length of the longest stream."""
    return max((len(stream.data or ()) for stream in streams.values()), default=0)


def columns_of(streams: Mapping[str, Stream]) -> list[Column]:
    """Return the streams as columns of one length, with a warning where they differ."""
    size = size_of(streams)
    columns = []
    for name, stream in streams.items():
        data = stream.data
        values = data if isinstance(data, list) else list(data or ())
        if len(values) < size:
            log.warning(
                "The stream %s has %d samples, others have %d; it is taken to start "
                "with them, and the rest is missing",
                name,
                len(values),
                size,
            )
            values = values + [None] * (size - len(values))
        columns.append(_column(name, values))
    return columns


def column_of(name: str, stream: Stream) -> Column:
    """Return one stream as a column of its own length."""
    data = stream.data
    return _column(name, data if isinstance(data, list) else list(data or ()))


def _column(name: str, values: list[Any]) -> Column:
    meant = _KINDS.get(name)
    found = set(map(type, values)) - {_NONE}
    if not found:
        return Column(name, meant or Kind.NUMBER, values)
    if found == {bool}:
        return Column(name, Kind.FLAG, values)
    if meant is Kind.FLAG and found <= {bool, int} and set(values) <= {0, 1, None}:
        return Column(name, Kind.FLAG, [None if v is None else bool(v) for v in values])
    if found <= {int, float} and _fit_float(values):
        if meant is not Kind.NUMBER and _all_whole(values, found):
            if found != {int}:
                values = [None if value is None else int(value) for value in values]
            return Column(name, Kind.WHOLE, values)
        return Column(name, Kind.NUMBER, values)
    pairs = [pair_of(value) for value in values]
    if meant is Kind.PLACE or all(
        pair is not None or value is None
        for pair, value in zip(pairs, values, strict=True)
    ):
        return Column(name, Kind.PLACE, pairs)
    return Column(name, Kind.OTHER, values)


def _all_whole(values: Iterable[Any], found: set[type]) -> bool:
    if found == {int}:
        return True
    return all(
        v is None or (math.isfinite(v) and v == int(v) and abs(v) < 2**53)
        for v in values
    )


def _fit_float(values: Iterable[Any]) -> bool:
    """Tell whether no whole number is larger than tables have room for."""
    return all(type(v) is not int or -_INT64 <= v < _INT64 for v in values)


def pair_of(value: Any) -> tuple[float, float] | None:
    """Return a position as a tuple; None for what is no pair of numbers."""
    value = getattr(value, "root", value)
    if type(value) not in (list, tuple) or len(value) != 2:
        return None
    lat, lon = value
    numbers = (int, float)
    return (lat, lon) if type(lat) in numbers and type(lon) in numbers else None
