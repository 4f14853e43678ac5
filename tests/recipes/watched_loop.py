"""Notes what would block an event loop: run as a program of its own.

Prints JSON: what the coordinator showed, and the blocking calls that were made in the
thread of the running loop (imports from disk, files, sleeping, blocking sockets).
``control`` makes the client in the loop, which has to be noticed.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import ClientSession

RECIPES = Path(__file__).resolve().parents[2] / "examples" / "recipes"
sys.path.insert(0, str(RECIPES))

BLOCKING = {
    "import",
    "open",
    "time.sleep",
    "sqlite3.connect",
    "subprocess.Popen",
    "socket.getaddrinfo",
    "os.listdir",
    "socket.connect",
}
noticed: list[str] = []
watching = False


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    """Note a blocking call where a loop runs in this thread."""
    if not watching or event not in BLOCKING:
        return
    if asyncio._get_running_loop() is None:
        return
    if event == "socket.connect" and arguments[0].gettimeout() == 0:
        return  # asyncio's own, which does not block
    noticed.append(f"{event} {arguments[0]}")


async def coordinate(
    base_url: str, token: str, asked: list[str], session: ClientSession
) -> dict[str, Any]:
    from home_assistant_like import Coordinator  # the host imports in a thread

    async def provider() -> dict[str, Any]:
        asked.append("token")
        return {"access_token": token, "expires_at": None}

    global watching
    watching = True
    found = Coordinator(session, provider, interval=0.05)
    await found.start()
    shown = found.data
    updates = asyncio.Event()
    found.listen(updates.set)
    await asyncio.wait_for(updates.wait(), 30)
    await found.stop()
    watching = False
    assert shown is not None
    return {"athlete": shown.athlete, "latest": len(shown.latest)}


async def control(session: ClientSession) -> dict[str, Any]:
    import stravalib

    global watching
    watching = True
    stravalib.AsyncClient("token", session=session)
    watching = False
    return {}


async def stores(arguments: dict[str, Any], session: ClientSession) -> dict[str, Any]:
    """Renew a token that a SQLite file keeps, count in another, upload a file."""
    from stravalib import AsyncClient
    from stravalib.limits import SQLiteLedger
    from stravalib.tokens import FileTokenStore, Token, TokenKey

    folder = Path(arguments.pop("folder"))
    key = TokenKey(arguments["client_id"], arguments["athlete_id"])
    store = FileTokenStore(folder / "tokens.json")
    store.save(key, Token("expired", arguments.pop("refresh_token"), 1.0))

    def make() -> AsyncClient:
        return AsyncClient(
            session=session,
            token_store=store,
            ledger=SQLiteLedger(folder / "limits.sqlite"),
            **arguments,
        )

    client = await asyncio.to_thread(make)
    track = await asyncio.to_thread((folder / "track.gpx").open, "rb")
    global watching
    watching = True
    athlete = await client.get_athlete()
    listed = [item.id async for item in client.get_activities(limit=3)]
    upload = await client.upload_activity(track, data_type="gpx")
    made = await upload.wait(timeout=60, poll_interval=0.05)
    watching = False
    track.close()
    renewed = store.load(key)
    assert renewed is not None
    return {
        "athlete": athlete.firstname,
        "listed": len(listed),
        "made": made.id is not None,
        "renewed": (renewed.expires_at or 0) > 1.0,
    }


async def main(what: str, base_url: str, token: str) -> None:
    asked: list[str] = []
    async with ClientSession() as session:
        # The host has used its session and its threads before.
        await asyncio.to_thread(int)
        async with session.get(base_url + "/athlete"):
            pass
        if what == "control":
            shown = await control(session)
        elif what == "stores":
            shown = await stores(json.loads(token), session)
        else:
            shown = await coordinate(base_url, token, asked, session)
        closed = session.closed
    print(
        json.dumps(
            {"shown": shown, "noticed": noticed, "asked": asked, "closed": closed}
        )
    )


if __name__ == "__main__":
    assert aiohttp
    sys.addaudithook(watch)
    asyncio.run(main(*sys.argv[1:4]))
