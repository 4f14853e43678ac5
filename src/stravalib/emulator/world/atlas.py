"""The map of a place: roads at two scales, paths that are remembered, segments."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from math import cos, hypot, pi, sin
from typing import TYPE_CHECKING

from stravalib.emulator.processing import derive, maps
from stravalib.emulator.processing.detail import number_of
from stravalib.emulator.processing.efforts import segment_summary
from stravalib.emulator.records import Json, SegmentRecord
from stravalib.emulator.world.dice import Dice
from stravalib.emulator.world.roads import Node, Path, Roads
from stravalib.emulator.world.terrain import Terrain

if TYPE_CHECKING:
    from collections.abc import Callable

    from stravalib.emulator.world.places import Place

KEPT_PATHS = 256
CATEGORIES = ((80000, 5), (64000, 4), (32000, 3), (16000, 2), (8000, 1))
ROAD_NAMES = (
    "Mill Lane", "Quarry", "Lime Avenue", "Chapel", "Old Railway", "Brook",
    "Orchard", "Windmill", "Foxhole", "Stone Bridge", "Sawmill", "Poplar",
    "Kiln", "Beacon", "Weir", "Heron", "Birch Wood", "Castle Mound",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stretch:
    """A segment as nodes of the lattice."""

    segment_id: int
    scale: str
    nodes: tuple[Node, ...]
    summary: Json


class Atlas:
    """Everything about one place that does not depend on an athlete."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.terrain = Terrain(place.key, place.base, place.relief)
        self._roads: dict[str, Roads] = {}
        self._paths: OrderedDict[str, Path] = OrderedDict()
        self._stretches: list[Stretch] | None = None
        self.segments: list[SegmentRecord] = []

    def roads(self, scale: str) -> Roads:
        """Return the roads of a scale: town, trail or country."""
        if scale not in self._roads:
            spacing, step = {
                "town": (210.0, 18.0),
                "trail": (330.0, 16.0),
                "country": (1100.0, 40.0),
            }[scale]
            self._roads[scale] = Roads(
                self.place, self.terrain, scale=scale, spacing=spacing, step=step
            )
        return self._roads[scale]

    def path(self, key: str, make: Callable[[], Path]) -> Path:
        """Return the path of this key, made again if it was forgotten."""
        path = self._paths.get(key)
        if path is None:
            path = make()
            self._paths[key] = path
            if len(self._paths) > KEPT_PATHS:
                self._paths.popitem(last=False)
        else:
            self._paths.move_to_end(key)
        return path

    def along(self, scale: str, key: str, nodes: tuple[Node, ...]) -> Path:
        """Return the path along nodes."""
        return self.path(key, lambda: self.roads(scale).path(key, list(nodes)))

    def stretches(self) -> list[Stretch]:
        """Return the segments of the place; their records stand in ``segments``."""
        if self._stretches is None:
            self._stretches = []
            dice = Dice("segments", self.place.key)
            names = dice.some(ROAD_NAMES, len(ROAD_NAMES))
            for scale, count in (("country", 6), ("town", 5), ("trail", 2)):
                for _ in range(count):
                    self._add(scale, dice, names.pop())
        return self._stretches

    def _ends(self, scale: str, dice: Dice) -> tuple[Node, Node]:
        """Draw where a segment might begin and end."""
        angle = dice.between(0, 2 * pi)
        far = dice.between(2.2, 6.5)
        start = (round(far * cos(angle)), round(far * sin(angle)))
        reach = dice.whole(2, 5) if scale != "country" else dice.whole(1, 4)
        turn = angle + dice.bell(0.0, 0.5)
        goal = (
            start[0] + round(reach * cos(turn)),
            start[1] + round(reach * sin(turn)),
        )
        return start, goal if goal != start else (start[0] + 1, start[1])

    def _add(self, scale: str, dice: Dice, name: str) -> None:
        roads = self.roads(scale)
        ends = [self._ends(scale, dice) for _ in range(6)]
        if name in ROAD_NAMES[::2]:  # some are climbs, found by their heights

            def rise(pair: tuple[Node, Node]) -> float:
                low, high = (roads.spot(node)[2] for node in pair)
                return abs(high - low) / hypot(
                    pair[0][0] - pair[1][0], pair[0][1] - pair[1][1]
                )

            ends.sort(key=rise, reverse=True)
        start, goal = ends[0]
        nodes = roads.find(start, goal, {})
        if roads.spot(nodes[0])[2] > roads.spot(nodes[-1])[2] and dice.chance(0.75):
            nodes.reverse()
        path = roads.path(f"segment {name}", nodes)
        record = segment_record(path, name, scale, dice)
        self.segments.append(record)
        assert self._stretches is not None
        self._stretches.append(
            Stretch(
                record.detail["id"], scale, tuple(nodes), segment_summary(record.detail)
            )
        )


def segment_record(path: Path, name: str, scale: str, dice: Dice) -> SegmentRecord:
    """Write the segment that follows a path."""
    place = path.place
    distances = [round(metres, 1) for metres in path.distances]
    latlng = [[round(lat, 6), round(lng, 6)] for lat, lng in path.positions]
    heights = [round(height, 1) for height in path.heights]
    length = path.length
    rise = heights[-1] - heights[0]
    average = round(100 * rise / length, 1)
    slopes = derive.grade(distances, heights)
    kind = "Ride" if scale == "country" else "Run"
    word = "Climb" if average >= 3 else "Descent" if average <= -3 else "Sprint"
    title = f"{name} {word}"
    weight = length * max(0.0, average)
    category = next((c for limit, c in CATEGORIES if weight >= limit), 0)
    if average < 3 or kind != "Ride":
        category = 0
    ident = number_of("segment", place.key, name, digits=8)
    best = length / ((9.5 - 0.75 * max(0.0, average)) if kind == "Ride" else 5.2)
    best = max(best, length / 17)
    second = best * dice.between(1.12, 1.3)
    athletes = dice.whole(180, 5200)
    detail: Json = {
        "id": ident,
        "resource_state": 3,
        "name": title,
        "activity_type": kind,
        "distance": round(length, 1),
        "average_grade": average,
        "maximum_grade": max(slopes, key=abs),
        "elevation_high": max(heights),
        "elevation_low": min(heights),
        "start_latlng": latlng[0],
        "end_latlng": latlng[-1],
        "elevation_profile": f"https://charts.strava.example/segments/{ident}.png",
        "elevation_profiles": {
            "light_url": f"https://charts.strava.example/segments/{ident}-light.png",
            "dark_url": f"https://charts.strava.example/segments/{ident}-dark.png",
        },
        "climb_category": category,
        "city": place.city,
        "state": place.state,
        "country": place.country,
        "private": False,
        "hazardous": average < -9,
        "starred": False,
        "created_at": f"20{dice.whole(11, 22)}-0{dice.whole(1, 9)}-"
        f"{dice.whole(10, 28)}T09:{dice.whole(10, 59)}:07Z",
        "updated_at": f"2025-0{dice.whole(1, 9)}-{dice.whole(10, 28)}T10:12:31Z",
        "total_elevation_gain": derive.climb(heights, threshold=1.0),
        "map": {
            "id": f"s{ident}",
            "polyline": maps.encode(maps.simplify(latlng, 2.0)),
            "resource_state": 3,
        },
        "effort_count": athletes * dice.whole(3, 11),
        "athlete_count": athletes,
        "star_count": dice.whole(0, 160),
        "athlete_segment_stats": {
            "pr_elapsed_time": None,
            "pr_date": None,
            "pr_activity_id": None,
            "effort_count": 0,
        },
        "xoms": {
            "kom": clock_text(best),
            "qom": clock_text(second),
            "overall": clock_text(best),
            "destination": {
                "href": f"strava://segments/{ident}/leaderboard",
                "type": "overall",
                "name": "All-Time",
            },
        },
        "local_legend": legend(ident, place, dice),
    }
    return SegmentRecord(
        detail, {"distance": distances, "latlng": latlng, "altitude": heights}
    )


def legend(ident: int, place: Place, dice: Dice) -> Json:
    """Write the local legend of a segment; its counts are text, as Strava's are."""
    count = dice.whole(6, 64)
    athlete = dice.whole(700_000, 9_000_000)
    return {
        "athlete_id": athlete,
        "title": f"{place.city} Regular",
        "profile": f"https://pictures.strava.example/athletes/{athlete}/large.jpg",
        "effort_description": f"{count} efforts in the last 90 days",
        "effort_count": str(count),
        "effort_counts": {
            "overall": f"{count} efforts",
            "female": f"{dice.whole(1, count)} efforts",
        },
        "destination": f"strava://segments/{ident}/local_legend"
        "?categories%5B%5D=overall",
    }


def clock_text(seconds: float) -> str:
    """Write a time as in ``xoms``: 59s as "59s", else m:ss or h:mm:ss."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole}s"
    hours, rest = divmod(whole, 3600)
    if hours:
        return f"{hours}:{rest // 60:02d}:{rest % 60:02d}"
    return f"{rest // 60}:{rest % 60:02d}"
