"""An answer that is another one altogether is told as one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stravalib import AsyncClient, Client, exc
from stravalib._core import shape
from stravalib._core.http import HttpResponse

pytestmark = pytest.mark.filterwarnings("ignore:.*explore_segments.*:FutureWarning")
WRONG = [None, [], [1], "text", 5, True]
NO_LIST = [None, {"message": "Error"}, "text", 5]


def answering(content: bytes, status: int = 200) -> Client:
    class Double:
        def send(self, request: Any) -> HttpResponse:
            return HttpResponse(status, {}, content, request.url)

        def close(self) -> None: ...

    client = Client("T", rate_limit_requests=False)
    client.protocol.transport = Double()  # type: ignore[assignment]
    return client


@pytest.mark.parametrize("body", WRONG, ids=repr)
def test_what_is_no_object(body: Any) -> None:
    client = answering(json.dumps(body).encode())
    calls = [
        client.get_athlete,
        lambda: client.get_activity(1),
        client.get_athlete_stats,
        lambda: client.create_activity("x", "2026-01-01T00:00:00Z", 60, "Run"),
        lambda: client.upload_activity(b"x", data_type="fit"),
        lambda: list(client.get_routes()),
        lambda: (
            client.explore_segments((1, 2, 3, 4)) if body else client.get_gear("b1")
        ),
    ]
    for call in calls:
        with pytest.raises(
            exc.InvalidResponse, match=r"where an object .*was expected"
        ):
            call()


@pytest.mark.parametrize("body", NO_LIST, ids=repr)
def test_what_is_no_list(body: Any) -> None:
    client = answering(json.dumps(body).encode())
    for call in (
        lambda: list(client.get_activities()),
        lambda: list(client.get_activity_comments(1)),
        lambda: client.get_activity_zones(1),
        lambda: next(client.get_activity_kudos(1)),
    ):
        with pytest.raises(exc.InvalidResponse, match="where a list"):
            call()


def test_an_empty_answer_is_an_empty_list() -> None:
    client = answering(b"", 204)
    assert list(client.get_activities()) == []
    assert client.get_activity_zones(1) == []
    assert list(client.explore_segments((1, 2, 3, 4))) == []


def test_rows_of_a_double_may_be_any_iterable() -> None:
    assert shape.rows(({"id": 1} for _ in range(2)), "x") == [{"id": 1}, {"id": 1}]
    assert shape.rows(({"id": 1},), "x") == [{"id": 1}]


async def test_the_async_client_tells_the_same() -> None:
    class Double:
        async def send(self, request: Any) -> HttpResponse:
            return HttpResponse(200, {}, b"null", request.url)

        async def aclose(self) -> None: ...

    client = AsyncClient("T", session=Double())
    with pytest.raises(exc.InvalidResponse, match=r"nothing \(null\)"):
        await client.get_athlete()


@pytest.mark.parametrize("content", [b"", b"<html>x</html>", b'{"id": 1', b"\xff\xfe"])
def test_what_is_no_file(content: bytes) -> None:
    client = answering(content)
    for call in (client.get_route_gpx, client.get_route_tcx):
        with pytest.raises(exc.InvalidResponse, match="no XML file"):
            call(1)


def test_a_file_comes_as_it_is() -> None:
    text = '<?xml version="1.0" encoding="UTF-8"?>\n<gpx>\u00fc</gpx>'
    assert answering(text.encode("utf-8-sig")).get_route_gpx(1) == text


def test_a_write_whose_answer_is_garbage_may_have_happened() -> None:
    client = answering(b"<html>")
    with pytest.raises(exc.InvalidResponse, match="look before you repeat it"):
        client.create_activity("x", "2026-01-01T00:00:00Z", 60, "Run")


class Odd:
    """What somebody's double may answer with."""

    def __init__(self, *names: str) -> None:
        self.names = names

    def __iter__(self) -> Any:
        return iter(self.names)

    def __getitem__(self, key: str) -> str:
        return key.upper()


def test_what_is_right_is_handed_on() -> None:
    record: dict[str, Any] = {"id": 1}
    assert shape.an_object(record, "X") is record
    double = Odd()
    assert shape.an_object(double, "X") is double
    rows = [record]
    assert shape.rows(rows, "X") is rows
    assert shape.rows({}, "X") == []
    assert shape.rows((1, 2), "X") == [1, 2]
    assert shape.rows(Odd("a", "b"), "X") == ["a", "b"]
    assert shape.field({"a": 0}, "a", "X") == 0
    assert shape.field(Odd(), "a", "X") == "A"
    for content in (b"<?xml version='1.0'?><gpx/>", b"\xef\xbb\xbf  <gpx/>"):
        assert shape.xml(content, "/x") == content.decode("utf-8-sig")


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda: shape.an_object([1], "X"), r"is a list, where an object \(X\) was"),
        (lambda: shape.an_object(True, "X"), "is true or false, where an object"),
        (lambda: shape.rows({"a": 1}, "X"), r"is an object with \['a'\], where a list"),
        (lambda: shape.rows("text", "X"), r"is text, where a list \(X\) was expected"),
        (lambda: shape.rows(object(), "X"), "is object, where a list"),
        (lambda: shape.field({"b": 1}, "a", "X"), r"an object with 'a' \(X\) was"),
        (lambda: shape.field({"a": None}, "a", "X"), r"an object with 'a' \(X\) was"),
        (lambda: shape.field(None, "a", "X"), r"nothing \(null\), where an object"),
        (
            lambda: shape.xml(b"{}", "/x"),
            r"GET /x answered what is no XML file, .*'{}'",
        ),
        (lambda: shape.xml(b"<gpx>\xff", "/x"), "no XML file"),
        (lambda: shape.xml(b"<html>" + 99 * b"a", "/x"), f"'<html>{54 * 'a'}'"),
    ],
)
def test_what_is_wrong_is_told(ask: Any, told: str) -> None:
    with pytest.raises(exc.InvalidResponse, match=told):
        ask()
