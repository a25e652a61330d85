"""Labels that another arrow touches: moved a little, or along their own line, or left where they are."""

from __future__ import annotations

from typing import Any

from cfngen.views.label_places import separate_labels
from cfngen.views.plan import Label, PlacedBox, Wire
from tests.rows import each_row

NO: Any = None
"""What the places of labels do not depend on."""


@each_row(
    ("other", "place"),
    [
        ([(0, 0), (9, 0)], (90, 50)),  # far away
        ([(107, 0), (107, 200)], (84, 50)),  # beside it: a little to the left
        ([(0, 61), (200, 61)], (90, 44)),  # across its lower edge: a little upward
        ([(0, 57), (200, 57)], (90, 34)),  # across its middle: along its own line
        ([(0, 40), (200, 40), (200, 57), (0, 57)], (90, 18)),
        ([(0, 9), (200, 9), (200, 57), (0, 57), (0, 29), (200, 29), (200, 45), (0, 45)], (90, 66)),
        ([(0, y) for y in range(0, 200, 9)], None),  # a thicket: it stays
    ],
)
def test_a_label_is_moved_off_the_line_of_another_arrow(other: Any, place: Any) -> None:
    label = Label(["x"], 90, 50, 20, 14)
    own = Wire(NO, NO, NO, [[(100, 0), (100, 50)], [(100, 64), (100, 200)]], label)
    line = [point for x, y in other for point in ((x, y), (200 - x, y))] if place is None else other
    assert separate_labels([own, Wire(NO, NO, NO, [line])], [], 2) is (place is not None)
    assert (label.x, label.y) == (place or (90, 50))


def test_a_label_is_not_moved_onto_a_box() -> None:
    label = Label(["x"], 90, 50, 20, 14)
    own = Wire(NO, NO, NO, [[(100, 0), (100, 50)], [(100, 64), (100, 200)]], label)
    box = PlacedBox(NO, 0, 60, 200, 60)
    assert separate_labels([own, Wire(NO, NO, NO, [[(0, 57), (200, 57)]])], [box], 2)
    assert (label.x, label.y) == (90, 34)
