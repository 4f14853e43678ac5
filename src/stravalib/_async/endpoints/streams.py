"""Streams: https://developers.strava.com/docs/reference/#api-Streams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from stravalib import model
from stravalib._async.endpoints.base import AsyncEndpoints
from stravalib._core import params, shape
from stravalib._core.deprecation import warn_undocumented
from stravalib._core.http import path_part
from stravalib._core.lazy import lazy

if TYPE_CHECKING:
    from stravalib import exc
    from stravalib.strava_model import StreamType
    from stravalib.streams import StreamSet
else:
    exc = lazy("stravalib.exc")

Resolution = Literal["low", "medium", "high"]
SeriesType = Literal["time", "distance"]


class AsyncStreamsEndpoints(AsyncEndpoints):
    """Calls on streams: the samples of activities, efforts, segments and routes."""

    async def get_activity_streams(
        self,
        activity_id: int,
        types: list[StreamType] | list[str] | None = None,
        resolution: Resolution | None = None,
        series_type: SeriesType | None = None,
    ) -> Annotated[StreamSet, dict[StreamType, model.Stream]]:
        """Return the streams of an activity by type; absent ones are absent.

        One request; scope as `get_activity`. A manual activity has none: the result
        is empty.

        Parameters
        ----------
        activity_id
            Id of the activity.
        types
            Stream types, default all: time (s), distance (m), latlng (degrees),
            altitude (m), velocity_smooth (m/s), heartrate (bpm), cadence (rpm),
            watts (W), temp (°C), moving, grade_smooth (%).
        resolution
            About 100 (low), 1,000 (medium) or 10,000 (high) points; undocumented.
        series_type
            What points are dropped by: time or distance; undocumented.

        Raises
        ------
        ValueError
            An unknown type, resolution or series type.

        See https://developers.strava.com/docs/reference/#api-Streams-getActivityStreams
        """
        return await self._get_streams(
            f"/activities/{path_part(activity_id)}/streams",
            types,
            resolution,
            series_type,
        )

    async def get_effort_streams(
        self,
        effort_id: int,
        types: list[StreamType] | list[str] | None = None,
        resolution: Resolution | None = None,
        series_type: SeriesType | None = None,
    ) -> Annotated[StreamSet, dict[StreamType, model.Stream]]:
        """Return the streams of a segment effort; see `get_activity_streams`.

        One request; scope ``read_all``; subscribers only.

        See https://developers.strava.com/docs/reference/#api-Streams-getSegmentEffortStreams
        """
        return await self._get_streams(
            f"/segment_efforts/{path_part(effort_id)}/streams",
            types,
            resolution,
            series_type,
        )

    async def get_segment_streams(
        self,
        segment_id: int,
        types: list[StreamType] | list[str] | None = None,
        resolution: Resolution | None = None,
        series_type: SeriesType | None = None,
    ) -> Annotated[StreamSet, dict[StreamType, model.Stream]]:
        """Return distance, latlng and altitude of a segment.

        One request; see `get_activity_streams` for the parameters.

        See https://developers.strava.com/docs/reference/#api-Streams-getSegmentStreams
        """
        return await self._get_streams(
            f"/segments/{path_part(segment_id)}/streams", types, resolution, series_type
        )

    async def get_route_streams(
        self, route_id: int
    ) -> Annotated[StreamSet, dict[StreamType, model.Stream]]:
        """Return distance, latlng and altitude of a route.

        One request; a private route needs the scope ``read_all``.

        See https://developers.strava.com/docs/reference/#api-Streams-getRouteStreams
        """
        try:
            raw = await self.protocol.get(
                "/routes/{id}/streams", id=route_id, page=1, per_page=200
            )
        except exc.ObjectNotFound as error:
            return self._no_streams("/routes/", error)
        return self._stream_set(raw)

    async def _get_streams(
        self,
        stream_url: str,
        types: list[StreamType] | list[str] | None = None,
        resolution: Resolution | None = None,
        series_type: SeriesType | None = None,
    ) -> Annotated[StreamSet, dict[StreamType, model.Stream]]:
        """Fetch streams from a path; see `get_activity_streams`."""
        query = params.stream_params(
            types,
            resolution,
            series_type,
        )
        if resolution is not None:
            warn_undocumented("resolution", stacklevel=4)
        if series_type is not None:
            warn_undocumented("series_type", stacklevel=4)
        try:
            raw = await self.protocol.get(stream_url, **query)
        except exc.ObjectNotFound as error:
            return self._no_streams(stream_url, error)
        return self._stream_set(raw)

    def _no_streams(self, url: str, error: exc.ObjectNotFound) -> StreamSet:
        """Return the empty set where 404 means that nothing was recorded.

        Strava gives the same answer for an activity or route without streams and
        for one that does not exist.
        """
        from stravalib.streams import StreamSet

        unknown_path = any(detail.field == "path" for detail in error.errors)
        if unknown_path or not url.startswith(("/activities/", "/routes/")):
            raise error
        return StreamSet()

    def _stream_set(self, raw: Any) -> StreamSet:
        """Read both shapes: an object by type, or an array of typed items."""
        from stravalib.streams import StreamSet

        if not isinstance(raw, dict):
            raw = shape.rows(raw, "Stream")
        rows = params.stream_rows(raw)
        if len(rows) < len(raw):
            self._tell_lost(raw)
        streams = self._build_list(model.Stream, rows.values())
        for stream in streams:
            self._note(stream)
        found = StreamSet(zip(rows, streams, strict=True))
        found._meta = self.protocol.sender.last
        return found

    def _tell_lost(self, raw: Any) -> None:
        """Log what stands among the streams and is none."""
        from stravalib._models.drift import report_row

        entries = list(raw.values() if isinstance(raw, dict) else raw)
        for position, entry in enumerate(entries):
            if not isinstance(entry, dict):
                report_row(model.Stream, position, len(entries), entry)
