"""The short way through a session: only where nobody has changed anything."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import requests
from requests.adapters import BaseAdapter

from stravalib import Client
from stravalib._transport.straight import Straight

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
