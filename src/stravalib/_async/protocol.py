"""One call from parameters to decoded JSON; orders the steps, decides nothing."""

from __future__ import annotations

import logging
import os
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar, cast
from urllib.parse import urlsplit

from stravalib._async import _compat
from stravalib._async.access import AsyncAccess
from stravalib._async.auth import AsyncAuth
from stravalib._async.call import Call
from stravalib._async.gate import AsyncGate
from stravalib._async.sending import AsyncSender
from stravalib._core import http
from stravalib._core.lazy import lazy
from stravalib._core.options import options_of
from stravalib._core.rates import kind_of
from stravalib._facts.hosts import OAUTH_BASE_URL
from stravalib._facts.limits import SHORT_WINDOW

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from stravalib import exc
    from stravalib._async.gate import Priority
    from stravalib._core import errors, params, tokens
    from stravalib._core.meta import RequestInfo, ResponseMeta
    from stravalib._core.quota import Wait
    from stravalib._core.retries import RetryPolicy
    from stravalib._core.tokens import Token
    from stravalib._stores.base import Ledger, TokenStore
else:
    errors = lazy("stravalib._core.errors")
    exc = lazy("stravalib.exc")
    params = lazy("stravalib._core.params")
    tokens = lazy("stravalib._core.tokens")

T_co = TypeVar("T_co", covariant=True)

RequestMethod = Literal["GET", "POST", "PUT", "DELETE"]
TimeoutTypes = float | tuple[float | None, float | None] | None


class SupportsRead(Protocol[T_co]):
    """Anything that has ``read()``: an open file, `io.BytesIO`, `io.StringIO`."""

    def read(self, length: int = ..., /) -> T_co:
        """Read and return content."""
        ...


def _with_token(request: http.HttpRequest, token: str | None) -> http.HttpRequest:
    return request._replace(headers=http.bearer(request.url, token))


class AsyncApiV3(AsyncAccess):
    """Speaks HTTP with Strava: addresses, tokens, errors, JSON.

    `AsyncClient` holds one as ``protocol``. The methods ``get``, ``post``, ``put``
    and ``delete`` call any path and return its decoded JSON.

    Parameters
    ----------
    access_token
        OAuth access token.
    session
        HTTP session to send with; one that is given is never closed.
    rate_limiter
        Called with ``(headers, method)`` after each answer, as in release 2.6; the
        built-in limiter then only counts.
    token_expires
        Epoch seconds when the access token expires.
    refresh_token
        OAuth refresh token.
    client_id, client_secret
        The application's credentials; by default from the environment variables
        ``STRAVA_CLIENT_ID`` and ``STRAVA_CLIENT_SECRET``.
    base_url
        Where the API is, default ``https://www.strava.com/api/v3``; environment
        variable ``STRAVA_BASE_URL``. https, or http on this machine.
    oauth_url
        Where the OAuth endpoints are, default ``https://www.strava.com/oauth``;
        environment variable ``STRAVA_OAUTH_URL``.
    timeout
        Seconds, one number or (connect, read); None waits for ever.
    token_store, athlete_id, token_provider, on_token_refresh, check_scopes
        Where tokens come from and go to, see `AsyncClient`.
    ledger, max_wait, on_wait, reserve, priority, rate_limit_requests
        How the quota is kept, see `AsyncClient`.
    retries, on_request, on_response
        How often to try, and who is told, see `AsyncClient`.
    """

    server = "www.strava.com"
    api_base = "/api/v3"

    def __init__(
        self,
        access_token: str | None = None,
        session: _compat.Session | None = None,
        rate_limiter: Callable[[dict[str, str], RequestMethod], None] | None = None,
        token_expires: int | None = None,
        refresh_token: str | None = None,
        client_id: int | str | None = None,
        client_secret: str | None = None,
        *,
        base_url: str | None = None,
        oauth_url: str | None = None,
        timeout: TimeoutTypes = http.DEFAULT_TIMEOUT,
        token_store: TokenStore | None = None,
        athlete_id: int | str | None = None,
        token_provider: Callable[[], Any] | None = None,
        on_token_refresh: Callable[[Token], Any] | None = None,
        check_scopes: bool = True,
        ledger: Ledger | None = None,
        max_wait: float | None = SHORT_WINDOW,
        on_wait: Callable[[Wait], Any] | None = None,
        reserve: float = 0.0,
        priority: Priority = "high",
        rate_limit_requests: bool = True,
        retries: RetryPolicy | int | bool = True,
        on_request: Callable[[RequestInfo], Any] | None = None,
        on_response: Callable[[ResponseMeta], Any] | None = None,
    ) -> None:
        self.log = logging.getLogger(f"stravalib.protocol.{type(self).__name__}")
        self.access_token = access_token
        if token_expires is not None:
            token_expires = cast("int", tokens.epoch(token_expires, "token_expires"))
        self.token_expires = token_expires
        self.refresh_token = refresh_token
        if isinstance(client_id, str):  # as environment variables are
            client_id = tokens.whole_number(client_id, "client_id")
        self.client_id: int | None = client_id
        self.client_secret = client_secret
        self.timeout = http.normal_timeout(timeout)
        base_url = base_url or os.environ.get("STRAVA_BASE_URL")
        oauth_url = oauth_url or os.environ.get("STRAVA_OAUTH_URL")
        self._base_url = base_url and http.check_base_url(base_url, "base_url")
        self._oauth_url = oauth_url and http.check_base_url(oauth_url, "oauth_url")
        # The header of the last token, and where it was found safe to send.
        self._bearer: tuple[str | None, str | None, str] = (None, None, "")
        self._session = session
        self.transport = _compat.open_transport(self, session)
        self._check_credentials()
        self.auth = AsyncAuth(
            self,
            store=token_store,
            athlete_id=athlete_id,
            provider=token_provider,
            on_refresh=on_token_refresh,
            check_scopes=check_scopes,
        )
        self.gate = AsyncGate(
            ledger=ledger,
            key=f"{self.client_id or '-'}@{urlsplit(self.base_url).netloc}",
            priority=priority,
            reserve=reserve,
            max_wait=max_wait,
            on_wait=on_wait,
            observe=not rate_limit_requests,
        )
        self.gate.limiter = rate_limiter
        self.sender = AsyncSender(
            self.gate, retries, on_request=on_request, on_response=on_response
        )

    def __repr__(self) -> str:
        """Show where requests go, and no secret."""
        return f"<{type(self).__name__} {self.base_url}>"

    @property
    def rsession(self) -> Any:
        """HTTP session; yours to replace."""
        if self._session is None:
            self._session = _compat.open_session(None)
        return self._session

    @rsession.setter
    def rsession(self, value: Any) -> None:
        self._session = value

    @property
    def rate_limiter(self) -> Callable[[dict[str, str], RequestMethod], None] | None:
        """Called after each answer; while there is one, the built-in only counts."""
        return self.gate.limiter

    @rate_limiter.setter
    def rate_limiter(
        self, value: Callable[[dict[str, str], RequestMethod], None] | None
    ) -> None:
        self.gate.limiter = value

    # -- addresses ---------------------------------------------------------------

    @property
    def base_url(self) -> str:
        """Address that API paths are appended to."""
        return self._base_url or f"https://{self.server}{self.api_base}"

    @property
    def oauth_url(self) -> str:
        """Address that OAuth paths are appended to."""
        if self._oauth_url:
            return self._oauth_url
        # A local server has both; the API hosts of Strava have not.
        if self._base_url and self._base_url.startswith("http:"):
            return http.origin_text(self._base_url) + "/oauth"
        return OAUTH_BASE_URL

    def resolve_url(self, url: str) -> str:
        """Return the absolute address of a path of the API."""
        if url.startswith(("https://", "http://")):
            return url
        return f"{self.base_url}/{url.lstrip('/')}"

    # -- credentials -------------------------------------------------------------

    def _check_credentials(self) -> None:
        """Take client id and secret from the environment where none were given."""
        if self.client_id is None:
            text = os.environ.get("STRAVA_CLIENT_ID", "").strip()
            self.client_id = int(text) if text.isdecimal() else None
        if self.client_secret is None:
            secret = os.environ.get("STRAVA_CLIENT_SECRET", "").strip()
            self.client_secret = secret or None

    # -- requests ----------------------------------------------------------------

    async def _request(
        self,
        url: str,
        params: dict[str, Any] | None = None,
        files: dict[str, SupportsRead[str | bytes]] | None = None,
        body: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        method: RequestMethod = "GET",
        check_for_errors: bool = True,
        *,
        timeout: TimeoutTypes = None,
    ) -> Any:
        """Make a request and return its decoded JSON; ``{}`` where there is none."""
        call = Call()
        while True:
            response = await self._fetch(
                url,
                params,
                files,
                body,
                data,
                method,
                check_for_errors,
                timeout=timeout,
                call=call,
            )
            if response.status == 204:
                return {}
            try:
                return http.decode(response.content, url)
            except ValueError:
                error = self._invalid_response(url, method, response)
            if not await self.sender.goes_on_after_garbage(call, method, url, data):
                raise error

    async def _fetch(
        self,
        url: str,
        params: dict[str, Any] | None = None,
        files: dict[str, SupportsRead[str | bytes]] | None = None,
        body: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        method: RequestMethod = "GET",
        check_for_errors: bool = True,
        *,
        timeout: TimeoutTypes = None,
        call: Call | None = None,
    ) -> http.HttpResponse:
        """Make a request and return the answer as it came.

        ``call`` is what the request belongs to, where it is not the first.
        """
        base_url = self.base_url
        is_below = url[:1] == "/" and url[:2] != "//"
        if is_below:
            path = url
            url = base_url + url
            is_api = not url.endswith("/oauth/token")
        else:
            url = self.resolve_url(url)
            is_api = http.carries_token(url, base_url, self.oauth_url)
            below = url.startswith(base_url)
            path = url[len(base_url) :] if below else urlsplit(url).path
        if self.log.isEnabledFor(logging.INFO):
            self.log.info(
                "%s %r with params %s",
                method,
                http.redact_query(url),
                http.parameter_names(params, data),
            )
        http.check_query(params)
        headers, token = {}, None
        if is_api:
            if self.auth.has_to_prepare():
                await self.auth.prepare(method, path)
            token = self.access_token
            if is_below and self._bearer[:2] == (token, base_url):
                headers = {"Authorization": self._bearer[2]}
            else:
                headers = http.bearer(url, token)
                if headers and is_below:
                    self._bearer = (token, base_url, headers["Authorization"])
        elif data and not http.SECRET_NAMES.isdisjoint(data):
            http.check_destination(url)
        request = http.HttpRequest(
            method,
            url,
            params if params is not None else {},
            data,
            body,
            files,
            headers,
            self._timeout() if timeout is None else http.normal_timeout(timeout),
        )
        # Tools that report crashes show locals.
        del headers, token
        if call is None:
            call = Call()
        sign = self._sign if is_api else None
        request, response = await self.sender.send(
            self.transport, request, path, counted=is_api, sign=sign, call=call
        )
        if response.status < 300:
            return response
        send = partial(
            self.sender.send,
            self.transport,
            path=path,
            counted=is_api,
            sign=sign,
            call=call,
        )
        hops = 0
        while 300 <= response.status < 400 and "Location" in response.headers:
            target = http.redirect_target(
                request, response.status, response.headers["Location"], hops
            )
            if target is None:
                raise self._unfollowed(request, response)
            hops += 1
            request = request._replace(url=target, params={})
            request, response = await send(request)
        if (
            response.status == 401
            and is_api
            and self._token_is_dead(request, response)
            and call.rewind()
            and await self.auth.after_refusal(
                request.headers.get("Authorization", "").removeprefix("Bearer ")
            )
        ):
            self.sender.tell_renewal(request)
            request = _with_token(request, self.access_token)
            request, response = await send(request)
        if check_for_errors and response.status >= 400:
            refuse = None
            if response.status == 429 and is_api:
                refuse = await self.gate.refusal(kind_of(method, path))
            self._raise_fault(request, response, refuse)
        return response

    async def _sign(self, request: http.HttpRequest) -> http.HttpRequest:
        """Put the token on a request that has waited, renewed if need be."""
        await self.auth.prepare(request.method, "")
        return _with_token(request, self.access_token)

    def _timeout(self) -> http.Timeout:
        here = options_of(self.gate)
        if here is None or "timeout" not in here:
            return self.timeout
        return http.normal_timeout(here["timeout"])

    def _extract_referenced_vars(self, s: str) -> list[str]:
        """Names in braces of a path template."""
        return http.path_variables(s)

    async def get(
        self,
        url: str,
        check_for_errors: bool = True,
        *,
        timeout: TimeoutTypes = None,
        **kwargs: Any,
    ) -> Any:
        """GET a path; ``kwargs`` fill its ``{variables}``, the rest is the query."""
        url, query = http.fill_path(url, kwargs)
        return await self._request(
            url, params=query, check_for_errors=check_for_errors, **_timed(timeout)
        )

    async def post(
        self,
        url: str,
        files: dict[str, SupportsRead[str | bytes]] | None = None,
        check_for_errors: bool = True,
        data: dict[str, Any] | None = None,
        *,
        timeout: TimeoutTypes = None,
        **kwargs: Any,
    ) -> Any:
        """POST to a path, as a form (``data``) or multipart (``files``)."""
        url, query = http.fill_path(url, kwargs)
        return await self._request(
            url,
            params=query,
            files=files,
            data=data,
            method="POST",
            check_for_errors=check_for_errors,
            **_timed(timeout),
        )

    async def put(
        self,
        url: str,
        check_for_errors: bool = True,
        body: dict[str, Any] | None = None,
        *,
        timeout: TimeoutTypes = None,
        **kwargs: Any,
    ) -> Any:
        """PUT to a path, with ``body`` as JSON."""
        url, query = http.fill_path(url, kwargs)
        return await self._request(
            url,
            params=query,
            body=body,
            method="PUT",
            check_for_errors=check_for_errors,
            **_timed(timeout),
        )

    async def delete(
        self,
        url: str,
        check_for_errors: bool = True,
        data: dict[str, Any] | None = None,
        *,
        timeout: TimeoutTypes = None,
        **kwargs: Any,
    ) -> Any:
        """DELETE a path, with ``data`` as a form."""
        url, query = http.fill_path(url, kwargs)
        return await self._request(
            url,
            params=query,
            data=data,
            method="DELETE",
            check_for_errors=check_for_errors,
            **_timed(timeout),
        )

    async def send_photo(self, target: Mapping[str, Any], photo: bytes) -> None:
        """Send a photo to the address that Strava gave, without any token."""
        url = str(target["uri"])
        http.check_destination(url)
        request = http.HttpRequest(
            str(target.get("method") or "PUT"),
            url,
            data=photo,
            headers=dict(target.get("header") or {}),
            timeout=self.timeout,
            total=None,
        )
        response = await self.transport.send(request)
        if response.status >= 400:
            raise exc.ActivityPhotoUploadFailed(
                f"The photo was refused with status {response.status}."
            )

    async def aclose(self) -> None:
        """Close what this object opened."""
        await self.auth.drain()
        await self.transport.aclose()


_GIVERS = ("get", "post", "put", "delete", "_request")
_OURS = tuple(getattr(AsyncApiV3, name) for name in _GIVERS)


def hands_over(protocol: object) -> bool:
    """Tell whether nobody else holds what a protocol's methods return.

    The double of somebody's test may return the same object again.
    """
    kind = type(protocol)
    return (
        issubclass(kind, AsyncApiV3)
        and tuple(getattr(kind, name) for name in _GIVERS) == _OURS
        and vars(protocol).keys().isdisjoint(_GIVERS)
    )


def _timed(timeout: TimeoutTypes) -> dict[str, Any]:
    """Hand a timeout on only where there is one: `_request` may be somebody's own."""
    return {} if timeout is None else {"timeout": timeout}
