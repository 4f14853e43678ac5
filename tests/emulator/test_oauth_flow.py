from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from asking import NOON
from small_world import ANNA, BERT, small_world

from stravalib.emulator import Clock, LocalStrava

if TYPE_CHECKING:
    from collections.abc import Iterator

BACK = "http://localhost:9/back"


@pytest.fixture
def browser() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session


def ask_consent(strava: LocalStrava, **changes: Any) -> str:
    query = {
        "client_id": strava.credentials.client_id,
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": "read,activity:read_all,activity:write",
        "state": "s t&1",
    } | changes
    query = {key: value for key, value in query.items() if value is not None}
    return strava.oauth_url + "/authorize?" + urlencode(query)


def decide(
    session: requests.Session, url: str, *scopes: str, **fields: Any
) -> requests.Response:
    form = {"decision": "authorize", "athlete_id": ANNA, "scope": list(scopes)}
    return session.post(url, data=form | fields, allow_redirects=False, timeout=5)


def answers(reply: requests.Response) -> dict[str, str]:
    assert reply.status_code == 302, reply.text
    query = urlsplit(reply.headers["Location"]).query
    return {k: v[0] for k, v in parse_qs(query, keep_blank_values=True).items()}


def exchange(strava: LocalStrava, code: str, **changes: Any) -> requests.Response:
    client_id, secret = strava.credentials
    form = {
        "client_id": client_id,
        "client_secret": secret,
        "code": code,
        "grant_type": "authorization_code",
    } | changes
    return requests.post(strava.oauth_url + "/token", data=form, timeout=5)


def test_consent_page_is_plain_and_closed(
    small: LocalStrava, browser: requests.Session
) -> None:
    page = browser.get(ask_consent(small), timeout=5)
    assert page.status_code == 200
    assert "Not affiliated with Strava" in page.text
    assert page.text.count('type="checkbox"') == 3
    assert "profile:write" not in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self' http://localhost:9;" in policy
    assert "frame-ancestors 'none'" in policy


def test_unticked_scopes_are_not_granted(
    small: LocalStrava, browser: requests.Session
) -> None:
    reply = decide(browser, ask_consent(small), "activity:read_all", "profile:write")
    back = answers(reply)
    assert back["state"] == "s t&1"
    assert back["scope"] == "read,activity:read_all"  # not what was never asked for
    assert "%2C" not in reply.headers["Location"]
    body = exchange(small, back["code"]).json()
    assert body["scope"] == "read,activity:read_all"
    assert body["athlete"]["id"] == ANNA
    assert body["athlete"]["resource_state"] == 2
    assert body["expires_in"] == 21600
    assert len(body["access_token"]) == len(body["refresh_token"]) == 40
    again = exchange(small, back["code"])
    assert again.status_code == 400
    assert again.json()["errors"] == [
        {"resource": "AuthorizationCode", "field": "code", "code": "invalid"}
    ]


def test_codes_age(small: LocalStrava, browser: requests.Session) -> None:
    back = answers(decide(browser, ask_consent(small)))
    small.clock.move(601)
    assert exchange(small, back["code"]).status_code == 400


def test_cancel(small: LocalStrava, browser: requests.Session) -> None:
    back = answers(decide(browser, ask_consent(small), decision="cancel"))
    assert back == {"state": "s t&1", "error": "access_denied"}


def test_state_is_there_when_none_was_sent(
    small: LocalStrava, browser: requests.Session
) -> None:
    reply = decide(browser, ask_consent(small, state=None))
    assert answers(reply)["state"] == ""
    assert reply.headers["Location"].startswith(BACK + "?state=&code=")


def test_same_scopes_need_no_second_consent(
    small: LocalStrava, browser: requests.Session
) -> None:
    url = ask_consent(small)
    back = answers(decide(browser, url, "activity:read_all", "activity:write"))
    first = exchange(small, back["code"]).json()
    straight = browser.get(url, allow_redirects=False, timeout=5)
    second = exchange(small, answers(straight)["code"]).json()
    assert second["refresh_token"] == first["refresh_token"]
    assert second["access_token"] == first["access_token"]
    forced = browser.get(
        ask_consent(small, approval_prompt="force"), allow_redirects=False, timeout=5
    )
    assert forced.status_code == 200
    more = browser.get(
        ask_consent(small, scope="profile:write"), allow_redirects=False, timeout=5
    )
    assert more.status_code == 200


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": 1}, ("Application", "client_id")),
        ({"client_id": "x"}, ("Application", "client_id")),
        ({"redirect_uri": None}, ("Application", "redirect_uri")),
        ({"redirect_uri": "https://evil.example"}, ("Application", "redirect_uri")),
        ({"redirect_uri": "javascript:alert(1)"}, ("Application", "redirect_uri")),
        (
            {"redirect_uri": "https://xexample.org/"},
            ("Application", "redirect_uri"),
        ),
        (
            {"redirect_uri": "https://example.org@evil.example/"},
            ("Application", "redirect_uri"),
        ),
        ({"response_type": "token"}, ("Authorize", "response_type")),
        ({"scope": ""}, ("Authorize", "scope")),
        ({"scope": "read,read"}, ("Authorize", "scope")),
        ({"scope": "view_private"}, ("Authorize", "scope")),
    ],
)
def test_bad_requests_are_json_not_redirects(
    small: LocalStrava, changes: dict[str, Any], error: tuple[str, str]
) -> None:
    small.application.callback_domain = "example.org"
    reply = requests.get(
        ask_consent(small, **changes), allow_redirects=False, timeout=5
    )
    assert reply.status_code == 400
    entry = reply.json()["errors"][0]
    assert (entry["resource"], entry["field"]) == error


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "https://example.org/a?b=1",
        "https://app.example.org/",
        "http://127.0.0.1:8000/x",
        "http://localhost/",
        "myapp://example.org/x",
    ],
)
def test_redirect_domain_rule(
    small: LocalStrava, browser: requests.Session, redirect_uri: str
) -> None:
    small.application.callback_domain = "example.org"
    reply = decide(browser, ask_consent(small, redirect_uri=redirect_uri))
    assert reply.headers["Location"].startswith(redirect_uri)
    assert len(answers(reply)["code"]) == 40


def test_capacity(small: LocalStrava, browser: requests.Session) -> None:
    small.application.capacity = 1
    small.token(athlete_id=BERT)
    refused = decide(browser, ask_consent(small))
    assert refused.status_code == 403
    assert "Limit of connected athletes exceeded" in refused.text
    code = small.state.make_code(small.application, ANNA, ["read"])
    reply = exchange(small, code)
    assert reply.status_code == 403
    assert reply.json()["message"] == "Limit of connected athletes exceeded"


@pytest.mark.parametrize("path", ["/oauth/token", "/api/v3/oauth/token"])
def test_token_errors(small: LocalStrava, path: str) -> None:
    url = small.origin + path
    client_id, secret = small.credentials
    unknown = requests.post(url, json={"client_id": 5}, timeout=5)
    assert unknown.status_code == 400
    assert unknown.json()["errors"][0]["field"] == "client_id"
    wrong = requests.post(
        url, data={"client_id": client_id, "client_secret": "no"}, timeout=5
    )
    assert wrong.status_code == 401
    assert wrong.json()["errors"] == [
        {"resource": "Application", "field": "", "code": "invalid"}
    ]
    dead = requests.post(
        url,
        params={
            "client_id": client_id,
            "client_secret": secret,
            "grant_type": "refresh_token",
            "refresh_token": "0" * 40,
        },
        timeout=5,
    )
    assert dead.status_code == 400
    assert dead.json()["errors"][0]["resource"] == "RefreshToken"
    assert "X-RateLimit-Limit" not in dead.headers


def refresh(strava: LocalStrava, refresh_token: str) -> requests.Response:
    return exchange(strava, "", grant_type="refresh_token", refresh_token=refresh_token)


def test_one_hour_rule_and_rotation(small: LocalStrava) -> None:
    pair = small.authorize()
    small.clock.move(5 * 3600 - 1)
    same = refresh(small, pair.refresh_token).json()
    assert same["access_token"] == pair.token.value
    assert same["expires_in"] == 3601
    small.clock.move(1)
    new = refresh(small, pair.refresh_token).json()
    assert new["access_token"] != pair.token.value
    assert new["refresh_token"] != pair.refresh_token
    assert refresh(small, pair.refresh_token).status_code == 400
    headers = {"Authorization": f"Bearer {pair.token.value}"}
    # The older access token lives on until its own end.
    assert requests.get(small.url + "/athlete", headers=headers).status_code == 200
    small.clock.move(3600)
    assert requests.get(small.url + "/athlete", headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("rotation", "early", "late"),
    [("never", True, True), ("always", False, False)],
)
def test_rotation_can_be_chosen(
    small: LocalStrava, rotation: str, early: bool, late: bool
) -> None:
    small.application.rotation = rotation
    token = small.authorize().refresh_token
    first = refresh(small, token).json()["refresh_token"]
    assert (first == token) is early
    small.clock.move(6 * 3600)
    assert (refresh(small, first).json()["refresh_token"] == first) is late


@pytest.mark.parametrize("which", ["access", "refresh"])
def test_revoke(small: LocalStrava, which: str) -> None:
    pair = small.authorize()
    value = pair.token.value if which == "access" else pair.refresh_token
    client_id, secret = small.credentials
    url = small.oauth_url + "/revoke"
    good = (str(client_id), secret)
    done = requests.post(url, data={"token": value}, auth=good, timeout=5)
    assert (done.status_code, done.content) == (200, b"")
    again = requests.post(url, data={"token": value}, auth=good, timeout=5)
    assert again.status_code == 200
    headers = {"Authorization": f"Bearer {pair.token.value}"}
    dead = requests.get(small.url + "/athlete", headers=headers, timeout=5)
    assert dead.status_code == 401
    assert refresh(small, pair.refresh_token).status_code == 400
    assert requests.post(url, data={}, auth=good, timeout=5).status_code == 400
    for credentials in ((str(client_id), "no"), ("5", secret)):
        bad = requests.post(url, data={"token": value}, auth=credentials, timeout=5)
        assert bad.status_code == 401
        assert bad.json() == {"message": "Authorization Error", "errors": []}


def test_a_foreign_application_revokes_nothing(small: LocalStrava) -> None:
    token = small.token()
    other = small.state.add_application(small.state.new_application(name="Other"))
    reply = requests.post(
        small.oauth_url + "/revoke",
        data={"token": token},
        auth=(str(other.id), other.secret),
        timeout=5,
    )
    assert reply.status_code == 200
    headers = {"Authorization": f"Bearer {token}"}
    assert requests.get(small.url + "/athlete", headers=headers).status_code == 200


@pytest.mark.parametrize("path", ["/oauth/deauthorize", "/api/v3/oauth/deauthorize"])
def test_deauthorize(small: LocalStrava, path: str) -> None:
    token = small.token()
    headers = {"Authorization": f"Bearer {token}"}
    reply = requests.post(small.origin + path, headers=headers, timeout=5)
    assert reply.json() == {"access_token": token}
    assert reply.headers["X-RateLimit-Usage"] == "1,1"
    again = requests.post(small.origin + path, headers=headers, timeout=5)
    assert again.status_code == 401
    assert again.json()["errors"][0]["field"] == "access_token"


def test_oauth_by_date() -> None:
    def statuses(profile: str) -> tuple[int, int]:
        clock = Clock(NOON, frozen=True)
        with LocalStrava(small_world(), profile=profile, clock=clock) as strava:
            auth = (str(strava.credentials.client_id), strava.credentials.client_secret)
            headers = {"Authorization": f"Bearer {strava.token()}"}
            revoked = requests.post(
                strava.oauth_url + "/revoke", data={"token": "x"}, auth=auth, timeout=5
            )
            left = requests.post(
                strava.oauth_url + "/deauthorize", headers=headers, timeout=5
            )
            return revoked.status_code, left.status_code

    assert statuses("2026-05") == (404, 200)
    assert statuses("2026-11") == (200, 200)
    assert statuses("2027-06") == (200, 404)


def test_secrets_stay_out_of_reprs(small: LocalStrava) -> None:
    pair = small.authorize()
    shown = repr((small.credentials, small.application, pair, pair.token))
    for secret in (
        small.credentials.client_secret,
        pair.token.value,
        pair.refresh_token,
    ):
        assert secret not in shown
