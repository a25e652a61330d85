"""A stack on its way: made through the API of CloudFormation, resource by resource."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from cfngen.core.declared import Declared, frozen
from cfngen.local.errors import ServiceError, told

CAPABILITIES: Final = ("CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND")


@frozen
class Resource(Declared):
    """A resource as an event tells of it; ``reason`` says why it fails."""

    logical_id: str
    type: str
    status: str
    physical_id: str = ""
    reason: str = ""


@frozen
class Made(Declared):
    """A stack that stands: its id, its resources in the order of their making, and its outputs."""

    stack_id: str
    resources: tuple[Resource, ...]
    outputs: Mapping[str, str]


class StackFailedError(ServiceError):
    """A stack that could not be made; the message has the reasons, a line each."""


class Deployment:
    """A stack that is being made: its resources as they come, then the stack as it stands."""

    def __init__(
        self,
        client: Any,
        name: str,
        body: str,
        parameters: Mapping[str, str] | None = None,
        every: float = 0.5,
    ) -> None:
        """Watch the stack, looking ``every`` so many seconds."""
        self.made: Made | None = None
        self._client = client
        self._name = name
        self._body = body
        self._parameters = parameters or {}
        self._every = every
        self._seen: set[str] = set()

    def __iter__(self) -> Iterator[Resource]:
        """Create the stack, and yield its resources as their status changes, until it stands.

        Raises ``ServiceError``, of which ``StackFailedError`` says that the stack was rolled back.
        """
        with told(f"cannot create the stack {self._name}"):
            self._client.create_stack(
                StackName=self._name,
                TemplateBody=self._body,
                Capabilities=list(CAPABILITIES),
                Parameters=[
                    {"ParameterKey": name, "ParameterValue": text}
                    for name, text in self._parameters.items()
                ],
            )
        failed: list[Resource] = []
        while True:
            stack = self._described()
            for change in self._changes():
                if change.status.endswith("_FAILED"):
                    failed.append(change)
                yield change
            status = str(stack.get("StackStatus", ""))
            if status == "CREATE_COMPLETE":
                self.made = Made(str(stack.get("StackId", "")), self._resources(), _outputs(stack))
                return
            if not status.endswith("_IN_PROGRESS"):
                raise StackFailedError(_why(self._name, status, failed))
            time.sleep(self._every)

    def _described(self) -> Mapping[str, Any]:
        with told(f"cannot follow the stack {self._name}"):
            stacks: Sequence[Mapping[str, Any]] = self._client.describe_stacks(StackName=self._name)[
                "Stacks"
            ]
        if not stacks:
            raise ServiceError(f"cannot follow the stack {self._name}: it is not there any more")
        return stacks[0]

    def _changes(self) -> Iterator[Resource]:
        events: list[Mapping[str, Any]] = []
        with told(f"cannot read the events of the stack {self._name}"):
            for page in self._client.get_paginator("describe_stack_events").paginate(StackName=self._name):
                new = [event for event in page["StackEvents"] if event["EventId"] not in self._seen]
                events += new
                if len(new) < len(page["StackEvents"]):
                    break
        for event in reversed(events):  # the newest comes first
            self._seen.add(event["EventId"])
            if event.get("ResourceType") != "AWS::CloudFormation::Stack":
                yield _resource(event)

    def _resources(self) -> tuple[Resource, ...]:
        with told(f"cannot list the resources of the stack {self._name}"):
            pages = self._client.get_paginator("list_stack_resources").paginate(StackName=self._name)
            return tuple(_resource(found) for page in pages for found in page["StackResourceSummaries"])


def _resource(told_of: Mapping[str, Any]) -> Resource:
    return Resource(
        told_of["LogicalResourceId"],
        told_of.get("ResourceType", ""),
        told_of["ResourceStatus"],
        told_of.get("PhysicalResourceId", ""),
        told_of.get("ResourceStatusReason", ""),
    )


def _outputs(stack: Mapping[str, Any]) -> dict[str, str]:
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def _why(name: str, status: str, failed: Sequence[Resource]) -> str:
    lines = [f"the stack {name} is {status}"]
    lines += [f"  {found.logical_id} ({found.type}): {found.reason or found.status}" for found in failed]
    return "\n".join(lines)
