from __future__ import annotations

import contextlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from small_world import ANNA, HIDDEN, RUN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from asking import Asker

    from stravalib.emulator import LocalStrava


class Callback(ThreadingHTTPServer):
    """A live callback on loopback whose manners can be changed."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.events: list[dict[str, Any]] = []
        self.verified: list[dict[str, str]] = []
        self.statuses: list[int] = []  # answers to come; 200 when empty
        self.pause = 0.0
        self.challenge: str | None = None
        self.handshake_status = 200
        self.redirect: str | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook?secret=1"


class Handler(BaseHTTPRequestHandler):
    server: Callback

    def log_message(self, *args: object) -> None:
        pass

    def reply(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        if self.server.redirect:
            self.send_header("Location", self.server.redirect)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        query = {k: v[0] for k, v in parse_qs(urlsplit(self.path).query).items()}
        self.server.verified.append(query)
        time.sleep(self.server.pause)
        challenge = self.server.challenge or query.get("hub.challenge")
        body = json.dumps({"hub.challenge": challenge}).encode()
        with contextlib.suppress(BrokenPipeError):
            self.reply(self.server.handshake_status, body)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.events.append(json.loads(body))
        status = self.server.statuses.pop(0) if self.server.statuses else 200
        self.reply(status)


@pytest.fixture
def callback() -> Iterator[Callback]:
    server = Callback()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def form(strava: LocalStrava, **fields: Any) -> dict[str, Any]:
    client_id, secret = strava.credentials
    return {"client_id": client_id, "client_secret": secret} | fields


def subscribe(strava: LocalStrava, url: str) -> requests.Response:
    data = form(strava, callback_url=url, verify_token="SHARED")
    return requests.post(strava.url + "/push_subscriptions", data=data, timeout=10)


def wait(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "nothing came"
        time.sleep(0.005)


@pytest.fixture
def subscribed(small: LocalStrava, callback: Callback) -> LocalStrava:
    small.events.retry_seconds = 0.01
    assert subscribe(small, callback.url).status_code == 201
    return small


def test_handshake(small: LocalStrava, callback: Callback) -> None:
    reply = subscribe(small, callback.url)
    made = reply.json()
    assert reply.status_code == 201
    assert made["application_id"] == small.credentials.client_id
    assert made["callback_url"] == callback.url
    assert made["created_at"] == "2026-11-25T12:00:00.000000000Z"
    assert callback.verified[0]["hub.verify_token"] == "SHARED"
    assert callback.verified[0]["hub.mode"] == "subscribe"
    assert callback.verified[0]["secret"] == "1"
    url = small.url + "/push_subscriptions"
    listed = requests.get(url, params=form(small), timeout=5)
    assert [item["id"] for item in listed.json()] == [made["id"]]
    assert listed.headers["X-RateLimit-Usage"] == "0,0"
    second = subscribe(small, callback.url)
    assert second.status_code == 400
    assert second.json()["errors"] == [
        {"resource": "PushSubscription", "field": "", "code": "already exists"}
    ]
    gone = requests.delete(f"{url}/{made['id']}", params=form(small), timeout=5)
    assert (gone.status_code, gone.content) == (204, b"")
    assert requests.get(url, params=form(small), timeout=5).json() == []
    again = requests.delete(f"{url}/{made['id']}", data=form(small), timeout=5)
    assert again.status_code == 404
    in_body = requests.get(url, data=form(small), timeout=5)
    assert in_body.status_code == 403
    assert in_body.headers["Content-Type"] == "text/html"
    bad = requests.get(url, params=form(small) | {"client_secret": "x"}, timeout=5)
    assert bad.status_code == 401


@pytest.mark.parametrize(
    ("manners", "code"),
    [
        ({"handshake_status": 404}, "GET to callback URL does not return 200"),
        (
            {"handshake_status": 302, "redirect": "http://127.0.0.1:9/"},
            "GET to callback URL does not return 200",
        ),
        ({"challenge": "wrong"}, "not verifiable"),
        ({"pause": 2.3}, "not verifiable"),
    ],
)
def test_failing_handshakes(
    small: LocalStrava, callback: Callback, manners: dict[str, Any], code: str
) -> None:
    for name, value in manners.items():
        setattr(callback, name, value)
    reply = subscribe(small, callback.url)
    assert reply.status_code == 400
    assert reply.json()["errors"] == [
        {"resource": "PushSubscription", "field": "callback url", "code": code}
    ]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/",
        "ftp://127.0.0.1/",
        "nonsense",
        "http://192.0.2.1/hook",  # not this machine: never called
        "http://127.0.0.1:99999/",
        "http://localhost/\r\nX: y",
    ],
)
def test_unreachable_callbacks(small: LocalStrava, url: str) -> None:
    reply = subscribe(small, url)
    assert reply.status_code == 400
    assert reply.json()["errors"][0]["code"] == "not verifiable"


def test_long_callback_url(small: LocalStrava) -> None:
    reply = subscribe(small, "http://127.0.0.1/" + "x" * 255)
    assert reply.json()["errors"][0]["field"] == "callback url"


def test_create_update_and_delete_are_told(
    subscribed: LocalStrava, callback: Callback, ask: Asker
) -> None:
    made = ask(
        "POST",
        "/activities",
        data={
            "name": "N",
            "sport_type": "Run",
            "start_date_local": "2026-01-01T00:00:00Z",
            "elapsed_time": 1,
        },
    ).json()
    wait(lambda: len(callback.events) == 1)
    assert callback.events[0] == {
        "aspect_type": "create",
        "event_time": 1_795_608_000,
        "object_id": made["id"],
        "object_type": "activity",
        "owner_id": ANNA,
        "subscription_id": 131_301,
        "updates": {},
    }
    ask("PUT", f"/activities/{RUN}", json={"description": "quiet", "gear_id": "none"})
    ask("PUT", f"/activities/{RUN}", json={"name": "Title", "sport_type": "Walk"})
    wait(lambda: len(callback.events) == 2)
    assert callback.events[1]["updates"] == {"title": "Title", "type": "Walk"}
    url = f"{subscribed.origin}/_emulator/activities/{RUN}"
    ask("POST", url, data={"visibility": "only_me"})
    wait(lambda: len(callback.events) == 3)
    assert callback.events[2]["updates"] == {"private": "true", "visibility": "only_me"}
    assert ask("POST", url, data={"delete": "true"}).status_code == 204
    wait(lambda: len(callback.events) == 4)
    assert callback.events[3]["aspect_type"] == "delete"
    assert ask.get(f"/activities/{RUN}").status_code == 404
    assert ask.get("/segments/starred").json()[0]["pr_time"] is None


def test_activity_read_sees_hiding_as_deletion(
    subscribed: LocalStrava, callback: Callback
) -> None:
    subscribed.token("read,activity:read")
    subscribed.app.set_visibility(RUN, "only_me")
    wait(lambda: len(callback.events) == 1)
    subscribed.app.set_visibility(RUN, "everyone")
    wait(lambda: len(callback.events) == 2)
    assert [event["aspect_type"] for event in callback.events] == ["delete", "create"]
    subscribed.app.delete_activity(HIDDEN)
    subscribed.token("read")
    subscribed.app.delete_activity(RUN)
    time.sleep(0.05)
    assert len(callback.events) == 2


def test_deauthorisation_is_told(subscribed: LocalStrava, callback: Callback) -> None:
    headers = {"Authorization": f"Bearer {subscribed.token()}"}
    requests.post(subscribed.oauth_url + "/deauthorize", headers=headers, timeout=5)
    wait(lambda: len(callback.events) == 1)
    event = callback.events[0]
    assert (event["object_type"], event["aspect_type"]) == ("athlete", "update")
    assert event["object_id"] == event["owner_id"] == ANNA
    assert event["updates"] == {"authorized": "false"}


def test_three_tries(subscribed: LocalStrava, callback: Callback) -> None:
    callback.statuses = [500, 302, 200]
    callback.redirect = "http://127.0.0.1:9/elsewhere"
    delivery = subscribed.events.send(
        subscribed.credentials.client_id, {"object_id": 5, "owner_id": ANNA}
    )
    assert delivery is not None
    wait(lambda: delivery.done)
    assert delivery.statuses == [500, 302, 200]
    assert delivery.delivered
    callback.statuses = [500, 500, 500, 200]
    failing = subscribed.events.replay(delivery)
    wait(lambda: failing.done)
    assert failing.attempts == 3
    assert not failing.delivered
    assert failing.error == "answered 500"


def test_trigger_and_replay(
    subscribed: LocalStrava, callback: Callback, ask: Asker
) -> None:
    url = subscribed.origin + "/_emulator/events"
    sent = ask(
        "POST",
        url,
        json={
            "object_id": RUN,
            "aspect_type": "update",
            "updates": {"title": "By hand"},
        },
    )
    assert sent.status_code == 202
    wait(lambda: len(callback.events) == 1)
    assert callback.events[0]["owner_id"] == ANNA
    wait(lambda: ask("GET", url).json()[0]["done"])
    assert ask("GET", url).json()[0]["delivered"] is True
    ask("POST", url, json={"replay": 0})
    wait(lambda: len(callback.events) == 2)
    assert callback.events[1] == callback.events[0]
    assert ask("POST", url, json={"replay": 99}).status_code == 404
