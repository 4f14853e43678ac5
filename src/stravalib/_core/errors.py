"""Which exception an answer is: a table, read top to bottom.

https://developers.strava.com/docs/#errors
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from stravalib import exc
from stravalib._facts.hosts import CHANGELOG_URL, SETTINGS_URL, STATUS_URL
from stravalib._facts.scopes import SCOPES
from stravalib._facts.texts import INACTIVE_APPLICATION_MESSAGE

REVOKE_PATH = "/oauth/revoke"
REMOVED_PATH = re.compile(
    r"/(?:clubs/\d+/(?:activities|members|admins)|segments/\d+/leaderboard)\Z"
)
RESTRICTED_PATH = re.compile(r"/segments/explore\Z")
# What Strava says to a Standard application that explores is not on record; it is
# read as "restricted" unless the body names another reason (a dead token, say).
REMOVED_HINT = (
    "Strava removed this endpoint on September 1, 2026 and gives no replacement; "
    f"see {CHANGELOG_URL}."
)
RESTRICTED_HINT = (
    "Since September 1, 2026 only applications in the Extended Access Tier may "
    f"explore segments; see {CHANGELOG_URL}."
)
CREDENTIALS_HINT = (
    f"Client id and client secret do not match; check both on {SETTINGS_URL}."
)
CAPACITY_HINT = (
    "The application has as many athletes as it may have; raise its capacity on "
    f"{SETTINGS_URL} or revoke one."
)
CREDENTIALS_HINT = (
    f"Client id and client secret do not match; check both on {SETTINGS_URL}."
)
PERMISSION = re.compile(r"(?P<scope>[a-z:_]+?)_permission\Z")
REASON = {
    400: "Bad Request",
    401: "Unauthorized",
    402: "Payment Required",
    403: "Forbidden",
    404: "Not Found",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


class Verdict(NamedTuple):
    """The class to raise, its text, and the attributes it carries."""

    error: type[exc.Fault]
    message: str
    details: dict[str, Any]


class Rule(NamedTuple):
    """One row: what matches, the class, and what to do next."""

    status: int
    resource: str | None
    field: str | None
    code: str | None
    error: type[exc.Fault]
    hint: str


# None matches anything; the first row that matches wins.
DOCTOR_HINT = "`stravalib doctor` checks token, application and address."
# What is hidden without a scope is not found.
HIDDEN = {
    "/activities": "private activities: activity:read_all",
    "/routes": "private routes: read_all",
    "/segment": "private segments: read_all",
}
RULES: tuple[Rule, ...] = (
    Rule(
        400,
        "RefreshToken",
        None,
        None,
        exc.InvalidGrant,
        "The refresh token is no longer valid: it was revoked or replaced by a newer "
        "one. Log in again (`stravalib login`).",
    ),
    Rule(
        400,
        "AuthorizationCode",
        None,
        None,
        exc.InvalidGrant,
        "The code is wrong, expired or used already; each works once. Send the "
        "athlete through the authorization page again.",
    ),
    Rule(
        400,
        "RequestToken",
        None,
        None,
        exc.InvalidGrant,
        "The code is wrong, expired or used already; each works once. Send the "
        "athlete through the authorization page again.",
    ),
    Rule(
        400,
        "Application",
        "client_id",
        None,
        exc.BadRequest,
        f"Check the client id on {SETTINGS_URL}.",
    ),
    Rule(
        400,
        "Application",
        "redirect_uri",
        None,
        exc.BadRequest,
        "The host of redirect_uri must lie within the Authorization Callback Domain "
        f"set on {SETTINGS_URL}; localhost and 127.0.0.1 always work.",
    ),
    Rule(
        400,
        "Authorize",
        "scope",
        None,
        exc.BadRequest,
        f"Known scopes: {', '.join(SCOPES)}.",
    ),
    Rule(
        400,
        "PushSubscription",
        "callback url",
        None,
        exc.BadRequest,
        "The callback must be reachable from the internet and answer Strava's GET "
        'within 2 seconds with status 200 and {"hub.challenge": ...}.',
    ),
    Rule(
        400,
        "PushSubscription",
        None,
        "already exists",
        exc.BadRequest,
        "An application has one subscription: list_subscriptions shows it, "
        "delete_subscription ends it.",
    ),
    Rule(
        400,
        None,
        None,
        None,
        exc.BadRequest,
        "A parameter is missing or has a value that Strava does not take.",
    ),
    Rule(
        401,
        "Athlete",
        "access_token",
        None,
        exc.InvalidAccessToken,
        "The access token is missing, expired or revoked. Give the client a refresh "
        "token, client_id and client_secret to renew it by itself, or log in again "
        "(`stravalib login`).",
    ),
    Rule(401, "AccessToken", None, "missing", exc.ScopeMissing, ""),
    Rule(
        401,
        "Application",
        "internal",
        None,
        exc.EndpointRestricted,
        "Strava keeps this endpoint for itself and for approved applications.",
    ),
    Rule(
        401,
        "Application",
        "",
        None,
        exc.InvalidClientCredentials,
        CREDENTIALS_HINT,
    ),
    Rule(401, None, None, None, exc.AccessUnauthorized, DOCTOR_HINT),
    Rule(
        402,
        None,
        None,
        None,
        exc.SubscriptionRequired,
        "Strava serves these data to athletes with a subscription only.",
    ),
    Rule(403, "Application", "Status", "Inactive", exc.ApplicationInactive, ""),
    Rule(403, None, None, None, exc.AccessForbidden, DOCTOR_HINT),
    Rule(404, None, None, None, exc.ObjectNotFound, ""),
    Rule(
        429,
        None,
        None,
        None,
        exc.RateLimited,
        "The quarter hour resets at :00, :15, :30 and :45, the day at midnight UTC.",
    ),
)

RESTRICTABLE = (
    exc.AccessUnauthorized,
    exc.AccessForbidden,
    exc.EndpointRestricted,
    exc.ObjectNotFound,
)


def fault_details(body: Any) -> tuple[str | None, tuple[exc.ErrorDetail, ...], Any]:
    """Read message and errors of a Fault body, whatever its shape.

    Returns
    -------
    The message, the entries, and ``errors`` as sent (for the text).
    """
    if not isinstance(body, dict):
        return None, (), None
    message = body.get("message")
    errors = body.get("errors")
    rows = [errors] if isinstance(errors, dict) else errors
    details = (
        tuple(
            exc.ErrorDetail(
                *(str(row.get(name) or "") for name in ("resource", "field", "code"))
            )
            for row in rows
            if isinstance(row, dict)
        )
        if isinstance(rows, list)
        else ()
    )
    return (None if message is None else str(message)), details, errors


def judge(
    status: int, reason: str | None, body: Any, method: str, path: str
) -> Verdict | None:
    """Pick the exception for an answer; None where the status is no error.

    Parameters
    ----------
    body
        The decoded JSON body; None where it was empty, HTML or broken.
    path
        The path of the request, for endpoints that Strava removed or restricted.
    """
    if status < 400:
        return None
    message, details, errors = fault_details(body)
    first = details[0] if details else exc.ErrorDetail()
    rule = _match(status, first)
    error, hint = rule.error, rule.hint
    attributes: dict[str, Any] = {"errors": details}

    if error is exc.ScopeMissing:
        hint, scope = _scope_hint(first.field)
        attributes["required_scope"] = scope
    elif RESTRICTED_PATH.search(path) and error in RESTRICTABLE:
        error, hint = exc.EndpointRestricted, RESTRICTED_HINT
    elif status == 404:
        error, hint = _not_found(method, path, first)
    elif status == 401 and path.endswith(REVOKE_PATH):
        # Only the application signs this call, and no entry of ``errors`` says so.
        error, hint = exc.InvalidClientCredentials, CREDENTIALS_HINT
    elif error is exc.EndpointRestricted and REMOVED_PATH.search(path):
        hint = REMOVED_HINT
    elif status == 403 and "connected athletes exceeded" in (message or "").lower():
        error, hint = exc.AthleteCapacityExceeded, CAPACITY_HINT
    text = _text(status, reason, message, errors, error)
    if hint:
        text = f"{text}. {hint}"
        attributes["hint"] = hint
    attributes["docs"] = f"docs/errors.md#{error.__name__.lower()}"
    return Verdict(error, text, attributes)


def _match(status: int, first: exc.ErrorDetail) -> Rule:
    for rule in RULES:
        if rule.status != status:
            continue
        wanted = (rule.resource, rule.field, rule.code)
        if all(
            want is None or want.lower() == have.lower()
            for want, have in zip(wanted, first, strict=True)
        ):
            return rule
    if status >= 500:
        return Rule(
            status,
            None,
            None,
            None,
            exc.ServerFault,
            f"Strava failed, not you: try again later; {STATUS_URL} tells of outages.",
        )
    return Rule(status, None, None, None, exc.Fault, "")


def _scope_hint(field: str) -> tuple[str, str | None]:
    match = PERMISSION.match(field)
    scope = match["scope"] if match else None
    if scope is None:
        return "The athlete did not grant what this call needs.", None
    grants = f" ({SCOPES[scope]})" if scope in SCOPES else ""
    hint = (
        f"The athlete did not grant the scope {scope!r}{grants}. Send them through "
        f"the authorization page again with {scope!r} beside all the scopes that you "
        f"need (`stravalib login --scope {scope}` adds it); the token on the settings "
        "page has 'read' only."
    )
    return hint, scope


def _not_found(
    method: str, path: str, first: exc.ErrorDetail
) -> tuple[type[exc.Fault], str]:
    if REMOVED_PATH.search(path):
        return exc.EndpointRemoved, REMOVED_HINT
    if first.field == "path":
        return exc.ObjectNotFound, f"Strava has no endpoint {method} {path}."
    hint = "It does not exist, was deleted, or belongs to someone else"
    lacking = next((text for word, text in HIDDEN.items() if word in path), None)
    if lacking is not None:
        hint += f", or needs a scope that the token lacks ({lacking})"
    return exc.ObjectNotFound, f"{hint}; Strava does not tell which."


def _text(
    status: int,
    reason: str | None,
    message: str | None,
    errors: Any,
    error: type[exc.Fault],
) -> str:
    reason = reason or REASON.get(status, "")
    said = f"{message}: {errors}" if errors or message else message
    if error is exc.ApplicationInactive:
        return f"{INACTIVE_APPLICATION_MESSAGE} [{said}]"
    if status in (401, 404):
        return f"{reason}: {said}"
    kind = "Client" if status < 500 else "Server"
    return f"{status} {kind} Error: {reason} [{said}]"
