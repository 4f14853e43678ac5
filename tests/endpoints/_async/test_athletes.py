"""Athletes, clubs and gear, on the local Strava."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from small_world import ANNA, BERT, CLUB

from stravalib import exc

if TYPE_CHECKING:
    from stravalib import AsyncClient
    from stravalib.emulator import LocalStrava


@pytest.mark.asyncio
async def test_athlete(async_strava_client: AsyncClient) -> None:
    athlete = await async_strava_client.get_athlete()
    assert (athlete.id, athlete.firstname, athlete.weight) == (ANNA, "Anna", 61.5)
    assert athlete.resource_state == 3


@pytest.mark.asyncio
async def test_without_the_scope_a_summary(
    async_strava_client: AsyncClient, strava: LocalStrava
) -> None:
    async_strava_client.access_token = strava.token(["read"])
    athlete = await async_strava_client.get_athlete()
    assert athlete.resource_state == 2
    assert athlete.ftp is None


@pytest.mark.asyncio
async def test_weight(async_strava_client: AsyncClient) -> None:
    await async_strava_client.update_athlete(weight=62)
    assert (await async_strava_client.get_athlete()).weight == 62.0


@pytest.mark.asyncio
async def test_zones_and_stats(async_strava_client: AsyncClient) -> None:
    zones = await async_strava_client.get_athlete_zones()
    assert zones.heart_rate is not None
    stats = await async_strava_client.get_athlete_stats()
    assert stats.all_run_totals is not None
    assert stats.all_run_totals.count is not None
    with pytest.raises(exc.Fault, match="Unable to retrieve stats for athlete"):
        await async_strava_client.get_athlete_stats(BERT)


@pytest.mark.asyncio
async def test_clubs(async_strava_client: AsyncClient) -> None:
    clubs = [row async for row in async_strava_client.get_athlete_clubs()]
    assert [row.id for row in clubs] == [CLUB]
    club = await async_strava_client.get_club(CLUB)
    assert club.name == "River Runners"
    events = [row async for row in async_strava_client.get_club_events(CLUB)]
    assert [row.title for row in events] == ["Tuesday run"]


@pytest.mark.asyncio
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
async def test_club_lists_that_strava_removed_say_so(
    async_strava_client: AsyncClient,
) -> None:
    for results in (
        async_strava_client.get_club_members(CLUB),
        async_strava_client.get_club_admins(CLUB),
        async_strava_client.get_club_activities(CLUB),
    ):
        with pytest.raises(exc.Fault, match=r"Strava removed .* September 1, 2026"):
            [row async for row in results]


@pytest.mark.asyncio
async def test_gear(async_strava_client: AsyncClient) -> None:
    bike = await async_strava_client.get_gear("b401")
    assert (bike.id, bike.name) == ("b401", "Grey")
    with pytest.raises(exc.ObjectNotFound):
        await async_strava_client.get_gear("b999")


@pytest.mark.asyncio
async def test_dead_token(async_strava_client: AsyncClient) -> None:
    async_strava_client.access_token = "unknown"
    with pytest.raises(exc.InvalidAccessToken):
        await async_strava_client.get_athlete()
