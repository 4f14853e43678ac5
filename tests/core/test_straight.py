"""The short way through a session: only where nobody has changed anything."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from requests.adapters import BaseAdapter

from stravalib import Client
from stravalib._core.http import HttpRequest
from stravalib._transport.straight import Straight, keep_header
from stravalib._transport.sync_requests import StravaSession

if TYPE_CHECKING:
    from pathlib import Path


class Recorder(BaseAdapter):
    """Answers everything, and keeps what it was asked and with which settings."""

    def __init__(self) -> None:
        self.seen: list[tuple[requests.PreparedRequest, dict[str, Any]]] = []

    def send(self, request: Any, *args: Any, **keywords: Any) -> requests.Response:
        self.seen.append((request, keywords))
        response = requests.Response()
        response.status_code = 200
        response._content = json.dumps({"id": 1}).encode()
        response.url = request.url
        response.request = request
        return response

    def close(self) -> None: ...


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    for name in ("http_proxy", "https_proxy", "no_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)
    return Recorder()


def client_of(recorder: Recorder) -> tuple[Client, requests.Session]:
    session = requests.Session()
    session.mount("https://", recorder)
    return Client("T0K3N", requests_session=session, rate_limit_requests=False), session


def test_the_environment_is_read_again_when_it_changes(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, _ = client_of(recorder)
    client.protocol.get("/athlete")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    client.protocol.get("/athlete")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/bundle.pem")
    client.protocol.get("/athlete")
    monkeypatch.delenv("HTTPS_PROXY")
    client.protocol.get("/athlete")
    proxies = [keywords["proxies"].get("https") for _, keywords in recorder.seen]
    assert proxies == [None, *["http://proxy.example:3128"] * 2, None]
    verify = [keywords["verify"] for _, keywords in recorder.seen]
    assert verify == [True, True, "/bundle.pem", "/bundle.pem"]


def test_the_session_s_own_settings_are_read_again(recorder: Recorder) -> None:
    client, session = client_of(recorder)
    client.protocol.get("/athlete")
    session.proxies["https"] = "http://other.example:1"
    client.protocol.get("/athlete")
    session.verify = False
    client.protocol.get("/athlete")
    _, keywords = recorder.seen[1]
    assert keywords["proxies"]["https"] == "http://other.example:1"
    assert [k["verify"] for _, k in recorder.seen] == [True, True, False]


@pytest.mark.parametrize("name", ["get", "request", "prepare_request"])
def test_a_patched_session_is_called(recorder: Recorder, name: str) -> None:
    client, session = client_of(recorder)
    original = getattr(session, name)
    calls = []

    def patched(*arguments: Any, **keywords: Any) -> Any:
        calls.append(name)
        return original(*arguments, **keywords)

    setattr(session, name, patched)
    client.protocol.get("/athlete")
    assert calls == [name]
    assert len(recorder.seen) == 1


@pytest.mark.parametrize("name", ["get", "request", "merge_environment_settings"])
@pytest.mark.parametrize("before", [True, False])
def test_a_patched_class_is_called(
    recorder: Recorder, name: str, before: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = getattr(requests.Session, name)
    calls = []

    def patched(self: Any, *arguments: Any, **keywords: Any) -> Any:
        calls.append(name)
        return original(self, *arguments, **keywords)

    client, _ = client_of(recorder)
    if before:
        client.protocol.get("/athlete")
    monkeypatch.setattr(requests.Session, name, patched)
    client.protocol.get("/athlete")
    assert calls == [name]


def test_a_subclass_is_called_by_its_methods(recorder: Recorder) -> None:
    calls = []

    class Own(requests.Session):
        def request(self, *arguments: Any, **keywords: Any) -> requests.Response:
            calls.append(arguments)
            return super().request(*arguments, **keywords)

    session = Own()
    session.mount("https://", recorder)
    Client("T", requests_session=session).protocol.get("/athlete")
    assert calls == [("GET", "https://www.strava.com/api/v3/athlete")]


def test_the_same_reaches_the_wire_either_way(recorder: Recorder) -> None:
    client, session = client_of(recorder)
    session.headers["X-Own"] = "1"
    session.params = {"always": "1"}
    client.protocol.get("/athlete/activities", page=2, none=None)
    client.protocol.put("/athlete", weight="70.5")
    assert Straight().leads_to(session)
    request = session.request
    session.request = lambda *a, **k: request(*a, **k)  # type: ignore[method-assign]
    assert not Straight().leads_to(session)
    client.protocol.get("/athlete/activities", page=2, none=None)
    client.protocol.put("/athlete", weight="70.5")
    short, long = recorder.seen[:2], recorder.seen[2:]
    for (one, _), (two, _) in zip(short, long, strict=True):
        assert (one.method, one.url, one.body) == (two.method, two.url, two.body)
        assert dict(one.headers) == dict(two.headers)


def test_a_netrc_file_does_not_replace_the_token(
    recorder: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine www.strava.com login me password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    client, _ = client_of(recorder)
    client.protocol.get("/athlete")
    request, _ = recorder.seen[0]
    assert request.headers["Authorization"] == "Bearer T0K3N"


# -- a plain GET is prepared here, equal to what requests prepares ----------------

URL = "https://www.strava.com/api/v3/athlete"


def both(
    session: requests.Session, request: HttpRequest
) -> tuple[requests.PreparedRequest | None, requests.PreparedRequest]:
    own = Straight()._plain(session, request)
    theirs = session.prepare_request(
        requests.Request(
            request.method,
            request.url,
            request.headers,
            None,
            request.data,
            request.params,
            keep_header if session.auth is None else None,
            json=request.json,
        )
    )
    return own, theirs


def assert_equal(
    own: requests.PreparedRequest, theirs: requests.PreparedRequest
) -> None:
    assert (own.method, own.url, own.body) == (theirs.method, theirs.url, theirs.body)
    assert list(own.headers.items()) == list(theirs.headers.items())
    assert own.hooks == theirs.hooks
    jars = [list(vars(prepared)["_cookies"]) for prepared in (own, theirs)]
    assert jars == [[], []]
    assert own.copy().url == theirs.url


VALUES = st.one_of(
    st.none(), st.integers(), st.booleans(), st.floats(), st.text(max_size=6)
)


@given(
    path=st.from_regex(r"(/[A-Za-z0-9_~-]{0,5}){0,4}", fullmatch=True),
    host=st.sampled_from(["www.strava.com", "127.0.0.1:8080", "localhost:443", "a:1"]),
    params=st.none() | st.dictionaries(st.text(max_size=5), VALUES, max_size=4),
)
def test_a_plain_get_is_prepared_as_requests_does(
    path: str, host: str, params: dict[str, Any] | None
) -> None:
    request = HttpRequest("GET", f"https://{host}/api{path}", params)
    try:
        own, theirs = both(requests.Session(), request)
    except UnicodeEncodeError:  # half a surrogate pair: neither sends it
        return
    assert own is not None
    assert_equal(own, theirs)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.strava.com/api/./v3/../v4",
        "https://www.Strava.com/api",
        "https://www.strava.com/api/a%20b",
        "https://www.strava.com/api/a b",
        "https://www.strava.com/api?one=1",
        "https://me:word@www.strava.com/api",
        "https://bücher.example/api",
        "https://www.strava.com:0080/api",
        "https://www.strava.com",
        "https://[::1]:80/api",
    ],
)
def test_other_addresses_are_left_to_requests(url: str) -> None:
    own, theirs = both(requests.Session(), HttpRequest("GET", url, {"a": 1}))
    assert own is None
    assert theirs.url


@pytest.mark.parametrize(
    "changes",
    [
        {"method": "DELETE"},
        {"data": {"a": "1"}},
        {"json": {}},
        {"params": {"many": ["a", "b"]}},
        {"params": {"raw": b"a"}},
    ],
)
def test_other_requests_are_left_to_requests(changes: dict[str, Any]) -> None:
    request = HttpRequest("GET", URL)._replace(**changes)
    assert Straight()._plain(requests.Session(), request) is None


def test_a_session_that_adds_more_than_headers_is_left_to_requests() -> None:
    request = HttpRequest("GET", URL, {"a": 1})
    for attribute, value in {
        "params": {"always": "1"},
        "auth": ("me", "word"),
        "hooks": {"response": [print]},
        "headers": {"X": "1"},
    }.items():
        session = requests.Session()
        setattr(session, attribute, value)
        assert Straight()._plain(session, request) is None, attribute
    session = requests.Session()
    session.cookies.set("a", "b")
    assert Straight()._plain(session, request) is None
    session = requests.Session()
    session.headers["X-None"] = None  # type: ignore[assignment]
    assert Straight()._plain(session, request) is None


@pytest.mark.parametrize("kind", [requests.Session, StravaSession])
def test_the_headers_of_the_session_are_sent_as_they_are_now(kind: type) -> None:
    session, straight = kind(), Straight()
    request = HttpRequest("GET", URL, headers={"Authorization": "Bearer T0K3N"})
    session.headers["authorization"] = "of the session"
    first = straight._plain(session, request)
    session.headers["X-Own"] = "1"
    second = straight._plain(session, request)
    del session.headers["Accept"]
    third = straight._plain(session, request)
    assert first is not None
    assert second is not None
    assert third is not None
    assert first.headers["Authorization"] == "Bearer T0K3N"
    assert session.headers["Authorization"] == "of the session"
    assert "X-Own" not in first.headers
    assert second.headers["X-Own"] == "1"
    assert "Accept" not in third.headers
    assert_equal(third, both(session, request)[1])


def test_a_header_that_cannot_be_sent_is_refused() -> None:
    session, straight = requests.Session(), Straight()
    session.headers["X-Own"] = "a\nb"
    with pytest.raises(requests.exceptions.InvalidHeader):
        straight._plain(session, HttpRequest("GET", URL))
    with pytest.raises(requests.exceptions.InvalidHeader):
        straight._plain(session, HttpRequest("GET", URL))
