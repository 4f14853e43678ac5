"""Gears: https://developers.strava.com/docs/reference/#api-Gears."""

from __future__ import annotations

from stravalib.emulator.errors import not_found
from stravalib.emulator.routing import Answer, Call, Param, Route, answer


def get_gear(call: Call) -> Answer:
    """Show one's own bike or shoes."""
    gear = call.athlete.gear.get(call.args["id"])
    if gear is None:
        raise not_found("Gear")
    return answer(gear | {"resource_state": 3})


ROUTES = (
    Route(
        "GET",
        "/gear/{id}",
        get_gear,
        "Get Equipment",
        "Gear",
        "DetailedGear",
        (Param("id", "string", "path", required=True, about="b… or g…"),),
        statuses=(200, 404),
    ),
)
