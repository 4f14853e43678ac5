"""Segment efforts: https://developers.strava.com/docs/reference/#api-SegmentEfforts."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from stravalib import model
from stravalib._async.endpoints.base import AsyncEndpoints
from stravalib._core import params

if TYPE_CHECKING:
    from datetime import datetime

    from stravalib._async.paging import AsyncBatchedResultsIterator


class AsyncSegmentEffortsEndpoints(AsyncEndpoints):
    """Calls on efforts; for subscribers only."""

    async def get_segment_effort(self, effort_id: int) -> model.SegmentEffort:
        """Return one effort of the athlete.

        One request; subscribers only.

        Raises
        ------
        SubscriptionRequired
            The athlete has no subscription.

        See https://developers.strava.com/docs/reference/#api-SegmentEfforts-getSegmentEffortById
        """
        raw = await self.protocol.get("/segment_efforts/{id}", id=effort_id)
        return self._build(model.SegmentEffort, raw)

    def get_segment_efforts(
        self,
        segment_id: int,
        athlete_id: int | None = None,
        start_date_local: datetime | str | None = None,
        end_date_local: datetime | str | None = None,
        limit: int | None = None,
    ) -> AsyncBatchedResultsIterator[model.BaseEffort]:
        """Return the athlete's efforts on a segment, oldest first.

        One request per 200 efforts, and one to see the end; subscribers only.

        Parameters
        ----------
        segment_id
            Id of the segment.
        athlete_id
            Without effect since Strava serves the athlete's own efforts only.
        start_date_local, end_date_local
            Local wall time limits, inclusive; give both or none.
        limit
            The largest number of efforts; None or 0 for all.

        Raises
        ------
        SubscriptionRequired
            The athlete has no subscription.

        See https://developers.strava.com/docs/reference/#api-SegmentEfforts-getEffortsBySegmentId
        """
        query: dict[str, Any] = {"segment_id": segment_id}
        if athlete_id is not None:
            query["athlete_id"] = athlete_id
        if start_date_local is not None:
            query["start_date_local"] = params.wall_clock(
                start_date_local, "start_date_local"
            )
        if end_date_local is not None:
            query["end_date_local"] = params.wall_clock(
                end_date_local, "end_date_local"
            )
        if limit:
            query["limit"] = limit
        fetcher = functools.partial(self.protocol.get, "/segment_efforts", **query)
        return self._results(model.BaseEffort, "segment_efforts", fetcher, limit)
