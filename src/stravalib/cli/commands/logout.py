"""``stravalib logout``."""

from __future__ import annotations

import click

from stravalib.cli.connection import Connection, pass_connection
from stravalib.cli.output import say
from stravalib.exc import LoginRequired


@click.command()
@click.option("--forget-secret", is_flag=True, help="Also forget the client secret.")
@pass_connection
def command(connection: Connection, forget_secret: bool) -> None:
    """Revoke the access at Strava and forget the tokens.

    Data in an archive stay; `stravalib archive forget --athlete ID` removes them.
    """
    from stravalib._stores.credentials import delete_credentials, load_credentials
    from stravalib.oauth import logout

    kept = load_credentials()
    if kept is None:
        raise LoginRequired("Nobody is logged in.")
    key = logout(kept.client_id, kept.client_secret, athlete_id=connection.athlete_id)
    if forget_secret:
        delete_credentials()
    say("Nobody was logged in." if key is None else f"Logged out {key.athlete_id}.")
