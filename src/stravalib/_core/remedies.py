"""What a failed call of `doctor` tells, and what to do about it."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, NamedTuple

from stravalib import exc
from stravalib._facts.hosts import API_BASE_URL, SETTINGS_URL, STATUS_URL

if TYPE_CHECKING:
    from collections.abc import Callable

LOG_IN = "log in again: `stravalib login`"
STORE_IS_DOWN = "see whether it is running, its address is right and you may read it"
CHECK_ADDRESS = (
    "check the address (base_url, STRAVA_BASE_URL; Strava's is "
    f"{API_BASE_URL}) and whether a proxy or a login page of the network answers"
)


class Remedy(NamedTuple):
    """What is wrong, where, and what to do."""

    topic: str
    text: str
    advice: str


def remedy(error: Exception, address: str, now: float) -> Remedy:
    """Read an error of the first call.

    Parameters
    ----------
    address
        The base URL that was called.
    now
        The time in seconds since 1970, for the time of a reset.
    """
    if isinstance(error, exc.Fault) and not _speaks_json(error):
        return Remedy(
            "address",
            f"{address} answers {error.status_code} with something that is not JSON: "
            "it does not look like the Strava API",
            CHECK_ADDRESS,
        )
    for kind, read in READERS:
        if isinstance(error, kind):
            return read(error, address, now)
    if isinstance(error, exc.StravalibError):
        return Remedy("call", str(error), "")
    # Its text may quote anything.
    return Remedy(
        "call",
        f"the call ended in {_name(error)}, which is no error of Strava",
        "run `stravalib -vv whoami`, and report it",
    )


def store_remedy(error: Exception, store: object) -> Remedy:
    """Read an error of a token store; texts that may hold a password are left out."""
    if isinstance(error, exc.StoreFailed):
        return Remedy("token", str(error), STORE_IS_DOWN)
    if isinstance(error, exc.AuthError):
        return Remedy("token", str(error), LOG_IN)
    line = (str(error).strip().splitlines() or [""])[0]
    quotable = line and "@" not in line and "password" not in line.lower()
    return Remedy(
        "token",
        f"{store!r} cannot be read: {_name(error)}" + (f": {line}" if quotable else ""),
        STORE_IS_DOWN,
    )


def _speaks_json(error: exc.Fault) -> bool:
    """Tell whether a refusal came from an API; overload may come from a gateway."""
    status = error.status_code or 0
    if error.response is None or status == 429 or status >= 500:
        return True
    try:
        json.loads(error.response.content)
    except ValueError:
        return False
    return True


def _name(error: Exception) -> str:
    kind = type(error)
    room = kind.__module__.partition(".")[0]
    return kind.__name__ if room == "builtins" else f"{room}.{kind.__name__}"


def _store(error: Exception, address: str, now: float) -> Remedy:
    return Remedy("token", str(error), STORE_IS_DOWN)


def _inactive(error: Exception, address: str, now: float) -> Remedy:
    return Remedy(
        "application",
        "Strava has made the application inactive and refuses every call",
        f"its owner needs a Strava subscription; then reactivate it on {SETTINGS_URL}",
    )


def _credentials(error: Exception, address: str, now: float) -> Remedy:
    return Remedy(
        "application",
        "the token cannot be renewed: client id and client secret do not match",
        f"check both on {SETTINGS_URL}; `stravalib login --client-id ID` asks for the "
        "secret again",
    )


def _quota(error: Exception, address: str, now: float) -> Remedy:
    seconds = getattr(error, "retry_after", None)
    limit = getattr(error, "limit", None)
    number = "" if limit is None else f" of {limit:.0f} requests"
    if seconds is None:
        return Remedy("limits", f"the quota{number} is used up", "try again later")
    moment = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(now + seconds))
    return Remedy(
        "limits",
        f"the quota{number} is used up until {moment}",
        f"try again in {seconds:.0f} s; all who use this application share its quota",
    )


def _login(error: Exception, address: str, now: float) -> Remedy:
    if not isinstance(error, exc.Fault):
        return Remedy("token", str(error), LOG_IN)
    text = f"Strava does not take the token ({error.status_code})"
    return Remedy("token", text, error.hint or LOG_IN)


def _not_found(error: Exception, address: str, now: float) -> Remedy:
    text = f"{address} knows no /athlete (404): it does not look like the Strava API"
    return Remedy("address", text, CHECK_ADDRESS)


def no_athlete(address: str) -> Remedy:
    """Say that a success came with a body that Strava would not send."""
    text = f"{address} does not answer with the JSON of an athlete: "
    return Remedy(
        "address", f"{text}it does not look like the Strava API", CHECK_ADDRESS
    )


def _not_json(error: Exception, address: str, now: float) -> Remedy:
    return no_athlete(address)


def _elsewhere(error: Exception, address: str, now: float) -> Remedy:
    return Remedy("address", str(error), CHECK_ADDRESS)


def _failed(error: Exception, address: str, now: float) -> Remedy:
    status = getattr(error, "status_code", None)
    return Remedy(
        "call", f"Strava answers {status}", f"try again later; {STATUS_URL} tells more"
    )


def _fault(error: Exception, address: str, now: float) -> Remedy:
    hint = getattr(error, "hint", None) or ""
    return Remedy("call", str(error).removesuffix(f". {hint}"), hint)


def _unreachable(error: Exception, address: str, now: float) -> Remedy:
    advice = "check the network, the proxy and the address"
    if "certificate" in str(error).lower():
        advice = (
            "the certificate is not trusted: a proxy that opens https needs "
            "REQUESTS_CA_BUNDLE; check the clock too"
        )
    return Remedy("call", f"no answer from {address}: {error}", advice)


# The first kind that matches reads the error.
READERS: tuple[
    tuple[type[Exception], Callable[[Exception, str, float], Remedy]], ...
] = (
    (exc.ApplicationInactive, _inactive),
    (exc.InvalidClientCredentials, _credentials),
    (exc.RateLimitExceeded, _quota),
    (exc.StoreFailed, _store),
    (exc.AuthError, _login),
    (exc.AccessUnauthorized, _login),
    (exc.ObjectNotFound, _not_found),
    (exc.InvalidResponse, _not_json),
    (exc.UnsafeAddress, _elsewhere),
    (exc.ServerFault, _failed),
    (exc.Fault, _fault),
    (exc.ConnectionFailed, _unreachable),
    (exc.ReadTimedOut, _unreachable),
)
