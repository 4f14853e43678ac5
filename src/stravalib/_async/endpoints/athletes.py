"""Athletes: https://developers.strava.com/docs/reference/#api-Athletes."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from stravalib import model, strava_model
from stravalib._async.endpoints.base import AsyncEndpoints
from stravalib._core import params, shape
from stravalib._core.deprecation import warn_unsupported
from stravalib._core.lazy import lazy

if TYPE_CHECKING:
    from stravalib import exc
    from stravalib._async.paging import AsyncBatchedResultsIterator
else:
    exc = lazy("stravalib.exc")


# What one error has that another in its place has too.
_KEPT = ("docs", "errors", "hint", "meta", "request_id")


class AsyncAthletesEndpoints(AsyncEndpoints):
    """Calls on the athlete who owns the token."""

    async def get_athlete(self) -> model.DetailedAthlete:
        """Return the athlete who owns the token.

        One request. With scope ``profile:read_all`` everything; with any other
        token a summary (``resource_state`` 2).

        See https://developers.strava.com/docs/reference/#api-Athletes-getLoggedInAthlete
        """
        raw = await self.protocol.get("/athlete")
        return self._build(model.DetailedAthlete, raw)

    async def update_athlete(
        self,
        city: str | None = None,
        state: str | None = None,
        country: str | None = None,
        sex: str | None = None,
        weight: float | None = None,
    ) -> model.DetailedAthlete:
        """Change the athlete's weight; Strava takes nothing else.

        One request; scope ``profile:write``.

        Parameters
        ----------
        weight
            Kilograms.
        city, state, country, sex
            Without effect at Strava.

        Raises
        ------
        ScopeMissing
            The athlete did not grant ``profile:write``.

        See https://developers.strava.com/docs/reference/#api-Athletes-updateLoggedInAthlete
        """
        ignored = {"city": city, "state": state, "country": country, "sex": sex}
        query: dict[str, Any] = {k: v for k, v in ignored.items() if v is not None}
        for name in query:
            warn_unsupported(name)
        if weight is not None:
            query["weight"] = float(params.amount(weight, "weight", "kilograms"))
        raw = await self.protocol.put("/athlete", **query)
        return self._build(model.DetailedAthlete, raw)

    async def get_athlete_zones(self) -> strava_model.Zones:
        """Return the athlete's heart rate (bpm) and power (W) zones.

        One request; scope ``profile:read_all``. The last zone has ``max`` -1.

        See https://developers.strava.com/docs/reference/#api-Athletes-getLoggedInAthleteZones
        """
        raw = await self.protocol.get("/athlete/zones")
        return self._build(strava_model.Zones, raw)

    async def get_athlete_stats(
        self, athlete_id: int | None = None
    ) -> model.AthleteStats:
        """Return totals of the athlete: last 4 weeks, this year, all time.

        One request, two without ``athlete_id``. Only activities that everyone can
        see count.

        Parameters
        ----------
        athlete_id
            The id of the athlete who owns the token; others are refused.

        Raises
        ------
        AccessUnauthorized
            Or `AccessForbidden`: the id is another athlete's.

        See https://developers.strava.com/docs/reference/#api-Athletes-getStats
        """
        if athlete_id is None:
            athlete = await self.get_athlete()
            athlete_id = shape.field({"id": athlete.id}, "id", "the athlete")
        try:
            raw = await self.protocol.get("/athletes/{id}/stats", id=athlete_id)
        except (exc.AccessUnauthorized, exc.AccessForbidden) as error:
            # Seen with either status; ApplicationInactive and the like stay.
            kinds = (exc.AccessUnauthorized, exc.AccessForbidden)
            if type(error) not in (*kinds, exc.EndpointRestricted):
                raise
            is_forbidden = isinstance(error, exc.AccessForbidden)
            raise kinds[is_forbidden](
                f"Unable to retrieve stats for athlete {athlete_id}. Athlete stats can "
                "only be retrieved for the currently authenticated athlete. Ensure you "
                "are requesting stats for your own athlete ID.",
                response=error.response,
                details={name: getattr(error, name) for name in _KEPT},
            ) from error
        return self._build(model.AthleteStats, raw)

    def get_athlete_koms(
        self, athlete_id: int, limit: int | None = None
    ) -> AsyncBatchedResultsIterator[model.SegmentEffort]:
        """Return the efforts with which the athlete leads a segment.

        One request per 200. Strava no longer documents this endpoint.

        See https://developers.strava.com/docs/reference/ (not listed there)
        """
        fetcher = functools.partial(
            self.protocol.get, "/athletes/{id}/koms", id=athlete_id
        )
        return self._results(model.SegmentEffort, "athlete_koms", fetcher, limit)

    def get_athlete_clubs(
        self, limit: int | None = None
    ) -> AsyncBatchedResultsIterator[model.SummaryClub]:
        """Return the clubs that the athlete is a member of.

        One request per 200 clubs.

        See https://developers.strava.com/docs/reference/#api-Clubs-getLoggedInAthleteClubs
        """
        fetcher = functools.partial(self.protocol.get, "/athlete/clubs")
        return self._results(model.SummaryClub, "athlete_clubs", fetcher, limit)

    def get_athlete_starred_segments(
        self, athlete_id: int, limit: int | None = None
    ) -> AsyncBatchedResultsIterator[model.Segment]:
        """Return the segments that an athlete has starred.

        One request per 200, and one to see the end. Strava no longer documents this
        endpoint; `get_starred_segments` serves the athlete who owns the token.

        See https://developers.strava.com/docs/reference/ (not listed there)
        """
        fetcher = functools.partial(
            self.protocol.get, "/athletes/{id}/segments/starred", id=athlete_id
        )
        return self._results(model.Segment, "athlete_starred_segments", fetcher, limit)
