"""``cfngen graph`` as a person meets it."""

from __future__ import annotations

import errno
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from troposphere import encode_to_dict

import cfngen as cfngen_package
from cfngen import Pass, Workflow
from cfngen.cli import main
from cfngen.stacks import StateMachine
from cfngen.stacks.samples import catalog as samples
from cfngen.views import diagram_source
from tests.views.machines import NESTED, chain, one

TEMPLATE = """
Resources:
  Jobs:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::123456789012:role/r
      Definition: {StartAt: Work, States: {Work: {Type: Pass, End: true}}}
  Nights:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      StateMachineName: nightly
      RoleArn: arn:aws:iam::123456789012:role/r
      Definition: {StartAt: Sleep, States: {Sleep: {Type: Wait, Seconds: 5, End: true}}}
  Topic:
    Type: AWS::SNS::Topic
"""


def cfngen(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    return tmp_path


@pytest.fixture
def definition(folder: Path) -> str:
    (folder / "m.json").write_text(json.dumps(NESTED), encoding="utf-8")
    return "m.json"


def test_without_a_file_it_draws_in_the_terminal(definition: str) -> None:
    result = cfngen("graph", definition)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "│ AWS Lambda: Invoke │" in result.stdout


def test_the_width_bounds_the_drawing(definition: str) -> None:
    result = cfngen("graph", definition, "--width", "40")
    assert max(map(len, result.stdout.splitlines())) <= 40
    assert "• Valid?" in result.stdout


@pytest.mark.parametrize(
    ("ending", "begins"),
    [
        ("svg", b"<svg "),
        ("png", b"\x89PNG\r\n"),
        ("mmd", b"flowchart TD\n"),
        ("dot", b"digraph workflow {\n"),
        ("txt", b" "),
        ("html", b"<!doctype html>\n"),
        ("SVG", b"<svg "),
    ],
)
def test_the_ending_of_a_file_says_what_is_written(folder: Path, ending: str, begins: bytes) -> None:
    # Latin letters, which a PNG has on every machine
    (folder / "m.json").write_text(json.dumps(one("Première étape")), encoding="utf-8")
    result = cfngen("graph", "m.json", "-o", f"out.{ending}")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"out.{ending}: 1 state\n"
    assert (folder / f"out.{ending}").read_bytes().startswith(begins)


def test_a_sample_is_drawn_from_its_definition() -> None:
    for sample in samples.SAMPLES:
        written = Path(samples.definition_path(sample)).read_text(encoding="utf-8")
        assert written == cfngen("asl", sample.slug).stdout
        assert (
            cfngen("graph", sample.slug).stdout == cfngen("graph", samples.definition_path(sample)).stdout
        )


def test_a_sample_can_be_drawn_with_options_set() -> None:
    plain = cfngen("graph", "batch-job-notification").stdout
    assert cfngen("graph", "batch-job-notification", "--set", "memory=4000").stdout == plain


def test_a_workflow_in_python_is_drawn(folder: Path) -> None:
    (folder / "w.py").write_text(
        'from cfngen import Pass, Workflow\nworkflow = Workflow(Pass("안녕 🎉"))\n', "utf-8"
    )
    assert "│ 안녕 🎉 │" in cfngen("graph", "w.py").stdout


def test_a_template_with_several_machines_says_which_to_ask_for(folder: Path) -> None:
    (folder / "t.yaml").write_text(TEMPLATE)
    result = cfngen("graph", "t.yaml")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "error: t.yaml has Jobs, Nights: select one with --machine Jobs\n"
    assert "│ Sleep     │" in cfngen("graph", "t.yaml", "--machine", "Nights").stdout


def test_the_page_of_a_template_has_its_policy_and_its_resources(folder: Path) -> None:
    (folder / "t.yaml").write_text(TEMPLATE)
    assert cfngen("graph", "t.yaml", "--machine", "Jobs", "-o", "out.html").exit_code == 0
    page = (folder / "out.html").read_text(encoding="utf-8")
    assert "It calls nothing." in page
    assert '<th scope="row">Topic</th><td>AWS::SNS::Topic</td>' in page


@pytest.mark.parametrize(
    ("content", "arguments", "message"),
    [
        (b"", (), "m.json: "),
        (b"{", (), "m.json:"),
        (b"[]", (), "m.json"),
        (b"\xff\xfe\xfa", (), "m.json"),
        (json.dumps(one("\ud800")).encode(), (), "there is half a character here"),
        (b'{"a": 1}', (), "m.json: neither a definition, which has 'States', nor a template, which has 'Resources'"),
        (b'{"Resources": {}}', (), "m.json has no state machine"),
        (json.dumps(NESTED).encode(), ("--machine", "Jobs"), "m.json has no state machine 'Jobs'; it has none"),
        (json.dumps(NESTED).encode(), ("--set", "a=b"), "--set sets options of a stack: a file has none"),
        (json.dumps(NESTED).encode(), ("-o", "missing/out.svg"), f"cannot write missing/out.svg: {os.strerror(errno.ENOENT)}"),
        (json.dumps(chain(7000)).encode(), ("-o", "out.svg"), "7,002 states in one scope are too many for a drawing"),
    ],
    ids=lambda given: given[:20] if isinstance(given, bytes) else None,
)  # fmt: skip
@pytest.mark.slow
def test_what_cannot_be_drawn_is_told_in_a_line(
    folder: Path, content: bytes, arguments: tuple[Any, ...], message: str
) -> None:
    (folder / "m.json").write_bytes(content)
    result = cfngen("graph", "m.json", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: ")
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert [path.name for path in folder.iterdir()] == ["m.json"]


@pytest.mark.parametrize("target", ["nowhere.json", "nowhere.py", "batch-job-notifcation"])
def test_a_target_that_is_not_there_is_told(target: str) -> None:
    result = cfngen("graph", target)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: ")


def test_an_ending_that_says_nothing_is_a_mistake_of_usage(definition: str) -> None:
    result = cfngen("graph", definition, "-o", "out.jpg")
    assert result.exit_code == 2
    assert "'out.jpg' ends in none of .svg, .png, .mmd, .dot, .txt, .html" in result.stderr


def test_a_definition_with_errors_has_its_page(folder: Path) -> None:
    (folder / "m.json").write_text(json.dumps(one(Next="Nowhere", End=False)))
    result = cfngen("graph", "m.json", "-o", "out.html")
    assert (result.exit_code, result.stderr) == (0, "out.html: 1 state; it shows 1 error\n")
    assert "[MISSING_TRANSITION_TARGET]" in (folder / "out.html").read_text(encoding="utf-8")
    assert "no such state" in cfngen("graph", "m.json").stdout


@pytest.mark.parametrize(
    ("file", "arguments", "name"),
    [("t.yaml", ("--machine", "Jobs"), "Jobs"), ("t.yaml", ("--machine", "Nights"), "nightly"), ("order.asl.json", (), "order")],
)  # fmt: skip
def test_a_page_has_the_name_of_the_machine(
    folder: Path, file: str, arguments: tuple[str, ...], name: str
) -> None:
    (folder / "t.yaml").write_text(TEMPLATE)
    (folder / "order.asl.json").write_text(json.dumps(one()))
    assert cfngen("graph", str(folder / file), *arguments, "-o", "out.html").exit_code == 0
    assert f"<title>{name}</title>" in (folder / "out.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["a\nb", "</script>", "${x}", '"', "\u202eRTL", "가" * 80], ids=ascii)
def test_a_page_takes_any_name(folder: Path, name: str) -> None:
    (folder / "m.json").write_text(json.dumps(one(name)))
    assert cfngen("graph", "m.json", "-o", "out.html").exit_code in (0, 1)
    assert cfngen("graph", "m.json").exit_code == 0


def test_a_script_that_no_font_has_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cfngen.views.png.scripts_without_font", lambda svg: ["Hangul", "emoji"])
    (folder / "m.json").write_text(json.dumps(one("안녕 🎉")))
    result = cfngen("graph", "m.json", "-o", "out.png")
    assert result.exit_code == 0
    assert result.stderr == (
        "warning: no font on this machine has Hangul, emoji: out.png shows empty boxes instead. "
        "Install a font that has them, such as Noto, or write an .svg, which its reader's fonts draw\n"
        "out.png: 1 state\n"
    )


def test_a_picture_knows_the_resources_around_its_machine(folder: Path, definition: str) -> None:
    (folder / "t.yaml").write_text(TEMPLATE)
    assert [*diagram_source.from_file("t.yaml", "Jobs").resources()] == ["Jobs", "Nights", "Topic"]
    assert diagram_source.from_file(definition).resources() == {}
    assert diagram_source.from_workflow(Workflow(Pass("A"))).resources() == {}
    stack = StateMachine(Workflow(Pass("A")), name="Nightly")
    assert (
        diagram_source.from_target(stack, "Nightly").resources()
        == encode_to_dict(stack.template())["Resources"]
    )


def test_in_a_page_each_state_takes_the_focus_and_the_page_has_the_style(
    folder: Path, definition: str
) -> None:
    assert cfngen("graph", definition, "--output", "m.html").exit_code == 0
    page = (folder / "m.html").read_text(encoding="utf-8")
    picture = page[page.index("<svg") : page.index("</svg>")]
    assert "<style" not in picture
    assert 'class="legend"' not in page
    assert picture.count("tabindex=") == picture.count("data-state=") > 1


@pytest.mark.parametrize(("kind", "codes"), [("EXPRESS", ["INVALID_RESOURCE"]), ("STANDARD", [])])
def test_a_picture_of_a_machine_has_the_problems_of_its_type(
    folder: Path, kind: str, codes: list[str]
) -> None:
    resource = "arn:aws:states:::batch:submitJob.sync"
    arguments = {"JobName": "j", "JobQueue": "q", "JobDefinition": "d"}
    job = {"Type": "Task", "Resource": resource, "Parameters": arguments, "End": True}
    definition = {"StartAt": "J", "States": {"J": job}}
    properties = {"StateMachineType": kind, "Definition": definition}
    machine = {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}
    (folder / "t.json").write_text(json.dumps({"Resources": {"M": machine}}))
    assert [problem.code for problem in diagram_source.from_file("t.json").problems()] == codes
    workflow = Workflow.read(definition)
    assert diagram_source.from_workflow(workflow).problems() == []
    stack = StateMachine(workflow, name="Nightly", type=getattr(cfngen_package, kind))
    assert [problem.code for problem in diagram_source.from_target(stack, "Nightly").problems()] == codes


def test_the_ring_of_the_focus_is_around_its_box(folder: Path, definition: str) -> None:
    assert cfngen("graph", definition, "--output", "m.html").exit_code == 0
    page = (folder / "m.html").read_text(encoding="utf-8")
    rectangle = r'<rect class="{}" x="([^"]+)" y="([^"]+)" width="([^"]+)" height="([^"]+)" rx="([^"]+)"'
    rings = [[*map(float, found)] for found in re.findall(rectangle.format("ring"), page)]
    boxes = [[*map(float, found)] for found in re.findall(rectangle.format("box"), page)]
    assert len(rings) > 1
    for x, y, width, height, radius in rings:
        away = radius - 8
        inside = [x + away, y + away, width - 2 * away, height - 2 * away, 8]
        assert inside == pytest.approx(
            min(boxes, key=lambda box: abs(box[0] - inside[0]) + abs(box[1] - inside[1]))
        )
