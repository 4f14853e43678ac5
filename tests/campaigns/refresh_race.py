"""Many processes and threads find one expired token at the same moment.

    python tests/campaigns/refresh_race.py [--processes 8] [--threads 8]

Each thread has a client of its own. The local Strava counts: one refresh, and as many
successes as threads. Then one AsyncClient with 200 tasks.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import sys
import tempfile
import threading
import time
import zlib
from pathlib import Path

from stravalib import AsyncClient, Client
from stravalib.emulator import Clock, LocalStrava
from stravalib.tokens import (
    FileTokenStore,
    PostgresTokenStore,
    RedisTokenStore,
    SQLiteTokenStore,
    Token,
    TokenKey,
)

sys.path.insert(0, str(Path(__file__).parent.parent / "emulator"))
from small_world import ANNA, RUN, small_world


def open_store(kind, where):
    if kind == "file":
        return FileTokenStore(Path(where) / "tokens.json")
    if kind == "sqlite":
        return SQLiteTokenStore(Path(where) / "tokens.sqlite")
    if kind == "redis":
        return RedisTokenStore(prefix=f"stravalib-race-{Path(where).name}:")
    return PostgresTokenStore(
        "postgresql://postgres@127.0.0.1:5432/postgres",
        table=f"stravalib_race_{zlib.crc32(where.encode())}",
    )


def work(kind, where, url, credentials, threads, barrier, out):
    gate = threading.Barrier(threads)
    results = []

    def one():
        try:
            store = open_store(kind, where)
            client = Client(
                base_url=url,
                client_id=credentials[0],
                client_secret=credentials[1],
                token_store=store,
                athlete_id=ANNA,
            )
            if gate.wait() == 0:
                barrier.wait()
            gate.wait()
            assert client.get_activity(RUN).id == RUN
            results.append("ok")
        except BaseException as error:
            results.append(f"{type(error).__name__}: {error}")

    found = [threading.Thread(target=one) for _ in range(threads)]
    for thread in found:
        thread.start()
    for thread in found:
        thread.join()
    out.put(results)


def expired(strava):
    """Log in seven hours ago, and return the token as it was kept then."""
    strava.clock.set(time.time() - 7 * 3600)
    pair = strava.authorize()
    strava.clock.set(time.time())
    return Token(
        pair.token.value,
        pair.refresh_token,
        pair.token.expires_at,
        pair.token.scopes,
        ANNA,
        strava.application.id,
    )


def refreshes(strava):
    return sum(r.path.endswith("/oauth/token") for r in strava.requests)


def race(kind, processes, threads, rotation):
    """Return (refreshes, successes, other results)."""
    spawn = multiprocessing.get_context("spawn")
    with (
        tempfile.TemporaryDirectory() as where,
        LocalStrava(small_world(), clock=Clock()) as strava,
    ):
        strava.application.set_limits((9999, 99999, 9999, 99999))
        strava.application.rotation = rotation
        store = open_store(kind, where)
        key = TokenKey(strava.application.id, ANNA)
        store.save(key, expired(strava))
        barrier, out = spawn.Barrier(processes), spawn.Queue()
        arguments = (
            kind,
            where,
            strava.url,
            tuple(strava.credentials),
            threads,
            barrier,
            out,
        )
        children = [
            spawn.Process(target=work, args=arguments) for _ in range(processes)
        ]
        for child in children:
            child.start()
        results = [row for _ in children for row in out.get(timeout=300)]
        for child in children:
            child.join()
        store.delete(key)
        clean(kind, store)
        good = results.count("ok")
        return refreshes(strava), good, [row for row in results if row != "ok"]


def clean(kind, store):
    if kind == "postgres":
        import psycopg

        with psycopg.connect(store._conninfo) as connection:
            connection.execute(f"DROP TABLE IF EXISTS {store._table}")


def tasks(count):
    """Return (refreshes, successes) of one AsyncClient with so many tasks."""
    with LocalStrava(small_world(), clock=Clock()) as strava:
        strava.application.set_limits((9999, 99999, 9999, 99999))
        strava.application.rotation = "always"
        token = expired(strava)

        async def main():
            async with AsyncClient(
                token.access_token,
                refresh_token=token.refresh_token,
                token_expires=int(token.expires_at),
                client_id=strava.application.id,
                client_secret=strava.application.secret,
                base_url=strava.url,
            ) as client:
                found = await asyncio.gather(
                    *(client.get_activity(RUN) for _ in range(count))
                )
                return len(found)

        good = asyncio.run(main())
        return refreshes(strava), good


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--stores", default="file,sqlite,redis,postgres")
    options = parser.parse_args()
    wanted = options.processes * options.threads
    failed = False
    for kind in options.stores.split(","):
        for rotation in ("always", "never"):
            count, good, rest = race(kind, options.processes, options.threads, rotation)
            failed |= count != 1 or good != wanted
            print(
                f"{kind:9} rotation {rotation:6}: {count} refresh, "
                f"{good} of {wanted} succeeded {rest[:2]}"
            )
    count, good = tasks(200)
    failed |= count != 1 or good != 200
    print(f"async, 200 tasks: {count} refresh, {good} of 200 succeeded")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
