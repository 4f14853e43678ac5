"""What the doctor says to everything that can be wrong; nothing of it is raised."""

from __future__ import annotations

import io
import time
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import pytest
import requests

from local_servers import Reply, Server
from stravalib import AsyncClient, Client
from stravalib._facts.hosts import API_BASE_URL, API_BASE_URL_2027
from stravalib.doctor import Finding, diagnose
from stravalib.exc import AuthError
from stravalib.tokens import FileTokenStore, MemoryTokenStore, Token, TokenKey

if TYPE_CHECKING:
    from collections.abc import Callable

# 100 s into a quarter hour, at noon
NOW = 1_795_608_100.0
TOKEN = "token-0123456789abcdef"
SECRET = "secret-0123456789abcdef"
ATHLETE = {"id": 7, "firstname": "Ann", "lastname": "Bee"}
FEW = {
    "X-RateLimit-Limit": "200,2000",
    "X-RateLimit-Usage": "3,30",
    "X-ReadRateLimit-Limit": "100,1000",
    "X-ReadRateLimit-Usage": "2,20",
}
DEAD = {
    "message": "Authorization Error",
    "errors": [{"resource": "Athlete", "field": "access_token", "code": "invalid"}],
}
WRONG_SECRET = {
    "message": "Authorization Error",
    "errors": [{"resource": "Application", "field": "", "code": "invalid"}],
}
DEAD_REFRESH = {
    "message": "Bad Request",
    "errors": [{"resource": "RefreshToken", "field": "code", "code": "invalid"}],
}
INACTIVE = {
    "message": "Forbidden",
    "errors": [{"resource": "Application", "field": "Status", "code": "Inactive"}],
}


def ask_doctor(
    reply: Reply | Callable[[Any], Reply], token: str | None = TOKEN, **options: Any
) -> list[Finding]:
    """Diagnose a client whose Strava answers so; no nap, no retry."""
    answer = reply if callable(reply) else lambda seen: reply
    options = {"client_id": 1, "client_secret": SECRET, "retries": False, **options}
    with Server(answer) as server:
        options.setdefault("base_url", server.api)
        with Client(token, **options) as client:
            client.protocol.gate.clock = client.protocol.auth.clock = lambda: NOW

            def nap(seconds: float) -> None:
                raise AssertionError(f"the doctor waits {seconds} s")

            client.protocol.gate.sleep = nap
            found = diagnose(client, clock=lambda: NOW)
    text = repr(found)
    assert TOKEN not in text
    assert SECRET not in text
    assert sum(item.topic == "token" for item in found) == 1
    return found


def about(found: list[Finding], topic: str) -> Finding:
    (item,) = (f for f in found if f.topic == topic)
    return item


def problem(found: list[Finding]) -> Finding:
    (item,) = (f for f in found if f.status == "problem")
    return item


def date(shift: float = 0.0) -> dict[str, str]:
    moment = datetime.fromtimestamp(NOW + shift, UTC)
    return {**FEW, "Date": format_datetime(moment, usegmt=True)}


def test_all_is_well():
    found = ask_doctor(Reply(body=ATHLETE, headers=FEW), token_expires=int(NOW + 7200))
    assert {f.topic: f.status for f in found} == {
        "address": "note",
        "application": "ok",
        "token": "ok",
        "call": "ok",
        "scopes": "note",
        "limits": "ok",
        "clock": "warning",  # the server of this test lives today
    }
    assert about(found, "call").text == "Strava answers; athlete 7 Ann Bee"
    assert about(found, "token").text == "the access token is good for 2.0 h"


@pytest.mark.parametrize(
    ("shift", "status", "words"),
    [
        (-20, "ok", "agrees"),
        (-7200, "warning", "7200 s ahead of"),
        (90, "warning", "90 s behind"),
    ],
)
def test_clock(shift, status, words, monkeypatch):
    headers = date(shift)
    monkeypatch.setattr(
        "http.server.BaseHTTPRequestHandler.date_time_string",
        lambda self, timestamp=None: headers["Date"],
    )
    found = ask_doctor(Reply(body=ATHLETE, headers=FEW))
    assert about(found, "clock").status == status
    assert words in about(found, "clock").text


def test_clock_unknown(monkeypatch):
    monkeypatch.setattr(
        "http.server.BaseHTTPRequestHandler.date_time_string",
        lambda self, timestamp=None: "today",
    )
    found = ask_doctor(Reply(body=ATHLETE))
    assert about(found, "clock").status == "note"
    assert about(found, "limits").text == "Strava's answer told no limits"


def at_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "http.server.BaseHTTPRequestHandler.date_time_string",
        lambda self, timestamp=None: date()["Date"],
    )


def test_quarter_hour_used_up_is_told_and_not_waited_for(monkeypatch):
    at_now(monkeypatch)
    used = {**FEW, "X-ReadRateLimit-Usage": "100,300"}
    body = {"message": "Rate Limit Exceeded", "errors": []}
    found = ask_doctor(Reply(429, body, used))
    item = problem(found)
    assert item.topic == "limits"
    assert "100 requests is used up until 2026-11-25 12:15:0" in item.text
    assert item.advice.startswith("try again in 80")
    shown = [f for f in found if f.text == "15 minutes, reading: 100 of 100 used"]
    assert [f.status for f in shown] == ["warning"]
    assert "resets at 12:15:00 UTC" in shown[0].advice


def test_quarter_hour_that_is_known_to_be_used_up_is_not_even_tried(monkeypatch):
    at_now(monkeypatch)
    used = {**FEW, "X-ReadRateLimit-Usage": "100,300"}
    with (
        Server(lambda seen: Reply(body=ATHLETE, headers=used)) as server,
        Client(TOKEN, base_url=server.api) as client,
    ):
        client.protocol.gate.clock = lambda: NOW
        client.protocol.gate.sleep = lambda seconds: pytest.fail("waits")
        client.get_athlete()
        found = diagnose(client, clock=lambda: NOW)
        assert len(server.seen) == 1
    assert problem(found).topic == "limits"
    # The clock of an answer of long ago tells nothing.
    assert not [f for f in found if f.topic == "clock"]


def test_day_used_up(monkeypatch):
    at_now(monkeypatch)
    used = {**FEW, "X-ReadRateLimit-Usage": "5,1000"}
    found = ask_doctor(Reply(429, {"message": "Rate Limit Exceeded"}, used))
    assert "until 2026-11-26 00:00:0" in problem(found).text


def test_nearly_used_up(monkeypatch):
    at_now(monkeypatch)
    used = {**FEW, "X-RateLimit-Usage": "190,300"}
    found = ask_doctor(Reply(body=ATHLETE, headers=used))
    full = [f for f in found if f.topic == "limits" and f.status == "warning"]
    assert [f.text for f in full] == ["15 minutes: 190 of 200 used"]


@pytest.mark.parametrize(
    ("reply", "topic", "words", "advice"),
    [
        (Reply(403, b"<html>"), "address", "does not look like", "STRAVA_BASE_URL"),
        (Reply(404, b"<html>"), "address", "does not look like", "STRAVA_BASE_URL"),
        (Reply(404, {"message": "x"}), "address", "no /athlete", "STRAVA_BASE_URL"),
        (Reply(401, b"who?"), "address", "does not look like", "STRAVA_BASE_URL"),
        (Reply(200, b"<html>"), "address", "with the JSON of an athlete", "login page"),
        (
            Reply(200, b"null"),
            "address",
            "with the JSON of an athlete",
            "STRAVA_BASE_URL",
        ),
        (
            Reply(200, b"[]"),
            "address",
            "with the JSON of an athlete",
            "STRAVA_BASE_URL",
        ),
        (
            Reply(200, b"{}"),
            "address",
            "with the JSON of an athlete",
            "STRAVA_BASE_URL",
        ),
        (
            Reply(301, b"", {"Location": "https://elsewhere.example/api/v3/athlete"}),
            "address",
            "elsewhere.example",
            "STRAVA_BASE_URL",
        ),
        (Reply(401, DEAD), "token", "does not take the token (401)", "stravalib login"),
        (Reply(402, {}), "call", "402", "with a subscription only"),
        (Reply(403, INACTIVE), "application", "inactive", "settings/api"),
        (Reply(403, {"message": "no"}), "call", "403", ""),
        (Reply(500, b"<html>"), "call", "answers 500", "status.strava.com"),
        (Reply(breaks=True), "call", "no answer from http://127", "network"),
        (Reply(429, {}), "limits", "used up until", "try again in"),
    ],
)
def test_what_the_call_may_meet(reply, topic, words, advice):
    found = ask_doctor(reply)
    item = problem(found)
    assert item.topic == topic
    assert words in item.text
    assert advice in item.advice


@pytest.mark.parametrize("token", [f"{TOKEN}\n", f"{TOKEN}\nx", f" {TOKEN}", "tökén"])
def test_a_token_that_was_copied_badly(token):
    found = ask_doctor(Reply(body=ATHLETE), token)
    assert problem(found).topic == "token"
    assert "line break" in problem(found).text
    assert not [f for f in found if f.topic == "call"]


def test_wrong_secret():
    found = ask_doctor(Reply(401, WRONG_SECRET), refresh_token="r", token_expires=1)
    item = problem(found)
    assert item.topic == "application"
    assert "client id and client secret do not match" in item.text
    assert "settings/api" in item.advice


def test_dead_refresh_token():
    found = ask_doctor(Reply(400, DEAD_REFRESH), "", refresh_token="r", token_expires=1)
    assert any("Log in again" in f.advice for f in found if f.status == "problem")


def test_no_token_and_no_credentials():
    found = ask_doctor(Reply(401, DEAD), None, client_id=None, client_secret=None)
    item = problem(found)
    assert item.text == "there is no token"
    assert "stravalib login" in item.advice
    assert about(found, "application").status == "warning"


def test_expired_for_good():
    found = ask_doctor(Reply(401, DEAD), token_expires=1)
    assert "has expired and there is no refresh token" in problem(found).text
    found = ask_doctor(
        Reply(401, DEAD), token_expires=1, refresh_token="r", client_secret=None
    )
    assert "has expired and there is no client secret" in problem(found).text


def test_a_provider():
    found = ask_doctor(
        Reply(body=ATHLETE), None, token_provider=lambda: {"access_token": TOKEN}
    )
    assert about(found, "token").text == "token_provider gives the token"
    assert about(found, "call").status == "ok"

    def broken() -> None:
        raise KeyError(TOKEN)

    found = ask_doctor(Reply(body=ATHLETE), None, token_provider=broken)
    assert "KeyError" in problem(found).text


# -- token stores ------------------------------------------------------------------


def kept(*athletes: int, **fields: Any) -> MemoryTokenStore:
    store = MemoryTokenStore()
    for athlete in athletes:
        store.save(TokenKey(1, athlete), Token(TOKEN, **fields))
    return store


def test_a_store_is_looked_into():
    store = kept(7, expires_at=NOW + 3600, scopes="read,activity:read_all")
    found = ask_doctor(Reply(body=ATHLETE), None, token_store=store)
    text = "the kept access token of athlete 7 is good for 1.0 h"
    assert about(found, "token") == Finding("token", "ok", text)
    scopes = about(found, "scopes")
    assert scopes.status == "ok"
    assert "activity:read," not in scopes.advice
    assert "activity:write" in scopes.advice


def test_too_few_scopes():
    store = kept(7, expires_at=NOW + 3600, scopes="read")
    found = ask_doctor(Reply(body=ATHLETE), None, token_store=store)
    assert about(found, "scopes").status == "warning"
    assert "--scope activity:read_all" in about(found, "scopes").advice


@pytest.mark.parametrize(
    ("athletes", "options", "words"),
    [
        ((), {}, "no token of anybody for application 1"),
        ((7,), {"athlete_id": 8}, "no token of athlete 8"),
        ((7, 8), {}, "tokens of 2 athletes (7, 8)"),
        ((7,), {"client_id": None}, "needs to know the application"),
    ],
)
def test_a_store_without_the_token(athletes, options, words):
    found = ask_doctor(
        Reply(body=ATHLETE), None, token_store=kept(*athletes), **options
    )
    assert words in problem(found).text
    assert problem(found).advice


def test_a_store_that_is_down():
    pytest.importorskip("redis")
    from stravalib.tokens import RedisTokenStore

    store = RedisTokenStore("redis://someone:pass-word@127.0.0.1:1/0")
    found = ask_doctor(Reply(body=ATHLETE), None, token_store=store)
    item = problem(found)
    assert item.topic == "token"
    assert "Redis failed (ConnectionError" in item.text
    assert "running" in item.advice
    assert "pass-word" not in repr(found)


def test_texts_of_a_store_that_may_hold_a_password_are_left_out():
    class Broken(MemoryTokenStore):
        def list(self, client_id: int | None = None, /) -> list[TokenKey]:
            raise OSError("cannot reach postgresql://me:pass-word@db/x")

    item = problem(ask_doctor(Reply(body=ATHLETE), None, token_store=Broken()))
    assert "OSError" in item.text
    assert "pass-word" not in item.text


def test_a_damaged_file(tmp_path):
    (tmp_path / "tokens.json").write_text("{")
    store = FileTokenStore(tmp_path / "tokens.json")
    item = problem(ask_doctor(Reply(body=ATHLETE), None, token_store=store))
    assert "tokens.json is not a token file" in item.text
    with pytest.raises(AuthError):
        store.list()


# -- Strava's own address ------------------------------------------------------------


class Canned(requests.adapters.BaseAdapter):
    """Answers for Strava, so that nothing leaves this machine."""

    def send(self, request: Any, **options: Any) -> requests.Response:
        answer = requests.Response()
        answer.status_code, answer.request = 200, request
        answer.url, answer.raw = request.url, io.BytesIO(b'{"id": 7}')
        return answer

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    ("base_url", "day", "expected"),
    [
        (API_BASE_URL, "2026-11-25", ["note", "note"]),
        (API_BASE_URL, "2027-02-01", ["warning", "note"]),
        (API_BASE_URL, "2027-07-01", ["warning", "warning"]),
        (API_BASE_URL_2027, "2027-02-01", ["note"]),
        (API_BASE_URL_2027, "2027-07-01", ["warning"]),
    ],
)
def test_announced_changes(base_url, day, expected):
    session = requests.Session()
    session.mount("https://", Canned())
    now = datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()
    with Client(TOKEN, base_url=base_url, requests_session=session) as client:
        found = diagnose(client, clock=lambda: now)
    assert about(found, "call").status == "ok"
    assert about(found, "address").status == "ok"
    changes = [f for f in found if f.topic == "changes"]
    assert [f.status for f in changes] == expected
    assert "deauthorize() ends" in changes[-1].text
    assert "revoke()" in changes[-1].advice
    if base_url == API_BASE_URL:
        assert API_BASE_URL_2027 in changes[0].advice


def test_another_address_is_told():
    session = requests.Session()
    session.mount("https://", Canned())
    with Client(
        TOKEN, base_url="https://proxy.example/api/v3", requests_session=session
    ) as client:
        found = diagnose(client, clock=time.time)
    assert "unset STRAVA_BASE_URL" in about(found, "address").advice
    assert not [f for f in found if f.topic == "changes"]


def test_only_a_client():
    with pytest.raises(TypeError, match="takes a Client, not AsyncClient"):
        diagnose(AsyncClient("x"))  # type: ignore[arg-type] # that is the test
