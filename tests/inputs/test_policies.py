"""``cfngen policy`` on files, on several machines, and asked to explain itself."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path as File

import pytest
import yaml
from click.testing import CliRunner, Result
from troposphere import encode_to_dict

from cfngen.cli import main
from cfngen.inputs.targets import load, machine_of
from cfngen.stacks.samples.catalog import Sample
from tests.stacks.hinted import TOLD

TEMPLATES = File(__file__).parents[2] / "templates"
TOPIC = "arn:aws:sns:us-east-1:123456789012:topic"
MACHINE = {
    "StartAt": "Tell",
    "States": {
        "Tell": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sns:publish",
            "Parameters": {"TopicArn": TOPIC, "Message": "m"},
            "End": True,
        }
    },
}


def policy(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["policy", *map(str, arguments)])


@pytest.mark.parametrize("sample", TOLD, ids=lambda it: it.slug)
def test_a_template_that_is_read_needs_what_the_workflow_needs_that_made_it(sample: Sample) -> None:
    read = policy(TEMPLATES / f"{sample.slug}.yaml")
    written = json.loads(policy(sample.slug, "--scope", "least-privilege").stdout)
    # no definition tells the stack's own statements
    own = encode_to_dict(list(machine_of(load(sample.slug)).extra_statements))
    written["Statement"] = [statement for statement in written["Statement"] if statement not in own]
    assert json.loads(read.stdout) == written


def test_a_definition_that_is_read_names_its_topic(tmp_path: File) -> None:
    file = tmp_path / "machine.asl.json"
    file.write_text(json.dumps(MACHINE))
    assert json.loads(policy(file).stdout) == {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": ["sns:Publish"], "Resource": [TOPIC]}],
    }


def test_several_machines_make_a_policy_each() -> None:
    files = sorted(TEMPLATES.glob("*.yaml"))
    found = json.loads(policy(*files).stdout)
    machines = [machine_of(load(file.stem)).logical_id for file in files]
    assert list(found) == [f"{file}:{name}" for file, name in zip(files, machines, strict=True)]
    assert all(list(document) == ["Version", "Statement"] for document in found.values())


def test_yaml_is_the_same_policy(tmp_path: File) -> None:
    file = tmp_path / "machine.asl.json"
    file.write_text(json.dumps(MACHINE))
    assert yaml.safe_load(policy(file, "--format", "yaml").stdout) == json.loads(policy(file).stdout)


@pytest.mark.parametrize("scope", ["least-privilege", "documented"])
def test_each_statement_is_explained(scope: str, golden: Callable[[str, str], None]) -> None:
    shown = policy("batch-job-notification", "--scope", scope, "--explain")
    golden(f"policies/{scope}.txt", shown.stdout)


def test_what_calls_nothing_says_so(tmp_path: File) -> None:
    file = tmp_path / "machine.json"
    file.write_text(json.dumps({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}))
    assert policy(file, "--explain").stdout == "It calls nothing.\n"


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("", 2, "the text is empty"),
        ("{}", 2, "neither a definition, which has 'States', nor a template"),
        ('{"Resources": {}}', 2, "there is no state machine in it"),
        ('{"StartAt": "B", "States": {"A": {"Type": "Succeed"}}}', 1, "[MISSING_TRANSITION_TARGET]"),
    ],
)
def test_a_file_without_a_machine_is_refused(tmp_path: File, text: str, code: int, message: str) -> None:
    file = tmp_path / "machine.json"
    file.write_text(text)
    result = policy(file)
    assert (result.exit_code, result.stdout) == (code, "")
    assert message in result.stderr


def test_the_policy_of_a_file_needs_no_stacks(tmp_path: File) -> None:
    """Which takes as long to import as all else."""
    path = tmp_path / "machine.asl.json"
    path.write_text('{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}', encoding="utf-8")
    code = (
        f"import sys; from cfngen.inputs.policies import policies; policies([{str(path)!r}]); "
        "print('cfngen.stacks.state_machine' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert ran.stdout == "False\n"
