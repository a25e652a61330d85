"""The file of a definition that a template names: what is read of it, and where its problems stand."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cfngen.cfn.text import Unquoted
from cfngen.cli import main
from cfngen.documents.source import ReadError, read_file
from cfngen.inputs.machines import load

SOUND = "StartAt: A\nStates:\n  A:\n    Type: Pass\n    End: true\n"
WRONG = "StartAt: A\nStates:\n  A:\n    Type: Pass\n    Next: B\n"
SECRET = "correct-horse-battery-staple"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project" / "templates"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


def template(uri: str, **substitutions: Any) -> str:
    properties = {"DefinitionUri": uri, "DefinitionSubstitutions": substitutions}
    machine = {"Type": "AWS::Serverless::StateMachine", "Properties": properties}
    parameters = {"Delay": {"Type": "Number"}, "Topic": {"Type": "String", "AllowedPattern": "[a-z]+"}}
    document = {"Transform": "AWS::Serverless-2016-10-31", "Parameters": parameters}
    text = json.dumps({**document, "Resources": {"Machine": machine}}, indent=1)
    Path("t.json").write_text(text)
    return "t.json"


def cfngen(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (["check"], "error: m.asl.yaml:5:11: Machine /States/A/Next: no state is named 'B'"),
        (["audit"], "error: m.asl.yaml:5:11: Machine /States/A/Next: no state is named 'B'"),
        (["policy"], "error: m.asl.yaml:5:11: Machine /States/A/Next: no state is named 'B'"),
        (["import"], "error: m.asl.yaml:5:11: Machine /States/A/Next: no state is named 'B'"),
        (["audit", "--fix"], "error: m.asl.yaml:5:11: Machine /States/A/Next: no state is named 'B'"),
        (["check", "--format", "github"], "::error file=m.asl.yaml,line=5,col=11,"),
        (["check", "--format", "json"], '"file": "m.asl.yaml"'),
        (["check", "--format", "sarif"], '"uri": "m.asl.yaml"'),
    ],
)
def test_a_problem_is_told_in_the_file_of_the_definition(command: list[str], expected: str) -> None:
    Path("m.asl.yaml").write_text(WRONG)
    result = cfngen(*command, template("m.asl.yaml"))
    assert result.exit_code == 1
    assert expected in result.output


def test_the_line_that_is_shown_is_that_of_the_definition() -> None:
    Path("m.asl.yaml").write_text(WRONG)
    assert "\n  |     Next: B\n  |           ^\n" in cfngen("check", template("m.asl.yaml")).output


def test_a_warning_of_a_policy_is_told_in_the_file_of_the_definition() -> None:
    task = "Type: Task\n    Resource: arn:aws:states:::sns:publish\n    Parameters: {TopicArn.$: $.t, Message: m}"
    Path("m.asl.yaml").write_text(SOUND.replace("Type: Pass", task))
    assert (
        "warning: m.asl.yaml:6:30: Machine /States/A/Parameters/TopicArn.$"
        in cfngen("policy", template("m.asl.yaml")).output
    )


@pytest.mark.parametrize("command", ["check", "policy", "audit", "import", "graph"])
@pytest.mark.parametrize("content", [SECRET, f'{{"{SECRET}": }}', f"a: b: {SECRET}"])
@pytest.mark.parametrize("way", ["absolute", "above", "link", "link to a folder"])
def test_a_file_outside_is_neither_read_nor_shown(
    command: str, content: str, way: str, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.json").write_text(content)
    Path("link.json").symlink_to(outside / "secret.json")
    Path("folder").symlink_to(outside)
    named = {
        "absolute": str(outside / "secret.json"),
        "above": "../../outside/secret.json",
        "link": "link.json",
        "link to a folder": "folder/secret.json",
    }[way]
    result = cfngen(command, template(named))
    assert result.exit_code != 0
    assert SECRET not in result.output
    assert named in result.output


def test_a_file_elsewhere_in_the_repository_of_the_working_directory_is_read(folder: Path) -> None:
    (folder.parent / ".git").mkdir()
    (folder.parent / "m.asl.yaml").write_text(SOUND)
    assert cfngen("check", template("../m.asl.yaml")).exit_code == 0


def test_a_file_above_the_folder_without_a_repository_is_not_read(folder: Path) -> None:
    (folder.parent / "m.asl.yaml").write_text(SOUND)
    assert "is not read" in cfngen("check", template("../m.asl.yaml")).output


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_is_refused_and_not_waited_for() -> None:
    os.mkfifo("pipe.json")
    assert "there is no file 'pipe.json'" in cfngen("check", template("pipe.json")).output
    assert "a pipe or a device" in cfngen("check", "pipe.json").output
    assert cfngen("check", ".").exit_code == 1  # for the template alone
    with pytest.raises(ReadError, match="a pipe or a device"):
        read_file("/dev/zero")


YAML = "StartAt: A\nStates:\n  A:\n    Type: Wait\n    Seconds: {}\n    End: true\n"
FLOW = "StartAt: A\nStates: {{A: {{Type: Wait, Seconds: {}, End: true}}}}\n"
JSON = '{{"StartAt": "A", "States": {{"A": {{"Type": "Wait", "Seconds": {}, "End": true}}}}}}'
MAPPED = {"Fn::FindInMap": ["Delays", "Ours", "Pause"]}


@pytest.mark.parametrize("text", [YAML, FLOW, JSON])
@pytest.mark.parametrize("value", [{"Ref": "Delay"}, MAPPED])
def test_a_number_that_is_filled_into_a_file_needs_no_quotation_marks(text: str, value: Any) -> None:
    Path("m.asl.yaml").write_text(text.format("${Pause}"))
    path = template("m.asl.yaml", Pause=value)
    assert "/States" not in cfngen("check", path).output
    [machine] = load(path)
    assert machine.workflow.to_asl()["States"]["A"]["Seconds"] == Unquoted(value)


@pytest.mark.parametrize("text", [YAML, FLOW, JSON])
@pytest.mark.parametrize("value", [5, "5"])
def test_a_literal_number_that_is_filled_into_a_file_is_that_number(text: str, value: Any) -> None:
    Path("m.asl.yaml").write_text(text.format("${Pause}"))
    [machine] = load(template("m.asl.yaml", Pause=value))
    assert machine.workflow.to_asl()["States"]["A"]["Seconds"] == 5


@pytest.mark.parametrize("text", [YAML, FLOW, JSON])
def test_a_number_that_is_filled_in_between_quotation_marks_is_text(text: str) -> None:
    Path("m.asl.yaml").write_text(text.format('"${Pause}"'))
    path = template("m.asl.yaml", Pause={"Ref": "Delay"})
    assert "'Seconds' takes a whole number" in cfngen("check", path).output


@pytest.mark.parametrize("text", [YAML, FLOW, JSON])
def test_a_number_of_a_definition_alone_is_filled_in_later(text: str) -> None:
    Path("m.asl.yaml").write_text(text.format("${Pause}"))
    assert (cfngen("check", "m.asl.yaml").exit_code, cfngen("policy", "m.asl.yaml").exit_code) == (0, 0)
    imported = cfngen("import", "m.asl.yaml")
    assert 'a = Wait("A", Seconds=Ref("Pause"))' in imported.output


def test_other_text_of_a_definition_alone_stays_as_it_is() -> None:
    text = SOUND.replace("Type: Pass", "Type: Task\n    Resource: ${Function}\n    Comment: of ${Stage}")
    Path("m.asl.yaml").write_text(text)
    [machine] = load("m.asl.yaml")
    state = machine.workflow.to_asl()["States"]["A"]
    assert (state["Resource"], state["Comment"]) == ("${Function}", "of ${Stage}")


@pytest.mark.parametrize(
    "state",
    [
        '"Type": "Pass", "Result": ${Json}, "End": true',
        '"Type": "Pass", "Parameters": ${Json}, "End": true',
        '"Type": "Pass", "Parameters": {"a": ${Json}}, "End": true',
        '"Type": "Task", "Resource": "arn:aws:states:::sqs:listQueues", "Retry": ${Json}, "End": true',
        '"Type": "Choice", "Choices": [{"Variable": "$.a", "BooleanEquals": ${Json}, "Next": "A"}], "Default": "B"',
        '"Type": "Task", "Resource": "${Function}", "TimeoutSeconds": ${Json}, "End": true',
    ],
)
def test_json_that_is_filled_in_without_quotation_marks_is_accepted(state: str) -> None:
    other = '"B": {"Type": "Succeed"}' if "Choice" in state else ""
    text = f'{{"StartAt": "A", "States": {{"A": {{{state}}}{"," if other else ""}{other}}}}}'
    Path("m.asl.json").write_text(text)
    assert (
        "SCHEMA_VALIDATION_FAILED"
        not in cfngen("check", template("m.asl.json", Json={"Ref": "Topic"})).output
    )
    assert "SCHEMA_VALIDATION_FAILED" not in cfngen("check", "m.asl.json").output


def test_a_fault_of_a_definition_with_holes_is_told_as_it_is_written() -> None:
    Path("m.asl.json").write_text('{"StartAt": "A",\n "States": {"A": {"Seconds": ${Pause},, }}}')
    assert "m.asl.json:2:" in cfngen("check", "m.asl.json").output
