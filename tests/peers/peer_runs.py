"""One run of another client's script on a local Strava."""

from __future__ import annotations

import json
import subprocess
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from small_world import ANNA, CLUB, EFFORT, ROUTE, RUN, SEGMENT, small_world

from stravalib.emulator import LocalStrava

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SCRIPTS = Path(__file__).parent / "scripts"
GPX = (
    '<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1"><trk>'
    "<trkseg>"
    + "".join(
        f'<trkpt lat="{47 + place / 1000}" lon="11"><ele>600</ele>'
        f"<time>2026-11-21T10:{place:02}:00Z</time></trkpt>"
        for place in range(30)
    )
    + "</trkseg></trk></gpx>"
)


@dataclass(frozen=True)
class Run:
    """What a script reported, and what the local Strava saw of it."""

    # names of all public methods of the client, found by looking at it
    surface: list[str]
    # label -> {"outcome", "value", "sent"}
    calls: dict[str, dict[str, Any]]
    # "METHOD /path", as recorded by the local Strava
    arrived: list[str]


class _Handshake(BaseHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        challenge = parse_qs(urlsplit(self.path).query)["hub.challenge"][0]
        body = json.dumps({"hub.challenge": challenge}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()


@contextmanager
def webhook() -> Iterator[str]:
    """Answer the subscription handshake and take events; gives the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handshake)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/hook"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def run_peer(command: list[str], profile: str, environment: Mapping[str, str]) -> Run:
    """Run a script (the last word of the command) on a new local Strava."""
    *program, script = command
    with (
        webhook() as callback,
        LocalStrava(small_world(), profile=profile, upload_delay=0.05) as strava,
    ):
        pair = strava.authorize()
        client_id, secret = strava.credentials
        given = {
            "token": pair.token.value,
            "refresh": pair.refresh_token,
            "code": strava.state.make_code(strava.application, ANNA, pair.token.scopes),
            "clientId": client_id,
            "secret": secret,
            "callback": callback,
            "athlete": ANNA,
            "activity": RUN,
            "club": CLUB,
            "gear": "b401",
            "segment": SEGMENT,
            # text: a JavaScript number cannot hold these
            "route": str(ROUTE),
            "effort": str(EFFORT),
            "gpx": GPX,
        }
        done = subprocess.run(
            [*program, str(SCRIPTS / script), strava.origin],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env={**environment, "PEER_GIVEN": json.dumps(given)},
        )
        assert done.returncode == 0, done.stderr
        report = json.loads(done.stdout)
        arrived = [f"{seen.method} {seen.path}" for seen in strava.requests]
    return Run(report["surface"], report["calls"], arrived)
