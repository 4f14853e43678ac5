"""What importing and constructing loads: as little as possible."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

NEVER = [
    "pydantic",
    "pydantic_core",
    "pint",
    "pandas",
    "numpy",
    "aiohttp",
    "httpx2",
    "anyio",
    "trio",
    "sqlite3",
    "asyncio",
    "arrow",
    "polars",
    "pyarrow",
    "click",
    "rich",
    "uvicorn",
    "starlette",
    "keyring",
    "redis",
    "psycopg",
    "dataclasses",
    "stravalib._models.base",
    "stravalib.emulator",
    "stravalib.archive",
    "stravalib.cli",
]
CLIENT = 'from stravalib import Client; Client(access_token="x")'


def loaded(code: str) -> set[str]:
    """Names of the modules that a fresh process has after running the code."""
    script = f"{code}\nimport sys, json; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return set(json.loads(done.stdout.strip().splitlines()[-1]))


@pytest.mark.parametrize(
    "code",
    [
        "import stravalib",
        CLIENT,
        "import stravalib.exc",
        "import stravalib.model",
        "import stravalib.strava_model",
        "import stravalib.protocol",
        "import stravalib.unit_helper",
    ],
)
def test_import_is_light(code: str) -> None:
    before = loaded("pass")
    names = loaded(code) - before
    assert "stravalib" in names
    assert sorted(names & set(NEVER)) == []


def test_client_needs_no_requests_before_it_sends() -> None:
    assert "requests" not in loaded(CLIENT)
    assert "requests" in loaded(
        CLIENT.replace("Client(", "c = Client(") + ".protocol.rsession"
    )


def test_import_of_the_package_is_a_name_only() -> None:
    names = loaded("import stravalib") - loaded("pass")
    own = {name for name in names if name.startswith("stravalib")}
    assert own == {"stravalib"}


def test_async_client_loads_everything_at_construction() -> None:
    """No call blocks the loop with an import."""
    script = """
import asyncio, json, sys
from stravalib import AsyncClient

class Transport:
    answers = {
        "/athlete": b'{"id": 1, "firstname": "A"}',
        "/athlete/activities": b'[{"id": 1, "distance": 5.0}]',
        "/activities/1": b'{"id": 1, "segment_efforts": [{"id": 2}], "laps": []}',
        "/activities/1/streams": b'{"time": {"data": [1, 2]}}',
        "/activities/1/comments": b'[{"id": 1, "text": "x"}]',
        "/segments/1": b'{"id": 1}',
        "/routes/1": b'{"id": 1}',
        "/clubs/1": b'{"id": 1}',
        "/gear/b1": b'{"id": "b1"}',
        "/uploads": b'{"id": 1, "status": "x", "error": null, "activity_id": null}',
    }
    async def send(self, request):
        from stravalib._core.http import HttpResponse
        path = request.url.removeprefix("https://www.strava.com/api/v3")
        if path not in self.answers:
            body = b'{"message": "Record Not Found", "errors": []}'
            return HttpResponse(404, {}, body, request.url, "Not Found")
        return HttpResponse(200, {}, self.answers[path], request.url, "OK")
    async def aclose(self):
        pass

async def main():
    client = AsyncClient("x", session=Transport())
    before = set(sys.modules)
    await client.get_athlete()
    activity = [a async for a in client.get_activities(limit=1)][0]
    activity.distance, activity.start_date, activity.raw
    detail = await client.get_activity(1)
    detail.segment_efforts, detail.model_dump_json()
    streams = await client.get_activity_streams(1)
    streams["time"].data
    [c async for c in client.get_activity_comments(1, limit=1)]
    await client.get_segment(1)
    await client.get_route(1)
    await client.get_club(1)
    await client.get_gear("b1")
    await client.upload_activity(b"x", "gpx")
    try:
        await client.get_activity(99)
    except Exception as error:
        assert type(error).__name__ == "ObjectNotFound", error
    else:
        raise SystemExit("no error")
    print(json.dumps(sorted(set(sys.modules) - before)))

asyncio.run(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []
