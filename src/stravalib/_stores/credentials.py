"""The application's own credentials, kept for the command line.

A cron job has no terminal to ask; so ``stravalib login`` keeps client id and secret
beside the tokens, in a file that only the user can read.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, NamedTuple

from stravalib._stores.file import write_private_json
from stravalib._stores.locks import close_to_others, data_folder

if TYPE_CHECKING:
    from pathlib import Path

FILE = "application.json"


class Credentials(NamedTuple):
    """Client id and secret of an application; the secret is not shown."""

    client_id: int
    client_secret: str

    def __repr__(self) -> str:
        return f"Credentials(client_id={self.client_id}, client_secret='***')"


def load_credentials(folder: Path | None = None) -> Credentials | None:
    """Return the credentials in the environment, else those that were kept."""
    text = os.environ.get("STRAVA_CLIENT_ID", "").strip()
    secret = os.environ.get("STRAVA_CLIENT_SECRET", "").strip()
    if text.isdecimal() and secret:
        return Credentials(int(text), secret)
    path = (folder or data_folder()) / FILE
    close_to_others(path)
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return Credentials(int(kept["client_id"]), str(kept["client_secret"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        # Without the cause: its text would quote the content.
        message = f"{path} is damaged; delete it and run `stravalib login` again."
        raise ValueError(message) from None


def save_credentials(kept: Credentials, folder: Path | None = None) -> Path:
    """Keep credentials, readable by the user only; the old file is replaced whole."""
    path = (folder or data_folder()) / FILE
    write_private_json(path, kept._asdict())
    return path


def delete_credentials(folder: Path | None = None) -> None:
    """Forget the credentials that were kept."""
    ((folder or data_folder()) / FILE).unlink(missing_ok=True)
