"""State machines as CloudFormation creates them, and their executions."""

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
from cfngen.local.patches.patch import Patch
from cfngen.local.patches.probe_resources import ACCOUNT, PASS_MACHINE, REGION, ROLE


class MachinesOfCloudFormation(Patch):
    name = "machines-of-cloudformation"
    defect = "a state machine that CloudFormation created does not run"

    @staticmethod
    def probe() -> bool:
        """Return whether CloudFormation creates machines in the backend that does not run them."""
        machine = _probe({"DefinitionString": json.dumps(PASS_MACHINE)})
        runs = machine in stepfunctions_parser_backends[ACCOUNT][REGION].state_machines
        machine.backend.delete_state_machine(machine.arn)
        return not runs

    @staticmethod
    def apply() -> None:
        """Let CloudFormation create, change and delete machines in the backend that runs them."""
        setattr(models, "stepfunctions_backends", stepfunctions_parser_backends)  # noqa: B010


class DefinitionAsAnObject(Patch):
    name = "definition-as-an-object"
    defect = "Definition, DefinitionSubstitutions and StateMachineType of a state machine are ignored"

    @staticmethod
    def probe() -> bool:
        """Return whether ``Definition`` does not reach the state machine."""
        try:
            machine = _probe({"Definition": PASS_MACHINE})
        except Exception:
            return True
        ignored = str(machine.definition) != json.dumps(PASS_MACHINE)
        machine.backend.delete_state_machine(machine.arn)
        return ignored

    @staticmethod
    def apply() -> None:
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


class ExecutionWithoutAName(Patch):
    name = "execution-without-a-name"
    defect = "an execution without a name is called None"

    @staticmethod
    def probe() -> bool:
        """Return whether an execution that is started without a name is called None."""
        backend = stepfunctions_parser_backends[ACCOUNT][REGION]
        machine = backend.create_state_machine("named", json.dumps(PASS_MACHINE), ROLE)
        called_none: bool = backend.start_execution(machine.arn).name is None
        backend.delete_state_machine(machine.arn)
        return called_none

    @staticmethod
    def apply() -> None:
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


class EndOfAnExecution(Patch):
    name = "end-of-an-execution"
    defect = (
        "an output that is a string or null is not shown as JSON, and an execution that timed out has no "
        "stop date"
    )

    @staticmethod
    def probe() -> bool:
        """Return whether the output ``"done"`` is shown as ``done``."""
        execution = SimpleNamespace(
            execution_input="{}",
            output="done",
            output_details={},
            status="SUCCEEDED",
            **dict.fromkeys(("name", "start_date", "stop_date", "state_machine_arn", "error", "cause")),
        )
        backend = SimpleNamespace(describe_execution=lambda arn: execution)
        request = SimpleNamespace(stepfunction_backend=backend, _get_param=lambda name: None)
        return bool(StepFunctionResponse.describe_execution(request).result["output"] == "done")

    @staticmethod
    def apply() -> None:
        """Show an execution as the interpreter describes it."""
        original = StepFunctionResponse.describe_execution

        def describe(self: Any) -> Any:
            execution = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
            if not isinstance(execution, Execution):
                return original(self)
            state = {"input": execution.execution_input, "status": execution.status}
            shown = {
                key: value for key, value in execution.to_describe_output().items() if value is not None
            }
            return ActionResult({**shown, **state})

        setattr(StepFunctionResponse, "describe_execution", describe)  # noqa: B010


class CauseOfAFailedTask(Patch):
    name = "cause-of-a-failed-task"
    defect = "the cause that SendTaskFailure sends is lost"

    @staticmethod
    def probe() -> bool:
        """Return whether ``cause`` of ``SendTaskFailure`` does not reach the task."""
        causes: list[Any] = []
        backend = SimpleNamespace(
            send_task_failure=lambda token, error=None, cause=None: causes.append(cause)
        )
        request = SimpleNamespace(stepfunction_backend=backend, _get_param=lambda name: "probe")
        StepFunctionResponse.send_task_failure(request)
        return causes != ["probe"]

    @staticmethod
    def apply() -> None:
        """Pass ``cause`` to the task."""

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
