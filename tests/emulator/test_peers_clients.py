"""Other people's clients against the local Strava, unchanged apart from the host."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from small_world import ANNA, CLUB, EFFORT, ROUTE, RUN, SEGMENT, small_world

from stravalib.emulator import LocalStrava

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.peer
HERE = Path(__file__).parent / "peers"
# An interpreter that has stravalib 2.6.0, and a folder with node_modules.
PYTHON_26 = os.environ.get("PEER_STRAVALIB_26_PYTHON")
NODE_MODULES = os.environ.get("PEER_NODE_MODULES")

# The package hands an object of form-data to fetch, which sends a body of another
# length than announced: no server can read it.
BROKEN = {"strava": {"uploads.createUpload"}}

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
KNOWN = {
    "athlete": ANNA,
    "activity": RUN,
    "club": CLUB,
    "gear": "b401",
    "route": ROUTE,
    "segment": SEGMENT,
    "effort": EFFORT,
    # JavaScript numbers cannot hold these.
    "routeText": str(ROUTE),
    "effortText": str(EFFORT),
    "gpx": GPX,
}


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


@pytest.fixture(scope="module")
def callback() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handshake)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/hook"
    server.shutdown()
    server.server_close()
    thread.join()


def arguments(strava: LocalStrava, callback: str) -> list[str]:
    pair = strava.authorize()
    client_id, secret = strava.credentials
    code = strava.state.make_code(strava.application, ANNA, pair.token.scopes)
    return [
        strava.origin,
        pair.token.value,
        str(client_id),
        secret,
        pair.refresh_token,
        code,
        callback,
        json.dumps(KNOWN),
    ]


def outcomes(command: list[str], **how: Any) -> dict[str, str]:
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, **how
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, str] = json.loads(done.stdout)
    return answer


@pytest.mark.skipif(PYTHON_26 is None, reason="PEER_STRAVALIB_26_PYTHON is not set")
@pytest.mark.parametrize("profile", ["2026-05", "2026-11"])
def test_stravalib_26_touches_every_method(profile: str, callback: str) -> None:
    assert PYTHON_26 is not None
    with LocalStrava(small_world(), profile=profile, upload_delay=0.05) as strava:
        script = str(HERE / "stravalib26.py")
        found = outcomes([PYTHON_26, script, *arguments(strava, callback)])
    failed = {name: text for name, text in found.items() if "Error" in text}
    gone = {
        "get_club_members": "AccessUnauthorized 401",
        "get_club_admins": "AccessUnauthorized 401",
        "get_club_activities": "ObjectNotFound 404",
        "join_club": "AccessUnauthorized 401",
        "leave_club": "AccessUnauthorized 401",
        "explore_segments": "AccessUnauthorized 401",
    }
    refused = {name: text for name, text in found.items() if text in gone.values()}
    last = refused.pop("get_athlete after that")
    assert last == "AccessUnauthorized 401"
    assert failed == {}
    assert refused == (gone if profile == "2026-11" else {})
    assert found["get_activities"] == "31 items"
    assert found["upload wait"] == "DetailedActivity"
    assert len(found) == 44


@pytest.mark.skipif(
    NODE_MODULES is None or shutil.which("node") is None,
    reason="PEER_NODE_MODULES is not set or there is no node",
)
@pytest.mark.parametrize("package", ["strava-v3", "strava"])
def test_npm_packages(package: str, callback: str) -> None:
    node = shutil.which("node")
    assert node is not None
    with LocalStrava(small_world(), profile="2026-05", upload_delay=0.05) as strava:
        script = str(HERE / f"npm-{package}.cjs")
        environment = os.environ | {"NODE_PATH": str(NODE_MODULES)}
        found = outcomes([node, script, *arguments(strava, callback)], env=environment)
    failed = {name for name, text in found.items() if text.startswith("failed")}
    assert failed == BROKEN.get(package, set()), found
    assert len(found) >= 36
