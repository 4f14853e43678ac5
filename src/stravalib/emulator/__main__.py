"""``python -m stravalib.emulator``: a local Strava with one command."""

from __future__ import annotations

import argparse
import logging
import socket
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stravalib.emulator.profiles import DEFAULT_PROFILE, PROFILES

if TYPE_CHECKING:
    from stravalib.emulator.local import LocalStrava
    from stravalib.emulator.records import World

DEFAULT_PORT = 7872
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def parser(prog: str = "python -m stravalib.emulator") -> argparse.ArgumentParser:
    """Describe the command line."""
    answer = argparse.ArgumentParser(
        prog=prog,
        description=(
            "Run a local Strava: the API, OAuth, webhooks and uploads on this machine. "
            "Unofficial; nothing is sent to strava.com."
        ),
    )
    add = answer.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    add("--port", type=int, default=DEFAULT_PORT, help="0 is any (%(default)s)")
    add("--profile", choices=tuple(PROFILES), default=DEFAULT_PROFILE)
    add("--state", metavar="FILE", help="keep everything in this SQLite file")
    add("--seed", type=int, default=1, help="seed of the generated world (%(default)s)")
    add("--athletes", type=int, default=1, help="athletes to generate (%(default)s)")
    add("--years", type=float, default=2.0, help="years to generate (%(default)s)")
    add(
        "--load",
        metavar="PATH",
        help="serve this instead: a bulk-export ZIP, a folder of FIT/TCX/GPX files, or "
        "a folder or file of recorded JSON",
    )
    add("--client-id", type=int, help="id of the application")
    add("--client-secret", help="its secret (default: a random one)")
    add("--callback-domain", default="localhost", help="(%(default)s)")
    add("--capacity", type=int, default=999, help="athletes it may connect")
    add("--limits", type=_limits, help="four numbers, e.g. 200,2000,100,1000")
    add("--upload-delay", type=float, default=1.0, help="seconds (%(default)s)")
    add("--allow-host", action="append", default=[], metavar="NAME")
    add("--remote-callbacks", action="store_true", help="webhooks leave this machine")
    add("--quiet", action="store_true", help="no line for each request")
    return answer


def _limits(text: str) -> tuple[int, int, int, int]:
    try:
        first, second, third, fourth = (int(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r}: give overall and read limits as 200,2000,100,1000"
        ) from None
    return first, second, third, fourth


def main(
    argv: list[str] | None = None,
    *,
    world: World | None = None,
    prog: str = "python -m stravalib.emulator",
) -> int:
    """Serve until interrupted."""
    options = parser(prog).parse_args(argv)
    try:
        import uvicorn
    except ImportError:
        sys.stderr.write(
            "The local Strava needs starlette and uvicorn: "
            'pip install "stravalib[emulator]"\n'
        )
        return 1
    from stravalib.emulator.store import StateFileError

    logging.basicConfig(
        level=logging.WARNING if options.quiet else logging.INFO,
        format="%(asctime)s %(message)s",
        stream=sys.stderr,
    )
    try:
        listener = _listen(options.host, options.port)
    except OSError as error:
        sys.stderr.write(
            f"cannot listen on {options.host}:{options.port} ({error.strerror}); "
            "choose another with --port\n"
        )
        return 1
    try:
        strava = _strava(options, listener.getsockname()[1], world)
    except (StateFileError, OSError, ValueError) as error:
        listener.close()
        sys.stderr.write(f"{error}\n")
        return 1
    _announce(strava, options)
    config = uvicorn.Config(
        strava.app,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=2,
        ws="none",
    )
    try:
        uvicorn.Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        pass
    finally:
        strava.close()
    return 0


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        # From here on callers wait instead of being refused.
        listener.listen(2048)
    except OSError:
        listener.close()
        raise
    return listener


def _strava(options: argparse.Namespace, port: int, world: World | None) -> LocalStrava:
    from stravalib.emulator.local import LocalStrava
    from stravalib.emulator.state import State

    if options.load is not None and not Path(options.load).exists():
        raise FileNotFoundError(f"there is no {options.load} to load")
    state = None
    if options.state is None:
        state = State(profile=options.profile)
        state.load_in_background(lambda: world or _world(options))
    elif world is None and not Path(options.state).exists():
        _say(["Making the world ..."])
        world = _world(options)
    strava = LocalStrava(
        world,
        profile=options.profile,
        state=state,
        state_file=options.state,
        upload_delay=options.upload_delay,
        remote_callbacks=options.remote_callbacks,
        allowed_hosts=tuple(options.allow_host),
        host=options.host,
        port=port,
    )
    _set_up_application(strava, options)
    return strava


def _world(options: argparse.Namespace) -> World:
    from datetime import UTC, datetime
    from importlib import import_module

    room: Any = import_module("stravalib.emulator.world")
    world: World
    if options.load is None:
        now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
        world = room.generate(
            seed=options.seed, athletes=options.athletes, years=options.years, now=now
        )
        return world
    world = room.load(options.load)
    return world


def _set_up_application(strava: LocalStrava, options: argparse.Namespace) -> None:
    application = strava.application
    accounts = strava.state.accounts
    if options.client_id is not None and options.client_id != application.id:
        del accounts.applications[application.id]
        strava.state.keeper.drop("application", str(application.id))
        application.id = options.client_id
        accounts.add_application(application)
    if options.client_secret is not None:
        application.secret = options.client_secret
    application.callback_domain = options.callback_domain
    application.capacity = options.capacity
    if options.limits is not None:
        application.set_limits(options.limits)
    strava.state.save_application(application)
    strava.state.keeper.commit()


def _announce(strava: LocalStrava, options: argparse.Namespace) -> None:
    """Tell where it is and how to use it."""
    client_id, client_secret = strava.credentials
    shown = strava.url.replace("0.0.0.0", "127.0.0.1")
    lines = [
        f"Local Strava {strava.state.profile.name} (unofficial, nothing leaves here)",
        "",
        f"  API base       {shown}",
        f"  OAuth base     {strava.oauth_url}",
        f"  For eyes       {strava.origin}/",
        f"  Client id      {client_id}",
        f"  Client secret  {client_secret}",
        "",
    ]
    if options.host in _LOOPBACK:
        lines.append("Only this machine can reach it.")
    else:
        lines.append(
            f"WARNING: listening on {options.host}: every machine that reaches this "
            "one can read these athletes and make tokens."
        )
    if options.state:
        lines.append(f"Everything is kept in {options.state}.")
    _say(lines)
    if strava.state.ready.is_set():
        _show_token(strava, shown)
    else:
        _say(["", "Making the world ..."])
        threading.Thread(target=_show_token, args=(strava, shown), daemon=True).start()


def _show_token(strava: LocalStrava, url: str) -> None:
    """Show an access token and how to use it, when there is an athlete."""
    strava.state.ready.wait()
    if not strava.state.athletes:
        _say(["There is no athlete in this world, so there is no token to show."])
        return
    token = strava.token()
    count = len(strava.state.activities)
    _say(
        [
            "",
            f"  Access token   {token}   (all scopes, 6 hours)",
            "",
            f"  curl -H 'Authorization: Bearer {token}' {url}/athlete",
            "",
            "  from stravalib import Client",
            f'  client = Client(access_token="{token}",',
            f'                  base_url="{url}")',
            "",
            f"Ready: {count} activities of {len(strava.state.athletes)} athletes.",
        ]
    )


def _say(lines: list[str]) -> None:
    sys.stdout.write("\n".join([*lines, ""]))
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
