"""Tasks that are not emulated: they fail with a cause that says so, and can be mocked like all others.

Only the emulator's process imports this.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

from botocore.exceptions import ClientError, UnknownServiceError
from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import (
    StatesErrorNameType,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_api_gateway,
    state_task_service_lambda,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import (
    StateTaskService,
)
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails

UNSUPPORTED: Final[defaultdict[str, list[tuple[str, str]]]] = defaultdict(list)
"""The names of the states that called what is not emulated, and the causes, by the ARN of the execution."""

_RUNS_NO_FUNCTIONS: Final = "runs no Lambda functions"
_NOT_EMULATED: Final = {
    state_task_service_lambda.StateTaskServiceLambda: _RUNS_NO_FUNCTIONS,
    state_task_service_api_gateway.StateTaskServiceApiGateway: "calls no APIs of API Gateway",
}


def report_unsupported() -> None:
    """Let a task whose service moto lacks fail with ``States.Runtime``, and note it in ``UNSUPPORTED``."""
    for kind in _subclasses(StateTaskService):
        if "_eval_service_task" in vars(kind):
            _report_in(kind)

    invoke = lambda_eval_utils.execute_lambda_function_integration

    def execute_lambda_function_integration(env: Any, *args: Any, **kwargs: Any) -> None:
        if not env.is_mocked_mode():
            raise _failure(env, _RUNS_NO_FUNCTIONS)
        invoke(env, *args, **kwargs)

    setattr(  # noqa: B010
        lambda_eval_utils, "execute_lambda_function_integration", execute_lambda_function_integration
    )


def _report_in(kind: Any) -> None:
    call = kind._eval_service_task

    def eval_service_task(self: Any, env: Any, *args: Any, **kwargs: Any) -> None:
        if reason := _NOT_EMULATED.get(type(self)) or _unsupported_pattern(self):
            raise _failure(env, reason)
        try:
            call(self, env, *args, **kwargs)
        except (ClientError, UnknownServiceError, AttributeError) as error:
            if not _is_unsupported(error):
                raise
            raise _failure(env, f"does not implement {_action(self)}") from error

    kind._eval_service_task = eval_service_task


def _subclasses(kind: Any) -> list[Any]:
    return [kind, *(deeper for below in kind.__subclasses__() for deeper in _subclasses(below))]


def _action(task: Any) -> str:
    return f"{task.resource.api_name}:{task.resource.api_action}"


def _unsupported_pattern(task: Any) -> str:
    condition = task.resource.condition
    if condition is None or condition in getattr(task, "_supported_integration_patterns", ()):
        return ""
    return f"cannot wait for {_action(task)} ({condition})"


def _is_unsupported(error: Exception) -> bool:
    """Return whether moto lacks a call: its server then responds with HTML, not with an AWS error."""
    if not isinstance(error, ClientError):
        return True
    fields = error.response.get("Error", {})
    return str(fields.get("Code")).isdecimal() and str(fields.get("Message")).lstrip().startswith("<")


def _failure(env: Any, reason: str) -> FailureEventException:
    name = StatesErrorName(typ=StatesErrorNameType.StatesRuntime)
    cause = f"the emulator {reason}"
    execution = env.states.context_object.context_object_data["Execution"]["Id"]
    UNSUPPORTED[execution].append((env.next_state_name, cause))
    return FailureEventException(
        failure_event=FailureEvent(
            env=env,
            error_name=name,
            event_type=HistoryEventType.TaskFailed,
            event_details=EventDetails(taskFailedEventDetails={"error": name.error_name, "cause": cause}),
        )
    )
