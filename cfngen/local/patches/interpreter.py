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


def leaves_arguments_as_they_are_spelled() -> bool:
    """Tell whether ``JobName`` stays so, where the API of AWS Batch has ``jobName``."""
    task = StateTaskServiceBatch()
    arguments = {"JobName": "probe"}
    task._normalise_parameters(arguments, "batch", "submitJob")
    return "JobName" in arguments


def respell_arguments_and_results() -> None:
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


def breaks_at_an_error_of_step_functions() -> bool:
    """Tell whether what fails inside a branch, a map or a Fail may not be called ``States.TaskFailed``."""
    try:
        CustomErrorName("States.TaskFailed")
    except ValueError:
        return True
    return False


def let_errors_of_step_functions_pass() -> None:
    """Take them for what they are, wherever they come from."""

    def new(cls: type, error_name: str | None) -> Any:
        try:
            return StatesErrorName.from_name(error_name)
        except ValueError:
            return object.__new__(cls)

    def begin(self: Any, error_name: str | None) -> None:
        ErrorName.__init__(self, error_name)

    setattr(CustomErrorName, "__new__", staticmethod(new))  # noqa: B010
    setattr(CustomErrorName, "__init__", begin)  # noqa: B010


def keeps_the_query_language_of_another_machine() -> bool:
    """Tell whether all that read definitions share one list."""
    return Preprocessor()._query_language_per_scope is Preprocessor()._query_language_per_scope


def begin_with_no_query_language() -> None:
    """Give each that reads a definition a list of its own."""
    original = Preprocessor.__init__

    def begin(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self._query_language_per_scope = []

    Preprocessor.__init__ = begin


def evaluates_no_jsonata() -> bool:
    """Tell whether one and one make nothing."""
    try:
        return bool(jsonata.eval_jsonata_expression("1+1") != 2)
    except Exception:
        return True


def evaluate_jsonata() -> None:
    """Let jsonata-python evaluate, with the functions that Step Functions adds."""
    from cfngen.local.jsonata_functions import evaluate

    def evaluated(expression: str) -> Any:
        try:
            return evaluate(expression)
        except Exception as error:
            raise jsonata.JSONataException("UNKNOWN", str(error)) from None

    jsonata._eval_jsonata = evaluated
    # those that moto writes before an expression hide the functions of jsonata_functions
    setattr(string_expression, "get_intrinsic_functions_declarations", lambda variable_references: "")  # noqa: B010


def refuses_the_context_in_a_predicate() -> bool:
    """Tell whether ``$`` is refused where it stands for an item, too."""
    try:
        jsonata.extract_jsonata_variable_references("items[$ > 1]")
    except jsonata.IllegalJSONataVariableReference:
        return True
    return False


def accept_the_context_in_a_predicate() -> None:
    """Let ``$`` stand; at the top level, where Step Functions refuses it, it yields nothing."""
    jsonata._ILLEGAL_VARIABLE_REFERENCES = frozenset()


def takes_failing_jsonata_for_a_fault_of_its_own() -> bool:
    """Tell whether an expression that fails is no error of the query language."""
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


def fail_with_the_error_of_the_query_language() -> None:
    """Fail with ``States.QueryEvaluationError``, which retriers and catchers can name."""
    original = string_expression.StringJSONata._eval_body

    def evaluated(self: Any, env: Any) -> None:
        try:
            original(self, env)
        except jsonata.JSONataException as error:
            cause = f"The JSONata expression '{self.expression}' failed: {error.details}"
            raise FailureEventException(failure_event=_query_error(env, cause)) from None

    string_expression.StringJSONata._eval_body = evaluated


def breaks_at_a_quotation_mark() -> bool:
    """Tell whether a text is written into an expression as it is."""
    return str(jsonata.encode_jsonata_variable_declarations({"$it": '"'})) != '$it:="\\"";'


def escape_quotation_marks() -> None:
    """Write all values as JSON, which JSONata reads."""

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
