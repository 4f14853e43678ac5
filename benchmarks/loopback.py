"""A server that answers everything with one small JSON object, as cheaply as may be.

python loopback.py      prints its port, serves until its input is closed
"""

from __future__ import annotations

import asyncio
import sys

BODY = b'{"id":4711,"firstname":"Anna","lastname":"B.","resource_state":2}'
ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n"
    b"X-RateLimit-Limit: 200000,2000000\r\nX-RateLimit-Usage: 1,1\r\n"
    b"X-ReadRateLimit-Limit: 200000,2000000\r\nX-ReadRateLimit-Usage: 1,1\r\n"
    b"Content-Length: %d\r\n\r\n%b" % (len(BODY), BODY)
)


class Answerer(asyncio.Protocol):
    def __init__(self) -> None:
        self.pending = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.pending += data
        count = self.pending.count(b"\r\n\r\n")
        if count:
            self.pending = self.pending.rpartition(b"\r\n\r\n")[2]
            self.transport.write(ANSWER * count)  # type: ignore[attr-defined]


async def main() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Answerer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
