"""The short way through a `requests.Session` that nobody has changed.

``session.get`` reads the whole environment for proxies and CA bundles at every
request, a fifth of what a small one costs. Here that is read anew only when the
environment has changed. The steps are the session's own, in the order that requests
documents under "Prepared Requests"; a patched session or method never comes here.

Preparing is another third. A plain GET, of a session that adds nothing but headers,
to an address that needs no quoting, is put together here, equal to what
``prepare_request`` makes.
"""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import requests
from requests.cookies import RequestsCookieJar
from requests.structures import CaseInsensitiveDict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stravalib._core.http import HttpRequest

_STEPS = (
    *("get", "post", "put", "delete", "request"),
    *("merge_environment_settings", "prepare_request"),
)
_OWN = frozenset(_STEPS)
# Where the code of requests' own methods is written.
_FILE = requests.sessions.merge_setting.__code__.co_filename
# There the system's settings count too, and nothing tells when they change.
_ASKS_SYSTEM = sys.platform in ("darwin", "win32")
# Addresses that requests leaves as they are: lower case, no dots in the path.
_PLAIN_URL = re.compile(
    r"https?://[a-z0-9][a-z0-9.-]*(:([1-9][0-9]{0,3}|[1-5][0-9]{4}))?/[A-Za-z0-9/_~-]*"
).fullmatch
_PLAIN_VALUES = frozenset((str, int, float, bool))
_NEEDS_NO_QUOTING = frozenset((int, bool))
_NO_HOOKS: dict[str, list[Any]] = {"response": []}


def keep_header(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Stand for an authentication: the header is there already, no ``.netrc``."""
    return request


def _query(parameters: Mapping[str, Any]) -> str | None:
    """Return plain parameters as requests writes them; None leaves it to requests."""
    types = set(map(type, parameters.values()))
    if types <= _NEEDS_NO_QUOTING and all(map(str.isidentifier, parameters)):
        text = "&".join([f"{name}={value}" for name, value in parameters.items()])
        if text.isascii():
            return text
    if not types <= _PLAIN_VALUES:
        if not types <= _PLAIN_VALUES | {type(None)}:
            return None
        parameters = {k: v for k, v in parameters.items() if v is not None}
    return urlencode(parameters)


def _is_about_an_address(error: ValueError) -> bool:
    """Tell whether an error is from taking an address apart."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    parsing = place is not None and place.tb_frame.f_globals["__name__"]
    return parsing == "urllib.parse" or isinstance(
        error, requests.exceptions.InvalidURL
    )


class NoAddress(requests.exceptions.InvalidURL):
    """An answer redirects to what is no address."""


class Straight:
    """Sends by the steps of ``session.request``, and keeps what they found."""

    def __init__(self) -> None:
        self._methods: tuple[Any, ...] = ()
        self._key: tuple[Any, ...] = ()
        self._environment: dict[Any, Any] = {}
        self._settings: dict[str, Any] = {}
        self._headers: Mapping[str, Any] = {}
        self._no_cookies = RequestsCookieJar()

    def leads_to(self, session: requests.Session) -> bool:
        """Tell whether neither the session nor its class is patched."""
        if not _OWN.isdisjoint(vars(session)):
            return False
        methods = tuple(map(vars(requests.Session).get, _STEPS))
        if methods != self._methods:
            for method in methods:
                code = getattr(method, "__code__", None)
                if code is None or code.co_filename != _FILE:
                    return False
            self._methods = methods
        return True

    def send(
        self, session: requests.Session, request: HttpRequest
    ) -> requests.Response:
        """Prepare the request and send it."""
        prepared = self._plain(session, request) or session.prepare_request(
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
        try:
            return session.send(
                prepared,
                timeout=request.timeout,
                # Whether to follow a redirect is decided above the transports.
                allow_redirects=False,
                **self._settings_of(session, prepared.url or request.url),
            )
        except ValueError as error:
            if not _is_about_an_address(error):
                raise
            # The session looks where a redirect leads, also where it stays.
            raise NoAddress(f"the answer redirects to no address ({error})") from None

    def _plain(
        self, session: requests.Session, request: HttpRequest
    ) -> requests.PreparedRequest | None:
        """Return a plain GET, prepared; None where requests itself has to do it."""
        if (
            request.method != "GET"
            or request.data
            or request.json is not None
            or request.files
            or session.params
            or session.auth is not None
            or session.hooks != _NO_HOOKS
            or not _PLAIN_URL(request.url)
        ):
            return None
        cookies = session.cookies
        if type(cookies) is not RequestsCookieJar or next(iter(cookies), None):
            return None
        headers = self._headers_of(session)
        if headers is None:
            return None
        query = _query(request.params) if request.params else ""
        if query is None:
            return None
        for name, value in request.headers.items():
            headers[name] = value
        prepared = requests.PreparedRequest()
        vars(prepared).update(
            method="GET",
            url=f"{request.url}?{query}" if query else request.url,
            headers=headers,
            # One for all: requests copies it before it puts anything in.
            _cookies=self._no_cookies,
        )
        return prepared

    def _headers_of(self, session: requests.Session) -> CaseInsensitiveDict[Any] | None:
        """Return a copy of the session's headers; None where they need a closer look.

        They have been looked at when they are the same as at the last request.
        """
        known = getattr(session.headers, "_store", None)
        if type(session.headers) is not CaseInsensitiveDict or known is None:
            return None
        if known != self._headers:
            for value in session.headers.values():
                if value is None:
                    return None
            requests.Request("GET", "http://localhost", session.headers).prepare()
            self._headers = known.copy()
        headers: CaseInsensitiveDict[Any] = CaseInsensitiveDict()
        vars(headers)["_store"] = known.copy()
        return headers

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
        return self._settings | {
            # requests may change the proxies on its way.
            "proxies": self._settings["proxies"].copy(),
            # The body is read by `stravalib._transport.bodies`.
            "stream": True,
        }
