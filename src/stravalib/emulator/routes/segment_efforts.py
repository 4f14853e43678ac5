"""Efforts: https://developers.strava.com/docs/reference/#api-SegmentEfforts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stravalib.emulator.efforts import (
    detailed_effort,
    effort_json,
    efforts_on,
    full_effort,
)
from stravalib.emulator.errors import bad_request, not_found, payment_required
from stravalib.emulator.routes.pages import page_of
from stravalib.emulator.routing import PAGING, Answer, Call, Param, Route, answer
from stravalib.emulator.zones import read_wall_clock, stamp_of

if TYPE_CHECKING:
    from stravalib.emulator.records import Json
    from stravalib.emulator.state import Effort


def effort_of(call: Call) -> tuple[Effort, Json]:
    """Find the effort in the path; only one's own."""
    effort = call.state.efforts.get(call.args["id"])
    if effort is None or effort.athlete_id != call.athlete.id:
        raise not_found("SegmentEffort")
    hidden = call.state.activities[effort.activity_id].only_me
    if hidden and not call.allows("activity:read_all"):
        raise not_found("SegmentEffort")
    return effort, effort_json(call.state, effort)


def get_effort(call: Call) -> Answer:
    """Show one effort; for subscribers."""
    if not call.athlete.subscriber:
        raise payment_required("SegmentEffort")
    effort, _ = effort_of(call)
    return answer(full_effort(call.state, effort))


def list_efforts(call: Call) -> Answer:
    """List one's efforts on a segment, oldest first; for subscribers."""
    if not call.athlete.subscriber:
        raise payment_required("SegmentEffort")
    return answer(_efforts(call, call.args["segment_id"]))


def all_efforts(call: Call) -> Answer:
    """List efforts on the old path, which still answers."""
    return answer(_efforts(call, call.args["id"]))


def _efforts(call: Call, segment_id: int) -> list[Json]:
    if segment_id not in call.state.segments:
        raise not_found("Segment")
    first = _bound(call, "start_date_local")
    last = _bound(call, "end_date_local")
    efforts = [
        effort
        for effort in efforts_on(
            call.state,
            segment_id,
            call.athlete.id,
            all_visible=call.allows("activity:read_all"),
        )
        if (first is None or effort.start_local >= first)
        and (last is None or effort.start_local <= last)
    ]
    return [detailed_effort(call.state, effort) for effort in page_of(call, efforts)]


def _bound(call: Call, name: str) -> str | None:
    text = call.args[name]
    if not text:
        return None
    try:
        return stamp_of(read_wall_clock(text))
    except (ValueError, OverflowError):
        raise bad_request("SegmentEffort", name) from None


RANGE = (
    Param("start_date_local", "string", about="ISO 8601, inclusive"),
    Param("end_date_local", "string", about="ISO 8601, inclusive"),
)

ROUTES: tuple[Route, ...] = (
    Route(
        "GET",
        "/segment_efforts",
        list_efforts,
        "List Segment Efforts",
        "SegmentEffort",
        "DetailedSegmentEffort[]",
        (Param("segment_id", "integer", required=True), *RANGE, *PAGING),
        statuses=(200, 400, 402, 404),
    ),
    Route(
        "GET",
        "/segment_efforts/{id}",
        get_effort,
        "Get Segment Effort",
        "SegmentEffort",
        "DetailedSegmentEffort",
        (Param("id", "integer", "path", required=True),),
        statuses=(200, 402, 404),
    ),
    Route(
        "GET",
        "/segments/{id}/all_efforts",
        all_efforts,
        "List Segment Efforts (legacy path)",
        "Segment",
        "DetailedSegmentEffort[]",
        (Param("id", "integer", "path", required=True), *RANGE, *PAGING),
        statuses=(200, 400, 404),
    ),
)
