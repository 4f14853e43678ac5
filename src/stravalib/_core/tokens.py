"""Tokens and what to do with them: values and decisions, no store and no clock."""

from __future__ import annotations

import math
from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from stravalib._core.lazy import lazy
from stravalib._facts.limits import ACCESS_TOKEN_LIFETIME

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

    from stravalib import exc
else:
    exc = lazy("stravalib.exc")

# Refresh this long before the end: a request may wait, and clocks differ.
LEEWAY = 300.0


class _Key(NamedTuple):
    client_id: int
    athlete_id: int


class TokenKey(_Key):
    """Whose token it is: the application and the athlete.

    Numbers as text are taken too: environment variables are.
    """

    __slots__ = ()

    def __new__(cls, client_id: int | str, athlete_id: int | str) -> Self:
        return super().__new__(
            cls,
            whole_number(client_id, "client_id"),
            whole_number(athlete_id, "athlete_id"),
        )


def whole_number(value: int | str, name: str) -> int:
    """Return an id that may have come as text.

    Raises
    ------
    ValueError
        It is no whole number.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().isdecimal():
        return int(value)
    raise ValueError(f"{name}={value!r} is not a whole number.")


def epoch(value: Any, name: str) -> float | None:
    """Return a moment in epoch seconds; None for none.

    Numbers as text are taken too, and a `datetime.datetime` with a time zone.

    Raises
    ------
    TypeError, ValueError
        It is no moment.
    """
    if value is None or (type(value) is int or type(value) is float):
        return value
    number = value
    if isinstance(value, str):
        try:
            number = float(value)
        except ValueError:
            number = value
    elif getattr(value, "tzinfo", None) is not None and hasattr(value, "timestamp"):
        number = value.timestamp()
    if isinstance(number, float) and math.isfinite(number):
        return int(number) if number.is_integer() else number
    error = ValueError if isinstance(value, str) else TypeError
    raise error(
        f"{name}={value!r} is no moment; give epoch seconds, such as 1798761600, or a "
        "datetime with a time zone."
    )


def client_id_hint(text: str) -> str:
    """Say what is wrong with ``STRAVA_CLIENT_ID``; empty where nothing is."""
    text = text.strip()
    if not text or text.isdecimal():
        return ""
    return f" STRAVA_CLIENT_ID={text[:40]!r} is not a whole number."


class Token:
    """What Strava gave for one athlete. Immutable; equal by value.

    The representation shows no secret. Pickles and `to_json` do hold them: treat both
    like a password.

    ``origin`` is a fingerprint of the refresh token that the first renewal was made
    with: a program that is started with that one again finds what became of it.
    """

    __slots__ = (
        "access_token",
        "athlete_id",
        "client_id",
        "expires_at",
        "origin",
        "refresh_token",
        "scopes",
    )

    access_token: str
    refresh_token: str | None
    expires_at: float | None
    scopes: frozenset[str] | None
    athlete_id: int | None
    client_id: int | None
    origin: str | None

    def __init__(
        self,
        access_token: str,
        refresh_token: str | None = None,
        expires_at: float | None = None,
        scopes: Iterable[str] | str | None = None,
        athlete_id: int | None = None,
        client_id: int | None = None,
        origin: str | None = None,
    ) -> None:
        fields = {
            "access_token": access_token,
            "refresh_token": refresh_token,
            "expires_at": epoch(expires_at, "expires_at"),
            "scopes": parse_scopes(scopes),
            "athlete_id": athlete_id,
            "client_id": client_id,
            "origin": origin,
        }
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: object) -> None:
        message = f"a Token cannot be changed ({name}); make one with replace()"
        raise AttributeError(message)

    def __delattr__(self, name: str) -> None:
        self.__setattr__(name, None)

    def __repr__(self) -> str:
        scopes = None if self.scopes is None else ",".join(sorted(self.scopes))
        return (
            f"Token(athlete_id={self.athlete_id}, client_id={self.client_id}, "
            f"expires_at={self.expires_at}, scopes={scopes!r}, "
            f"refreshable={self.refresh_token is not None})"
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Token):
            return NotImplemented
        # Not by the origin: it says where from, not what.
        return self._values()[:-1] == other._values()[:-1]

    def __hash__(self) -> int:
        return hash(self._values()[:-1])

    def __reduce__(self) -> tuple[Any, ...]:
        return Token, self._values()

    def _by_name(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _FIELDS}

    def _values(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in _FIELDS)

    def replace(self, **changes: Any) -> Token:
        """Return a copy with some fields changed."""
        return Token(**{**self._by_name(), **changes})

    def to_json(self) -> dict[str, Any]:
        """Return JSON values, secrets included."""
        fields = self._by_name()
        fields["scopes"] = None if self.scopes is None else sorted(self.scopes)
        return fields

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Token:
        """Read what `to_json` returned, or a dict with Strava's own names."""
        access = data.get("access_token") if isinstance(data, Mapping) else None
        if not isinstance(access, str) or not access:
            message = "not a token: no access_token in it"
            raise ValueError(message)
        number = epoch(data.get("expires_at"), "expires_at")
        return cls(
            access,
            data.get("refresh_token") or None,
            number if number is None or math.isfinite(number) else None,
            data.get("scopes", data.get("scope")),
            _identifier(data.get("athlete_id")),
            _identifier(data.get("client_id")),
            _text(data.get("origin")),
        )

    @classmethod
    def from_response(
        cls,
        data: object,
        *,
        now: float,
        previous: Token | None = None,
        client_id: int | None = None,
        scopes: Iterable[str] | str | None = None,
    ) -> Token:
        """Read the answer of the token endpoint.

        Parameters
        ----------
        data
            The decoded body.
        now
            Seconds since the epoch, for an answer with ``expires_in`` only.
        previous
            The token that was refreshed. What the answer leaves out (athlete, scope,
            an unchanged refresh token) is taken from it.
        client_id
            The application that asked.
        scopes
            What the redirect said was granted, where the answer has no ``scope``.
        """
        if not isinstance(data, Mapping):
            kind = _JSON_NAMES.get(type(data), "a number")
            raise exc.InvalidResponse(
                f"The token endpoint answered with {kind} in place of an object; try "
                "again later."
            )
        access = data.get("access_token")
        if not isinstance(access, str) or not access:
            raise exc.InvalidResponse(
                "The token endpoint answered without a usable access_token "
                f"(keys: {', '.join(sorted(map(str, data))) or 'none'}); try again "
                "later."
            )
        expires = _number(data.get("expires_at"))
        if expires is None:
            seconds = _number(data.get("expires_in"))
            expires = now + (ACCESS_TOKEN_LIFETIME if seconds is None else seconds)
        athlete = data.get("athlete")
        athlete_id = (
            _identifier(athlete.get("id")) if isinstance(athlete, dict) else None
        )
        old = previous or cls(access)
        origin = old.origin
        if origin is None and old.refresh_token is not None:
            origin = fingerprint(old.refresh_token)
        granted = _text(data.get("scope"))
        if not granted:
            granted = scopes if scopes is not None else old.scopes
        return cls(
            access,
            _text(data.get("refresh_token")) or old.refresh_token,
            expires,
            granted,
            athlete_id if athlete_id is not None else old.athlete_id,
            client_id if client_id is not None else old.client_id,
            origin,
        )


_JSON_NAMES = {list: "a list", type(None): "null", str: "text", bool: "true or false"}
_FIELDS = (
    "access_token",
    "refresh_token",
    "expires_at",
    "scopes",
    "athlete_id",
    "client_id",
    "origin",
)


def fingerprint(secret: str) -> str:
    """Return what recognizes a secret and does not give it away."""
    return sha256(secret.encode()).hexdigest()[:16]


def _text(value: object) -> Any:
    return value if isinstance(value, str) else None


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _identifier(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    try:
        return int(value)
    except ValueError:
        return None


def parse_scopes(value: Iterable[str] | str | None) -> frozenset[str] | None:
    """Read granted scopes; Strava separates them by commas, some sources by spaces."""
    if value is None:
        return None
    if isinstance(value, str):
        value = value.replace(",", " ").split()
    return frozenset(value)


# -- decisions ----------------------------------------------------------------


class Use(NamedTuple):
    """Send the request with ``token``."""

    token: Token


class Refresh(NamedTuple):
    """Take the lock, look again, then refresh with ``token.refresh_token``."""

    token: Token


class Fail(NamedTuple):
    """Nothing helps; ``reason`` says why."""

    reason: str


def is_stale(token: Token, now: float, leeway: float = LEEWAY) -> bool:
    """Whether the access token is missing, or ends within ``leeway`` seconds."""
    if not token.access_token:
        return True
    return token.expires_at is not None and token.expires_at - now <= leeway


def is_same_login(given: Token, stored: Token) -> bool:
    """Whether a stored token is what became of a token that the program was given."""
    if given.origin is not None and given.origin == stored.origin:
        return True
    if given.refresh_token is None:
        return given.access_token == stored.access_token
    return given.refresh_token == stored.refresh_token or (
        stored.origin is not None and fingerprint(given.refresh_token) == stored.origin
    )


def before_request(
    token: Token, now: float, *, can_refresh: bool, leeway: float = LEEWAY
) -> Use | Refresh:
    """Decide with what to send a request."""
    if not can_refresh or token.refresh_token is None:
        return Use(token)
    return Refresh(token) if is_stale(token, now, leeway) else Use(token)


def under_lock(
    held: Token,
    stored: Token | None,
    now: float,
    *,
    rejected: bool = False,
    leeway: float = LEEWAY,
) -> Use | Refresh | Fail:
    """Decide again after taking the lock, for somebody else may have refreshed.

    Parameters
    ----------
    held
        The token that seemed to need a refresh.
    stored
        What the store holds now; None if there is no store, or nothing in it.
    now, leeway
        As in `is_stale`.
    rejected
        Strava answered 401 to ``held``, so its expiry says nothing any more.
    """
    latest = held if stored is None else stored
    refused = rejected and latest.access_token == held.access_token
    if not refused and not is_stale(latest, now, leeway):
        return Use(latest)
    if latest.refresh_token is None:
        return Fail("the token has ended and there is no refresh token")
    return Refresh(latest)


def after_refusal(
    used: Token, current: Token, *, refreshed: bool, can_refresh: bool
) -> Use | Refresh | Fail:
    """Decide what follows a 401 for an access token.

    Parameters
    ----------
    used
        The token that the refused request carried.
    current
        The client's token now; another task may have refreshed meanwhile.
    refreshed
        Whether this call has repeated itself already.
    can_refresh
        Whether client id and secret are known.
    """
    if refreshed:
        return Fail("Strava refused the refreshed token too")
    if current.access_token != used.access_token:
        return Use(current)
    if not can_refresh:
        return Fail("client id and client secret are needed to refresh the token")
    if current.refresh_token is None:
        return Fail("there is no refresh token")
    return Refresh(current)


def after_refresh(held: Token, fresh: Token, *, rejected: bool) -> Use | Fail:
    """Decide whether the answer of a refresh helps.

    Strava hands out the same access token while it has more than an hour left. That
    is fine after an early refresh, and useless after a 401.
    """
    if rejected and fresh.access_token == held.access_token:
        return Fail("Strava handed out the access token again that it had refused")
    return Use(fresh)


def never_logged_in(athlete_id: int | None = None) -> exc.LoginRequired:
    """Make the error for an athlete of whom the store knows nothing."""
    who = "anybody" if athlete_id is None else f"athlete {athlete_id}"
    return exc.LoginRequired(
        f"The store holds no token of {who}. Log in: run `stravalib login`, or send "
        "the athlete through the authorization page."
    )


def login_required(reason: str, athlete_id: int | None = None) -> exc.LoginRequired:
    """Make the error for an athlete who has to log in again."""
    who = "" if athlete_id is None else f" of athlete {athlete_id}"
    return exc.LoginRequired(
        f"The login{who} is no longer valid: {reason}. Log in again: run "
        "`stravalib login`, or send the athlete through the authorization page."
    )
