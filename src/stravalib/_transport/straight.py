"""The short way through a `requests.Session` that nobody has changed.

``session.get`` reads the whole environment for proxies and CA bundles at every
request, a fifth of what a small one costs. Here that is read anew only when the
environment has changed. The steps are the session's own, in the order that requests
documents under "Prepared Requests"; a patched session or method never comes here.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import requests

if TYPE_CHECKING:
    from stravalib._core.http import HttpRequest

_STEPS = ("get", "post", "put", "delete", "request", "merge_environment_settings")
_OWN = frozenset((*_STEPS, "prepare_request"))
# Where the code of requests' own methods is written.
_FILE = requests.sessions.merge_setting.__code__.co_filename
# There the system's settings count too, and nothing tells when they change.
_ASKS_SYSTEM = sys.platform in ("darwin", "win32")


def keep_header(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Stand for an authentication: the header is there already, no ``.netrc``."""
    return request


class Straight:
    """Sends by the steps of ``session.request``, and keeps what they found."""

    def __init__(self) -> None:
        self._key: tuple[Any, ...] = ()
        self._environment: dict[Any, Any] = {}
        self._settings: dict[str, Any] = {}

    def leads_to(self, session: requests.Session) -> bool:
        """Tell whether neither the session nor its class is patched."""
        if not _OWN.isdisjoint(vars(session)):
            return False
        methods = vars(requests.Session)
        for name in _STEPS:
            code = getattr(methods.get(name), "__code__", None)
            if code is None or code.co_filename != _FILE:
                return False
        return True

    def send(
        self, session: requests.Session, request: HttpRequest, follow: bool
    ) -> requests.Response:
        """Prepare the request and send it; ``follow`` redirects of requests' kind."""
        prepared = session.prepare_request(
            requests.Request(
                request.method,
                request.url,
                request.headers,
                request.files if request.method == "POST" else None,
                request.data,
                request.params,
                # Else a .netrc file would replace the token.
                keep_header if session.auth is None else None,
                json=request.json,
            )
        )
        return session.send(
            prepared,
            timeout=request.timeout,
            allow_redirects=follow,
            **self._settings_of(session, prepared.url or request.url),
        )

    def _settings_of(self, session: requests.Session, url: str) -> dict[str, Any]:
        """Return what ``session.merge_environment_settings`` returns."""
        environment = getattr(os.environ, "_data", None)
        scheme, _, rest = url.partition("://")
        key = (
            scheme,
            rest.partition("/")[0],
            session.trust_env,
            session.stream,
            session.verify,
            session.cert,
            session.proxies,
        )
        if (
            environment is None
            or _ASKS_SYSTEM
            or key != self._key
            or environment != self._environment
        ):
            found = session.merge_environment_settings(url, {}, None, None, None)
            self._key = (*key[:-1], dict(session.proxies))
            self._environment = dict(environment or {})
            self._settings = dict(found)
        # requests may change the proxies on its way.
        return self._settings | {"proxies": self._settings["proxies"].copy()}
