"""Activities and their parts.

See https://developers.strava.com/docs/reference/#api-Activities
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar

from stravalib._facts.sports import ACTIVITY_TYPES, SPORT_TYPES
from stravalib._models.base import BoundClientEntity, Entity
from stravalib._models.doors import behind
from stravalib._models.efforts import BestEffort, SegmentEffort
from stravalib._models.gear import SummaryGear
from stravalib._models.local import LocalStart
from stravalib._models.meta import MetaActivity, MetaAthlete, PolylineMap
from stravalib._models.photos import PhotosSummary
from stravalib._models.rules import (
    MANY,
    Flag,
    Length,
    Name,
    Number,
    Pace,
    String,
    Time,
    Whole,
    ZoneName,
)
from stravalib._models.shapes import Spot
from stravalib._models.times import Clock, Moment
from stravalib._models.words import RelaxedActivityType, RelaxedSportType


class SummaryActivity(MetaActivity, LocalStart):
    """An activity as lists show it.

    See https://developers.strava.com/docs/reference/#api-models-SummaryActivity
    """

    achievement_count: Whole | None = None
    athlete: MetaAthlete | None = None
    athlete_count: Whole | None = None
    """Athletes in the group, at least 1."""
    average_cadence: Number | None = None
    """Turns per minute; steps of one leg for runs."""
    average_heartrate: Number | None = None
    """Beats per minute."""
    average_speed: Pace | None = None
    average_watts: Number | None = None
    comment_count: Whole | None = None
    commute: Flag | None = None
    device_name: Name | None = None
    device_watts: Flag | None = None
    """Whether power was measured, not estimated."""
    distance: Length | None = None
    elapsed_time: Time | None = None
    elev_high: Number | None = None
    """Meters."""
    elev_low: Number | None = None
    """Meters."""
    end_latlng: Spot | None = None
    external_id: String | None = None
    flagged: Flag | None = None
    from_accepted_tag: Flag | None = None
    gear_id: Name | None = None
    has_heartrate: Flag | None = None
    has_kudoed: Flag | None = None
    """Whether the token's athlete gave kudos."""
    hide_from_home: Flag | None = None
    """Whether the activity is muted."""
    kilojoules: Number | None = None
    """Work; rides."""
    kudos_count: Whole | None = None
    location_city: Name | None = None
    location_country: Name | None = None
    location_state: Name | None = None
    manual: Flag | None = None
    map: PolylineMap | None = None
    max_heartrate: Whole | None = None
    max_speed: Pace | None = None
    max_watts: Whole | None = None
    moving_time: Time | None = None
    name: Name | None = None
    photo_count: Whole | None = None
    """Photos of Instagram only; see `total_photo_count`."""
    pr_count: Whole | None = None
    private: Flag | None = None
    sport_type: RelaxedSportType | None = None
    start_date: Moment | None = None
    start_date_local: Moment | None = None
    """Local wall-clock time that claims to be UTC, as Strava sends it and 2.6 gave
    it here; `start_local` has the right offset."""
    start_latlng: Spot | None = None
    suffer_score: Whole | None = None
    """Relative effort."""
    timezone: ZoneName | None = None
    total_elevation_gain: Length | None = None
    total_photo_count: Whole | None = None
    trainer: Flag | None = None
    type: RelaxedActivityType | None = None
    """Deprecated; see `sport_type`."""
    upload_id: Whole | None = None
    upload_id_str: String | None = None
    utc_offset: Number | None = None
    """Seconds east of UTC, daylight saving included."""
    visibility: Name | None = None
    """"everyone", "followers_only" or "only_me"."""
    weighted_average_watts: Whole | None = None
    workout_type: Whole | None = None
    """Runs: 0 default, 1 race, 2 long run, 3 workout; rides: 10, 11, 12."""
    # Undocumented.
    average_temp: Whole | None = None
    """Degrees Celsius."""
    display_hide_heartrate_option: Flag | None = None
    heartrate_opt_out: Flag | None = None
    id_str: String | None = None

    def _repr_html_(self) -> str:
        """Show the activity in a notebook: its figures and its track."""
        from stravalib._models.display import activity_html

        return activity_html(self)


class Split(Entity):
    """A kilometer or a mile of a run."""

    _shown = ("split", "distance", "moving_time")

    average_speed: Pace | None = None
    distance: Length | None = None
    elapsed_time: Time | None = None
    elevation_difference: Length | None = None
    moving_time: Time | None = None
    pace_zone: Whole | None = None
    split: Whole | None = None
    """Number of the split, from 1."""
    average_grade_adjusted_speed: Pace | None = None
    average_heartrate: Number | None = None


class Lap(BoundClientEntity, LocalStart):
    """A lap of an activity.

    See https://developers.strava.com/docs/reference/#api-models-Lap
    """

    _shown = ("id", "name", "distance", "moving_time")

    activity: MetaActivity | None = None
    athlete: MetaAthlete | None = None
    average_cadence: Number | None = None
    average_heartrate: Number | None = None
    average_speed: Pace | None = None
    average_watts: Number | None = None
    device_watts: Flag | None = None
    distance: Length | None = None
    elapsed_time: Time | None = None
    end_index: Whole | None = None
    """Position in the streams of the activity."""
    id: Whole | None = None
    lap_index: Whole | None = None
    max_heartrate: Number | None = None
    max_speed: Pace | None = None
    moving_time: Time | None = None
    name: Name | None = None
    pace_zone: Whole | None = None
    split: Whole | None = None
    start_date: Moment | None = None
    start_date_local: Clock | None = None
    start_index: Whole | None = None
    total_elevation_gain: Length | None = None
    # Undocumented.
    id_str: String | None = None
    resource_state: Whole | None = None


class StatsVisibility(Entity):
    """Who may see a figure of an activity; undocumented."""

    _shown = ("type", "visibility")

    type: String | None = None
    """"heart_rate", "pace", "power", "speed", "calories" or "weight_lifted"."""
    visibility: Name | None = None


class HighlightedKudoser(Entity):
    """An athlete whom Strava shows first among those who gave kudos."""

    _shown = ("display_name",)

    destination_url: String | None = None
    display_name: String | None = None
    avatar_url: String | None = None
    show_name: Flag | None = None


class Trend(Entity):
    """How similar activities went over time; undocumented."""

    _shown = ("direction",)

    speeds: Annotated[Sequence[Number], MANY] | None = None
    current_activity_index: Whole | None = None
    min_speed: Number | None = None
    mid_speed: Number | None = None
    max_speed: Number | None = None
    direction: Whole | None = None


class SimilarActivities(Entity):
    """Activities on the same course; undocumented. Speeds in meters per second."""

    _shown = ("effort_count", "pr_rank")

    effort_count: Whole | None = None
    average_speed: Pace | None = None
    min_average_speed: Pace | None = None
    mid_average_speed: Pace | None = None
    max_average_speed: Pace | None = None
    pr_rank: Whole | None = None
    frequency_milestone: Whole | None = None
    trend: Trend | None = None
    resource_state: Whole | None = None


class DetailedActivity(SummaryActivity):
    """An activity on its own, with its splits, laps and efforts.

    Parts that do not apply are absent, not empty: a ride without GPS has no splits.
    See https://developers.strava.com/docs/reference/#api-models-DetailedActivity
    """

    SPORT_TYPES: ClassVar[tuple[str, ...]] = SPORT_TYPES
    TYPES: ClassVar[tuple[str, ...]] = ACTIVITY_TYPES

    best_efforts: Annotated[Sequence[BestEffort], MANY] | None = None
    """Runs."""
    calories: Number | None = None
    """Kilocalories."""
    description: String | None = None
    embed_token: String | None = None
    gear: SummaryGear | None = None
    laps: Annotated[Sequence[Lap], MANY] | None = None
    photos: PhotosSummary | None = None
    segment_efforts: Annotated[Sequence[SegmentEffort], MANY] | None = None
    splits_metric: Annotated[Sequence[Split], MANY] | None = None
    """By kilometers; runs."""
    splits_standard: Annotated[Sequence[Split], MANY] | None = None
    """By miles; runs."""
    start_date_local: Clock | None = None
    # Undocumented.
    guid: String | None = None
    instagram_primary_photo: String | None = None
    partner_brand_tag: String | None = None
    partner_logo_url: String | None = None
    perceived_exertion: Whole | None = None
    """1 to 10."""
    prefer_perceived_exertion: Flag | None = None
    private_note: String | None = None
    segment_leaderboard_opt_out: Flag | None = None
    start_latitude: Number | None = None
    start_longitude: Number | None = None
    available_zones: Annotated[Sequence[String], MANY] | None = None
    highlighted_kudosers: Annotated[Sequence[HighlightedKudoser], MANY] | None = None
    leaderboard_opt_out: Flag | None = None
    similar_activities: SimilarActivities | None = None
    sport_image_visibility: String | None = None
    stats_visibility: Annotated[Sequence[StatsVisibility], MANY] | None = None


class UpdatableActivity(Entity):
    """What can be changed of an activity."""

    _shown = ("name", "sport_type")

    commute: Flag | None = None
    description: String | None = None
    gear_id: Name | None = None
    """"none" takes the gear away."""
    hide_from_home: Flag | None = None
    name: Name | None = None
    sport_type: RelaxedSportType | None = None
    trainer: Flag | None = None
    type: RelaxedActivityType | None = None
    """Ignored where a `sport_type` is given."""


behind(
    "stravalib.model",
    DetailedActivity,
    HighlightedKudoser,
    Lap,
    SimilarActivities,
    Split,
    StatsVisibility,
    SummaryActivity,
    Trend,
)
behind("stravalib.strava_model", UpdatableActivity)
