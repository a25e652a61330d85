"""A workflow alone, with its role and its logs; and in a template of the user's own."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path as File
from typing import Any

import pytest
from awacs import s3
from awacs.aws import Allow, Statement
from troposphere import Ref, Template
from troposphere.sns import Topic

from cfngen import EXPRESS, Pass, Path, PolicyWarning, Wait, Workflow
from cfngen.asl.values import Function
from cfngen.inputs.targets import load, template_of
from cfngen.stacks import BatchJobNotification, StateMachine
from cfngen.stacks.samples.catalog import SAMPLES
from cfngen.tasks import sns
from cfngen.template import document, to_json, to_yaml
from cfngen.template.lint import as_text, lint
from tests.iam.intrinsics import resolved

FORTY_LINES = File(__file__).with_name("forty_lines.py")
NOTHING = Workflow(Pass("Nothing"))
PUBLISH = Workflow(sns.Publish("Tell", TopicArn=Ref("Topic"), Message="m"))
READ = Statement(Effect=Allow, Action=[s3.GetObject], Resource=["arn:aws:s3:::bucket/*"])


def resources(machine: StateMachine) -> Any:
    return document(machine.template())["Resources"]


def statements(machine: StateMachine) -> Any:
    [policy] = resources(machine)["StateMachineRole"]["Properties"]["Policies"]
    return policy["PolicyDocument"]["Statement"]


def test_a_machine_takes_five_lines() -> None:
    from cfngen import Pass, Workflow
    from cfngen.stacks import StateMachine
    from cfngen.template import to_yaml

    text = to_yaml(StateMachine(Workflow(Pass("Hello", Result="world"))).template())
    assert text == (
        "AWSTemplateFormatVersion: '2010-09-09'\n"
        "Resources:\n"
        "  StateMachine:\n"
        "    Type: AWS::StepFunctions::StateMachine\n"
        "    Properties:\n"
        "      RoleArn: !GetAtt StateMachineRole.Arn\n"
        "      Definition:\n"
        "        StartAt: Hello\n"
        "        States:\n"
        "          Hello:\n"
        "            Type: Pass\n"
        "            Result: world\n"
        "            End: true\n"
        "  StateMachineRole:\n"
        "    Type: AWS::IAM::Role\n"
        "    Properties:\n"
        "      AssumeRolePolicyDocument:\n"
        "        Version: '2012-10-17'\n"
        "        Statement:\n"
        "        - Effect: Allow\n"
        "          Principal:\n"
        "            Service: states.amazonaws.com\n"
        "          Action:\n"
        "          - sts:AssumeRole\n"
        "          Condition:\n"
        "            StringEquals:\n"
        "              aws:SourceAccount: !Ref AWS::AccountId\n"
        "            ArnLike:\n"
        "              aws:SourceArn: !Sub arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:"
        "stateMachine:*\n"
        "Outputs:\n"
        "  StateMachineArn:\n"
        "    Description: The state machine.\n"
        "    Value: !Ref StateMachine\n"
    )


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"type": EXPRESS, "log_level": "ALL", "log_execution_data": True, "tracing": True},
        {"name": "machine", "description": "A machine", "tags": {"a": "b"}},
        {"role_arn": "arn:aws:iam::123456789012:role/states"},
        {"logical_id": "Nightly", "role_logical_id": "Role", "policy_name": "policy", "log_level": "ERROR"},
        {
            "extra_statements": [READ],
            "permissions_boundary": "arn:aws:iam::aws:policy/x",
            "role_path": "/a/",
        },
    ],
    ids=lambda it: " ".join(it) or "plain",
)
def test_a_machine_is_clean_whatever_its_options(options: dict[str, Any]) -> None:
    assert as_text(lint(to_yaml(StateMachine(NOTHING, **options).template()))) == ""


def test_a_workflow_that_calls_nothing_has_a_role_without_policies() -> None:
    assert "Policies" not in resources(StateMachine(NOTHING))["StateMachineRole"]["Properties"]


def test_a_role_that_is_given_is_taken() -> None:
    resources_added = resources(StateMachine(PUBLISH, role_arn="arn:aws:iam::123456789012:role/states"))
    assert list(resources_added) == ["StateMachine"]
    assert (
        resources_added["StateMachine"]["Properties"]["RoleArn"] == "arn:aws:iam::123456789012:role/states"
    )


def test_extra_statements_come_after_those_of_the_workflow() -> None:
    assert [it["Action"] for it in statements(StateMachine(PUBLISH, extra_statements=[READ]))] == [
        ["sns:Publish"],
        ["s3:GetObject"],
    ]


def test_extra_statements_may_be_all_that_a_role_has() -> None:
    assert [it["Action"] for it in statements(StateMachine(NOTHING, extra_statements=[READ]))] == [
        ["s3:GetObject"]
    ]


def test_the_policy_of_a_machine_is_that_of_its_role() -> None:
    machine = StateMachine(PUBLISH, extra_statements=[READ], log_level="ALL", tracing=True)
    assert json.loads(machine.policy().to_json())["Statement"] == statements(machine)


def test_a_policy_asked_for_twice_has_its_extra_statements_once() -> None:
    machine = StateMachine(PUBLISH, extra_statements=[READ])
    assert machine.policy().to_json() == machine.policy().to_json()


@pytest.mark.parametrize(
    ("options", "action"),
    [({"log_level": "ALL"}, "logs:CreateLogDelivery"), ({"tracing": True}, "xray:PutTraceSegments")],
)
def test_what_a_machine_does_besides_is_allowed_only_if_it_does(
    options: dict[str, Any], action: str
) -> None:
    def actions(machine: StateMachine) -> list[str]:
        return [it for one in statements(machine) for it in one["Action"]]

    assert action in actions(StateMachine(PUBLISH, **options))
    assert action not in actions(StateMachine(PUBLISH))


def test_a_wide_policy_warns_when_the_template_is_made() -> None:
    wide = Workflow(sns.Publish("Tell", TopicArn=Path("$.topic"), Message="m"))
    with pytest.warns(PolicyWarning, match="TopicArn is only known at run time"):
        StateMachine(wide).template()


def test_a_machine_can_join_a_template_of_the_users_own() -> None:
    template = Template()
    template.add_resource(Topic("Topic"))
    machine = StateMachine(PUBLISH, logical_id="Tell", log_level="ALL").add_to(template)
    assert list(template.resources) == ["Topic", "Tell", "TellRole", "TellLogGroup"]
    assert machine is template.resources["Tell"]
    assert as_text(lint(to_yaml(template))) == ""


def test_two_machines_can_join_one_template() -> None:
    template = Template()
    for name in ("One", "Two"):
        StateMachine(NOTHING, logical_id=name, log_level="ALL").add_to(template)
    assert as_text(lint(to_yaml(template))) == ""


def test_making_a_template_twice_gives_the_same_text() -> None:
    machine = BatchJobNotification(log_level="ALL", tags={"b": "1", "a": "2"}, email="parameter")
    assert to_yaml(machine.template()) == to_yaml(machine.template())


def test_step_functions_gets_logs_at_the_arn_that_it_wants() -> None:
    logging = resources(StateMachine(NOTHING, log_level="FATAL", log_execution_data=True))["StateMachine"]
    assert logging["Properties"]["LoggingConfiguration"] == {
        "Level": "FATAL",
        "IncludeExecutionData": True,
        "Destinations": [
            {"CloudWatchLogsLogGroup": {"LogGroupArn": {"Fn::GetAtt": ["StateMachineLogGroup", "Arn"]}}}
        ],
    }


def sample_template(slug: str) -> Template:
    return template_of(load(slug))


# of one definition, two renderings
STACKS: dict[str, Callable[[], Template]] = {
    **{sample.slug: partial(sample_template, sample.slug) for sample in SAMPLES},
    "text with braces": lambda: StateMachine(
        Workflow(Pass("a ${b}", Result={"${AWS::Region}": "${!c}", "d": '"}${'}) >> Wait("e", Seconds=1))
    ).template(),
    "references in text": lambda: BatchJobNotification(topic="parameter", array_size=2).template(),
}


@pytest.mark.parametrize("name", STACKS)
def test_a_definition_is_the_same_as_an_object_and_as_text(name: str) -> None:
    values = {
        "BatchJobQueue": "arn:aws:batch:us-west-2:123456789012:job-queue/q",
        "BatchJobDefinition": "arn:aws:batch:us-west-2:123456789012:job-definition/d:1",
        "SNSTopic": "arn:aws:sns:us-west-2:123456789012:t",
        "TopicArn": "arn:aws:sns:us-west-2:123456789012:t",
    }
    found = []
    for definition, key in (("object", "Definition"), ("string", "DefinitionString")):
        rendered = json.loads(to_json(STACKS[name](), definition=definition))  # type: ignore[arg-type]
        values = {**dict.fromkeys(rendered["Resources"], "another"), **values}
        [machine] = [it for it in rendered["Resources"].values() if it["Type"].endswith("::StateMachine")]
        value = resolved(machine["Properties"][key], values)
        found.append(json.loads(value) if isinstance(value, str) else value)
    assert found[0] == found[1]
    assert "{'Ref'" not in str(found[0])


def lines_of_code(source: str) -> int:
    """Count the lines that hold code: no blank lines, comments or docstrings."""
    tree = ast.parse(source)
    docstring = tree.body[0]
    code = set()
    for statement in tree.body[1:]:
        assert statement.end_lineno is not None
        code |= set(range(statement.lineno, statement.end_lineno + 1))
    assert isinstance(docstring, ast.Expr)
    return len(code)


def test_the_whole_sample_with_its_resources_takes_fewer_than_forty_lines() -> None:
    assert lines_of_code(FORTY_LINES.read_text(encoding="utf-8")) < 40


def test_the_sample_with_a_workflow_of_one_s_own_is_the_committed_template() -> None:
    source = File(__file__).with_name("whole_sample.py")
    committed = File(__file__).parents[2] / "templates" / "batch-job-notification.yaml"
    assert lines_of_code(source.read_text(encoding="utf-8")) < 40
    assert to_yaml(load(f"{source}:stack").template()) == committed.read_text(encoding="utf-8")


def test_the_sample_in_forty_lines_is_clean() -> None:
    assert as_text(lint(to_yaml(load(f"{FORTY_LINES}:template")))) == ""


@pytest.mark.parametrize(
    ("own", "transforms"),
    [
        (None, "AWS::LanguageExtensions"),
        ("AWS::Serverless-2016-10-31", ["AWS::LanguageExtensions", "AWS::Serverless-2016-10-31"]),
        (["AWS::LanguageExtensions"], ["AWS::LanguageExtensions"]),
    ],
)
def test_functions_of_the_language_extensions_bring_their_transform(own: Any, transforms: Any) -> None:
    template = Template()
    if own is not None:
        template.set_transform(own)
    result = {"count": Function({"Fn::Length": {"Ref": "Names"}})}
    StateMachine(Workflow(Pass("A", Result=result))).add_to(template)
    assert template.to_dict()["Transform"] == transforms


def test_other_functions_bring_no_transform() -> None:
    assert "Transform" not in StateMachine(Workflow(Pass("A", Result=Ref("Names")))).template().to_dict()
