"""AWS CloudFormation: resources that cannot be created or deleted."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from moto.cloudformation import parsing
from moto.cloudformation.models import CloudFormationBackend, Event, Stack, cloudformation_backends
from moto.cloudformation.parsing import ResourceMap

from cfngen.local.patches.patch import ACCOUNT, REGION, Patch, create_probe_stack, replaces


class FailureOfAResource(Patch):
    """A stack is rolled back as AWS does it: an event has the reason, and the new resources are deleted."""

    name = "failure-of-a-resource"
    defect = (
        "a resource that cannot be created is an error of the call; the stack has no event for it and "
        "does not roll back"
    )

    @classmethod
    def probe(cls) -> bool:
        """Return whether a resource that cannot be created is an error of CreateStack."""
        broken = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "a blank is not allowed"}}
        try:
            return bool(create_probe_stack({"Resources": {"Broken": broken}}).status != "ROLLBACK_COMPLETE")
        except Exception:
            return True

    @replaces(parsing, "parse_and_create_resource")
    def create_resource(
        original: Any, logical_id: str, described: Any, resources: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Create a resource between two events."""
        condition = described.get("Condition")
        if condition and not resources.lazy_condition_map[condition]:
            return None
        _add_event(resources, logical_id, "CREATE_IN_PROGRESS")
        try:
            resource = original(logical_id, described, resources, *args, **kwargs)
        except _ResourceError:
            raise  # a resource that this one refers to has failed
        except Exception as error:
            _add_event(resources, logical_id, "CREATE_FAILED", reason=_reason(error))
            raise _ResourceError(logical_id, error) from error
        if resource is not None:
            _add_event(resources, logical_id, "CREATE_COMPLETE", resource)
        return resource

    @replaces(Stack, "create_resources")
    def create_resources(original: Any, self: Stack) -> None:
        """Create the resources of a new stack."""
        try:
            original(self)
        except _ResourceError as error:
            _end_failed(self, error, "CREATE")

    @replaces(Stack, "update")
    def update_stack(original: Any, self: Stack, *args: Any, **kwargs: Any) -> None:
        """Change a stack."""
        try:
            original(self, *args, **kwargs)
        except _ResourceError as error:
            _end_failed(self, error, "UPDATE")

    @replaces(CloudFormationBackend, "execute_change_set")
    def execute_change_set(
        original: Any, self: CloudFormationBackend, change_set_name: str, *args: Any, **kwargs: Any
    ) -> None:
        """Create or change a stack."""
        try:
            original(self, change_set_name, *args, **kwargs)
        except _ResourceError as error:
            change: Any = self.describe_change_set(change_set_name)
            change.execution_status = "EXECUTE_FAILED"
            _end_failed(change.stack, error, change.change_set_type)

    @replaces(Stack, "delete")
    def delete_resources(original: Any, self: Stack) -> None:
        """Delete the resources of a stack."""
        try:
            original(self)
        except Exception as error:
            self._add_stack_event("DELETE_FAILED", resource_status_reason=_reason(error))
            self.status = "DELETE_FAILED"

    @replaces(CloudFormationBackend, "delete_stack")
    def delete_stack(original: Any, self: CloudFormationBackend, name_or_stack_id: str) -> None:
        """Delete a stack, which stays where a resource does."""
        for stack in [*self.stacks.values()]:
            if name_or_stack_id not in (stack.name, stack.stack_id):
                continue
            exports = [export.name for export in stack.exports]
            stack.delete()
            if stack.status == "DELETE_COMPLETE":
                self.deleted_stacks[stack.stack_id] = self.stacks.pop(stack.stack_id)
                for name in exports:
                    self.exports.pop(name, None)


class OrderOfDeletion(Patch):
    name = "order-of-deletion"
    defect = "the resources of a stack are deleted in any order, so that a deletion can fail"

    @classmethod
    def probe(cls) -> bool:
        """Return whether the resource that was created first may be deleted first."""
        names = [f"Resource{number}" for number in range(9)]
        order: list[str] = []
        template: Any = {"Resources": {name: {} for name in names}}
        resources = ResourceMap("", "", {}, {}, REGION, ACCOUNT, template, {})
        for name in names:
            resources._parsed_resources[name] = SimpleNamespace(logical_resource_id=name)
        resources._delete_resource = lambda resource, _: order.append(resource.logical_resource_id)
        resources.delete()
        return order != names[::-1]

    @replaces(ResourceMap, "delete")
    def delete(original: Any, self: Any) -> None:
        """Delete the newest resource first: it was created after all resources that it refers to."""
        failed: Exception | None = None
        for name, resource in reversed([*self._parsed_resources.items()]):
            described = self._resource_json_map.get(name)
            if resource is None or described is None:
                continue
            if described.get("DeletionPolicy", "Delete") not in ("Delete", "Snapshot"):
                continue
            try:
                self._delete_resource(resource, described)
            except Exception as error:
                _add_event(self, name, "DELETE_FAILED", resource, _reason(error))
                failed = failed or error
            else:
                _add_event(self, name, "DELETE_COMPLETE", resource)
                self._parsed_resources.pop(name, None)
        if failed is not None:
            raise failed


class _ResourceError(Exception):
    """A resource could not be created."""

    def __init__(self, logical_id: str, error: Exception) -> None:
        super().__init__(f"{logical_id}: {_reason(error)}")
        self.logical_id = logical_id


def _reason(error: Exception) -> str:
    message = getattr(error, "message", None) or str(error) or type(error).__name__
    return f"missing {message}" if isinstance(error, KeyError) else str(message)


def _add_event(
    resources: ResourceMap, logical_id: str, status: str, resource: Any = None, reason: str | None = None
) -> None:
    stacks = cloudformation_backends[resources._account_id][resources._region_name].stacks
    if stack := stacks.get(resources.stack_id):
        event = Event(
            stack_id=stack.stack_id,
            stack_name=stack.name,
            logical_resource_id=logical_id,
            physical_resource_id=str(getattr(resource, "physical_resource_id", None) or ""),
            resource_type=resources._resource_json_map[logical_id].get("Type", ""),
            resource_status=status,
            resource_status_reason=reason,
            resource_properties=None,
        )
        stack.events.append(event)


def _end_failed(stack: Stack, error: _ResourceError, operation: str) -> None:
    reason = f"The following resource(s) failed to create: [{error.logical_id}]."
    if operation != "CREATE":
        # the changes of a failed update are not undone
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
