"""The login of an athlete as two steps of values: no I/O, for any web framework."""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from stravalib._core.lazy import lazy
from stravalib._core.tokens import parse_scopes
from stravalib._facts.hosts import OAUTH_BASE_URL
from stravalib._facts.scopes import SCOPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from stravalib import exc
else:
    exc = lazy("stravalib.exc")

DEFAULT_SCOPES = ("read", "activity:read")


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

    def finish(self, query: str | Mapping[str, str], state: str) -> LoginFinish:
        """Read the redirect.

        Parameters
        ----------
        query
            The query of the redirect: as a mapping, a query string, or the whole
            address.
        state
            What `start` returned for this athlete.

        Raises
        ------
        LoginFailed
            The athlete said no, the answer belongs to another login, or it holds no
            code. The text can be shown to the athlete.
        """
        values = read_query(query)
        given = values.get("state", "")
        if not state or not hmac.compare_digest(given.encode(), state.encode()):
            raise exc.LoginFailed(
                "This answer does not belong to the login that was started (its state "
                "differs). Start the login again."
            )
        error = values.get("error")
        if error == "access_denied":
            raise exc.LoginFailed(
                "Access was denied on Strava's page. Nothing was changed; start the "
                "login again to allow it."
            )
        if error:
            raise exc.LoginFailed(f"Strava refused the login: {error[:80]!r}.")
        code = values.get("code")
        if not code:
            raise exc.LoginFailed(
                "The address holds no code. Paste the whole address that the browser "
                "shows after the page was confirmed, beginning with http."
            )
        granted = parse_scopes(values.get("scope"))
        if granted is None:
            return LoginFinish(code, None, frozenset())
        return LoginFinish(code, granted, missing_scopes(self.scopes, granted))


def read_query(query: str | Mapping[str, str]) -> dict[str, str]:
    """Return the values of a mapping, a query string or an address."""
    if not isinstance(query, str):
        return {str(name): str(value) for name, value in query.items()}
    text = query.strip()
    if "://" in text or text.startswith("/"):
        text = urlsplit(text).query
    return dict(parse_qsl(text.removeprefix("?"), keep_blank_values=True))


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
