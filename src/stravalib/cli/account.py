"""Whose account a command uses: the environment, or what ``login`` has kept."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from stravalib._stores.credentials import load_credentials
from stravalib.exc import LoginRequired

if TYPE_CHECKING:
    from stravalib.tokens import TokenKey


def client_options(athlete_id: int | None) -> dict[str, Any]:
    """Return the keyword arguments of `Client` and `AsyncClient` for this user.

    Raises
    ------
    LoginRequired
        Nobody has logged in, or several have and none was named.
    """
    access = os.environ.get("STRAVA_ACCESS_TOKEN")
    refresh = os.environ.get("STRAVA_REFRESH_TOKEN")
    kept = load_credentials()
    options: dict[str, Any] = {}
    if kept is not None:
        options.update(client_id=kept.client_id, client_secret=kept.client_secret)
    if access or refresh:
        return {**options, "access_token": access, "refresh_token": refresh}
    from stravalib.tokens import FileTokenStore

    store = FileTokenStore()
    key = find_login(
        store.list(),
        None if kept is None else kept.client_id,
        athlete_id,
        "Run `stravalib login`, or try `stravalib --local ...` without an account.",
    )
    options.setdefault("client_id", key.client_id)
    return {**options, "token_store": store, "athlete_id": key.athlete_id}


def find_login(
    keys: list[TokenKey], client_id: int | None, athlete_id: int | None, advice: str
) -> TokenKey:
    """Return the one login that is meant.

    Raises
    ------
    LoginRequired
        There is none, or there are several; the text names those that are there.
    """
    found = [
        key
        for key in keys
        if client_id in (None, key.client_id) and athlete_id in (None, key.athlete_id)
    ]
    if len(found) > 1:
        names = ", ".join(str(key.athlete_id) for key in found)
        raise LoginRequired(
            f"Several are logged in ({names}); say which: stravalib --athlete ID ..."
        )
    if found:
        return found[0]
    text = "Nobody is logged in."
    if athlete_id is not None:
        text = f"Athlete {athlete_id} is not logged in."
    others = ", ".join(f"{k.athlete_id} (application {k.client_id})" for k in keys)
    if others:
        text = f"{text[:-1]} with application {client_id}." if client_id else text
        text += f" Logged in: {others}."
    raise LoginRequired(f"{text} {advice}".strip())
