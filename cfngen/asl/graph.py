"""Link: a flow becomes a graph of named states, in the order in which they are first met."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from cfngen.asl.flow import Flow, Goto, steps
from cfngen.asl.problems import Problem
from cfngen.asl.states import RawState, State


@dataclass(slots=True)
class Node:
    """A state in its place: where it goes on to, and what its other fields lead to.

    ``targets`` maps the pointer of a field inside the state (``Catch/0/Next``) to a state's name.
    """

    state: State
    location: str
    next: str | None = None
    targets: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Graph:
    """The states of one scope by name, in the order they are rendered.

    ``conflicts`` are the problems that only linking can see: two states of one name, and a state with
    two successors.
    """

    start: str
    nodes: dict[str, Node] = field(default_factory=dict)
    conflicts: list[Problem] = field(default_factory=list)

    def edges(self) -> Iterator[tuple[str, str]]:
        """Yield every transition: the pointer of the field, and the name it holds."""
        for node in self.nodes.values():
            if node.next is not None:
                yield f"{node.location}/Next", node.next
            for pointer, target in node.targets.items():
                yield f"{node.location}/{pointer}", target


def link(flow: Flow, location: str = "") -> Graph:
    """Give every state of ``flow`` its successor and its place.

    The main chain comes first, then the flows that its states lead to, as they are written.
    """
    graph = Graph(start=flow.entry.Name)
    waiting = deque([flow])
    met: set[int] = set()
    while waiting:
        part = waiting.popleft()
        if id(part) in met:
            continue
        met.add(id(part))
        before: Node | None = None
        for step in steps(part):
            if before is not None:
                _succeed(graph, before, step.Name)
            if not isinstance(step, Goto):
                before = _enter(graph, step, f"{location}/States/{step.Name}", waiting)
    return graph


def _enter(graph: Graph, state: State, location: str, waiting: deque[Flow]) -> Node:
    known = graph.nodes.get(state.Name)
    if known is not None and known.state is state:
        return known
    targets = {}
    for pointer, target in state.edges():
        targets[pointer] = target.entry.Name
        waiting.append(target)
    if known is None:
        known = graph.nodes[state.Name] = Node(state, location, targets=targets)
    elif known.state != state or known.targets != targets:
        graph.conflicts.append(
            Problem(
                "DUPLICATE_STATE_NAME",
                location,
                f"two different states are named {state.Name!r}",
                "within a workflow a name means one state: rename one of them",
            )
        )
    return known


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
