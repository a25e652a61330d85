"""A picture for a terminal: boxes and arrows of box-drawing characters."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from itertools import pairwise
from typing import Final

from cfngen.views.layout import Canvas, Face, lay_out
from cfngen.views.listing import list_states
from cfngen.views.picture import END, MISSING, START, Picture
from cfngen.views.plan import DrawingPlan, PlacedBox, Wire
from cfngen.views.terminal_cells import (
    ACROSS,
    BELOW,
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Cell,
    Edges,
    cells_near,
    cells_of_line,
    direction_towards,
    label_edges,
    unmoved_lines,
)
from cfngen.views.text_metrics import clusters, column_count, wrap_names

_LINE_WIDTHS: Final = (40, 28, 18, 12)
"""Columns for the text in a box; the next one is tried if the drawing is too wide."""

_MAX_ARROW_CELLS: Final = 2_000_000

_SOLID: Final = 16
"""A flag beside the directions: one of the lines through the cell is not dashed."""
_CORNERS: Final = {
    UP | BELOW: "│",
    LEFT | RIGHT: "─",
    RIGHT | BELOW: "╭",
    LEFT | BELOW: "╮",
    UP | RIGHT: "╰",
    UP | LEFT: "╯",
    UP | BELOW | RIGHT: "├",
    UP | BELOW | LEFT: "┤",
    LEFT | RIGHT | BELOW: "┬",
    LEFT | RIGHT | UP: "┴",
    UP | RIGHT | BELOW | LEFT: "┼",
    UP: "│",
    BELOW: "│",
    LEFT: "─",
    RIGHT: "─",
}
_DASHED: Final = {"│": "╎", "─": "╌"}
_CHARACTERS: Final = {
    **{directions: _DASHED.get(character, character) for directions, character in _CORNERS.items()},
    **{directions | _SOLID: character for directions, character in _CORNERS.items()},
}
_HEADS: Final = {BELOW: "▼", UP: "▲", RIGHT: "▶", LEFT: "◀"}
_LABEL_SHIFTS: Final = ((0, 0), (1, 0), (-1, 0), (2, 0), (-2, 0), (3, 0), (-3, 0), (0, 1), (0, -1))
"""Columns and rows by which a label may be moved; its line still touches it."""
_OPPOSITE: Final = {UP: BELOW, BELOW: UP, LEFT: RIGHT, RIGHT: LEFT}
_DIRECTIONS: Final = {(0, -1): UP, (0, 1): BELOW, (-1, 0): LEFT, (1, 0): RIGHT}


def terminal_text(picture: Picture, width: int | None = None) -> str:
    """Return a drawing of at most ``width`` columns, or a list if the drawing would be wider.

    Raises what ``lay_out`` raises.
    """
    for line_width in _LINE_WIDTHS:
        plan = lay_out(picture, canvas(line_width, width))
        if _cells_of(plan) > _MAX_ARROW_CELLS:
            break
        if width is not None and round(plan.width / ACROSS) > width:
            continue
        drawing = Screen(plan).draw()
        if (
            width is None or max(map(column_count, drawing.splitlines())) <= width
        ):  # a line may run at the edge
            return drawing
    return list_states(picture, width)


def canvas(line_width: int, width: int | None) -> Canvas:
    """Return the canvas for texts of ``line_width`` columns in a terminal of ``width`` columns."""
    return Canvas(
        caption=_terminal_face(line_width, 3),
        name=_terminal_face(line_width, 20),
        label=_terminal_face(min(line_width, 30), 4, line_width),
        margin=(2 * ACROSS, DOWN),
        icon=0,
        mark=(9 * ACROSS, DOWN),
        frame=(2 * ACROSS, DOWN),
        row_width=(width or 160) * ACROSS,
        label_margin=(ACROSS, 0),
        label_clearance=1,
        spacing={
            "layer_gap": 3 * DOWN,
            "node_gap": 4 * ACROSS,
            "dummy_gap": 3 * ACROSS,
            "port_gap": 3 * ACROSS,
            "port_stroke_clear": 2 * ACROSS,
            "stub": DOWN,
            "bundle_lane_gap": DOWN,
            "self_loop_gap": 2 * ACROSS,
            "isolated_gap": 4 * ACROSS,
        },
        options={"routing": {"lane_gap": DOWN}},
    )


def _cells_of(plan: DrawingPlan) -> float:
    return sum(
        abs(after[0] - before[0]) / ACROSS + abs(after[1] - before[1]) / DOWN
        for wire in plan.wires
        for line in wire.lines
        for before, after in pairwise(line)
    )


def _terminal_face(line_width: int, max_lines: int, longest: int = 0) -> Face:
    def width(line: str) -> float:
        return column_count(line) * ACROSS

    return Face(
        width=width,
        height=DOWN,
        wrap=partial(
            wrap_names, line_width=line_width, width=column_count, max_lines=max_lines, longest=longest
        ),
    )


class Screen:
    """Cells of one column each; the cells after the first one of a wide letter are empty."""

    def __init__(self, plan: DrawingPlan) -> None:
        self.plan = plan
        self.rows: defaultdict[int, dict[int, str]] = defaultdict(dict)
        self.directions: dict[Cell, int] = {}
        self.cells_near_labels: set[Cell] = {
            cell for wire in plan.wires if wire.label for cell in cells_near(wire.label)
        }
        self.wires_at: defaultdict[Cell, set[int]] = defaultdict(set)
        self.box_edges: dict[int, Edges] = {}

    def draw(self) -> str:
        """Return the drawing."""
        for placed in self.plan.boxes:
            self._box(placed)
        heads = [head for wire in self.plan.wires if (head := self._wire(wire))]
        for (column, row), directions in self.directions.items():
            self.rows[row][column] = _CHARACTERS[directions]
        for wire in self.plan.wires:
            for row, left, line in self.label_lines(wire):
                self._write(left, row, line)
        for column, row, character in heads:
            self._put(column, row, character)
        last = max(self.rows, default=-1)
        return "".join(f"{_row_text(self.rows[row])}\n" for row in range(last + 1))

    def _box(self, placed: PlacedBox) -> None:
        left, top = round(placed.x / ACROSS), round(placed.y / DOWN)
        width, height = round(placed.width / ACROSS), round(placed.height / DOWN)
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
            stops.insert(1, label_edges(wire.label))
        solid = 0 if wire.arrow.kind == "catch" else _SOLID
        head = None
        for line, (source, target) in zip(wire.lines, pairwise(stops), strict=True):
            cells = cells_of_line(line, source, target)
            for cell in self.cells_near_labels.intersection(cells):
                self.wires_at[cell].add(id(wire))
            direction = came_from = 0
            directions = self.directions  # of a million cells in a large drawing
            for cell, (next_x, next_y) in pairwise(cells):
                direction = _DIRECTIONS[next_x - cell[0], next_y - cell[1]]
                directions[cell] = directions.get(cell, 0) | came_from | direction | solid
                came_from = _OPPOSITE[direction]
            direction = direction_towards(target, cells[-1]) or direction
            self._leave(source, cells[0], solid)
            if direction and target is stops[-1]:
                head = (*cells[-1], _HEADS[direction])
            if direction:
                self._mark(cells[-1], came_from | direction | solid)
        return head

    def _mark(self, cell: Cell, directions: int) -> None:
        self.directions[cell] = self.directions.get(cell, 0) | directions

    def _leave(self, edges: Edges, cell: Cell, solid: int) -> None:
        """Join a line with the border of the box that it leaves."""
        left, top, right, bottom = edges
        x, y = cell
        if y > bottom:
            self._mark(cell, UP | solid)
            border = "┬"
        elif y < top:
            self._mark(cell, BELOW | solid)
            border = "┴"
        else:
            self._mark(cell, (LEFT if x > right else RIGHT) | solid)
            border = "├" if x > right else "┤"
        x, y = min(max(x, left), right), min(max(y, top), bottom)
        if self.rows[y].get(x, " ") in "─│╌":
            self._put(x, y, border)

    def label_lines(self, wire: Wire) -> list[tuple[int, int, str]]:
        """Return the row, the left column and the text of each line of a label.

        It is moved if the line of another wire runs there.
        """
        if wire.label is None:
            return []
        lines = list(unmoved_lines(wire.label))
        for across, down in _LABEL_SHIFTS:
            cells = [
                (left + across + column, row + down)
                for row, left, line in lines
                for column in range(column_count(line))
            ]
            if all(self.wires_at.get(cell, set()) <= {id(wire)} for cell in cells):
                break
        else:
            across, down = _LABEL_SHIFTS[0]
        return [(row + down, left + across, line) for row, left, line in lines]

    def _write(self, column: int, row: int, line: str) -> None:
        for cluster in clusters(line):
            width_used = column_count(cluster)
            if width_used:
                self._put(column, row, cluster)
            elif column > 0:
                self._add(column - 1, row, cluster)
            for beside in range(column + 1, column + width_used):
                self._put(beside, row, "")
            column += width_used

    def _put(self, column: int, row: int, character: str) -> None:
        self.rows[row][column] = character

    def _add(self, column: int, row: int, letter: str) -> None:
        """Add a mark of no columns to the letter before it."""
        cells = self.rows[row]
        while column > 0 and not cells.get(column):
            column -= 1
        if column in cells:
            cells[column] += letter


def _row_text(cells: dict[int, str]) -> str:
    """Return a row, with spaces for empty cells and none at the end."""
    line: list[str] = []
    before = -1
    for column in sorted(cells):
        line.append(" " * (column - before - 1))
        line.append(cells[column])
        before = column
    return "".join(line).rstrip()
