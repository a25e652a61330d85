"""A state machine in the emulator, and executions of it with mocks."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, Protocol

from cfngen import history
from cfngen.local.errors import ServiceError
from cfngen.local.executions import MAX_INPUT_BYTES, Following, name_problem, start
from cfngen.testing.errors import MockError, NotEmulatedError, StepFunctionsError, StillRunningError
from cfngen.testing.execution_mocks import ExecutionMocks, Mock, read_case
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

    def client(self, service: str) -> Any:
        """Return botocore's client of a service in the emulator."""

    def mocked(self, machine: Machine, mocks: ExecutionMocks) -> tuple[str, str]:
        """Use ``mocks`` in an execution; return the ARN for its start, and the URL for ``remove_mocks``."""

    def remove_mocks(self, url: str) -> None:
        """Stop to respond at a URL of ``mocked``."""

    def unsupported_tasks(self, execution_arn: str) -> list[tuple[str, str]]:
        """Return the state and the cause of each task of an execution that is not emulated."""


class Machine:
    """A state machine in the emulator; ``definition`` is the one in the emulator."""

    def __init__(self, owner: MachineOwner, logical_id: str, arn: str) -> None:
        """Read the definition."""
        self.logical_id = logical_id
        self.arn = arn
        fields = owner.client("stepfunctions").describe_state_machine(stateMachineArn=arn)
        self.name: str = fields["name"]
        self.definition: Mapping[str, Any] = json.loads(fields["definition"])
        self._owner = owner
        self._states = dict(_states(self.definition))
        self._branch_indexes = dict(_branch_indexes(self.definition))

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
            execution_mocks = ExecutionMocks(mocks or {}, responses, self._states)
            execution = self._execution(input, execution_mocks, name, timeout)
            if not allow_unused and (unused := execution_mocks.unused()):
                raise MockError(f"{unused}\n{execution}")
        except StepFunctionsError as error:
            raise error.with_traceback(None) from None
        self._owner.executions.append(execution)
        return execution

    def _execution(
        self, input_value: Any, mocks: ExecutionMocks, name: str | None, timeout: float
    ) -> ExecutionTrace:
        __tracebackhide__ = True
        text = _json(input_value)
        if name is not None and (problem := name_problem(name)):
            raise StepFunctionsError(f"{name!r} is not a name of an execution: {problem}")
        url, arn = "", self.arn
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
        execution = ExecutionTrace.from_history(
            self.logical_id,
            history.Execution.read(following.described, following.history),
            self._states,
            self._branch_indexes,
        )
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
        return execution

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


def _states(machine: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    scopes = [machine]
    for scope in scopes:  # the loop adds to this list
        for name, state in scope["States"].items():
            yield name, state
            scopes += state.get("Branches", ())
            scopes += [state[field] for field in ("ItemProcessor", "Iterator") if field in state]


def _branch_indexes(machine: Any) -> Iterator[tuple[str, int]]:
    for _, state in _states(machine):
        for index, branch in enumerate(state.get("Branches", ())):
            for name in branch["States"]:
                yield name, index
