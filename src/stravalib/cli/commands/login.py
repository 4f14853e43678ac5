"""``stravalib login``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from stravalib._facts.hosts import SETTINGS_URL
from stravalib._facts.scopes import SCOPES
from stravalib.cli.connection import Connection, pass_connection
from stravalib.cli.output import say
from stravalib.cli.prompts import ask

if TYPE_CHECKING:
    from stravalib._stores.credentials import Credentials

DEFAULT = ("read", "activity:read_all", "profile:read_all")


@click.command()
@click.option(
    "--client-id",
    type=click.IntRange(min=1),
    help="Of your application; asks for its secret (again).",
)
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(list(SCOPES)),
    metavar="SCOPE",
    help=f"In addition to {', '.join(DEFAULT)} and to what the kept token may do "
    "already. May be repeated.",
)
@click.option(
    "--only-scope",
    "only_scopes",
    multiple=True,
    type=click.Choice(list(SCOPES)),
    metavar="SCOPE",
    help="This and no other; takes away what the kept token may do. May be repeated.",
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
    only_scopes: tuple[str, ...],
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
        stravalib login --scope activity:write      also to upload and edit
        stravalib login --only-scope read --only-scope activity:read
        stravalib login --no-browser                on a machine without one

    Scopes: read, read_all, profile:read_all, profile:write, activity:read,
    activity:read_all, activity:write.
    """
    from stravalib._oauth.login import NOBODY_TO_ASK
    from stravalib._stores.credentials import delete_credentials, save_credentials
    from stravalib.exc import LoginFailed
    from stravalib.oauth import login

    if scopes and only_scopes:
        raise click.UsageError("--scope adds, --only-scope replaces; name one of them.")
    if connection.local:
        say("--local is logged in already.")
        return
    _check_folder()
    used = _credentials(client_id)
    wanted = only_scopes or (
        *DEFAULT,
        *_granted(used.client_id, connection.athlete_id),
        *scopes,
    )
    with login(
        used.client_id,
        used.client_secret,
        scopes=wanted,
        force=force,
        browser=not no_browser,
        port=port,
        ask=lambda text: ask(text, LoginFailed(NOBODY_TO_ASK), prompt_suffix=""),
    ) as client:
        if forget_secret:
            delete_credentials()
        else:
            say(f"Credentials are kept in {save_credentials(used)}.")
        say(f"Logged in: athlete {client.athlete_id}.")


def _check_folder() -> None:
    """Find out before the login whether its tokens can be kept."""
    import tempfile

    from stravalib._stores.locks import data_folder, make_private_folder
    from stravalib.exc import LoginFailed

    folder = data_folder()
    try:
        make_private_folder(folder)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise LoginFailed(
            f"The tokens could not be kept in {folder} ({error.strerror}). Make that a "
            "folder that you may write to, or (on Linux) name another with "
            "XDG_DATA_HOME."
        ) from error


def _credentials(client_id: int | None) -> Credentials:
    """Take what is in the environment or was kept; else ask for it."""
    from stravalib._stores.credentials import Credentials, load_credentials
    from stravalib.exc import LoginFailed

    kept = load_credentials()
    by_environment = os.environ.get("STRAVA_CLIENT_SECRET") is not None
    if kept is not None and (
        client_id is None or (by_environment and client_id == kept.client_id)
    ):
        return kept
    nobody = LoginFailed(
        "Nobody is there to type client id and secret: set STRAVA_CLIENT_ID and "
        f"STRAVA_CLIENT_SECRET ({SETTINGS_URL} shows both), or run the login in a "
        "terminal."
    )
    say(f"Client id and secret of your application are on {SETTINGS_URL}.")
    if client_id is None:
        client_id = int(ask("Client id", nobody, type=click.IntRange(min=1)))
    secret = ask("Client secret", nobody, hide_input=True)
    return Credentials(client_id, secret.strip())


def _granted(client_id: int, athlete_id: int | None) -> list[str]:
    """Return what the kept tokens may do, so that a new one can do it too.

    Of all athletes where none is named: who will log in is not known yet.
    """
    from stravalib.tokens import FileTokenStore

    store = FileTokenStore()
    found: set[str] = set()
    for key in store.list(client_id):
        token = store.load(key)
        if token is not None and athlete_id in (None, key.athlete_id):
            found |= token.scopes or set()
    return [scope for scope in SCOPES if scope in found]
