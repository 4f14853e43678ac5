"""Load recorded answers of the API, recognised by their shape, as a world."""

from __future__ import annotations

import json
import logging
import os
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from stravalib._facts.streams import STREAM_TYPES
from stravalib.emulator.records import (
    ActivityRecord,
    AthleteRecord,
    ClubRecord,
    Json,
    RouteRecord,
    SegmentRecord,
    Streams,
    World,
)
from stravalib.emulator.world.identity import default_zones, local_athlete
from stravalib.emulator.world.shapes import (
    is_activity,
    is_athlete,
    is_club,
    is_gear,
    is_route,
    is_segment,
    is_streams,
    is_zones,
    list_name,
    number_in,
    weight,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

log = logging.getLogger("stravalib.emulator")

Item = Any
MAX_DEPTH: Final = 6


def load_json(
    source: str | os.PathLike[str] | Iterable[Item],
    *,
    athlete: Json | None = None,
) -> World:
    """Make a world of recorded JSON: activities, streams, athletes, segments and more.

    Parameters
    ----------
    source
        A folder (every ``.json`` and ``.jsonl`` file under it), a file, or an iterable
        of decoded objects or of (label, object) pairs. A label is read like a path:
        ``activities/123/streams`` says which activity the streams belong to.
    athlete
        The DetailedAthlete that owns what does not tell an owner; None takes the
        recorded one, or invents one.

    Raises
    ------
    FileNotFoundError
        When a path does not exist.
    ValueError
        When a single file is given and it is no JSON.
    """
    pile = _Pile()
    empty = True
    for label, item in _items(source):
        empty = False
        pile.take(item, label)
    if empty and isinstance(source, (str, os.PathLike)) and Path(source).is_file():
        raise ValueError(f"{os.fspath(source)} holds no JSON; give recorded answers")
    return pile.world(athlete)


def _items(
    source: str | os.PathLike[str] | Iterable[Item],
) -> Iterator[tuple[str, Item]]:
    if isinstance(source, (str, os.PathLike)):
        path = Path(source)
        if not path.exists():
            raise FileNotFoundError(f"{path} does not exist; give a folder or file")
        paths = [path] if path.is_file() else sorted(path.rglob("*.json*"))
        for one in paths:
            yield from _decoded(one, path)
        return
    for entry in source:
        if isinstance(entry, tuple) and len(entry) == 2 and isinstance(entry[0], str):
            yield entry
        else:
            yield "", entry


def _decoded(path: Path, root: Path) -> Iterator[tuple[str, Item]]:
    label = str(path.relative_to(root)) if path != root else path.name
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        log.warning("%s is left out: %s", label, error)
        return
    lines = text.splitlines() if path.suffix in {".jsonl", ".ndjson"} else [text]
    for line in lines:
        if not line.strip():
            continue
        try:
            yield label, json.loads(line)
        except (ValueError, RecursionError) as error:
            log.warning("%s is left out: %s", label, error)


class Packed:
    """Streams that wait as compressed JSON until somebody asks for them."""

    __slots__ = ("_data",)

    def __init__(self, streams: Streams) -> None:
        self._data = zlib.compress(json.dumps(streams).encode(), 1)

    def __call__(self) -> Streams:
        """Return the streams."""
        streams: Streams = json.loads(zlib.decompress(self._data))
        return streams


class _Pile:
    """What was found so far, by kind and id."""

    def __init__(self) -> None:
        self.activities: dict[int, Json] = {}
        self.streams: dict[int, Packed] = {}
        self.lists: dict[str, dict[int, list[Json]]] = {
            name: {} for name in ("kudos", "comments", "photos", "zones", "laps")
        }
        self.athletes: dict[int, Json] = {}
        self.zones: Json = {}
        self.gear: dict[str, Json] = {}
        self.segments: dict[int, Json] = {}
        self.segment_streams: dict[int, Streams] = {}
        self.clubs: dict[int, Json] = {}
        self.events: dict[int, list[Json]] = {}
        self.routes: dict[int, Json] = {}
        self.route_streams: dict[int, Streams] = {}
        self.unknown = 0

    # -- recognising -------------------------------------------------------------

    def take(self, item: Item, label: str = "", depth: int = 0) -> None:
        """Take in one object or list."""
        if depth > MAX_DEPTH:
            return
        if isinstance(item, list):
            self._take_list(item, label, depth)
        elif isinstance(item, dict):
            self._take_object(item, label, depth)

    def _take_list(self, items: list[Item], label: str, depth: int) -> None:
        first = items[0] if items else None
        if isinstance(first, dict):
            if first.get("type") in STREAM_TYPES and "data" in first:
                self._put_streams({i["type"]: i for i in items if "type" in i}, label)
                return
            name = list_name(first)
            number = number_in(label)
            if name is not None and number is not None:
                self.lists[name][number] = items
                return
            if "upcoming_occurrences" in first:
                for event in items:
                    club = whole(event.get("club_id"))
                    if club is not None:
                        self.events.setdefault(club, []).append(event)
                return
        for item in items:
            self.take(item, label, depth + 1)

    def _take_object(self, item: Json, label: str, depth: int) -> None:
        number = whole(item.get("id"))
        for test, put in (
            (is_streams, self._put_streams),
            (is_segment, self._put_segment),
            (is_activity, self._put_activity),
            (is_route, self._put_route),
            (is_club, self._put_club),
            (is_athlete, self._put_athlete),
            (is_gear, self._put_gear),
            (is_zones, self._put_zones),
        ):
            if test(item):
                put(item, label)
                return
        for name, key in (("comments", "text"), ("photos", "unique_id"),
                          ("laps", "lap_index")):  # fmt: skip
            if key in item:
                owner = whole(item.get("activity_id"))
                if owner is None:
                    owner = whole((item.get("activity") or {}).get("id"))
                if owner is not None:
                    self.lists[name].setdefault(owner, []).append(item)
                    return
        inner = [value for value in item.values() if isinstance(value, (dict, list))]
        if not inner or "segment" in item:
            self.unknown += 1
            return
        owner = whole(item.get("activity_id")) or number
        for key, value in item.items():
            if isinstance(value, (dict, list)):
                mark = f"{label}/{owner}/{key}" if owner else f"{label}/{key}"
                self.take(value, mark, depth + 1)

    # -- keeping -----------------------------------------------------------------

    def _put_activity(self, item: Json, label: str) -> None:
        number = whole(item["id"])
        if number is None:
            return
        item = {**item, "id": number}
        streams = item.pop("streams", None)
        if isinstance(streams, (dict, list)):
            self.take(streams, f"activities/{number}/streams", MAX_DEPTH - 1)
        known = self.activities.get(number)
        if known is None:
            self.activities[number] = item
        elif weight(item) >= weight(known):
            self.activities[number] = {**known, **item}
        else:
            self.activities[number] = {**item, **known}

    def _put_streams(self, item: Json, label: str) -> None:
        streams: Streams = {}
        for name, stream in item.items():
            data = stream.get("data") if isinstance(stream, dict) else stream
            if name in STREAM_TYPES and isinstance(data, list) and data:
                streams[name] = data
        number = whole(item.get("activity_id")) or number_in(label)
        if number is None or not streams:
            self.unknown += 1
            return
        size = min(len(data) for data in streams.values())
        streams = {name: data[:size] for name, data in streams.items()}
        words = label.lower()
        if "segment" in words and "effort" not in words:
            self.segment_streams[number] = streams
        elif "route" in words:
            self.route_streams[number] = streams
        else:
            known = self.streams.get(number)
            self.streams[number] = Packed({**known(), **streams} if known else streams)

    def _put_segment(self, item: Json, label: str) -> None:
        number = whole(item["id"])
        if number is not None and weight(item) >= weight(self.segments.get(number)):
            self.segments[number] = {**item, "id": number}

    def _put_route(self, item: Json, label: str) -> None:
        number = whole(item.get("id_str")) or whole(item["id"])
        if number is not None and weight(item) >= weight(self.routes.get(number)):
            self.routes[number] = {**item, "id": number}

    def _put_club(self, item: Json, label: str) -> None:
        number = whole(item["id"])
        if number is not None and weight(item) >= weight(self.clubs.get(number)):
            self.clubs[number] = {**item, "id": number}

    def _put_athlete(self, item: Json, label: str) -> None:
        number = whole(item["id"])
        if number is not None and weight(item) >= weight(self.athletes.get(number)):
            self.athletes[number] = {**item, "id": number}

    def _put_gear(self, item: Json, label: str) -> None:
        if weight(item) >= weight(self.gear.get(item["id"])):
            self.gear[item["id"]] = item

    def _put_zones(self, item: Json, label: str) -> None:
        self.zones = item

    # -- building ----------------------------------------------------------------

    def world(self, athlete: Json | None) -> World:
        """Make the world."""
        owners: dict[int, list[int]] = {}
        main: Json = athlete or self._main_athlete()
        main_id = int(main["id"])
        for number, detail in self.activities.items():
            owner = whole((detail.get("athlete") or {}).get("id"))
            owners.setdefault(main_id if owner is None else owner, []).append(number)
        owners.setdefault(main_id, [])
        athletes = []
        for owner in sorted(owners, key=lambda key: (key != main_id, key)):
            known = main if owner == main_id else self.athletes.get(owner)
            athletes.append(self._athlete(owner, known, owners[owner], main_id))
        if self.unknown:
            log.info("%s recorded objects are of no known shape", self.unknown)
        return World(
            athletes,
            [
                SegmentRecord(detail, self.segment_streams.get(number, {}))
                for number, detail in sorted(self._all_segments().items())
            ],
            [
                ClubRecord(
                    detail, member_ids=[main_id], events=self.events.get(number, [])
                )
                for number, detail in sorted(self.clubs.items())
            ],
        )

    def _main_athlete(self) -> Json:
        """Return the richest recorded athlete, else one for the activities' owner."""
        full = [a for a in self.athletes.values() if a.get("resource_state") == 3]
        counts: dict[int, int] = {}
        for detail in self.activities.values():
            owner = whole((detail.get("athlete") or {}).get("id"))
            if owner is not None:
                counts[owner] = counts.get(owner, 0) + 1
        if full:
            return max(full, key=lambda a: (counts.get(a["id"], 0), -a["id"]))
        if counts:
            best = max(counts, key=lambda key: (counts[key], -key))
            return self.athletes.get(best) or local_athlete(best)
        if self.athletes:
            return self.athletes[min(self.athletes)]
        return local_athlete()

    def _all_segments(self) -> dict[int, Json]:
        """Add the segments that stand inside the efforts of activities."""
        answer = dict(self.segments)
        for detail in self.activities.values():
            for effort in detail.get("segment_efforts") or ():
                segment = effort.get("segment") if isinstance(effort, dict) else None
                number = whole(segment.get("id")) if isinstance(segment, dict) else None
                if number is not None and isinstance(segment, dict):
                    answer.setdefault(number, {**segment, "id": number})
        return answer

    def _athlete(
        self, owner: int, detail: Json | None, numbers: list[int], main_id: int
    ) -> AthleteRecord:
        record = AthleteRecord(
            dict(detail) if detail else local_athlete(owner),
            zones=self.zones or default_zones(),
        )
        mine = [self._activity(number, owner) for number in numbers]
        record.activities = [activity for activity in mine if activity is not None]
        if owner == main_id:
            gear = {str(g["id"]): g for g in self._gear_inside(record.detail, numbers)}
            gear.update(self.gear)
            record.gear = [gear[key] for key in sorted(gear)]
            record.routes = [
                RouteRecord(route, self.route_streams.get(number, {}))
                for number, route in sorted(self.routes.items())
            ]
            record.starred_segment_ids = [
                number
                for number, segment in sorted(self.segments.items())
                if segment.get("starred") is True
            ]
        return record

    def _gear_inside(self, athlete: Json, numbers: list[int]) -> Iterator[Json]:
        for number in numbers:
            gear = self.activities[number].get("gear")
            if isinstance(gear, dict) and isinstance(gear.get("id"), str):
                yield gear
        for key in ("bikes", "shoes"):
            for gear in athlete.get(key) or ():
                if isinstance(gear, dict) and isinstance(gear.get("id"), str):
                    yield gear

    def _activity(self, number: int, owner: int) -> ActivityRecord | None:
        detail = self.activities[number]
        if not isinstance(detail.get("start_date"), str) or not detail["start_date"]:
            log.warning("activity %s is left out: it has no start_date", number)
            return None
        detail["resource_state"] = 3
        detail["athlete"] = {"id": owner, "resource_state": 1}
        found = {name: table.get(number, []) for name, table in self.lists.items()}
        if found["laps"] and not detail.get("laps"):
            detail["laps"] = found["laps"]
        return ActivityRecord(
            detail,
            self.streams.get(number, {}),
            kudos=found["kudos"],
            comments=found["comments"],
            photos=found["photos"],
            zones=found["zones"],
        )
