"""Models of what Strava sends.

Any JSON object becomes a model: unknown fields are in ``model_extra``, a value that is
not what was meant reads as None and is in ``drift``, and ``raw`` gives the record back
as it was received. Models are loaded when they are first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stravalib._models.activities import DetailedActivity as DetailedActivity
    from stravalib._models.activities import HighlightedKudoser as HighlightedKudoser
    from stravalib._models.activities import Lap as Lap
    from stravalib._models.activities import SimilarActivities as SimilarActivities
    from stravalib._models.activities import Split as Split
    from stravalib._models.activities import StatsVisibility as StatsVisibility
    from stravalib._models.activities import SummaryActivity as SummaryActivity
    from stravalib._models.activities import Trend as Trend
    from stravalib._models.athletes import ActivityTotals as ActivityTotals
    from stravalib._models.athletes import AthleteStats as AthleteStats
    from stravalib._models.athletes import DetailedAthlete as DetailedAthlete
    from stravalib._models.base import BoundClientEntity as BoundClientEntity
    from stravalib._models.clubs import ClubActivity as ClubActivity
    from stravalib._models.clubs import ClubEvent as ClubEvent
    from stravalib._models.clubs import DetailedClub as DetailedClub
    from stravalib._models.clubs import SummaryClub as SummaryClub
    from stravalib._models.efforts import BaseEffort as BaseEffort
    from stravalib._models.efforts import BestEffort as BestEffort
    from stravalib._models.efforts import SegmentEffort as SegmentEffort
    from stravalib._models.efforts import (
        SegmentEffortAchievement as SegmentEffortAchievement,
    )
    from stravalib._models.gear import SummaryGear as SummaryGear
    from stravalib._models.meta import Map as Map
    from stravalib._models.meta import MetaActivity as MetaActivity
    from stravalib._models.meta import MetaAthlete as MetaAthlete
    from stravalib._models.meta import MetaClub as MetaClub
    from stravalib._models.meta import PolylineMap as PolylineMap
    from stravalib._models.people import SummaryAthlete as SummaryAthlete
    from stravalib._models.photos import ActivityPhoto as ActivityPhoto
    from stravalib._models.photos import ActivityPhotoPrimary as ActivityPhotoPrimary
    from stravalib._models.photos import PhotosSummary as PhotosSummary
    from stravalib._models.routes import Route as Route
    from stravalib._models.segments import AthletePrEffort as AthletePrEffort
    from stravalib._models.segments import AthleteSegmentStats as AthleteSegmentStats
    from stravalib._models.segments import Destination as Destination
    from stravalib._models.segments import EffortCounts as EffortCounts
    from stravalib._models.segments import ExplorerSegment as ExplorerSegment
    from stravalib._models.segments import LocalLegend as LocalLegend
    from stravalib._models.segments import Segment as Segment
    from stravalib._models.segments import (
        SegmentExplorerResult as SegmentExplorerResult,
    )
    from stravalib._models.segments import SummarySegment as SummarySegment
    from stravalib._models.segments import SummarySegmentEffort as SummarySegmentEffort
    from stravalib._models.segments import Xoms as Xoms
    from stravalib._models.shapes import LatLng as LatLng
    from stravalib._models.shapes import LatLon as LatLon
    from stravalib._models.social import Comment as Comment
    from stravalib._models.streams import BaseStream as BaseStream
    from stravalib._models.streams import Stream as Stream
    from stravalib._models.uploads import Error as Error
    from stravalib._models.uploads import Fault as Fault
    from stravalib._models.uploads import Upload as Upload
    from stravalib._models.values import Distance as Distance
    from stravalib._models.values import Duration as Duration
    from stravalib._models.values import Timezone as Timezone
    from stravalib._models.values import Velocity as Velocity
    from stravalib._models.values import check_valid_location as check_valid_location
    from stravalib._models.values import naive_datetime as naive_datetime
    from stravalib._models.webhooks import Subscription as Subscription
    from stravalib._models.webhooks import SubscriptionCallback as SubscriptionCallback
    from stravalib._models.webhooks import SubscriptionUpdate as SubscriptionUpdate
    from stravalib._models.words import ActivityType as ActivityType
    from stravalib._models.words import RelaxedActivityType as RelaxedActivityType
    from stravalib._models.words import RelaxedSportType as RelaxedSportType
    from stravalib._models.words import SportType as SportType
    from stravalib._models.zones import ActivityZone as ActivityZone
    from stravalib._models.zones import TimedZoneDistribution as TimedZoneDistribution

__all__ = [
    "ActivityPhoto",
    "ActivityPhotoPrimary",
    "ActivityTotals",
    "ActivityType",
    "ActivityZone",
    "AthletePrEffort",
    "AthleteSegmentStats",
    "AthleteStats",
    "BaseEffort",
    "BaseStream",
    "BestEffort",
    "BoundClientEntity",
    "ClubActivity",
    "ClubEvent",
    "Comment",
    "Destination",
    "DetailedActivity",
    "DetailedAthlete",
    "DetailedClub",
    "Distance",
    "Duration",
    "EffortCounts",
    "Error",
    "ExplorerSegment",
    "Fault",
    "HighlightedKudoser",
    "Lap",
    "LatLng",
    "LatLon",
    "LocalLegend",
    "Map",
    "MetaActivity",
    "MetaAthlete",
    "MetaClub",
    "PhotosSummary",
    "PolylineMap",
    "RelaxedActivityType",
    "RelaxedSportType",
    "Route",
    "Segment",
    "SegmentEffort",
    "SegmentEffortAchievement",
    "SegmentExplorerResult",
    "SimilarActivities",
    "Split",
    "SportType",
    "StatsVisibility",
    "Stream",
    "Subscription",
    "SubscriptionCallback",
    "SubscriptionUpdate",
    "SummaryActivity",
    "SummaryAthlete",
    "SummaryClub",
    "SummaryGear",
    "SummarySegment",
    "SummarySegmentEffort",
    "TimedZoneDistribution",
    "Timezone",
    "Trend",
    "Upload",
    "Velocity",
    "Xoms",
    "check_valid_location",
    "naive_datetime",
]

_HOMES: dict[str, tuple[str, str]] = {
    "ActivityPhoto": ("photos", "ActivityPhoto"),
    "ActivityPhotoPrimary": ("photos", "ActivityPhotoPrimary"),
    "ActivityTotals": ("athletes", "ActivityTotals"),
    "ActivityType": ("words", "ActivityType"),
    "ActivityZone": ("zones", "ActivityZone"),
    "AthletePrEffort": ("segments", "AthletePrEffort"),
    "AthleteSegmentStats": ("segments", "AthleteSegmentStats"),
    "AthleteStats": ("athletes", "AthleteStats"),
    "BaseEffort": ("efforts", "BaseEffort"),
    "BaseStream": ("streams", "BaseStream"),
    "BestEffort": ("efforts", "BestEffort"),
    "BoundClientEntity": ("base", "BoundClientEntity"),
    "ClubActivity": ("clubs", "ClubActivity"),
    "ClubEvent": ("clubs", "ClubEvent"),
    "Comment": ("social", "Comment"),
    "Destination": ("segments", "Destination"),
    "DetailedActivity": ("activities", "DetailedActivity"),
    "DetailedAthlete": ("athletes", "DetailedAthlete"),
    "DetailedClub": ("clubs", "DetailedClub"),
    "Distance": ("values", "Distance"),
    "Duration": ("values", "Duration"),
    "EffortCounts": ("segments", "EffortCounts"),
    "Error": ("uploads", "Error"),
    "ExplorerSegment": ("segments", "ExplorerSegment"),
    "Fault": ("uploads", "Fault"),
    "HighlightedKudoser": ("activities", "HighlightedKudoser"),
    "Lap": ("activities", "Lap"),
    "LatLng": ("shapes", "LatLng"),
    "LatLon": ("shapes", "LatLon"),
    "LocalLegend": ("segments", "LocalLegend"),
    "Map": ("meta", "Map"),
    "MetaActivity": ("meta", "MetaActivity"),
    "MetaAthlete": ("meta", "MetaAthlete"),
    "MetaClub": ("meta", "MetaClub"),
    "PhotosSummary": ("photos", "PhotosSummary"),
    "PolylineMap": ("meta", "PolylineMap"),
    "RelaxedActivityType": ("words", "RelaxedActivityType"),
    "RelaxedSportType": ("words", "RelaxedSportType"),
    "Route": ("routes", "Route"),
    "Segment": ("segments", "Segment"),
    "SegmentEffort": ("efforts", "SegmentEffort"),
    "SegmentEffortAchievement": ("efforts", "SegmentEffortAchievement"),
    "SegmentExplorerResult": ("segments", "SegmentExplorerResult"),
    "SimilarActivities": ("activities", "SimilarActivities"),
    "Split": ("activities", "Split"),
    "SportType": ("words", "SportType"),
    "StatsVisibility": ("activities", "StatsVisibility"),
    "Stream": ("streams", "Stream"),
    "Subscription": ("webhooks", "Subscription"),
    "SubscriptionCallback": ("webhooks", "SubscriptionCallback"),
    "SubscriptionUpdate": ("webhooks", "SubscriptionUpdate"),
    "SummaryActivity": ("activities", "SummaryActivity"),
    "SummaryAthlete": ("people", "SummaryAthlete"),
    "SummaryClub": ("clubs", "SummaryClub"),
    "SummaryGear": ("gear", "SummaryGear"),
    "SummarySegment": ("segments", "SummarySegment"),
    "SummarySegmentEffort": ("segments", "SummarySegmentEffort"),
    "TimedZoneDistribution": ("zones", "TimedZoneDistribution"),
    "Timezone": ("values", "Timezone"),
    "Trend": ("activities", "Trend"),
    "Upload": ("uploads", "Upload"),
    "Velocity": ("values", "Velocity"),
    "Xoms": ("segments", "Xoms"),
    "check_valid_location": ("values", "check_valid_location"),
    "naive_datetime": ("values", "naive_datetime"),
}


def __getattr__(name: str) -> Any:
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
