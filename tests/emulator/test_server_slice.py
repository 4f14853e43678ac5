from __future__ import annotations

from typing import TYPE_CHECKING

import requests
from small_world import ANNA, HIDDEN, NEIGHBOURS, RUN

if TYPE_CHECKING:
    from stravalib.emulator import LocalStrava


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_athlete_is_detailed_only_with_its_scope(small: LocalStrava) -> None:
    full = requests.get(small.url + "/athlete", headers=bearer(small.token())).json()
    assert full["resource_state"] == 3
    assert [bike["id"] for bike in full["bikes"]] == ["b401"]
    short = requests.get(
        small.url + "/athlete", headers=bearer(small.token("read"))
    ).json()
    assert short["id"] == ANNA
    assert short["resource_state"] == 2
    assert "ftp" not in short


def test_activities_pages_are_short_without_read_all(small: LocalStrava) -> None:
    url = small.url + "/athlete/activities"
    params = {"per_page": 2, "page": 1}
    every = requests.get(url, params=params, headers=bearer(small.token())).json()
    assert [item["id"] for item in every] == [RUN, HIDDEN]
    seen = requests.get(
        url, params=params, headers=bearer(small.token("activity:read"))
    ).json()
    assert [item["id"] for item in seen] == [RUN]
    assert "description" not in seen[0]
    refused = requests.get(url, params={"per_page": 201}, headers=bearer(small.token()))
    assert refused.status_code == 400


def test_rate_headers_and_errors(small: LocalStrava) -> None:
    answer = requests.get(
        small.url + f"/activities/{RUN}", headers=bearer(small.token())
    )
    assert answer.status_code == 200
    assert answer.headers["X-RateLimit-Limit"] == "200,2000"
    assert answer.headers["X-ReadRateLimit-Usage"] == "1,1"
    assert answer.headers["ETag"].startswith('W/"')
    foreign = requests.get(
        small.url + f"/activities/{NEIGHBOURS}", headers=bearer(small.token())
    )
    assert foreign.status_code == 404
    assert foreign.json()["errors"] == [
        {"resource": "Activity", "field": "id", "code": "invalid"}
    ]
    scope = requests.get(
        small.url + f"/activities/{RUN}", headers=bearer(small.token("read"))
    )
    assert scope.status_code == 401
    assert scope.json() == {
        "message": "Authorization Error",
        "errors": [
            {
                "resource": "AccessToken",
                "field": "activity:read_permission",
                "code": "missing",
            }
        ],
    }
    nobody = requests.get(small.url + "/athlete", headers=bearer("nope"))
    assert nobody.status_code == 401
    assert "X-RateLimit-Limit" not in nobody.headers


def test_refresh(small: LocalStrava) -> None:
    pair = small.authorize()
    client_id, client_secret = small.credentials
    body = {
        "client_id": client_id,
        "client_secret": client_secret,
        "grant_type": "refresh_token",
        "refresh_token": pair.refresh_token,
    }
    again = requests.post(small.oauth_url + "/token", data=body).json()
    assert again["access_token"] == pair.token.value
    small.clock.move(6 * 3600)
    fresh = requests.post(small.oauth_url + "/token", data=body).json()
    assert fresh["access_token"] != pair.token.value
    assert fresh["expires_in"] == 21600
    assert "athlete" not in fresh
    assert small.requests.find("POST", "/oauth/token")[0].status == 200
