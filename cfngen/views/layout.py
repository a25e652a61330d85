"""Layout: the positions of the boxes, arrows and labels of a picture.

Each graph is laid out by itself, the innermost first: a Parallel or a Map is then a box of a known size
in the graph around it. graphlay finds the layers, the order, the coordinates and the routes (docs/graph.md
says why it was chosen).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import Any, Final

from cfngen.core.declared import Declared, frozen
from cfngen.core.installation import install_command
from cfngen.views.label_places import separate_labels
from cfngen.views.layers import Layers
from cfngen.views.picture import END, MISSING, START, Arrow, Box, GraphPicture, Picture
from cfngen.views.plan import DrawingPlan, Label, PlacedBox, Point, Wire
from cfngen.views.routes import without_joints
from cfngen.views.rows import in_rows

_ATTEMPTS: Final = ((1.0, 0), (1.0, 1), (1.0, 2), (1.3, 3), (1.3, 4), (1.7, 5))
"""Factors of the spacing, and seeds: while a line touches the label of another arrow, the next is tried."""
_MAX_NODES_OF_ATTEMPTS: Final = 300
_MAX_GRAPH_BOXES: Final = 6000
"""A graph of more boxes cannot be read as a picture."""


class LayoutError(Exception):
    """The picture cannot be laid out; the message says why."""


@frozen(kw_only=True)
class Face(Declared):
    """Text of one kind: the width of a line, its height, and how a text is wrapped into lines."""

    width: Callable[[str], float]
    height: float
    wrap: Callable[[str], Sequence[str]]


@frozen(kw_only=True)
class Canvas(Declared):
    """The texts and distances of a drawing, all in one unit.

    ``row_width`` limits the branches of a Parallel side by side, ``spacing`` and ``options`` are those of
    graphlay.
    """

    caption: Face
    name: Face
    label: Face
    margin: tuple[float, float]
    icon: float
    mark: tuple[float, float]
    frame: tuple[float, float]
    row_width: float
    label_margin: tuple[float, float]
    label_clearance: float
    spacing: Mapping[str, float]
    options: Mapping[str, Any] = field(default_factory=dict)


def lay_out(picture: Picture, canvas: Canvas) -> DrawingPlan:
    """Lay a picture out. Raises ``LayoutError``, and ``ImportError`` without the extra ``graph``."""
    layout = _engine()
    done: dict[int, _GraphLayout] = {}
    for graph in reversed(picture.graphs):
        done[id(graph)] = _GraphLayout(graph, canvas, done, layout)
    top = done[id(picture.top)]
    plan = DrawingPlan(top.width, top.height, [], [])
    pending: list[tuple[_GraphLayout, float, float]] = [(top, 0, 0)]
    for laid, x, y in pending:  # the loop adds to this list
        for placed in laid.boxes:
            placed.x, placed.y = placed.x + x, placed.y + y
            plan.boxes.append(placed)
            for graph, part in zip(placed.box.subgraphs, laid.parts(placed), strict=True):
                inner = done[id(graph)]
                placed.parts.append((part[0], part[1], inner.width, inner.height))
                pending.append((inner, *part))
        for wire in laid.wires:
            _shift(wire, x, y)
            plan.wires.append(wire)
    plan.boxes.sort(key=lambda placed: (not placed.box.is_state, placed.box.number))
    return plan


class _GraphLayout:
    """A graph with positions relative to its own left upper corner."""

    def __init__(
        self, graph: GraphPicture, canvas: Canvas, done: dict[int, _GraphLayout], layout: Any
    ) -> None:
        self.canvas = canvas
        self.inner_positions: dict[int, list[Point]] = {}
        self.boxes = [self._sized(box, done) for box in graph.boxes]
        self.wires: list[Wire] = []
        if len(self.boxes) > _MAX_GRAPH_BOXES:
            raise LayoutError(
                f"{len(self.boxes):,} states in one scope are too many for a drawing: "
                "use Mermaid (.mmd) or Graphviz (.dot)"
            )
        if self.boxes:
            self._place(graph, layout)
        self._normalize()

    def parts(self, placed: PlacedBox) -> list[Point]:
        """Return the positions of the graphs inside a box."""
        return [(placed.x + x, placed.y + y) for x, y in self.inner_positions.get(id(placed.box), [])]

    def _sized(self, box: Box, done: dict[int, _GraphLayout]) -> PlacedBox:
        canvas = self.canvas
        if box.type in (START, END):
            return PlacedBox(box, 0, 0, *canvas.mark, name=[box.name])
        caption = canvas.caption.wrap(caption_of(box))
        name = canvas.name.wrap(box.name)
        widest = max(
            *(canvas.caption.width(line) for line in caption),
            *(canvas.name.width(line) for line in name),
            0,
        )
        width = widest + canvas.icon + 2 * canvas.margin[0]
        height = (
            len(caption) * canvas.caption.height + len(name) * canvas.name.height + 2 * canvas.margin[1]
        )
        if box.subgraphs:
            parts = [done[id(graph)] for graph in box.subgraphs]
            inner, size = in_rows(
                [(part.width, part.height) for part in parts], canvas.frame, canvas.row_width
            )
            left = max(0.0, (width - size[0]) / 2)
            self.inner_positions[id(box)] = [(x + left, y + height) for x, y in inner]
            width, height = max(width, size[0]), height + size[1]
        return PlacedBox(box, 0, 0, width, height, caption, name)

    def _place(self, graph: GraphPicture, layout: Any) -> None:
        labels = [self._label(arrow) for arrow in graph.arrows]
        labelled = {arrow.source for arrow in graph.arrows if arrow.labels}
        steps = _distances(graph.arrows)
        for index, arrow in enumerate(graph.arrows):
            leads_on = steps.get(arrow.source, 0) < steps.get(arrow.target, 0)
            if arrow.source in labelled and not arrow.labels and leads_on:
                labels[index] = Label((), 0, 0, 1, 1)  # its target is then in the row of the others
        canvas = self.canvas
        layers = Layers(
            layout, self.boxes, graph.arrows, labels, canvas.spacing, canvas.row_width, canvas.options
        )
        items: list[PlacedBox | Label] = [*self.boxes, *(label for label in labels if label)]
        attempts = max(1, _MAX_NODES_OF_ATTEMPTS // (len(self.boxes) + len(labels) + 1))
        routes, result = layers.narrowest()
        for number, (factor, seed) in enumerate(_ATTEMPTS[:attempts]):
            if number:
                result = layers.lay(routes, factor, seed)
            for item, at in zip(items, result.nodes, strict=False):  # joints come after them
                item.x = at["center"]["x"] - item.width / 2
                item.y = at["center"]["y"] - item.height / 2
            ends = graph.boxes
            self.wires = [
                Wire(arrow, ends[arrow.source], ends[arrow.target], lines, label)
                for arrow, lines, label in zip(
                    graph.arrows, routes.lines(result.nodes, result.edges), labels, strict=True
                )
            ]
            for wire in self.wires:
                if wire.label and not wire.label.lines:
                    wire.lines, wire.label = [without_joints([*wire.lines[0], *wire.lines[1]])], None
            if separate_labels(self.wires, self.boxes, canvas.label_clearance):
                return

    def _label(self, arrow: Arrow) -> Label | None:
        if not arrow.labels:
            return None
        face, margin = self.canvas.label, self.canvas.label_margin
        lines = face.wrap(", ".join(arrow.labels))
        width = max(map(face.width, lines)) + 2 * margin[0]
        return Label(lines, 0, 0, width, len(lines) * face.height + 2 * margin[1])

    def _normalize(self) -> None:
        """Move everything to the left upper corner, and set the width and the height."""
        labels = [wire.label for wire in self.wires if wire.label]
        corners = [(item.x, item.y, item.x + item.width, item.y + item.height) for item in self.boxes]
        corners += [(item.x, item.y, item.x + item.width, item.y + item.height) for item in labels]
        corners += [(x, y, x, y) for wire in self.wires for line in wire.lines for x, y in line]
        left = min((corner[0] for corner in corners), default=0)
        top = min((corner[1] for corner in corners), default=0)
        self.width = max((corner[2] for corner in corners), default=0) - left
        self.height = max((corner[3] for corner in corners), default=0) - top
        for box in self.boxes:
            box.x, box.y = box.x - left, box.y - top
        for wire in self.wires:
            _shift(wire, -left, -top)


def _distances(arrows: Sequence[Arrow]) -> dict[int, int]:
    """Return how many arrows each box is away from the first one, for the boxes that it leads to."""
    after: defaultdict[int, list[int]] = defaultdict(list)
    for arrow in arrows:
        after[arrow.source].append(arrow.target)
    steps = {0: 0}
    pending = [0]
    for box in pending:  # the loop adds to this list
        for target in after[box]:
            if target not in steps:
                steps[target] = steps[box] + 1
                pending.append(target)
    return steps


def _shift(wire: Wire, x: float, y: float) -> None:
    wire.lines = [[(px + x, py + y) for px, py in line] for line in wire.lines]
    if wire.label:
        wire.label.x, wire.label.y = wire.label.x + x, wire.label.y + y


def caption_of(box: Box) -> str:
    """Return the line above a name: what a task calls, or the type of the state and what it does."""
    if box.type == "Task" and box.detail:
        return box.detail
    return ": ".join(part for part in (box.type if box.is_state else "", box.detail) if part)


def lines_of(box: Box) -> list[str]:
    """Return the lines of text in a box."""
    has_caption = box.is_state or box.type == MISSING
    return [line for line in (caption_of(box) if has_caption else "", box.name) if line]


def _engine() -> Any:
    try:
        from graphlay import layout
    except ImportError:
        raise ImportError(f"drawing needs graphlay: {install_command('graph')}") from None
    return layout
