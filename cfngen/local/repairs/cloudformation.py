"""AWS CloudFormation: stacks that a change set makes, as ``aws cloudformation deploy`` does."""

from __future__ import annotations

import json
from typing import Any

from moto.cloudformation.models import CloudFormationBackend, cloudformation_backends

from cfngen.local.repairs.scratch import ACCOUNT, REGION


def forgets_the_outputs_of_a_change_set() -> bool:
    """Tell whether a stack knows no outputs after its first change set."""
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


def read_the_outputs_of_a_change_set() -> None:
    """Read the template's outputs once the change set has been executed."""
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
