"""Executions in this process: every task that they reach has a mock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from cfngen.execution import Call, Execution, ExecutionError, Return, Throw
from cfngen.execution.executor import observe
from cfngen.execution.mocks import Answer, FailTask
from cfngen.execution.mocks import Mock as ExecutionMock
from cfngen.execution.steps import Step
from cfngen.local.remote_mocks import MockRequest
from cfngen.testing.errors import StepFunctionsError
from cfngen.testing.execution_mocks import CallService, ExecutionMocks, Mock
from cfngen.testing.planned import PlannedMachine
from cfngen.testing.traces import AttemptTrace, ExecutionTrace


class NeedsServiceError(Exception):
    """A task is to call its service, which nothing here does."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class Outcome(NamedTuple):
    """An execution, and what a mock raised in it."""

    execution: Execution
    problem: BaseException | None


def execute(machine: PlannedMachine, input_value: Any, mocks: ExecutionMocks, name: str | None) -> Outcome:
    """Run an execution; the problem is a ``NeedsServiceError`` where a task is to call its service.

    Raises ``StepFunctionsError``.
    """

    def answer(call: Call) -> Answer:
        __tracebackhide__ = True
        if call.state not in mocks.states:
            raise NeedsServiceError(call.state)
        response = mocks.response(MockRequest(call.state, call.number, call.arguments))
        if isinstance(response, CallService):
            raise NeedsServiceError(call.state)
        if isinstance(response, FailTask) and _is_job(call.resource):
            raise NeedsServiceError(call.state)  # which submits a job
        return response

    try:
        execution, problem = observe(
            machine.definition,
            dict(input_value) if isinstance(input_value, Mapping) else input_value,
            tasks=answer,
            type=machine.type,
            name=name,
            machine=machine.name,
        )
    except ExecutionError as error:
        raise StepFunctionsError(str(error)) from None
    return Outcome(execution, problem)


def without_services(mocks: Mapping[str, Mock]) -> dict[str, ExecutionMock]:
    """Return mocks for a state that is run alone. Raises ``StepFunctionsError`` for ``CallService``."""
    called: dict[str, ExecutionMock] = {}
    for state, mock in mocks.items():
        if isinstance(mock, CallService):
            raise StepFunctionsError(f"a state that is run alone calls no service: mock {state!r}")
        called[state] = mock  # type: ignore[assignment]
    return called


def _is_job(resource: str) -> bool:
    return resource.endswith(":batch:submitJob.sync")


def replayed_steps(machine: PlannedMachine, trace: ExecutionTrace) -> frozenset[Step]:
    """Return what of its definition an execution in the emulator went through, by going there once more.

    What cannot be told, such as the way of a distributed Map's children, is left out.
    """
    answers: dict[str, list[Answer]] = {}
    for visit in trace.visits:
        if visit.type == "Task":
            answers.setdefault(visit.name, []).extend(map(_answer, visit.attempts))

    def answer(call: Call) -> Answer:
        if not answers.get(call.state):
            raise NeedsServiceError(call.state)
        return answers[call.state].pop(0)

    try:
        execution, _ = observe(machine.definition, trace.input, tasks=answer, type=machine.type)
    except ExecutionError:
        return frozenset()
    return execution.steps


def _answer(attempt: AttemptTrace) -> Answer:
    if attempt.error is not None:
        return Throw(attempt.error, attempt.cause)
    return Return(attempt.output)
