"""One application, many athletes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NamedTuple

from stravalib._core.tokens import TokenKey
from stravalib._facts.limits import ACCESS_TOKEN_LIFETIME
from stravalib._oauth.flow import DEFAULT_SCOPES, OAuthFlow, scope_text
from stravalib._oauth.login import check_writable, credentials
from stravalib.exc import LoginRequired

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from stravalib._async.client import AsyncClient
    from stravalib._oauth.flow import LoginStart
    from stravalib._stores.base import Ledger, TokenStore
    from stravalib._sync.client import Client

DAY = 86400.0


class ConnectedAthlete(NamedTuple):
    """An athlete whose token the store keeps.

    ``last_refresh`` is when the token was last renewed, in epoch seconds: a token is
    renewed when it is used, so this tells the last use to six hours.
    """

    athlete_id: int
    scopes: frozenset[str] | None
    last_refresh: float | None


class App:
    """Hands out clients for the athletes of an application.

    All of them share one token store, and one ledger for the application's quota.

    Parameters
    ----------
    client_id, client_secret
        The application's credentials; by default from ``STRAVA_CLIENT_ID`` and
        ``STRAVA_CLIENT_SECRET``, else those that ``stravalib login`` has kept.
    store
        Where the athletes' tokens are kept; by default a file of this user.
    ledger
        Where requests are counted; by default in this process. Give one of
        `stravalib.limits` where several processes or machines work.
    redirect_uri, scopes
        For logins: where Strava sends athletes back to, and what to ask for.
    **client_options
        Passed to every client.

    Examples
    --------
    >>> app = App(1234, "secret", store=MemoryTokenStore())  # doctest: +SKIP
    >>> for athlete in app.athletes():  # doctest: +SKIP
    ...     with app.client(athlete.athlete_id) as client:
    ...         client.get_athlete_stats()
    """

    def __init__(
        self,
        client_id: int | str | None = None,
        client_secret: str | None = None,
        *,
        store: TokenStore | None = None,
        ledger: Ledger | None = None,
        redirect_uri: str | None = None,
        scopes: Iterable[str] | str = DEFAULT_SCOPES,
        **client_options: Any,
    ) -> None:
        self.client_id, self._client_secret = credentials(client_id, client_secret)
        if store is None:
            from stravalib._stores.file import FileTokenStore

            store = FileTokenStore()
        if ledger is None:
            from stravalib._stores.memory import MemoryLedger

            ledger = MemoryLedger()
        self.store = store
        self.ledger = ledger
        self.redirect_uri = redirect_uri
        self.scopes = scopes
        self._options = client_options

    def __repr__(self) -> str:
        return f"<{type(self).__name__} client_id={self.client_id}>"

    def _arguments(
        self, athlete_id: int | None, options: dict[str, Any]
    ) -> dict[str, Any]:
        return {
            "client_id": self.client_id,
            "client_secret": self._client_secret,
            "token_store": self.store,
            "ledger": self.ledger,
            "athlete_id": athlete_id,
            **self._options,
            **options,
        }

    # -- clients -------------------------------------------------------------

    def client(self, athlete_id: int, **options: Any) -> Client:
        """Return a client for an athlete; ``options`` go to it."""
        from stravalib._sync.client import Client

        return Client(**self._arguments(athlete_id, options))

    def async_client(self, athlete_id: int, **options: Any) -> AsyncClient:
        """Return an async client for an athlete; ``options`` go to it."""
        from stravalib._async.client import AsyncClient

        return AsyncClient(**self._arguments(athlete_id, options))

    # -- who is connected ------------------------------------------------------

    def athletes(self) -> list[ConnectedAthlete]:
        """List the athletes whose tokens are kept, by id."""
        found = []
        for key in self.store.list(self.client_id):
            token = self.store.load(key)
            if token is not None:
                last = token.expires_at
                found.append(
                    ConnectedAthlete(
                        key.athlete_id,
                        token.scopes,
                        None if last is None else last - ACCESS_TOKEN_LIFETIME,
                    )
                )
        return found

    def idle(self, days: float = 30.0) -> list[ConnectedAthlete]:
        """List the athletes for whom nothing was asked for so many days."""
        before = time.time() - days * DAY
        return [
            athlete
            for athlete in self.athletes()
            if athlete.last_refresh is not None and athlete.last_refresh < before
        ]

    def disconnect(self, athlete_id: int) -> None:
        """Revoke an athlete's tokens and forget them; one request."""
        key = TokenKey(self.client_id, athlete_id)
        token = self.store.load(key)
        if token is None:
            return
        with self.client(athlete_id) as client:
            client.revoke(token.refresh_token or token.access_token)
        self.store.delete(key)

    # -- logins ----------------------------------------------------------------

    def flow(self, redirect_uri: str | None = None) -> OAuthFlow:
        """Return the login of this application, for web frameworks.

        Raises
        ------
        LoginRequired
            No ``redirect_uri`` was given, here or to the application.
        """
        target = redirect_uri or self.redirect_uri
        if target is None:
            raise LoginRequired(
                "A login needs to know where to come back to: pass redirect_uri=."
            )
        oauth_url = self._plain_client().protocol.oauth_url
        return OAuthFlow(self.client_id, target, self.scopes, oauth_url=oauth_url)

    def start_login(self, redirect_uri: str | None = None) -> LoginStart:
        """Return the address to send an athlete to, and the state to remember."""
        return self.flow(redirect_uri).start()

    def finish_login(
        self,
        query: str | Mapping[str, str | Sequence[str]],
        state: str,
        redirect_uri: str | None = None,
    ) -> Client:
        """Exchange the code, keep the tokens, and return the athlete's client.

        One request.

        Raises
        ------
        LoginFailed
            The athlete said no, or the answer belongs to another login.
        """
        finish = self.flow(redirect_uri).finish(query, state)
        check_writable(self.store, self.client_id)
        client = self._plain_client()
        try:
            client.protocol.exchange_code_for_token(
                self.client_id,
                self._client_secret,
                finish.code,
                granted=scope_text(finish),
            )
        except BaseException:
            client.close()
            raise
        return client

    async def finish_login_async(
        self,
        query: str | Mapping[str, str | Sequence[str]],
        state: str,
        redirect_uri: str | None = None,
    ) -> AsyncClient:
        """Do what `finish_login` does, without blocking the loop."""
        import asyncio

        from stravalib._async.client import AsyncClient

        finish = self.flow(redirect_uri).finish(query, state)
        await asyncio.to_thread(check_writable, self.store, self.client_id)
        client = AsyncClient(**self._arguments(None, {}))
        try:
            await client.protocol.exchange_code_for_token(
                self.client_id,
                self._client_secret,
                finish.code,
                granted=scope_text(finish),
            )
        except BaseException:
            await client.aclose()
            raise
        return client

    def _plain_client(self) -> Client:
        from stravalib._sync.client import Client

        return Client(**self._arguments(None, {}))
