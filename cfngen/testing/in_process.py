"""Executions in this process; services that they call are those of the emulator."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

from cfngen.execution import Execution, ExecutionError, TaskRequest
from cfngen.execution.live import LiveClock, LiveLoop, StoppedError
from cfngen.execution.mocks import Answer, FailTask
from cfngen.execution.mocks import Mock as ExecutionMock
from cfngen.execution.pending import Pending
from cfngen.execution.prepared import RunOptions, observe
from cfngen.testing.errors import StepFunctionsError
from cfngen.testing.execution_mocks import CallService, EmulatorMock, ExecutionMocks
from cfngen.testing.planned import PlannedMachine

if TYPE_CHECKING:
    from cfngen.local.running import Running


class NeedsServiceError(Exception):
    """A task is to call its service, which nothing here does."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class RunEnd(NamedTuple):
    """An execution, why a task got no answer, and whether it was stopped since its time was over."""

    execution: Execution
    problem: BaseException | None
    is_stopped: bool


def run_execution(
    machine: PlannedMachine,
    input_value: Any,
    mocks: ExecutionMocks,
    name: str | None,
    running: Running | None,
    seconds: float,
) -> RunEnd:
    """Run an execution, whose services are called in the emulator ``running``, for so many seconds at most.

    Without one, the problem is a ``NeedsServiceError`` where a task is to call its service. Raises
    ``StepFunctionsError``.
    """
    services = running.services if running is not None else None
    end = time.monotonic() + seconds

    def answer(call: TaskRequest) -> Answer | Pending:
        __tracebackhide__ = True
        response = mocks.response(call) if call.state in mocks.states else CallService()
        if isinstance(response, FailTask) and not _is_job(call.resource):
            return response
        if not isinstance(response, (CallService, FailTask)):
            return response
        if services is None:
            raise NeedsServiceError(call.state)
        return services.call(call, response if isinstance(response, FailTask) else None)

    def check() -> None:
        if time.monotonic() > end:
            raise StoppedError(None, "the test cannot continue")

    options = RunOptions(tasks=answer, type=machine.type, name=name, machine=machine.name)
    if running is not None and services is not None:
        loop = LiveLoop(LiveClock(time.time()), running.time_scale.scaled, check)
        # a token of one execution is none of another
        options = options._replace(loop=loop, s3=services.objects, seed=uuid4().int)
    value = dict(input_value) if isinstance(input_value, Mapping) else input_value
    try:
        execution, problem = observe(machine.definition, value, options)
    except ExecutionError as error:
        raise StepFunctionsError(str(error)) from None
    return RunEnd(execution, problem, execution.status == "ABORTED")


def without_services(mocks: Mapping[str, EmulatorMock]) -> dict[str, ExecutionMock]:
    """Return mocks for a state that is run alone. Raises ``StepFunctionsError`` for ``CallService``."""
    called: dict[str, ExecutionMock] = {}
    for state, mock in mocks.items():
        if isinstance(mock, CallService):
            raise StepFunctionsError(f"a state that is run alone calls no service: mock {state!r}")
        called[state] = mock  # type: ignore[assignment]
    return called


def _is_job(resource: str) -> bool:
    return resource.endswith(":batch:submitJob.sync")
