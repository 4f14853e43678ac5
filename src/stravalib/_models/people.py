"""Athletes as others see them."""

from __future__ import annotations

from typing import Annotated

from stravalib._models.doors import behind
from stravalib._models.meta import MetaAthlete
from stravalib._models.rules import Flag, Number, String, Whole, Word
from stravalib._models.times import Moment


class SummaryAthlete(MetaAthlete):
    """An athlete as lists show them.

    Kudos, comments and club members carry a first name and an initial only, no id.
    See https://developers.strava.com/docs/reference/#api-models-SummaryAthlete
    """

    city: String | None = None
    country: String | None = None
    created_at: Moment | None = None
    firstname: String | None = None
    lastname: String | None = None
    premium: Flag | None = None
    """Deprecated; see `summit`."""
    profile: String | None = None
    """Address of an image of 124 by 124 pixels."""
    profile_medium: String | None = None
    """Address of an image of 62 by 62 pixels."""
    sex: Annotated[str, Word("M", "F")] | None = None
    state: String | None = None
    summit: Flag | None = None
    """Whether the athlete subscribes."""
    updated_at: Moment | None = None
    # Undocumented.
    id_str: String | None = None
    username: String | None = None
    bio: String | None = None
    badge_type_id: Whole | None = None
    weight: Number | None = None
    """Kilograms."""
    friend: String | None = None
    """Whether the token's athlete follows this one: None, "pending" or "accepted"."""
    follower: String | None = None
    """Whether this athlete follows the token's one."""
    blocked: Flag | None = None
    can_follow: Flag | None = None


behind("stravalib.model", SummaryAthlete)
