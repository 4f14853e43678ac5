"""Log in from a script or a terminal."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from stravalib._core.tokens import TokenKey, client_id_hint, whole_number
from stravalib._oauth.flow import DEFAULT_SCOPES, OAuthFlow, missing_text, scope_text
from stravalib._oauth.loopback import Loopback
from stravalib.exc import AuthError, LoginFailed, LoginRequired, StravalibError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from stravalib._oauth.flow import LoginFinish
    from stravalib._stores.base import TokenStore
    from stravalib._sync.client import Client

# Where the browser ends up when no server of ours listens; the page stays empty.
PASTED_REDIRECT = "http://localhost/exchange_token"
TIMEOUT = 300.0
NOBODY_TO_ASK = (
    "No address was pasted: standard input is closed or at its end. Run the login in a "
    "terminal (over ssh: `ssh -t`). A program that runs without one takes the tokens "
    "that a login has kept before, or STRAVA_REFRESH_TOKEN."
)


def login(
    client_id: int | str | None = None,
    client_secret: str | None = None,
    *,
    scopes: Iterable[str] | str = DEFAULT_SCOPES,
    store: TokenStore | None = None,
    browser: bool = True,
    force: bool = False,
    port: int = 0,
    timeout: float = TIMEOUT,
    tell: Callable[[str], None] | None = None,
    ask: Callable[[str], str] = input,
    open_browser: Callable[[str], bool] | None = None,
    **client_options: Any,
) -> Client:
    """Connect a Strava account, and return a client for it.

    Opens Strava's page in the browser and waits for the answer on this machine. The
    tokens are kept, so that the next program needs no login:
    ``Client.from_env()``, or ``Client(token_store=FileTokenStore(), ...)``. Makes one
    request.

    Parameters
    ----------
    client_id, client_secret
        The application's credentials, from https://www.strava.com/settings/api; by
        default from ``STRAVA_CLIENT_ID`` and ``STRAVA_CLIENT_SECRET``, else those that
        ``stravalib login`` has kept.
    scopes
        What to ask for: all that the token shall be able to do. It takes the place of
        a token that was kept before, and of what that one could do.
    store
        Where to keep the tokens; by default a file in the user's own data folder.
    browser
        False for machines without one: shows the address, and asks for the address
        that a browser elsewhere ended up at.
    force
        Show the page even where the athlete granted all this before.
    port
        Port to wait at; 0 takes a free one.
    timeout
        Seconds to wait for the browser.
    tell, ask
        Show a text, by default on standard error; ask for a line.
    open_browser
        Opens an address; by default `webbrowser.open`.
    **client_options
        Passed to the client.

    Raises
    ------
    LoginFailed
        The athlete said no, or no answer came.
    InvalidClientCredentials
        Id and secret do not belong together.

    See https://developers.strava.com/docs/authentication/
    """
    from stravalib._sync.client import Client

    client_id, client_secret = credentials(client_id, client_secret)
    tell = tell or _tell
    if store is None:
        from stravalib._stores.file import FileTokenStore

        store = FileTokenStore()
    # The code works once: what could fail afterwards is tried before.
    check_writable(store, client_id)
    client = Client(
        client_id=client_id,
        client_secret=client_secret,
        token_store=store,
        **client_options,
    )
    oauth_url = client.protocol.oauth_url
    if browser:
        finish = _through_browser(
            client_id, scopes, oauth_url, force, port, timeout, tell, open_browser
        )
    else:
        finish = _by_hand(client_id, scopes, oauth_url, force, tell, ask)
    if finish.missing:
        tell(missing_text(finish.missing))
    client.protocol.exchange_code_for_token(
        client_id, client_secret, finish.code, granted=scope_text(finish)
    )
    return client


def _through_browser(
    client_id: int,
    scopes: Iterable[str] | str,
    oauth_url: str,
    force: bool,
    port: int,
    timeout: float,
    tell: Callable[[str], None],
    open_browser: Callable[[str], bool] | None,
) -> LoginFinish:
    if open_browser is None:
        import webbrowser

        open_browser = webbrowser.open
    with Loopback(port) as server:
        flow = OAuthFlow(client_id, server.redirect_uri, scopes, oauth_url=oauth_url)
        url, state = flow.start(force=force)
        tell(f"Confirm the access on Strava's page:\n{url}")
        if not open_browser(url):
            tell("No browser could be opened; open the address above yourself.")
        return server.wait(flow, state, timeout)


def _by_hand(
    client_id: int,
    scopes: Iterable[str] | str,
    oauth_url: str,
    force: bool,
    tell: Callable[[str], None],
    ask: Callable[[str], str],
) -> LoginFinish:
    flow = OAuthFlow(client_id, PASTED_REDIRECT, scopes, oauth_url=oauth_url)
    url, state = flow.start(force=force)
    tell(
        "Open this address in any browser and confirm the access. The browser then "
        "shows an empty page or an error; copy its address.\n" + url
    )
    try:
        pasted = ask("Address: ")
    except EOFError:
        raise LoginFailed(NOBODY_TO_ASK) from None
    except RuntimeError as error:
        # What `input` raises where standard input is closed.
        if isinstance(error, StravalibError) or sys.stdin is not None:
            raise
        raise LoginFailed(NOBODY_TO_ASK) from None
    return flow.finish(pasted, state)


def logout(
    client_id: int | str | None = None,
    client_secret: str | None = None,
    *,
    athlete_id: int | None = None,
    store: TokenStore | None = None,
    **client_options: Any,
) -> TokenKey | None:
    """Revoke the kept tokens of an athlete, and forget them.

    One request. Returns what was forgotten; None where nobody was logged in.

    Parameters
    ----------
    client_id, client_secret, store
        As in `login`.
    athlete_id
        Whom to log out; may be left out where one athlete is logged in.

    Raises
    ------
    AuthError
        Several athletes are logged in, and none was named.
    """
    from stravalib._sync.client import Client

    client_id, client_secret = credentials(client_id, client_secret)
    if store is None:
        from stravalib._stores.file import FileTokenStore

        store = FileTokenStore()
    keys = [
        key
        for key in store.list(client_id)
        if athlete_id is None or key.athlete_id == athlete_id
    ]
    if len(keys) > 1:
        raise AuthError(
            "Several athletes are logged in "
            f"({', '.join(str(key.athlete_id) for key in keys)}); name one."
        )
    if not keys:
        return None
    token = store.load(keys[0])
    with Client(
        client_id=client_id, client_secret=client_secret, **client_options
    ) as client:
        if token is not None:
            client.revoke(token.refresh_token or token.access_token)
    store.delete(keys[0])
    return keys[0]


def check_writable(store: TokenStore, client_id: int) -> None:
    """Write to a store without changing what it keeps.

    Raises
    ------
    StravalibError, OSError
        What saving a token would raise.
    """
    # Nobody has this id; a store of the user's own may not expect that.
    with suppress(KeyError):
        store.delete(TokenKey(client_id, 0))


def credentials(
    client_id: int | str | None, client_secret: str | None
) -> tuple[int, str]:
    """Return the application's credentials.

    By default from the environment, else those that ``stravalib login`` has kept.

    Raises
    ------
    LoginRequired
        Where one is missing.
    """
    text = os.environ.get("STRAVA_CLIENT_ID", "").strip()
    if client_id is not None:
        client_id = whole_number(client_id, "client_id")
    elif text.isdecimal():
        client_id = int(text)
    secret = client_secret or os.environ.get("STRAVA_CLIENT_SECRET", "").strip()
    if client_id is None or not secret:
        from stravalib._stores.credentials import load_credentials

        kept = load_credentials()
        # Never one application's id with another's secret.
        if (
            kept is not None
            and client_id in (None, kept.client_id)
            and secret in ("", kept.client_secret)
        ):
            client_id, secret = kept
    if client_id is None or not secret:
        hint = "" if client_id is not None else client_id_hint(text)
        raise LoginRequired(
            "The application's credentials are missing: set STRAVA_CLIENT_ID and "
            "STRAVA_CLIENT_SECRET, or pass client_id= and client_secret=. Strava "
            f"shows both on https://www.strava.com/settings/api.{hint}"
        )
    return client_id, secret


def _tell(text: str) -> None:
    sys.stderr.write(text + "\n")
