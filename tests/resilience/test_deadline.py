"""Attempts and deadline hold for a whole call, whatever it is repeated for."""

from __future__ import annotations

import asyncio
import functools
import logging
import threading
import time
from itertools import chain, cycle, repeat

import pytest
from small_world import RUN

from local_servers import Reply, Server
from stravalib import AsyncClient, Client, exc
from stravalib._async.call import Call
from stravalib._core.http import DEFAULT_TIMEOUT, HttpRequest
from stravalib._core.retries import deadline_of
from stravalib.limits import RetryPolicy

LIMITS = {"X-RateLimit-Limit": "200,2000", "X-RateLimit-Usage": "1,1"}
GARBAGE = b"<html>try later</html>"


class Time:
    """A clock that moves when somebody sleeps."""

    def __init__(self):
        self.now = 1000.0
        self.naps = []

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.naps.append(seconds)
        self.now += seconds

    async def async_sleep(self, seconds):
        self.sleep(seconds)


@pytest.fixture(params=["sync", "async"])
def ask(request):
    """Ask for a path; return the result, or the error, and the client."""

    def prepare(client, clock, sleep):
        if clock is not None:
            client.protocol.sender.monotonic = clock
            client.protocol.sender.sleep = sleep

    def sync_ask(server, clock=None, **kwargs):
        with Client("T", base_url=server.api, **kwargs) as client:
            prepare(client, clock, clock and clock.sleep)
            return client.get("/x")

    async def async_ask(server, clock=None, **kwargs):
        async with AsyncClient("T", base_url=server.api, **kwargs) as client:
            prepare(client, clock, clock and clock.async_sleep)
            return await client.get("/x")

    if request.param == "sync":
        return sync_ask
    return lambda *args, **kwargs: asyncio.run(async_ask(*args, **kwargs))


def one_by_one(*replies, then=()):
    rest = chain(replies, cycle(then) if then else repeat(Reply(body={"id": 1})))
    return Server(lambda seen: next(rest))


class TestAttempts:
    def test_hold_across_bodies_that_are_not_json(self, ask):
        errors = [Reply(503), Reply(503), Reply(503), Reply(body=GARBAGE)]
        with one_by_one(then=errors) as server:
            with pytest.raises(exc.InvalidResponse) as caught:
                ask(server, Time())
            assert len(server.seen) == 4
        assert caught.value.meta.attempts == 4

    def test_hold_across_redirects(self, ask):
        moved = Reply(302, headers={"Location": "/api/v3/y"})
        with one_by_one(moved, then=[Reply(503)]) as server:
            with pytest.raises(exc.ServerFault) as caught:
                ask(server, Time())
            # requests follows by itself, and counts that as one.
            assert len(server.seen) in (4, 5)
        assert caught.value.meta.attempts == 4

    def test_hold_across_a_new_token(self, ask):
        dead = {
            "message": "Authorization Error",
            "errors": [
                {"resource": "Athlete", "field": "access_token", "code": "invalid"}
            ],
        }
        with one_by_one(Reply(503), Reply(401, dead), then=[Reply(503)]) as server:
            with pytest.raises(exc.ServerFault) as caught:
                ask(server, Time(), token_provider=iter(("A", "B", "C")).__next__)
            assert len(server.seen) == 4
        assert caught.value.meta.attempts == 4


class TestDeadline:
    def test_holds_across_bodies_that_are_not_json(self, ask):
        clock = Time()
        policy = RetryPolicy(attempts=999, deadline=10.0)
        with one_by_one(then=[Reply(503), Reply(body=GARBAGE)]) as server:
            with pytest.raises((exc.InvalidResponse, exc.ServerFault)):
                ask(server, clock, retries=policy)
            assert len(server.seen) > 3
        assert clock.now - 1000.0 <= 10.0

    def test_ends_the_first_attempt(self, ask):
        go_on = threading.Event()
        policy = RetryPolicy(deadline=0.1)
        with Server(lambda seen: Reply(before=lambda: go_on.wait(5))) as server:
            started = time.monotonic()
            with pytest.raises(exc.ReadTimedOut):
                ask(server, retries=policy)
            took = time.monotonic() - started
            go_on.set()
        assert took < 2

    @pytest.mark.parametrize("length", ["length", "chunked", "until it closes"])
    def test_ends_a_body_that_drips(self, ask, length):
        with Dripping(length) as server:
            started = time.monotonic()
            with pytest.raises(exc.ReadTimedOut) as caught:
                ask(
                    server,
                    timeout=5,
                    retries=RetryPolicy(attempts=1, deadline=0.2),
                )
            took = time.monotonic() - started
        assert took < 2
        assert caught.value.sent is True

    def test_is_not_in_the_way_of_a_body_in_pieces(self, ask):
        with Dripping("length", pieces=3) as server:
            assert ask(server, timeout=5) == {}

    def test_of_a_policy_is_kept_to(self):
        assert deadline_of(RetryPolicy(deadline=5.0), (10.0, 60.0)) == 5.0
        assert deadline_of(RetryPolicy(deadline=5.0), (None, None)) == 5.0

    @pytest.mark.parametrize("argument", [True, False, 3, None])
    def test_without_a_policy_a_longer_timeout_means_what_it_says(self, argument):
        assert deadline_of(argument, DEFAULT_TIMEOUT) == 120.0
        assert deadline_of(argument, (10.0, 300.0)) == 310.0
        assert deadline_of(argument, (10.0, None)) is None
        assert deadline_of(argument, DEFAULT_TIMEOUT, files=True) is None

    def test_leaves_an_attempt_what_is_left(self):
        call = Call()
        call.request = HttpRequest("GET", "http://127.0.0.1/x")
        call.started = 100.0
        assert call.bounded(100.0, 120.0).timeout == (10.0, 60.0)
        assert call.bounded(100.0, 120.0).total == 120.0
        assert call.bounded(110.0, 15.0).timeout == (5.0, 5.0)
        call.waited, call.paced = 3.0, 1.0
        assert call.bounded(110.0, 15.0).total == 9.0
        assert call.bounded(900.0, 15.0).total == 1.0
        assert call.bounded(900.0, 2.0).total == 0.2
        assert call.bounded(900.0, None).timeout == (10.0, 60.0)
        assert call.bounded(900.0, None).total is None

    def test_leaves_a_file_the_time_that_it_needs(self, drive, strava):
        totals = []
        client = drive.client(strava.token())
        transport = client.protocol.transport
        send = transport.send

        def watched(request):
            totals.append((request.method, request.total))
            return send(request)

        transport.send = watched
        upload = functools.partial(client.upload_activity, data_type="gpx")
        drive.run(upload, b"<gpx/>")
        with client.options(retries=RetryPolicy(deadline=50.0)):
            drive.run(upload, b"<gpx/>")
        drive.run(client.get_activity, RUN)
        assert totals == [("POST", None), ("POST", 50.0), ("GET", 120.0)]

    def test_the_usual_request_is_sent_as_it_is(self, ask):
        with one_by_one() as server:
            assert ask(server) == {"id": 1}
        sender = Client("T").protocol.sender
        assert sender._usual is DEFAULT_TIMEOUT
        assert Client("T", retries=False).protocol.sender._usual is None


class Dripping:
    """Sends a body a space at a time, never or after some pieces to its end."""

    def __init__(self, kind, pieces=None):
        self.kind = kind
        self.pieces = pieces
        self.stop = threading.Event()

    def __enter__(self):
        import socket

        self._listener = socket.create_server(("127.0.0.1", 0))
        self.api = f"http://127.0.0.1:{self._listener.getsockname()[1]}/api/v3"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return self

    def _serve(self):
        connection, _ = self._listener.accept()
        with connection:
            connection.settimeout(5)
            connection.recv(65536)
            header = {
                "length": b"Content-Length: %d\r\n" % (10000 if not self.pieces else 5),
                "chunked": b"Transfer-Encoding: chunked\r\n",
                "until it closes": b"",
            }[self.kind]
            piece = b"1\r\n \r\n" if self.kind == "chunked" else b" "
            try:
                connection.sendall(b"HTTP/1.1 200 OK\r\n" + header + b"\r\n")
                sent = 0
                while not self.stop.wait(0.02) and sent != self.pieces:
                    connection.sendall(piece)
                    sent += 1
                if self.pieces:
                    connection.sendall(b"{}")
                    self.stop.wait(5)
            except OSError:
                pass

    def __exit__(self, *arguments):
        self.stop.set()
        self._listener.close()
        self._thread.join(5)


def test_a_repetition_with_a_new_token_is_one_line(drive, strava, caplog):
    pair = strava.authorize()
    client = drive.client(
        "dead", refresh_token=pair.refresh_token, token_expires=4_000_000_000
    )
    with caplog.at_level(logging.INFO, "stravalib.retries"):
        drive.run(client.get_activity, RUN)
    (line,) = [r.getMessage() for r in caplog.records if r.name == "stravalib.retries"]
    assert line == (
        f"GET {strava.url}/activities/{RUN} failed (status 401); sent again with a "
        "new token"
    )


def test_a_file_without_seek_is_sent_once(drive, strava):
    class Stream:
        def read(self, size=-1):
            return b"<gpx/>"

        def tell(self):
            return 0

    client = drive.client(strava.token())
    strava.faults.add("503", path="/uploads")
    with pytest.raises(exc.ServerFault):
        drive.run(
            functools.partial(
                client.upload_activity, Stream(), data_type="gpx", external_id="a"
            )
        )
    assert len(drive.asked("/uploads")) == 1
