"""State machines in files: in definitions, and in templates of CloudFormation and SAM.

What CloudFormation puts into a definition stays a function: text that is all ``${Topic}`` becomes a
reference, and text around it ``Fn::Sub``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from cfngen.asl.read.documents import loaded
from cfngen.asl.read.substitutions import Substitutions, parse_with_substitutions, with_numbers
from cfngen.asl.values import EXPRESS, STANDARD, WorkflowType
from cfngen.cfn import functions
from cfngen.core.declared import Declared, frozen
from cfngen.core.values import mapping
from cfngen.documents.source import ReadError, Source, parse, read_file
from cfngen.inputs.files import read_beside
from cfngen.machines import Place, SourceMachine

__all__ = [
    "ExternalDefinitionError",
    "NoMachineError",
    "SourceMachine",
    "UnreadableMachine",
    "is_template",
    "load",
    "load_all",
    "machines_of",
    "read_all",
    "read_text",
]

_TYPES: Final = ("AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine")


class NoMachineError(ReadError):
    """A document is of another kind: neither a definition nor a template."""


class ExternalDefinitionError(ReadError):
    """The definition is not in the template, nor beside it: in S3, or in another stack's output."""


@frozen
class UnreadableMachine(Declared):
    """A state machine of a template that cannot be read, by its logical id, and why."""

    name: str
    error: ReadError


def load(path: str | os.PathLike[str]) -> list[SourceMachine]:
    """Return the state machines of a file: a definition, or a template of CloudFormation or SAM.

    Raises ``ReadError`` for a file that is neither, or that does not hold a definition that it names;
    ``OSError`` as the operating system does.
    """
    machines, unreadable = load_all(path)
    if unreadable:
        raise unreadable[0].error
    return machines


def load_all(path: str | os.PathLike[str]) -> tuple[list[SourceMachine], list[UnreadableMachine]]:
    """Return the state machines of a file, and those of a template that cannot be read.

    Raises ``ReadError`` for a file that is neither a definition nor a template, ``OSError`` as ``load``.
    """
    name = os.fsdecode(path)
    return read_all(read_file(name), name)


def read_all(text: str, name: str) -> tuple[list[SourceMachine], list[UnreadableMachine]]:
    """Return the state machines of the text of a file, as ``load_all``; files beside it are looked up."""
    _, machines, unreadable = read_text(text, name)
    return machines, unreadable


def read_text(text: str, name: str) -> tuple[Source, list[SourceMachine], list[UnreadableMachine]]:
    """Return the document of a text, and its machines as ``load_all`` does."""
    variables = Substitutions({})
    source = parse_with_substitutions(text, name, variables)
    if is_template(source):
        return source, *machines_of(source)
    if "States" in source.data or "StartAt" in source.data:
        document = loaded(with_numbers(variables.filled(source.data), source, variables))
        return source, [SourceMachine(name="", document=document, path=name, places=source.place)], []
    message = "neither a definition, which has 'States', nor a template, which has 'Resources'"
    raise NoMachineError(message, name)


def is_template(source: Source) -> bool:
    """Tell whether a document is a template of CloudFormation or SAM."""
    return isinstance(source.data.get("Resources"), Mapping)


def machines_of(source: Source) -> tuple[list[SourceMachine], list[UnreadableMachine]]:
    """Return the state machines of a template, and those that cannot be read."""
    machines: list[SourceMachine] = []
    unreadable: list[UnreadableMachine] = []
    for name, resource in source.data["Resources"].items():
        if isinstance(resource, Mapping) and resource.get("Type") in _TYPES:
            try:
                machines.append(_MachineResource(source, name, resource).machine())
            except ReadError as error:
                unreadable.append(UnreadableMachine(name, error))
    return machines, unreadable


class _MachineResource:
    """A state machine of a template."""

    def __init__(self, template: Source, name: str, resource: Mapping[str, Any]) -> None:
        self.template = template
        self.name = name
        self.pointer = f"/Resources/{name}/Properties"
        properties = resource.get("Properties")
        self.properties: Mapping[str, Any] = properties if isinstance(properties, Mapping) else {}
        self.substitutions = Substitutions(mapping(self.properties.get("DefinitionSubstitutions")))

    def machine(self) -> SourceMachine:
        """Return the machine. Raises ``ReadError``."""
        properties = self.properties
        type_: WorkflowType = (
            EXPRESS if EXPRESS in (properties.get("Type"), properties.get("StateMachineType")) else STANDARD
        )
        document, path, place = self._definition()
        return SourceMachine(
            name=self.name,
            document=loaded(document),
            type=type_,
            path=path,
            places=place,
            properties=properties,
            resources=self.template.data["Resources"],
        )

    def _definition(self) -> tuple[Mapping[str, Any], str, Place]:
        properties = self.properties
        for name in ("Definition", "DefinitionString"):
            if name not in properties:
                continue
            value, pointer = properties[name], f"{self.pointer}/{name}"
            if (inner := functions.argument_of(functions.TO_JSON_STRING, value)) is not None:
                value, pointer = inner, f"{pointer}/{functions.TO_JSON_STRING}"
            if isinstance(value, Mapping) and not functions.is_function(value):
                document = self.substitutions.filled(value)
                return document, self.template.name, partial(_place_inside, self.template, pointer)
            if name == "Definition":
                raise self._error("'Definition' takes a mapping", pointer)
            return self._string(value, pointer)
        for name in ("DefinitionUri", "DefinitionS3Location"):
            if name in properties:
                return self._file(name, properties[name])
        raise self._error(f"the state machine {self.name!r} has no definition", self.pointer)

    def _string(self, value: Any, pointer: str) -> tuple[Mapping[str, Any], str, Place]:
        text = self.substitutions.text(value)
        if text is None:
            raise self._error(
                "the text of the definition is not in this template", pointer, ExternalDefinitionError
            )
        if isinstance(value, Mapping):
            [(function, argument)] = value.items()
            pointer += f"/{function}"
            if function == functions.SUB and not isinstance(argument, str):
                pointer += "/0"
        lines = self.template.block(pointer)
        try:
            source = parse(self.substitutions.quoted(text), only_json=True)
        except ReadError as error:
            line, column = self.template.place(pointer) or (None, None)
            if lines is not None and error.line is not None and error.column is not None:
                line, column = lines[0] + error.line, lines[1] + error.column
            message = f"the definition is not JSON: {error.message}"
            raise ReadError(message, self.template.name, line, column) from None

        def place(inside: str) -> tuple[int, int] | None:
            if lines is not None and (position := source.place(self.substitutions.marked(inside))):
                return lines[0] + position[0], lines[1] + position[1]
            return self.template.place(pointer)

        return self.substitutions.filled(source.data), self.template.name, place

    def _file(self, name: str, value: Any) -> tuple[Mapping[str, Any], str, Place]:
        pointer = f"{self.pointer}/{name}"
        if not isinstance(value, str) or "://" in value:
            raise self._error(
                "the definition is in another place: read its own file", pointer, ExternalDefinitionError
            )
        try:
            path, text = read_beside(self.template.name, value)
        except ReadError as error:
            if error.name == self.template.name:
                raise self._error(error.message, pointer) from None
            raise
        source = parse_with_substitutions(text, path, self.substitutions)
        document = with_numbers(self.substitutions.filled(source.data), source, self.substitutions)
        return document, path, source.place

    def _error(self, message: str, pointer: str, kind: type[ReadError] = ReadError) -> ReadError:
        line, column = self.template.place(pointer) or (None, None)
        return kind(message, self.template.name, line, column)


def _place_inside(source: Source, around: str, pointer: str) -> tuple[int, int] | None:
    return source.place(around + pointer)
