"""AWS CloudFormation: resources that cannot be created or deleted."""

from __future__ import annotations

import json
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

from moto.cloudformation import parsing
from moto.cloudformation.models import CloudFormationBackend, Event, Stack, cloudformation_backends
from moto.cloudformation.parsing import ResourceMap

from cfngen.local.patches.patch import Patch
from cfngen.local.patches.probe_resources import ACCOUNT, REGION


class FailureOfAResource(Patch):
    name = "failure-of-a-resource"
    defect = (
        "a resource that cannot be created is an error of the call; the stack has no event for it and "
        "does not roll back"
    )

    @staticmethod
    def probe() -> bool:
        """Return whether a resource that cannot be created is an error of CreateStack."""
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

    @staticmethod
    def apply() -> None:
        """Roll back a stack as AWS does: an event has the reason, and the new resources are deleted."""
        create, update, delete = Stack.create_resources, Stack.update, Stack.delete
        execute = CloudFormationBackend.execute_change_set
        create_resource = parsing.parse_and_create_resource

        def create_one(
            logical_id: str, described: dict[str, Any], resources: Any, *args: Any, **kwargs: Any
        ) -> Any:
            condition = described.get("Condition")
            if condition and not resources.lazy_condition_map[condition]:
                return None
            stack = _stack(resources)
            _add_event(stack, logical_id, described, "CREATE_IN_PROGRESS")
            try:
                resource = create_resource(logical_id, described, resources, *args, **kwargs)
            except _ResourceError:
                raise  # a resource that this one refers to has failed
            except Exception as error:
                _add_event(stack, logical_id, described, "CREATE_FAILED", reason=_reason(error))
                raise _ResourceError(logical_id, error) from error
            if resource is not None:
                physical = str(getattr(resource, "physical_resource_id", None) or "")
                _add_event(stack, logical_id, described, "CREATE_COMPLETE", physical)
            return resource

        def create_resources(self: Any) -> None:
            try:
                create(self)
            except _ResourceError as error:
                _end_failed(self, error, "CREATE")

        def execute_change_set(self: Any, change_set_name: str, *args: Any, **kwargs: Any) -> None:
            try:
                execute(self, change_set_name, *args, **kwargs)
            except _ResourceError as error:
                for change in self.change_sets.values():
                    if change_set_name in (change.change_set_id, change.change_set_name):
                        change.execution_status = "EXECUTE_FAILED"
                        _end_failed(self.stacks[change.stack_id], error, change.change_set_type)

        def update_stack(self: Any, *args: Any, **kwargs: Any) -> None:
            try:
                update(self, *args, **kwargs)
            except _ResourceError as error:
                _end_failed(self, error, "UPDATE")

        def delete_resources(self: Any) -> None:
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
                export_names = (
                    [export.name for export in stack.exports] if stack.resource_map is not None else []
                )
                stack.delete()
                if stack.status == "DELETE_COMPLETE":
                    self.stacks.pop(stack.stack_id, None)
                    self.deleted_stacks[stack.stack_id] = stack
                    for name in export_names:
                        self.exports.pop(name, None)

        setattr(parsing, "parse_and_create_resource", create_one)  # noqa: B010
        setattr(Stack, "create_resources", create_resources)  # noqa: B010
        setattr(Stack, "update", update_stack)  # noqa: B010
        setattr(Stack, "delete", delete_resources)  # noqa: B010
        setattr(CloudFormationBackend, "execute_change_set", execute_change_set)  # noqa: B010
        setattr(CloudFormationBackend, "delete_stack", delete_stack)  # noqa: B010


class OrderOfDeletion(Patch):
    name = "order-of-deletion"
    defect = "the resources of a stack are deleted in any order, so that a deletion can fail"

    @staticmethod
    def probe() -> bool:
        """Return whether the resource that was created first may be deleted first."""
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

    @staticmethod
    def apply() -> None:
        """Delete the newest resource first: it was created after all resources that it refers to."""

        def delete(self: Any) -> None:
            failed: Exception | None = None
            for name, resource in reversed([*self._parsed_resources.items()]):
                described = self._resource_json_map.get(name)
                if resource is None or described is None:
                    continue
                if described.get("DeletionPolicy", "Delete") not in ("Delete", "Snapshot"):
                    continue
                physical = str(getattr(resource, "physical_resource_id", "") or "")
                try:
                    self._delete_resource(resource, described)
                except Exception as error:
                    _add_event(_stack(self), name, described, "DELETE_FAILED", physical, _reason(error))
                    failed = failed or error
                else:
                    _add_event(_stack(self), name, described, "DELETE_COMPLETE", physical)
                    self._parsed_resources.pop(name, None)
            if failed is not None:
                raise failed

        setattr(ResourceMap, "delete", delete)  # noqa: B010


class _ResourceError(Exception):
    """A resource could not be created."""

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


def _add_event(
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


def _end_failed(stack: Any, error: _ResourceError, operation: str) -> None:
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
