"""Layout: where each box and arrow of a picture is drawn.

Each scope is laid out by itself, the innermost first: what is inside a Parallel or a Map is then a box of
a known size in the scope around it. graphlay does the work: layers, order, coordinates, routes and the
places of labels (docs/graph.md tells why it and no other).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from cfngen.core.declared import Declared, frozen
from cfngen.core.installation import install_command
from cfngen.views.picture import END, START, Arrow, Box, Picture, Scope

Point = tuple[float, float]

_THOROUGH: Final = 150
"""Boxes of a scope, up to which the layout may take its time."""
_BUNDLE: Final = 50
"""Arrows of a box, up to which it may."""
_BUSY: Final = {"effort": "fast", "tuning": {"routing": {"port_relax_rounds": 0}}}
_MOST: Final = 6000
"""A scope of more boxes is no picture."""


class LayoutError(Exception):
    """A picture that cannot be laid out; the message says why."""


@frozen(kw_only=True)
class Face(Declared):
    """Text of one kind: how wide a line of it is, how high, and how it is broken into lines."""

    width: Callable[[str], float]
    height: float
    broken: Callable[[str], Sequence[str]]


@frozen(kw_only=True)
class Canvas(Declared):
    """What is drawn on: its texts and distances, in a unit of its own.

    ``room`` is how wide the branches of a Parallel may be side by side, ``options`` are graphlay's.
    """

    caption: Face
    name: Face
    label: Face
    margin: tuple[float, float]
    icon: float
    mark: tuple[float, float]
    frame: tuple[float, float]
    room: float
    label_margin: tuple[float, float]
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Placed:
    """A box in its place, from its left upper corner, with its texts in lines.

    ``parts`` are the frames of what is inside it.
    """

    box: Box
    x: float
    y: float
    width: float
    height: float
    caption: Sequence[str] = ()
    name: Sequence[str] = ()
    parts: list[tuple[float, float, float, float]] = field(default_factory=list)


@dataclass(slots=True)
class Wire:
    """An arrow with its points, and its label around the point ``at``."""

    arrow: Arrow
    source: Box
    target: Box
    points: list[Point]
    label: Sequence[str] = ()
    at: Point = (0, 0)


@dataclass(slots=True)
class Plan:
    """A picture with everything in its place: the states in their order, then the other boxes."""

    width: float
    height: float
    boxes: list[Placed]
    wires: list[Wire]


def lay_out(picture: Picture, canvas: Canvas) -> Plan:
    """Lay a picture out. Raises ``LayoutError``, and ``ImportError`` without the extra ``graph``."""
    layout = _engine()
    done: dict[int, _Laid] = {}
    for scope in reversed(picture.scopes):
        done[id(scope)] = _Laid(scope, canvas, done, layout)
    top = done[id(picture.top)]
    plan = Plan(top.width, top.height, [], [])
    waiting: list[tuple[_Laid, float, float]] = [(top, 0, 0)]
    for laid, x, y in waiting:  # which grows as it is walked
        for placed in laid.boxes:
            placed.x, placed.y = placed.x + x, placed.y + y
            plan.boxes.append(placed)
            for scope, part in zip(placed.box.scopes, laid.parts(placed), strict=True):
                inner = done[id(scope)]
                placed.parts.append((part[0], part[1], inner.width, inner.height))
                waiting.append((inner, *part))
        for wire in laid.wires:
            wire.points = [(px + x, py + y) for px, py in wire.points]
            wire.at = (wire.at[0] + x, wire.at[1] + y)
            plan.wires.append(wire)
    plan.boxes.sort(key=lambda placed: (not placed.box.is_state, placed.box.number))
    return plan


class _Laid:
    """A scope whose boxes have their places, from its own left upper corner."""

    def __init__(self, scope: Scope, canvas: Canvas, done: dict[int, _Laid], layout: Any) -> None:
        self.canvas = canvas
        self.inside: dict[int, list[Point]] = {}
        self.boxes = [self._sized(box, done) for box in scope.boxes]
        self.wires: list[Wire] = []
        if len(self.boxes) > _MOST:
            raise LayoutError(
                f"{len(self.boxes):,} states side by side are too many for a drawing: "
                "write a text for Mermaid (.mmd) or Graphviz (.dot)"
            )
        if self.boxes:
            self._place(scope, layout)
        self._normalize()

    def parts(self, placed: Placed) -> list[Point]:
        """Return where the scopes inside a box begin."""
        return [(placed.x + x, placed.y + y) for x, y in self.inside.get(id(placed.box), [])]

    def _sized(self, box: Box, done: dict[int, _Laid]) -> Placed:
        canvas = self.canvas
        if box.type in (START, END):
            return Placed(box, 0, 0, *canvas.mark, name=[box.name])
        caption = canvas.caption.broken(caption_of(box))
        name = canvas.name.broken(box.name)
        widest = max(
            *(canvas.caption.width(line) for line in caption),
            *(canvas.name.width(line) for line in name),
            0,
        )
        width = widest + canvas.icon + 2 * canvas.margin[0]
        height = (
            len(caption) * canvas.caption.height + len(name) * canvas.name.height + 2 * canvas.margin[1]
        )
        if box.scopes:
            inner, size = _in_rows([done[id(scope)] for scope in box.scopes], canvas)
            left = max(0.0, (width - size[0]) / 2)
            self.inside[id(box)] = [(x + left, y + height) for x, y in inner]
            width, height = max(width, size[0]), height + size[1]
        return Placed(box, 0, 0, width, height, caption, name)

    def _place(self, scope: Scope, layout: Any) -> None:
        canvas = self.canvas
        labels = [canvas.label.broken(", ".join(arrow.labels)) for arrow in scope.arrows]
        found = layout(
            _graph(self.boxes, scope.arrows, [self._room(lines) for lines in labels]),
            preset="process_map",
            options={
                **canvas.options,
                "cycles": {"strategy": "follow_flow"},
                **(_BUSY if _is_busy(scope) else {}),
            },
        )
        for placed, at in zip(self.boxes, found.nodes, strict=True):
            placed.x = at["center"]["x"] - placed.width / 2
            placed.y = at["center"]["y"] - placed.height / 2
        for arrow, lines, at in zip(scope.arrows, labels, found.edges, strict=True):
            anchor = at["label_anchor"] or at["points"][0]
            self.wires.append(
                Wire(
                    arrow,
                    scope.boxes[arrow.source],
                    scope.boxes[arrow.target],
                    [(point["x"], point["y"]) for point in at["points"]],
                    lines,
                    (anchor["x"], anchor["y"]),
                )
            )

    def _room(self, lines: Sequence[str]) -> tuple[float, float] | None:
        if not lines:
            return None
        face, margin = self.canvas.label, self.canvas.label_margin
        return max(map(face.width, lines)) + 2 * margin[0], len(lines) * face.height + 2 * margin[1]

    def _normalize(self) -> None:
        """Move everything so that it begins in the corner, and note how far it reaches."""
        corners = [(box.x, box.y, box.x + box.width, box.y + box.height) for box in self.boxes]
        for wire in self.wires:
            corners += [(x, y, x, y) for x, y in wire.points]
            if room := self._room(wire.label):
                x, y = wire.at[0] - room[0] / 2, wire.at[1] - room[1] / 2
                corners.append((x, y, x + room[0], y + room[1]))
        left = min((corner[0] for corner in corners), default=0)
        top = min((corner[1] for corner in corners), default=0)
        self.width = max((corner[2] for corner in corners), default=0) - left
        self.height = max((corner[3] for corner in corners), default=0) - top
        for box in self.boxes:
            box.x, box.y = box.x - left, box.y - top
        for wire in self.wires:
            wire.points = [(x - left, y - top) for x, y in wire.points]
            wire.at = (wire.at[0] - left, wire.at[1] - top)


def caption_of(box: Box) -> str:
    """Return what stands above a name: what a task calls, else the state's type and what it does."""
    if box.type == "Task" and box.detail:
        return box.detail
    return ": ".join(part for part in (box.type if box.is_state else "", box.detail) if part)


def _is_busy(scope: Scope) -> bool:
    ends = [end for arrow in scope.arrows for end in (arrow.source, arrow.target)]
    return len(scope.boxes) > _THOROUGH or max(Counter(ends).values(), default=0) > _BUNDLE


def _in_rows(parts: list[_Laid], canvas: Canvas) -> tuple[list[Point], tuple[float, float]]:
    """Put scopes side by side inside a frame, in as many rows as the room takes."""
    across, down = canvas.frame
    places: list[Point] = []
    x, y, widest, row = across, down, 0.0, 0.0
    for part in parts:
        if x > across and x + part.width + across > canvas.room:
            x, y, row = across, y + row + down, 0.0
        places.append((x, y))
        x, row = x + part.width + across, max(row, part.height)
        widest = max(widest, x)
    return places, (widest, y + row + down)


def _graph(
    boxes: Sequence[Placed], arrows: Sequence[Arrow], rooms: Sequence[tuple[float, float] | None]
) -> dict[str, Any]:
    nodes = [
        {
            "key": str(number),
            "size": {"width": placed.width, "height": placed.height},
            "shape": "box",
            **({"rank": "first"} if placed.box.type == START else {}),
            **({"rank": "last"} if placed.box.type == END else {}),
        }
        for number, placed in enumerate(boxes)
    ]
    edges = [
        {
            "source": arrow.source,
            "target": arrow.target,
            "weight": _WEIGHTS[arrow.kind],
            **({"label_size": {"width": room[0], "height": room[1]}} if room else {}),
        }
        for arrow, room in zip(arrows, rooms, strict=True)
    ]
    return {"nodes": nodes, "edges": edges}


_WEIGHTS: Final = {"start": 4.0, "next": 4.0, "choice": 2.0, "default": 2.0, "catch": 1.0}
"""The heavier an arrow is, the shorter and straighter it is drawn."""


def _engine() -> Any:
    try:
        from graphlay import layout
    except ImportError:
        raise ImportError(f"drawing needs graphlay: {install_command('graph')}") from None
    return layout
