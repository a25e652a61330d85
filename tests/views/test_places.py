"""Where boxes and labels are put: in which ranks, and beside which lines."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cfngen.views import layout
from cfngen.views.drawing import Drawing
from cfngen.views.label_places import separate_labels
from cfngen.views.labels import title
from cfngen.views.page_data import duration_text, moment
from cfngen.views.picture import Arrow, Box
from cfngen.views.plan import Label, PlacedBox, Wire
from cfngen.views.ranks import least_ranks, narrow_ranks
from cfngen.views.routes import without_joints
from cfngen.views.svg import CANVAS
from cfngen.views.terminal_cells import (
    ACROSS,
    BELOW,
    DOWN,
    LEFT,
    RIGHT,
    UP,
    cells_of_line,
    direction_towards,
)
from tests.rings import examples
from tests.rows import each_row
from tests.views.machines import chain

BOX: Any = Box("B", "Pass")
ARROW = Arrow(0, 1, "next")
NEAR = [(9.5, -200.0), (9.5, 300.0)]


def labelled(lines: list[Any], label: Label | None = None) -> Wire:
    return Wire(ARROW, BOX, BOX, lines, label)


@each_row(
    ("boxes", "place"),
    [
        ([], (12, 10)),
        ([(33, 0, 20, 100)], (12, 10)),
        ([(32.5, 0, 20, 100)], (10, 10)),
        ([(32.5, 0, 20, 9)], (12, 10)),
        ([(32.5, 21, 20, 9)], (12, 10)),
        ([(32.5, 20.5, 20, 9)], (10, 10)),
        ([(-300, 5, 600, 1)], (12, 10)),
        ([(-300, 9, 600, 1)], (10, 10)),
    ],
    ids=str,
)
def test_a_label_is_moved_from_the_line_of_another_arrow_and_onto_no_box(
    boxes: list[tuple[float, float, float, float]], place: tuple[float, float]
) -> None:
    label = Label(("text",), 10, 10, 20, 10)
    wires = [labelled([[(40, 15), (60, 15)]], label), labelled([NEAR])]
    is_separate = separate_labels(wires, [PlacedBox(BOX, *box) for box in boxes], 1)
    assert ((label.x, label.y), is_separate) == (place, place != (10, 10))


def test_a_label_stays_at_its_own_line_and_is_moved_onto_no_other_label() -> None:
    label, beside = Label(("text",), 10, 10, 20, 10), Label(("other",), 33, 10, 20, 10)
    assert separate_labels([labelled([NEAR], label)], [], 1)
    assert (label.x, label.y) == (10, 10)
    wires = [labelled([], label), labelled([NEAR]), labelled([], beside)]
    assert separate_labels(wires, [], 1)
    assert (label.x, beside.x) == (12, 33)
    label.x, beside.x = 10, 32.5
    assert not separate_labels(wires, [], 1)
    assert (label.x, beside.x) == (10, 32.5)


arrows = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=9, unique=True)


@examples(100)
@given(arrows, st.lists(st.integers(1, 4), min_size=6, max_size=6), st.data())
def test_ranks_are_no_wider_than_their_limit_and_arrows_lead_down(
    pairs: list[tuple[int, int]], widths: list[int], data: st.DataObject
) -> None:
    drawn = [Arrow(source, target, "next") for source, target in pairs]
    with_label = data.draw(st.sets(st.sampled_from(range(len(drawn))))) if drawn else set()
    label_of = {edge: 6 + number for number, edge in enumerate(sorted(with_label))}
    every = [
        *widths,
        *data.draw(st.lists(st.integers(1, 3), min_size=len(label_of), max_size=len(label_of))),
    ]
    ranks = narrow_ranks(drawn, label_of, every, 5, None)
    least = least_ranks(drawn, 6)
    assert min(ranks) >= 0
    for rank in set(ranks):
        inside = [width for width, at in zip(every, ranks, strict=True) if at == rank]
        assert sum(inside) <= 5 or len(inside) == 1
    for edge, arrow in enumerate(drawn):
        if least[arrow.source] < least[arrow.target]:
            between = [ranks[label_of[edge]]] if edge in label_of else []
            way = [ranks[arrow.source], *between, ranks[arrow.target]]
            assert way == sorted({*way})


@each_row(
    ("cell", "direction"),
    [
        ((1, 3), RIGHT),
        ((2, 3), 0),
        ((6, 3), 0),
        ((7, 3), LEFT),
        ((4, 1), BELOW),
        ((4, 2), 0),
        ((4, 4), 0),
        ((4, 5), UP),
        ((1, 1), BELOW),
        ((7, 5), UP),
    ],
)
def test_a_line_that_ends_beside_a_box_leads_to_it(cell: tuple[int, int], direction: int) -> None:
    assert direction_towards((2, 2, 6, 4), cell) == direction


@each_row(("states", "layouts"), [(1, 6), (200, 1)])
def test_of_a_large_picture_no_other_layout_is_tried(states: int, layouts: int) -> None:
    tried: list[object] = []

    def touching(*_: object) -> bool:
        tried.append(_)
        return False

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layout, "separate_labels", touching)
        layout.lay_out(Drawing(chain(states)).picture, CANVAS)
    assert len(tried) == layouts


@each_row("name", ["a\u200bb", "e\u0301 and \u200b more"])
def test_marks_of_no_width_stay_with_the_letter_before_them(name: str) -> None:
    machine = {"StartAt": name, "States": {name: {"Type": "Pass", "End": True}}}
    assert title(name).strip() in Drawing(machine).text(80)


def columns_and_rows(*points: tuple[int, int]) -> list[tuple[float, float]]:
    return [(x * ACROSS, y * DOWN) for x, y in points]


@each_row(
    ("line", "source", "target", "first", "last"),
    [
        (((6, 3), (6, 8)), (4, 0, 10, 2), (2, 8, 12, 10), (6, 3), (6, 7)),
        (((6, 7), (6, 3)), (2, 8, 12, 10), (4, 0, 10, 2), (6, 7), (6, 3)),
        (((11, 3), (11, 8)), (4, 0, 10, 2), (2, 8, 12, 10), (10, 3), (11, 7)),
        (((11, 3), (11, 8)), (4, 0, 11, 2), (2, 8, 10, 10), (11, 3), (10, 7)),
        (((11, 7), (11, 3)), (2, 8, 10, 10), (4, 0, 11, 2), (10, 7), (11, 3)),
        (((3, 3), (3, 8)), (4, 0, 10, 2), (2, 8, 12, 10), (4, 3), (3, 7)),
        (((11, 1), (20, 1)), (4, 0, 10, 2), (20, 0, 25, 2), (11, 1), (19, 1)),
        (((19, 1), (11, 1)), (20, 0, 25, 2), (4, 0, 10, 2), (19, 1), (11, 1)),
        (((11, 3), (15, 3), (15, 9), (20, 9)), (4, 0, 10, 2), (20, 4, 25, 8), (11, 2), (19, 8)),
        (((6, 3), (6, 5), (20, 5), (20, 8)), (4, 0, 10, 2), (18, 8, 25, 10), (6, 3), (20, 7)),
    ],
    ids=str,
)
def test_a_line_in_cells_joins_what_it_is_to_join(
    line: Any, source: Any, target: Any, first: tuple[int, int], last: tuple[int, int]
) -> None:
    cells = cells_of_line(columns_and_rows(*line), source, target)
    assert (cells[0], cells[-1]) == (first, last)
    assert direction_towards(source, cells[0])
    assert direction_towards(target, cells[-1])
    for (x, y), (next_x, next_y) in pairwise(cells):
        assert abs(x - next_x) + abs(y - next_y) == 1


@each_row(
    ("line", "kept"),
    [
        ([(0, 0), (0, 9)], [(0, 0), (0, 9)]),
        ([(0, 0), (0, 5), (0, 9)], [(0, 0), (0, 9)]),
        ([(0, 0), (2, 5), (0, 9)], [(0, 0), (0, 9)]),
        ([(0, 0), (3, 5), (0, 9)], [(0, 0), (3, 5), (0, 9)]),
        ([(0, 0), (5, 2), (9, 1)], [(0, 1), (9, 1)]),
        ([(0, 0), (5, 3), (9, 0)], [(0, 0), (5, 3), (9, 0)]),
        ([(0, 0), (0, 5), (9, 5)], [(0, 0), (0, 5), (9, 5)]),
        ([(0, 0), (1, 5), (1, 9), (20, 9)], [(0, 0), (0, 9), (20, 9)]),
    ],
    ids=str,
)
def test_a_line_has_no_points_between_others_in_a_row(line: Any, kept: Any) -> None:
    assert without_joints(line) == kept


@each_row(
    ("seconds", "told"),
    [
        (None, None),
        (0, "0.000 s"),
        (-1, "0.000 s"),
        (59.9994, "59.999 s"),
        (60, "1 min 0 s"),
        (3661.4, "1 h 1 min 1 s"),
    ],
)
def test_a_length_of_time_is_told_in_its_largest_units(seconds: float | None, told: str | None) -> None:
    assert duration_text(None if seconds is None else timedelta(seconds=seconds)) == told


def test_a_moment_has_milliseconds() -> None:
    assert moment(datetime(2026, 11, 24, 9, 5, 7, 999_999, timezone.utc)) == "2026-11-24 09:05:07.999 UTC"
    assert moment(None) is None
