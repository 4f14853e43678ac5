"""Routes: https://developers.strava.com/docs/reference/#api-Routes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from stravalib.emulator.errors import internal_only, not_found
from stravalib.emulator.exports import route_gpx, route_tcx
from stravalib.emulator.routing import Answer, Call, Handler, Param, Route, answer

if TYPE_CHECKING:
    from stravalib.emulator.records import RouteRecord

ROUTE_ID = Param("id", "integer", "path", required=True, about="A route's id")


def visible_route(call: Call) -> RouteRecord:
    """Find the route in the path; private ones are the owner's with ``read_all``."""
    found = call.state.routes.get(call.args["id"])
    if found is None:
        raise not_found("Route")
    owner, record = found
    if record.detail.get("private") and not (
        owner == call.athlete.id and call.allows("read_all")
    ):
        raise not_found("Route")
    return record


def get_route(call: Call) -> Answer:
    """Show a route with its segments."""
    return answer(visible_route(call).detail)


def export_gpx(call: Call) -> Answer:
    """Export a route as GPX."""
    record = visible_route(call)
    return _file(record, route_gpx(record), b"application/gpx+xml", "gpx")


def export_tcx(call: Call) -> Answer:
    """Export a route as TCX."""
    record = visible_route(call)
    return _file(record, route_tcx(record), b"application/tcx+xml", "tcx")


def _file(record: RouteRecord, data: bytes, kind: bytes, suffix: str) -> Answer:
    name = f"strava_{record.detail.get('name') or 'route'}.{suffix}"
    plain = re.sub(r'[^\x20-\x7e]|["\\%/]', "_", name)
    disposition = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    return Answer(
        data, 200, kind, [(b"content-disposition", disposition.encode("ascii"))]
    )


def create_route(call: Call) -> Answer:
    """Refuse: for partners only."""
    raise internal_only()


def _export(suffix: str, handler: Handler) -> Route:
    return Route(
        "GET",
        "/routes/{id}/export_" + suffix,
        handler,
        f"Export Route {suffix.upper()}",
        "Route",
        suffix,
        (ROUTE_ID,),
        statuses=(200, 404),
    )


ROUTES: tuple[Route, ...] = (
    Route(
        "GET",
        "/routes/{id}",
        get_route,
        "Get Route",
        "Route",
        "Route",
        (ROUTE_ID,),
        statuses=(200, 404),
    ),
    _export("gpx", export_gpx),
    _export("tcx", export_tcx),
    Route(
        "POST",
        "/routes",
        create_route,
        "Create Route (partners only)",
        "Route",
        "Fault",
        statuses=(401,),
    ),
)
