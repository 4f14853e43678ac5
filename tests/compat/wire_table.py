"""What each call of release 2.6 sends, and where this release differs on purpose."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from wire_doubles import Json, Sent

if TYPE_CHECKING:
    from collections.abc import Callable

    from stravalib import Client

API = "/api/v3"
PAGE = {"page": "1", "per_page": "200"}
TOKENS = {"access_token": "A", "refresh_token": "B", "expires_at": 4102444800}
UPLOAD = {
    "id": 5,
    "id_str": "5",
    "external_id": None,
    "error": None,
    "status": "Your activity is still being processed.",
    "activity_id": None,
}
ALL_STREAMS = (
    "time,distance,latlng,altitude,velocity_smooth,heartrate,cadence,watts,temp,"
    "moving,grade_smooth"
)
MORNING = datetime(2024, 5, 4, 10, 30)
EAST = timezone(timedelta(hours=2))


@dataclass(frozen=True)
class Call:
    """One call: how it is made, what it sends, what it gives."""

    title: str
    make: Callable[[Client], Any]
    sends: tuple[Sent, ...] = ()
    answers: tuple[Any, ...] = ()
    # class name, or "list" where an iterator or list came back empty
    returns: str = "list"
    warns: tuple[type[Warning], ...] = ()
    raises: tuple[type[Exception], str] | None = None

    def __str__(self) -> str:
        return self.title


def get(path: str, query: dict[str, str] | None = None) -> tuple[Sent, ...]:
    return (Sent("GET", API + path, query or {}),)


def post(path: str, query: dict[str, str] | None = None) -> tuple[Sent, ...]:
    return (Sent("POST", API + path, query or {}),)


def upload(query: dict[str, str]) -> tuple[Sent, ...]:
    return (Sent("POST", f"{API}/uploads", query, ["file", "file"]),)


def _poll(client: Client) -> None:
    uploader = client.upload_activity(io.BytesIO(b"x"), data_type="fit")
    uploader.poll()


CALLS: tuple[Call, ...] = (
    Call(
        "exchange_code_for_token(client_id=1, client_secret='S', code='C')",
        lambda c: c.exchange_code_for_token(client_id=1, client_secret="S", code="C"),
        (
            Sent(
                "POST",
                "/oauth/token",
                {},
                {
                    "client_id": "1",
                    "client_secret": "S",
                    "code": "C",
                    "grant_type": "authorization_code",
                },
                bearer=False,
            ),
        ),
        (TOKENS,),
        "dict",
    ),
    Call(
        "refresh_access_token(client_id=1, client_secret='S', refresh_token='R')",
        lambda c: c.refresh_access_token(
            client_id=1, client_secret="S", refresh_token="R"
        ),
        (
            Sent(
                "POST",
                "/oauth/token",
                {},
                {
                    "client_id": "1",
                    "client_secret": "S",
                    "refresh_token": "R",
                    "grant_type": "refresh_token",
                },
                bearer=False,
            ),
        ),
        (TOKENS,),
        "dict",
    ),
    Call(
        "deauthorize()",
        lambda c: c.deauthorize(),
        post("/oauth/deauthorize"),
        ({"access_token": "T"},),
        "NoneType",
    ),
    Call(
        "get_activities()",
        lambda c: c.get_activities(),
        get("/athlete/activities", PAGE),
    ),
    Call(
        "get_activities(before=naive datetime, after='2024-01-01T00:00:00Z', limit=3)",
        lambda c: c.get_activities(
            before=MORNING, after="2024-01-01T00:00:00Z", limit=3
        ),
        get(
            "/athlete/activities",
            {"before": "1714818600", "after": "1704067200", **PAGE},
        ),
    ),
    Call(
        "get_activities(before=aware datetime +02:00)",
        lambda c: c.get_activities(before=datetime(2024, 5, 4, 12, 30, tzinfo=EAST)),
        get("/athlete/activities", {"before": "1714818600", **PAGE}),
    ),
    Call(
        "get_athlete()",
        lambda c: c.get_athlete(),
        get("/athlete"),
        ({"id": 5},),
        "DetailedAthlete",
    ),
    Call(
        "update_athlete(weight=70.5)",
        lambda c: c.update_athlete(weight=70.5),
        (Sent("PUT", f"{API}/athlete", {"weight": "70.5"}),),
        ({"id": 5},),
        "DetailedAthlete",
    ),
    Call(
        "update_athlete(city='X', weight=70)",
        lambda c: c.update_athlete(city="X", weight=70),
        (Sent("PUT", f"{API}/athlete", {"city": "X", "weight": "70.0"}),),
        ({"id": 5},),
        "DetailedAthlete",
        (DeprecationWarning,),
    ),
    Call(
        "get_athlete_zones()",
        lambda c: c.get_athlete_zones(),
        get("/athlete/zones"),
        ({},),
        "Zones",
    ),
    Call(
        "get_athlete_koms(7)",
        lambda c: c.get_athlete_koms(7),
        get("/athletes/7/koms", PAGE),
    ),
    Call(
        "get_athlete_stats()",
        lambda c: c.get_athlete_stats(),
        (*get("/athlete"), *get("/athletes/5/stats")),
        ({"id": 5}, {}),
        "AthleteStats",
    ),
    Call(
        "get_athlete_stats(7)",
        lambda c: c.get_athlete_stats(7),
        get("/athletes/7/stats"),
        ({},),
        "AthleteStats",
    ),
    Call(
        "get_athlete_clubs()",
        lambda c: c.get_athlete_clubs(),
        get("/athlete/clubs", PAGE),
    ),
    Call(
        "join_club(3)",
        lambda c: c.join_club(3),
        post("/clubs/3/join"),
        ({"success": True},),
        "NoneType",
    ),
    Call(
        "leave_club(3)",
        lambda c: c.leave_club(3),
        post("/clubs/3/leave"),
        ({"success": True},),
        "NoneType",
    ),
    Call(
        "get_club(3)",
        lambda c: c.get_club(3),
        get("/clubs/3"),
        ({"id": 3},),
        "DetailedClub",
    ),
    Call(
        "get_club_members(3)",
        lambda c: c.get_club_members(3),
        get("/clubs/3/members", PAGE),
        warns=(DeprecationWarning,),
    ),
    Call(
        "get_club_admins(3)",
        lambda c: c.get_club_admins(3),
        get("/clubs/3/admins", PAGE),
        warns=(DeprecationWarning,),
    ),
    Call(
        "get_club_activities(3)",
        lambda c: c.get_club_activities(3),
        get("/clubs/3/activities", PAGE),
        warns=(DeprecationWarning,),
    ),
    Call(
        "get_activity(9)",
        lambda c: c.get_activity(9),
        get("/activities/9", {"include_all_efforts": "False"}),
        ({"id": 9},),
        "DetailedActivity",
    ),
    Call(
        "get_activity(9, include_all_efforts=True)",
        lambda c: c.get_activity(9, include_all_efforts=True),
        get("/activities/9", {"include_all_efforts": "True"}),
        ({"id": 9},),
        "DetailedActivity",
    ),
    Call(
        "create_activity(name='N', start_date_local=naive datetime, "
        "elapsed_time=3600, sport_type='Run')",
        lambda c: c.create_activity(
            name="N", start_date_local=MORNING, elapsed_time=3600, sport_type="Run"
        ),
        post(
            "/activities",
            {
                "name": "N",
                "start_date_local": "2024-05-04T10:30:00Z",
                "elapsed_time": "3600",
                "sport_type": "Run",
            },
        ),
        ({"id": 9},),
        "DetailedActivity",
    ),
    Call(
        "create_activity(name='N', start_date_local='2024-05-04T10:30:00', "
        "elapsed_time=timedelta(minutes=90), activity_type='Ride', description='D', "
        "distance=1000.5, trainer=True, commute=False)",
        lambda c: c.create_activity(
            name="N",
            start_date_local="2024-05-04T10:30:00",
            elapsed_time=timedelta(minutes=90),
            activity_type="Ride",
            description="D",
            distance=1000.5,
            trainer=True,
            commute=False,
        ),
        post(
            "/activities",
            {
                "name": "N",
                "start_date_local": "2024-05-04T10:30:00",
                "elapsed_time": "5400",
                "description": "D",
                "distance": "1000.5",
                "commute": "False",
                "trainer": "True",
                "type": "ride",
            },
        ),
        ({"id": 9},),
        "DetailedActivity",
        (DeprecationWarning,),
    ),
    Call(
        "create_activity without a type",
        lambda c: c.create_activity("N", MORNING, 3600),
        returns="NoneType",
        raises=(ValueError, "Either 'sport_type' or 'activity_type' must be provided"),
    ),
    Call(
        "create_activity(sport_type='nope')",
        lambda c: c.create_activity("N", MORNING, 3600, sport_type="nope"),
        returns="NoneType",
        raises=(ValueError, "Invalid activity type: nope. "),
    ),
    Call(
        "update_activity(9, name='N', sport_type='Run', description='D', "
        "commute=True, trainer=False, gear_id='b1', hide_from_home=True)",
        lambda c: c.update_activity(
            9,
            name="N",
            sport_type="Run",
            description="D",
            commute=True,
            trainer=False,
            gear_id="b1",
            hide_from_home=True,
        ),
        (
            Sent(
                "PUT",
                f"{API}/activities/9",
                {},
                Json(
                    {
                        "commute": True,
                        "description": "D",
                        "gear_id": "b1",
                        "hide_from_home": True,
                        "name": "N",
                        "trainer": False,
                        "sport_type": "Run",
                    }
                ),
            ),
        ),
        ({"id": 9},),
        "DetailedActivity",
    ),
    Call(
        "update_activity(9, private=True, device_name='X', activity_type='Ride')",
        lambda c: c.update_activity(
            9, private=True, device_name="X", activity_type="Ride"
        ),
        (Sent("PUT", f"{API}/activities/9", {}, Json({"type": "ride"})),),
        ({"id": 9},),
        "DetailedActivity",
        (DeprecationWarning, DeprecationWarning, DeprecationWarning),
    ),
    Call(
        "update_activity(9)",
        lambda c: c.update_activity(9),
        (Sent("PUT", f"{API}/activities/9", {}, Json({})),),
        ({"id": 9},),
        "DetailedActivity",
    ),
    Call(
        "upload_activity(file object, data_type='tcx', name='N', description='D', "
        "external_id='E', trainer=True, commute=False, activity_type='run')",
        lambda c: c.upload_activity(
            io.BytesIO(b"x"),
            data_type="tcx",
            name="N",
            description="D",
            external_id="E",
            trainer=True,
            commute=False,
            activity_type="run",
        ),
        upload(
            {
                "data_type": "tcx",
                "name": "N",
                "description": "D",
                "activity_type": "run",
                "external_id": "E",
                "trainer": "1",
                "commute": "0",
            }
        ),
        (UPLOAD,),
        "ActivityUploader",
        (FutureWarning,),
    ),
    Call(
        "upload_activity(str contents, data_type='gpx')",
        lambda c: c.upload_activity("<gpx/>", data_type="gpx"),
        upload({"data_type": "gpx"}),
        (UPLOAD,),
        "ActivityUploader",
    ),
    Call(
        "upload_activity(private=True)",
        lambda c: c.upload_activity("<gpx/>", data_type="gpx", private=True),
        upload({"data_type": "gpx", "private": "1"}),
        (UPLOAD,),
        "ActivityUploader",
        (DeprecationWarning,),
    ),
    Call(
        "upload_activity(data_type='nope')",
        lambda c: c.upload_activity("x", data_type="nope"),  # type: ignore[arg-type]
        returns="NoneType",
        raises=(ValueError, "Invalid data type nope. Possible values ("),
    ),
    Call(
        "ActivityUploader.poll()",
        _poll,
        (*upload({"data_type": "fit"}), *get("/uploads/5")),
        (UPLOAD, UPLOAD),
        "NoneType",
    ),
    Call(
        "get_activity_zones(9)",
        lambda c: c.get_activity_zones(9),
        get("/activities/9/zones"),
    ),
    Call(
        "get_activity_comments(9, markdown=True)",
        lambda c: c.get_activity_comments(9, markdown=True),
        get("/activities/9/comments", {"markdown": "1", "page_size": "200"}),
    ),
    Call(
        "get_activity_comments(9)",
        lambda c: c.get_activity_comments(9),
        get("/activities/9/comments", {"markdown": "0", "page_size": "200"}),
    ),
    Call(
        "get_activity_kudos(9)",
        lambda c: c.get_activity_kudos(9),
        get("/activities/9/kudos", PAGE),
    ),
    Call(
        "get_activity_photos(9)",
        lambda c: c.get_activity_photos(9),
        get("/activities/9/photos", {"photo_sources": "true", **PAGE}),
    ),
    Call(
        "get_activity_photos(9, size=600)",
        lambda c: c.get_activity_photos(9, size=600),
        get("/activities/9/photos", {"photo_sources": "true", "size": "600", **PAGE}),
    ),
    Call(
        "get_activity_photos(9, only_instagram=True)",
        lambda c: c.get_activity_photos(9, only_instagram=True),
        get("/activities/9/photos", PAGE),
    ),
    Call(
        "get_activity_laps(9)",
        lambda c: c.get_activity_laps(9),
        get("/activities/9/laps", PAGE),
    ),
    Call(
        "get_gear('b1')",
        lambda c: c.get_gear("b1"),
        get("/gear/b1"),
        ({"id": "b1"},),
        "DetailedGear",
    ),
    Call(
        "get_segment_effort(4)",
        lambda c: c.get_segment_effort(4),
        get("/segment_efforts/4"),
        ({"id": 4},),
        "SegmentEffort",
    ),
    Call(
        "get_segment(2)",
        lambda c: c.get_segment(2),
        get("/segments/2"),
        ({"id": 2},),
        "Segment",
    ),
    Call(
        "get_starred_segments()",
        lambda c: c.get_starred_segments(),
        get("/segments/starred", PAGE),
    ),
    Call(
        "get_athlete_starred_segments(7)",
        lambda c: c.get_athlete_starred_segments(7),
        get("/athletes/7/segments/starred", PAGE),
    ),
    Call(
        "get_segment_efforts(2)",
        lambda c: c.get_segment_efforts(2),
        get("/segment_efforts", {"segment_id": "2", **PAGE}),
    ),
    Call(
        "get_segment_efforts(2, athlete_id=7, start_date_local=naive, "
        "end_date_local='2024-06-01T00:00:00Z', limit=5)",
        lambda c: c.get_segment_efforts(
            2,
            athlete_id=7,
            start_date_local=MORNING,
            end_date_local="2024-06-01T00:00:00Z",
            limit=5,
        ),
        get(
            "/segment_efforts",
            {
                "segment_id": "2",
                "athlete_id": "7",
                "start_date_local": "2024-05-04T10:30:00Z",
                "end_date_local": "2024-06-01T00:00:00Z",
                "limit": "5",
                **PAGE,
            },
        ),
    ),
    Call(
        "get_segment_efforts(2, start_date_local=aware)",
        lambda c: c.get_segment_efforts(
            2, start_date_local=datetime(2024, 1, 1, 5, tzinfo=EAST)
        ),
        get(
            "/segment_efforts",
            {"segment_id": "2", "start_date_local": "2024-01-01T05:00:00Z", **PAGE},
        ),
    ),
    Call(
        "explore_segments((1.0, 2.0, 3.0, 4.0))",
        lambda c: c.explore_segments((1.0, 2.0, 3.0, 4.0)),
        get("/segments/explore", {"bounds": "1.0,2.0,3.0,4.0"}),
        ({"segments": []},),
        "list",
        (FutureWarning,),
    ),
    Call(
        "explore_segments(((1.0, 2.0), (3.0, 4.0)), activity_type='running', "
        "min_cat=1, max_cat=5)",
        lambda c: c.explore_segments(
            ((1.0, 2.0), (3.0, 4.0)), activity_type="running", min_cat=1, max_cat=5
        ),
        get(
            "/segments/explore",
            {
                "bounds": "1.0,2.0,3.0,4.0",
                "activity_type": "running",
                "min_cat": "1",
                "max_cat": "5",
            },
        ),
        ({"segments": []},),
        "list",
        (FutureWarning,),
    ),
    Call(
        "explore_segments((1, 2, 3))",
        lambda c: c.explore_segments((1, 2, 3)),  # type: ignore[arg-type]
        returns="NoneType",
        raises=(ValueError, "Invalid bounds specified: (1, 2, 3). Must be tuple of 4"),
    ),
    Call(
        "explore_segments(activity_type='hiking')",
        lambda c: c.explore_segments((1, 2, 3, 4), activity_type="hiking"),
        returns="NoneType",
        raises=(ValueError, "Invalid activity type: hiking.  Possible values: ('rid"),
    ),
    Call(
        "get_activity_streams(9)",
        lambda c: c.get_activity_streams(9),
        get("/activities/9/streams", {"keys": ALL_STREAMS, "key_by_type": "True"}),
        returns="dict",
    ),
    Call(
        "get_activity_streams(9, types=['time', 'latlng'], resolution='low', "
        "series_type='time')",
        lambda c: c.get_activity_streams(
            9, types=["time", "latlng"], resolution="low", series_type="time"
        ),
        get(
            "/activities/9/streams",
            {
                "keys": "time,latlng",
                "key_by_type": "True",
                "resolution": "low",
                "series_type": "time",
            },
        ),
        returns="dict",
        warns=(FutureWarning, FutureWarning),
    ),
    Call(
        "get_activity_streams(9, types=['nope'])",
        lambda c: c.get_activity_streams(9, types=["nope"]),
        returns="NoneType",
        raises=(ValueError, "Types {'nope'} not supported by StravaApi"),
    ),
    Call(
        "get_effort_streams(4, types=['distance'])",
        lambda c: c.get_effort_streams(4, types=["distance"]),
        get("/segment_efforts/4/streams", {"keys": "distance", "key_by_type": "True"}),
        returns="dict",
    ),
    Call(
        "get_segment_streams(2)",
        lambda c: c.get_segment_streams(2),
        get("/segments/2/streams", {"keys": ALL_STREAMS, "key_by_type": "True"}),
        returns="dict",
    ),
    Call(
        "get_route_streams(8)",
        lambda c: c.get_route_streams(8),
        get("/routes/8/streams", PAGE),
        returns="dict",
    ),
    Call(
        "get_routes()",
        lambda c: c.get_routes(),
        (*get("/athlete"), *get("/athletes/5/routes", PAGE)),
        ({"id": 5}, []),
    ),
    Call(
        "get_routes(7)",
        lambda c: c.get_routes(7),
        get("/athletes/7/routes", PAGE),
    ),
    Call(
        "get_route(8)",
        lambda c: c.get_route(8),
        get("/routes/8"),
        ({"id": 8},),
        "Route",
    ),
    Call(
        "create_subscription(1, 'S', 'https://x.example/cb')",
        lambda c: c.create_subscription(1, "S", "https://x.example/cb"),
        (
            Sent(
                "POST",
                f"{API}/push_subscriptions",
                {},
                {
                    "client_id": "1",
                    "client_secret": "S",
                    "callback_url": "https://x.example/cb",
                    "verify_token": "STRAVA",
                },
            ),
        ),
        ({"id": 6},),
        "Subscription",
    ),
    Call(
        "list_subscriptions(1, 'S')",
        lambda c: c.list_subscriptions(1, "S"),
        get("/push_subscriptions", {"client_id": "1", "client_secret": "S", **PAGE}),
    ),
    Call(
        "delete_subscription(6, 1, 'S')",
        lambda c: c.delete_subscription(6, 1, "S"),
        (
            Sent(
                "DELETE",
                f"{API}/push_subscriptions/6",
                {},
                {"client_id": "1", "client_secret": "S"},
            ),
        ),
        ({},),
        "NoneType",
    ),
    Call(
        "handle_subscription_callback({'hub.mode': 'subscribe', "
        "'hub.verify_token': 'STRAVA', 'hub.challenge': 'x'})",
        lambda c: c.handle_subscription_callback(
            {
                "hub.mode": "subscribe",
                "hub.verify_token": "STRAVA",
                "hub.challenge": "x",
            }
        ),
        returns="dict",
    ),
    Call(
        "handle_subscription_callback(wrong token)",
        lambda c: c.handle_subscription_callback(
            {"hub.mode": "subscribe", "hub.verify_token": "X", "hub.challenge": "x"}
        ),
        returns="NoneType",
        raises=(AssertionError, ""),
    ),
    Call(
        "create_activity(elapsed_time=timedelta(hours=30))",
        lambda c: c.create_activity(
            "N",
            datetime(2024, 5, 4, 10, 30, tzinfo=UTC),
            timedelta(hours=30),
            sport_type="Run",
        ),
        post(
            "/activities",
            {
                "name": "N",
                "start_date_local": "2024-05-04T10:30:00Z",
                "elapsed_time": "108000",
                "sport_type": "Run",
            },
        ),
        ({"id": 9},),
        "DetailedActivity",
    ),
    # new in 3.0
    Call(
        "star_segment(2)",
        lambda c: c.star_segment(2),
        (Sent("PUT", f"{API}/segments/2/starred", {}, {"starred": "true"}),),
        ({"id": 2},),
        "Segment",
    ),
    Call(
        "unstar_segment(2)",
        lambda c: c.unstar_segment(2),
        (Sent("PUT", f"{API}/segments/2/starred", {}, {"starred": "false"}),),
        ({"id": 2},),
        "Segment",
    ),
    Call(
        "get_route_gpx(8)",
        lambda c: c.get_route_gpx(8),
        get("/routes/8/export_gpx"),
        returns="str",
        answers=(b"<gpx/>",),
    ),
    Call(
        "get_route_tcx(8)",
        lambda c: c.get_route_tcx(8),
        get("/routes/8/export_tcx"),
        returns="str",
        answers=(b"<TrainingCenterDatabase/>",),
    ),
    Call(
        "get_club_events(3)",
        lambda c: c.get_club_events(3),
        get("/clubs/3/group_events"),
    ),
    Call(
        "get_club_events(3, upcoming=True)",
        lambda c: c.get_club_events(3, upcoming=True),
        get("/clubs/3/group_events", {"upcoming": "true"}),
    ),
    Call(
        "upload_activity(sport_type='TrailRun')",
        lambda c: c.upload_activity("<gpx/>", data_type="gpx", sport_type="TrailRun"),
        upload({"data_type": "gpx", "sport_type": "TrailRun"}),
        (UPLOAD,),
        "ActivityUploader",
    ),
    Call(
        "get('/athletes/{id}/anything', id=7, a=1)",
        lambda c: c.get("/athletes/{id}/anything", id=7, a=1),
        get("/athletes/7/anything", {"a": "1"}),
    ),
    Call(
        "post('/anything', data={'a': 1}, b=2)",
        lambda c: c.post("/anything", data={"a": 1}, b=2),
        (Sent("POST", f"{API}/anything", {"b": "2"}, {"a": "1"}),),
    ),
    Call(
        "put('/anything', body={'a': 1}, b=2)",
        lambda c: c.put("/anything", body={"a": 1}, b=2),
        (Sent("PUT", f"{API}/anything", {"b": "2"}, Json({"a": 1})),),
    ),
    Call(
        "delete('/anything', data={'a': 1}, b=2)",
        lambda c: c.delete("/anything", data={"a": 1}, b=2),
        (Sent("DELETE", f"{API}/anything", {"b": "2"}, {"a": "1"}),),
    ),
)

BY_TITLE = {call.title: call for call in CALLS}

# call -> (what differs: "sends" or "returns", why)
DIFFERENCES: dict[str, tuple[str, str]] = {
    "get_activity_comments(9, markdown=True)": (
        "sends",
        "comments go by cursor: Strava documents page and per_page as deprecated there",
    ),
    "get_activity_comments(9)": (
        "sends",
        "comments go by cursor: Strava documents page and per_page as deprecated there",
    ),
    "get_activity_streams(9)": (
        "returns",
        "an array of streams (here an empty one) is read where 2.6 raises",
    ),
    "get_activity_streams(9, types=['time', 'latlng'], resolution='low', "
    "series_type='time')": (
        "returns",
        "an array of streams (here an empty one) is read where 2.6 raises",
    ),
    "get_effort_streams(4, types=['distance'])": (
        "returns",
        "an array of streams (here an empty one) is read where 2.6 raises",
    ),
    "get_segment_streams(2)": (
        "returns",
        "an array of streams (here an empty one) is read where 2.6 raises",
    ),
    "get_routes()": (
        "returns",
        (
            "the look-up of the athlete's id happens when the first route is asked "
            "for; 2.6 makes it at once"
        ),
    ),
}
# On every request: 2.6 sends without a timeout, this release with (10 s, 60 s).
# create_activity(elapsed_time=timedelta(hours=30)) sends 108000 s; 2.6 dropped the
# day and sent 21600 s.
