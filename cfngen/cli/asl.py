"""Write a definition."""

from __future__ import annotations

from collections.abc import Sequence

import click

from cfngen.cli.exits import exit_on_problems, print_document, warn
from cfngen.cli.targets import load_or_fail, set_options, target_argument


@click.command()
@target_argument
@set_options
def asl(target: str, settings: Sequence[tuple[str, str]]) -> None:
    """Write the definition of TARGET's state machine, in the Amazon States Language.

    References to resources of the stack stay as they are, {"Ref": ...}.

    \b
    cfngen asl batch-job-notification
    cfngen asl workflow.py:workflow
    """
    with exit_on_problems():
        from troposphere import Template

        from cfngen.inputs.targets import machine_of, only_machine
        from cfngen.template import pretty

        loaded = load_or_fail(target, settings)
        machine = only_machine(loaded, target) if isinstance(loaded, Template) else machine_of(loaded)
        machine.workflow.raise_errors(machine.type)
        warn(machine.workflow.check(machine.type))
        print_document(pretty(machine.workflow.to_asl()) + "\n")
