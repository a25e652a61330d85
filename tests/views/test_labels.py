"""A label touches the line of its own arrow and no other, and a terminal is wide enough for its drawing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise
from math import hypot
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cfngen.views import terminal
from cfngen.views.drawing import Drawing
from cfngen.views.layout import lay_out
from cfngen.views.plan import DrawingPlan, Label, Point, Wire
from cfngen.views.svg import CANVAS
from cfngen.views.terminal_cells import ACROSS
from cfngen.views.text_metrics import column_count, wrap, wrap_names
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


def ways(count: int) -> dict[str, Any]:
    names = [f"S{number}" for number in range(count)]
    return {"StartAt": "Which?", "States": {"Which?": choice(*names), **dict.fromkeys(names, END)}}


def entries(count: int) -> dict[str, Any]:
    """A Choice that leads to each step of a row, and steps that fail in one state."""
    names = [f"Step number {number}" for number in range(count)]
    states: dict[str, Any] = {"Which?": choice(*names, Default="Failed")}
    for name, after in pairwise([*names, "Done"]):
        states[name] = {**TASK, "Next": after, "Catch": caught("Failed")}
    return {"StartAt": "Which?", "States": {**states, "Done": END, "Failed": END}}


def two_choices(count: int) -> dict[str, Any]:
    """Two Choices of the same states."""
    names = [f"Kind {number}" for number in range(count)]
    kind = {**TASK, "Next": "Done", "Catch": caught("Failed")}
    states = {
        "First?": choice(*names, Default="Load"),
        "Load": {**TASK, "Next": "Second?"},
        "Second?": choice(*names, Default="Failed"),
        **dict.fromkeys(names, kind),
    }
    return {"StartAt": "First?", "States": {**states, "Done": END, "Failed": END}}


def tree(depth: int) -> dict[str, Any]:
    """Choices of two ways, the one after the other."""
    states: dict[str, Any] = {}
    names = ["N"]
    for name in names:  # the loop adds to this list
        ways = [f"{name}{side}" for side in "01"] if len(name) <= depth else []
        states[name] = choice(ways[0], Default=ways[1]) if ways else END
        names += ways
    return {"StartAt": "N", "States": states}


def handlers(count: int) -> dict[str, Any]:
    names = [f"Handle number {number}" for number in range(count)]
    handler = {**TASK, "Next": "Next", "Catch": caught("Ask")}
    states = {
        "Which?": choice(*names, Default="Ask"),
        **dict.fromkeys(names, handler),
        "Ask": {"Type": "Pass", "Next": "Next"},
        "Next": choice("Which?", Default="Done"),
        "Done": END,
    }
    return {"StartAt": "Which?", "States": states}


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
    [
        THREE_CATCHERS,
        THREE_WAYS_BACK,
        WAYS_TO_ONE_STATE,
        A_LINE_ALONG_THE_EDGE,
        ways(33),
        handlers(16),
        entries(16),
        two_choices(12),
        tree(4),
    ],
    ids=[
        "three catchers",
        "three ways back",
        "ways to one state",
        "a line along the edge",
        "33 ways",
        "16 handlers",
        "16 entries",
        "two choices",
        "a tree",
    ],
)


def check_picture(machine: Mapping[str, Any]) -> None:
    plan = lay_out(Drawing(machine).picture, CANVAS)
    for wire in plan.wires:
        if wire.label:
            own = distance(wire.label, wire)
            others = [distance(wire.label, other) for other in plan.wires if other is not wire]
            assert own <= 8, wire
            assert own < min(others, default=9), wire
        for line in wire.lines:
            assert not any(map(leads_back, line, line[1:], line[2:])), wire
    assert list(lines_on_lines(plan)) == []


def lines_on_lines(plan: DrawingPlan) -> Iterator[tuple[Wire, Wire]]:
    """The arrows that run along another one, unless both are solid or dashed and have one source or target."""
    parts: defaultdict[tuple[int, int], list[tuple[float, float, Wire]]] = defaultdict(list)
    for wire in plan.wires:
        for line in wire.lines:
            for start, end in pairwise(line):
                axis = 0 if start[1] == end[1] else 1
                low, high = sorted((start[axis], end[axis]))
                others = parts[axis, round(start[1 - axis])]
                for other_low, other_high, other in others:
                    is_shared = (wire.arrow.kind == "catch") == (other.arrow.kind == "catch") and (
                        wire.source is other.source or wire.target is other.target
                    )
                    if not is_shared and min(high, other_high) - max(low, other_low) > 3:
                        yield wire, other
                others.append((low, high, wire))


def leads_back(before: Point, point: Point, after: Point) -> bool:
    """Whether a line comes back on itself."""
    return any(
        abs(before[axis] - point[axis]) < 2
        and abs(point[axis] - after[axis]) < 2
        and (before[1 - axis] < point[1 - axis]) != (point[1 - axis] < after[1 - axis])
        and min(abs(before[1 - axis] - point[1 - axis]), abs(point[1 - axis] - after[1 - axis])) > 2
        for axis in (0, 1)
    )


def distance(label: Label, wire: Wire) -> float:
    return min(
        hypot(
            max(label.x - max(x, to_x), min(x, to_x) - label.x - label.width, 0),
            max(label.y - max(y, to_y), min(y, to_y) - label.y - label.height, 0),
        )
        for line in wire.lines
        for (x, y), (to_x, to_y) in pairwise(line)
    )


def gap(low: float, high: float, one: float, other: float) -> float:
    return max(low - max(one, other), min(one, other) - high, 0)


def check_terminal(machine: Mapping[str, Any]) -> None:
    plan = lay_out(Drawing(machine).picture, terminal.canvas(40, None))
    screen = terminal.Screen(plan)
    screen.draw()
    width = round(plan.width / ACROSS)
    assert max(map(column_count, Drawing(machine).text(width).splitlines())) <= width
    labels = {id(wire): set(label_cells(screen, wire)) for wire in plan.wires}
    lines_of = defaultdict(set)
    for cell, wires in screen.wires_at.items():
        for number in wires:
            lines_of[number].add(cell)
    for wire in plan.wires:
        lines = lines_of[id(wire)]
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
            for column in range(column_count(line)):
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


@st.composite
def wide_machines(draw: st.DrawFn) -> dict[str, Any]:
    """A Choice of many ways that go on, end, come back, or lead to each other, and one of some of them."""
    names = [f"S{number}" for number in range(draw(st.integers(8, 20)))]
    target = st.sampled_from([*names, "Which?", "Then"])
    states: dict[str, Any] = {}
    for name in names:
        catch = caught(*draw(st.lists(st.sampled_from(["Which?", "Then", "Ask"]), max_size=2)))
        going = {"Next": draw(target)} if draw(st.booleans()) else {"End": True}
        if draw(st.booleans()):
            states[f"{name} and more"] = {"Type": "Pass", **going}
            going = {"Next": f"{name} and more"}
        states[name] = {**TASK, **going, "Catch": catch}
    which = choice(*names, *(["Ask"] if draw(st.booleans()) else []), Default="Then")
    again = choice(*draw(st.lists(st.sampled_from(names), min_size=1)), Default="Ask")
    more = {"Then": {**TASK, "Next": "Again?", "Catch": caught("Ask")}, "Again?": again, "Ask": END}
    return {"StartAt": "Which?", "States": {"Which?": which, **states, **more}}


@pytest.mark.slow
@examples(30)
@given(wide_machines())
def test_in_rows_of_ways_a_label_touches_its_own_arrow_alone(machine: Mapping[str, Any]) -> None:
    check_picture(machine)
    check_terminal(machine)


@pytest.mark.slow
@examples(30)
@given(wide_machines())
def test_no_arrow_in_rows_of_ways_runs_through_a_box(machine: Mapping[str, Any]) -> None:
    plan = lay_out(Drawing(machine).picture, CANVAS)
    for wire in plan.wires:
        for placed in plan.boxes:
            if placed.box is not wire.source and placed.box is not wire.target:
                box = Label((), placed.x + 1, placed.y + 1, placed.width - 2, placed.height - 2)
                assert distance(box, wire) > 0, (wire, placed)


@pytest.mark.parametrize(
    "machine",
    [ways(33), handlers(16), entries(33), two_choices(12), tree(4), pytest.param(ways(100), marks=pytest.mark.slow)],
    ids=["33 ways", "16 handlers", "33 entries", "two choices", "a tree", "100 ways"],
)  # fmt: skip
def test_no_picture_is_much_wider_than_a_row(machine: Mapping[str, Any]) -> None:
    plan = lay_out(Drawing(machine).picture, CANVAS)
    assert plan.width <= 1.1 * CANVAS.row_width


def test_many_ways_have_room_in_a_terminal_of_80_columns() -> None:
    drawn = Drawing(ways(33)).text(80)
    assert drawn.count("▼") == 36
    assert max(map(column_count, drawn.splitlines())) <= 80


def test_dashes_of_many_arrows_are_drawn_once() -> None:
    paths = re.findall(r'<path class="way catch" d="([^"]*)"', Drawing(handlers(33)).svg())
    pieces = [piece for path in paths for piece in straight_pieces(path)]
    assert len(paths) == 33
    for number, (low, high) in enumerate(pieces):
        for other_low, other_high in pieces[:number]:
            across, down = (
                min(high[axis], other_high[axis]) - max(low[axis], other_low[axis]) for axis in (0, 1)
            )
            assert min(across, down) < 0 or max(across, down) < 1


def straight_pieces(path: str) -> Iterator[tuple[list[float], list[float]]]:
    """The straight pieces of a path, from the least coordinates to the greatest."""
    end: list[float] = []
    for command, numbers in re.findall(r"([MLQ])([^MLQ]*)", path):
        start, end = end, [float(number) for number in numbers.split()[-2:]]
        if command == "L":
            yield (
                [min(pair) for pair in zip(start, end, strict=True)],
                [max(pair) for pair in zip(start, end, strict=True)],
            )


@KNOWN
def test_labels_do_not_cover_boxes_or_each_other(machine: Mapping[str, Any]) -> None:
    plan = lay_out(Drawing(machine).picture, CANVAS)
    areas = [*solid_boxes(plan), *(wire.label for wire in plan.wires if wire.label)]
    for number, one in enumerate(areas):
        for other in areas[:number]:
            across = gap(one.x, one.x + one.width, other.x, other.x + other.width)
            down = gap(one.y, one.y + one.height, other.y, other.y + other.height)
            assert across or down


def solid_boxes(plan: DrawingPlan) -> list[Any]:
    return [placed for placed in plan.boxes if not placed.box.subgraphs]


def test_a_long_condition_is_broken_between_words_and_signs() -> None:
    condition = '$.order.total_amount >= 1000 and $.customer.kind == "gift"'
    assert wrap(condition, 20, column_count, max_lines=9) == [
        "$.order.total_amount",
        ">= 1000 and",
        "$.customer.kind ==",
        '"gift"',
    ]


def test_a_word_longer_than_a_line_is_broken_after_a_sign() -> None:
    assert wrap("Lambda.TooManyRequestsException", 28, column_count, max_lines=9) == [
        "Lambda.",
        "TooManyRequestsException",
    ]


def test_a_name_in_a_label_is_whole() -> None:
    assert wrap_names("DynamoDB.ConditionalCheckFailedException", 20, column_count, 4, longest=40) == [
        "DynamoDB.",
        "ConditionalCheckFailedException",
    ]
    machine = {"StartAt": "A", "States": {"A": {**TASK, "End": True}, "B": END}}
    error = {"ErrorEquals": ["DynamoDB.ConditionalCheckFailedException"], "Next": "B"}
    machine["States"]["A"]["Catch"] = [error]  # type: ignore[index]
    for drawn in (Drawing(machine).svg(), Drawing(machine).text()):
        assert re.search(r"[> ]ConditionalCheckFailedException\b", drawn)


def test_the_name_of_an_action_in_a_caption_is_whole() -> None:
    resource = "arn:aws:states:::aws-sdk:ec2:describeTransitGatewayVpcAttachments"
    machine = {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": resource, "End": True}}}
    assert ">DescribeTransitGatewayVpcAttachments<" in Drawing(machine).svg()


def test_a_label_says_from_where_to_where_it_is() -> None:
    assert "<title>From Work to X: First.Error</title>" in Drawing(THREE_CATCHERS).svg()
