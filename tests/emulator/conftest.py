from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from typing import TYPE_CHECKING

from small_world import small_world

from stravalib.emulator import Clock, LocalStrava

if TYPE_CHECKING:
    from collections.abc import Iterator

NOON = 1_795_608_000.0  # 2026-11-25T12:00:00Z


@pytest.fixture
def small() -> Iterator[LocalStrava]:
    """A started local Strava with the small world and a clock that stands still."""
    with LocalStrava(small_world(), clock=Clock(NOON, frozen=True)) as strava:
        yield strava
