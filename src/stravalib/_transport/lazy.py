"""The requests transport, imported when the first request is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import requests

    from stravalib._core.http import HttpRequest, HttpResponse
    from stravalib._transport.sync_requests import RequestsTransport


def new_session() -> requests.Session:
    """Create the session of a client that was given none."""
    from stravalib._core.http import USER_AGENT
    from stravalib._transport.sync_requests import StravaSession

    session = StravaSession()
    own = str(session.headers["User-Agent"])
    session.headers["User-Agent"] = f"{USER_AGENT} {own}"
    return session


class LazyRequestsTransport:
    """Sends with the session of a protocol object, read anew at each request."""

    def __init__(self, owner: Any, *, owned: bool) -> None:
        self._owner = owner
        self._owned = owned
        self._transport: RequestsTransport | None = None

    def send(self, request: HttpRequest) -> HttpResponse:
        """Send the request; do not raise for a status."""
        transport = self._transport
        if transport is None:
            from stravalib._transport.sync_requests import RequestsTransport

            transport = RequestsTransport(lambda: self._owner.rsession)
            self._transport = transport
        return transport.send(request)

    def close(self) -> None:
        """Close the session unless it was given, or was never needed."""
        if self._owned and self._transport is not None:
            self._owner.rsession.close()
