"""A picture for a terminal: boxes and arrows of box-drawing characters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from math import floor
from typing import Final, TypeAlias

from cfngen.views.layout import Canvas, Face, lay_out
from cfngen.views.listing import list_states
from cfngen.views.picture import END, MISSING, START, Picture
from cfngen.views.plan import Label, Placed, Plan, Point, Wire
from cfngen.views.text_metrics import columns, wrap

_ACROSS, _DOWN = 8.0, 16.0
"""A column and a row in the unit of the layout, in which they are about as far apart as on a screen."""
_LINE_WIDTHS: Final = (40, 28, 18, 12)
"""Columns for the text in a box; the next one is tried if the drawing is too wide."""

_MAX_ARROW_CELLS: Final = 2_000_000

_UP, _RIGHT, _BELOW, _LEFT = 1, 2, 4, 8
_SOLID: Final = 16
"""A flag beside the directions: one of the lines through the cell is not dashed."""
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
_LABEL_SHIFTS: Final = ((0, 0), (1, 0), (-1, 0), (2, 0), (-2, 0), (3, 0), (-3, 0), (0, 1), (0, -1))
"""Columns and rows by which a label may be moved; its line still touches it."""
_OPPOSITE: Final = {_UP: _BELOW, _BELOW: _UP, _LEFT: _RIGHT, _RIGHT: _LEFT}
_DIRECTIONS: Final = {(0, -1): _UP, (0, 1): _BELOW, (-1, 0): _LEFT, (1, 0): _RIGHT}


Cell: TypeAlias = "tuple[int, int]"
Edges: TypeAlias = "tuple[int, int, int, int]"
"""The left column, top row, right column and bottom row of a box or a label."""


def text(picture: Picture, width: int | None = None) -> str:
    """Return a drawing of at most ``width`` columns, or a list if the drawing would be wider.

    Raises what ``lay_out`` raises.
    """
    for line_width in _LINE_WIDTHS:
        plan = lay_out(picture, canvas(line_width, width))
        if _cells_of(plan) > _MAX_ARROW_CELLS:
            break
        if width is None or round(plan.width / _ACROSS) <= width:
            return Screen(plan).draw()
    return list_states(picture, width)


def canvas(line_width: int, width: int | None) -> Canvas:
    """Return the canvas for texts of ``line_width`` columns in a terminal of ``width`` columns."""
    return Canvas(
        caption=_face(line_width, 3),
        name=_face(line_width, 20),
        label=_face(min(line_width, 30), 4),
        margin=(2 * _ACROSS, _DOWN),
        icon=0,
        mark=(9 * _ACROSS, _DOWN),
        frame=(2 * _ACROSS, _DOWN),
        row_width=(width or 160) * _ACROSS,
        label_margin=(_ACROSS, 0),
        label_clearance=1,
        spacing={
            "layer_gap": 3 * _DOWN,
            "node_gap": 4 * _ACROSS,
            "dummy_gap": 3 * _ACROSS,
            "port_gap": 3 * _ACROSS,
            "port_stroke_clear": 2 * _ACROSS,
            "stub": _DOWN,
            "bundle_lane_gap": _DOWN,
            "self_loop_gap": 2 * _ACROSS,
            "isolated_gap": 4 * _ACROSS,
        },
        options={"routing": {"lane_gap": _DOWN}},
    )


def _cells_of(plan: Plan) -> float:
    return sum(
        abs(after[0] - before[0]) / _ACROSS + abs(after[1] - before[1]) / _DOWN
        for wire in plan.wires
        for line in wire.lines
        for before, after in pairwise(line)
    )


def _face(line_width: int, max_lines: int) -> Face:
    def width(line: str) -> float:
        return columns(line) * _ACROSS

    return Face(
        width=width,
        height=_DOWN,
        wrap=partial(wrap, line_width=line_width, width=columns, max_lines=max_lines),
    )


class Screen:
    """Cells of one column each; the cell after a wide letter is empty."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.rows: dict[int, dict[int, str]] = {}
        self.directions: dict[Cell, int] = {}
        self.cells_near_labels = {
            cell for wire in plan.wires if wire.label for cell in _cells_near(wire.label)
        }
        self.wires_at: defaultdict[Cell, set[int]] = defaultdict(set)
        self.box_edges: dict[int, Edges] = {}

    def draw(self) -> str:
        """Return the drawing."""
        for placed in self.plan.boxes:
            self._box(placed)
        heads = [head for wire in self.plan.wires if (head := self._wire(wire))]
        for (column, row), directions in self.directions.items():
            character = _CORNERS[directions & ~_SOLID]
            dashed = not directions & _SOLID
            self._put(column, row, _DASHED.get(character, character) if dashed else character)
        for wire in self.plan.wires:
            for row, left, line in self.label_lines(wire):
                self._write(left, row, line)
        for column, row, character in heads:
            self._put(column, row, character)
        last = max(self.rows, default=-1)
        return "".join(f"{_line(self.rows.get(row, {}))}\n" for row in range(last + 1))

    def _box(self, placed: Placed) -> None:
        left, top = round(placed.x / _ACROSS), round(placed.y / _DOWN)
        width, height = round(placed.width / _ACROSS), round(placed.height / _DOWN)
        self.box_edges[id(placed.box)] = (left, top, left + width - 1, top + height - 1)
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
        """Draw the lines of a wire, and return its head."""
        stops = [self.box_edges[id(wire.source)], self.box_edges[id(wire.target)]]
        if wire.label:
            stops.insert(1, _label_edges(wire.label))
        solid = 0 if wire.arrow.kind == "catch" else _SOLID
        head = None
        for line, (source, target) in zip(wire.lines, pairwise(stops), strict=True):
            cells = _cells(line, source, target)
            for cell in self.cells_near_labels.intersection(cells):
                self.wires_at[cell].add(id(wire))
            direction = 0
            for (x, y), (next_x, next_y) in pairwise(cells):
                direction = _DIRECTIONS[next_x - x, next_y - y]
                self._mark(x, y, direction | solid)
                self._mark(next_x, next_y, _OPPOSITE[direction] | solid)
            direction = _towards(target, cells[-1]) or direction
            self._leave(source, cells[0], solid)
            if not direction:
                continue
            self._mark(*cells[-1], _OPPOSITE[direction] | solid)
            if target is stops[-1]:
                head = (*cells[-1], _HEADS[direction])
            else:
                self._mark(*cells[-1], direction | solid)
        return head

    def _mark(self, x: int, y: int, directions: int) -> None:
        self.directions[x, y] = self.directions.get((x, y), 0) | directions

    def _leave(self, edges: Edges, cell: Cell, solid: int) -> None:
        """Join a line with the border of the box that it leaves."""
        left, top, right, bottom = edges
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

    def label_lines(self, wire: Wire) -> list[tuple[int, int, str]]:
        """Return the row, the left column and the text of each line of a label.

        It is moved if the line of another wire runs there.
        """
        if wire.label is None:
            return []
        lines = list(_unmoved_lines(wire.label))
        for across, down in _LABEL_SHIFTS:
            cells = [
                (left + across + column, row + down)
                for row, left, line in lines
                for column in range(columns(line))
            ]
            if all(self.wires_at.get(cell, set()) <= {id(wire)} for cell in cells):
                break
        else:
            across, down = _LABEL_SHIFTS[0]
        return [(row + down, left + across, line) for row, left, line in lines]

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
        """Add a mark of no columns to the letter before it."""
        cells = self.rows.get(row, {})
        while column > 0 and not cells.get(column):
            column -= 1
        if column in cells:
            cells[column] += letter


def _cells(line: Sequence[Point], source: Edges, target: Edges) -> list[Cell]:
    """Return the cells of a line, the first and the last just outside what it joins."""
    corners = [(floor(x / _ACROSS + 1e-6), floor(y / _DOWN + 1e-6)) for x, y in line]
    for (left, top, right, bottom), end, beside in ((source, 0, 1), (target, -1, -2)):
        x, y = corners[end]
        before = corners[end]
        if line[end][0] == line[beside][0]:
            y = top - 1 if line[beside][1] < line[end][1] else bottom + 1
            corners[end] = (x, y)
            if not left <= x <= right:
                corners.insert(end if end == 0 else len(corners), (min(max(x, left), right), y))
        else:
            y = min(max(y, top), bottom)
            x = left - 1 if line[beside][0] < line[end][0] else right + 1
            corners[end] = (x, y)
            if before[1] != y and len(corners) > 2:
                corners[beside] = (corners[beside][0], y)
    cells = [corners[0]]
    for corner in corners[1:]:
        cells += _between(cells[-1], corner)
    return cells


def _towards(edges: Edges, cell: Cell) -> int:
    """Return the direction from a cell to a box or a label beside it."""
    left, top, right, bottom = edges
    x, y = cell
    if y < top:
        return _BELOW
    if y > bottom:
        return _UP
    return _RIGHT if x < left else _LEFT if x > right else 0


def _unmoved_lines(label: Label) -> Iterator[tuple[int, int, str]]:
    """Yield the row, the left column and the text of each line of a label."""
    top = floor(label.y / _DOWN + 0.5)
    middle = (label.x + label.width / 2) / _ACROSS
    for number, line in enumerate(label.lines):
        yield top + number, floor(middle - columns(line) / 2 + 0.5), line


def _cells_near(label: Label) -> Iterator[Cell]:
    """Yield the cells of a label, and those around it that it may be moved to or touch."""
    for row, left, line in _unmoved_lines(label):
        for column in range(left - 4, left + columns(line) + 4):
            yield from ((column, near) for near in range(row - 2, row + 3))


def _label_edges(label: Label) -> Edges:
    lines = list(_unmoved_lines(label))
    shortest = min(lines, key=lambda line: columns(line[2]))
    return shortest[1], lines[0][0], shortest[1] + columns(shortest[2]) - 1, lines[-1][0]


def _line(cells: dict[int, str]) -> str:
    """Return a row, with spaces for empty cells and none at the end."""
    line: list[str] = []
    before = -1
    for column in sorted(cells):
        line.append(" " * (column - before - 1))
        line.append(cells[column])
        before = column
    return "".join(line).rstrip()


def _between(start: tuple[int, int], end: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Yield the cells from one to the other: first across, then down."""
    x, y = start
    while x != end[0]:
        x += 1 if end[0] > x else -1
        yield x, y
    while y != end[1]:
        y += 1 if end[1] > y else -1
        yield x, y
