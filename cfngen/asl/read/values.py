"""The values of a state's fields: text, paths, payloads."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, Final

from cfngen.asl.flow import Flow
from cfngen.asl.holes import jsonata_of
from cfngen.asl.read.documents import Document
from cfngen.asl.read.problems import (
    MAX_UNKNOWN,
    document_problem,
    kind_or_value,
    more_unknown,
    unknown_field_problem,
)
from cfngen.asl.values import JSONATA, JSONPATH, OMIT, Function, Language, Path
from cfngen.cfn.functions import is_function
from cfngen.cfn.text import Unquoted
from cfngen.core.declared import SCALARS
from cfngen.core.problems import Problem


class FieldReader(ABC):
    """Reads the fields of one state, and notes what is wrong with them.

    ``flows`` are those that its fields lead to, by their pointers, and ``nested`` those that run in
    it. ``lossless`` tells whether a class can hold all of it, ``typed`` whether one can hold what
    the language knows of it.
    """

    def __init__(
        self, location: str, language: Language, flows: Mapping[str, Flow], nested: Mapping[str, Flow]
    ) -> None:
        self.location: str = location
        self.language: Language = language
        self.flows: Mapping[str, Flow] = flows
        self.nested: Mapping[str, Flow] = nested
        self.problems: list[Problem] = []
        self.lossless: bool = True
        self.typed: bool = True

    @abstractmethod
    def known(self, owner: str) -> Mapping[str, AttributeReader]:
        """Return what reads each field of a state type, or of another mapping of the language."""

    def error(self, place: str, message: str, hint: str = "") -> None:
        """Note what is wrong at a place inside the state."""
        self.problems.append(document_problem(self.location + place, message, hint))

    def untyped(self, place: str, message: str, hint: str = "") -> Any:
        """Note what keeps a class from holding the field, and read nothing."""
        self.error(place, message, hint)
        self.lossless = self.typed = False
        return OMIT

    def fields(self, place: str, document: Document, owner: str) -> dict[str, Any]:
        """Return the fields of a class by name; ``place`` is that of the mapping inside the state."""
        known = self.known(owner)
        fields: dict[str, Any] = {}
        strange = 0
        for key, value in document.items():
            entry = known.get(key)
            if entry is None:
                self.lossless = False
                strange += 1
                if strange <= MAX_UNKNOWN:
                    self.problems.append(unknown_field_problem(self.location + place, key, owner))
                continue
            name, read = entry
            if read is None:
                continue
            if name in fields:
                self.untyped(f"{place}/{key}", f"{key!r} and another field both set {name!r}")
                continue
            if isinstance(value, Unquoted) and read not in FILLED_IN:
                self.lossless = self.typed = False  # what is filled in may be right
                continue
            if value is None and read not in NULLABLE:
                self.untyped(f"{place}/{key}", f"{key!r} cannot be null")
                continue
            field_value = read(self, f"{place}/{key}", value)
            if field_value is not OMIT:
                fields[name] = field_value
        if strange > MAX_UNKNOWN:
            self.problems.append(more_unknown(self.location + place, strange - MAX_UNKNOWN, owner))
        return fields

    def text(self, place: str, value: Any) -> Any:
        """A text, an intrinsic, or in JSONata an expression."""
        return self._expression(value)

    def plain(self, place: str, value: Any) -> Any:
        """A text of the language itself, or an intrinsic that makes it."""
        return Function(value) if is_function(value) else value

    def plain_or_null(self, place: str, value: Any) -> Any:
        """A text of the language itself, or null."""
        return self.plain(place, value)

    def number(self, place: str, value: Any) -> Any:
        """A number that no expression makes, or an intrinsic that does."""
        return self.plain(place, value)

    def path(self, place: str, value: Any) -> Any:
        """A JSONPath, or the call of an intrinsic function."""
        value = self.plain(place, value)
        if isinstance(value, (str, Function)):
            return Path(value)
        field = place.rpartition("/")[2]
        return self.untyped(place, f"{field!r} takes a path as text, not {kind_or_value(value)}")

    def payload(self, place: str, value: Any) -> Any:
        """A template: keys that end in '.$' in JSONPath, and expressions in JSONata, become values."""
        return self._template(value, dotted=self.language == JSONPATH)

    def required_payload(self, place: str, value: Any) -> Any:
        """A template in a field that cannot be null."""
        return self._template(value, dotted=self.language == JSONPATH)

    def static(self, place: str, value: Any) -> Any:
        """A value that is not evaluated."""
        return self._template(value, dotted=False)

    def _template(self, value: Any, *, dotted: bool) -> Any:
        top: list[Any] = []
        slots: list[tuple[Any, Any, Any]] = [(top, None, value)]
        for holder, key, item in slots:  # which grows as it is walked
            template: Any
            if isinstance(item, str):
                template = self._expression(item)
            elif type(item) is dict or isinstance(item, Mapping):
                if is_function(item):
                    template = self._expression(item)
                else:
                    template = {}
                    for name, inner in item.items():
                        if dotted and name.endswith(".$") and name[:-2] not in item:
                            path = self.plain("", inner)
                            if isinstance(path, (str, Function)):
                                template[name[:-2]] = Path(path)
                                continue
                        if isinstance(inner, str):
                            template[name] = self._expression(inner)
                        elif isinstance(inner, (dict, list, Mapping)):
                            template[name] = None  # its place in the order
                            slots.append((template, name, inner))
                        else:
                            template[name] = inner
            elif isinstance(item, list):
                template = [None] * len(item)
                slots += [(template, index, inner) for index, inner in enumerate(item)]
            else:
                template = item
            if key is None:
                holder.append(template)
            else:
                holder[key] = template
        return top[-1]

    def _expression(self, value: Any) -> Any:
        """Return an expression where a value is one, and a function of CloudFormation as such."""
        if self.language == JSONPATH and type(value) in SCALARS:
            return value  # as most are
        if self.language == JSONATA and (expression := jsonata_of(value)) is not None:
            return expression
        return Function(value) if is_function(value) else value


AttributeReader = tuple[str, "Callable[[FieldReader, str, Any], Any] | None"]
"""The name of a class's field, and what reads it from the document; nothing reads what says no more."""

FILLED_IN: Final = (
    FieldReader.text,
    FieldReader.number,
    FieldReader.payload,
    FieldReader.required_payload,
    FieldReader.static,
)
"""What reads a field whose value CloudFormation may fill in without quotation marks."""

NULLABLE: Final = (FieldReader.plain_or_null, FieldReader.payload, FieldReader.static)
