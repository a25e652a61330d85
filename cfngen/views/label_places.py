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
        left, top, right, bottom = _area(label)
        moves = [(shift, 0.0) for shift in _SHIFTS] + [(0.0, shift) for shift in _SHIFTS]
        for across, down in moves:
            moved = (left + across, top + down, right + across, bottom + down)
            if not areas.touch(number, moved, clearance, besides=-2 - id(label)):
                label.x, label.y = label.x + across, label.y + down
                break
        else:
            is_separate = False
    return is_separate


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
