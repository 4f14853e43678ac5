"""Heart rate, power and pace zones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import RootModel

from stravalib._models.base import BoundClientEntity, Entity
from stravalib._models.doors import behind
from stravalib._models.rules import MANY, Flag, Number, String, Whole, Word


class ZoneRange(Entity):
    """A zone; ``max`` of the last one is -1."""

    _shown: ClassVar[tuple[str, ...]] = ("min", "max")

    max: Whole | None = None
    min: Whole | None = None


class TimedZoneRange(ZoneRange):
    """Time spent in a zone; heart beats, watts or, for pace, meters per second."""

    _shown = ("min", "max", "time")

    max: Number | None = None  # type: ignore[assignment]  # as 2.6
    min: Number | None = None  # type: ignore[assignment]  # as 2.6
    time: Whole | None = None
    """Seconds; Strava also sends fractions."""


class ZoneRanges(RootModel[Annotated[Sequence[ZoneRange], MANY]]):
    """The zones of an athlete, lowest first."""


class HeartRateZoneRanges(Entity):
    """Heart rate zones, beats per minute."""

    _shown = ("custom_zones", "zones")

    custom_zones: Flag | None = None
    """Whether the athlete set them."""
    zones: ZoneRanges | None = None


class PowerZoneRanges(Entity):
    """Power zones, watts; only where a threshold power is set."""

    _shown = ()

    zones: ZoneRanges | None = None


class Zones(Entity):
    """The zones of an athlete.

    See https://developers.strava.com/docs/reference/#api-models-Zones
    """

    _shown = ()

    heart_rate: HeartRateZoneRanges | None = None
    power: PowerZoneRanges | None = None


class _TimedZoneDistribution(RootModel[Annotated[Sequence[TimedZoneRange], MANY]]):
    """Time spent in each zone, lowest first."""


class _ActivityZone(Entity):
    """Time spent in the zones of one kind during an activity."""

    _shown = ("type", "score")

    custom_zones: Flag | None = None
    distribution_buckets: _TimedZoneDistribution | None = None
    max: Whole | None = None
    points: Whole | None = None
    score: Whole | None = None
    sensor_based: Flag | None = None
    type: Annotated[str, Word("heartrate", "power", "pace")] | None = None
    resource_state: Whole | None = None
    distance_buckets: Annotated[Sequence[Number], MANY] | None = None


class ActivityZone(_ActivityZone, BoundClientEntity):
    """Time spent in the zones of one kind during an activity.

    See https://developers.strava.com/docs/reference/#api-models-ActivityZone
    """

    distribution_buckets: Annotated[Sequence[TimedZoneRange], MANY] | None = None  # type: ignore[assignment]  # as 2.6


TimedZoneDistribution = TimedZoneRange
behind("stravalib.model", ActivityZone)
behind(
    "stravalib.strava_model",
    _ActivityZone,
    HeartRateZoneRanges,
    PowerZoneRanges,
    TimedZoneRange,
    _TimedZoneDistribution,
    ZoneRange,
    ZoneRanges,
    Zones,
)
_ = String
