"""The client: all endpoints on one protocol object."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, cast

from stravalib._async import _compat
from stravalib._async.endpoints.activities import AsyncActivitiesEndpoints
from stravalib._async.endpoints.athletes import AsyncAthletesEndpoints
from stravalib._async.endpoints.clubs import AsyncClubsEndpoints
from stravalib._async.endpoints.gear import AsyncGearEndpoints
from stravalib._async.endpoints.oauth import AsyncOAuthEndpoints
from stravalib._async.endpoints.routes import AsyncRoutesEndpoints
from stravalib._async.endpoints.segment_efforts import AsyncSegmentEffortsEndpoints
from stravalib._async.endpoints.segments import AsyncSegmentsEndpoints
from stravalib._async.endpoints.streams import AsyncStreamsEndpoints
from stravalib._async.endpoints.subscriptions import AsyncSubscriptionsEndpoints
from stravalib._async.endpoints.uploads import AsyncUploadsEndpoints
from stravalib._async.protocol import AsyncApiV3
from stravalib._core import http, params
from stravalib._core.options import UNSET, Unset, check_limits, options
from stravalib._facts.limits import SHORT_WINDOW

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime
    from types import TracebackType
    from typing import Literal, Self

    from stravalib._async.gate import Priority
    from stravalib._async.protocol import RequestMethod, TimeoutTypes
    from stravalib._core.meta import RequestInfo, ResponseMeta
    from stravalib._core.quota import Estimate, RateLimits, Wait
    from stravalib._core.retries import RetryPolicy
    from stravalib._core.tokens import Token
    from stravalib._stores.base import Ledger, TokenStore


class AsyncClient(
    AsyncActivitiesEndpoints,
    AsyncAthletesEndpoints,
    AsyncClubsEndpoints,
    AsyncGearEndpoints,
    AsyncRoutesEndpoints,
    AsyncSegmentsEndpoints,
    AsyncSegmentEffortsEndpoints,
    AsyncStreamsEndpoints,
    AsyncUploadsEndpoints,
    AsyncSubscriptionsEndpoints,
    AsyncOAuthEndpoints,
    _compat.Closing,
):
    """Client of the Strava API.

    Every method says how many requests it makes and which scope it needs. Objects
    that it returns have their units in their documentation: metres, seconds, metres
    a second, watts, degrees Celsius.

    Parameters
    ----------
    access_token
        OAuth access token.
    rate_limit_requests
        Whether to keep to Strava's limits; False only observes.
    rate_limiter
        A callable ``(headers, method)`` of your own, called after each answer in
        place of the built-in limiter.
    session
        HTTP session to send with; one that is given is never closed.
    token_expires
        Epoch seconds when the access token expires.
    refresh_token
        OAuth refresh token; with it and the application's credentials the client
        renews the access token by itself.
    client_id, client_secret
        The application's credentials; by default from the environment variables
        ``STRAVA_CLIENT_ID`` and ``STRAVA_CLIENT_SECRET``.
    base_url, oauth_url
        Other addresses than Strava's, for example of a local Strava; by default from
        ``STRAVA_BASE_URL`` and ``STRAVA_OAUTH_URL``. https, or http on this machine.
    timeout
        Seconds, one number or (connect, read); None waits for ever.
    token_store
        Where tokens are kept, see `stravalib.tokens`. A renewed token is saved before
        it is used, and renewed once, whoever shares the store.
    athlete_id
        Whose token to take from the store; may be left out where it keeps one only,
        or where a token is given. A token in the store of a named athlete wins over
        the one that is given.
    token_provider
        A function, or a coroutine function for the async client, that returns a
        token: a `Token`, a mapping, or the access token. Asked at the first call,
        when the token ends, and after Strava refused it.
    on_token_refresh
        Called with each renewed `Token`, after it was saved.
    check_scopes
        Whether calls that the token surely may not make fail before they are sent.
    ledger
        Where requests are counted, see `stravalib.limits`; by default by this client
        alone. One ledger serves all threads, processes or machines of an application.
    max_wait
        Seconds that a call may wait for the quota. The default waits out a quarter
        hour, and raises at once where the day is used up; None waits for anything.
    on_wait
        Called with a `Wait` before each wait for a used-up window; False gives up.
    reserve
        What to leave for others of the application: a share of each limit below 1,
        else a number of requests.
    priority
        ``high`` sends as fast as allowed; ``medium`` spreads requests over the
        quarter hour, ``low`` over the day.
    retries
        How often safe requests are sent again after a failure, or a `RetryPolicy`;
        False for never. Writes are repeated only if no connection was made.
    on_request, on_response
        Called before and after each attempt, with a `RequestInfo` or `ResponseMeta`.
    """

    def __init__(
        self,
        access_token: str | None = None,
        rate_limit_requests: bool = True,
        rate_limiter: Callable[[dict[str, str], RequestMethod], None] | None = None,
        session: _compat.Session | None = None,
        token_expires: int | None = None,
        refresh_token: str | None = None,
        *,
        client_id: int | str | None = None,
        client_secret: str | None = None,
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
        retries: RetryPolicy | int | bool = True,
        on_request: Callable[[RequestInfo], Any] | None = None,
        on_response: Callable[[ResponseMeta], Any] | None = None,
    ) -> None:
        self.log = logging.getLogger(f"stravalib.client.{type(self).__name__}")
        _compat.load_models()
        self.protocol = AsyncApiV3(
            access_token=access_token,
            session=session,
            rate_limiter=rate_limiter if rate_limit_requests else None,
            token_expires=token_expires,
            refresh_token=refresh_token,
            client_id=client_id,
            client_secret=client_secret,
            base_url=base_url,
            oauth_url=oauth_url,
            timeout=timeout,
            token_store=token_store,
            athlete_id=athlete_id,
            token_provider=token_provider,
            on_token_refresh=on_token_refresh,
            check_scopes=check_scopes,
            ledger=ledger,
            max_wait=max_wait,
            on_wait=on_wait,
            reserve=reserve,
            priority=priority,
            rate_limit_requests=rate_limit_requests,
            retries=retries,
            on_request=on_request,
            on_response=on_response,
        )

    def __repr__(self) -> str:
        """Show where requests go, and no secret."""
        return f"<{type(self).__name__} {self.protocol.base_url}>"

    @classmethod
    def from_env(cls, **kwargs: Any) -> Self:
        """Return a client for the credentials in the environment.

        Reads ``STRAVA_CLIENT_ID`` and ``STRAVA_CLIENT_SECRET``, and the token from
        ``STRAVA_ACCESS_TOKEN``, ``STRAVA_REFRESH_TOKEN`` and
        ``STRAVA_TOKEN_EXPIRES``. Without a token there it takes the token and the
        credentials that ``stravalib login`` has kept, of ``STRAVA_ATHLETE_ID`` where
        there are several. Tokens of the environment are not kept when Strava renews
        them; pass ``token_store=`` for that.

        Parameters
        ----------
        **kwargs
            Passed to the client; they win over the environment.

        Raises
        ------
        LoginRequired
            At the first call, where there is no token.
        """
        import os

        environment = {
            "access_token": os.environ.get("STRAVA_ACCESS_TOKEN", "").strip() or None,
            "refresh_token": os.environ.get("STRAVA_REFRESH_TOKEN", "").strip() or None,
        }
        numbers = {
            "token_expires": "STRAVA_TOKEN_EXPIRES",
            "athlete_id": "STRAVA_ATHLETE_ID",
        }
        values: dict[str, Any] = dict(environment)
        for name, variable in numbers.items():
            text = os.environ.get(variable, "").strip()
            if text and not text.isdecimal():
                raise ValueError(f"{variable}={text!r} is not a whole number.")
            values[name] = int(text) if text else None
        if not any(environment.values()) and not {
            "token_store",
            "token_provider",
            "access_token",
            "refresh_token",
        } & set(kwargs):
            from stravalib._stores.credentials import load_credentials
            from stravalib.tokens import FileTokenStore

            values["token_store"] = FileTokenStore()
            kept = load_credentials()
            named = kwargs.get("client_id") or os.environ.get("STRAVA_CLIENT_ID")
            named = str(named).strip() if named else None
            if kept is not None and (named or str(kept.client_id)) == str(
                kept.client_id
            ):
                values.update(kept._asdict())
        return cls(**{**values, **kwargs})

    async def __aenter__(self) -> Self:
        """Return the client."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close what the client opened."""
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections; a session that was given stays open."""
        await self.protocol.aclose()

    def options(
        self,
        *,
        timeout: TimeoutTypes | Unset = UNSET,
        max_wait: float | Unset | None = UNSET,
        priority: Priority | Unset = UNSET,
        reserve: float | Unset = UNSET,
        retries: RetryPolicy | int | bool | Unset = UNSET,
    ) -> AbstractContextManager[None]:
        """Set options for the calls in a ``with`` block, in this thread or task.

        The parameters are those of the client; what is left out stays.

        Examples
        --------
        >>> with client.options(timeout=5, max_wait=0):  # doctest: +SKIP
        ...     client.get_athlete()
        """
        given = {
            "timeout": timeout,
            "max_wait": max_wait,
            "priority": priority,
            "reserve": reserve,
            "retries": retries,
        }
        values: dict[str, Any] = {
            name: value for name, value in given.items() if not isinstance(value, Unset)
        }
        if "timeout" in values:
            http.normal_timeout(values["timeout"])
        check_limits(
            **{
                name: value
                for name, value in values.items()
                if name in ("priority", "reserve", "max_wait")
            }
        )
        return options(self.protocol.gate, values)

    @property
    def rate_limits(self) -> RateLimits:
        """Usage, limits and reset times of the application, as far as known.

        Makes no request; what is known comes from the answers so far.

        See https://developers.strava.com/docs/rate-limits/
        """
        return self.protocol.gate.view()

    def estimate(
        self, requests: int, *, kind: Literal["read", "write"] = "read"
    ) -> Estimate:
        """Say when the last of so many requests can be sent; makes no request.

        Parameters
        ----------
        requests
            Size of the job.
        kind
            ``write`` for creating activities and uploads, which the read limit does
            not count.

        See https://developers.strava.com/docs/rate-limits/
        """
        return self.protocol.gate.estimate(requests, kind)

    @property
    def last_response(self) -> ResponseMeta | None:
        """What is known about the last answer that this thread or task got."""
        return self.protocol.sender.last

    @property
    def athlete_id(self) -> int | None:
        """The athlete whose token this is, where the store or the login told."""
        return self.protocol.auth.athlete_id

    @property
    def scopes(self) -> frozenset[str] | None:
        """What the token may do; None where nobody told."""
        return self.protocol.auth.scopes

    @property
    def access_token(self) -> str | None:
        """OAuth access token."""
        return self.protocol.access_token

    @access_token.setter
    def access_token(self, token_value: str | None) -> None:
        self.protocol.access_token = token_value

    @property
    def token_expires(self) -> int | None:
        """Epoch seconds when the access token expires."""
        return self.protocol.token_expires

    @token_expires.setter
    def token_expires(self, expires_value: int | None) -> None:
        from stravalib._core.tokens import epoch

        moment = epoch(expires_value, "token_expires")
        self.protocol.token_expires = cast("int | None", moment)

    @property
    def refresh_token(self) -> str | None:
        """OAuth refresh token."""
        return self.protocol.refresh_token

    @refresh_token.setter
    def refresh_token(self, refresh_value: str | None) -> None:
        self.protocol.refresh_token = refresh_value

    async def get(self, url: str, **kwargs: Any) -> Any:
        """GET any path of the API and return its decoded JSON.

        ``kwargs`` fill the ``{variables}`` of the path, the rest is the query;
        ``timeout=`` is the time for this call.
        """
        return await self.protocol.get(url, **kwargs)

    async def post(self, url: str, **kwargs: Any) -> Any:
        """POST to any path; ``data=`` is the form, ``files=`` the multipart part."""
        return await self.protocol.post(url, **kwargs)

    async def put(self, url: str, **kwargs: Any) -> Any:
        """PUT to any path; ``body=`` is sent as JSON."""
        return await self.protocol.put(url, **kwargs)

    async def delete(self, url: str, **kwargs: Any) -> Any:
        """DELETE any path; ``data=`` is the form."""
        return await self.protocol.delete(url, **kwargs)

    def _utc_datetime_to_epoch(self, activity_datetime: str | datetime) -> int:
        """Turn a time into epoch seconds; without a zone it counts as UTC."""
        return params.to_epoch(activity_datetime)
