"""Types as a user's checker sees them: the async client. Checked, and never called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_type

from stravalib import AsyncClient, model, strava_model
from stravalib.async_client import AsyncActivityUploader, AsyncBatchedResultsIterator

if TYPE_CHECKING:
    from datetime import datetime

    import aiohttp

    from stravalib.protocol import AccessInfo


async def calls(client: AsyncClient) -> None:
    assert_type(await client.get_athlete(), model.DetailedAthlete)
    assert_type(await client.get_athlete_zones(), strava_model.Zones)
    assert_type(await client.get_activity(1), model.DetailedActivity)
    assert_type(await client.get_activity_zones(1), list[model.ActivityZone])
    assert_type(await client.get_route_tcx(1), str)
    assert_type(await client.leave_club(1), None)
    assert_type(await client.put("/any", body={}), Any)


async def lists(client: AsyncClient) -> None:
    activities = client.get_activities(limit=3)
    assert_type(activities, AsyncBatchedResultsIterator[model.SummaryActivity])
    assert_type(await anext(activities), model.SummaryActivity)
    assert_type(await activities.next(), model.SummaryActivity)
    assert_type([row async for row in activities], list[model.SummaryActivity])
    async for activity in activities:
        assert_type(activity, model.SummaryActivity)
    async for page in activities.pages():
        assert_type(page, list[model.SummaryActivity])
    comments = [row async for row in client.get_activity_comments(1)]
    assert_type(comments, list[strava_model.Comment])


async def streams(client: AsyncClient) -> None:
    found = await client.get_activity_streams(1)
    assert_type(found["time"], model.Stream)


async def uploads(client: AsyncClient) -> None:
    uploader = await client.upload_activity(b"...", "fit")
    assert_type(uploader, AsyncActivityUploader)
    assert_type(await uploader.poll(), None)
    assert_type(await uploader.wait(), model.DetailedActivity)


async def tokens(client: AsyncClient) -> AccessInfo:
    return await client.refresh_access_token(1, "s", "r")


async def construction(session: aiohttp.ClientSession) -> None:
    AsyncClient("token", session=session)
    async with AsyncClient("token", base_url="http://localhost:8000/api/v3") as client:
        assert_type(client, AsyncClient)


class MyClient(AsyncClient):
    """A user's client: overrides a method, adds parameters and methods."""

    async def get_activity(
        self, activity_id: int, include_all_efforts: bool = True, *, note: str = ""
    ) -> model.DetailedActivity:
        return await super().get_activity(activity_id, include_all_efforts)

    def get_activities(
        self,
        before: datetime | str | None = None,
        after: datetime | str | None = None,
        limit: int | None = 10,
    ) -> AsyncBatchedResultsIterator[model.SummaryActivity]:
        return super().get_activities(before, after, limit)

    async def names(self) -> list[str]:
        return [row.name or "" async for row in self.get_activities()]


async def subclass() -> None:
    async with MyClient("token") as client:
        assert_type(client, MyClient)
        assert_type(await client.names(), list[str])
        await client.get_activity(1, note="x")
