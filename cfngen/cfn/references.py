"""References to resources of a template, where its author gives the resources themselves.

A resource in Python is a value of any library that knows its type and its logical id, such as troposphere's
``Topic("Alarms")``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from cfngen.cfn.arns import is_arn
from cfngen.cfn.functions import get_att, ref
from cfngen.cfn.resource_types import REF, TYPES
from cfngen.core.callers import mistake
from cfngen.core.declared import SCALARS, Declared

_ARN_ENDINGS: Final = ("Arn", "ARN", "Resource")
"""How arguments end that take an ARN alone; others take a name, an id or a URL, which ``Ref`` returns."""


def is_resource(value: object) -> bool:
    """Tell a resource from a function, which has no logical id, and from a property, which has no type."""
    return isinstance(getattr(value, "resource_type", None), str) and isinstance(
        getattr(value, "title", None), str
    )


def with_references(argument: str, value: Any, function: Callable[[dict[str, Any]], Any]) -> Any:
    """Return the value of an argument with references in place of resources, or itself where it has none.

    ``function`` makes a value of what CloudFormation's function is spelled as. Raises ``TypeError`` as
    ``reference_in`` does.
    """
    kind = type(value)
    if kind in SCALARS or issubclass(kind, Declared):  # a path, a function, a retrier
        return value
    if kind is dict or isinstance(value, Mapping):
        changed = {}
        for key, item in value.items():
            if type(item) not in SCALARS:
                with_its = with_references(str(key), item, function)
                if with_its is not item:
                    changed[key] = with_its
        return {**value, **changed} if changed else value
    if isinstance(value, (list, tuple)):
        parts = [with_references(argument, item, function) for item in value]
        return parts if any(part is not item for part, item in zip(parts, value, strict=True)) else value
    return function(reference_in(argument, value)) if is_resource(value) else value


def reference_in(argument: str, resource: Any) -> dict[str, Any]:
    """Return a reference to a resource as an argument of this name takes it: ``RoleArn`` takes an ARN.

    Raises ``TypeError`` where it takes an ARN, and it is not known which attribute of the type that is.
    """
    if not argument.endswith(_ARN_ENDINGS):
        return ref(resource.title)
    type_ = TYPES.get(resource.resource_type)
    references = {} if type_ is None else type_.references
    attribute = next((name for name, text in references.items() if is_arn(text)), None)
    if attribute == REF:
        return ref(resource.title)
    if attribute is None:
        message = (
            f"{argument} takes an ARN, and no attribute of {resource.resource_type} is known to be one: "
            f"use Ref or GetAtt of {resource.title!r}"
        )
        raise mistake(TypeError(message))
    return get_att(resource.title, attribute)
