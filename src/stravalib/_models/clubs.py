"""Clubs. See https://developers.strava.com/docs/reference/#api-Clubs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any

from stravalib._models.base import Entity
from stravalib._models.doors import behind
from stravalib._models.meta import MetaAthlete, MetaClub
from stravalib._models.people import SummaryAthlete
from stravalib._models.routes import Route
from stravalib._models.rules import MANY, Flag, Number, String, Whole, Word, odd
from stravalib._models.shapes import Spot
from stravalib._models.times import Instant, Moment
from stravalib._models.words import RelaxedActivityType, RelaxedSportType

Membership = Annotated[str, Word("member", "pending")]


class SummaryClub(MetaClub):
    """A club as lists show it."""

    activity_types: Annotated[Sequence[RelaxedActivityType], MANY] | None = None
    city: String | None = None
    country: String | None = None
    cover_photo: String | None = None
    """Address of an image of about 1185 by 580 pixels."""
    cover_photo_small: String | None = None
    featured: Flag | None = None
    member_count: Whole | None = None
    private: Flag | None = None
    profile_medium: String | None = None
    """Address of an image of 60 by 60 pixels."""
    sport_type: (
        Annotated[str, Word("cycling", "running", "triathlon", "other")] | None
    ) = None
    state: String | None = None
    url: String | None = None
    """The name of the club in its address on the site."""
    verified: Flag | None = None
    club_type: String | None = None
    description: String | None = None
    profile: String | None = None
    # Undocumented.
    activity_types_icon: String | None = None
    dimensions: Annotated[Sequence[String], MANY] | None = None
    localized_sport_type: String | None = None
    membership: Membership | None = None
    """Of the token's athlete."""
    admin: Flag | None = None
    owner: Flag | None = None


class DetailedClub(SummaryClub):
    """A club on its own."""

    following_count: Whole | None = None
    """How many of the members the athlete follows."""
    # Undocumented.
    post_count: Whole | None = None
    owner_id: Whole | None = None
    website: String | None = None


class ClubAthlete(Entity):
    """A member of a club: a first name and an initial, no id."""

    _shown = ("firstname", "lastname")

    admin: Flag | None = None
    firstname: String | None = None
    lastname: String | None = None
    """The first letter."""
    member: String | None = None
    """As documented; Strava sends `membership`."""
    owner: Flag | None = None
    resource_state: Whole | None = None
    membership: Membership | None = None


class _ClubActivity(Entity):
    """An activity as the club's feed shows it: no id and no date."""

    _shown = ("name", "sport_type")

    athlete: MetaAthlete | None = None
    distance: Number | None = None
    """Meters."""
    elapsed_time: Whole | None = None
    """Seconds."""
    moving_time: Whole | None = None
    """Seconds."""
    name: String | None = None
    sport_type: RelaxedSportType | None = None
    total_elevation_gain: Number | None = None
    """Meters."""
    type: RelaxedActivityType | None = None
    workout_type: Whole | None = None
    resource_state: Whole | None = None


class ClubActivity(_ClubActivity):
    """An activity as the club's feed shows it, by an athlete without an id."""

    athlete: ClubAthlete | None = None  # type: ignore[assignment]  # as it is sent


class ClubAnnouncement(Entity):
    """A message to a club; Strava no longer has an endpoint for them."""

    _shown = ("id", "message")

    athlete: SummaryAthlete | None = None
    club_id: Whole | None = None
    created_at: Moment | None = None
    id: Whole | None = None
    message: String | None = None


class MembershipApplication(Entity):
    """The answer to joining a club."""

    _shown = ("membership", "success")

    active: Flag | None = None
    membership: Membership | None = None
    success: Flag | None = None


def _is_blank(value: Any) -> bool:
    return isinstance(value, str) and not value


class ClubEvent(Entity):
    """A group event of a club; undocumented.

    See https://developers.strava.com/docs/reference/ (absent there) and the group
    events page of a club.
    """

    _shown = ("id", "title")

    id: Whole | None = None
    resource_state: Whole | None = None
    title: String | None = None
    description: String | None = None
    club_id: Whole | None = None
    club: MetaClub | None = None
    organizing_athlete: SummaryAthlete | None = None
    activity_type: RelaxedActivityType | None = None
    created_at: Annotated[dt.datetime, odd(Instant(), _is_blank)] | None = None
    """Strava also sends an empty text here: then None, and `raw` has the text."""
    route_id: Whole | None = None
    route: Route | None = None
    women_only: Flag | None = None
    private: Flag | None = None
    skill_levels: Whole | None = None
    """1 casual, 2 tempo, 4 race pace; sums of them occur."""
    terrain: Whole | None = None
    """0 mostly flat, 1 rolling hills, 2 killer climbs."""
    upcoming_occurrences: Annotated[Sequence[Moment], MANY] | None = None
    zone: String | None = None
    """An IANA name, without the offset that activities have before it."""
    address: String | None = None
    joined: Flag | None = None
    start_latlng: Spot | None = None


behind("stravalib.model", SummaryClub, DetailedClub, ClubActivity, ClubEvent)
behind(
    "stravalib.strava_model",
    ClubAthlete,
    _ClubActivity,
    ClubAnnouncement,
    MembershipApplication,
)
