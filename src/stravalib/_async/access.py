"""The token endpoint: exchange, renew and revoke tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypedDict
from urllib.parse import urlencode

from stravalib._async.faults import AsyncFaults
from stravalib._core import http
from stravalib._core.lazy import lazy

if TYPE_CHECKING:
    import logging

    from stravalib._async.auth import AsyncAuth
    from stravalib._core import params
else:
    params = lazy("stravalib._core.params")

Scope = Literal[
    "read",
    "read_all",
    "profile:read_all",
    "profile:write",
    "activity:read",
    "activity:read_all",
    "activity:write",
]


class AccessInfo(TypedDict):
    """Tokens as the token endpoint gives them."""

    access_token: str
    """Short-lived token (6 hours) that calls are made with."""

    refresh_token: str
    """Long-lived token to get the next access token with; may change each time."""

    expires_at: int
    """Epoch seconds when the access token expires."""


class AsyncAccess(AsyncFaults):
    """What `AsyncApiV3` does about tokens."""

    log: logging.Logger
    access_token: str | None
    refresh_token: str | None
    token_expires: int | None
    timeout: http.Timeout
    transport: Any
    auth: AsyncAuth

    if TYPE_CHECKING:

        @property
        def oauth_url(self) -> str: ...

        async def _request(
            self,
            url: str,
            params: dict[str, Any] | None = None,
            files: dict[str, Any] | None = None,
            body: dict[str, Any] | None = None,
            data: dict[str, Any] | None = None,
            method: Literal["GET", "POST", "PUT", "DELETE"] = "GET",
            check_for_errors: bool = True,
        ) -> Any: ...

    def authorization_url(
        self,
        client_id: int,
        redirect_uri: str,
        approval_prompt: Literal["auto", "force"] = "auto",
        scope: list[Scope] | Scope | None = None,
        state: str | None = None,
    ) -> str:
        """Return the address to send the athlete to; makes no request.

        See https://developers.strava.com/docs/authentication/
        """
        if approval_prompt not in ("auto", "force"):
            raise AssertionError(
                f"approval_prompt={approval_prompt!r} is unknown; use 'auto' or "
                "'force'."
            )
        query = {
            "client_id": client_id,
            "redirect_uri": redirect_uri,
            "approval_prompt": approval_prompt,
            "scope": params.scopes(scope),
            "response_type": "code",
        }
        if state is not None:
            query["state"] = state
        return f"{self.oauth_url}/authorize?{urlencode(query)}"

    async def exchange_code_for_token(
        self,
        client_id: int,
        client_secret: str,
        code: str,
        return_athlete: bool = False,
        *,
        granted: str | None = None,
    ) -> tuple[AccessInfo, dict[str, Any] | None]:
        """Exchange the code of the redirect for tokens, and use them from now on.

        ``granted`` are the scopes that the redirect told.
        """
        response = await self._request(
            f"{self.oauth_url}/token",
            data=http.SecretForm(
                client_id=client_id,
                client_secret=client_secret,
                code=code,
                grant_type="authorization_code",
            ),
            method="POST",
        )
        access_info = await self._take_tokens(response, client_id, granted=granted)
        athlete = response.get("athlete") if return_athlete else None
        return access_info, athlete

    async def refresh_access_token(
        self, client_id: int, client_secret: str, refresh_token: str
    ) -> AccessInfo:
        """Get the next access token, and use it from now on.

        The refresh token may change: keep the returned one.
        """
        response = await self._request(
            f"{self.oauth_url}/token",
            data=http.SecretForm(
                client_id=client_id,
                client_secret=client_secret,
                refresh_token=refresh_token,
                grant_type="refresh_token",
            ),
            method="POST",
        )
        return await self._take_tokens(response, client_id, refresh_token)

    async def _take_tokens(
        self,
        response: dict[str, Any],
        client_id: int,
        refresh_token: str | None = None,
        granted: str | None = None,
    ) -> AccessInfo:
        """Save the tokens, then use them from now on."""
        token = await self.auth.keep(
            response, client_id, refreshed=refresh_token, granted=granted
        )
        return AccessInfo(
            access_token=token.access_token,
            refresh_token=token.refresh_token or "",
            expires_at=self.token_expires or 0,
        )

    async def whose(self, access_token: str) -> int:
        """Ask whose an access token is; one request, counted like any.

        Raises
        ------
        ValueError
            The answer has no id.
        """
        path = "/athlete"
        url = self.resolve_url(path)
        self.log.info("GET %r to learn whose the token is", url)
        request = http.HttpRequest(
            "GET",
            url,
            params={},
            headers=http.bearer(url, access_token),
            timeout=self.timeout,
        )
        request, response = await self.sender.send(
            self.transport, request, path, counted=True
        )
        if response.status >= 400:
            self._raise_fault(request, response)
        answer = http.decode(response.content)
        athlete_id = answer.get("id") if isinstance(answer, dict) else None
        if isinstance(athlete_id, bool) or not isinstance(athlete_id, int):
            raise ValueError("the answer has no athlete id")
        return athlete_id

    def forget_tokens(self) -> None:
        """Hold no token any more."""
        self.access_token = None
        self.refresh_token = None
        self.token_expires = None

    async def revoke(self, data: dict[str, Any], authorization: str) -> None:
        """Call ``oauth/revoke`` with the application's Basic credentials."""
        url = f"{self.oauth_url}/revoke"
        http.check_destination(url)
        self.log.info("POST %r with params %s", url, http.parameter_names(data))
        request = http.HttpRequest(
            "POST",
            url,
            params={},
            data=data,
            headers={"Authorization": authorization},
            timeout=self.timeout,
        )
        request, response = await self.sender.send(
            self.transport, request, "/oauth/revoke", counted=False
        )
        if 300 <= response.status < 400:
            raise self._unfollowed(request, response)
        if response.status >= 400:
            self._raise_fault(request, response)

    async def refresh_expired_token(self) -> None:
        """Renew the access token if it ends soon and the credentials are there."""
        await self.auth.freshen()
