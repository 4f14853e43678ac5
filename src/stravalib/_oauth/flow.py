"""The login of an athlete as two steps of values: no I/O, for any web framework."""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qs, urlencode

from stravalib._core.lazy import lazy
from stravalib._core.tokens import parse_scopes
from stravalib._facts.hosts import OAUTH_BASE_URL
from stravalib._facts.scopes import SCOPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from stravalib import exc
else:
    exc = lazy("stravalib.exc")

DEFAULT_SCOPES = ("read", "activity:read")
# What people copy along with an address.
AROUND_AN_ADDRESS = " \t\r\n\"'`<>"


class LoginStart(NamedTuple):
    """Where to send the athlete, and what to remember until they are back.

    Keep ``state`` in the athlete's own session (a signed cookie will do).
    """

    url: str
    state: str


class LoginFinish(NamedTuple):
    """What the redirect brought: the code to exchange, and what was granted.

    ``scopes`` is None where the redirect did not tell; ``missing`` are those that were
    asked for and unticked on the page.
    """

    code: str
    scopes: frozenset[str] | None
    missing: frozenset[str]


class OAuthFlow:
    """Makes the address of the authorization page, and reads the way back.

    Parameters
    ----------
    client_id
        The application's id.
    redirect_uri
        Where Strava sends the athlete back to: within the application's callback
        domain, or on localhost.
    scopes
        What to ask for.
    oauth_url
        Where the OAuth endpoints are.

    Examples
    --------
    >>> flow = OAuthFlow(1234, "https://example.org/strava/back")
    >>> url, state = flow.start(state="kept-in-the-session")
    >>> url.split("?")[0]
    'https://www.strava.com/oauth/authorize'
    >>> flow.finish("state=kept-in-the-session&code=c0de&scope=read", state).missing
    frozenset({'activity:read'})

    See https://developers.strava.com/docs/authentication/
    """

    def __init__(
        self,
        client_id: int,
        redirect_uri: str,
        scopes: Iterable[str] | str = DEFAULT_SCOPES,
        *,
        oauth_url: str = OAUTH_BASE_URL,
    ) -> None:
        wanted = [scopes] if isinstance(scopes, str) else list(scopes)
        wanted = [part for text in wanted for part in text.replace(",", " ").split()]
        unknown = [scope for scope in wanted if scope not in SCOPES]
        if unknown or not wanted:
            raise ValueError(
                f"scopes {unknown or wanted} are not known; use some of "
                f"{', '.join(SCOPES)}"
            )
        self.client_id = client_id
        self.redirect_uri = redirect_uri
        # Strava refuses duplicates.
        self.scopes = tuple(dict.fromkeys(wanted))
        self.oauth_url = oauth_url.rstrip("/")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} client_id={self.client_id}>"

    def start(
        self, *, state: str | None = None, force: bool = False, mobile: bool = False
    ) -> LoginStart:
        """Return the address of the page, and the state that must come back.

        Parameters
        ----------
        state
            A text of your own that nobody can guess; by default a random one.
        force
            Show the page even to an athlete who granted all this before.
        mobile
            The page for phones, which opens the Strava app.
        """
        state = state or secrets.token_urlsafe(32)
        query = {
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "response_type": "code",
            "approval_prompt": "force" if force else "auto",
            "scope": ",".join(self.scopes),
            "state": state,
        }
        page = "mobile/authorize" if mobile else "authorize"
        return LoginStart(f"{self.oauth_url}/{page}?{urlencode(query)}", state)

    def finish(
        self, query: str | Mapping[str, str | Sequence[str]], state: str
    ) -> LoginFinish:
        """Read the redirect.

        Parameters
        ----------
        query
            The query of the redirect: as a mapping (of texts, or of lists of one, as
            `urllib.parse.parse_qs` makes it), a query string, or the whole address.
        state
            What `start` returned for this athlete.

        Raises
        ------
        LoginFailed
            The athlete said no, the answer belongs to another login, or it holds no
            code. The text can be shown to the athlete.
        TypeError
            ``query`` is none of these.
        """
        values = read_query(query)
        error, code = values.get("error"), values.get("code")
        if not error and not code:
            raise exc.LoginFailed(
                "The address holds no code. Paste the whole address that the browser "
                "shows after the page was confirmed, beginning with http."
            )
        if not same_state(values, state):
            raise exc.LoginFailed(
                "This answer does not belong to the login that was started (its state "
                "differs). Start the login again, and use the answer to the address "
                "that it shows."
            )
        if error == "access_denied":
            raise exc.LoginFailed(
                "Access was denied on Strava's page. Nothing was changed; start the "
                "login again to allow it."
            )
        if error or not code:
            raise exc.LoginFailed(f"Strava refused the login: {(error or '')[:80]!r}.")
        granted = parse_scopes(values.get("scope"))
        if granted is None:
            return LoginFinish(code, None, frozenset())
        return LoginFinish(code, granted, missing_scopes(self.scopes, granted))


def read_query(query: str | Mapping[str, str | Sequence[str]]) -> dict[str, str]:
    """Return the values of a mapping, a query string or an address."""
    if isinstance(query, str):
        text = query.strip(AROUND_AN_ADDRESS).partition("#")[0]
        before, mark, after = text.partition("?")
        # Without a question mark an address has no query, and a query has no slash
        # before its first "=".
        if mark:
            text = after
        elif "/" in before.partition("=")[0]:
            text = ""
        found: Iterable[tuple[str, object]]
        found = parse_qs(text, keep_blank_values=True).items()
    elif callable(getattr(query, "items", None)):
        found = query.items()
    else:
        raise TypeError(
            f"query is {_a(query)}; pass the query of the redirect as a mapping or a "
            "string (of bytes: query.decode()), or the whole address."
        )
    return {
        str(name): _one(str(name), value) for name, value in found if value is not None
    }


def _a(value: object) -> str:
    return "None" if value is None else f"of type {type(value).__name__}"


def _one(name: str, value: object) -> str:
    if not isinstance(value, (list, tuple)):
        return str(value)
    values = {str(item) for item in value}
    if len(values) > 1:
        raise exc.LoginFailed(
            f"The answer has {name!r} {len(values)} times with different values. Start "
            "the login again."
        )
    return values.pop() if values else ""


def same_state(values: Mapping[str, str], state: str) -> bool:
    """Tell whether an answer belongs to the login that was started with ``state``."""
    given = values.get("state", "").encode("utf-8", "surrogatepass")
    return bool(state) and hmac.compare_digest(given, state.encode())


def scope_text(finish: LoginFinish) -> str | None:
    """Return the scopes that the redirect told; None where it told none."""
    return None if finish.scopes is None else ",".join(sorted(finish.scopes))


def missing_scopes(wanted: Iterable[str], granted: frozenset[str]) -> frozenset[str]:
    """Return what was asked for and not granted, wider scopes counted in."""
    has = set(granted)
    for scope in granted:
        if scope.endswith("read_all"):
            has.add(scope.removesuffix("_all"))
    return frozenset(wanted) - has


def missing_text(missing: Iterable[str]) -> str:
    """Say in plain words what was not granted, and what follows."""
    lines = [f"  {scope}: {SCOPES.get(scope, 'unknown')}" for scope in sorted(missing)]
    return (
        "Not granted on Strava's page:\n"
        + "\n".join(lines)
        + "\nCalls that need this will fail. Log in again and leave it ticked to "
        "allow it."
    )
