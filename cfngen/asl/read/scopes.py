"""Scopes: outermost first, so that those inside are built before what they stand in."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cfngen.asl.flow import Flow, Goto, chain
from cfngen.asl.graph import Graph, Node
from cfngen.asl.read.documents import Document
from cfngen.asl.read.problems import brief, missing, schema
from cfngen.asl.read.states import BRANCHING, CLOSED, StateReader
from cfngen.asl.states import RawState
from cfngen.asl.values import Language


@dataclass(slots=True)
class Scope:
    """A scope to be built: ``inside`` holds by state's name the scopes in it by their pointers."""

    document: Document
    graph: Graph
    language: Language
    states: dict[str, Document]
    inside: dict[str, dict[str, Scope]] = field(default_factory=dict)
    flow: Flow | None = None
    unreached: list[Flow] = field(default_factory=list)


def scopes(document: Document, language: Language) -> list[Scope]:
    """Return the scope of a workflow and all inside it, each before those inside it; none is built."""
    return _with_all_inside([_scope(document, "", language)])


def graphs_inside(name: str, fields: Document, outer: Graph, language: Language) -> dict[str, Graph]:
    """Return the graphs that run inside one state of ``outer`` that is spelled by hand."""
    inside = _inside(name, fields, Scope({}, outer, language, {}))
    for scope in reversed(_with_all_inside([*inside.values()])):
        build(scope)
    return {pointer: scope.graph for pointer, scope in inside.items()}


def _with_all_inside(found: list[Scope]) -> list[Scope]:
    for scope in found:  # which grows as it is walked
        for name, state in scope.states.items():
            if state.get("Type") in BRANCHING:
                scope.inside[name] = _inside(name, state, scope)
                found += scope.inside[name].values()
    return found


def _inside(name: str, state: Document, scope: Scope) -> dict[str, Scope]:
    place = f"{scope.graph.location}/States/{name}"
    inside = {}
    if state.get("Type") == "Map":
        for spelled in ("ItemProcessor", "Iterator"):
            if isinstance(part := state.get(spelled), Mapping):
                location = f"{place}/{spelled}"
                inside["ItemProcessor"] = _scope(part, location, scope.language, scope.graph)
                break
    elif isinstance(branches := state.get("Branches"), list):
        for index, part in enumerate(branches):
            if isinstance(part, Mapping):
                pointer = f"Branches/{index}"
                inside[pointer] = _scope(part, f"{place}/{pointer}", scope.language, scope.graph)
    return inside


def _scope(document: Document, location: str, language: Language, outer: Graph | None = None) -> Scope:
    start = document.get("StartAt")
    graph = Graph(start if isinstance(start, str) else "", location, outer=outer)
    states = document.get("States")
    if not isinstance(start, str):
        graph.conflicts.append(
            missing(location, "StartAt", "the name of a state")
            if start is None
            else schema(f"{location}/StartAt", f"'StartAt' takes the name of a state, not {brief(start)}")
        )
    scope = Scope(document, graph, language, {})
    if not isinstance(states, Mapping):
        graph.conflicts.append(
            missing(location, "States", "a mapping of states by their names")
            if states is None
            else schema(f"{location}/States", f"'States' takes a mapping of states, not {brief(states)}")
        )
        graph.start = ""  # of which there is nothing more to say
        return scope
    if not states:
        graph.conflicts.append(schema(f"{location}/States", "there is no state"))
        graph.start = ""
    for name, state in states.items():
        if isinstance(state, Mapping):
            scope.states[name] = state
        else:
            place = f"{location}/States/{name}"
            graph.conflicts.append(schema(place, f"a state is a mapping of its fields, not {brief(state)}"))
            if name == graph.start:
                graph.start = ""
    return scope


def build(scope: Scope) -> None:
    """Make the flow of a scope and its graph, whose states may hold flows of scopes built before."""
    states = scope.states
    rows, ways, beginnings = _rows(scope.graph.start, states)
    flows: dict[int, Flow] = {}
    nodes: dict[str, Node] = {}
    for number in range(len(rows) - 1, -1, -1):
        row = rows[number]
        steps: list[Flow] = []
        for name in row:
            own = {
                key: flows[way] if isinstance(way, int) else Goto(way) for key, way in ways[name].items()
            }
            inside = scope.inside.get(name, {})
            reader = StateReader(
                name,
                states[name],
                f"{scope.graph.location}/States/{name}",
                scope.language,
                own,
                {pointer: _whole(each) for pointer, each in inside.items()},
            )
            steps.append(reader.value)
            nodes[name] = _node(reader, scope.language, inside)
            scope.graph.unread += reader.problems
        if isinstance(last := own.get("Next"), Goto) and not isinstance(reader.value, RawState):
            steps.append(last)
        flows[number] = chain(*steps)
    for name in states:
        scope.graph.nodes[name] = nodes[name]
    scope.unreached = [flows[number] for number in beginnings]
    if scope.graph.start in states:
        scope.flow = scope.unreached.pop(0)
    elif scope.graph.start:
        scope.flow = Goto(scope.graph.start)


def _whole(scope: Scope) -> Flow:
    """Return the flow of a scope, or one to nowhere where it would not be all of the scope."""
    return Goto("") if scope.flow is None or scope.graph.conflicts else scope.flow


def _node(reader: StateReader, language: Language, inside: Mapping[str, Scope]) -> Node:
    """Return the state in its place, with the transitions of the document."""
    state = reader.checked
    following = None
    if not isinstance(state, RawState) and state.Type not in CLOSED:
        following = reader.document.get("Next")
    return Node(
        state,
        reader.location,
        reader.language,
        language,
        following,
        {pointer: flow.entry.Name for pointer, flow in state.edges()},
        {pointer: scope.graph for pointer, scope in inside.items()},
    )


_Rows = tuple[list[list[str]], dict[str, dict[str, Any]], list[int]]


def _rows(start: str, states: dict[str, Document]) -> _Rows:
    """Part the states into rows that follow each other, in the order in which linking meets them.

    That is the document's order where some rows have it. A way is the number of the row that a field
    leads to and that begins there, or the name of a state of another row. Returned last are the numbers of
    the rows that no way leads to.
    """
    if start == next(iter(states), None):
        rows = _parted(start, states, dict(zip(states, [*states][1:], strict=False)))
        if len(rows[2]) == 1:
            return rows
    return _parted(start, states, None)


def _parted(start: str, states: dict[str, Document], order: Mapping[str, str] | None) -> _Rows:
    """Part the states, with an ``order`` (from each to the next) into rows that have it or miss some."""
    rows: list[list[str]] = []
    beginnings: list[int] = []
    ways: dict[str, dict[str, Any]] = {}
    rest = iter(states)
    waiting: deque[tuple[dict[str, Any], str, str]] = deque()
    begin: str | None = start if start in states else next(rest, None)
    due = begin
    while begin is not None:
        beginnings.append(len(rows))
        waiting.append(({}, "", begin))
        while waiting:
            leads, pointer, name = waiting.popleft()
            if name in ways or name not in states or (order is not None and name != due):
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
                if order is not None:
                    due = order.get(name)
                if not isinstance(following, str) or state.get("Type") in CLOSED:
                    break
                own["Next"] = following
                if following in ways or following not in states:
                    break
                if order is not None and following != due:
                    break
                name = following
        begin = next((name for name in rest if name not in ways), None)
        if order is not None and begin is not None:
            beginnings.append(len(rows))
            break  # what is not reached in order may be reached out of it
    return rows, ways, beginnings


def _edges(state: Document) -> list[tuple[str, str]]:
    """Return where a state goes besides its successor; what nothing may follow has none."""
    found: list[tuple[str, str]] = []
    for key in ("Choices", "Catch"):
        entries = state.get(key)
        if isinstance(entries, list):
            for index, entry in enumerate(entries):
                if isinstance(entry, Mapping) and isinstance(name := entry.get("Next"), str):
                    found.append((f"{key}/{index}/Next", name))
    names = ("Default", "Next") if state.get("Type") in CLOSED else ("Default",)
    found += [(key, name) for key in names if isinstance(name := state.get(key), str)]
    return found
