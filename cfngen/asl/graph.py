"""Link: a flow becomes a graph of named states, in the order in which they are first met."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from cfngen.asl.flow import Flow, Goto, steps
from cfngen.asl.states import RawState, State
from cfngen.asl.values import JSONPATH, Language
from cfngen.core.problems import Problem


@dataclass(slots=True, eq=False, repr=False)
class Node:
    """A state in its place: where it goes on to, and what its other fields lead to.

    ``language`` is its query language, ``inherited`` that of the workflow. ``targets`` maps the pointer of
    a field inside the state (``Catch/0/Next``) to a state's name, and ``scopes`` that of a field
    (``Branches/0``) to the graph that runs inside.
    """

    state: State
    location: str
    language: Language
    inherited: Language
    next: str | None = None
    targets: dict[str, str] = field(default_factory=dict)
    scopes: dict[str, Graph] = field(default_factory=dict)


@dataclass(slots=True, eq=False, repr=False)
class Graph:
    """The states of one scope by name, in the order they are rendered.

    ``outer`` is the scope around it. ``conflicts`` are the problems that only linking can see: two states
    of one name, and a state with two successors. ``unread`` are those that only reading can: what no
    class holds.
    """

    start: str
    location: str = ""
    nodes: dict[str, Node] = field(default_factory=dict)
    conflicts: list[Problem] = field(default_factory=list)
    unread: list[Problem] = field(default_factory=list)
    outer: Graph | None = field(default=None, repr=False)

    def edges(self) -> Iterator[tuple[str, str]]:
        """Yield every transition of this scope: the pointer of the field, and the name it holds."""
        for node in self.nodes.values():
            if node.next is not None:
                yield f"{node.location}/Next", node.next
            for pointer, target in node.targets.items():
                yield f"{node.location}/{pointer}", target

    def graphs(self) -> list[Graph]:
        """Return this scope and all inside it, each before those inside it."""
        found = [self]
        for graph in found:  # which grows as it is walked
            for node in graph.nodes.values():
                found += node.scopes.values()
        return found

    def walk(self) -> Iterator[tuple[Node, Graph]]:
        """Yield every state of every scope with its scope, in the order of the document."""
        waiting = [iter([(node, self) for node in self.nodes.values()])]
        while waiting:
            for node, graph in waiting[-1]:
                yield node, graph
                if node.scopes:
                    inside = [
                        (inner, scope) for scope in node.scopes.values() for inner in scope.nodes.values()
                    ]
                    waiting.append(iter(inside))
                    break
            else:
                waiting.pop()


def link(flow: Flow, language: Language = JSONPATH) -> Graph:
    """Give every state of ``flow`` its successor and its place, also inside Parallel and Map.

    In each scope the main chain comes first, then the flows that its states lead to, as they are written.
    ``language`` is the query language of states that have none of their own.
    """
    top = Graph(start=flow.entry.Name)
    waiting = deque([(flow, top)])
    met: set[tuple[int, int]] = set()
    while waiting:
        part, graph = waiting.popleft()
        if (id(part), id(graph)) in met:
            continue
        met.add((id(part), id(graph)))
        before: Node | None = None
        for step in steps(part):
            if before is not None:
                _succeed(graph, before, step.Name)
            if not isinstance(step, Goto):
                before = _enter(graph, step, language, waiting)
    return top


def _enter(graph: Graph, state: State, language: Language, waiting: deque[tuple[Flow, Graph]]) -> Node:
    known = graph.nodes.get(state.Name)
    if known is not None and known.state is state:
        return known
    location = f"{graph.location}/States/{state.Name}"
    targets = {}
    for pointer, target in state.edges():
        targets[pointer] = target.entry.Name
        waiting.append((target, graph))
    if known is None:
        node = Node(state, location, state.QueryLanguage or language, language, targets=targets)
        for pointer, inner in state.scopes():
            scope = Graph(inner.entry.Name, f"{location}/{pointer}", outer=graph)
            node.scopes[pointer] = scope
            waiting.append((inner, scope))
        if isinstance(state, RawState) and state.Fields.get("Type") in ("Parallel", "Map"):
            node.scopes |= _spelled_inside(state, graph, language)
        graph.nodes[state.Name] = node
        return node
    for pointer, inner in state.scopes():
        if pointer in known.scopes:  # two states may be equal, and lead to different handlers inside
            waiting.append((inner, known.scopes[pointer]))
    if known.state != state or known.targets != targets:
        graph.conflicts.append(
            Problem(
                "DUPLICATE_STATE_NAME",
                location,
                f"two different states are named {state.Name!r}",
                "within a workflow a name means one state: rename one of them",
            )
        )
    return known


def _spelled_inside(state: RawState, graph: Graph, language: Language) -> dict[str, Graph]:
    """Return the graphs that a state spelled by hand runs inside: the rules, and IAM, must see them."""
    from cfngen.asl.payload import value
    from cfngen.asl.read.scopes import graphs_inside

    try:
        fields = value(state.Fields)
    except ValueError:  # it is nested without end, as the rules will say
        return {}
    return graphs_inside(state.Name, fields, graph, language)


def _succeed(graph: Graph, node: Node, name: str) -> None:
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
                "a state has one successor: give one of the two places a state of its own name",
            )
        )
