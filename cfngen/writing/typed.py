"""Tasks as the classes under ``cfngen.tasks``, where one takes all that the task says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from cfngen.asl.states import AnyTask, Task
from cfngen.asl.values import JSONATA, OMIT, Language, ServiceArn, is_intrinsic
from cfngen.tasks import integration
from cfngen.tasks.service import ServiceTask

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
    declared = integration(found[2], found[3]) if found else None
    if found is None or declared is None:
        return task
    language = task.QueryLanguage or language
    passed, other = task.Parameters, task.Arguments
    if language == JSONATA:
        passed, other = other, passed
    if other is not OMIT or not (passed is OMIT or (isinstance(passed, Mapping) and passed)):
        return task
    arguments = {} if passed is OMIT else dict(passed)
    spelled = {name.rstrip("_"): name for name in declared.arguments()}
    if not all(name in spelled and value is not None for name, value in arguments.items()):
        return task
    given = {name: getattr(task, name) for name in _SHARED}
    given |= {spelled[name]: value for name, value in arguments.items()}
    for pattern in declared.patterns:
        if str(ServiceArn(found[2], found[3], pattern)) == found[1]:
            return _made(declared, {**given, "pattern": pattern}) or task
    return task


def _made(declared: type[ServiceTask], given: Mapping[str, Any]) -> ServiceTask | None:
    """Return an instance, or None where the class refuses the fields: one that it needs is not there."""
    try:
        return declared(**given)
    except (TypeError, ValueError):
        return None
