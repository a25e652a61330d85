"""The interpreter of the Amazon States Language: how it calls services, and how it evaluates."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import (
    StateTaskService,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_batch import (
    StateTaskServiceBatch,
)
from moto.stepfunctions.parser.asl.eval import states, variable_store
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


def breaks_at_a_quotation_mark() -> bool:
    """Tell whether a text is written into an expression as it is."""
    return str(jsonata.encode_jsonata_variable_declarations({"$it": '"'})) != '$it:="\\"";'


def escape_quotation_marks() -> None:
    """Write all values as JSON, which JSONata reads."""

    def declarations(bindings: dict[str, Any]) -> str:
        return "".join(f"{name}:={json.dumps(value, default=str)};" for name, value in bindings.items())

    for module in (jsonata, states, variable_store):
        setattr(module, "encode_jsonata_variable_declarations", declarations)  # noqa: B010


@cache
def _shapes(service: str, action: str) -> Any:
    from types import SimpleNamespace

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
