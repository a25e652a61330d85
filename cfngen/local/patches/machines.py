"""State machines as CloudFormation creates them."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from moto.cloudformation.parsing import ResourceMap
from moto.stepfunctions.models import StateMachine

from cfngen.cfn.functions import ref
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

        def updated(*, cloudformation_json: dict[str, Any], **kwargs: Any) -> StateMachine:
            described = _with_string(cloudformation_json)
            return _typed(update(cloudformation_json=described, **kwargs), described)

        setattr(StateMachine, "create_from_cloudformation_json", staticmethod(created))  # noqa: B010
        setattr(StateMachine, "update_from_cloudformation_json", staticmethod(updated))  # noqa: B010


class RevisionOfAMachine(Patch):
    name = "revision-of-a-machine"
    defect = "a state machine has no attributes Arn and StateMachineRevisionId"

    @staticmethod
    def probe() -> bool:
        """Return whether the attribute is unknown."""
        machine = _probe({"DefinitionString": json.dumps(PASS_MACHINE)})
        try:
            machine.get_cfn_attribute("StateMachineRevisionId")
        except Exception:
            return True
        finally:
            machine.backend.delete_state_machine(machine.arn)
        return False

    @staticmethod
    def apply() -> None:
        """Tell of the attributes; a revision is known by the definition and the role that it has."""
        original = StateMachine.get_cfn_attribute

        def has(attribute: str) -> bool:
            return attribute in ("Name", "Arn", "StateMachineRevisionId")

        def get(self: StateMachine, attribute: str) -> Any:
            if attribute == "Arn":
                return self.arn
            if attribute == "StateMachineRevisionId":
                return str(uuid5(NAMESPACE_URL, f"{self.definition} {self.roleArn}"))
            return original(self, attribute)

        setattr(StateMachine, "has_cfn_attr", staticmethod(has))  # noqa: B010
        setattr(StateMachine, "get_cfn_attribute", get)  # noqa: B010


_VERSION, _ALIAS = "AWS::StepFunctions::StateMachineVersion", "AWS::StepFunctions::StateMachineAlias"


class VersionsOfAChangedMachine(Patch):
    name = "versions-of-a-changed-machine"
    defect = (
        "an update of a stack leaves the version and the alias of a machine that it changes as they are"
    )

    @staticmethod
    def probe() -> bool:
        """Return whether a version of a machine that changes does not change."""
        old, new = (
            {
                "Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"RoleArn": role}},
                "Version": {"Type": _VERSION, "Properties": {"StateMachineArn": ref("Machine")}},
            }
            for role in ("a", "b")
        )
        stack: Any = SimpleNamespace(_resource_json_map=old, input_parameters={})
        changes = ResourceMap.build_resource_diff(stack, {"Resources": new})
        return "Version" not in changes["Modify"]

    @staticmethod
    def apply() -> None:
        """Change the versions of machines that change, and then the aliases of these versions."""
        original = ResourceMap.build_resource_diff

        def build_resource_diff(self: Any, template: dict[str, Any], *args: Any) -> dict[str, Any]:
            changes: dict[str, Any] = original(self, template, *args)
            for kind in (_VERSION, _ALIAS):
                for name, resource in template["Resources"].items():
                    refers_to = [it for it in changes["Modify"] if f'"{it}"' in json.dumps(resource)]
                    if resource["Type"] == kind and name in self._resource_json_map and refers_to:
                        changes["Modify"] = [*(it for it in changes["Modify"] if it != name), name]
            return changes

        setattr(ResourceMap, "build_resource_diff", build_resource_diff)  # noqa: B010


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
