"""Stacks in the emulator, and executions of their state machines under the eyes of a test."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from itertools import count
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeVar
from uuid import uuid4

from cfngen import history
from cfngen.asl.errors import RUNTIME
from cfngen.core.declared import did_you_mean
from cfngen.local.deployment import Deployment
from cfngen.local.errors import ServiceError
from cfngen.local.executions import LONGEST_INPUT, Following, refused_name, start
from cfngen.local.mailbox import Mailbox
from cfngen.local.mocks import NOT_EMULATED, Ask
from cfngen.testing.errors import (
    DeployError,
    MockError,
    NotEmulatedError,
    StepFunctionsError,
    StillRunningError,
)
from cfngen.testing.mocking import Mock, Mocks, read_case
from cfngen.testing.routes import Execution

if TYPE_CHECKING:
    from types import TracebackType

    from cfngen.local.remote_mocks import Answers
    from cfngen.local.running import Running
    from cfngen.testing.templates import Deployable

MACHINE: Final = "AWS::StepFunctions::StateMachine"
TOPIC: Final = "AWS::SNS::Topic"
POLLING: Final = 0.01
LONGEST: Final = 60.0
"""Seconds that an execution may take; what it waits for takes none."""

STOPPING: Final = 0.2
"""Seconds in which what has been stopped may still tell what it did."""

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
_numbers: Final = count(1)

T = TypeVar("T")


class StepFunctions:
    """What a test deploys to an emulator, which is deleted at the end of the block.

    ``mock_config`` is the configuration that ``run(case=...)`` reads where it names no other.
    """

    def __init__(
        self, running: Running, *, mock_config: str | os.PathLike[str] | Mapping[str, Any] | None = None
    ) -> None:
        """Deploy to ``running``, as ``cfngen.local.emulator`` yields it."""
        self.executions: list[Execution] = []
        self.mock_config = mock_config
        self._running = running
        self._clients: dict[str, Any] = {}
        self._stacks: list[str] = []
        self._mailboxes: list[Mailbox] = []
        self._answers: Answers | None = None

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

        ``what`` is a stack, a workflow, a template or a definition: a value, the path of a file, or what
        the commands take for a target. ``parameters`` are those of the template; ``values`` stand for what
        a workflow without its stack refers to: ``{"Topic": "arn:aws:sns:...", "Role.Arn": "arn:..."}``.
        Raises ``DeployError``.
        """
        __tracebackhide__ = True
        try:
            return self._deploy(what, parameters, values)
        except StepFunctionsError as error:
            raise error.with_traceback(None) from None  # where it is raised in here is of no use to a test

    def client(self, service: str) -> Any:
        """Return botocore's client of a service, as the emulator has it."""
        if service not in self._clients:
            self._clients[service] = self._running.client(service)
        return self._clients[service]

    def close(self) -> None:
        """Delete the stacks; what cannot be deleted goes with the emulator."""
        for mailbox in self._mailboxes:
            mailbox.close()
        for name in reversed(self._stacks):
            self.client("cloudformation").delete_stack(StackName=name)
        if self._answers is not None:
            self._answers.close()
        self._mailboxes, self._stacks, self._answers = [], [], None

    def listen(self, topic_arn: str) -> Mailbox:
        """Return a mailbox in which arrives what is published to a topic from now on."""
        self._mailboxes.append(Mailbox(self._running, topic_arn))
        return self._mailboxes[-1]

    def mocked(self, machine: Machine, mocks: Mocks) -> tuple[str, str]:
        """Let ``mocks`` answer in an execution, and return its machine's ARN and where they are asked."""
        from cfngen.local.remote_mocks import Answers

        if self._answers is None:
            self._answers = Answers()
        url, case = self._answers.of(mocks.answer), str(uuid4())
        self._running.mock(machine.arn, case, {state: [Ask(url)] for state in mocks.states})
        return f"{machine.arn}#{case}", url

    def forget(self, url: str) -> None:
        """Answer there no more."""
        if self._answers is not None:
            self._answers.forget(url)

    def _deploy(
        self, what: Deployable, parameters: Mapping[str, Any] | None, values: Mapping[str, Any] | None
    ) -> Deployed:
        from cfngen.testing.templates import body_of, check_parameters

        body = body_of(what, values or {})
        check_parameters(body, parameters or {})
        name = f"test-{os.getpid()}-{next(_numbers)}"
        given = {key: str(value) for key, value in (parameters or {}).items()}
        deployment = Deployment(self.client("cloudformation"), name, body.text, given, POLLING)
        self._stacks.append(name)
        try:
            for _ in deployment:
                pass
        except ServiceError as error:
            raise DeployError(str(error)) from None
        assert deployment.made is not None
        machines: dict[str, Machine] = {}
        resources: dict[str, str] = {}
        topics: dict[str, str] = {}
        for resource in deployment.made.resources:
            resources[resource.logical_id] = resource.physical_id
            if resource.type == MACHINE:
                machines[resource.logical_id] = Machine(self, resource.logical_id, resource.physical_id)
            elif resource.type == TOPIC:
                topics[resource.logical_id] = resource.physical_id
        return Deployed(self, machines, resources, dict(deployment.made.outputs), topics)


class Deployed:
    """A stack that stands: its state machines by logical id, its resources' physical ids, its outputs."""

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
        """Return a state machine; without a name, the only one. Raises ``StepFunctionsError``."""
        __tracebackhide__ = True
        return _chosen("state machine", self.machines, logical_id)

    def run(
        self,
        input: Any = _NOTHING,  # noqa: A002  the API's word
        *,
        mocks: Mapping[str, Mock] | None = None,
        case: str | None = None,
        mock_config: str | os.PathLike[str] | Mapping[str, Any] | None = None,
        name: str | None = None,
        timeout: float = LONGEST,
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

    def listen(self, topic: str | None = None) -> Mailbox:
        """Return a mailbox for a topic's messages, by its logical id; without one, for the only topic's."""
        __tracebackhide__ = True
        return self._owner.listen(_chosen("topic", self._topics, topic))


class Machine:
    """A state machine in the emulator; ``definition`` is as it arrived there."""

    def __init__(self, owner: StepFunctions, logical_id: str, arn: str) -> None:
        """Read the definition."""
        self.logical_id = logical_id
        self.arn = arn
        described = owner.client("stepfunctions").describe_state_machine(stateMachineArn=arn)
        self.name: str = described["name"]
        self.definition: Mapping[str, Any] = json.loads(described["definition"])
        self._owner = owner
        self._states = dict(_states(self.definition))
        self._branches = dict(_branches(self.definition))

    def run(
        self,
        input: Any = _NOTHING,  # noqa: A002  the API's word
        *,
        mocks: Mapping[str, Mock] | None = None,
        case: str | None = None,
        mock_config: str | os.PathLike[str] | Mapping[str, Any] | None = None,
        name: str | None = None,
        timeout: float = LONGEST,
        allow_unused: bool = False,
    ) -> Execution:
        """Run an execution to its end; how it ended is for the test to judge.

        ``input`` is anything that JSON can hold. ``mocks`` say by the name of a state what its task comes
        to: one ``Return``, ``Throw``, ``FailTask`` or ``CallService`` for every try, a list with one for
        each try (in each iteration of a Map), or a function of what would be sent that returns one. Tasks
        without a mock are called in the emulator. ``case`` is a test case of a mock configuration of Step
        Functions Local, which ``mock_config`` is or names; ``mocks`` come before it. Waits take no time,
        and the execution at most ``timeout`` seconds.

        Raises ``MockError`` for mocks that fit no state, have too few answers or, unless ``allow_unused``,
        too many; ``NotEmulatedError`` for a task without a mock that nothing emulates;
        ``StillRunningError``; and what a function among the mocks raises.
        """
        __tracebackhide__ = True
        try:
            answers = self._case(case, mock_config)
            chosen = Mocks(mocks or {}, answers, self._states)
            execution = self._execution(input, chosen, name, timeout)
            if not allow_unused and (unused := chosen.unused()):
                raise MockError(f"{unused}\n{execution}")
        except StepFunctionsError as error:
            raise error.with_traceback(None) from None
        self._owner.executions.append(execution)
        return execution

    def _execution(self, given: Any, chosen: Mocks, name: str | None, timeout: float) -> Execution:
        __tracebackhide__ = True
        text = _text(given)
        if name is not None and (refused := refused_name(name)):
            raise StepFunctionsError(f"{name!r} is no name of an execution: {refused}")
        url, arn = "", self.arn
        if chosen.states:
            arn, url = self._owner.mocked(self, chosen)
        client = self._owner.client("stepfunctions")
        try:
            following = Following(client, start(client, arn, text, name), POLLING)
            is_over = _follow(following, chosen, timeout)
        except ServiceError as error:
            raise StepFunctionsError(str(error)) from None
        finally:
            self._owner.forget(url)
        told = history.Execution.read(following.described, following.history)
        execution = Execution.told(self.logical_id, told, self._states, self._branches)
        if chosen.problem is not None:
            if isinstance(chosen.problem, MockError):
                raise MockError(f"{chosen.problem}\n{execution}")
            self._owner.executions.append(execution)
            raise chosen.problem
        if not is_over:
            raise StillRunningError(
                f"the execution has not ended after {timeout:g} s: does a task wait for a token that "
                f"nobody sends? A mock answers for it\n{execution}"
            )
        _check_emulated(execution)
        return execution

    def _case(
        self, case: str | None, given: str | os.PathLike[str] | Mapping[str, Any] | None
    ) -> Mapping[str, Any]:
        if case is None:
            if given is not None:
                raise MockError("mock_config= is a file of test cases: name one with case=")
            return {}
        source = self._owner.mock_config if given is None else given
        if source is None:
            raise MockError(
                f"where is the test case {case!r}? Give mock_config=, or set step_functions_mock_config in "
                "the configuration of pytest"
            )
        return read_case(source, case, [self.logical_id, self.name])


def _follow(following: Following, mocks: Mocks, timeout: float) -> bool:
    """Follow the execution to its end, and tell whether it came; it does not outlive what is wrong."""
    end = time.monotonic() + timeout
    for _ in following:
        if mocks.problem is not None or time.monotonic() > end:
            break
    else:
        return True
    following.stop("the test cannot go on")
    end = time.monotonic() + STOPPING
    for _ in following:
        if time.monotonic() > end:  # a task that waits for a token may go on to wait
            break
    return False


def _chosen(kind: str, held: Mapping[str, T], name: str | None) -> T:
    """Return what has a name, or without one, the only one that the stack has."""
    __tracebackhide__ = True
    has = "it has " + (", ".join(map(repr, held)) or "none")
    if name is None:
        if len(held) != 1:
            raise StepFunctionsError(f"the stack has not one {kind}: {has}")
        return next(iter(held.values()))
    if name not in held:
        raise StepFunctionsError(f"the stack has no {kind} {name!r}; {did_you_mean(name, held) or has}")
    return held[name]


def _check_emulated(execution: Execution) -> None:
    for visit in execution.visits:
        for attempt in visit.attempts:
            if attempt.error == RUNTIME and (attempt.cause or "").startswith(NOT_EMULATED):
                raise NotEmulatedError(
                    f"{attempt.cause}: give {visit.name!r} a mock, such as "
                    f"mocks={{{visit.name!r}: Return(...)}}\n{execution}"
                )


def _text(given: Any) -> str:
    try:
        text = json.dumps(dict(given) if given is _NOTHING else given, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise StepFunctionsError(f"the input is not JSON: {error}") from None
    if len(text) > LONGEST_INPUT:  # all of it is ASCII
        raise StepFunctionsError(f"the input has more than {LONGEST_INPUT:,} bytes")
    return text


def _states(machine: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    waiting = [machine]
    for given in waiting:  # which grows as it is walked
        for name, state in given["States"].items():
            yield name, state
            waiting += [*state.get("Branches", ()), *(state[key] for key in _INNER if key in state)]


def _branches(machine: Any) -> Iterator[tuple[str, int]]:
    for _, state in _states(machine):
        for number, branch in enumerate(state.get("Branches", ())):
            for name in branch["States"]:
                yield name, number


_INNER: Final = ("ItemProcessor", "Iterator")
