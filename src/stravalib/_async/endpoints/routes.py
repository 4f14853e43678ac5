"""Routes: https://developers.strava.com/docs/reference/#api-Routes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stravalib import model
from stravalib._async.endpoints.base import AsyncEndpoints
from stravalib._core import shape
from stravalib._core.http import path_part

if TYPE_CHECKING:
    from stravalib._async.paging import AsyncBatchedResultsIterator


class AsyncRoutesEndpoints(AsyncEndpoints):
    """Calls on routes."""

    def get_routes(
        self, athlete_id: int | None = None, limit: int | None = None
    ) -> AsyncBatchedResultsIterator[model.Route]:
        """Return the routes of the athlete who owns the token.

        One request per 200 routes and one to see the end; one more without
        ``athlete_id``, when the first route is asked for. Private routes need the
        scope ``read_all``.

        See https://developers.strava.com/docs/reference/#api-Routes-getRoutesByAthleteId
        """
        known = athlete_id

        async def fetch(*, page: int, per_page: int) -> Any:
            nonlocal known
            if known is None:
                athlete = await self.protocol.get("/athlete")
                known = shape.field(athlete, "id", "the athlete")
            return await self.protocol.get(
                "/athletes/{id}/routes", id=known, page=page, per_page=per_page
            )

        return self._results(model.Route, "routes", fetch, limit)

    async def get_route(self, route_id: int) -> model.Route:
        """Return a route.

        One request; a private route needs the scope ``read_all``.

        See https://developers.strava.com/docs/reference/#api-Routes-getRouteById
        """
        raw = await self.protocol.get("/routes/{id}", id=route_id)
        return self._build(model.Route, raw)

    async def get_route_gpx(self, route_id: int) -> str:
        """Return a route as a GPX file: its text.

        One request; a private route needs the scope ``read_all``.

        See https://developers.strava.com/docs/reference/#api-Routes-getRouteAsGPX
        """
        return await self._export(f"/routes/{path_part(route_id)}/export_gpx")

    async def get_route_tcx(self, route_id: int) -> str:
        """Return a route as a TCX file: its text.

        One request; a private route needs the scope ``read_all``.

        See https://developers.strava.com/docs/reference/#api-Routes-getRouteAsTCX
        """
        return await self._export(f"/routes/{path_part(route_id)}/export_tcx")

    async def _export(self, path: str) -> str:
        response = await self.protocol._fetch(path)
        return shape.xml(response.content, path)
