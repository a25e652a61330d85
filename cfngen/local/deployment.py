"""A stack that is created through the API of CloudFormation, with the events of its resources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from cfngen.aws.errors import ServiceError, translate_client_error
from cfngen.core.declared import Declared, frozen

CAPABILITIES: Final = ("CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND")


@frozen
class StackResource(Declared):
    """A resource as an event describes it; ``reason`` says why it failed."""

    logical_id: str
    type: str
    status: str
    physical_id: str = ""
    reason: str = ""


@frozen
class DeployedStack(Declared):
    """A stack: its resources in the order in which they were created, and its outputs."""

    resources: tuple[StackResource, ...]
    outputs: Mapping[str, str]


def create_stack(
    client: Any,
    name: str,
    body: str,
    parameters: Mapping[str, str],
    on_change: Callable[[StackResource], object] = lambda change: None,
) -> DeployedStack:
    """Create a stack in the emulator, which answers when all is done, and return it.

    ``on_change`` is given each resource as its status changed. Raises ``ServiceError``, with a line for
    each reason where the stack was rolled back.
    """
    with translate_client_error(f"cannot create the stack {name}"):
        client.create_stack(
            StackName=name,
            TemplateBody=body,
            Capabilities=list(CAPABILITIES),
            Parameters=[
                {"ParameterKey": name, "ParameterValue": text} for name, text in parameters.items()
            ],
        )
    with translate_client_error(f"cannot follow the stack {name}"):
        [stack] = client.describe_stacks(StackName=name)["Stacks"]
        events = _listed(client, "describe_stack_events", "StackEvents", name)
        resources = _listed(client, "list_stack_resources", "StackResourceSummaries", name)
    changes = [event for event in reversed(events) if event.type != "AWS::CloudFormation::Stack"]
    for change in changes:
        on_change(change)
    if (status := stack["StackStatus"]) != "CREATE_COMPLETE":
        reasons = [
            f"\n  {change.logical_id} ({change.type}): {change.reason or change.status}"
            for change in changes
            if change.status.endswith("_FAILED")
        ]
        raise ServiceError(f"the stack {name} is {status}{''.join(reasons)}")
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
    return DeployedStack(tuple(resources), outputs)


def _listed(client: Any, operation: str, member: str, name: str) -> list[StackResource]:
    return [
        StackResource(
            fields["LogicalResourceId"],
            fields.get("ResourceType", ""),
            fields["ResourceStatus"],
            fields.get("PhysicalResourceId", ""),
            fields.get("ResourceStatusReason", ""),
        )
        for fields in client.get_paginator(operation).paginate(StackName=name).search(f"{member}[]")
    ]
