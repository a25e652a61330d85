"""Run a sample, or a stack of the user's own, on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import click

from cfngen.cli import exits as ending
from cfngen.cli.execute import check_name
from cfngen.cli.exits import exit_on_problems, exit_on_service_error, fail, print_document
from cfngen.cli.reporting import report_option, write_report
from cfngen.cli.targets import complete_target, load, set_options, split_pairs, template_problems


@click.command()
@click.argument("target", default="batch-job-notification", shell_complete=complete_target)
@click.option("--input", "execution_input", metavar="JSON|@FILE", help="The input of the execution.")
@click.option("--name", help="The name of the execution; a random one unless given.")
@click.option(
    "--fail", "failing", metavar="STATE", multiple=True, help="Make this task fail; may be given again."
)
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
@set_options
def demo(
    target: str,
    execution_input: str | None,
    name: str | None,
    failing: Sequence[str],
    report: str | None,
    keep: bool,
    parameters: Sequence[tuple[str, str]],
    settings: Sequence[tuple[str, str]],
) -> None:
    """Deploy TARGET in an emulator of AWS on this machine, run it, and show what happens.

    Needs the extra 'local', but no AWS account and no Docker. Exits with 1 when the execution does not
    succeed. The output of the execution goes to standard output, all else to standard error.

    \b
    cfngen demo
    cfngen demo --fail "Submit Batch Job" --report failure.html
    cfngen demo batch-job-notification-fargate
    cfngen demo workflow.py --input '{"night": 1}'
    """
    from cfngen.local.executions import definition_of, read_input

    with exit_on_service_error():
        text = None if execution_input is None else read_input(execution_input)
    check_name(name)

    from cfngen.local.demo import Demo, task_states
    from cfngen.local.running import emulator

    # the emulator takes longest to start: all else is done meanwhile
    with exit_on_service_error(), emulator() as running:
        with exit_on_problems():
            from cfngen.inputs.targets import template_of
            from cfngen.template import rendered, to_json

            loaded = load(target, settings)
            plain = rendered(template_of(loaded))
            body = to_json(plain)
            ending.report(template_problems(loaded, plain, body))
        for problem in task_states(body).problems_of(failing):
            fail([f"--fail: {problem}"], 2)
        shown = Demo(running, _say)
        shown.prepare()
        shown.deploy(body, dict(parameters))
        shown.execute(text, name, failing)
        if shown.output is not None:
            print_document(f"{shown.output}\n")
        shown.show_results()
        if (following := shown.following) is not None:
            client = running.client("stepfunctions")
            definition = partial(definition_of, client, following.arn)
            write_report(report, definition, following.described, following.history)
        if keep:
            shown.keep()
        if not shown.has_succeeded:
            raise SystemExit(1)


def _say(line: str) -> None:
    click.echo(line, err=True)
