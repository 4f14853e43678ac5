"""A web server on this machine that waits for one redirect."""

from __future__ import annotations

import html
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

from stravalib._oauth.flow import missing_text, read_query, same_state
from stravalib.exc import LoginFailed

if TYPE_CHECKING:
    from stravalib._oauth.flow import LoginFinish, OAuthFlow

PATH = "/callback"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="referrer" content="no-referrer"><title>{title}</title>
<body style="font: 16px sans-serif; max-width: 34em; margin: 4em auto">
<h1>{title}</h1><p style="white-space: pre-line">{text}</p></body></html>"""


class Loopback:
    """Listens on 127.0.0.1 only, on a free port, until one login comes back.

    Requests for another host are refused (a page elsewhere could point its own name
    at this address), and so are answers with another state; both leave the wait going.

    Raises
    ------
    LoginFailed
        The port is taken, or may not be used.
    """

    def __init__(self, port: int = 0) -> None:
        try:
            self._server = _Server(("127.0.0.1", port), _Handler)
        except (OSError, OverflowError) as error:
            raise LoginFailed(
                f"Port {port} of this machine cannot be used to wait for the browser "
                f"({getattr(error, 'strerror', None) or error}). Leave out --port "
                "(port=) to take a free one, or log in without a browser here: "
                "--no-browser (browser=False)."
            ) from error
        self._server.timeout = 0.5
        self.redirect_uri = f"http://127.0.0.1:{self._server.server_port}{PATH}"

    def __enter__(self) -> Loopback:
        return self

    def __exit__(self, *error: object) -> None:
        self._server.server_close()

    def wait(self, flow: OAuthFlow, state: str, timeout: float) -> LoginFinish:
        """Return what the redirect brought.

        Raises
        ------
        LoginFailed
            The athlete said no, or nothing came in time.
        """
        server = self._server
        server.flow, server.state = flow, state
        deadline = time.monotonic() + timeout
        while server.outcome is None:
            if time.monotonic() > deadline:
                raise LoginFailed(
                    f"No answer from the browser within {timeout:.0f} s. Start the "
                    "login again, or use the way without a browser (--no-browser)."
                )
            server.handle_request()
        if isinstance(server.outcome, LoginFailed):
            raise server.outcome
        return server.outcome


class _Server(HTTPServer):
    flow: OAuthFlow
    state = ""
    outcome: LoginFinish | LoginFailed | None = None

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore connections that end early."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server  # pyright: ignore[reportIncompatibleVariableOverride] # ours
    # Somebody who connects and says nothing does not stop the login.
    timeout = 5.0
    server_version = "stravalib"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer the browser."""
        port = self.server.server_port
        if self.headers.get("Host") not in {f"127.0.0.1:{port}", f"localhost:{port}"}:
            self._page(400, "Wrong host", "This address serves one login only.")
            return
        path, _, query = self.path.partition("?")
        if path != PATH:
            self._page(404, "Nothing here", "This address serves one login only.")
            return
        server = self.server
        # Another state is somebody else's answer: go on waiting.
        own = False
        try:
            own = same_state(read_query(query), server.state)
            finish = server.flow.finish(query, server.state)
        except LoginFailed as error:
            self._page(400, "Not connected", str(error))
            if own:
                server.outcome = error
            return
        server.outcome = finish
        text = "You can close this page and go back to the program."
        if finish.missing:
            text = f"{missing_text(finish.missing)}\n\n{text}"
        self._page(200, "Connected with Strava", text)

    def _page(self, status: int, title: str, text: str) -> None:
        body = PAGE.format(title=html.escape(title), text=html.escape(text)).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header(
            "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"
        )
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: the line would hold the code."""
