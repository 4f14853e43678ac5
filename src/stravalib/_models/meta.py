"""The shortest records: what a nested object says about itself."""

from __future__ import annotations

from typing import Any

from stravalib._models.base import BoundClientEntity, Entity
from stravalib._models.doors import behind
from stravalib._models.rules import Name, String, Whole


class MetaActivity(BoundClientEntity):
    """An activity known by its id.

    Its properties ask Strava, one request each (comments, kudos and photos: one for
    each page), every time they are read.
    """

    _shown = ("id", "name", "sport_type", "start_date_local")

    id: Whole | None = None
    resource_state: Whole | None = None
    """1 meta, 2 summary, 3 detail."""
    visibility: Name | None = None
    """"everyone", "followers_only" or "only_me"."""

    @property
    def comments(self) -> Any:
        """The comments, an iterator."""
        return self._ask_about("get_activity_comments")

    @property
    def kudos(self) -> Any:
        """The athletes who gave kudos, an iterator."""
        return self._ask_about("get_activity_kudos")

    @property
    def zones(self) -> Any:
        """Time spent in heart rate, power and pace zones."""
        return self._ask_about("get_activity_zones")

    @property
    def full_photos(self) -> Any:
        """All photos, those taken with Strava and those of Instagram, an iterator."""
        return self._ask_about("get_activity_photos", only_instagram=False)


class MetaAthlete(BoundClientEntity):
    """An athlete known by an id."""

    _shown = ("id", "firstname", "lastname")

    id: Whole | None = None
    resource_state: Whole | None = None
    """1 meta, 2 summary, 3 detail."""

    @property
    def stats(self) -> Any:
        """Totals of the athlete, asked of Strava; only for the token's own athlete."""
        return self._ask_about("get_athlete_stats")


class MetaClub(BoundClientEntity):
    """A club known by id and name."""

    id: Whole | None = None
    name: String | None = None
    resource_state: Whole | None = None
    """1 meta, 2 summary, 3 detail."""

    @property
    def members(self) -> Any:
        """Ask for the members; Strava removed the endpoint on 2026-09-01."""
        return self._ask_about("get_club_members")

    @property
    def activities(self) -> Any:
        """Ask for recent activities; Strava removed the endpoint on 2026-09-01."""
        return self._ask_about("get_club_activities")


class PolylineMap(Entity):
    """The track of an activity, a route or a segment as text.

    Google's polyline encoding with five decimals.
    """

    _shown = ("id",)

    id: String | None = None
    """``a`` activity, ``s`` segment, ``r`` route, and the id."""
    polyline: String | None = None
    """In detailed records; empty or None without GPS."""
    summary_polyline: String | None = None
    resource_state: Whole | None = None


Map = PolylineMap

behind("stravalib.model", MetaActivity, MetaAthlete, MetaClub)
behind("stravalib.strava_model", PolylineMap)
