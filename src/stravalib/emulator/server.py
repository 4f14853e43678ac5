"""The order of things for one request: find, authorise, count, answer, record."""

from __future__ import annotations

import asyncio
import inspect
import logging
import secrets
from collections.abc import Awaitable, Callable, Collection, Iterable, MutableMapping
from email.utils import formatdate
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import anyio
import anyio.to_thread
from starlette.requests import ClientDisconnect

from stravalib.emulator.bodies import read_body, read_fields
from stravalib.emulator.errors import (
    ApiError,
    bad_token,
    inactive,
    missing_scope,
    no_such_path,
    rate_limited,
)
from stravalib.emulator.faults import HEADER as FAULT_HEADER
from stravalib.emulator.faults import Fault, Faults, instead, refused_by_cdn, spoiled
from stravalib.emulator.guards import refusal
from stravalib.emulator.jsonio import dumps
from stravalib.emulator.recording import Recorded, Recorder
from stravalib.emulator.routing import JSON_TYPE, Answer, Call, Route, Router

if TYPE_CHECKING:
    from stravalib.emulator.accounts import Token
    from stravalib.emulator.state import State
    from stravalib.emulator.uploads import Uploads
    from stravalib.emulator.webhooks import Events

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

# The emulator's own pages and switches are not part of the record.
_UNRECORDED = ("/_emulator", "/openapi.json")
log = logging.getLogger("stravalib.emulator")
_BODIES = frozenset({"POST", "PUT", "DELETE", "PATCH"})


class Server:
    """An ASGI application that answers like Strava from a state."""

    def __init__(
        self,
        state: State,
        routes: Iterable[Route],
        *,
        uploads: Uploads,
        events: Events,
        allowed_hosts: Collection[str] = (),
    ) -> None:
        self.state = state
        self.requests = Recorder()
        self.uploads = uploads
        self.events = events
        self.allowed_hosts = frozenset(allowed_hosts)
        self.faults = Faults(keep=self._keep_faults)
        for rules in state.restored.get("faults", ()):
            self.faults.restore(rules)
        self.router = Router(routes, state.profile.prefix)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        if scope["type"] != "http":
            return
        recorded = Recorded(
            scope["method"],
            scope["path"],
            scope.get("query_string", b""),
            scope["headers"],
            b"",
            self.state.clock.now(),
        )
        own = scope["path"] == "/" or scope["path"].startswith(_UNRECORDED)
        if not own:
            self.requests.add(recorded)
        try:
            fault = None if own else self._fault(scope, recorded)
        except ValueError as error:
            body = {"message": f"X-Emulator-Fault: {error}", "errors": []}
            await self._send(Answer(dumps(body), 400), scope, send)
            return
        try:
            if fault is not None and await self._delayed(fault, receive):
                return
            reply = await self._answer(scope, receive, recorded, fault)
        except ClientDisconnect:
            return
        recorded.status = reply.status
        if not own:
            log.info("%s %s %d", recorded.method, recorded.path, reply.status)
        cut = fault is not None and fault.kind == "reset"
        await self._send(reply, scope, send, cut=cut)

    def _fault(self, scope: Scope, recorded: Recorded) -> Fault | None:
        header = _header(scope, FAULT_HEADER)
        if header is None and not self.faults.rules:
            return None
        fault = self.faults.find(scope["method"], scope["path"], header)
        if fault is not None:
            recorded.fault = str(fault)
        return fault

    async def _delayed(self, fault: Fault, receive: Receive) -> bool:
        """Be slow; True if the client has gone while the server hung."""
        if fault.kind == "slow":
            await anyio.sleep(fault.seconds)
        elif fault.kind == "hang":
            while (await receive())["type"] != "http.disconnect":
                pass
            return True
        return False

    def _keep_faults(self, rules: list[dict[str, Any]]) -> None:
        self.state.keeper.put("faults", "", rules)

    def delete_activity(self, activity_id: int) -> None:
        """Delete an activity, as its athlete can on the site."""
        entry = self.state.remove_activity(activity_id)
        self.uploads.forget_activity(activity_id)
        self.state.keeper.commit()
        self.events.deleted(entry)

    def set_visibility(self, activity_id: int, visibility: str) -> None:
        """Change who may see an activity, as its athlete can on the site."""
        entry = self.state.activities[activity_id]
        before = entry.detail
        after = before | {
            "visibility": visibility,
            "private": visibility == "only_me",
        }
        entry.detail = after
        self.state.place(entry, after)
        self.state.keeper.commit()
        self.events.updated(entry, before, after)

    async def _answer(
        self,
        scope: Scope,
        receive: Receive,
        recorded: Recorded,
        fault: Fault | None,
    ) -> Answer:
        rate_headers: Headers = []
        try:
            refused = refusal(scope["headers"], self.allowed_hosts)
            if refused is not None:
                raise refused
            replaced = instead(fault) if fault is not None else None
            if replaced is not None:
                return replaced
            method = "GET" if scope["method"] == "HEAD" else scope["method"]
            found = self.router.find(method, scope["path"])
            headers = dict(scope["headers"])
            if method not in _BODIES and headers.get(b"content-length", b"0") != b"0":
                return refused_by_cdn()
            body = await read_body(receive) if method in _BODIES else b""
            recorded.body = body
            query_string = scope.get("query_string", b"")
            query = _query(query_string) if query_string else {}
            if found is None:
                raise no_such_path()
            route, path_args = found
            fields, is_json = await read_fields(
                scope,
                body,
                headers.get(b"content-type", b"").decode("latin-1"),
                route.resource,
            )
            call = Call(self, route, path_args, query, fields, is_json, headers, body)
            if route.token:
                self._admit(call, recorded, rate_headers, fault)
            if route.needs_world and not self.state.ready.is_set():
                await anyio.to_thread.run_sync(self.state.ready.wait)
            call.read_args()
            result = route.handler(call)
            reply = await result if inspect.isawaitable(result) else result
            self.state.keeper.commit()
        except ApiError as error:
            self.state.keeper.commit()
            reply = Answer(dumps(error.body), error.status)
        except ClientDisconnect:
            raise
        except Exception:
            log.exception("%s %s failed", recorded.method, recorded.path)
            reply = Answer(dumps({"message": "error", "errors": []}), 500)
        if rate_headers:
            reply.headers.extend(rate_headers)
        return reply if fault is None else spoiled(fault, reply)

    def _admit(
        self,
        call: Call,
        recorded: Recorded,
        rate_headers: Headers,
        fault: Fault | None,
    ) -> None:
        """Check token, application, limits and scope, in this order."""
        if fault is not None and fault.kind == "token_revoked":
            self._revoke(call)
        token = call.token = self._token(call)
        application = token.application
        recorded.athlete_id = token.athlete_id
        recorded.application_id = application.id
        if self.state.profile.needs_subscription and not application.active:
            raise inactive()
        route = call.route
        if route.limited:
            allowed = application.usage.take(call.now, read=route.read)
            if route.rate_headers:
                rate_headers.extend(
                    application.usage.headers(
                        creates_activity=not route.read and route.path == "/activities"
                    )
                )
            if not allowed:
                raise rate_limited()
        if fault is not None and fault.kind == "429":
            if rate_headers:
                rate_headers[:] = application.usage.headers(exhausted=True)
            raise rate_limited(fault.value)
        if route.scopes and token.scopes.isdisjoint(route.scopes):
            raise missing_scope(route.scopes[0])

    def _revoke(self, call: Call) -> None:
        """Let the athlete leave the application just before this request."""
        try:
            token = self._token(call)
        except ApiError:
            return
        grant = self.state.accounts.grant_of(token.value)
        if grant is not None:
            self.state.withdraw(grant)
            self.events.deauthorized(grant)

    def _token(self, call: Call) -> Token:
        value = None
        header = call.headers.get(b"authorization")
        if header is not None:
            kind, _, rest = header.decode("latin-1").partition(" ")
            if kind.lower() == "bearer":
                value = rest.strip()
        elif self.state.profile.token_parameters:
            value = call.query.get("access_token") or call.fields.get("access_token")
        token = self.state.accounts.find(str(value), call.now) if value else None
        if token is None:
            raise bad_token()
        return token

    async def _send(
        self, reply: Answer, scope: Scope, send: Send, *, cut: bool = False
    ) -> None:
        headers: Headers = [
            (b"date", self._date()),
            (b"x-request-id", secrets.token_hex(16).encode()),
        ]
        if reply.status == 200 and reply.content_type is JSON_TYPE:
            digest = blake2b(reply.fingerprint or reply.body, digest_size=16)
            tag = b'W/"' + digest.hexdigest().encode() + b'"'
            headers.append((b"etag", tag))
            if _header(scope, b"if-none-match") == tag:
                reply = Answer(b"", 304, b"", reply.headers)
            headers.append((b"cache-control", b"max-age=0, private, must-revalidate"))
        if reply.status not in (204, 304):
            headers.append((b"content-type", reply.content_type))
            headers.append((b"content-length", str(len(reply.body)).encode()))
        headers.extend(reply.headers)
        await send(
            {
                "type": "http.response.start",
                "status": reply.status,
                "headers": headers,
            }
        )
        if cut:
            half = reply.body[: len(reply.body) // 2]
            await send({"type": "http.response.body", "body": half, "more_body": True})
            # A server closes the connection; in process the client meets the error.
            raise ConnectionResetError("cut by the fault 'reset'")
        body = b"" if scope["method"] == "HEAD" else reply.body
        await send({"type": "http.response.body", "body": body})

    def _date(self) -> bytes:
        """Write the time of the emulator's clock: clients learn the windows by it."""
        return _http_date(int(self.state.clock.now()))

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.events.start(asyncio.get_running_loop())
                self.uploads.resume()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                self.state.keeper.commit()
                await send({"type": "lifespan.shutdown.complete"})
                return


@lru_cache(maxsize=8)
def _http_date(moment: int) -> bytes:
    return formatdate(moment, usegmt=True).encode()


@lru_cache(maxsize=256)
def _query(text: bytes) -> dict[str, str]:
    """Read a query string; the answer is shared and must not be changed."""
    return dict(parse_qsl(text.decode("latin-1"), keep_blank_values=True))


def _header(scope: Scope, name: bytes) -> bytes | None:
    for key, value in scope["headers"]:
        if key == name:
            found: bytes = value
            return found
    return None
