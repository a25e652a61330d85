"""A template as a plain dict, its keys in the order in which people read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

# The order of AWS's template anatomy. ``Globals`` belongs to a transform, so it follows that;
# ``Hooks`` speak of resources, so they come right before them.
_TEMPLATE = (
    "AWSTemplateFormatVersion",
    "Description",
    "Metadata",
    "Parameters",
    "Rules",
    "Mappings",
    "Conditions",
    "Transform",
    "Globals",
    "Hooks",
    "Resources",
    "Outputs",
)
_ENTRIES = {
    "Parameters": ("Type", "Description", "Default"),
    "Resources": (
        "Type",
        "Condition",
        "DependsOn",
        "CreationPolicy",
        "UpdatePolicy",
        "DeletionPolicy",
        "UpdateReplacePolicy",
        "Metadata",
        "Properties",
    ),
    "Outputs": ("Description", "Condition", "Value", "Export"),
}


class ToDict(Protocol):
    """What troposphere's ``Template`` and its values are to this module."""

    def to_dict(self) -> dict[str, object]:
        """Return the value as CloudFormation's JSON object."""


def document(template: ToDict | Mapping[str, object]) -> dict[str, object]:
    """Return the template as dicts, lists and scalars, sections and their entries in AWS's order.

    Keys that CloudFormation does not know come last, everything else keeps its author's order.
    Raises TypeError for a value that JSON does not have, ValueError for a number that is not finite
    or for text that is not Unicode; both name the place.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
    """
    sections = _ordered(plain_document(template), _TEMPLATE)
    for name, order in _ENTRIES.items():
        entries = sections.get(name)
        if isinstance(entries, dict):
            sections[name] = {
                # Entries such as Fn::ForEach are lists, and not ours to arrange.
                key: _ordered(entry, order) if isinstance(entry, dict) else entry
                for key, entry in entries.items()
            }
    return sections


def _ordered(mapping: dict[str, object], order: tuple[str, ...]) -> dict[str, object]:
    known = {key: mapping[key] for key in order if key in mapping}
    return known | {key: value for key, value in mapping.items() if key not in known}


# The keys that lead to a value, innermost first: cheap to extend, read only when something is wrong.
_KeyChain = tuple["_KeyChain", object] | None


def plain_document(value: object) -> dict[str, object]:
    """Copy as dicts, lists and scalars, however deep: a work list instead of recursion."""
    top = _unwrapped(value, None)
    if not isinstance(top, Mapping):
        raise TypeError(f"expected a mapping, not {type(top).__name__}")
    result: dict[str, object] = {}
    todo: list[tuple[object, dict[str, object] | list[object], _KeyChain]] = [(top, result, None)]
    while todo:
        source, target, path = todo.pop()
        pairs: Iterable[tuple[object, object]]
        pairs = source.items() if isinstance(source, Mapping) else enumerate(source)  # type: ignore[arg-type]
        for key, child in pairs:
            item = child if type(child) is str else _unwrapped(child, (path, key))
            copy: object
            if isinstance(item, str):
                copy = _checked_text(item, (path, key))
            elif isinstance(item, Mapping):
                copy = {}
                todo.append((item, copy, (path, key)))
            elif isinstance(item, (list, tuple)):
                copy = []
                todo.append((item, copy, (path, key)))
            else:
                copy = item
            if isinstance(target, list):
                target.append(copy)
            elif isinstance(key, str):
                target[_checked_text(key, (path, key))] = copy
            else:
                raise TypeError(f"{_pointer((path, key))}: a key is text, not {key!r}")
    return result


def _unwrapped(value: object, path: _KeyChain) -> object:
    """Ask troposphere's and awacs's values for what they stand for."""
    while not isinstance(value, (str, Mapping, list, tuple)):
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int):
            return int(value)
        if isinstance(value, float):
            if value - value != 0:  # true of infinities and of nan alone
                raise ValueError(f"{_pointer(path)}: {value!r} is not a number in JSON")
            return float(value)
        unwrap = getattr(value, "to_dict", None) or getattr(value, "JSONrepr", None)
        if unwrap is None or isinstance(value, type):
            raise TypeError(f"{_pointer(path)}: {type(value).__name__} has no form in JSON")
        value = unwrap()
    return value


def _checked_text(text: str, path: _KeyChain) -> str:
    if not text.isascii():
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            raise ValueError(f"{_pointer(path)}: {text!r} is not Unicode text") from None
    return text if type(text) is str else str.__str__(text)


def _pointer(path: _KeyChain) -> str:
    keys = []
    while path is not None:
        path, key = path
        keys.append(str(key).encode("utf-8", "backslashreplace").decode("utf-8"))
    return "/" + "/".join(reversed(keys))
