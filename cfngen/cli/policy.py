"""Write policies."""

from __future__ import annotations

from collections.abc import Sequence

import click

from cfngen.cli.exits import exit_on_problems, print_document
from cfngen.cli.targets import set_options, targets_argument


@click.command()
@targets_argument("FILE|TARGET...")
@set_options
@click.option(
    "--scope",
    type=click.Choice(["least-privilege", "documented"]),
    help="How narrow: as narrow as IAM allows, or as AWS's pages print it. Default: the stack's own.",
)
@click.option(
    "--explain",
    is_flag=True,
    help="Write which state needs each statement, and why, instead of the policy.",
)
@click.option("--format", "style", type=click.Choice(["json", "yaml"]), default="json", show_default=True)
def policy(
    targets: Sequence[str],
    settings: Sequence[tuple[str, str]],
    scope: str | None,
    explain: bool,
    style: str,
) -> None:
    """Write the IAM policy that a state machine needs.

    FILE is a definition, or a template of CloudFormation or SAM. Several state machines make one document
    with a policy for each, by its name.

    \b
    cfngen policy batch-job-notification
    cfngen policy workflow.py --scope documented
    cfngen policy template.yaml --explain
    """
    from cfngen.inputs import policies

    with exit_on_problems():
        machine_policies = policies.policies(targets, settings, scope)
    if explain:
        print_document(policies.explained(machine_policies))
    else:
        print_document(
            policies.as_yaml(machine_policies)
            if style == "yaml"
            else policies.policies_as_json(machine_policies)
        )
