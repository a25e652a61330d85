"""Completion with Tab."""

from __future__ import annotations

import click

from cfngen.cli.exits import print_document


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Write the script that completes cfngen's commands, targets and options with Tab.

    \b
    eval "$(cfngen completion bash)"
    cfngen completion fish > ~/.config/fish/completions/cfngen.fish
    """
    from click.shell_completion import get_completion_class

    from cfngen.cli import main

    completer = get_completion_class(shell)
    assert completer is not None  # every shell of the choice has one
    print_document(completer(main, {}, "cfngen", "_CFNGEN_COMPLETE").source())
