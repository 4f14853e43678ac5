"""Segments and what an athlete did on them, short forms.

See https://developers.strava.com/docs/reference/#api-Segments. What the reference
calls ``athlete_pr_effort`` and ``athlete_segment_stats`` is swapped in real answers;
both models read both shapes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import AliasChoices, ConfigDict, Field

from stravalib._models.base import BoundClientEntity, Entity
from stravalib._models.doors import behind
from stravalib._models.local import LocalStart
from stravalib._models.meta import PolylineMap
from stravalib._models.rules import (
    MANY,
    TABLE,
    Flag,
    Length,
    Name,
    Number,
    String,
    Time,
    Whole,
    Word,
)
from stravalib._models.shapes import Spot
from stravalib._models.times import Clock, Date, Elapsed, Moment
from stravalib._models.words import RelaxedActivityType

_activity_id = Field(
    default=None, validation_alias=AliasChoices("activity_id", "pr_activity_id")
)
_elapsed_time = Field(
    default=None, validation_alias=AliasChoices("elapsed_time", "pr_elapsed_time")
)


class SummaryPRSegmentEffort(Entity):
    """The best of an athlete on a segment."""

    _shown = ("pr_activity_id", "pr_elapsed_time", "pr_date")

    effort_count: Whole | None = None
    pr_activity_id: Whole | None = None
    pr_date: Moment | None = None
    pr_elapsed_time: Time | None = None
    pr_visibility: String | None = None
    pr_activity_visibility: String | None = None


class AthletePrEffort(SummaryPRSegmentEffort, LocalStart):
    """The best effort of an athlete on a segment."""

    model_config = ConfigDict(populate_by_name=True)
    _shown = ("activity_id", "elapsed_time", "start_date_local")
    _aliased: ClassVar[bool] = True

    activity_id: Whole | None = _activity_id
    elapsed_time: Whole | None = _elapsed_time
    """Seconds."""
    distance: Length | None = None
    start_date: Moment | None = None
    start_date_local: Clock | None = None
    is_kom: Flag | None = None
    id: Whole | None = None


class SummarySegmentEffort(LocalStart):
    """An effort on a segment."""

    model_config = ConfigDict(populate_by_name=True)
    _shown = ("id", "name", "elapsed_time", "start_date_local")
    _aliased: ClassVar[bool] = True

    activity_id: Whole | None = _activity_id
    distance: Length | None = None
    elapsed_time: Time | None = _elapsed_time
    id: Whole | None = None
    is_kom: Flag | None = None
    start_date: Moment | None = None
    start_date_local: Clock | None = None


class AthleteSegmentStats(SummarySegmentEffort):
    """How often an athlete rode or ran a segment, and the best of it.

    ``elapsed_time`` is that of the best effort; 2.6 left it None where Strava says
    ``pr_elapsed_time``.
    """

    effort_count: Whole | None = None
    pr_date: Date | None = None
    pr_visibility: String | None = None
    pr_activity_visibility: String | None = None


class SummarySegment(BoundClientEntity):
    """A segment as lists and efforts show it."""

    _shown = ("id", "name", "distance")

    activity_type: RelaxedActivityType | None = None
    athlete_pr_effort: AthletePrEffort | None = None
    athlete_segment_stats: AthleteSegmentStats | None = None
    average_grade: Number | None = None
    """Percent."""
    city: Name | None = None
    climb_category: Whole | None = None
    """0 none, 1 category 4 ... 4 category 1, 5 hors catégorie."""
    country: Name | None = None
    distance: Length | None = None
    elevation_high: Length | None = None
    elevation_low: Length | None = None
    end_latlng: Spot | None = None
    id: Whole | None = None
    maximum_grade: Number | None = None
    """Percent."""
    name: Name | None = None
    private: Flag | None = None
    start_latlng: Spot | None = None
    state: Name | None = None
    # Undocumented.
    resource_state: Whole | None = None
    hazardous: Flag | None = None
    starred: Flag | None = None
    elevation_profile: String | None = None
    """Address of an image."""
    elevation_profiles: Annotated[dict[str, String | None], TABLE] | None = None
    """Addresses of a light and a dark image."""


class Destination(Entity):
    """Where a link of Strava's own apps leads."""

    _shown = ("name", "href")

    href: String | None = None
    type: String | None = None
    name: Name | None = None


class Xoms(Entity):
    """The best times on a segment, as text such as "1:09"; undocumented."""

    _shown = ("kom", "qom")

    kom: String | None = None
    qom: String | None = None
    cr: String | None = None
    overall: String | None = None
    destination: Destination | None = None


class EffortCounts(Entity):
    """Sentences with the number of efforts of a local legend."""

    _shown = ("overall", "female")

    overall: String | None = None
    female: String | None = None


class LocalLegend(Entity):
    """Who has most efforts on a segment within 90 days; undocumented."""

    _shown = ("athlete_id", "title")

    athlete_id: Whole | None = None
    title: String | None = None
    profile: String | None = None
    effort_description: String | None = None
    effort_count: String | None = None
    """Text, as Strava sends it."""
    effort_counts: EffortCounts | None = None
    destination: String | None = None


class Segment(SummarySegment):
    """A segment on its own."""

    athlete_count: Whole | None = None
    created_at: Moment | None = None
    effort_count: Whole | None = None
    map: PolylineMap | None = None
    star_count: Whole | None = None
    total_elevation_gain: Length | None = None
    updated_at: Moment | None = None
    start_latitude: Number | None = None
    start_longitude: Number | None = None
    end_latitude: Number | None = None
    end_longitude: Number | None = None
    pr_time: Elapsed | None = None
    """In the list of starred segments."""
    starred_date: Moment | None = None
    # Undocumented; for subscribers.
    xoms: Xoms | None = None
    local_legend: LocalLegend | None = None


class ExplorerSegment(BoundClientEntity):
    """A segment that exploring an area found."""

    _shown = ("id", "name", "distance")

    avg_grade: Number | None = None
    """Percent."""
    climb_category: Whole | None = None
    """0 none, 1 category 4 ... 4 category 1, 5 hors catégorie."""
    climb_category_desc: Annotated[str, Word("NC", "4", "3", "2", "1", "HC")] | None = (
        None
    )
    distance: Length | None = None
    elev_difference: Length | None = None
    end_latlng: Spot | None = None
    id: Whole | None = None
    name: Name | None = None
    points: String | None = None
    """An encoded polyline."""
    start_latlng: Spot | None = None
    # Undocumented.
    resource_state: Whole | None = None
    starred: Flag | None = None
    elevation_profile: String | None = None
    local_legend_enabled: Flag | None = None


class SegmentExplorerResult(ExplorerSegment):
    """A segment that exploring an area found, and a way to all of it."""

    @property
    def segment(self) -> Segment | None:
        """The whole segment, asked of Strava each time."""
        found: Segment | None = self._ask_about("get_segment")
        return found


class ExplorerResponse(Entity):
    """The answer to exploring an area."""

    _shown = ()

    segments: Annotated[Sequence[SegmentExplorerResult], MANY] | None = None


behind(
    "stravalib.model",
    AthletePrEffort,
    AthleteSegmentStats,
    Destination,
    EffortCounts,
    LocalLegend,
    Segment,
    SegmentExplorerResult,
    SummarySegment,
    SummarySegmentEffort,
    Xoms,
)
behind(
    "stravalib.strava_model",
    ExplorerResponse,
    ExplorerSegment,
    SummaryPRSegmentEffort,
)
