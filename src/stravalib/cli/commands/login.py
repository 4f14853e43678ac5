"""``stravalib login``."""

from __future__ import annotations

from typing import Any

import click

from stravalib._facts.hosts import SETTINGS_URL
from stravalib._facts.scopes import SCOPES
from stravalib.cli.connection import Connection, pass_connection
from stravalib.cli.output import say

DEFAULT = ("read", "activity:read_all", "profile:read_all")


@click.command()
@click.option("--client-id", type=int, help="Of your application.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(list(SCOPES)),
    help=f"May be repeated. Default: {', '.join(DEFAULT)}.",
)
@click.option("--no-browser", is_flag=True, help="Show the address, take the answer.")
@click.option("--force", is_flag=True, help="Show Strava's page in any case.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="To wait at.")
@click.option(
    "--forget-secret", is_flag=True, help="Do not keep the client secret on disk."
)
@pass_connection
def command(
    connection: Connection,
    client_id: int | None,
    scopes: tuple[str, ...],
    no_browser: bool,
    force: bool,
    port: int,
    forget_secret: bool,
) -> None:
    """Connect your Strava account: opens the browser, keeps the tokens.

    Needs an application of your own (https://www.strava.com/settings/api, callback
    domain "localhost"). Tokens and credentials go to a file that only you can read;
    later commands renew the token by themselves.

    \b
        stravalib login
        stravalib login --scope read --scope activity:read
        stravalib login --no-browser        on a machine without one
    """
    from stravalib._stores.credentials import (
        Credentials,
        load_credentials,
        save_credentials,
    )
    from stravalib.oauth import login

    if connection.local:
        say("--local is logged in already.")
        return
    kept = load_credentials()
    if kept is None or (client_id is not None and client_id != kept.client_id):
        say(f"Client id and secret of your application are on {SETTINGS_URL}.")
        if client_id is None:
            client_id = click.prompt("Client id", type=int, err=True)
        secret = click.prompt("Client secret", hide_input=True, err=True)
        kept = Credentials(int(client_id), secret.strip())
    options: dict[str, Any] = {"scopes": scopes or DEFAULT, "force": force}
    with login(
        kept.client_id,
        kept.client_secret,
        browser=not no_browser,
        port=port,
        ask=lambda text: click.prompt(text, prompt_suffix=" ", err=True),
        **options,
    ) as client:
        if not forget_secret:
            say(f"Credentials are kept in {save_credentials(kept)}.")
        say(f"Logged in: athlete {client.athlete_id}.")
