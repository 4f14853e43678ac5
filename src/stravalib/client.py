"""The sync client and what belongs to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stravalib._core.deprecation import CHANGE_DATE as STRAVA_API_CHANGE_DATE
from stravalib._facts.hosts import CHANGELOG_URL as STRAVA_API_CHANGELOG_URL
from stravalib._sync.client import Client
from stravalib._sync.paging import BatchedResultsIterator, ResultFetcher
from stravalib._sync.uploads import ActivityUploader
from stravalib.protocol import AccessInfo, ApiV3, Scope

if TYPE_CHECKING:
    from stravalib.exc import ActivityPhotoUploadNotSupported
    from stravalib.model import SummaryAthlete

__all__ = [
    "STRAVA_API_CHANGELOG_URL",
    "STRAVA_API_CHANGE_DATE",
    "AccessInfo",
    "ActivityPhotoUploadNotSupported",
    "ActivityUploader",
    "ApiV3",
    "BatchedResultsIterator",
    "Client",
    "ResultFetcher",
    "Scope",
    "SummaryAthlete",
]

for _public in (ActivityUploader, BatchedResultsIterator, Client, ResultFetcher):
    _public.__module__ = __name__
del _public


def __getattr__(name: str) -> object:
    if name == "SummaryAthlete":
        from stravalib.model import SummaryAthlete

        return SummaryAthlete
    if name == "ActivityPhotoUploadNotSupported":
        from stravalib.exc import ActivityPhotoUploadNotSupported

        return ActivityPhotoUploadNotSupported
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
