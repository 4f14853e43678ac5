"""Every method of the clients, called on the local Strava; one list for all clients."""

from __future__ import annotations

import inspect
import io
import warnings
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from backends import APPLICATION, SECRET, settle
from small_world import (
    ANNA,
    BERT,
    CLUB,
    EFFORT,
    HIDDEN,
    MANUAL,
    NEIGHBOURS,
    PRIVATE_ROUTE,
    ROUTE,
    RUN,
    SEGMENT,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from stravalib.emulator import LocalStrava

GPX = b"""<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="contract" xmlns="http://www.topografix.com/GPX/1/1">
<trk><name>Contract</name><type>running</type><trkseg>
%s
</trkseg></trk></gpx>""" % b"\n".join(
    b'<trkpt lat="%.5f" lon="11.50000"><ele>600</ele>'
    b"<time>2026-11-24T06:%02d:%02dZ</time></trkpt>"
    % (47.0 + second / 20000, second // 60, second % 60)
    for second in range(0, 600, 5)
)


@dataclass(frozen=True)
class Case:
    """One call and what it must give, checked once; the others must agree with it."""

    name: str
    action: Callable[[Any], Any]
    expected: str

    def __str__(self) -> str:
        return self.name


def quiet(action: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Ignore the warnings of deprecated methods; they have tests of their own."""

    async def call(client: Any) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return await settle(action(client))

    return call


async def _value(result: Any) -> Any:
    return await result if inspect.isawaitable(result) else result


async def _upload(client: Any) -> Any:
    uploader = await _value(
        client.upload_activity(io.BytesIO(GPX), "gpx", external_id="contract-1")
    )
    activity = await _value(uploader.wait(timeout=20, poll_interval=0.01))
    return {
        "sport": activity.raw["sport_type"],
        "complete": uploader.is_complete,
        "error": uploader.is_error,
        "status": uploader.status,
        "distance": activity.raw["distance"],
    }


async def _upload_twice(client: Any) -> Any:
    for _ in range(2):
        uploader = await _value(
            client.upload_activity(GPX.replace(b"600", b"601"), "gpx", name="Twice")
        )
        await _value(uploader.wait(timeout=20, poll_interval=0.01))


async def _pages(client: Any) -> list[int]:
    results = client.get_activities()
    results.per_page = 12
    pages = results.pages()
    if hasattr(pages, "__aiter__"):
        return [len(page) async for page in pages]
    return [len(page) for page in pages]


async def _twice(client: Any) -> list[list[int]]:
    """Iterators are reusable."""
    results = client.get_activities(limit=3)
    found: list[list[int]] = []
    for _ in range(2):
        if hasattr(results, "__aiter__"):
            found.append([activity.id async for activity in results])
        else:
            found.append([activity.id for activity in results])
    return found


async def _change_and_read(client: Any) -> Any:
    await _value(client.update_activity(RUN, name="Renamed", commute=True))
    activity = await _value(client.get_activity(RUN))
    return {"name": activity.name, "commute": activity.commute}


async def _star_and_list(client: Any) -> Any:
    found = []
    for method in (client.unstar_segment, client.star_segment):
        segment = await _value(method(SEGMENT))
        found.append(segment.raw["starred"])
    return found


async def _refresh(client: Any) -> Any:
    info = await _value(
        client.refresh_access_token(APPLICATION.id, SECRET, client.refresh_token)
    )
    assert client.access_token == info["access_token"]
    return sorted(info)


async def _subscribe(client: Any, callback_url: str) -> Any:
    made = await _value(
        client.create_subscription(APPLICATION.id, SECRET, callback_url, "word")
    )
    results = client.list_subscriptions(APPLICATION.id, SECRET)
    if hasattr(results, "__aiter__"):
        listed = [row.id async for row in results]
    else:
        listed = [row.id for row in results]
    await _value(client.delete_subscription(made.id, APPLICATION.id, SECRET))
    return [made.id == listed[0], len(listed)]


def cases(callback_url: str) -> list[Case]:
    """List the cases, reads before writes."""
    return [
        Case("get_athlete", lambda c: c.get_athlete(), "DetailedAthlete"),
        Case("get_athlete_zones", lambda c: c.get_athlete_zones(), "Zones"),
        Case("get_athlete_stats", lambda c: c.get_athlete_stats(ANNA), "AthleteStats"),
        Case("stats of oneself", lambda c: c.get_athlete_stats(), "AthleteStats"),
        Case(
            "stats of another",
            lambda c: c.get_athlete_stats(BERT),
            "AccessForbidden",
        ),
        Case("get_athlete_clubs", lambda c: c.get_athlete_clubs(), "SummaryClub"),
        Case("get_athlete_koms", lambda c: c.get_athlete_koms(ANNA), "list"),
        Case(
            "get_athlete_starred_segments",
            lambda c: c.get_athlete_starred_segments(ANNA),
            "Segment",
        ),
        Case("get_activities", lambda c: c.get_activities(), "SummaryActivity"),
        Case(
            "get_activities limited", lambda c: c.get_activities(limit=4), "SummaryAct"
        ),
        Case(
            "get_activities between",
            lambda c: c.get_activities(
                after="2026-10-05", before=datetime(2026, 10, 9)
            ),
            "SummaryActivity",
        ),
        Case("get_activities pages", _pages, "int"),
        Case("get_activities twice", _twice, "list"),
        Case("get_activity", lambda c: c.get_activity(RUN, True), "DetailedActivity"),
        Case("get_activity hidden", lambda c: c.get_activity(HIDDEN), "DetailedActi"),
        Case(
            "get_activity of another",
            lambda c: c.get_activity(NEIGHBOURS),
            "ObjectNotFound",
        ),
        Case("get_activity unknown", lambda c: c.get_activity(1), "ObjectNotFound"),
        Case("comments", lambda c: c.get_activity_comments(RUN), "Comment"),
        Case(
            "comments limited",
            lambda c: c.get_activity_comments(RUN, markdown=True, limit=2),
            "Comment",
        ),
        Case("kudos", lambda c: c.get_activity_kudos(RUN), "SummaryAthlete"),
        Case("laps", lambda c: c.get_activity_laps(RUN), "Lap"),
        Case("photos", lambda c: c.get_activity_photos(RUN, size=600), "ActivityPhoto"),
        Case("zones", lambda c: c.get_activity_zones(RUN), "ActivityZone"),
        Case("streams", lambda c: c.get_activity_streams(RUN), "StreamSet"),
        Case(
            "streams of a manual activity",
            lambda c: c.get_activity_streams(MANUAL),
            "StreamSet",
        ),
        Case(
            "streams, unknown type",
            lambda c: c.get_activity_streams(RUN, types=["nope"]),
            "ValueError",
        ),
        Case(
            "effort streams",
            lambda c: c.get_effort_streams(EFFORT, types=["time", "distance"]),
            "StreamSet",
        ),
        Case("segment streams", lambda c: c.get_segment_streams(SEGMENT), "StreamSet"),
        Case("route streams", lambda c: c.get_route_streams(ROUTE), "StreamSet"),
        Case("get_club", lambda c: c.get_club(CLUB), "DetailedClub"),
        Case("get_club_events", lambda c: c.get_club_events(CLUB), "ClubEvent"),
        Case(
            "get_club_members",
            quiet(lambda c: c.get_club_members(CLUB)),
            "Endpoint",
        ),
        Case("get_club_admins", quiet(lambda c: c.get_club_admins(CLUB)), "Endpoint"),
        Case(
            "get_club_activities",
            quiet(lambda c: c.get_club_activities(CLUB)),
            "EndpointRemoved",
        ),
        Case("join_club", lambda c: c.join_club(CLUB), ""),
        Case("leave_club", lambda c: c.leave_club(CLUB), ""),
        Case("get_gear shoe", lambda c: c.get_gear("g501"), "DetailedGear"),
        Case("get_gear bike", lambda c: c.get_gear("b401"), "DetailedGear"),
        Case("get_gear unknown", lambda c: c.get_gear("b999"), "ObjectNotFound"),
        Case("get_routes", lambda c: c.get_routes(), "Route"),
        Case("get_routes by id", lambda c: c.get_routes(ANNA, limit=1), "Route"),
        Case("get_route", lambda c: c.get_route(ROUTE), "Route"),
        Case("get_route private", lambda c: c.get_route(PRIVATE_ROUTE), "Route"),
        Case("get_route_gpx", lambda c: c.get_route_gpx(ROUTE), "str"),
        Case("get_route_tcx", lambda c: c.get_route_tcx(ROUTE), "str"),
        Case("get_segment", lambda c: c.get_segment(SEGMENT), "Segment"),
        Case(
            "get_starred_segments", lambda c: c.get_starred_segments(), "SummarySegment"
        ),
        Case("get_segment_effort", lambda c: c.get_segment_effort(EFFORT), "SegmentEf"),
        Case(
            "get_segment_efforts",
            lambda c: c.get_segment_efforts(
                SEGMENT,
                start_date_local="2026-11-01T00:00:00Z",
                end_date_local=datetime(2026, 12, 1),
            ),
            "BaseEffort",
        ),
        Case(
            "explore_segments",
            quiet(lambda c: c.explore_segments((47.0, 11.0, 48.0, 12.0))),
            "EndpointRestricted",
        ),
        Case("get any path", lambda c: c.get("/athletes/{id}/stats", id=ANNA), "dict"),
        Case("get no path", lambda c: c.get("/no/such/path"), "ObjectNotFound"),
        Case("upload and wait", _upload, "dict"),
        Case("upload twice", _upload_twice, "DuplicateActivity"),
        Case(
            "upload text",
            lambda c: c.upload_activity("not a track", "gpx"),
            "ActivityUploader",
        ),
        Case(
            "create_activity",
            lambda c: c.create_activity(
                "Made",
                datetime(2026, 11, 23, 7, 30),
                timedelta(hours=30),
                sport_type="Hike",
                description="By hand",
                distance=12345.6,
                trainer=False,
                commute=True,
            ),
            "DetailedActivity",
        ),
        Case(
            "create_activity wrong sport",
            lambda c: c.create_activity("x", datetime(2026, 1, 1), 1, sport_type="x"),
            "ValueError",
        ),
        Case("update_activity", _change_and_read, "dict"),
        Case(
            "put any path",
            lambda c: c.put("/activities/{id}", id=RUN, body={"description": "New"}),
            "dict",
        ),
        Case("update_athlete", lambda c: c.update_athlete(weight=62.5), "DetailedAthl"),
        Case("star", _star_and_list, "bool"),
        Case("post any path", lambda c: c.post("/uploads"), "BadRequest"),
        Case("delete any path", lambda c: c.delete("/activities/1"), "ObjectNotFound"),
        Case("subscriptions", lambda c: _subscribe(c, callback_url), "bool"),
        Case(
            "subscription with a wrong secret",
            lambda c: c.create_subscription(APPLICATION.id, "wrong", callback_url),
            "InvalidClientCredentials",
        ),
        Case(
            "handle_subscription_callback",
            lambda c: c.handle_subscription_callback(
                {
                    "hub.mode": "subscribe",
                    "hub.verify_token": "w",
                    "hub.challenge": "c",
                },
                "w",
            ),
            "dict",
        ),
        Case(
            "handle_subscription_callback, wrong",
            lambda c: c.handle_subscription_callback(
                {
                    "hub.mode": "subscribe",
                    "hub.verify_token": "x",
                    "hub.challenge": "c",
                },
                "w",
            ),
            "InvalidVerifyToken",
        ),
        Case(
            "handle_subscription_update",
            lambda c: c.handle_subscription_update(
                {"object_type": "activity", "object_id": RUN, "aspect_type": "create"}
            ),
            "SubscriptionUpdate",
        ),
        Case(
            "authorization_url",
            lambda c: c.authorization_url(1, "http://localhost/x").partition("?")[2],
            "str",
        ),
    ]


def token_cases(strava: LocalStrava) -> list[Case]:
    """List the cases that change the token; they come last."""
    code = strava.state.accounts.make_code(
        strava.application, ANNA, ["read", "activity:read"], strava.clock.now()
    )
    return [
        Case(
            "exchange with a wrong secret",
            lambda c: c.exchange_code_for_token(APPLICATION.id, "wrong", code),
            "InvalidClientCredentials",
        ),
        Case(
            "exchange_code_for_token",
            lambda c: _exchange(c, code),
            "SummaryAthlete",
        ),
        Case(
            "exchange again",
            lambda c: c.exchange_code_for_token(APPLICATION.id, SECRET, code),
            "InvalidGrant",
        ),
        Case("refresh_access_token", _refresh, "str"),
        Case(
            "refresh with a wrong token",
            lambda c: c.refresh_access_token(APPLICATION.id, SECRET, "wrong"),
            "InvalidGrant",
        ),
        Case(
            "scope missing",
            lambda c: c.update_activity(RUN, name="x"),
            "ScopeMissing",
        ),
        Case("deauthorize", lambda c: c.deauthorize(), "NoneType"),
        Case("after deauthorize", lambda c: c.get_athlete(), ""),
        Case("revoke", lambda c: c.revoke("unknown-token"), "NoneType"),
    ]


async def _exchange(client: Any, code: str) -> Any:
    info, athlete = await _value(
        client.exchange_code_for_token(
            APPLICATION.id, SECRET, code, return_athlete=True
        )
    )
    assert client.access_token == info["access_token"]
    return athlete
