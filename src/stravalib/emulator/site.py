"""What athletes and developers do on Strava's site, for which there is no API."""

from __future__ import annotations

from dataclasses import replace

from stravalib.emulator.errors import bad_request, not_found
from stravalib.emulator.routing import Answer, Call, answer

_APPLICATION_FIELDS = (
    "name",
    "callback_domain",
    "capacity",
    "active",
    "extended",
    "rotation",
)
VISIBILITIES = ("everyone", "followers_only", "only_me")


def list_applications(call: Call) -> Answer:
    """List the applications; their secrets are for whoever sits at this machine."""
    return answer([app.to_json() for app in call.state.accounts.applications.values()])


def put_application(call: Call) -> Answer:
    """Add an application, or change the one with this ``id``."""
    state = call.state
    fields = {
        name: call.args[name]
        for name in _APPLICATION_FIELDS
        if call.args[name] is not None
    }
    application = state.accounts.applications.get(call.args["id"] or 0)
    try:
        if application is None:
            known = {"id": call.args["id"]} if call.args["id"] else {}
            application = state.new_application(**fields, **known)
            state.add_application(application)
            return answer(application.to_json(), 201)
        replace(application, **fields)  # checks the values
    except ValueError as error:
        raise bad_request("Application", str(error)) from None
    for name, value in fields.items():
        setattr(application, name, value)
    state.save_application(application)
    return answer(application.to_json())


def change_athlete(call: Call) -> Answer:
    """Give an athlete a subscription or take it away."""
    athlete = call.state.athletes.get(call.args["id"])
    if athlete is None:
        raise not_found("Athlete")
    athlete.subscriber = call.args["subscriber"]
    athlete.detail = athlete.detail | {
        "premium": athlete.subscriber,
        "summit": athlete.subscriber,
    }
    call.state.save_athlete(athlete)
    return answer(athlete.detail)


def withdraw(call: Call) -> Answer:
    """Let an athlete leave an application, as on the site's list of connections."""
    key = (call.args["application_id"], call.args["athlete_id"])
    grant = call.state.accounts.grants.get(key)
    if grant is None:
        raise not_found("Grant")
    call.state.withdraw(grant)
    call.server.events.deauthorized(grant)
    return Answer(b"", 204)


def change_activity(call: Call) -> Answer:
    """Do what an athlete can do on the site: delete, or change who may see it."""
    entry = call.state.activities.get(call.args["id"])
    if entry is None:
        raise not_found("Activity")
    if call.args["delete"]:
        call.server.delete_activity(entry.id)
        return Answer(b"", 204)
    visibility = call.args["visibility"]
    if visibility is None:
        raise bad_request("Activity", "visibility")
    call.server.set_visibility(entry.id, visibility)
    return answer(entry.detail)
