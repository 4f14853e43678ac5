"""Test against a local Strava: pytest fixtures, a world builder, a unittest case.

The fixtures come with the installed package: ``strava_server``, ``strava``,
``strava_client``, ``async_strava_client``, ``strava_clock``, and ``strava_world`` to
override. See :mod:`stravalib.testing.plugin`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stravalib.testing.builder import WorldBuilder
    from stravalib.testing.cases import LocalStravaTestCase
    from stravalib.testing.clients import connect, connect_async

_WHERE = {
    "LocalStravaTestCase": "cases",
    "WorldBuilder": "builder",
    "connect": "clients",
    "connect_async": "clients",
}

__all__ = ["LocalStravaTestCase", "WorldBuilder", "connect", "connect_async"]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for."""
    module = _WHERE.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{module}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
