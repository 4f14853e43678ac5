"""Webhook subscriptions: https://developers.strava.com/docs/webhooks/."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stravalib.emulator.errors import bad_request, inactive, not_found
from stravalib.emulator.limits import subscription_headers
from stravalib.emulator.routes.oauth import application_of
from stravalib.emulator.routing import Answer, Call, Param, Route, answer

if TYPE_CHECKING:
    from stravalib.emulator.accounts import Application

_LONGEST_URL = 255


def _application(call: Call) -> Application:
    application = application_of(call)
    if call.state.profile.needs_subscription and not application.active:
        raise inactive()
    return application


def _with_headers(reply: Answer, application: Application) -> Answer:
    reply.headers.extend(subscription_headers(application.limits))
    return reply


async def create(call: Call) -> Answer:
    """Subscribe; the callback is asked before the answer."""
    application = _application(call)
    url = str(call.given("callback_url") or "")
    verify_token = call.given("verify_token")
    if not url or len(url) > _LONGEST_URL:
        raise bad_request("PushSubscription", "callback url", "invalid")
    if verify_token is None:
        raise bad_request("PushSubscription", "verify_token", "invalid")
    made = await call.server.events.subscribe(application, url, str(verify_token))
    return _with_headers(answer(made.show(), 201), application)


def show(call: Call) -> Answer:
    """List the subscription of the application, if there is one."""
    application = _application(call)
    found = call.server.events.of(application.id)
    return _with_headers(answer([found.show()] if found else []), application)


def delete(call: Call) -> Answer:
    """Unsubscribe."""
    application = _application(call)
    found = call.server.events.subscriptions.get(call.args["id"])
    if found is None or found.application_id != application.id:
        raise not_found("PushSubscription")
    call.server.events.unsubscribe(found)
    return _with_headers(Answer(b"", 204, b""), application)


_FORM = tuple(
    Param(name, "string", "form")
    for name in ("client_id", "client_secret", "callback_url", "verify_token")
)
_QUERY = tuple(Param(name) for name in ("client_id", "client_secret"))

ROUTES: tuple[Route, ...] = (
    Route(
        "POST",
        "/push_subscriptions",
        create,
        "Subscribe to events",
        "PushSubscription",
        "PushSubscription",
        _FORM,
        token=False,
        statuses=(201, 400, 401, 403),
    ),
    Route(
        "GET",
        "/push_subscriptions",
        show,
        "List subscriptions",
        "PushSubscription",
        "PushSubscription[]",
        _QUERY,
        token=False,
        statuses=(200, 400, 401, 403),
    ),
    Route(
        "DELETE",
        "/push_subscriptions/{id}",
        delete,
        "Unsubscribe from events",
        "PushSubscription",
        "",
        (Param("id", "integer", "path", required=True), *_QUERY),
        token=False,
        statuses=(204, 400, 401, 403, 404),
    ),
)
