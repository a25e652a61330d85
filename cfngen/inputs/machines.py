"""State machines where they stand: in definitions, and in templates of CloudFormation and SAM.

What CloudFormation puts into a definition stays a function: text that is all ``${Topic}`` becomes a
reference, and text around it ``Fn::Sub``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import field
from functools import partial
from itertools import count
from typing import Any, Final

from cfngen.asl.values import EXPRESS, STANDARD, WorkflowType
from cfngen.cfn import functions
from cfngen.cfn.text import Unquoted, escaped, filled, has_hole, hole, reference, reference_name, spans
from cfngen.core.declared import Declared, frozen
from cfngen.documents.source import ReadError, Source, parse, read_file
from cfngen.workflow import Workflow

Place = Callable[[str], "tuple[int, int] | None"]

_TYPES: Final = ("AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine")
_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_FOREIGN: Final = re.compile("[\uf8f0\uf8f1]")
_DEEPEST_JOIN: Final = 20
_BARE: Final = "b"


@frozen(kw_only=True)
class Machine(Declared):
    """A state machine in a file: ``name`` is its logical id, empty where the file is the definition.

    ``path`` is that of the file that holds the definition, which a template may name. ``properties`` are
    those of the template's resource.
    """

    name: str
    workflow: Workflow
    type: WorkflowType = STANDARD
    path: str
    places: Place = field(repr=False, compare=False)
    properties: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def place(self, pointer: str) -> tuple[int, int] | None:
        """Return the line and column in ``path``, from 1, of a ``Problem.location``."""
        return self.places(pointer)


class ExternalDefinitionError(ReadError):
    """The definition is not in the template, nor beside it: in S3, or in another stack's output."""


@frozen
class UnreadableMachine(Declared):
    """A state machine of a template that cannot be read, by its logical id, and why."""

    name: str
    error: ReadError


def load(path: str | os.PathLike[str]) -> list[Machine]:
    """Return the state machines of a file: a definition, or a template of CloudFormation or SAM.

    Raises ``ReadError`` for a file that is neither, or that does not hold a definition that it names;
    ``OSError`` as the operating system does.
    """
    machines, unread = load_all(path)
    if unread:
        raise unread[0].error
    return machines


def load_all(path: str | os.PathLike[str]) -> tuple[list[Machine], list[UnreadableMachine]]:
    """Return the state machines of a file, and those of a template that cannot be read.

    Raises ``ReadError`` for a file that is neither a definition nor a template, ``OSError`` as ``load``.
    """
    name = os.fsdecode(path)
    return read_all(read_file(name), name)


def read_all(text: str, name: str) -> tuple[list[Machine], list[UnreadableMachine]]:
    """Return the state machines of the text of a file, as ``load_all``; files beside it are looked up."""
    return read_source(parse(text, name))


def read_source(source: Source) -> tuple[list[Machine], list[UnreadableMachine]]:
    """Return the state machines of a document, as ``load_all``."""
    if is_template(source):
        return machines_of(source)
    name = source.name
    if "States" in source.data or "StartAt" in source.data:
        return [Machine(name="", workflow=Workflow.read(source.data), path=name, places=source.place)], []
    raise ReadError("neither a definition, which has 'States', nor a template, which has 'Resources'", name)


def is_template(source: Source) -> bool:
    """Tell whether a document is a template of CloudFormation or SAM."""
    return isinstance(source.data.get("Resources"), Mapping)


def machines_of(source: Source) -> tuple[list[Machine], list[UnreadableMachine]]:
    """Return the state machines of a template, and those that cannot be read."""
    machines: list[Machine] = []
    unread: list[UnreadableMachine] = []
    for name, resource in source.data["Resources"].items():
        if isinstance(resource, Mapping) and resource.get("Type") in _TYPES:
            try:
                machines.append(_Resource(source, name, resource).machine())
            except ReadError as error:
                unread.append(UnreadableMachine(name, error))
    return machines, unread


class _Resource:
    """A state machine of a template."""

    def __init__(self, template: Source, name: str, resource: Mapping[str, Any]) -> None:
        self.template = template
        self.name = name
        self.pointer = f"/Resources/{name}/Properties"
        properties = resource.get("Properties")
        self.properties: Mapping[str, Any] = properties if isinstance(properties, Mapping) else {}
        substitutions = self.properties.get("DefinitionSubstitutions")
        self.variables = _Variables(substitutions if isinstance(substitutions, Mapping) else {})

    def machine(self) -> Machine:
        """Return the machine. Raises ``ReadError``."""
        given = self.properties
        type_: WorkflowType = (
            EXPRESS if EXPRESS in (given.get("Type"), given.get("StateMachineType")) else STANDARD
        )
        document, path, place = self._definition()
        workflow = Workflow.read(self.variables.filled(document))
        return Machine(
            name=self.name, workflow=workflow, type=type_, path=path, places=place, properties=given
        )

    def _definition(self) -> tuple[Mapping[str, Any], str, Place]:
        given = self.properties
        for name in ("Definition", "DefinitionString"):
            if name not in given:
                continue
            value, pointer = given[name], f"{self.pointer}/{name}"
            if (inner := functions.argument_of(functions.TO_JSON_STRING, value)) is not None:
                value, pointer = inner, f"{pointer}/{functions.TO_JSON_STRING}"
            if isinstance(value, Mapping) and not functions.is_function(value):
                return value, self.template.name, partial(_inside, self.template, pointer)
            if name == "Definition":
                raise self._error("'Definition' takes a mapping", pointer)
            return self._string(value, pointer)
        for name in ("DefinitionUri", "DefinitionS3Location"):
            if name in given:
                return self._file(name, given[name])
        raise self._error(f"the state machine {self.name!r} has no definition", self.pointer)

    def _string(self, value: Any, pointer: str) -> tuple[Mapping[str, Any], str, Place]:
        text = self.variables.text(value)
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
            source = parse(self.variables.quoted(text), only_json=True)
        except ReadError as error:
            line, column = self.template.place(pointer) or (None, None)
            if lines is not None and error.line is not None and error.column is not None:
                line, column = lines[0] + error.line, lines[1] + error.column
            message = f"the definition is no JSON: {error.message}"
            raise ReadError(message, self.template.name, line, column) from None

        def place(inside: str) -> tuple[int, int] | None:
            found = None if lines is None else source.place(self.variables.marked(inside))
            if lines is None or found is None:
                return self.template.place(pointer)
            return lines[0] + found[0], lines[1] + found[1]

        return source.data, self.template.name, place

    def _file(self, name: str, value: Any) -> tuple[Mapping[str, Any], str, Place]:
        pointer = f"{self.pointer}/{name}"
        if not isinstance(value, str) or "://" in value:
            raise self._error(
                "the definition lies elsewhere: read its own file", pointer, ExternalDefinitionError
            )
        path = os.path.join(os.path.dirname(self.template.name), value)
        if not os.path.isfile(path):
            raise self._error(f"there is no file {value!r} beside the template", pointer)
        source = parse(self.variables.quoted(read_file(path)), path)
        return source.data, path, source.place

    def _error(self, message: str, pointer: str, kind: type[ReadError] = ReadError) -> ReadError:
        line, column = self.template.place(pointer) or (None, None)
        return kind(message, self.template.name, line, column)


class _Variables:
    """What CloudFormation puts into the text of a definition; in the text, marks stand for it.

    A mark is a number between two private-use characters, one pair of which no text here holds. A letter
    follows the number where the text has no quotation marks around the variable.
    """

    def __init__(self, substitutions: Mapping[str, Any]) -> None:
        self.substitutions = substitutions
        self.values: list[Any] = []
        self.names: dict[str, int] = {}
        self.begin, self.end = "\uf8f0", "\uf8f1"
        self.mark = re.compile(f"{self.begin}([0-9]+)({_BARE}?){self.end}", re.ASCII)

    def text(self, value: Any, depth: int = 0) -> str | None:
        """Return the text that a value of a template makes, or None where that cannot be told."""
        if isinstance(value, str):
            return self._safe(value)
        if depth > _DEEPEST_JOIN:
            return None
        if (substituted := functions.substitution(value)) is not None:
            return self._sub(*substituted)
        if (joined := functions.join_parts(functions.argument_of(functions.JOIN, value))) is not None:
            separator, parts = joined
            return self._safe(separator).join(self._part(part, depth) for part in parts)
        return None

    def _part(self, part: Any, depth: int) -> str:
        text = self.text(part, depth + 1)
        return self._marked(repr(part), part) if text is None else text

    def _sub(self, text: str, own: Mapping[str, Any]) -> str:
        def put(inner: str) -> str:
            if inner.startswith("!"):
                return hole(inner[1:])
            name = inner.strip()
            if name in own:
                return self._value(name, own[name])
            return self._marked(name, reference(name))

        return filled(self._safe(text), put)

    def _value(self, name: str, value: Any) -> str:
        if isinstance(value, Mapping):
            return self._marked(f"{name} {value!r}", value)
        if isinstance(value, bool):
            return "true" if value else "false"
        return self._safe(str(value))

    def _marked(self, name: str, value: Any) -> str:
        number = self.names.setdefault(name, len(self.values))
        if number == len(self.values):
            self.values.append(value)
        return f"{self.begin}{number}{self.end}"

    def _safe(self, text: str) -> str:
        return text.replace(self.begin, "\ufffd").replace(self.end, "\ufffd")

    def quoted(self, text: str) -> str:
        """Return JSON text whose variables all stand in strings; those alone get quotation marks."""
        if not text.lstrip().startswith("{"):
            return text

        def bare(between: str) -> str:
            between = filled(between, self._bare)
            return self.mark.sub(lambda found: f'"{self.begin}{found[1]}{_BARE}{self.end}"', between)

        done, parts = 0, []
        for string in _STRING.finditer(text):
            parts += [bare(text[done : string.start()]), string[0]]
            done = string.end()
        return "".join([*parts, bare(text[done:])])

    def _bare(self, name: str) -> str:
        value = self.substitutions.get(name)
        if value is None:
            return f'"{hole(name)}"'
        return self._value(name, value)  # the mark of a function, which gets its quotation marks as others

    def filled(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """Return a definition with its variables as values and as intrinsics."""
        names: set[str] = set()  # a name stays text wherever it stands: nothing else finds its state
        top: list[Any] = []
        texts: list[tuple[Any, Any, str]] = []
        waiting: list[tuple[Any, Any, Any]] = [(top, None, document)]
        for holder, key, given in waiting:  # which grows as it is walked
            made: Any = given
            if isinstance(given, str):
                if has_hole(given) or self.begin in given:
                    made = self._substituted(given)
                    texts.append((holder, key, made))
            elif isinstance(given, Mapping) and not functions.is_function(given):
                made = {}
                for name, inner in given.items():
                    spelled = self._substituted(name)
                    if self.begin in spelled:
                        names.add(spelled)
                        spelled = self._spelled(spelled)
                    made[spelled] = None
                    waiting.append((made, spelled, inner))
            elif isinstance(given, list):
                made = [None] * len(given)
                waiting += [(made, index, inner) for index, inner in enumerate(given)]
            if key is None:
                top.append(made)
            else:
                holder[key] = made
        for holder, key, marked in texts:
            holder[key] = self._spelled(marked) if marked in names else self._intrinsic(marked)
        filled: dict[str, Any] = top[0]
        return filled

    def _substituted(self, text: str) -> str:
        def put(name: str) -> str | None:
            return self._value(name, self.substitutions[name]) if name in self.substitutions else None

        if self.begin in text:  # of the author's own, unless it is one of ours
            text = _FOREIGN.sub("\ufffd", text) if not self.values else self._known(text)
        return filled(text, put)

    def _known(self, text: str) -> str:
        """Return text without marks that stand for nothing."""
        return self.mark.sub(
            lambda found: found[0] if len(found[1]) < 10 and int(found[1]) < len(self.values) else "\ufffd",
            text,
        )

    def _spelled(self, marked: str) -> str:
        names = list(self.names)
        return self.mark.sub(lambda found: hole(names[int(found[1])].partition(" ")[0]), marked)

    def marked(self, pointer: str) -> str:
        """Return a pointer as it would read in the text with its marks."""
        for number, name in enumerate(self.names):
            pointer = pointer.replace(hole(name.partition(" ")[0]), f"{self.begin}{number}{self.end}")
        return pointer

    def _intrinsic(self, marked: str) -> Any:
        """Return text with marks as the intrinsic that makes it."""
        if whole := self.mark.fullmatch(marked):
            value = self.values[int(whole[1])]
            return Unquoted(value) if whole[2] and isinstance(value, Mapping) else value
        if not self.mark.search(marked):
            return marked
        text = escaped(marked)
        taken = {inner for _, _, inner in spans(text)} | {reference_name(value) for value in self.values}
        free = (f"Var{number}" for number in count(1) if f"Var{number}" not in taken)
        own: dict[str, Any] = {}
        named: dict[str, str] = {}

        def put(found: re.Match[str]) -> str:
            value = self.values[int(found[1])]
            name = reference_name(value)
            if not name:
                if found[1] not in named:
                    named[found[1]] = next(free)
                    own[named[found[1]]] = value
                name = named[found[1]]
            return hole(name)

        return functions.sub(self.mark.sub(put, text), own)


def _inside(source: Source, around: str, pointer: str) -> tuple[int, int] | None:
    return source.place(around + pointer)
