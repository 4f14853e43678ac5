"""What a request costs on top of bare requests and bare aiohttp, where nothing fails.

    python benchmarks/overhead.py [--rounds 40] [--requests 50]

A raw server on loopback answers with a small JSON body and rate headers. Each round
times the bare library, then the client. Ratios are of this process's CPU time, whose
median hardly depends on what else the machine does; the wall time is printed beside
it. Decoding is left out on both sides: the client's ``protocol._fetch`` returns bytes.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import statistics
import threading
import time
from email.utils import formatdate

BODY = b'{"id": 1, "name": "Morning Run", "distance": 5000.0}'


class Raw(asyncio.Protocol):
    """Answers every request at once, with next to no work of its own."""

    def connection_made(self, transport):
        self.transport = transport
        self.used = 0

    def data_received(self, data):
        for _ in range(data.count(b"\r\n\r\n")):
            self.transport.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n"
                b"Date: " + formatdate(usegmt=True).encode() + b"\r\n"
                b"X-RateLimit-Limit: 900000,9000000\r\nX-RateLimit-Usage: 5,5\r\n"
                b"X-ReadRateLimit-Limit: 900000,9000000\r\n"
                b"X-ReadRateLimit-Usage: 5,5\r\nX-Request-Id: 0\r\n"
                b"Content-Length: " + str(len(BODY)).encode() + b"\r\n\r\n" + BODY
            )


def serve(ready, stop):
    async def main():
        loop = asyncio.get_running_loop()
        server = await loop.create_server(Raw, "127.0.0.1", 0)
        ready.append(server.sockets[0].getsockname()[1])
        while not stop.is_set():  # noqa: ASYNC110 - a thread's event
            await asyncio.sleep(0.02)
        server.close()

    asyncio.run(main())


def clocks():
    return time.process_time_ns() / 1000, time.perf_counter_ns() / 1000


def timed(function, count):
    cpu, wall = clocks()
    for _ in range(count):
        function()
    return [
        (end - begun) / count for end, begun in zip(clocks(), (cpu, wall), strict=True)
    ]


def sync_ratio(base, rounds, count):
    import requests

    from stravalib import Client

    session = requests.Session()
    headers = {"Authorization": "Bearer x"}
    url = f"{base}/activities/1"
    client = Client("x", base_url=base, token_expires=int(time.time()) + 20000)
    fetch = client.protocol._fetch

    def bare():
        answer = session.get(url, params={}, headers=headers, timeout=(10, 60))
        assert len(answer.content) == len(BODY)

    def ours():
        assert len(fetch("/activities/1").content) == len(BODY)

    return ratio(
        [(timed(bare, count), timed(ours, count)) for _ in range(rounds + 1)][1:]
    )


def async_ratio(base, rounds, count):
    import aiohttp

    from stravalib import AsyncClient

    url = f"{base}/activities/1"
    headers = {"Authorization": "Bearer x"}

    async def main():
        pairs = []
        client = AsyncClient("x", base_url=base, token_expires=int(time.time()) + 20000)
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=60)
        async with client, aiohttp.ClientSession() as session:
            fetch = client.protocol._fetch
            for _ in range(rounds + 1):
                begun = clocks()
                for _ in range(count):
                    async with session.get(
                        url, params={}, headers=headers, timeout=timeout
                    ) as answer:
                        assert len(await answer.read()) == len(BODY)
                middle = clocks()
                for _ in range(count):
                    assert len((await fetch("/activities/1")).content) == len(BODY)
                end = clocks()
                pairs.append(
                    (
                        [(m - b) / count for m, b in zip(middle, begun, strict=True)],
                        [(e - m) / count for e, m in zip(end, middle, strict=True)],
                    )
                )
        return ratio(pairs[1:])

    return asyncio.run(main())


def ratio(pairs):
    found = []
    for clock in (0, 1):
        bare = statistics.median(pair[0][clock] for pair in pairs)
        ours = statistics.median(pair[1][clock] for pair in pairs)
        each = statistics.median(pair[1][clock] / pair[0][clock] for pair in pairs)
        found.append((bare, ours, each))
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--requests", type=int, default=50)
    options = parser.parse_args()
    logging.getLogger("stravalib").setLevel(logging.WARNING)
    ready, stop = [], threading.Event()
    # In a process of its own the server would not share our interpreter lock.
    import multiprocessing

    fork = multiprocessing.get_context("fork")
    receiver, sender = fork.Pipe(duplex=False)

    def child():
        found = []
        thread = threading.Thread(target=serve, args=(found, stop), daemon=True)
        thread.start()
        while not found:
            time.sleep(0.01)
        sender.send(found[0])
        threading.Event().wait(300)

    del ready
    server = fork.Process(target=child, daemon=True)
    server.start()
    base = f"http://127.0.0.1:{receiver.recv()}"
    try:
        for name, measure, bound in (
            ("sync / requests", sync_ratio, 1.10),
            ("async / aiohttp", async_ratio, 1.35),
        ):
            for clock, (bare, ours, each) in zip(
                ("cpu", "wall"),
                measure(base, options.rounds, options.requests),
                strict=True,
            ):
                bounded = f" (at most {bound})" if clock == "cpu" else ""
                print(
                    f"{name:16} {clock:4}  bare {bare:7.1f} us  ours {ours:7.1f} us  "
                    f"ratio {each:.3f}{bounded}"
                )
    finally:
        server.kill()


if __name__ == "__main__":
    main()
