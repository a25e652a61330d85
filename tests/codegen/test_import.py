"""``cfngen import`` as a person meets it."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cfngen.cli import main

ROOT = Path(__file__).parent.parent.parent
SAMPLE = ROOT / "tests" / "asl" / "batch_job_notification.asl.json"
STEP = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
TEMPLATE = """
Resources:
  Nightly:
    Type: AWS::StepFunctions::StateMachine
    Properties: {RoleArn: r, Definition: {StartAt: A, States: {A: {Type: Pass, End: true}}}}
  Hourly:
    Type: AWS::Serverless::StateMachine
    Properties:
      Type: EXPRESS
      DefinitionSubstitutions: {Topic: !Ref News}
      Definition:
        StartAt: Tell
        States:
          Tell:
            Type: Task
            Resource: !Sub arn:${AWS::Partition}:states:::sns:publish
            Parameters: {TopicArn: "${Topic}", Message: hello}
            End: true
  Elsewhere:
    Type: AWS::StepFunctions::StateMachine
    Properties: {RoleArn: r, DefinitionS3Location: {Bucket: b, Key: k}}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def cfngen(*arguments: str | Path, **options: Any) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)), **options)


def test_python_goes_to_standard_output_alone() -> None:
    result = cfngen("import", SAMPLE)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(
        '"""Read from batch_job_notification.asl.json."""\n\nfrom cfngen import'
    )


def test_what_is_written_is_a_target_with_the_same_definition() -> None:
    assert cfngen("import", SAMPLE, "-o", "workflow.py").exit_code == 0
    process = subprocess.run(
        [sys.executable, "-m", "cfngen", "asl", "workflow.py"], capture_output=True, check=True
    )
    assert json.loads(process.stdout) == json.loads(SAMPLE.read_text())


def test_the_file_that_is_written_is_told(folder: Path) -> None:
    result = cfngen("import", SAMPLE, "-o", "workflow.py")
    size = (folder / "workflow.py").stat().st_size
    assert (result.stdout, result.stderr) == ("", f"workflow.py: 1 workflow, {size:,} bytes\n")


@pytest.mark.parametrize("name", ["batch-job-notification", "batch-job-notification-fargate"])
def test_a_template_of_ours_is_read_into_the_definition_it_came_from(folder: Path, name: str) -> None:
    assert cfngen("import", ROOT / "templates" / f"{name}.yaml", "-o", "workflow.py").exit_code == 0
    assert cfngen("asl", "workflow.py").stdout == cfngen("asl", name).stdout


def test_all_machines_of_a_template_are_written_and_the_one_that_cannot_be_is_told(folder: Path) -> None:
    (folder / "t.yaml").write_text(TEMPLATE)
    result = cfngen("import", "t.yaml")
    assert result.exit_code == 1
    assert result.stderr == "error: t.yaml:21:30: the definition is in another place: read its own file\n"
    assert result.stdout.endswith(
        'a = Pass("A")\n'
        "nightly = Workflow(a)\n"
        'tell = sns.Publish("Tell", Message="hello", TopicArn=Ref("News"))\n'
        "# An express workflow: use it as StateMachine(hourly, type='EXPRESS').\n"
        "hourly = Workflow(tell)\n"
    )


def test_a_machine_is_chosen_by_its_name(folder: Path) -> None:
    (folder / "t.yaml").write_text(TEMPLATE)
    result = cfngen("import", "t.yaml", "--machine", "Nightly")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.endswith('a = Pass("A")\nnightly = Workflow(a)\n')


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("Nigthly", "t.yaml has no machine 'Nigthly'; did you mean 'Nightly'?"),
        ("x", "t.yaml has no machine 'x'; it has Nightly, Hourly, Elsewhere"),
        ("Elsewhere", "t.yaml:21:30: the definition is in another place: read its own file"),
    ],
)
def test_a_machine_that_is_not_there_is_told(folder: Path, wanted: str, message: str) -> None:
    (folder / "t.yaml").write_text(TEMPLATE)
    result = cfngen("import", "t.yaml", "--machine", wanted, "-o", "w.py")
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"error: {message}\n")
    assert not (folder / "w.py").exists()


def test_standard_input_is_read() -> None:
    result = cfngen("import", "-", input=json.dumps(STEP))
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith('"""Read from a definition."""\n')


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "m.json: the text is empty"),
        (b"\xff", "m.json:1:1: the file is not UTF-8: the byte 0xff is not valid here"),
        (b'{"a": 1,}', "m.json:1:8: there is a ',' before '}'"),
        (b"{}", "m.json: neither a definition, which has 'States', nor a template, which has 'Resources'"),
        (b'{"Resources": {}}', "m.json has no state machine"),
        (None, f"cannot read m.json: {os.strerror(errno.ENOENT)}"),
    ],
)
def test_a_file_that_holds_no_definition_is_told_in_a_line(
    folder: Path, content: bytes | None, message: str
) -> None:
    if content is not None:
        (folder / "m.json").write_bytes(content)
    result = cfngen("import", "m.json", "-o", "w.py")
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"error: {message}\n")
    assert not (folder / "w.py").exists()


def test_problems_are_told_where_they_are_and_the_rest_is_written(folder: Path) -> None:
    states = {"A": {"Type": "Pass", "Next": "Bb"}, "B": {"Type": "Pass", "Later": 1, "End": True}}
    (folder / "m.json").write_text(json.dumps({"StartAt": "A", "States": states}))
    result = cfngen("import", "m.json", "--force")
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "error: m.json:1:59: /States/A/Next: no state is named 'Bb' [MISSING_TRANSITION_TARGET]",
        "    hint: did you mean 'B'?",
        "error: m.json:1:66: /States/B: the state 'B' is never reached [MISSING_TRANSITION_TARGET]",
        "warning: m.json:1:97: /States/B/Later: a Pass has no field 'Later' that cfngen knows "
        "[SCHEMA_VALIDATION_FAILED]",
    ]
    assert result.stdout.startswith(
        '"""Read from m.json."""\n\n'
        "# The definition has errors:\n"
        "# m.json:1:59: /States/A/Next: no state is named 'Bb' [MISSING_TRANSITION_TARGET]\n"
        "# hint: did you mean 'B'?\n"
        "# m.json:1:66: /States/B: the state 'B' is never reached [MISSING_TRANSITION_TARGET]\n"
        "from cfngen import "
    )
    assert 'a = Pass("A")\n' in result.stdout
    assert 'b = RawState("B", {"Type": "Pass", "Later": 1, "End": True})\n' in result.stdout
    assert 'workflow = Workflow(a >> Goto("Bb"))\n' in result.stdout


def test_a_definition_with_errors_is_not_written_without_force(folder: Path) -> None:
    states = {"A\nimport os": {"Type": "Pass", "Next": "B"}}
    (folder / "m.json").write_text(json.dumps({"StartAt": "A\nimport os", "States": states}))
    result = cfngen("import", "m.json", "-o", "w.py")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.endswith("error: nothing is written: --force writes a definition with errors\n")
    assert not (folder / "w.py").exists()
    assert cfngen("import", "m.json", "-o", "w.py", "--force").exit_code == 1
    assert "\nimport os" not in (folder / "w.py").read_text()


def test_a_state_and_arguments_that_are_no_python_are_written_as_they_are(folder: Path) -> None:
    task = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sqs:listQueues", "End": True}
    states = {"A": {**task, "Arguments": {"True": 1, "None": 2}}, "Ask": {"Ref": "Ask"}}
    document = {"QueryLanguage": "JSONata", "StartAt": "A", "States": states}
    (folder / "m.json").write_text(json.dumps(document))
    assert cfngen("import", "m.json", "-o", "w.py", "--force").exit_code == 1
    content = (folder / "w.py").read_text()
    assert 'RawState("Ask", {"Ref": "Ask"})' in content
    assert 'arguments={"True": 1, "None": 2}' in content
    exec(content, {})


def test_an_expression_in_several_lines_is_a_literal_in_several_lines(folder: Path) -> None:
    text = '{% (\n  $x := \'a"""b\';\n  $x & "\\\\"\n) %}'
    state = {"Type": "Pass", "Output": text, "End": True}
    document = {"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": state}}
    (folder / "m.json").write_text(json.dumps(document))
    assert cfngen("import", "m.json", "-o", "w.py").exit_code == 0
    assert '"""(\n  $x := ' in (folder / "w.py").read_text()
    assert json.loads(cfngen("asl", "w.py").stdout) == document


def test_a_definition_without_a_beginning_is_refused(folder: Path) -> None:
    (folder / "m.json").write_text(json.dumps({"States": STEP["States"]}))
    result = cfngen("import", "m.json", "-o", "w.py")
    assert result.exit_code == 1
    assert "/StartAt: a workflow needs 'StartAt', the name of a state" in result.stderr
    assert not (folder / "w.py").exists()


@pytest.mark.parametrize("name", ['"""; import os; x = """.json', "a\nb.json", "ends in \\.json", "'.json"])
def test_the_name_of_the_file_is_never_code(folder: Path, name: str) -> None:
    (folder / name).write_text(json.dumps(STEP))
    result = cfngen("import", name)
    assert result.exit_code == 0
    assert result.stdout.startswith('"""Read from a definition."""\n\nfrom cfngen import Pass, Workflow\n')


def test_a_file_that_cannot_be_written_is_told(folder: Path) -> None:
    result = cfngen("import", SAMPLE, "-o", "no/such/w.py")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: cannot write no/such/w.py: ")


def test_two_ways_to_a_state_that_is_not_there_are_written(folder: Path) -> None:
    catcher = {"ErrorEquals": ["States.ALL"], "Next": "Nowhere"}
    states = {
        "A": {"Type": "Pass", "Next": "B"},
        "B": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sns:publish",
            "Catch": [catcher],
            "Next": "Nowhere",
        },
    }
    (folder / "m.asl.json").write_text(json.dumps({"StartAt": "A", "States": states}))
    result = CliRunner().invoke(main, ["import", "m.asl.json", "--force"])
    assert result.stdout.count("Goto('Nowhere')") + result.stdout.count('Goto("Nowhere")') == 2
