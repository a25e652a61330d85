"""Graphs: outermost first, so that those inside are built before what they stand in."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cfngen.asl.flow import Flow, Goto, chain
from cfngen.asl.graph import Graph, Node
from cfngen.asl.read.documents import Document
from cfngen.asl.read.problems import document_problem, kind_or_value, missing, word
from cfngen.asl.read.states import BRANCHING, CLOSED, StateReader
from cfngen.asl.states import RawState
from cfngen.asl.values import Language


@dataclass(slots=True)
class UnbuiltGraph:
    """A graph to be built: ``nested`` holds by state's name the graphs in it by their pointers."""

    document: Document
    graph: Graph
    language: Language
    states: dict[str, Document]
    nested: dict[str, dict[str, UnbuiltGraph]] = field(default_factory=dict)
    flow: Flow | None = None
    unreached: list[Flow] = field(default_factory=list)


def unbuilt_graphs(document: Document, language: Language) -> list[UnbuiltGraph]:
    """Return the graph of a workflow and all inside it, each before those inside it; none is built."""
    return _with_all_nested([_unbuilt(document, "", language)])


def graphs_inside(name: str, fields: Document, outer: Graph, language: Language) -> dict[str, Graph]:
    """Return the graphs that run inside one state of ``outer`` that is spelled by hand."""
    nested = _nested_graphs(name, fields, UnbuiltGraph({}, outer, language, {}))
    for unbuilt in reversed(_with_all_nested([*nested.values()])):
        build(unbuilt)
    return {pointer: unbuilt.graph for pointer, unbuilt in nested.items()}


def _with_all_nested(all_graphs: list[UnbuiltGraph]) -> list[UnbuiltGraph]:
    for unbuilt in all_graphs:  # which grows as it is walked
        for name, state in unbuilt.states.items():
            if state.get("Type") in BRANCHING:
                unbuilt.nested[name] = _nested_graphs(name, state, unbuilt)
                all_graphs += unbuilt.nested[name].values()
    return all_graphs


def _nested_graphs(name: str, state: Document, unbuilt: UnbuiltGraph) -> dict[str, UnbuiltGraph]:
    place = f"{unbuilt.graph.location}/States/{name}"
    nested = {}
    if state.get("Type") == "Map":
        for key in ("ItemProcessor", "Iterator"):
            if isinstance(part := state.get(key), Mapping):
                location = f"{place}/{key}"
                nested["ItemProcessor"] = _unbuilt(part, location, unbuilt.language, unbuilt.graph)
                break
    elif isinstance(branches := state.get("Branches"), list):
        for index, part in enumerate(branches):
            if isinstance(part, Mapping):
                pointer = f"Branches/{index}"
                nested[pointer] = _unbuilt(part, f"{place}/{pointer}", unbuilt.language, unbuilt.graph)
    return nested


def _unbuilt(
    document: Document, location: str, language: Language, outer: Graph | None = None
) -> UnbuiltGraph:
    start = document.get("StartAt")
    graph = Graph(start if isinstance(start, str) else "", location, outer=outer)
    states = document.get("States")
    if not isinstance(start, str):
        graph.conflicts.append(
            missing(location, "StartAt", "the name of a state")
            if start is None
            else document_problem(
                f"{location}/StartAt",
                f"'StartAt' takes the name of a state, not {kind_or_value(start)}",
                word(start),
            )
        )
    unbuilt = UnbuiltGraph(document, graph, language, {})
    if not isinstance(states, Mapping):
        graph.conflicts.append(
            missing(location, "States", "a mapping of states by their names")
            if states is None
            else document_problem(
                f"{location}/States", f"'States' takes a mapping of states, not {kind_or_value(states)}"
            )
        )
        graph.start = ""  # of which there is nothing more to say
        return unbuilt
    if not states:
        graph.conflicts.append(document_problem(f"{location}/States", "there are no states"))
        graph.start = ""
    for name, state in states.items():
        if isinstance(state, Mapping):
            unbuilt.states[name] = state
        else:
            place = f"{location}/States/{name}"
            graph.conflicts.append(
                document_problem(place, f"a state is a mapping of its fields, not {kind_or_value(state)}")
            )
            if name == graph.start:
                graph.start = ""
    return unbuilt


def build(unbuilt: UnbuiltGraph) -> None:
    """Make the flow of a graph and its nodes, whose states may hold flows of graphs built before."""
    states = unbuilt.states
    chains, transitions, beginnings = _chains(unbuilt.graph.start, states)
    flows: dict[int, Flow] = {}
    nodes: dict[str, Node] = {}
    for number in range(len(chains) - 1, -1, -1):
        names = chains[number]
        steps: list[Flow] = []
        for name in names:
            own = {
                key: flows[transition] if isinstance(transition, int) else Goto(transition)
                for key, transition in transitions[name].items()
            }
            nested = unbuilt.nested.get(name, {})
            reader = StateReader(
                name,
                states[name],
                f"{unbuilt.graph.location}/States/{name}",
                unbuilt.language,
                own,
                {pointer: _whole_flow(each) for pointer, each in nested.items()},
            )
            steps.append(reader.exact)
            nodes[name] = _node_of(reader, unbuilt.language, nested)
            unbuilt.graph.unread += reader.problems
        if isinstance(last := own.get("Next"), Goto) and not isinstance(reader.exact, RawState):
            steps.append(last)
        flows[number] = chain(*steps)
    for name in states:
        unbuilt.graph.nodes[name] = nodes[name]
    unbuilt.unreached = [flows[number] for number in beginnings]
    if unbuilt.graph.start in states:
        unbuilt.flow = unbuilt.unreached.pop(0)
    elif unbuilt.graph.start:
        unbuilt.flow = Goto(unbuilt.graph.start)


def _whole_flow(unbuilt: UnbuiltGraph) -> Flow:
    """Return the flow of a graph, or one to nowhere where it would not be all of the graph."""
    return Goto("") if unbuilt.flow is None or unbuilt.graph.conflicts else unbuilt.flow


def _node_of(reader: StateReader, language: Language, nested: Mapping[str, UnbuiltGraph]) -> Node:
    """Return the state in its place, with the transitions of the document."""
    state = reader.lenient
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
        {pointer: unbuilt.graph for pointer, unbuilt in nested.items()},
    )


_Chains = tuple[list[list[str]], dict[str, dict[str, Any]], list[int]]


def _chains(start: str, states: dict[str, Document]) -> _Chains:
    """Part the states into rows that follow each other, in the order in which linking meets them.

    That is the document's order where some rows have it. A way is the number of the row that a field
    leads to and that begins there, or the name of a state of another row. Returned last are the numbers of
    the rows that no way leads to.
    """
    if start == next(iter(states), None):
        chains = _split_into_chains(start, states, dict(zip(states, [*states][1:], strict=False)))
        if len(chains[2]) == 1:
            return chains
    return _split_into_chains(start, states, None)


def _split_into_chains(start: str, states: dict[str, Document], order: Mapping[str, str] | None) -> _Chains:
    """Part the states, with an ``order`` (from each to the next) into rows that have it or miss some."""
    chains: list[list[str]] = []
    beginnings: list[int] = []
    transitions: dict[str, dict[str, Any]] = {}
    rest = iter(states)
    edges: deque[tuple[dict[str, Any], str, str]] = deque()
    begin: str | None = start if start in states else next(rest, None)
    due = begin
    while begin is not None:
        beginnings.append(len(chains))
        edges.append(({}, "", begin))
        while edges:
            leads, pointer, name = edges.popleft()
            if name in transitions or name not in states or (order is not None and name != due):
                leads[pointer] = name
                continue
            leads[pointer] = len(chains)
            names: list[str] = []
            chains.append(names)
            while True:
                state = states[name]
                names.append(name)
                own: dict[str, Any] = {}
                transitions[name] = own
                for inner, target in _edges(state):
                    own[inner] = target
                    edges.append((own, inner, target))
                following = state.get("Next")
                if order is not None:
                    due = order.get(name)
                if not isinstance(following, str) or state.get("Type") in CLOSED:
                    break
                goes_back = following in transitions or following not in states
                if goes_back or (order is not None and following != due):
                    own["Next"] = following
                    break
                name = following
        begin = next((name for name in rest if name not in transitions), None)
        if order is not None and begin is not None:
            beginnings.append(len(chains))
            break  # what is not reached in order may be reached out of it
    return chains, transitions, beginnings


def _edges(state: Document) -> list[tuple[str, str]]:
    """Return where a state goes besides its successor; what nothing may follow has none."""
    edges: list[tuple[str, str]] = []
    for key in ("Choices", "Catch"):
        entries = state.get(key)
        if isinstance(entries, list):
            for index, entry in enumerate(entries):
                if isinstance(entry, Mapping) and isinstance(name := entry.get("Next"), str):
                    edges.append((f"{key}/{index}/Next", name))
    names = ("Default", "Next") if state.get("Type") in CLOSED else ("Default",)
    edges += [(key, name) for key in names if isinstance(name := state.get(key), str)]
    return edges
