"""Send with httpx2: for trio, and for ASGI applications in the same process."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import anyio
import anyio.to_thread
import httpx2

from stravalib._core.http import USER_AGENT, HttpResponse
from stravalib._transport import base
from stravalib._transport.forms import file_name, form, query, read_file

if TYPE_CHECKING:
    from stravalib import exc
    from stravalib._core.http import HttpRequest


class Httpx2Transport:
    """Sends with an `httpx2.AsyncClient`; one that was given is never closed."""

    def __init__(self, session: Any = None) -> None:
        self._session = session
        self._owned = session is None
        self._opening: anyio.Lock | None = None

    async def send(self, request: HttpRequest) -> HttpResponse:
        """Send the request; do not raise for a status."""
        session = self._session
        if session is None:
            session = await self._open()
        connect, read = request.timeout
        files = None
        if request.files:
            files = {
                name: (
                    file_name(source),
                    await anyio.to_thread.run_sync(read_file, source),
                    "application/octet-stream",
                )
                for name, source in request.files.items()
            }
        keywords: dict[str, Any] = {}
        if request.json is not None:
            keywords["json"] = request.json
        body = "content" if isinstance(request.data, bytes) else "data"
        keywords[body] = form(request.data)
        started = time.perf_counter()
        try:
            with anyio.fail_after(request.total):
                response = await session.request(
                    request.method,
                    request.url,
                    params=query(request.params),
                    files=files,
                    headers=request.headers,
                    timeout=httpx2.Timeout(
                        connect=connect, read=read, write=read, pool=None
                    ),
                    follow_redirects=False,
                    **keywords,
                )
        except httpx2.ConnectTimeout as error:
            failed: exc.StravalibError = base.connect_timed_out(request, error)
        except (httpx2.TimeoutException, TimeoutError) as error:
            failed = base.read_timed_out(request, error)
        except (httpx2.ConnectError, httpx2.ProxyError) as error:
            failed = base.connection_failed(request, error, sent=False)
        except (httpx2.HTTPError, OSError) as error:
            # An OSError: TLS that breaks comes as it is, an `ssl.SSLError`.
            failed = base.connection_failed(request, error, sent=True)
        else:
            return _answer(response, time.perf_counter() - started)
        # Outside of `except`: the library's error holds the token, and must not
        # become the context of ours.
        raise failed

    async def _open(self) -> Any:
        """Open the session, once for all tasks that need it."""
        if self._opening is None:
            self._opening = anyio.Lock()
        async with self._opening:
            if self._session is None:
                # Reading the CA bundle takes a while.
                self._session = await anyio.to_thread.run_sync(_new_session)
            return self._session

    async def aclose(self) -> None:
        """Close the session unless it was given."""
        if self._owned and self._session is not None:
            await self._session.aclose()
            self._session = None


def _answer(response: Any, elapsed: float) -> HttpResponse:
    return HttpResponse(
        status=response.status_code,
        headers=response.headers,
        content=response.content,
        url=str(response.url),
        reason=response.reason_phrase,
        elapsed=elapsed,
    )


def _new_session() -> Any:
    return httpx2.AsyncClient(
        headers={"User-Agent": f"{USER_AGENT} httpx2/{httpx2.__version__}"}
    )
