"""Whatever comes in, an answer goes out that is not a server error."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from asking import NOON
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_world import ANNA, CLUB, EFFORT, ROUTE, RUN, SEGMENT, small_world

from stravalib.emulator import Clock, LocalStrava
from stravalib.emulator.profiles import PROFILES
from stravalib.emulator.routes.table import routes_for

if TYPE_CHECKING:
    from collections.abc import MutableMapping

KNOWN = [ANNA, CLUB, EFFORT, ROUTE, RUN, SEGMENT, "b401"]
PATHS = sorted(
    {
        route.path if route.oauth else "/api/v3" + route.path
        for route in routes_for(PROFILES["2026-05"])
    }
)
NAMES = sorted(
    {
        param.name
        for route in routes_for(PROFILES["2026-05"])
        for param in route.params
        if param.place != "path"
    }
)
words = st.one_of(
    st.text(max_size=20),
    st.integers().map(str),
    st.floats().map(str),
    st.sampled_from(
        ["true", "0", "-1", "[]", "{}", "null", "2026-01-01", "9" * 40, "\x00", "۱۲"]
    ),
)
values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(words, st.none(), st.booleans(), st.integers(), st.floats()),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3)
    ),
    max_leaves=6,
)


@st.composite
def requests(draw: st.DrawFn) -> dict[str, Any]:
    from json import dumps
    from urllib.parse import urlencode

    path = draw(st.sampled_from(PATHS) | st.text(max_size=30).map(lambda t: "/" + t))
    while "{" in path:
        start, _, rest = path.partition("{")
        number = draw(st.sampled_from(KNOWN) | words)
        path = f"{start}{number}{rest.partition('}')[2]}"
    fields = draw(st.dictionaries(st.sampled_from(NAMES), values, max_size=5))
    flat = {key: str(value) for key, value in fields.items()}
    query = draw(
        st.sampled_from([b"", urlencode(flat, errors="replace").encode()])
        | st.binary(max_size=40)
    )
    kind, body = draw(
        st.sampled_from(
            [
                ("application/json", dumps(fields).encode()),
                (
                    "application/x-www-form-urlencoded",
                    urlencode(flat, errors="replace").encode(),
                ),
                ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
                ("multipart/form-data", b"no boundary"),
                ("", b""),
            ]
        )
        | st.tuples(st.text(max_size=20), st.binary(max_size=60))
    )
    return {
        "method": draw(st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "X"])),
        "path": path,
        "query_string": query,
        "headers": [
            (b"host", b"localhost"),
            (b"content-type", kind.encode("utf-8", "replace")),
            (draw(st.sampled_from([b"cookie", b"x-emulator-fault", b"if-none-match"])),
             draw(st.binary(max_size=20))),
        ],
        "body": body,
    }  # fmt: skip


@pytest.fixture(scope="module")
def strava() -> LocalStrava:
    made = LocalStrava(
        small_world(), profile="2026-05", clock=Clock(NOON, frozen=True), upload_delay=0
    )
    made.application.set_limits((10**9,) * 4)
    return made


async def ask(strava: LocalStrava, request: dict[str, Any], token: str) -> int:
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": request["body"], "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": request["method"],
        "path": request["path"],
        "query_string": request["query_string"],
        "headers": [
            *request["headers"],
            (b"authorization", f"Bearer {token}".encode()),
        ],
    }
    await strava.app(scope, receive, send)
    assert [message["type"] for message in sent] == [
        "http.response.start",
        "http.response.body",
    ]
    status: int = sent[0]["status"]
    return status


@given(request=requests())
@settings(
    max_examples=400,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_no_request_breaks_the_server(
    strava: LocalStrava, request: dict[str, Any]
) -> None:
    strava.faults.remove()
    strava.clock.freeze()
    strava.clock.set(NOON)
    strava.application.active = True
    status = asyncio.run(ask(strava, request, strava.token()))
    assert 200 <= status < 500
