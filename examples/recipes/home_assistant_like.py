"""Strava inside an application that owns the loop, the session and the tokens.

This is the shape of a Home Assistant integration: the host hands over its shared
``aiohttp`` session and an object that keeps the OAuth token, and calls the coordinator
from its event loop, which must never block. ``Coordinator`` knows no host; the few
lines that tie it to Home Assistant are in docs/async.md.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from stravalib import AsyncClient, exc

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    import aiohttp

    from stravalib.model import AthleteStats, DetailedAthlete, SummaryActivity

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Snapshot:
    """What the host shows."""

    athlete: str
    runs_this_year: int
    kilometres_this_year: float
    latest: list[tuple[str, str, float]] = field(default_factory=list)


class Coordinator:
    """Asks Strava every few minutes, and tells its listeners.

    Parameters
    ----------
    session
        The host's session; used, never closed.
    token
        The host's own coroutine function that returns a valid token: a mapping with
        ``access_token`` and ``expires_at``. The client asks it at the first call, when
        the token ends, and after Strava refused it.
    login_needed
        Called when only the user can help: the host shows its login again.
    interval
        Seconds between two updates. Two requests each make 192 a day at 15 minutes, of
        the 1,000 that a new application may send.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        token: Callable[[], Awaitable[Mapping[str, Any]]],
        *,
        login_needed: Callable[[], None] = lambda: None,
        interval: float = 15 * 60,
    ) -> None:
        self._session = session
        self._token = token
        self._login_needed = login_needed
        self.interval = interval
        self.data: Snapshot | None = None
        self.available = False
        self._client: AsyncClient | None = None
        self._athlete: DetailedAthlete | None = None
        self._listeners: list[Callable[[], None]] = []
        self._task: asyncio.Task[None] | None = None

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` after each update; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def start(self) -> None:
        """Update once, so that the host has data, and go on in the background."""
        if self._client is None:
            # The first client imports the models: in a thread, not in the loop.
            self._client = await asyncio.to_thread(
                AsyncClient,
                session=self._session,
                token_provider=self._token,
                max_wait=0,  # the next update comes anyway
            )
        await self.refresh()
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End the updates; the host's session stays open."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self.interval)
            await self.refresh()

    async def refresh(self) -> None:
        """Update now; a failure makes the data unavailable, and is not raised."""
        try:
            self.data = await self._fetch()
        except (exc.LoginRequired, exc.AccessUnauthorized) as error:
            # There is no token, or the provider's newest one was refused too.
            self._failed(error)
            self._login_needed()
        except exc.RateLimitExceeded as error:
            log.info("Strava's quota is used up: %s", error)  # the old data stay
        except exc.StravalibError as error:
            self._failed(error)
        else:
            self.available = True
        for listener in list(self._listeners):
            listener()

    def _failed(self, error: exc.StravalibError) -> None:
        if self.available or self.data is None:
            log.warning("Strava cannot be reached: %s", error)
        self.available = False

    async def _fetch(self) -> Snapshot:
        client = cast("AsyncClient", self._client)
        if self._athlete is None:
            self._athlete = await client.get_athlete()
        athlete = self._athlete
        stats = await client.get_athlete_stats(athlete.id)
        latest = [item async for item in client.get_activities(limit=5)]
        # In a thread, because `start_local` reads the file of a time zone that it
        # meets for the first time.
        return await asyncio.to_thread(snapshot, athlete, stats, latest)


def snapshot(
    athlete: DetailedAthlete, stats: AthleteStats, latest: list[SummaryActivity]
) -> Snapshot:
    """Shape what the host shows."""
    runs = stats.ytd_run_totals
    return Snapshot(
        athlete=f"{athlete.firstname} {athlete.lastname}",
        runs_this_year=(runs.count or 0) if runs else 0,
        kilometres_this_year=round((runs.distance or 0) / 1000, 1) if runs else 0.0,
        latest=[
            (item.name or "", f"{item.start_local}", item.distance or 0.0)
            for item in latest
        ],
    )
