"""All endpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stravalib.emulator import control, openapi
from stravalib.emulator.pages import world
from stravalib.emulator.routes import (
    activities,
    athletes,
    clubs,
    consent,
    gear,
    oauth,
    planned,
    segment_efforts,
    segments,
    streams,
    subscriptions,
    uploads,
)

if TYPE_CHECKING:
    from stravalib.emulator.profiles import Profile
    from stravalib.emulator.routing import Route


def routes_for(profile: Profile) -> tuple[Route, ...]:
    """List the endpoints that exist under a profile."""
    return (
        *athletes.ROUTES,
        *activities.ROUTES,
        *clubs.ROUTES,
        *gear.ROUTES,
        *planned.ROUTES,
        *segments.ROUTES,
        *segment_efforts.ROUTES,
        *streams.ROUTES,
        *uploads.ROUTES,
        *subscriptions.ROUTES,
        *control.ROUTES,
        *world.ROUTES,
        *openapi.ROUTES,
        *consent.ROUTES,
        *oauth.routes(with_deauthorize=profile.deauthorize, with_revoke=profile.revoke),
    )
