"""AWS CloudFormation: change sets, functions, generated names, conditions, and properties."""

from __future__ import annotations

import json
from typing import Any

from moto.cloudformation import parsing
from moto.cloudformation.models import ChangeSet, cloudformation_backends
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend
from moto.kms.models import Key

from cfngen.local.patches.patch import ACCOUNT, REGION, Patch, create_probe_stack, replaces

_TOPIC = {"Type": "AWS::SNS::Topic"}


class OutputsAfterAChangeSet(Patch):
    name = "outputs-after-a-change-set"
    defect = "a stack that a change set created has no outputs"

    @classmethod
    def probe(cls) -> bool:
        """Return whether a stack has no outputs after its first change set."""
        backend = cloudformation_backends[ACCOUNT][REGION]
        template = {"Resources": {}, "Outputs": {"Output": {"Value": "created"}}}
        change, stack = backend.create_change_set("probe", "probe", json.dumps(template), {}, "", "CREATE")
        backend.execute_change_set(change)
        return not backend.stacks.pop(stack).outputs

    @replaces(ChangeSet, "apply")
    def apply_change_set(original: Any, self: ChangeSet) -> None:
        """Read the template's outputs after the change set was executed."""
        original(self)
        self.stack.template = self.template
        self.stack._parse_template()
        self.stack.output_map = self.stack._create_output_map()


class ZonesOfARegion(Patch):
    name = "zones-of-a-region"
    defect = "Fn::GetAZs returns four zones of us-east-1, whatever the region"
    output = {"Fn::Join": [",", {"Fn::GetAZs": ""}]}
    expected = ",".join(zone.name for zone in RegionsAndZonesBackend.zones[REGION])

    @replaces(parsing, "clean_json")
    def clean_json(original: Any, document: Any, resources: Any) -> Any:
        """Return the zones that EC2 describes."""
        if not isinstance(document, dict) or "Fn::GetAZs" not in document:
            return original(document, resources)
        region = parsing.clean_json(document["Fn::GetAZs"], resources) or resources._region_name
        return [zone.name for zone in RegionsAndZonesBackend.zones[region]]


class DollarsOfASubstitution(Patch):
    name = "dollars-of-a-substitution"
    defect = "Fn::Sub with variables of its own makes $$ one dollar"
    output = {"Fn::Sub": ["$$.${A}${B}", {"A": "b", "B": "c"}]}
    expected = "$$.bc"

    @replaces(parsing, "clean_json")
    def clean_json(original: Any, document: Any, resources: Any) -> Any:
        """Have as many dollars as the variables, one after the other, halve."""
        own = document.get("Fn::Sub") if isinstance(document, dict) else None
        if isinstance(own, list) and isinstance(own[0], str):
            document = {"Fn::Sub": [own[0].replace("$$", "$$" * 2 ** len(own[1])), own[1]]}
        return original(document, resources)


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

    @classmethod
    def probe(cls) -> bool:
        """Return whether a long stack name leads to a name that IAM refuses."""
        return len(parsing.generate_resource_name("AWS::IAM::Role", "s" * 60, "r" * 60)) > 64

    @replaces(parsing, "generate_resource_name")
    def generate(original: Any, resource_type: str, stack_name: str, logical_id: str) -> str:
        """Shorten the stack's part and the resource's part, as CloudFormation does."""
        name = str(original(resource_type, stack_name, logical_id))
        max_characters = _MAX_NAME_CHARACTERS.get(resource_type, len(name))
        if len(name) <= max_characters:
            return name
        end = name.rpartition("-")[2]
        part = (max_characters - len(end) - 2) // 2
        return f"{stack_name[:part]}-{logical_id[:part]}-{end}"


class FalseConditions(Patch):
    name = "false-conditions"
    defect = "a resource whose condition is false is listed, without a name and a type"

    @classmethod
    def probe(cls) -> bool:
        """Return whether a stack lists a resource that it does not have."""
        resources = {"A": _TOPIC, "B": {**_TOPIC, "Condition": "No"}}
        conditions = {"No": {"Fn::Equals": ["a", "b"]}}
        stack = create_probe_stack({"Conditions": conditions, "Resources": resources})
        return len([*stack.stack_resources]) != 1

    @replaces(parsing.ResourceMap, "values")
    def values(original: Any, self: Any) -> list[Any]:
        """Return what the stack has; what failed is not made once more."""
        resources = [self._parsed_resources.get(name) for name in self._resource_json_map]
        return [resource for resource in resources if resource is not None]


class NamesOfUnsupportedResources(Patch):
    name = "names-of-unsupported-resources"
    defect = "a reference to a resource that moto does not support is None"
    resources = {"A": {"Type": "Probe::Probe::Probe"}}
    output = {"Fn::Select": ["0", {"Fn::Split": ["-", {"Ref": "A"}]}]}
    expected = "probe"

    @replaces(parsing, "clean_json")
    def clean_json(original: Any, document: Any, resources: Any) -> Any:
        """Make up a name, as CloudFormation would."""
        value = original(document, resources)
        if value is None and isinstance(document, dict) and isinstance(document.get("Ref"), str):
            return _made_up(document["Ref"], resources)
        return value


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


class TagsOfAKey(Patch):
    name = "tags-of-a-key"
    defect = "a key of KMS with tags cannot be created"
    resources = {
        "Key": {
            "Type": "AWS::KMS::Key",
            "Properties": {"KeyPolicy": {}, "Tags": [{"Key": "a", "Value": "b"}]},
        }
    }

    @replaces(Key, "create_from_cloudformation_json")
    def create(original: Any, name: str, described: dict[str, Any], *args: Any, **kwargs: Any) -> Key:
        """Call the fields of a tag as the API of KMS does."""
        tags = described["Properties"].get("Tags", [])
        named = [{"TagKey": it["Key"], "TagValue": it["Value"]} for it in tags]
        properties = {**described["Properties"], "Tags": named}
        return original(name, {**described, "Properties": properties}, *args, **kwargs)
