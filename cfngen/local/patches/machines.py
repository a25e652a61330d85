"""State machines: as CloudFormation makes them, and as executions of them are named."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from moto.core.responses import ActionResult, EmptyResult
from moto.stepfunctions import models
from moto.stepfunctions.models import StateMachine
from moto.stepfunctions.parser.backend.execution import Execution
from moto.stepfunctions.parser.models import StepFunctionsParserBackend, stepfunctions_parser_backends
from moto.stepfunctions.responses import StepFunctionResponse

from cfngen.cfn.text import filled
from cfngen.local.patches.probe_resources import ACCOUNT, PASSES, REGION, ROLE


def are_where_nothing_runs() -> bool:
    """Tell whether CloudFormation makes them in the backend that does not run them."""
    made = _probe({"DefinitionString": json.dumps(PASSES)})
    runs = made in stepfunctions_parser_backends[ACCOUNT][REGION].state_machines
    made.backend.delete_state_machine(made.arn)
    return not runs


def put_them_where_they_run() -> None:
    """Let CloudFormation make, change and delete them in the backend that runs them."""
    setattr(models, "stepfunctions_backends", stepfunctions_parser_backends)  # noqa: B010


def ignore_the_definition_as_an_object() -> bool:
    """Tell whether ``Definition`` does not reach the state machine."""
    try:
        made = _probe({"Definition": PASSES})
    except Exception:
        return True
    ignored = str(made.definition) != json.dumps(PASSES)
    made.backend.delete_state_machine(made.arn)
    return ignored


def read_the_definition_as_an_object() -> None:
    """Turn ``Definition`` into ``DefinitionString``, substitute, and keep the type."""
    create, update = (
        StateMachine.create_from_cloudformation_json,
        StateMachine.update_from_cloudformation_json,
    )

    def created(name: str, described: dict[str, Any], *args: Any, **kwargs: Any) -> StateMachine:
        return _typed(create(name, _with_string(described), *args, **kwargs), described)

    def updated(
        original: Any, name: str, described: dict[str, Any], *args: Any, **kwargs: Any
    ) -> StateMachine:
        return _typed(update(original, name, _with_string(described), *args, **kwargs), described)

    setattr(StateMachine, "create_from_cloudformation_json", staticmethod(created))  # noqa: B010
    setattr(StateMachine, "update_from_cloudformation_json", staticmethod(updated))  # noqa: B010


def call_an_execution_none() -> bool:
    """Tell whether an execution that is started without a name is called None."""
    backend = stepfunctions_parser_backends[ACCOUNT][REGION]
    machine = backend.create_state_machine("named", json.dumps(PASSES), ROLE)
    called_none: bool = backend.start_execution(machine.arn).name is None
    backend.delete_state_machine(machine.arn)
    return called_none


def name_executions() -> None:
    """Give an execution without a name a random one, as Step Functions does."""
    original = StepFunctionsParserBackend.start_execution

    def start(
        self: StepFunctionsParserBackend,
        state_machine_arn: str,
        name: str | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> Any:
        return original(self, state_machine_arn, name or str(uuid4()), *args, **kwargs)

    setattr(StepFunctionsParserBackend, "start_execution", start)  # noqa: B010


def show_an_output_that_is_no_json() -> bool:
    """Tell whether the output ``"done"`` is shown as ``done``."""
    ended = SimpleNamespace(
        execution_input="{}",
        output="done",
        output_details={},
        status="SUCCEEDED",
        **dict.fromkeys(("name", "start_date", "stop_date", "state_machine_arn", "error", "cause")),
    )
    backend = SimpleNamespace(describe_execution=lambda arn: ended)
    request = SimpleNamespace(stepfunction_backend=backend, _get_param=lambda name: None)
    return bool(StepFunctionResponse.describe_execution(request).result["output"] == "done")


def show_how_an_execution_ended() -> None:
    """Show what the interpreter itself says of an execution."""
    original = StepFunctionResponse.describe_execution

    def describe(self: Any) -> Any:
        execution = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
        if not isinstance(execution, Execution):
            return original(self)
        said = {"input": execution.execution_input, "status": execution.status}
        shown = {key: value for key, value in execution.to_describe_output().items() if value is not None}
        return ActionResult({**shown, **said})

    setattr(StepFunctionResponse, "describe_execution", describe)  # noqa: B010


def drop_the_cause_of_a_failed_task() -> bool:
    """Tell whether ``cause`` of ``SendTaskFailure`` does not reach the task."""
    causes: list[Any] = []
    backend = SimpleNamespace(send_task_failure=lambda token, error=None, cause=None: causes.append(cause))
    request = SimpleNamespace(stepfunction_backend=backend, _get_param=lambda name: "given")
    StepFunctionResponse.send_task_failure(request)
    return causes != ["given"]


def keep_the_cause_of_a_failed_task() -> None:
    """Pass ``cause`` on."""

    def fail(self: Any) -> Any:
        self.stepfunction_backend.send_task_failure(
            self._get_param("taskToken"), error=self._get_param("error"), cause=self._get_param("cause")
        )
        return EmptyResult()

    setattr(StepFunctionResponse, "send_task_failure", fail)  # noqa: B010


def _probe(properties: dict[str, Any]) -> StateMachine:
    described = {"Properties": {"RoleArn": ROLE, **properties}}
    return StateMachine.create_from_cloudformation_json("probe", described, ACCOUNT, REGION)


def _with_string(described: dict[str, Any]) -> dict[str, Any]:
    properties = dict(described["Properties"])
    if "Definition" in properties:
        properties["DefinitionString"] = json.dumps(properties["Definition"])
    if "DefinitionString" in properties:
        substitutions = properties.get("DefinitionSubstitutions", {})
        properties["DefinitionString"] = filled(
            properties["DefinitionString"],
            lambda name: str(substitutions[name]) if name in substitutions else None,
        )
    return {**described, "Properties": properties}


def _typed(machine: StateMachine, described: dict[str, Any]) -> StateMachine:
    machine.type = machine.sm_type = described["Properties"].get("StateMachineType", "STANDARD")
    return machine
