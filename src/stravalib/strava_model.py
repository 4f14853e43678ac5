"""Models under the names of Strava's own reference.

Nearly all are the classes of `stravalib.model`. Two differ, and a third has another
shape: ``ActivityZone``, ``ClubActivity`` and ``TimedZoneDistribution``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stravalib._models.activities import DetailedActivity as DetailedActivity
    from stravalib._models.activities import Lap as Lap
    from stravalib._models.activities import Split as Split
    from stravalib._models.activities import SummaryActivity as SummaryActivity
    from stravalib._models.activities import UpdatableActivity as UpdatableActivity
    from stravalib._models.athletes import ActivityStats as ActivityStats
    from stravalib._models.athletes import ActivityTotal as ActivityTotal
    from stravalib._models.athletes import DetailedAthlete as DetailedAthlete
    from stravalib._models.clubs import ClubAnnouncement as ClubAnnouncement
    from stravalib._models.clubs import ClubAthlete as ClubAthlete
    from stravalib._models.clubs import DetailedClub as DetailedClub
    from stravalib._models.clubs import MembershipApplication as MembershipApplication
    from stravalib._models.clubs import SummaryClub as SummaryClub
    from stravalib._models.clubs import _ClubActivity as ClubActivity
    from stravalib._models.efforts import BaseEffort as DetailedSegmentEffort
    from stravalib._models.gear import DetailedGear as DetailedGear
    from stravalib._models.gear import SummaryGear as SummaryGear
    from stravalib._models.meta import MetaActivity as MetaActivity
    from stravalib._models.meta import MetaAthlete as MetaAthlete
    from stravalib._models.meta import MetaClub as MetaClub
    from stravalib._models.meta import PolylineMap as PolylineMap
    from stravalib._models.people import SummaryAthlete as SummaryAthlete
    from stravalib._models.photos import PhotosSummary as PhotosSummary
    from stravalib._models.photos import Primary as Primary
    from stravalib._models.routes import Route as Route
    from stravalib._models.routes import Waypoint as Waypoint
    from stravalib._models.segments import ExplorerResponse as ExplorerResponse
    from stravalib._models.segments import ExplorerSegment as ExplorerSegment
    from stravalib._models.segments import Segment as DetailedSegment
    from stravalib._models.segments import (
        SummaryPRSegmentEffort as SummaryPRSegmentEffort,
    )
    from stravalib._models.segments import SummarySegment as SummarySegment
    from stravalib._models.segments import SummarySegmentEffort as SummarySegmentEffort
    from stravalib._models.shapes import LatLng as LatLng
    from stravalib._models.social import Comment as Comment
    from stravalib._models.streams import AltitudeStream as AltitudeStream
    from stravalib._models.streams import BaseStream as BaseStream
    from stravalib._models.streams import CadenceStream as CadenceStream
    from stravalib._models.streams import DistanceStream as DistanceStream
    from stravalib._models.streams import HeartrateStream as HeartrateStream
    from stravalib._models.streams import LatLngStream as LatLngStream
    from stravalib._models.streams import MovingStream as MovingStream
    from stravalib._models.streams import PowerStream as PowerStream
    from stravalib._models.streams import SmoothGradeStream as SmoothGradeStream
    from stravalib._models.streams import SmoothVelocityStream as SmoothVelocityStream
    from stravalib._models.streams import StreamSet as StreamSet
    from stravalib._models.streams import TemperatureStream as TemperatureStream
    from stravalib._models.streams import TimeStream as TimeStream
    from stravalib._models.uploads import Error as Error
    from stravalib._models.uploads import Fault as Fault
    from stravalib._models.uploads import Upload as Upload
    from stravalib._models.words import ActivityType as ActivityType
    from stravalib._models.words import SportType as SportType
    from stravalib._models.words import StreamType as StreamType
    from stravalib._models.zones import HeartRateZoneRanges as HeartRateZoneRanges
    from stravalib._models.zones import PowerZoneRanges as PowerZoneRanges
    from stravalib._models.zones import TimedZoneRange as TimedZoneRange
    from stravalib._models.zones import ZoneRange as ZoneRange
    from stravalib._models.zones import ZoneRanges as ZoneRanges
    from stravalib._models.zones import Zones as Zones
    from stravalib._models.zones import _ActivityZone as ActivityZone
    from stravalib._models.zones import _TimedZoneDistribution as TimedZoneDistribution

__all__ = [
    "ActivityStats",
    "ActivityTotal",
    "ActivityType",
    "ActivityZone",
    "AltitudeStream",
    "BaseStream",
    "CadenceStream",
    "ClubActivity",
    "ClubAnnouncement",
    "ClubAthlete",
    "Comment",
    "DetailedActivity",
    "DetailedAthlete",
    "DetailedClub",
    "DetailedGear",
    "DetailedSegment",
    "DetailedSegmentEffort",
    "DistanceStream",
    "Error",
    "ExplorerResponse",
    "ExplorerSegment",
    "Fault",
    "HeartRateZoneRanges",
    "HeartrateStream",
    "Lap",
    "LatLng",
    "LatLngStream",
    "MembershipApplication",
    "MetaActivity",
    "MetaAthlete",
    "MetaClub",
    "MovingStream",
    "PhotosSummary",
    "PolylineMap",
    "PowerStream",
    "PowerZoneRanges",
    "Primary",
    "Route",
    "SmoothGradeStream",
    "SmoothVelocityStream",
    "Split",
    "SportType",
    "StreamSet",
    "StreamType",
    "SummaryActivity",
    "SummaryAthlete",
    "SummaryClub",
    "SummaryGear",
    "SummaryPRSegmentEffort",
    "SummarySegment",
    "SummarySegmentEffort",
    "TemperatureStream",
    "TimeStream",
    "TimedZoneDistribution",
    "TimedZoneRange",
    "UpdatableActivity",
    "Upload",
    "Waypoint",
    "ZoneRange",
    "ZoneRanges",
    "Zones",
]

_HOMES: dict[str, tuple[str, str]] = {
    "ActivityStats": ("athletes", "ActivityStats"),
    "ActivityTotal": ("athletes", "ActivityTotal"),
    "ActivityType": ("words", "ActivityType"),
    "ActivityZone": ("zones", "_ActivityZone"),
    "AltitudeStream": ("streams", "AltitudeStream"),
    "BaseStream": ("streams", "BaseStream"),
    "CadenceStream": ("streams", "CadenceStream"),
    "ClubActivity": ("clubs", "_ClubActivity"),
    "ClubAnnouncement": ("clubs", "ClubAnnouncement"),
    "ClubAthlete": ("clubs", "ClubAthlete"),
    "Comment": ("social", "Comment"),
    "DetailedActivity": ("activities", "DetailedActivity"),
    "DetailedAthlete": ("athletes", "DetailedAthlete"),
    "DetailedClub": ("clubs", "DetailedClub"),
    "DetailedGear": ("gear", "DetailedGear"),
    "DetailedSegment": ("segments", "Segment"),
    "DetailedSegmentEffort": ("efforts", "BaseEffort"),
    "DistanceStream": ("streams", "DistanceStream"),
    "Error": ("uploads", "Error"),
    "ExplorerResponse": ("segments", "ExplorerResponse"),
    "ExplorerSegment": ("segments", "ExplorerSegment"),
    "Fault": ("uploads", "Fault"),
    "HeartRateZoneRanges": ("zones", "HeartRateZoneRanges"),
    "HeartrateStream": ("streams", "HeartrateStream"),
    "Lap": ("activities", "Lap"),
    "LatLng": ("shapes", "LatLng"),
    "LatLngStream": ("streams", "LatLngStream"),
    "MembershipApplication": ("clubs", "MembershipApplication"),
    "MetaActivity": ("meta", "MetaActivity"),
    "MetaAthlete": ("meta", "MetaAthlete"),
    "MetaClub": ("meta", "MetaClub"),
    "MovingStream": ("streams", "MovingStream"),
    "PhotosSummary": ("photos", "PhotosSummary"),
    "PolylineMap": ("meta", "PolylineMap"),
    "PowerStream": ("streams", "PowerStream"),
    "PowerZoneRanges": ("zones", "PowerZoneRanges"),
    "Primary": ("photos", "Primary"),
    "Route": ("routes", "Route"),
    "SmoothGradeStream": ("streams", "SmoothGradeStream"),
    "SmoothVelocityStream": ("streams", "SmoothVelocityStream"),
    "Split": ("activities", "Split"),
    "SportType": ("words", "SportType"),
    "StreamSet": ("streams", "StreamSet"),
    "StreamType": ("words", "StreamType"),
    "SummaryActivity": ("activities", "SummaryActivity"),
    "SummaryAthlete": ("people", "SummaryAthlete"),
    "SummaryClub": ("clubs", "SummaryClub"),
    "SummaryGear": ("gear", "SummaryGear"),
    "SummaryPRSegmentEffort": ("segments", "SummaryPRSegmentEffort"),
    "SummarySegment": ("segments", "SummarySegment"),
    "SummarySegmentEffort": ("segments", "SummarySegmentEffort"),
    "TemperatureStream": ("streams", "TemperatureStream"),
    "TimeStream": ("streams", "TimeStream"),
    "TimedZoneDistribution": ("zones", "_TimedZoneDistribution"),
    "TimedZoneRange": ("zones", "TimedZoneRange"),
    "UpdatableActivity": ("activities", "UpdatableActivity"),
    "Upload": ("uploads", "Upload"),
    "Waypoint": ("routes", "Waypoint"),
    "ZoneRange": ("zones", "ZoneRange"),
    "ZoneRanges": ("zones", "ZoneRanges"),
    "Zones": ("zones", "Zones"),
}


def __getattr__(name: str) -> Any:
    if name.startswith("RootModel"):
        return _root_model(name)
    try:
        room, inner = _HOMES[name]
    except KeyError:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message) from None
    from importlib import import_module

    found = getattr(import_module(f"stravalib._models.{room}"), inner)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _root_model(name: str) -> Any:
    """Answer for the parents of one-value models, which 2.6 listed here."""
    from pydantic import RootModel

    parents = {
        "RootModel[Sequence[float]]": "LatLng",
        "RootModel[Sequence[ZoneRange]]": "ZoneRanges",
        "RootModel[Sequence[TimedZoneRange]]": "TimedZoneDistribution",
    }
    if name in parents:
        return __getattr__(parents[name]).__mro__[1]
    if name == "RootModel":
        return RootModel
    if name.startswith("RootModel[Literal["):
        return RootModel[str]
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
