"""Warnings about parameters and endpoints, in the classes and words users know."""

from __future__ import annotations

import sys
import warnings
from typing import TYPE_CHECKING

from stravalib._facts.hosts import CHANGELOG_URL

if TYPE_CHECKING:
    from types import FrameType

CHANGE_DATE = "September 1, 2026"


def _warn(text: str, category: type[Warning], stacklevel: int) -> None:
    """Warn where the user called, and not where a property of a model did."""
    stacklevel += 1
    frame: FrameType | None = sys._getframe(stacklevel - 1)
    while frame is not None and _is_ours(frame):
        stacklevel += 1
        frame = frame.f_back
    warnings.warn(text, category, stacklevel=stacklevel)


def _is_ours(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__")).startswith("stravalib.")


def warn_unsupported(name: str, stacklevel: int = 3) -> None:
    """Warn of a parameter that Strava ignores."""
    _warn(
        f'The "{name}" parameter is unsupported by the Strava API. It has no '
        "effect and may lead to errors in the future.",
        DeprecationWarning,
        stacklevel,
    )


def warn_undocumented(name: str, stacklevel: int = 3) -> None:
    """Warn of a parameter that works today without being documented."""
    _warn(
        f'The "{name}" parameter is undocumented in the Strava API. Its use may '
        "lead to unexpected behavior or errors in the future.",
        FutureWarning,
        stacklevel,
    )


def warn_undocumented_method(name: str, stacklevel: int = 3) -> None:
    """Warn of a method whose endpoint is not documented."""
    _warn(
        f'The "{name}" method is undocumented in the Strava API. Its use may '
        "lead to unexpected behavior or errors in the future.",
        FutureWarning,
        stacklevel,
    )


def warn_replaced(name: str, replacement: str, url: str, stacklevel: int = 3) -> None:
    """Warn of a parameter that another one replaces."""
    _warn(
        f'The "{name}" parameter is deprecated and will be removed in the future. '
        f'Instead, you can use "{replacement}". See {url} for more information.',
        DeprecationWarning,
        stacklevel,
    )


def warn_removed_endpoint(name: str, stacklevel: int = 3) -> None:
    """Warn of a method whose endpoint Strava has removed."""
    _warn(
        f'The "{name}" method uses a Strava API endpoint that Strava removed on '
        f"{CHANGE_DATE}. Strava answers with an error since. "
        f"See {CHANGELOG_URL} for more information.",
        DeprecationWarning,
        stacklevel,
    )


def warn_restricted_endpoint(name: str, stacklevel: int = 3) -> None:
    """Warn of a method whose endpoint works for approved applications only."""
    _warn(
        f'The "{name}" method uses a Strava API endpoint that Strava restricted to '
        f"the Extended Access Tier on {CHANGE_DATE}. Other applications get an "
        f"error. See {CHANGELOG_URL} for more information.",
        FutureWarning,
        stacklevel,
    )
