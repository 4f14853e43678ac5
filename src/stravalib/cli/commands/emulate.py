"""``stravalib emulate``."""

from __future__ import annotations

import click

from stravalib.cli.output import say

NAME = "stravalib emulate"


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    add_help_option=False,
)
@click.option("--archive", type=click.Path(exists=True, dir_okay=False))
@click.option("--help", "-h", "show_help", is_flag=True)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(archive: str | None, show_help: bool, arguments: tuple[str, ...]) -> int:
    """Run a local Strava, with an invented athlete or over your own archive.

    Takes the options of ``python -m stravalib.emulator``, and --archive FILE.
    """
    from stravalib.emulator.__main__ import main, parser

    if show_help:
        shown = parser(NAME)
        text = "serve this archive: any client works on it"
        shown.add_argument("--archive", metavar="FILE", help=text)
        click.echo(shown.format_help().rstrip())
        return 0
    if archive is None:
        return main(list(arguments), prog=NAME)
    from stravalib.archive import Archive
    from stravalib.emulator.world import load_json

    with Archive(archive, read_only=True) as opened:
        world = load_json(opened.recorded())
        say(f"Serving {archive}.")
        return main(list(arguments), world=world, prog=NAME)
