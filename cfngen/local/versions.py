"""Versions and aliases of state machines in the emulator.

Only the emulator's process imports this. Moto has aliases, and versions that nobody can publish.
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-cd-aliasing-versioning.html
"""

from __future__ import annotations

import random
from typing import Any, NamedTuple

from moto.core.exceptions import AWSError
from moto.core.responses import ActionResult, EmptyResult
from moto.stepfunctions.responses import StepFunctionResponse


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


class VersionsApi(StepFunctionResponse):  # type: ignore[misc]
    """The API of versions, which moto lacks."""

    def publish_state_machine_version(self) -> ActionResult:
        """Publish a version of a state machine, unless it has not changed since the newest."""
        machine: Any = self.stepfunction_backend.describe_state_machine(self._get_param("stateMachineArn"))
        newest = machine.latest_version
        if newest is None or _revision(newest) != _revision(machine):
            machine.publish(self._get_param("description"))
        version = machine.latest_version
        fields = {"stateMachineVersionArn": version.arn, "creationDate": version.creation_date}
        return ActionResult(fields)

    def list_state_machine_versions(self) -> ActionResult:
        """Return the versions of a state machine, the newest first."""
        machine: Any = self.stepfunction_backend.describe_state_machine(self._get_param("stateMachineArn"))
        versions = [
            {"stateMachineVersionArn": version.arn, "creationDate": version.creation_date}
            for _, version in sorted(machine.versions.items(), reverse=True)
        ]
        return ActionResult({"stateMachineVersions": versions})

    def delete_state_machine_version(self) -> ActionResult:
        """Delete a version, unless an alias names it; one that does not exist is no error."""
        arn = self._get_param("stateMachineVersionArn")
        machine_arn, _, number = arn.rpartition(":")
        for machine in self.stepfunction_backend.state_machines:
            if machine.arn == machine_arn:
                if any(arn in str(alias.routing_configuration) for alias in machine.aliases.values()):
                    raise AWSError(f"Version is referenced by an alias: {arn}", "ConflictException")
                machine.versions.pop(int(number), None)
        return EmptyResult()


def _chosen(routes: Any) -> str:
    """Return one of the versions of an alias, each as often as its weight says."""
    arns = [str(route["stateMachineVersionArn"]) for route in routes]
    return random.choices(arns, [int(route["weight"]) for route in routes])[0]


def _revision(machine: Any) -> tuple[Any, ...]:
    """Return what makes a revision of a state machine: its definition, and how it runs."""
    return machine.definition, machine.roleArn, machine.loggingConfiguration, machine.tracingConfiguration
