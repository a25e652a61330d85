"""References to resources, where options and parts are given the resources of a template themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from troposphere import AWSObject, GetAtt, Parameter, Ref

from cfngen.asl.rules.fields import brief
from cfngen.cfn.functions import is_intrinsic
from cfngen.core.callers import mistake


def has_resource(value: object) -> bool:
    """Tell whether a value is a resource, or a list or a mapping that holds one."""
    if isinstance(value, Mapping):
        return any(isinstance(item, AWSObject) for item in value.values())
    if isinstance(value, (list, tuple)):
        return any(isinstance(item, AWSObject) for item in value)
    return isinstance(value, AWSObject)


def as_reference(value: Any, attribute: str = "") -> Any:
    """Return a value with references in place of resources: to an attribute, or what ``Ref`` returns."""
    if isinstance(value, Mapping):
        return {name: as_reference(item, attribute) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_reference(item, attribute) for item in value]
    if not isinstance(value, AWSObject):
        return value
    return GetAtt(value.title, attribute) if attribute else Ref(value.title)


def neighbour(value: Any, name: str) -> Any:
    """Return the ARN of what stands beside a part: of a resource, a parameter, a reference or an ARN.

    Raises ``TypeError`` for anything else, such as a part itself.
    """
    if isinstance(value, (AWSObject, Parameter)):
        return Ref(value.title)
    if (isinstance(value, str) and value) or (is_intrinsic(value) and not isinstance(value, type)):
        return value
    given_text = (
        f"a {type(value).__name__}: pass what its add_to returned"
        if hasattr(value, "add_to")
        else brief(value)
    )
    raise mistake(TypeError(f"{name} takes an ARN, a resource or a reference, not {given_text}"))
