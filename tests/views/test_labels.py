"""A label touches the line of its own arrow and no other, and a terminal is wide enough for its drawing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cfngen.views import terminal
from cfngen.views.drawing import Drawing
from cfngen.views.layout import lay_out
from cfngen.views.plan import Label, Plan, Wire
from cfngen.views.svg import CANVAS
from cfngen.views.terminal_cells import ACROSS
from cfngen.views.text_metrics import columns, wrap
from tests.rings import examples

ERRORS = ["First.Error", "Second.Error", "States.ALL", "States.Timeout", "Lambda.ServiceException"]
TASK = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke"}


def caught(*targets: str) -> list[dict[str, Any]]:
    return [
        {"ErrorEquals": [error], "Next": target} for error, target in zip(ERRORS, targets, strict=False)
    ]


def choice(*targets: str, **fields: Any) -> dict[str, Any]:
    rules = [
        {"Variable": "$.status", "StringEquals": f"VALUE {number}", "Next": target}
        for number, target in enumerate(targets)
    ]
    return {"Type": "Choice", "Choices": rules, **fields}


END: Mapping[str, Any] = {"Type": "Pass", "End": True}
THREE_CATCHERS = {
    "StartAt": "Work",
    "States": {
        "Work": {**TASK, "Next": "Again", "Catch": caught("X", "Y", "Z")},
        "Again": {"Type": "Pass", "Next": "Work"},
        **dict.fromkeys("XYZ", END),
    },
}
THREE_WAYS_BACK = {
    "StartAt": "First",
    "States": {
        "First": {"Type": "Pass", "Next": "Which?"},
        "Which?": choice("Fix", "Wait", "Ask", "Done"),
        **{name: {"Type": "Pass", "Next": "First"} for name in ("Fix", "Wait", "Ask")},
        "Done": END,
    },
}
WAYS_TO_ONE_STATE = {
    "StartAt": "Which?",
    "States": {"Which?": choice("B", "Which?", "B", Default="C"), "B": END, "C": END},
}
A_LINE_ALONG_THE_EDGE = {
    "StartAt": "A",
    "States": {
        "A": choice("C", "A", "C"),
        "B": {**TASK, "Next": "C", "Catch": caught("C", "A")},
        "C": choice("A", "B", Default="A"),
    },
}
THIRTY_THREE_WAYS = {
    "StartAt": "Which?",
    "States": {
        "Which?": choice(*(f"S{number}" for number in range(33))),
        **{f"S{number}": END for number in range(33)},
    },
}


@st.composite
def machines(draw: st.DrawFn, prefix: str = "S", depth: int = 0) -> dict[str, Any]:
    """Machines with many labels: catchers, loops back, wide choices, and frames."""
    names = [f"{prefix}{number}" for number in range(draw(st.integers(1, 9 if depth == 0 else 4)))]
    target = st.sampled_from(names)
    kinds = ["Task", "Pass", "Choice"] if depth == 2 else ["Task", "Pass", "Choice", "Map", "Parallel"]
    states = {}
    for index, name in enumerate(names):
        kind = draw(st.sampled_from(kinds))
        if kind == "Choice":
            ways = draw(st.lists(target, min_size=1, max_size=12))
            states[name] = choice(*ways, **({"Default": draw(target)} if draw(st.booleans()) else {}))
            continue
        follower = names[index + 1] if index + 1 < len(names) else None
        next_ = {"Next": follower} if follower else {"End": True}
        state = {**TASK, "Type": kind, **next_} if kind == "Task" else {"Type": kind, **next_}
        if kind == "Parallel":
            count = draw(st.integers(1, 3))
            state["Branches"] = [draw(machines(f"{name}-{branch}-", depth + 1)) for branch in range(count)]
        if kind == "Map":
            state["ItemProcessor"] = draw(machines(f"{name}-", depth + 1))
        if kind != "Pass":
            state["Catch"] = caught(*draw(st.lists(target, max_size=4)))
        states[name] = state
    return {"StartAt": names[0], "States": states}


KNOWN = pytest.mark.parametrize(
    "machine",
    [THREE_CATCHERS, THREE_WAYS_BACK, WAYS_TO_ONE_STATE, A_LINE_ALONG_THE_EDGE, THIRTY_THREE_WAYS],
    ids=["three catchers", "three ways back", "ways to one state", "a line along the edge", "33 ways"],
)


def check_picture(machine: Mapping[str, Any]) -> None:
    plan = lay_out(Drawing(machine).picture, CANVAS)
    for wire in plan.wires:
        if wire.label:
            own = distance(wire.label, wire)
            others = [distance(wire.label, other) for other in plan.wires if other is not wire]
            assert own <= 8, wire
            assert own < min(others, default=9), wire


def distance(label: Label, wire: Wire) -> float:
    nearest: float = min(
        (gap(label.x, label.x + label.width, x, to_x) ** 2 + gap(label.y, label.y + label.height, y, to_y) ** 2)
        ** 0.5
        for line in wire.lines
        for (x, y), (to_x, to_y) in pairwise(line)
    )  # fmt: skip
    return nearest


def gap(low: float, high: float, one: float, other: float) -> float:
    return max(low - max(one, other), min(one, other) - high, 0)


def check_terminal(machine: Mapping[str, Any]) -> None:
    plan = lay_out(Drawing(machine).picture, terminal.canvas(40, None))
    screen = terminal.Screen(plan)
    screen.draw()
    width = round(plan.width / ACROSS)
    assert max(map(columns, Drawing(machine).text(width).splitlines())) <= width
    labels = {id(wire): set(label_cells(screen, wire)) for wire in plan.wires}
    for wire in plan.wires:
        lines = {cell for cell, wires in screen.wires_at.items() if id(wire) in wires}
        if wire.label:
            assert any(
                abs(x - to_x) + abs(y - to_y) <= 1 for x, y in labels[id(wire)] for to_x, to_y in lines
            )
        for other, cells in labels.items():
            if other != id(wire):
                assert not cells & lines


def label_cells(screen: terminal.Screen, wire: Wire) -> Iterator[tuple[int, int]]:
    if wire.label:
        for row, left, line in screen.label_lines(wire):
            for column in range(columns(line)):
                yield left + column, row


@KNOWN
def test_a_label_touches_its_own_arrow_alone(machine: Mapping[str, Any]) -> None:
    check_picture(machine)
    check_terminal(machine)


@pytest.mark.slow
@examples(60)
@given(machines())
def test_in_any_picture_a_label_touches_its_own_arrow_alone(machine: Mapping[str, Any]) -> None:
    check_picture(machine)


@pytest.mark.slow
@examples(60)
@given(machines())
def test_in_any_terminal_a_label_touches_its_own_arrow_alone(machine: Mapping[str, Any]) -> None:
    check_terminal(machine)


@KNOWN
def test_labels_do_not_cover_boxes_or_each_other(machine: Mapping[str, Any]) -> None:
    plan = lay_out(Drawing(machine).picture, CANVAS)
    areas = [*solid_boxes(plan), *(wire.label for wire in plan.wires if wire.label)]
    for number, one in enumerate(areas):
        for other in areas[:number]:
            across = gap(one.x, one.x + one.width, other.x, other.x + other.width)
            down = gap(one.y, one.y + one.height, other.y, other.y + other.height)
            assert across or down


def solid_boxes(plan: Plan) -> list[Any]:
    return [placed for placed in plan.boxes if not placed.box.scopes]


def test_a_long_condition_is_broken_between_words_and_signs() -> None:
    condition = '$.order.total_amount >= 1000 and $.customer.kind == "gift"'
    assert wrap(condition, 20, columns, max_lines=9) == [
        "$.order.total_amount",
        ">= 1000 and",
        "$.customer.kind ==",
        '"gift"',
    ]


def test_a_word_longer_than_a_line_is_broken_after_a_sign() -> None:
    assert wrap("Lambda.TooManyRequestsException", 28, columns, max_lines=9) == [
        "Lambda.",
        "TooManyRequestsException",
    ]


def test_a_label_says_from_where_to_where_it_is() -> None:
    assert "<title>From Work to X: First.Error</title>" in Drawing(THREE_CATCHERS).svg()
