"""The interpreter of the Amazon States Language: how it calls services, and how it evaluates."""

from __future__ import annotations

import json
from functools import cache
from types import SimpleNamespace
from typing import Any

from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import CustomErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.error_name import ErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import (
    StatesErrorNameType,
)
from moto.stepfunctions.parser.asl.component.common.string import string_expression
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import (
    StateTaskService,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_batch import (
    StateTaskServiceBatch,
)
from moto.stepfunctions.parser.asl.eval import states, variable_store
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.jsonata import jsonata
from moto.stepfunctions.parser.asl.parse.preprocessor import Preprocessor
from moto.stepfunctions.parser.utils import camel_to_snake_case

from cfngen.local.patches.patch import Patch


class SpellingOfArguments(Patch):
    name = "spelling-of-arguments"
    defect = "arguments and results of services are not spelled as in Step Functions"

    @staticmethod
    def probe() -> bool:
        """Return whether ``JobName`` is not changed to ``jobName``, as the API of AWS Batch has it."""
        task = StateTaskServiceBatch()
        arguments = {"JobName": "probe"}
        task._normalise_parameters(arguments, "batch", "submitJob")
        return "JobName" in arguments

    @staticmethod
    def apply() -> None:
        """Spell arguments as the service's API has them, and results as Step Functions has them."""

        def arguments(
            self: Any,
            parameters: Any,
            boto_service_name: str | None = None,
            service_action_name: str | None = None,
        ) -> None:
            shapes = _shapes(
                self._get_boto_service_name(boto_service_name),
                self._get_boto_service_action(service_action_name),
            )
            if shapes.input is not None:
                self._to_boto_request(parameters, shapes.input)

        def results(
            self: Any,
            response: Any,
            boto_service_name: str | None = None,
            service_action_name: str | None = None,
        ) -> None:
            shapes = _shapes(
                self._get_boto_service_name(boto_service_name),
                self._get_boto_service_action(service_action_name),
            )
            if shapes.output is not None:
                self._from_boto_response(response, shapes.output)

        StateTaskService._normalise_parameters = arguments
        StateTaskService._normalise_response = results


class ErrorsInBranches(Patch):
    name = "errors-in-branches"
    defect = (
        "an error such as States.TaskFailed inside a branch or a Map stops the execution, and no catcher "
        "sees it"
    )

    @staticmethod
    def probe() -> bool:
        """Return whether ``States.TaskFailed`` is refused as the name of an error."""
        try:
            CustomErrorName("States.TaskFailed")
        except ValueError:
            return True
        return False

    @staticmethod
    def apply() -> None:
        """Accept the errors of Step Functions wherever they come from."""

        def new(cls: type, error_name: str | None) -> Any:
            try:
                return StatesErrorName.from_name(error_name)
            except ValueError:
                return object.__new__(cls)

        def begin(self: Any, error_name: str | None) -> None:
            ErrorName.__init__(self, error_name)

        setattr(CustomErrorName, "__new__", staticmethod(new))  # noqa: B010
        setattr(CustomErrorName, "__init__", begin)  # noqa: B010


class SharedQueryLanguage(Patch):
    name = "shared-query-language"
    defect = "after a refused JSONata definition all other definitions are refused"

    @staticmethod
    def probe() -> bool:
        """Return whether all preprocessors share one list."""
        return Preprocessor()._query_language_per_scope is Preprocessor()._query_language_per_scope

    @staticmethod
    def apply() -> None:
        """Give each preprocessor its own list."""
        original = Preprocessor.__init__

        def begin(self: Any, *args: Any, **kwargs: Any) -> None:
            original(self, *args, **kwargs)
            self._query_language_per_scope = []

        Preprocessor.__init__ = begin


class JsonataEvaluation(Patch):
    name = "jsonata-evaluation"
    defect = "JSONata is not evaluated; jsonata-python evaluates it instead"

    @staticmethod
    def probe() -> bool:
        """Return whether ``1+1`` is not 2."""
        try:
            return bool(jsonata.eval_jsonata_expression("1+1") != 2)
        except Exception:
            return True

    @staticmethod
    def apply() -> None:
        """Evaluate with jsonata-python and the functions that Step Functions adds."""
        from cfngen.local.jsonata_functions import evaluate

        def evaluated(expression: str) -> Any:
            try:
                return evaluate(expression)
            except Exception as error:
                raise jsonata.JSONataException("UNKNOWN", str(error)) from None

        jsonata._eval_jsonata = evaluated
        # declarations that moto writes before an expression would hide the functions of jsonata_functions
        setattr(string_expression, "get_intrinsic_functions_declarations", lambda variable_references: "")  # noqa: B010


class ContextInAPredicate(Patch):
    name = "context-in-a-predicate"
    defect = "JSONata with $ in a predicate is refused"

    @staticmethod
    def probe() -> bool:
        """Return whether ``$`` is refused inside a predicate too."""
        try:
            jsonata.extract_jsonata_variable_references("items[$ > 1]")
        except jsonata.IllegalJSONataVariableReference:
            return True
        return False

    @staticmethod
    def apply() -> None:
        """Accept ``$``; at the top level, where Step Functions refuses it, it has no value."""
        jsonata._ILLEGAL_VARIABLE_REFERENCES = frozenset()


class JsonataErrors(Patch):
    name = "jsonata-errors"
    defect = "an error in JSONata is not a States.QueryEvaluationError"

    @staticmethod
    def probe() -> bool:
        """Return whether an expression that fails raises another error."""
        expression = string_expression.StringJSONata("$parse(1)")
        environment = SimpleNamespace(
            stack=[],
            states=SimpleNamespace(to_variable_declarations=lambda variable_references: ""),
            variable_store=SimpleNamespace(get_variable_declarations=lambda: ""),
            event_manager=SimpleNamespace(add_event=lambda **_: None),
            event_history_context=None,
            next_state_name="probe",
        )
        try:
            expression._eval_body(environment)
        except FailureEventException:
            return False
        except Exception:
            return True
        return True

    @staticmethod
    def apply() -> None:
        """Fail with ``States.QueryEvaluationError``, which retriers and catchers can match."""
        original = string_expression.StringJSONata._eval_body

        def evaluated(self: Any, env: Any) -> None:
            try:
                original(self, env)
            except jsonata.JSONataException as error:
                cause = f"The JSONata expression '{self.expression}' failed: {error.details}"
                raise FailureEventException(failure_event=_query_error(env, cause)) from None

        string_expression.StringJSONata._eval_body = evaluated


class QuotesInVariables(Patch):
    name = "quotes-in-variables"
    defect = "a variable that contains a quotation mark breaks the JSONata that reads it"

    @staticmethod
    def probe() -> bool:
        """Return whether a string is written into an expression without escapes."""
        return str(jsonata.encode_jsonata_variable_declarations({"$it": '"'})) != '$it:="\\"";'

    @staticmethod
    def apply() -> None:
        """Write all values as JSON, which JSONata understands."""

        def declarations(bindings: dict[str, Any]) -> str:
            return "".join(f"{name}:={json.dumps(value, default=str)};" for name, value in bindings.items())

        for module in (jsonata, states, variable_store):
            setattr(module, "encode_jsonata_variable_declarations", declarations)  # noqa: B010


def _query_error(env: Any, cause: str) -> FailureEvent:
    name = StatesErrorName(typ=StatesErrorNameType.StatesQueryEvaluationError)
    details = {"error": name.error_name, "cause": cause}
    return FailureEvent(
        env=env,
        error_name=name,
        event_type=HistoryEventType.EvaluationFailed,
        event_details=EventDetails(evaluationFailedEventDetails=details),
    )


@cache
def _shapes(service: str, action: str) -> Any:
    from botocore.exceptions import UnknownServiceError

    from cfngen.local.running import isolated_session

    try:
        model = isolated_session().get_service_model(service)
    except UnknownServiceError:
        return SimpleNamespace(input=None, output=None)
    for name in model.operation_names:
        if camel_to_snake_case(name) == action:
            operation = model.operation_model(name)
            return SimpleNamespace(input=operation.input_shape, output=operation.output_shape)
    return SimpleNamespace(input=None, output=None)
