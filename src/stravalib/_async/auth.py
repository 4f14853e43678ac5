"""Has a token for each request: loads it, looks at it, asks for the next."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Any, cast

from stravalib._async import _compat
from stravalib._async.renewal import AsyncRenewal
from stravalib._core import scopes
from stravalib._core.lazy import lazy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from stravalib import exc
    from stravalib._async.protocol import AsyncApiV3
    from stravalib._core import tokens
    from stravalib._core.tokens import Token
    from stravalib._stores.base import TokenStore
else:
    exc = lazy("stravalib.exc")
    tokens = lazy("stravalib._core.tokens")

log = logging.getLogger("stravalib.tokens")

LEEWAY = 300.0
# Seconds between tries to renew a token that still lives.
RETRY_PAUSE = 30.0


class AsyncAuth(AsyncRenewal):
    """Holds what `AsyncApiV3` needs to authenticate a request.

    The token itself stays in the protocol's old attributes (``access_token``,
    ``refresh_token``, ``token_expires``), because users read and set them.
    """

    def __init__(
        self,
        protocol: AsyncApiV3,
        *,
        store: TokenStore | None = None,
        athlete_id: int | str | None = None,
        provider: Callable[[], Any] | None = None,
        on_refresh: Callable[[Token], Any] | None = None,
        check_scopes: bool = True,
        leeway: float = LEEWAY,
    ) -> None:
        if store is not None:
            from stravalib._stores.base import check_store

            check_store(store)
        self._protocol = protocol
        self.store = store
        self._named: int | None = None
        if athlete_id is not None:
            self._named = tokens.whole_number(athlete_id, "athlete_id")
        self._provider = provider
        self._on_refresh = on_refresh
        self._check_scopes = check_scopes
        self._leeway = leeway
        self._lock = _compat.new_lock()
        self._steady = _compat.Steady()
        self._known: Token | None = None
        self._ready = store is None and provider is None
        self._told = False
        self._rotation_told = False
        self._fresh: str | None = None
        # The token that could not be renewed, and when to try again.
        self._failed: str | None = None
        self._again = 0.0
        self.clock: Callable[[], float] = _compat.now
        self.sleep: Callable[[float], Any] = _compat.sleep

    # -- what is held --------------------------------------------------------

    def held(self) -> Token:
        """Return the protocol's token as a value; its access token may be empty."""
        protocol, known = self._protocol, self._known
        values = (
            protocol.access_token or "",
            protocol.refresh_token,
            protocol.token_expires or None,
        )
        if known is None:
            return self._by_hand(values)
        if values == (known.access_token, known.refresh_token, known.expires_at):
            return known
        same = known.access_token == values[0]
        if same or (values[1] is not None and values[1] == known.refresh_token):
            return tokens.Token(
                *values,
                scopes=known.scopes if same else None,
                athlete_id=known.athlete_id,
                client_id=protocol.client_id,
                origin=known.origin,
            )
        return self._by_hand(values)

    def _by_hand(self, values: tuple[str, str | None, float | None]) -> Token:
        return tokens.Token(
            *values, athlete_id=self._named, client_id=self._protocol.client_id
        )

    @property
    def athlete_id(self) -> int | None:
        """Whose token it is; None where nobody told."""
        return self._named if self._known is None else self.held().athlete_id

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
        protocol.access_token = token.access_token
        protocol.refresh_token = token.refresh_token
        expires = token.expires_at
        whole = expires is not None and expires == int(expires)
        protocol.token_expires = (
            int(cast("float", expires)) if whole else cast("int | None", expires)
        )

    # -- before a request ----------------------------------------------------

    def has_to_prepare(self) -> bool:
        """Tell whether `prepare` might have to do something."""
        protocol = self._protocol
        expires = protocol.token_expires
        return (
            not self._ready
            or not protocol.access_token
            or (self._check_scopes and self._known is not None)
            or bool(
                expires and expires - self.clock() - protocol.gate.skew <= self._leeway
            )
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
            or (expires and expires - self.now() <= self._leeway)
        ):
            await protocol.refresh_expired_token()
        if self._check_scopes:
            granted = self.scopes
            missing = scopes.missing_scope(method, path, granted)
            if missing is not None and granted is not None:
                raise scopes.scope_error(method, path, missing, granted)

    async def freshen(self) -> None:
        """Load the token at the first use; refresh it when it ends soon."""
        await self.load()
        held = self.held()
        if not self._stale(held):
            return
        if not self._can_refresh(held):
            if held.refresh_token and not held.access_token:
                raise exc.LoginRequired(
                    "There is a refresh token, and client_id or client_secret is "
                    "missing to get an access token with it: pass both, or set "
                    f"STRAVA_CLIENT_ID and STRAVA_CLIENT_SECRET.{self._hint()}"
                )
            self._tell_missing(held, self.now())
            return
        same = held.access_token == self._failed
        if same and self._lives(held) and self.now() < self._again:
            return
        try:
            await self._steady.run(self._renew, held, False)
        except (
            exc.Fault,
            exc.ConnectionFailed,
            exc.ReadTimedOut,
            exc.InvalidResponse,
            exc.RateLimitExceeded,
            exc.StoreFailed,
        ) as error:
            if isinstance(error, (exc.AccessUnauthorized, exc.LoginRequired)):
                raise
            if not self._lives(held) or self._protocol.access_token != (
                held.access_token
            ):
                raise
            self._again = self.now() + RETRY_PAUSE
            if same:
                return
            self._failed = held.access_token
            log.warning(
                "The token could not be renewed (%s); it is good for %.0f s more",
                type(error).__name__,
                cast("float", held.expires_at) - self.now(),
            )

    @property
    def has_provider(self) -> bool:
        """Whether a ``token_provider`` gives the tokens."""
        return self._provider is not None

    def _lives(self, token: Token) -> bool:
        """Tell whether a token surely works still."""
        expires = token.expires_at
        return bool(token.access_token and expires and expires > self.now())

    def _can_refresh(self, held: Token) -> bool:
        if self._provider is not None:
            return True
        protocol, known = self._protocol, self._known
        if (
            self.store is not None
            and self._named is None
            and known is not None
            and held.access_token not in ("", known.access_token)
            and held.refresh_token == known.refresh_token
        ):
            # Set by hand, perhaps another athlete's: what is kept is not its next.
            return False
        return bool(
            protocol.client_id and protocol.client_secret and held.refresh_token
        )

    def _tell_missing(self, held: Token, now: float) -> None:
        """Log once that the credentials are missing, when the token has ended."""
        if self._told or not held.expires_at or held.expires_at >= now:
            return
        self._told = True
        if not os.environ.get("SILENCE_TOKEN_WARNINGS"):
            values = {
                "client_id": self._protocol.client_id,
                "client_secret": self._protocol.client_secret,
                "refresh_token": held.refresh_token,
            }
            missing = [name for name, value in values.items() if not value]
            del values  # tools that report crashes show locals
            self._protocol.log.warning(
                "The access token has expired and cannot be renewed without %s "
                "(environment variables STRAVA_CLIENT_ID and STRAVA_CLIENT_SECRET; set "
                "SILENCE_TOKEN_WARNINGS to silence this).%s",
                ", ".join(missing) or "knowing whose it is",
                self._hint(),
            )

    def _hint(self) -> str:
        if self._protocol.client_id is not None:
            return ""
        return str(tokens.client_id_hint(os.environ.get("STRAVA_CLIENT_ID", "")))

    # -- the first token ---------------------------------------------------------

    async def load(self) -> None:
        """Take the token from the store or the provider, once.

        Raises
        ------
        LoginRequired
            There is none.
        """
        if self._ready:
            return
        async with self._lock:
            if not self._ready:
                await self._load()
                self._ready = True

    async def _load(self) -> None:
        if self._provider is not None:
            self.adopt(await self._ask_provider())
            return
        store = cast("TokenStore", self.store)
        client_id = self._protocol.client_id
        if client_id is None:
            raise exc.LoginRequired(
                "A token store needs to know the application: run `stravalib login` "
                "once, or set STRAVA_CLIENT_ID and STRAVA_CLIENT_SECRET, or pass "
                f"client_id= and client_secret=.{self._hint()}"
            )
        given = self.held()
        is_given = bool(given.access_token or given.refresh_token)
        stored = None
        if self._named is not None:
            key = tokens.TokenKey(client_id, self._named)
            stored = await self._stored(store, key)
        elif is_given:
            # Only what became of this very token: never another athlete's.
            stored = await self._find(store, client_id, given)
        else:
            stored = await self._only(store, client_id)
        if stored is not None:
            self.adopt(stored)
        elif not is_given:
            raise tokens.never_logged_in(self._named)

    async def _only(self, store: TokenStore, client_id: int) -> Token | None:
        """Return the token of the only athlete in the store."""
        keys = await _compat.run_blocking(store.list, client_id)
        if len(keys) > 1:
            raise exc.AuthError(
                f"The store keeps tokens of {len(keys)} athletes "
                f"({', '.join(str(key.athlete_id) for key in keys[:10])}); pass "
                "athlete_id= to choose one."
            )
        return await self._stored(store, keys[0]) if keys else None

    # -- after a 401 -----------------------------------------------------------

    async def after_refusal(self, used: str | None) -> bool:
        """Get another token than the refused one; False where there is none."""
        held = self.held()
        if used == held.access_token.strip():
            used = held.access_token  # as it was sent
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
            fresh = await self._steady.run(self._renew, held, True)
        except exc.InvalidGrant:
            raise
        except exc.LoginRequired:
            # Strava handed out the same token again: its own 401 says more.
            return False
        return bool(fresh.access_token != used)

    # -- the end -----------------------------------------------------------------

    async def newest(self) -> tuple[str | None, ...]:
        """Return the refresh and access tokens of this login, the newest first."""
        await self.load()
        held = self.held()
        own = (held.refresh_token, held.access_token or None)
        key = self._key(held)
        if self.store is not None and key is not None:
            # Another process may have renewed ours.
            kept = await self._stored(self.store, key)
            if kept is not None and tokens.is_same_login(held, kept):
                return (kept.refresh_token, kept.access_token, *own)
        return own

    async def forget(self, dead: Iterable[str | None]) -> None:
        """Delete the token from the store, if it is one of those that are dead."""
        key = self._key(self.held())
        if self.store is None or key is None:
            return
        kept = await self._stored(self.store, key)
        if kept is not None and not {kept.access_token, kept.refresh_token}.isdisjoint(
            dead
        ):
            await _compat.run_blocking(self.store.delete, key)
            self._ready = False

    async def drain(self) -> None:
        """Let a refresh that is under way come to its end."""
        await self._steady.drain()
