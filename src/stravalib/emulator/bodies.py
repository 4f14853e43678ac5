"""Reading request bodies: urlencoded, multipart and JSON."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request

from stravalib.emulator.errors import bad_request, fault
from stravalib.emulator.jsonio import loads
from stravalib.emulator.routing import File

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

# Strava's help names 25 MB a file; the rest is room for the form around it.
MAX_BODY = 26 * 1024 * 1024


async def read_body(receive: Receive, limit: int = MAX_BODY) -> bytes:
    """Read the whole body, at most ``limit`` bytes."""
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise fault(413, "Request Entity Too Large", "Upload", "file", "too large")
        chunks.append(chunk)
        if not message.get("more_body"):
            return b"".join(chunks)


async def read_fields(
    scope: MutableMapping[str, Any], body: bytes, content_type: str, resource: str
) -> tuple[dict[str, Any], bool]:
    """Decode a body into fields; tells too whether it was JSON."""
    if not body:
        return {}, False
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json" or kind.endswith("+json"):
        return _json_fields(body, resource), True
    if kind == "multipart/form-data":
        return await _multipart_fields(scope, body, resource), False
    if kind in ("application/x-www-form-urlencoded", ""):
        try:
            text = body.decode("utf-8")
            pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=1000)
        except ValueError:
            raise bad_request(resource, "body") from None
        return dict(pairs), False
    return {}, False


def _json_fields(body: bytes, resource: str) -> dict[str, Any]:
    try:
        value = loads(body)
    except (ValueError, RecursionError):
        raise bad_request(resource, "body") from None
    if not isinstance(value, dict):
        raise bad_request(resource, "body")
    return value


async def _multipart_fields(
    scope: MutableMapping[str, Any], body: bytes, resource: str
) -> dict[str, Any]:
    async def replay() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    fields: dict[str, Any] = {}
    plain_scope = {key: value for key, value in scope.items() if key != "app"}
    request = Request(plain_scope, replay)
    try:
        async with request.form(max_files=10, max_fields=100) as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    fields[name] = File(value.filename or "", await value.read())
                else:
                    fields[name] = value
    except (MultiPartException, ValueError, KeyError):
        raise bad_request(resource, "body") from None
    return fields
