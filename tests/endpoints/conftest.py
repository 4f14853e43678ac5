"""Clients of a local Strava, one of each kind, with what the world holds."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "emulator"))

from small_world import small_world

from stravalib import AsyncClient, Client
from stravalib.emulator import Clock, LocalStrava

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

NOON = 1_795_608_000.0  # 2026-11-25T12:00:00Z


@pytest.fixture
def strava() -> Iterator[LocalStrava]:
    """Run a local Strava whose clock stands still."""
    clock = Clock(NOON, frozen=True)
    with LocalStrava(small_world(), clock=clock, upload_delay=0.0) as server:
        yield server


@pytest.fixture
def strava_client(strava: LocalStrava) -> Iterator[Client]:
    with Client(
        strava.token(),
        base_url=strava.url,
        oauth_url=strava.oauth_url,
        client_id=strava.credentials.client_id,
        client_secret=strava.credentials.client_secret,
        max_wait=0,
    ) as client:
        yield client


@pytest.fixture
async def async_strava_client(strava: LocalStrava) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(
        strava.token(),
        base_url=strava.url,
        oauth_url=strava.oauth_url,
        client_id=strava.credentials.client_id,
        client_secret=strava.credentials.client_secret,
        max_wait=0,
    ) as client:
        yield client
