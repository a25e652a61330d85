"""What executions in the emulator are made to do: tasks that answer for their services, waits that hurry.

Only the emulator's process imports this.
"""

from __future__ import annotations

import copy
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from types import SimpleNamespace
from typing import Any, Final

from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.program import program
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils
from moto.stepfunctions.parser.asl.component.state.exec.state_task.mock_eval_utils import (
    eval_mocked_response,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_callback,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.resource import ResourceCondition
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import (
    StateTaskService,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_batch import (
    StateTaskServiceBatch,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.state_task import StateTask
from moto.stepfunctions.parser.asl.component.state.exec.state_task.state_task_activitiy import (
    StateTaskActivity,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.state_task_lambda import StateTaskLambda
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import WaitFunction
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.backend.execution import Execution
from moto.stepfunctions.parser.mocking.mock_config import (
    MockedResponse,
    MockedResponseReturn,
    MockedResponseThrow,
)
from moto.stepfunctions.parser.models import StepFunctionsParserBackend

from cfngen.asl.errors import TASK_FAILED
from cfngen.local.mocks import Ask, FailTask, Response, Return, Throw, unknown_states
from cfngen.local.remote_mocks import Question, ask
from cfngen.local.time_scale import Pace
from cfngen.local.unsupported import say_what_is_not_emulated

CASES: Final[dict[tuple[str, str], dict[str, list[Response]]]] = {}
"""What tasks answer, by state, for a state machine's name and a test case's."""

POLLING: Final = 0.02
"""Seconds between two looks at a job that a task waits for, or at the clock."""

_attempt = threading.local()
"""Each attempt has a thread of its own, which remembers whether somebody answered for the service."""

_case: ContextVar[dict[str, list[Response]] | None] = ContextVar("case", default=None)


def steer(times: float, longest: float) -> None:
    """Let executions take test cases, and hurry."""
    _take_test_cases()
    _answer_for_services()
    _fail_jobs()
    _hurry(Pace(times, longest))
    say_what_is_not_emulated()
    state_task_service_callback._DELAY_SECONDS_SYNC_CONDITION_CHECK = POLLING


def _take_test_cases() -> None:
    """Read the test case behind the hash of a state machine's ARN."""
    start, begin = StepFunctionsParserBackend.start_execution, Execution._get_start_execution_worker

    def started(self: Any, state_machine_arn: str, *args: Any, **kwargs: Any) -> Any:
        arn, hash_, case = state_machine_arn.partition("#")
        if not hash_:
            return start(self, arn, *args, **kwargs)
        machine = self.describe_state_machine(arn)
        token = _case.set(_responses(machine.name, case, machine.definition))
        try:
            return start(self, arn, *args, **kwargs)
        finally:
            _case.reset(token)

    def begun(self: Any) -> Any:
        worker = begin(self)
        worker._mock_test_case = _case.get()
        return worker

    setattr(StepFunctionsParserBackend, "start_execution", started)  # noqa: B010
    setattr(Execution, "_get_start_execution_worker", begun)  # noqa: B010


def _responses(machine: str, case: str, definition: str) -> dict[str, list[Response]]:
    from moto.stepfunctions.exceptions import ValidationException

    if (machine, case) not in CASES:
        raise ValidationException(f"the state machine {machine!r} has no test case {case!r}")
    responses = CASES[machine, case]
    if said := unknown_states(responses, [*_state_names(json.loads(definition))]):
        raise ValidationException(f"the test case {case!r} cannot be: {'; '.join(said)}")
    return responses


def _state_names(given: Any) -> Iterator[str]:
    if isinstance(given, Mapping):
        if isinstance(given.get("States"), Mapping):
            yield from given["States"]
        for item in given.values():
            yield from _state_names(item)
    elif isinstance(given, list):
        for item in given:
            yield from _state_names(item)


def _answer_for_services() -> None:
    """Ask the test case first; what it says of an attempt holds for the whole attempt."""

    def is_mocked(self: Any) -> bool:
        return _mocked(self) is not None

    def mocked(self: Any) -> MockedResponse:
        found = _mocked(self)
        assert found is not None
        _attempt.is_mocked = True
        return found

    work = StateTaskActivity._eval_execution

    def worked(self: Any, env: Any) -> None:
        before = list(env.stack)
        given = self._eval_parameters(env)
        if (found := _mocked(env)) is None:
            env.stack[:] = before
            work(self, env)
            return
        _tell(
            env, HistoryEventType.ActivityScheduled, resource=self.resource.resource_arn, input=_json(given)
        )
        _tell(env, HistoryEventType.ActivityStarted)
        eval_mocked_response(env=env, mocked_response=found)
        _tell(env, HistoryEventType.ActivitySucceeded, output=_json(env.stack[-1]))

    invoke = lambda_eval_utils._mocked_invoke_lambda_function

    def invoked(env: Any) -> Any:
        answer = invoke(env=env)
        # the result of a function, where that of the API's call is expected
        is_call = isinstance(answer, dict) and not {"Payload", "StatusCode", "FunctionError"}.isdisjoint(
            answer
        )
        return answer if is_call else {"Payload": answer, "StatusCode": 200}

    for kind in (StateTask, StateTaskLambda, StateTaskActivity):
        _remember_arguments(kind)
    _return_as_given()
    setattr(Environment, "is_mocked_mode", is_mocked)  # noqa: B010
    setattr(Environment, "get_current_mocked_response", mocked)  # noqa: B010
    setattr(StateTaskActivity, "_eval_execution", worked)  # noqa: B010
    setattr(lambda_eval_utils, "_mocked_invoke_lambda_function", invoked)  # noqa: B010


def _remember_arguments(kind: Any) -> None:
    """Keep what a task would send, for the one who answers."""
    evaluate = kind._eval_parameters

    def evaluated(self: Any, env: Any) -> Any:
        arguments = evaluate(self, env)
        sent = arguments["Payload"] if kind is StateTaskLambda else arguments
        env.arguments = copy.deepcopy(sent)  # before it is made ready for the call
        return arguments

    kind._eval_parameters = evaluated


def _return_as_given() -> None:
    """Leave the keys of a mock's result as they are, which those of a service's answer are not."""

    def keep(kind: Any) -> None:
        respell = kind._normalise_response

        def respelled(self: Any, *args: Any, **kwargs: Any) -> None:
            if not getattr(_attempt, "is_mocked", False):
                respell(self, *args, **kwargs)

        kind._normalise_response = respelled

    kinds = [StateTaskService]
    for kind in kinds:  # which grows as it is walked
        if "_normalise_response" in vars(kind):
            keep(kind)
        kinds += kind.__subclasses__()


def _tell(env: Any, kind: HistoryEventType, **details: Any) -> None:
    name = f"{kind[0].lower()}{kind[1:]}EventDetails"
    env.event_manager.add_event(
        context=env.event_history_context, event_type=kind, event_details=EventDetails({name: details})
    )


def _json(given: Any) -> str:
    return given if isinstance(given, str) else json.dumps(given)


def _mocked(env: Any) -> MockedResponse | None:
    response = _response(env)
    if isinstance(response, Return):
        return MockedResponseReturn(0, 0, response.result)
    if isinstance(response, Throw):
        return MockedResponseThrow(0, 0, response.error, response.cause)
    if isinstance(response, FailTask) and not getattr(env, "fails_a_job", False):
        return MockedResponseThrow(0, 0, TASK_FAILED, response.cause)
    return None


def _response(env: Any) -> Response | None:
    """Return what the test case has for this attempt: attempts are counted in each iteration by itself."""
    if not isinstance(env.mock_test_case, dict) or env.next_state_name not in env.mock_test_case:
        return None
    if not hasattr(env, "response"):
        scope = vars(env.variable_store)
        attempts: Counter[str] = scope.setdefault("attempts", Counter())
        given: Sequence[Response] = env.mock_test_case[env.next_state_name]
        number = attempts[env.next_state_name]
        attempts[env.next_state_name] += 1
        answer = given[min(number, len(given) - 1)] if given else None
        if isinstance(answer, Ask):
            arguments = getattr(env, "arguments", None)
            answer = ask(answer.url, Question(env.next_state_name, number, arguments))
        env.response = answer
    found: Response | None = env.response
    return found


def _fail_jobs() -> None:
    """Let a job that is to fail be submitted, and end as failed."""
    evaluate, submit = StateTaskServiceBatch._eval_execution, StateTaskServiceBatch._eval_service_task

    def evaluated(self: Any, env: Any) -> None:
        env.fails_a_job = self.resource.condition == ResourceCondition.Sync
        evaluate(self, env)

    def submitted(self: Any, env: Any, resource_runtime_part: Any, *args: Any, **kwargs: Any) -> None:
        submit(self, env, resource_runtime_part, *args, **kwargs)
        response = _response(env)
        if isinstance(response, FailTask):
            answer = env.stack[-1]
            part = resource_runtime_part
            _fail(part.account, part.region, answer.get("jobId") or answer["JobId"], response.cause)

    setattr(StateTaskServiceBatch, "_eval_execution", evaluated)  # noqa: B010
    setattr(StateTaskServiceBatch, "_eval_service_task", submitted)  # noqa: B010


def _fail(account: str, region: str, job_id: str, cause: str) -> None:
    from moto.batch.models import batch_backends

    job = batch_backends[account][region]._jobs[job_id]
    job.status = "FAILED"
    job.exit_code = 1
    job.job_stopped_reason = cause


class _Clock:
    """The time of one execution, which runs faster while somebody waits: timeouts count waits in full.

    A wait counts for no more than its seconds, however late the machine comes to end it.
    """

    def __init__(self) -> None:
        self._changed = threading.Lock()
        self._seen = time.monotonic()
        self._elapsed = 0.0
        self.limit = float("inf")
        self._waits: list[list[float]] = []  # how fast each runs, and how many of its seconds are left

    def elapsed(self) -> float:
        """Return the seconds since the execution began."""
        with self._changed:
            return self._advanced()

    @contextmanager
    def running_at(self, rate: float, seconds: float) -> Iterator[None]:
        """Run at ``rate`` until ``seconds`` have passed."""
        wait = [rate, seconds]
        with self._changed:
            self._advanced()
            self._waits.append(wait)
        try:
            yield
        finally:
            with self._changed:
                self._advanced()
                self._waits = [other for other in self._waits if other is not wait]

    def _advanced(self) -> float:
        now = time.monotonic()
        passed = now - self._seen
        step = max([passed, *(min(rate * passed, left) for rate, left in self._waits)])
        for wait in self._waits:
            wait[1] = max(0.0, wait[1] - step)
        self._elapsed += step
        self._seen = now
        return self._elapsed


def _clock(env: Any) -> _Clock:
    # all frames of an execution share its event manager
    clock: _Clock = vars(env.event_manager).setdefault("clock", _Clock())
    return clock


def _wait(env: Any, pace: Pace, seconds: float) -> None:
    shortened = pace.shortened(seconds)
    if shortened <= 0:
        return
    end = time.monotonic() + shortened
    clock = _clock(env)
    with clock.running_at(seconds / shortened, seconds):
        while env.is_running() and (left := end - time.monotonic()) > 0:
            env.program_state_event.wait(left)
    end += 1
    while env.is_running() and clock.elapsed() >= clock.limit and (left := end - time.monotonic()) > 0:
        env.program_state_event.wait(left)  # whoever looks at the clock ends the execution


def _hurry(pace: Pace) -> None:
    """Shorten what states and retriers wait for, and let the timeout of the machine count it in full."""

    def waited(self: Any, env: Any, wait_seconds: float) -> None:
        _wait(env, pace, wait_seconds)

    retry, here = retrier_decl.RetrierDecl._eval_body, threading.local()

    def retried(self: Any, env: Any) -> None:
        here.env = env
        retry(self, env)

    def evaluated(self: Any, env: Any) -> None:
        env.next_state_name = self.start_at.start_at_name
        clock = _clock(env)
        if self.timeout_seconds is not None:
            clock.limit = self.timeout_seconds.timeout_seconds
        worker = threading.Thread(target=super(program.Program, self).eval, args=(env,), daemon=True)
        worker.start()
        if self.timeout_seconds is None:
            worker.join()
            return
        while worker.is_alive() and clock.elapsed() < self.timeout_seconds.timeout_seconds:
            worker.join(POLLING)
        if worker.is_alive():
            env.set_timed_out()
            worker.join(1)

    setattr(WaitFunction, "_wait_interval", waited)  # noqa: B010
    setattr(retrier_decl, "time", SimpleNamespace(sleep=lambda seconds: _wait(here.env, pace, seconds)))  # noqa: B010
    setattr(retrier_decl.RetrierDecl, "_eval_body", retried)  # noqa: B010
    setattr(program.Program, "eval", evaluated)  # noqa: B010
