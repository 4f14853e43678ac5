"""Models of the API's records, one layer, loaded when first used.

``build`` and ``build_list`` in ``build`` make them; ``stravalib.model`` and
``stravalib.strava_model`` are the doors.
"""

from __future__ import annotations

__all__ = ["load"]


def load() -> None:
    """Import every model now, so that none is imported inside an event loop."""
    from importlib import import_module

    from stravalib import model, strava_model

    for room in ("build", "rescue"):
        import_module(f"stravalib._models.{room}")
    for door in (model, strava_model):
        for name in door.__all__:
            getattr(door, name)
