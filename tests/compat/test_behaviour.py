"""What code written for 2.6 relies on: classes and beginnings of texts it matches on.

The values were observed with release 2.6.0 and data of our own.
"""

from __future__ import annotations

import io
import pickle
import warnings
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
import requests
from wire_doubles import Adapter, make_response, session
from wire_table import TOKENS, UPLOAD

from stravalib import Client, exc, model, strava_model
from stravalib.client import ActivityUploader, BatchedResultsIterator

if TYPE_CHECKING:
    from collections.abc import Callable

CHANGELOG = "See https://developers.strava.com/docs/changelog/ for more information."


def fault(message: str, resource: str, field: str, code: str) -> dict[str, Any]:
    entry = {"resource": resource, "field": field, "code": code}
    return {"message": message, "errors": [entry]}


def client_for(*answers: Any, **keywords: Any) -> tuple[Client, Adapter]:
    adapter = Adapter(*answers)
    keywords.setdefault("rate_limit_requests", False)
    return Client("T", requests_session=session(adapter), **keywords), adapter


def answer(status: int, body: Any, reason: str = "X") -> requests.Response:
    response = make_response(status, body)
    response.reason = reason
    return response


ERRORS = [
    # status, body, class of 2.6, start of its text in 2.6
    (
        400,
        fault("Bad Request", "Activity", "sport_type", "invalid"),
        exc.Fault,
        (
            "400 Client Error: X [Bad Request: [{'resource': 'Activity', 'field': "
            "'sport_type', 'code': 'invalid'}]]"
        ),
    ),
    (
        401,
        fault("Authorization Error", "Athlete", "access_token", "invalid"),
        exc.AccessUnauthorized,
        (
            "X: Authorization Error: [{'resource': 'Athlete', 'field': 'access_token', "
            "'code': 'invalid'}]"
        ),
    ),
    (
        401,
        fault("Authorization Error", "AccessToken", "profile:write_permission", "mis"),
        exc.AccessUnauthorized,
        "X: Authorization Error: [{'resource': 'AccessToken', 'field': 'profile:write",
    ),
    (402, b"", exc.Fault, "402 Client Error: X [None]"),
    (
        403,
        fault("Forbidden", "Application", "Status", "Inactive"),
        exc.ApplicationInactive,
        "Your Strava API application is inactive, so Strava refuses every request.",
    ),
    (
        403,
        fault("Forbidden", "x", "y", "z"),
        exc.Fault,
        "403 Client Error: X [Forbidden: [{'resource': 'x', 'field': 'y', 'code': 'z'}",
    ),
    (
        404,
        fault("Record Not Found", "Activity", "id", "invalid"),
        exc.ObjectNotFound,
        "X: Record Not Found: [{'resource': 'Activity', 'field': 'id', 'code': 'inv",
    ),
    (404, b"", exc.ObjectNotFound, "X: None"),
    (
        429,
        fault("Rate Limit Exceeded", "Application", "rate limit", "exceeded"),
        exc.Fault,
        "429 Client Error: X [Rate Limit Exceeded: [{'resource': 'Application', ",
    ),
    (
        429,
        {
            "errors": "Rate Limit Exceeded",
            "status": 429,
            "message": "Too Many Requests",
        },
        exc.Fault,
        "429 Client Error: X [Too Many Requests: Rate Limit Exceeded]",
    ),
    (500, b"<html>", exc.Fault, "500 Server Error: X [None]"),
    (502, b"<html>", exc.Fault, "502 Server Error: X [None]"),
]


@pytest.mark.parametrize(("status", "body", "kind", "text"), ERRORS)
def test_error_answers(
    status: int, body: Any, kind: type[Exception], text: str
) -> None:
    # A write, because a read that failed with 5xx or 429 may be repeated.
    client, _ = client_for(answer(status, body))
    with pytest.raises(kind) as caught:
        client.post("/activities")
    error = caught.value
    assert str(error).startswith(text)
    assert isinstance(error, requests.HTTPError)
    assert error.response is not None
    assert error.response.status_code == status
    assert error.args == (str(error),)
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again)) == (type(error), str(error))
    assert again.response.status_code == status


@pytest.mark.parametrize("body", [b"<html>", b"", b'[{"id": 1'])
def test_answer_that_is_no_json(body: bytes) -> None:
    client, _ = client_for(answer(200, body))
    with pytest.raises(requests.exceptions.JSONDecodeError):
        client.post("/activities")


def test_errors_may_go_unchecked() -> None:
    client, _ = client_for(answer(404, {"z": 1}))
    assert client.protocol.get("/athlete", check_for_errors=False) == {"z": 1}


def test_stats_of_another_athlete() -> None:
    client, _ = client_for(answer(401, fault("x", "y", "z", "w")))
    with pytest.raises(exc.AccessUnauthorized) as caught:
        client.get_athlete_stats(7)
    assert str(caught.value).startswith("Unable to retrieve stats for athlete 7. ")


WARNINGS: list[tuple[Callable[[Client], Any], type[Warning], str, Any]] = [
    (
        lambda c: c.update_activity(9, private=True),
        DeprecationWarning,
        'The "private" parameter is unsupported by the Strava API. It has no effect',
        {"id": 9},
    ),
    (
        lambda c: c.update_activity(9, device_name="X"),
        DeprecationWarning,
        'The "device_name" parameter is unsupported by the Strava API.',
        {"id": 9},
    ),
    (
        lambda c: c.update_activity(9, activity_type="Ride"),
        DeprecationWarning,
        'The "activity_type" parameter is deprecated and will be removed',
        {"id": 9},
    ),
    (
        lambda c: c.update_athlete(city="X"),
        DeprecationWarning,
        'The "city" parameter is unsupported by the Strava API.',
        {"id": 9},
    ),
    (
        lambda c: c.upload_activity("x", "gpx", activity_type="Ride"),
        FutureWarning,
        'The "activity_type" parameter is undocumented in the Strava API. Its use may',
        UPLOAD,
    ),
    (
        lambda c: c.get_activity_streams(7, types=["time"], resolution="low"),
        FutureWarning,
        'The "resolution" parameter is undocumented in the Strava API. Its use may',
        {},
    ),
    (
        lambda c: c.get_activity_streams(7, types=["time"], series_type="time"),
        FutureWarning,
        'The "series_type" parameter is undocumented in the Strava API. Its use may',
        {},
    ),
    (
        lambda c: c.get_club_members(7),
        DeprecationWarning,
        'The "get_club_members" method uses a Strava API endpoint that Strava remove',
        None,
    ),
    (
        lambda c: c.get_club_admins(7),
        DeprecationWarning,
        'The "get_club_admins" method uses a Strava API endpoint that Strava remove',
        None,
    ),
    (
        lambda c: c.get_club_activities(7),
        DeprecationWarning,
        'The "get_club_activities" method uses a Strava API endpoint that Strava rem',
        None,
    ),
    (
        lambda c: c.explore_segments((1, 2, 3, 4)),
        FutureWarning,
        'The "explore_segments" method uses a Strava API endpoint that Strava restri',
        {"segments": []},
    ),
]


@pytest.mark.parametrize(("call", "kind", "text", "body"), WARNINGS)
def test_warnings(
    call: Callable[[Client], Any], kind: type[Warning], text: str, body: Any
) -> None:
    client, _ = client_for(answer(200, body))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call(client)
    [entry] = caught
    assert entry.category is kind
    message = str(entry.message)
    assert message.startswith(text)
    if "uses a Strava API endpoint" in message:
        assert "September 1, 2026" in message
        assert message.endswith(CHANGELOG)
    assert entry.filename == __file__


def test_upload_photo_warns() -> None:
    client, _ = client_for(answer(201, UPLOAD), answer(200, UPLOAD))
    uploader = client.upload_activity("x", "gpx")
    with (
        pytest.warns(FutureWarning, match='The "upload_photo" method is undocumented'),
        pytest.raises(exc.ActivityPhotoUploadFailed, match="Photo must be bytes type"),
    ):
        uploader.upload_photo("text")  # type: ignore[arg-type]


UPLOAD_ENDS = [
    (
        {"status": "There was an error processing your activity.", "error": "bad"},
        exc.ActivityUploadFailed,
        "Activity upload failed: bad (Upload ID: 5)",
    ),
    (
        {
            "status": "There was an error processing your activity.",
            "error": "x.gpx duplicate of activity 12",
        },
        exc.ActivityUploadFailed,
        "Activity upload failed: x.gpx duplicate of activity 12 (Upload ID: 5)",
    ),
    (
        {"status": "The created activity has been deleted.", "error": None},
        exc.CreatedActivityDeleted,
        "The created activity has been deleted.",
    ),
]


@pytest.mark.parametrize(("end", "kind", "text"), UPLOAD_ENDS)
def test_upload_failures(end: Any, kind: type[Exception], text: str) -> None:
    client, _ = client_for(answer(201, {**UPLOAD, **end}))
    with pytest.raises(kind) as caught:
        client.upload_activity(io.BytesIO(b"x"), "gpx")
    assert str(caught.value) == text
    assert isinstance(caught.value, RuntimeError)


def test_uploader_states() -> None:
    ready = {**UPLOAD, "status": "Your activity is ready.", "activity_id": 7}
    client, adapter = client_for(answer(201, UPLOAD), ready, {"id": 7})
    uploader = client.upload_activity(io.BytesIO(b"x"), "gpx")
    assert type(uploader) is ActivityUploader
    states = (uploader.is_processing, uploader.is_error, uploader.is_complete)
    assert states == (True, False, False)
    activity = uploader.wait()
    assert type(activity) is model.DetailedActivity
    assert (uploader.is_complete, uploader.activity_id) == (True, 7)
    assert [s.path for s in adapter.sent] == [
        "/api/v3/uploads",
        "/api/v3/uploads/5",
        "/api/v3/activities/7",
    ]


def test_uploader_gives_up_in_time() -> None:
    client, adapter = client_for(answer(201, UPLOAD), UPLOAD)
    uploader = client.upload_activity(io.BytesIO(b"x"), "gpx")
    with pytest.raises(exc.TimeoutExceeded):
        uploader.wait(timeout=0)
    assert len(adapter.sent) == 2


def test_tokens() -> None:
    client, _ = client_for(
        {**TOKENS, "athlete": {"id": 1}},
        {**TOKENS, "access_token": "A2"},
        {**TOKENS, "athlete": {"id": 1}},
        {"access_token": "A2"},
    )
    info, athlete = client.exchange_code_for_token(1, "S", "C", return_athlete=True)
    assert info == TOKENS
    assert list(info) == ["access_token", "refresh_token", "expires_at"]
    assert type(athlete) is model.SummaryAthlete
    assert client.refresh_access_token(1, "S", "R") == {**TOKENS, "access_token": "A2"}
    assert client.access_token == "A2"
    assert client.refresh_token == "B"
    assert client.token_expires == 4102444800
    assert client.exchange_code_for_token(1, "S", "C") == TOKENS
    assert client.deauthorize() is None
    # 2.6 keeps the tokens, dead as they are
    assert client.access_token == "A"


def test_expired_token_is_renewed_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("STRAVA_CLIENT_ID", "5")
    monkeypatch.setenv("STRAVA_CLIENT_SECRET", "S")
    client, adapter = client_for(
        TOKENS, {"id": 1}, token_expires=1_600_000_000, refresh_token="R"
    )
    client.get_athlete()
    assert [s.path for s in adapter.sent] == ["/oauth/token", "/api/v3/athlete"]
    assert adapter.sent[0].body == {
        "client_id": "5",
        "client_secret": "S",
        "refresh_token": "R",
        "grant_type": "refresh_token",
    }
    assert adapter.requests[1].headers["Authorization"] == "Bearer A"
    assert (client.access_token, client.refresh_token) == ("A", "B")


def test_expired_token_without_credentials_is_still_sent(
    caplog: pytest.LogCaptureFixture,
) -> None:
    client, adapter = client_for(
        {"id": 1}, {"id": 1}, token_expires=1_600_000_000, refresh_token="R"
    )
    client.get_athlete()
    assert [s.path for s in adapter.sent] == ["/api/v3/athlete"]
    assert any(r.levelname == "WARNING" for r in caplog.records)


def test_expired_token_may_be_silent(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("SILENCE_TOKEN_WARNINGS", "true")
    client, _ = client_for({"id": 1}, token_expires=1_600_000_000, refresh_token="R")
    client.get_athlete()
    assert [r for r in caplog.records if r.levelname == "WARNING"] == []


def test_authorization_url() -> None:
    client = Client()
    assert client.authorization_url(1, "http://localhost:8000/x") == (
        "https://www.strava.com/oauth/authorize?client_id=1&redirect_uri="
        "http%3A%2F%2Flocalhost%3A8000%2Fx&approval_prompt=auto&scope="
        "read%2Cactivity%3Aread&response_type=code"
    )
    assert client.authorization_url(
        1, "http://localhost:8000/x", scope=["read", "activity:read"], state="s t"
    ).endswith("&scope=read%2Cactivity%3Aread&response_type=code&state=s+t")
    with pytest.raises(AssertionError, match=r"Unsupported scope value\(s\): {'bog"):
        client.authorization_url(1, "http://x", scope="bogus")  # type: ignore[arg-type]
    with pytest.raises(AssertionError):
        client.authorization_url(1, "http://x", approval_prompt="x")  # type: ignore[arg-type]


def test_private_three() -> None:
    client, _ = client_for({"time": {"data": [1]}})
    assert client._utc_datetime_to_epoch("2024-01-01T00:00:00Z") == 1704067200
    assert client._utc_datetime_to_epoch(datetime(2024, 1, 1)) == 1704067200
    assert client._utc_datetime_to_epoch("2024") == 1704067200
    aware = datetime(2024, 1, 1, tzinfo=UTC)
    assert client._utc_datetime_to_epoch(aware) == 1704067200
    with pytest.raises(ValueError, match="garbage"):
        client._utc_datetime_to_epoch("garbage")
    assert client._validate_activity_type({"a": 1}, None, "Run") == {
        "a": 1,
        "sport_type": "Run",
    }
    streams = client._get_streams("/activities/7/streams", types=["time"])
    assert isinstance(streams, dict)
    assert type(streams["time"]) is model.Stream
    assert streams["time"].data == [1]


def test_streams() -> None:
    client, _ = client_for(
        {"time": {"data": [1]}},
        [{"type": "latlng", "data": [[1.0, 2.0]]}],
        [{"type": "time", "data": [1]}],
    )
    by_type = client.get_effort_streams(7, types=["time"])
    assert list(by_type) == ["time"]
    route = client.get_route_streams(7)
    assert (route["latlng"].type, route["latlng"].data) == ("latlng", [[1.0, 2.0]])
    # 2.6 raises AttributeError on the array
    assert list(client.get_activity_streams(7, types=["time"])) == ["time"]


def test_webhook_helpers() -> None:
    client = Client()
    raw = {"hub.mode": "subscribe", "hub.verify_token": "X", "hub.challenge": "c"}
    with pytest.raises(AssertionError):
        client.handle_subscription_callback(raw)
    assert client.handle_subscription_callback(raw, "X") == {"hub.challenge": "c"}
    update = client.handle_subscription_update(
        {
            "object_type": "activity",
            "object_id": 1,
            "updates": {"private": "true"},
            "event_time": 1516126040,
            "aspect_type": "update",
            "owner_id": 3,
            "subscription_id": 4,
        }
    )
    assert type(update) is model.SubscriptionUpdate
    assert update.event_time == datetime(2018, 1, 16, 18, 7, 20, tzinfo=UTC)
    assert update.updates == {"private": "true"}


RETURNS: list[tuple[Callable[[Client], Any], Any, type]] = [
    (lambda c: c.get_athlete(), {"id": 1}, model.DetailedAthlete),
    (lambda c: c.get_activity(1), {"id": 1}, model.DetailedActivity),
    (lambda c: c.get_gear("b1"), {"id": "b1"}, strava_model.DetailedGear),
    (lambda c: c.get_athlete_zones(), {}, strava_model.Zones),
    (lambda c: c.get_club(1), {"id": 1}, model.DetailedClub),
    (lambda c: c.get_segment_effort(1), {"id": 1}, model.SegmentEffort),
    (lambda c: c.create_subscription(1, "S", "x"), {"id": 1}, model.Subscription),
    (lambda c: c.get_activity_zones(1)[0], [{"type": "pace"}], model.ActivityZone),
    (lambda c: next(c.get_activities()), [{"id": 1}], model.SummaryActivity),
    (lambda c: next(c.get_athlete_koms(1)), [{"id": 1}], model.SegmentEffort),
    (lambda c: next(c.get_athlete_clubs()), [{"id": 1}], model.SummaryClub),
    (lambda c: next(c.get_activity_kudos(1)), [{"id": 1}], model.SummaryAthlete),
    (lambda c: next(c.get_activity_laps(1)), [{"id": 1}], model.Lap),
    (lambda c: next(c.get_activity_photos(1)), [{"id": 1}], model.ActivityPhoto),
    (lambda c: next(c.get_activity_comments(1)), [{"id": 1}], strava_model.Comment),
    (lambda c: next(c.get_starred_segments()), [{"id": 1}], model.SummarySegment),
    (lambda c: next(c.get_athlete_starred_segments(1)), [{"id": 1}], model.Segment),
    (lambda c: next(c.get_segment_efforts(1)), [{"id": 1}], model.BaseEffort),
    (lambda c: next(c.get_routes(1)), [{"id": 1}], model.Route),
    (lambda c: next(c.list_subscriptions(1, "S")), [{"id": 1}], model.Subscription),
]


@pytest.mark.parametrize(("call", "body", "kind"), RETURNS)
def test_return_types(call: Callable[[Client], Any], body: Any, kind: type) -> None:
    client, _ = client_for(body)
    assert type(call(client)) is kind


def test_models_are_bound() -> None:
    client, _ = client_for({"id": 1})
    assert client.get_athlete().bound_client is client


def test_raw_access() -> None:
    client, adapter = client_for({"z": 1}, {"z": 1}, {"z": 1}, answer(204, b""))
    assert client.protocol.get("/athletes/{id}/x", id=5, foo="b", bar=None) == {"z": 1}
    assert client.protocol.get("athlete") == {"z": 1}
    assert client.protocol.get("https://www.strava.com/oauth/x") == {"z": 1}
    assert client.protocol.delete("/a/{id}", id=4, data={"q": 1}, z=2) == {}
    urls = [str(request.url) for request in adapter.requests]
    assert urls == [
        "https://www.strava.com/api/v3/athletes/5/x?foo=b",
        "https://www.strava.com/api/v3/athlete",
        "https://www.strava.com/oauth/x",
        "https://www.strava.com/api/v3/a/4?z=2",
    ]
    assert client.protocol.resolve_url("/athlete") == urls[1]
    with pytest.raises(KeyError):
        client.protocol.get("/athletes/{id}/x")


def test_iterator_attributes() -> None:
    results = Client().get_activities(limit=3)
    assert type(results) is BatchedResultsIterator
    assert repr(results) == "<BatchedResultsIterator entity=SummaryActivity>"
    assert (results.limit, results.per_page) == (3, 200)
    assert results.entity is model.SummaryActivity
    assert callable(results.result_fetcher)
    assert Client().get_activities(limit=0).limit in (None, 0)


PAGES = [[{"id": 1}, {"id": 2}], [{"id": 3}], []]


@pytest.mark.parametrize(
    ("keywords", "ids", "asked"),
    [
        ({"per_page": 2}, [1, 2, 3], [(1, 2), (2, 2)]),
        ({"per_page": 2, "limit": 2}, [1, 2], [(1, 2)]),
        ({"per_page": 2, "limit": 0}, [1, 2, 3], [(1, 2), (2, 2)]),
        ({"per_page": 2, "limit": 3}, [1, 2, 3], [(1, 2), (2, 2)]),
        ({"limit": 1}, [1], [(1, 200)]),
    ],
)
def test_iterator_made_by_hand(
    keywords: dict[str, int], ids: list[int], asked: list[tuple[int, int]]
) -> None:
    made = []

    def fetch(*, page: int, per_page: int) -> list[dict[str, int]]:
        made.append((page, per_page))
        return PAGES[page - 1] if page <= len(PAGES) else []

    results = BatchedResultsIterator(
        entity=model.SummaryAthlete, result_fetcher=fetch, **keywords
    )
    assert [athlete.id for athlete in results] == ids
    assert made == asked
    # reusable: iterating again starts anew
    assert [athlete.id for athlete in results] == ids
    assert made == asked * 2
    results.reset()
    assert results.next().id == 1
