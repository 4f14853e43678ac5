"""Secrets stay where they belong, and nothing happens that nobody asked for."""

from __future__ import annotations

import asyncio
import inspect
import json
import logging
import os
import pickle
import socket
import subprocess
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests

from local_servers import Reply, Seen, Server
from stravalib import AsyncClient, Client, exc

if TYPE_CHECKING:
    from collections.abc import Callable

ACCESS = "access-0123456789abcdef"
REFRESH = "refresh-0123456789abcdef"
SECRET = "secret-0123456789abcdef"
CODE = "code-0123456789abcdef"
VERIFY = "verify-0123456789abcdef"
SECRETS = (ACCESS, REFRESH, SECRET, CODE, VERIFY)
FLAVOURS = ("requests", "own requests session", "aiohttp", "httpx2")


def secrets_in(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


def run(flavour: str, action: Callable[[Any], Any], **keywords: Any) -> Any:
    """Run an action with a client of a flavour; return what it gives or raises."""

    async def main() -> Any:
        keywords.setdefault("retries", False)
        keywords.setdefault("max_wait", 0)  # a 429 must not be waited for
        session: Any = None
        if flavour == "own requests session":
            session = requests.Session()
        if flavour == "httpx2":
            import httpx2

            session = httpx2.AsyncClient()
        if "requests" in flavour:
            client: Any = Client(ACCESS, requests_session=session, **keywords)
        else:
            client = AsyncClient(ACCESS, session=session, **keywords)
        try:
            result = action(client)
            if inspect.isawaitable(result):
                result = await result
            if hasattr(result, "__anext__"):
                result = [item async for item in result]
            elif hasattr(result, "__next__"):
                result = list(result)
        except Exception as error:
            result = error
        finally:
            if isinstance(client, AsyncClient):
                await client.aclose()
            else:
                client.close()
            if hasattr(session, "aclose"):
                await session.aclose()
            elif session is not None:
                session.close()
        return result

    return asyncio.run(main())


ACTIONS: dict[str, Callable[[Any], Any]] = {
    "GET with a token": lambda c: c.get_athlete(),
    "GET with a secret": lambda c: c.list_subscriptions(1, SECRET),
    "POST with a secret": lambda c: c.exchange_code_for_token(1, SECRET, CODE),
    "POST refresh": lambda c: c.refresh_access_token(1, SECRET, REFRESH),
    "POST with both": lambda c: c.create_subscription(1, SECRET, "https://x/", VERIFY),
    "POST query": lambda c: c.post("/activities", name="x"),
    "PUT JSON": lambda c: c.update_activity(1, name="x"),
    "PUT form": lambda c: c.star_segment(1),
    "DELETE with both": lambda c: c.delete_subscription(1, 1, SECRET),
    "revoke": lambda c: c.revoke(REFRESH, client_id=1, client_secret=SECRET),
    "upload": lambda c: c.upload_activity(b"<gpx/>", "gpx"),
}


class TestRedirects:
    @pytest.mark.parametrize("flavour", FLAVOURS)
    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    @pytest.mark.parametrize("name", list(ACTIONS))
    def test_no_secret_follows_to_another_origin(
        self, name: str, status: int, flavour: str
    ) -> None:
        with Server() as elsewhere:

            def redirect(seen: Seen) -> Reply:
                location = f"{elsewhere.origin}{seen.path.partition('?')[0]}"
                return Reply(status, b"", {"Location": location})

            with Server(redirect) as server:
                run(flavour, ACTIONS[name], base_url=server.api)
        assert server.seen, "the request was not even made"
        for seen in elsewhere.seen:
            assert secrets_in(seen.everything) == []
            assert "authorization" not in seen.headers

    @pytest.mark.parametrize("flavour", FLAVOURS)
    def test_redirect_within_the_origin_is_followed(self, flavour: str) -> None:
        def answer(seen: Seen) -> Reply:
            if seen.path == "/api/v3/athlete":
                return Reply(302, b"", {"Location": "/api/v3/moved"})
            return Reply(body={"id": 7})

        with Server(answer) as server:
            athlete = run(flavour, lambda c: c.get_athlete(), base_url=server.api)
        assert athlete.id == 7
        assert server.seen[1].headers["authorization"] == f"Bearer {ACCESS}"

    @pytest.mark.parametrize("flavour", FLAVOURS)
    @pytest.mark.parametrize("status", [302, 307])
    @pytest.mark.parametrize("location", ["https://x.example/", "/api/v3/home"])
    @pytest.mark.parametrize(
        "write",
        [
            ACTIONS["POST refresh"],
            ACTIONS["revoke"],
            lambda c: c.post("/activities", data={"name": "x"}),
        ],
    )
    def test_redirected_write_is_an_error(
        self, write: Any, location: str, status: int, flavour: str
    ) -> None:
        with Server(
            lambda seen: (
                Reply(status, b"", {"Location": location})
                if seen.method == "POST"
                else Reply(body={"id": 99})
            )
        ) as server:
            error = run(flavour, write, base_url=server.api)
        assert isinstance(error, exc.StravalibError)
        assert str(status) in str(error)
        assert [seen.method for seen in server.seen] == ["POST"]

    @pytest.mark.parametrize("flavour", FLAVOURS)
    @pytest.mark.parametrize("name", ["GET with a token", "GET with a secret"])
    def test_redirects_in_circles_end_without_a_leak(
        self, name: str, flavour: str
    ) -> None:
        with Server(
            lambda seen: Reply(301, b"", {"Location": seen.path.partition("?")[0]})
        ) as server:
            error = run(flavour, ACTIONS[name], base_url=server.api)
        assert isinstance(error, exc.InvalidResponse)
        assert "redirected more than 5 times" in str(error)
        assert secrets_in(everything_about(error)) == []
        assert len(server.seen) == 6

    @pytest.mark.parametrize("flavour", FLAVOURS)
    @pytest.mark.parametrize("location", ["http://[::1", "http://x:99999999/", "//"])
    def test_a_redirect_to_no_address_is_refused(
        self, location: str, flavour: str
    ) -> None:
        with Server(lambda seen: Reply(302, b"", {"Location": location})) as server:
            error = run(
                flavour, ACTIONS["GET with a token"], base_url=server.api, retries=False
            )
        assert isinstance(error, exc.StravalibError)
        assert len(server.seen) <= 6


class TestDestinations:
    @pytest.mark.parametrize("client", [Client, AsyncClient])
    @pytest.mark.parametrize("name", ["base_url", "oauth_url"])
    @pytest.mark.parametrize(
        "url",
        [
            "http://www.strava.com/api/v3",
            "http://example.com",
            "http://127.0.0.1.example.com/api",
            "http://localhost.example.com",
            "http://192.168.0.1/api",
            "http://user:password@127.0.0.1/api",
            "https://user@www.strava.com/api",
            "https://www.strava.com/api?x=1",
            "ftp://localhost",
            "www.strava.com",
            "//localhost",
            "http://",
            "http://localhost\\@example.com/",
            "http://[::2]/api",
        ],
    )
    def test_unsafe_base_is_refused(self, client: Any, name: str, url: str) -> None:
        with pytest.raises(exc.UnsafeAddress) as caught:
            client(ACCESS, **{name: url})
        assert isinstance(caught.value, ValueError)
        assert "password" not in str(caught.value)

    def test_unsafe_base_from_the_environment_is_refused(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("STRAVA_BASE_URL", "http://example.com/api/v3")
        with pytest.raises(exc.UnsafeAddress, match=r"http://example\.com"):
            Client(ACCESS)

    @pytest.mark.parametrize(
        "url",
        [
            "https://example.com/api/",
            "http://localhost:8000/api/v3",
            "http://127.0.0.1/api",
            "http://127.8.9.1:99",
            "http://[::1]:80/api/v3",
        ],
    )
    def test_safe_base_is_taken(self, url: str) -> None:
        assert Client(ACCESS, base_url=url).protocol.base_url == url.rstrip("/")

    @pytest.mark.parametrize("flavour", FLAVOURS)
    def test_token_does_not_go_to_another_absolute_address(self, flavour: str) -> None:
        with Server() as elsewhere, Server() as server:
            run(
                flavour,
                lambda c: c.get(f"{elsewhere.origin}/api/v3/athlete"),
                base_url=server.api,
            )
        [seen] = elsewhere.seen
        assert "authorization" not in seen.headers
        assert secrets_in(seen.everything) == []

    def test_secret_goes_to_no_plain_http_address(self) -> None:
        client = Client(ACCESS)
        with pytest.raises(exc.UnsafeAddress):
            client.post("http://example.com/x", data={"client_secret": SECRET})

    @pytest.mark.parametrize("flavour", FLAVOURS)
    def test_token_is_in_the_header_only(self, flavour: str) -> None:
        with Server(lambda seen: Reply(body={"id": 1})) as server:
            for name in ("GET with a token", "PUT JSON", "PUT form", "POST query"):
                run(flavour, ACTIONS[name], base_url=server.api)
        assert len(server.seen) == 4
        for seen in server.seen:
            assert seen.headers["authorization"] == f"Bearer {ACCESS}"
            assert ACCESS not in seen.path
            assert ACCESS.encode() not in seen.body

    @pytest.mark.parametrize("flavour", FLAVOURS)
    def test_secrets_are_in_urls_only_where_strava_forces_it(
        self, flavour: str
    ) -> None:
        with Server(lambda seen: Reply(body=[])) as server:
            for action in ACTIONS.values():
                run(flavour, action, base_url=server.api)
        assert len(server.seen) == len(ACTIONS)
        with_secret = [seen.path for seen in server.seen if secrets_in(seen.path)]
        assert [path.partition("?")[0] for path in with_secret] == [
            "/api/v3/push_subscriptions"
        ]


class TestNetrc:
    @pytest.mark.parametrize("flavour", ["requests", "aiohttp", "httpx2"])
    def test_netrc_is_not_used(
        self, flavour: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        netrc = tmp_path / ".netrc"
        netrc.write_text("machine 127.0.0.1 login someone password from-netrc\n")
        netrc.chmod(0o600)
        monkeypatch.setenv("NETRC", str(netrc))
        monkeypatch.setenv("HOME", str(tmp_path))
        with Server(lambda seen: Reply(body={"id": 1})) as server:
            run(flavour, ACTIONS["GET with a token"], base_url=server.api)
            run(flavour, ACTIONS["POST refresh"], base_url=server.api)
        api, token = server.seen
        assert api.headers["authorization"] == f"Bearer {ACCESS}"
        assert "authorization" not in token.headers


FAULTS: dict[str, Any] = {
    "refused connection": None,
    "broken connection": Reply(breaks=True),
    "400": Reply(400, {"message": "Bad Request", "errors": []}),
    "401": Reply(401, {"message": "Authorization Error", "errors": []}),
    "404": Reply(404, {"message": "Record Not Found", "errors": []}),
    "429": Reply(429, {"message": "Rate Limit Exceeded", "errors": []}),
    "500": Reply(500, b"<html>"),
    "no JSON": Reply(200, b"<html>"),
    "redirect": Reply(302, b"", {"Location": "http://x.example/"}),
}


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def provoke(flavour: str, name: str, fault: str, **keywords: Any) -> Any:
    reply = FAULTS[fault]
    if reply is None:
        url = f"http://127.0.0.1:{closed_port()}/api/v3"
        return run(flavour, ACTIONS[name], base_url=url, **keywords)

    with Server(lambda seen: reply) as server:
        return run(flavour, ACTIONS[name], base_url=server.api, **keywords)


def everything_about(error: BaseException) -> str:
    """Collect all text that an error may end up as in a log or a report."""
    parts = [str(error), repr(error), repr(error.args), repr(vars(error))]
    parts += traceback.format_exception(error)
    parts.append(pickle.dumps(error).decode("latin-1"))
    for holder in ("request", "response"):
        found = getattr(error, holder, None)
        if found is None:
            continue
        parts.append(repr(vars(found)))
        parts.append(repr(dict(found.headers or {})))
        request = getattr(found, "request", None)
        if request is not None:
            parts += [repr(vars(request)), repr(dict(request.headers or {}))]
    for inner in (error.__cause__, error.__context__):
        if inner is not None:
            parts.append(everything_about(inner))
    return "\n".join(parts)


class TestErrorsAndLogs:
    @pytest.mark.parametrize("flavour", FLAVOURS)
    @pytest.mark.parametrize("fault", list(FAULTS))
    @pytest.mark.parametrize(
        "name", ["GET with a token", "GET with a secret", "POST refresh", "revoke"]
    )
    def test_no_secret_in_an_error_or_a_log(
        self, name: str, fault: str, flavour: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG, logger="stravalib")
        error = provoke(flavour, name, fault)
        if isinstance(error, Exception):
            assert secrets_in(everything_about(error)) == []
        else:
            # revoke takes any success, and there is no body to decode
            assert (name, fault) == ("revoke", "no JSON")
        own = [r for r in caplog.records if r.name.startswith("stravalib")]
        assert own
        for record in own:
            assert secrets_in(record.getMessage() + repr(record.args)) == []

    @pytest.mark.parametrize("flavour", ["requests", "aiohttp", "httpx2"])
    def test_no_secret_in_the_log_of_repetitions(
        self, flavour: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        from stravalib._core.retries import RetryPolicy

        caplog.set_level(logging.DEBUG, logger="stravalib")
        error = provoke(
            flavour,
            "GET with a secret",
            "500",
            retries=RetryPolicy(attempts=3, base=0.001, cap=0.002),
        )
        assert isinstance(error, exc.ServerFault)
        retried = [r for r in caplog.records if r.name == "stravalib.retries"]
        assert retried
        assert secrets_in(everything_about(error)) == []
        assert secrets_in(caplog.text) == []

    @pytest.mark.parametrize("flavour", ["requests", "aiohttp"])
    def test_log_names_parameters_never_values(
        self, flavour: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG, logger="stravalib")
        with Server(lambda seen: Reply(body={"id": 1})) as server:
            run(
                flavour,
                lambda c: c.update_athlete(weight=61.25),
                base_url=server.api,
            )
        own = [r for r in caplog.records if r.name.startswith("stravalib.protocol")]
        [line] = [r.getMessage() for r in own if r.levelno == logging.INFO]
        assert "weight" in line
        assert "61.25" not in line


class TestReprs:
    @pytest.mark.parametrize("kind", [Client, AsyncClient])
    def test_no_secret_in_reprs(self, kind: Any) -> None:
        client = kind(ACCESS, refresh_token=REFRESH, client_id=1, client_secret=SECRET)
        seen: set[int] = set()

        def walk(value: Any, depth: int) -> None:
            if id(value) in seen or depth > 3:
                return
            seen.add(id(value))
            module = type(value).__module__
            if not module.startswith("stravalib"):
                return
            assert secrets_in(repr(value)) == [], type(value)
            assert secrets_in(str(value)) == [], type(value)
            slots = getattr(type(value), "__slots__", ())
            inner = [getattr(value, name, None) for name in slots]
            for item in [*getattr(value, "__dict__", {}).values(), *inner]:
                walk(item, depth + 1)

        walk(client, 0)
        assert len(seen) >= 4

    def test_models_and_uploads_do_not_pickle_the_client(self) -> None:
        status = {"id": 5, "status": "x", "error": None, "activity_id": None}

        def answer(seen: Seen) -> Reply:
            return Reply(body=status if "uploads" in seen.path else {"id": 1})

        with Server(answer) as server, Client(ACCESS, base_url=server.api) as client:
            activity = client.get_activity(1)
        assert activity.bound_client is client
        content = pickle.dumps(activity)
        assert secrets_in(content.decode("latin-1")) == []
        assert pickle.loads(content).bound_client is None
        assert secrets_in(repr(activity) + activity.model_dump_json()) == []


def test_hosts_that_are_contacted() -> None:
    """Every call of the library goes to one host, and to nothing else."""
    folder = Path(__file__).parent / "compat"
    script = f"""
import sys, warnings, socket
sys.path.insert(0, {str(folder)!r})
warnings.simplefilter("ignore")
asked = []
def refuse(*arguments, **keywords):
    asked.append(arguments[0])
    raise OSError("no network in this test")
socket.getaddrinfo = refuse
from wire_doubles import Adapter, session
from wire_table import CALLS
from stravalib import Client
hosts = set()
for call in CALLS:
    adapter = Adapter(*call.answers)
    client = Client("T", requests_session=session(adapter))
    try:
        result = call.make(client)
        if hasattr(result, "__next__"):
            list(result)
    except Exception:
        assert call.raises, call.title
    hosts |= {{sent.host for sent in adapter.sent}}
print(sorted(hosts), asked)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "['www.strava.com'] []"


SIDE_EFFECTS = """
import gc, json, logging, os, signal, sys, threading, warnings

events = []
WATCHED = ("socket.", "subprocess.", "os.mkdir", "os.rename", "os.remove", "os.putenv",
           "os.unsetenv", "os.system", "os.chmod", "shutil.", "urllib.", "http.")

def hook(event, arguments):
    if event.startswith(WATCHED):
        events.append([event, repr(arguments)[:100]])
    elif event == "open":
        mode = arguments[1]
        if isinstance(mode, str) and set(mode) & set("wax+"):
            events.append([event, repr(arguments)[:100]])

def state():
    return {
        "handlers": [repr(h) for h in logging.root.handlers],
        "level": logging.root.level,
        "filters": repr(warnings.filters),
        "environment": dict(os.environ),
        "threads": sorted(t.name for t in threading.enumerate()),
        "signals": [repr(signal.getsignal(s)) for s in (signal.SIGINT, signal.SIGTERM)],
        "directory": sorted(os.listdir(".")),
        "own handlers": {
            name: [type(h).__name__ for h in logger.handlers]
            for name, logger in logging.root.manager.loggerDict.items()
            if name.startswith("stravalib") and isinstance(logger, logging.Logger)
            and [h for h in logger.handlers if not isinstance(h, logging.NullHandler)]
        },
    }

# What third parties do at import (pydantic, aiohttp) is not ours.
import requests, pydantic, aiohttp, asyncio, msgspec, orjson
before = state()
sys.addaudithook(hook)
import stravalib
from stravalib import AsyncClient, Client, exc, model, strava_model
import stravalib.limits, stravalib.tokens, stravalib.unit_helper, stravalib.streams
Client("T", refresh_token="R", token_expires=1)
Client()
AsyncClient("T")
logging.getLogger("stravalib").warning("shown by nobody but logging's last resort")
after = state()
changed = {name: [before[name], after[name]] for name in before
           if before[name] != after[name]}
print(json.dumps({"changed": changed, "events": events}))
"""


def test_import_and_construction_have_no_side_effects(tmp_path: Path) -> None:
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("STRAVA")
    }
    done = subprocess.run(
        [sys.executable, "-B", "-c", SIDE_EFFECTS],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=tmp_path,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"changed": {}, "events": []}


class TestEchoes:
    """A proxy's page that repeats what it was asked."""

    @pytest.mark.parametrize("flavour", FLAVOURS)
    @pytest.mark.parametrize("status", [200, 403, 502])
    def test_an_echoed_token_is_taken_out(self, status: int, flavour: str) -> None:
        def echo(seen: Seen) -> Reply:
            page = f"<html>{seen.headers.get('authorization')}</html>"
            return Reply(status, page.encode())

        with Server(echo) as server:
            error = run(
                flavour, ACTIONS["GET with a token"], base_url=server.api, retries=False
            )
        assert isinstance(error, exc.StravalibError)
        assert secrets_in(everything_about(error)) == []
        assert error.response.text == "<html>Bearer [redacted]</html>"
