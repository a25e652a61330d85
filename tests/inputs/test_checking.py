"""``cfngen check``: machines in files, templates and folders, and what pipelines read of it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cfngen.cli import main
from cfngen.inputs.checking import check_file

GOOD = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}\n'
BROKEN = """\
{
  "StartAt": "First",
  "States": {
    "First": {
      "Type": "Task",
      "Resource": "arn:aws:states:::sns:publish",
      "Parameters": {"TopicArn": "arn:aws:sns:eu-west-1:123456789012:news", "Message": "Hello"},
      "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Secnd"}],
      "Next": "Second"
    },
    "Second": {"Type": "Wait", "Seconds": "60", "End": true}
  }
}
"""
WARNED = """\
StartAt: Ask
States:
  Ask:
    Type: Choice
    Choices:
    - {Variable: $.x, IsPresent: true, Next: Yes}
  'Yes': {Type: Succeed}
""".replace("Next: Yes", "Next: 'Yes'")
TEMPLATE = """\
Resources:
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::123456789012:role/r
      Definition:
        StartAt: A
        States:
          A:
            Type: Pass
            Next: B
  Express:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::123456789012:role/r
      StateMachineType: EXPRESS
      Definition:
        StartAt: Run
        States:
          Run:
            Type: Task
            Resource: !Sub arn:${AWS::Partition}:states:::batch:submitJob.sync
            Parameters: {JobName: a, JobQueue: !Ref Queue, JobDefinition: !Ref Job}
            End: true
"""


def cfngen(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in {
        "good.asl.json": GOOD,
        "broken.asl.json": BROKEN,
        "warned.asl.yaml": WARNED,
        "template.yaml": TEMPLATE,
        "notes.json": "[1, 2]",
        "other.yaml": "Resources:\n  T: {Type: AWS::SNS::Topic}\n",
    }.items():
        Path(name).write_text(text, encoding="utf-8")
    return tmp_path


def test_what_is_fine_is_passed_in_silence() -> None:
    result = cfngen("check", "good.asl.json")
    assert (result.exit_code, result.output) == (0, "")


def test_text_shows_the_line_with_a_caret_under_the_place(golden: Callable[[str, str], None]) -> None:
    result = cfngen("check", "broken.asl.json")
    assert (result.exit_code, result.stderr) == (1, "")
    golden("check/broken.txt", result.stdout)


def test_machines_of_a_template_are_named_and_known_by_their_type(
    golden: Callable[[str, str], None],
) -> None:
    result = cfngen("check", "template.yaml")
    assert result.exit_code == 1
    golden("check/template.txt", result.stdout)


def test_problems_are_told_from_top_to_bottom(folder: Path) -> None:
    state = {"Type": "Pass", "Next": "B", "And": 1, "Version": 2, "OutputPath": "x", "InputPath": "y"}
    path = folder / "order.asl.json"
    path.write_text(json.dumps({"x-note": 1, "States": {"A": state}, "StartAt": "A"}, indent=1))
    places = [(found.problem.location.rpartition("/")[2], found.line) for found in check_file(str(path))]
    assert places == list(zip(["x-note", *[*state][1:]], [2, 6, 7, 8, 9, 10], strict=True))


def test_warnings_fail_only_when_strict() -> None:
    assert cfngen("check", "warned.asl.yaml").exit_code == 0
    assert "[NO_DEFAULT, asl-choice-has-a-default]" in cfngen("check", "warned.asl.yaml").stdout
    assert cfngen("check", "--strict", "warned.asl.yaml").exit_code == 1


def test_a_folder_is_searched_and_what_holds_no_machine_passed_over(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "deep.asl.json").write_text(BROKEN)
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "x.asl.json").write_text(BROKEN)
    told = cfngen("check", ".", "--format", "json").stdout
    assert {finding["file"] for finding in json.loads(told)} == {
        "./broken.asl.json",
        "./sub/deep.asl.json",
        "./template.yaml",
        "./warned.asl.yaml",
    }


def test_json_has_every_field() -> None:
    told = json.loads(cfngen("check", "broken.asl.json", "--format", "json").stdout)
    assert told[0] == {
        "file": "broken.asl.json",
        "machine": "",
        "line": 8,
        "column": 57,
        "severity": "error",
        "code": "MISSING_TRANSITION_TARGET",
        "rule": "asl-targets-exist",
        "location": "/States/First/Catch/0/Next",
        "message": "no state is named 'Secnd'",
        "hint": "did you mean 'Second'?",
    }


def test_github_gets_a_command_a_finding() -> None:
    told = cfngen("check", "broken.asl.json", "--format", "github").stdout.splitlines()
    assert told[0] == (
        "::error file=broken.asl.json,line=8,col=57,title=MISSING_TRANSITION_TARGET::"
        "/States/First/Catch/0/Next: no state is named 'Secnd' (did you mean 'Second'?)"
    )


def test_sarif_points_into_the_file() -> None:
    log = json.loads(cfngen("check", "broken.asl.json", "--format", "sarif").stdout)
    result = log["runs"][0]["results"][0]
    assert (result["ruleId"], result["level"]) == ("asl-targets-exist", "error")
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "broken.asl.json", "uriBaseId": "EXECUTIONROOT"}
    assert place["region"] == {"startLine": 8, "startColumn": 57}


@pytest.mark.parametrize("style", ["json", "sarif"])
def test_an_empty_report_is_a_document_too(style: str) -> None:
    assert json.loads(cfngen("check", "good.asl.json", "--format", style).stdout) is not None


def test_a_python_target_is_checked_too(folder: Path) -> None:
    (folder / "w.py").write_text(
        "from cfngen import Pass, Wait, Workflow\nw = Workflow(Pass('A') >> Wait('B'))"
    )
    result = cfngen("check", "w.py")
    assert result.exit_code == 1
    assert result.stdout.startswith("error: w.py: /States/B: a Wait state takes exactly one of ")


def test_a_file_that_is_not_there_is_unusable_input() -> None:
    result = cfngen("check", "nothing.asl.json")
    assert (result.exit_code, result.stdout) == (2, "")


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"{", b"[1]", b"a: [", b"hello", b'{"a": 1, "a": 2}']
)
def test_a_file_that_holds_no_machine_gets_one_message(folder: Path, content: bytes) -> None:
    (folder / "odd.asl.json").write_bytes(content)
    result = cfngen("check", "odd.asl.json")
    assert result.exit_code == 1
    assert result.stdout.startswith("error: odd.asl.json")
    assert "Traceback" not in result.output


def test_arguments_are_held_against_the_api_models_unless_they_are_left_out(folder: Path) -> None:
    (folder / "m.asl.json").write_text(BROKEN.replace('"Message"', '"Mesage"').replace("Secnd", "Second"))
    for options, is_told in (((), True), (("--apis",), True), (("--no-apis",), False)):
        told = json.loads(cfngen("check", "m.asl.json", *options, "--format", "json").stdout)
        locations = {finding["location"] for finding in told}
        assert ("/States/First/Parameters/Mesage" in locations) is is_told


def test_the_pre_commit_hook_runs_the_command_on_definitions() -> None:
    import yaml

    root = Path(__file__).parents[2]
    hook = yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text())[0]
    assert hook["entry"].split() == ["cfngen", "check"]
    listed = subprocess.run(
        ["grep", "-E", hook["files"].replace("(^|/)", "(^|/)")],
        input="a/b.asl.json\nc.asl.yaml\ntemplate.yml\nother.json\nmytemplate.yaml\n",
        capture_output=True,
        encoding="utf-8",
    ).stdout
    assert listed.split() == ["a/b.asl.json", "c.asl.yaml", "template.yml"]


def test_a_machine_that_cannot_be_read_does_not_hide_the_others(folder: Path) -> None:
    document = {
        "Resources": {
            "Remote": machine(DefinitionS3Location={"Bucket": "b", "Key": "k"}),
            "Missing": machine(DefinitionUri="none.json"),
            "Wrong": machine(Definition={"StartAt": "B", "States": {"A": {"Type": "Succeed"}}}),
        }
    }
    (folder / "three.json").write_text(json.dumps(document, indent=2))
    result = cfngen("check", "three.json")
    assert result.exit_code == 1
    for name, code in (
        ("Remote", "DEFINITION_ELSEWHERE"),
        ("Missing", "INVALID_JSON_DESCRIPTION"),
        ("Wrong", "MISSING_TRANSITION_TARGET"),
    ):
        assert any(name in line and code in line for line in result.stdout.splitlines()), result.stdout


def test_a_definition_in_s3_is_warned_of_and_no_error(folder: Path) -> None:
    document = {"Resources": {"Remote": machine(DefinitionS3Location={"Bucket": "b", "Key": "k"})}}
    (folder / "remote.json").write_text(json.dumps(document))
    assert cfngen("check", "remote.json").exit_code == 0
    assert cfngen("check", "remote.json", "--strict").exit_code == 1


def machine(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}


def test_a_document_that_is_nested_too_deep_has_a_code_of_aws(tmp_path: Path) -> None:
    (tmp_path / "deep.asl.json").write_text('{"States": ' + "[" * 1200 + "]" * 1200 + "}")
    [found] = check_file(str(tmp_path / "deep.asl.json"))
    assert found.problem.code == "TOO_DEEPLY_NESTED"
