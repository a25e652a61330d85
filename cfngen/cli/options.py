"""List the options of a stack."""

from __future__ import annotations

import click

from cfngen.cli.exits import exit_on_problems, fail
from cfngen.cli.targets import load, target_argument


@click.command()
@target_argument
def options(target: str) -> None:
    """List the options of a stack, what each takes, and its value.

    \b
    cfngen options batch-job-notification
    """
    from cfngen.stacks.options import options_of
    from cfngen.stacks.state_machine import Stack

    with exit_on_problems():
        stack = load(target)
        if not isinstance(stack, Stack):
            fail([f"{target} is not a stack, so it has no options"], 2)
    for name, item in options_of(type(stack)).items():
        value = getattr(stack, name)
        shown = "" if value is None or value in ((), {}) else f" = {getattr(value, 'value', value)}"
        click.echo(f"{name}{shown}\n    {item.metadata['help']}; takes {item.metadata['kind'].description}")
