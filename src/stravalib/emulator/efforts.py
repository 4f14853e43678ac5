"""What an athlete did on a segment: efforts, best time, counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stravalib.emulator.jsonio import loads
from stravalib.emulator.shapes import summary_athlete, summary_segment

if TYPE_CHECKING:
    from stravalib.emulator.records import Json
    from stravalib.emulator.state import Effort, State


def efforts_on(
    state: State, segment_id: int, athlete_id: int, *, all_visible: bool
) -> list[Effort]:
    """List an athlete's efforts by local start, the oldest first."""
    return sorted(
        (
            effort
            for effort in state.efforts_of_segment.get(segment_id, ())
            if effort.athlete_id == athlete_id
            and (all_visible or not state.activities[effort.activity_id].only_me)
        ),
        key=lambda effort: (effort.start_local, effort.id),
    )


def best_of(efforts: list[Effort]) -> Effort | None:
    """Find the fastest, the earliest of equals."""
    return min(efforts, key=lambda effort: effort.elapsed, default=None)


def effort_json(state: State, effort: Effort) -> Json:
    """Read an effort out of its activity."""
    for item in state.activities[effort.activity_id].detail.get("segment_efforts", []):
        if int(item["id"]) == effort.id:
            found: Json = item
            return found
    raise KeyError(effort.id)


def segment_stats(state: State, efforts: list[Effort]) -> Json:
    """Write ``athlete_segment_stats`` as it is really sent."""
    best = best_of(efforts)
    answer: Json = {
        "pr_elapsed_time": None,
        "pr_date": None,
        "pr_visibility": None,
        "pr_activity_id": None,
        "pr_activity_visibility": None,
        "effort_count": len(efforts),
    }
    if best is not None:
        seen = loads(state.activities[best.activity_id].summary).get(
            "visibility", "everyone"
        )
        answer |= {
            "pr_elapsed_time": best.elapsed,
            "pr_date": best.start_local[:10],
            "pr_visibility": seen,
            "pr_activity_id": best.activity_id,
            "pr_activity_visibility": seen,
        }
    return answer


def pr_effort(state: State, best: Effort) -> Json:
    """Write ``athlete_pr_effort`` as the list of starred segments sends it."""
    item = effort_json(state, best)
    answer = {
        name: item.get(name)
        for name in ("id", "elapsed_time", "distance", "start_date", "start_date_local")
    }
    return answer | {
        "activity_id": best.activity_id,
        "is_kom": item.get("kom_rank") == 1,
    }


def detailed_effort(state: State, effort: Effort) -> Json:
    """Write an effort for a list: with its segment, the activity as a stub."""
    item = effort_json(state, effort)
    segment = state.segments.get(effort.segment_id)
    if segment is not None:
        item["segment"] = summary_segment(segment.detail)
    return item


def full_effort(state: State, effort: Effort) -> Json:
    """Write a single effort: summaries of activity and athlete are embedded."""
    athlete = state.athletes[effort.athlete_id]
    mine = efforts_on(state, effort.segment_id, effort.athlete_id, all_visible=True)
    return detailed_effort(state, effort) | {
        "resource_state": 3,
        "activity": loads(state.activities[effort.activity_id].summary),
        "athlete": summary_athlete(athlete.detail),
        "athlete_segment_stats": segment_stats(state, mine),
    }
