"""Run one state alone."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from cfngen.cli.execute import account_options
from cfngen.cli.exits import exit_on_problems, exit_on_service_error, fail, print_document
from cfngen.cli.targets import file_or_target_argument, load_or_fail, set_options

if TYPE_CHECKING:
    from cfngen.execution import StateResult
    from cfngen.local.mocks import Response


@click.command("test-state")
@file_or_target_argument
@click.argument("state")
@click.option("--input", "input_text", default="{}", metavar="JSON|@FILE", help="Its input. Default: {}.")
@click.option(
    "--mock",
    metavar="JSON|@FILE",
    help='What its task answers: a result, {"Return": ...}, or {"Throw": {"Error": ..., "Cause": ...}}.',
)
@click.option("--variables", metavar="JSON|@FILE", help="The variables of the workflow.")
@click.option("--retries", type=click.IntRange(0), default=0, help="How often it was retried before.")
@click.option("--machine", metavar="LOGICAL-ID", help="Which state machine of a template with several.")
@set_options
@click.option("--aws", is_flag=True, help="Ask TestState of your account too, and show where it differs.")
@click.option("--role-arn", metavar="ARN", help="The role that AWS takes, where there is no --mock.")
@account_options
def test_state(
    target: str,
    state: str,
    input_text: str,
    mock: str | None,
    variables: str | None,
    retries: int,
    machine: str | None,
    settings: Sequence[tuple[str, str]],
    aws: bool,
    role_arn: str | None,
    endpoint_url: str | None,
    profile: str | None,
    region: str | None,
) -> None:
    """Run one state alone, offline, and show what it sends and what it comes to.

    The answer is that of the API TestState: its output and status, the error, and the next state. With
    --aws the same state, input and mock go to TestState of your account, and both answers are compared:
    exits with 1 if they differ, and otherwise if the state fails.

    \b
    cfngen test-state batch-job-notification "Notify Failure" --mock '{"Id": "1"}'
    cfngen test-state template.yaml Check --input '{"status": "ok"}'
    cfngen test-state m.asl.json Pay --aws --mock '{"Throw": {"Error": "No"}}'
    """
    from cfngen.aws.executions import read_input
    from cfngen.execution import ExecutionError, run_state

    with exit_on_service_error():
        value = json.loads(read_input(input_text))
        answer = (
            None if mock is None else _response_of_attempt(json.loads(read_input(mock, "--mock")), retries)
        )
        assigned = None if variables is None else json.loads(read_input(variables, "--variables"))
    if assigned is not None and not isinstance(assigned, dict):
        fail(["--variables takes an object of JSON"], 2)
    definition = _definition_of_target(target, settings, machine)
    try:
        result = run_state(
            definition,
            state,
            value,
            mock=answer,
            variables=assigned,
            retries=retries,
        )
    except ExecutionError as error:
        fail([str(error)], 2)
    offline = test_state_fields(result)
    print_document(f"{json.dumps(offline, indent=2, ensure_ascii=False)}\n")
    if aws:
        from cfngen.aws.clients import Account

        with exit_on_service_error():
            client = Account(profile, region, endpoint_url).client("stepfunctions")
            online = _asked(client, definition, state, input_text, answer, assigned, retries, role_arn)
        _show_differences(offline, online)
    elif result.status == "FAILED":
        sys.exit(1)


def test_state_fields(result: StateResult) -> dict[str, Any]:
    """Return a result in the words of TestState; ``sent`` is ours."""
    fields = {
        "status": result.status,
        "sent": result.sent,
        "output": result.output,
        "error": result.error,
        "cause": result.cause,
        "nextState": result.next_state,
        "variables": result.assigned or None,
        "retryBackoffIntervalSeconds": result.retry_seconds,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _definition_of_target(
    target: str, settings: Sequence[tuple[str, str]], machine: str | None
) -> Mapping[str, Any]:
    from cfngen.cfn.arns import integration_arn

    if os.path.exists(target) and not target.endswith(".py"):
        from cfngen.documents.source import ReadError
        from cfngen.views.diagram_source import DiagramSourceError, from_file

        if settings:
            fail(["--set sets options of a stack: a file has none"], 2)
        try:
            return from_file(target, machine).workflow.rendered(integration_arn)
        except (ReadError, DiagramSourceError) as error:
            fail([str(error)], 2)
        except OSError as error:
            fail([f"cannot read {target}: {error.strerror or error}"], 2)
    with exit_on_problems():
        from cfngen.inputs.targets import machine_of

        workflow = machine_of(load_or_fail(target, settings)).workflow
        workflow.raise_errors()
        return workflow.rendered(integration_arn)


def _response_of_attempt(value: Any, retries: int) -> Response:
    """Return what the task answers this time, of a list that of its attempt."""
    from cfngen.local.mocks import answers_of

    answers = answers_of(value)
    return answers[min(retries, len(answers) - 1)]


def _asked(
    client: Any,
    definition: Mapping[str, Any],
    state: str,
    input_text: str,
    answer: Response | None,
    variables: Any,
    retries: int,
    role_arn: str | None,
) -> dict[str, Any]:
    """Return what TestState answers.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html
    """
    from cfngen.aws.errors import response_field, translate_client_error, unreadable
    from cfngen.aws.executions import read_input
    from cfngen.execution.mocks import Return, Throw
    from cfngen.template.json_text import compact

    request: dict[str, Any] = {
        "definition": compact(definition),
        "stateName": state,
        "input": read_input(input_text),
    }
    if role_arn is not None:
        request["roleArn"] = role_arn
    if variables is not None:
        request["variables"] = json.dumps(variables)
    if retries:
        request["stateConfiguration"] = {"retrierRetryCount": retries}
    if isinstance(answer, Return):
        request["mock"] = {"result": json.dumps(answer.result)}
    elif isinstance(answer, Throw):
        request["mock"] = {"errorOutput": {"error": answer.error or "", "cause": answer.cause or ""}}
    problem = "cannot ask TestState"
    with translate_client_error(problem):
        reply = client.test_state(**request)
    response_field(reply, "status", problem)
    fields = {name: reply.get(name) for name in ("status", "output", "error", "cause", "nextState")}
    if isinstance(fields["output"], str):
        try:
            fields["output"] = json.loads(fields["output"])
        except (ValueError, RecursionError) as error:
            raise unreadable(problem, f"its output is not JSON: {error}") from None
    return {name: value for name, value in fields.items() if value is not None}


def _show_differences(offline: Mapping[str, Any], online: Mapping[str, Any]) -> None:
    """Show where the answer of AWS is another, and end with 1 if it is."""
    differences = [
        f"{name}: {_title_or_json(offline.get(name))} here, {_title_or_json(online.get(name))} at AWS"
        for name in ("status", "output", "error", "nextState")
        if offline.get(name) != online.get(name)
    ]
    for difference in differences:
        click.echo(f"differs: {difference}", err=True)
    if differences:
        sys.exit(1)
    click.echo("TestState of your account answers the same.", err=True)


def _title_or_json(value: Any) -> str:
    from cfngen.views.labels import title

    return "nothing" if value is None else title(json.dumps(value, ensure_ascii=False))
