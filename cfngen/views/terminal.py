"""A picture in a terminal: boxes and arrows of Unicode's box-drawing characters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from math import floor
from typing import Final

from cfngen.views.layout import Canvas, Face, Placed, Plan, Wire, caption_of, lay_out
from cfngen.views.picture import END, MISSING, START, Arrow, Picture, Scope
from cfngen.views.text_metrics import broken, columns

_ACROSS, _DOWN = 8.0, 16.0
"""A column and a row in the unit of the layout, in which they are about as far apart as on a screen."""
_ROOMS: Final = (40, 28, 18, 12)
"""Columns for the text in a box; fewer are tried where the terminal is narrow."""

_MOST: Final = 2_000_000
"""Cells of arrows: nobody follows them through more."""

_UP, _RIGHT, _BELOW, _LEFT = 1, 2, 4, 8
_SOLID: Final = 16
"""Beside directions: not all that leads through a cell is dashed."""
_CORNERS: Final = {
    _UP | _BELOW: "│",
    _LEFT | _RIGHT: "─",
    _RIGHT | _BELOW: "╭",
    _LEFT | _BELOW: "╮",
    _UP | _RIGHT: "╰",
    _UP | _LEFT: "╯",
    _UP | _BELOW | _RIGHT: "├",
    _UP | _BELOW | _LEFT: "┤",
    _LEFT | _RIGHT | _BELOW: "┬",
    _LEFT | _RIGHT | _UP: "┴",
    _UP | _RIGHT | _BELOW | _LEFT: "┼",
    _UP: "│",
    _BELOW: "│",
    _LEFT: "─",
    _RIGHT: "─",
}
_DASHED: Final = {"│": "╎", "─": "╌"}
_HEADS: Final = {_BELOW: "▼", _UP: "▲", _RIGHT: "▶", _LEFT: "◀"}
_OPPOSITE: Final = {_UP: _BELOW, _BELOW: _UP, _LEFT: _RIGHT, _RIGHT: _LEFT}
_DIRECTIONS: Final = {(0, -1): _UP, (0, 1): _BELOW, (-1, 0): _LEFT, (1, 0): _RIGHT}


def text(picture: Picture, width: int | None = None) -> str:
    """Return a drawing that is at most ``width`` columns wide, or a list where none can be.

    Raises what ``lay_out`` raises.
    """
    for room in _ROOMS:
        plan = lay_out(picture, _canvas(room, width))
        if _cells_of(plan) > _MOST:
            break
        if width is None or round(plan.width / _ACROSS) <= width:
            return _Screen(plan).drawn()
    return listed(picture, width)


def listed(picture: Picture, width: int | None = None) -> str:
    """Return the states in a list with where they lead, in lines of at most ``width`` columns."""
    lines: list[str] = []
    waiting = [(picture.top, "", iter(range(len(picture.top.boxes))))]
    while waiting:
        scope, indent, places = waiting[-1]
        for place in places:
            box = scope.boxes[place]
            if box.type in (END, MISSING):
                continue
            lines += _item(box.name, caption_of(box), _ways(scope, place), indent, width)
            if box.scopes:
                inside = Scope(
                    [inner for part in box.scopes for inner in part.boxes], list(_moved(box.scopes))
                )
                waiting.append((inside, f"{indent}  ", iter(range(len(inside.boxes)))))
                break
        else:
            waiting.pop()
    return "".join(f"{line}\n" for line in lines)


def _moved(scopes: Sequence[Scope]) -> Iterator[Arrow]:
    """Yield the arrows of scopes whose boxes are put into one list."""
    before = 0
    for scope in scopes:
        for arrow in scope.arrows:
            yield Arrow(arrow.source + before, arrow.target + before, arrow.kind, arrow.labels)
        before += len(scope.boxes)


def _ways(scope: Scope, place: int) -> Iterator[str]:
    for arrow in scope.arrows:
        if arrow.source == place:
            when = ", ".join(arrow.labels)
            sign = "⇢" if arrow.kind == "catch" else "→"
            yield f"{sign} {scope.boxes[arrow.target].name}{f' ({when})' if when else ''}"


def _item(name: str, caption: str, ways: Iterator[str], indent: str, width: int | None) -> list[str]:
    if width is not None:
        indent = indent[: max(0, width - 16)]  # what is nested deeper stands no further in
    most = 10_000 if width is None else max(1, width - len(indent) - 4)
    split = partial(broken, room=most, width=columns, most=99)
    lines = [f"{indent}{'• ' if not number else '  '}{line}" for number, line in enumerate(split(name))]
    lines += [f"{indent}  {line}" for line in split(caption)]
    for way in ways:
        lines += [f"{indent}  {'  ' if number else ''}{line}" for number, line in enumerate(split(way))]
    return lines


def _canvas(room: int, width: int | None) -> Canvas:
    return Canvas(
        caption=_face(room, 3),
        name=_face(room, 20),
        label=_face(min(room, 30), 4),
        margin=(2 * _ACROSS, _DOWN),
        icon=0,
        mark=(9 * _ACROSS, _DOWN),
        frame=(2 * _ACROSS, _DOWN),
        room=(width or 160) * _ACROSS,
        label_margin=(_ACROSS, 0),
        options={
            "spacing": {
                "layer_gap": 4 * _DOWN,
                "node_gap": 4 * _ACROSS,
                "dummy_gap": 3 * _ACROSS,
                "port_gap": 3 * _ACROSS,
                "port_stroke_clear": 2 * _ACROSS,
                "stub": _DOWN,
                "bundle_lane_gap": _DOWN,
                "self_loop_gap": 2 * _ACROSS,
                "edge_label_margin": 2 * _DOWN,
                "edge_label_stack_gap": _DOWN,
                "isolated_gap": 4 * _ACROSS,
            },
            "routing": {"lane_gap": _DOWN},
            "labels": {"clearance": _DOWN},
        },
    )


def _cells_of(plan: Plan) -> float:
    return sum(
        abs(after[0] - before[0]) / _ACROSS + abs(after[1] - before[1]) / _DOWN
        for wire in plan.wires
        for before, after in pairwise(wire.points)
    )


def _face(room: int, most: int) -> Face:
    def width(line: str) -> float:
        return columns(line) * _ACROSS

    return Face(width=width, height=_DOWN, broken=partial(broken, room=room, width=columns, most=most))


class _Screen:
    """Cells that are drawn into; a cell holds what one column shows, and nothing beside a wide letter."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.rows: dict[int, dict[int, str]] = {}
        self.ways: dict[tuple[int, int], int] = {}
        self.edges: dict[int, tuple[int, int, int, int]] = {}

    def drawn(self) -> str:
        """Return the drawing."""
        for placed in self.plan.boxes:
            self._box(placed)
        heads = [head for wire in self.plan.wires if (head := self._wire(wire))]
        for (column, row), directions in self.ways.items():
            character = _CORNERS[directions & ~_SOLID]
            dashed = not directions & _SOLID
            self._put(column, row, _DASHED.get(character, character) if dashed else character)
        for wire in self.plan.wires:
            self._label(wire)
        for column, row, character in heads:
            self._put(column, row, character)
        last = max(self.rows, default=-1)
        return "".join(f"{_line(self.rows.get(row, {}))}\n" for row in range(last + 1))

    def _box(self, placed: Placed) -> None:
        left, top = round(placed.x / _ACROSS), round(placed.y / _DOWN)
        width, height = round(placed.width / _ACROSS), round(placed.height / _DOWN)
        self.edges[id(placed.box)] = (left, top, left + width - 1, top + height - 1)
        if placed.box.type in (START, END):
            self._write(left, top, f"({placed.box.name.center(width - 2)})")
            return
        line = "╌" if placed.box.type == MISSING else "─"
        self._write(left, top, f"╭{line * (width - 2)}╮")
        for row in range(top + 1, top + height - 1):
            self._put(left, row, "│")
            self._put(left + width - 1, row, "│")
        self._write(left, top + height - 1, f"╰{line * (width - 2)}╯")
        lines = [*placed.caption, *placed.name]
        for number, text_ in enumerate(lines):
            self._write(left + 2, top + 1 + number, text_)
        if placed.parts:
            self._write(left, top + 1 + len(lines), f"├{'╌' * (width - 2)}┤")

    def _wire(self, wire: Wire) -> tuple[int, int, str] | None:
        points = self._cells(wire)
        cells = [points[0]]
        for before, after in pairwise(points):
            cells += list(_between(before, after))
        solid = 0 if wire.arrow.kind == "catch" else _SOLID
        direction = 0
        for (x, y), (next_x, next_y) in pairwise(cells):
            direction = _DIRECTIONS[next_x - x, next_y - y]
            self._mark(x, y, direction | solid)
            self._mark(next_x, next_y, _OPPOSITE[direction] | solid)
        direction = self._into(wire, cells[-1]) or direction
        self._leave(wire, cells[0], solid)
        if direction:
            self._mark(*cells[-1], _OPPOSITE[direction] | solid)
        return (*cells[-1], _HEADS[direction]) if direction else None

    def _mark(self, x: int, y: int, directions: int) -> None:
        self.ways[x, y] = self.ways.get((x, y), 0) | directions

    def _cells(self, wire: Wire) -> list[tuple[int, int]]:
        """Return the corners of a wire as cells, the first and the last just outside the boxes."""
        cells = [(floor(x / _ACROSS + 1e-6), floor(y / _DOWN + 1e-6)) for x, y in wire.points]
        for box, end, beside in ((wire.source, 0, 1), (wire.target, -1, -2)):
            left, top, right, bottom = self.edges[id(box)]
            x, y = cells[end]
            if wire.points[end][0] == wire.points[beside if len(cells) > 1 else end][0]:
                x = min(max(x, left + 1), right - 1) if right - left > 1 else left
                moved = [cells[end][0], cells[beside][0]]
                y = top - 1 if wire.points[beside][1] < wire.points[end][1] else bottom + 1
                cells[end] = (x, y)
                if moved[0] != x and len(cells) > 2:
                    cells[beside] = (x, cells[beside][1])
            else:
                y = min(max(y, top), bottom)
                x = left - 1 if wire.points[beside][0] < wire.points[end][0] else right + 1
                moved = [cells[end][1], cells[beside][1]]
                cells[end] = (x, y)
                if moved[0] != y and len(cells) > 2:
                    cells[beside] = (cells[beside][0], y)
        return cells

    def _into(self, wire: Wire, cell: tuple[int, int]) -> int:
        """Return the direction in which the box lies that a wire leads to."""
        left, top, right, bottom = self.edges[id(wire.target)]
        x, y = cell
        if y < top:
            return _BELOW
        if y > bottom:
            return _UP
        return _RIGHT if x < left else _LEFT if x > right else 0

    def _leave(self, wire: Wire, cell: tuple[int, int], solid: int) -> None:
        """Join a wire with the border of the box that it leaves."""
        left, top, right, bottom = self.edges[id(wire.source)]
        x, y = cell
        if y > bottom:
            self._mark(x, y, _UP | solid)
            border = "┬"
        elif y < top:
            self._mark(x, y, _BELOW | solid)
            border = "┴"
        else:
            self._mark(x, y, (_LEFT if x > right else _RIGHT) | solid)
            border = "├" if x > right else "┤"
        x, y = min(max(x, left), right), min(max(y, top), bottom)
        if self.rows.get(y, {}).get(x, " ") in "─│╌":
            self._put(x, y, border)

    def _label(self, wire: Wire) -> None:
        lines = wire.label
        top = floor((wire.at[1] - len(lines) * _DOWN / 2) / _DOWN + 0.5)
        for number, line in enumerate(lines):
            left = floor(wire.at[0] / _ACROSS - columns(line) / 2 + 0.5)
            self._write(left, top + number, line)

    def _write(self, column: int, row: int, line: str) -> None:
        for letter in line:
            taken = columns(letter)
            if taken:
                self._put(column, row, letter)
            elif column > 0:
                self._add(column - 1, row, letter)
            if taken == 2:
                self._put(column + 1, row, "")
            column += taken

    def _put(self, column: int, row: int, character: str) -> None:
        self.rows.setdefault(row, {})[column] = character

    def _add(self, column: int, row: int, letter: str) -> None:
        """Put what takes no column onto the letter before it."""
        cells = self.rows.get(row, {})
        while column > 0 and not cells.get(column):
            column -= 1
        if column in cells:
            cells[column] += letter


def _line(cells: dict[int, str]) -> str:
    """Return a row; where nothing was put is a space, and nothing follows the last that was put."""
    line: list[str] = []
    before = -1
    for column in sorted(cells):
        line.append(" " * (column - before - 1))
        line.append(cells[column])
        before = column
    return "".join(line).rstrip()


def _between(start: tuple[int, int], end: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Yield the cells from one to the other: across first where they lie on no line."""
    x, y = start
    while x != end[0]:
        x += 1 if end[0] > x else -1
        yield x, y
    while y != end[1]:
        y += 1 if end[1] > y else -1
        yield x, y
