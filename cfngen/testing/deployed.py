"""The fixture ``step_functions``, and the stacks that it deploys to the emulator."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from itertools import count
from typing import TYPE_CHECKING, Any, Final, TypeVar

from cfngen.core.declared import did_you_mean
from cfngen.local.mailbox import Mailbox
from cfngen.local.running import ACCOUNT, REGION
from cfngen.testing.created import created
from cfngen.testing.errors import StepFunctionsError
from cfngen.testing.machine import EMPTY_INPUT, MAX_EXECUTION_SECONDS, Machine
from cfngen.testing.planned import PlannedMachine, StackContents, planned

if TYPE_CHECKING:
    from cfngen.execution.results import Execution
    from cfngen.execution.single_states import StateResult
    from cfngen.execution.steps import ExecutionStep
    from cfngen.local.running import Running
    from cfngen.testing.coverage import StatesCoverage
    from cfngen.testing.execution_mocks import EmulatorMock
    from cfngen.testing.templates import Deployable

_TOPIC: Final = "AWS::SNS::Topic"
_numbers: Final = count(1)

T = TypeVar("T")


class StepFunctions:
    """Deploys stacks for a test, and deletes them at the end of the block.

    A stack is deployed to the emulator when something there is needed: its resources, or a task without a
    mock. ``mock_config`` is the default of ``run(case=..., mock_config=...)``; ``coverage`` counts what
    executions go through.
    """

    def __init__(
        self,
        running: Running | Callable[[], Running] | None,
        *,
        mock_config: str | os.PathLike[str] | Mapping[str, Any] | None = None,
        coverage: StatesCoverage | None = None,
    ) -> None:
        """Deploy to ``running``, as ``cfngen.local.emulator`` yields it, or to what a function returns.

        With None there is no emulator: a task without a mock ends the test.
        """
        self.executions: list[Execution] = []
        self.mock_config = mock_config
        self.has_emulator: bool = running is not None
        self._emulator = running
        self._coverage = coverage
        self._clients: dict[str, Any] = {}
        self._stacks: list[str] = []
        self._planned: list[Deployed] = []
        self._mailboxes: list[Mailbox] = []

    def __enter__(self) -> StepFunctions:
        """Return itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Delete the stacks."""
        self.close()

    def deploy(
        self,
        what: Deployable,
        *,
        parameters: Mapping[str, Any] | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> Deployed:
        """Create a stack and return it.

        ``what`` is a stack, a workflow, a template or a definition: a value, the path of a file, or a
        target of the commands. ``parameters`` are those of the template; ``values`` replace the references
        of a workflow without its stack: ``{"Topic": "arn:aws:sns:...", "Role.Arn": "arn:..."}``.
        Raises ``DeployError``.
        """
        __tracebackhide__ = True
        try:
            return self._deploy(what, parameters, values)
        except StepFunctionsError as error:
            # the frames of this package do not help a test
            raise error.with_traceback(None) from None

    def client(self, service: str) -> Any:
        """Return botocore's client of a service in the emulator."""
        for stack in self._planned:
            stack.deploy()
        return self._client(service)

    @property
    def running(self) -> Running:
        """The emulator, which is started when it is needed."""
        if self._emulator is None:
            raise StepFunctionsError("there is no emulator, and this needs one")
        if callable(self._emulator):
            self._emulator = self._emulator()
        return self._emulator

    def count(self, machine: Machine, steps: Iterable[ExecutionStep]) -> None:
        """Count what an execution went through."""
        if self._coverage is not None:
            self._coverage.add(machine.logical_id, machine.definition, steps)

    def _client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = self.running.client(service)
        return self._clients[service]

    def close(self) -> None:
        """Delete the stacks; what cannot be deleted ends with the emulator."""
        for mailbox in self._mailboxes:
            mailbox.close()
        for name in reversed(self._stacks):
            self._client("cloudformation").delete_stack(StackName=name)
        self._mailboxes, self._stacks, self._planned = [], [], []

    def listen(self, topic_arn: str) -> Mailbox:
        """Return a mailbox that receives what is published to a topic from now on."""
        self._mailboxes.append(Mailbox(self.running, topic_arn))
        return self._mailboxes[-1]

    def _deploy(
        self, what: Deployable, parameters: Mapping[str, Any] | None, values: Mapping[str, Any] | None
    ) -> Deployed:
        from cfngen.testing.templates import body_of, check_parameters

        body = body_of(what, values or {})
        check_parameters(body, parameters or {})
        name = f"test-{os.getpid()}-{next(_numbers)}"
        texts = {key: str(value) for key, value in (parameters or {}).items()}
        stack = Deployed(
            self,
            name,
            body.text,
            texts,
            planned(body.text, texts, stack=name, region=REGION, account=ACCOUNT),
        )
        self._planned.append(stack)
        return stack

    def create(self, name: str, template: str, parameters: Mapping[str, str]) -> StackContents:
        """Create a stack in the emulator. Raises ``DeployError``."""
        self._client("cloudformation")  # where no emulator starts, there is no stack to delete
        self._stacks.append(name)
        return created(self._client, name, template, parameters)


class Deployed:
    """A stack: its state machines by logical id, the physical ids of its resources, and its outputs."""

    def __init__(
        self,
        owner: StepFunctions,
        name: str,
        template: str,
        parameters: Mapping[str, str],
        plan: StackContents | None,
    ) -> None:
        """Hold what is to be deployed; what cannot be planned is deployed now."""
        self._owner = owner
        self._name = name
        self._template = template
        self._parameters = parameters
        self._plan = plan
        self._made: StackContents | None = None
        self._is_shown = False
        machines = plan.machines if plan is not None else self.deploy().machines
        self.machines: dict[str, Machine] = {
            logical_id: Machine(owner, self, logical_id) for logical_id in machines
        }

    @property
    def resources(self) -> Mapping[str, str]:
        """The physical ids of its resources by their logical ids.

        Once executions have shown those of the plan, they stand until something is deployed.
        """
        return self._contents().resources

    @property
    def outputs(self) -> Mapping[str, str]:
        """Its outputs."""
        return self._contents().outputs

    def _contents(self) -> StackContents:
        is_planned = self._made is None and (self._is_shown or not self._owner.has_emulator)
        return self._plan if is_planned and self._plan is not None else self.deploy()

    def deploy(self) -> StackContents:
        """Create the stack in the emulator, unless it is there. Raises ``DeployError``."""
        __tracebackhide__ = True
        if self._made is None:
            self._made = self._owner.create(self._name, self._template, self._parameters)
        return self._made

    def machine_in_use(self, logical_id: str) -> PlannedMachine:
        """Return a state machine as it is in the emulator, or as it would be there."""
        if self._made is not None:
            return self._made.machines[logical_id]
        assert self._plan is not None
        self._is_shown = True
        return self._plan.machines[logical_id]

    def machine(self, logical_id: str | None = None) -> Machine:
        """Return a state machine; without a logical id, the only one. Raises ``StepFunctionsError``."""
        __tracebackhide__ = True
        return _only_or_named("state machine", self.machines, logical_id)

    def run(
        self,
        input: Any = EMPTY_INPUT,  # noqa: A002  the API's word
        *,
        mocks: Mapping[str, EmulatorMock] | None = None,
        case: str | None = None,
        mock_config: str | os.PathLike[str] | Mapping[str, Any] | None = None,
        name: str | None = None,
        timeout: float = MAX_EXECUTION_SECONDS,
        allow_unused: bool = False,
    ) -> Execution:
        """Run an execution of the only state machine: see ``Machine.run``."""
        __tracebackhide__ = True
        return self.machine().run(
            input,
            mocks=mocks,
            case=case,
            mock_config=mock_config,
            name=name,
            timeout=timeout,
            allow_unused=allow_unused,
        )

    def test_state(
        self,
        state: str,
        input: Any = EMPTY_INPUT,  # noqa: A002  the API's word
        *,
        mock: EmulatorMock | None = None,
        mocks: Mapping[str, EmulatorMock] | None = None,
        variables: Mapping[str, Any] | None = None,
        context: Mapping[str, Any] | None = None,
        retries: int = 0,
    ) -> StateResult:
        """Run one state of the only state machine: see ``Machine.test_state``."""
        __tracebackhide__ = True
        return self.machine().test_state(
            state,
            input,
            mock=mock,
            mocks=mocks,
            variables=variables,
            context=context,
            retries=retries,
        )

    def listen(self, topic: str | None = None) -> Mailbox:
        """Return a mailbox for a topic by its logical id; without one, for the only topic."""
        __tracebackhide__ = True
        stack = self.deploy()
        topics = {name: arn for name, arn in stack.resources.items() if stack.types[name] == _TOPIC}
        return self._owner.listen(_only_or_named("topic", topics, topic))


def _only_or_named(kind: str, resources: Mapping[str, T], logical_id: str | None) -> T:
    __tracebackhide__ = True
    listed = "it has " + (", ".join(map(repr, resources)) or "none")
    if logical_id is None:
        if len(resources) != 1:
            raise StepFunctionsError(f"the stack does not have exactly one {kind}: {listed}")
        return next(iter(resources.values()))
    if logical_id not in resources:
        hint = did_you_mean(logical_id, resources) or listed
        raise StepFunctionsError(f"the stack has no {kind} {logical_id!r}; {hint}")
    return resources[logical_id]
