"""A task's Resource that refers to another resource of the template is what that resource is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from troposphere import GetAtt, Ref, Sub, Template
from troposphere.awslambda import Code, Function
from troposphere.stepfunctions import Activity

from cfngen import PolicyWarning, Task, Workflow
from cfngen.cli import main
from cfngen.stacks import StateMachine

INVOKE = "lambda:InvokeFunction"


def policy(resource: Any, folder: Path, **others: str) -> tuple[list[str], str]:
    """Return the actions of the policy of a machine with one task, and what is said beside it."""
    definition = {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": resource, "End": True}}}
    properties = {"RoleArn": "arn:aws:iam::123456789012:role/r", "Definition": definition}
    machine = {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}
    resources = {"Machine": machine, **{name: {"Type": kind} for name, kind in others.items()}}
    path = folder / "t.json"
    path.write_text(json.dumps({"Resources": resources}))
    result = CliRunner().invoke(main, ["policy", str(path)])
    assert result.exit_code == 0, result.output
    return [it for each in json.loads(result.stdout)["Statement"] for it in each["Action"]], result.stderr


@pytest.mark.parametrize(
    ("resource", "kind"),
    [
        ({"Fn::GetAtt": ["It", "Arn"]}, "AWS::Lambda::Function"),
        ({"Fn::GetAtt": "It.Arn"}, "AWS::Serverless::Function"),
        ({"Ref": "It"}, "AWS::Lambda::Alias"),
        ({"Ref": "It"}, "AWS::Lambda::Version"),
        ({"Fn::Sub": "${It.Arn}"}, "AWS::Lambda::Function"),
        ({"Fn::Sub": "${It.Arn}:live"}, "AWS::Lambda::Function"),
        ({"Fn::Join": [":", [{"Fn::GetAtt": ["It", "Arn"]}, "live"]]}, "AWS::Lambda::Function"),
    ],
)
def test_a_function_is_invoked(resource: Any, kind: str, tmp_path: Path) -> None:
    assert policy(resource, tmp_path, It=kind) == ([INVOKE], "")


@pytest.mark.parametrize("resource", [{"Ref": "It"}, {"Fn::GetAtt": ["It", "Arn"]}, {"Fn::Sub": "${It}"}])
def test_an_activity_needs_no_permission(resource: Any, tmp_path: Path) -> None:
    assert policy(resource, tmp_path, It="AWS::StepFunctions::Activity") == ([], "")


@pytest.mark.parametrize(
    ("resource", "kind"),
    [
        ({"Fn::GetAtt": ["It", "Arn"]}, "AWS::SQS::Queue"),
        ({"Fn::GetAtt": ["It", "Outputs.Function"]}, "AWS::CloudFormation::Stack"),
        ({"Fn::ImportValue": "function"}, "AWS::Lambda::Function"),
        ({"Fn::FindInMap": ["a", "b", "c"]}, "AWS::Lambda::Function"),
    ],
)
def test_what_may_be_anything_is_no_function_and_said(resource: Any, kind: str, tmp_path: Path) -> None:
    actions, messages = policy(resource, tmp_path, It=kind)
    assert actions == []
    assert "needs is not known" in messages


@pytest.mark.parametrize("resource", [GetAtt("It", "Arn"), Ref("It"), Sub("${It.Arn}")])
def test_outside_of_a_template_a_reference_is_no_function_and_said(resource: Any) -> None:
    with pytest.warns(
        PolicyWarning, match=r"needs is not known.*\n    hint: call a function by lambda_\.Invoke"
    ):
        assert Workflow(Task("Call", Resource=resource)).policy().Statement == []


def test_a_template_that_a_machine_is_added_to_says_what_a_reference_means() -> None:
    template = Template()
    template.add_resource(Function("It", Code=Code(ZipFile="a"), Role="arn:aws:iam::123456789012:role/r"))
    template.add_resource(Activity("Person", Name="person"))
    calls = Task("Call", Resource=GetAtt("It", "Arn")) >> Task("Ask", Resource=Ref("Person"))
    StateMachine(Workflow(calls)).add_to(template)
    [policy] = template.to_dict()["Resources"]["StateMachineRole"]["Properties"]["Policies"]
    [statement] = policy["PolicyDocument"]["Statement"]
    assert (statement["Action"], statement["Resource"]) == (
        [INVOKE],
        [{"Fn::GetAtt": ["It", "Arn"]}],
    )
