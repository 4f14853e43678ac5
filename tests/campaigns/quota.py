"""Many processes, one quota, simulated time.

    python tests/campaigns/quota.py [--processes 4] [--ledger sqlite]

Every process has a client of its own; they share a ledger and nothing else. Time is
simulated: it goes on, to the next wake-up, when all processes sleep. Three jobs:

* 900 detail requests under 100 a quarter hour;
* a job of three days under 1,000 a day;
* a window that somebody else has used up.

Counted by the local Strava: answers with 429, and when the last request came, against
the earliest quarter hour that the limits allow.
"""

from __future__ import annotations

import argparse
import heapq
import logging
import multiprocessing
import multiprocessing.connection
import secrets
import sys
import tempfile
from pathlib import Path

from stravalib import Client
from stravalib.emulator import Clock, LocalStrava
from stravalib.limits import RedisLedger, SQLiteLedger
from stravalib.tokens import FileTokenStore, Token, TokenKey

sys.path.insert(0, str(Path(__file__).parent.parent / "emulator"))
from small_world import ANNA, RUN, small_world

NOON = 1_795_608_000.0
LATENCY = 0.2


class Time:
    """Simulated time of several processes: moves on when all of them sleep."""

    def __init__(self, clock, context, pipes):
        self.clock = clock
        self.value = context.Value("d", clock.now(), lock=False)
        self.pipes = pipes

    def run(self):
        """Wake sleepers in order, until every process is done."""
        awake = set(range(len(self.pipes)))
        sleepers = []
        while awake or sleepers:
            while awake:
                ready = multiprocessing.connection.wait(
                    [self.pipes[number] for number in awake], 120
                )
                if not ready:
                    raise RuntimeError("a process neither sleeps nor ends")
                for pipe in ready:
                    number = self.pipes.index(pipe)
                    until = pipe.recv()
                    awake.discard(number)
                    if until is not None:
                        heapq.heappush(sleepers, (until, number))
            if sleepers:
                until, number = heapq.heappop(sleepers)
                self.clock.set(max(until, self.clock.now()))
                self.value.value = self.clock.now()
                due = [number]
                # Those that wake at nearly the same time run at the same time.
                while sleepers and sleepers[0][0] <= until + LATENCY:
                    due.append(heapq.heappop(sleepers)[1])
                for number in due:
                    self.pipes[number].send(None)
                awake.update(due)


def open_ledger(kind, where, prefix):
    if kind == "sqlite":
        return SQLiteLedger(Path(where) / "limits.sqlite")
    return RedisLedger(prefix=prefix)


def work(number, count, kind, where, prefix, url, credentials, now, pipe, skew, out):
    """Ask ``count`` times; the clock of this machine is wrong by ``skew``."""
    logging.getLogger("stravalib").setLevel(logging.ERROR)
    client = Client(
        base_url=url,
        client_id=credentials[0],
        client_secret=credentials[1],
        token_store=FileTokenStore(Path(where) / "tokens.json"),
        ledger=open_ledger(kind, where, prefix),
        max_wait=None,
    )
    protocol = client.protocol

    def clock():
        return now.value + skew

    def sleep(seconds):
        pipe.send(now.value + seconds)
        pipe.recv()

    protocol.gate.clock = clock
    protocol.auth.clock = lambda: now.value
    protocol.sender.monotonic = lambda: now.value
    protocol.gate.sleep = protocol.sender.sleep = sleep
    done, problem = 0, None
    try:
        sleep(0.01 * number)
        for _ in range(count):
            client.get_activity(RUN)
            done += 1
            sleep(LATENCY)
    except BaseException as error:
        problem = f"{type(error).__name__}: {error}"
    out.put((done, problem))
    pipe.send(None)


def earliest(requests, start, quarter, day, used=0):
    """Return the quarter hour in which the last request can come, counted apart."""
    moment, left_day = start, day - used
    left = quarter - used
    while True:
        take = min(left, left_day, requests)
        requests -= take
        left_day -= take
        if requests <= 0:
            return int(moment // 900)
        moment = (moment // 900 + 1) * 900
        left = quarter
        if moment % 86400 == 0:
            left_day = day


def job(requests, processes, kind, limits, start, skews=(), used=0):
    """Run a job; return (refused, served, last quarter, earliest quarter, problems)."""
    fork = multiprocessing.get_context("fork")
    prefix = f"stravalib-quota-{secrets.token_hex(6)}:"
    strava = LocalStrava(small_world(), clock=Clock(start, frozen=True))
    # The processes are forked before the server's threads begin.
    pairs = [fork.Pipe() for _ in range(processes)]
    time = Time(strava.clock, fork, [pair[0] for pair in pairs])
    out, address = fork.Queue(), fork.Queue()
    with tempfile.TemporaryDirectory() as where:
        children = []
        share = [requests // processes] * processes
        share[0] += requests - sum(share)
        skews = list(skews) + [0.0] * processes

        def child(number):
            url = address.get()
            work(
                number,
                share[number],
                kind,
                where,
                prefix,
                url,
                tuple(strava.credentials),
                time.value,
                pairs[number][1],
                skews[number],
                out,
            )

        for number in range(processes):
            children.append(fork.Process(target=child, args=(number,)))
            children[-1].start()
        try:
            with strava:
                strava.application.set_limits(limits)
                usage = strava.application.usage
                usage.roll(start)
                usage.read.short_used = usage.overall.short_used = used
                usage.read.long_used = usage.overall.long_used = used
                pair = strava.authorize()
                FileTokenStore(Path(where) / "tokens.json").save(
                    TokenKey(strava.application.id, ANNA),
                    Token(
                        pair.token.value,
                        pair.refresh_token,
                        pair.token.expires_at,
                        pair.token.scopes,
                        ANNA,
                        strava.application.id,
                    ),
                )
                asked = []
                record = strava.requests.add

                def add(item):
                    asked.append(item)
                    record(item)

                strava.requests.add = add
                for _ in children:
                    address.put(strava.url)
                time.run()
                results = [out.get(timeout=60) for _ in children]
        finally:
            for process in children:
                process.join(20)
                if process.is_alive():
                    process.kill()
            if kind == "redis":
                clean(prefix)
    calls = [item for item in asked if "/activities/" in item.path]
    served = [item for item in calls if item.status == 200]
    return (
        len([item for item in calls if item.status == 429]),
        len(served),
        int(served[-1].time // 900),
        earliest(requests, start, limits[2], limits[3], min(used, limits[2])),
        [problem for _, problem in results if problem],
    )


def clean(prefix):
    import redis

    client = redis.Redis()
    for name in client.scan_iter(prefix + "*"):
        client.delete(name)
    client.close()


JOBS = {
    # name: requests, limits, start, skews, used by somebody else
    "900 under 100 a quarter hour": (900, (200, 2000, 100, 1000), NOON + 420, (), 0),
    "the same, clocks wrong by minutes": (
        900,
        (200, 2000, 100, 1000),
        NOON + 420,
        (-300.0, 0.4, 200.0, 0.0),
        0,
    ),
    "three days at 1,000 a day": (2600, (200, 2000, 100, 1000), NOON + 420, (), 0),
    "a window used up by somebody": (60, (200, 2000, 100, 1000), NOON + 420, (), 100),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--ledger", default="sqlite,redis")
    parser.add_argument("--job", type=int, help="only this one, from 0")
    options = parser.parse_args()
    failed = False
    for kind in options.ledger.split(","):
        for place, (name, (requests, limits, start, skews, used)) in enumerate(
            JOBS.items()
        ):
            if options.job not in (None, place):
                continue
            refused, served, last, first, problems = job(
                requests, options.processes, kind, limits, start, skews, used
            )
            allowed = 1 if used else 0
            good = (
                refused <= allowed and served == requests and last == first
            ) and not problems
            failed |= not good
            print(
                f"{kind:7} {name:36} {served} of {requests} served, {refused} refused, "
                f"last in quarter {last} (earliest {first}) {problems[:1] or ''}"
                f"{'' if good else '  <-- FAILED'}",
                flush=True,
            )
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
