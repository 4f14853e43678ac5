"""The ``stravalib`` command (extra ``cli``)."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    try:
        import click  # noqa: F401 - only to say what is missing
    except ImportError:
        sys.stderr.write(
            'The command line needs click and rich: pip install "stravalib[cli]"\n'
        )
        return 1
    from stravalib.cli.app import run

    return run(arguments)
