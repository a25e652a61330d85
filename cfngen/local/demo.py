"""A demonstration: a stack in the emulator, from its template to the messages of its first execution."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from cfngen.aws.console import EventPrinter, brief, show_outcome
from cfngen.aws.discovery import MACHINE, selected
from cfngen.aws.errors import UNUSABLE, ServiceError, translate_client_error
from cfngen.aws.executions import Following, start
from cfngen.core.declared import did_you_mean
from cfngen.execution.mocks import FailTask
from cfngen.local.deployment import DeployedStack, StackResource, create_stack
from cfngen.local.mailbox import Mailbox

if TYPE_CHECKING:
    from cfngen.local.mocks import Responses
    from cfngen.local.running import Running

STACK: Final = "cfngen-demo"
TOPIC: Final = "AWS::SNS::Topic"
QUEUE: Final = "AWS::Batch::JobQueue"

GROUPS: Final = (
    ("Batch job", "AWS::Batch::"),
    ("SNS topic", "AWS::SNS::"),
    ("State machine", "AWS::StepFunctions::"),
    ("IAM roles", "AWS::IAM::"),
    ("Network", "AWS::EC2::"),
    ("Logs", "AWS::Logs::"),
    ("Others", ""),
)
"""The groups of the console's page on a sample project, and one for all other resources."""

_MADE_TO_FAIL: Final = FailTask("made to fail by --fail")
_POLL_SECONDS: Final = 0.04
_QUIET_SECONDS: Final = 10.0
"""Without an event for so long, the demo says how to end it."""


def deploy(
    running: Running,
    body: str,
    parameters: Mapping[str, str],
    write_line: Callable[[str], None],
    *,
    verbose: bool = False,
) -> DeployedStack:
    """Create the stack, and list its resources. Raises ``ServiceError``.

    ``verbose`` lists the defects of the emulator that are patched.
    """
    _check_parameters(body, parameters)
    patches = running.patches
    write_line(f"Emulator: moto {running.version} at {running.url}")
    if patches:
        write_line(f"Patched defects of moto: {len(patches)}{'' if verbose else ' (-v)'}")
    for name in patches if verbose else ():
        write_line(f"  {name}: {patches[name]}")
    for name, error in running.failed_patches.items():
        write_line(f"warning: the patch {name} does not work with this version: {error}")
    write_line(f"\nStack {STACK}")

    def show_change(change: StackResource) -> None:
        if change.status.endswith(("_COMPLETE", "_FAILED")):
            write_line(f"  {change.status:15}  {change.type:38}  {change.logical_id}")

    stack = create_stack(running.client("cloudformation"), STACK, body, parameters, show_change)
    _list(stack, body, write_line)
    return stack


class Demo:
    """An execution of a stack's state machine, shown line by line with ``write_line``."""

    def __init__(
        self,
        running: Running,
        stack: DeployedStack,
        write_line: Callable[[str], None],
        logical_id: str | None = None,
    ) -> None:
        """Run the state machine of this logical id, or the only one. Raises ``ServiceError``."""
        self._running = running
        self._stack = stack
        self._write_line = write_line
        self._machine = _machine(stack, logical_id)
        self._mailboxes: dict[str, Mailbox] = {}

    def execute(
        self, input_text: str | None, name: str | None, failing: Sequence[str], responses: Responses
    ) -> Following:
        """Run an execution to its end, tasks answered by ``responses``. Raises ``ServiceError``."""
        text = _sample_input(self._stack) if input_text is None else input_text
        for resource in self._stack.resources:
            if resource.type == TOPIC:
                with translate_client_error("cannot subscribe to the topic"):
                    self._mailboxes[resource.logical_id] = Mailbox(self._running, resource.physical_id)
        arn = self._machine
        if mocked := {**responses, **{state: [_MADE_TO_FAIL] for state in failing}}:
            self._running.mock(arn, "demo", mocked)
            arn = f"{arn}#demo"
        client = self._running.client("stepfunctions")
        execution = start(client, arn, text, name)
        following = Following(client, execution, _POLL_SECONDS)
        scale = self._running.time_scale
        self._write_line(f"\nExecution {execution.rpartition(':')[2]}, input {brief(text)}")
        self._write_line(
            f"  Waits run {scale.speedup:g} times as fast, and none takes longer than "
            f"{scale.max_wait_seconds:g} s."
        )
        EventPrinter(self._write_line).show(self._with_hint(following))
        show_outcome(following.described, self._write_line)
        return following

    def _with_hint(self, following: Following) -> Iterator[Mapping[str, Any] | None]:
        """Yield the events, and show a hint when there is none for a long time."""
        quiet = 0.0
        for event in following:
            quiet = quiet + _POLL_SECONDS if event is None else 0.0
            if _QUIET_SECONDS <= quiet < _QUIET_SECONDS + _POLL_SECONDS:
                self._write_line(
                    "  ... no event yet; Ctrl-C ends the demo, and --fail STATE lets a task fail"
                )
            yield event

    def show_results(self) -> None:
        """Show the jobs and the messages of the execution. Raises ``ServiceError``."""
        for resource in self._stack.resources:
            if resource.type == QUEUE:
                job_counts = self._count_jobs(resource.physical_id)
                counts = ", ".join(f"{count} {status}" for status, count in job_counts.items()) or "none"
                self._write_line(f"Jobs in {resource.logical_id}: {counts}")
        for topic, mailbox in self._mailboxes.items():
            with translate_client_error("cannot read the messages of the topic"):
                messages = mailbox.messages()
            self._write_line(f"Messages at {topic}: {'' if messages else 'none'}".rstrip())
            for message in messages:
                self._write_line("\n".join(f"  {line}" for line in message.text.splitlines()))

    def keep(self) -> None:
        """Keep the emulator running until Ctrl-C, and show how to use it."""
        running = self._running
        lines = [
            f"\nThe emulator runs at {running.url} until Ctrl-C. For the AWS CLI, in another terminal:",
            *(f"  export {name}={value}" for name, value in running.variables.items()),
            f"  aws stepfunctions list-executions --state-machine-arn {self._machine}",
        ]
        try:
            for line in lines:
                self._write_line(line)
            running.wait()
        except KeyboardInterrupt:
            return
        raise ServiceError("the emulator has ended")

    def _count_jobs(self, queue: str) -> Counter[str]:
        counts: Counter[str] = Counter()
        with translate_client_error("cannot list the jobs"):
            pages = self._running.client("batch").get_paginator("list_jobs")
            for status in ("SUCCEEDED", "FAILED", "RUNNING", "RUNNABLE"):
                jobs = pages.paginate(jobQueue=queue, jobStatus=status).search("jobSummaryList[]")
                counts[status] = len([*jobs])
        return +counts


def _machine(stack: DeployedStack, logical_id: str | None) -> str:
    """Return the ARN of the state machine to run."""
    machines = {it.logical_id: it.physical_id for it in stack.resources if it.type == MACHINE}
    output = stack.outputs.get("StateMachineArn", "")
    if logical_id is None and output in machines.values():
        return output
    return selected("the stack", machines, logical_id)


def _sample_input(stack: DeployedStack) -> str:
    """Return the output ExecutionInput of the stack, or an empty object."""
    sample = stack.outputs.get("ExecutionInput", "{}")
    try:
        json.loads(sample)
    except ValueError:
        return "{}"
    return sample


def _list(stack: DeployedStack, body: str, write_line: Callable[[str], None]) -> None:
    resources = [*stack.resources]
    write_line("\nThe stack has")
    for title, prefix in GROUPS:
        group = [resource for resource in resources if resource.type.startswith(prefix)]
        resources = [resource for resource in resources if resource not in group]
        if group:
            write_line(f"  {title}")
            for resource in group:
                write_line(f"    {resource.logical_id:34}  {resource.physical_id}")
    created = {resource.logical_id for resource in stack.resources}
    for name, resource in json.loads(body)["Resources"].items():
        if name not in created and "Condition" not in resource:
            write_line(f"  The emulator does not support {resource['Type']}: {name} is left out.")


def _check_parameters(body: str, parameters: Mapping[str, str]) -> None:
    declared = json.loads(body).get("Parameters", {})
    for name in parameters:
        if name not in declared:
            hint = did_you_mean(name, declared) or f"it has {', '.join(declared) or 'none'}"
            raise ServiceError(f"the template has no parameter {name!r}; {hint}", UNUSABLE)
    missing = [
        name for name, fields in declared.items() if "Default" not in fields and name not in parameters
    ]
    if missing:
        raise ServiceError(
            f"the template needs {', '.join(missing)}: use --parameter {missing[0]}=VALUE", UNUSABLE
        )
