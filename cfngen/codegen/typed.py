"""Tasks as the classes under ``cfngen.tasks``, where one takes all that the task says."""

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


def called(resource: object) -> Integration | None:
    """Return the integration that a ``Resource`` names, if it is of all partitions, or of AWS's first.

    Typed tasks are rendered for those. A region and an account in it make no difference.
    """
    named = parse_resource(resource)
    if isinstance(named, Integration) and named.partition in (AWS, hole(PARTITION)):
        return named
    return None


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
    if found.sdk:
        return _call(task, found, passed) or task
    declared = integration(found.service, found.action)
    if declared is None or not (passed is OMIT or isinstance(passed, Mapping)):
        return task
    arguments = {} if passed is OMIT else dict(passed)
    spelled = {name.rstrip("_"): name for name in declared.arguments()}
    if not all(name in spelled and value is not None for name, value in arguments.items()):
        return task
    given = {spelled[name]: value for name, value in arguments.items()}
    for pattern in declared.patterns:
        if pattern.value == found.suffix:
            return _made(declared, task, {**given, "pattern": pattern}) or task
    return task


def _call(task: Task, called: Integration, passed: Any) -> AnyTask | None:
    """Return a call of a service that has no integration of its own, or None where it is not known."""
    given = {} if passed is OMIT else {"arguments": passed}
    for pattern in Call.patterns:
        if pattern.value == called.suffix:
            fields = {"service": called.service, "action": called.action, "pattern": pattern}
            return _made(Call, task, {**given, **fields})
    return None


def _made(declared: type[AnyTask], task: Task, given: Mapping[str, Any]) -> AnyTask | None:
    """Return an instance, or None where the class refuses the fields: one that it needs is not there."""
    try:
        return declared(**{name: getattr(task, name) for name in _SHARED}, **given)
    except (TypeError, ValueError):
        return None
