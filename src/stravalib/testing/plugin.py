"""Pytest fixtures around the local Strava; nothing is loaded until one is used.

``@pytest.mark.strava(profile="2027-06", upload_delay=0)`` passes options to the
:class:`~stravalib.emulator.LocalStrava` of a test. A ``strava_world`` fixture of your
own replaces the generated world.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stravalib import AsyncClient, Client
    from stravalib.emulator import Clock, LocalStrava, World
    from stravalib.testing.builder import WorldBuilder


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line(
        "markers", "strava(**options): options of the local Strava of this test"
    )


@pytest.fixture
def strava_clock() -> Clock:
    """Give the clock of the local Strava: move it, set it, freeze it."""
    from stravalib.emulator import Clock

    return Clock()


@pytest.fixture
def strava_world() -> World | None:
    """Give the world to serve; None is the generated one. Override it as you like."""
    return None


@pytest.fixture
def strava_server(
    request: pytest.FixtureRequest, strava_clock: Clock, strava_world: World | None
) -> Iterator[LocalStrava]:
    """Run a local Strava on a free loopback port."""
    from stravalib.emulator import LocalStrava

    marker = request.node.get_closest_marker("strava")
    options = dict(marker.kwargs) if marker is not None else {}
    if strava_world is not None:
        options.setdefault("world", strava_world)
    elif "world" not in options and "state" not in options:
        from stravalib.emulator.profiles import DEFAULT_PROFILE
        from stravalib.testing.worlds import fresh_state

        profile = options.get("profile", DEFAULT_PROFILE)
        options["state"] = fresh_state(strava_clock, profile)
    with LocalStrava(clock=strava_clock, **options) as server:
        yield server


@pytest.fixture
def strava(strava_server: LocalStrava) -> WorldBuilder:
    """Give a builder that adds to the world of ``strava_server``."""
    from stravalib.testing.builder import WorldBuilder

    return WorldBuilder(strava_server)


@pytest.fixture
def strava_client(strava_server: LocalStrava) -> Iterator[Client]:
    """Give a client of the first athlete with all scopes."""
    from stravalib.testing.clients import connect

    with connect(strava_server) as client:
        yield client


@pytest.fixture
def async_strava_client(strava_server: LocalStrava) -> AsyncClient:
    """Give an async client of the first athlete with all scopes."""
    from stravalib.testing.clients import connect_async

    return connect_async(strava_server)
