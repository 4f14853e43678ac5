"""A small HTTP client for calling back: no redirects, a whole-request deadline.

Calls go to loopback addresses only unless told otherwise; the address that was checked
is the one that is connected to, so a name cannot change its meaning in between.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

_MOST_BYTES = 256 * 1024


class CallbackError(Exception):
    """The callback could not be reached or did not answer in time."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the callback answered."""

    status: int
    headers: dict[str, str]
    body: bytes


def is_loopback(address: str) -> bool:
    """Whether a numeric address is on this machine."""
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_loopback
    except ValueError:
        return False


async def call_back(
    method: str,
    url: str,
    *,
    body: bytes = b"",
    content_type: str = "application/json",
    seconds: float = 2.0,
    anywhere: bool = False,
) -> Reply:
    """Send one request and read the answer within ``seconds``."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise CallbackError(f"{url!r} is not an http address")
    try:
        async with asyncio.timeout(seconds):
            return await _exchange(method, parts, body, content_type, anywhere)
    except TimeoutError:
        raise CallbackError(f"no answer within {seconds:g} s") from None
    except (OSError, ValueError, asyncio.IncompleteReadError) as error:
        raise CallbackError(f"{type(error).__name__}: {error}") from error


async def _exchange(
    method: str, parts: SplitResult, body: bytes, content_type: str, anywhere: bool
) -> Reply:
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = await asyncio.get_running_loop().getaddrinfo(
        host, port, type=socket.SOCK_STREAM
    )
    addresses = [str(item[4][0]) for item in found]
    if not anywhere and not all(map(is_loopback, addresses)):
        raise CallbackError(
            f"{host} is not on this machine; allow remote callbacks to reach it"
        )
    last: OSError | None = None
    for address in addresses:
        try:
            reader, writer = await _connect(address, port, parts.scheme, host)
        except OSError as error:
            last = error
            continue
        try:
            writer.write(_request(method, parts, body, content_type))
            await writer.drain()
            return await _read_reply(reader)
        finally:
            writer.close()
    raise last or OSError("no address")


async def _connect(
    address: str, port: int, scheme: str, host: str
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if scheme == "https":
        return await asyncio.open_connection(
            address,
            port,
            ssl=ssl.create_default_context(),
            server_hostname=host,
            limit=_MOST_BYTES,
        )
    return await asyncio.open_connection(address, port, limit=_MOST_BYTES)


def _request(method: str, parts: SplitResult, body: bytes, content_type: str) -> bytes:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if any(char <= " " for char in target + parts.netloc):
        raise ValueError("white space in the address")
    host = parts.netloc.rpartition("@")[2]
    lines = [
        f"{method} {target} HTTP/1.1",
        f"Host: {host}",
        "Connection: close",
        "Accept: */*",
        "User-Agent: local-strava-webhooks",
    ]
    if method != "GET":
        lines += [f"Content-Type: {content_type}", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


async def _read_reply(reader: asyncio.StreamReader) -> Reply:
    status_line = (await reader.readline()).decode("latin-1").split(None, 2)
    if len(status_line) < 2 or not status_line[0].startswith("HTTP/"):
        raise ValueError("the answer is not HTTP")
    headers: dict[str, str] = {}
    while line := (await reader.readline()).decode("latin-1").strip():
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
        if len(headers) > 100:
            raise ValueError("too many headers")
    if headers.get("transfer-encoding", "").lower() == "chunked":
        body = await _read_chunks(reader)
    elif "content-length" in headers:
        size = int(headers["content-length"])
        if size > _MOST_BYTES:
            raise ValueError("the answer is too long")
        body = await reader.readexactly(size)
    else:
        body = await reader.read(_MOST_BYTES)
    return Reply(int(status_line[1]), headers, body)


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int((await reader.readline()).split(b";")[0], 16):
        if size + len(body) > _MOST_BYTES:
            raise ValueError("the answer is too long")
        body += await reader.readexactly(size)
        await reader.readline()
    return body
