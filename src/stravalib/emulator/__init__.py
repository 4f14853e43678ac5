"""The local Strava: a stateful server to develop and test against.

Written from the API's reference and sharing no code with the client, so that it can
contradict it. Start it with ``python -m stravalib.emulator`` or, in a test, with
:class:`LocalStrava`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stravalib.emulator.app import create_app
    from stravalib.emulator.clock import Clock
    from stravalib.emulator.local import LocalStrava
    from stravalib.emulator.records import (
        ActivityRecord,
        AthleteRecord,
        ClubRecord,
        RouteRecord,
        SegmentRecord,
        World,
    )
    from stravalib.emulator.state import State

_WHERE = {
    "ActivityRecord": "records",
    "AthleteRecord": "records",
    "Clock": "clock",
    "ClubRecord": "records",
    "LocalStrava": "local",
    "RouteRecord": "records",
    "SegmentRecord": "records",
    "State": "state",
    "World": "records",
    "create_app": "app",
}

__all__ = [
    "ActivityRecord",
    "AthleteRecord",
    "Clock",
    "ClubRecord",
    "LocalStrava",
    "RouteRecord",
    "SegmentRecord",
    "State",
    "World",
    "create_app",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for."""
    module = _WHERE.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    try:
        room = import_module(f"{__name__}.{module}")
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("stravalib"):
            raise
        raise ImportError(
            f'The local Strava needs {error.name}: pip install "stravalib[emulator]"'
        ) from error
    value = getattr(room, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
