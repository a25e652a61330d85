"""A stack in the emulator, from its template to the messages of its first execution."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from cfngen.cfn.functions import substitution
from cfngen.core.declared import Declared, did_you_mean, frozen
from cfngen.local.console import brief, show, show_outcome
from cfngen.local.deployment import Deployment, Made
from cfngen.local.errors import UNUSABLE, ServiceError, told
from cfngen.local.executions import Following, start
from cfngen.local.mailbox import Mailbox
from cfngen.local.mocks import FailTask

if TYPE_CHECKING:
    from cfngen.local.running import Running

STACK: Final = "cfngen-demo"
MACHINE: Final = "AWS::StepFunctions::StateMachine"
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
"""As the console groups what a sample deploys, and then what it does not name."""

POLLING: Final = 0.04
QUIET: Final = 10.0
"""Seconds without an event after which it is said what the execution waits for."""


@frozen
class TaskStates(Declared):
    """The names of the tasks of a template's state machines, and of their other states."""

    tasks: tuple[str, ...]
    others: tuple[str, ...]

    def refused(self, names: Sequence[str]) -> Iterator[str]:
        """Say of each name why no such task can be made to fail."""
        for name in names:
            if name in self.others:
                yield f"{name!r} is no Task: only those can be made to fail"
            elif name not in self.tasks:
                hint = did_you_mean(name, self.tasks) or "the tasks are " + ", ".join(map(repr, self.tasks))
                yield f"no state is named {name!r}; {hint}"


def task_states(body: str) -> TaskStates:
    """Return the states of a template in JSON, those of definitions in text included."""
    found: dict[str, bool] = {}
    for resource in json.loads(body).get("Resources", {}).values():
        if resource.get("Type") == MACHINE:
            properties = resource.get("Properties", {})
            _walk(properties.get("Definition") or _parsed(properties.get("DefinitionString")), found)
    return TaskStates(
        tuple(name for name, is_task in found.items() if is_task),
        tuple(name for name, is_task in found.items() if not is_task),
    )


class Demo:
    """One demonstration; ``say`` takes a line of it at a time."""

    def __init__(self, running: Running, say: Callable[[str], None]) -> None:
        """Show it in this emulator."""
        self.output: str | None = None
        self.following: Following | None = None
        self._running = running
        self._say = say
        self._made: Made | None = None
        self._mailboxes: dict[str, Mailbox] = {}

    def prepare(self) -> None:
        """Make what takes time, while the emulator still starts."""
        for service in ("cloudformation", "stepfunctions"):
            self._running.client(service)

    @property
    def has_succeeded(self) -> bool:
        """Whether the execution has."""
        return self.following is not None and self.following.status == "SUCCEEDED"

    def deploy(self, body: str, parameters: Mapping[str, str]) -> None:
        """Create the stack, and list what it has. Raises ``ServiceError``."""
        _check_parameters(body, parameters)
        running = self._running
        bridged = running.repairs
        self._say(f"Emulator: moto {running.version} at {running.url}")
        if bridged:
            self._say(f"Defects of it that are bridged: {', '.join(bridged)}")
        for name, error in running.failed_repairs.items():
            self._say(f"warning: {name} could not be bridged in this version: {error}")
        self._say(f"\nStack {STACK}")
        client = running.client("cloudformation")
        deployment = Deployment(client, STACK, body, parameters, POLLING)
        for change in deployment:
            if change.status.endswith(("_COMPLETE", "_FAILED")):
                self._say(f"  {change.status:15}  {change.type:38}  {change.logical_id}")
        assert deployment.made is not None
        self._made = deployment.made
        self._list(body)

    def execute(self, given: str | None, name: str | None, failing: Sequence[str]) -> None:
        """Run an execution of the stack's state machine to its end. Raises ``ServiceError``."""
        assert self._made is not None
        arn = self._machine()
        text = given if given is not None else self._sample_input()
        for resource in self._made.resources:
            if resource.type == TOPIC:
                with told("cannot listen to the topic"):
                    self._mailboxes[resource.logical_id] = Mailbox(self._running, resource.physical_id)
        started = arn
        if failing:
            cause = "made to fail by --fail"
            self._running.mock(arn, "demo", {state: [FailTask(cause)] for state in failing})
            started = f"{arn}#demo"
        client = self._running.client("stepfunctions")
        execution = start(client, started, text, name)
        self.following = Following(client, execution, POLLING)
        pace = self._running.pace
        self._say(f"\nExecution {execution.rpartition(':')[2]}, input {brief(text)}")
        self._say(
            f"  Waits run {pace.times:g} times as fast, and none takes longer than {pace.longest:g} s."
        )
        show(self._with_hint(self.following), self._say)
        show_outcome(self.following.described, self._say)
        self.output = self.following.described.get("output")

    def _with_hint(self, following: Following) -> Iterator[Mapping[str, Any] | None]:
        """Yield the events, and say what to do when there are none for long."""
        quiet = 0.0
        for event in following:
            quiet = quiet + POLLING if event is None else 0.0
            if QUIET <= quiet < QUIET + POLLING:
                self._say("  ... nothing happens; Ctrl-C ends it, and --fail STATE makes a task fail")
            yield event

    def show_what_it_left(self) -> None:
        """Show the jobs that ran, and the messages that arrived. Raises ``ServiceError``."""
        assert self._made is not None
        for resource in self._made.resources:
            if resource.type == QUEUE:
                ended = self._jobs(resource.physical_id)
                counts = ", ".join(f"{count} {status}" for status, count in ended.items()) or "none"
                self._say(f"Jobs in {resource.logical_id}: {counts}")
        for topic, mailbox in self._mailboxes.items():
            with told("cannot read what arrived at the topic"):
                messages = mailbox.messages()
            self._say(f"Messages at {topic}: {'' if messages else 'none'}".rstrip())
            for message in messages:
                self._say("\n".join(f"  {line}" for line in message.text.splitlines()))

    def keep(self) -> None:
        """Leave all as it is until Ctrl-C, and say how to get at it."""
        running = self._running
        self._say(
            f"\nThe emulator stays at {running.url} until Ctrl-C. For the AWS CLI, in another terminal:"
        )
        for name, value in running.variables.items():
            self._say(f"  export {name}={value}")
        self._say(f"  aws stepfunctions list-executions --state-machine-arn {self._machine()}")
        try:
            running.wait()
        except KeyboardInterrupt:
            return
        raise ServiceError("the emulator has ended")

    def _machine(self) -> str:
        """Return the ARN of the state machine that is to run."""
        assert self._made is not None
        machines = [found for found in self._made.resources if found.type == MACHINE]
        if len(machines) == 1:
            return machines[0].physical_id
        if not machines:
            raise ServiceError("the stack has no state machine to run", UNUSABLE)
        named = self._made.outputs.get("StateMachineArn")
        if named in [machine.physical_id for machine in machines]:
            return str(named)
        names = ", ".join(machine.logical_id for machine in machines)
        raise ServiceError(
            f"the stack has {names}: an output StateMachineArn says which is to run", UNUSABLE
        )

    def _sample_input(self) -> str:
        """Return the input that the stack itself names, or an empty object."""
        assert self._made is not None
        sample = self._made.outputs.get("ExecutionInput", "{}")
        try:
            json.loads(sample)
        except ValueError:
            return "{}"
        return sample

    def _list(self, body: str) -> None:
        assert self._made is not None
        resources = list(self._made.resources)
        self._say("\nThe stack has")
        for title, prefix in GROUPS:
            group = [found for found in resources if found.type.startswith(prefix)]
            resources = [found for found in resources if found not in group]
            if group:
                self._say(f"  {title}")
                for found in group:
                    self._say(f"    {found.logical_id:34}  {found.physical_id}")
        made = {found.logical_id for found in self._made.resources}
        for name, resource in json.loads(body)["Resources"].items():
            if name not in made and "Condition" not in resource:
                self._say(f"  The emulator does not know {resource['Type']}: {name} is left out.")

    def _jobs(self, queue: str) -> Counter[str]:
        client = self._running.client("batch")
        found: Counter[str] = Counter()
        for status in ("SUCCEEDED", "FAILED", "RUNNING", "RUNNABLE"):
            with told("cannot list the jobs"):
                count = len(client.list_jobs(jobQueue=queue, jobStatus=status)["jobSummaryList"])
            if count:
                found[status] = count
        return found


def _check_parameters(body: str, parameters: Mapping[str, str]) -> None:
    declared = json.loads(body).get("Parameters", {})
    for name in parameters:
        if name not in declared:
            hint = did_you_mean(name, declared) or f"it has {', '.join(declared) or 'none'}"
            raise ServiceError(f"the template has no parameter {name!r}; {hint}", UNUSABLE)
    missing = [name for name, said in declared.items() if "Default" not in said and name not in parameters]
    if missing:
        raise ServiceError(
            f"the template asks for {', '.join(missing)}: --parameter {missing[0]}=VALUE gives it", UNUSABLE
        )


def _walk(given: Any, found: dict[str, bool]) -> None:
    waiting = [given]
    while waiting:
        item = waiting.pop(0)
        if isinstance(item, Mapping):
            states = item.get("States")
            if isinstance(states, Mapping):
                for name, state in states.items():
                    if isinstance(state, Mapping):
                        found[name] = state.get("Type") == "Task" or found.get(name, False)
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item


def _parsed(given: Any) -> Any:
    """Return a definition in text, with what CloudFormation puts in left as it is written."""
    if isinstance(given, Mapping):
        substituted = substitution(given)
        given = substituted[0] if substituted else None
    try:
        return json.loads(given) if isinstance(given, str) else None
    except ValueError:
        return None
