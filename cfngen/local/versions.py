"""What the ARN of a state machine, of a version or of an alias starts in the emulator.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-cd-aliasing-versioning.html
"""

from __future__ import annotations

import random
from typing import Any, NamedTuple


class Started(NamedTuple):
    """What an ARN starts: a state machine, as it is or as it was in a version."""

    machine: Any
    revision: Any
    version_arn: str | None = None
    alias_arn: str | None = None


def started_by(backend: Any, arn: str) -> Started:
    """Return what the ARN of a state machine, of a version or of an alias starts."""
    *machine_parts, last = arn.split(":")
    if len(machine_parts) < 7:
        machine = backend.describe_state_machine(arn)
        return Started(machine, machine)
    alias = None if last.isnumeric() else backend.describe_state_machine_alias(arn)
    version_arn = arn if alias is None else _chosen(alias.routing_configuration)
    version = backend.describe_state_machine(version_arn)
    machine = backend.describe_state_machine(":".join(machine_parts))
    return Started(machine, version, version_arn, None if alias is None else arn)


def _chosen(routes: Any) -> str:
    """Return one of the versions of an alias, each as often as its weight says."""
    arns = [str(route["stateMachineVersionArn"]) for route in routes]
    return random.choices(arns, [int(route["weight"]) for route in routes])[0]
