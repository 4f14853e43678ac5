"""The local Strava of ``--local``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stravalib.emulator import LocalStrava

SEED = 1
YEARS = 2.0
GENEROUS = (6000, 300000, 3000, 150000)


def start_local(state_file: str | None) -> LocalStrava:
    """Make a local Strava with an invented athlete, for a free port of this machine.

    Enter it to start it.
    """
    try:
        from stravalib.emulator import LocalStrava
        from stravalib.emulator.world import generate
    except ImportError as error:
        raise ImportError(
            'The local Strava needs its extra: pip install "stravalib[emulator]"'
        ) from error
    fresh = state_file is None or not Path(state_file).exists()
    world = generate(seed=SEED, years=YEARS) if fresh else None
    strava = LocalStrava(world, state_file=state_file)
    # The numbers that Strava gives a new application would make a first sync wait.
    strava.application.set_limits(GENEROUS)
    return strava
