"""What goes over the wire for each call, and that only listed things differ."""

from __future__ import annotations

import io
import json
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from wire_doubles import Adapter, BareSession, Json, Sent, make_response, session
from wire_table import BY_TITLE, CALLS, DIFFERENCES, UPLOAD, Call

from stravalib import Client

if TYPE_CHECKING:
    import requests

WIRE = Path(__file__).resolve().parents[3] / "shared/compat/wire.json"


def drain(result: Any) -> Any:
    """Iterate over what is an iterator, so that its requests are made."""
    return list(result) if hasattr(result, "__next__") else result


def kind(result: Any) -> str:
    return "dict" if isinstance(result, dict) else type(result).__name__


def run(call: Call, *answers: Any) -> tuple[Any, list[Sent], list[type[Warning]]]:
    adapter = Adapter(*(answers or call.answers))
    client = Client("T", requests_session=session(adapter), rate_limit_requests=False)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        if call.raises is None:
            result = drain(call.make(client))
        else:
            with pytest.raises(call.raises[0]) as error:
                call.make(client)
            assert str(error.value).startswith(call.raises[1])
            result = None
    # a missing timeout would hang a program for ever
    assert all(kw["timeout"] == (10.0, 60.0) for kw in adapter.keywords)
    return result, adapter.sent, [entry.category for entry in caught]


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_call_sends(call: Call) -> None:
    result, sent, warned = run(call)
    assert sent == list(call.sends)
    assert tuple(warned) == call.warns
    assert kind(result) == call.returns


def test_titles_are_unique() -> None:
    assert len(BY_TITLE) == len(CALLS)


def test_warnings_point_at_the_caller() -> None:
    for call in CALLS:
        if not call.warns:
            continue
        adapter = Adapter(*call.answers)
        client = Client("T", requests_session=session(adapter))
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            drain(call.make(client))
        files = {Path(entry.filename).name for entry in caught}
        assert files == {"wire_table.py"}, call.title


def recorded() -> list[dict[str, Any]]:
    if not WIRE.exists():
        return []
    return json.loads(WIRE.read_text())


def recorded_body(row: dict[str, Any]) -> Any:
    body = row["body"]
    if body is None:
        return None
    if isinstance(body, dict):
        return body["multipart fields"]
    if row["content_type"] == "application/json":
        return Json(json.loads(body))
    from urllib.parse import parse_qsl

    return dict(parse_qsl(body))


def recorded_sent(entry: dict[str, Any]) -> list[Sent]:
    return [
        Sent(
            method=row["method"],
            path=row["path"],
            query=row["query"],
            body=recorded_body(row),
            bearer=row["authorization"] == "Bearer",
            host=row["host"],
        )
        for row in entry["requests"]
    ]


def as_recorded(call: Call, result: Any) -> str:
    """Write the result as the recording does."""
    if isinstance(result, (list, dict)):
        return f"{kind(result)} of {len(result)}"
    return type(result).__name__


@pytest.mark.corpus
@pytest.mark.skipif(not WIRE.exists(), reason="../shared is not there")
class TestAgainstRecording:
    def test_every_entry_has_a_call(self) -> None:
        missing = [e["call"] for e in recorded() if e["call"] not in BY_TITLE]
        assert missing == []
        assert len(recorded()) >= 60

    @pytest.mark.parametrize("entry", recorded(), ids=lambda e: e["call"])
    def test_entry(self, entry: dict[str, Any]) -> None:
        call = BY_TITLE[entry["call"]]
        result, sent, _ = run(call)
        differs, reason = DIFFERENCES.get(call.title, ("", ""))
        assert (sent == recorded_sent(entry)) is (differs != "sends"), reason
        raised = entry.get("raised")
        if differs == "returns":
            assert call.raises is None, reason
            assert raised, "2.6 raises here too: the difference is gone"
            return
        if raised:
            assert call.raises is not None
            assert raised in {cls.__name__ for cls in call.raises[0].__mro__}
        assert as_recorded(call, result) == entry["returns"]

    def test_differences_are_of_recorded_calls(self) -> None:
        assert set(DIFFERENCES) <= {entry["call"] for entry in recorded()}


class TestBareSession:
    """A session with four methods and no base class works, as with 2.6."""

    def make(self, *answers: Any, **keywords: Any) -> tuple[Client, BareSession]:
        double = BareSession(*answers)
        return Client("T", requests_session=double, **keywords), double

    def test_four_verbs(self) -> None:
        client, double = self.make({"id": 1}, {}, {}, make_response(204, b""))
        assert client.protocol.get("/athlete", a=1) == {"id": 1}
        assert client.protocol.post("/x", data={"a": 1}, b=2) == {}
        assert client.protocol.put("/x", body={"a": 1}, b=2) == {}
        assert client.protocol.delete("/x", data={"a": 1}) == {}
        base = "https://www.strava.com/api/v3"
        headers = {"Authorization": "Bearer T"}
        assert double.calls == [
            (
                "get",
                f"{base}/athlete",
                {"params": {"a": 1}, "data": None, "json": None, "headers": headers},
            ),
            (
                "post",
                f"{base}/x",
                {
                    "files": None,
                    "params": {"b": 2},
                    "data": {"a": 1},
                    "json": None,
                    "headers": headers,
                },
            ),
            (
                "put",
                f"{base}/x",
                {
                    "params": {"b": 2},
                    "data": None,
                    "json": {"a": 1},
                    "headers": headers,
                },
            ),
            (
                "delete",
                f"{base}/x",
                {"params": {}, "data": {"a": 1}, "json": None, "headers": headers},
            ),
        ]

    def test_upload_passes_the_open_file(self) -> None:
        client, double = self.make(UPLOAD)
        file = io.BytesIO(b"x")
        uploader = client.upload_activity(file, "gpx")
        assert uploader.upload_id == 5
        [(method, url, keywords)] = double.calls
        assert (method, url) == ("post", "https://www.strava.com/api/v3/uploads")
        assert keywords["files"]["file"] is file
        assert keywords["params"] == {"data_type": "gpx"}

    def test_token_endpoint_gets_no_token(self) -> None:
        tokens = {"access_token": "A", "refresh_token": "B", "expires_at": 4102444800}
        client, double = self.make(tokens)
        client.exchange_code_for_token(1, "S", "C")
        [(_, url, keywords)] = double.calls
        assert url == "https://www.strava.com/oauth/token"
        assert keywords["headers"] == {}
        assert keywords["data"] == {
            "client_id": 1,
            "client_secret": "S",
            "code": "C",
            "grant_type": "authorization_code",
        }

    def test_rsession_is_the_one_given_and_may_be_replaced(self) -> None:
        client, double = self.make()
        assert client.protocol.rsession is double
        other = BareSession({"id": 3})
        client.protocol.rsession = other
        assert client.get_athlete().id == 3
        assert double.calls == []

    def test_methods_may_be_patched(self, monkeypatch: pytest.MonkeyPatch) -> None:
        client = Client("T")
        urls = []

        def patched(url: str, **keywords: Any) -> requests.Response:
            urls.append(url)
            return make_response(200, {"id": 4})

        monkeypatch.setattr(client.protocol.rsession, "get", patched)
        assert client.get_athlete().id == 4
        assert urls == ["https://www.strava.com/api/v3/athlete"]

    def test_request_of_the_protocol_may_be_patched(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client = Client("T")
        monkeypatch.setattr(
            client.protocol, "_request", lambda url, **keywords: {"id": 8, "url": url}
        )
        athlete = client.get_athlete()
        assert athlete.id == 8

    def test_limiter_is_called_with_headers_and_method(self) -> None:
        learned = []
        headers = {"X-RateLimit-Usage": "1,2"}
        client, _ = self.make(
            make_response(200, {}, headers),
            make_response(200, {}, headers),
            make_response(200, {}, headers),
            make_response(204, b"", headers),
            rate_limiter=lambda h, method: learned.append((dict(h), method)),
        )
        client.protocol.get("/a")
        client.protocol.post("/a")
        client.protocol.put("/a")
        client.protocol.delete("/a")
        assert learned == [(headers, m) for m in ("GET", "POST", "PUT", "DELETE")]

    def test_given_session_stays_open(self) -> None:
        closed = []
        double = BareSession()
        double.close = lambda: closed.append(1)  # type: ignore[attr-defined]
        with Client("T", requests_session=double):
            pass
        assert closed == []
