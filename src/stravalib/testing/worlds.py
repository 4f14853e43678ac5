"""The world of the fixtures: generated once a process, copied for each test."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stravalib.emulator.clock import Clock
    from stravalib.emulator.state import State

SEED = 1
YEARS = 0.3


@cache
def _template() -> State:
    from stravalib.emulator.state import State
    from stravalib.emulator.world import generate

    return State(generate(seed=SEED, years=YEARS))


def fresh_state(clock: Clock, profile: str) -> State:
    """Copy the generated world; the copy can be changed at will."""
    return _template().fork(clock, profile)
