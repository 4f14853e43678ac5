"""One stream of samples. See https://developers.strava.com/docs/reference/#api-Streams.

The points are not looked at one by one: a stream of ten thousand is taken as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from stravalib._models.base import Entity
from stravalib._models.doors import behind
from stravalib._models.rules import MANY, Flag, Number, Samples, String, Whole, Word
from stravalib._models.shapes import LatLon


class BaseStream(Entity):
    """What streams have in common."""

    _shown = ("type", "original_size", "resolution")

    original_size: Whole | None = None
    """Number of samples before Strava thinned them."""
    resolution: Annotated[str, Word("low", "medium", "high")] | None = None
    series_type: Annotated[str, Word("distance", "time")] | None = None
    """What the samples are spread along."""


class Stream(BaseStream):
    """A stream of any type. A sample that was not recorded is None."""

    type: String | None = None
    data: Annotated[Sequence[Any], Samples()] | None = None


class AltitudeStream(BaseStream):
    """Meters."""

    data: Annotated[Sequence[Number | None], MANY] | None = None


class CadenceStream(BaseStream):
    """Turns per minute; steps of one leg for runs."""

    data: Annotated[Sequence[Whole | None], MANY] | None = None


class DistanceStream(BaseStream):
    """Meters from the start."""

    data: Annotated[Sequence[Number | None], MANY] | None = None


class HeartrateStream(BaseStream):
    """Beats per minute."""

    data: Annotated[Sequence[Whole | None], MANY] | None = None


class LatLngStream(BaseStream):
    """Positions in degrees."""

    data: Annotated[Sequence[LatLon | None], MANY] | None = None


class MovingStream(BaseStream):
    """Whether the athlete moved."""

    data: Annotated[Sequence[Flag | None], MANY] | None = None


class PowerStream(BaseStream):
    """Watts."""

    data: Annotated[Sequence[Whole | None], MANY] | None = None


class SmoothGradeStream(BaseStream):
    """Percent."""

    data: Annotated[Sequence[Number | None], MANY] | None = None


class SmoothVelocityStream(BaseStream):
    """Meters per second."""

    data: Annotated[Sequence[Number | None], MANY] | None = None


class TemperatureStream(BaseStream):
    """Degrees Celsius."""

    data: Annotated[Sequence[Whole | None], MANY] | None = None


class TimeStream(BaseStream):
    """Seconds from the start."""

    data: Annotated[Sequence[Whole | None], MANY] | None = None


class StreamSet(Entity):
    """The streams of an activity by name, as Strava sends them on request.

    The client gives `stravalib.streams.StreamSet`, a dictionary, instead.
    """

    _shown = ()

    altitude: AltitudeStream | None = None
    cadence: CadenceStream | None = None
    distance: DistanceStream | None = None
    grade_smooth: SmoothGradeStream | None = None
    heartrate: HeartrateStream | None = None
    latlng: LatLngStream | None = None
    moving: MovingStream | None = None
    temp: TemperatureStream | None = None
    time: TimeStream | None = None
    velocity_smooth: SmoothVelocityStream | None = None
    watts: PowerStream | None = None


behind("stravalib.model", Stream)
behind(
    "stravalib.strava_model",
    AltitudeStream,
    BaseStream,
    CadenceStream,
    DistanceStream,
    HeartrateStream,
    LatLngStream,
    MovingStream,
    PowerStream,
    SmoothGradeStream,
    SmoothVelocityStream,
    StreamSet,
    TemperatureStream,
    TimeStream,
)
