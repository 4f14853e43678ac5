from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests

from stravalib.emulator.guards import refusal

if TYPE_CHECKING:
    from asking import Asker

    from stravalib.emulator import LocalStrava


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ({"host": "localhost:8000"}, True),
        ({"host": "127.0.0.1"}, True),
        ({"host": "[::1]:80"}, True),
        ({"host": "strava.localhost"}, True),
        ({"host": "desk.example"}, True),
        ({"host": "evil.example"}, False),
        ({"host": "www.strava.com"}, True),
        ({"host": "localhost", "origin": "https://www.strava.com"}, False),
        ({"host": "127.0.0.1.evil.example"}, False),
        ({"host": "localhost", "origin": "http://localhost:3000"}, True),
        ({"host": "localhost", "origin": "https://evil.example"}, False),
        ({"host": "localhost", "origin": "null"}, False),
        ({"host": "localhost", "origin": "https://localhost.evil.example"}, False),
        ({"host": "desk.example", "origin": "http://desk.example"}, True),
        (
            {"host": "h", "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
            False,
        ),
        (
            {
                "host": "localhost",
                "sec-fetch-site": "cross-site",
                "sec-fetch-mode": "no-cors",
            },
            False,
        ),
        (
            {
                "host": "localhost",
                "sec-fetch-site": "cross-site",
                "sec-fetch-mode": "navigate",
            },
            True,
        ),
    ],
)
def test_guard(headers: dict[str, str], passes: bool) -> None:
    raw = [(key.encode(), value.encode()) for key, value in headers.items()]
    assert (refusal(raw, {"desk.example"}) is None) is passes


def test_a_page_elsewhere_reads_nothing(ask: Asker, small: LocalStrava) -> None:
    rebound = ask("GET", "/athlete", headers={"Host": "evil.example"})
    assert rebound.status_code == 403
    assert "username" not in rebound.text
    crossed = ask("GET", "/athlete", headers={"Origin": "https://evil.example"})
    assert crossed.status_code == 403
    consent = requests.post(
        small.oauth_url + "/authorize",
        headers={"Origin": "https://evil.example"},
        timeout=5,
    )
    assert consent.status_code == 403
    assert "Access-Control-Allow-Origin" not in ask.get("/athlete").headers
