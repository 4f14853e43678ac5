"""Send with `requests`: the sync client's transport."""

from __future__ import annotations

import os
from traceback import walk_tb
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import requests
from requests.adapters import HTTPAdapter

from stravalib import exc
from stravalib._core.http import HttpResponse, Origin
from stravalib._transport import base
from stravalib._transport.bodies import read_body
from stravalib._transport.straight import NoAddress, Straight, keep_header

if TYPE_CHECKING:
    from collections.abc import Callable

    from stravalib._core.http import HttpRequest


class StravaSession(requests.Session):
    """A session that never carries a secret to another origin.

    requests already drops the Authorization header on such a redirect; a form with
    a client secret would still follow a 307 or 308. Passwords from a ``.netrc`` file
    are not sent, and do not replace the token.
    """

    def prepare_request(self, request: requests.Request) -> requests.PreparedRequest:
        """Prepare as requests does, without looking into a ``.netrc`` file."""
        if request.auth is None and self.auth is None:
            request.auth = keep_header
        return super().prepare_request(request)

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Follow redirects within one origin only."""
        target = super().get_redirect_target(resp)
        if target is None or resp.url is None:
            return target
        try:
            absolute = urljoin(resp.url, target)
            same = Origin.of(absolute) == Origin.of(resp.url)
        except ValueError:  # no address at all
            return None
        return target if same else None

    def rebuild_auth(
        self,
        prepared_request: requests.PreparedRequest,
        response: requests.Response,
    ) -> None:
        """Keep the header: redirects stay within one origin here."""


class RequestsTransport:
    """Calls ``get``, ``post``, ``put`` or ``delete`` of a `requests.Session`.

    ``session`` is looked up at each request, because users replace
    ``client.protocol.rsession`` and patch its methods.
    """

    def __init__(self, session: Callable[[], Any]) -> None:
        self._session = session
        self._process = os.getpid()
        self._straight = Straight()

    def send(self, request: HttpRequest) -> HttpResponse:
        """Send the request; do not raise for a status."""
        session = self._session()
        if self._process != os.getpid():
            self._process = os.getpid()
            _leave_connections(session)
        try:
            if type(session) in _PLAIN and self._straight.leads_to(session):
                response = self._straight.send(session, request)
                content = read_body(response, request)
            else:
                response = _by_method(session, request)
                content = response.content
        except exc.StravalibError:
            raise
        except requests.ConnectTimeout as error:
            failed: exc.StravalibError = base.connect_timed_out(request, error)
        except requests.Timeout as error:
            failed = base.read_timed_out(request, error)
        except requests.ConnectionError as error:
            failed = base.connection_failed(request, error, sent=_sent(error))
        except _NO_ANSWER as error:
            failed = base.connection_failed(request, error, sent=True)
        else:
            return HttpResponse(
                status=response.status_code,
                headers=response.headers,
                content=content,
                url=getattr(response, "url", None) or request.url,
                reason=getattr(response, "reason", None) or "",
                elapsed=_seconds(response),
                native=response,
            )
        # Outside of `except`: the library's error holds the token, and must not
        # become the context of ours.
        raise failed


_PLAIN = (StravaSession, requests.Session)
_NO_ANSWER = (
    NoAddress,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
    requests.TooManyRedirects,  # of a session of the user's own class
)


def _by_method(session: Any, request: HttpRequest) -> Any:
    """Call ``get``, ``post``, ``put`` or ``delete``: it may be a user's own."""
    keywords: dict[str, Any] = {
        "params": request.params,
        "data": request.data,
        "json": request.json,
        "headers": request.headers,
        "timeout": request.timeout,
    }
    if request.method == "POST":
        keywords["files"] = request.files
    if request.method != "GET" and _follows_blindly(session, request.method):
        keywords["allow_redirects"] = False
    return getattr(session, request.method.lower())(request.url, **keywords)


def _leave_connections(session: Any) -> None:
    """Give a session new connections after a fork.

    On those of the parent process each would read the other's answers. They are
    dropped without a look into their pool, whose lock may be held for ever.
    """
    for adapter in getattr(session, "adapters", {}).values():
        if isinstance(adapter, HTTPAdapter):
            # Unpickling makes new pools from the same settings; so does this.
            renewed: Any = adapter
            renewed.__setstate__(renewed.__getstate__())


def _follows_blindly(session: Any, method: str) -> bool:
    """Tell whether a session would send a form on to wherever it is redirected.

    A method that a user has replaced need not know ``allow_redirects``.
    """
    name = method.lower()
    return (
        isinstance(session, requests.Session)
        and not isinstance(session, StravaSession)
        and getattr(type(session), name) is getattr(requests.Session, name)
        and name not in vars(session)
    )


def _seconds(response: Any) -> float:
    elapsed = getattr(response, "elapsed", None)
    return elapsed.total_seconds() if elapsed is not None else 0.0


def _sent(error: requests.ConnectionError) -> bool:
    """Tell whether the request may have gone out before the connection failed.

    It has not where the error comes out of making the connection, TLS and the way
    through a proxy included. The same classes are raised when a connection breaks
    later; where urllib3 was tells them apart.
    """
    causes: list[BaseException] = [error]
    for cause in causes:
        for frame, _ in walk_tb(cause.__traceback__):
            if (
                frame.f_code.co_name == "connect"
                and frame.f_globals.get("__name__") == "urllib3.connection"
            ):
                return False
        # Not the context: that may be an error which the caller is just handling.
        inner = (*cause.args, getattr(cause, "reason", None), cause.__cause__)
        causes += [
            found
            for found in inner
            if isinstance(found, BaseException) and found not in causes
        ]
    from urllib3.exceptions import NewConnectionError

    return not any(isinstance(cause, NewConnectionError) for cause in causes)
