"""Making the application out of its parts."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from stravalib.emulator.profiles import DEFAULT_PROFILE
from stravalib.emulator.routes.table import routes_for
from stravalib.emulator.server import Server
from stravalib.emulator.state import State
from stravalib.emulator.uploads import Uploads
from stravalib.emulator.webhooks import Events

if TYPE_CHECKING:
    import os

    from stravalib.emulator.accounts import Application
    from stravalib.emulator.clock import Clock
    from stravalib.emulator.records import UploadProcessor, World

DEFAULT_SEED = 1


def create_app(
    world: World | None = None,
    *,
    profile: str = DEFAULT_PROFILE,
    clock: Clock | None = None,
    seed: int = DEFAULT_SEED,
    state: State | None = None,
    applications: tuple[Application, ...] = (),
    upload_delay: float = 0.2,
    processor: UploadProcessor | None = None,
    state_file: str | os.PathLike[str] | None = None,
    in_background: bool = False,
    remote_callbacks: bool = False,
    allowed_hosts: tuple[str, ...] = (),
) -> Server:
    """Make a local Strava as an ASGI application.

    Parameters
    ----------
    world
        What to serve; None generates one from ``seed``.
    profile
        Date of the platform: ``2026-05``, ``2026-11`` or ``2027-06``.
    clock
        The clock to go by; None runs with real time.
    seed
        Seed of the generated world.
    state
        Serve this state; then ``world``, ``profile``, ``clock`` and ``seed`` are not
        looked at.
    applications
        API applications; without any, one is made with a random secret.
    upload_delay
        Seconds for which an upload is being processed.
    processor
        What reads uploaded files; None is the emulator's own.
    state_file
        Keep the state in this SQLite file. A file that holds a world already is served
        as it is, and ``world`` is not looked at.
    in_background
        Make and read the world in a thread; requests that need it wait for it.
    remote_callbacks
        Let webhooks call other machines than this one.
    allowed_hosts
        Names beside localhost by which browsers may reach the server.
    """
    if state is None:
        if in_background and state_file is None:
            state = State(clock=clock, profile=profile)
            state.load_in_background(lambda: world or generated_world(seed))
        else:
            state = _state(world, profile, clock, seed, state_file)
    for application in applications:
        state.add_application(application)
    if not state.accounts.applications:
        state.add_application(state.new_application())
    events = Events(state, anywhere=remote_callbacks)
    uploads = Uploads(
        state, delay=upload_delay, processor=processor, created=events.created
    )
    return Server(
        state,
        routes_for(state.profile),
        uploads=uploads,
        events=events,
        allowed_hosts=allowed_hosts,
    )


def _state(
    world: World | None,
    profile: str,
    clock: Clock | None,
    seed: int,
    state_file: str | os.PathLike[str] | None,
) -> State:
    if state_file is None:
        return State(world or generated_world(seed), clock=clock, profile=profile)
    from stravalib.emulator.store import SqliteKeeper, restore

    keeper = SqliteKeeper(state_file)
    state = State(clock=clock, profile=profile, keeper=keeper)
    if keeper.filled:
        restore(state, keeper)
    else:
        keeper.wipe()
        state.load(world or generated_world(seed))
        keeper.mark_filled()
    return state


# Little enough to be there at once; a bigger world is one argument away.
GENERATED_YEARS = 0.4


def generated_world(seed: int) -> World:
    """Generate the world that a local Strava begins with."""
    world_room: Any = import_module("stravalib.emulator.world")
    world: World = world_room.generate(seed=seed, years=GENERATED_YEARS)
    return world
