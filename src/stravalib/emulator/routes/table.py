"""All endpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stravalib.emulator.routes import activities, athletes, oauth, uploads

if TYPE_CHECKING:
    from stravalib.emulator.profiles import Profile
    from stravalib.emulator.routing import Route


def routes_for(profile: Profile) -> tuple[Route, ...]:
    """List the endpoints that exist under a profile."""
    return (
        *athletes.ROUTES,
        *activities.ROUTES,
        *uploads.ROUTES,
        *oauth.ROUTES,
    )
