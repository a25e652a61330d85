"""The graph that the layout library gets, and the line of each arrow in its answer.

A label is a node of its own, so that no other line touches it. Where ranks are narrowed, long arrows from
one box, or to one box, share a line, which leads through joints: nodes of one pixel.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, TypeAlias

from cfngen.views.picture import END, START, Arrow
from cfngen.views.plan import Label, PlacedBox, Point

_WEIGHTS: Final = {"start": 4.0, "next": 4.0, "choice": 2.0, "default": 2.0, "catch": 1.0}
"""Arrows with a greater weight are shorter and straighter."""
_STRAIGHT, _FROM_LINE, _TO_LINE = 100.0, 8.0, 0.5
"""The weights of a shared line, and of the arrows from it and to it: boxes are near the line to them."""


Upright: TypeAlias = "tuple[float, float, float, int, int]"
"""A vertical part of a line: its place, its top and bottom, and the nodes that its edge joins."""

_BESIDE, _STEP = 24.0, 8.0
"""How far beside a shared line the layout leads what joins it, and how far lines are apart."""


class Routes:
    """The nodes are the boxes, then the labels, then the joints."""

    def __init__(
        self,
        boxes: Sequence[PlacedBox],
        arrows: Sequence[Arrow],
        labels: Sequence[Label | None],
        ranks: Sequence[int] | None = None,
    ) -> None:
        self.nodes = [
            _layout_node(
                number, placed.width, placed.height, {START: "first", END: "last"}.get(placed.box.type)
            )
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
        if ranks is not None:
            for node, rank in zip(self.nodes, ranks, strict=True):
                node["rank"] = {"fixed": rank}
                node["port_sides"] = "facing_only"
            self._share_lines(arrows, ranks, weights)
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
        upright = self._upright(drawn)
        for (source, target), number in self._joint_edges.items():
            line = drawn[number]
            if min(source, target) >= self._first_joint:
                if abs(centers[source][0] - centers[target][0]) < 1:
                    line[:] = [centers[source], (centers[source][0], centers[target][1])]
            elif source >= self._first_joint:
                line[:] = self._without_curl(source, centers[source], line, upright)
                sides[source, "source", line[-1][0] < line[0][0]].append(line)
            else:
                line.reverse()
                line[:] = self._without_curl(target, centers[target], line, upright)
                sides[target, "target", line[-1][0] < line[0][0]].append(line)
        for (_, end, _), lines in sides.items():
            plain = [line for line in lines if len(line) in (3, 4)]  # others keep away from something
            farthest = max(plain, key=lambda line: abs(line[-1][0] - line[0][0]), default=[])
            height = farthest[-2][1] if farthest else 0
            for line in plain:
                if line[-2][1] == height or self._is_free(line[-1][0], line[-2][1], height, nodes):
                    line[1:-1] = [(line[0][0], height), (line[-1][0], height)]
            for line in lines if end == "target" else ():
                line.reverse()

    def _upright(self, drawn: Sequence[list[Point]]) -> Mapping[int, list[Upright]]:
        """Return the vertical parts of all lines with the ends of their edges, by their place in steps."""
        uprights: defaultdict[int, list[Upright]] = defaultdict(list)
        for edge, line in zip(self.edges, drawn, strict=True) if self._joint_edges else ():
            for (x, y), (to_x, to_y) in pairwise(line):
                if x == to_x:
                    part = (x, min(y, to_y), max(y, to_y), edge["source"], edge["target"])
                    uprights[round(x / _STEP)].append(part)
        return uprights

    def _without_curl(
        self, joint: int, center: Point, line: Sequence[Point], upright: Mapping[int, list[Upright]]
    ) -> list[Point]:
        """Return a line that begins in a joint, without steps beside the line that the joint is on."""
        x = center[0]
        points = [center, *line[1:]]
        near = [part for step in (-1, 0, 1) for part in upright.get(round(x / _STEP) + step, ())]
        while len(points) > 4 and abs(points[2][0] - x) <= _BESIDE:
            low, high = sorted((points[1][1], points[3][1]))
            if any(
                abs(at - x) < _STEP / 2 and top < high and low < bottom and joint not in ends
                for at, top, bottom, *ends in near
            ):
                break
            points[1:4] = [(x, points[3][1])]
        return points

    def _is_free(self, x: float, y: float, to_y: float, nodes: Sequence[Mapping[str, Any]]) -> bool:
        """Return whether no box and no label is between two heights."""
        low, high = sorted((y, to_y))
        return not any(
            abs(node["center"]["x"] - x) < node["size"]["width"] / 2 + 2
            and low < node["center"]["y"] + node["size"]["height"] / 2
            and node["center"]["y"] - node["size"]["height"] / 2 < high
            for node in nodes[: self._first_joint]
        )

    def _share_lines(self, arrows: Sequence[Arrow], ranks: Sequence[int], weights: list[float]) -> None:
        """Lead long arrows from one box, or to one box, along one line: solid or dashed, up or down."""
        leaving: defaultdict[tuple[int, bool, bool], list[tuple[int, int]]] = defaultdict(list)
        reaching: defaultdict[tuple[int, bool, bool], list[tuple[int, int]]] = defaultdict(list)
        for index, arrow in enumerate(arrows):
            label = self._label_nodes.get(index, arrow.source)
            if abs(ranks[label] - ranks[arrow.source]) > 1:
                is_down = ranks[label] > ranks[arrow.source]
                leaving[arrow.source, arrow.kind == "catch", is_down].append((index, ranks[label]))
            if abs(ranks[arrow.target] - ranks[label]) > 1:
                is_down = ranks[arrow.target] > ranks[label]
                reaching[arrow.target, arrow.kind == "catch", is_down].append((index, ranks[label]))
        for (box, _, is_down), bundle in leaving.items():
            if len(bundle) > 1:
                for index, line in self._line(bundle, ranks[box], 1 if is_down else -1):
                    self._joints_before[index] = line
                    weights[index] = _FROM_LINE
        for (box, _, is_down), bundle in reaching.items():
            if len(bundle) > 1:
                for index, line in self._line(bundle, ranks[box], -1 if is_down else 1, is_reversed=True):
                    self._joints_after[index] = line
                    weights[index] = _TO_LINE

    def _line(
        self, bundle: Sequence[tuple[int, int]], rank: int, step: int, *, is_reversed: bool = False
    ) -> Iterator[tuple[int, list[int]]]:
        """Yield the joints of each arrow: those of the line from a rank to beside that of its other end."""
        line: list[int] = []
        reached = 0
        for index, other in sorted(bundle, key=lambda each: abs(each[1] - rank)):
            if (distance := abs(other - rank) - 1) > reached:
                reached = distance
                line.append(self._add_joint(rank + step * distance))
                if len(line) > 1:
                    before, joint = line[-2:]
                    self._edge(*((joint, before) if is_reversed else (before, joint)), _STRAIGHT)
            yield index, line[::-1] if is_reversed else [*line]

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

    def _add_joint(self, rank: int) -> int:
        """Add a joint, whose sides are free for the lines of other boxes of its rank."""
        joint = self._add_node(1, 1)
        self.nodes[joint] |= {"rank": {"fixed": rank}, "port_sides": "facing_only"}
        return joint

    def _add_node(self, width: float, height: float) -> int:
        self.nodes.append(_layout_node(len(self.nodes), width, height))
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
        else:
            kept[-1] = (after[0], kept[-1][1]) if axis == 0 else (kept[-1][0], after[1])
    return [*kept, *rest]


def _straight_axis(*points: Point) -> int | None:
    """Return the axis on which points have one place, two pixels apart at most."""
    spans = [max(places) - min(places) for places in zip(*points, strict=True)]
    return next((axis for axis, span in enumerate(spans) if span <= 2), None)


def _layout_node(number: int, width: float, height: float, rank: str | None = None) -> dict[str, Any]:
    node = {"key": str(number), "size": {"width": width, "height": height}, "shape": "box"}
    return {**node, "rank": rank} if rank else node
