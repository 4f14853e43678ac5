"""Elements of the package's own XML namespace, for what GPX and TCX cannot say.

Laps, pauses, totals, pool lengths, sets and the exact sport are no part of GPX;
other programs skip these elements, as the schema asks them to.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Final

from stravalib.formats.track import (
    KINDS,
    PoolLength,
    StrengthSet,
    Track,
    TrackLap,
    TrackTotals,
    moment,
)
from stravalib.formats.xml_events import instant, number

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMESPACE: Final = "urn:stravalib:track:1"
PREFIX: Final = "sv"
ELEMENTS: Final = frozenset(("track", "totals", "lap", "pause", "length", "set"))

_WORDS: Final = frozenset(("trigger", "intensity", "name", "stroke", "exercise"))
_MOMENTS: Final = frozenset(("start", "end"))
_COUNTS: Final = frozenset(("repetitions", "category", "subtype"))


def stamp(seconds: float) -> str:
    """Return ISO 8601 in UTC, with milliseconds or microseconds where needed."""
    when = moment(round(seconds, 6))
    if not when.microsecond:
        return when.strftime("%Y-%m-%dT%H:%M:%SZ")
    precision = "milliseconds" if when.microsecond % 1000 == 0 else "microseconds"
    return when.replace(tzinfo=None).isoformat(timespec=precision) + "Z"


def plain(value: float) -> str:
    """Return the shortest text that reads back as the same number."""
    whole = int(value)
    if whole == value:
        return str(whole)
    text = repr(float(value))
    return f"{value:.15f}".rstrip("0") if "e" in text else text


def state_of(
    track: Track, *, named: bool = False
) -> Iterator[tuple[str, dict[str, str]]]:
    """Iterate over the elements that carry what the format itself cannot.

    `named` adds the track's name, for a format that has no place for it.
    """
    about: dict[str, str] = {}
    if named and track.name is not None:
        about["name"] = track.name
    if track.kind != "activity":
        about["kind"] = track.kind
    if track.sport is not None:
        about["sport"] = track.sport
    if track.start is not None:
        about["start"] = stamp(track.start.timestamp())
    if track.utc_offset is not None:
        about["utc_offset"] = str(track.utc_offset)
    if track.pool_length is not None:
        about["pool_length"] = plain(track.pool_length)
    if track.device.name is not None:
        about["device"] = track.device.name
    for name in ("manufacturer", "product", "serial_number", "software_version"):
        value = getattr(track.device, name)
        if value is not None:
            about[name] = str(value)
    yield "track", about
    totals = track.totals.stated()
    if totals:
        yield "totals", {name: plain(value) for name, value in totals.items()}
    for lap in track.laps:
        yield "lap", _attributes(lap)
    for begin, end in track.pauses:
        yield "pause", {"start": stamp(begin), "end": stamp(end)}
    for length in track.lengths:
        yield "length", _attributes(length)
    for item in track.sets:
        yield "set", _attributes(item)


def restore(track: Track, tag: str, attributes: dict[str, str]) -> None:
    """Put one element of `state_of` back into a track; nonsense is skipped."""
    if tag == "track":
        track.sport = attributes.get("sport", track.sport)
        track.name = attributes.get("name", track.name)
        for kind in KINDS:
            if attributes.get("kind", "activity") == kind:
                track.kind = kind
        when = instant(attributes.get("start", ""))
        if when is not None:
            track.start = moment(when[0])
        shift = number(attributes.get("utc_offset"))
        if shift is not None and abs(shift) < 86_400:
            track.utc_offset = int(shift)
        track.pool_length = number(attributes.get("pool_length"))
        device = track.device
        device.name = attributes.get("device")
        device.manufacturer = attributes.get("manufacturer", device.manufacturer)
        device.product = attributes.get("product", device.product)
        serial = number(attributes.get("serial_number"))
        device.serial_number = None if serial is None else int(serial)
        device.software_version = attributes.get("software_version")
    elif tag == "totals":
        _fill(track.totals, attributes)
    elif tag == "lap":
        lap = TrackLap()
        _fill(lap, attributes)
        track.laps.append(lap)
    elif tag == "pause":
        begin = instant(attributes.get("start", ""))
        end = instant(attributes.get("end", ""))
        if begin is not None and end is not None and begin[0] <= end[0]:
            track.pauses.append((begin[0], end[0]))
    elif tag == "length":
        length = PoolLength()
        _fill(length, attributes)
        track.lengths.append(length)
    elif tag == "set":
        item = StrengthSet()
        _fill(item, attributes)
        track.sets.append(item)


def _attributes(item: TrackTotals | PoolLength | StrengthSet) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in fields(item):
        value = getattr(item, entry.name)
        if value is None or value is True:
            continue
        if value is False:
            found[entry.name] = "false"
        elif isinstance(value, str):
            found[entry.name] = value
        else:
            moments = entry.name in _MOMENTS
            found[entry.name] = stamp(value) if moments else plain(value)
    return found


def _fill(
    item: TrackTotals | PoolLength | StrengthSet, attributes: dict[str, str]
) -> None:
    if isinstance(item, (PoolLength, StrengthSet)):
        item.active = attributes.get("active") != "false"
    for entry in fields(item):
        text = attributes.get(entry.name)
        if text is None:
            continue
        if entry.name in _WORDS:
            setattr(item, entry.name, text)
        elif entry.name == "active":
            continue
        elif entry.name in _MOMENTS:
            when = instant(text)
            setattr(item, entry.name, None if when is None else when[0])
        else:
            value = number(text)
            if value is not None and entry.name in _COUNTS:
                value = int(value)
            setattr(item, entry.name, value)
