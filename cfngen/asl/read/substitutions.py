"""What CloudFormation puts into the text of a definition, as values in the definition."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from cfngen.asl.unquoted import number_places
from cfngen.cfn import functions
from cfngen.cfn.functions import plain
from cfngen.cfn.holes import value_of
from cfngen.cfn.text import Hole, Unquoted, filled, has_hole, hole, joined_pieces, reference_to, spans
from cfngen.documents.source import ReadError, Source, parse

_STRING: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*\\?(?:"|\Z)', re.DOTALL)
"""A text of JSON; one that is not closed goes to the end, so that no other is looked for in it."""
_FOREIGN: Final = re.compile("[\uf8f0\uf8f1]")
_MAX_JOIN_DEPTH: Final = 20
_BARE: Final = "b"


class Substitutions:
    """What CloudFormation puts into the text of a definition; in the text, marks stand for it.

    A mark is a number between two private-use characters, one pair of which no text here holds. A letter
    follows the number where the text has no quotation marks around the variable.
    """

    def __init__(self, substitutions: Mapping[str, Any]) -> None:
        self.substitutions = substitutions
        self.values: list[Any] = []
        self.names: dict[str, int] = {}
        self.begin: str = "\uf8f0"
        self.end: str = "\uf8f1"
        self.mark: re.Pattern[str] = re.compile(f"{self.begin}([0-9]+)({_BARE}?){self.end}", re.ASCII)

    def text(self, value: Any, depth: int = 0) -> str | None:
        """Return the text that a value of a template makes, or None where it is not known."""
        if isinstance(value, str):
            return self._safe(value)
        if depth > _MAX_JOIN_DEPTH:
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
            return self._marked(name, reference_to(name))

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
            return filled(text, lambda name: self._marked(name, self._known_value(name)))

        def bare(between: str) -> str:
            between = filled(between, self._bare)
            return self.mark.sub(lambda match: f'"{self.begin}{match[1]}{_BARE}{self.end}"', between)

        done, parts = 0, []
        for string in _STRING.finditer(text):
            parts += [bare(text[done : string.start()]), string[0]]
            done = string.end()
        return "".join([*parts, bare(text[done:])])

    def _bare(self, name: str) -> str:
        # the mark of a function gets its quotation marks as others do
        return self._value(name, self._known_value(name))

    def _known_value(self, name: str) -> Any:
        return self.substitutions.get(name, reference_to(name.strip()))

    def with_literals(self, text: str) -> str:
        """Return the text of a file with the values of the variables that have no function.

        JSON has them in its strings alone, or it would not be JSON, and keeps them.
        """
        literals = {key: it for key, it in self.substitutions.items() if not isinstance(it, Mapping)}
        if not literals or text.lstrip().startswith("{"):
            return text
        return filled(text, lambda name: self._value(name, literals[name]) if name in literals else None)

    def filled(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """Return a definition with its variables as values and as intrinsics."""
        names: set[str] = set()  # a name stays text wherever it stands: nothing else finds its state
        top: list[Any] = []
        texts: list[tuple[Any, Any, str]] = []
        todo: list[tuple[Any, Any, Any]] = [(top, None, document)]
        for holder, key, value in todo:  # which grows as it is walked
            copy: Any = value
            if isinstance(value, str):
                if has_hole(value) or self.begin in value:
                    copy = self._substituted(value)
                    texts.append((holder, key, copy))
            elif isinstance(value, Mapping) and not functions.is_function(value):
                copy = {}
                for name, inner in value.items():
                    new_name = self._substituted(name)
                    if self.begin in new_name:
                        names.add(new_name)
                        new_name = self._with_holes(new_name)
                    copy[new_name] = None
                    todo.append((copy, new_name, inner))
            elif isinstance(value, list):
                copy = [None] * len(value)
                todo += [(copy, index, inner) for index, inner in enumerate(value)]
            if key is None:
                top.append(copy)
            else:
                holder[key] = copy
        for holder, key, marked in texts:
            holder[key] = self._with_holes(marked) if marked in names else self._intrinsic(marked)
        filled_document: dict[str, Any] = top[0]
        return filled_document

    def _substituted(self, text: str) -> str:
        def put(name: str) -> str | None:
            return self._value(name, self.substitutions[name]) if name in self.substitutions else None

        if self.begin in text:  # of the author's own, unless it is one of ours
            text = _FOREIGN.sub("\ufffd", text) if not self.values else self._known(text)
        return filled(text, put)

    def _known(self, text: str) -> str:
        """Return text without marks that stand for nothing."""
        return self.mark.sub(
            lambda match: match[0] if len(match[1]) < 10 and int(match[1]) < len(self.values) else "\ufffd",
            text,
        )

    def _with_holes(self, marked: str) -> str:
        if self.begin not in marked:
            return marked
        names = list(self.names)
        return self.mark.sub(lambda match: hole(names[int(match[1])].partition(" ")[0]), marked)

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
        pieces: list[str | Hole] = []
        done = 0
        for match in self.mark.finditer(marked):
            pieces += [marked[done : match.start()], Hole("", self.values[int(match[1])])]
            done = match.end()
        return value_of(joined_pieces([*pieces, marked[done:]])) if done else marked


def parse_with_substitutions(text: str, name: str, variables: Substitutions) -> Source:
    """Return the document of the text of a file, in which variables need no quotation marks.

    AWS replaces them in the text, before it is read as JSON or YAML (DefinitionProcessor of
    aws-cloudformation/aws-cloudformation-resource-providers-stepfunctions). Raises ``ReadError``.
    """
    if not has_hole(text):
        return parse(text, name)
    try:
        return parse(variables.with_literals(text), name)
    except ReadError:
        try:
            return parse(variables.quoted(text), name)
        except ReadError:
            pass
        raise


def with_numbers(document: dict[str, Any], source: Source, variables: Substitutions) -> dict[str, Any]:
    """Return a definition, which is changed, with what is filled in for its numbers as such.

    In YAML nothing but the missing quotation marks tells it from text.
    """
    if not has_hole(source.text) and variables.begin not in source.text:
        return document
    lines = source.text.split("\n")
    for place in number_places(document):
        value = plain(place.value)
        if isinstance(value, str) and (holes := [*spans(value)]) and holes[0][:2] == (0, len(value)):
            value = reference_to(holes[0][2].strip())
        elif not functions.is_function(value):
            continue
        line, column = source.place(place.pointer) or (1, 1)
        if lines[line - 1][column - 1 : column] not in ("'", '"'):
            holder: Any = document
            for key in place.keys[:-1]:
                holder = holder[key]
            holder[place.keys[-1]] = Unquoted(value)
    return document
