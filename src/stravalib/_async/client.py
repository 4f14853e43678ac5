"""The client: all endpoints on one protocol object."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from datetime import datetime
    from types import TracebackType
    from typing import Self

    from stravalib._async.protocol import TimeoutTypes
    from stravalib.util import limiter


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
    """

    def __init__(
        self,
        access_token: str | None = None,
        rate_limit_requests: bool = True,
        rate_limiter: limiter.RateLimiter | None = None,
        session: _compat.Session | None = None,
        token_expires: int | None = None,
        refresh_token: str | None = None,
        *,
        client_id: int | None = None,
        client_secret: str | None = None,
        base_url: str | None = None,
        oauth_url: str | None = None,
        timeout: TimeoutTypes = http.DEFAULT_TIMEOUT,
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
        )

    def __repr__(self) -> str:
        """Show where requests go, and no secret."""
        return f"<{type(self).__name__} {self.protocol.base_url}>"

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
        self.protocol.token_expires = expires_value

    @property
    def refresh_token(self) -> str | None:
        """OAuth refresh token."""
        return self.protocol.refresh_token

    @refresh_token.setter
    def refresh_token(self, refresh_value: str | None) -> None:
        self.protocol.refresh_token = refresh_value

    async def get(self, url: str, **kwargs: Any) -> Any:
        """GET any path of the API and return its decoded JSON.

        ``kwargs`` fill the ``{variables}`` of the path, the rest is the query.
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
