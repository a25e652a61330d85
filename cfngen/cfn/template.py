"""An index of a template: its resources, parameters and conditions, and what refers to what.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from cfngen.cfn.functions import (
    CONDITION,
    EXTENDED,
    FIND_IN_MAP,
    FOR_EACH,
    GET_ATT,
    IF,
    REF,
    SUB,
    TRANSFORM,
    function_call,
    plain,
    substitution_parts,
)
from cfngen.cfn.text import names
from cfngen.core.values import mapping
from cfngen.core.walk import pointer_of, values_of, walk

DEPENDS_ON: Final = "DependsOn"
_MODULE: Final = "::MODULE"
"""What the types of modules end in, which bring resources of their own."""


class NameUse(NamedTuple):
    """A name that a value of a template uses.

    ``function`` is how: ``Ref``, ``Fn::GetAtt``, ``Fn::Sub``, ``Fn::If``, ``Fn::FindInMap``, ``Condition``
    or ``DependsOn``. ``attribute`` is empty but for an attribute of a resource. ``pointer`` leads to the
    function's argument; names in it are not escaped, as in a problem's location.
    """

    function: str
    name: str
    attribute: str
    pointer: str

    @property
    def is_condition(self) -> bool:
        """Tell whether it names a condition, and no resource or parameter."""
        return self.function in (IF, CONDITION)

    @property
    def is_mapping(self) -> bool:
        """Tell whether it names an entry of ``Mappings``."""
        return self.function == FIND_IN_MAP


def uses(value: Any, pointer: str = "", *, in_conditions: bool = False) -> Iterator[NameUse]:
    """Yield the names that a value of a template uses, in the order of the document.

    ``in_conditions`` says that ``{"Condition": name}`` calls a condition, as in the section of that name.
    """
    for keys, item in walk(value):
        if not isinstance(item, Mapping):
            continue
        if (call := function_call(item)) is not None:
            yield from _uses_of_call(*call, f"{pointer}{pointer_of(keys)}/{call[0]}")
        elif in_conditions and isinstance(name := item.get(CONDITION), str):
            yield NameUse(CONDITION, name, "", f"{pointer}{pointer_of(keys)}/{CONDITION}")


def _uses_of_call(function: str, argument: Any, pointer: str) -> Iterator[NameUse]:
    if function == REF:
        yield NameUse(REF, argument, "", pointer)
    elif function == GET_ATT:
        if isinstance(argument, str):
            logical_id, _, attribute = argument.partition(".")
            yield NameUse(GET_ATT, logical_id, attribute, pointer)
        elif isinstance(argument, (list, tuple)) and argument and isinstance(argument[0], str):
            attribute = argument[1] if len(argument) == 2 and isinstance(argument[1], str) else ""
            yield NameUse(GET_ATT, argument[0], attribute, pointer)
    elif function == SUB and (parts := substitution_parts(argument)):
        text, own = parts
        where = pointer if isinstance(argument, str) else f"{pointer}/0"
        for name in dict.fromkeys(names(text)):
            if name not in own:
                name, _, attribute = name.partition(".")
                yield NameUse(SUB, name, attribute, where)
    elif function in (IF, FIND_IN_MAP) and isinstance(argument, (list, tuple)):
        first = argument[0] if argument else None
        if isinstance(first, str):
            yield NameUse(function, first, "", f"{pointer}/0")


def functions_in(value: Any) -> set[str]:
    """Return the names of the functions that a value of a template calls, in Python or in a document."""
    names: set[str] = set()
    pending = [value]
    while pending:
        item = plain(pending.pop())
        if isinstance(item, (list, tuple)):
            pending += item
        elif isinstance(item, Mapping):
            if (call := function_call(item)) is not None:
                names.add(call[0])
            pending += item.values()
    return names


def null_pointers(value: Any) -> list[str]:
    """Return the pointers of the nulls in a value of a template, in the order of the document."""
    return [pointer_of(keys) for keys, item in walk(value) if item is None]


class TemplateIndex:
    """What a template declares, and what uses it."""

    def __init__(self, template: Mapping[str, Any]) -> None:
        self.template: Mapping[str, Any] = template
        self.parameters: Mapping[str, Any] = section(template, "Parameters")
        self.mappings: Mapping[str, Any] = section(template, "Mappings")
        self.conditions: Mapping[str, Any] = section(template, "Conditions")
        self.resources: Mapping[str, Any] = section(template, "Resources")
        self.outputs: Mapping[str, Any] = section(template, "Outputs")

    def type_of(self, logical_id: str) -> str:
        """Return the type of a resource, or nothing where there is no such resource."""
        resource = self.resources.get(logical_id)
        kind = resource.get("Type") if isinstance(resource, Mapping) else None
        return kind if isinstance(kind, str) else ""

    def properties(self, logical_id: str) -> Mapping[str, Any]:
        """Return the properties of a resource."""
        return mapping(mapping(self.resources.get(logical_id)).get("Properties"))

    def uses_of(self, logical_id: str) -> Iterator[NameUse]:
        """Yield what a resource uses: in its properties, and by its condition and ``DependsOn``."""
        resource = self.resources.get(logical_id)
        if isinstance(resource, Mapping):
            yield from _uses_of_resource(resource, f"/Resources/{logical_id}")

    def uses(self) -> Iterator[NameUse]:
        """Yield what the template uses, in the order of the document."""
        for name, entries in self.template.items():
            pointer = f"/{name}"
            if name == "Resources":
                for logical_id in self.resources:
                    yield from self.uses_of(logical_id)
            elif name == "Outputs":
                for key, output in self.outputs.items():
                    at = f"{pointer}/{key}"
                    if isinstance(condition := mapping(output).get(CONDITION), str):
                        yield NameUse(CONDITION, condition, "", f"{at}/{CONDITION}")
                    yield from uses(output, at)
            elif name not in ("Parameters", "Mappings", "Metadata"):
                yield from uses(entries, pointer, in_conditions=name == "Conditions")

    def made_before(self, logical_id: str) -> set[str]:
        """Return the resources that are made before a resource is: what it uses, and what that uses."""
        earlier: set[str] = set()
        pending = [logical_id]
        while pending:
            for use in self.uses_of(pending.pop()):
                if not use.is_condition and use.name in self.resources and use.name not in earlier:
                    earlier.add(use.name)
                    pending.append(use.name)
        return earlier

    @property
    def is_generated_in_part(self) -> bool:
        """Tell whether a macro or a loop may add what is not written in the template."""
        transforms = self.template.get("Transform")
        names = transforms if isinstance(transforms, (list, tuple)) else [transforms]
        return (
            any(one not in (None, EXTENDED) for one in names)
            or (EXTENDED in names and self._has_loop())
            or any(
                str(key).startswith((FOR_EACH, TRANSFORM))
                for entries in (self.template, self.resources, self.conditions, self.outputs)
                for key in entries
            )
            or any(self.type_of(name).endswith(_MODULE) for name in self.resources)
        )

    def _has_loop(self) -> bool:
        """Tell whether a loop stands anywhere: the names that it makes are not in the template."""
        mappings = (value for value in values_of(self.template) if isinstance(value, Mapping))
        return any(str(key).startswith(FOR_EACH) for mapping in mappings for key in mapping)


def _uses_of_resource(resource: Mapping[str, Any], pointer: str) -> Iterator[NameUse]:
    for key, value in resource.items():
        at = f"{pointer}/{key}"
        if key == CONDITION and isinstance(value, str):
            yield NameUse(CONDITION, value, "", at)
        elif key == DEPENDS_ON:
            for index, name in enumerate(value if isinstance(value, (list, tuple)) else [value]):
                if isinstance(name, str):
                    yield NameUse(DEPENDS_ON, name, "", at if isinstance(value, str) else f"{at}/{index}")
        elif key != "Type":
            yield from uses(value, at)


def section(template: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a section of a template, empty where it is not there or is no mapping."""
    return mapping(template.get(name))
