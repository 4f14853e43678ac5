"""Questions to the person at the terminal."""

from __future__ import annotations

import getpass
import sys
import warnings
from typing import Any

import click


def ask(text: str, otherwise: Exception, **options: Any) -> Any:
    """Ask for a value on stderr.

    Parameters
    ----------
    otherwise
        Raised where nobody can answer: standard input is closed or at its end.
    **options
        Passed to `click.prompt`.
    """
    try:
        with warnings.catch_warnings():
            # Without a terminal there is no echo that could be turned off.
            warnings.simplefilter("ignore", getpass.GetPassWarning)
            return click.prompt(text, err=True, **options)
    except click.Abort as stop:
        # click makes one exception of Ctrl-C and of the end of the input.
        if not isinstance(stop.__context__, EOFError):
            raise
    except (AttributeError, RuntimeError):
        # What `getpass` and `input` raise where standard input is closed.
        if sys.stdin is not None:
            raise
    click.echo(err=True)
    raise otherwise
