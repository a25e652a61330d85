"""Run a sample, or a stack of the user's own, on this machine."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import click

from cfngen.cli import exits as ending
from cfngen.cli.execute import check_name
from cfngen.cli.exits import exit_on_problems, exit_on_service_error, fail, print_document
from cfngen.cli.progress import progress
from cfngen.cli.reporting import report_option, write_report
from cfngen.cli.targets import complete_target, load_or_fail, set_options, split_pairs, template_problems
from cfngen.core.declared import did_you_mean

if TYPE_CHECKING:
    from cfngen.local.mocks import Response


@click.command()
@click.argument("target", default="batch-job-notification", shell_complete=complete_target)
@click.option("--input", "execution_input", metavar="JSON|@FILE", help="The input of the execution.")
@click.option("--name", help="The name of the execution; a random one unless given.")
@click.option(
    "--fail", "failing", metavar="STATE", multiple=True, help="Make this task fail; may be given again."
)
@click.option(
    "--mock",
    "mocks",
    metavar="STATE=JSON|@FILE",
    multiple=True,
    callback=split_pairs,
    help='What this task answers: a result, {"Return": ...}, {"Throw": {"Error": ...}}, '
    "or a list of those, one for each attempt; may be given again.",
)
@click.option("--mock-config", metavar="FILE", help="Mocks in the format of Step Functions Local.")
@click.option("--case", metavar="NAME", help="The test case of --mock-config.")
@click.option("--machine", metavar="LOGICAL-ID", help="Which state machine to run, of several.")
@report_option
@click.option("--keep", is_flag=True, help="Keep the stack and the emulator until Ctrl-C.")
@click.option(
    "--parameter",
    "parameters",
    multiple=True,
    callback=split_pairs,
    metavar="NAME=VALUE",
    help="A parameter of the template; may be given again.",
)
@click.option("-v", "--verbose", is_flag=True, help="List the defects of the emulator that are patched.")
@set_options
def demo(
    target: str,
    execution_input: str | None,
    name: str | None,
    failing: Sequence[str],
    mocks: Sequence[tuple[str, str]],
    mock_config: str | None,
    case: str | None,
    machine: str | None,
    report: str | None,
    keep: bool,
    parameters: Sequence[tuple[str, str]],
    verbose: bool,
    settings: Sequence[tuple[str, str]],
) -> None:
    """Deploy TARGET in an emulator of AWS on this machine, run it, and show what happens.

    Needs the extra 'local', but no AWS account and no Docker. Exits with 1 when the execution does not
    succeed. The output of the execution goes to standard output, all else to standard error.

    \b
    cfngen demo
    cfngen demo --fail "Submit Batch Job" --report failure.html
    cfngen demo batch-job-notification-fargate
    cfngen demo --mock 'Submit Batch Job={"JobId": "1"}'
    cfngen demo workflow.py --input '{"night": 1}'
    """
    from cfngen.aws.executions import definition_of, read_input
    from cfngen.local.mocks import answers_of

    with exit_on_service_error():
        text = None if execution_input is None else read_input(execution_input)
        responses: dict[str, Sequence[Response]] = {
            **_responses_of_case(mock_config, case, machine),
            **{state: answers_of(json.loads(read_input(answer, "--mock"))) for state, answer in mocks},
        }
    check_name(name)

    from cfngen.local.demo import Demo, deploy
    from cfngen.local.running import emulator
    from cfngen.local.task_states import task_problems

    # the emulator takes longest to start: all else is done meanwhile
    with exit_on_service_error(), emulator() as running:
        with progress("starting the emulator") as at:
            body = _deployable_template(target, settings)
            for option, names in (("--fail", failing), ("--mock", responses)):
                for problem in task_problems(body, [*names]):
                    fail([f"{option}: {problem}"], 2)
            for service in ("cloudformation", "stepfunctions"):
                running.client(service)
            stack = deploy(running, body, dict(parameters), _say, verbose=verbose)
            shown = Demo(running, stack, _say, machine)
            at.say("the execution is running")
            following = shown.execute(text, name, failing, responses)
        if (output := following.described.get("output")) is not None:
            print_document(f"{output}\n")
        shown.show_results()
        definition = partial(definition_of, running.client("stepfunctions"), following.arn)
        write_report(report, definition, following.described, following.history)
        if keep:
            shown.keep()
        if following.status != "SUCCEEDED":
            raise SystemExit(1)


def _deployable_template(target: str, settings: Sequence[tuple[str, str]]) -> str:
    """Return the template of a target as JSON; end the command where it cannot be deployed."""
    with exit_on_problems():
        from cfngen.inputs.targets import template_of
        from cfngen.template import rendered, to_json

        loaded = load_or_fail(target, settings)
        plain = rendered(template_of(loaded))
        body = to_json(plain)
        ending.report(template_problems(loaded, plain, body))
    return body


def _responses_of_case(
    path: str | None, case: str | None, machine: str | None
) -> Mapping[str, Sequence[Response]]:
    """Return the responses of a test case in a file of mocks; end the command where there is none."""
    if path is None and case is None:
        return {}
    if path is None or case is None:
        fail(["--mock-config FILE and --case NAME go together"], 2)
    from cfngen.local.mocks import MockConfig, MockConfigError

    try:
        machines = MockConfig.read(path).machines
    except MockConfigError as error:
        fail([f"{path}: {problem}" for problem in error.problems], 2)
    except UnicodeDecodeError:
        fail([f"{path} is not UTF-8"], 2)
    except OSError as error:
        fail([f"cannot read {path}: {error.strerror}"], 2)
    having = {name: cases[case] for name, cases in machines.items() if case in cases}
    if not having:
        known = [name for cases in machines.values() for name in cases]
        fail(
            [f"{path} has no case {case!r}; {did_you_mean(case, known) or 'it has ' + ', '.join(known)}"], 2
        )
    if len(having) > 1 and machine not in having:
        fail([f"{path} has the case {case!r} for {', '.join(having)}: name one with --machine"], 2)
    return having.get(machine or "", next(iter(having.values())))


def _say(line: str) -> None:
    click.echo(line, err=True)
