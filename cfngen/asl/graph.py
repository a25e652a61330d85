"""A graph of named states: what rules, renderers and policies look at.

The walks through states and graphs stand here alone, and none of them recurses: 10,000 states in a row
and graphs in graphs are walked as well as three.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from cfngen.core.problems import Problem

if TYPE_CHECKING:
    from cfngen.asl.states import State
    from cfngen.asl.values import Language

WORKFLOW_FIELDS: Final = ("Comment", "QueryLanguage", "Version", "TimeoutSeconds")
"""The fields of a workflow around its states."""


def is_distributed(state: State) -> bool:
    """Tell whether a state is a Map of child executions."""
    return getattr(state, "is_distributed", False) is True


@dataclass(slots=True, eq=False, repr=False)
class Node:
    """A state in its place: where it goes on to, and what its other fields lead to.

    ``language`` is its query language, ``inherited`` that of the workflow. ``targets`` maps the pointer of
    a field inside the state (``Catch/0/Next``) to a state's name, and ``subgraphs`` that of a field
    (``Branches/0``) to the graph that runs inside. ``is_repeated`` where equal states are this one.
    """

    state: State
    location: str
    language: Language
    inherited: Language
    next: str | None = None
    targets: dict[str, str] = field(default_factory=dict)
    subgraphs: dict[str, Graph] = field(default_factory=dict)
    is_repeated: bool = False

    def transitions(self) -> list[tuple[str, str]]:
        """Return where the state goes: the pointer of each field, and the name it holds; ``Next`` last."""
        transitions = [*self.targets.items()]
        if self.next is not None:
            transitions.append(("Next", self.next))
        return transitions


@dataclass(slots=True, eq=False, repr=False)
class Graph:
    """The states of one level by name, in the order they are rendered.

    ``outer`` is the graph around it. ``conflicts`` are the problems that only linking can see: two states
    of one name, and a state with two successors. ``unread`` are those that only reading can: what no
    class holds.
    """

    start: str
    location: str = ""
    nodes: dict[str, Node] = field(default_factory=dict)
    conflicts: list[Problem] = field(default_factory=list)
    unread: list[Problem] = field(default_factory=list)
    outer: Graph | None = field(default=None, repr=False)

    def graphs(self) -> list[Graph]:
        """Return this graph and all inside it, each before those inside it."""
        graphs = [self]
        for graph in graphs:  # which grows as it is walked
            for node in graph.nodes.values():
                graphs += node.subgraphs.values()
        return graphs

    def walk(self, enters: Callable[[Node], bool] = lambda node: True) -> Iterator[tuple[Node, Graph]]:
        """Yield every state of every graph with its graph, in the order of the document.

        The states inside those that ``enters`` refuses are left out.
        """
        open_graphs = [iter([(node, self) for node in self.nodes.values()])]
        while open_graphs:
            for node, graph in open_graphs[-1]:
                yield node, graph
                if node.subgraphs and enters(node):
                    inside = [
                        (inner, subgraph)
                        for subgraph in node.subgraphs.values()
                        for inner in subgraph.nodes.values()
                    ]
                    open_graphs.append(iter(inside))
                    break
            else:
                open_graphs.pop()

    def reached(self) -> list[str]:
        """Return the states that are reached, each before those it leads to except in loops."""
        if self.start not in self.nodes:
            return []
        finished: list[str] = []
        met = {self.start}
        path = [(self.start, iter(self.nodes[self.start].transitions()))]
        while path:
            name, transitions = path[-1]
            for _, target in transitions:
                if target not in met and target in self.nodes:
                    met.add(target)
                    path.append((target, iter(self.nodes[target].transitions())))
                    break
            else:
                path.pop()
                finished.append(name)
        return finished[::-1]

    def put_in_order(self, names: Sequence[str]) -> None:
        """Put the states of this graph that are named into that order, before the others."""
        places = {name: place for place, name in enumerate(names)}
        ordered = sorted(self.nodes.items(), key=lambda item: places.get(item[0], len(places)))
        self.nodes.clear()
        self.nodes.update(ordered)

    def is_closed(self) -> bool:
        """Tell whether every transition leads to a state of this graph."""
        return all(target in self.nodes for node in self.nodes.values() for _, target in node.transitions())


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LinkedWorkflow:
    """A workflow as rules look at it: its states in their places, and its own fields by name.

    ``is_read`` tells whether it was read from a document.
    """

    graph: Graph
    fields: Mapping[str, Any]
    is_read: bool = False
