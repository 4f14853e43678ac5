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
    remote_callbacks
        Let webhooks call other machines than this one.
    allowed_hosts
        Names beside localhost by which browsers may reach the server.
    """
    if state is None:
        if world is None:
            world = generated_world(seed)
        state = State(world, clock=clock, profile=profile)
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


def generated_world(seed: int) -> World:
    """Generate the world that a local Strava begins with."""
    world_room: Any = import_module("stravalib.emulator.world")
    world: World = world_room.generate(seed=seed)
    return world
