"""Questions to the person at the terminal."""

from __future__ import annotations

import getpass
import sys
import warnings
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable


def ask(text: str, otherwise: Exception, **options: Any) -> Any:
    """Ask for a value on stderr.

    Parameters
    ----------
    otherwise
        Raised where nobody can answer: standard input is closed or at its end.
    **options
        Passed to `click.prompt`.
    """
    return _answer(lambda: click.prompt(text, err=True, **options), otherwise)


def confirm(text: str, otherwise: Exception) -> None:
    """Ask for a yes on stderr; anything else stops the command."""
    _answer(lambda: click.confirm(text, abort=True, err=True), otherwise)


def _answer(question: Callable[[], Any], otherwise: Exception) -> Any:
    try:
        with warnings.catch_warnings():
            # Without a terminal there is no echo that could be turned off.
            warnings.simplefilter("ignore", getpass.GetPassWarning)
            return question()
    except click.Abort as stop:
        # click makes one exception of Ctrl-C, a no, and the end of the input.
        if not isinstance(stop.__context__, EOFError):
            raise
    except (AttributeError, RuntimeError):
        # What `getpass` and `input` raise where standard input is closed.
        if sys.stdin is not None:
            raise
    click.echo(err=True)
    raise otherwise
