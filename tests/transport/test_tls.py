"""TLS that breaks: whether a request may have gone out is told truly.

The key and the certificate in ``tls`` are for localhost and used nowhere else.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from pathlib import Path
from typing import Any

import pytest
import requests
from test_transports import LIBRARIES, send

from local_servers import Server
from stravalib import AsyncClient, Client, exc
from stravalib._core.http import HttpRequest

CERTIFICATE = Path(__file__).parent / "tls" / "cert.pem"
KEY = CERTIFICATE.with_name("key.pem")


class BreakingServer:
    """Shakes hands, reads a request, then answers with what is not TLS."""

    def __init__(self, *, tls: bool = True) -> None:
        self.tls = tls
        self.read: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)

    @property
    def api(self) -> str:
        return f"https://localhost:{self._listener.getsockname()[1]}/api/v3"

    def _serve(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE, KEY)
        while True:
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return
            plain.settimeout(5)
            if not self.tls:
                plain.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                plain.close()
                continue
            try:
                encrypted = context.wrap_socket(plain, server_side=True)
            except OSError:  # the client refused the certificate
                plain.close()
                continue
            with contextlib.suppress(OSError):
                content = b""
                while b"\r\n\r\n" not in content and (part := encrypted.recv(65536)):
                    content += part
                if content:
                    self.read.append(content)
            with socket.socket(fileno=encrypted.detach()) as broken:
                broken.sendall(b"this is not TLS at all\r\n")

    def __enter__(self) -> BreakingServer:
        self._thread.start()
        return self

    def __exit__(self, *arguments: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, str(CERTIFICATE))
    for name in ("http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("trusted")
class TestAfterTheRequest:
    @pytest.mark.parametrize("library", LIBRARIES)
    def test_the_request_may_have_arrived(self, library: str) -> None:
        with (
            BreakingServer() as server,
            pytest.raises(exc.ConnectionFailed) as caught,
        ):
            send(library, HttpRequest("POST", f"{server.api}/activities"))
        assert len(server.read) == 1
        assert caught.value.sent is True
        assert caught.value.__context__ is None

    def test_even_while_the_caller_handles_a_refused_connection(self) -> None:
        with BreakingServer() as server:
            try:
                requests.get("http://127.0.0.1:1/", timeout=5)
            except requests.ConnectionError:
                with pytest.raises(exc.ConnectionFailed) as caught:
                    send("requests", HttpRequest("POST", f"{server.api}/activities"))
        assert caught.value.sent is True

    def test_a_write_is_not_repeated(self) -> None:
        def create(client: Any) -> Any:
            return client.create_activity("Walk", "2026-01-01", 600, sport_type="Walk")

        async def main(api: str) -> None:
            async with AsyncClient("T", base_url=api) as client:
                await create(client)

        with BreakingServer() as server:
            with Client("T", base_url=server.api) as client:
                client.protocol.sender.sleep = lambda seconds: None
                with pytest.raises(exc.ConnectionFailed) as caught:
                    create(client)
            assert caught.value.meta.attempts == 1
            assert len(server.read) == 1
            with pytest.raises(exc.ConnectionFailed) as caught:
                asyncio.run(main(server.api))
            assert caught.value.meta.attempts == 1
            assert len(server.read) == 2


class TestBeforeTheRequest:
    @pytest.mark.parametrize("library", LIBRARIES)
    def test_a_certificate_of_nobody(self, library: str) -> None:
        with (
            BreakingServer() as server,
            pytest.raises(exc.ConnectionFailed) as caught,
        ):
            send(library, HttpRequest("POST", f"{server.api}/activities"))
        assert caught.value.sent is False
        assert not server.read

    @pytest.mark.parametrize("library", LIBRARIES)
    def test_a_server_without_tls(self, library: str) -> None:
        with (
            BreakingServer(tls=False) as server,
            pytest.raises(exc.ConnectionFailed) as caught,
        ):
            send(library, HttpRequest("POST", f"{server.api}/activities"))
        assert caught.value.sent is False

    @pytest.mark.parametrize("library", LIBRARIES)
    def test_a_proxy_that_refuses_the_tunnel(
        self, library: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("no_proxy", "NO_PROXY", "HTTPS_PROXY"):
            monkeypatch.delenv(name, raising=False)
        with Server() as proxy:  # knows no CONNECT
            monkeypatch.setenv("https_proxy", proxy.origin)
            with pytest.raises(exc.ConnectionFailed) as caught:
                send(library, HttpRequest("POST", "https://api.example/activities"))
        assert caught.value.sent is False
        assert proxy.seen == []
