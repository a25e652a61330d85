"""Link: a flow becomes a graph of named states, in the order in which they are first met."""

from __future__ import annotations

from collections import deque

from cfngen.asl.flow import Flow, Goto, steps
from cfngen.asl.graph import Graph, Node
from cfngen.asl.states import RawState, State
from cfngen.asl.values import JSONPATH, Language, query_language
from cfngen.core.problems import Problem


def link(flow: Flow, language: Language = JSONPATH) -> Graph:
    """Give every state of ``flow`` its successor and its place, also inside Parallel and Map.

    In each graph the main chain comes first, then the flows that its states lead to, as they are written.
    ``language`` is the query language of states that have none of their own.
    """
    top = Graph(start=flow.entry.Name)
    flows = deque([(flow, top)])
    met: set[tuple[int, int]] = set()
    while flows:
        part, graph = flows.popleft()
        if (id(part), id(graph)) in met:
            continue
        met.add((id(part), id(graph)))
        before: Node | None = None
        for step in steps(part):
            if before is not None:
                _connect(graph, before, step.Name)
            if not isinstance(step, Goto):
                before = _enter(graph, step, language, flows)
    return top


def _enter(graph: Graph, state: State, language: Language, flows: deque[tuple[Flow, Graph]]) -> Node:
    known = graph.nodes.get(state.Name)
    if known is not None and known.state is state:
        return known
    location = f"{graph.location}/States/{state.Name}"
    targets = {}
    for pointer, target in state.edges():
        targets[pointer] = target.entry.Name
        flows.append((target, graph))
    if known is None:
        own = query_language(state.QueryLanguage, language)
        node = Node(state, location, own, language, targets=targets)
        for pointer, inner in state.inner_flows():
            subgraph = Graph(inner.entry.Name, f"{location}/{pointer}", outer=graph)
            node.subgraphs[pointer] = subgraph
            flows.append((inner, subgraph))
        if isinstance(state, RawState) and state.Fields.get("Type") in ("Parallel", "Map"):
            node.subgraphs |= _graphs_of_raw_state(state, graph, language)
        graph.nodes[state.Name] = node
        return node
    for pointer, inner in state.inner_flows():
        if pointer in known.subgraphs:  # two states may be equal, and lead to different handlers inside
            flows.append((inner, known.subgraphs[pointer]))
    known.is_repeated = True
    if known.state != state or known.targets != targets:
        graph.conflicts.append(
            Problem(
                "DUPLICATE_STATE_NAME",
                location,
                f"two different states are named {state.Name!r}",
                "a name must be unique within a workflow: rename one of the states",
            )
        )
    return known


def equal_states(name: str) -> str:
    """Say what to do where equal states were taken for one."""
    return f"equal states named {name!r} are one state: give one of them another name if they are two"


def _graphs_of_raw_state(state: RawState, graph: Graph, language: Language) -> dict[str, Graph]:
    """Return the graphs that a state spelled by hand runs inside: the rules, and IAM, must see them."""
    from cfngen.asl.payload import json_of_payload
    from cfngen.asl.read.graphs import graphs_inside

    try:
        fields = json_of_payload(state.Fields)
    except ValueError:  # it is nested without end, as the rules will say
        return {}
    return graphs_inside(state.Name, fields, graph, language)


def _connect(graph: Graph, node: Node, name: str) -> None:
    if isinstance(node.state, RawState) and node.state.leads_itself:
        return
    if node.next is None:
        node.next = name
    elif node.next != name:
        graph.conflicts.append(
            Problem(
                "SCHEMA_VALIDATION_FAILED",
                f"{node.location}/Next",
                f"{node.state.Name!r} is followed by {node.next!r} and by {name!r}",
                equal_states(node.state.Name)
                if node.is_repeated
                else "a state has one successor: use a state with another name in one of the two places",
            )
        )
