"""The emulator's own endpoints under ``/_emulator``: what Strava has no API for."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from stravalib._facts.scopes import SCOPES
from stravalib.emulator.accounts import ROTATIONS
from stravalib.emulator.errors import bad_request, not_found
from stravalib.emulator.faults import KINDS
from stravalib.emulator.jsonio import loads
from stravalib.emulator.routing import Answer, Call, Param, Route, answer
from stravalib.emulator.site import (
    VISIBILITIES,
    change_activity,
    change_athlete,
    list_applications,
    put_application,
    withdraw,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from stravalib.emulator.records import Json

PREFIX = "/_emulator"


def show_clock(call: Call) -> Answer:
    """Tell the time."""
    clock = call.state.clock
    return answer(
        {"now": clock.now(), "iso": clock.utc().isoformat(), "frozen": clock.frozen}
    )


def set_clock(call: Call) -> Answer:
    """Move (``move`` seconds), set (``to`` epoch or ISO) or freeze the clock."""
    clock = call.state.clock
    move, to, frozen = call.args["move"], call.args["to"], call.args["frozen"]
    if move is None and to is None and frozen is None:
        raise bad_request("Clock", "move, to or frozen", "missing_field")
    try:
        if to is not None:
            clock.set(_moment(to))
        if move is not None:
            clock.move(move)
    except (ValueError, OverflowError, OSError):
        raise bad_request("Clock", "to") from None
    if frozen is True:
        clock.freeze()
    elif frozen is False:
        clock.release()
    call.state.keeper.put("clock", "", clock.to_json())
    return show_clock(call)


def _moment(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return datetime.fromisoformat(text).timestamp()


def list_faults(call: Call) -> Answer:
    """List the rules in force and the kinds there are."""
    return answer({"rules": call.server.faults.to_list(), "kinds": KINDS})


def add_fault(call: Call) -> Answer:
    """Put a rule in force."""
    args = {name: value for name, value in call.args.items() if value is not None}
    try:
        rule = call.server.faults.add(**args)
    except ValueError as error:
        raise bad_request("Fault", str(error)) from None
    return answer({"id": rule.id}, 201)


def remove_faults(call: Call) -> Answer:
    """Lift one rule (``id``) or all."""
    return answer({"removed": call.server.faults.remove(call.args["id"])})


def list_requests(call: Call) -> Answer:
    """List the last requests, newest first."""
    items = list(call.server.requests)[::-1][: call.args["limit"]]
    shown: list[Json] = [
        {
            "time": item.time,
            "method": item.method,
            "path": item.path,
            "query": item.query,
            "fields": item.fields,
            "headers": item.headers,
            "status": item.status,
            "athlete_id": item.athlete_id,
            "application_id": item.application_id,
            "fault": item.fault,
        }
        for item in items
    ]
    return answer(shown)


def clear_requests(call: Call) -> Answer:
    """Forget the recorded requests."""
    call.server.requests.clear()
    return Answer(b"", 204)


def make_token(call: Call) -> Answer:
    """Grant scopes without a consent page and give an access token."""
    state = call.state
    athlete_id = call.args["athlete_id"] or next(iter(state.athletes), 0)
    application_id = call.args["application_id"] or next(
        iter(state.accounts.applications)
    )
    application = state.accounts.applications.get(application_id)
    if athlete_id not in state.athletes:
        raise not_found("Athlete")
    if application is None:
        raise not_found("Application")
    text = call.args["scope"]
    scopes = list(SCOPES) if text is None else text.replace(",", " ").split()
    if not set(scopes) <= set(SCOPES):
        raise bad_request("Authorize", "scope")
    pair = state.accounts.authorize(application, athlete_id, scopes, call.now)
    state.save_grant(application.id, athlete_id)
    from stravalib.emulator.routes.oauth import token_body

    return answer(token_body(pair, call.now), 201)


def reset_limits(call: Call) -> Answer:
    """Set the counters to zero, or other ``limits`` (four numbers with commas)."""
    text = call.args["limits"]
    for application in call.state.accounts.applications.values():
        if text is not None:
            try:
                first, second, third, fourth = (int(part) for part in text.split(","))
            except ValueError:
                raise bad_request("Limits", "limits") from None
            application.set_limits((first, second, third, fourth))
            call.state.save_application(application)
        else:
            application.set_limits(application.limits)
    return answer({"applications": len(call.state.accounts.applications)})


def fire(call: Call) -> Answer:
    """Send an event to the subscriptions: any event, or a replay of one.

    ``replay`` counts deliveries from the newest, 0 first; otherwise the fields of the
    event are taken as they come.
    """
    events = call.server.events
    if call.args["replay"] is not None:
        past = list(events.deliveries)[::-1]
        if not 0 <= call.args["replay"] < len(past):
            raise not_found("Delivery")
        events.replay(past[call.args["replay"]])
        return answer({"sent": 1}, 202)
    updates = call.args["updates"]
    event: dict[str, Any] = {
        name: call.args[name]
        for name in ("object_type", "aspect_type", "object_id", "owner_id")
        if call.args[name] is not None
    }
    if isinstance(updates, str) and updates:
        try:
            event["updates"] = loads(updates)
        except ValueError:
            raise bad_request("Event", "updates") from None
    elif isinstance(updates, dict):
        event["updates"] = updates
    if (
        call.args["owner_id"] is None
        and call.args["object_id"] in call.state.activities
    ):
        entry = call.state.activities[call.args["object_id"]]
        event["owner_id"] = entry.athlete_id
    sent = [
        events.send(subscription.application_id, event)
        for subscription in list(events.subscriptions.values())
    ]
    return answer({"sent": len(sent)}, 202)


def list_deliveries(call: Call) -> Answer:
    """List the deliveries of events, newest first."""
    return answer(call.server.events.to_list())


def _returning(handler: Callable[[Call], Answer]) -> Callable[[Call], Answer]:
    """Let a form of the pages say where the browser goes afterwards (``back``)."""

    def answered(call: Call) -> Answer:
        reply = handler(call)
        back = str(call.fields.get("back") or "")
        # A path on this server, never another one.
        if re.match(r"/(?![/\\])[\w/?=&#.-]*\Z", back):
            return Answer(b"", 303, b"text/html", [(b"location", back.encode())])
        return reply

    return answered


def _own(
    method: str,
    path: str,
    handler: Callable[[Call], Answer],
    about: str,
    *params: Param,
) -> Route:
    return Route(
        method,
        PREFIX + path,
        _returning(handler) if method == "POST" else handler,
        about,
        "LocalStrava",
        params=params,
        token=False,
        oauth=True,
        statuses=(200, 201, 202, 204, 400, 404),
    )


ROUTES: tuple[Route, ...] = (
    _own("GET", "/clock", show_clock, "Tell the time"),
    _own(
        "POST",
        "/clock",
        set_clock,
        "Move, set or freeze the clock",
        Param("move", "number", "form"),
        Param("to", "string", "form"),
        Param("frozen", "boolean", "form"),
    ),
    _own("GET", "/faults", list_faults, "List fault rules"),
    _own(
        "POST",
        "/faults",
        add_fault,
        "Add a fault rule",
        Param("kind", "string", "form", required=True, choices=tuple(KINDS)),
        Param("value", "string", "form"),
        Param("path", "string", "form"),
        Param("method", "string", "form"),
        Param("count", "integer", "form", minimum=1, maximum=1_000_000),
        Param("skip", "integer", "form", minimum=0, maximum=1_000_000),
        Param("probability", "number", "form", minimum=0, maximum=1),
    ),
    _own(
        "DELETE", "/faults", remove_faults, "Lift fault rules", Param("id", "integer")
    ),
    _own(
        "POST",
        "/faults/lift",
        remove_faults,
        "Lift fault rules (for forms)",
        Param("id", "integer", "form"),
    ),
    _own("POST", "/requests/forget", clear_requests, "Forget requests (for forms)"),
    _own(
        "GET",
        "/requests",
        list_requests,
        "List recorded requests",
        Param("limit", "integer", minimum=1, maximum=5000, default=100),
    ),
    _own("DELETE", "/requests", clear_requests, "Forget recorded requests"),
    _own(
        "POST",
        "/token",
        make_token,
        "Make an access token",
        Param("athlete_id", "integer", "form"),
        Param("application_id", "integer", "form"),
        Param("scope", "string", "form"),
    ),
    _own("GET", "/applications", list_applications, "List applications"),
    _own(
        "POST",
        "/applications",
        put_application,
        "Add or change an application",
        Param("id", "integer", "form", minimum=1, maximum=10**12),
        Param("name", "string", "form"),
        Param("callback_domain", "string", "form"),
        Param("capacity", "integer", "form", minimum=0, maximum=10**9),
        Param("active", "boolean", "form"),
        Param("extended", "boolean", "form"),
        Param("rotation", "string", "form", choices=ROTATIONS),
    ),
    _own(
        "POST",
        "/athletes/{id}",
        change_athlete,
        "Change an athlete's subscription",
        Param("id", "integer", "path", required=True),
        Param("subscriber", "boolean", "form", required=True),
    ),
    _own(
        "POST",
        "/withdraw",
        withdraw,
        "Let an athlete leave an application, as on the site",
        Param("application_id", "integer", "form", required=True),
        Param("athlete_id", "integer", "form", required=True),
    ),
    _own(
        "POST",
        "/limits",
        reset_limits,
        "Reset or set rate limits",
        Param("limits", "string", "form"),
    ),
    _own(
        "POST",
        "/events",
        fire,
        "Send or replay a webhook event",
        Param("object_type", "string", "form", choices=("activity", "athlete")),
        Param("aspect_type", "string", "form", choices=("create", "update", "delete")),
        Param("object_id", "integer", "form"),
        Param("owner_id", "integer", "form"),
        Param("updates", "any", "form"),
        Param("replay", "integer", "form"),
    ),
    _own("GET", "/events", list_deliveries, "List deliveries of events"),
    _own(
        "POST",
        "/activities/{id}",
        change_activity,
        "Delete an activity or change its visibility, as on the site",
        Param("id", "integer", "path", required=True),
        Param("visibility", "string", "form", choices=VISIBILITIES),
        Param("delete", "boolean", "form"),
    ),
)
