from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests

sys.path.insert(0, str(Path(__file__).parent))

from small_world import small_world

from stravalib.emulator import Clock, LocalStrava

if TYPE_CHECKING:
    from collections.abc import Iterator

NOON = 1_795_608_000.0  # 2026-11-25T12:00:00Z


class Asker:
    """Asks a local Strava with a token; as short as a test wants it."""

    def __init__(self, strava: LocalStrava, token: str) -> None:
        self.strava = strava
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {token}"

    def __call__(self, method: str, path: str, **how: Any) -> requests.Response:
        url = path if path.startswith("http") else self.strava.url + path
        return self.session.request(method, url, timeout=20, **how)

    def get(self, path: str, **params: Any) -> requests.Response:
        return self("GET", path, params=params)


@pytest.fixture
def small() -> Iterator[LocalStrava]:
    """A started local Strava with the small world and a clock that stands still."""
    with LocalStrava(small_world(), clock=Clock(NOON, frozen=True)) as strava:
        yield strava


@pytest.fixture
def ask(small: LocalStrava) -> Asker:
    """Ask as the first athlete, all scopes granted."""
    return Asker(small, small.token())
