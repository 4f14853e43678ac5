from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "emulator"))

from small_world import small_world

from stravalib.emulator import LocalStrava

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET = "a-secret-of-the-recipe-tests"


@pytest.fixture
def local(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalStrava]:
    """Give a local Strava that the environment names."""
    with LocalStrava(small_world(), upload_delay=0.0) as strava:
        monkeypatch.setenv("STRAVA_BASE_URL", strava.url)
        monkeypatch.setenv("STRAVA_OAUTH_URL", strava.oauth_url)
        monkeypatch.setenv("STRAVA_CLIENT_ID", str(strava.credentials.client_id))
        monkeypatch.setenv("STRAVA_CLIENT_SECRET", strava.credentials.client_secret)
        yield strava
