"""The four ways in which a client reaches the local Strava."""

from __future__ import annotations

import asyncio
import inspect
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "emulator"))

from small_world import small_world

from stravalib import AsyncClient, Client
from stravalib.emulator import Clock, LocalStrava
from stravalib.emulator.accounts import Application

NOON = 1_795_608_000.0  # 2026-11-25T12:00:00Z
SECRET = "a-secret-of-the-contract-tests"
APPLICATION = Application(4242, SECRET)

Action = Callable[[Any], Any]


def local_strava() -> LocalStrava:
    """Make a local Strava that is the same each time."""
    return LocalStrava(
        small_world(),
        clock=Clock(NOON, frozen=True),
        applications=(Application(4242, SECRET),),
        upload_delay=0.0,
    )


async def settle(value: Any) -> Any:
    """Wait for what a call gave, and read lists to their end."""
    if inspect.isawaitable(value):
        value = await value
    if isinstance(value, AsyncIterator):
        return [item async for item in value]
    if isinstance(value, Iterator):
        return list(value)
    return value


def plain(value: Any) -> Any:
    """Return the raw JSON of a result, whatever class holds it."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    if hasattr(value, "raw"):
        value = value.raw
    if isinstance(value, dict):
        # The token of an embedded map is random.
        return {k: plain(item) for k, item in value.items() if k != "embed_token"}
    if hasattr(value, "upload_id"):
        return value.response
    return value


def failure(error: Exception) -> tuple[Any, ...]:
    return (
        type(error).__name__,
        str(error),
        getattr(error, "status_code", None),
        getattr(error, "hint", None),
        getattr(error, "required_scope", None),
    )


async def outcome(action: Action, client: Any) -> tuple[str, Any, Any]:
    """Return what an action gave: its kind, its class and its content."""
    try:
        result = await settle(action(client))
    except Exception as error:
        return "raised", type(error), failure(error)
    kind = type(result[0]) if isinstance(result, list) and result else type(result)
    return "returned", kind, plain(result)


# -- a backend runs actions, each with the client it asks for ----------------------

Session = Callable[[LocalStrava, list[Action]], list[tuple[str, Any, Any]]]


def credentials(strava: LocalStrava) -> dict[str, Any]:
    return {
        "access_token": strava.token(),
        "client_id": APPLICATION.id,
        "client_secret": SECRET,
        "retries": False,
    }


def run_requests(strava: LocalStrava, actions: list[Action]) -> list[Any]:
    async def main() -> list[Any]:
        # Nothing of the sync client is awaited: `settle` passes it through.
        return [await outcome(action, client) for action in actions]

    with (
        strava,
        Client(
            **credentials(strava), base_url=strava.url, oauth_url=strava.oauth_url
        ) as client,
    ):
        return asyncio.run(main())


def run_aiohttp(strava: LocalStrava, actions: list[Action]) -> list[Any]:
    async def main() -> list[Any]:
        async with AsyncClient(
            **credentials(strava), base_url=strava.url, oauth_url=strava.oauth_url
        ) as client:
            return [await outcome(action, client) for action in actions]

    with strava:
        return asyncio.run(main())


def run_asgi(strava: LocalStrava, actions: list[Action]) -> list[Any]:
    async def main() -> list[Any]:
        import httpx2

        transport = httpx2.ASGITransport(app=strava.app)
        async with httpx2.AsyncClient(transport=transport) as session:
            client = AsyncClient(
                **credentials(strava),
                session=session,
                base_url="http://127.0.0.1/api/v3",
                oauth_url="http://127.0.0.1/oauth",
            )
            return [await outcome(action, client) for action in actions]

    return asyncio.run(main())


def run_trio(strava: LocalStrava, actions: list[Action]) -> list[Any]:
    import trio

    async def main() -> list[Any]:
        async with AsyncClient(
            **credentials(strava), base_url=strava.url, oauth_url=strava.oauth_url
        ) as client:
            return [await outcome(action, client) for action in actions]

    with strava:
        return trio.run(main)


BACKENDS: dict[str, Session] = {
    "requests": run_requests,
    "aiohttp": run_aiohttp,
    "httpx2-asgi": run_asgi,
    "httpx2-trio": run_trio,
}
