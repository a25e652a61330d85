"""Look at an execution."""

from __future__ import annotations

import sys
from itertools import takewhile

import click

from cfngen.cli.execute import account_options
from cfngen.cli.exits import exit_on_service_error
from cfngen.cli.reporting import report_option, write_report


@click.command()
@click.argument("arn", metavar="EXECUTION-ARN")
@report_option
@account_options
def status(
    arn: str, report: str | None, endpoint_url: str | None, profile: str | None, region: str | None
) -> None:
    """Show what an execution has done: one that is over, or one that still runs, up to now.

    Needs the extra 'aws', and credentials as the AWS CLI finds them. Step Functions keeps histories for 90
    days. Exits with 1 when the execution is over and did not succeed.

    \b
    cfngen status arn:aws:states:us-east-1:123456789012:execution:nightly:monday
    """
    from cfngen.aws.clients import Account
    from cfngen.aws.console import EventPrinter, brief, show_outcome
    from cfngen.aws.discovery import execution_arn, region_of
    from cfngen.aws.executions import Following, definition_of

    with exit_on_service_error():
        account = Account(profile, region or region_of(execution_arn(arn)), endpoint_url)
        client = account.client("stepfunctions")
        following = Following(client, arn, poll_seconds=0.2)
        events = list(takewhile(lambda event: event is not None, following))
    said = following.described
    click.echo(f"Execution {arn}")
    click.echo(f"  started {said.get('startDate', '?')}, input {brief(str(said.get('input', '')))}")
    EventPrinter(click.echo).show(events)
    show_outcome(said, click.echo)
    if said.get("output") is not None:
        click.echo(f"  output {said['output']}")
    with exit_on_service_error():
        write_report(report, lambda: definition_of(client, arn), said, following.history)
    if said["status"] not in ("SUCCEEDED", "RUNNING", "PENDING_REDRIVE"):
        sys.exit(1)
