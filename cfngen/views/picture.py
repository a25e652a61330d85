"""The boxes and arrows of a workflow, without sizes and positions.

They are read from the rendered definition, so that a definition with errors can be shown too: a missing
state is a box of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from cfngen.core.values import mapping
from cfngen.core.walk import Keys
from cfngen.views.labels import condition, detail, matched_errors, title

ArrowKind: TypeAlias = Literal["start", "next", "catch", "choice", "default"]

START: Final = "Start"
END: Final = "End"
MISSING: Final = "Missing"
"""Boxes that are not states: ``Missing`` is the name of a state that the definition does not have."""
TYPES: Final = ("Task", "Pass", "Wait", "Choice", "Parallel", "Map", "Succeed", "Fail")


@dataclass(slots=True)
class Box:
    """A state, or the start or the end of the workflow.

    ``number`` counts the states in the order of the document, from 0, and is -1 for other boxes; ``path``
    leads to the state in the document; ``detail`` says in a line what the state does; ``subgraphs`` are
    drawn inside the box.
    """

    name: str
    type: str
    number: int = -1
    path: Keys = ()
    detail: str = ""
    definition: Mapping[str, Any] = field(default_factory=dict)
    subgraphs: list[GraphPicture] = field(default_factory=list)

    @property
    def is_state(self) -> bool:
        """Whether it is a state of the definition."""
        return self.number >= 0


@dataclass(slots=True)
class Arrow:
    """A transition between two boxes, which are given by their indexes in the graph.

    ``labels`` say when the transition is taken: conditions, or names of errors.
    """

    source: int
    target: int
    kind: ArrowKind
    labels: list[str] = field(default_factory=list)


@dataclass(slots=True)
class GraphPicture:
    """The boxes of a workflow, of a branch of a Parallel, or of the processor of a Map."""

    boxes: list[Box] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)


@dataclass(slots=True)
class Picture:
    """The outermost graph, and all graphs: each comes before those inside it."""

    top: GraphPicture
    graphs: list[GraphPicture]

    def states(self) -> Iterator[Box]:
        """Yield the states in the order of the document."""
        states = [box for graph in self.graphs for box in graph.boxes if box.is_state]
        yield from sorted(states, key=lambda box: box.number)

    def node_names(self) -> dict[int, str]:
        """Return a short name for each box, by the id of the object."""
        names = {id(box): f"s{box.number}" for box in self.states()}
        others = [box for graph in self.graphs for box in graph.boxes if not box.is_state]
        return names | {id(box): f"x{number}" for number, box in enumerate(others)}


def picture(document: Mapping[str, Any]) -> Picture:
    """Return the picture of a definition, also of one with errors."""
    top = GraphPicture()
    graphs = [top]
    definitions: list[tuple[GraphPicture, Mapping[str, Any], Keys]] = [(top, document, ())]
    for graph, definition, path in definitions:  # the loop adds to this list
        for box, inner_definition, inner_path in _fill(graph, definition, path, top is graph):
            inner = GraphPicture()
            box.subgraphs.append(inner)
            graphs.append(inner)
            definitions.append((inner, inner_definition, inner_path))
    _number_states(top)
    return Picture(top, graphs)


def _fill(
    graph: GraphPicture, definition: Mapping[str, Any], path: Keys, outermost: bool
) -> Iterator[tuple[Box, Mapping[str, Any], Keys]]:
    """Add boxes and arrows to a graph, and yield the definitions of the graphs inside the boxes."""
    states = mapping(definition.get("States"))
    indexes: dict[str, int] = {}
    if outermost:
        graph.boxes.append(Box(START, START))
    for name, state in states.items():
        indexes[name] = len(graph.boxes)
        fields = mapping(state)
        kind = fields.get("Type")
        graph.boxes.append(
            Box(
                name=title(name),
                type=kind if isinstance(kind, str) and kind in TYPES else "",
                number=0,
                path=(*path, "States", name),
                detail=detail(fields),
                definition=fields,
            )
        )
    arrows = _Arrows(graph, indexes)
    start = definition.get("StartAt")
    if outermost and isinstance(start, str):
        arrows.add(0, start, "start")
    elif outermost and not states:
        arrows.end(0)
    for name, state in states.items():
        fields, index = mapping(state), indexes[name]
        for target, kind, label in _arrows_of(fields):
            arrows.add(index, target, kind, label)
        ends = fields.get("End") is True or fields.get("Type") in ("Succeed", "Fail")
        if outermost and ends:
            arrows.end(index)
        for field_path, inner in _inner_definitions(fields):
            yield graph.boxes[index], inner, (*path, "States", name, *field_path)


class _Arrows:
    """The arrows of a graph: there is one of each kind between two boxes."""

    def __init__(self, graph: GraphPicture, indexes: dict[str, int]) -> None:
        self.graph = graph
        self.indexes = indexes
        self.by_ends: dict[tuple[int, int, ArrowKind], Arrow] = {}
        self.end_index: int | None = None

    def add(self, source: int, target: str, kind: ArrowKind, label: str = "") -> None:
        """Add an arrow to a state by its name; a missing state gets a box."""
        if target not in self.indexes:
            self.indexes[target] = len(self.graph.boxes)
            self.graph.boxes.append(Box(title(target), MISSING, detail="no such state"))
        self._add(source, self.indexes[target], kind, label)

    def end(self, source: int) -> None:
        """Add an arrow to the end."""
        if self.end_index is None:
            self.end_index = len(self.graph.boxes)
            self.graph.boxes.append(Box(END, END))
        self._add(source, self.end_index, "next", "")

    def _add(self, source: int, target: int, kind: ArrowKind, label: str) -> None:
        arrow = self.by_ends.get((source, target, kind))
        if arrow is None:
            arrow = self.by_ends[source, target, kind] = Arrow(source, target, kind)
            self.graph.arrows.append(arrow)
        if label and label not in arrow.labels:
            arrow.labels.append(label)


def _arrows_of(state: Mapping[str, Any]) -> Iterator[tuple[str, ArrowKind, str]]:
    if isinstance(target := state.get("Next"), str):
        yield target, "next", ""
    for rule in _mappings_in(state.get("Choices")):
        if isinstance(target := rule.get("Next"), str):
            yield target, "choice", condition(rule)
    if isinstance(target := state.get("Default"), str):
        yield target, "default", "otherwise"
    for catcher in _mappings_in(state.get("Catch")):
        if isinstance(target := catcher.get("Next"), str):
            yield target, "catch", matched_errors(catcher)


def _inner_definitions(state: Mapping[str, Any]) -> Iterator[tuple[Keys, Mapping[str, Any]]]:
    branches = state.get("Branches")
    if isinstance(branches, (list, tuple)):
        for index, branch in enumerate(branches):
            if isinstance(branch, Mapping):
                yield ("Branches", index), branch
    for name in ("ItemProcessor", "Iterator"):
        if isinstance(processor := state.get(name), Mapping):
            yield (name,), processor


def _number_states(top: GraphPicture) -> None:
    """Number the states in the order of the document: each before those inside it."""
    number = 0
    pending = [iter(top.boxes)]
    while pending:
        for box in pending[-1]:
            if box.is_state:
                box.number = number
                number += 1
            if box.subgraphs:
                pending.append(iter([inner for graph in box.subgraphs for inner in graph.boxes]))
                break
        else:
            pending.pop()


def _mappings_in(value: Any) -> Iterable[Mapping[str, Any]]:
    entries = value if isinstance(value, (list, tuple)) else ()
    return [entry for entry in entries if isinstance(entry, Mapping)]
