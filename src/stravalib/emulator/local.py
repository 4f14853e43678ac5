"""A local Strava in a thread of this process."""

from __future__ import annotations

import socket
import threading
import time
from typing import TYPE_CHECKING, NamedTuple

from stravalib._facts.scopes import SCOPES
from stravalib.emulator.app import DEFAULT_SEED, create_app
from stravalib.emulator.profiles import DEFAULT_PROFILE

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable
    from types import TracebackType

    from stravalib.emulator.accounts import Application, Pair
    from stravalib.emulator.clock import Clock
    from stravalib.emulator.faults import Faults
    from stravalib.emulator.recording import Recorder
    from stravalib.emulator.records import UploadProcessor, World
    from stravalib.emulator.server import Server
    from stravalib.emulator.state import State
    from stravalib.emulator.threaded import ThreadedServer
    from stravalib.emulator.webhooks import Events

_START_SECONDS = 20.0


class Credentials(NamedTuple):
    """Id and secret of an application."""

    client_id: int
    client_secret: str

    def __repr__(self) -> str:
        return f"Credentials(client_id={self.client_id}, client_secret='***')"


class LocalStrava:
    """A Strava of one's own: use :attr:`app` in process, or start a server.

    Takes what :func:`~stravalib.emulator.create_app` takes, and a port (0: any free
    one).

    Examples
    --------
    >>> with LocalStrava(world) as strava:  # doctest: +SKIP
    ...     requests.get(
    ...         strava.url + "/athlete",
    ...         headers={"Authorization": "Bearer " + strava.token()},
    ...     )
    """

    def __init__(
        self,
        world: World | None = None,
        *,
        profile: str = DEFAULT_PROFILE,
        clock: Clock | None = None,
        seed: int = DEFAULT_SEED,
        state: State | None = None,
        applications: tuple[Application, ...] = (),
        upload_delay: float = 0.2,
        processor: UploadProcessor | None = None,
        state_file: str | os.PathLike[str] | None = None,
        in_background: bool = False,
        remote_callbacks: bool = False,
        allowed_hosts: tuple[str, ...] = (),
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.app: Server = create_app(
            world,
            profile=profile,
            clock=clock,
            seed=seed,
            state=state,
            applications=applications,
            upload_delay=upload_delay,
            processor=processor,
            state_file=state_file,
            in_background=in_background,
            remote_callbacks=remote_callbacks,
            allowed_hosts=allowed_hosts,
        )
        self._host, self._port = host, port
        self._server: ThreadedServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def state(self) -> State:
        """Everything that the server knows."""
        return self.app.state

    @property
    def clock(self) -> Clock:
        """The clock that the server goes by."""
        return self.app.state.clock

    @property
    def requests(self) -> Recorder:
        """What was asked, oldest first."""
        return self.app.requests

    @property
    def faults(self) -> Faults:
        """The fault rules in force."""
        return self.app.faults

    @property
    def events(self) -> Events:
        """Webhook subscriptions and deliveries."""
        return self.app.events

    @property
    def application(self) -> Application:
        """The first application."""
        return next(iter(self.state.accounts.applications.values()))

    @property
    def credentials(self) -> Credentials:
        """Id and secret of the first application."""
        return Credentials(self.application.id, self.application.secret)

    @property
    def athlete_id(self) -> int:
        """The first athlete of the world."""
        self.state.ready.wait()
        return next(iter(self.state.athletes))

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    @property
    def url(self) -> str:
        """Base of the API, e.g. ``http://127.0.0.1:50123/api/v3``."""
        return self.origin + self.state.profile.prefix

    @property
    def oauth_url(self) -> str:
        """Base of the OAuth endpoints, e.g. ``http://127.0.0.1:50123/oauth``."""
        return self.origin + "/oauth"

    def token(
        self,
        scopes: Iterable[str] | str | None = None,
        *,
        athlete_id: int | None = None,
        application: Application | None = None,
    ) -> str:
        """Grant scopes (all by default) and give an access token."""
        return self.authorize(
            scopes, athlete_id=athlete_id, application=application
        ).token.value

    def authorize(
        self,
        scopes: Iterable[str] | str | None = None,
        *,
        athlete_id: int | None = None,
        application: Application | None = None,
    ) -> Pair:
        """Grant scopes as an athlete would on the consent page."""
        if isinstance(scopes, str):
            scopes = scopes.replace(",", " ").split()
        wanted = list(SCOPES if scopes is None else scopes)
        unknown = [scope for scope in wanted if scope not in SCOPES]
        if unknown:
            raise ValueError(
                f"unknown scopes {unknown}; Strava knows {', '.join(SCOPES)}"
            )
        self.state.ready.wait()
        athlete_id = self.athlete_id if athlete_id is None else athlete_id
        if athlete_id not in self.state.athletes:
            raise ValueError(f"no athlete {athlete_id} in this world")
        application = application or self.application
        pair = self.state.accounts.authorize(
            application, athlete_id, wanted, self.clock.now()
        )
        self.state.save_grant(application.id, athlete_id)
        self.state.keeper.commit()
        return pair

    def start(self) -> LocalStrava:
        """Serve from a thread; returns when the server answers."""
        import uvicorn

        from stravalib.emulator.threaded import ThreadedServer

        if self._server is not None:
            return self
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((self._host, self._port))
        self._port = listener.getsockname()[1]
        config = uvicorn.Config(
            self.app,
            log_config=None,
            log_level="critical",
            access_log=False,
            lifespan="on",
            timeout_graceful_shutdown=1,
            server_header=False,
            date_header=False,
            ws="none",
        )
        self._server = server = ThreadedServer(config)
        self._thread = threading.Thread(
            target=server.run,
            kwargs={"sockets": [listener]},
            name="local-strava",
            daemon=True,
        )
        self._thread.start()
        deadline = time.monotonic() + _START_SECONDS
        while not server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                raise RuntimeError(
                    f"the local Strava did not start on {self.origin}; see the log "
                    "of uvicorn.error"
                )
            time.sleep(0.002)
        return self

    def stop(self) -> None:
        """End the server and its thread."""
        if self._server is None or self._thread is None:
            return
        self._server.wake()
        self._thread.join(10)
        if self._thread.is_alive():
            self._server.force_exit = True
            self._thread.join(10)
        self._server = self._thread = None
        self.state.keeper.commit()

    def close(self) -> None:
        """Stop, and let go of the state file."""
        self.stop()
        self.state.keeper.close()

    def __enter__(self) -> LocalStrava:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        where = self.url if self._server is not None else "not started"
        return f"<LocalStrava {where}>"
