"""The fixture ``step_functions``, and the stacks that it deploys to the emulator."""

from __future__ import annotations

import os
from collections.abc import Mapping
from itertools import count
from typing import TYPE_CHECKING, Any, Final, TypeVar
from uuid import uuid4

from cfngen.core.declared import did_you_mean
from cfngen.local.deployment import Deployment
from cfngen.local.errors import ServiceError
from cfngen.local.mailbox import Mailbox
from cfngen.local.mocks import RemoteMock
from cfngen.testing.errors import DeployError, StepFunctionsError
from cfngen.testing.machine import EMPTY_INPUT, MAX_EXECUTION_SECONDS, POLL_SECONDS, Machine

if TYPE_CHECKING:
    from types import TracebackType

    from cfngen.local.remote_mocks import MockServer
    from cfngen.local.running import Running
    from cfngen.testing.execution_mocks import ExecutionMocks, Mock
    from cfngen.testing.templates import Deployable
    from cfngen.testing.traces import ExecutionTrace

_MACHINE: Final = "AWS::StepFunctions::StateMachine"
_TOPIC: Final = "AWS::SNS::Topic"
_numbers: Final = count(1)

T = TypeVar("T")


class StepFunctions:
    """Deploys to an emulator for a test, and deletes the stacks at the end of the block.

    ``mock_config`` is the default of ``run(case=..., mock_config=...)``.
    """

    def __init__(
        self, running: Running, *, mock_config: str | os.PathLike[str] | Mapping[str, Any] | None = None
    ) -> None:
        """Deploy to ``running``, as ``cfngen.local.emulator`` yields it."""
        self.executions: list[ExecutionTrace] = []
        self.mock_config = mock_config
        self._running = running
        self._clients: dict[str, Any] = {}
        self._stacks: list[str] = []
        self._mailboxes: list[Mailbox] = []
        self._mock_server: MockServer | None = None

    def __enter__(self) -> StepFunctions:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        frames: TracebackType | None,
    ) -> None:
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
        if service not in self._clients:
            self._clients[service] = self._running.client(service)
        return self._clients[service]

    def close(self) -> None:
        """Delete the stacks; what cannot be deleted ends with the emulator."""
        for mailbox in self._mailboxes:
            mailbox.close()
        for name in reversed(self._stacks):
            self.client("cloudformation").delete_stack(StackName=name)
        if self._mock_server is not None:
            self._mock_server.close()
        self._mailboxes, self._stacks, self._mock_server = [], [], None

    def listen(self, topic_arn: str) -> Mailbox:
        """Return a mailbox that receives what is published to a topic from now on."""
        self._mailboxes.append(Mailbox(self._running, topic_arn))
        return self._mailboxes[-1]

    def mocked(self, machine: Machine, mocks: ExecutionMocks) -> tuple[str, str]:
        """Use ``mocks`` in an execution; return the ARN for its start, and the URL for ``remove_mocks``."""
        from cfngen.local.remote_mocks import MockServer

        if self._mock_server is None:
            self._mock_server = MockServer()
        url, case = self._mock_server.add(mocks.respond), str(uuid4())
        self._running.mock(machine.arn, case, {state: [RemoteMock(url)] for state in mocks.states})
        return f"{machine.arn}#{case}", url

    def remove_mocks(self, url: str) -> None:
        """Stop to respond at a URL of ``mocked``."""
        if self._mock_server is not None:
            self._mock_server.remove(url)

    def unsupported_tasks(self, execution_arn: str) -> list[tuple[str, str]]:
        """Return the state and the cause of each task of an execution that is not emulated."""
        return self._running.unsupported_tasks(execution_arn)

    def _deploy(
        self, what: Deployable, parameters: Mapping[str, Any] | None, values: Mapping[str, Any] | None
    ) -> Deployed:
        from cfngen.testing.templates import body_of, check_parameters

        body = body_of(what, values or {})
        check_parameters(body, parameters or {})
        name = f"test-{os.getpid()}-{next(_numbers)}"
        texts = {key: str(value) for key, value in (parameters or {}).items()}
        deployment = Deployment(self.client("cloudformation"), name, body.text, texts, POLL_SECONDS)
        self._stacks.append(name)
        try:
            for _ in deployment:
                pass
        except ServiceError as error:
            raise DeployError(str(error)) from None
        assert deployment.stack is not None
        machines: dict[str, Machine] = {}
        resources: dict[str, str] = {}
        topics: dict[str, str] = {}
        for resource in deployment.stack.resources:
            resources[resource.logical_id] = resource.physical_id
            if resource.type == _MACHINE:
                machines[resource.logical_id] = Machine(self, resource.logical_id, resource.physical_id)
            elif resource.type == _TOPIC:
                topics[resource.logical_id] = resource.physical_id
        return Deployed(self, machines, resources, dict(deployment.stack.outputs), topics)


class Deployed:
    """A stack: its state machines by logical id, the physical ids of its resources, and its outputs."""

    def __init__(
        self,
        owner: StepFunctions,
        machines: Mapping[str, Machine],
        resources: Mapping[str, str],
        outputs: Mapping[str, str],
        topics: Mapping[str, str],
    ) -> None:
        """Hold what was deployed."""
        self.machines = machines
        self.resources = resources
        self.outputs = outputs
        self._owner = owner
        self._topics = topics

    def machine(self, logical_id: str | None = None) -> Machine:
        """Return a state machine; without a logical id, the only one. Raises ``StepFunctionsError``."""
        __tracebackhide__ = True
        return _select("state machine", self.machines, logical_id)

    def run(
        self,
        input: Any = EMPTY_INPUT,  # noqa: A002  the API's word
        *,
        mocks: Mapping[str, Mock] | None = None,
        case: str | None = None,
        mock_config: str | os.PathLike[str] | Mapping[str, Any] | None = None,
        name: str | None = None,
        timeout: float = MAX_EXECUTION_SECONDS,
        allow_unused: bool = False,
    ) -> ExecutionTrace:
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

    def listen(self, topic: str | None = None) -> Mailbox:
        """Return a mailbox for a topic by its logical id; without one, for the only topic."""
        __tracebackhide__ = True
        return self._owner.listen(_select("topic", self._topics, topic))


def _select(kind: str, resources: Mapping[str, T], logical_id: str | None) -> T:
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
