"""Routes. See https://developers.strava.com/docs/reference/#api-Routes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from stravalib._models.base import BoundClientEntity, Entity
from stravalib._models.doors import behind
from stravalib._models.meta import PolylineMap
from stravalib._models.people import SummaryAthlete
from stravalib._models.rules import MANY, TABLE, Flag, Length, Number, String, Whole
from stravalib._models.segments import SummarySegment
from stravalib._models.shapes import Spot
from stravalib._models.times import Moment


class Waypoint(Entity):
    """A place on a route."""

    _shown = ("title", "distance_into_route")

    categories: Annotated[Sequence[String], MANY] | None = None
    description: String | None = None
    distance_into_route: Number | None = None
    """Meters from the start."""
    latlng: Spot | None = None
    """The nearest point of the route."""
    target_latlng: Spot | None = None
    """Where the place itself is, off the route."""
    title: String | None = None


class Route(BoundClientEntity):
    """A planned route."""

    _shown = ("id", "name", "distance")

    athlete: SummaryAthlete | None = None
    created_at: Moment | None = None
    description: String | None = None
    distance: Length | None = None
    elevation_gain: Length | None = None
    estimated_moving_time: Whole | None = None
    """Seconds."""
    id: Whole | None = None
    id_str: String | None = None
    map: PolylineMap | None = None
    name: String | None = None
    private: Flag | None = None
    segments: Annotated[Sequence[SummarySegment], MANY] | None = None
    """In the answer for one route."""
    starred: Flag | None = None
    sub_type: Whole | None = None
    """1 road, 2 mountain bike, 3 cross, 4 trail, 5 mixed."""
    timestamp: Whole | None = None
    """Seconds since 1970."""
    type: Whole | None = None
    """1 ride, 2 run."""
    updated_at: Moment | None = None
    waypoints: Annotated[Sequence[Waypoint], MANY] | None = None
    # Undocumented.
    resource_state: Whole | None = None
    map_urls: Annotated[dict[str, String | None], TABLE] | None = None
    """Addresses of images: url, retina_url, light_url, dark_url."""


behind("stravalib.model", Route)
behind("stravalib.strava_model", Waypoint)
