"""Segments: https://developers.strava.com/docs/reference/#api-Segments."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from stravalib import model
from stravalib._async.endpoints.base import AsyncEndpoints
from stravalib._core import params, shape
from stravalib._core.deprecation import warn_restricted_endpoint
from stravalib._core.http import path_part

if TYPE_CHECKING:
    from stravalib._async.paging import AsyncBatchedResultsIterator
    from stravalib.strava_model import ActivityType


class AsyncSegmentsEndpoints(AsyncEndpoints):
    """Calls on segments."""

    async def get_segment(self, segment_id: int) -> model.Segment:
        """Return a segment.

        One request; ``read_all`` for a private one and for the athlete's own part.

        See https://developers.strava.com/docs/reference/#api-Segments-getSegmentById
        """
        raw = await self.protocol.get("/segments/{id}", id=segment_id)
        return self._build(model.Segment, raw)

    def get_starred_segments(
        self, limit: int | None = None
    ) -> AsyncBatchedResultsIterator[model.SummarySegment]:
        """Return the segments that the athlete has starred.

        One request per 200 segments, and one to see the end; private ones need the
        scope ``read_all``.

        See https://developers.strava.com/docs/reference/#api-Segments-getLoggedInAthleteStarredSegments
        """
        fetcher = functools.partial(self.protocol.get, "/segments/starred")
        return self._results(model.SummarySegment, "starred_segments", fetcher, limit)

    async def star_segment(self, segment_id: int) -> model.Segment:
        """Star a segment and return it.

        One request; scope ``profile:write``.

        See https://developers.strava.com/docs/reference/#api-Segments-starSegment
        """
        return await self._star(segment_id, "true")

    async def unstar_segment(self, segment_id: int) -> model.Segment:
        """Take the star off a segment and return it.

        One request; scope ``profile:write``.

        See https://developers.strava.com/docs/reference/#api-Segments-starSegment
        """
        return await self._star(segment_id, "false")

    async def _star(self, segment_id: int, starred: str) -> model.Segment:
        raw = await self.protocol._request(
            f"/segments/{path_part(segment_id)}/starred",
            data={"starred": starred},
            method="PUT",
        )
        return self._build(model.Segment, raw)

    async def explore_segments(
        self,
        bounds: tuple[float, float, float, float]
        | tuple[tuple[float, float], tuple[float, float]],
        activity_type: ActivityType | str | None = None,
        min_cat: int | None = None,
        max_cat: int | None = None,
    ) -> list[model.SegmentExplorerResult]:
        """Return up to 10 popular segments within a rectangle.

        One request. Since September 1, 2026 for applications in the Extended Access
        Tier only.

        Parameters
        ----------
        bounds
            South-west and north-east corner: ``(lat, lon, lat, lon)`` or
            ``((lat, lon), (lat, lon))``, degrees.
        activity_type
            ``running`` or ``riding``.
        min_cat, max_cat
            Climb categories, 0 (none) to 5 (hors catégorie).

        Raises
        ------
        ValueError
            Bounds or type are not of that form.
        EndpointRestricted
            The application is not in the Extended Access Tier.

        See https://developers.strava.com/docs/reference/#api-Segments-exploreSegments
        """
        query: dict[str, Any] = {"bounds": params.bounds(bounds)}
        if activity_type is not None:
            query["activity_type"] = params.explore_activity_type(activity_type)
        if min_cat is not None:
            query["min_cat"] = min_cat
        if max_cat is not None:
            query["max_cat"] = max_cat
        warn_restricted_endpoint("explore_segments")
        raw = await self.protocol.get("/segments/explore", **query)
        # 204 reads as an empty object: none found.
        rows = raw if raw == {} else shape.field(raw, "segments", "segments found")
        return self._build_list(model.SegmentExplorerResult, rows)
