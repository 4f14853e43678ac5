"""The token's athlete, totals and zones.

See https://developers.strava.com/docs/reference/#api-Athletes
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import RootModel

from stravalib._models.base import Entity
from stravalib._models.clubs import SummaryClub
from stravalib._models.doors import behind
from stravalib._models.gear import SummaryGear
from stravalib._models.people import SummaryAthlete
from stravalib._models.rules import (
    MANY,
    Code,
    Flag,
    Length,
    Number,
    String,
    Text,
    Time,
    Whole,
    Word,
    odd,
)
from stravalib._models.times import Date

_KINDS = Code({0: "cyclist", 1: "runner"})


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


class DetailedAthlete(SummaryAthlete):
    """The athlete a token belongs to.

    See https://developers.strava.com/docs/reference/#api-models-DetailedAthlete
    """

    bikes: Annotated[Sequence[SummaryGear], MANY] | None = None
    clubs: Annotated[Sequence[SummaryClub], MANY] | None = None
    follower_count: Whole | None = None
    friend_count: Whole | None = None
    ftp: Whole | None = None
    """Functional threshold power, watts."""
    measurement_preference: Annotated[str, Word("feet", "meters")] | None = None
    shoes: Annotated[Sequence[SummaryGear], MANY] | None = None
    # Undocumented.
    athlete_type: Annotated[str, _KINDS] | None = None
    """"cyclist" or "runner"; Strava sends 0 or 1."""
    date_preference: String | None = None
    """Such as "%m/%d/%Y"."""
    max_heartrate: Number | None = None
    mutual_friend_count: Whole | None = None
    postable_clubs_count: Whole | None = None
    # Of old answers; Strava no longer sends them.
    admin: Flag | None = None
    agreed_to_terms: Annotated[str, odd(Text(), _is_flag)] | None = None
    """Text; also sent as true or false: then None, and `raw` has it."""
    approve_followers: Flag | None = None
    dateofbirth: Date | None = None
    description: String | None = None
    email: String | None = None
    email_facebook_twitter_friend_joins: Flag | None = None
    email_kom_lost: Flag | None = None
    email_language: String | None = None
    email_send_follower_notices: Flag | None = None
    facebook_sharing_enabled: Flag | None = None
    follower_request_count: Whole | None = None
    global_privacy: Flag | None = None
    instagram_username: String | None = None
    membership: String | None = None
    offer_in_app_payment: Flag | None = None
    owner: Flag | None = None
    plan: String | None = None
    premium_expiration_date: Whole | None = None
    """Seconds since 1970."""
    profile_original: String | None = None
    receive_comment_emails: Flag | None = None
    receive_follower_feed_emails: Flag | None = None
    receive_kudos_emails: Flag | None = None
    receive_newsletter: Flag | None = None
    sample_race_distance: Whole | None = None
    sample_race_time: Whole | None = None
    subscription_permissions: Annotated[Sequence[Flag], MANY] | None = None
    super_user: Flag | None = None

    @classmethod
    def to_str_representation(cls, raw_type: int) -> str | None:
        """Return the word for a number of ``athlete_type``."""
        return _KINDS.words.get(raw_type)


class ActivityTotals(Entity):
    """Sums over activities."""

    _shown = ("count", "distance", "moving_time")

    achievement_count: Whole | None = None
    """In recent totals only."""
    count: Whole | None = None
    distance: Length | None = None
    elapsed_time: Time | None = None
    elevation_gain: Length | None = None
    moving_time: Time | None = None


class AthleteStats(Entity):
    """Totals of an athlete; activities for everyone only. Recent: four weeks.

    See https://developers.strava.com/docs/reference/#api-models-ActivityStats
    """

    _shown = ("biggest_ride_distance", "biggest_climb_elevation_gain")

    all_ride_totals: ActivityTotals | None = None
    all_run_totals: ActivityTotals | None = None
    all_swim_totals: ActivityTotals | None = None
    biggest_climb_elevation_gain: Length | None = None
    biggest_ride_distance: Length | None = None
    recent_ride_totals: ActivityTotals | None = None
    recent_run_totals: ActivityTotals | None = None
    recent_swim_totals: ActivityTotals | None = None
    ytd_ride_totals: ActivityTotals | None = None
    ytd_run_totals: ActivityTotals | None = None
    ytd_swim_totals: ActivityTotals | None = None


ActivityTotal = ActivityTotals
ActivityStats = AthleteStats
behind("stravalib.model", ActivityTotals, AthleteStats, DetailedAthlete)
_ = RootModel
