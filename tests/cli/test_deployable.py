"""A template that could not be deployed is never written in silence."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cfngen.cli import main

_WORKFLOW = """
from troposphere import Ref, Template
from troposphere.sns import Topic
from cfngen import Pass, Wait, Workflow
from cfngen.stacks import StateMachine

discarding = Workflow(Pass("Give", Result=1, ResultPath=None))
waiting = StateMachine(Workflow(Wait("Pause", Seconds=Ref("Pause"))))
template = Template()
template.add_resource(Topic("Topic", TopicName=Ref("Nothing")))
"""


def _cfngen(*arguments: object) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)))


@pytest.fixture
def module(tmp_path: Path) -> Path:
    path = tmp_path / "work.py"
    path.write_text(_WORKFLOW, encoding="utf-8")
    return path


def test_a_null_makes_a_string_and_the_reason_is_told(module: Path) -> None:
    result = _cfngen("template", f"{module}:discarding")
    assert result.exit_code == 0
    assert "DefinitionString: " in result.stdout
    place = "/Resources/StateMachine/Properties/Definition/States/Give/ResultPath"
    assert result.stderr == (
        f"note: the definition is written as a string: {place}: CloudFormation refuses a null in a template\n"
    )


def test_an_object_with_a_null_is_an_error(module: Path) -> None:
    result = _cfngen("template", f"{module}:discarding", "--definition", "object")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "CloudFormation refuses a null in a template" in result.stderr


def test_a_workflow_that_refers_outwards_is_written_with_a_warning(module: Path) -> None:
    result = _cfngen("template", f"{module}:waiting")
    assert result.exit_code == 0
    assert "the workflow refers to 'Pause', which is not in the template" in result.stderr


def test_a_template_that_refers_to_nothing_is_an_error(module: Path) -> None:
    result = _cfngen("template", f"{module}:template")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "the template has no resource or parameter 'Nothing'" in result.stderr


_MACHINE = """\
Resources:
  Machine:
    Type: AWS::StepFunctions::StateMachine
    DependsOn: Machin
    Properties:
      RoleArn: arn:aws:iam::123456789012:role/r
      Definition:
        StartAt: Give
        States: {Give: {Type: Pass, ResultPath: null, End: true}}
"""


def test_check_finds_nulls_and_references_to_nothing_in_their_places(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_text(_MACHINE, encoding="utf-8")
    result = _cfngen("check", path)
    assert result.exit_code == 1
    assert f"{path}:9:49: /Resources/Machine/Properties/Definition/States/Give/ResultPath" in result.output
    assert (
        f"{path}:4:16: /Resources/Machine/DependsOn: the template has no resource 'Machin'" in result.output
    )


def test_lint_finds_the_nulls_of_which_cfn_lint_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_text(_MACHINE, encoding="utf-8")
    result = _cfngen("lint", path)
    assert result.exit_code == 1
    assert f"{path}:9:49: CloudFormation refuses a null in a template" in result.output
    assert result.output.count("NULL_VALUE") == 1
