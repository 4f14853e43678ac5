"""Gear: https://developers.strava.com/docs/reference/#api-Gears."""

from __future__ import annotations

from stravalib import strava_model
from stravalib._async.endpoints.base import AsyncEndpoints


class AsyncGearEndpoints(AsyncEndpoints):
    """Calls on bikes and shoes."""

    async def get_gear(self, gear_id: str) -> strava_model.DetailedGear:
        """Return a bike (``b...``) or a pair of shoes (``g...``) of the athlete.

        One request.

        Raises
        ------
        ObjectNotFound
            Unknown, or someone else's.

        See https://developers.strava.com/docs/reference/#api-Gears-getGearById
        """
        raw = await self.protocol.get("/gear/{id}", id=gear_id)
        return self._build(strava_model.DetailedGear, raw)
