"""Athletes: https://developers.strava.com/docs/reference/#api-Athletes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stravalib.emulator.clock import stamp
from stravalib.emulator.errors import fault
from stravalib.emulator.routes.pages import page_of
from stravalib.emulator.routing import PAGING, Answer, Call, Param, Route, answer
from stravalib.emulator.shapes import (
    summary_athlete,
    summary_club,
    summary_gear,
    summary_route,
)
from stravalib.emulator.stats import activity_stats

if TYPE_CHECKING:
    from stravalib.emulator.records import Json
    from stravalib.emulator.state import Athlete, State

ATHLETE_ID = Param("id", "integer", "path", required=True, about="An athlete's id")


def detailed(state: State, athlete: Athlete) -> Json:
    """Shape the athlete for a token with ``profile:read_all``."""
    gear = list(athlete.gear.values())
    clubs = state.clubs_of(athlete.id)
    return athlete.detail | {
        "resource_state": 3,
        "clubs": [summary_club(club.detail, member_count=0) for club in clubs],
        "bikes": [summary_gear(item) for item in gear if str(item["id"])[:1] == "b"],
        "shoes": [summary_gear(item) for item in gear if str(item["id"])[:1] == "g"],
    }


def get_athlete(call: Call) -> Answer:
    """Show the authenticated athlete."""
    if call.allows("profile:read_all"):
        return answer(detailed(call.state, call.athlete))
    return answer(summary_athlete(call.athlete.detail))


def update_athlete(call: Call) -> Answer:
    """Change weight and FTP."""
    athlete = call.athlete
    changes: dict[str, Any] = {"weight": call.args["weight"]}
    if call.args["ftp"] is not None:
        changes["ftp"] = call.args["ftp"]
    changes["updated_at"] = stamp(call.now)
    athlete.detail = athlete.detail | changes
    call.state.save_athlete(athlete)
    return answer(detailed(call.state, athlete))


def get_zones(call: Call) -> Answer:
    """Show heart rate zones and, with an FTP, power zones."""
    return answer(call.athlete.zones)


def get_stats(call: Call) -> Answer:
    """Show totals; only one's own, counting what everyone may see."""
    if call.args["id"] != call.athlete.id:
        raise fault(403, "Forbidden", "Athlete", "id", "forbidden")
    return answer(activity_stats(call.state, call.athlete.id, call.now))


def list_clubs(call: Call) -> Answer:
    """List the clubs of the authenticated athlete."""
    clubs = call.state.clubs_of(call.athlete.id)
    return answer([summary_club(club.detail) for club in page_of(call, clubs)])


def list_routes(call: Call) -> Answer:
    """List routes; private ones only with ``read_all`` and only one's own."""
    owner = call.args["id"]
    mine = owner == call.athlete.id and call.allows("read_all")
    page = page_of(call, call.state.routes_of(owner))
    shown = [item for item in page if mine or not item.detail.get("private")]
    return answer([summary_route(item.detail) for item in shown])


ROUTES = (
    Route(
        "GET",
        "/athlete",
        get_athlete,
        "Get Authenticated Athlete",
        "Athlete",
        "Athlete",
    ),
    Route(
        "PUT",
        "/athlete",
        update_athlete,
        "Update Athlete",
        "Athlete",
        "Athlete",
        (
            Param("weight", "number", "form", required=True, minimum=0, maximum=1000),
            Param("ftp", "integer", "form", minimum=0, maximum=2000, lenient=True),
        ),
        ("profile:write",),
    ),
    Route(
        "GET",
        "/athlete/zones",
        get_zones,
        "Get Zones",
        "Athlete",
        "Zones",
        scopes=("profile:read_all",),
    ),
    Route(
        "GET",
        "/athletes/{id}/stats",
        get_stats,
        "Get Athlete Stats",
        "Athlete",
        "ActivityStats",
        (ATHLETE_ID,),
        statuses=(200, 403),
    ),
    Route(
        "GET",
        "/athlete/clubs",
        list_clubs,
        "List Athlete Clubs",
        "Athlete",
        "SummaryClub[]",
        PAGING,
    ),
    Route(
        "GET",
        "/athletes/{id}/routes",
        list_routes,
        "List Athlete Routes",
        "Athlete",
        "Route[]",
        (ATHLETE_ID, *PAGING),
    ),
)
