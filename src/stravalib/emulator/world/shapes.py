"""Recognise objects of the API by their shape."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from stravalib._facts.streams import STREAM_TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stravalib.emulator.records import Json

NUMBER: Final = re.compile(r"(?<![0-9a-zA-Z])[a-z]?(\d{2,30})(?![0-9])")
GEAR: Final = re.compile(r"[bg]\d+\Z")


def whole(value: Any) -> int | None:
    """Return an id as a whole number: 12, 12.0 and "12" are the same."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and value.isdigit():
        return int(value)
    return None


def weight(item: Mapping[str, Any] | None) -> int:
    """Tell how much an object says."""
    if item is None:
        return -1
    return 1000 * (whole(item.get("resource_state")) or 0) + len(item)


def number_in(label: str) -> int | None:
    """Return the last number in a label such as ``streams/123456.json``."""
    found = NUMBER.findall(re.sub(r"\.jsonl?\Z", "", label))
    return int(found[-1]) if found else None


def list_name(first: Json) -> str | None:
    """Name the list of an activity that begins like this: zones, laps, kudos ..."""
    if "distribution_buckets" in first:
        return "zones"
    if "lap_index" in first:
        return "laps"
    if "text" in first and "athlete" in first:
        return "comments"
    if "unique_id" in first and "urls" in first:
        return "photos"
    if "firstname" in first and "id" not in first:
        return "kudos"
    return None


def is_streams(item: Json) -> bool:
    """Tell whether this is a set of streams."""
    return any(
        isinstance(item.get(name), dict) and "data" in item[name]
        for name in STREAM_TYPES
    ) or (
        isinstance(item.get("time"), list)
        and any(isinstance(item.get(name), list) for name in STREAM_TYPES[1:])
    )


def is_activity(item: Json) -> bool:
    """Tell whether this is an activity, in summary or in detail."""
    return (
        "id" in item
        and "start_date" in item
        and ("type" in item or "sport_type" in item)
        and "segment" not in item
        and "activity" not in item
    )


def is_segment(item: Json) -> bool:
    """Tell whether this is a segment."""
    return "id" in item and "average_grade" in item and "climb_category" in item


def is_route(item: Json) -> bool:
    """Tell whether this is a route."""
    return "id" in item and "estimated_moving_time" in item and "sub_type" in item


def is_club(item: Json) -> bool:
    """Tell whether this is a club."""
    keys = {"member_count", "cover_photo", "club_type", "localized_sport_type"}
    return "id" in item and "name" in item and bool(keys & set(item))


def is_athlete(item: Json) -> bool:
    """Tell whether this is an athlete with an id."""
    return "id" in item and "firstname" in item and "lastname" in item


def is_gear(item: Json) -> bool:
    """Tell whether this is a bike or shoes."""
    number = item.get("id")
    return isinstance(number, str) and bool(GEAR.match(number)) and "name" in item


def is_zones(item: Json) -> bool:
    """Tell whether these are the zones of an athlete."""
    return isinstance(item.get("heart_rate"), dict) and "zones" in item["heart_rate"]
