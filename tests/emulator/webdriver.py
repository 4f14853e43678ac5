"""The few commands of the WebDriver protocol that the tests need."""

from __future__ import annotations

import base64
import shutil
import socket
import subprocess
import time
from typing import TYPE_CHECKING, Any

import requests

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

DRIVER = shutil.which("chromedriver")
BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # nothing but this machine can be reached
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)
TAB, ENTER, SPACE = "\ue004", "\ue007", " "


class Chromium:
    """A headless Chromium with a fresh profile."""

    def __init__(self, folder: Path, *flags: str) -> None:
        assert DRIVER is not None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self._process = subprocess.Popen(
            [DRIVER, f"--port={port}"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._http = requests.Session()
        self._base = f"http://127.0.0.1:{port}"
        try:
            self._wait()
            options = {
                "binary": BROWSER,
                "args": [*FLAGS, *flags, f"--user-data-dir={folder}"],
            }
            made = self._send(
                "POST",
                "/session",
                {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}},
            )
        except BaseException:
            self._end()
            raise
        self._base += f"/session/{made['sessionId']}"

    def _wait(self) -> None:
        deadline = time.monotonic() + 20
        while True:
            try:
                self._send("GET", "/status")
                return
            except requests.ConnectionError:
                assert time.monotonic() < deadline, "chromedriver does not answer"
                time.sleep(0.05)

    def _send(self, method: str, path: str, body: Any = None) -> Any:
        if method == "POST" and body is None:
            body = {}
        reply = self._http.request(method, self._base + path, json=body, timeout=60)
        value = reply.json()["value"]
        assert reply.ok, value
        return value

    def go(self, url: str) -> None:
        self._send("POST", "/url", {"url": url})

    @property
    def url(self) -> str:
        return str(self._send("GET", "/url"))

    def find(self, css: str) -> str:
        found = self._send("POST", "/element", {"using": "css selector", "value": css})
        return str(found[_ELEMENT])

    def click(self, css: str) -> None:
        self._send("POST", f"/element/{self.find(css)}/click")

    def text(self, css: str = "body") -> str:
        return str(self._send("GET", f"/element/{self.find(css)}/text"))

    def run(self, script: str) -> Any:
        return self._send("POST", "/execute/sync", {"script": script, "args": []})

    def press(self, *keys: str) -> None:
        actions = [
            {"type": kind, "value": key}
            for key in keys
            for kind in ("keyDown", "keyUp")
        ]
        source = {"type": "key", "id": "keys", "actions": actions}
        self._send("POST", "/actions", {"actions": [source]})

    def picture(self) -> bytes:
        return base64.b64decode(self._send("GET", "/screenshot"))

    def _end(self) -> None:
        self._http.close()
        self._process.terminate()
        self._process.wait(10)

    def __enter__(self) -> Chromium:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._send("DELETE", "")
        finally:
            self._end()
