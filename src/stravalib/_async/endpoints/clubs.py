"""Clubs: https://developers.strava.com/docs/reference/#api-Clubs."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from stravalib import model, strava_model
from stravalib._async.endpoints.base import AsyncEndpoints
from stravalib._core.deprecation import warn_removed_endpoint

if TYPE_CHECKING:
    from stravalib._async.paging import AsyncBatchedResultsIterator


class AsyncClubsEndpoints(AsyncEndpoints):
    """Calls on clubs."""

    async def get_club(self, club_id: int) -> model.DetailedClub:
        """Return a club.

        One request.

        See https://developers.strava.com/docs/reference/#api-Clubs-getClubById
        """
        raw = await self.protocol.get("/clubs/{id}", id=club_id)
        return self._build(model.DetailedClub, raw)

    def get_club_events(
        self, club_id: int, *, upcoming: bool | None = None
    ) -> AsyncBatchedResultsIterator[model.ClubEvent]:
        """Return the group events of a club; Strava does not document this endpoint.

        One request, however many there are.

        Parameters
        ----------
        club_id
            Id of the club.
        upcoming
            True for events to come only.

        See https://developers.strava.com/docs/reference/ (not listed there)
        """
        query: dict[str, Any] = {}
        if upcoming is not None:
            query["upcoming"] = "true" if upcoming else "false"

        async def fetch(*, page: int, per_page: int) -> Any:
            return await self.protocol.get(
                "/clubs/{id}/group_events", id=club_id, **query
            )

        return self._results(model.ClubEvent, "club_events", fetch)

    def get_club_members(
        self, club_id: int, limit: int | None = None
    ) -> AsyncBatchedResultsIterator[strava_model.ClubAthlete]:
        """Return the members of a club; Strava removed this on September 1, 2026.

        One request.

        Raises
        ------
        EndpointRestricted
            Strava's answer since, when the first member is asked for.

        See https://developers.strava.com/docs/changelog/
        """
        warn_removed_endpoint("get_club_members")
        fetcher = functools.partial(
            self.protocol.get, "/clubs/{id}/members", id=club_id
        )
        return self._results(strava_model.ClubAthlete, "club_members", fetcher, limit)

    def get_club_admins(
        self, club_id: int, limit: int | None = None
    ) -> AsyncBatchedResultsIterator[model.SummaryAthlete]:
        """Return the admins of a club; Strava removed this on September 1, 2026.

        One request.

        Raises
        ------
        EndpointRestricted
            Strava's answer since, when the first admin is asked for.

        See https://developers.strava.com/docs/changelog/
        """
        warn_removed_endpoint("get_club_admins")
        fetcher = functools.partial(self.protocol.get, "/clubs/{id}/admins", id=club_id)
        return self._results(model.SummaryAthlete, "club_admins", fetcher, limit)

    def get_club_activities(
        self, club_id: int, limit: int | None = None
    ) -> AsyncBatchedResultsIterator[model.ClubActivity]:
        """Return activities of a club; Strava removed this on September 1, 2026.

        One request.

        Raises
        ------
        EndpointRemoved
            Strava's answer since, when the first activity is asked for.

        See https://developers.strava.com/docs/changelog/
        """
        warn_removed_endpoint("get_club_activities")
        fetcher = functools.partial(
            self.protocol.get, "/clubs/{id}/activities", id=club_id
        )
        return self._results(model.ClubActivity, "club_activities", fetcher, limit)

    async def join_club(self, club_id: int) -> None:
        """Join a club; Strava no longer documents this endpoint.

        One request.

        Raises
        ------
        AccessUnauthorized
            Or `ObjectNotFound`, where Strava no longer offers it.

        See https://developers.strava.com/docs/reference/ (not listed there)
        """
        await self.protocol.post("/clubs/{id}/join", id=club_id)

    async def leave_club(self, club_id: int) -> None:
        """Leave a club; Strava no longer documents this endpoint.

        One request.

        Raises
        ------
        AccessUnauthorized
            Or `ObjectNotFound`, where Strava no longer offers it.

        See https://developers.strava.com/docs/reference/ (not listed there)
        """
        await self.protocol.post("/clubs/{id}/leave", id=club_id)
