"""Labels that the line of another arrow touches are moved along, until each touches its own line alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise, product
from typing import Final, TypeAlias

from cfngen.views.plan import Label, PlacedBox, Wire

Area: TypeAlias = "tuple[float, float, float, float]"
"""Left, top, right, bottom."""

_SQUARE: Final = 200.0
_SHIFTS: Final = (2.0, -2.0, 4.0, -4.0, 6.0, -6.0)
"""Distances by which a label may be moved; its own line is still near."""
_SLIDE: Final = 8.0
_MAX_SLIDES: Final = 20
"""How far it may be moved along its own line, and in how many steps."""


def separate_labels(wires: Sequence[Wire], boxes: Sequence[PlacedBox], clearance: float) -> bool:
    """Move labels that are nearer than ``clearance`` to other lines; return whether none is left.

    A label is moved by a few units only, and never onto a box or another label.
    """
    areas = _Areas()
    for number, wire in enumerate(wires):
        for line in wire.lines:
            for (x, y), (next_x, next_y) in pairwise(line):
                areas.add(number, (min(x, next_x), min(y, next_y), max(x, next_x), max(y, next_y)))
    for box in boxes:
        areas.add(-1, (box.x, box.y, box.x + box.width, box.y + box.height))
    is_separate = True
    labels = [(number, wire.label) for number, wire in enumerate(wires) if wire.label]
    touched = [(number, label) for number, label in labels if areas.touch(number, _area(label), clearance)]
    for _, label in labels if touched else ():
        areas.add(-2 - id(label), _area(label))
    for number, label in touched:
        for across, down in _moves(wires[number], _area(label)):
            moved = (
                label.x + across,
                label.y + down,
                label.x + label.width + across,
                label.y + label.height + down,
            )
            if not areas.touch(number, moved, clearance, besides=-2 - id(label)):
                label.x, label.y = moved[:2]
                break
        else:
            is_separate = False
    return is_separate


def _moves(wire: Wire, area: Area) -> Iterator[tuple[float, float]]:
    """Yield how far a label may be moved, across and down: a little, or along its own line."""
    for shift in _SHIFTS:
        yield shift, 0.0
    for shift in _SHIFTS:
        yield 0.0, shift
    left, top, right, bottom = area
    for line in wire.lines:
        for (x, y), (next_x, next_y) in pairwise(line):
            low, high = sorted((y, next_y))
            if x == next_x and left - 1 <= x <= right + 1 and low <= bottom and top <= high:
                yield from ((0.0, shift) for shift in _slides(low - top, high - bottom))
            low, high = sorted((x, next_x))
            if y == next_y and top - 1 <= y <= bottom + 1 and low <= right and left <= high:
                yield from ((shift, 0.0) for shift in _slides(low - left, high - right))


def _slides(least: float, most: float) -> list[float]:
    """Return shifts between these bounds, the shortest first."""
    slides = [step * sign * _SLIDE for step in range(1, _MAX_SLIDES) for sign in (1.0, -1.0)]
    return [shift for shift in slides if least <= shift <= most]


def _area(label: Label) -> Area:
    return label.x, label.y, label.x + label.width, label.y + label.height


class _Areas:
    """Areas with their owners, found by the squares that they are in."""

    def __init__(self) -> None:
        self._squares: defaultdict[tuple[int, int], list[tuple[int, Area]]] = defaultdict(list)

    def add(self, owner: int, area: Area) -> None:
        for square in _squares(area):
            self._squares[square].append((owner, area))

    def touch(self, owner: int, area: Area, clearance: float, *, besides: int | None = None) -> bool:
        """Return whether an area of another owner than these two is nearer than ``clearance``."""
        left, top, right, bottom = area
        left, top, right, bottom = left - clearance, top - clearance, right + clearance, bottom + clearance
        return any(
            other_left < right and left < other_right and other_top < bottom and top < other_bottom
            for square in _squares((left, top, right, bottom))
            for other, (other_left, other_top, other_right, other_bottom) in self._squares.get(square, ())
            if other not in (owner, besides)
        )


def _squares(area: Area) -> Iterator[tuple[int, int]]:
    left, top, right, bottom = (int(edge // _SQUARE) for edge in area)
    return product(range(left, right + 1), range(top, bottom + 1))
