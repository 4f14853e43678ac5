"""Types as a user's checker sees them: the sync client. Checked, and never called."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, assert_type

from stravalib import Client, exc, model, strava_model
from stravalib.client import ActivityUploader, BatchedResultsIterator
from stravalib.model import Distance, Duration, Velocity
from stravalib.protocol import AccessInfo

if TYPE_CHECKING:
    import requests


def calls(client: Client) -> None:
    assert_type(client.get_athlete(), model.DetailedAthlete)
    assert_type(client.get_athlete_stats(), model.AthleteStats)
    assert_type(client.get_athlete_zones(), strava_model.Zones)
    assert_type(client.get_activity(1), model.DetailedActivity)
    assert_type(client.get_club(1), model.DetailedClub)
    assert_type(client.get_gear("b1"), strava_model.DetailedGear)
    assert_type(client.get_route(1), model.Route)
    assert_type(client.get_route_gpx(1), str)
    assert_type(client.get_segment(1), model.Segment)
    assert_type(client.star_segment(1), model.Segment)
    assert_type(client.get_segment_effort(1), model.SegmentEffort)
    assert_type(client.get_activity_zones(1), list[model.ActivityZone])
    assert_type(
        client.explore_segments((1.0, 2.0, 3.0, 4.0)),
        list[model.SegmentExplorerResult],
    )
    assert_type(client.join_club(1), None)
    assert_type(client.get("/any"), Any)


def lists(client: Client) -> None:
    activities = client.get_activities(limit=3)
    assert_type(activities, BatchedResultsIterator[model.SummaryActivity])
    assert_type(next(activities), model.SummaryActivity)
    assert_type(activities.next(), model.SummaryActivity)
    assert_type(list(activities), list[model.SummaryActivity])
    for activity in activities:
        assert_type(activity, model.SummaryActivity)
    for page in activities.pages():
        assert_type(page, list[model.SummaryActivity])
    assert_type(list(client.get_activity_comments(1)), list[strava_model.Comment])
    assert_type(list(client.get_activity_laps(1)), list[model.Lap])
    assert_type(list(client.get_segment_efforts(1)), list[model.BaseEffort])
    assert_type(list(client.get_club_events(1)), list[model.ClubEvent])
    assert_type(list(client.list_subscriptions(1, "s")), list[model.Subscription])


def attributes(activity: model.SummaryActivity, detail: model.DetailedActivity) -> None:
    assert_type(activity.id, int | None)
    assert_type(activity.name, str | None)
    assert_type(activity.distance, Distance | None)
    assert_type(activity.moving_time, Duration | None)
    assert_type(activity.average_speed, Velocity | None)
    assert_type(activity.start_date, datetime | None)
    assert_type(activity.start_local, datetime | None)
    assert_type(activity.raw, dict[str, Any])
    assert_type(activity.drift, dict[str, Any])
    assert_type(detail.calories, float | None)
    if activity.moving_time is not None:
        assert_type(activity.moving_time.timedelta(), timedelta)


def streams(client: Client) -> None:
    found = client.get_activity_streams(1)
    assert_type(found["time"], model.Stream)
    for kind, stream in found.items():
        assert_type(kind, str)
        assert_type(stream, model.Stream)


def uploads(client: Client) -> None:
    with open("ride.fit", "rb") as file:
        uploader = client.upload_activity(file, data_type="fit")
    assert_type(uploader, ActivityUploader)
    client.upload_activity(b"...", "gpx.gz", sport_type="Ride")
    client.upload_activity("<gpx/>", "gpx")
    assert_type(uploader.poll(), None)
    assert_type(uploader.wait(timeout=5), model.DetailedActivity)
    assert_type(uploader.is_complete, bool)


def tokens(client: Client) -> None:
    info = client.refresh_access_token(1, "s", "r")
    assert_type(info, AccessInfo)
    assert_type(info["expires_at"], int)
    assert_type(client.access_token, str | None)
    client.access_token = "x"
    client.authorization_url(1, "http://localhost", scope=["read", "activity:read"])


def errors(client: Client) -> None:
    try:
        client.get_athlete()
    except exc.ScopeMissing as error:
        assert_type(error.required_scope, str | None)
    except exc.RateLimited as error:
        assert_type(error.retry_after, float | None)
    except exc.Fault as error:
        assert_type(error.status_code, int | None)
        assert_type(error.errors, tuple[exc.ErrorDetail, ...])


def construction(session: requests.Session) -> None:
    Client()
    Client("token", requests_session=session)
    Client(access_token="x", rate_limit_requests=False, timeout=(3.0, 30.0))
    Client("token", token_expires=1, refresh_token="r", client_id=1, client_secret="s")
    Client(rate_limiter=lambda headers, method: None)
    with Client("token") as client:
        assert_type(client, Client)


class MyActivity(model.DetailedActivity):
    """A user's model with a field of its own."""

    note: str | None = None


class MyClient(Client):
    """A user's client: overrides methods, adds parameters and methods."""

    def __init__(self, access_token: str, *, club_id: int) -> None:
        super().__init__(access_token)
        self.club_id = club_id

    def get_activity(
        self, activity_id: int, include_all_efforts: bool = True, *, note: str = ""
    ) -> MyActivity:
        found = super().get_activity(activity_id, include_all_efforts)
        return MyActivity.model_validate({**found.raw, "note": note})

    def get_activities(
        self,
        before: datetime | str | None = None,
        after: datetime | str | None = None,
        limit: int | None = 10,
    ) -> BatchedResultsIterator[model.SummaryActivity]:
        return super().get_activities(before, after, limit)

    def longest(self) -> model.SummaryActivity | None:
        return max(self.get_activities(), key=lambda a: a.distance or 0, default=None)


def subclass() -> None:
    with MyClient("token", club_id=3) as client:
        assert_type(client, MyClient)
        assert_type(client.get_activity(1, note="x"), MyActivity)
        assert_type(client.get_activity(1).note, str | None)
        assert_type(client.longest(), model.SummaryActivity | None)
