"""Renews the access token: one refresh at a time, saved before it is used."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from stravalib._async import _compat
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

LOCK_PAUSE = 0.02
LONGEST_LOCK_PAUSE = 0.25
# Seconds to wait for somebody else's refresh: when to say so, and when to give up.
LOCK_NOTICE = 10.0
LONGEST_LOCK_WAIT = 180.0
# Who knows no athlete looks through the tokens of so many for their own.
MOST_SEARCHED = 50
# Stands for an athlete who is not known yet, in locks only.
NOBODY = 0


class AsyncRenewal:
    """What `AsyncAuth` does to get the next token."""

    store: TokenStore | None
    clock: Callable[[], float]
    sleep: Callable[[float], Any]
    _protocol: AsyncApiV3
    _provider: Callable[[], Any] | None
    _on_refresh: Callable[[Token], Any] | None
    _leeway: float
    _lock: Any
    _named: int | None
    _ready: bool
    _rotation_told: bool
    # An access token that looked old when Strava gave it: our clock is wrong.
    _fresh: str | None

    if TYPE_CHECKING:

        def held(self) -> Token: ...

        def adopt(self, token: Token) -> None: ...

    def now(self) -> float:
        """Return the time by the server's clock, as far as that is known."""
        return self.clock() + self._protocol.gate.skew

    def _stale(self, token: Token) -> bool:
        """Tell whether a token is missing or ends soon, if our clock is right."""
        if token.access_token and token.access_token == self._fresh:
            return False
        return bool(tokens.is_stale(token, self.now(), self._leeway))

    def _note_age(self, token: Token) -> None:
        """Remember a token that looks old although it is all that there is.

        It is asked for once: again only after a 401.
        """
        old = tokens.is_stale(token, self.now(), self._leeway)
        self._fresh = token.access_token if old else None

    def _key(self, token: Token) -> TokenKey | None:
        client_id, athlete_id = self._protocol.client_id, token.athlete_id
        if client_id is None or athlete_id is None:
            return None
        return tokens.TokenKey(client_id, athlete_id)

    # -- one at a time ---------------------------------------------------------

    async def _renew(self, held: Token, rejected: bool) -> Token:
        """Refresh once, whoever else tries at the same time."""
        async with self._lock:
            latest = self.held()
            decision = tokens.under_lock(
                held, latest, self.now(), rejected=rejected, leeway=self._leeway
            )
            if isinstance(decision, tokens.Use) or (
                latest.access_token != held.access_token and not self._stale(latest)
            ):
                return latest
            if self._provider is not None:
                fresh = await self._ask_provider()
                self.adopt(fresh)
                self._note_age(fresh)
                return fresh
            client_id = self._protocol.client_id
            if self.store is None or client_id is None:
                with _compat.steady():
                    return await self._refresh(held, rejected)
            key = self._key(held) or tokens.TokenKey(client_id, NOBODY)
            lock = await self._enter(self.store, key)
            with _compat.steady():
                try:
                    return await self._renew_stored(self.store, key, held, rejected)
                finally:
                    await _compat.run_blocking(lock.__exit__, None, None, None)

    async def _renew_stored(
        self, store: TokenStore, key: TokenKey, held: Token, rejected: bool
    ) -> Token:
        """Look into the store again, and refresh what is there if need be."""
        if key.athlete_id == NOBODY:
            stored = await self._find(store, key.client_id, held)
        else:
            stored = await self._stored(store, key)
        decision = tokens.under_lock(
            held, stored, self.now(), rejected=rejected, leeway=self._leeway
        )
        if isinstance(decision, tokens.Use):
            self.adopt(decision.token)
            return decision.token
        if isinstance(decision, tokens.Fail):
            raise tokens.login_required(decision.reason, held.athlete_id)
        return await self._refresh(decision.token, rejected)

    async def _enter(self, store: TokenStore, key: TokenKey) -> Any:
        """Take the store's lock without blocking a thread while it is taken."""
        pause, waited, told = LOCK_PAUSE, 0.0, False
        while True:
            lock = store.lock(key, timeout=0)
            try:
                with _compat.steady():
                    await _compat.run_blocking(lock.__enter__)
            except TimeoutError as error:
                if waited >= LONGEST_LOCK_WAIT:
                    raise exc.StoreFailed(
                        f"Somebody has held the lock of {key.client_id}:"
                        f"{key.athlete_id} in {store!r} for {waited:.0f} s. Look for a "
                        "process that hangs, and end it."
                    ) from error
                if waited >= LOCK_NOTICE and not told:
                    told = True
                    log.warning(
                        "Waiting since %.0f s for another thread or process that "
                        "renews the token of athlete %s",
                        waited,
                        key.athlete_id or "(not known)",
                    )
                await self.sleep(pause)
                waited += pause
                pause = min(pause * 2, LONGEST_LOCK_PAUSE)
            else:
                return lock

    # -- what the store holds --------------------------------------------------

    async def _stored(self, store: TokenStore, key: TokenKey) -> Token | None:
        """Load a token; its key says whose it is, the token itself may not."""
        stored = await _compat.run_blocking(store.load, key)
        if stored is None:
            return None
        return stored.replace(athlete_id=key.athlete_id, client_id=key.client_id)

    async def _find(
        self, store: TokenStore, client_id: int, given: Token
    ) -> Token | None:
        """Return what became of a token that the program was given, if it is kept."""
        if given.refresh_token is None:
            return None
        keys = await _compat.run_blocking(store.list, client_id)
        for key in keys[:MOST_SEARCHED]:
            stored = await self._stored(store, key)
            if stored is not None and tokens.is_same_login(given, stored):
                return stored
        return None

    async def _ask_provider(self) -> Token:
        provider = cast("Callable[[], Any]", self._provider)
        answer = await _compat.settle(provider())
        if isinstance(answer, str):
            answer = tokens.Token(answer)
        elif isinstance(answer, Mapping):
            answer = tokens.Token.from_json(answer)
        elif not isinstance(answer, tokens.Token):
            raise TypeError(
                f"token_provider returned {type(answer).__name__}; it must return a "
                "Token, a mapping with access_token, or the access token as a string."
            )
        if not answer.access_token:
            raise ValueError("token_provider returned an empty access token.")
        return answer

    # -- the refresh -----------------------------------------------------------

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
        self._tell_rotation(old, fresh)
        decision = tokens.after_refresh(old, fresh, rejected=rejected)
        if isinstance(decision, tokens.Fail):
            raise tokens.login_required(decision.reason, old.athlete_id)
        return fresh

    def _tell_rotation(self, old: Token, fresh: Token) -> None:
        """Say once that a new refresh token will be lost with this process."""
        if (
            self._rotation_told
            or self.store is not None
            or self._on_refresh is not None
            or fresh.refresh_token == old.refresh_token
            or os.environ.get("SILENCE_TOKEN_WARNINGS")
        ):
            return
        self._rotation_told = True
        log.warning(
            "Strava gave another refresh token, and nothing keeps it: the old one may "
            "not work again. Pass token_store= or on_token_refresh=, or run "
            "`stravalib login` (set SILENCE_TOKEN_WARNINGS to silence this)."
        )

    async def keep(
        self,
        response: Mapping[str, Any],
        client_id: int | str,
        *,
        refreshed: str | None = None,
        granted: str | None = None,
    ) -> Token:
        """Save the answer of the token endpoint, then use it.

        ``refreshed`` is the refresh token that was sent; None after a login.
        ``granted`` is what the redirect of the login said.

        Raises
        ------
        InvalidResponse
            There is no token in the answer.
        LoginFailed
            Nobody told who has logged in, so that nothing could be saved.
        """
        if isinstance(client_id, str) and client_id.strip().isdecimal():
            client_id = int(client_id)
        previous = None
        if refreshed is not None:
            held = self.held()
            # Somebody may refresh another athlete's token by hand.
            own = held.refresh_token == refreshed
            previous = held if own else tokens.Token("", refreshed)
        if self._protocol.client_id is None:
            self._protocol.client_id = cast("int", client_id)
        token: Token = tokens.Token.from_response(
            response,
            now=self.now(),
            previous=previous,
            client_id=cast("int", client_id),
            scopes=granted,
        )
        failure: Exception | None = None
        try:
            if self.store is not None:
                token, failure = await self._identified(token)
                key = self._key(token)
                if key is not None:
                    await _compat.run_blocking(self.store.save, key, token)
        finally:
            # If it cannot be saved, at least this process goes on with it.
            self.adopt(token)
            self._note_age(token)
        self._ready = True
        if self._on_refresh is not None and previous is not None:
            await _compat.settle(self._on_refresh(token))
        if failure is not None:
            self._tell_nameless(failure, login=previous is None)
        return token

    async def _identified(self, token: Token) -> tuple[Token, Exception | None]:
        """Ask whose token it is where nobody told; one request."""
        if token.athlete_id is not None:
            return token, None
        try:
            athlete_id = await self._protocol.whose(token.access_token)
        except (exc.StravalibError, ValueError) as error:
            if self._named is not None:
                return token.replace(athlete_id=self._named), None
            return token, error
        return token.replace(athlete_id=athlete_id), None

    def _tell_nameless(self, error: Exception, *, login: bool) -> None:
        """Tell that a token is not saved, because it is not known whose it is."""
        reason = type(error).__name__
        if login:
            raise exc.LoginFailed(
                f"Strava did not tell who has logged in (GET /athlete: {reason}), so "
                "the tokens were not saved; this client holds them. Log in again, or "
                "pass athlete_id=."
            ) from error
        log.warning(
            "The renewed token is not saved: it is not known whose it is (GET "
            "/athlete: %s). Pass athlete_id= to save it under that athlete.",
            reason,
        )
