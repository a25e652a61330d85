"""State machines as CloudFormation creates them."""

from __future__ import annotations

import json
from typing import Any

from moto.stepfunctions.models import StateMachine

from cfngen.cfn.text import filled
from cfngen.local.patches.patch import Patch
from cfngen.local.patches.probe_resources import ACCOUNT, PASS_MACHINE, REGION, ROLE


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
