"""The async client and what belongs to it (extra ``async``)."""

from __future__ import annotations

from stravalib._async.client import AsyncClient
from stravalib._async.paging import AsyncBatchedResultsIterator, AsyncResultFetcher
from stravalib._async.protocol import AsyncApiV3
from stravalib._async.uploads import AsyncActivityUploader

__all__ = [
    "AsyncActivityUploader",
    "AsyncApiV3",
    "AsyncBatchedResultsIterator",
    "AsyncClient",
    "AsyncResultFetcher",
]

for _public in (
    AsyncActivityUploader,
    AsyncApiV3,
    AsyncBatchedResultsIterator,
    AsyncClient,
    AsyncResultFetcher,
):
    _public.__module__ = __name__
del _public
