"""``stravalib emulate``."""

from __future__ import annotations

import sys

import click


@click.command(
    context_settings={
        "ignore_unknown_options": True,
        "allow_extra_args": True,
        "help_option_names": [],
    },
    add_help_option=False,
)
@click.option("--archive", type=click.Path(exists=True, dir_okay=False))
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(archive: str | None, arguments: tuple[str, ...]) -> int:
    """Run a local Strava; the same as ``python -m stravalib.emulator``."""
    from stravalib.emulator.__main__ import main

    if archive is None:
        return int(main(list(arguments)) or 0)
    from stravalib.archive import Archive
    from stravalib.emulator.world import load_records

    with Archive(archive) as opened:
        world = load_records(opened.records())
    sys.stderr.write(f"Serving {archive}.\n")
    return int(main(list(arguments), world=world) or 0)
