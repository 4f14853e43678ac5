"""The platform by date: what is there, what is gone, where it lives."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    """How the platform behaves from a date on.

    Attributes
    ----------
    prefix
        Path under which the API answers.
    club_lists
        Club activities, members and admins still answer (until 2026-09-01).
    explore_open
        Every application may call ``/segments/explore`` (until 2026-09-01).
    needs_subscription
        An owner without a subscription makes the application inactive.
    token_parameters
        ``access_token`` may be a query or form parameter (until 2027-06-01).
    deauthorize
        ``/oauth/deauthorize`` exists (until 2027-06-01).
    revoke
        ``/oauth/revoke`` exists (since 2026-06-01).
    """

    name: str
    prefix: str = "/api/v3"
    club_lists: bool = False
    explore_open: bool = False
    needs_subscription: bool = True
    token_parameters: bool = True
    deauthorize: bool = True
    revoke: bool = True


PROFILES: dict[str, Profile] = {
    "2026-05": Profile(
        "2026-05",
        club_lists=True,
        explore_open=True,
        needs_subscription=False,
        revoke=False,
    ),
    "2026-11": Profile("2026-11"),
    "2027-06": Profile("2027-06", prefix="", token_parameters=False, deauthorize=False),
}
DEFAULT_PROFILE = "2026-11"


def profile_named(name: str) -> Profile:
    """Find a profile by its date."""
    try:
        return PROFILES[name]
    except KeyError:
        known = ", ".join(PROFILES)
        raise ValueError(f"no profile {name!r}; choose one of {known}") from None
