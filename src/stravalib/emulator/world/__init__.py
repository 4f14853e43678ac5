"""Worlds for a local Strava: generated from a seed, or loaded from files."""

from __future__ import annotations

from stravalib.emulator.world.export import load_export
from stravalib.emulator.world.files import load_files
from stravalib.emulator.world.generate import (
    DEFAULT_NOW,
    generate,
    generate_activities,
)
from stravalib.emulator.world.load import load
from stravalib.emulator.world.recorded import load_json

__all__ = [
    "DEFAULT_NOW",
    "generate",
    "generate_activities",
    "load",
    "load_export",
    "load_files",
    "load_json",
]
