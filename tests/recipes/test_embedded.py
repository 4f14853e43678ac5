"""The Home-Assistant-like recipe: shared session, own tokens, a loop never blocked."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
from web import load

if TYPE_CHECKING:
    from stravalib.emulator import LocalStrava

PROGRAM = Path(__file__).with_name("watched_loop.py")


class HostTokens:
    """What a host does: keeps the token, renews it with its own session."""

    def __init__(self, strava: LocalStrava, session: aiohttp.ClientSession) -> None:
        self.strava, self.session = strava, session
        pair = strava.authorize()
        self.token: dict[str, Any] = {
            "access_token": pair.token.value,
            "refresh_token": pair.refresh_token,
            "expires_at": pair.token.expires_at,
        }
        self.asked = self.renewed = 0

    async def valid_token(self) -> dict[str, Any]:
        self.asked += 1
        if self.token["expires_at"] < self.strava.clock.now() + 600:
            client_id, secret = self.strava.credentials
            form = {
                "client_id": client_id,
                "client_secret": secret,
                "grant_type": "refresh_token",
                "refresh_token": self.token["refresh_token"],
            }
            address = self.strava.oauth_url + "/token"
            async with self.session.post(address, data=form) as reply:
                reply.raise_for_status()
                self.token |= await reply.json()
            self.renewed += 1
        return self.token


async def test_updates_and_leaves_the_session_open(local: LocalStrava) -> None:
    recipe = load("home_assistant_like")
    async with aiohttp.ClientSession() as session:
        tokens = HostTokens(local, session)
        coordinator = recipe.Coordinator(session, tokens.valid_token, interval=0.02)
        told = asyncio.Event()
        await coordinator.start()
        assert coordinator.available
        assert coordinator.data.athlete == "Anna Huber"
        assert coordinator.data.latest
        stop = coordinator.listen(told.set)
        await asyncio.wait_for(told.wait(), 30)
        stop()
        await coordinator.stop()
        count = len(local.requests)
        await asyncio.sleep(0.05)
        assert len(local.requests) == count
        assert not session.closed
        async with session.get(local.url + "/athlete") as reply:
            assert reply.status == 401  # still good for the host's own calls
        assert tokens.asked == 1


async def test_token_comes_from_the_provider_when_it_ends(local: LocalStrava) -> None:
    recipe = load("home_assistant_like")
    async with aiohttp.ClientSession() as session:
        tokens = HostTokens(local, session)
        coordinator = recipe.Coordinator(session, tokens.valid_token, interval=3600)
        await coordinator.start()
        # Strava revokes the access token early; the host gets another one.
        local.clock.move(7 * 3600)
        await coordinator.refresh()
        await coordinator.stop()
        assert coordinator.available
        assert tokens.renewed == 1


async def test_dead_login_is_told_and_nothing_raised(local: LocalStrava) -> None:
    recipe = load("home_assistant_like")
    needed: list[bool] = []

    async def dead() -> dict[str, Any]:
        return {"access_token": "revoked-long-ago", "expires_at": None}

    async with aiohttp.ClientSession() as session:
        coordinator = recipe.Coordinator(
            session, dead, login_needed=lambda: needed.append(True), interval=3600
        )
        await coordinator.start()
        await coordinator.stop()
    assert needed == [True]
    assert not coordinator.available
    assert coordinator.data is None


async def test_an_outage_keeps_the_data(local: LocalStrava) -> None:
    recipe = load("home_assistant_like")
    async with aiohttp.ClientSession() as session:
        tokens = HostTokens(local, session)
        coordinator = recipe.Coordinator(session, tokens.valid_token, interval=3600)
        await coordinator.start()
        before = coordinator.data
        local.faults.add("429", count=1)
        await coordinator.refresh()
        assert coordinator.available
        assert coordinator.data is before
        await coordinator.stop()


def run(
    what: str, strava: LocalStrava, arguments: dict[str, Any] | None = None
) -> dict[str, Any]:
    last = strava.token() if arguments is None else json.dumps(arguments)
    done = subprocess.run(
        [sys.executable, str(PROGRAM), what, strava.url, last],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=dict(os.environ),
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_loop_is_never_blocked(local: LocalStrava) -> None:
    found = run("coordinate", local)
    assert found["noticed"] == []
    assert found["shown"] == {"athlete": "Anna Huber", "latest": 5}
    assert found["asked"] == ["token"]
    assert found["closed"] is False


def test_the_watch_notices_a_client_made_in_the_loop(local: LocalStrava) -> None:
    noticed = run("control", local)["noticed"]
    assert any("import" in item for item in noticed)


def test_stores_ledgers_and_files_do_not_block(
    local: LocalStrava, tmp_path: Path
) -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "docs"))
    from sample_track import gpx

    (tmp_path / "track.gpx").write_bytes(gpx())
    client_id, secret = local.credentials
    found = run(
        "stores",
        local,
        {
            "folder": str(tmp_path),
            "client_id": client_id,
            "client_secret": secret,
            "athlete_id": local.athlete_id,
            "refresh_token": local.authorize().refresh_token,
        },
    )
    assert found["noticed"] == []
    assert found["shown"] == {
        "athlete": "Anna",
        "listed": 3,
        "made": True,
        "renewed": True,
    }
