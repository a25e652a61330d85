"""A stack in the emulator."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from cfngen.aws.discovery import MACHINE
from cfngen.aws.errors import ServiceError
from cfngen.local.deployment import create_stack
from cfngen.testing.errors import DeployError
from cfngen.testing.planned import PlannedMachine, StackContents


def created(
    client: Callable[[str], Any], name: str, template: str, parameters: Mapping[str, str]
) -> StackContents:
    """Deploy a stack; ``client`` returns the client of a service. Raises ``DeployError``."""
    try:
        stack = create_stack(client("cloudformation"), name, template, parameters)
    except ServiceError as error:
        raise DeployError(str(error)) from None
    machines: dict[str, PlannedMachine] = {}
    for resource in stack.resources:
        if resource.type == MACHINE:
            arn = resource.physical_id
            fields = client("stepfunctions").describe_state_machine(stateMachineArn=arn)
            machines[resource.logical_id] = PlannedMachine(
                logical_id=resource.logical_id,
                arn=arn,
                name=fields["name"],
                type=fields["type"],
                definition=json.loads(fields["definition"]),
            )
    return StackContents(
        machines=machines,
        resources={resource.logical_id: resource.physical_id for resource in stack.resources},
        types={resource.logical_id: resource.type for resource in stack.resources},
        outputs=stack.outputs,
    )
