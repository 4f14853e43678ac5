"""Photos and videos of activities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from stravalib._models.base import Entity
from stravalib._models.doors import behind
from stravalib._models.rules import (
    MANY,
    TABLE,
    Flag,
    Int,
    Number,
    String,
    Whole,
    odd,
)
from stravalib._models.shapes import Spot
from stravalib._models.times import Clock, Moment


class ActivityPhotoPrimary(Entity):
    """The photo that an activity shows first."""

    _shown = ("unique_id", "media_type")

    id: Whole | None = None
    source: Whole | None = None
    """1 Strava, 2 Instagram."""
    unique_id: String | None = None
    urls: Annotated[dict[str, String], TABLE] | None = None
    """Address by width in pixels."""
    media_type: Whole | None = None
    """1 photo, 2 video."""


class PhotosSummary(Entity):
    """How many photos an activity has, and the first of them."""

    _shown = ("count",)

    count: Whole | None = None
    primary: ActivityPhotoPrimary | None = None
    use_primary_photo: Flag | None = None


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and value.isalpha()


class ActivityPhoto(Entity):
    """A photo or video of an activity; undocumented.

    Without the parameter ``size`` Strava gives the smallest image only.
    """

    _shown = ("unique_id", "caption", "created_at_local")

    activity_id: Whole | None = None
    activity_name: String | None = None
    athlete_id: Whole | None = None
    caption: String | None = None
    created_at: Moment | None = None
    created_at_local: Clock | None = None
    default_photo: Flag | None = None
    location: Spot | None = None
    post_id: Whole | None = None
    ref: String | None = None
    sizes: Annotated[dict[str, Annotated[Sequence[Whole], MANY]], TABLE] | None = None
    """Width and height in pixels."""
    source: Whole | None = None
    """1 Strava, 2 Instagram."""
    type: Annotated[int, odd(Int(), _is_word)] | None = None
    """1 photo, 2 video; a word in old records: then None, and `raw` has the word."""
    uid: String | None = None
    unique_id: String | None = None
    uploaded_at: Moment | None = None
    urls: Annotated[dict[str, String], TABLE] | None = None
    """Address by width in pixels."""
    cursor: String | None = None
    duration: Number | None = None
    """Seconds; videos."""
    id: Whole | None = None
    placeholder_image: String | None = None
    resource_state: Whole | None = None
    status: Whole | None = None
    video_url: String | None = None


Primary = ActivityPhotoPrimary
behind("stravalib.model", ActivityPhoto, ActivityPhotoPrimary, PhotosSummary)
