"""AWS CloudFormation: change sets, what happens when a resource fails, and what deleting a stack leaves."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

from moto.cloudformation import parsing
from moto.cloudformation.models import CloudFormationBackend, Event, Stack, cloudformation_backends
from moto.cloudformation.parsing import ResourceMap

from cfngen.local.patches.probe_resources import ACCOUNT, REGION


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


def answers_with_the_error_of_a_resource() -> bool:
    """Tell whether a resource that cannot be made is an error of CreateStack, and leaves the others."""
    backend = cloudformation_backends[ACCOUNT][REGION]
    broken = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "a blank is not allowed"}}
    try:
        stack = backend.create_stack("probe", json.dumps({"Resources": {"Broken": broken}}), {})
    except Exception:
        stacks = [stack for stack in backend.stacks.values() if stack.name == "probe"]
        for stack in stacks:
            backend.stacks.pop(stack.stack_id)
        return True
    backend.delete_stack(stack.stack_id)
    return bool(stack.status != "ROLLBACK_COMPLETE")


def roll_back_when_a_resource_fails() -> None:
    """Let a stack fail as AWS's do: with an event that says why, and without what it had made."""
    create, update, delete = Stack.create_resources, Stack.update, Stack.delete
    execute = CloudFormationBackend.execute_change_set
    make = parsing.parse_and_create_resource

    def made(logical_id: str, described: dict[str, Any], resources: Any, *args: Any, **kwargs: Any) -> Any:
        stack = _stack(resources)
        _tell(stack, logical_id, described, "CREATE_IN_PROGRESS")
        try:
            resource = make(logical_id, described, resources, *args, **kwargs)
        except _ResourceError:
            raise  # what this one refers to has failed
        except Exception as error:
            _tell(stack, logical_id, described, "CREATE_FAILED", reason=_reason(error))
            raise _ResourceError(logical_id, error) from error
        if resource is not None:
            _tell(stack, logical_id, described, "CREATE_COMPLETE", str(resource.physical_resource_id or ""))
        return resource

    def created(self: Any) -> None:
        _or_roll_back(self, lambda: create(self))

    def executed(self: Any, change_set_name: str, *args: Any, **kwargs: Any) -> None:
        try:
            execute(self, change_set_name, *args, **kwargs)
        except _ResourceError as error:
            for change in self.change_sets.values():
                if change_set_name in (change.change_set_id, change.change_set_name):
                    change.execution_status = "EXECUTE_FAILED"
                    _end_failed(self.stacks[change.stack_id], error, change.change_set_type)

    def updated(self: Any, *args: Any, **kwargs: Any) -> None:
        try:
            update(self, *args, **kwargs)
        except _ResourceError as error:
            _end_failed(self, error, "UPDATE")

    def deleted(self: Any) -> None:
        try:
            delete(self)
        except Exception as error:
            self._add_stack_event("DELETE_FAILED", resource_status_reason=_reason(error))
            self.status = "DELETE_FAILED"

    def delete_stack(self: Any, name_or_stack_id: str) -> None:
        stacks = [
            stack
            for stack in list(self.stacks.values())
            if name_or_stack_id in (stack.name, stack.stack_id)
        ]
        for stack in stacks:
            names = [export.name for export in stack.exports] if stack.resource_map is not None else []
            stack.delete()
            if stack.status == "DELETE_COMPLETE":
                self.stacks.pop(stack.stack_id, None)
                self.deleted_stacks[stack.stack_id] = stack
                for name in names:
                    self.exports.pop(name, None)

    setattr(parsing, "parse_and_create_resource", made)  # noqa: B010
    setattr(Stack, "create_resources", created)  # noqa: B010
    setattr(Stack, "update", updated)  # noqa: B010
    setattr(Stack, "delete", deleted)  # noqa: B010
    setattr(CloudFormationBackend, "execute_change_set", executed)  # noqa: B010
    setattr(CloudFormationBackend, "delete_stack", delete_stack)  # noqa: B010


def deletes_in_any_order() -> bool:
    """Tell whether what was made first may be deleted first."""
    names = [f"Resource{number}" for number in range(9)]
    order: list[str] = []
    resources = {name: SimpleNamespace(logical_resource_id=name) for name in names}
    stack = SimpleNamespace(
        _resource_json_map={name: {} for name in names},
        _parsed_resources=dict(resources),
        _delete_resource=lambda resource, described: order.append(resource.logical_resource_id),
    )
    ResourceMap.delete(stack)
    return order != names[::-1]


def delete_in_reverse() -> None:
    """Delete what was made last first: it was made after all that it refers to."""

    def delete(self: Any) -> None:
        failed: Exception | None = None
        for name in [name for name in reversed(self._parsed_resources) if name in self._resource_json_map]:
            described, resource = self._resource_json_map[name], self._parsed_resources[name]
            if resource is None or described.get("DeletionPolicy", "Delete") not in ("Delete", "Snapshot"):
                continue
            physical = str(getattr(resource, "physical_resource_id", "") or "")
            try:
                self._delete_resource(resource, described)
            except Exception as error:
                _tell(_stack(self), name, described, "DELETE_FAILED", physical, _reason(error))
                failed = failed or error
            else:
                _tell(_stack(self), name, described, "DELETE_COMPLETE", physical)
                self._parsed_resources.pop(name, None)
        if failed is not None:
            raise failed

    setattr(ResourceMap, "delete", delete)  # noqa: B010


NAMES_UP_TO = {
    "AWS::IAM::Role": 64,
    "AWS::IAM::InstanceProfile": 128,
    "AWS::Lambda::Function": 64,
    "AWS::StepFunctions::StateMachine": 80,
}
"""How long a name may be that CloudFormation makes up."""


def makes_up_names_that_are_too_long() -> bool:
    """Tell whether a long stack name makes a name that IAM refuses."""
    return len(parsing.generate_resource_name("AWS::IAM::Role", "s" * 60, "r" * 60)) > 64


def shorten_names() -> None:
    """Shorten both the stack's and the resource's part, as CloudFormation does."""
    original = parsing.generate_resource_name

    def generated(resource_type: str, stack_name: str, logical_id: str) -> str:
        name = str(original(resource_type, stack_name, logical_id))
        longest = NAMES_UP_TO.get(resource_type, len(name))
        if len(name) <= longest:
            return name
        end = name.rpartition("-")[2]
        room = (longest - len(end) - 2) // 2
        return f"{stack_name[:room]}-{logical_id[:room]}-{end}"

    setattr(parsing, "generate_resource_name", generated)  # noqa: B010


class _ResourceError(Exception):
    """A resource could not be made."""

    def __init__(self, logical_id: str, error: Exception) -> None:
        super().__init__(f"{logical_id}: {_reason(error)}")
        self.logical_id = logical_id


def _reason(error: Exception) -> str:
    message = getattr(error, "message", None) or str(error) or type(error).__name__
    return f"missing {message}" if isinstance(error, KeyError) else str(message)


def _stack(resources: Any) -> Any:
    with suppress(AttributeError):
        backend = cloudformation_backends[resources._account_id][resources._region_name]
        return backend.stacks.get(resources.stack_id)
    return None


def _tell(
    stack: Any,
    logical_id: str,
    described: dict[str, Any],
    status: str,
    physical: str = "",
    reason: str = "",
) -> None:
    if stack is None:
        return
    stack.events.append(
        Event(
            stack_id=stack.stack_id,
            stack_name=stack.name,
            logical_resource_id=logical_id,
            physical_resource_id=physical,
            resource_type=described.get("Type", ""),
            resource_status=status,
            resource_status_reason=reason or None,
            resource_properties=None,
        )
    )


def _or_roll_back(stack: Any, create: Callable[[], None]) -> None:
    try:
        create()
    except _ResourceError as error:
        _end_failed(stack, error, "CREATE")


def _end_failed(stack: Any, error: _ResourceError, doing: str) -> None:
    reason = f"The following resource(s) failed to create: [{error.logical_id}]."
    if doing != "CREATE":
        # what an update has changed is not changed back
        stack._add_stack_event("UPDATE_FAILED", resource_status_reason=reason)
        stack.status = "UPDATE_FAILED"
        return
    stack._add_stack_event(
        "ROLLBACK_IN_PROGRESS", resource_status_reason=f"{reason} Rollback requested by user."
    )
    try:
        stack.resource_map.delete()
        stack.status = "ROLLBACK_COMPLETE"
    except Exception:
        stack.status = "ROLLBACK_FAILED"
    stack._add_stack_event(stack.status)
    stack.output_map = parsing.OutputMap(stack.resource_map, {}, stack.stack_id)
