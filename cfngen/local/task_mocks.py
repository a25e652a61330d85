"""Mocks in the emulator: the interpreter asks the test case of an execution before it calls a service.

Only the emulator's process imports this.
"""

from __future__ import annotations

import copy
import json
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextvars import ContextVar
from typing import Any, Final

from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils
from moto.stepfunctions.parser.asl.component.state.exec.state_task.mock_eval_utils import (
    eval_mocked_response,
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
from cfngen.execution.mocks import FailTask, Return, Throw
from cfngen.local.mocks import RemoteMock, Response, unknown_states
from cfngen.local.remote_mocks import MockRequest, request_response

CASES: Final[dict[tuple[str, str], dict[str, list[Response]]]] = {}
"""The responses of tasks by state, for the name of a state machine and that of a test case."""

_attempt = threading.local()
"""Each attempt has its own thread, which notes whether a mock responded in place of the service."""

_case: ContextVar[dict[str, list[Response]] | None] = ContextVar("case", default=None)


def intercept_tasks() -> None:
    """Let executions use test cases."""
    _select_test_case()
    _respond_for_services()
    _fail_jobs()


def _select_test_case() -> None:
    """Read the name of the test case behind the hash of a state machine's ARN."""
    start, get_worker = StepFunctionsParserBackend.start_execution, Execution._get_start_execution_worker

    def start_execution(self: Any, state_machine_arn: str, *args: Any, **kwargs: Any) -> Any:
        arn, hash_, case = state_machine_arn.partition("#")
        if not hash_:
            return start(self, arn, *args, **kwargs)
        machine = self.describe_state_machine(arn)
        token = _case.set(_case_responses(machine.name, case, machine.definition))
        try:
            return start(self, arn, *args, **kwargs)
        finally:
            _case.reset(token)

    def get_start_execution_worker(self: Any) -> Any:
        worker = get_worker(self)
        worker._mock_test_case = _case.get()
        return worker

    setattr(StepFunctionsParserBackend, "start_execution", start_execution)  # noqa: B010
    setattr(Execution, "_get_start_execution_worker", get_start_execution_worker)  # noqa: B010


def _case_responses(machine: str, case: str, definition: str) -> dict[str, list[Response]]:
    from moto.stepfunctions.exceptions import ValidationException

    if (machine, case) not in CASES:
        raise ValidationException(f"the state machine {machine!r} has no test case {case!r}")
    responses = CASES[machine, case]
    if messages := unknown_states(responses, [*_state_names(json.loads(definition))]):
        raise ValidationException(f"the test case {case!r} does not fit: {'; '.join(messages)}")
    return responses


def _state_names(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        if isinstance(node.get("States"), Mapping):
            yield from node["States"]
        for item in node.values():
            yield from _state_names(item)
    elif isinstance(node, list):
        for item in node:
            yield from _state_names(item)


def _respond_for_services() -> None:
    """Ask the test case first; its response is for the whole attempt."""

    def is_mocked_mode(self: Any) -> bool:
        return _mocked_response(self) is not None

    def get_current_mocked_response(self: Any) -> MockedResponse:
        response = _mocked_response(self)
        assert response is not None
        _attempt.is_mocked = True
        return response

    run_activity = StateTaskActivity._eval_execution

    def eval_activity(self: Any, env: Any) -> None:
        stack = list(env.stack)
        arguments = self._eval_parameters(env)
        if (response := _mocked_response(env)) is None:
            env.stack[:] = stack
            run_activity(self, env)
            return
        text = arguments if isinstance(arguments, str) else json.dumps(arguments)
        _add_event(env, HistoryEventType.ActivityScheduled, resource=self.resource.resource_arn, input=text)
        _add_event(env, HistoryEventType.ActivityStarted)
        eval_mocked_response(env=env, mocked_response=response)
        output = env.stack[-1]
        text = output if isinstance(output, str) else json.dumps(output)
        _add_event(env, HistoryEventType.ActivitySucceeded, output=text)

    invoke = lambda_eval_utils._mocked_invoke_lambda_function

    def invoke_mocked_function(env: Any) -> Any:
        result = invoke(env=env)
        # the mock may return the result of the function instead of the response of the API
        is_response = isinstance(result, dict) and not {
            "Payload",
            "StatusCode",
            "FunctionError",
        }.isdisjoint(result)
        return result if is_response else {"Payload": result, "StatusCode": 200}

    for kind in (StateTask, StateTaskLambda, StateTaskActivity):
        _remember_arguments(kind)
    _keep_keys_of_mocked_results()
    setattr(Environment, "is_mocked_mode", is_mocked_mode)  # noqa: B010
    setattr(Environment, "get_current_mocked_response", get_current_mocked_response)  # noqa: B010
    setattr(StateTaskActivity, "_eval_execution", eval_activity)  # noqa: B010
    setattr(lambda_eval_utils, "_mocked_invoke_lambda_function", invoke_mocked_function)  # noqa: B010


def _remember_arguments(kind: Any) -> None:
    """Keep the arguments of a task for a remote mock."""
    evaluate = kind._eval_parameters

    def eval_parameters(self: Any, env: Any) -> Any:
        arguments = evaluate(self, env)
        sent = arguments["Payload"] if kind is StateTaskLambda else arguments
        env.arguments = copy.deepcopy(sent)  # the interpreter changes them before the call
        return arguments

    kind._eval_parameters = eval_parameters


def _keep_keys_of_mocked_results() -> None:
    """Keep the keys of a mock's result, unlike those of a service's response."""

    def keep(kind: Any) -> None:
        normalise = kind._normalise_response

        def normalise_response(self: Any, *args: Any, **kwargs: Any) -> None:
            if not getattr(_attempt, "is_mocked", False):
                normalise(self, *args, **kwargs)

        kind._normalise_response = normalise_response

    kinds = [StateTaskService]
    for kind in kinds:  # the loop adds to this list
        if "_normalise_response" in vars(kind):
            keep(kind)
        kinds += kind.__subclasses__()


def _add_event(env: Any, kind: HistoryEventType, **details: Any) -> None:
    name = f"{kind[0].lower()}{kind[1:]}EventDetails"
    env.event_manager.add_event(
        context=env.event_history_context, event_type=kind, event_details=EventDetails({name: details})
    )


def _mocked_response(env: Any) -> MockedResponse | None:
    response = _response(env)
    if isinstance(response, Return):
        return MockedResponseReturn(0, 0, response.result)
    if isinstance(response, Throw):
        return MockedResponseThrow(0, 0, response.error, response.cause)
    if isinstance(response, FailTask) and not getattr(env, "fails_a_job", False):
        return MockedResponseThrow(0, 0, TASK_FAILED, response.cause)
    return None


def _response(env: Any) -> Response | None:
    """Return the test case's response to this attempt; each iteration of a Map counts its own attempts."""
    if not isinstance(env.mock_test_case, dict) or env.next_state_name not in env.mock_test_case:
        return None
    if not hasattr(env, "response"):
        scope = vars(env.variable_store)
        attempts: Counter[str] = scope.setdefault("attempts", Counter())
        responses: Sequence[Response] = env.mock_test_case[env.next_state_name]
        attempt = attempts[env.next_state_name]
        attempts[env.next_state_name] += 1
        response = responses[min(attempt, len(responses) - 1)] if responses else None
        if isinstance(response, RemoteMock):
            arguments = getattr(env, "arguments", None)
            request = MockRequest(env.next_state_name, attempt, arguments)
            response = request_response(response.url, request)
        env.response = response
    response_of_attempt: Response | None = env.response
    return response_of_attempt


def _fail_jobs() -> None:
    """Submit a job that a mock lets fail, and let it end as failed."""
    evaluate, submit = StateTaskServiceBatch._eval_execution, StateTaskServiceBatch._eval_service_task

    def eval_execution(self: Any, env: Any) -> None:
        env.fails_a_job = self.resource.condition == ResourceCondition.Sync
        evaluate(self, env)

    def eval_service_task(
        self: Any, env: Any, resource_runtime_part: Any, *args: Any, **kwargs: Any
    ) -> None:
        submit(self, env, resource_runtime_part, *args, **kwargs)
        response = _response(env)
        if isinstance(response, FailTask):
            job = env.stack[-1]
            part = resource_runtime_part
            _fail(part.account, part.region, job.get("jobId") or job["JobId"], response.cause)

    setattr(StateTaskServiceBatch, "_eval_execution", eval_execution)  # noqa: B010
    setattr(StateTaskServiceBatch, "_eval_service_task", eval_service_task)  # noqa: B010


def _fail(account: str, region: str, job_id: str, cause: str) -> None:
    from moto.batch.models import batch_backends

    job = batch_backends[account][region]._jobs[job_id]
    job.status = "FAILED"
    job.exit_code = 1
    job.job_stopped_reason = cause
