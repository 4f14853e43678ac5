"""Send with aiohttp: the async client's default transport."""

from __future__ import annotations

import asyncio
import os
import time
from typing import TYPE_CHECKING, Any

import aiohttp

from stravalib._core.http import USER_AGENT, HttpResponse
from stravalib._transport import base
from stravalib._transport.forms import file_name, form, query, read_file
from stravalib._transport.proxies import environment_proxy
from stravalib._transport.watch import Waiting, Watch

if TYPE_CHECKING:
    import ssl

    from stravalib import exc
    from stravalib._core.http import HttpRequest

CA_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
MOST_TIMEOUTS = 64
NEVER_SENT = (aiohttp.ClientConnectorError, aiohttp.ClientHttpProxyError)
READ_ERRORS = (aiohttp.ServerTimeoutError, TimeoutError)


class AiohttpTransport:
    """Sends with an `aiohttp.ClientSession`; one that was given is never closed."""

    def __init__(self, session: aiohttp.ClientSession | None = None) -> None:
        self._session = session
        self._owned = session is None
        self._timeouts: dict[Any, aiohttp.ClientTimeout] = {}
        self._proxies: dict[str, str | None] = {}
        self._origin = "-"  # of the last address, with the slash after it
        self._loop: asyncio.AbstractEventLoop | None = None
        self._opening: asyncio.Lock | None = None
        self._watch: Watch | None = None

    async def send(self, request: HttpRequest) -> HttpResponse:
        """Send the request; do not raise for a status."""
        session = self._session
        if session is None or (self._owned and not self._is_usable(session)):
            session = await self._open()
        data: Any = form(request.data) if request.data else request.data
        if request.files:
            data = await _multipart(request)
        proxy = None
        if self._owned:
            if request.url.startswith(self._origin):
                proxy = self._proxies[self._origin]
            else:
                proxy = await self._proxy(request.url)
        started = time.perf_counter()
        waiting = None
        read = request.timeout[1]
        if (
            self._watch is not None
            and read is not None
            and not data
            and request.json is None
        ):
            waiting = self._watch.expect(read)
        try:
            response = await session.request(
                request.method,
                request.url,
                params=query(request.params) if request.params else None,
                data=data,
                json=request.json,
                headers=request.headers,
                timeout=self._timeout(
                    request, watched=waiting is not None, proxied=proxy is not None
                ),
                # Whether to follow a redirect is decided above the transports.
                allow_redirects=False,
                # So is what a status means, whatever a given session does.
                raise_for_status=False,
                proxy=proxy,
            )
            # Read to its end at once, a response releases itself.
            arriving = getattr(response, "content", None)
            if arriving is None or arriving.is_eof():
                content = await response.read()
            else:
                left = request.total
                if left is not None:
                    left -= time.perf_counter() - started
                async with asyncio.timeout(left):
                    if waiting is None:
                        content = await response.read()
                    else:
                        content = await _rest(response, waiting)
            return HttpResponse(
                response.status,
                response.headers,
                content,
                (
                    str(response.url)
                    if request.params or response.history
                    else request.url
                ),
                response.reason or "",
                time.perf_counter() - started,
            )
        except asyncio.CancelledError:
            if waiting is None or not waiting.was_ours():
                raise
            late = TimeoutError(f"no more of an answer for {read:g} s")
            failed: exc.StravalibError = base.read_timed_out(request, late)
        except aiohttp.ConnectionTimeoutError as error:
            failed = base.connect_timed_out(request, error)
        except READ_ERRORS as error:
            failed = base.read_timed_out(request, error)
        except NEVER_SENT as error:
            failed = base.connection_failed(request, error, sent=False)
        except (aiohttp.ClientError, OSError) as error:
            failed = base.connection_failed(request, error, sent=True)
        finally:
            if waiting is not None:
                waiting.done()
        # Outside of `except`: the library's error holds the token, and must not
        # become the context of ours.
        raise failed

    def _is_usable(self, session: aiohttp.ClientSession) -> bool:
        return self._loop is asyncio.get_running_loop() and not session.closed

    async def _open(self) -> aiohttp.ClientSession:
        """Open the session of this event loop, once for all tasks that need it."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop or self._opening is None:
            self._loop, self._opening = loop, asyncio.Lock()
            self._session = None  # one of another loop, which is over
        async with self._opening:
            if self._session is not None and not self._session.closed:
                return self._session
            context = await _ssl_context()
            connector = aiohttp.TCPConnector(ssl=context or True)
            self._watch = Watch(loop)
            self._session = aiohttp.ClientSession(
                connector=connector,
                headers={"User-Agent": f"{USER_AGENT} aiohttp/{aiohttp.__version__}"},
                cookie_jar=aiohttp.DummyCookieJar(),
                response_class=self._watch.response_class,
            )
            return self._session

    def _timeout(
        self, request: HttpRequest, *, watched: bool, proxied: bool
    ) -> aiohttp.ClientTimeout:
        key = (request.timeout, request.total, watched, proxied)
        found = self._timeouts.get(key)
        if found is None:
            connect, read = request.timeout
            total = request.total
            if (
                total is not None
                and connect is not None
                and read is not None
                and connect + read <= total
                and not proxied  # a proxy may never answer CONNECT
            ):
                # aiohttp's watch over the whole costs a twentieth of a request; the
                # other two end all but a body that never ends, see `send`.
                total = None
            found = aiohttp.ClientTimeout(
                total=total,
                sock_connect=connect,
                sock_read=None if watched else read,
            )
            if len(self._timeouts) > MOST_TIMEOUTS:  # repetitions have their own
                self._timeouts.clear()
            self._timeouts[key] = found
        return found

    async def _proxy(self, url: str) -> str | None:
        """Return the proxy for an address, asked of the environment once per host.

        aiohttp's own ``trust_env`` does so at each request, in a thread, and takes
        credentials from a ``.netrc`` file, which this client must not.
        """
        scheme, _, rest = url.partition("://")
        origin = f"{scheme}://{rest.partition('/')[0]}/"
        if origin not in self._proxies:
            self._proxies[origin] = await asyncio.to_thread(environment_proxy, url)
        if url.startswith(origin):
            self._origin = origin
        return self._proxies[origin]

    async def aclose(self) -> None:
        """Close the session unless it was given."""
        if self._owned and self._session is not None:
            await self._session.close()
            self._session = None
        if self._watch is not None:
            self._watch.close()
            self._watch = None


async def _rest(response: aiohttp.ClientResponse, waiting: Waiting) -> bytes:
    """Read a body that did not come with its headers."""
    pieces: list[bytes] = []
    try:
        while True:
            waiting.begin()
            piece = await response.content.readany()
            waiting.stop()
            if not piece:
                return b"".join(pieces)
            pieces.append(piece)
    except BaseException:
        response.close()
        raise


async def _multipart(request: HttpRequest) -> aiohttp.FormData:
    parts = aiohttp.FormData()
    for name, value in (form(request.data) or {}).items():
        parts.add_field(name, value)
    for name, source in (request.files or {}).items():
        content = await asyncio.to_thread(read_file, source)
        parts.add_field(
            name,
            content,
            filename=file_name(source),
            content_type="application/octet-stream",
        )
    return parts


async def _ssl_context() -> ssl.SSLContext | None:
    """Context of a CA bundle named in the environment; None for the default one."""
    path = next((os.environ[n] for n in CA_VARIABLES if os.environ.get(n)), None)
    if path is None:
        return None
    return await asyncio.to_thread(_load_bundle, path)


def _load_bundle(path: str) -> ssl.SSLContext:
    import ssl

    if os.path.isdir(path):
        return ssl.create_default_context(capath=path)
    return ssl.create_default_context(cafile=path)
