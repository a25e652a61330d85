"""Tasks as the classes of ``cfngen.tasks``, if a class accepts all fields of the task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from cfngen.asl.states import AnyTask, Task
from cfngen.asl.values import JSONATA, OMIT, Language
from cfngen.cfn.arns import AWS
from cfngen.cfn.pseudo_parameters import PARTITION
from cfngen.cfn.resources import Integration, parse_resource
from cfngen.cfn.text import hole
from cfngen.tasks import integration
from cfngen.tasks.aws_sdk import Call

_SHARED: Final = tuple(field.name for field in fields(AnyTask) if field.init)


def called_integration(resource: object) -> Integration | None:
    """Return the integration of a ``Resource``, if its partition is ``aws`` or a variable.

    Typed tasks are rendered for these. A region and an account in it make no difference.
    """
    target = parse_resource(resource)
    if isinstance(target, Integration) and target.partition in (AWS, hole(PARTITION)):
        return target
    return None


def typed_task(task: Task, language: Language) -> AnyTask:
    """Return the task as an instance of its integration's class, or unchanged if that would lose a field.

    ``language`` is that of the workflow.
    """
    target = called_integration(task.Resource)
    payload, other = task.Parameters, task.Arguments
    if (task.QueryLanguage or language) == JSONATA:
        payload, other = other, payload
    if target is None or other is not OMIT or payload == {}:
        return task
    if target.sdk:
        return _as_sdk_call(task, target, payload) or task
    task_class = integration(target.service, target.action)
    if task_class is None or not (payload is OMIT or isinstance(payload, Mapping)):
        return task
    arguments = {} if payload is OMIT else dict(payload)
    field_names = {name.rstrip("_"): name for name in task_class.arguments()}
    if not all(name in field_names and value is not None for name, value in arguments.items()):
        return task
    field_values = {field_names[name]: value for name, value in arguments.items()}
    for pattern in task_class.patterns:
        if pattern.value == target.suffix:
            return _instance(task_class, task, {**field_values, "pattern": pattern}) or task
    return task


def _as_sdk_call(task: Task, target: Integration, payload: Any) -> AnyTask | None:
    """Return a call through the AWS SDK integration, or None if the action is unknown."""
    arguments = {} if payload is OMIT else {"arguments": payload}
    for pattern in Call.patterns:
        if pattern.value == target.suffix:
            action = {"service": target.service, "action": target.action, "pattern": pattern}
            return _instance(Call, task, {**arguments, **action})
    return None


def _instance(task_class: type[AnyTask], task: Task, field_values: Mapping[str, Any]) -> AnyTask | None:
    """Return an instance, or None if the class refuses the fields, such as without a required one."""
    try:
        return task_class(**{name: getattr(task, name) for name in _SHARED}, **field_values)
    except (TypeError, ValueError):
        return None
