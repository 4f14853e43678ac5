"""Segments: https://developers.strava.com/docs/reference/#api-Segments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stravalib.emulator.clock import stamp
from stravalib.emulator.efforts import (
    best_of,
    detailed_effort,
    efforts_on,
    pr_effort,
    segment_stats,
)
from stravalib.emulator.errors import bad_request, internal_only, not_found
from stravalib.emulator.routes.pages import page_of
from stravalib.emulator.routing import PAGING, Answer, Call, Param, Route, answer
from stravalib.emulator.shapes import summary_segment

if TYPE_CHECKING:
    from stravalib.emulator.records import Json, SegmentRecord

SEGMENT_ID = Param("id", "integer", "path", required=True, about="A segment's id")
_GRADES = ("NC", "4", "3", "2", "1", "HC")
_RUNNING = frozenset({"Run", "TrailRun", "Walk", "Hike"})
_MOST_EXPLORED = 10


def visible_segment(call: Call) -> SegmentRecord:
    """Find the segment in the path; private ones are the owner's with ``read_all``."""
    record = call.state.segments.get(call.args["id"])
    if record is None or not _may_see(call, record):
        raise not_found("Segment")
    return record


def _may_see(call: Call, record: SegmentRecord) -> bool:
    if not record.detail.get("private"):
        return True
    mine = record.owner_id is None or record.owner_id == call.athlete.id
    return mine and call.allows("read_all")


def detailed(call: Call, record: SegmentRecord) -> Json:
    """Show a segment the way this athlete sees it."""
    segment_id = int(record.detail["id"])
    mine = efforts_on(
        call.state,
        segment_id,
        call.athlete.id,
        all_visible=call.allows("activity:read_all"),
    )
    return record.detail | {
        "resource_state": 3,
        "starred": segment_id in call.athlete.starred,
        "athlete_segment_stats": segment_stats(call.state, mine),
    }


def get_segment(call: Call) -> Answer:
    """Show a segment."""
    return answer(detailed(call, visible_segment(call)))


def list_starred(call: Call) -> Answer:
    """List starred segments; private ones only with ``read_all``."""
    answers = []
    for segment_id in page_of(call, list(call.athlete.starred)):
        record = call.state.segments.get(segment_id)
        if record is not None and _may_see(call, record):
            answers.append(_starred(call, record))
    return answer(answers)


def _starred(call: Call, record: SegmentRecord) -> Json:
    segment_id = int(record.detail["id"])
    since = call.athlete.starred[segment_id] or record.detail.get("created_at")
    item = summary_segment(record.detail) | {"starred": True, "starred_date": since}
    mine = efforts_on(call.state, segment_id, call.athlete.id, all_visible=True)
    best = best_of(mine)
    item["pr_time"] = best.elapsed if best else None
    item["athlete_pr_effort"] = pr_effort(call.state, best) if best else None
    return item


def star(call: Call) -> Answer:
    """Star a segment or take the star away."""
    record = visible_segment(call)
    segment_id, starred = int(record.detail["id"]), call.athlete.starred
    if call.args["starred"] and segment_id not in starred:
        starred[segment_id] = stamp(call.now)
        _count_star(call, record, 1)
    elif not call.args["starred"] and segment_id in starred:
        del starred[segment_id]
        _count_star(call, record, -1)
    call.state.save_athlete(call.athlete)
    return answer(detailed(call, record))


def _count_star(call: Call, record: SegmentRecord, change: int) -> None:
    count = int(record.detail.get("star_count") or 0) + change
    record.detail = record.detail | {"star_count": max(0, count)}
    call.state.put_segment(record)


def explore(call: Call) -> Answer:
    """List up to ten segments in a rectangle; restricted since 2026-09-01."""
    assert call.token is not None
    if not (call.state.profile.explore_open or call.token.application.extended):
        raise internal_only()
    try:
        south, west, north, east = (float(x) for x in call.args["bounds"].split(","))
    except ValueError:
        raise bad_request("Segment", "bounds") from None
    low, high = call.args["min_cat"], call.args["max_cat"]
    running = call.args["activity_type"] == "running"
    found = []
    for record in call.state.segments.values():
        detail = record.detail
        latitude, longitude = detail.get("start_latlng") or (91.0, 181.0)
        if (
            south <= latitude <= north
            and west <= longitude <= east
            and low <= (detail.get("climb_category") or 0) <= high
            and (detail.get("activity_type") in _RUNNING) is running
            and not detail.get("private")
        ):
            found.append(_explored(call, detail))
    return answer({"segments": found[:_MOST_EXPLORED]})


def _explored(call: Call, detail: Json) -> Json:
    category = int(detail.get("climb_category") or 0)
    high, low = detail.get("elevation_high") or 0.0, detail.get("elevation_low") or 0.0
    return {
        "id": detail["id"],
        "resource_state": 2,
        "name": detail.get("name"),
        "climb_category": category,
        "climb_category_desc": _GRADES[min(max(category, 0), 5)],
        "avg_grade": detail.get("average_grade"),
        "start_latlng": detail.get("start_latlng"),
        "end_latlng": detail.get("end_latlng"),
        "elev_difference": round(high - low, 1),
        "distance": detail.get("distance"),
        "points": (detail.get("map") or {}).get("polyline"),
        "starred": int(detail["id"]) in call.athlete.starred,
        "elevation_profile": detail.get("elevation_profile"),
        "local_legend_enabled": bool(detail.get("local_legend")),
    }


def list_koms(call: Call) -> Answer:
    """List the efforts that lead a segment, on a path only old clients know."""
    athlete_id = call.args["id"]
    if athlete_id not in call.state.athletes:
        raise not_found("Athlete")
    leading = [
        effort
        for effort in call.state.efforts.values()
        if effort.athlete_id == athlete_id
        and effort.leads
        and not call.state.activities[effort.activity_id].only_me
    ]
    page = page_of(call, leading)
    return answer([detailed_effort(call.state, effort) for effort in page])


def list_starred_of(call: Call) -> Answer:
    """List one's starred segments on a path only old clients know."""
    if call.args["id"] != call.athlete.id:
        raise not_found("Athlete")
    return list_starred(call)


_ATHLETE_ID = Param("id", "integer", "path", required=True)

ROUTES: tuple[Route, ...] = (
    Route(
        "GET",
        "/segments/starred",
        list_starred,
        "List Starred Segments",
        "Segment",
        "SummarySegment[]",
        PAGING,
    ),
    Route(
        "GET",
        "/segments/explore",
        explore,
        "Explore Segments (Extended Access only since 2026-09-01)",
        "Segment",
        "ExplorerResponse",
        (
            Param("bounds", "string", required=True, about="south,west,north,east"),
            Param(
                "activity_type",
                "string",
                choices=("running", "riding"),
                default="riding",
            ),
            Param("min_cat", "integer", default=0, minimum=0, maximum=5),
            Param("max_cat", "integer", default=5, minimum=0, maximum=5),
        ),
        statuses=(200, 400, 401),
    ),
    Route(
        "GET",
        "/segments/{id}",
        get_segment,
        "Get Segment",
        "Segment",
        "DetailedSegment",
        (SEGMENT_ID,),
        statuses=(200, 404),
    ),
    Route(
        "PUT",
        "/segments/{id}/starred",
        star,
        "Star Segment",
        "Segment",
        "DetailedSegment",
        (
            SEGMENT_ID,
            Param("starred", "boolean", "form", default=False, lenient=True),
        ),
        ("profile:write",),
        statuses=(200, 404),
    ),
    Route(
        "GET",
        "/athletes/{id}/koms",
        list_koms,
        "List Athlete KOMs (undocumented)",
        "Athlete",
        "DetailedSegmentEffort[]",
        (_ATHLETE_ID, *PAGING),
        statuses=(200, 404),
    ),
    Route(
        "GET",
        "/athletes/{id}/segments/starred",
        list_starred_of,
        "List Starred Segments (legacy path)",
        "Athlete",
        "SummarySegment[]",
        (_ATHLETE_ID, *PAGING),
        statuses=(200, 404),
    ),
)
