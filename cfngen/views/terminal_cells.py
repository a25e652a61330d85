"""Where the lines and labels of a plan lie in the cells of a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import floor
from typing import TypeAlias

from cfngen.views.plan import Label, Point
from cfngen.views.text_metrics import column_count

ACROSS, DOWN = 8.0, 16.0
"""A column and a row in the unit of the layout, in which they are about as far apart as on a screen."""
UP, RIGHT, BELOW, LEFT = 1, 2, 4, 8
"""The directions in which a line leaves a cell; a cell has their sum."""

Cell: TypeAlias = "tuple[int, int]"
Edges: TypeAlias = "tuple[int, int, int, int]"
"""The left column, top row, right column and bottom row of a box or a label."""


def cells_of_line(line: Sequence[Point], source: Edges, target: Edges) -> list[Cell]:
    """Return the cells of a line, the first and the last just outside what it joins."""
    corners = [(floor(x / ACROSS + 1e-6), floor(y / DOWN + 1e-6)) for x, y in line]
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


def direction_towards(edges: Edges, cell: Cell) -> int:
    """Return the direction from a cell to a box or a label beside it."""
    left, top, right, bottom = edges
    x, y = cell
    if y < top:
        return BELOW
    if y > bottom:
        return UP
    return RIGHT if x < left else LEFT if x > right else 0


def unmoved_lines(label: Label) -> Iterator[tuple[int, int, str]]:
    """Yield the row, the left column and the text of each line of a label."""
    top = floor(label.y / DOWN + 0.5)
    middle = (label.x + label.width / 2) / ACROSS
    for number, line in enumerate(label.lines):
        yield top + number, floor(middle - column_count(line) / 2 + 0.5), line


def cells_near(label: Label) -> Iterator[Cell]:
    """Yield the cells of a label, and those around it that it may be moved to or touch."""
    for row, left, line in unmoved_lines(label):
        for column in range(left - 4, left + column_count(line) + 4):
            yield from ((column, near) for near in range(row - 2, row + 3))


def label_edges(label: Label) -> Edges:
    """Return the edges between which each line of a label has a letter."""
    lines = list(unmoved_lines(label))
    shortest = min(lines, key=lambda line: column_count(line[2]))
    return shortest[1], lines[0][0], shortest[1] + column_count(shortest[2]) - 1, lines[-1][0]


def _between(start: tuple[int, int], end: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Yield the cells from one to the other: first across, then down."""
    x, y = start
    while x != end[0]:
        x += 1 if end[0] > x else -1
        yield x, y
    while y != end[1]:
        y += 1 if end[1] > y else -1
        yield x, y
