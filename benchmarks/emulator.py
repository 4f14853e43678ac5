"""Throughput of the local Strava against a bare Starlette app on the same stack.

Run: python benchmarks/emulator.py [--activities 100000] [--seconds 4]

Both servers run in processes of their own; the load comes from this one, eight
connections that ask for ``/athlete/activities?per_page=30`` again and again. Prints
ratios only: a figure of one machine says nothing about another.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import Request

CONNECTIONS = 8
PATH = "/api/v3/athlete/activities?per_page=30"


def resident(process: int | str = "self") -> float:
    """Resident memory in MB (Linux)."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return float("nan")


def serve(app: object) -> None:
    import uvicorn

    config = uvicorn.Config(
        app,  # type: ignore[arg-type]
        port=0,
        log_config=None,
        log_level="critical",
        access_log=False,
        ws="none",
    )
    server = uvicorn.Server(config)

    async def run() -> None:
        task = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        sys.stdout.write(f"PORT {port}\n")
        sys.stdout.flush()
        await task

    try:
        import uvloop
    except ImportError:
        asyncio.run(run())
    else:
        uvloop.run(run())


def serve_emulator(count: int) -> None:
    from stravalib.emulator import LocalStrava, State
    from stravalib.emulator.world import generate_activities

    world = generate_activities(count)
    before, began = resident(), time.perf_counter()
    state = State(world)
    took = time.perf_counter() - began
    strava = LocalStrava(state=state)
    strava.application.set_limits((10**9,) * 4)
    sys.stdout.write(f"MEMORY {(resident() - before) / count * 1000:.2f}\n")
    sys.stdout.write(f"LOAD {took:.2f}\n")
    sys.stdout.write(f"TOKEN {strava.token()}\n")
    serve(strava.app)


def serve_bare(size: int) -> None:
    from starlette.applications import Starlette
    from starlette.responses import Response
    from starlette.routing import Route

    body = b"x" * size

    async def constant(request: Request) -> Response:
        return Response(body, media_type="application/json")

    serve(Starlette(routes=[Route("/api/v3/athlete/activities", constant)]))


class Served:
    """A server in a process of its own."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, __file__, *arguments], stdout=subprocess.PIPE, text=True
        )
        self.said: dict[str, str] = {}
        assert self.process.stdout is not None
        for line in self.process.stdout:
            name, _, value = line.strip().partition(" ")
            self.said[name] = value
            if name == "PORT":
                break

    @property
    def port(self) -> int:
        return int(self.said["PORT"])

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)
        assert self.process.stdout is not None
        self.process.stdout.close()


async def load(port: int, token: str, seconds: float) -> tuple[float, list[float], int]:
    """Ask for some seconds; gives requests a second, their times, the body's size."""
    request = (
        f"GET {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n"
        f"Authorization: Bearer {token}\r\n\r\n"
    ).encode()
    times: list[float] = []
    size = 0
    end = time.perf_counter() + seconds

    async def one() -> None:
        nonlocal size
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
        while time.perf_counter() < end:
            began = time.perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            lower = head.lower()
            place = lower.index(b"content-length:") + 15
            size = int(lower[place : lower.index(b"\r\n", place)])
            await reader.readexactly(size)
            times.append(time.perf_counter() - began)
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))
    return len(times) / (time.perf_counter() - began), times, size


def spread(times: list[float]) -> float:
    ordered = sorted(times)
    return ordered[int(len(ordered) * 0.99)] / statistics.median(ordered)


def compare(count: int, seconds: float, rounds: int) -> None:
    began = time.perf_counter()
    emulator = Served("--emulator", str(count))
    waited = time.perf_counter() - began
    token = emulator.said["TOKEN"]
    _, _, size = asyncio.run(load(emulator.port, token, 0.5))
    bare = Served("--bare", str(size))
    try:
        rates: dict[str, list[float]] = {"emulator": [], "bare": []}
        spreads: dict[str, list[float]] = {"emulator": [], "bare": []}
        for _ in range(rounds):
            for name, server in (("emulator", emulator), ("bare", bare)):
                rate, times, _ = asyncio.run(load(server.port, token, seconds))
                rates[name].append(rate)
                spreads[name].append(spread(times))
        rate = statistics.median(rates["emulator"]) / statistics.median(rates["bare"])
        tail = statistics.median(spreads["emulator"]) / statistics.median(
            spreads["bare"]
        )
        print(f"activities in the state          {count}")
        print(f"body of the answer               {size} bytes")
        print(f"rate / bare Starlette            {rate:.2f}   (target at least 0.50)")
        print(f"p99/median / bare's p99/median   {tail:.2f}   (target at most 1.50)")
        print(f"memory per 1,000 activities      {emulator.said['MEMORY']} MB")
        print(f"start with all of them           {waited:.1f} s")
        print(f"{CONNECTIONS} connections, {rounds} rounds, {os.cpu_count()} cores")
    finally:
        emulator.stop()
        bare.stop()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--activities", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--emulator", type=int)
    parser.add_argument("--bare", type=int)
    options = parser.parse_args()
    if options.emulator is not None:
        serve_emulator(options.emulator)
    elif options.bare is not None:
        serve_bare(options.bare)
    else:
        compare(options.activities, options.seconds, options.rounds)


if __name__ == "__main__":
    main()
