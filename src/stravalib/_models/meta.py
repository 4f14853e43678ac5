"""The shortest records: what a nested object says about itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stravalib._models.base import BoundClientEntity, Entity
from stravalib._models.doors import behind
from stravalib._models.rules import Name, String, Whole

if TYPE_CHECKING:
    from stravalib._models.athletes import AthleteStats
    from stravalib._models.clubs import ClubActivity, ClubAthlete
    from stravalib._models.people import SummaryAthlete
    from stravalib._models.photos import ActivityPhoto
    from stravalib._models.social import Comment
    from stravalib._models.zones import ActivityZone
    from stravalib.client import BatchedResultsIterator


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
    def comments(self) -> BatchedResultsIterator[Comment] | None:
        """The comments, an iterator."""
        found: BatchedResultsIterator[Comment] | None = self._ask_about(
            "get_activity_comments"
        )
        return found

    @property
    def kudos(self) -> BatchedResultsIterator[SummaryAthlete] | None:
        """The athletes who gave kudos, an iterator."""
        found: BatchedResultsIterator[SummaryAthlete] | None = self._ask_about(
            "get_activity_kudos"
        )
        return found

    @property
    def zones(self) -> list[ActivityZone] | None:
        """Time spent in heart rate, power and pace zones."""
        found: list[ActivityZone] | None = self._ask_about("get_activity_zones")
        return found

    @property
    def full_photos(self) -> BatchedResultsIterator[ActivityPhoto] | None:
        """All photos, those taken with Strava and those of Instagram, an iterator."""
        found: BatchedResultsIterator[ActivityPhoto] | None = self._ask_about(
            "get_activity_photos", only_instagram=False
        )
        return found


class MetaAthlete(BoundClientEntity):
    """An athlete known by an id."""

    _shown = ("id", "firstname", "lastname")

    id: Whole | None = None
    resource_state: Whole | None = None
    """1 meta, 2 summary, 3 detail."""

    @property
    def stats(self) -> AthleteStats | None:
        """Totals of the athlete, asked of Strava; only for the token's own athlete."""
        found: AthleteStats | None = self._ask_about("get_athlete_stats")
        return found


class MetaClub(BoundClientEntity):
    """A club known by id and name."""

    id: Whole | None = None
    name: String | None = None
    resource_state: Whole | None = None
    """1 meta, 2 summary, 3 detail."""

    @property
    def members(self) -> BatchedResultsIterator[ClubAthlete] | None:
        """Ask for the members; Strava removed the endpoint on 2026-09-01."""
        found: BatchedResultsIterator[ClubAthlete] | None = self._ask_about(
            "get_club_members"
        )
        return found

    @property
    def activities(self) -> BatchedResultsIterator[ClubActivity] | None:
        """Ask for recent activities; Strava removed the endpoint on 2026-09-01."""
        found: BatchedResultsIterator[ClubActivity] | None = self._ask_about(
            "get_club_activities"
        )
        return found


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
