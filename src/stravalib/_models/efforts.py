"""Efforts on segments and best efforts.

See https://developers.strava.com/docs/reference/#api-models-DetailedSegmentEffort
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from stravalib._models.base import Entity
from stravalib._models.doors import behind
from stravalib._models.meta import MetaActivity, MetaAthlete
from stravalib._models.rules import (
    MANY,
    Flag,
    Length,
    Name,
    Number,
    String,
    Time,
    Whole,
)
from stravalib._models.segments import (
    AthleteSegmentStats,
    SummarySegment,
    SummarySegmentEffort,
)


class SegmentEffortAchievement(Entity):
    """A rank that an effort reached."""

    _shown = ("type", "rank")

    effort_count: Whole | None = None
    rank: Whole | None = None
    type: String | None = None
    """Seen: "overall" (2), "pr" (3), "year_pr" (6)."""
    type_id: Whole | None = None


class BaseEffort(SummarySegmentEffort):
    """An effort with its measurements."""

    activity: MetaActivity | None = None
    athlete: MetaAthlete | None = None
    average_cadence: Number | None = None
    """Turns per minute; steps of one leg for runs."""
    average_heartrate: Number | None = None
    """Beats per minute."""
    average_watts: Number | None = None
    device_watts: Flag | None = None
    """Whether power was measured, not estimated."""
    distance: Length | None = None
    elapsed_time: Time | None = None
    end_index: Whole | None = None
    """Position in the streams of the activity."""
    hidden: Flag | None = None
    kom_rank: Whole | None = None
    """1 to 10 if it was among the ten best at the time."""
    max_heartrate: Number | None = None
    moving_time: Time | None = None
    name: Name | None = None
    pr_rank: Whole | None = None
    """1 to 3 if it was among the athlete's three best at the time."""
    segment: SummarySegment | None = None
    start_index: Whole | None = None
    # Undocumented.
    achievements: Annotated[Sequence[SegmentEffortAchievement], MANY] | None = None
    athlete_segment_stats: AthleteSegmentStats | None = None
    id_str: String | None = None
    resource_state: Whole | None = None
    visibility: Name | None = None


class BestEffort(BaseEffort):
    """The fastest part of a run over a distance such as "1/2 mile"."""


class SegmentEffort(BaseEffort):
    """An effort on a segment."""


behind(
    "stravalib.model", BaseEffort, BestEffort, SegmentEffort, SegmentEffortAchievement
)
