"""What each transport sends and how it fails: the same, whatever library it is."""

from __future__ import annotations

import asyncio
import io
import socket
import ssl
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import pytest
import requests

from local_servers import Reply, Seen, Server
from stravalib import exc
from stravalib._core.http import HttpRequest, HttpResponse
from stravalib._transport.choose import async_transport
from stravalib._transport.proxies import environment_proxy
from stravalib._transport.sync_requests import RequestsTransport, StravaSession

if TYPE_CHECKING:
    from pathlib import Path

LIBRARIES = ("requests", "plain requests", "aiohttp", "httpx2")


def send(library: str, *asked: HttpRequest) -> list[HttpResponse]:
    """Send requests with the transport of a library, one after another."""
    if "requests" in library:
        session = StravaSession() if library == "requests" else requests.Session()
        transport = RequestsTransport(lambda: session)
        with session:
            return [transport.send(request) for request in asked]

    async def main() -> list[HttpResponse]:
        if library == "aiohttp":
            own: Any = async_transport()
        else:
            from stravalib._transport.httpx2 import Httpx2Transport

            own = Httpx2Transport()
        try:
            return [await own.send(request) for request in asked]
        finally:
            await own.aclose()

    return asyncio.run(main())


REQUESTS: dict[str, dict[str, Any]] = {
    "bare": {"method": "GET"},
    "query": {
        "method": "GET",
        "params": {"a": 1, "b": True, "c": None, "d": "ü &=+/", "e": [1, 2], "f": 1.5},
    },
    "form": {"method": "POST", "data": {"a": 1, "b": None, "c": "ü &=", "d": False}},
    "json": {"method": "PUT", "json": {"a": [1, None, "ü"], "b": True}},
    "delete with a form": {"method": "DELETE", "data": {"client_id": 1}},
    "bytes": {"method": "PUT", "data": b"\x00\xff"},
    "empty post": {"method": "POST", "params": {}},
}


class TestSameOnTheWire:
    @pytest.mark.parametrize("library", LIBRARIES[1:])
    @pytest.mark.parametrize("name", list(REQUESTS))
    def test_requests_are_equal(self, name: str, library: str) -> None:
        def sent(by: str) -> tuple[Any, ...]:
            with Server() as server:
                values = {"headers": {"Authorization": "Bearer T"}, **REQUESTS[name]}
                [answer] = send(by, HttpRequest(url=f"{server.api}/x", **values))
            [seen] = server.seen
            assert answer.status == 200
            assert answer.content == b"{}"
            form = seen.headers.get("content-type", "").partition(";")[0]
            body: Any = seen.body
            if form == "application/json":
                body = requests.models.complexjson.loads(body)
            return (
                seen.method,
                # "/" in a query may be escaped or not
                parse_qsl(seen.path.partition("?")[2], keep_blank_values=True),
                seen.path.partition("?")[0],
                form if form != "application/octet-stream" else "",
                body,
                seen.headers["authorization"],
            )

        assert sent(library) == sent("requests")

    @pytest.mark.parametrize("library", LIBRARIES)
    @pytest.mark.parametrize("source", ["bytes", "text"])
    def test_file(self, library: str, source: str) -> None:
        file: Any = (
            io.BytesIO(b"<gpx/>") if source == "bytes" else io.StringIO("<gpx/>")
        )
        with Server() as server:
            send(
                library,
                HttpRequest(
                    "POST",
                    f"{server.api}/uploads",
                    {"data_type": "gpx"},
                    files={"file": file},
                ),
            )
        [seen] = server.seen
        assert seen.path.endswith("?data_type=gpx")
        assert seen.headers["content-type"].startswith("multipart/form-data; boundary=")
        assert b'name="file"; filename="file"' in seen.body
        assert b"\r\n\r\n<gpx/>\r\n" in seen.body

    @pytest.mark.parametrize("library", ["requests", "aiohttp", "httpx2"])
    def test_name_of_a_real_file(self, library: str, tmp_path: Path) -> None:
        path = tmp_path / "morning.fit"
        path.write_bytes(b"\x0e\x10")
        with Server() as server, path.open("rb") as file:
            send(library, HttpRequest("POST", f"{server.api}/u", files={"file": file}))
        assert b'filename="morning.fit"' in server.seen[0].body

    @pytest.mark.parametrize("library", ["aiohttp", "httpx2"])
    def test_user_agent(self, library: str) -> None:
        with Server() as server:
            send(library, HttpRequest("GET", f"{server.api}/x"))
        agent = server.seen[0].headers["user-agent"]
        assert agent.startswith("stravalib/")
        assert library in agent

    def test_user_agent_of_the_sync_client(self) -> None:
        from stravalib import Client

        with Server() as server, Client("T", base_url=server.api) as client:
            client.get("/x")
        agent = server.seen[0].headers["user-agent"]
        assert agent.startswith("stravalib/")
        assert "python-requests" in agent

    @pytest.mark.parametrize("library", LIBRARIES)
    def test_headers_of_the_answer_in_any_case(self, library: str) -> None:
        reply = Reply(201, {"a": 1}, {"X-RateLimit-Usage": "1,2"})
        with Server(lambda seen: reply) as server:
            [answer] = send(library, HttpRequest("POST", f"{server.api}/x"))
        assert answer.headers["x-ratelimit-usage"] == "1,2"
        assert answer.headers["X-RATELIMIT-USAGE"] == "1,2"
        assert (answer.status, answer.reason) == (201, "Created")
        assert answer.url == f"{server.api}/x"


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class TestFailures:
    @pytest.mark.parametrize("library", LIBRARIES)
    def test_refused(self, library: str) -> None:
        with pytest.raises(exc.ConnectionFailed) as caught:
            send(library, HttpRequest("GET", f"http://127.0.0.1:{closed_port()}/x"))
        assert caught.value.sent is False
        assert isinstance(caught.value, requests.ConnectionError)
        assert caught.value.__context__ is None

    @pytest.mark.parametrize("library", LIBRARIES)
    def test_broken_off(self, library: str) -> None:
        with (
            Server(lambda seen: Reply(breaks=True)) as server,
            pytest.raises(exc.ConnectionFailed) as caught,
        ):
            send(library, HttpRequest("GET", f"{server.api}/x"))
        assert caught.value.sent is True

    @pytest.mark.parametrize("library", LIBRARIES)
    def test_no_answer_in_time(self, library: str) -> None:
        go_on = threading.Event()

        def answer(seen: Seen) -> Reply:
            return Reply(before=lambda: go_on.wait(10))

        with Server(answer) as server:
            with pytest.raises(exc.ReadTimedOut) as caught:
                send(library, HttpRequest("GET", f"{server.api}/x", timeout=(5, 0.05)))
            go_on.set()
        assert caught.value.sent is True
        assert isinstance(caught.value, requests.ReadTimeout)

    @pytest.mark.parametrize("library", LIBRARIES)
    def test_secret_in_the_address_is_not_in_the_text(self, library: str) -> None:
        url = f"http://127.0.0.1:{closed_port()}/push_subscriptions"
        query = {"client_id": 1, "client_secret": "s3cret+/="}
        with pytest.raises(exc.ConnectionFailed) as caught:
            send(library, HttpRequest("GET", url, query))
        text = repr(caught.value) + str(vars(caught.value))
        assert "s3cret" not in text
        assert "push_subscriptions" in text


class TestProxies:
    @pytest.mark.parametrize("library", LIBRARIES)
    def test_proxy_of_the_environment_is_used(
        self, library: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("http_proxy", "HTTP_PROXY", "no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        with Server(lambda seen: Reply(body={"by": "proxy"})) as proxy:
            monkeypatch.setenv("http_proxy", proxy.origin)
            [answer] = send(library, HttpRequest("GET", "http://api.example/x"))
        assert answer.content == b'{"by": "proxy"}'
        assert proxy.seen[0].path == "http://api.example/x"

    def test_no_proxy(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "all_proxy", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
        url = "https://www.strava.com/api/v3/athlete"
        assert environment_proxy(url) == "http://proxy.example:3128"
        assert environment_proxy("http://www.strava.com/") is None
        monkeypatch.setenv("no_proxy", ".strava.com")
        assert environment_proxy(url) is None
        monkeypatch.delenv("https_proxy")
        monkeypatch.delenv("no_proxy")
        monkeypatch.setenv("all_proxy", "http://any.example:1")
        assert environment_proxy(url) == "http://any.example:1"


class TestBundles:
    @pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"])
    async def test_bundle_of_the_environment_is_loaded(
        self, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        from stravalib._transport import aio

        for other in aio.CA_VARIABLES:
            monkeypatch.delenv(other, raising=False)
        assert await aio._ssl_context() is None
        broken = tmp_path / "bundle.pem"
        broken.write_text("no certificate")
        monkeypatch.setenv(name, str(broken))
        with pytest.raises(ssl.SSLError):
            await aio._ssl_context()
