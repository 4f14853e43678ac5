"""Find out why calls fail: credentials, application, scopes, limits, clock, address.

``stravalib doctor`` prints what `diagnose` finds.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Literal, NamedTuple

from stravalib._core import remedies
from stravalib._core.tokens import TokenKey, client_id_hint
from stravalib._facts.hosts import API_BASE_URL, API_BASE_URL_2027, SETTINGS_URL
from stravalib._facts.scopes import SCOPES
from stravalib._oauth.flow import missing_scopes
from stravalib.exc import StravalibError

if TYPE_CHECKING:
    from collections.abc import Callable

    from stravalib._core.quota import WindowUsage
    from stravalib._core.tokens import Token
    from stravalib.client import Client

__all__ = ["Finding", "diagnose"]

Status = Literal["ok", "note", "warning", "problem"]
MOST_SKEW = 30.0
NEARLY_USED = 0.9
# What Strava has announced; (date, what, what to do). First the move of the address.
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

    One request (two where the access token has to be renewed). Waits for no quota:
    a used-up one is a finding. What goes wrong is a finding too, and never raised.

    Parameters
    ----------
    client
        The client to look at.
    clock
        Gives the time in seconds since 1970.
    """
    if not hasattr(client, "__enter__"):
        raise TypeError(
            f"diagnose takes a Client, not {type(client).__name__}; make one with the "
            "same arguments."
        )
    found = [_address(client), _credentials(client)]
    token, may_call = _token(client, clock())
    found.append(token)
    if may_call:
        before = client.last_response
        answer = _call(client, clock())
        # One finding about the token is enough: the first that is a problem.
        if answer.topic != "token":
            found.append(answer)
        elif token.status != "problem":
            found[-1] = answer
        if answer.status != "problem":
            found.append(_scopes(client))
        if answer.status != "problem" or client.rate_limits.known:
            found += _limits(client)
        meta = client.last_response
        answered = meta is not None and meta is not before and meta.status
        if meta is not None and answered and answer.topic != "address":
            found.append(_clock(meta.headers.get("Date"), clock()))
    found += _announced(datetime.fromtimestamp(clock(), UTC).date(), client)
    return found


def _address(client: Client) -> Finding:
    base = client.protocol.base_url
    if base in (API_BASE_URL, API_BASE_URL_2027):
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
    wrong = client_id_hint(os.environ.get("STRAVA_CLIENT_ID", "")).strip()
    if wrong and not client.protocol.client_id:
        return Finding(
            "application",
            "problem",
            f"{wrong.rstrip('.')}, so the token cannot be renewed",
            f"set it to the number that {SETTINGS_URL} shows",
        )
    return Finding(
        "application",
        "warning",
        "client id or secret is missing, so the token cannot be renewed",
        f"set STRAVA_CLIENT_ID and STRAVA_CLIENT_SECRET (see {SETTINGS_URL}), or run "
        "`stravalib login`",
    )


def _problem(found: remedies.Remedy) -> Finding:
    return Finding(found.topic, "problem", found.text, found.advice)


def _token(client: Client, now: float) -> tuple[Finding, bool]:
    """Look at the token; also tell whether a call can be made with it."""
    auth = client.protocol.auth
    text, token = "the access token", auth.held()
    if not token.access_token and not token.refresh_token:
        if auth.store is None:
            return _no_store(client)
        try:
            kept = _kept(client)
        except Exception as error:
            return _problem(remedies.store_remedy(error, auth.store)), False
        if isinstance(kept, Finding):
            return kept, False
        token = kept
        text = f"the kept access token of athlete {token.athlete_id}"
    for name in (token.access_token, token.refresh_token):
        if name and not (name.isascii() and name.isprintable() and " " not in name):
            return (
                Finding(
                    "token",
                    "problem",
                    "a token holds a space, a line break or another character that "
                    "tokens do not have",
                    "set it again, without what was copied along",
                ),
                False,
            )
    return _lifetime(client, token, text, now), True


def _no_store(client: Client) -> tuple[Finding, bool]:
    if client.protocol.auth.has_provider:
        return Finding("token", "ok", "token_provider gives the token"), True
    return (
        Finding(
            "token",
            "problem",
            "there is no token",
            "log in: `stravalib login`, or set STRAVA_ACCESS_TOKEN",
        ),
        True,
    )


def _kept(client: Client) -> Token | Finding:
    """Look into the token store, as the client does at its first call."""
    auth, client_id = client.protocol.auth, client.protocol.client_id
    store, athlete_id = auth.store, auth.athlete_id
    if store is None or client_id is None:
        return Finding(
            "token",
            "problem",
            "a token store needs to know the application",
            "pass client_id=, or set STRAVA_CLIENT_ID",
        )
    keys = store.list(client_id)
    if athlete_id is not None:
        keys = [TokenKey(client_id, athlete_id)]
    if len(keys) > 1:
        names = ", ".join(str(key.athlete_id) for key in keys[:10])
        return Finding(
            "token",
            "problem",
            f"the store keeps tokens of {len(keys)} athletes ({names})",
            "choose one: athlete_id=, STRAVA_ATHLETE_ID, or --athlete",
        )
    token = store.load(keys[0]) if keys else None
    if token is None:
        who = "anybody" if athlete_id is None else f"athlete {athlete_id}"
        return Finding(
            "token",
            "problem",
            f"the store holds no token of {who} for application {client_id}",
            "log in: `stravalib login`",
        )
    return token.replace(athlete_id=keys[0].athlete_id)


def _lifetime(client: Client, token: Token, text: str, now: float) -> Finding:
    expires = token.expires_at
    if expires is None and token.access_token:
        return Finding("token", "note", f"nobody told when {text} expires")
    hours = ((expires or now) - now) / 3600
    if hours > 0:
        return Finding("token", "ok", f"{text} is good for {hours:.1f} h")
    if token.refresh_token and client.protocol.client_secret:
        return Finding("token", "ok", f"{text} has expired and is renewed")
    missing = "client secret" if token.refresh_token else "refresh token"
    return Finding(
        "token",
        "problem",
        f"{text} has expired and there is no {missing}",
        "log in again: `stravalib login`",
    )


def _call(client: Client, now: float) -> Finding:
    address = client.protocol.base_url
    before = client.last_response
    try:
        with client.options(max_wait=0):
            athlete = client.get_athlete()
    except Exception as error:
        meta = client.last_response
        fine = meta is not None and meta is not before and meta.status == 200
        # No model can be made of the answer.
        misfit = isinstance(error, (ValueError, TypeError, AttributeError))
        if not (fine and misfit) or isinstance(error, StravalibError):
            return _problem(remedies.remedy(error, address, now))
        athlete = None
    if athlete is None or athlete.id is None:
        return _problem(remedies.no_athlete(address))
    name = " ".join(filter(None, (athlete.firstname, athlete.lastname)))
    return Finding("call", "ok", f"Strava answers; athlete {athlete.id} {name}".strip())


def _scopes(client: Client) -> Finding:
    granted = client.scopes
    if granted is None:
        return Finding(
            "scopes",
            "note",
            "nobody told what the token may do",
            "`stravalib login` keeps it with the token",
        )
    missing = sorted(missing_scopes(SCOPES, granted))
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
        full = usage.closed or usage.used >= NEARLY_USED * usage.limit
        reset = time.strftime("%H:%M:%S UTC", time.gmtime(usage.resets_at))
        found.append(
            Finding(
                "limits",
                "warning" if full else "ok",
                f"{name}: {usage.used} of {usage.limit} used",
                f"resets at {reset}; all who use this application share its quota"
                if full
                else "",
            )
        )
    return found or [Finding("limits", "note", "Strava's answer told no limits")]


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
    base = client.protocol.base_url
    if base not in (API_BASE_URL, API_BASE_URL_2027):
        return []
    changes = ANNOUNCED if base == API_BASE_URL else ANNOUNCED[1:]
    return [
        Finding(
            "changes",
            "note" if today < when else "warning",
            f"{'from' if today < when else 'since'} {when}: {what}",
            advice,
        )
        for when, what, advice in changes
    ]
