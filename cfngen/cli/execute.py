"""Run a state machine that is deployed."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from cfngen.cli.exits import exit_on_service_error, fail, print_document
from cfngen.cli.reporting import report_option, write_report

if TYPE_CHECKING:
    from cfngen.aws.executions import Following
    from cfngen.cli.targets import Command


def account_options(command: Command) -> Command:
    """Take whom to ask, and where."""
    for option in (
        click.option("--region", help="The region. Default: the ARN's, or the profile's."),
        click.option("--profile", help="A profile of your AWS configuration."),
        click.option("--endpoint-url", metavar="URL", help="Ask there instead of AWS: an emulator."),
    ):
        command = option(command)
    return command


@click.command()
@click.argument("target", metavar="STACK|ARN")
@click.option(
    "--input", "execution_input", default="{}", metavar="JSON|@FILE", help="Its input. Default: {}."
)
@click.option("--name", help="Its name; a random one unless given.")
@click.option(
    "--machine", metavar="LOGICAL-ID", help="Which state machine of the stack, if it has several."
)
@report_option
@account_options
def execute(
    target: str,
    execution_input: str,
    name: str | None,
    machine: str | None,
    report: str | None,
    endpoint_url: str | None,
    profile: str | None,
    region: str | None,
) -> None:
    """Run the state machine of a deployed stack, or of that ARN, and show what happens.

    Needs the extra 'aws', and credentials as the AWS CLI finds them. The output of the execution goes to
    standard output, all else to standard error; exits with 1 when it does not succeed. Ctrl-C offers to
    stop the execution, which goes on otherwise.

    \b
    cfngen execute my-batch-jobs
    cfngen execute my-jobs --input '{"night": 1}' --profile work --report a.html
    cfngen execute my-jobs --endpoint-url http://127.0.0.1:5000 --region us-east-1
    """
    from cfngen.aws.clients import Account
    from cfngen.aws.discovery import machine_arn, region_of
    from cfngen.aws.executions import definition_of, express_definition, read_input

    with exit_on_service_error():
        text = read_input(execution_input)
        check_name(name)
        account = Account(profile, region or region_of(target), endpoint_url)
        arn = machine_arn(account, target, machine)
        client = account.client("stepfunctions")
        if (definition := express_definition(client, arn)) is not None:
            described = _run_and_show_express(client, arn, text, name)
            write_report(report, lambda: definition, described)
        else:
            following = _run_standard(client, arn, text, name)
            described = following.described
            write_report(report, lambda: definition_of(client, following.arn), described, following.history)
        if described["status"] != "SUCCEEDED":
            sys.exit(1)


def check_name(name: str | None) -> None:
    """End the command if Step Functions refuses the name of an execution; warn if none tracks it."""
    from cfngen.execution.names import name_problem

    if name is None:
        return
    if problem := name_problem(name):
        fail([f"--name {name!r} is refused by Step Functions: {problem}"], 2)
    if not name.isascii():
        click.echo(f"warning: CloudWatch keeps no metrics of {name!r}: it is not all ASCII", err=True)


def _run_standard(client: Any, arn: str, text: str, name: str | None) -> Following:
    from cfngen.aws.console import EventPrinter, brief, show_outcome
    from cfngen.aws.errors import ServiceError
    from cfngen.aws.executions import Following, start

    execution = start(client, arn, text, name)
    say(f"Execution {execution}, input {brief(text)}")
    following = Following(client, execution, poll_seconds=1.0)
    printer = EventPrinter(say)
    try:
        try:
            printer.show(following)
        except KeyboardInterrupt:
            _offer_to_stop(following)
            printer.show(following)
    except ServiceError:
        say(f"The execution may go on: {_how_to_look(execution)}")
        raise
    show_outcome(following.described, say)
    _print_output(following.described)
    return following


def _run_and_show_express(client: Any, arn: str, text: str, name: str | None) -> Mapping[str, Any]:
    from cfngen.aws.console import brief, show_outcome
    from cfngen.aws.executions import run_express

    say(f"An express execution of {arn}, input {brief(text)}: only its end is told")
    described = run_express(client, arn, text, name)
    show_outcome(described, say)
    _print_output(described)
    return described


def _print_output(described: Mapping[str, Any]) -> None:
    if described.get("output") is not None:
        print_document(f"{described['output']}\n")


def _offer_to_stop(following: Following) -> None:
    """Ask whether to stop the execution; end the command if not, also where nobody can answer."""
    say("")
    try:
        is_to_stop = sys.stdin.isatty() and click.confirm("Stop the execution?", err=True)
    except click.Abort:
        is_to_stop = False
    if not is_to_stop:
        say(f"The execution goes on: {_how_to_look(following.arn)}")
        sys.exit(1)
    following.stop("stopped by cfngen execute")


def _how_to_look(arn: str) -> str:
    return f"'cfngen status {arn}' shows it"


def say(line: str) -> None:
    """Write a line of what happens."""
    click.echo(line, err=True)
