"""One suite for `Client` and `AsyncClient`, over sockets and in process."""

from __future__ import annotations

import contextlib
import http.server
import inspect
import json
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from backends import BACKENDS, local_strava, settle
from cases import Case, cases, token_cases

from stravalib import AsyncClient, Client
from stravalib.client import ActivityUploader

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = [case.name for case in cases("")]
# Not in the contract: they concern the client itself or need another application.
LOCAL = {
    "access_token",
    "refresh_token",
    "token_expires",
    "close",
    "from_env",
    "estimate",
    "rate_limits",
    "last_response",
    "scopes",
    "athlete_id",
    "options",
}


class Callback(http.server.BaseHTTPRequestHandler):
    """Answers the handshake of a subscription."""

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        body = json.dumps({"hub.challenge": query["hub.challenge"][0]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: Any) -> None:
        pass


@pytest.fixture(scope="module")
def callback_url() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Callback)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/callback"
    server.shutdown()
    server.server_close()


class Outcomes:
    """What each backend gave for each case, found out once."""

    def __init__(self, callback_url: str) -> None:
        self._callback_url = callback_url
        self._found: dict[str, dict[str, Any]] = {}
        self.expected: dict[str, str] = {}

    def of(self, backend: str) -> dict[str, Any]:
        if backend not in self._found:
            strava = local_strava()
            listed: list[Case] = [*cases(self._callback_url), *token_cases(strava)]
            results = BACKENDS[backend](strava, [case.action for case in listed])
            self._found[backend] = {
                case.name: result for case, result in zip(listed, results, strict=True)
            }
            self.expected = {case.name: case.expected for case in listed}
        return self._found[backend]


@pytest.fixture(scope="module")
def outcomes(callback_url: str) -> Outcomes:
    return Outcomes(callback_url)


TOKEN_NAMES = [
    "exchange with a wrong secret",
    "exchange_code_for_token",
    "exchange again",
    "refresh_access_token",
    "refresh with a wrong token",
    "scope missing",
    "deauthorize",
    "after deauthorize",
    "revoke",
]


@pytest.mark.parametrize("name", NAMES + TOKEN_NAMES)
def test_sync_gives_what_is_expected(name: str, outcomes: Outcomes) -> None:
    how, kind, content = outcomes.of("requests")[name]
    assert kind.__name__.startswith(outcomes.expected[name]), (how, content)


@pytest.mark.parametrize("name", NAMES + TOKEN_NAMES)
@pytest.mark.parametrize("backend", [name for name in BACKENDS if name != "requests"])
def test_async_gives_the_same(backend: str, name: str, outcomes: Outcomes) -> None:
    how, kind, content = outcomes.of(backend)[name]
    sync_how, sync_kind, sync_content = outcomes.of("requests")[name]
    assert how == sync_how, (content, sync_content)
    if issubclass(sync_kind, ActivityUploader):
        assert kind.__name__ == f"Async{sync_kind.__name__}"
    else:
        assert kind is sync_kind
    assert content == sync_content


class Spy:
    """Notes which methods are asked for."""

    def __init__(self) -> None:
        self.asked: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        self.asked.add(name)
        raise LookupError(name)


async def test_every_public_method_is_called() -> None:
    strava = local_strava()
    asked: set[str] = set()
    for case in [*cases(""), *token_cases(strava)]:
        # A case stops at its first call; those of more than one are named here.
        spy = Spy()
        with contextlib.suppress(LookupError):
            await settle(case.action(spy))
        asked |= spy.asked
    asked |= {"star_segment", "list_subscriptions", "delete_subscription"}
    public = {name for name in dir(Client) if not name.startswith("_")}
    assert public - LOCAL - asked == set()


def test_both_clients_have_the_same_methods() -> None:
    renamed = {"requests_session": "session"}
    sync = {name for name in dir(Client) if not name.startswith("_")}
    for name in sorted(sync - {"close"}):
        ours = inspect.getattr_static(Client, name)
        theirs = inspect.getattr_static(AsyncClient, name)
        if not inspect.isfunction(ours):
            continue
        wanted = [
            (renamed.get(p.name, p.name), p.kind, p.default)
            for p in inspect.signature(ours).parameters.values()
        ]
        have = [
            (p.name, p.kind, p.default)
            for p in inspect.signature(theirs).parameters.values()
        ]
        assert have == wanted, name
    async_names = {name for name in dir(AsyncClient) if not name.startswith("_")}
    assert async_names - sync == {"aclose"}
