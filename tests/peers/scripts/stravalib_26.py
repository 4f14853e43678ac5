"""Drive stravalib 2.6.0 through every method, with nothing but another host.

    python stravalib_26.py ORIGIN

Run by the tests with the interpreter of an environment that has it. What it needs to
know comes as JSON in the variable PEER_GIVEN; prints JSON: the public methods, and what
became of each call. The client's own parameter ``requests_session`` takes the requests
to another host.
"""

from __future__ import annotations

import inspect
import io
import json
import os
import sys
import warnings
from datetime import datetime, timedelta

import requests
from requests.adapters import HTTPAdapter

warnings.simplefilter("ignore")
os.environ["SILENCE_TOKEN_WARNINGS"] = "true"

origin = sys.argv[1]
given = json.loads(os.environ["PEER_GIVEN"])
os.environ["STRAVA_CLIENT_ID"] = str(given["clientId"])
os.environ["STRAVA_CLIENT_SECRET"] = given["secret"]
sent: list[str] = []
calls: dict[str, dict[str, object]] = {}


class ToTheLocalStrava(HTTPAdapter):
    """Sends what is meant for www.strava.com to the local Strava."""

    def send(self, request, *args, **kwargs):
        host = "https://www.strava.com"
        assert request.url.startswith(host + "/"), request.url
        request.url = origin + request.url[len(host) :]
        sent.append(f"{request.method} {request.path_url.partition('?')[0]}")
        return super().send(request, *args, **kwargs)


session = requests.Session()
session.mount("https://", ToTheLocalStrava())

import stravalib.model  # noqa: E402
from stravalib import Client  # noqa: E402
from stravalib.client import ActivityUploader, BatchedResultsIterator  # noqa: E402
from stravalib.protocol import ApiV3  # noqa: E402


def surface():
    """Name the public methods and properties, and the lazy ones of models."""
    for owner in (Client, ActivityUploader, BatchedResultsIterator, ApiV3):
        for name, member in inspect.getmembers(owner):
            if not name.startswith("_") and (
                callable(member) or isinstance(member, property)
            ):
                yield f"{owner.__name__}.{name}"
    bound = stravalib.model.BoundClientEntity
    for name, owner in vars(stravalib.model).items():
        if isinstance(owner, type) and issubclass(owner, bound):
            for part, member in vars(owner).items():
                if isinstance(member, property) and not part.startswith("_"):
                    yield f"{name}.{part}"


def describe(value):
    if isinstance(value, (list, tuple)):
        return f"{len(value)} items"
    if isinstance(value, dict):
        return f"dict of {len(value)}"
    number = getattr(value, "id", None)
    return type(value).__name__ + (f" {number}" if number is not None else "")


def refusal(error):
    """Name what Strava answered, or what the client said where it sent nothing."""
    response = getattr(error, "response", None)
    if response is None:
        return f"{type(error).__name__}: {error}"[:300]
    try:
        first = response.json()["errors"][0]
        parts = "/".join(first[name] for name in ("resource", "field", "code"))
    except (ValueError, LookupError, TypeError):
        parts = response.text[:200]
    return f"{response.status_code} {parts}"


def attempt(label, function, /, *args, **kwargs):
    before = len(sent)
    value = None
    try:
        value = function(*args, **kwargs)
        if isinstance(value, BatchedResultsIterator):
            value = list(value)
        outcome, said = "ok", describe(value)
    except Exception as error:
        said = refusal(error)
        # Strava's texts about an upload come without an HTTP error
        expected = said[:1].isdigit() or type(error).__name__.startswith("Activity")
        outcome = "refused" if expected else "failed"
    assert label not in calls, label
    calls[label] = {"outcome": outcome, "value": said, "sent": sent[before:]}
    return value


activity, club, gear = given["activity"], given["club"], given["gear"]
athlete, segment = given["athlete"], given["segment"]
route, effort = int(given["route"]), int(given["effort"])
application = (given["clientId"], given["secret"])
places = (46.0, 10.0, 49.0, 13.0)

client = Client(given["token"], requests_session=session)
api = client.protocol


def call(name, /, *args, label="", **kwargs):
    return attempt(f"Client.{name}{label}", getattr(client, name), *args, **kwargs)


# OAuth
call("authorization_url", given["clientId"], "http://localhost/x", scope="read")
attempt("ApiV3.authorization_url", api.authorization_url, application[0], "http://h/")
call("exchange_code_for_token", *application, given["code"], return_athlete=True)
attempt(
    "ApiV3.exchange_code_for_token", api.exchange_code_for_token, *application, "used"
)
call("refresh_access_token", *application, given["refresh"])
attempt(
    "ApiV3.refresh_access_token",
    api.refresh_access_token,
    *application,
    given["refresh"],
)
attempt("Client.access_token", lambda: client.access_token)
attempt("Client.refresh_token", lambda: client.refresh_token)
attempt("Client.token_expires", lambda: client.token_expires)
late = Client(
    given["token"],
    requests_session=session,
    token_expires=1,
    refresh_token=given["refresh"],
)
attempt("ApiV3.refresh_expired_token", late.protocol.refresh_expired_token)
late.token_expires = 1
attempt("Client.get_athlete (token expired)", late.get_athlete)

# Athletes
me = call("get_athlete")
call("update_athlete", weight=70.5)
call("get_athlete_zones")
call("get_athlete_koms", athlete)
call("get_athlete_stats")
call("get_athlete_stats", athlete, label=" (by id)")
call("get_athlete_clubs")
call("get_athlete_starred_segments", athlete)
attempt("MetaAthlete.stats", lambda: me.stats)

# Activities
call("get_activities")
call("get_activities", after=datetime(2020, 1, 1), limit=7, label=" (after)")
call("get_activities", before=datetime(2020, 1, 1), label=" (before)")
one = call("get_activity", activity, include_all_efforts=True)
for part in ("comments", "full_photos", "kudos", "zones"):
    attempt(f"MetaActivity.{part}", lambda part=part: getattr(one, part))
call(
    "create_activity",
    "Peer",
    datetime(2024, 5, 4, 10, 30),
    timedelta(minutes=90),
    activity_type="Ride",
    distance=1000.5,
    trainer=True,
)
call("create_activity", "P", "2024-05-05T10:30:00", 60, "Run", label=" (text)")
call("update_activity", activity, name="Renamed", commute=True, hide_from_home=True)
call("update_activity", 1, name="Renamed", label=" (unknown)")
call("get_activity_comments", activity)
call("get_activity_kudos", activity)
call("get_activity_photos", activity, size=600)
call("get_activity_laps", activity)
call("get_activity_zones", activity)

# Uploads
file = given["gpx"].encode()
upload = call("upload_activity", io.BytesIO(file), "gpx", name="Sent")
attempt("ActivityUploader.is_processing", lambda: upload.is_processing)
attempt("ActivityUploader.poll", upload.poll)
attempt("ActivityUploader.wait", upload.wait, timeout=30, poll_interval=0.02)
attempt("ActivityUploader.is_complete", lambda: upload.is_complete)
attempt("ActivityUploader.is_error", lambda: upload.is_error)
attempt("ActivityUploader.photo_metadata", lambda: upload.photo_metadata)
attempt("ActivityUploader.raise_for_error", upload.raise_for_error)
attempt("ActivityUploader.upload_photo", upload.upload_photo, b"x")
attempt(
    "ActivityUploader.update_from_response",
    lambda: upload.update_from_response(api.get("/uploads/{id}", id=upload.upload_id)),
)
again = call("upload_activity", io.BytesIO(file), "gpx", label=" (again)")
attempt("ActivityUploader.wait (again)", again.wait, timeout=30, poll_interval=0.02)

# Streams
both = ["time", "latlng"]
call("get_activity_streams", activity, types=both)
call("get_activity_streams", activity, both, "low", "time", label=" (low)")
call("get_effort_streams", effort, types=["time"])
call("get_segment_streams", segment)
call("get_route_streams", route)

# Gear, segments, routes
call("get_gear", gear)
call("get_segment", segment)
call("get_segment_effort", effort)
call("get_starred_segments")
call("get_segment_efforts", segment)
call(
    "get_segment_efforts",
    segment,
    start_date_local=datetime(2026, 1, 1),
    end_date_local=datetime(2026, 1, 2),
    label=" (dates)",
)
explored = call("explore_segments", places, activity_type="running")
# where exploring is refused, its result is made by hand
found = explored or [
    stravalib.model.SegmentExplorerResult(id=segment, bound_client=client)
]
attempt("SegmentExplorerResult.segment", lambda: found[0].segment)
call("get_routes")
call("get_routes", athlete, limit=1, label=" (by id)")
call("get_route", route)

# Clubs
river = call("get_club", club)
attempt("MetaClub.members", lambda: river.members)
attempt("MetaClub.activities", lambda: river.activities)
for name in (
    "get_club_members",
    "get_club_admins",
    "get_club_activities",
    "join_club",
    "leave_club",
):
    call(name, club)

# Webhooks
subscription = call("create_subscription", *application, given["callback"])
call("create_subscription", *application, given["callback"], label=" (second)")
call("list_subscriptions", *application)
call("delete_subscription", subscription.id, *application)
call(
    "handle_subscription_callback",
    {
        "hub.mode": "subscribe",
        "hub.verify_token": "STRAVA",
        "hub.challenge": "15f7",
    },
)
call(
    "handle_subscription_update",
    {
        "object_type": "activity",
        "object_id": activity,
        "aspect_type": "update",
        "updates": {"title": "New"},
        "owner_id": athlete,
        "subscription_id": subscription.id,
        "event_time": 1795608000,
    },
)

# Pages
pages = BatchedResultsIterator(
    stravalib.model.SummaryActivity,
    lambda **page: api.get("/athlete/activities", **page),
    bind_client=client,
    per_page=3,
)
attempt("BatchedResultsIterator.next", pages.next)
attempt("BatchedResultsIterator.reset", pages.reset)
attempt("BatchedResultsIterator.next (all)", lambda: list(pages))

# Bare requests
attempt("ApiV3.get", api.get, "/athlete")
attempt("ApiV3.get (unknown path)", api.get, "/nothing")
attempt("ApiV3.put", api.put, "/athlete", weight=71.0)
attempt(
    "ApiV3.post",
    api.post,
    "/activities",
    name="P",
    sport_type="Run",
    start_date_local="2024-05-06T10:30:00Z",
    elapsed_time=60,
)
attempt("ApiV3.delete", api.delete, "/activities/{id}", id=activity)
attempt("ApiV3.resolve_url", api.resolve_url, "/athlete")

call("deauthorize")
call("get_athlete", label=" (deauthorized)")
json.dump({"surface": sorted(set(surface())), "calls": calls}, sys.stdout)
