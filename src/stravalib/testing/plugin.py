"""Pytest fixtures around the local Strava; nothing is loaded until one is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stravalib.emulator import LocalStrava


@pytest.fixture
def strava_server() -> Iterator[LocalStrava]:
    """Run a local Strava on a free loopback port."""
    from stravalib.emulator import LocalStrava

    with LocalStrava() as server:
        yield server
