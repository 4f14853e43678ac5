"""What people met who used both clients for the first time."""

from __future__ import annotations

import asyncio
import copy
import io
import pickle
import warnings
from datetime import UTC, datetime

import pytest
from small_world import RUN

from stravalib import AsyncClient, Client, exc, model
from stravalib._core import uploads
from stravalib.doctor import diagnose
from stravalib.limits import RetryPolicy, SQLiteLedger
from stravalib.tokens import MemoryTokenStore, Token

GPX = (
    '<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">'
    "<trk><trkseg>"
    + "".join(
        f'<trkpt lat="{48 + n * 3e-4}" lon="8">'
        f"<time>2025-03-01T10:{n // 60:02d}:{n % 60:02d}Z</time></trkpt>"
        for n in range(120)
    )
    + "</trkseg></trk></gpx>"
)


@pytest.fixture
def token(strava):
    return strava.token()


def test_a_session_that_raises_for_a_status_does_not(strava, token):
    aiohttp = pytest.importorskip("aiohttp")

    async def ask():
        async with aiohttp.ClientSession(raise_for_status=True) as session:
            client = AsyncClient(token, session=session, base_url=strava.url)
            await client.get_activity(1)

    with pytest.raises(exc.ObjectNotFound):
        asyncio.run(ask())
    assert len(strava.requests) == 1


def test_an_upload_whose_answer_is_cut_off_is_repeated(drive, strava, token):
    strava.faults.add("truncated", path="/uploads", method="POST", count=1)
    client = drive.client(token)
    source = io.BytesIO(GPX.encode())
    drive.run(client.upload_activity, source, "gpx", external_id="ride-1")
    assert [method for method, *_ in drive.asked("/uploads")].count("POST") == 2


def test_an_upload_without_a_name_is_not_repeated(drive, strava, token):
    strava.faults.add("truncated", path="/uploads", method="POST", count=1)
    client = drive.client(token)
    with pytest.raises(exc.InvalidResponse, match="look before you repeat it"):
        drive.run(client.upload_activity, io.BytesIO(GPX.encode()), "gpx")
    assert len(drive.asked("/uploads")) == 1


def test_a_429_whose_wait_is_declined_is_stravas_answer(drive, strava, token):
    strava.application.set_limits((10, 100, 1, 50))
    drive.run(drive.client(token).get_athlete)
    told = []
    client = drive.client(token, on_wait=lambda wait: bool(told.append(wait)))
    with pytest.raises(exc.RateLimited) as caught:
        drive.run(client.get_athlete)
    assert caught.value.status_code == 429
    assert caught.value.meta.status == 429
    assert [wait.reason for wait in told] == ["limit"]
    assert drive.naps == []


def test_a_wait_that_is_declined_before_sending(drive, strava, token):
    strava.application.set_limits((10, 100, 1, 50))
    client = drive.client(token, on_wait=lambda wait: False)
    drive.run(client.get_athlete)
    with pytest.raises(exc.RateLimitExceeded, match="on_wait returned False") as caught:
        drive.run(client.get_athlete)
    assert "max_wait" not in str(caught.value)
    assert caught.value.retry_after > 0
    assert len(strava.requests) == 1


def test_pacing_is_told_and_may_be_declined(drive, strava, token, caplog):
    told = []
    client = drive.client(token, priority="low", on_wait=told.append)
    with caplog.at_level("INFO", "stravalib"):
        for _ in range(3):
            drive.run(client.get_athlete)
    assert told
    assert {wait.reason for wait in told} == {"pacing"}
    assert "Paced by priority: waiting" in caplog.text
    client = drive.client(token, priority="low", on_wait=lambda wait: False)
    drive.run(client.get_athlete)
    naps = len(drive.naps)
    with pytest.raises(exc.RateLimitExceeded, match="Paced by priority"):
        drive.run(client.get_athlete)
    assert len(drive.naps) == naps


MOMENT = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_when_a_token_expires_may_be_text_or_a_moment(kind):
    for value in (1798761600, "1798761600", " 1798761600.0", MOMENT):
        client = kind("T", token_expires=value)
        assert client.token_expires == 1798761600
        assert type(client.token_expires) is int
        client.token_expires = value
        assert client.token_expires == 1798761600
        assert Token("T", expires_at=value).expires_at == 1798761600
    assert kind("T", token_expires=None).token_expires is None


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ("soon", ValueError),
        ("2027-01-01", ValueError),
        ("nan", ValueError),
        (True, TypeError),
        (datetime(2027, 1, 1), TypeError),
        (b"5", TypeError),
    ],
)
def test_what_is_no_moment_is_told_at_once(value, error):
    for make in (
        lambda: Client("T", token_expires=value),
        lambda: setattr(Client("T"), "token_expires", value),
        lambda: Token("T", expires_at=value),
        lambda: Token.from_json({"access_token": "T", "expires_at": value}),
    ):
        with pytest.raises(error, match="is no moment; give epoch seconds"):
            make()


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"attempts": "x"}, TypeError),
        ({"attempts": True}, TypeError),
        ({"attempts": 0}, ValueError),
        ({"attempts": -3}, ValueError),
        ({"deadline": 0}, ValueError),
        ({"deadline": -1}, ValueError),
        ({"deadline": float("nan")}, ValueError),
        ({"deadline": "9"}, TypeError),
        ({"base": -1}, ValueError),
        ({"base": None}, TypeError),
        ({"cap": -0.1}, ValueError),
    ],
)
def test_a_policy_is_checked_when_it_is_made(wrong, error):
    ((name, value),) = wrong.items()
    with pytest.raises(error, match=f"^{name}={value!r}"):
        RetryPolicy(**wrong)


def test_a_policy_is_a_value():
    policy = RetryPolicy(1, base=0, cap=0, deadline=None)
    assert policy == (1, 0, 0, None)
    assert pickle.loads(pickle.dumps(policy)) == policy
    assert type(policy._replace(attempts=2)) is RetryPolicy
    assert repr(RetryPolicy()).startswith("RetryPolicy(attempts=4")


def test_a_set_of_streams_knows_its_answer(drive, token):
    streams = drive.run(drive.client(token).get_activity_streams, RUN)
    assert streams.response_meta.status == 200
    for twin in (copy.copy(streams), pickle.loads(pickle.dumps(streams))):
        assert twin == streams
        assert twin.response_meta is None


def test_the_doctor_names_a_client_id_that_is_none(monkeypatch, strava, token):
    monkeypatch.setenv("STRAVA_CLIENT_ID", "abc")
    monkeypatch.setenv("STRAVA_CLIENT_SECRET", "s3cret")
    with Client(token, base_url=strava.url) as client:
        found = diagnose(client)
    (finding,) = [one for one in found if one.topic == "application"]
    assert finding.status == "problem"
    assert "STRAVA_CLIENT_ID='abc' is not a whole number" in finding.text


def test_a_token_with_a_line_break_is_sent_once(drive, strava, caplog):
    client = drive.client("bad\n")
    with caplog.at_level("INFO"), pytest.raises(exc.InvalidAccessToken):
        drive.run(client.get_athlete)
    assert len(strava.requests) == 1
    assert "new token" not in caplog.text


def test_warnings_point_to_the_line_of_the_user(strava, token):
    with Client(token, base_url=strava.url) as client:
        club = model.DetailedClub(id=1, bound_client=client)
        for ask in (lambda: club.members, lambda: client.get_club_members(1)):
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                ask()
            assert [warning.filename for warning in caught] == [__file__]


@pytest.mark.parametrize(
    ("error", "kind", "hint"),
    [
        ("x.gpx duplicate of activity 12", exc.DuplicateActivity, "get_activity(12)"),
        ("x.gpx duplicate of another", exc.DuplicateActivity, "nothing is left to do"),
        ("Improperly formatted data.", exc.ErrorProcessingActivity, "formats.read"),
    ],
)
def test_errors_of_uploads_say_what_to_do(error, kind, hint):
    found = uploads.failure({"id": 5, "error": error, "status": "error"})
    assert type(found) is kind
    assert found.docs == f"docs/errors.md#{kind.__name__.lower()}"
    assert hint in found.hint
    assert found.upload_id == 5


@pytest.mark.parametrize("what", ["text", "folder"])
def test_a_ledger_that_is_no_ledger(drive, token, tmp_path, what):
    path = tmp_path / "ledger.sqlite"
    if what == "text":
        path.write_text("hello" * 1000)
    else:
        path.mkdir()
    client = drive.client(token, ledger=SQLiteLedger(path))
    with pytest.raises(exc.LedgerFailed):
        drive.run(client.get_athlete)


@pytest.mark.parametrize(
    ("known", "missing"),
    [
        ({"refresh_token": "r"}, "client_secret"),
        ({"client_secret": "s"}, "refresh_token"),
        ({}, "client_secret, refresh_token"),
    ],
)
def test_what_is_missing_for_a_renewal_is_named(
    drive, strava, caplog, monkeypatch, known, missing
):
    monkeypatch.delenv("SILENCE_TOKEN_WARNINGS", raising=False)
    credentials = {"client_id": 5, "client_secret": None, **known}
    client = drive.client("dead", token_expires=1, **credentials)
    with pytest.raises(exc.StravalibError):
        drive.run(client.get_athlete)
    assert f"cannot be renewed without {missing} (" in caplog.text


def test_an_athlete_who_never_logged_in(drive):
    client = drive.client(token_store=MemoryTokenStore(), athlete_id=5)
    with pytest.raises(exc.LoginRequired, match=r"no token of athlete 5\. Log in: run"):
        drive.run(client.get_athlete)
