"""What parts add to a template, each under a name of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from troposphere import AWSObject, Template
from troposphere.stepfunctions import StateMachine

from cfngen.asl.rules.fields import brief
from cfngen.core.callers import mistake
from cfngen.core.problems import Problem
from cfngen.stacks.options import Options, StackError, options_of


def resources_of(template: Template) -> dict[str, Any]:
    """Return the resources of a template by their logical ids; of state machines no more than the type.

    A definition is large, and nothing that a role needs stands in that of another machine.
    """
    return {
        name: {"Type": it.resource_type} if isinstance(it, StateMachine) else it.to_dict(validation=False)
        for name, it in template.resources.items()
    }


def add_resources(part: Options, template: Template, resources: AWSObject | Sequence[AWSObject]) -> None:
    """Add resources of a part. Raises ``StackError`` where the template has one of their names."""
    added = [resources] if isinstance(resources, AWSObject) else list(resources)
    raise_duplicates(part, template, [resource.title for resource in added])
    template.add_resource(added)


def raise_duplicates(part: Options, template: Template, names: Iterable[str]) -> None:
    """Refuse the names of a part that the template has already. Raises ``StackError``."""
    if not isinstance(template, Template):
        raise mistake(TypeError(f"template takes a troposphere Template, not {brief(template)}"))
    if existing := [name for name in names if name in template.resources]:
        begins = next(name for name in ("logical_id", "prefix") if name in options_of(type(part)))
        kind = type(part).__name__
        message = f"the template already has {', '.join(existing)}"
        hint = f"give each {kind} of a template its own {begins}="
        raise mistake(StackError([Problem("DUPLICATE_LOGICAL_ID", kind, message, hint)]))
