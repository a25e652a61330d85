"""A stack that is created through the API of CloudFormation, with the events of its resources."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from cfngen.core.declared import Declared, frozen
from cfngen.local.errors import ServiceError, translate_client_error

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
    """A stack: its id, its resources in the order in which they were created, and its outputs."""

    stack_id: str
    resources: tuple[StackResource, ...]
    outputs: Mapping[str, str]


class StackFailedError(ServiceError):
    """A stack that could not be created; the message has a line for each reason."""


class Deployment:
    """A stack that is being created: its resources as they change, and at the end ``stack``."""

    def __init__(
        self,
        client: Any,
        name: str,
        body: str,
        parameters: Mapping[str, str] | None = None,
        poll_seconds: float = 0.5,
    ) -> None:
        """Create a stack, and look at it every ``poll_seconds``."""
        self.stack: DeployedStack | None = None
        self._client = client
        self._name = name
        self._body = body
        self._parameters = parameters or {}
        self._poll_seconds = poll_seconds
        self._seen: set[str] = set()

    def __iter__(self) -> Iterator[StackResource]:
        """Create the stack, and yield its resources as their status changes, until it is complete.

        Raises ``ServiceError``, and ``StackFailedError`` for a stack that was rolled back.
        """
        with translate_client_error(f"cannot create the stack {self._name}"):
            self._client.create_stack(
                StackName=self._name,
                TemplateBody=self._body,
                Capabilities=list(CAPABILITIES),
                Parameters=[
                    {"ParameterKey": name, "ParameterValue": text}
                    for name, text in self._parameters.items()
                ],
            )
        failed: list[StackResource] = []
        while True:
            stack = self._describe()
            for change in self._changes():
                if change.status.endswith("_FAILED"):
                    failed.append(change)
                yield change
            status = str(stack.get("StackStatus", ""))
            if status == "CREATE_COMPLETE":
                self.stack = DeployedStack(
                    str(stack.get("StackId", "")), self._resources(), _outputs_of(stack)
                )
                return
            if not status.endswith("_IN_PROGRESS"):
                raise StackFailedError(_stack_failure(self._name, status, failed))
            time.sleep(self._poll_seconds)

    def _describe(self) -> Mapping[str, Any]:
        with translate_client_error(f"cannot follow the stack {self._name}"):
            stacks: Sequence[Mapping[str, Any]] = self._client.describe_stacks(StackName=self._name)[
                "Stacks"
            ]
        if not stacks:
            raise ServiceError(f"cannot follow the stack {self._name}: it does not exist any more")
        return stacks[0]

    def _changes(self) -> Iterator[StackResource]:
        events: list[Mapping[str, Any]] = []
        with translate_client_error(f"cannot read the events of the stack {self._name}"):
            for page in self._client.get_paginator("describe_stack_events").paginate(StackName=self._name):
                new = [event for event in page["StackEvents"] if event["EventId"] not in self._seen]
                events += new
                if len(new) < len(page["StackEvents"]):
                    break
        for event in reversed(events):  # the newest comes first
            self._seen.add(event["EventId"])
            if event.get("ResourceType") != "AWS::CloudFormation::Stack":
                yield _resource(event)

    def _resources(self) -> tuple[StackResource, ...]:
        with translate_client_error(f"cannot list the resources of the stack {self._name}"):
            pages = self._client.get_paginator("list_stack_resources").paginate(StackName=self._name)
            return tuple(_resource(summary) for page in pages for summary in page["StackResourceSummaries"])


def _resource(fields: Mapping[str, Any]) -> StackResource:
    return StackResource(
        fields["LogicalResourceId"],
        fields.get("ResourceType", ""),
        fields["ResourceStatus"],
        fields.get("PhysicalResourceId", ""),
        fields.get("ResourceStatusReason", ""),
    )


def _outputs_of(stack: Mapping[str, Any]) -> dict[str, str]:
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def _stack_failure(name: str, status: str, failed: Sequence[StackResource]) -> str:
    lines = [f"the stack {name} is {status}"]
    lines += [
        f"  {resource.logical_id} ({resource.type}): {resource.reason or resource.status}"
        for resource in failed
    ]
    return "\n".join(lines)
