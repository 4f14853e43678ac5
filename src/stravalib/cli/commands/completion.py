"""``stravalib completion``."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print the completion script of a shell.

    \b
        bash: eval "$(stravalib completion bash)"      in ~/.bashrc
        zsh:  eval "$(stravalib completion zsh)"       in ~/.zshrc
        fish: stravalib completion fish > ~/.config/fish/completions/stravalib.fish
    """
    kind = get_completion_class(shell)
    root = context.find_root().command
    if kind is None:
        raise click.UsageError(f"click knows no completion for {shell}.")
    made = kind(root, {}, "stravalib", "_STRAVALIB_COMPLETE")
    click.echo(made.source())
