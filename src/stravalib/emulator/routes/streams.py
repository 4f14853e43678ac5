"""Streams: https://developers.strava.com/docs/reference/#api-Streams."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stravalib._facts.streams import RESOLUTIONS
from stravalib.emulator.errors import bad_request, not_found, payment_required
from stravalib.emulator.privacy import trimmed_streams
from stravalib.emulator.routes.activities import (
    ACTIVITY_ID,
    READ,
    visible_activity,
    zones_for,
)
from stravalib.emulator.routes.planned import visible_route
from stravalib.emulator.routes.segment_efforts import effort_of
from stravalib.emulator.routes.segments import visible_segment
from stravalib.emulator.routing import Answer, Call, Handler, Param, Route, answer
from stravalib.emulator.sampling import as_list, chosen

if TYPE_CHECKING:
    from stravalib.emulator.records import Streams

KEYS = Param("keys", "string", about="Stream types, separated by commas")
LEGACY_KEYS = Param("keys", "string", "path", required=True)
SHAPE = (
    Param("key_by_type", "boolean", lenient=True, default=False),
    Param("resolution", "string", choices=tuple(RESOLUTIONS)),
    Param("series_type", "string", choices=("distance", "time"), default="distance"),
)


def reply(call: Call, streams: Streams, default: str, resource: str) -> Answer:
    """Answer with the streams that were asked for."""
    if not streams:
        raise not_found(resource)
    text = call.args["keys"]
    keys = [key.strip() for key in (default if text is None else text).split(",")]
    found = chosen(streams, keys, call.args["series_type"], call.args["resolution"])
    if call.args["key_by_type"]:
        return answer(found)
    return answer(as_list(found))


def activity_streams(call: Call) -> Answer:
    """Show samples of an activity; 404 if it has none."""
    streams = trimmed_streams(visible_activity(call).streams, zones_for(call))
    return reply(call, streams, "distance", "Activity")


def effort_streams(call: Call) -> Answer:
    """Show samples of an effort: a cut-out of its activity; for subscribers."""
    if not call.athlete.subscriber:
        raise payment_required("SegmentEffort")
    effort, detail = effort_of(call)
    streams = call.state.activities[effort.activity_id].streams
    first, last = detail.get("start_index") or 0, detail.get("end_index")
    end = None if last is None else last + 1
    cut = {name: data[first:end] for name, data in streams.items()}
    if not any(cut.values()):
        cut = {}
    return reply(call, cut, "distance", "SegmentEffort")


def segment_streams(call: Call) -> Answer:
    """Show the track of a segment."""
    streams = visible_segment(call).streams
    asked = call.args["keys"]
    if asked is not None and not {"distance", "latlng", "altitude"}.intersection(
        asked.split(",")
    ):
        raise bad_request("Segment", "keys")
    return reply(call, streams, "distance,latlng,altitude", "Segment")


def route_streams(call: Call) -> Answer:
    """Show the track of a route: always an array, only types and data."""
    streams = visible_route(call).streams
    if not streams:
        raise not_found("Route")
    return answer([{"type": name, "data": data} for name, data in streams.items()])


def _pair(
    path: str,
    handler: Handler,
    about: str,
    resource: str,
    scopes: tuple[str, ...],
    identity: Param,
    *,
    rate_headers: bool = True,
    statuses: tuple[int, ...] = (200, 404),
) -> tuple[Route, Route]:
    """Describe the path with ``keys`` in the query and the old one in the path."""
    return (
        Route(
            "GET",
            path,
            handler,
            about,
            resource,
            "StreamSet",
            (identity, KEYS, *SHAPE),
            scopes,
            rate_headers=rate_headers,
            statuses=statuses,
        ),
        Route(
            "GET",
            path + "/{keys}",
            handler,
            about + " (legacy path)",
            resource,
            "StreamSet",
            (identity, LEGACY_KEYS, *SHAPE),
            scopes,
            rate_headers=rate_headers,
            statuses=statuses,
        ),
    )


_ID = Param("id", "integer", "path", required=True)

ROUTES: tuple[Route, ...] = (
    # Recorded without rate headers in 2025-10.
    *_pair(
        "/activities/{id}/streams",
        activity_streams,
        "Get Activity Streams",
        "Activity",
        READ,
        ACTIVITY_ID,
        rate_headers=False,
    ),
    *_pair(
        "/segment_efforts/{id}/streams",
        effort_streams,
        "Get Segment Effort Streams",
        "SegmentEffort",
        ("read_all",),
        _ID,
        statuses=(200, 402, 404),
    ),
    *_pair(
        "/segments/{id}/streams",
        segment_streams,
        "Get Segment Streams",
        "Segment",
        (),
        _ID,
        statuses=(200, 400, 404),
    ),
    Route(
        "GET",
        "/routes/{id}/streams",
        route_streams,
        "Get Route Streams",
        "Route",
        "RouteStream[]",
        (_ID,),
        statuses=(200, 404),
    ),
)
