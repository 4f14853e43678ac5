from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stravalib.archive import Archive

from .samples import Clock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def archive(tmp_path: Path, clock: Clock) -> Iterator[Archive]:
    with Archive(tmp_path / "strava.db", clock=clock) as opened:
        yield opened
