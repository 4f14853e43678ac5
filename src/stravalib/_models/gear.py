"""Bikes and shoes."""

from __future__ import annotations

from stravalib._models.base import Entity
from stravalib._models.doors import behind
from stravalib._models.rules import Flag, Number, String, Whole


class SummaryGear(Entity):
    """A bike (id ``b...``) or a pair of shoes (id ``g...``).

    See https://developers.strava.com/docs/reference/#api-models-SummaryGear
    """

    id: String | None = None
    distance: Number | None = None
    """Meters."""
    name: String | None = None
    """Since August 2023: brand, model and nickname."""
    primary: Flag | None = None
    resource_state: Whole | None = None
    nickname: String | None = None
    retired: Flag | None = None
    converted_distance: Number | None = None
    """In the athlete's own unit."""


class DetailedGear(SummaryGear):
    """A bike or a pair of shoes with its make.

    See https://developers.strava.com/docs/reference/#api-models-DetailedGear
    """

    brand_name: String | None = None
    description: String | None = None
    frame_type: Whole | None = None
    """Bikes: 1 mountain, 2 cross, 3 road, 4 time trial, 5 gravel."""
    model_name: String | None = None
    weight: Number | None = None
    """Kilograms; bikes."""
    notification_distance: Whole | None = None
    """Kilometers; shoes."""


behind("stravalib.strava_model", SummaryGear, DetailedGear)
