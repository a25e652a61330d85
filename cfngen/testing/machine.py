"""A state machine in the emulator, and executions of it with mocks."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Protocol

from cfngen.aws.executions import MAX_INPUT_BYTES
from cfngen.execution.failures import ExecutionError, shown
from cfngen.execution.machine import states_of
from cfngen.execution.mocks import MAX_SECONDS, UnsupportedTaskError
from cfngen.execution.names import name_problem
from cfngen.execution.results import Execution
from cfngen.execution.single_states import StateResult, run_state
from cfngen.execution.steps import ExecutionStep
from cfngen.testing.errors import MockError, NotEmulatedError, StepFunctionsError, StillRunningError
from cfngen.testing.execution_mocks import EmulatorMock, ExecutionMocks, read_case
from cfngen.testing.in_process import NeedsServiceError, run_execution, without_services
from cfngen.testing.planned import PlannedMachine, StackContents

if TYPE_CHECKING:
    from cfngen.local.running import Running

MAX_EXECUTION_SECONDS: Final = 60.0

EMPTY_INPUT: Final[Mapping[str, Any]] = MappingProxyType({})


class MachineOwner(Protocol):
    """What a machine needs of the ``StepFunctions`` that deployed it."""

    executions: list[Execution]
    mock_config: str | os.PathLike[str] | Mapping[str, Any] | None
    has_emulator: bool

    def count(self, machine: Machine, steps: Iterable[ExecutionStep]) -> None:
        """Count what an execution went through."""

    @property
    def running(self) -> Running:
        """The emulator."""


class MachineStack(Protocol):
    """What a machine needs of the stack that it is part of."""

    @property
    def resources(self) -> Mapping[str, str]:
        """The physical ids of its resources by their logical ids."""

    def deploy(self) -> StackContents:
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
        mocks: Mapping[str, EmulatorMock] | None = None,
        case: str | None = None,
        mock_config: str | os.PathLike[str] | Mapping[str, Any] | None = None,
        name: str | None = None,
        timeout: float = MAX_EXECUTION_SECONDS,
        allow_unused: bool = False,
    ) -> Execution:
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
            execution_mocks = ExecutionMocks(
                {} if mocks is None else mocks, responses, dict(states_of(self.definition))
            )
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
        mock: EmulatorMock | None = None,
        mocks: Mapping[str, EmulatorMock] | None = None,
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
        value = json.loads(_input_text(input))
        try:
            states, inside = dict(states_of(self.definition)), {} if mocks is None else mocks
            ExecutionMocks(inside, {}, states)
            responses = inside if mock is None or not isinstance(state, str) else {**inside, state: mock}
            ExecutionMocks(responses, {}, states)
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
    ) -> Execution:
        __tracebackhide__ = True
        text = _input_text(input_value)
        if (
            isinstance(timeout, bool)
            or not isinstance(timeout, (int, float))
            or not 0 < timeout <= MAX_SECONDS
        ):
            raise StepFunctionsError(f"timeout= is a number of seconds, not {shown(timeout)}")
        problem = (
            "it is not text" if not isinstance(name, (str, type(None))) else name and name_problem(name)
        )
        if name is not None and problem:
            raise StepFunctionsError(f"{shown(name)} is not a name of an execution: {problem}")
        outcome = run_execution(self._machine, json.loads(text), mocks, name, None, timeout)
        if isinstance(outcome.problem, NeedsServiceError) and self._owner.has_emulator:
            self._stack.deploy()
            mocks.start_again()
            running = self._owner.running
            outcome = run_execution(self._machine, json.loads(text), mocks, name, running, timeout)
        execution = outcome.execution
        execution.machine = self.logical_id
        self._owner.count(self, execution.steps)
        if outcome.is_stopped:
            raise StillRunningError(
                f"the execution has not ended after {timeout:g} s. Does a task wait for a token that "
                f"nobody sends? A mock can respond instead\n{execution}"
            )
        if outcome.problem is not None:
            raise self._problem(outcome.problem, execution)
        return execution

    def _problem(self, problem: BaseException, execution: Execution) -> BaseException:
        """Return what tells the test why a task got no answer."""
        if isinstance(problem, NeedsServiceError):
            return NotEmulatedError(_mock_it("there is no emulator", problem.state, execution))
        if isinstance(problem, UnsupportedTaskError):
            return NotEmulatedError(_mock_it(str(problem), problem.state, execution))
        if isinstance(problem, MockError):
            return MockError(f"{problem}\n{execution}")
        self._owner.executions.append(execution)
        return problem

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


def _mock_it(reason: str, state: str, execution: Execution) -> str:
    return f"{reason}: mock {state!r}, for example with mocks={{{state!r}: Return(...)}}\n{execution}"


def _input_text(value: Any) -> str:
    try:
        text = json.dumps(dict(value) if value is EMPTY_INPUT else value, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise StepFunctionsError(f"the input is not JSON: {error}") from None
    if len(text) > MAX_INPUT_BYTES:  # all of it is ASCII
        raise StepFunctionsError(f"the input has more than {MAX_INPUT_BYTES:,} bytes")
    return text
