"""Drawings: the same bytes for the same machine, every state once, and every text inside its box."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pydot
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cfngen import Goto, Pass, Workflow
from cfngen.core.installation import install_command
from cfngen.views.drawing import Drawing
from cfngen.views.labels import title
from cfngen.views.layout import LayoutError, lay_out
from cfngen.views.listing import list_states
from cfngen.views.svg import CANVAS
from cfngen.views.text_metrics import column_count, max_width, wrap
from tests.asl.test_nested_properties import workflows
from tests.rings import examples
from tests.rows import each_row
from tests.views.machines import NESTED, SAMPLE, WIDE, chain, one

SVG = "{http://www.w3.org/2000/svg}"
MACHINES: dict[str, Any] = {
    "sample": json.loads(Path(SAMPLE).read_text(encoding="utf-8")),
    "nested": NESTED,
    "wide": WIDE,
}


def texts(svg: str) -> list[str]:
    """What an SVG shows in each box, its lines joined."""
    found = []
    for group in ET.fromstring(svg).iter(f"{SVG}g"):
        if group.get("class", "").startswith("state"):
            lines = [text.text or "" for text in group.findall(f"{SVG}text") if text.get("class") == "name"]
            found.append("".join("".join(lines).split()))
    return found


def squeezed(text: str) -> str:
    return "".join(text.split())


# --- goldens --------------------------------------------------------------------------------------


@each_row("name", MACHINES)
@each_row("suffix", ["txt", "svg", "mmd", "dot"])
def test_a_drawing_is_as_it_was(golden: Callable[[str, str], None], name: str, suffix: str) -> None:
    drawn = Drawing(MACHINES[name]).file_contents(suffix)
    assert isinstance(drawn, str)
    golden(f"views/{name}.{suffix}", drawn)


def test_a_narrow_terminal_gets_a_list(golden: Callable[[str, str], None]) -> None:
    golden("views/nested_narrow.txt", Drawing(NESTED).text(40))


@pytest.mark.slow
def test_the_bytes_do_not_depend_on_the_hash_seed() -> None:
    code = (
        "import json, sys; from cfngen.views.drawing import Drawing; "
        "d = Drawing(json.loads(sys.stdin.read())); "
        "print(*(d.file_contents(s) for s in ('svg', 'txt', 'mmd', 'dot', 'png')))"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            input=json.dumps(NESTED),
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ".", "PYTHONUTF8": "1"},
            capture_output=True,
            check=True,
            encoding="utf-8",
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]


# --- what a workflow gives ------------------------------------------------------------------------


def test_a_workflow_draws_itself() -> None:
    drawing = Workflow(Pass("First") >> Pass("Second")).graph()
    assert [box.name for box in drawing.picture.states()] == ["First", "Second"]
    assert texts(drawing.svg()) == ["First", "Second"]


def test_what_no_state_has_is_a_box_of_its_own() -> None:
    drawing = Workflow(Pass("First") >> Goto("Secnd")).graph()
    assert texts(drawing.svg()) == ["First", "Secnd"]
    assert "no such state" in drawing.text()


def test_a_state_that_nothing_leads_to_is_drawn() -> None:
    machine = one()
    machine["States"]["Alone"] = {"Type": "Pass", "End": True}
    assert texts(Drawing(machine).svg()) == ["Only", "Alone"]


@each_row(
    "machine",
    [
        {},
        {"StartAt": 1, "States": []},
        {"StartAt": "A", "States": {"A": None}},
        {"StartAt": "A", "States": {"A": {"Type": ["Task"], "Next": {}, "Catch": 3, "Choices": [3]}}},
        {"StartAt": "A", "States": {"A": {"Type": "Parallel", "Branches": [3, {}], "End": True}}},
        {"StartAt": "A", "States": {"A": {"Type": "Map", "ItemProcessor": {"States": 3}, "End": "yes"}}},
        {"StartAt": "A", "States": {"A": {"Type": "Choice", "Choices": [{"Not": {"And": [1, {}]}, "Next": "A"}]}}},
    ],
    ids=repr,
)  # fmt: skip
def test_a_definition_that_is_wrong_is_drawn(machine: dict[str, Any]) -> None:
    drawing = Drawing(machine)
    for suffix in ("svg", "txt", "mmd", "dot"):
        assert drawing.file_contents(suffix)


@each_row(
    ("state", "said"),
    [
        ({"Type": "Task", "Resource": "arn:aws:states:::batch:submitJob.sync"}, "AWS Batch: SubmitJob.sync"),
        ({"Type": "Task", "Resource": "arn:${AWS::Partition}:states:::sns:publish"}, "Amazon SNS: Publish"),
        ({"Type": "Task", "Resource": {"Fn::Sub": "arn:${AWS::Partition}:states:::sns:publish"}}, "Amazon SNS: Publish"),
        ({"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:getObject"}, "Amazon S3: GetObject"),
        ({"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:braket:createJob"}, "Amazon Braket: CreateJob"),
        ({"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:appflow:startFlow"}, "Amazon AppFlow: StartFlow"),
        ({"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:bedrockagent:getAgent"}, "Amazon Bedrock Agents: GetAgent"),
        ({"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:1:function:pick:3"}, "AWS Lambda: pick"),
        ({"Type": "Task", "Resource": "arn:aws:states:eu-west-1:1:activity:sign"}, "Activity: sign"),
        ({"Type": "Task", "Resource": {"Fn::GetAtt": ["Pick", "Arn"]}}, "calls Pick.Arn"),
        ({"Type": "Wait", "SecondsPath": "$.s"}, "Wait: $.s s"),
        ({"Type": "Wait", "Timestamp": "{% $now() %}"}, "Wait: until $now()"),
        ({"Type": "Fail", "Error": "No.Way"}, "Fail: No.Way"),
        ({"Type": "Map", "Items": "{% $.a %}"}, "Map: each of $.a"),
        ({"Type": "Map", "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED"}}}, "Map: each item, as child executions"),
        ({"Type": "Juggle"}, "of an unknown type: Juggle"),
    ],
    ids=repr,
)  # fmt: skip
def test_a_state_says_what_it_does(state: dict[str, Any], said: str) -> None:
    drawn = Drawing({"StartAt": "A", "States": {"A": state}}).text()
    assert f"│ {said} " in drawn


@each_row(
    ("rule", "said"),
    [
        ({"Variable": "$.a", "NumericLessThanEquals": 3}, "$.a <= 3"),
        ({"Variable": "$.a", "StringEquals": "b"}, '$.a == "b"'),
        ({"Variable": "$.a", "StringEqualsPath": "$.b"}, "$.a == $.b"),
        ({"Variable": "$.a", "StringMatches": "b*"}, '$.a matches "b*"'),
        ({"Variable": "$.a", "IsPresent": False}, "$.a is not present"),
        ({"Not": {"Variable": "$.a", "BooleanEquals": True}}, "not ($.a == true)"),
        ({"Condition": "{% $states.input.a > 3 %}"}, "$states.input.a > 3"),
    ],
    ids=repr,
)
def test_a_rule_says_when_it_holds(rule: dict[str, Any], said: str) -> None:
    machine = one("B")
    machine["States"]["A"] = {"Type": "Choice", "Choices": [{**rule, "Next": "B"}]}
    machine["StartAt"] = "A"
    assert said in " ".join(Drawing(machine).text().split())


# --- laws -----------------------------------------------------------------------------------------


@examples(60)
@given(workflows())
def test_any_workflow_is_drawn_with_every_state_once(workflow: Workflow) -> None:
    drawing, again = workflow.graph(), workflow.graph()
    names = Counter(squeezed(title(node.state.Name)) for node, _ in workflow.linked.walk())
    svg = drawing.svg()
    assert Counter(texts(svg)) == names
    assert svg == again.svg()
    assert drawing.text() == again.text()
    assert drawing.mermaid() == again.mermaid()
    assert drawing.dot() == again.dot()


@examples(30)
@given(workflows(), st.integers(20, 120))
def test_a_drawing_in_a_terminal_is_no_wider_than_it_and_names_every_state(
    workflow: Workflow, width: Any
) -> None:
    lines = workflow.graph().text(width).splitlines()
    assert max(map(column_count, lines)) <= width
    for node, _ in workflow.linked.walk():
        assert re.search(rf"(^|\W){re.escape(title(node.state.Name))}(\W|$)", "\n".join(lines))


@pytest.mark.slow
@examples(60)
@given(workflows())
def test_boxes_and_labels_do_not_cover_each_other_and_no_arrow_runs_through_a_box(
    workflow: Workflow,
) -> None:
    plan = lay_out(workflow.graph().picture, CANVAS)
    frames = [box for box in plan.boxes if not box.box.subgraphs]
    solid = [(box.x, box.y, box.x + box.width, box.y + box.height) for box in frames]
    for number, one_ in enumerate(solid):
        for other in solid[:number]:
            assert not meet(one_, other)
    for wire in plan.wires:
        for before, after in (pair for line in wire.lines for pair in pairwise(line)):
            run = (*map(min, zip(before, after, strict=True)), *map(max, zip(before, after, strict=True)))
            for box, area in zip(frames, solid, strict=True):
                if box.box is not wire.source and box.box is not wire.target:
                    assert not meet(run, area)


def meet(one_: Any, other: Any) -> Any:
    return (
        one_[0] < other[2] - 1
        and other[0] < one_[2] - 1
        and one_[1] < other[3] - 1
        and other[1] < one_[3] - 1
    )


@given(st.text(), st.integers(8, 60))
def test_text_is_broken_into_lines_that_fit_and_nothing_of_it_is_lost(text: str, room: Any) -> None:
    text = title(text)
    lines = wrap(text, room, column_count, max_lines=10_000)
    assert all(column_count(line) <= room for line in lines)
    assert squeezed("".join(lines)) == squeezed(text)


@given(st.text(min_size=60), st.integers(8, 20))
def test_what_does_not_fit_into_the_lines_ends_in_an_ellipsis(text: str, room: Any) -> None:
    text = title(text)
    lines = wrap(text, room, column_count, max_lines=2)
    assert len(lines) <= 2
    if squeezed("".join(lines)) != squeezed(text):
        assert lines[-1].endswith("…")
    assert all(column_count(line) <= room for line in lines)


def test_letters_are_as_wide_as_their_widest_font() -> None:
    assert max_width("W" * 80) > 80
    assert max_width("한") > 1
    assert max_width("e\u0301") == max_width("e") == max_width("é")


@each_row(
    ("text", "taken"),
    [
        ("\u2764\ufe0f", 2),
        ("\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466", 2),
        ("\U0001f44d\U0001f3fb", 2),
        ("\U0001f3f3\ufe0f\u200d\U0001f308", 2),
        ("\U0001f1f0\U0001f1f7", 2),
        ("co\u00adop", 5),
        ("\u0928\u092e\u0938\u094d\u0924\u0947", 4),
        ("\u0915\u093f", 2),
        ("\uc548\ub155", 4),
    ],
    ids=["emoji by a sign", "family", "skin tone", "rainbow", "flag", "soft hyphen", "Devanagari", "vowel sign", "Hangul"],
)  # fmt: skip
def test_a_terminal_gives_a_text_as_many_columns_as_it_needs(text: str, taken: int) -> None:
    assert column_count(text) == taken
    box, border = (
        line for line in Drawing(one(text * 3)).text().splitlines() if text in line or "╰" in line
    )
    assert column_count(box) == column_count(border)


# --- odd names ------------------------------------------------------------------------------------

ODD = [
    "</text><script>alert(1)</script>",
    'a "quoted" \\ name | with #35; & {braces} [and] <more>',
    "line\nbreak\ttab",
    "\x00\x1b[31m\x7f",
    "\ud800 half a letter",
    "\uffff\ufffe",
    "가" * 80,
    "W" * 80,
    "👩‍👩‍👧‍👦 family 🏳️‍🌈",
    "e\u0301\u0302\u0303" * 20,
    "${AWS::Region} %s {0}",
    " ",
]


@pytest.mark.slow
@each_row("name", ODD, ids=ascii)
def test_an_odd_name_is_drawn_as_text(name: str) -> None:
    drawing = Drawing(one(name))
    assert texts(drawing.svg()) == [squeezed(title(name))]
    assert "\x1b" not in drawing.text()
    parsed = pydot.graph_from_dot_data(drawing.dot())
    assert parsed is not None
    assert [node.get_name() for node in parsed[0].get_nodes()] == ["node", "edge", "x0", "s0", "x1"]
    assert drawing.mermaid().count("\n") == 6
    assert drawing.png().startswith(b"\x89PNG\r\n")


def test_what_a_name_shows_is_one_line_that_hides_nothing() -> None:
    assert title("a\n b\t\x00\x1b\ud800") == "a b ␀␛\ufffd"


def test_mermaid_gets_no_letter_that_it_would_read() -> None:
    assert Drawing(one('"]; click s0 "x')).mermaid().splitlines()[2] == (
        '    s0["Pass<br/>#34;#93;; click s0 #34;x"]'
    )


# --- size -----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_ten_thousand_states_are_a_text_for_other_tools_and_too_many_for_a_drawing() -> None:
    drawing = Drawing(chain(10_000))
    assert drawing.mermaid().count("-->") == 10_001
    with pytest.raises(LayoutError) as raised:
        drawing.svg()
    assert str(raised.value) == (
        "10,002 states in one scope are too many for a drawing: use Mermaid (.mmd) or Graphviz (.dot)"
    )


@pytest.mark.slow
def test_frames_may_be_nested_200_deep() -> None:
    machine = one("In")
    for number in range(200):
        machine = one(f"P{number}", Type="Parallel", Branches=[machine])
    drawing = Drawing(machine)
    assert len(texts(drawing.svg())) == 201
    assert drawing.text().count("╭") == 201
    assert drawing.dot().count("subgraph") == drawing.mermaid().count("subgraph") == 200
    assert list_states(drawing.picture, 40).count("•") == 202


def test_what_is_nested_deeper_than_a_narrow_terminal_is_wide_still_fits() -> None:
    machine = one("In")
    for number in range(30):
        machine = one(f"P{number}", Type="Parallel", Branches=[machine])
    lines = Drawing(machine).text(20).splitlines()
    assert max(map(column_count, lines)) <= 20
    assert "    • In" in lines


def test_what_runs_in_a_frame_is_inside_it() -> None:
    plan = lay_out(Drawing(NESTED).picture, CANVAS)
    places = {placed.box.name: placed for placed in plan.boxes}
    for outer, inner in [("Ship", "Label"), ("Ship", "Print"), ("Each Item", "Pack"), ("Pack", "Note")]:
        frame, box = places[outer], places[inner]
        assert frame.x < box.x
        assert frame.y < box.y
        assert box.x + box.width < frame.x + frame.width
        assert box.y + box.height < frame.y + frame.height


def test_the_branches_of_a_parallel_in_two_rows_leave_no_quarter_empty() -> None:
    branches = [one("A state with a name as long as a box can be wide" + letter) for letter in "ABCDEFGH"]
    plan = lay_out(Drawing(one("All", Type="Parallel", Branches=branches)).picture, CANVAS)
    rows = Counter(placed.y for placed in plan.boxes if placed.box.type == "Pass")
    assert list(rows.values()) == [4, 4]


# --- what it says ---------------------------------------------------------------------------------


def test_an_svg_is_labelled_for_those_who_do_not_see_it() -> None:
    root = ET.fromstring(Drawing(MACHINES["sample"]).svg())
    assert (root.get("role"), root.get("aria-labelledby")) == ("group", "graph-title")
    assert [
        group.findtext(f"{SVG}title") for group in root.iter(f"{SVG}g") if group.get("role") == "img"
    ] == [
        "Submit Batch Job, Task, AWS Batch: SubmitJob.sync, leads to Notify Success, "
        "to Notify Failure on States.ALL",
        "Notify Success, Task, Amazon SNS: Publish, leads to End",
        "Notify Failure, Task, Amazon SNS: Publish, leads to End",
        "Start, leads to Submit Batch Job",
    ]


def test_an_svg_is_light_and_dark_and_names_no_colour_that_another_program_does_not_know() -> None:
    svg = Drawing(MACHINES["sample"]).svg()
    assert "@media screen and (prefers-color-scheme: dark)" in svg
    assert "var(" not in svg
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")


@pytest.mark.slow
def test_graphviz_texts_are_read_by_another_parser() -> None:
    parsed = pydot.graph_from_dot_data(Drawing(NESTED).dot())
    assert parsed is not None
    [graph] = parsed
    labels = [node.get("label") for node in graph.get_nodes() if node.get("label")]
    assert '"Choice\\nValid?"' in labels
    clusters = [cluster.get_name() for cluster in graph.get_subgraphs()]
    assert clusters == ["cluster_4", "cluster_8"]
    dashed = [edge for edge in graph.get_edges() if edge.get("style") == "dashed"]
    assert [edge.get("label") for edge in dashed] == [
        '"Orders.Malformed, States.Timeout"',
        '"States.ALL"',
        '"States.ALL"',
    ]


# --- without the extra ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "form", "message"),
    [
        ("graphlay", Drawing.svg, "drawing needs graphlay: "),
        ("graphlay", Drawing.text, "drawing needs graphlay: "),
        ("resvg_py", Drawing.png, "PNG needs resvg-py: "),
        ("wcwidth", Drawing.text, "drawing needs wcwidth: "),
    ],
)
def test_without_the_extra_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, module: str, form: Callable[..., Any], message: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ImportError) as raised:
        form(Drawing(one("é")))
    assert str(raised.value) == message + install_command("graph")


def test_texts_for_other_tools_need_no_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "graphlay", None)
    assert Drawing(one()).mermaid().startswith("flowchart TD\n")
