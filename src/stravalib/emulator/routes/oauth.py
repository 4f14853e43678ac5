"""OAuth: https://developers.strava.com/docs/authentication/."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from stravalib.emulator.accounts import Application, Pair, scope_text
from stravalib.emulator.errors import bad_request, over_capacity, wrong_secret
from stravalib.emulator.routing import Answer, Call, Route, answer
from stravalib.emulator.shapes import summary_athlete

if TYPE_CHECKING:
    from stravalib.emulator.records import Json


def application_of(call: Call) -> Application:
    """Find the application that ``client_id`` and ``client_secret`` name."""
    try:
        number = int(str(call.given("client_id")))
    except ValueError:
        number = -1
    application = call.state.accounts.applications.get(number)
    if application is None:
        raise bad_request("Application", "client_id")
    if call.given("client_secret") != application.secret:
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
        # Strava's own examples of the exchange long went without it.
        grant_type = "refresh_token" if call.given("refresh_token") else None
        grant_type = grant_type or "authorization_code"
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
    call.state.save_grant(pair.token.application.id, pair.token.athlete_id)
    return answer(token_body(pair, call.now))


def _exchange(call: Call, application: Application) -> Answer:
    accounts = call.state.accounts
    code = accounts.take_code(application, str(call.given("code")), call.now)
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


ROUTES = tuple(
    Route(
        "POST",
        path,
        token,
        "Token exchange and refresh",
        "Application",
        "Token",
        token=False,
        oauth=True,
    )
    for path in ("/oauth/token", "/api/v3/oauth/token")
)
