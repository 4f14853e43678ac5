"""Uploads and OAuth, on the local Strava."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from small_world import ANNA, RUN

from stravalib import exc, model

if TYPE_CHECKING:
    from stravalib import AsyncClient
    from stravalib.emulator import LocalStrava

POINT = (
    '<trkpt lat="47.{second:04}" lon="11.5"><ele>600</ele>'
    "<time>2026-11-24T06:{minute:02}:{rest:02}Z</time></trkpt>"
)


def gpx(start: int = 0) -> str:
    points = "".join(
        POINT.format(second=start + second, minute=second // 60, rest=second % 60)
        for second in range(0, 900, 10)
    )
    return (
        '<?xml version="1.0"?><gpx version="1.1" creator="test" '
        'xmlns="http://www.topografix.com/GPX/1/1"><trk><name>Track</name><trkseg>'
        f"{points}</trkseg></trk></gpx>"
    )


@pytest.mark.asyncio
@pytest.mark.parametrize("form", ["text", "bytes", "file"])
async def test_upload_becomes_an_activity(
    async_strava_client: AsyncClient, form: str
) -> None:
    text = gpx()
    content = {"text": text, "bytes": text.encode(), "file": io.StringIO(text)}[form]
    uploader = await async_strava_client.upload_activity(
        content,
        "gpx",
        name="Uploaded",
        sport_type="TrailRun",
        external_id="mine",
        commute=True,
    )
    assert uploader.upload_id is not None
    activity = await uploader.wait(timeout=20, poll_interval=0.01)
    assert type(activity) is model.DetailedActivity
    assert activity.name == "Uploaded"
    assert activity.sport_type == "TrailRun"
    assert activity.commute is True
    assert uploader.is_complete
    assert not uploader.is_processing
    assert not uploader.is_error
    listed = [row.id async for row in async_strava_client.get_activities(limit=1)]
    assert listed == [uploader.activity_id]


@pytest.mark.asyncio
async def test_duplicate_names_the_first(async_strava_client: AsyncClient) -> None:
    first = await async_strava_client.upload_activity(gpx(), "gpx")
    activity = await first.wait(timeout=20, poll_interval=0.01)
    second = await async_strava_client.upload_activity(gpx(), "gpx")
    with pytest.raises(exc.DuplicateActivity) as caught:
        await second.wait(timeout=20, poll_interval=0.01)
    assert caught.value.duplicate_of == activity.id
    assert isinstance(caught.value, exc.ActivityUploadFailed)


@pytest.mark.asyncio
async def test_file_that_cannot_be_read(async_strava_client: AsyncClient) -> None:
    uploader = await async_strava_client.upload_activity("not a track", "gpx")
    with pytest.raises(exc.ErrorProcessingActivity):
        await uploader.wait(timeout=20, poll_interval=0.01)
    assert uploader.is_error


@pytest.mark.asyncio
async def test_exchange_and_refresh(
    async_strava_client: AsyncClient, strava: LocalStrava
) -> None:
    number, secret = strava.credentials
    code = strava.state.accounts.make_code(
        strava.application, ANNA, ["read", "activity:read"], strava.clock.now()
    )
    info = await async_strava_client.exchange_code_for_token(number, secret, code)
    assert isinstance(info, dict)
    assert async_strava_client.access_token == info["access_token"]
    assert (await async_strava_client.get_athlete()).id == ANNA
    fresh = await async_strava_client.refresh_access_token(
        number, secret, info["refresh_token"]
    )
    assert async_strava_client.refresh_token == fresh["refresh_token"]
    with pytest.raises(exc.InvalidGrant):
        await async_strava_client.exchange_code_for_token(number, secret, code)
    with pytest.raises(exc.InvalidClientCredentials):
        await async_strava_client.refresh_access_token(number, "wrong", "x")


@pytest.mark.asyncio
async def test_revoke(async_strava_client: AsyncClient) -> None:
    assert (await async_strava_client.get_activity(RUN)).id == RUN
    token = async_strava_client.access_token
    await async_strava_client.revoke()
    async_strava_client.access_token = token
    with pytest.raises(exc.InvalidAccessToken):
        await async_strava_client.get_activity(RUN)


@pytest.mark.asyncio
async def test_every_request_is_made_with_the_header_only(
    async_strava_client: AsyncClient, strava: LocalStrava
) -> None:
    await async_strava_client.get_athlete()
    [row async for row in async_strava_client.get_activities(limit=1)]
    assert all(seen.bearer for seen in strava.requests)
    assert not any("access_token" in seen.query for seen in strava.requests)
    assert all(
        seen.headers["user-agent"].startswith("stravalib/") for seen in strava.requests
    )
