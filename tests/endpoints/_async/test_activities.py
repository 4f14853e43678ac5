"""Activities, on the local Strava."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from small_world import HIDDEN, MANUAL, NEIGHBOURS, RUN

from stravalib import exc, model

if TYPE_CHECKING:
    from stravalib import AsyncClient
    from stravalib.emulator import LocalStrava


@pytest.mark.asyncio
async def test_list_is_newest_first_and_whole(async_strava_client: AsyncClient) -> None:
    found = [row async for row in async_strava_client.get_activities()]
    assert len(found) == 31
    assert found[0].id == RUN
    starts = [row.start_date for row in found if row.start_date]
    assert starts == sorted(starts, reverse=True)
    assert len({row.id for row in found}) == 31


@pytest.mark.asyncio
async def test_list_makes_the_promised_requests(
    async_strava_client: AsyncClient, strava: LocalStrava
) -> None:
    strava.requests.clear()
    [row async for row in async_strava_client.get_activities()]
    # a short page does not end this list: Strava filters after fetching
    pages = [seen.query["page"] for seen in strava.requests]
    assert pages == ["1", "2"]
    strava.requests.clear()
    [row async for row in async_strava_client.get_activities(limit=5)]
    assert [seen.query for seen in strava.requests] == [
        {"page": "1", "per_page": "200"}
    ]


@pytest.mark.asyncio
async def test_list_between_dates(async_strava_client: AsyncClient) -> None:
    results = async_strava_client.get_activities(
        after=datetime(2026, 10, 5, tzinfo=UTC), before="2026-10-08T00:00:00Z"
    )
    days = [row.start_date.day async for row in results if row.start_date]
    assert sorted(days) == [5, 6, 7]


@pytest.mark.asyncio
async def test_one_in_detail(async_strava_client: AsyncClient) -> None:
    activity = await async_strava_client.get_activity(RUN)
    assert type(activity) is model.DetailedActivity
    assert activity.name == f"Run {RUN}"
    assert activity.distance == 5000.0
    assert activity.elapsed_time == 1560
    assert activity.sport_type == "Run"
    assert activity.segment_efforts is not None
    assert activity.segment_efforts[0].name == "Old Mill"
    assert activity.drift == {}


@pytest.mark.asyncio
@pytest.mark.parametrize("number", [NEIGHBOURS, 1])
async def test_what_the_token_may_not_see_is_not_found(
    async_strava_client: AsyncClient, number: int
) -> None:
    with pytest.raises(exc.ObjectNotFound) as caught:
        await async_strava_client.get_activity(number)
    assert caught.value.status_code == 404
    assert "activity:read_all" in str(caught.value)


@pytest.mark.asyncio
async def test_hidden_one_needs_a_scope(
    async_strava_client: AsyncClient, strava: LocalStrava
) -> None:
    assert (await async_strava_client.get_activity(HIDDEN)).id == HIDDEN
    async_strava_client.access_token = strava.token(["read", "activity:read"])
    with pytest.raises(exc.ObjectNotFound):
        await async_strava_client.get_activity(HIDDEN)
    seen = [row.id async for row in async_strava_client.get_activities(limit=5)]
    assert HIDDEN not in seen


@pytest.mark.asyncio
async def test_create(async_strava_client: AsyncClient) -> None:
    made = await async_strava_client.create_activity(
        "Über den Berg",
        datetime(2026, 11, 24, 6, 30),
        timedelta(hours=30),
        sport_type="Hike",
        description="Zelt & Kocher",
        distance=42195.5,
        commute=True,
    )
    again = await async_strava_client.get_activity(int(made.id or 0))
    assert again.name == "Über den Berg"
    assert again.description == "Zelt & Kocher"
    assert again.elapsed_time == 108000
    assert again.distance == 42195.5
    assert again.sport_type == "Hike"
    assert again.commute is True
    assert again.manual is True


@pytest.mark.asyncio
async def test_update_changes_what_is_given_only(
    async_strava_client: AsyncClient,
) -> None:
    before = await async_strava_client.get_activity(RUN)
    await async_strava_client.update_activity(RUN, description="New", commute=True)
    after = await async_strava_client.get_activity(RUN)
    assert after.description == "New"
    assert after.commute is True
    assert after.name == before.name
    assert after.sport_type == before.sport_type


@pytest.mark.asyncio
async def test_write_needs_its_scope(
    async_strava_client: AsyncClient, strava: LocalStrava
) -> None:
    async_strava_client.access_token = strava.token(["read", "activity:read"])
    with pytest.raises(exc.ScopeMissing) as caught:
        await async_strava_client.update_activity(RUN, name="x")
    assert caught.value.required_scope == "activity:write"


@pytest.mark.asyncio
async def test_parts(async_strava_client: AsyncClient) -> None:
    comments = [row async for row in async_strava_client.get_activity_comments(RUN)]
    assert [row.text for row in comments] == [f"Well done {n}" for n in range(3)]
    kudos = [row async for row in async_strava_client.get_activity_kudos(RUN)]
    assert [row.firstname for row in kudos] == ["Bert"]
    laps = [row async for row in async_strava_client.get_activity_laps(RUN)]
    assert [row.lap_index for row in laps] == [1]
    photos = [row async for row in async_strava_client.get_activity_photos(RUN)]
    assert [row.caption for row in photos] == ["View"]
    zones = await async_strava_client.get_activity_zones(RUN)
    assert [row.type for row in zones] == ["heartrate"]


@pytest.mark.asyncio
async def test_comments_go_by_cursor(
    async_strava_client: AsyncClient, strava: LocalStrava
) -> None:
    results = async_strava_client.get_activity_comments(RUN)
    results.per_page = 2
    strava.requests.clear()
    assert len([row async for row in results]) == 3
    first, second = strava.requests.find("GET", "/comments")
    assert first.query == {"markdown": "0", "page_size": "2"}
    assert set(second.query) == {"markdown", "page_size", "after_cursor"}


@pytest.mark.asyncio
async def test_manual_activity_has_no_streams(async_strava_client: AsyncClient) -> None:
    assert await async_strava_client.get_activity_streams(MANUAL) == {}
