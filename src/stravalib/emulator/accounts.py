"""Applications, what athletes granted to them, and the tokens that say so."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from stravalib._facts.limits import (
    ACCESS_TOKEN_LIFETIME,
    NEW_APP,
    REFRESH_THRESHOLD,
)
from stravalib._facts.scopes import SCOPES
from stravalib.emulator.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ROTATIONS = ("never", "with_access_token", "always")
CODE_LIFETIME = 600.0


_KEPT_OF_APPLICATION = (
    "id",
    "secret",
    "name",
    "callback_domain",
    "owner_id",
    "active",
    "extended",
    "capacity",
    "limits",
    "rotation",
)


@dataclass(slots=True)
class Application:
    """An API application and what its owner may do.

    ``rotation`` says when a refresh hands out another refresh token: never, whenever
    a new access token is made, or on each call.
    """

    id: int
    secret: str = field(repr=False)
    name: str = "Local application"
    callback_domain: str = "localhost"
    owner_id: int | None = None
    active: bool = True
    extended: bool = False
    capacity: int = 999
    limits: tuple[int, int, int, int] = NEW_APP
    rotation: str = "with_access_token"
    usage: Limits = field(init=False, repr=False)

    def set_limits(self, limits: tuple[int, int, int, int]) -> None:
        """Change the rate limits and begin to count anew."""
        self.limits = limits
        self.usage = Limits.of(limits)

    def __post_init__(self) -> None:
        if self.rotation not in ROTATIONS:
            raise ValueError(
                f"rotation is {self.rotation!r}; choose one of {', '.join(ROTATIONS)}"
            )
        self.usage = Limits.of(self.limits)

    def to_json(self) -> dict[str, Any]:
        """Give what has to be kept."""
        return {name: getattr(self, name) for name in _KEPT_OF_APPLICATION}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Application:
        """Read what was kept."""
        return cls(**{**value, "limits": tuple(value["limits"])})


@dataclass(slots=True)
class Token:
    """An access token."""

    value: str = field(repr=False)
    application: Application
    athlete_id: int
    scopes: frozenset[str]
    expires_at: float


@dataclass(slots=True)
class Grant:
    """What one athlete allows one application; one refresh token at a time."""

    application: Application
    athlete_id: int
    scopes: frozenset[str]
    refresh_token: str = field(repr=False)
    access_tokens: list[str] = field(default_factory=list, repr=False)


@dataclass(slots=True)
class Code:
    """An authorization code: good once, for a short time."""

    application_id: int
    athlete_id: int
    scopes: frozenset[str]
    expires_at: float


@dataclass(slots=True)
class Pair:
    """What a token answer is written from."""

    token: Token
    refresh_token: str = field(repr=False)


def scope_text(scopes: Iterable[str]) -> str:
    """Write scopes in the order of the documentation, with commas."""
    known = set(scopes)
    return ",".join(scope for scope in SCOPES if scope in known)


class Accounts:
    """All applications, grants and tokens of a local Strava."""

    def __init__(self, make_token: Callable[[], str] | None = None) -> None:
        self._make_token = make_token or (lambda: secrets.token_hex(20))
        self.applications: dict[int, Application] = {}
        self.grants: dict[tuple[int, int], Grant] = {}
        self.tokens: dict[str, Token] = {}
        self.codes: dict[str, Code] = {}
        self._refresh: dict[str, tuple[int, int]] = {}

    def add_application(self, application: Application) -> Application:
        """Register an application."""
        self.applications[application.id] = application
        return application

    def athletes_of(self, application_id: int) -> list[int]:
        """List the athletes who are connected to an application."""
        return [athlete for app, athlete in list(self.grants) if app == application_id]

    def has_room(self, application: Application, athlete_id: int) -> bool:
        """Whether the athlete is connected or may still be."""
        connected = self.athletes_of(application.id)
        return athlete_id in connected or len(connected) < application.capacity

    def make_code(
        self,
        application: Application,
        athlete_id: int,
        scopes: Iterable[str],
        now: float,
    ) -> str:
        """Make an authorization code."""
        code = self._make_token()
        self.codes[code] = Code(
            application.id, athlete_id, frozenset(scopes), now + CODE_LIFETIME
        )
        return code

    def take_code(self, application: Application, code: str, now: float) -> Code | None:
        """Use up a code; None if it is unknown, foreign, used or too old."""
        found = self.codes.get(code)
        if found is None or found.application_id != application.id:
            return None
        del self.codes[code]
        return found if found.expires_at > now else None

    def authorize(
        self,
        application: Application,
        athlete_id: int,
        scopes: Iterable[str],
        now: float,
    ) -> Pair:
        """Grant scopes and hand out tokens; a living token is handed out again."""
        key = (application.id, athlete_id)
        granted = frozenset(scopes)
        grant = self.grants.get(key)
        if grant is None:
            grant = Grant(application, athlete_id, granted, self._make_token())
            self.grants[key] = grant
            self._refresh[grant.refresh_token] = key
        grant.scopes = granted
        token = self._living(grant, now) or self._mint(grant, now)
        return Pair(token, grant.refresh_token)

    def refresh(
        self, application: Application, refresh_token: str, now: float
    ) -> Pair | None:
        """Trade a refresh token; None if it is dead."""
        key = self._refresh.get(refresh_token)
        if key is None or key[0] != application.id:
            return None
        grant = self.grants[key]
        token = self._living(grant, now)
        rotate = application.rotation == "always"
        if token is None:
            token = self._mint(grant, now)
            rotate = rotate or application.rotation == "with_access_token"
        if rotate:
            del self._refresh[refresh_token]
            grant.refresh_token = self._make_token()
            self._refresh[grant.refresh_token] = key
        return Pair(token, grant.refresh_token)

    def find(self, value: str, now: float) -> Token | None:
        """Find a living access token."""
        token = self.tokens.get(value)
        return token if token is not None and token.expires_at > now else None

    def grant_of(self, value: str) -> Grant | None:
        """Find the grant that an access or a refresh token belongs to."""
        key = self._refresh.get(value)
        if key is None and value in self.tokens:
            token = self.tokens[value]
            key = (token.application.id, token.athlete_id)
        return self.grants.get(key) if key else None

    def withdraw(self, grant: Grant) -> None:
        """End a grant with all its tokens and codes."""
        key = (grant.application.id, grant.athlete_id)
        self.grants.pop(key, None)
        self._refresh.pop(grant.refresh_token, None)
        for value in grant.access_tokens:
            self.tokens.pop(value, None)
        for code, found in list(self.codes.items()):
            if (found.application_id, found.athlete_id) == key:
                del self.codes[code]

    def grant_to_json(self, grant: Grant) -> dict[str, Any]:
        """Give what has to be kept of a grant."""
        tokens = [self.tokens[v] for v in grant.access_tokens if v in self.tokens]
        return {
            "application_id": grant.application.id,
            "athlete_id": grant.athlete_id,
            "scopes": sorted(grant.scopes),
            "refresh_token": grant.refresh_token,
            "tokens": [
                [token.value, sorted(token.scopes), token.expires_at]
                for token in tokens
            ],
        }

    def restore_code(self, code: str, value: list[Any]) -> None:
        """Put back an authorization code that was kept."""
        application_id, athlete_id, scopes, expires_at = value
        self.codes[code] = Code(
            application_id, athlete_id, frozenset(scopes), expires_at
        )

    def restore_grant(self, value: dict[str, Any]) -> None:
        """Put back a grant that was kept."""
        application = self.applications[value["application_id"]]
        athlete_id = value["athlete_id"]
        key = (application.id, athlete_id)
        grant = Grant(
            application,
            athlete_id,
            frozenset(value["scopes"]),
            value["refresh_token"],
        )
        self.grants[key] = grant
        self._refresh[grant.refresh_token] = key
        for token_value, scopes, expires_at in value["tokens"]:
            token = Token(
                token_value, application, athlete_id, frozenset(scopes), expires_at
            )
            self.tokens[token_value] = token
            grant.access_tokens.append(token_value)

    def _living(self, grant: Grant, now: float) -> Token | None:
        for value in reversed(grant.access_tokens):
            token = self.tokens.get(value)
            if (
                token is not None
                and token.scopes == grant.scopes
                and token.expires_at - now > REFRESH_THRESHOLD
            ):
                return token
        return None

    def _mint(self, grant: Grant, now: float) -> Token:
        for value in list(grant.access_tokens):
            if value in self.tokens and self.tokens[value].expires_at <= now:
                del self.tokens[value]
                grant.access_tokens.remove(value)
        token = Token(
            self._make_token(),
            grant.application,
            grant.athlete_id,
            grant.scopes,
            float(int(now) + ACCESS_TOKEN_LIFETIME),
        )
        self.tokens[token.value] = token
        grant.access_tokens.append(token.value)
        return token
