"""Worlds for a local Strava: generated from a seed, or loaded from files."""

from __future__ import annotations

from stravalib.emulator.world.generate import (
    DEFAULT_NOW,
    generate,
    generate_activities,
)

__all__ = ["DEFAULT_NOW", "generate", "generate_activities"]
