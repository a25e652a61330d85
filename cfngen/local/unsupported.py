"""Tasks that nothing here emulates: they fail in words that say so, and can be mocked like all others.

Only the emulator's process imports this.
"""

from __future__ import annotations

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

from cfngen.local.mocks import NOT_EMULATED

_NEVER: Final = {
    state_task_service_lambda.StateTaskServiceLambda: "runs no Lambda functions",
    state_task_service_api_gateway.StateTaskServiceApiGateway: "calls no APIs of API Gateway",
}


def say_what_is_not_emulated() -> None:
    """Let a task whose service moto lacks fail with ``States.Runtime``, and a cause that names it."""
    for kind in _kinds(StateTaskService):
        if "_eval_service_task" in vars(kind):
            _refuse_in(kind)

    invoke = lambda_eval_utils.execute_lambda_function_integration

    def invoked(env: Any, *args: Any, **kwargs: Any) -> None:
        if not env.is_mocked_mode():
            raise _failure(env, f"{NOT_EMULATED}runs no Lambda functions")
        invoke(env, *args, **kwargs)

    setattr(lambda_eval_utils, "execute_lambda_function_integration", invoked)  # noqa: B010


def _refuse_in(kind: Any) -> None:
    call = kind._eval_service_task

    def called(self: Any, env: Any, *args: Any, **kwargs: Any) -> None:
        if reason := _NEVER.get(type(self)) or _unsupported_pattern(self):
            raise _failure(env, f"{NOT_EMULATED}{reason}")
        try:
            call(self, env, *args, **kwargs)
        except (ClientError, UnknownServiceError, AttributeError) as error:
            if not _is_not_emulated(error):
                raise
            raise _failure(env, f"{NOT_EMULATED}does not answer {_name(self)}") from error

    kind._eval_service_task = called


def _kinds(kind: Any) -> list[Any]:
    return [kind, *(deeper for below in kind.__subclasses__() for deeper in _kinds(below))]


def _name(task: Any) -> str:
    return f"{task.resource.api_name}:{task.resource.api_action}"


def _unsupported_pattern(task: Any) -> str:
    condition = task.resource.condition
    if condition is None or condition in getattr(task, "_supported_integration_patterns", ()):
        return ""
    return f"cannot wait for {_name(task)} ({condition})"


def _is_not_emulated(error: Exception) -> bool:
    """Tell the error page of moto's server from the errors of AWS's services."""
    if not isinstance(error, ClientError):
        return True
    said = error.response.get("Error", {})
    return str(said.get("Code")).isdecimal() and str(said.get("Message")).lstrip().startswith("<")


def _failure(env: Any, cause: str) -> FailureEventException:
    name = StatesErrorName(typ=StatesErrorNameType.StatesRuntime)
    details = {"error": name.error_name, "cause": cause}
    return FailureEventException(
        failure_event=FailureEvent(
            env=env,
            error_name=name,
            event_type=HistoryEventType.TaskFailed,
            event_details=EventDetails(taskFailedEventDetails=details),
        )
    )
