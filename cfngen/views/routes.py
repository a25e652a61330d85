"""The graph that the layout library gets, and the line of each arrow in its answer.

A label is a node of its own, so that no other line touches it. Lines that several arrows share lead through
joints, which are nodes of one pixel.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from cfngen.views.picture import END, START, Arrow
from cfngen.views.plan import Label, Placed, Point
from cfngen.views.ways import Fan, fans

_WEIGHTS: Final = {"start": 4.0, "next": 4.0, "choice": 2.0, "default": 2.0, "catch": 1.0}
"""Arrows with a greater weight are shorter and straighter."""
_STRAIGHT, _HANGING, _LEAVING = 100.0, 8.0, 0.5
"""The weights of lines between joints, to the boxes of a row, and from there, so that rows stay apart."""


class Routes:
    """The nodes are the boxes, then the labels, then the joints."""

    def __init__(
        self,
        boxes: Sequence[Placed],
        arrows: Sequence[Arrow],
        labels: Sequence[Label | None],
        gap: float,
        limit: float,
    ) -> None:
        self.nodes = [
            _node(number, placed.width, placed.height, {START: "first", END: "last"}.get(placed.box.type))
            for number, placed in enumerate(boxes)
        ]
        self.edges: list[dict[str, Any]] = []
        self._label_nodes = {
            index: self._add_node(label.width, label.height) for index, label in enumerate(labels) if label
        }
        self._first_joint = len(self.nodes)
        self._joint_edges: dict[tuple[int, int], int] = {}
        self._joints_before: dict[int, list[int]] = {}
        self._joints_after: dict[int, list[int]] = {}
        weights = [_WEIGHTS[arrow.kind] for arrow in arrows]
        widths = [
            max(boxes[arrow.target].width, label.width if label else 0)
            for arrow, label in zip(arrows, labels, strict=True)
        ]
        for fan in fans(arrows, widths, gap, limit):
            self._hang(fan, weights)
            self._join(fan, arrows, weights)
        self._parts = [
            self._parts_of(*each) for each in zip(range(len(arrows)), arrows, weights, strict=True)
        ]

    def graph(self) -> dict[str, Any]:
        """Return the graph for the layout library."""
        return {"nodes": self.nodes, "edges": self.edges}

    def lines(
        self, nodes: Sequence[Mapping[str, Any]], edges: Sequence[Mapping[str, Any]]
    ) -> list[list[list[Point]]]:
        """Return the line of each arrow, or that to its label and that from there."""
        drawn = [[(point["x"], point["y"]) for point in edge["points"]] for edge in edges]
        centers = [(node["center"]["x"], node["center"]["y"]) for node in nodes]
        self._align(drawn, centers, nodes)
        return [
            [
                drawn[numbers[0]]
                if len(numbers) == 1
                else without_joints([point for number in numbers for point in drawn[number]])
                for numbers in parts
            ]
            for parts in self._parts
        ]

    def _align(
        self, drawn: Sequence[list[Point]], centers: Sequence[Point], nodes: Sequence[Mapping[str, Any]]
    ) -> None:
        """Move the lines at a joint to one height: that of the farthest one on each side."""
        sides: defaultdict[tuple[int, str, bool], list[list[Point]]] = defaultdict(list)
        for (source, target), number in self._joint_edges.items():
            line = drawn[number]
            if min(source, target) >= self._first_joint:
                if abs(centers[source][0] - centers[target][0]) < 1:
                    line[:] = [centers[source], (centers[source][0], centers[target][1])]
            elif source >= self._first_joint:
                line[0] = centers[source]
                sides[source, "source", line[-1][0] < line[0][0]].append(line)
            else:
                line.reverse()
                line[0] = centers[target]
                sides[target, "target", line[-1][0] < line[0][0]].append(line)
        for (_, end, _), lines in sides.items():
            plain = [line for line in lines if len(line) in (3, 4)]  # others keep away from something
            farthest = max(plain, key=lambda line: abs(line[-1][0] - line[0][0]), default=[])
            height = farthest[-2][1] if farthest else 0
            for line in plain:
                if self._is_free(line[-1][0], line[-2][1], height, nodes):
                    line[1:-1] = [(line[0][0], height), (line[-1][0], height)]
            for line in lines if end == "target" else ():
                line.reverse()

    def _is_free(self, x: float, y: float, to_y: float, nodes: Sequence[Mapping[str, Any]]) -> bool:
        """Return whether no box and no label is between two heights."""
        low, high = sorted((y, to_y))
        return not any(
            abs(node["center"]["x"] - x) < node["size"]["width"] / 2 + 2
            and low < node["center"]["y"] + node["size"]["height"] / 2
            and node["center"]["y"] - node["size"]["height"] / 2 < high
            for node in nodes[: self._first_joint]
        )

    def _hang(self, fan: Fan, weights: list[float]) -> None:
        """Let the ways of each row hang from a joint, and the joints from one line."""
        line = [self._add_joint()]
        for row in fan.rows:
            for way in row.ways:
                self._joints_before[way] = [*line]
                weights[way] = _HANGING
            line += [self._add_joint() for _ in range(row.ranks)]
        for ends in pairwise(line):
            self._edge(*ends, _STRAIGHT)  # also beside the last row, which then has the place of the others

    def _join(self, fan: Fan, arrows: Sequence[Arrow], weights: list[float]) -> None:
        """Let the ways out of each row to one box end in a joint below it, and the joints in one line."""
        for ways in fan.leaving(arrows).values():
            for way in (way for row in ways for way in row):
                weights[way] = _LEAVING
            if sum(map(len, ways)) <= len(fan.rows):
                continue
            line: list[int] = []
            ranks = 0
            leads_back = arrows[next(way for row in ways for way in row)].target in fan.earlier
            for row, leaving in zip(reversed(fan.rows), reversed(ways), strict=True):
                if leads_back:
                    line = [self._add_joint()]
                elif line or leaving:
                    line = [*(self._add_joint() for _ in range(ranks or 1)), *line]
                    ranks = row.ranks
                    for ends in pairwise(line):
                        self._edge(*ends, _STRAIGHT)
                for way in leaving:
                    self._joints_after.setdefault(way, line)

    def _parts_of(self, index: int, arrow: Arrow, weight: float) -> list[list[int]]:
        """Return the edges of an arrow: in one list, or in one to its label and one from there."""
        before, after = self._joints_before.get(index, []), self._joints_after.get(index, [])
        stops = [[arrow.source, *before, *after, arrow.target]]
        if (label := self._label_nodes.get(index)) is not None:
            stops = [[arrow.source, *before, label], [label, *after, arrow.target]]
        return [[self._edge(*ends, weight) for ends in pairwise(part)] for part in stops]

    def _edge(self, source: int, target: int, weight: float) -> int:
        """Return the number of an edge, a new one if it does not join a joint that has it."""
        number = self._joint_edges.get((source, target), len(self.edges))
        if number == len(self.edges):
            self.edges.append({"source": source, "target": target, "weight": weight})
            if max(source, target) >= self._first_joint:
                self._joint_edges[source, target] = number
        return number

    def _add_joint(self) -> int:
        return self._add_node(1, 1)

    def _add_node(self, width: float, height: float) -> int:
        self.nodes.append(_node(len(self.nodes), width, height))
        return len(self.nodes) - 1


def without_joints(line: Sequence[Point]) -> list[Point]:
    """Return a line without points between others in a row, and without the way to a joint and back."""
    kept, rest = [line[0]], list(line[1:])
    while len(rest) > 1:
        point, after = rest[:2]
        del rest[0]
        axis = _straight_axis(kept[-1], point, after)
        if axis is None:
            kept.append(point)
        elif len(rest) > 1:  # a joint is a pixel wide
            rest[0] = (kept[-1][0], after[1]) if axis == 0 else (after[0], kept[-1][1])
    return [*kept, *rest]


def _straight_axis(*points: Point) -> int | None:
    """Return the axis on which points have one place, two pixels apart at most."""
    spans = [max(places) - min(places) for places in zip(*points, strict=True)]
    return next((axis for axis, span in enumerate(spans) if span <= 2), None)


def _node(number: int, width: float, height: float, rank: str | None = None) -> dict[str, Any]:
    node = {"key": str(number), "size": {"width": width, "height": height}, "shape": "box"}
    return {**node, "rank": rank} if rank else node
