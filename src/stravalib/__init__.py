"""The Strava toolkit for Python.

``Client`` and ``AsyncClient`` speak with the Strava API; ``stravalib.emulator`` is a
local Strava to try, develop and test against. Unofficial: not affiliated with Strava.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stravalib.async_client import AsyncClient
    from stravalib.client import Client
    from stravalib.oauth import App, OAuthFlow, login, logout

__version__ = "3.0.0a1"

__all__ = [
    "App",
    "AsyncClient",
    "Client",
    "OAuthFlow",
    "__version__",
    "login",
    "logout",
]

# Public name -> module that has it; imported when the name is first used.
_HOMES = {
    "App": "oauth",
    "AsyncClient": "async_client",
    "Client": "client",
    "OAuthFlow": "oauth",
    "login": "oauth",
    "logout": "oauth",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
