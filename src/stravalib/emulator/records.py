"""What a world is made of: the records that loaders make and that the state serves.

Every ``detail`` is the JSON object that Strava would send to the owner for the
single-object endpoint (``resource_state`` 3, all scopes). Shorter shapes (summary,
meta, names only) are projections that the state makes; records never hold them twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Json = dict[str, Any]
# Stream type -> samples at full resolution, equal lengths; ``latlng`` is [lat, lng].
Streams = dict[str, list[Any]]
# Latitude, longitude, radius in metres.
PrivacyZone = tuple[float, float, float]


@dataclass(slots=True)
class ActivityRecord:
    """One activity of one athlete.

    ``streams`` may be a function, so that a world of 100,000 activities need not
    hold its samples in memory; it must give the same answer each time.
    """

    detail: Json
    streams: Streams | Callable[[], Streams] = field(default_factory=dict)
    kudos: list[Json] = field(default_factory=list)  # SummaryAthlete, full
    comments: list[Json] = field(default_factory=list)  # Comment
    photos: list[Json] = field(default_factory=list)  # ActivityPhoto
    zones: list[Json] = field(default_factory=list)  # ActivityZone


@dataclass(slots=True)
class SegmentRecord:
    """A segment, its track (distance, latlng, altitude) and who made it private."""

    detail: Json
    streams: Streams = field(default_factory=dict)
    owner_id: int | None = None


@dataclass(slots=True)
class RouteRecord:
    """A route of an athlete; the GPX and TCX exports are written from ``streams``."""

    detail: Json
    streams: Streams = field(default_factory=dict)


@dataclass(slots=True)
class ClubRecord:
    """A club with what its sub-resources list."""

    detail: Json
    member_ids: list[int] = field(default_factory=list)
    admin_ids: list[int] = field(default_factory=list)
    events: list[Json] = field(default_factory=list)  # ClubEvent


@dataclass(slots=True)
class AthleteRecord:
    """An athlete with everything that belongs to them alone.

    ``activities`` may be a one-shot iterator; the state consumes it once.
    Segment efforts live inside the activities (``detail["segment_efforts"]``).
    """

    detail: Json
    zones: Json = field(default_factory=dict)
    gear: list[Json] = field(default_factory=list)  # DetailedGear
    activities: Iterable[ActivityRecord] = field(default_factory=list)
    routes: list[RouteRecord] = field(default_factory=list)
    starred_segment_ids: list[int] = field(default_factory=list)
    subscriber: bool = True
    # Where tracks begin and end only for tokens with activity:read_all.
    privacy_zones: list[PrivacyZone] = field(default_factory=list)


@dataclass(slots=True)
class World:
    """Everything that a fresh state is filled from."""

    athletes: Iterable[AthleteRecord] = field(default_factory=list)
    segments: list[SegmentRecord] = field(default_factory=list)
    clubs: list[ClubRecord] = field(default_factory=list)

    def __iter__(self) -> Iterator[AthleteRecord]:
        """Iterate over the athletes."""
        return iter(self.athletes)


@dataclass(frozen=True, slots=True)
class UploadOptions:
    """What the form of ``POST /uploads`` said beside the file; None where silent."""

    name: str | None = None
    description: str | None = None
    sport_type: str | None = None
    activity_type: str | None = None
    external_id: str | None = None
    trainer: bool = False
    commute: bool = False


class RejectedUpload(Exception):
    """A file that does not become an activity; ``text`` is what Strava says."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class UploadProcessor(Protocol):
    """Turn the bytes of an upload into an activity.

    The ids in the answer (activity, upload, laps, map) are placeholders: the state
    gives the real ones. Raises :class:`RejectedUpload` and nothing else.
    """

    def __call__(
        self,
        data: bytes,
        data_type: str,
        *,
        athlete: AthleteRecord,
        now: float,
        options: UploadOptions = ...,
    ) -> ActivityRecord:
        """Process ``data`` of ``data_type`` (lower case, e.g. ``fit.gz``)."""
        ...
