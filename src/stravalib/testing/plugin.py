"""Pytest fixtures around the local Strava; nothing is loaded until one is used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from stravalib.emulator import LocalStrava


@pytest.fixture
def strava_server() -> Iterator[LocalStrava]:
    """A local Strava on a free loopback port."""
    from stravalib.emulator import LocalStrava

    with LocalStrava() as server:
        yield server
