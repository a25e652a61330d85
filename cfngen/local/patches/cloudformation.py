"""AWS CloudFormation: change sets, and generated names."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

from moto.cloudformation import parsing
from moto.cloudformation.models import CloudFormationBackend, cloudformation_backends
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend

from cfngen.local.patches.patch import Patch
from cfngen.local.patches.probe_resources import ACCOUNT, REGION


class OutputsAfterAChangeSet(Patch):
    name = "outputs-after-a-change-set"
    defect = "a stack that a change set created has no outputs"

    @staticmethod
    def probe() -> bool:
        """Return whether a stack has no outputs after its first change set."""
        backend = cloudformation_backends[ACCOUNT][REGION]
        template = json.dumps(
            {
                "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
                "Outputs": {"It": {"Value": {"Ref": "Topic"}}},
            }
        )
        change, stack = backend.create_change_set("probe", "probe", template, {}, "", "CREATE")
        backend.execute_change_set(change)
        outputs = backend.describe_stacks(stack)[0].outputs
        backend.delete_stack(stack)
        return not outputs

    @staticmethod
    def apply() -> None:
        """Read the template's outputs after the change set was executed."""
        original = CloudFormationBackend.execute_change_set

        def execute(self: CloudFormationBackend, change_set_name: str, *args: Any, **kwargs: Any) -> None:
            original(self, change_set_name, *args, **kwargs)
            for change in self.change_sets.values():
                if change_set_name in (change.change_set_id, change.change_set_name):
                    stack = self.stacks[change.stack_id]
                    stack.template = change.template
                    stack._parse_template()
                    stack.output_map = stack._create_output_map()

        setattr(CloudFormationBackend, "execute_change_set", execute)  # noqa: B010


class ZonesOfARegion(Patch):
    name = "zones-of-a-region"
    defect = "Fn::GetAZs returns four zones of us-east-1, whatever the region"

    @staticmethod
    def probe() -> bool:
        """Return whether the zones are those of another region."""
        resources: Any = SimpleNamespace(_region_name="eu-west-1")
        zones: Any = parsing.clean_json({"Fn::GetAZs": ""}, resources)
        return bool(zones != [zone.name for zone in RegionsAndZonesBackend.zones["eu-west-1"]])

    @staticmethod
    def apply() -> None:
        """Return the zones that EC2 describes."""
        original = parsing.clean_json

        def clean_json(document: Any, resources: Any) -> Any:
            if not isinstance(document, dict) or "Fn::GetAZs" not in document:
                return original(document, resources)
            region = parsing.clean_json(document["Fn::GetAZs"], resources) or resources._region_name
            return [zone.name for zone in RegionsAndZonesBackend.zones[region]]

        setattr(parsing, "clean_json", clean_json)  # noqa: B010


class DollarsOfASubstitution(Patch):
    name = "dollars-of-a-substitution"
    defect = "Fn::Sub with variables of its own makes $$ one dollar"

    @staticmethod
    def probe() -> bool:
        """Return whether a dollar is lost."""
        text = parsing.clean_json({"Fn::Sub": ["$$.${A}${B}", {"A": "b", "B": "c"}]}, SimpleNamespace())
        return bool(text != "$$.bc")

    @staticmethod
    def apply() -> None:
        """Have as many dollars as the variables, one after the other, halve."""
        original = parsing.clean_json

        def clean_json(document: Any, resources: Any) -> Any:
            own = document.get("Fn::Sub") if isinstance(document, dict) else None
            if isinstance(own, list) and isinstance(own[0], str):
                document = {"Fn::Sub": [own[0].replace("$$", "$$" * 2 ** len(own[1])), own[1]]}
            return original(document, resources)

        setattr(parsing, "clean_json", clean_json)  # noqa: B010


_MAX_NAME_CHARACTERS = {
    "AWS::IAM::Role": 64,
    "AWS::IAM::InstanceProfile": 128,
    "AWS::Lambda::Function": 64,
    "AWS::StepFunctions::StateMachine": 80,
}
"""The longest name that CloudFormation generates, by the type of the resource."""


class GeneratedNames(Patch):
    name = "generated-names"
    defect = "a long stack name leads to role names that are too long"

    @staticmethod
    def probe() -> bool:
        """Return whether a long stack name leads to a name that IAM refuses."""
        return len(parsing.generate_resource_name("AWS::IAM::Role", "s" * 60, "r" * 60)) > 64

    @staticmethod
    def apply() -> None:
        """Shorten the stack's part and the resource's part, as CloudFormation does."""
        original = parsing.generate_resource_name

        def generate_resource_name(resource_type: str, stack_name: str, logical_id: str) -> str:
            name = str(original(resource_type, stack_name, logical_id))
            max_characters = _MAX_NAME_CHARACTERS.get(resource_type, len(name))
            if len(name) <= max_characters:
                return name
            end = name.rpartition("-")[2]
            part = (max_characters - len(end) - 2) // 2
            return f"{stack_name[:part]}-{logical_id[:part]}-{end}"

        setattr(parsing, "generate_resource_name", generate_resource_name)  # noqa: B010
