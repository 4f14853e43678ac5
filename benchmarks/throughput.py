"""Many small requests to a loopback server; prints figures as JSON.

    python throughput.py async-ours|async-strava|sync PORT

Rounds of the client and of the bare HTTP library alternate. The smallest CPU time of a
round is given, and the median of what a round takes beside the bare one before it.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

warnings.simplefilter("ignore")
CONCURRENCY = 16
ROUND = 400
ROUNDS = 30
HEADERS = {"Authorization": "Bearer T"}


async def run_round(call: Callable[[], Awaitable[Any]]) -> tuple[float, float]:
    """Return CPU seconds and wall seconds of one request."""
    left = ROUND

    async def work() -> None:
        nonlocal left
        while left > 0:
            left -= 1
            await call()

    wall, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(work() for _ in range(CONCURRENCY)))
    return (
        (time.process_time() - cpu) / ROUND,
        (time.perf_counter() - wall) / ROUND,
    )


async def compete(
    calls: dict[str, Callable[[], Awaitable[Any]]],
) -> dict[str, dict[str, float]]:
    rounds = [
        {name: await run_round(call) for name, call in calls.items()}
        for _ in range(ROUNDS)
    ]
    return {
        name: {
            **summary(
                [(row[name][0], row.get("bare", row[name])[0]) for row in rounds]
            ),
            "per_second": 1 / min(row[name][1] for row in rounds),
        }
        for name in calls
    }


def summary(pairs: list[tuple[float, float]]) -> dict[str, float]:
    """Sum up CPU times, each with the bare library's next to it."""
    return {
        "cpu": min(mine for mine, _ in pairs),
        "beside_bare": statistics.median(mine / bare for mine, bare in pairs),
    }


async def async_ours(url: str) -> dict[str, Any]:
    import aiohttp

    from stravalib import AsyncClient

    timeout = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=60)
    async with (
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
        AsyncClient("T", base_url=url) as client,
        AsyncClient("T", base_url=url, rate_limit_requests=False) as free,
    ):

        async def bare() -> bytes:
            async with session.get(
                f"{url}/athlete", headers=HEADERS, timeout=timeout
            ) as response:
                return await response.read()

        return await compete(
            {
                "bare": bare,
                # Without decoding, as the bare library is asked.
                "raw": lambda: client.protocol._fetch("/athlete"),
                "raw_unlimited": lambda: free.protocol._fetch("/athlete"),
                "model": client.get_athlete,
            }
        )


async def async_strava(url: str) -> dict[str, Any]:
    from strava import AsyncStrava

    client = AsyncStrava(access_token="T", base_url=url)
    try:
        return await compete({"model": client.athletes.retrieve_authenticated})
    finally:
        await client.close()


def sync(url: str) -> dict[str, Any]:
    import requests

    from stravalib import Client

    session = requests.Session()
    client = Client("T", base_url=url)
    calls: dict[str, Callable[[], Any]] = {
        "bare": lambda: (
            session.get(f"{url}/athlete", headers=HEADERS, timeout=(10, 60)).content
        ),
        "raw": lambda: client.protocol._fetch("/athlete"),
        "model": client.get_athlete,
    }
    rounds: list[dict[str, float]] = []
    for _ in range(ROUNDS):
        row = {}
        for name, call in calls.items():
            started = time.process_time()
            for _ in range(ROUND // 2):
                call()
            row[name] = (time.process_time() - started) / (ROUND // 2)
        rounds.append(row)
    return {
        name: summary([(row[name], row["bare"]) for row in rounds]) for name in calls
    }


def main(subject: str, port: str) -> None:
    url = f"http://127.0.0.1:{port}/api/v3"
    if subject == "sync":
        figures = sync(url)
    else:
        run = async_ours if subject == "async-ours" else async_strava
        figures = asyncio.run(run(url))
    print(json.dumps(figures))


if __name__ == "__main__":
    main(*sys.argv[1:])
