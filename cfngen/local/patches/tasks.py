"""Tasks: the services and arguments that the interpreter accepts, and the errors that end an execution."""

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
from cfngen.cfn.arns import integration_arn
from cfngen.local.patches.patch import Patch

_TERMINAL: Final = (StatesErrorNameType.StatesRuntime, StatesErrorNameType.StatesStatesDataLimitExceeded)
"""Errors that ``States.ALL`` does not match."""


class RefusedServices(Patch):
    name = "refused-services"
    defect = "a definition that calls some of the optimized integrations is refused"

    @staticmethod
    def probe() -> bool:
        """Return whether a definition that calls an optimized integration is refused."""
        for service, actions in OPTIMIZED.items():
            for action in actions:
                try:
                    _task(f"{service}:{action}")
                except Exception:
                    return True
        return False

    @staticmethod
    def apply() -> None:
        """Accept all optimized integrations; those that are not emulated fail when they are called."""
        original = state_task_factory.state_task_service_for

        def task(service_name: str) -> Any:
            try:
                return original(service_name)
            except Exception:
                if service_name in OPTIMIZED:
                    return StateTaskServiceUnsupported()
                raise

        setattr(state_task_factory, "state_task_service_for", task)  # noqa: B010


class RefusedPatterns(Patch):
    name = "refused-patterns"
    defect = "a task that waits for some services fails before a mock can answer for them"

    @staticmethod
    def probe() -> bool:
        """Return whether a task that waits for its service fails before it starts."""
        task = _task("athena:startQueryExecution.sync")
        try:
            task._assert_integration_pattern_is_supported()
        except RuntimeError:
            return True
        return False

    @staticmethod
    def apply() -> None:
        """Start the task; one that is not emulated fails when it is called."""
        setattr(StateTaskServiceCallback, "_assert_integration_pattern_is_supported", lambda self: None)  # noqa: B010


class LostArguments(Patch):
    name = "lost-arguments"
    defect = "arguments of a call that the interpreter does not know are lost"

    @staticmethod
    def probe() -> bool:
        """Return whether an unknown argument is removed."""
        task = _task("batch:submitJob")
        arguments = {"ShareIdentifier": "probe"}
        stack: list[Any] = []
        task.parargs = SimpleNamespace(eval=lambda env: stack.append(dict(arguments)))
        return bool(task._eval_parameters(SimpleNamespace(stack=stack)) != arguments)

    @staticmethod
    def apply() -> None:
        """Pass all arguments of the definition."""

        def evaluated(self: Any, env: Any) -> Mapping[str, Any]:
            if self.parargs is None:
                return {}
            self.parargs.eval(env=env)
            arguments: Mapping[str, Any] = env.stack.pop()
            return arguments

        setattr(StateTask, "_eval_parameters", evaluated)  # noqa: B010


class TerminalErrors(Patch):
    name = "terminal-errors"
    defect = "States.ALL also matches States.Runtime and States.DataLimitExceeded"

    @staticmethod
    def probe() -> bool:
        """Return whether ``States.ALL`` matches ``States.Runtime``."""
        stack = [StatesErrorName(typ=StatesErrorNameType.StatesRuntime)]
        everything = ErrorEqualsDecl([StatesErrorName(typ=StatesErrorNameType.StatesALL)])
        everything._eval_body(SimpleNamespace(stack=stack))
        return bool(stack[-1])

    @staticmethod
    def apply() -> None:
        """Let ``States.ALL`` and ``States.TaskFailed`` match all errors except the terminal ones.

        https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-error-representation
        """
        original = ErrorEqualsDecl._eval_body

        def evaluated(self: Any, env: Any) -> None:
            error = env.stack[-1]
            original(self, env)
            if (
                isinstance(error, StatesErrorName)
                and error.typ in _TERMINAL
                and error not in self.error_names
            ):
                env.stack[-1] = False

        setattr(ErrorEqualsDecl, "_eval_body", evaluated)  # noqa: B010


class ActivityErrors(Patch):
    name = "activity-errors"
    defect = "retriers and catchers may not see an error of an activity"

    @staticmethod
    def probe() -> bool:
        """Return whether retriers and catchers do not see an error of an activity."""
        error = FailureEventException(failure_event=SimpleNamespace())
        try:
            StateTaskActivity()._from_error(SimpleNamespace(), error)
        except FailureEventException:
            return True
        return False

    @staticmethod
    def apply() -> None:
        """Give the error to the retriers and catchers."""
        original = StateTaskActivity._from_error

        def from_error(self: Any, env: Any, ex: Exception) -> Any:
            return ex.failure_event if isinstance(ex, FailureEventException) else original(self, env, ex)

        setattr(StateTaskActivity, "_from_error", from_error)  # noqa: B010


def _task(name: str) -> Any:
    task = state_task_factory.state_task_service_for(name.partition(":")[0])
    task.resource = Resource.from_resource_arn(integration_arn(name))
    return task
