"""Read: a document in the Amazon States Language becomes the values one would have written.

What the classes cannot hold becomes a :class:`RawState`, so that nothing is lost. What no rule could
see in the values, such as a field that is not of the language, is noted where it is found.
"""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from cfngen.asl.declared import Declared, did_you_mean, frozen
from cfngen.asl.flow import Flow, Goto, chain
from cfngen.asl.graph import Graph, Node
from cfngen.asl.handlers import Catcher, Retrier
from cfngen.asl.problems import Problem, Severity
from cfngen.asl.source import MAX_DEPTH, ReadError, is_file, parse, read_file
from cfngen.asl.states import Fail, Pass, RawState, State, Succeed, Task, Wait
from cfngen.asl.values import JSONATA, JSONPATH, OMIT, Jsonata, Language, Path, is_intrinsic

Document = Mapping[str, Any]


@frozen
class Function(Declared):
    """A CloudFormation intrinsic as a document spells it: ``{"Ref": "Topic"}``."""

    spelled: Document

    def to_dict(self) -> dict[str, Any]:
        """Return it as it is spelled."""
        return dict(self.spelled)


@frozen
class Reading(Declared):
    """What is read from a document: the flow and the fields of a workflow, its graph, itself."""

    flow: Flow
    fields: Mapping[str, Any]
    graph: Graph = field(repr=False)
    document: Document = field(repr=False)

    def copy(self) -> dict[str, Any]:
        """Return the document anew."""
        made: dict[str, Any] = copied(self.document)
        return made


def loaded(document: object) -> Document:
    """Return the mapping that a mapping, a text, or a file holds. Raises ``ReadError``, ``OSError``."""
    if isinstance(document, os.PathLike):
        path = os.fsdecode(document)
        return parse(read_file(path), path).data
    if isinstance(document, str):
        if is_file(document):
            return parse(read_file(document), document).data
        return parse(document).data
    if isinstance(document, Mapping):
        made: dict[str, Any] = copied(document)
        return made
    kind = type(document).__name__
    raise ReadError(f"a document is a mapping, JSON or YAML text, or the path of a file, not {kind}")


def copied(document: Any) -> Any:
    """Return a copy of a document in plain dicts and lists; intrinsics of any library are spelled out.

    Raises ``ReadError`` for a key that is no text, and for what is nested in itself.
    """
    top: list[Any] = []
    waiting: list[tuple[Any, Any, Any, int]] = [(top, None, document, 0)]
    for holder, key, given, depth in waiting:  # which grows as it is walked
        made: Any = given
        kind = type(given)
        if kind is not str and kind is not bool and kind is not int and given is not None:
            if isinstance(given, Mapping):
                made = {}
                for name, inner in given.items():
                    if type(name) is not str and not isinstance(name, str):
                        raise ReadError(f"a key is text, not {name!r:.60}")
                    if type(inner) is str:
                        made[name] = inner
                    else:
                        made[name] = None  # its place in the order
                        waiting.append((made, name, inner, depth + 1))
            elif isinstance(given, (list, tuple)):
                made = [None] * len(given)
                waiting += [(made, index, inner, depth + 1) for index, inner in enumerate(given)]
            elif is_intrinsic(given) and not isinstance(given, type):
                made = None
                waiting.append((holder, key, given.to_dict(), depth + 1))
            if depth > MAX_DEPTH:
                raise ReadError(f"the document is nested deeper than {MAX_DEPTH:,} levels")
            if len(waiting) > MOST_VALUES:
                raise ReadError(f"the document has more than {MOST_VALUES:,} values")
        if key is None:
            holder.append(made)
        else:
            holder[key] = made
    return top[-1]


MOST_VALUES: Final = 10_000_000


def read(document: Document) -> Reading:
    """Return what a document says, also where that is wrong: the rules will tell."""
    own = document.get("QueryLanguage")
    language: Language = own if own in (JSONPATH, JSONATA) else JSONPATH
    fields = {
        name: _as_text(document[name])
        for name in ("Comment", "TimeoutSeconds", "Version", "QueryLanguage")
        if document.get(name) is not None
    }
    scopes = _scopes(document, language)
    top = scopes[0]
    for name in document:
        if name not in _MACHINE:
            top.graph.unread.append(_unknown("", name, _MACHINE, "a workflow"))
        elif document[name] is None:
            top.graph.unread.append(_schema(f"/{name}", f"{name!r} is null"))
    for scope in reversed(scopes):
        _build(scope)
    return Reading(top.flow or Goto(""), fields, top.graph, document)


# --- scopes: outermost first, so that those inside are built before what they stand in -----------


@dataclass(slots=True)
class _Scope:
    """A scope to be built: ``inside`` holds by state's name the scopes in it by their pointers."""

    document: Document
    graph: Graph
    language: Language
    states: dict[str, Document]
    inside: dict[str, dict[str, _Scope]] = field(default_factory=dict)
    flow: Flow | None = None


def _scopes(document: Document, language: Language) -> list[_Scope]:
    found = [_scope(document, "", language)]
    for scope in found:  # which grows as it is walked
        for name, state in scope.states.items():
            kind = state.get("Type")
            if kind not in ("Parallel", "Map"):
                continue
            place = f"{scope.graph.location}/States/{name}"
            inside = {}
            if kind == "Map":
                for spelled in ("ItemProcessor", "Iterator"):
                    if isinstance(part := state.get(spelled), Mapping):
                        inside["ItemProcessor"] = _scope(part, f"{place}/{spelled}", language, scope.graph)
                        break
            elif isinstance(branches := state.get("Branches"), list):
                for index, part in enumerate(branches):
                    if isinstance(part, Mapping):
                        pointer = f"Branches/{index}"
                        inside[pointer] = _scope(part, f"{place}/{pointer}", language, scope.graph)
            scope.inside[name] = inside
            found += inside.values()
    return found


def _scope(document: Document, location: str, language: Language, outer: Graph | None = None) -> _Scope:
    start = document.get("StartAt")
    graph = Graph(start if isinstance(start, str) else "", location, outer=outer)
    states = document.get("States")
    if not isinstance(start, str):
        graph.conflicts.append(
            _missing(location, "StartAt", "the name of a state")
            if start is None
            else _schema(f"{location}/StartAt", f"'StartAt' takes the name of a state, not {_brief(start)}")
        )
    scope = _Scope(document, graph, language, {})
    if not isinstance(states, Mapping):
        graph.conflicts.append(
            _missing(location, "States", "a mapping of states by their names")
            if states is None
            else _schema(f"{location}/States", f"'States' takes a mapping of states, not {_brief(states)}")
        )
        graph.start = ""  # of which there is nothing more to say
        return scope
    if not states:
        graph.conflicts.append(_schema(f"{location}/States", "there is no state"))
        graph.start = ""
    for name, state in states.items():
        if isinstance(state, Mapping):
            scope.states[name] = state
        else:
            place = f"{location}/States/{name}"
            graph.conflicts.append(
                _schema(place, f"a state is a mapping of its fields, not {_brief(state)}")
            )
            if name == graph.start:
                graph.start = ""
    return scope


# --- a scope: chains of states, as the transitions lead ------------------------------------------


def _build(scope: _Scope) -> None:
    """Make the flow of a scope and its graph, whose states may hold flows of scopes built before."""
    states = scope.states
    rows, ways = _rows(scope.graph.start, states)
    flows: dict[int, Flow] = {}
    nodes: dict[str, Node] = {}
    for number in range(len(rows) - 1, -1, -1):
        row = rows[number]
        steps: list[Flow] = []
        for name in row:
            own = {
                key: flows[way] if isinstance(way, int) else Goto(way) for key, way in ways[name].items()
            }
            reader = _StateReader(scope, name, own)
            steps.append(reader.value)
            nodes[name] = reader.node()
            scope.graph.unread += reader.problems
        if isinstance(last := own.get("Next"), Goto) and not isinstance(reader.value, RawState):
            steps.append(last)
        flows[number] = chain(*steps)
    for name in states:
        scope.graph.nodes[name] = nodes[name]
    if scope.graph.start in states:
        scope.flow = flows[0]
    elif scope.graph.start:
        scope.flow = Goto(scope.graph.start)


def _rows(start: str, states: dict[str, Document]) -> tuple[list[list[str]], dict[str, dict[str, Any]]]:
    """Part the states into rows that follow each other, in the order in which linking meets them.

    A way is the number of the row that a field leads to and that begins there, or the name of a state
    of a row met before.
    """
    rows: list[list[str]] = []
    ways: dict[str, dict[str, Any]] = {}
    rest = iter(states)
    waiting: deque[tuple[dict[str, Any], str, str]] = deque()
    begin: str | None = start if start in states else next(rest, None)
    while begin is not None:
        waiting.append(({}, "", begin))
        while waiting:
            leads, pointer, name = waiting.popleft()
            if name in ways or name not in states:
                leads[pointer] = name
                continue
            leads[pointer] = len(rows)
            row: list[str] = []
            rows.append(row)
            while True:
                state = states[name]
                row.append(name)
                own: dict[str, Any] = {}
                ways[name] = own
                for inner, target in _edges(state):
                    own[inner] = target
                    waiting.append((own, inner, target))
                following = state.get("Next")
                if not isinstance(following, str) or state.get("Type") in _CLOSED:
                    break
                own["Next"] = following
                if following in ways or following not in states:
                    break
                name = following
        begin = next((name for name in rest if name not in ways), None)
    return rows, ways


def _edges(state: Document) -> list[tuple[str, str]]:
    """Return where a state goes besides its successor; what nothing may follow has none."""
    found: list[tuple[str, str]] = []
    for key in ("Choices", "Catch"):
        entries = state.get(key)
        if isinstance(entries, list):
            for index, entry in enumerate(entries):
                if isinstance(entry, Mapping) and isinstance(name := entry.get("Next"), str):
                    found.append((f"{key}/{index}/Next", name))
    names = ("Default", "Next") if state.get("Type") in _CLOSED else ("Default",)
    found += [(key, name) for key in names if isinstance(name := state.get(key), str)]
    return found


# --- a state -------------------------------------------------------------------------------------


@frozen
class _Kept(RawState):
    """A raw state that is read, and the flows that begin with the states its fields name."""

    flows: Mapping[str, Flow] = field(kw_only=False, default_factory=dict, compare=False, repr=False)

    def edges(self) -> Iterator[tuple[str, Flow]]:
        """Yield what its fields name, as flows where they begin here."""
        for pointer, target in super().edges():
            yield pointer, self.flows.get(pointer, target)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RawState):
            return NotImplemented
        return (self.Name, self.Fields) == (other.Name, other.Fields)

    __hash__ = None  # type: ignore[assignment]  # like the mapping in it

    def __repr__(self) -> str:
        return repr(RawState(self.Name, self.Fields))


class _StateReader:
    """Reads one state: ``value`` is what one would have written, ``checked`` what the rules look at.

    They differ where the language has no such field: the value keeps all as it is, and the rules look at
    the rest of the state as at any other.
    """

    def __init__(self, scope: _Scope, name: str, flows: Mapping[str, Flow]) -> None:
        self.scope, self.name, self.flows = scope, name, flows
        self.document = scope.states[name]
        self.location = f"{scope.graph.location}/States/{name}"
        own = self.document.get("QueryLanguage")
        self.language: Language = own if own in (JSONPATH, JSONATA) else scope.language
        self.problems: list[Problem] = []
        self.held = True  # whether a class can hold all of it
        self.sound = True  # whether a class can hold what the language knows of it
        self.checked = self._checked()
        self.value: State = self.checked if self.held else self._raw()

    def node(self) -> Node:
        """Return the state in its place, with the transitions of the document."""
        state = self.checked
        following = None
        if not isinstance(state, RawState) and state.Type not in _CLOSED:
            following = self.document.get("Next")
        return Node(
            state,
            self.location,
            self.language,
            self.scope.language,
            following,
            {pointer: flow.entry.Name for pointer, flow in state.edges()},
            {pointer: scope.graph for pointer, scope in self.scope.inside.get(self.name, {}).items()},
        )

    def _raw(self) -> RawState:
        fields = dict(self.document)
        for flow in self.flows.values():
            if not isinstance(flow, Goto):
                return _Kept(self.name, fields, self.flows)
        return RawState(self.name, fields)

    def _checked(self) -> State:
        kind = self.document.get("Type")
        known = _STATES.get(kind) if isinstance(kind, str) else None
        if known is None:
            self.held = self.sound = False
            if kind is None:
                self._error("", "a state needs 'Type'")
            elif isinstance(kind, str):
                self._error("/Type", f"no state has the type {_brief(kind)}", did_you_mean(kind, _STATES))
            else:
                self._error("/Type", f"'Type' takes text, not {_brief(kind)}")
            return self._raw()
        if kind not in _CLOSED:
            self._check_end()
        fields = self._fields("", self.document, known, f"a {kind}")
        for name in _REQUIRED[str(kind)]:
            if name not in fields:
                if not any(
                    problem.location.startswith(f"{self.location}/{name}") for problem in self.problems
                ):
                    self._error("", f"a {kind} needs {name!r}")
                self.sound = False
        if not self.sound:
            self.held = False
            return self._raw()
        if kind == "Map":
            inside = self.document.get("ItemProcessor", self.document.get("Iterator"))
            if isinstance(inside, Mapping) and "ProcessorConfig" in inside:
                config = self.part("/ItemProcessor/ProcessorConfig", inside["ProcessorConfig"])
                if config is OMIT:
                    return self._raw()
                fields["ProcessorConfig"] = config
        made: State = _class(str(kind))(self.name, **fields)
        return made

    def _check_end(self) -> None:
        following, end = self.document.get("Next", OMIT), self.document.get("End", OMIT)
        if following is not OMIT and not isinstance(following, str):
            self._unsound("/Next", f"'Next' takes the name of a state, not {_brief(following)}")
        elif end is not OMIT and not isinstance(end, bool):
            self._unsound("/End", f"'End' takes true, not {_brief(end)}")
        elif following is OMIT and end is not True:
            self._error(
                "", "the state has neither 'Next' nor 'End'", 'the last state of a flow says "End": true'
            )
            self.held = False
        elif following is not OMIT and end is not OMIT:
            self.held = False
            if end:
                self.sound = False  # and transitions.end_or_next says so

    # --- problems --------------------------------------------------------------------------------

    def _error(self, place: str, message: str, hint: str = "") -> None:
        self.problems.append(_schema(self.location + place, message, hint))

    def _unsound(self, place: str, message: str, hint: str = "") -> Any:
        self._error(place, message, hint)
        self.held = self.sound = False
        return OMIT

    # --- fields ----------------------------------------------------------------------------------

    def _fields(
        self, place: str, document: Document, known: Mapping[str, _Field], owner: str
    ) -> dict[str, Any]:
        """Return the fields of a class by name; ``place`` is that of the mapping inside the state."""
        fields: dict[str, Any] = {}
        for key, given in document.items():
            entry = known.get(key)
            if entry is None:
                self.held = False
                self.problems.append(_unknown(self.location + place, key, known, owner))
                continue
            name, read = entry
            if read is None:
                continue
            if name in fields:
                self._unsound(f"{place}/{key}", f"{key!r} stands beside another field for {name!r}")
                continue
            if given is None and read not in _NULLABLE:
                self._unsound(f"{place}/{key}", f"{key!r} is null")
                continue
            value = read(self, f"{place}/{key}", given)
            if value is not OMIT:
                fields[name] = value
        return fields

    def text(self, place: str, given: Any) -> Any:
        """A text, an intrinsic, or in JSONata an expression."""
        if isinstance(given, str):
            return self._jsonata(given)
        if not _is_function(given):
            return given
        expression = self._jsonata(_as_text(given)) if self.language == JSONATA else None
        if isinstance(expression, Jsonata):
            self.held = False
            return expression
        return Function(given)

    def plain(self, place: str, given: Any) -> Any:
        """A text of the language itself; an intrinsic in it is looked at as ``Fn::Sub`` would spell it."""
        if _is_function(given):
            self.held = False
            return _as_text(given)
        return given

    def plain_or_null(self, place: str, given: Any) -> Any:
        return self.plain(place, given)

    def path(self, place: str, given: Any) -> Any:
        given = self.plain(place, given)
        if isinstance(given, str):
            return Path(given)
        field = place.rpartition("/")[2]
        return self._unsound(place, f"{field!r} takes a path as text, not {_brief(given)}")

    def payload(self, place: str, given: Any) -> Any:
        """A template: keys that end in '.$' in JSONPath, and expressions in JSONata, become values."""
        return self._template(given, dotted=self.language == JSONPATH)

    def required_payload(self, place: str, given: Any) -> Any:
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
                if _is_function(item):
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

    # --- handlers --------------------------------------------------------------------------------

    def retry(self, place: str, given: Any) -> Any:
        return self._handlers(place, given, Retrier, _RETRIER, "a retrier")

    def catch(self, place: str, given: Any) -> Any:
        return self._handlers(place, given, Catcher, _CATCHER, "a catcher")

    def _handlers(self, place: str, given: Any, made: Any, known: Mapping[str, _Field], owner: str) -> Any:
        if not isinstance(given, list):
            return self._unsound(place, f"{place[1:]!r} takes a list, not {_brief(given)}")
        if not given:
            self.held = False  # an empty list is left out when it is rendered
        found = []
        for index, entry in enumerate(given):
            inside = f"{place}/{index}"
            if not isinstance(entry, Mapping):
                self._unsound(inside, f"{owner} is a mapping, not {_brief(entry)}")
                continue
            before = self.sound
            self.sound = True
            fields = self._fields(inside, entry, known, owner)
            for name in ("ErrorEquals", "Next") if made is Catcher else ("ErrorEquals",):
                if name not in entry:
                    self._unsound(inside, f"{owner} needs {name!r}")
            if self.sound:
                found.append(made(**fields))
            self.sound = self.sound and before
        return found

    def error_names(self, place: str, given: Any) -> Any:
        if isinstance(given, list) and all(isinstance(name, str) for name in given):
            return given
        return self._unsound(place, f"'ErrorEquals' takes a list of error names, not {_brief(given)}")

    def flow(self, place: str, given: Any) -> Any:
        if isinstance(given, str):
            return self.flows[place[1:]]
        field = place.rpartition("/")[2]
        return self._unsound(place, f"{field!r} takes the name of a state, not {_brief(given)}")

    # --- choices ---------------------------------------------------------------------------------

    def choices(self, place: str, given: Any) -> Any:
        from cfngen.asl.conditions import ChoiceRule

        if not isinstance(given, list):
            return self._unsound(place, f"'Choices' takes a list of rules, not {_brief(given)}")
        found = []
        for index, entry in enumerate(given):
            inside = f"{place}/{index}"
            if not isinstance(entry, Mapping):
                self._unsound(inside, f"a rule is a mapping, not {_brief(entry)}")
                continue
            before = self.sound
            self.sound = True
            fields = self._fields(inside, entry, _rule_fields(), "a rule")
            if "Next" not in entry:
                self._unsound(inside, "a rule needs 'Next'")
            if self.sound:
                found.append(ChoiceRule(**fields))
            self.sound = self.sound and before
        return found

    def tests(self, place: str, given: Any) -> Any:
        if not isinstance(given, list):
            field = place.rpartition("/")[2]
            return self._unsound(place, f"{field!r} takes a list of tests, not {_brief(given)}")
        return [self.test(f"{place}/{index}", entry) for index, entry in enumerate(given)]

    def test(self, place: str, given: Any) -> Any:
        from cfngen.asl.conditions import DataTest

        if not isinstance(given, Mapping):
            return self._unsound(place, f"a test is a mapping, not {_brief(given)}")
        if place.count("/") > _DEEPEST_TEST:
            return self._unsound(place, "tests are nested too deep to be told apart")
        fields = self._fields(place, given, _test_fields(), "a test")
        return DataTest(**fields) if self.sound else OMIT

    # --- scopes ----------------------------------------------------------------------------------

    def branches(self, place: str, given: Any) -> Any:
        if not isinstance(given, list):
            return self._unsound(place, f"'Branches' takes a list of branches, not {_brief(given)}")
        found = []
        for index, branch in enumerate(given):
            if isinstance(branch, Mapping):
                found.append(self._inside(f"Branches/{index}", f"{place}/{index}", branch, _BRANCH))
            else:
                self._unsound(f"{place}/{index}", f"a branch is a mapping, not {_brief(branch)}")
        return found

    def processor(self, place: str, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return self._unsound(place, f"{place[1:]!r} takes a mapping, not {_brief(given)}")
        return self._inside("ItemProcessor", place, given, _PROCESSOR)

    def _inside(self, pointer: str, place: str, given: Document, known: tuple[str, ...]) -> Flow:
        for key in given:
            if key in known:
                continue
            self.held = False
            if key != "Comment":
                self.problems.append(
                    _unknown(self.location + place, key, known, place[1:].partition("/")[0])
                )
        scope = self.scope.inside[self.name][pointer]
        return scope.flow or Goto("")

    def part(self, place: str, given: Any) -> Any:
        """A mapping that has a class of its own: ``ItemReader``, ``ReaderConfig``."""
        from cfngen.asl import branches

        name = place.rpartition("/")[2]
        if not isinstance(given, Mapping):
            return self._unsound(place, f"{name!r} takes a mapping, not {_brief(given)}")
        before = self.sound
        self.sound = True
        fields = self._fields(place, given, _PARTS[name], repr(name))
        if name == "ItemReader" and "Resource" not in fields and self.sound:
            self._unsound(place, "'ItemReader' needs 'Resource'")
        made = getattr(branches, name)(**fields) if self.sound else OMIT
        self.sound = self.sound and before
        return made


# --- tables: by the document's key the field of the class, and how it is read ---------------------

_Field = tuple[str, "Callable[[_StateReader, str, Any], Any] | None"]
_R = _StateReader
_CLOSED: Final = ("Choice", "Succeed", "Fail")
_MACHINE: Final = ("Comment", "QueryLanguage", "Version", "StartAt", "TimeoutSeconds", "States")
_BRANCH: Final = ("StartAt", "States")
_PROCESSOR: Final = ("ProcessorConfig", "StartAt", "States")
_DEEPEST_TEST: Final = 200
_NULLABLE: Final = (_R.plain_or_null, _R.payload, _R.static)


def _same(read: Any, *names: str) -> dict[str, _Field]:
    return {name: (name, read) for name in names}


def _dynamic(*names: str) -> dict[str, _Field]:
    paths: dict[str, _Field] = {f"{name}Path": (name, _R.path) for name in names}
    return _same(_R.text, *names) | paths


def _template(*names: str) -> dict[str, _Field]:
    dotted: dict[str, _Field] = {f"{name}.$": (name, _R.path) for name in names}
    return _same(_R.payload, *names) | dotted


_HEAD: Final = {"Type": ("Type", None), **_same(_R.plain, "Comment", "QueryLanguage")}
_DATA: Final = {
    **_HEAD,
    **_same(_R.plain_or_null, "InputPath", "OutputPath"),
    "Output": ("Output", _R.payload),
}
_STEP: Final = {
    **_DATA,
    "Assign": ("Assign", _R.required_payload),
    "Next": ("Next", None),
    "End": ("End", None),
}
_FALLIBLE: Final = {
    **_STEP,
    "ResultSelector": ("ResultSelector", _R.required_payload),
    "ResultPath": ("ResultPath", _R.plain_or_null),
    "Retry": ("Retry", _R.retry),
    "Catch": ("Catch", _R.catch),
}
_STATES: Final[dict[str, dict[str, _Field]]] = {
    "Task": {
        **_FALLIBLE,
        "Resource": ("Resource", _R.text),
        "Credentials": ("Credentials", _R.required_payload),
        **_template("Parameters"),
        "Arguments": ("Arguments", _R.payload),
        **_dynamic("TimeoutSeconds", "HeartbeatSeconds"),
    },
    "Pass": {
        **_STEP,
        **_template("Parameters"),
        "Result": ("Result", _R.static),
        "ResultPath": ("ResultPath", _R.plain_or_null),
    },
    "Wait": {**_STEP, **_dynamic("Seconds", "Timestamp")},
    "Choice": {
        **_DATA,
        "Assign": ("Assign", _R.required_payload),
        "Choices": ("Choices", _R.choices),
        "Default": ("Default", _R.flow),
    },
    "Succeed": _DATA,
    "Fail": {**_HEAD, **_dynamic("Error", "Cause")},
    "Parallel": {
        **_FALLIBLE,
        **_template("Parameters"),
        "Arguments": ("Arguments", _R.payload),
        "Branches": ("Branches", _R.branches),
    },
    "Map": {
        **_FALLIBLE,
        "ItemsPath": ("ItemsPath", _R.plain_or_null),
        "Items": ("Items", _R.payload),
        "ItemReader": ("ItemReader", _R.part),
        **_template("ItemSelector"),
        "Parameters": ("ItemSelector", _R.payload),
        "Parameters.$": ("ItemSelector", _R.path),
        "ItemBatcher": ("ItemBatcher", _R.part),
        "ItemProcessor": ("ItemProcessor", _R.processor),
        "Iterator": ("ItemProcessor", _R.processor),
        "ResultWriter": ("ResultWriter", _R.part),
        **_dynamic("MaxConcurrency", "ToleratedFailureCount", "ToleratedFailurePercentage"),
        "Label": ("Label", _R.plain),
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
_RETRIER: Final[dict[str, _Field]] = {
    "ErrorEquals": ("ErrorEquals", _R.error_names),
    **_same(
        _R.text,
        "IntervalSeconds",
        "MaxAttempts",
        "BackoffRate",
        "MaxDelaySeconds",
        "JitterStrategy",
        "Comment",
    ),
}
_CATCHER: Final[dict[str, _Field]] = {
    "ErrorEquals": ("ErrorEquals", _R.error_names),
    "Next": ("Next", _R.flow),
    "ResultPath": ("ResultPath", _R.plain_or_null),
    "Assign": ("Assign", _R.required_payload),
    "Output": ("Output", _R.payload),
    "Comment": ("Comment", _R.plain),
}
_CALLED: Final[dict[str, _Field]] = {
    "Resource": ("Resource", _R.text),
    **_template("Parameters"),
    "Arguments": ("Arguments", _R.payload),
}
_PARTS: Final[dict[str, dict[str, _Field]]] = {
    "ProcessorConfig": _same(_R.text, "Mode", "ExecutionType"),
    "ItemReader": {**_CALLED, "ReaderConfig": ("ReaderConfig", _R.part)},
    "ReaderConfig": {
        **_same(
            _R.text,
            "InputType",
            "Transformation",
            "ManifestType",
            "CSVHeaderLocation",
            "CSVHeaders",
            "CSVDelimiter",
            "ItemsPointer",
        ),
        **_dynamic("MaxItems"),
    },
    "ItemBatcher": {**_template("BatchInput"), **_dynamic("MaxItemsPerBatch", "MaxInputBytesPerBatch")},
    "ResultWriter": {**_CALLED, "WriterConfig": ("WriterConfig", _R.part)},
    "WriterConfig": _same(_R.text, "Transformation", "OutputType"),
}


@cache
def _test_fields() -> dict[str, _Field]:
    from cfngen.asl.conditions import JOINING, OPERATORS

    return {
        "Variable": ("Variable", _R.plain),
        **{
            name: (name, _R.plain if name.endswith("Path") else _R.text)
            for name in OPERATORS
            if name not in JOINING
        },
        **_same(_R.tests, "And", "Or"),
        "Not": ("Not", _R.test),
    }


@cache
def _rule_fields() -> dict[str, _Field]:
    return {
        **_test_fields(),
        "Condition": ("Condition", _R.text),
        "Next": ("Next", _R.flow),
        "Assign": ("Assign", _R.required_payload),
        "Output": ("Output", _R.payload),
        "Comment": ("Comment", _R.plain),
    }


def _class(kind: str) -> Any:
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    from cfngen.asl import branches

    return getattr(branches, kind)


_SIMPLE: Final = {"Task": Task, "Pass": Pass, "Wait": Wait, "Succeed": Succeed, "Fail": Fail}


# --- problems ------------------------------------------------------------------------------------


def _is_function(given: Any) -> bool:
    if not isinstance(given, Mapping) or len(given) != 1:
        return False
    [(name, argument)] = given.items()
    return name.startswith("Fn::") or (name == "Ref" and isinstance(argument, str))


def _as_text(given: Any) -> Any:
    """Return an intrinsic as ``Fn::Sub`` would spell it, or what is given."""
    if not _is_function(given):
        return given
    [(name, argument)] = given.items()
    if name == "Fn::GetAtt" and isinstance(argument, list):
        argument = ".".join(map(str, argument))
    if name == "Fn::Sub" and isinstance(argument, list) and argument:
        argument = argument[0]
    if not isinstance(argument, str):
        return f"${{{name}}}"
    return argument if name == "Fn::Sub" else f"${{{argument}}}"


def _schema(location: str, message: str, hint: str = "", severity: Severity = "error") -> Problem:
    return Problem("SCHEMA_VALIDATION_FAILED", location, message, hint, severity)


def _missing(location: str, name: str, kind: str) -> Problem:
    whole = "a branch" if location else "a workflow"
    return _schema(f"{location}/{name}", f"{whole} needs {name!r}, {kind}")


def _unknown(location: str, name: str, known: Iterable[str], owner: str) -> Problem:
    return _schema(
        f"{location}/{name}",
        f"{owner} has no field {name!r}, as far as is known here",
        did_you_mean(name, known),
        "warning",
    )


def _brief(given: Any) -> str:
    if isinstance(given, (list, Mapping)):
        return "a list" if isinstance(given, list) else "a mapping"
    shown = repr(given) if isinstance(given, str) else json.dumps(given, default=str)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
