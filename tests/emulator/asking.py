"""Asking a local Strava, as short as a test wants it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import requests

if TYPE_CHECKING:
    from stravalib.emulator import LocalStrava

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
