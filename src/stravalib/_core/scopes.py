"""Which scope each call needs, so that it can fail before it is sent.

The table holds what the documentation states for a whole endpoint. Where a scope only
widens the answer (private items, a fuller profile), nothing is listed: the call works
without it. See https://developers.strava.com/docs/authentication/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stravalib._core.lazy import lazy
from stravalib._facts.scopes import SCOPES

if TYPE_CHECKING:
    from collections.abc import Collection

    from stravalib import exc
else:
    exc = lazy("stravalib.exc")

# (method, path with * for one id) -> any one of these scopes suffices
_READ_ACTIVITY = ("activity:read", "activity:read_all")
_WRITE_ACTIVITY = ("activity:write",)
_WRITE_PROFILE = ("profile:write",)

NEEDED: dict[tuple[str, str], tuple[str, ...]] = {
    ("PUT", "athlete"): _WRITE_PROFILE,
    ("GET", "athlete/zones"): ("profile:read_all",),
    ("GET", "athlete/activities"): _READ_ACTIVITY,
    ("GET", "activities/*"): _READ_ACTIVITY,
    ("POST", "activities"): _WRITE_ACTIVITY,
    ("PUT", "activities/*"): _WRITE_ACTIVITY,
    ("GET", "activities/*/laps"): _READ_ACTIVITY,
    ("GET", "activities/*/zones"): _READ_ACTIVITY,
    ("GET", "activities/*/comments"): _READ_ACTIVITY,
    ("GET", "activities/*/kudos"): _READ_ACTIVITY,
    ("GET", "activities/*/photos"): _READ_ACTIVITY,
    ("GET", "activities/*/streams"): _READ_ACTIVITY,
    ("GET", "activities/*/streams/*"): _READ_ACTIVITY,
    ("GET", "segment_efforts/*/streams"): ("read_all",),
    ("GET", "segment_efforts/*/streams/*"): ("read_all",),
    ("PUT", "segments/*/starred"): _WRITE_PROFILE,
    ("POST", "uploads"): _WRITE_ACTIVITY,
    ("GET", "uploads/*"): _WRITE_ACTIVITY,
}


def needed_scopes(method: str, path: str) -> tuple[str, ...]:
    """Return the scopes of which one is needed; empty where any token will do.

    Parameters
    ----------
    method
        HTTP method in capitals.
    path
        Path below the base URL; a leading ``/api/v3`` does not matter.
    """
    parts = path.strip("/").split("/")
    if parts[:2] == ["api", "v3"]:
        parts = parts[2:]
    # Ids stand at the second place, and stream types at the fourth.
    if len(parts) > 1 and parts[0] != "athlete":
        parts[1] = "*"
    if len(parts) > 3:
        parts[3] = "*"
    return NEEDED.get((method, "/".join(parts)), ())


def missing_scope(
    method: str, path: str, granted: Collection[str] | None
) -> str | None:
    """Return the least scope that would let the call through; None if it may go.

    ``granted`` is None where nobody told what the token may do: then the call goes,
    and Strava decides.
    """
    if granted is None:
        return None
    needed = needed_scopes(method, path)
    if not needed or any(scope in granted for scope in needed):
        return None
    return needed[0]


def scope_error(
    method: str, path: str, scope: str, granted: Collection[str]
) -> exc.ScopeMissing:
    """Make the error that is raised instead of sending."""
    have = ", ".join(sorted(granted)) or "none"
    # A new token has what its login asked for, not what an older one had.
    whole = ",".join(sorted({*granted, scope}))
    return exc.ScopeMissing(
        f"{method} /{path.strip('/')} needs the scope {scope} "
        f"({SCOPES.get(scope, 'not documented')}); this token has: {have}. Not sent. "
        f"Log in again and grant it (`stravalib login --scope {scope}` adds it to the "
        f"others; in an authorization URL name them all: scope={whole}), or pass "
        "check_scopes=False to let Strava decide.",
        details={"required_scope": scope},
    )
