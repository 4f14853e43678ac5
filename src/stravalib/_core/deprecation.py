"""Warnings about parameters and endpoints, in the classes and words users know."""

from __future__ import annotations

import warnings

from stravalib._facts.hosts import CHANGELOG_URL

CHANGE_DATE = "September 1, 2026"


def warn_unsupported(name: str, stacklevel: int = 3) -> None:
    """Warn of a parameter that Strava ignores."""
    warnings.warn(
        f'The "{name}" parameter is unsupported by the Strava API. It has no '
        "effect and may lead to errors in the future.",
        DeprecationWarning,
        stacklevel=stacklevel,
    )


def warn_undocumented(name: str, stacklevel: int = 3) -> None:
    """Warn of a parameter that works today without being documented."""
    warnings.warn(
        f'The "{name}" parameter is undocumented in the Strava API. Its use may '
        "lead to unexpected behavior or errors in the future.",
        FutureWarning,
        stacklevel=stacklevel,
    )


def warn_undocumented_method(name: str, stacklevel: int = 3) -> None:
    """Warn of a method whose endpoint is not documented."""
    warnings.warn(
        f'The "{name}" method is undocumented in the Strava API. Its use may '
        "lead to unexpected behavior or errors in the future.",
        FutureWarning,
        stacklevel=stacklevel,
    )


def warn_replaced(name: str, replacement: str, url: str, stacklevel: int = 3) -> None:
    """Warn of a parameter that another one replaces."""
    warnings.warn(
        f'The "{name}" parameter is deprecated and will be removed in the future. '
        f'Instead, you can use "{replacement}". See {url} for more information.',
        DeprecationWarning,
        stacklevel=stacklevel,
    )


def warn_removed_endpoint(name: str, stacklevel: int = 3) -> None:
    """Warn of a method whose endpoint Strava has removed."""
    warnings.warn(
        f'The "{name}" method uses a Strava API endpoint that Strava removed on '
        f"{CHANGE_DATE}. Strava answers with an error since. "
        f"See {CHANGELOG_URL} for more information.",
        DeprecationWarning,
        stacklevel=stacklevel,
    )


def warn_restricted_endpoint(name: str, stacklevel: int = 3) -> None:
    """Warn of a method whose endpoint works for approved applications only."""
    warnings.warn(
        f'The "{name}" method uses a Strava API endpoint that Strava restricted to '
        f"the Extended Access Tier on {CHANGE_DATE}. Other applications get an "
        f"error. See {CHANGELOG_URL} for more information.",
        FutureWarning,
        stacklevel=stacklevel,
    )
