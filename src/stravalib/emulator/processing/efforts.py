"""Find the segments that an activity passed over, and write its efforts.

Strava's own rule is not published. Here an effort begins and ends within some metres of
the ends of the segment, is about as long, and stays near it all the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from math import cos, radians
from typing import TYPE_CHECKING

from stravalib.emulator.processing.detail import kind_of
from stravalib.emulator.processing.maps import METRES_PER_DEGREE
from stravalib.emulator.processing.parts import Measure, stamp

if TYPE_CHECKING:
    from stravalib.emulator.records import ActivityRecord, Json, SegmentRecord

END_METRES = 35.0
STRAY_METRES = 60.0
CHECKS = 9
KINDS = {"Ride": "Ride", "Run": "Run"}
SUMMARY_KEYS = (
    "id", "resource_state", "name", "activity_type", "distance", "average_grade",
    "maximum_grade", "elevation_high", "elevation_low", "start_latlng", "end_latlng",
    "elevation_profile", "elevation_profiles", "climb_category", "city", "state",
    "country", "private", "hazardous", "starred",
)  # fmt: skip
Position = Sequence[float]


def segment_summary(detail: Json) -> Json:
    """Return the SummarySegment that stands inside an effort."""
    answer = {key: detail[key] for key in SUMMARY_KEYS if key in detail}
    answer["resource_state"] = 2
    answer["elevation_profile"] = answer["elevation_profiles"] = None
    return answer


def write_effort(
    measure: Measure, detail: Json, segment: Json, first: int, last: int, number: int
) -> Json:
    """Write an effort without its ranks: samples ``first`` to ``last``."""
    metres, elapsed, moved = measure.pair(first, last)
    moment = datetime.fromisoformat(detail["start_date"])
    moment += timedelta(seconds=measure.times[first])
    effort: Json = {
        "id": number,
        "id_str": str(number),
        "resource_state": 2,
        "name": segment["name"],
        "activity": {
            "id": detail["id"],
            "visibility": detail["visibility"],
            "resource_state": 1,
        },
        "athlete": {"id": detail["athlete"]["id"], "resource_state": 1},
        "elapsed_time": elapsed,
        "moving_time": moved,
        "start_date": stamp(moment),
        "start_date_local": stamp(moment + timedelta(seconds=detail["utc_offset"])),
        "distance": round(metres, 1),
        "start_index": first,
        "end_index": last,
    }
    watts = bool(detail.get("device_watts"))
    effort.update(measure.averages(first, last, device_watts=watts))
    effort["segment"] = dict(segment)
    effort["pr_rank"] = None
    effort["achievements"] = []
    effort["kom_rank"] = None
    effort["visibility"] = detail["visibility"]
    effort["hidden"] = False
    return effort


def match(
    latlng: Sequence[Position], distances: Sequence[float], segment: SegmentRecord
) -> list[tuple[int, int]]:
    """Return the sample ranges in which a track follows a segment."""
    line = segment.streams.get("latlng") or []
    along = segment.streams.get("distance") or []
    if len(line) < 2 or len(along) != len(line) or not latlng:
        return []
    length = along[-1] - along[0]
    scale = METRES_PER_DEGREE * cos(radians(line[0][0]))

    def apart(a: Position, b: Position) -> float:
        north = (a[0] - b[0]) * METRES_PER_DEGREE
        east = (a[1] - b[1]) * scale
        return float((north * north + east * east) ** 0.5)

    spacing = (distances[-1] - distances[0]) / max(1, len(distances) - 1)
    near = max(END_METRES, spacing)
    slack = max(0.08 * length, 2 * near)
    found: list[tuple[int, int]] = []
    for first in _closest(latlng, line[0], near, apart):
        if found and first < found[-1][1]:
            continue
        goals = [
            index
            for index in _closest(latlng, line[-1], near, apart, begin=first + 1)
            if abs(distances[index] - distances[first] - length) <= slack
        ]
        for last in goals:
            if _follows(latlng, distances, line, along, first, last, apart):
                found.append((first, last))
                break
    return found


Apart = Callable[[Position, Position], float]


def _closest(
    latlng: Sequence[Position], goal: Position, near: float, apart: Apart,
    begin: int = 0,
) -> list[int]:  # fmt: skip
    """Return the sample nearest to the goal of each time the track comes by."""
    degrees = near / METRES_PER_DEGREE
    answer: list[int] = []
    best: tuple[float, int] | None = None
    for index in range(begin, len(latlng)):
        point = latlng[index]
        metres = near + 1
        if abs(point[0] - goal[0]) <= degrees:
            metres = apart(point, goal)
        if metres <= near:
            if best is None or metres < best[0]:
                best = (metres, index)
        elif best is not None:
            answer.append(best[1])
            best = None
    if best is not None:
        answer.append(best[1])
    return answer


def _follows(
    latlng: Sequence[Position], distances: Sequence[float],
    line: Sequence[Position], along: Sequence[float],
    first: int, last: int, apart: Apart,
) -> bool:  # fmt: skip
    """Tell whether the track stays near the segment between two samples."""
    stride = max(1, (last - first) // 400)
    track = latlng[first : last + 1 : stride]
    spacing = (distances[last] - distances[first]) / max(1, len(track) - 1)
    for check in range(1, CHECKS + 1):
        spot = line[round(check * (len(line) - 1) / (CHECKS + 1))]
        if min(apart(point, spot) for point in track) > STRAY_METRES + spacing / 2:
            return False
    return True


def add_efforts(
    record: ActivityRecord,
    segments: Iterable[SegmentRecord],
    *,
    earlier: Callable[[int], Iterable[float]] = lambda segment_id: (),
) -> int:
    """Write the segment efforts of an activity into its detail.

    Parameters
    ----------
    record
        An activity with its streams in memory; its efforts are replaced.
    segments
        What to look for; only segments of the activity's kind count.
    earlier
        Segment id -> elapsed seconds of the athlete's efforts so far, for the ranks.

    Returns
    -------
    int
        How many efforts there are.
    """
    detail, streams = record.detail, record.streams
    kind = KINDS.get(kind_of(detail["sport_type"]))
    if callable(streams) or kind is None or detail.get("trainer"):
        return 0
    if not streams.get("latlng") or not streams.get("distance"):
        return 0
    measure = Measure(streams)
    latlng, distances = streams["latlng"], streams["distance"]
    efforts: list[Json] = []
    for segment in segments:
        if segment.detail.get("activity_type") != kind:
            continue
        for first, last in match(latlng, distances, segment):
            summary = segment_summary(segment.detail)
            number = len(efforts) + 1
            effort = write_effort(measure, detail, summary, first, last, number)
            times = sorted(earlier(segment.detail["id"]))
            rank = 1 + sum(time < effort["elapsed_time"] for time in times)
            if rank <= 3:
                effort["pr_rank"] = rank
                effort["achievements"] = [{"type_id": 3, "type": "pr", "rank": rank}]
            efforts.append(effort)
    efforts.sort(key=lambda effort: (effort["start_index"], effort["end_index"]))
    detail["segment_efforts"] = efforts
    ranks = [effort["pr_rank"] for effort in efforts]
    detail["achievement_count"] = detail.get("achievement_count", 0) + sum(
        rank is not None for rank in ranks
    )
    detail["pr_count"] = detail.get("pr_count", 0) + ranks.count(1)
    return len(efforts)
