"""Segments, efforts, routes and their streams, on the local Strava."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from small_world import (
    ANNA,
    EFFORT,
    PRIVATE_ROUTE,
    PRIVATE_SEGMENT,
    ROUTE,
    RUN,
    SEGMENT,
)

from stravalib import exc

if TYPE_CHECKING:
    from stravalib import AsyncClient
    from stravalib.emulator import LocalStrava


@pytest.mark.asyncio
async def test_segment(async_strava_client: AsyncClient) -> None:
    segment = await async_strava_client.get_segment(SEGMENT)
    assert segment.name == "Old Mill"
    assert segment.distance == 1000.0
    private = await async_strava_client.get_segment(PRIVATE_SEGMENT)
    assert private.private is True


@pytest.mark.asyncio
async def test_star(async_strava_client: AsyncClient) -> None:
    async def starred() -> list[int | None]:
        return [row.id async for row in async_strava_client.get_starred_segments()]

    assert await starred() == [SEGMENT]
    assert (await async_strava_client.unstar_segment(SEGMENT)).starred is False
    assert await starred() == []
    assert (await async_strava_client.star_segment(SEGMENT)).starred is True
    assert await starred() == [SEGMENT]


@pytest.mark.asyncio
async def test_efforts(async_strava_client: AsyncClient) -> None:
    effort = await async_strava_client.get_segment_effort(EFFORT)
    assert effort.id == EFFORT
    assert effort.elapsed_time == 300
    results = async_strava_client.get_segment_efforts(SEGMENT)
    assert EFFORT in [row.id async for row in results]


@pytest.mark.asyncio
async def test_explore_says_that_it_is_restricted(
    async_strava_client: AsyncClient,
) -> None:
    with (
        pytest.warns(FutureWarning, match="explore_segments"),
        pytest.raises(exc.EndpointRestricted, match="Extended Access Tier"),
    ):
        await async_strava_client.explore_segments((47.0, 11.0, 48.0, 12.0))


@pytest.mark.asyncio
async def test_routes(async_strava_client: AsyncClient, strava: LocalStrava) -> None:
    results = async_strava_client.get_routes(ANNA)
    assert {row.id async for row in results} == {ROUTE, PRIVATE_ROUTE}
    strava.requests.clear()
    assert [row.id async for row in async_strava_client.get_routes(limit=1)]
    assert [seen.path for seen in strava.requests] == [
        "/api/v3/athlete",
        f"/api/v3/athletes/{ANNA}/routes",
    ]
    route = await async_strava_client.get_route(ROUTE)
    assert route.name == "River loop"


@pytest.mark.asyncio
async def test_route_files(async_strava_client: AsyncClient) -> None:
    gpx = await async_strava_client.get_route_gpx(ROUTE)
    assert "<gpx" in gpx
    assert "River loop" in gpx
    tcx = await async_strava_client.get_route_tcx(ROUTE)
    assert "TrainingCenterDatabase" in tcx
    with pytest.raises(exc.ObjectNotFound):
        await async_strava_client.get_route_gpx(1)


@pytest.mark.asyncio
async def test_streams(async_strava_client: AsyncClient) -> None:
    streams = await async_strava_client.get_activity_streams(
        RUN, types=["time", "latlng", "watts"]
    )
    # distance comes unasked, watts was not recorded
    assert {"time", "latlng"} <= set(streams)
    assert "watts" not in streams
    assert streams["time"].data is not None
    assert len(streams["time"].data) == 1561
    route = await async_strava_client.get_route_streams(ROUTE)
    assert set(route) == {"latlng", "distance", "altitude"}
    segment = await async_strava_client.get_segment_streams(SEGMENT)
    assert set(segment) == {"latlng", "distance", "altitude"}
    effort = await async_strava_client.get_effort_streams(EFFORT)
    assert "time" in effort


@pytest.mark.asyncio
async def test_streams_of_nothing(async_strava_client: AsyncClient) -> None:
    with pytest.raises(exc.ObjectNotFound):
        await async_strava_client.get_segment_streams(1)
    with pytest.raises(exc.ObjectNotFound):
        await async_strava_client.get_effort_streams(1)
