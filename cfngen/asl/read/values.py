"""The values of a state's fields: text, paths, payloads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from cfngen.asl.flow import Flow
from cfngen.asl.read.documents import Document
from cfngen.asl.read.problems import brief, schema, unknown
from cfngen.asl.values import JSONATA, JSONPATH, OMIT, Jsonata, Language, Path
from cfngen.core.declared import Declared, frozen
from cfngen.core.problems import Problem


@frozen
class Function(Declared):
    """A CloudFormation intrinsic as a document spells it: ``{"Ref": "Topic"}``."""

    spelled: Document

    def to_dict(self) -> dict[str, Any]:
        """Return it as it is spelled."""
        return dict(self.spelled)


class FieldReader:
    """Reads the fields of one state, and notes what is wrong with them.

    ``flows`` are those that its fields lead to, by their pointers, and ``inside`` those that run inside
    it. ``held`` tells whether a class can hold all of it, ``sound`` whether one can hold what the language
    knows of it.
    """

    def __init__(
        self, location: str, language: Language, flows: Mapping[str, Flow], inside: Mapping[str, Flow]
    ) -> None:
        self.location: str = location
        self.language: Language = language
        self.flows: Mapping[str, Flow] = flows
        self.inside: Mapping[str, Flow] = inside
        self.problems: list[Problem] = []
        self.held: bool = True
        self.sound: bool = True

    def error(self, place: str, message: str, hint: str = "") -> None:
        """Note what is wrong at a place inside the state."""
        self.problems.append(schema(self.location + place, message, hint))

    def unsound(self, place: str, message: str, hint: str = "") -> Any:
        """Note what keeps a class from holding the field, and read nothing."""
        self.error(place, message, hint)
        self.held = self.sound = False
        return OMIT

    def fields(
        self, place: str, document: Document, known: Mapping[str, Field], owner: str
    ) -> dict[str, Any]:
        """Return the fields of a class by name; ``place`` is that of the mapping inside the state."""
        fields: dict[str, Any] = {}
        for key, given in document.items():
            entry = known.get(key)
            if entry is None:
                self.held = False
                self.problems.append(unknown(self.location + place, key, known, owner))
                continue
            name, read = entry
            if read is None:
                continue
            if name in fields:
                self.unsound(f"{place}/{key}", f"{key!r} stands beside another field for {name!r}")
                continue
            if given is None and read not in NULLABLE:
                self.unsound(f"{place}/{key}", f"{key!r} is null")
                continue
            value = read(self, f"{place}/{key}", given)
            if value is not OMIT:
                fields[name] = value
        return fields

    def text(self, place: str, given: Any) -> Any:
        """A text, an intrinsic, or in JSONata an expression."""
        if isinstance(given, str):
            return self._jsonata(given)
        if not is_function(given):
            return given
        expression = self._jsonata(as_text(given)) if self.language == JSONATA else None
        if isinstance(expression, Jsonata):
            self.held = False
            return expression
        return Function(given)

    def plain(self, place: str, given: Any) -> Any:
        """A text of the language itself; an intrinsic in it is looked at as ``Fn::Sub`` would spell it."""
        if is_function(given):
            self.held = False
            return as_text(given)
        return given

    def plain_or_null(self, place: str, given: Any) -> Any:
        """A text of the language itself, or null."""
        return self.plain(place, given)

    def path(self, place: str, given: Any) -> Any:
        """A JSONPath, or the call of an intrinsic function."""
        given = self.plain(place, given)
        if isinstance(given, str):
            return Path(given)
        field = place.rpartition("/")[2]
        return self.unsound(place, f"{field!r} takes a path as text, not {brief(given)}")

    def payload(self, place: str, given: Any) -> Any:
        """A template: keys that end in '.$' in JSONPath, and expressions in JSONata, become values."""
        return self._template(given, dotted=self.language == JSONPATH)

    def required_payload(self, place: str, given: Any) -> Any:
        """A template in a field that cannot be null."""
        return self._template(given, dotted=self.language == JSONPATH)

    def static(self, place: str, given: Any) -> Any:
        """A value that is not evaluated."""
        return self._template(given, dotted=False)

    def _template(self, given: Any, *, dotted: bool) -> Any:
        top: list[Any] = []
        waiting: list[tuple[Any, Any, Any]] = [(top, None, given)]
        for holder, key, item in waiting:  # which grows as it is walked
            made: Any
            if isinstance(item, str):
                made = self._jsonata(item)
            elif isinstance(item, Mapping):
                if is_function(item):
                    made = Function(item)
                else:
                    made = {}
                    for name, inner in item.items():
                        if dotted and name.endswith(".$") and name[:-2] not in item:
                            spelled = self.plain("", inner)
                            if isinstance(spelled, str):
                                made[name[:-2]] = Path(spelled)
                                continue
                        if isinstance(inner, str):
                            made[name] = self._jsonata(inner)
                        elif isinstance(inner, (Mapping, list)):
                            made[name] = None  # its place in the order
                            waiting.append((made, name, inner))
                        else:
                            made[name] = inner
            elif isinstance(item, list):
                made = [None] * len(item)
                waiting += [(made, index, inner) for index, inner in enumerate(item)]
            else:
                made = item
            if key is None:
                holder.append(made)
            else:
                holder[key] = made
        return top[-1]

    def _jsonata(self, given: Any) -> Any:
        if not isinstance(given, str):
            return given
        if self.language == JSONATA and given.startswith("{%") and given.endswith("%}") and len(given) >= 4:
            return Jsonata(given[2:-2].strip())
        return given


Field = tuple[str, "Callable[[FieldReader, str, Any], Any] | None"]
"""The name of a class's field, and what reads it from the document; nothing reads what says no more."""

NULLABLE: Final = (FieldReader.plain_or_null, FieldReader.payload, FieldReader.static)


def same(read: Any, *names: str) -> dict[str, Field]:
    """Return fields that are named in the class as in the document."""
    return {name: (name, read) for name in names}


def dynamic(*names: str) -> dict[str, Field]:
    """Return fields that hold a value, or whose siblings in ``Path`` hold the path to one."""
    paths: dict[str, Field] = {f"{name}Path": (name, FieldReader.path) for name in names}
    return same(FieldReader.text, *names) | paths


def template(*names: str) -> dict[str, Field]:
    """Return payloads, which may be all path."""
    dotted: dict[str, Field] = {f"{name}.$": (name, FieldReader.path) for name in names}
    return same(FieldReader.payload, *names) | dotted


def is_function(given: Any) -> bool:
    """Tell whether a mapping is a CloudFormation intrinsic."""
    if not isinstance(given, Mapping) or len(given) != 1:
        return False
    [(name, argument)] = given.items()
    return name.startswith("Fn::") or (name == "Ref" and isinstance(argument, str))


def as_text(given: Any) -> Any:
    """Return an intrinsic as ``Fn::Sub`` would spell it, or what is given."""
    if not is_function(given):
        return given
    [(name, argument)] = given.items()
    if name == "Fn::GetAtt" and isinstance(argument, list):
        argument = ".".join(map(str, argument))
    if name == "Fn::Sub" and isinstance(argument, list) and argument:
        argument = argument[0]
    if not isinstance(argument, str):
        return f"${{{name}}}"
    return argument if name == "Fn::Sub" else f"${{{argument}}}"
