"""Find out why calls fail: credentials, application, scopes, limits, clock, address.

``stravalib doctor`` prints what `diagnose` finds.
"""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Literal, NamedTuple

import requests

from stravalib import exc
from stravalib._facts.hosts import API_BASE_URL, API_BASE_URL_2027, SETTINGS_URL
from stravalib._facts.scopes import SCOPES

if TYPE_CHECKING:
    from collections.abc import Callable

    from stravalib._core.quota import WindowUsage
    from stravalib.client import Client

__all__ = ["Finding", "diagnose"]

Status = Literal["ok", "note", "warning", "problem"]
MOST_SKEW = 30.0
NEARLY_USED = 0.9
# What Strava has announced; (date, what, what to do).
ANNOUNCED = (
    (
        date(2027, 1, 4),
        f"the API moves to {API_BASE_URL_2027}",
        f"then set STRAVA_BASE_URL={API_BASE_URL_2027} or upgrade stravalib",
    ),
    (
        date(2027, 6, 1),
        "deauthorize() ends and tokens must travel in the header",
        "use revoke() or `stravalib logout`; stravalib sends tokens in the header only",
    ),
)


class Finding(NamedTuple):
    """One thing that was looked at: how it is, and what to do."""

    topic: str
    status: Status
    text: str
    advice: str = ""


def diagnose(
    client: Client, *, clock: Callable[[], float] = time.time
) -> list[Finding]:
    """Look at everything that can be wrong between a client and Strava.

    One request (two where the access token has to be renewed).

    Parameters
    ----------
    client
        The client to look at.
    clock
        Gives the time in seconds since 1970.
    """
    found = [_address(client), _credentials(client), _token(client, clock())]
    answer = _call(client)
    found += answer
    if all(item.status != "problem" for item in answer):
        found += [_scopes(client), *_limits(client)]
    meta = client.last_response
    if meta is not None:
        found.append(_clock(meta.headers.get("Date"), clock()))
    found += _announced(datetime.fromtimestamp(clock(), UTC).date(), client)
    return found


def _address(client: Client) -> Finding:
    base = client.protocol.base_url
    if base == API_BASE_URL:
        return Finding("address", "ok", f"calls go to {base}")
    if base.startswith("http://"):
        return Finding("address", "note", f"calls go to {base}: a local Strava")
    return Finding(
        "address",
        "note",
        f"calls go to {base}, not to {API_BASE_URL}",
        "unset STRAVA_BASE_URL if that is not meant",
    )


def _credentials(client: Client) -> Finding:
    if client.protocol.client_id and client.protocol.client_secret:
        text = f"client id {client.protocol.client_id} and its secret are known"
        return Finding("application", "ok", text)
    return Finding(
        "application",
        "warning",
        "client id or secret is missing, so the token cannot be renewed",
        f"set STRAVA_CLIENT_ID and STRAVA_CLIENT_SECRET (see {SETTINGS_URL}), or run "
        "`stravalib login`",
    )


def _token(client: Client, now: float) -> Finding:
    expires = client.token_expires
    if not client.access_token and not client.refresh_token:
        return Finding("token", "note", "no token is at hand yet; a store may have one")
    if expires is None:
        return Finding("token", "note", "nobody told when the access token expires")
    hours = (expires - now) / 3600
    if hours > 0:
        return Finding("token", "ok", f"the access token is good for {hours:.1f} h")
    if client.refresh_token:
        return Finding("token", "ok", "the access token has expired and is renewed")
    return Finding(
        "token",
        "problem",
        "the access token has expired and there is no refresh token",
        "log in again: `stravalib login`",
    )


def _call(client: Client) -> list[Finding]:
    try:
        athlete = client.get_athlete()
    except exc.ApplicationInactive:
        return [
            Finding(
                "application",
                "problem",
                "Strava has made the application inactive and refuses every call",
                "its owner needs a Strava subscription; then reactivate it on "
                f"{SETTINGS_URL}",
            )
        ]
    except exc.RateLimitExceeded as error:
        wait = f" in {error.retry_after:.0f} s" if error.retry_after else ""
        return [
            Finding("limits", "problem", "the quota is used up", f"try again{wait}")
        ]
    except (exc.AuthError, exc.AccessUnauthorized) as error:
        advice = "log in again: `stravalib login`"
        return [Finding("token", "problem", str(error).split(". ")[0], advice)]
    except exc.ServerFault as error:
        text = f"Strava answers {error.status_code}"
        return [Finding("call", "problem", text, "try again later")]
    except (requests.ConnectionError, requests.Timeout) as error:
        advice = "check the network, the proxy and the address"
        return [Finding("call", "problem", str(error), advice)]
    except exc.StravalibError as error:
        return [Finding("call", "problem", str(error))]
    name = " ".join(filter(None, (athlete.firstname, athlete.lastname)))
    return [Finding("call", "ok", f"Strava answers; athlete {athlete.id} {name}")]


def _scopes(client: Client) -> Finding:
    granted = client.scopes
    if granted is None:
        return Finding(
            "scopes",
            "note",
            "nobody told what the token may do",
            "`stravalib login` keeps it with the token",
        )
    missing = [scope for scope in SCOPES if scope not in granted]
    text = f"granted: {', '.join(sorted(granted))}"
    if not {"activity:read", "activity:read_all"} & granted:
        return Finding(
            "scopes",
            "warning",
            text,
            "no activities can be read: `stravalib login --scope activity:read_all`",
        )
    advice = f"not granted: {', '.join(missing)}" if missing else ""
    return Finding("scopes", "ok", text, advice)


def _limits(client: Client) -> list[Finding]:
    limits = client.rate_limits
    if not limits.known:
        return [Finding("limits", "note", "Strava's answer told no limits")]
    names: tuple[tuple[str, WindowUsage], ...] = (
        ("15 minutes", limits.overall_short),
        ("day", limits.overall_long),
        ("15 minutes, reading", limits.read_short),
        ("day, reading", limits.read_long),
    )
    found = []
    for name, usage in names:
        if usage.limit is None:
            continue
        full = usage.used >= NEARLY_USED * usage.limit
        found.append(
            Finding(
                "limits",
                "warning" if full else "ok",
                f"{name}: {usage.used} of {usage.limit} used",
                "others use this application too" if full else "",
            )
        )
    return found


def _clock(header: str | None, now: float) -> Finding:
    try:
        theirs = parsedate_to_datetime(header or "").timestamp()
    except (TypeError, ValueError):
        return Finding("clock", "note", "Strava's answer told no time")
    skew = now - theirs
    if abs(skew) <= MOST_SKEW:
        return Finding("clock", "ok", "this machine's clock agrees with Strava's")
    direction = "ahead of" if skew > 0 else "behind"
    return Finding(
        "clock",
        "warning",
        f"this machine's clock is {abs(skew):.0f} s {direction} Strava's",
        "set it by NTP; tokens seem to expire too early or too late",
    )


def _announced(today: date, client: Client) -> list[Finding]:
    if client.protocol.base_url != API_BASE_URL:
        return []
    return [
        Finding(
            "changes",
            "note" if today < when else "warning",
            f"{'from' if today < when else 'since'} {when}: {what}",
            advice,
        )
        for when, what, advice in ANNOUNCED
    ]
