"""A state of a document as the value one would have written."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from cfngen.asl.flow import Flow, Goto
from cfngen.asl.read.choices import choices, test, tests
from cfngen.asl.read.documents import Document, copied
from cfngen.asl.read.handlers import catch, error_names, flow, retry
from cfngen.asl.read.nested import branches, part, processor
from cfngen.asl.read.problems import kind_or_value, word
from cfngen.asl.read.values import AttributeReader, FieldReader
from cfngen.asl.schema import STATES, FieldKind, fields_of
from cfngen.asl.states import Fail, Pass, RawState, State, Succeed, Task, Wait
from cfngen.asl.values import OMIT, Language, query_language
from cfngen.core.declared import did_you_mean

CLOSED: Final = ("Choice", "Succeed", "Fail")
BRANCHING: Final = ("Parallel", "Map")


class StateReader(FieldReader):
    """Reads one state: ``exact`` is what one would have written, ``lenient`` what the rules look at.

    They differ where the language does not have a field of the document: ``exact`` is then a ``RawState``
    that keeps everything, and ``lenient`` a state of its type without that field.
    """

    def __init__(
        self,
        name: str,
        document: Document,
        location: str,
        language: Language,
        flows: Mapping[str, Flow],
        nested: Mapping[str, Flow],
    ) -> None:
        own = query_language(document.get("QueryLanguage"), language, document)
        super().__init__(location, own, flows, nested)
        self.name: str = name
        self.document: Document = document
        self.lenient: State = self._read_lenient()
        self.exact: State = self.lenient if self.lossless else self._raw()

    def known(self, owner: str) -> Mapping[str, AttributeReader]:
        """Return what reads each field of a state type, or of another mapping of the language."""
        return _attribute_readers(owner)

    def _raw(self) -> RawState:
        flows = tuple(leads for leads in self.flows.values() if not isinstance(leads, Goto))
        return RawState(self.name, dict(self.document), flows=flows)

    def _read_lenient(self) -> State:
        kind = self.document.get("Type")
        if not isinstance(kind, str) or kind not in STATES:
            self.lossless = self.typed = False
            if kind is None:
                self.error("", "a state needs 'Type'")
            elif isinstance(kind, str):
                self.error(
                    "/Type", f"there is no state type {kind_or_value(kind)}", did_you_mean(kind, STATES)
                )
            else:
                self.error("/Type", f"'Type' takes text, not {kind_or_value(kind)}")
            return self._raw()
        if kind not in CLOSED:
            self._check_end()
        fields = self.fields("", self.document, kind)
        for name in _required_names(kind):
            if name not in fields:
                if not any(
                    problem.location.startswith(f"{self.location}/{name}") for problem in self.problems
                ):
                    self.error("", f"a {kind} needs {name!r}")
                self.typed = False
        if not self.typed:
            self.lossless = False
            return self._raw()
        if kind == "Map":
            processor = self.document.get("ItemProcessor", self.document.get("Iterator"))
            if isinstance(processor, Mapping) and "ProcessorConfig" in processor:
                config = part(self, "/ItemProcessor/ProcessorConfig", processor["ProcessorConfig"])
                if config is OMIT:
                    return self._raw()
                fields["ProcessorConfig"] = config
        state: State = _class(kind)(Name=self.name, **fields)
        return state

    def _check_end(self) -> None:
        following, end = self.document.get("Next", OMIT), self.document.get("End", OMIT)
        if following is not OMIT and not isinstance(following, str):
            self.untyped(
                "/Next",
                f"'Next' takes the name of a state, not {kind_or_value(following)}",
                word(following),
            )
        elif end is not OMIT and not isinstance(end, bool):
            self.untyped("/End", f"'End' takes true, not {kind_or_value(end)}")
        elif following is OMIT and end is not True:
            self.error(
                "", "the state has neither 'Next' nor 'End'", 'the last state of a flow needs "End": true'
            )
            self.lossless = False
        elif following is not OMIT and end is not OMIT:
            self.lossless = False
            if end:
                self.typed = False  # and transitions.end_or_next says so


@cache
def _required_names(kind: str) -> tuple[str, ...]:
    return tuple(
        row.name for row in fields_of(kind) if row.required and row.kind is not FieldKind.STRUCTURE
    )


def _class(kind: str) -> Any:
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    from cfngen.asl import branches

    return getattr(branches, kind)


_SIMPLE: Final = {"Task": Task, "Pass": Pass, "Wait": Wait, "Succeed": Succeed, "Fail": Fail}


@cache
def _attribute_readers(owner: str) -> Mapping[str, AttributeReader]:
    known: dict[str, AttributeReader] = {}
    for row in fields_of(owner):
        attribute = row.sets or row.name
        is_plain = row.is_numeric and not row.dynamic
        reads = FieldReader.number if is_plain else (_NULLABLE if row.null else _READERS)[row.kind]
        known[row.name] = (attribute, reads)
        if row.dynamic:
            known[row.name + row.dynamic] = (attribute, FieldReader.path)
    return known


_READERS: Final[Mapping[FieldKind, Any]] = {
    FieldKind.STRUCTURE: None,  # which graphs look at
    FieldKind.WORDS: FieldReader.plain,
    FieldKind.VALUE: FieldReader.text,
    FieldKind.INTEGER: FieldReader.text,
    FieldKind.NUMBER: FieldReader.text,
    FieldKind.PATH: FieldReader.plain,
    FieldKind.PAYLOAD: FieldReader.required_payload,
    FieldKind.STATIC: FieldReader.static,
    FieldKind.ERRORS: error_names,
    FieldKind.FLOW: flow,
    FieldKind.RETRIERS: retry,
    FieldKind.CATCHERS: catch,
    FieldKind.RULES: choices,
    FieldKind.TESTS: tests,
    FieldKind.TEST: test,
    FieldKind.BRANCHES: branches,
    FieldKind.PROCESSOR: processor,
    FieldKind.PART: part,
}
_NULLABLE: Final[Mapping[FieldKind, Any]] = {
    FieldKind.PATH: FieldReader.plain_or_null,
    FieldKind.PAYLOAD: FieldReader.payload,
    FieldKind.STATIC: FieldReader.static,
}


def typed_map(state: RawState, location: str, language: Language) -> State:
    """Return a Map that is written by hand as one of its class, as far as that holds its fields.

    What runs inside it is not read: it has places of its own in the graph.
    """
    fields: Document = copied(state.Fields)
    inside = dict.fromkeys(("ItemProcessor", "Iterator"), Goto(""))
    return StateReader(state.Name, fields, location, language, {}, inside).lenient
