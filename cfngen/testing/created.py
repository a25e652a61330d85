"""A stack in the emulator."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from cfngen.local.deployment import Deployment
from cfngen.local.errors import ServiceError
from cfngen.testing.errors import DeployError
from cfngen.testing.planned import MACHINE, PlannedMachine

POLL_SECONDS: Final = 0.01
"""Waits take no time."""


class CreatedStack(NamedTuple):
    """A stack in the emulator: its state machines, its resources' ids and types, and its outputs."""

    machines: Mapping[str, PlannedMachine]
    resources: Mapping[str, str]
    types: Mapping[str, str]
    outputs: Mapping[str, str]


def created(deployment: Deployment, step_functions: Any) -> CreatedStack:
    """Deploy a stack; ``step_functions`` is the client of that service. Raises ``DeployError``."""
    try:
        for _ in deployment:
            pass
    except ServiceError as error:
        raise DeployError(str(error)) from None
    assert deployment.stack is not None
    machines: dict[str, PlannedMachine] = {}
    for resource in deployment.stack.resources:
        if resource.type == MACHINE:
            arn = resource.physical_id
            fields = step_functions.describe_state_machine(stateMachineArn=arn)
            machines[resource.logical_id] = PlannedMachine(
                logical_id=resource.logical_id,
                arn=arn,
                name=fields["name"],
                type=fields["type"],
                definition=json.loads(fields["definition"]),
            )
    types = {resource.logical_id: resource.type for resource in deployment.stack.resources}
    ids = {resource.logical_id: resource.physical_id for resource in deployment.stack.resources}
    return CreatedStack(machines, ids, types, dict(deployment.stack.outputs))
