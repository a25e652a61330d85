"""Tasks: which services and arguments the interpreter takes, and which errors end an execution."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, Final

from moto.stepfunctions.parser.asl.component.common.error_name.error_equals_decl import ErrorEqualsDecl
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEventException
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import (
    StatesErrorNameType,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task import state_task_factory
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.resource import (
    Resource,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_callback import (  # noqa: E501
    StateTaskServiceCallback,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_unsupported import (  # noqa: E501
    StateTaskServiceUnsupported,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.state_task import StateTask
from moto.stepfunctions.parser.asl.component.state.exec.state_task.state_task_activitiy import (
    StateTaskActivity,
)

from cfngen.apis.integrations import OPTIMIZED
from cfngen.cfn.resources import integration_arn

_TERMINAL: Final = (StatesErrorNameType.StatesRuntime, StatesErrorNameType.StatesStatesDataLimitExceeded)
"""What ``States.ALL`` does not stand for."""


def are_of_few_services() -> bool:
    """Tell whether a definition that calls an optimized integration is refused."""
    for service, actions in OPTIMIZED.items():
        for action in actions:
            try:
                _task(f"{service}:{action}")
            except Exception:
                return True
    return False


def accept_all_services() -> None:
    """Accept all optimized integrations; those that nothing emulates fail when they are called."""
    original = state_task_factory.state_task_service_for

    def task(service_name: str) -> Any:
        try:
            return original(service_name)
        except Exception:
            if service_name in OPTIMIZED:
                return StateTaskServiceUnsupported()
            raise

    setattr(state_task_factory, "state_task_service_for", task)  # noqa: B010


def are_of_few_patterns() -> bool:
    """Tell whether a task fails before anybody could answer for a service that is waited for."""
    task = _task("athena:startQueryExecution.sync")
    try:
        task._assert_integration_pattern_is_supported()
    except RuntimeError:
        return True
    return False


def accept_all_patterns() -> None:
    """Let the task begin; one that nothing emulates fails when it is called."""
    setattr(StateTaskServiceCallback, "_assert_integration_pattern_is_supported", lambda self: None)  # noqa: B010


def lose_arguments() -> bool:
    """Tell whether an argument that is not known does not arrive."""
    task = _task("batch:submitJob")
    arguments = {"ShareIdentifier": "probe"}
    stack: list[Any] = []
    task.parargs = SimpleNamespace(eval=lambda env: stack.append(dict(arguments)))
    return bool(task._eval_parameters(SimpleNamespace(stack=stack)) != arguments)


def keep_all_arguments() -> None:
    """Hand over what the definition says."""

    def evaluated(self: Any, env: Any) -> Mapping[str, Any]:
        if self.parargs is None:
            return {}
        self.parargs.eval(env=env)
        arguments: Mapping[str, Any] = env.stack.pop()
        return arguments

    setattr(StateTask, "_eval_parameters", evaluated)  # noqa: B010


def survive_errors_that_end_an_execution() -> bool:
    """Tell whether ``States.ALL`` stands for ``States.Runtime``."""
    stack = [StatesErrorName(typ=StatesErrorNameType.StatesRuntime)]
    everything = ErrorEqualsDecl([StatesErrorName(typ=StatesErrorNameType.StatesALL)])
    everything._eval_body(SimpleNamespace(stack=stack))
    return bool(stack[-1])


def end_with_errors_that_end_an_execution() -> None:
    """Let ``States.ALL`` and ``States.TaskFailed`` stand for all errors but those that nothing catches.

    https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-error-representation
    """
    original = ErrorEqualsDecl._eval_body

    def evaluated(self: Any, env: Any) -> None:
        error = env.stack[-1]
        original(self, env)
        if isinstance(error, StatesErrorName) and error.typ in _TERMINAL and error not in self.error_names:
            env.stack[-1] = False

    setattr(ErrorEqualsDecl, "_eval_body", evaluated)  # noqa: B010


def never_retry_a_failed_activity() -> bool:
    """Tell whether an error of an activity passes by its retriers and catchers."""
    error = FailureEventException(failure_event=SimpleNamespace())
    try:
        StateTaskActivity()._from_error(SimpleNamespace(), error)
    except FailureEventException:
        return True
    return False


def retry_failed_activities() -> None:
    """Hand the error to the retriers and catchers."""
    original = StateTaskActivity._from_error

    def from_error(self: Any, env: Any, ex: Exception) -> Any:
        return ex.failure_event if isinstance(ex, FailureEventException) else original(self, env, ex)

    setattr(StateTaskActivity, "_from_error", from_error)  # noqa: B010


def _task(name: str) -> Any:
    task = state_task_factory.state_task_service_for(name.partition(":")[0])
    task.resource = Resource.from_resource_arn(integration_arn(name))
    return task
