"""``stravalib logout``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from stravalib.cli.connection import Connection, pass_connection
from stravalib.cli.output import say
from stravalib.cli.prompts import ask
from stravalib.exc import InvalidClientCredentials, LoginRequired

if TYPE_CHECKING:
    from stravalib.tokens import FileTokenStore, TokenKey

APPS_URL = "https://www.strava.com/settings/apps"
ONLY_HERE = (
    "`stravalib logout --no-revoke` forgets the tokens here without asking Strava; "
    f"the access can then be taken away on {APPS_URL}."
)


@click.command()
@click.option("--forget-secret", is_flag=True, help="Also forget the client secret.")
@click.option(
    "--no-revoke",
    is_flag=True,
    help="Forget the tokens here only; Strava is not asked, the access stays.",
)
@pass_connection
def command(connection: Connection, forget_secret: bool, no_revoke: bool) -> None:
    """Revoke the access at Strava and forget the tokens.

    Revoking needs the client secret: the kept one, STRAVA_CLIENT_SECRET, or what you
    type. Data in an archive stay; `stravalib archive forget --athlete ID` removes them.
    """
    from stravalib._stores.credentials import delete_credentials
    from stravalib.oauth import logout
    from stravalib.tokens import FileTokenStore

    if connection.local:
        say("--local needs no logout: its Strava ends with the command.")
        return
    store = FileTokenStore()
    key = _whom(store, connection.athlete_id)
    if no_revoke:
        store.delete(key)
        say(
            f"The tokens of athlete {key.athlete_id} are forgotten here. The access at "
            f"Strava stays until it is taken away on {APPS_URL}."
        )
    else:
        try:
            logout(key.client_id, _secret(key), athlete_id=key.athlete_id, store=store)
        except InvalidClientCredentials:
            say(ONLY_HERE)
            raise
        say(f"Logged out {key.athlete_id}.")
    if forget_secret:
        delete_credentials()


def _whom(store: FileTokenStore, athlete_id: int | None) -> TokenKey:
    from stravalib._stores.credentials import load_credentials
    from stravalib.cli.account import find_login

    kept = load_credentials()
    advice = ""
    names = ("STRAVA_ACCESS_TOKEN", "STRAVA_REFRESH_TOKEN")
    if any(os.environ.get(name) for name in names):
        advice = (
            f"The token comes from {' or '.join(names)}: unset that, and take the "
            f"access away on {APPS_URL}."
        )
    return find_login(
        store.list(), None if kept is None else kept.client_id, athlete_id, advice
    )


def _secret(key: TokenKey) -> str:
    """Return the application's secret; ask for it where it was not kept."""
    from stravalib._stores.credentials import load_credentials

    kept = load_credentials()
    if kept is not None and kept.client_id == key.client_id:
        return kept.client_secret
    secret = os.environ.get("STRAVA_CLIENT_SECRET", "").strip()
    if secret:
        return secret
    nobody = LoginRequired(
        f"Revoking needs the client secret of application {key.client_id}, which was "
        f"not kept: set STRAVA_CLIENT_SECRET, or type it in a terminal. {ONLY_HERE}"
    )
    text = f"Client secret of application {key.client_id}"
    return str(ask(text, nobody, hide_input=True)).strip()
