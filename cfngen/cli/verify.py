"""Ask AWS whether what cfngen says is so."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from cfngen.cli.execute import account_options
from cfngen.cli.exits import exit_on_problems, exit_on_service_error, fail, print_document
from cfngen.cli.targets import file_or_target_argument, set_options

if TYPE_CHECKING:
    from cfngen.inputs.verification import Simulation, Verification


@click.command()
@file_or_target_argument
@set_options
@click.option("--aws", is_flag=True, help="Ask your account. Without it, what would be asked is printed.")
@click.option(
    "--role-arn", metavar="ARN", help="A deployed role to ask for, instead of the derived policy."
)
@account_options
def verify(
    target: str,
    settings: Sequence[tuple[str, str]],
    aws: bool,
    role_arn: str | None,
    endpoint_url: str | None,
    profile: str | None,
    region: str | None,
) -> None:
    """Ask AWS what it says of state machines and their policies, and show where cfngen differs.

    With --aws, ValidateStateMachineDefinition gets each definition, and SimulateCustomPolicy the policy
    that cfngen derives, with all that the machine needs; for --role-arn SimulatePrincipalPolicy is asked
    instead. Both calls only read. Without --aws nothing is called. Exits with 1 where AWS differs.

    \b
    cfngen verify batch-job-notification
    cfngen verify template.yaml --aws --profile work
    cfngen verify machine.asl.json --aws --role-arn "$ROLE_ARN"
    """
    from cfngen.documents.source import ReadError
    from cfngen.inputs.verification import verifications

    own_account = {} if role_arn is None else {"account": _account_of(role_arn)}
    with exit_on_problems():
        try:
            requested = verifications(target, settings, region=region or "us-east-1", **own_account)
        except ReadError as error:
            fail([str(error)], 2)
        except OSError as error:
            fail([f"cannot read {target}: {error.strerror or error}"], 2)
    if not requested:
        fail([f"{target}: there is no state machine in it"], 2)
    if not aws:
        requests = {each.title: _requests(each, role_arn) for each in requested}
        print_document(f"{json.dumps(requests, indent=2, ensure_ascii=False)}\n")
        click.echo("Nothing was called: --aws asks your account this.", err=True)
        return
    from cfngen.aws.clients import Account
    from cfngen.views.labels import title

    is_different = False
    with exit_on_service_error():
        account = Account(profile, region, endpoint_url)
        for each in requested:
            click.echo(title(each.title))
            for differs, line in _verdicts(account, each, role_arn):
                is_different |= differs
                click.echo(f"  {'differs: ' if differs else ''}{title(line)}")
    if is_different:
        sys.exit(1)


def _account_of(role_arn: str) -> str:
    from cfngen.cfn.arns import AWS, Arn, parse_arn

    arn = parse_arn(role_arn)
    if arn is None or arn.service != "iam" or not arn.account.isdecimal():
        expected = Arn(AWS, "iam", "", "ACCOUNT", "role/NAME")
        fail([f"--role-arn takes {expected}, not {role_arn!r}"], 2)
    return arn.account


def _requests(verification: Verification, role_arn: str | None) -> dict[str, Any]:
    """Return the calls, by name."""
    simulations = [_simulation(verification, each, role_arn) for each in verification.simulations]
    name = "SimulateCustomPolicy" if role_arn is None else "SimulatePrincipalPolicy"
    return {
        "ValidateStateMachineDefinition": verification.validation(),
        **({name: simulations} if simulations else {}),
    }


def _simulation(verification: Verification, each: Simulation, role_arn: str | None) -> dict[str, Any]:
    if role_arn is not None:
        return {"PolicySourceArn": role_arn, **each.request()}
    return {"PolicyInputList": [json.dumps(verification.policy)], **each.request()}


def _verdicts(account: Any, verification: Verification, role_arn: str | None) -> Iterator[tuple[bool, str]]:
    """Yield what AWS says, a line each, and whether cfngen says another thing."""
    from cfngen.aws.errors import response_field, translate_client_error

    problem = "cannot ask ValidateStateMachineDefinition"
    with translate_client_error(problem):
        reply = account.client("stepfunctions").validate_state_machine_definition(
            **verification.validation()
        )
    result = response_field(reply, "result", problem)
    differences = list(verification.differences(reply))
    yield from ((True, each) for each in differences)
    if reply.get("truncated"):
        yield (
            False,
            f"the definition: AWS tells the first {len(reply.get('diagnostics') or ())} problems alone",
        )
    elif not differences:
        yield False, f"the definition: {result} at AWS, as here"
    if verification.policy is None:
        yield False, "the permissions are not asked for: the definition has errors"
        return
    client = account.client("iam")
    problem = "cannot ask the simulator of IAM"
    name = "simulate_custom_policy" if role_arn is None else "simulate_principal_policy"
    count = denied = 0
    for simulation in verification.simulations:
        count += len(simulation.needed_by)
        with translate_client_error(problem):
            pages = client.get_paginator(name).paginate(**_simulation(verification, simulation, role_arn))
            results = [one for page in pages for one in response_field(page, "EvaluationResults", problem)]
        for line in simulation.denied(results):
            denied += 1
            is_told = role_arn is None or not simulation.is_assumed
            yield is_told, line if is_told else f"not told, by a name that is assumed: {line}"
    of = "the derived policy" if role_arn is None else role_arn
    yield False, f"the permissions: {count - denied} of {count} needs are allowed by {of}"
