"""Consent: https://developers.strava.com/docs/authentication/#requestingaccess."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from typing import NamedTuple
from urllib.parse import parse_qs

from stravalib._facts.scopes import SCOPES
from stravalib.emulator.accounts import Application, scope_text
from stravalib.emulator.errors import bad_request
from stravalib.emulator.pages.consent import capacity_page, consent_page
from stravalib.emulator.redirects import allowed, back_to, form_target
from stravalib.emulator.routes.oauth import find_application
from stravalib.emulator.routing import Answer, Call, Param, Route

COOKIE = "local_strava_athlete"
_ALWAYS = "read"


class Request(NamedTuple):
    """A valid request for consent."""

    application: Application
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str
    force: bool


def _read(call: Call) -> Request:
    application = find_application(call, call.given("client_id"))
    redirect_uri = str(call.given("redirect_uri") or "")
    if not allowed(redirect_uri, application.callback_domain):
        raise bad_request("Application", "redirect_uri")
    if call.given("response_type") != "code":
        raise bad_request("Authorize", "response_type")
    text = str(call.query.get("scope") or "")
    scopes = text.replace(",", " ").split()
    if not scopes or len(set(scopes)) < len(scopes) or not set(scopes) <= set(SCOPES):
        raise bad_request("Authorize", "scope")
    prompt = call.given("approval_prompt") or "auto"
    if prompt not in ("auto", "force"):
        raise bad_request("Authorize", "approval_prompt")
    return Request(
        application,
        redirect_uri,
        tuple(scopes),
        str(call.query.get("state") or ""),
        prompt == "force",
    )


def show(call: Call) -> Answer:
    """Show the consent page, or go straight back if all was granted before."""
    request = _read(call)
    athlete_id = _who(call)
    grants = call.state.accounts.grants
    grant = grants.get((request.application.id, athlete_id or 0))
    if athlete_id and grant and not request.force:
        wanted = {_ALWAYS, *request.scopes}
        if wanted <= grant.scopes:
            return _back_with_code(call, request, athlete_id, grant.scopes)
    hidden = {
        "client_id": str(request.application.id),
        "redirect_uri": request.redirect_uri,
        "response_type": "code",
    }
    return consent_page(
        request.application,
        request.scopes,
        list(call.state.athletes.values()),
        athlete_id,
        hidden,
        form_target(request.redirect_uri),
    )


def decide(call: Call) -> Answer:
    """Take the decision and send the browser back."""
    request = _read(call)
    if call.given("decision") != "authorize":
        answers = {"state": request.state, "error": "access_denied"}
        return _redirect(back_to(request.redirect_uri, answers))
    try:
        athlete_id = int(str(call.given("athlete_id") or _who(call)))
    except ValueError:
        athlete_id = -1
    if athlete_id not in call.state.athletes:
        raise bad_request("Athlete", "id")
    if not call.state.accounts.has_room(request.application, athlete_id):
        return capacity_page(request.application)
    ticked = _ticked(call)
    granted = {scope for scope in request.scopes if scope in ticked} | {_ALWAYS}
    return _back_with_code(call, request, athlete_id, frozenset(granted))


def _ticked(call: Call) -> set[str]:
    """Read all boxes; a repeated name keeps only its last value elsewhere."""
    values = parse_qs(call.body.decode("latin-1")).get("scope", [])
    return {scope for value in values for scope in value.replace(",", " ").split()}


def _who(call: Call) -> int | None:
    """Tell which athlete this browser was last, or the only one there is."""
    cookies: SimpleCookie = SimpleCookie()
    try:
        cookies.load(call.headers.get(b"cookie", b"").decode("latin-1"))
        number = int(cookies[COOKIE].value)
    except (CookieError, KeyError, ValueError):
        number = -1
    if number in call.state.athletes:
        return number
    if len(call.state.athletes) == 1:
        return next(iter(call.state.athletes))
    return None


def _back_with_code(
    call: Call, request: Request, athlete_id: int, scopes: frozenset[str]
) -> Answer:
    code = call.state.make_code(request.application, athlete_id, scopes)
    answers = {
        "state": request.state,
        "code": code,
        "scope": scope_text(scopes),
    }
    reply = _redirect(back_to(request.redirect_uri, answers))
    cookie = f"{COOKIE}={athlete_id}; Path=/oauth; HttpOnly; SameSite=Lax"
    reply.headers.append((b"set-cookie", cookie.encode()))
    return reply


def _redirect(url: str) -> Answer:
    location = url.encode("ascii", "ignore")
    headers = [(b"location", location), (b"cache-control", b"no-store")]
    return Answer(b"", 302, b"text/html; charset=utf-8", headers)


_PARAMS = tuple(
    Param(name)
    for name in (
        "client_id",
        "redirect_uri",
        "response_type",
        "scope",
        "approval_prompt",
        "state",
    )
)

ROUTES: tuple[Route, ...] = tuple(
    Route(
        method,
        path,
        handler,
        about,
        "Application",
        "html",
        _PARAMS,
        token=False,
        oauth=True,
        statuses=(200, 302, 400, 403),
    )
    for path in (
        "/oauth/authorize",
        "/oauth/mobile/authorize",
        "/api/v3/oauth/authorize",
    )
    for method, handler, about in (
        ("GET", show, "Ask for consent"),
        ("POST", decide, "Decide about consent (the page's own form)"),
    )
)
