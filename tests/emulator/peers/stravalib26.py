"""Drive stravalib 2.6.0 through every method, with nothing but another host.

Run by the test with the interpreter of an environment that has it; prints JSON: the
outcome of each call.
"""

from __future__ import annotations

import io
import json
import sys
import warnings
from datetime import datetime, timedelta

import requests
from requests.adapters import HTTPAdapter

warnings.simplefilter("ignore")

origin, token, client_id, client_secret, refresh_token, code, callback = sys.argv[1:8]
known = json.loads(sys.argv[8])


class ToTheEmulator(HTTPAdapter):
    """Sends what is meant for www.strava.com to the emulator."""

    def send(self, request, *args, **kwargs):
        for host in ("https://www.strava.com", "https://api.strava.com"):
            if request.url.startswith(host):
                request.url = origin + request.url[len(host) :]
        return super().send(request, *args, **kwargs)


session = requests.Session()
session.mount("https://", ToTheEmulator())

from stravalib import Client  # noqa: E402

outcomes = {}


def outcome(value):
    if isinstance(value, (list, tuple)):
        return f"{len(value)} items"
    return type(value).__name__


def attempt(label, function, /, *args, **kwargs):
    try:
        value = function(*args, **kwargs)
        if hasattr(value, "__next__") or type(value).__name__.startswith("Batched"):
            value = list(value)
        outcomes[label] = outcome(value)
        return value
    except Exception as error:
        status = getattr(getattr(error, "response", None), "status_code", None)
        outcomes[label] = f"{type(error).__name__} {status}"
        if status is None:
            outcomes[label] += f" {error}"[:300]
        return None


client = Client(access_token=token, requests_session=session)
activity, club, gear = known["activity"], known["club"], known["gear"]
route, segment, effort = known["route"], known["segment"], known["effort"]

attempt(
    "exchange_code_for_token",
    client.exchange_code_for_token,
    client_id=int(client_id),
    client_secret=client_secret,
    code=code,
)
attempt(
    "refresh_access_token",
    client.refresh_access_token,
    client_id=int(client_id),
    client_secret=client_secret,
    refresh_token=refresh_token,
)
attempt("get_athlete", client.get_athlete)
attempt("update_athlete", client.update_athlete, weight=70.5)
attempt("get_athlete_zones", client.get_athlete_zones)
attempt("get_athlete_koms", client.get_athlete_koms, known["athlete"])
attempt("get_athlete_stats", client.get_athlete_stats)
attempt("get_athlete_clubs", client.get_athlete_clubs)
attempt(
    "get_athlete_starred_segments",
    client.get_athlete_starred_segments,
    known["athlete"],
)
attempt("get_activities", client.get_activities)
attempt(
    "get_activities after",
    client.get_activities,
    after=datetime(2020, 1, 1),
    limit=7,
)
attempt("get_activity", client.get_activity, activity, include_all_efforts=True)
created = attempt(
    "create_activity",
    client.create_activity,
    name="Peer",
    start_date_local=datetime(2024, 5, 4, 10, 30),
    elapsed_time=timedelta(minutes=90),
    activity_type="Ride",
    distance=1000.5,
    trainer=True,
)
attempt(
    "update_activity",
    client.update_activity,
    activity,
    name="Renamed",
    commute=True,
    hide_from_home=True,
)
upload = attempt(
    "upload_activity",
    client.upload_activity,
    io.BytesIO(known["gpx"].encode()),
    data_type="gpx",
    name="Sent",
)
if upload is not None:
    attempt("upload wait", upload.wait, timeout=30, poll_interval=0.1)
attempt("get_activity_comments", client.get_activity_comments, activity)
attempt("get_activity_kudos", client.get_activity_kudos, activity)
attempt("get_activity_photos", client.get_activity_photos, activity, size=600)
attempt("get_activity_laps", client.get_activity_laps, activity)
attempt("get_activity_zones", client.get_activity_zones, activity)
attempt(
    "get_activity_streams",
    client.get_activity_streams,
    activity,
    types=["time", "latlng"],
)
attempt("get_gear", client.get_gear, gear)
attempt("get_segment_effort", client.get_segment_effort, effort)
attempt("get_segment", client.get_segment, segment)
attempt("get_starred_segments", client.get_starred_segments)
attempt("get_segment_efforts", client.get_segment_efforts, segment)
attempt("explore_segments", client.explore_segments, (46.0, 10.0, 49.0, 13.0))
attempt("get_effort_streams", client.get_effort_streams, effort, types=["time"])
attempt("get_segment_streams", client.get_segment_streams, segment)
attempt("get_routes", client.get_routes)
attempt("get_route", client.get_route, route)
attempt("get_route_streams", client.get_route_streams, route)
attempt("get_club", client.get_club, club)
attempt("get_club_members", client.get_club_members, club)
attempt("get_club_admins", client.get_club_admins, club)
attempt("get_club_activities", client.get_club_activities, club)
attempt("join_club", client.join_club, club)
attempt("leave_club", client.leave_club, club)
subscription = attempt(
    "create_subscription",
    client.create_subscription,
    int(client_id),
    client_secret,
    callback,
)
attempt("list_subscriptions", client.list_subscriptions, int(client_id), client_secret)
if subscription is not None:
    attempt(
        "delete_subscription",
        client.delete_subscription,
        subscription.id,
        int(client_id),
        client_secret,
    )
attempt("deauthorize", client.deauthorize)
attempt("get_athlete after that", client.get_athlete)
sys.stdout.write(json.dumps(outcomes))
