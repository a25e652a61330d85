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
        found = load(target)
        if not isinstance(found, Stack):
            fail([f"{target} is no stack: it has no options"], 2)
    for name, item in options_of(type(found)).items():
        given = getattr(found, name)
        shown = "" if given is None or given in ((), {}) else f" = {getattr(given, 'value', given)}"
        click.echo(f"{name}{shown}\n    {item.metadata['help']}; takes {item.metadata['kind'].description}")
