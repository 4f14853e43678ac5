"""Whose account a command uses: the environment, or what ``login`` has kept."""

from __future__ import annotations

import os
from typing import Any

from stravalib._stores.credentials import load_credentials
from stravalib.exc import LoginRequired


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
    keys = store.list(kept.client_id if kept is not None else None)
    if athlete_id is not None:
        keys = [key for key in keys if key.athlete_id == athlete_id]
    if not keys:
        who = f"Athlete {athlete_id}" if athlete_id is not None else "Nobody"
        raise LoginRequired(
            f"{who} is logged in. Run `stravalib login`, or add --local to try it "
            "without an account."
        )
    if len(keys) > 1:
        names = ", ".join(str(key.athlete_id) for key in keys)
        raise LoginRequired(f"Several are logged in ({names}); add --athlete ID.")
    options.setdefault("client_id", keys[0].client_id)
    return {**options, "token_store": store, "athlete_id": keys[0].athlete_id}
