"""A unittest case with a local Strava of its own."""

from __future__ import annotations

import unittest
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from stravalib import Client
    from stravalib.emulator import Clock, LocalStrava, World
    from stravalib.testing.builder import WorldBuilder


class LocalStravaTestCase(unittest.TestCase):
    """Each test gets ``server``, ``clock``, ``strava`` (a builder) and ``client``.

    Attributes
    ----------
    options
        Options of the :class:`~stravalib.emulator.LocalStrava`.
    """

    options: ClassVar[dict[str, Any]] = {}
    server: LocalStrava
    clock: Clock
    strava: WorldBuilder
    client: Client

    def make_world(self) -> World | None:
        """Give the world to serve; None is the generated one."""
        return None

    def setUp(self) -> None:
        """Start the server and connect a client."""
        super().setUp()
        from stravalib.emulator import Clock, LocalStrava
        from stravalib.emulator.profiles import DEFAULT_PROFILE
        from stravalib.testing.builder import WorldBuilder
        from stravalib.testing.clients import connect
        from stravalib.testing.worlds import fresh_state

        self.clock = Clock()
        options = dict(self.options)
        world = self.make_world()
        if world is None:
            profile = options.get("profile", DEFAULT_PROFILE)
            options["state"] = fresh_state(self.clock, profile)
        self.server = LocalStrava(world, clock=self.clock, **options).start()
        self.addCleanup(self.server.close)
        self.strava = WorldBuilder(self.server)
        self.client = connect(self.server)
        self.addCleanup(self.client.close)
