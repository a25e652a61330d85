"""A state machine in the emulator, and executions of it with mocks."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, Protocol

from cfngen import history
from cfngen.execution.failures import ExecutionError
from cfngen.execution.machine import states_of
from cfngen.execution.single_states import StateResult, run_state
from cfngen.execution.steps import Step
from cfngen.local.errors import ServiceError
from cfngen.local.executions import MAX_INPUT_BYTES, Following, name_problem, start
from cfngen.testing.errors import MockError, NotEmulatedError, StepFunctionsError, StillRunningError
from cfngen.testing.execution_mocks import ExecutionMocks, Mock, read_case
from cfngen.testing.in_process import NeedsServiceError, execute, replayed_steps, without_services
from cfngen.testing.planned import Made, PlannedMachine
from cfngen.testing.traces import ExecutionTrace

POLL_SECONDS: Final = 0.01
MAX_EXECUTION_SECONDS: Final = 60.0
"""Waits take no time."""

_MAX_STOP_SECONDS: Final = 0.2
"""After an execution was stopped, its last events are read for so long."""

EMPTY_INPUT: Final[Mapping[str, Any]] = MappingProxyType({})


class MachineOwner(Protocol):
    """What a machine needs of the ``StepFunctions`` that deployed it."""

    executions: list[ExecutionTrace]
    mock_config: str | os.PathLike[str] | Mapping[str, Any] | None
    has_emulator: bool

    def count(self, machine: Machine, steps: Iterable[Step]) -> None:
        """Count what an execution went through."""

    def client(self, service: str) -> Any:
        """Return botocore's client of a service in the emulator."""

    def mocked(self, machine: Machine, mocks: ExecutionMocks) -> tuple[str, str]:
        """Use ``mocks`` in an execution; return the ARN for its start, and the URL for ``remove_mocks``."""

    def remove_mocks(self, url: str) -> None:
        """Stop to respond at a URL of ``mocked``."""

    def unsupported_tasks(self, execution_arn: str) -> list[tuple[str, str]]:
        """Return the state and the cause of each task of an execution that is not emulated."""


class MachineStack(Protocol):
    """What a machine needs of the stack that it is part of."""

    @property
    def resources(self) -> Mapping[str, str]:
        """The physical ids of its resources by their logical ids."""

    def deploy(self) -> Made:
        """Create the stack in the emulator, unless it is there."""

    def machine_in_use(self, logical_id: str) -> PlannedMachine:
        """Return a state machine as it is in the emulator, or as it would be there."""


class Machine:
    """A state machine of a stack; what it calls without a mock is called in the emulator."""

    def __init__(self, owner: MachineOwner, stack: MachineStack, logical_id: str) -> None:
        """Hold where it stands."""
        self.logical_id = logical_id
        self._owner = owner
        self._stack = stack

    @property
    def arn(self) -> str:
        """Its ARN in the emulator."""
        return self._stack.resources[self.logical_id]

    @property
    def name(self) -> str:
        """Its name."""
        return self._machine.name

    @property
    def definition(self) -> Mapping[str, Any]:
        """Its definition, as it is in the emulator once it is there."""
        return self._machine.definition

    @property
    def _machine(self) -> PlannedMachine:
        return self._stack.machine_in_use(self.logical_id)

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
        """Run an execution to its end, whatever its status is.

        ``input`` is any JSON value. ``mocks`` say by the name of a state what its task does: one
        ``Return``, ``Throw``, ``FailTask`` or ``CallService`` for all attempts, a list with one for each
        attempt (in each iteration of a Map), or a function of the arguments of the call that returns one.
        Tasks without a mock call the emulator. ``case`` is a test case of a mock configuration of Step
        Functions Local, which ``mock_config`` is or names; ``mocks`` have priority over it. Waits take no
        time, and the execution at most ``timeout`` seconds.

        Raises ``MockError`` for mocks without a state, with too few responses or, unless ``allow_unused``,
        with too many; ``NotEmulatedError`` for a task without a mock that is not emulated;
        ``StillRunningError``; and what a mock function raises.
        """
        __tracebackhide__ = True
        try:
            responses = self._case(case, mock_config)
            execution_mocks = ExecutionMocks(mocks or {}, responses, dict(states_of(self.definition)))
            execution = self._execution(input, execution_mocks, name, timeout)
            if not allow_unused and (unused := execution_mocks.unused()):
                raise MockError(f"{unused}\n{execution}")
        except StepFunctionsError as error:
            raise error.with_traceback(None) from None
        self._owner.executions.append(execution)
        return execution

    def test_state(
        self,
        state: str,
        input: Any = EMPTY_INPUT,  # noqa: A002  the API's word
        *,
        mock: Mock | None = None,
        mocks: Mapping[str, Mock] | None = None,
        variables: Mapping[str, Any] | None = None,
        context: Mapping[str, Any] | None = None,
        retries: int = 0,
    ) -> StateResult:
        """Run one state, wherever it stands, and nothing that follows it, as TestState does.

        ``mock`` says what its task does, ``mocks`` what those inside a Parallel or a Map do. ``variables``
        are set before, ``context`` adds to the context object, and ``retries`` is how often it was retried.
        Raises ``StepFunctionsError``, and what a mock function raises.
        """
        __tracebackhide__ = True
        value = json.loads(_json(input))
        responses = {**(mocks or {}), **({} if mock is None else {state: mock})}
        try:
            ExecutionMocks(responses, {}, dict(states_of(self.definition)))
            return run_state(
                self.definition,
                state,
                value,
                mocks=without_services(responses),
                variables=variables,
                context=context,
                retries=retries,
            )
        except ExecutionError as error:
            raise StepFunctionsError(str(error)) from None

    def _execution(
        self, input_value: Any, mocks: ExecutionMocks, name: str | None, timeout: float
    ) -> ExecutionTrace:
        __tracebackhide__ = True
        text = _json(input_value)
        if name is not None and (problem := name_problem(name)):
            raise StepFunctionsError(f"{name!r} is not a name of an execution: {problem}")
        outcome = execute(self._machine, json.loads(text), mocks, name)
        if isinstance(outcome.problem, NeedsServiceError):
            if not self._owner.has_emulator:
                state = outcome.problem.state
                raise NotEmulatedError(
                    f"there is no emulator: mock {state!r}, for example with "
                    f"mocks={{{state!r}: Return(...)}}\n{self._trace(outcome.execution.history)}"
                )
            mocks.start_again()
            return self._emulated(text, mocks, name, timeout)
        execution = self._trace(outcome.execution.history)
        self._owner.count(self, outcome.execution.steps)
        if outcome.problem is not None:
            if isinstance(outcome.problem, MockError):
                raise MockError(f"{outcome.problem}\n{execution}")
            self._owner.executions.append(execution)
            raise outcome.problem
        return execution

    def _emulated(
        self, text: str, mocks: ExecutionMocks, name: str | None, timeout: float
    ) -> ExecutionTrace:
        __tracebackhide__ = True
        url, arn = "", self._stack.deploy().resources[self.logical_id]
        if mocks.states:
            arn, url = self._owner.mocked(self, mocks)
        client = self._owner.client("stepfunctions")
        try:
            following = Following(client, start(client, arn, text, name), POLL_SECONDS)
            has_ended = _follow(following, mocks, timeout)
        except ServiceError as error:
            raise StepFunctionsError(str(error)) from None
        finally:
            self._owner.remove_mocks(url)
        execution = self._trace(history.Execution.read(following.described, following.history))
        if mocks.problem is not None:
            if isinstance(mocks.problem, MockError):
                raise MockError(f"{mocks.problem}\n{execution}")
            self._owner.executions.append(execution)
            raise mocks.problem
        if not has_ended:
            raise StillRunningError(
                f"the execution has not ended after {timeout:g} s. Does a task wait for a token that "
                f"nobody sends? A mock can respond instead\n{execution}"
            )
        for state, cause in self._owner.unsupported_tasks(following.arn):
            raise NotEmulatedError(
                f"{cause}: mock {state!r}, for example with mocks={{{state!r}: Return(...)}}\n{execution}"
            )
        self._owner.count(self, replayed_steps(self._machine, execution))
        return execution

    def _trace(self, execution: history.Execution) -> ExecutionTrace:
        definition = self.definition
        return ExecutionTrace.from_history(
            self.logical_id,
            execution,
            [name for name, _ in states_of(definition)],
            dict(_branch_indexes(definition)),
        )

    def _case(
        self, case: str | None, mock_config: str | os.PathLike[str] | Mapping[str, Any] | None
    ) -> Mapping[str, Any]:
        if case is None:
            if mock_config is not None:
                raise MockError("mock_config= is a file of test cases: select one with case=")
            return {}
        source = self._owner.mock_config if mock_config is None else mock_config
        if source is None:
            raise MockError(
                f"there is no mock configuration for the test case {case!r}: use mock_config=, or set "
                "step_functions_mock_config in the configuration of pytest"
            )
        return read_case(source, case, [self.logical_id, self.name])


def _follow(following: Following, mocks: ExecutionMocks, timeout: float) -> bool:
    """Follow the execution, and return whether it ended; it is stopped at a problem or the timeout."""
    end = time.monotonic() + timeout
    for _ in following:
        if mocks.problem is not None or time.monotonic() > end:
            break
    else:
        return True
    following.stop("the test cannot continue")
    end = time.monotonic() + _MAX_STOP_SECONDS
    for _ in following:
        if time.monotonic() > end:  # a task that waits for a token may continue to wait
            break
    return False


def _json(value: Any) -> str:
    try:
        text = json.dumps(dict(value) if value is EMPTY_INPUT else value, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise StepFunctionsError(f"the input is not JSON: {error}") from None
    if len(text) > MAX_INPUT_BYTES:  # all of it is ASCII
        raise StepFunctionsError(f"the input has more than {MAX_INPUT_BYTES:,} bytes")
    return text


def _branch_indexes(machine: Any) -> Iterator[tuple[str, int]]:
    for _, state in states_of(machine):
        for index, branch in enumerate(state.get("Branches", ())):
            for name in branch["States"]:
                yield name, index
