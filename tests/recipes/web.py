"""A server for the recipes, and a person with a browser."""

from __future__ import annotations

import contextlib
import importlib.util
import socket
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import requests
import uvicorn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

RECIPES = Path(__file__).resolve().parents[2] / "examples" / "recipes"


def load(name: str) -> ModuleType:
    """Import a recipe from its file, as ``uvicorn name:app`` would."""
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, RECIPES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def listener() -> socket.socket:
    """Take a free port."""
    found = socket.socket()
    found.bind(("127.0.0.1", 0))
    return found


@contextlib.contextmanager
def serve(app: Any, taken: socket.socket) -> Iterator[None]:
    """Serve an ASGI application from a thread until the block ends."""
    config = uvicorn.Config(
        app, log_config=None, log_level="critical", lifespan="on", ws="none"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]})
    thread.start()
    try:
        until(lambda: server.started or not thread.is_alive())
        assert server.started
        yield
    finally:
        server.should_exit = True
        thread.join(30)
    assert not thread.is_alive()


def until(happened: Callable[[], object]) -> None:
    """Wait for something that another thread does; give up after half a minute."""
    deadline = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


class Person:
    """An athlete with a browser: follows redirects, ticks boxes, keeps cookies."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.browser = requests.Session()
        self.browser.trust_env = False

    def get(self, path: str) -> requests.Response:
        return self.browser.get(self.address + path, timeout=30)

    def post(self, path: str, **keywords: Any) -> requests.Response:
        return self.browser.post(self.address + path, timeout=30, **keywords)

    def log_in(self, athlete_id: int, decision: str = "authorize") -> requests.Response:
        """Go to the login, confirm Strava's page, and come back."""
        page = self.get("/login")
        asked = urlsplit(page.url)
        assert asked.path == "/oauth/authorize"
        query = dict(parse_qsl(asked.query))
        return self.browser.post(
            page.url,
            data={
                "decision": decision,
                "athlete_id": athlete_id,
                "scope": query["scope"],
            },
            headers={"Origin": f"{asked.scheme}://{asked.netloc}"},
            timeout=30,
        )

    def close(self) -> None:
        self.browser.close()
