"""Lines that several arrows share are drawn once: dashes on dashes would be no dashes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from cfngen.views.plan import Point


class Strokes:
    """The parts of lines that were drawn, by the kind of the line."""

    def __init__(self) -> None:
        self._drawn: defaultdict[tuple[str, int, float], list[tuple[float, float]]] = defaultdict(list)

    def add(self, kind: str, line: Sequence[Point]) -> list[list[Point]]:
        """Return the parts of a line that were not drawn before."""
        runs: list[list[Point]] = []
        for start, end in pairwise(line):
            for first, last in self._parts(kind, start, end):
                if runs and runs[-1][-1] == first:
                    runs[-1].append(last)
                else:
                    runs.append([first, last])
        return runs

    def _parts(self, kind: str, start: Point, end: Point) -> Iterator[tuple[Point, Point]]:
        across = 0 if start[1] == end[1] else 1
        drawn = self._drawn[kind, across, start[1 - across]]
        if start[1 - across] != end[1 - across]:
            yield start, end
            return
        low, high = sorted((start[across], end[across]))
        free = [(low, high)]
        for drawn_low, drawn_high in drawn:
            free = [
                part
                for part_low, part_high in free
                for part in ((part_low, min(part_high, drawn_low)), (max(part_low, drawn_high), part_high))
                if part[0] < part[1]
            ]
        drawn.append((low, high))
        forward = start[across] <= end[across]
        for ends in sorted(free, reverse=not forward):
            first, last = ends if forward else ends[::-1]
            yield (
                ((first, start[1]), (last, start[1]))
                if across == 0
                else ((start[0], first), (start[0], last))
            )


def rounded(points: Sequence[Point], radius: float = 6) -> str:
    """Return a path through points, with its corners rounded."""
    steps = [f"M{_coordinates(points[0])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        reach = min(radius, _distance(before, corner) / 2, _distance(corner, after) / 2)
        steps.append(f"L{_coordinates(_towards(corner, before, reach))}")
        steps.append(f"Q{_coordinates(corner)} {_coordinates(_towards(corner, after, reach))}")
    steps.append(f"L{_coordinates(points[-1])}")
    return "".join(steps)


def _distance(one: Point, other: Point) -> float:
    return max(abs(one[0] - other[0]), abs(one[1] - other[1]))


def _towards(start: Point, end: Point, reach: float) -> Point:
    far = _distance(start, end)
    share = reach / far if far else 0
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _coordinates(point: Point) -> str:
    return f"{one_decimal(point[0])} {one_decimal(point[1])}"


def one_decimal(value: float) -> str:
    """Return a number with at most one decimal."""
    return f"{round(value, 1) + 0.0:g}" if abs(value) < 1e5 else f"{value:.0f}"
