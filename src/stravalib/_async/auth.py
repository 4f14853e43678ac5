"""Keeps the access token fresh: one refresh at a time, saved before it is used."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from stravalib._async import _compat
from stravalib._core import scopes
from stravalib._core.lazy import lazy

if TYPE_CHECKING:
    from collections.abc import Callable

    from stravalib import exc
    from stravalib._async.protocol import AsyncApiV3
    from stravalib._core import tokens
    from stravalib._core.tokens import Token, TokenKey
    from stravalib._stores.base import TokenStore
else:
    exc = lazy("stravalib.exc")
    tokens = lazy("stravalib._core.tokens")

log = logging.getLogger("stravalib.tokens")

LEEWAY = 300.0
LOCK_PAUSE = 0.02
LONGEST_LOCK_PAUSE = 0.25


class AsyncAuth:
    """Holds what `AsyncApiV3` needs to authenticate a request.

    The token itself stays in the protocol's old attributes (``access_token``,
    ``refresh_token``, ``token_expires``), because users read and set them.
    """

    def __init__(
        self,
        protocol: AsyncApiV3,
        *,
        store: TokenStore | None = None,
        athlete_id: int | None = None,
        provider: Callable[[], Any] | None = None,
        on_refresh: Callable[[Token], Any] | None = None,
        check_scopes: bool = True,
        leeway: float = LEEWAY,
    ) -> None:
        self._protocol = protocol
        self.store = store
        self.athlete_id = athlete_id
        self._provider = provider
        self._on_refresh = on_refresh
        self._check_scopes = check_scopes
        self._leeway = leeway
        self._lock = _compat.new_lock()
        self._known: Token | None = None
        self._ready = store is None and provider is None
        self._told = False
        self.clock: Callable[[], float] = _compat.now
        self.sleep: Callable[[float], Any] = _compat.sleep

    # -- what is held --------------------------------------------------------

    def held(self) -> Token:
        """Return the protocol's token as a value; its access token may be empty."""
        protocol, known = self._protocol, self._known
        values = (
            protocol.access_token or "",
            protocol.refresh_token,
            protocol.token_expires,
        )
        if known is not None and values == (
            known.access_token,
            known.refresh_token,
            known.expires_at,
        ):
            return known
        same = known is not None and known.access_token == values[0]
        return tokens.Token(
            *values,
            scopes=known.scopes if known is not None and same else None,
            athlete_id=self.athlete_id,
            client_id=protocol.client_id,
        )

    @property
    def scopes(self) -> frozenset[str] | None:
        """What the present access token may do; None where nobody told."""
        known = self._known
        if known is None or known.access_token != self._protocol.access_token:
            return None
        return known.scopes

    def adopt(self, token: Token) -> None:
        """Use a token from now on."""
        protocol = self._protocol
        self._known = token
        if token.athlete_id is not None:
            self.athlete_id = token.athlete_id
        protocol.access_token = token.access_token
        protocol.refresh_token = token.refresh_token
        expires = token.expires_at
        whole = expires is not None and expires == int(expires)
        protocol.token_expires = (
            int(cast("float", expires)) if whole else cast("int | None", expires)
        )

    def _key(self, token: Token) -> TokenKey | None:
        client_id, athlete_id = self._protocol.client_id, token.athlete_id
        if client_id is None or athlete_id is None:
            return None
        return tokens.TokenKey(client_id, athlete_id)

    # -- before a request ----------------------------------------------------

    def has_to_prepare(self) -> bool:
        """Tell whether `prepare` might have to do something."""
        protocol = self._protocol
        expires = protocol.token_expires
        return (
            not self._ready
            or not protocol.access_token
            or (self._check_scopes and self._known is not None)
            or bool(expires and expires - self.clock() <= self._leeway)
        )

    async def prepare(self, method: str, path: str) -> None:
        """Have a fresh token, and refuse what it surely may not do.

        Raises
        ------
        LoginRequired
            There is no way to a valid token but a new login.
        ScopeMissing
            The token lacks the scope that this call needs.
        """
        protocol = self._protocol
        expires = protocol.token_expires
        if (
            not self._ready
            or (not protocol.access_token and protocol.refresh_token)
            or (expires and expires - self.clock() <= self._leeway)
        ):
            await protocol.refresh_expired_token()
        if self._check_scopes:
            granted = self.scopes
            missing = scopes.missing_scope(method, path, granted)
            if missing is not None and granted is not None:
                raise scopes.scope_error(method, path, missing, granted)

    async def freshen(self) -> None:
        """Load the token at the first use; refresh it when it ends soon."""
        if not self._ready:
            async with self._lock:
                if not self._ready:
                    await self._load()
                    self._ready = True
        held = self.held()
        now = self.clock()
        if held.access_token and (
            not held.expires_at or held.expires_at - now > self._leeway
        ):
            return
        if not self._can_refresh(held):
            self._tell_missing(held, now)
            return
        try:
            await _compat.shield(self._renew, held, False)
        except (exc.ConnectionFailed, exc.ReadTimedOut, exc.ServerFault) as error:
            if not held.access_token or not held.expires_at or held.expires_at <= now:
                raise
            log.warning(
                "The token could not be renewed (%s); it is good for %.0f s more",
                type(error).__name__,
                held.expires_at - now,
            )

    def _can_refresh(self, held: Token) -> bool:
        protocol = self._protocol
        return self._provider is not None or bool(
            protocol.client_id and protocol.client_secret and held.refresh_token
        )

    def _tell_missing(self, held: Token, now: float) -> None:
        """Log once that the credentials are missing, when the token has ended."""
        if self._told or not held.expires_at or held.expires_at >= now:
            return
        self._told = True
        if not os.environ.get("SILENCE_TOKEN_WARNINGS"):
            self._protocol.log.warning(
                "The access token has expired and cannot be renewed: client_id, "
                "client_secret or refresh_token is missing (environment "
                "variables STRAVA_CLIENT_ID and STRAVA_CLIENT_SECRET; set "
                "SILENCE_TOKEN_WARNINGS to silence this)."
            )

    async def _load(self) -> None:
        if self._provider is not None:
            self.adopt(await self._ask_provider())
            return
        store = cast("TokenStore", self.store)
        client_id = self._protocol.client_id
        if client_id is None:
            raise exc.LoginRequired(
                "A token store needs to know the application: pass client_id=, or "
                "set STRAVA_CLIENT_ID."
            )
        if self.athlete_id is None:
            keys = await _compat.run_blocking(store.list, client_id)
            if len(keys) > 1:
                raise exc.AuthError(
                    f"The store keeps tokens of {len(keys)} athletes "
                    f"({', '.join(str(key.athlete_id) for key in keys[:10])}); pass "
                    "athlete_id= to choose one."
                )
            if keys:
                self.athlete_id = keys[0].athlete_id
        stored = None
        if self.athlete_id is not None:
            key = tokens.TokenKey(client_id, self.athlete_id)
            stored = await self._stored(store, key)
        if stored is not None:
            self.adopt(stored)
        elif not (self._protocol.access_token or self._protocol.refresh_token):
            raise tokens.login_required(
                "the store holds no token for it", self.athlete_id
            )

    async def _stored(self, store: TokenStore, key: TokenKey) -> Token | None:
        """Load a token; its key says whose it is, the token itself may not."""
        stored = await _compat.run_blocking(store.load, key)
        if stored is None:
            return None
        return stored.replace(athlete_id=key.athlete_id, client_id=key.client_id)

    async def _ask_provider(self) -> Token:
        provider = cast("Callable[[], Any]", self._provider)
        answer = await _compat.settle(provider())
        if isinstance(answer, tokens.Token):
            return answer
        if isinstance(answer, str):
            return tokens.Token(answer)
        if isinstance(answer, Mapping):
            return tokens.Token.from_json(answer)
        raise TypeError(
            f"token_provider returned {type(answer).__name__}; it must return a Token, "
            "a mapping with access_token, or the access token as a string."
        )

    # -- refreshing ----------------------------------------------------------

    async def _renew(self, held: Token, rejected: bool) -> Token:
        """Refresh once, whoever else tries at the same time."""
        async with self._lock:
            decision = tokens.under_lock(
                held, self.held(), self.clock(), rejected=rejected, leeway=self._leeway
            )
            if isinstance(decision, tokens.Use):
                return decision.token
            if self._provider is not None:
                fresh = await self._ask_provider()
                self.adopt(fresh)
                return fresh
            key = self._key(held)
            if self.store is None or key is None:
                return await self._refresh(held, rejected)
            lock = await self._enter(self.store, key)
            try:
                stored = await self._stored(self.store, key)
                decision = tokens.under_lock(
                    held,
                    stored,
                    self.clock(),
                    rejected=rejected,
                    leeway=self._leeway,
                )
                if isinstance(decision, tokens.Use):
                    self.adopt(decision.token)
                    return decision.token
                if isinstance(decision, tokens.Fail):
                    raise tokens.login_required(decision.reason, key.athlete_id)
                return await self._refresh(decision.token, rejected)
            finally:
                await _compat.run_blocking(lock.__exit__, None, None, None)

    async def _enter(self, store: TokenStore, key: TokenKey) -> Any:
        """Take the store's lock without blocking a thread while it is taken."""
        pause = LOCK_PAUSE
        while True:
            lock = store.lock(key, timeout=0)
            try:
                await _compat.run_blocking(lock.__enter__)
            except TimeoutError:
                await _compat.sleep(pause)
                pause = min(pause * 2, LONGEST_LOCK_PAUSE)
            else:
                return lock

    async def _refresh(self, old: Token, rejected: bool) -> Token:
        protocol = self._protocol
        if old.refresh_token is None or not protocol.client_id:
            raise tokens.login_required("there is no refresh token", old.athlete_id)
        # What the store holds is newer than what we held, or the same.
        self.adopt(old)
        await protocol.refresh_access_token(
            protocol.client_id, protocol.client_secret or "", old.refresh_token
        )
        fresh = self.held()
        decision = tokens.after_refresh(old, fresh, rejected=rejected)
        if isinstance(decision, tokens.Fail):
            raise tokens.login_required(decision.reason, old.athlete_id)
        return fresh

    async def keep(
        self,
        response: Mapping[str, Any],
        client_id: int,
        *,
        refreshed: str | None = None,
        granted: str | None = None,
    ) -> Token:
        """Save the answer of the token endpoint, then use it.

        ``refreshed`` is the refresh token that was sent; None after a login.
        ``granted`` is what the redirect of the login said.
        """
        previous = None
        if refreshed is not None:
            held = self.held()
            # Somebody may refresh another athlete's token by hand.
            own = held.refresh_token == refreshed
            previous = held if own else tokens.Token("", refreshed)
        if self._protocol.client_id is None:
            self._protocol.client_id = client_id
        token: Token = tokens.Token.from_response(
            response,
            now=self.clock(),
            previous=previous,
            client_id=client_id,
            scopes=granted,
        )
        key = self._key(token)
        try:
            if self.store is not None and key is not None:
                await _compat.run_blocking(self.store.save, key, token)
        finally:
            # If it cannot be saved, at least this process goes on with it.
            self.adopt(token)
        self._ready = True
        if self._on_refresh is not None and previous is not None:
            await _compat.settle(self._on_refresh(token))
        return token

    # -- after a 401 -----------------------------------------------------------

    async def after_refusal(self, used: str | None) -> bool:
        """Get another token than the refused one; False where there is none."""
        held = self.held()
        decision = tokens.after_refusal(
            held.replace(access_token=used or ""),
            held,
            refreshed=False,
            can_refresh=self._can_refresh(held),
        )
        if isinstance(decision, tokens.Use):
            return True
        if isinstance(decision, tokens.Fail) and self._provider is None:
            return False
        try:
            fresh = await _compat.shield(self._renew, held, True)
        except exc.InvalidGrant:
            raise
        except exc.LoginRequired:
            # Strava handed out the same token again: its own 401 says more.
            return False
        return bool(fresh.access_token != used)
