"""The smaller tables of the bulk export as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from stravalib.formats.export_values import display_number, machine_number, read_date

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from stravalib.formats.track import Track

Record = dict[str, str | None]


@dataclass(slots=True)
class ExportMedia:
    """A photo or video; `filename` is for `BulkExport.open`."""

    filename: str
    caption: str | None = None
    size: int = 0
    activity_id: int | None = None


@dataclass(slots=True)
class ExportRoute:
    """A saved route; `tracks` is empty where its file cannot be read."""

    name: str | None
    filename: str
    tracks: list[Track] = field(default_factory=list)
    raw: Record = field(default_factory=dict, repr=False)


@dataclass(slots=True)
class ExportGear:
    """A bike or a pair of shoes. Activities refer to it by its name only."""

    kind: Literal["bike", "shoe"]
    name: str | None
    brand: str | None = None
    model: str | None = None
    default_sports: str | None = None
    components: list[Record] = field(default_factory=list)
    raw: Record = field(default_factory=dict, repr=False)


@dataclass(slots=True)
class ExportClub:
    """A club of the athlete."""

    name: str | None
    description: str | None = None
    kind: str | None = None
    sport: str | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None
    website: str | None = None
    cover_photo: str | None = None
    picture: str | None = None
    joined: datetime | None = None
    raw: Record = field(default_factory=dict, repr=False)


@dataclass(slots=True)
class ExportSegment:
    """A segment that the athlete made; positions are ``(lat, lon)``."""

    name: str | None
    activity_id: int | None = None
    start: tuple[float, float] | None = None
    end: tuple[float, float] | None = None
    raw: Record = field(default_factory=dict, repr=False)


@dataclass(slots=True)
class ExportProfile:
    """The athlete. Mail address and the like stand in `raw` only, out of the repr."""

    id: int | None = None
    first_name: str | None = None
    last_name: str | None = None
    sex: str | None = None
    description: str | None = None
    weight: float | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None
    raw: Record = field(default_factory=dict, repr=False)


def gear_of(
    bikes: Iterable[Record], shoes: Iterable[Record], components: Iterable[Record]
) -> list[ExportGear]:
    """Build gear of three tables; the first columns count, in any language."""
    parts: dict[str | None, list[Record]] = {}
    for record in components:
        parts.setdefault(_at(record, 0), []).append(record)
    found = []
    for record in bikes:
        bike = ExportGear("bike", _at(record, 0), _at(record, 1), _at(record, 2))
        bike.default_sports = _at(record, 3)
        bike.components = parts.get(bike.name, [])
        bike.raw = record
        found.append(bike)
    for record in shoes:
        shoe = ExportGear("shoe", _at(record, 0), _at(record, 1), _at(record, 2))
        shoe.default_sports = _at(record, 3)
        shoe.raw = record
        found.append(shoe)
    return [gear for gear in found if any(gear.raw.values())]


def clubs_of(
    clubs: Iterable[Record], memberships: Iterable[Record]
) -> list[ExportClub]:
    """Build clubs; the date of joining comes by the club's name."""
    joined = {_at(record, 1): read_date(_at(record, 0)) for record in memberships}
    found = []
    for record in clubs:
        if not any(record.values()):
            continue
        name = record.get("club_name") or _at(record, 0)
        found.append(
            ExportClub(
                name=name,
                description=record.get("club_description") or None,
                kind=record.get("club_type") or None,
                sport=record.get("club_sport") or None,
                city=record.get("city") or None,
                state=record.get("state") or None,
                country=record.get("country") or None,
                website=record.get("club_website") or None,
                cover_photo=record.get("cover_photo") or None,
                picture=record.get("club_picture") or None,
                joined=joined.get(name),
                raw=record,
            )
        )
    return found


def segments_of(records: Iterable[Record]) -> list[ExportSegment]:
    """Build segments; a position that is not on the globe is None."""
    found = []
    for record in records:
        if not any(record.values()):
            continue
        number = machine_number(_at(record, 1))
        found.append(
            ExportSegment(
                name=_at(record, 0),
                activity_id=None if number is None else int(number),
                start=_position(_at(record, 2), _at(record, 3)),
                end=_position(_at(record, 4), _at(record, 5)),
                raw=record,
            )
        )
    return found


def profile_of(record: Record) -> ExportProfile:
    """Build the profile; a weight may carry its unit."""
    number = machine_number(record.get("athlete_id") or _at(record, 0))
    weight = (record.get("weight") or "").split()
    return ExportProfile(
        id=None if number is None else int(number),
        first_name=record.get("first_name") or None,
        last_name=record.get("last_name") or None,
        sex=record.get("sex") or None,
        description=record.get("description") or None,
        weight=display_number(weight[0]) if weight else None,
        city=record.get("city") or None,
        state=record.get("state") or None,
        country=record.get("country") or None,
        raw=record,
    )


def _at(record: Record, index: int) -> str | None:
    values = list(record.values())
    return (values[index] or None) if index < len(values) else None


def _position(lat: str | None, lon: str | None) -> tuple[float, float] | None:
    north, east = machine_number(lat), machine_number(lon)
    if north is None or east is None or abs(north) > 90 or abs(east) > 180:
        return None
    return north, east
