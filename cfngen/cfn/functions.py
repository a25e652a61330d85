"""CloudFormation's intrinsic functions, as far as a name or an ARN can be read in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from cfngen.asl.values import is_intrinsic

FULL_ARN: Final = 5
"""The colons in an ARN that has all its parts."""


def in_sub(value: Any) -> str | None:
    """Return text as it is, and an intrinsic as it stands inside ``Fn::Sub``, if it can."""
    value = plain(value)
    if not isinstance(value, Mapping):
        return value if isinstance(value, str) else None
    value = substituted(value)
    if isinstance(reference := value.get("Ref"), str):
        return f"${{{reference}}}"
    if isinstance(text := value.get("Fn::Sub"), str):
        return text
    attribute = value.get("Fn::GetAtt")
    if isinstance(attribute, (list, tuple)) and all(isinstance(part, str) for part in attribute):
        attribute = ".".join(attribute)
    return f"${{{attribute}}}" if isinstance(attribute, str) else None


def arn_in(hint: Any) -> str | None:
    """Return an ARN as text, its parameters in place, or None for an intrinsic of which nobody knows."""
    value = plain(hint)
    text = value.get("Fn::Sub") if isinstance(value, Mapping) else value
    is_arn = isinstance(text, str) and text.startswith("arn:") and text.count(":") >= FULL_ARN
    return text if is_arn else None


def attribute_of(value: Mapping[str, Any]) -> str:
    """Return the attribute that ``Fn::GetAtt`` asks for, or nothing for any other function."""
    attribute = value.get("Fn::GetAtt")
    if isinstance(attribute, str):
        return attribute
    return str(attribute[-1]) if isinstance(attribute, (list, tuple)) and attribute else ""


def selected(separator: str, index: int, value: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the intrinsic that picks a part of what another returns."""
    return {"Fn::Select": [index, {"Fn::Split": [separator, dict(value)]}]}


def substituted(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return ``Fn::Join`` of text and references as the ``Fn::Sub`` that it could be."""
    joined = value.get("Fn::Join")
    if not (isinstance(joined, (list, tuple)) and len(joined) == 2):
        return value
    separator, items = joined
    if not isinstance(separator, str) or not isinstance(items, (list, tuple)):
        return value
    spelled = [
        item.replace("${", "${!")
        if isinstance(item, str)
        else in_sub(item)
        if isinstance(item, Mapping)
        else None
        for item in map(plain, items)
    ]
    known = [item for item in spelled if item is not None]
    return {"Fn::Sub": separator.replace("${", "${!").join(known)} if len(known) == len(spelled) else value


def split(text: str, separator: str) -> list[str]:
    """Split a text, but not inside its references."""
    return re.split(rf"{re.escape(separator)}(?![^{{}}]*\}})", text)


def plain(value: Any) -> Any:
    """Return an intrinsic as the mapping that spells it, anything else as it is."""
    return value.to_dict() if is_intrinsic(value) else value
