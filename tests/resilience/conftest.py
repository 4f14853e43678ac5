"""Both clients against a local Strava whose clock also rules the clients."""

from __future__ import annotations

import asyncio
import contextvars
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "emulator"))

from small_world import small_world

from stravalib import AsyncClient, Client
from stravalib.emulator import Clock, LocalStrava

# 100 s into a quarter hour, at noon
START = 1_795_608_100.0


@pytest.fixture
def strava():
    with LocalStrava(small_world(), clock=Clock(START, frozen=True)) as local:
        yield local


class Driver:
    """Makes clients of one kind, drives them, and lets them live on Strava's time."""

    def __init__(self, kind, strava):
        self.kind = kind
        self.strava = strava
        self.naps = []
        self.runner = asyncio.Runner() if kind == "async" else None
        self.clients = []

    def client(self, access_token=None, **kwargs):
        kwargs.setdefault("base_url", self.strava.url)
        kwargs.setdefault("client_id", self.strava.application.id)
        kwargs.setdefault("client_secret", self.strava.application.secret)
        if self.kind == "sync":
            client = Client(access_token, **kwargs)
        else:
            client = self.run(self._make, access_token, kwargs)
        protocol = client.protocol
        clock = self.strava.clock
        protocol.gate.clock = protocol.auth.clock = clock.now
        protocol.sender.monotonic = clock.now
        sleep = self._sleep if self.kind == "sync" else self._async_sleep
        protocol.gate.sleep = protocol.sender.sleep = sleep
        self.clients.append(client)
        return client

    async def _make(self, access_token, kwargs):
        return AsyncClient(access_token, **kwargs)

    def _sleep(self, seconds):
        self.naps.append(seconds)
        self.strava.clock.move(seconds)

    async def _async_sleep(self, seconds):
        self._sleep(seconds)
        await asyncio.sleep(0)

    def run(self, function, *args, **kwargs):
        """Call a method; return its result, awaited where that is needed."""
        result = function(*args, **kwargs)
        if hasattr(result, "__await__"):
            # As within one coroutine: what is set around the call holds in it.
            here = contextvars.copy_context()
            return self.runner.run(self._await(result), context=here)
        return result

    async def _await(self, awaitable):
        return await awaitable

    def rows(self, iterator):
        """Return all rows of a list."""
        if self.kind == "sync":
            return list(iterator)
        return self.runner.run(self._collect(iterator))

    async def _collect(self, iterator):
        return [row async for row in iterator]

    def close(self):
        for client in self.clients:
            if self.kind == "sync":
                client.close()
            else:
                self.run(client.aclose)
        if self.runner is not None:
            self.runner.close()

    def asked(self, path=""):
        """Return what the server was asked, as (method, path, status)."""
        return [
            (r.method, r.path.removeprefix("/api/v3"), r.status)
            for r in self.strava.requests
            if path in r.path
        ]


@pytest.fixture(params=["sync", "async"])
def drive(request, strava):
    driver = Driver(request.param, strava)
    yield driver
    driver.close()
