"""The command group: commands are imported when they are called."""

from __future__ import annotations

import codecs
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import click

from stravalib import __version__
from stravalib.cli.exits import EXIT_CODES, explain
from stravalib.cli.output import takes_unicode

if TYPE_CHECKING:
    from collections.abc import Iterable

# command -> (module, one line for the list); kept here so that `--help` and
# completion import nothing.
COMMANDS: dict[str, tuple[str, str]] = {
    "activities": ("activities", "List activities."),
    "activity": ("activity", "Show one activity."),
    "archive": ("archive", "Look after an archive: info, keep, forget, receipts."),
    "completion": ("completion", "Print the completion script of a shell."),
    "create": ("create", "Create a manual activity."),
    "doctor": ("doctor", "Check credentials, scopes, limits and the clock."),
    "emulate": ("emulate", "Run a local Strava."),
    "export": ("export", "Write activities as GPX, TCX, FIT, GeoJSON, CSV, Parquet."),
    "gear": ("gear", "List bikes and shoes."),
    "import": ("import_", "Take a bulk export or device files into an archive."),
    "limits": ("limits", "Show the quota: used, left, when it resets."),
    "login": ("login", "Connect an athlete in the browser."),
    "logout": ("logout", "Revoke the access and forget the tokens."),
    "routes": ("routes", "List routes, or save one as GPX or TCX."),
    "segments": ("segments", "List starred segments, star and unstar."),
    "sql": ("sql", "Ask an archive in SQL."),
    "sync": ("sync", "Bring an archive up to date with Strava."),
    "update": ("update", "Change an activity."),
    "upload": ("upload", "Upload FIT, TCX, GPX files or strength JSON."),
    "whoami": ("whoami", "Show who is logged in, and what was granted."),
}


class LazyGroup(click.Group):
    """Imports the module of a command when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"stravalib.cli.commands.{COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in sorted(COMMANDS)])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Tell the exit codes."""
        with formatter.section("Exit codes"):
            formatter.write_dl([(str(code), text) for code, text in EXIT_CODES.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="stravalib")
@click.option(
    "--local",
    is_flag=True,
    help="Use a local Strava with an invented athlete: no account, no network.",
)
@click.option(
    "--local-state",
    type=click.Path(dir_okay=False),
    help="With --local: keep its state in this file from one command to the next.",
)
@click.option("--athlete", type=int, help="Id of the athlete, where several logged in.")
@click.option("-v", "--verbose", count=True, help="Say more on stderr; twice for all.")
@click.pass_context
def group(
    context: click.Context,
    local: bool,
    local_state: str | None,
    athlete: int | None,
    verbose: int,
) -> None:
    """Your Strava data on the command line.

    Data go to stdout, everything else to stderr. Start with

    \b
        stravalib login              connect your account, or
        stravalib --local activities try it without one.

    Unofficial: not affiliated with Strava.
    """
    from stravalib.cli.connection import Connection

    context.obj = context.with_resource(
        Connection(local=local, local_state=local_state, athlete_id=athlete)
    )
    if verbose:
        _log_to_stderr(verbose)


def _log_to_stderr(verbose: int) -> None:
    import logging

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    logger = logging.getLogger("stravalib")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG if verbose > 1 else logging.INFO)


def run(arguments: Iterable[str] | None = None) -> int:
    """Run the group; turn exceptions into a line on stderr and an exit code."""
    _prepare_streams()
    code = 0
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of a pipe (head, less) has gone; that is no error.
        _let_go_of_stdout()
        return 0
    except OSError as error:
        _let_go_of_stdout()
        if code == 0:  # else it has been told
            click.echo(f"stravalib: {explain(error)[1]}", err=True)
        return code or 1
    return code


def _run(arguments: Iterable[str] | None) -> int:
    try:
        result = group.main(
            args=None if arguments is None else list(arguments),
            prog_name="stravalib",
            standalone_mode=False,
        )
    except click.ClickException as error:
        error.show()
        if isinstance(error, click.NoSuchOption) and _is_ours(error.option_name):
            name = error.option_name
            click.echo(
                f"{name} goes before the command: stravalib {name} ...", err=True
            )
        return error.exit_code
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except SystemExit:
        # This is how click ends where the reader of a pipe has gone.
        if type(sys.stdout).__name__.endswith("PacifyFlushWrapper"):
            return 0
        raise
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        return 130
    except BrokenPipeError:
        raise
    except Exception as error:
        code, text = explain(error)
        if text is None:
            raise
        click.echo(f"stravalib: {text}", err=True)
        return code
    return result if isinstance(result, int) else 0


def _is_ours(option: str) -> bool:
    return any(option in parameter.opts for parameter in group.params)


def _prepare_streams() -> None:
    """Have something to write to, that takes any letter."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by the shell
            # Open as long as the process is.
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        elif not takes_unicode(stream) and hasattr(stream, "reconfigure"):
            # ASCII is what Python takes where the locale says nothing; click writes
            # UTF-8 there. A code page of Windows is meant.
            if codecs.lookup(stream.encoding).name == "ascii":
                stream.reconfigure(encoding="utf-8")
            else:
                stream.reconfigure(errors="backslashreplace")


def _let_go_of_stdout() -> None:
    """Write what is left nowhere, else Python complains about it at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, sys.stdout.fileno())
    except (OSError, ValueError):  # no real file
        return
    finally:
        os.close(nowhere)
