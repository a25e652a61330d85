"""What differs between two values of JSON, path by path; how a value is written does not count."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, Final

from cfngen.cfn import functions
from cfngen.cfn.text import as_sub, has_hole, hole, names, reference_to
from cfngen.core.declared import Declared, frozen
from cfngen.core.values import sorted_json


class Absent(Enum):
    """The side of a change on which there is nothing."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT

_UNORDERED: Final = frozenset(("DependsOn", "ErrorEquals", "ManagedPolicyArns"))
"""Lists whose order means nothing."""


@frozen
class FieldChange(Declared):
    """A value that changed: ``path`` is a JSON pointer; a side on which there is none is ``ABSENT``."""

    path: str
    old: Any
    new: Any

    def mirrored(self) -> FieldChange:
        """Return the change from the new side to the old one."""
        return FieldChange(self.path, self.new, self.old)


def field_changes(old: Any, new: Any, path: str = "") -> list[FieldChange]:
    """Return what differs between two values that are in one form, see :func:`in_one_form`.

    Lists are compared from both ends; what is left in the middle is compared item by item.
    """
    changes: list[FieldChange] = []
    pairs: list[tuple[str, Any, Any]] = [(path, old, new)]
    while pairs:
        where, one, other = pairs.pop()
        if one is ABSENT or other is ABSENT or not _is_container_pair(one, other):
            if not is_same(one, other):
                changes.append(FieldChange(where, one, other))
        elif isinstance(one, Mapping):
            keys = [*one, *(key for key in other if key not in one)]
            pairs += [
                (f"{where}/{key}", one.get(key, ABSENT), other.get(key, ABSENT)) for key in reversed(keys)
            ]
        else:
            pairs += reversed(list(_item_pairs(where, one, other)))
    return changes


def section_of(template: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a section of a template, empty where there is none."""
    section = template.get(name)
    return section if isinstance(section, Mapping) else {}


def is_same(old: Any, new: Any) -> bool:
    """Tell whether two values are the same JSON: ``1`` is ``1.0``, and ``true`` is not ``1``."""
    pairs = [(old, new)]
    for one, other in pairs:  # which grows as it is walked
        if isinstance(one, Mapping) and isinstance(other, Mapping):
            if one.keys() != other.keys():
                return False
            pairs += [(value, other[key]) for key, value in one.items()]
        elif isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
            if len(one) != len(other):
                return False
            pairs += zip(one, other, strict=True)
        elif not _is_same_scalar(one, other):
            return False
    return True


def _is_same_scalar(one: Any, other: Any) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return (type(one) in (int, float) and type(other) in (int, float) and one == other) or (
        type(one) is type(other) and bool(one == other)
    )


def one_line_json(value: Any, most: int = 80) -> str:
    """Return a value as one line of JSON, cut where it is longer than ``most`` characters."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= most else f"{text[: most - 1]}…"


def in_one_form(value: Any) -> Any:
    """Return a value with one spelling for all that CloudFormation and IAM take as the same.

    ``Fn::GetAtt`` is a list, ``Fn::Sub`` and ``Fn::Join`` of one reference are that reference, what may be
    one or a list is a list, and lists whose order means nothing are sorted.
    """
    return _normalized(value, "")


def _normalized(value: Any, key: str) -> Any:
    if isinstance(value, Mapping):
        if (call := functions.function_call(value)) is not None:
            return _function_form(*call)
        if "Effect" in value:
            return {name: _several(item, name) for name, item in value.items() if name != "Sid"}
        return {name: _normalized(item, str(name)) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        items = [_normalized(item, "") for item in value]
        is_policy = key == "Statement" and all(isinstance(item, Mapping) for item in items)
        is_tags = key == "Tags" and all(isinstance(item, Mapping) and "Key" in item for item in items)
        return sorted(items, key=sorted_json) if is_policy or is_tags or key in _UNORDERED else items
    return [value] if key == "DependsOn" and isinstance(value, str) else value


def _several(item: Any, name: str) -> Any:
    """Return what a statement of a policy takes alone or as a list: as a sorted list."""
    if name in ("Action", "NotAction", "Resource", "NotResource"):
        items = item if isinstance(item, list) else [item]
        return sorted((_normalized(one, "") for one in items), key=sorted_json)
    return _normalized(item, name)


def _function_form(name: str, argument: Any) -> Any:
    value = as_sub({name: argument})
    if functions.argument_of(functions.JOIN, value) is not None:
        return {name: _normalized(argument, "")}
    if (parts := functions.attribute(value)) is not None:
        return functions.get_att(*parts)
    if functions.ref_name(value) is not None:
        return value
    text = functions.argument_of(functions.SUB, value)
    if isinstance(text, str):
        if not has_hole(text):
            return text
        if len(names(text)) == 1 and text == hole(names(text)[0]):
            return reference_to(names(text)[0])
        return functions.sub(text)
    return {name: _normalized(argument, "")}


def _item_pairs(where: str, one: Sequence[Any], other: Sequence[Any]) -> Iterator[tuple[str, Any, Any]]:
    """Yield the items of two lists side by side, without what both begin and end with if one is longer."""
    shorter, head, tail = min(len(one), len(other)), 0, 0
    if len(one) != len(other):
        while head < shorter and is_same(one[head], other[head]):
            head += 1
        while tail < shorter - head and is_same(one[-1 - tail], other[-1 - tail]):
            tail += 1
    old, new = one[head : len(one) - tail], other[head : len(other) - tail]
    for index in range(max(len(old), len(new))):
        yield (
            f"{where}/{head + index}",
            old[index] if index < len(old) else ABSENT,
            new[index] if index < len(new) else ABSENT,
        )


def _is_container_pair(one: Any, other: Any) -> bool:
    both_mappings = isinstance(one, Mapping) and isinstance(other, Mapping)
    return both_mappings or (isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)))
