"""Tasks as the classes under ``cfngen.tasks``, where one takes all that the task says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from cfngen.asl.states import AnyTask, Task
from cfngen.asl.values import JSONATA, OMIT, Language, ServiceArn, is_intrinsic
from cfngen.tasks import integration
from cfngen.tasks.aws_sdk import Call

_ARN: Final = re.compile(r"arn:(?:aws|\$\{AWS::Partition\}):states:::(([^:]+):([^:.]+)[^$]*)")
_SHARED: Final = tuple(field.name for field in fields(AnyTask) if field.init)


def called(resource: object) -> re.Match[str] | None:
    """Return the parts of an integration's ARN: ``batch:submitJob.sync``, ``batch`` and ``submitJob``.

    It is that of the partition which the typed tasks are rendered for, or of every partition.
    """
    spelled: Any = resource
    if is_intrinsic(spelled):
        spelled = spelled.to_dict()
        spelled = spelled.get("Fn::Sub") if isinstance(spelled, Mapping) else None
    return _ARN.fullmatch(spelled) if isinstance(spelled, str) else None


def typed(task: Task, language: Language) -> AnyTask:
    """Return the task as an instance of its integration's class, or itself where that would lose anything.

    ``language`` is that of the workflow.
    """
    found = called(task.Resource)
    passed, other = task.Parameters, task.Arguments
    if (task.QueryLanguage or language) == JSONATA:
        passed, other = other, passed
    if found is None or other is not OMIT or passed == {}:
        return task
    service, action = found[2], found[3]
    if service == "aws-sdk":
        return _call(task, found[1], passed) or task
    declared = integration(service, action)
    if declared is None or not (passed is OMIT or isinstance(passed, Mapping)):
        return task
    arguments = {} if passed is OMIT else dict(passed)
    spelled = {name.rstrip("_"): name for name in declared.arguments()}
    if not all(name in spelled and value is not None for name, value in arguments.items()):
        return task
    given = {spelled[name]: value for name, value in arguments.items()}
    for pattern in declared.patterns:
        if str(ServiceArn(service, action, pattern)) == found[1]:
            return _made(declared, task, {**given, "pattern": pattern}) or task
    return task


def _call(task: Task, resource: str, passed: Any) -> AnyTask | None:
    """Return a call of a service that has no integration of its own, or None where it is not known."""
    service, _, action = resource.removeprefix("aws-sdk:").partition(":")
    given = {} if passed is OMIT else {"arguments": passed}
    for pattern in reversed(Call.patterns):
        if action.endswith(pattern.value):
            action = action.removesuffix(pattern.value)
            return _made(Call, task, {**given, "service": service, "action": action, "pattern": pattern})
    return None


def _made(declared: type[AnyTask], task: Task, given: Mapping[str, Any]) -> AnyTask | None:
    """Return an instance, or None where the class refuses the fields: one that it needs is not there."""
    try:
        return declared(**{name: getattr(task, name) for name in _SHARED}, **given)
    except (TypeError, ValueError):
        return None
