"""A stack in the emulator."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from cfngen.local.deployment import create_stack
from cfngen.local.discovery import MACHINE
from cfngen.local.errors import ServiceError
from cfngen.testing.errors import DeployError
from cfngen.testing.planned import PlannedMachine


class CreatedStack(NamedTuple):
    """A stack in the emulator: its state machines, its resources' ids and types, and its outputs."""

    machines: Mapping[str, PlannedMachine]
    resources: Mapping[str, str]
    types: Mapping[str, str]
    outputs: Mapping[str, str]


def created(
    client: Callable[[str], Any], name: str, template: str, parameters: Mapping[str, str]
) -> CreatedStack:
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
    types = {resource.logical_id: resource.type for resource in stack.resources}
    ids = {resource.logical_id: resource.physical_id for resource in stack.resources}
    return CreatedStack(machines, ids, types, stack.outputs)
