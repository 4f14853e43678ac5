"""OAuth: https://developers.strava.com/docs/authentication/."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any, Literal

from stravalib import model
from stravalib._async.endpoints.base import AsyncEndpoints
from stravalib._core.lazy import lazy

if TYPE_CHECKING:
    from stravalib import exc
    from stravalib._async.access import AccessInfo, Scope
else:
    exc = lazy("stravalib.exc")


class AsyncOAuthEndpoints(AsyncEndpoints):
    """Calls that get, renew and give up access."""

    def authorization_url(
        self,
        client_id: int,
        redirect_uri: str,
        approval_prompt: Literal["auto", "force"] = "auto",
        scope: list[Scope] | Scope | None = None,
        state: str | None = None,
    ) -> str:
        """Return the address to send the athlete to; makes no request.

        Parameters
        ----------
        client_id
            The application's id.
        redirect_uri
            Where Strava sends the athlete back to, with ``code`` and ``scope`` in
            the query; within the application's callback domain, or localhost.
        approval_prompt
            ``force`` shows the page even where the athlete granted all before.
        scope
            Scopes to ask for, default ``["read", "activity:read"]``.
        state
            A text that comes back unchanged; use it to recognise the answer.

        Raises
        ------
        AssertionError
            An unknown scope or prompt.

        See https://developers.strava.com/docs/authentication/
        """
        return self.protocol.authorization_url(
            client_id=client_id,
            redirect_uri=redirect_uri,
            approval_prompt=approval_prompt,
            scope=scope,
            state=state,
        )

    async def exchange_code_for_token(
        self,
        client_id: int,
        client_secret: str,
        code: str,
        return_athlete: bool = False,
    ) -> AccessInfo | tuple[AccessInfo, model.SummaryAthlete | None]:
        """Exchange the code of the redirect for tokens, and use them from now on.

        One request; each code works once.

        Parameters
        ----------
        client_id, client_secret
            The application's credentials.
        code
            From the query of the redirect.
        return_athlete
            Also return the athlete, as ``(tokens, athlete)``.

        Raises
        ------
        InvalidGrant
            The code is wrong, expired or used.
        InvalidClientCredentials
            Id and secret do not match.

        See https://developers.strava.com/docs/authentication/#tokenexchange
        """
        access_info, athlete = await self.protocol.exchange_code_for_token(
            client_id=client_id,
            client_secret=client_secret,
            code=code,
            return_athlete=return_athlete,
        )
        if not return_athlete:
            return access_info
        if athlete is None:
            return access_info, None
        return access_info, self._build(model.SummaryAthlete, athlete)

    async def refresh_access_token(
        self, client_id: int, client_secret: str, refresh_token: str
    ) -> AccessInfo:
        """Get the next access token, and use it from now on.

        One request. The refresh token may change with each call: keep the returned
        one, the old one may be dead.

        Raises
        ------
        InvalidGrant
            The refresh token is dead; the athlete has to log in again.

        See https://developers.strava.com/docs/authentication/#refreshingexpiredaccesstokens
        """
        return await self.protocol.refresh_access_token(
            client_id=client_id,
            client_secret=client_secret,
            refresh_token=refresh_token,
        )

    async def deauthorize(self) -> None:
        """Give up the access that the current token grants.

        One request. The token is deleted from the client's store. Strava retires this
        endpoint on 2027-06-01: prefer `revoke`.

        See https://developers.strava.com/docs/authentication/#deauthorization
        """
        protocol = self.protocol
        await protocol.post("/oauth/deauthorize")
        await protocol.auth.forget((protocol.access_token, protocol.refresh_token))

    async def revoke(
        self,
        token: str | None = None,
        *,
        client_id: int | None = None,
        client_secret: str | None = None,
        token_type_hint: Literal["access_token", "refresh_token"] | None = None,
    ) -> None:
        """Revoke an access or refresh token, and with it the other of the pair.

        One request; also succeeds for a token that is unknown or revoked already. A
        token of the client is forgotten, and deleted from its store.

        Parameters
        ----------
        token
            Default: the client's refresh token, else its access token.
        client_id, client_secret
            Default: the client's.
        token_type_hint
            Which of the two the token is.

        Raises
        ------
        LoginRequired
            There is no token, or there are no credentials.
        InvalidClientCredentials
            Id and secret do not match.

        See https://developers.strava.com/docs/authentication/
        """
        auth = self.protocol.auth
        own: tuple[str | None, ...] = (
            self.protocol.refresh_token,
            self.protocol.access_token,
        )
        if not token:
            own = await auth.newest()
            token = own[0] or own[1]
        client_id = client_id or self.protocol.client_id
        client_secret = client_secret or self.protocol.client_secret
        if not token:
            raise exc.LoginRequired("There is no token to revoke; give token=.")
        if not client_id or not client_secret:
            raise exc.LoginRequired(
                "revoke needs the application's credentials: give client_id= and "
                "client_secret=, or set STRAVA_CLIENT_ID and STRAVA_CLIENT_SECRET."
            )
        data: dict[str, Any] = {"token": token}
        if token_type_hint is not None:
            data["token_type_hint"] = token_type_hint
        basic = b64encode(f"{client_id}:{client_secret}".encode()).decode()
        await self.protocol.revoke(data, f"Basic {basic}")
        await auth.forget((token,))
        if token in own:
            self.protocol.forget_tokens()
