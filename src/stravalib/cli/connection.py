"""Which Strava a command speaks with, and as whom."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from types import TracebackType

    from stravalib import Client
    from stravalib.emulator import LocalStrava


class Connection:
    """Opens the client of a command, once, and closes it at the end."""

    def __init__(
        self, *, local: bool, local_state: str | None, athlete_id: int | None
    ) -> None:
        if local_state and not local:
            raise click.UsageError("--local-state goes with --local.")
        self.local = local
        self.local_state = local_state
        self.athlete_id = athlete_id
        self._stack = contextlib.ExitStack()
        self._client: Client | None = None
        self._strava: LocalStrava | None = None

    def __enter__(self) -> Connection:
        """Return the connection."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close what was opened."""
        self._stack.close()

    @property
    def strava(self) -> LocalStrava:
        """The local Strava of ``--local``, started when first asked for."""
        if self._strava is None:
            from stravalib.cli.local import start_local

            self._strava = self._stack.enter_context(start_local(self.local_state))
        return self._strava

    def client(self, **options: Any) -> Client:
        """Open the client."""
        if self._client is None:
            self._client = self._stack.enter_context(self._open(options))
        return self._client

    def async_client_options(self) -> dict[str, Any]:
        """Keyword arguments that make an `AsyncClient` of the same athlete."""
        if self.local:
            return {"access_token": self.strava.token(), "base_url": self.strava.url}
        from stravalib.cli.account import client_options

        return client_options(self.athlete_id)

    def _open(self, options: dict[str, Any]) -> Client:
        from stravalib import Client

        return Client(**self.async_client_options(), **options)


def pass_connection(function: Any) -> Any:
    """Hand the connection of the command line to a command."""
    return click.make_pass_decorator(Connection)(function)
