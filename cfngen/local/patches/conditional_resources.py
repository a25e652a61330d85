"""AWS CloudFormation: what a stack does not have, by a condition or since moto lacks its type."""

from __future__ import annotations

import json
from typing import Any

from moto.cloudformation import parsing
from moto.cloudformation.models import Stack, cloudformation_backends

from cfngen.local.patches.patch import Patch
from cfngen.local.patches.probe_resources import ACCOUNT, REGION


class FalseConditions(Patch):
    name = "false-conditions"
    defect = "a resource whose condition is false is listed, without a name and a type"

    @staticmethod
    def probe() -> bool:
        """Return whether a stack lists a resource that it does not have."""
        backend = cloudformation_backends[ACCOUNT][REGION]
        topics = {"A": {"Type": "AWS::SNS::Topic"}, "B": {"Type": "AWS::SNS::Topic", "Condition": "No"}}
        template = {"Conditions": {"No": {"Fn::Equals": ["a", "b"]}}, "Resources": topics}
        stack = backend.create_stack("probe", json.dumps(template), {})
        count = len(list(stack.stack_resources))
        backend.delete_stack(stack.stack_id)
        return count != 1

    @staticmethod
    def apply() -> None:
        """List what the stack has."""

        def stack_resources(self: Any) -> list[Any]:
            parsed = self.resource_map._parsed_resources  # what failed is not made once more
            resources = [parsed.get(name) for name in self.resource_map._resource_json_map]
            return [resource for resource in resources if resource is not None]

        setattr(Stack, "stack_resources", property(stack_resources))  # noqa: B010


class NamesOfUnsupportedResources(Patch):
    name = "names-of-unsupported-resources"
    defect = "a reference to a resource that moto does not support is None"

    @staticmethod
    def probe() -> bool:
        """Return whether a reference to an unsupported resource is None."""
        backend = cloudformation_backends[ACCOUNT][REGION]
        template = {
            "Resources": {"A": {"Type": "AWS::SNS::Topic"}, "B": {"Type": "Probe::Probe::Probe"}},
            "Outputs": {"It": {"Value": {"Ref": "B"}}},
        }
        stack = backend.create_stack("probe", json.dumps(template), {})
        outputs = stack.outputs
        backend.delete_stack(stack.stack_id)
        return not outputs

    @staticmethod
    def apply() -> None:
        """Make up a name, as CloudFormation would."""
        original = parsing.clean_json

        def clean_json(document: Any, resources: Any) -> Any:
            value = original(document, resources)
            if value is None and isinstance(document, dict) and isinstance(document.get("Ref"), str):
                return _made_up(document["Ref"], resources)
            return value

        setattr(parsing, "clean_json", clean_json)  # noqa: B010


def _made_up(logical_id: str, resources: Any) -> str | None:
    described = resources._resource_json_map.get(logical_id)
    if described is None:
        return None
    condition = described.get("Condition")
    if condition and not resources.lazy_condition_map[condition]:
        return None
    names: dict[str, str] = vars(resources).setdefault("_made_up_names", {})
    if logical_id not in names:
        stack = resources["AWS::StackName"]
        names[logical_id] = str(parsing.generate_resource_name(described["Type"], stack, logical_id))
    return names[logical_id]
