"""OAuth: https://developers.strava.com/docs/authentication/."""

from __future__ import annotations

import base64
import binascii
import hmac
from math import ceil
from typing import TYPE_CHECKING

from stravalib._facts import texts
from stravalib.emulator.accounts import Application, Pair, scope_text
from stravalib.emulator.errors import (
    ApiError,
    bad_request,
    over_capacity,
    wrong_secret,
)
from stravalib.emulator.routing import Answer, Call, Param, Route, answer
from stravalib.emulator.shapes import summary_athlete

if TYPE_CHECKING:
    from stravalib.emulator.records import Json


def _same(given: object, secret: str) -> bool:
    return hmac.compare_digest(str(given).encode(), secret.encode())


def find_application(call: Call, client_id: object) -> Application:
    """Find an application by what came as ``client_id``."""
    try:
        number = int(str(client_id))
    except ValueError:
        number = -1
    application = call.state.accounts.applications.get(number)
    if application is None:
        raise bad_request("Application", "client_id")
    return application


def application_of(call: Call) -> Application:
    """Find the application that ``client_id`` and ``client_secret`` name."""
    application = find_application(call, call.given("client_id"))
    if not _same(call.given("client_secret"), application.secret):
        raise wrong_secret()
    return application


def token_body(pair: Pair, now: float) -> Json:
    """Write a token answer, without the athlete."""
    expires_at = int(pair.token.expires_at)
    return {
        "token_type": "Bearer",
        "access_token": pair.token.value,
        "expires_at": expires_at,
        "expires_in": max(0, ceil(expires_at - now)),
        "refresh_token": pair.refresh_token,
        "scope": scope_text(pair.token.scopes),
    }


def token(call: Call) -> Answer:
    """Trade a code or a refresh token for an access token."""
    application = application_of(call)
    grant_type = call.given("grant_type")
    if grant_type is None:
        # The exchange was long documented without it.
        by_refresh = call.given("refresh_token") is not None
        grant_type = "refresh_token" if by_refresh else "authorization_code"
    if grant_type == "refresh_token":
        return _refresh(call, application)
    if grant_type == "authorization_code":
        return _exchange(call, application)
    raise bad_request("Application", "grant_type")


def _refresh(call: Call, application: Application) -> Answer:
    accounts = call.state.accounts
    given = str(call.given("refresh_token"))
    pair = accounts.refresh(application, given, call.now)
    if pair is None:
        raise bad_request("RefreshToken", "refresh_token")
    call.state.save_grant(application.id, pair.token.athlete_id)
    return answer(token_body(pair, call.now))


def _exchange(call: Call, application: Application) -> Answer:
    accounts = call.state.accounts
    text = str(call.given("code"))
    code = accounts.take_code(application, text, call.now)
    call.state.keeper.drop("code", text)
    if code is None:
        raise bad_request("AuthorizationCode", "code")
    if not accounts.has_room(application, code.athlete_id):
        raise over_capacity()
    pair = accounts.authorize(application, code.athlete_id, code.scopes, call.now)
    call.state.save_grant(application.id, code.athlete_id)
    athlete = call.state.athletes[code.athlete_id]
    body = token_body(pair, call.now)
    body["athlete"] = summary_athlete(athlete.detail)
    return answer(body)


def deauthorize(call: Call) -> Answer:
    """End the grant of the token that asks; gone in 2027-06."""
    assert call.token is not None
    value = call.token.value
    _withdraw(call, value)
    return answer({"access_token": value})


def revoke(call: Call) -> Answer:
    """End the grant that an access or a refresh token belongs to."""
    application = _basic(call)
    value = call.given("token")
    if not value:
        raise bad_request("Token", "token", "missing")
    grant = call.state.accounts.grant_of(str(value))
    if grant is not None and grant.application is application:
        _withdraw(call, str(value))
    return Answer(b"")


def _withdraw(call: Call, value: str) -> None:
    grant = call.state.accounts.grant_of(value)
    if grant is not None:
        call.state.withdraw(grant)
        call.server.events.deauthorized(grant)


def _basic(call: Call) -> Application:
    kind, _, rest = call.headers.get(b"authorization", b"").partition(b" ")
    try:
        if kind.lower() != b"basic":
            raise ValueError
        text = base64.b64decode(rest.strip(), validate=True).decode()
        client_id, _, secret = text.partition(":")
        application = find_application(call, client_id)
        if not _same(secret, application.secret):
            raise ValueError
    except (binascii.Error, ValueError, ApiError):
        body = {"message": texts.MESSAGE_UNAUTHORIZED, "errors": []}
        raise ApiError(401, body) from None
    return application


_CREDENTIALS = (
    Param("client_id", "string", "form"),
    Param("client_secret", "string", "form"),
)


_REVOKE = Route(
    "POST",
    "/oauth/revoke",
    revoke,
    "Revoke a token (since 2026-06-01)",
    "Application",
    "",
    (
        Param("token", "string", "form"),
        Param("token_type_hint", "string", "form"),
    ),
    token=False,
    oauth=True,
    statuses=(200, 400, 401),
)


def routes(*, with_deauthorize: bool, with_revoke: bool) -> tuple[Route, ...]:
    """List the token endpoints; each answers on both of its paths."""
    table: list[Route] = []
    for start in ("/oauth", "/api/v3/oauth"):
        table.append(
            Route(
                "POST",
                start + "/token",
                token,
                "Token exchange and refresh",
                "Application",
                "Token",
                (
                    *_CREDENTIALS,
                    Param("grant_type", "string", "form"),
                    Param("code", "string", "form"),
                    Param("refresh_token", "string", "form"),
                ),
                token=False,
                oauth=True,
                statuses=(200, 400, 401, 403),
            )
        )
        if with_deauthorize:
            table.append(
                Route(
                    "POST",
                    start + "/deauthorize",
                    deauthorize,
                    "Deauthorize (until 2027-06-01)",
                    "Application",
                    "Deauthorization",
                    oauth=True,
                )
            )
    if with_revoke:
        table.append(_REVOKE)
    return tuple(table)
