"""State machines as CloudFormation creates them."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from moto.cloudformation.parsing import ResourceMap
from moto.stepfunctions.models import StateMachine

from cfngen.cfn.arns import AWS, in_partition
from cfngen.cfn.functions import get_att, ref
from cfngen.cfn.text import filled
from cfngen.local.patches.patch import ACCOUNT, Patch, replaces

_VERSION, _ALIAS = "AWS::StepFunctions::StateMachineVersion", "AWS::StepFunctions::StateMachineAlias"
_ATTRIBUTES = ("Arn", "StateMachineRevisionId")
_PASSES = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}


class DefinitionAsAnObject(Patch):
    name = "definition-as-an-object"
    defect = "Definition, DefinitionSubstitutions and StateMachineType of a state machine are ignored"
    resources = {
        "A": {
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {"Definition": _PASSES, "RoleArn": in_partition(AWS, f"iam::{ACCOUNT}:role/a")},
        }
    }
    output = get_att("A", "DefinitionString")
    expected = json.dumps(_PASSES)

    @replaces(StateMachine, "create_from_cloudformation_json")
    def create(
        original: Any, name: str, described: dict[str, Any], *args: Any, **kwargs: Any
    ) -> StateMachine:
        """Turn ``Definition`` into ``DefinitionString``, substitute, and keep the type."""
        return _typed(original(name, _with_string(described), *args, **kwargs), described)

    @replaces(StateMachine, "update_from_cloudformation_json")
    def update(original: Any, *, cloudformation_json: dict[str, Any], **kwargs: Any) -> StateMachine:
        """Do the same for a state machine that is there."""
        described = _with_string(cloudformation_json)
        return _typed(original(cloudformation_json=described, **kwargs), described)


class RevisionOfAMachine(Patch):
    name = "revision-of-a-machine"
    defect = "a state machine has no attributes Arn and StateMachineRevisionId"

    @classmethod
    def probe(cls) -> bool:
        """Return whether an attribute is unknown."""
        return not all(map(StateMachine.has_cfn_attr, _ATTRIBUTES))

    @replaces(StateMachine, "has_cfn_attr")
    def has(original: Any, attribute: str) -> bool:
        """Tell of the attributes."""
        return attribute in _ATTRIBUTES or original(attribute)

    @replaces(StateMachine, "get_cfn_attribute")
    def get(original: Any, self: StateMachine, attribute: str) -> Any:
        """Return an attribute; a revision is known by the definition and the role that it has."""
        if attribute == "Arn":
            return self.arn
        if attribute == "StateMachineRevisionId":
            return str(uuid5(NAMESPACE_URL, f"{self.definition} {self.roleArn}"))
        return original(self, attribute)


class VersionsOfAChangedMachine(Patch):
    name = "versions-of-a-changed-machine"
    defect = (
        "an update of a stack leaves the version and the alias of a machine that it changes as they are"
    )

    @classmethod
    def probe(cls) -> bool:
        """Return whether a version of a machine that changes does not change."""
        version = {"Type": _VERSION, "Properties": {"StateMachineArn": ref("Machine")}}
        old, new = ({"Machine": {"Type": "", "Properties": role}, "Version": version} for role in "ab")
        stack: Any = SimpleNamespace(_resource_json_map=old, input_parameters={})
        return "Version" not in ResourceMap.build_resource_diff(stack, {"Resources": new})["Modify"]

    @replaces(ResourceMap, "build_resource_diff")
    def build_resource_diff(original: Any, self: Any, template: dict[str, Any], *args: Any) -> Any:
        """Change the versions of machines that change, and then the aliases of these versions."""
        changes: dict[str, Any] = original(self, template, *args)
        for kind in (_VERSION, _ALIAS):
            for name, resource in template["Resources"].items():
                refers_to = [it for it in changes["Modify"] if f'"{it}"' in json.dumps(resource)]
                if resource["Type"] == kind and name in self._resource_json_map and refers_to:
                    changes["Modify"] = [*(it for it in changes["Modify"] if it != name), name]
        return changes


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
