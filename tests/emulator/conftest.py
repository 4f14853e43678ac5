from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from asking import NOON, Asker
from small_world import small_world

from stravalib.emulator import Clock, LocalStrava

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def small() -> Iterator[LocalStrava]:
    """A started local Strava with the small world and a clock that stands still."""
    with LocalStrava(small_world(), clock=Clock(NOON, frozen=True)) as strava:
        yield strava


@pytest.fixture
def ask(small: LocalStrava) -> Asker:
    """Ask as the first athlete, all scopes granted."""
    return Asker(small, small.token())
