"""What a transport does, and the `requests.Response` that errors carry."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

import requests
from requests.structures import CaseInsensitiveDict

from stravalib import exc
from stravalib._core.http import (
    redact_bytes,
    redact_headers,
    redact_query,
    redact_text,
    secrets_of,
)

if TYPE_CHECKING:
    from stravalib._core.http import HttpRequest, HttpResponse


class AsyncTransport(Protocol):
    """Sends one request and returns its whole answer.

    Failures are raised as `exc.ConnectionFailed`, `exc.ConnectTimedOut` or
    `exc.ReadTimedOut`; their ``sent`` tells whether Strava may have seen the request.
    """

    async def send(self, request: HttpRequest) -> HttpResponse:
        """Send the request; do not raise for a status."""
        ...

    async def aclose(self) -> None:
        """Close what the transport itself opened, and only that."""
        ...


def public_response(request: HttpRequest, response: HttpResponse) -> requests.Response:
    """Build the response that hangs on an error: whole, but without secrets."""
    public = requests.Response()
    public.status_code = response.status
    public.reason = response.reason
    public.headers = CaseInsensitiveDict(response.headers)
    # A page of a proxy may repeat what it was asked.
    public._content = redact_bytes(response.content, secrets_of(request))
    public.url = redact_query(response.url or request.url)
    public.encoding = requests.utils.get_encoding_from_headers(public.headers)
    public.elapsed = timedelta(seconds=response.elapsed)
    prepared = requests.PreparedRequest()
    prepared.method = request.method
    prepared.url = redact_query(request.url)
    prepared.headers = CaseInsensitiveDict(redact_headers(request.headers.items()))
    public.request = prepared
    return public


def describe(request: HttpRequest, error: BaseException) -> str:
    """Say what failed, in words that hold no secret."""
    reason: object = error
    if error.args and isinstance(error.args[0], BaseException):
        inner: Any = error.args[0]
        reason = getattr(inner, "reason", None) or inner
    text = redact_text(f"{type(error).__name__}: {reason}", secrets_of(request))
    return f"{request.method} {redact_query(request.url)} failed: {text}"


def connection_failed(
    request: HttpRequest, error: BaseException, *, sent: bool
) -> exc.ConnectionFailed:
    """Wrap a connection error of any HTTP library."""
    found = exc.ConnectionFailed(describe(request, error))
    found.sent = sent
    return found


def connect_timed_out(
    request: HttpRequest, error: BaseException
) -> exc.ConnectTimedOut:
    """Wrap a connect timeout of any HTTP library."""
    return exc.ConnectTimedOut(describe(request, error))


def read_timed_out(request: HttpRequest, error: BaseException) -> exc.ReadTimedOut:
    """Wrap a read timeout of any HTTP library."""
    return exc.ReadTimedOut(describe(request, error))
