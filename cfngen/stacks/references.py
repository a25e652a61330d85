"""References to resources, where options and parts are given the resources of a template themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from troposphere import AWSObject, GetAtt, Ref


def has_resource(value: object) -> bool:
    """Tell whether a value is a resource, or a list or a mapping that holds one."""
    if isinstance(value, Mapping):
        return any(isinstance(item, AWSObject) for item in value.values())
    if isinstance(value, (list, tuple)):
        return any(isinstance(item, AWSObject) for item in value)
    return isinstance(value, AWSObject)


def referred(value: Any, attribute: str = "") -> Any:
    """Return a value with references in place of resources: to an attribute, or what ``Ref`` returns."""
    if isinstance(value, Mapping):
        return {name: referred(item, attribute) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [referred(item, attribute) for item in value]
    if not isinstance(value, AWSObject):
        return value
    return GetAtt(value.title, attribute) if attribute else Ref(value.title)
