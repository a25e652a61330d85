"""A state of a document as the value one would have written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cfngen.asl.flow import Flow, Goto
from cfngen.asl.read.choices import choices
from cfngen.asl.read.documents import Document
from cfngen.asl.read.handlers import catch, flow, retry
from cfngen.asl.read.nested import branches, part, processor
from cfngen.asl.read.problems import brief
from cfngen.asl.read.values import Field, FieldReader, dynamic, same, template
from cfngen.asl.states import Fail, Pass, RawState, State, Succeed, Task, Wait
from cfngen.asl.values import JSONATA, JSONPATH, OMIT, Language
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
        own = document.get("QueryLanguage")
        super().__init__(location, own if own in (JSONPATH, JSONATA) else language, flows, nested)
        self.name: str = name
        self.document: Document = document
        self.lenient: State = self._read_lenient()
        self.exact: State = self.lenient if self.lossless else self._raw()

    def _raw(self) -> RawState:
        flows = tuple(leads for leads in self.flows.values() if not isinstance(leads, Goto))
        return RawState(self.name, dict(self.document), flows=flows)

    def _read_lenient(self) -> State:
        kind = self.document.get("Type")
        known = _STATES.get(kind) if isinstance(kind, str) else None
        if known is None:
            self.lossless = self.typed = False
            if kind is None:
                self.error("", "a state needs 'Type'")
            elif isinstance(kind, str):
                self.error("/Type", f"there is no state type {brief(kind)}", did_you_mean(kind, _STATES))
            else:
                self.error("/Type", f"'Type' takes text, not {brief(kind)}")
            return self._raw()
        if kind not in CLOSED:
            self._check_end()
        fields = self.fields("", self.document, known, f"a {kind}")
        for name in _REQUIRED[str(kind)]:
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
            scope = self.document.get("ItemProcessor", self.document.get("Iterator"))
            if isinstance(scope, Mapping) and "ProcessorConfig" in scope:
                config = part(self, "/ItemProcessor/ProcessorConfig", scope["ProcessorConfig"])
                if config is OMIT:
                    return self._raw()
                fields["ProcessorConfig"] = config
        state: State = _class(str(kind))(self.name, **fields)
        return state

    def _check_end(self) -> None:
        following, end = self.document.get("Next", OMIT), self.document.get("End", OMIT)
        if following is not OMIT and not isinstance(following, str):
            self.untyped("/Next", f"'Next' takes the name of a state, not {brief(following)}")
        elif end is not OMIT and not isinstance(end, bool):
            self.untyped("/End", f"'End' takes true, not {brief(end)}")
        elif following is OMIT and end is not True:
            self.error(
                "", "the state has neither 'Next' nor 'End'", 'the last state of a flow needs "End": true'
            )
            self.lossless = False
        elif following is not OMIT and end is not OMIT:
            self.lossless = False
            if end:
                self.typed = False  # and transitions.end_or_next says so


def _class(kind: str) -> Any:
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    from cfngen.asl import branches

    return getattr(branches, kind)


_SIMPLE: Final = {"Task": Task, "Pass": Pass, "Wait": Wait, "Succeed": Succeed, "Fail": Fail}


_HEAD: Final = {"Type": ("Type", None), **same(FieldReader.plain, "Comment", "QueryLanguage")}
_DATA: Final = {
    **_HEAD,
    **same(FieldReader.plain_or_null, "InputPath", "OutputPath"),
    "Output": ("Output", FieldReader.payload),
}
_STEP: Final = {
    **_DATA,
    "Assign": ("Assign", FieldReader.required_payload),
    "Next": ("Next", None),
    "End": ("End", None),
}
_FALLIBLE: Final = {
    **_STEP,
    "ResultSelector": ("ResultSelector", FieldReader.required_payload),
    "ResultPath": ("ResultPath", FieldReader.plain_or_null),
    "Retry": ("Retry", retry),
    "Catch": ("Catch", catch),
}
_STATES: Final[dict[str, dict[str, Field]]] = {
    "Task": {
        **_FALLIBLE,
        "Resource": ("Resource", FieldReader.text),
        "Credentials": ("Credentials", FieldReader.required_payload),
        **template("Parameters"),
        "Arguments": ("Arguments", FieldReader.payload),
        **dynamic("TimeoutSeconds", "HeartbeatSeconds"),
    },
    "Pass": {
        **_STEP,
        **template("Parameters"),
        "Result": ("Result", FieldReader.static),
        "ResultPath": ("ResultPath", FieldReader.plain_or_null),
    },
    "Wait": {**_STEP, **dynamic("Seconds", "Timestamp")},
    "Choice": {
        **_DATA,
        "Assign": ("Assign", FieldReader.required_payload),
        "Choices": ("Choices", choices),
        "Default": ("Default", flow),
    },
    "Succeed": _DATA,
    "Fail": {**_HEAD, **dynamic("Error", "Cause")},
    "Parallel": {
        **_FALLIBLE,
        **template("Parameters"),
        "Arguments": ("Arguments", FieldReader.payload),
        "Branches": ("Branches", branches),
    },
    "Map": {
        **_FALLIBLE,
        "ItemsPath": ("ItemsPath", FieldReader.plain_or_null),
        "Items": ("Items", FieldReader.payload),
        "ItemReader": ("ItemReader", part),
        **template("ItemSelector"),
        "Parameters": ("ItemSelector", FieldReader.payload),
        "Parameters.$": ("ItemSelector", FieldReader.path),
        "ItemBatcher": ("ItemBatcher", part),
        "ItemProcessor": ("ItemProcessor", processor),
        "Iterator": ("ItemProcessor", processor),
        "ResultWriter": ("ResultWriter", part),
        **dynamic("MaxConcurrency", "ToleratedFailureCount", "ToleratedFailurePercentage"),
        "Label": ("Label", FieldReader.plain),
    },
}
_REQUIRED: Final[dict[str, tuple[str, ...]]] = {
    "Task": ("Resource",),
    "Choice": ("Choices",),
    "Parallel": ("Branches",),
    "Map": ("ItemProcessor",),
    "Pass": (),
    "Wait": (),
    "Succeed": (),
    "Fail": (),
}
