"""Comments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from stravalib._models.base import Entity
from stravalib._models.doors import behind
from stravalib._models.people import SummaryAthlete
from stravalib._models.rules import MANY, Flag, String, Whole
from stravalib._models.times import Moment


class Comment(Entity):
    """A comment on an activity.

    See https://developers.strava.com/docs/reference/#api-models-Comment
    """

    _shown = ("id", "text", "athlete")

    activity_id: Whole | None = None
    athlete: SummaryAthlete | None = None
    """A first name and an initial, no id."""
    created_at: Moment | None = None
    id: Whole | None = None
    text: String | None = None
    # Undocumented.
    cursor: String | None = None
    """Where the next page starts."""
    has_reacted: Flag | None = None
    mentions_metadata: Annotated[Sequence[Any], MANY] | None = None
    post_id: Whole | None = None
    reaction_count: Whole | None = None
    resource_state: Whole | None = None


behind("stravalib.strava_model", Comment)
