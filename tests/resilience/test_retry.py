from __future__ import annotations

import asyncio
import functools
import logging
import pickle
import socket

import pytest
from small_world import RUN

from stravalib import exc
from stravalib.limits import RetryPolicy


@pytest.fixture
def token(strava):
    return strava.token()


def walk(drive, client):
    return drive.run(
        client.create_activity, "Walk", "2026-11-25T08:00:00", 600, sport_type="Walk"
    )


@pytest.mark.parametrize("fault", ["500", "502", "503", "504", "reset"])
def test_reads_survive(drive, token, strava, fault, caplog):
    client = drive.client(token)
    strava.faults.add(fault, count=2)
    with caplog.at_level(logging.INFO, "stravalib.retries"):
        assert drive.run(client.get_activity, RUN).id == RUN
    assert len(drive.asked()) == 3
    assert client.last_response.attempts == 3
    assert len(drive.naps) == 2
    assert 0 <= drive.naps[0] <= 0.5
    assert 0 <= drive.naps[1] <= 1.0
    retries = [m for m in caplog.messages if "attempt" in m]
    assert len(retries) == 2
    assert f"GET {strava.url}/activities/{RUN}" in retries[0]
    assert "attempt 2 of 4" in retries[0]


def test_reads_end_in_a_typed_error(drive, token, strava):
    client = drive.client(token)
    strava.faults.add("503")
    with pytest.raises(exc.ServerFault) as caught:
        drive.run(client.get_activity, RUN)
    assert caught.value.meta.attempts == 4
    assert len(drive.asked()) == 4
    assert pickle.loads(pickle.dumps(caught.value)).status_code == 503


@pytest.mark.parametrize("fault", ["500", "503", "reset"])
def test_writes_are_not_repeated(drive, token, strava, fault):
    client = drive.client(token)
    strava.faults.add(fault, method="POST")
    with pytest.raises((exc.ServerFault, exc.ConnectionFailed)):
        walk(drive, client)
    assert len(drive.asked("/activities")) == 1


def test_a_write_is_repeated_if_no_connection_was_made(drive, token, strava):
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{held.getsockname()[1]}/api/v3"
    client = drive.client(token, base_url=dead)
    with pytest.raises(exc.ConnectionFailed) as caught:
        walk(drive, client)
    assert caught.value.sent is False
    assert caught.value.meta.attempts == 4
    assert caught.value.meta.status is None
    assert client.rate_limits.overall_short.used == 0
    assert token not in str(caught.value)


def test_a_dropped_request_stays_counted(drive, token, strava):
    client = drive.client(token, retries=False)
    drive.run(client.get_activity, RUN)
    strava.faults.add("reset", count=1)
    with pytest.raises(exc.ConnectionFailed):
        drive.run(client.get_activity, RUN)
    assert client.rate_limits.read_short.used == 2
    assert client.rate_limits.in_flight == 0


@pytest.mark.parametrize("retries", [False, 0])
def test_off_by_one_argument(drive, token, strava, retries):
    client = drive.client(token, retries=retries)
    strava.faults.add("503")
    with pytest.raises(exc.ServerFault):
        drive.run(client.get_activity, RUN)
    assert len(drive.asked()) == 1


def test_a_policy_of_ones_own(drive, token, strava):
    policy = RetryPolicy(attempts=2, base=0.0)
    client = drive.client(token, retries=policy)
    strava.faults.add("503", count=2)
    with pytest.raises(exc.ServerFault):
        drive.run(client.get_activity, RUN)
    assert drive.naps == [0.0]


def test_a_wrong_number_is_told_at_construction(drive):
    with pytest.raises(ValueError, match="retries=-1"):
        drive.client("x", retries=-1)


def test_timeouts_are_typed_and_repeated(drive, token, strava):
    client = drive.client(token, timeout=(5.0, 0.2))
    strava.faults.add("hang", count=1)
    assert drive.run(client.get_activity, RUN).id == RUN
    strava.faults.add("hang", count=4)
    with pytest.raises(exc.ReadTimedOut):
        drive.run(client.get_activity, RUN)


def test_pages_survive(drive, token, strava):
    client = drive.client(token)
    whole = [a.id for a in drive.rows(client.get_activities())]
    strava.faults.add("reset", path="/athlete/activities", count=1)
    strava.faults.add("502", path="/athlete/activities", count=2)
    assert [a.id for a in drive.rows(client.get_activities())] == whole


def test_the_deadline_ends_it(drive, token, strava):
    client = drive.client(token, retries=RetryPolicy(attempts=99, deadline=10.0))
    strava.faults.add("503")
    begun = strava.clock.now()
    with pytest.raises(exc.ServerFault):
        drive.run(client.get_activity, RUN)
    assert strava.clock.now() - begun <= 10.0
    assert len(drive.asked()) > 3


def test_the_budget_ends_it_for_all_calls(drive, token, strava):
    client = drive.client(token)
    strava.faults.add("503")
    for _ in range(12):
        with pytest.raises(exc.ServerFault):
            drive.run(client.get_activity, RUN)
    # 12 first attempts and 20 repetitions
    assert len(drive.asked()) == 32


def test_who_is_told(drive, token, strava):
    asked, answered = [], []
    client = drive.client(token, on_request=asked.append, on_response=answered.append)
    strava.faults.add("503", count=1)
    drive.run(client.get_activity, RUN)
    url = f"{strava.url}/activities/{RUN}"
    assert asked == [("GET", url, 1), ("GET", url, 2)]
    assert [meta.status for meta in answered] == [503, 200]
    assert [meta.attempts for meta in answered] == [1, 2]
    last = client.last_response
    assert last is answered[-1]
    assert last.request_id
    assert last.rates.read_usage.short == 1
    assert token not in repr(asked) + repr(answered)


@pytest.mark.parametrize("drive", ["async"], indirect=True)
def test_coroutines_may_be_told(drive, token):
    seen = []

    async def tell(meta):
        seen.append(meta)

    client = drive.client(token, on_response=tell)
    drive.run(client.get_activity, RUN)
    assert len(seen) == 1


@pytest.mark.parametrize("drive", ["async"], indirect=True)
def test_a_cancelled_request_is_counted_and_not_under_way(drive, token, strava):
    client = drive.client(token)
    drive.run(client.get_activity, RUN)
    strava.faults.add("hang", count=1)

    async def cancel():
        task = asyncio.ensure_future(client.get_activity(RUN))
        while not strava.requests[-1].fault:  # noqa: ASYNC110 - no event
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    drive.run(cancel)
    assert client.rate_limits.in_flight == 0
    assert client.rate_limits.read_short.used == 2


def test_timeout_of_one_call(drive, token, strava):
    client = drive.client(token, retries=False)
    strava.faults.add("hang", path="/athlete", count=1)
    with pytest.raises(exc.ReadTimedOut):
        drive.run(functools.partial(client.get, timeout=(5.0, 0.2)), "/athlete")
    drive.run(client.get, "/athlete")
    assert all(not item.query for item in strava.requests)


GPX = b"""<?xml version="1.0"?><gpx version="1.1" creator="x"
 xmlns="http://www.topografix.com/GPX/1/1"><trk><type>running</type><trkseg>
<trkpt lat="47.1" lon="11.5"><time>2026-11-01T08:00:00Z</time></trkpt>
<trkpt lat="47.2" lon="11.5"><time>2026-11-01T08:20:00Z</time></trkpt>
</trkseg></trk></gpx>"""


@pytest.mark.parametrize("fault", ["reset", "502"])
def test_an_upload_with_a_name_is_repeated_and_makes_one_activity(
    drive, token, strava, fault
):
    client = drive.client(token)
    before = set(strava.state.activities)
    strava.faults.add(fault, method="POST", path="/uploads", count=1)
    uploader = drive.run(client.upload_activity, GPX, "gpx", external_id="mine-1")
    assert client.last_response.uncertain
    activity = drive.run(uploader.wait, poll_interval=0.05)
    (made,) = set(strava.state.activities) - before
    assert activity.id == made
    assert len([row for row in drive.asked("/uploads") if row[0] == "POST"]) == 2


def test_an_upload_without_a_name_is_not_repeated(drive, token, strava):
    client = drive.client(token)
    strava.faults.add("reset", method="POST", path="/uploads", count=1)
    with pytest.raises(exc.ConnectionFailed):
        drive.run(client.upload_activity, GPX, "gpx")
    assert len(drive.asked("/uploads")) == 1


def test_a_duplicate_of_an_older_upload_is_told(drive, token, strava):
    client = drive.client(token)
    first = drive.run(client.upload_activity, GPX, "gpx", external_id="mine-1")
    activity = drive.run(first.wait, poll_interval=0.05)
    second = drive.run(client.upload_activity, GPX, "gpx", external_id="mine-1")
    with pytest.raises(exc.DuplicateActivity) as caught:
        drive.run(second.wait, poll_interval=0.05)
    assert caught.value.duplicate_of == activity.id


def test_results_carry_what_is_known_about_their_answer(drive, token, strava):
    client = drive.client(token)
    strava.faults.add("503", count=1)
    activity = drive.run(client.get_activity, RUN)
    meta = activity.response_meta
    assert (meta.status, meta.attempts) == (200, 2)
    assert meta.rates.read_usage.short == 1
    assert meta.request_id
    assert activity.map.response_meta is None
    assert "response_meta" not in activity.model_dump()
    assert pickle.loads(pickle.dumps(activity)).response_meta is None
    assert activity == activity.model_copy()


def test_a_list_tells_about_its_last_page(drive, token):
    client = drive.client(token)
    rows = client.get_activities(limit=5)
    assert drive.run(rows.next).id
    assert rows.response_meta.status == 200
    assert rows.response_meta.url.endswith("/athlete/activities")
    drive.rows(rows)
    assert rows.response_meta.status == 200


def test_options_for_some_calls(drive, token, strava):
    client = drive.client(token)
    strava.faults.add("503", count=1)
    with client.options(retries=False), pytest.raises(exc.ServerFault):
        drive.run(client.get_activity, RUN)
    strava.faults.add("hang", count=1)
    with (
        client.options(retries=2),
        client.options(timeout=0.2),
        client.options(retries=False),
        pytest.raises(exc.ReadTimedOut),
    ):
        drive.run(client.get_activity, RUN)
    strava.application.set_limits((200, 2000, 1, 1000))
    drive.run(client.get_activity, RUN)
    with client.options(max_wait=0), pytest.raises(exc.RateLimitExceeded):
        drive.run(client.get_activity, RUN)
    assert drive.naps == []
    drive.run(client.get_activity, RUN)
    assert sum(drive.naps) > 700


def test_options_end_with_the_block_and_hold_for_one_client(drive, token, strava):
    client, other = drive.client(token), drive.client(token)
    with client.options(timeout=(1.0, 2.0), max_wait=None):
        assert client.protocol._timeout() == (1.0, 2.0)
        assert client.protocol.gate.longest_wait() is None
        assert other.protocol._timeout() == (10.0, 60.0)
        assert other.protocol.gate.longest_wait() == 900
    assert client.protocol._timeout() == (10.0, 60.0)


@pytest.mark.parametrize(
    ("name", "value"),
    [("timeout", 0), ("max_wait", -1), ("priority", "urgent"), ("reserve", -1)],
)
def test_wrong_options_are_told(drive, token, name, value):
    client = drive.client(token)
    with pytest.raises(ValueError, match=name), client.options(**{name: value}):
        raise AssertionError("entered")
