"""Every fault of the local Strava against every kind of call, with both clients.

    python tests/campaigns/fault_matrix.py [--seeds 20] [--random 500]

What must hold for each run: the call ends well or in a typed error, within the
deadline; no write happens twice; a list that ends well has each item once; no secret is
in a log line, an exception, its pickle or an address. Sleeping is simulated, so the
deadline counts the seconds that the client meant to sleep and those it waited for.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import logging
import pickle
import random
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

from stravalib import AsyncClient, Client, exc
from stravalib.emulator import Clock, LocalStrava
from stravalib.emulator.faults import KINDS
from stravalib.limits import RetryPolicy
from stravalib.tokens import MemoryTokenStore, Token, TokenKey

sys.path.insert(0, str(Path(__file__).parent.parent / "emulator"))
from small_world import ANNA, RUN, small_world

NOON = 1_795_608_100.0
DEADLINE = 120.0
TIMEOUT = (5.0, 0.25)
CALLS = ("read", "page", "write", "change", "upload", "stream", "refresh")
WAITING = {"slow": "0.1", "hang": ""}
GPX = """<?xml version="1.0"?><gpx version="1.1" creator="x"
 xmlns="http://www.topografix.com/GPX/1/1"><trk><type>running</type><trkseg>{}
</trkseg></trk></gpx>"""


class Handler(logging.Handler):
    """Keeps every line that is logged, formatted with its traceback."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.lines = []
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))

    def emit(self, record):
        self.lines.append(self.format(record))


class Lab:
    """A local Strava, and clients that live on its time."""

    def __init__(self, strava):
        self.strava = strava
        self.slept = 0.0
        self.uploads = 0
        self.log = Handler()
        logger = logging.getLogger("stravalib")
        logger.addHandler(self.log)
        logger.setLevel(logging.DEBUG)
        logger.propagate = False
        self.truth = None

    def token(self, *, expired):
        """Log in anew, the last login may have been revoked; nothing is used up."""
        strava = self.strava
        strava.application.set_limits((10**6, 10**7, 10**6, 10**7))
        pair = strava.authorize()
        expires = pair.token.expires_at
        if expired:
            strava.clock.move(7 * 3600)
        return Token(
            pair.token.value,
            pair.refresh_token,
            expires,
            pair.token.scopes,
            ANNA,
            strava.application.id,
        )

    def options(self, token):
        store = MemoryTokenStore()
        store.save(TokenKey(self.strava.application.id, ANNA), token)
        return {
            "base_url": self.strava.url,
            "client_id": self.strava.application.id,
            "client_secret": self.strava.application.secret,
            "token_store": store,
            "timeout": TIMEOUT,
            "retries": RetryPolicy(deadline=DEADLINE),
        }

    def tame(self, client, kind):
        protocol = client.protocol
        clock = self.strava.clock
        protocol.gate.clock = protocol.auth.clock = clock.now
        protocol.sender.monotonic = clock.now
        sleep = self.sleep if kind == "sync" else self.async_sleep
        protocol.gate.sleep = protocol.sender.sleep = sleep

    def sleep(self, seconds):
        self.slept += seconds
        self.strava.clock.move(seconds)

    async def async_sleep(self, seconds):
        self.sleep(seconds)

    def gpx(self):
        """Write a track that was never uploaded before."""
        self.uploads += 1
        begin = int(self.strava.clock.now()) - 9_000_000 + self.uploads * 3600
        points = "".join(
            f'<trkpt lat="{47 + i / 1e4}" lon="11.5"><ele>600</ele><time>'
            f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(begin + i))}"
            "</time></trkpt>"
            for i in range(30)
        )
        return io.BytesIO(GPX.format(points).encode())

    # -- the calls -----------------------------------------------------------

    async def call(self, client, name, run, rows):
        """Make one call; ``run`` and ``rows`` drive either client."""
        if name == "page":
            return await rows(client.get_activities())
        if name == "write":
            return await run(
                client.create_activity,
                f"walk {random.random()}",
                "2026-11-01T08:00:00",
                600,
                sport_type="Walk",
            )
        if name == "change":
            return await run(client.update_activity, RUN, description="by the river")
        if name == "upload":
            uploader = await run(client.upload_activity, self.gpx(), "gpx")
            return await run(uploader.wait, timeout=5, poll_interval=0.05)
        if name == "stream":
            return await run(client.get_activity_streams, RUN, types=["time"])
        return await run(client.get_activity, RUN)

    def attempt(self, kind, name, token):
        """Return the result, or the exception."""
        options = self.options(token)
        if kind == "sync":
            with Client(**options) as client:
                self.tame(client, kind)

                async def run(function, *args, **kwargs):
                    return function(*args, **kwargs)

                async def rows(iterator):
                    return list(iterator)

                return self.driven(self.call(client, name, run, rows))

        async def main():
            async with AsyncClient(**options) as client:
                self.tame(client, kind)

                async def run(function, *args, **kwargs):
                    return await function(*args, **kwargs)

                async def rows(iterator):
                    return [row async for row in iterator]

                try:
                    return await self.call(client, name, run, rows)
                except Exception as error:
                    return error

        return asyncio.run(main())

    @staticmethod
    def driven(coroutine):
        try:
            coroutine.send(None)
        except StopIteration as end:
            return end.value
        except Exception as error:
            return error
        finally:
            coroutine.close()
        raise RuntimeError("the sync client awaited something")


def activities(strava):
    return set(strava.state.activities)


def check(lab, name, before, result, secrets, elapsed):
    """Return what is wrong, in words."""
    wrong = []
    failed = isinstance(result, BaseException)
    if failed and not isinstance(result, exc.StravalibError):
        wrong.append(f"untyped {type(result).__name__}: {result}")
    # A list and an upload are made of several calls, and each may wait.
    parts = 3 if name in ("page", "upload") else 1
    if elapsed > DEADLINE + parts * (904 + sum(TIMEOUT) * 4):
        wrong.append(f"took {elapsed:.0f} s")
    made = activities(lab.strava) - before
    allowed = 1 if name in ("write", "upload") else 0
    if len(made) > allowed:
        wrong.append(f"{len(made)} activities were made")
    if allowed and not failed and len(made) != 1:
        wrong.append(f"success, and {len(made)} activities were made")
    if name == "page" and not failed:
        ids = [row.id for row in result]
        if sorted(ids) != sorted(lab.truth):
            wrong.append(f"{len(ids)} items of {len(lab.truth)}")
    texts = list(lab.log.lines)
    if failed:
        texts += [
            str(result),
            repr(result),
            "".join(traceback.format_exception(result)),
            pickle.dumps(result).decode("latin-1"),
            repr(vars(result)),
        ]
    texts += [request.raw_query.decode("latin-1") for request in lab.strava.requests]
    wrong += [
        f"{what} in {text[:160]!r}"
        for what, secret in secrets.items()
        for text in texts
        if secret and secret in text
    ]
    return wrong


def settle(strava, before):
    """Wait for uploads that the server still works on: they are part of the run."""
    taken = sum(
        r.path.endswith("/uploads") and r.status == 201 for r in strava.requests
    )
    deadline = time.monotonic() + 2.0
    while len(activities(strava) - before) < taken and time.monotonic() < deadline:
        time.sleep(0.01)


def one(lab, name, kind, seed, put_faults):
    """Make one run; return (outcome, what is wrong)."""
    rng = random.Random(f"{name} {kind} {seed}")
    strava = lab.strava
    strava.faults.remove()
    strava.application.rotation = rng.choice(("always", "never"))
    token = lab.token(expired=name == "refresh")
    lab.log.lines.clear()
    strava.requests.clear()
    before = activities(strava)
    if lab.truth is None:
        lab.truth = [row.id for row in lab.attempt("sync", "page", token)]
        strava.requests.clear()
    random.seed(seed)
    put_faults(rng)
    begun = strava.clock.now(), time.monotonic()
    try:
        result = lab.attempt(kind, name, token)
    finally:
        strava.faults.remove()
    settle(strava, before)
    elapsed = strava.clock.now() - begun[0] + time.monotonic() - begun[1]
    grants = strava.state.accounts.grants.values()
    secrets = {
        "the old access token": token.access_token,
        "the old refresh token": token.refresh_token,
        "the client secret": strava.application.secret,
        **{
            f"access token {n}": t
            for n, g in enumerate(grants)
            for t in g.access_tokens
        },
        **{f"refresh token {n}": g.refresh_token for n, g in enumerate(grants)},
    }
    wrong = check(lab, name, before, result, secrets, elapsed)
    for activity in activities(strava) - before:
        strava.app.delete_activity(activity)
    outcome = (
        type(result).__name__ if isinstance(result, BaseException) else "succeeded"
    )
    return outcome, wrong


def fixed(strava, fault):
    """Return what puts a fault in force: once, several times, or for ever."""

    def put(rng):
        value = WAITING.get(fault, "")
        strava.faults.add(
            fault,
            value=value,
            path=rng.choice(("*", "*", "/oauth/token")),
            count=rng.choice((1, 2, 3, None)),
            skip=rng.choice((0, 0, 1)),
        )

    return put


def mixed(strava):
    """Return what puts several faults in force, each by chance."""

    def put(rng):
        for fault in rng.sample(sorted(KINDS), 3):
            strava.faults.add(
                fault,
                value=WAITING.get(fault, ""),
                probability=rng.choice((0.1, 0.3, 0.6)),
            )

    return put


def campaign(seeds, by_chance, faults=tuple(KINDS), calls=CALLS, tell=None):
    """Run the matrix; return (runs, outcomes by cell, what is wrong)."""
    outcomes, problems, runs = {}, [], 0
    with LocalStrava(
        small_world(), clock=Clock(NOON, frozen=True), upload_delay=0.0
    ) as strava:
        lab = Lab(strava)
        rows = [(fault, fixed(strava, fault), seeds) for fault in faults]
        if by_chance:
            rows.append(("by chance", mixed(strava), by_chance))
        for fault, put, count in rows:
            for name in calls:
                cell = outcomes[fault, name] = Counter()
                for seed in range(count):
                    kind = ("sync", "async")[seed % 2]
                    outcome, wrong = one(lab, name, kind, seed, put)
                    cell[outcome] += 1
                    runs += 1
                    problems += [
                        f"{fault} x {name} ({kind}, seed {seed}): {text}"
                        for text in wrong
                    ]
            if tell is not None:
                tell(fault, {name: outcomes[fault, name] for name in calls})
    return runs, outcomes, problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--random", type=int, default=500)
    parser.add_argument("--faults", default=",".join(KINDS))
    options = parser.parse_args()

    def tell(fault, cells):
        good = sum(cell["succeeded"] for cell in cells.values())
        total = sum(sum(cell.values()) for cell in cells.values())
        errors = Counter()
        for cell in cells.values():
            errors.update(cell)
        del errors["succeeded"]
        print(f"{fault:17} {good:4} of {total} succeeded; {dict(errors)}", flush=True)

    runs, _, problems = campaign(
        options.seeds, options.random, tuple(options.faults.split(",")), tell=tell
    )
    print(f"{runs} runs, {len(problems)} problems")
    for problem in problems[:40]:
        print(" ", problem)
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
