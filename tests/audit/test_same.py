"""Ways to write a role that is just right, none of which is a fault."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.audit.templates import DESCRIBE, PUBLISH, SUB, SUBMIT, Changed, audited, codes, found

TOPIC = "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:"
STATES = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:"

TOPICS = {
    "GetAtt": {"Fn::GetAtt": ["Topic", "TopicArn"]},
    "GetAtt as text": {"Fn::GetAtt": "Topic.TopicArn"},
    "Sub of the reference": {SUB: "${Topic}"},
    "Sub of the attribute": {SUB: "${Topic.TopicArn}"},
    "Sub with its own variables": {SUB: ["${It}", {"It": {"Ref": "Topic"}}]},
    "Sub of the name": {SUB: f"{TOPIC}${{Topic.TopicName}}"},
    "Join": {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":sns:", {"Ref": "AWS::Region"}, ":", {"Ref": "AWS::AccountId"}, ":", {"Fn::GetAtt": ["Topic", "TopicName"]}]]},
    "Join of the parts": {"Fn::Join": [":", ["arn", {"Ref": "AWS::Partition"}, "sns", {"Ref": "AWS::Region"}, {"Ref": "AWS::AccountId"}, {"Fn::GetAtt": ["Topic", "TopicName"]}]]},
    "the name cut out": {SUB: [f"{TOPIC}${{Name}}", {"Name": {"Fn::Select": [5, {"Fn::Split": [":", {"Ref": "Topic"}]}]}}]},
    "the partition written": {SUB: "arn:aws:sns:${AWS::Region}:${AWS::AccountId}:${Topic.TopicName}"},
    "the region and the account written": {SUB: "arn:aws-cn:sns:cn-north-1:123456789012:${Topic.TopicName}"},
    "a list": [{"Ref": "Topic"}],
    "a list of a list": {"Fn::If": ["IsProd", [{"Ref": "Topic"}], {"Ref": "Topic"}]},
    "either branch": {"Fn::If": ["IsProd", {"Ref": "Topic"}, {"Fn::GetAtt": ["Topic", "TopicArn"]}]},
    "from a map": {"Fn::FindInMap": ["Topics", "all", "arn"]},
}  # fmt: skip


@pytest.mark.parametrize("topic", TOPICS.values(), ids=TOPICS)
def test_a_topic_is_the_same_however_it_is_written(topic: list[dict[str, str]] | dict[str, Any]) -> None:
    it = Changed()
    it.statements[PUBLISH]["Resource"] = topic
    if "FindInMap" in str(topic):
        arn = "arn:aws:sns:eu-west-1:123456789012:alarms"
        it.template["Mappings"] = {"Topics": {"all": {"arn": arn}}}
        it.states["Tell"]["Parameters"]["TopicArn"] = arn
    assert codes(it.template, "--strict") == []


@pytest.mark.parametrize("action", ["SNS:Publish", "sns:publish", ["sns:Publish"]], ids=str)
def test_the_case_of_an_action_does_not_count(action: str | list[str]) -> None:
    it = Changed()
    it.statements[PUBLISH]["Action"] = action
    assert codes(it.template, "--strict") == []


@pytest.mark.parametrize("action", ["sns:Pub*", "sns:Publis?", "sns:*", "*"])
def test_a_wildcard_allows_what_it_matches(action: str) -> None:
    it = Changed()
    it.statements[PUBLISH]["Action"] = action
    assert audited(it.template).exit_code == 0


def test_everything_but_something_else_allows_it() -> None:
    it = Changed()
    it.statements[PUBLISH] = {"Effect": "Allow", "NotAction": "iam:*", "NotResource": {"Ref": "Other"}}
    assert audited(it.template).exit_code == 0


def test_everything_but_just_this_does_not() -> None:
    it = Changed()
    it.statements[PUBLISH] = {"Effect": "Allow", "Action": "sns:Publish", "NotResource": {"Ref": "Topic"}}
    assert codes(it.template)[0] == "RESOURCE_TOO_NARROW"


def test_a_single_statement_need_not_be_a_list() -> None:
    it = Changed()
    it.role["Policies"] = [
        {"PolicyName": str(index), "PolicyDocument": {"Version": "2012-10-17", "Statement": statement}}
        for index, statement in enumerate(it.statements)
    ]
    assert codes(it.template, "--strict") == []


@pytest.mark.parametrize("kind", ["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"])
@pytest.mark.parametrize("role", [{"Ref": "Role"}, {SUB: "${Role}"}], ids=str)
def test_a_policy_of_its_own_may_hold_the_statements(kind: str, role: dict[str, str]) -> None:
    it = Changed()
    it.resources["Policy"] = {
        "Type": kind,
        "Properties": {"PolicyName": "p", "Roles": [role], "PolicyDocument": it.document},
    }
    del it.role["Policies"]
    it.resources["Machine"]["DependsOn"] = "Policy"
    assert codes(it.template, "--strict") == []


def test_the_policy_of_a_role_may_name_it_by_its_name() -> None:
    it = Changed()
    it.role["RoleName"] = "runs-jobs"
    it.resources["Policy"] = {
        "Type": "AWS::IAM::RolePolicy",
        "Properties": {"PolicyName": "p", "RoleName": "runs-jobs", "PolicyDocument": it.document},
    }
    del it.role["Policies"]
    it.resources["Machine"]["DependsOn"] = ["Policy"]
    assert codes(it.template, "--strict") == []


@pytest.mark.parametrize("arn", [{"Ref": "Policy"}, {"Fn::GetAtt": ["Policy", "PolicyArn"]}], ids=str)
def test_a_role_may_attach_the_policy(arn: dict[str, Any]) -> None:
    it = Changed()
    it.resources["Policy"] = {
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": {"PolicyDocument": it.document},
    }
    it.role["ManagedPolicyArns"] = [arn]
    del it.role["Policies"]
    assert codes(it.template, "--strict") == []


ROLES = {
    "Sub": {SUB: "${Role.Arn}"},
    "Sub of the name": {SUB: "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${Role}"},
    "a literal": "arn:aws:iam::123456789012:role/teams/runs-jobs",
    "either branch": {
        "Fn::If": ["IsProd", {"Fn::GetAtt": ["Role", "Arn"]}, {"Fn::GetAtt": ["Role", "Arn"]}]
    },
}


@pytest.mark.parametrize("role_arn", ROLES.values(), ids=ROLES)
def test_the_role_is_found_however_it_is_named(role_arn: str | dict[str, Any]) -> None:
    it = Changed()
    if isinstance(role_arn, str):
        it.role |= {"RoleName": "runs-jobs", "Path": "/teams/"}
    it.machine["RoleArn"] = role_arn
    assert codes(it.template, "--strict") == []
    del it.statements[PUBLISH]
    assert codes(it.template) == ["MISSING_PERMISSION"]


QUEUE = {
    "Type": "Task",
    "Resource": {SUB: "arn:${AWS::Partition}:states:::sns:publish"},
    "Parameters": {"TopicArn": {"Ref": "Topic"}, "Message": "x"},
    "End": True,
}


def test_what_the_machine_does_to_itself_may_be_named_by_reference() -> None:
    it = Changed()
    it.machine["Definition"] = {
        "StartAt": "All",
        "States": {
            "All": {
                "Type": "Map",
                "End": True,
                "ItemProcessor": {
                    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                    "StartAt": "One",
                    "States": {"One": {"Type": "Pass", "End": True}},
                },
            }
        },
    }
    document: dict[str, Any] = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "states:StartExecution", "Resource": {"Ref": "Machine"}},
            {
                "Effect": "Allow",
                "Action": ["states:DescribeExecution", "states:StopExecution", "states:RedriveExecution"],
                "Resource": [
                    {SUB: f"{STATES}execution:${{Machine.Name}}:*"},
                    {SUB: f"{STATES}execution:${{Machine.Name}}/*:*"},
                ],
            },
        ],
    }
    it.resources["Policy"] = {
        "Type": "AWS::IAM::Policy",
        "Properties": {"PolicyName": "p", "Roles": [{"Ref": "Role"}], "PolicyDocument": document},
    }
    del it.role["Policies"]
    assert codes(it.template) == []
    document["Statement"][1]["Action"] = ["states:DescribeExecution", "states:StopExecution"]
    assert found(it.template) == [("MISSING_PERMISSION", "warning", "/Resources/Role")]
    document["Statement"][0]["Resource"] = {SUB: f"{STATES}stateMachine:Machine-*"}
    assert audited(it.template).exit_code == 0
    document["Statement"][0]["Resource"] = {SUB: f"{STATES}stateMachine:Other-*"}
    assert audited(it.template).exit_code == 1


def test_a_wildcard_of_a_service_is_what_an_action_without_resources_may_take() -> None:
    it = Changed()
    it.statements[DESCRIBE]["Resource"] = {
        SUB: "arn:${AWS::Partition}:batch:${AWS::Region}:${AWS::AccountId}:*"
    }
    assert codes(it.template) == ["UNDECIDED_PERMISSION"]


def test_a_policy_of_the_topic_lets_the_role_in_as_well() -> None:
    it = Changed()
    del it.statements[PUBLISH]
    it.resources["Letter"] = {
        "Type": "AWS::SNS::TopicPolicy",
        "Properties": {
            "Topics": [{"Ref": "Topic"}],
            "PolicyDocument": {
                "Version": "2012-10-17",
                "Statement": {
                    "Effect": "Allow",
                    "Principal": {"AWS": {"Fn::GetAtt": ["Role", "Arn"]}},
                    "Action": "sns:Publish",
                    "Resource": {"Ref": "Topic"},
                },
            },
        },
    }
    assert codes(it.template, "--strict") == []


def test_what_aws_s_page_prints_is_excess_only_when_strict() -> None:
    it = Changed()
    it.statements[SUBMIT]["Resource"] = "*"
    assert codes(it.template) == []
    assert codes(it.template, "--strict") == ["EXCESS_RESOURCE"]


def test_in_each_branch_the_policy_fits_the_definition() -> None:
    it = Changed()
    topic = {"Fn::If": ["IsProd", {"Ref": "Topic"}, {"Ref": "Other"}]}
    it.states["Tell"]["Parameters"]["TopicArn"] = topic
    it.statements[PUBLISH]["Resource"] = topic
    assert codes(it.template, "--strict") == []


def test_a_policy_under_a_condition_is_there_where_the_condition_holds(
    golden: Callable[[str, str], None],
) -> None:
    it = Changed()
    statement = it.statements.pop(PUBLISH)
    it.resources["Policy"] = {
        "Type": "AWS::IAM::ManagedPolicy",
        "Condition": "IsProd",
        "Properties": {
            "Roles": [{"Ref": "Role"}],
            "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        },
    }
    it.resources["Machine"]["DependsOn"] = "Policy"
    golden("audit/a_policy_under_a_condition.txt", audited(it.template).stdout)


def test_two_machines_may_share_a_role() -> None:
    it = Changed()
    definition = it.machine["Definition"]
    run, tell = definition["States"]["Run"], definition["States"]["Tell"]
    it.resources["Second"] = {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {**it.machine, "Definition": {"StartAt": "Tell", "States": {"Tell": tell}}},
    }
    definition["States"] = {"Run": {key: run[key] for key in run if key != "Next"} | {"End": True}}
    assert codes(it.template, "--strict") == []


def test_a_template_may_hold_resources_alone() -> None:
    it = Changed()
    template = {"Resources": it.resources}
    assert codes(template, "--strict") == []
    it.add("sqs:SendMessage", "*")
    assert codes(template) == ["EXCESS_ACTION"]


TRUSTS = {
    "a region's service": {"Service": {SUB: "states.${AWS::Region}.amazonaws.com"}},
    "a region's service by its name": {"Service": "states.eu-west-1.amazonaws.com"},
    "the partition's suffix": {"Service": {SUB: "states.${AWS::URLSuffix}"}},
    "China's": {"Service": "states.cn-north-1.amazonaws.com.cn"},
    "a list": {"Service": ["states.amazonaws.com"]},
}


@pytest.mark.parametrize("principal", TRUSTS.values(), ids=TRUSTS)
def test_the_service_is_trusted_however_it_is_named(principal: dict[str, Any]) -> None:
    it = Changed()
    it.role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] = principal
    assert codes(it.template, "--strict") == []


def test_the_guard_against_a_confused_deputy_holds_for_the_machine() -> None:
    it = Changed()
    arn = "arn:aws:states:${AWS::Region}:${AWS::AccountId}:stateMachine:"
    trust = it.role["AssumeRolePolicyDocument"]["Statement"][0]
    for name in ("*", "Machine-*"):
        trust["Condition"] = {
            "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
            "ArnLike": {"aws:SourceArn": {SUB: f"{arn}{name}"}},
        }
        assert codes(it.template, "--strict") == []
    it.machine["StateMachineName"] = "nightly"
    assert codes(it.template) == ["UNTRUSTED_SERVICE"]


def test_a_machine_logs_with_what_aws_cdk_grants() -> None:
    it = Changed()
    it.machine["LoggingConfiguration"] = {
        "Level": "ALL",
        "Destinations": [
            {"CloudWatchLogsLogGroup": {"LogGroupArn": "arn:aws:logs:eu-west-1:123456789012:log-group:a:*"}}
        ],
    }
    granted = "CreateLogDelivery GetLogDelivery UpdateLogDelivery DeleteLogDelivery ListLogDeliveries PutResourcePolicy"
    granted += " DescribeResourcePolicies DescribeLogGroups"
    it.add([f"logs:{action}" for action in granted.split()], "*")
    assert codes(it.template, "--strict") == []
    it.statements[-1]["Action"] += ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert codes(it.template, "--strict") == []


def test_the_versions_of_a_function_are_excess_only_when_strict() -> None:
    it = Changed()
    it.resources["Function"] = {"Type": "AWS::Lambda::Function", "Properties": {}}
    it.states["Tell"] = {"Type": "Task", "Resource": {"Fn::GetAtt": ["Function", "Arn"]}, "End": True}
    arn = {"Fn::GetAtt": ["Function", "Arn"]}
    it.statements[PUBLISH] = {
        "Effect": "Allow",
        "Action": "lambda:InvokeFunction",
        "Resource": [arn, {"Fn::Join": ["", [arn, ":*"]]}],
    }
    assert codes(it.template) == []
    assert codes(it.template, "--strict") == ["EXCESS_RESOURCE"]


def test_a_revision_is_one_of_all() -> None:
    it = Changed()
    it.resources["Nightly"] = {
        "Type": "AWS::Batch::JobDefinition",
        "Properties": {"JobDefinitionName": "nightly"},
    }
    it.states["Run"]["Parameters"]["JobDefinition"] = {"Ref": "Nightly"}
    it.statements[SUBMIT]["Resource"][1] = {SUB: "arn:aws:batch:*:*:job-definition/nightly:*"}
    assert audited(it.template).exit_code == 0
    it.statements[SUBMIT]["Resource"][1] = {SUB: "arn:aws:batch:*:*:job-definition/weekly:*"}
    assert codes(it.template)[0] == "RESOURCE_TOO_NARROW"


def test_a_machine_that_is_not_there_needs_nothing() -> None:
    it = Changed()
    it.resources["Machine"]["Condition"] = "IsProd"
    it.statements[PUBLISH]["Resource"] = {"Fn::If": ["IsProd", {"Ref": "Topic"}, {"Ref": "Other"}]}
    assert codes(it.template, "--strict") == []
