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
