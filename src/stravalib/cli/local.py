"""The local Strava of ``--local``."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stravalib.emulator import LocalStrava

SEED = 1
YEARS = 2.0


@contextlib.contextmanager
def start_local(state_file: str | None) -> Iterator[LocalStrava]:
    """Run a local Strava with an invented athlete, on a free port of this machine."""
    try:
        from stravalib.emulator import LocalStrava
        from stravalib.emulator.world import generate
    except ImportError as error:
        raise ImportError(
            'The local Strava needs its extra: pip install "stravalib[emulator]"'
        ) from error
    if state_file is None:
        strava = LocalStrava(generate(seed=SEED, years=YEARS))
    else:
        from pathlib import Path

        from stravalib.emulator.persistence import open_state

        fresh = not Path(state_file).exists()
        world = generate(seed=SEED, years=YEARS) if fresh else None
        strava = LocalStrava(state=open_state(state_file, world))
    with strava:
        yield strava
