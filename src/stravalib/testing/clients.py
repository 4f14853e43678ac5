"""Clients that are connected to a local Strava."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stravalib import AsyncClient, Client
    from stravalib.emulator import LocalStrava


def _arguments(
    server: LocalStrava, scopes: Iterable[str] | str | None, athlete_id: int | None
) -> dict[str, Any]:
    pair = server.authorize(scopes, athlete_id=athlete_id)
    return {
        "access_token": pair.token.value,
        "refresh_token": pair.refresh_token,
        "token_expires": int(pair.token.expires_at),
        "client_id": server.credentials.client_id,
        "client_secret": server.credentials.client_secret,
        "base_url": server.url,
        "oauth_url": server.oauth_url,
    }


def connect(
    server: LocalStrava,
    scopes: Iterable[str] | str | None = None,
    *,
    athlete_id: int | None = None,
    **options: Any,
) -> Client:
    """Make a client with a token for an athlete; all scopes unless told otherwise.

    ``options`` go to :class:`stravalib.Client`.
    """
    from stravalib import Client

    return Client(**_arguments(server, scopes, athlete_id) | options)


def connect_async(
    server: LocalStrava,
    scopes: Iterable[str] | str | None = None,
    *,
    athlete_id: int | None = None,
    **options: Any,
) -> AsyncClient:
    """Make an async client with a token for an athlete.

    With httpx2 installed it talks to the application in process, so that there is no
    connection to close; otherwise over the socket, and ``async with`` closes it.
    """
    from stravalib import AsyncClient

    if "session" not in options:
        try:
            import httpx2
        except ImportError:
            pass
        else:
            options["session"] = httpx2.AsyncClient(
                transport=httpx2.ASGITransport(app=server.app)
            )
    return AsyncClient(**_arguments(server, scopes, athlete_id) | options)
