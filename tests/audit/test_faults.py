"""Templates made by hand with one fault each, and what the audit says of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.audit.templates import DESCRIBE, PUBLISH, RULES, SUB, SUBMIT, TERMINATE, Changed, audited, found

OWN = "/Resources/Role/Properties/Policies/0/PolicyDocument/Statement"


def without_the_rule(it: Any) -> None:
    del it.statements[RULES]


def with_half_of_the_rule(it: Any) -> None:
    it.statements[RULES]["Action"] = ["events:PutTargets", "events:PutRule"]


def without_publish(it: Any) -> None:
    del it.statements[PUBLISH]


def without_termination(it: Any) -> None:
    del it.statements[TERMINATE]


def in_another_partition(it: Any) -> None:
    it.states["Tell"]["Resource"] = "arn:aws:states:::sns:publish"
    it.statements[PUBLISH]["Resource"] = "arn:aws-cn:sns:*:*:*"


def in_no_partition(it: Any) -> None:
    it.statements[PUBLISH]["Resource"] = "arn:awss:sns:*:*:*"


def on_another_queue(it: Any) -> None:
    it.statements[SUBMIT]["Resource"][0] = {"Ref": "OtherQueue"}


def on_a_queue_of_another_name(it: Any) -> None:
    it.resources["Queue"]["Properties"] = {"JobQueueName": "nights"}
    it.statements[SUBMIT]["Resource"][0] = {SUB: "arn:${AWS::Partition}:batch:*:*:job-queue/days"}


def on_the_revisions_of_a_definition_alone(it: Any) -> None:
    it.states["Run"]["Parameters"]["JobDefinition"] = "nightly"
    it.statements[SUBMIT]["Resource"][1] = {SUB: "arn:${AWS::Partition}:batch:*:*:job-definition/nightly:*"}


def on_a_resource_where_there_is_none(it: Any) -> None:
    it.statements[DESCRIBE]["Resource"] = {SUB: "arn:${AWS::Partition}:batch:*:*:job/*"}


def with_a_stale_action(it: Any) -> None:
    it.statements[PUBLISH]["Action"] = ["sns:Publish", "sns:PublishMessage"]


def with_an_action_of_no_service(it: Any) -> None:
    it.add("stepfunctions:StartExecution", "*")


def with_an_action_beyond_need(it: Any) -> None:
    it.add("sqs:SendMessage", "*")


def with_all_actions_of_a_service(it: Any) -> None:
    it.statements[PUBLISH]["Action"] = "sns:*"


def with_a_resource_beyond_need(it: Any) -> None:
    it.statements[PUBLISH]["Resource"] = [{"Ref": "Topic"}, {"Ref": "Other"}]


def on_every_topic(it: Any) -> None:
    it.statements[PUBLISH]["Resource"] = "*"


def with_everything_but(it: Any) -> None:
    it.add(None, "*")
    del it.statements[-1]["Action"]
    it.statements[-1]["NotAction"] = "iam:*"


def denied(it: Any) -> None:
    it.add("sns:*", "*", effect="Deny")


def under_a_condition_that_does_not_hold(it: Any) -> None:
    it.statements[PUBLISH]["Condition"] = {"Bool": {"aws:SecureTransport": "false"}}


def trusting_another_service(it: Any) -> None:
    it.role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] = {"Service": "lambda.amazonaws.com"}


def trusting_another_machine(it: Any) -> None:
    arn = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:stateMachine:other"
    it.role["AssumeRolePolicyDocument"]["Statement"][0]["Condition"] = {
        "ArnLike": {"aws:SourceArn": {SUB: arn}}
    }


def trusting_a_wildcard_as_text(it: Any) -> None:
    arn = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:stateMachine:*"
    it.role["AssumeRolePolicyDocument"]["Statement"][0]["Condition"] = {
        "StringEquals": {"aws:SourceArn": {SUB: arn}}
    }


def with_the_name_of_the_role(it: Any) -> None:
    it.machine["RoleArn"] = {"Ref": "Role"}


def without_a_role(it: Any) -> None:
    del it.machine["RoleArn"]


def logging_without_permission(it: Any) -> None:
    it.machine["LoggingConfiguration"] = {
        "Level": "ALL",
        "Destinations": [
            {"CloudWatchLogsLogGroup": {"LogGroupArn": "arn:aws:logs:eu-west-1:123456789012:log-group:a:*"}}
        ],
    }


def tracing_without_permission(it: Any) -> None:
    it.machine["TracingConfiguration"] = {"Enabled": True}


def bound_too_tightly(it: Any) -> None:
    it.resources["Boundary"] = {
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": {
            "PolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [{"Effect": "Allow", "NotAction": "sns:*", "Resource": "*"}],
            }
        },
    }
    it.role["PermissionsBoundary"] = {"Ref": "Boundary"}


def in_production_alone(it: Any) -> None:
    it.statements[PUBLISH]["Resource"] = {"Fn::If": ["IsProd", {"Ref": "Topic"}, {"Ref": "Other"}]}


ERRORS = {
    without_the_rule: ("MISSING_PERMISSION", "/Resources/Role/Properties/Policies"),
    with_half_of_the_rule: ("MISSING_PERMISSION", "/Resources/Role/Properties/Policies"),
    without_publish: ("MISSING_PERMISSION", "/Resources/Role/Properties/Policies"),
    in_another_partition: ("RESOURCE_TOO_NARROW", f"{OWN}/4/Resource"),
    in_no_partition: ("RESOURCE_TOO_NARROW", f"{OWN}/4/Resource"),
    on_another_queue: ("RESOURCE_TOO_NARROW", f"{OWN}/0"),
    on_a_queue_of_another_name: ("RESOURCE_TOO_NARROW", f"{OWN}/0"),
    on_the_revisions_of_a_definition_alone: ("RESOURCE_TOO_NARROW", f"{OWN}/0"),
    denied: ("DENIED_PERMISSION", f"{OWN}/5/Resource"),
    under_a_condition_that_does_not_hold: ("RESOURCE_TOO_NARROW", f"{OWN}/4/Condition"),
    trusting_another_service: ("UNTRUSTED_SERVICE", "/Resources/Role/Properties/AssumeRolePolicyDocument"),
    trusting_another_machine: ("UNTRUSTED_SERVICE", "/Resources/Role/Properties/AssumeRolePolicyDocument/Statement/0/Condition"),
    trusting_a_wildcard_as_text: ("UNTRUSTED_SERVICE", "/Resources/Role/Properties/AssumeRolePolicyDocument/Statement/0/Condition"),
    with_the_name_of_the_role: ("INVALID_ROLE", "/Resources/Machine/Properties/RoleArn"),
    without_a_role: ("INVALID_ROLE", "/Resources/Machine/Properties/RoleArn"),
    logging_without_permission: ("MISSING_PERMISSION", "/Resources/Role/Properties/Policies"),
    bound_too_tightly: ("MISSING_PERMISSION", "/Resources/Role/Properties/PermissionsBoundary"),
    in_production_alone: ("RESOURCE_TOO_NARROW", f"{OWN}/4/Resource"),
}  # fmt: skip
DOCUMENTED = {
    without_termination: ("MISSING_PERMISSION", "/Resources/Role/Properties/Policies"),
    on_a_resource_where_there_is_none: ("RESOURCE_TOO_NARROW", f"{OWN}/1/Resource"),
    tracing_without_permission: ("MISSING_PERMISSION", "/Resources/Role/Properties/Policies"),
}
WARNINGS = {
    with_a_stale_action: ("NO_SUCH_ACTION", f"{OWN}/4/Action/1"),
    with_an_action_of_no_service: ("NO_SUCH_ACTION", f"{OWN}/5/Action"),
    with_an_action_beyond_need: ("EXCESS_ACTION", f"{OWN}/5/Action"),
    with_all_actions_of_a_service: ("EXCESS_ACTION", f"{OWN}/4/Action"),
    with_a_resource_beyond_need: ("EXCESS_RESOURCE", f"{OWN}/4/Resource/1"),
    on_every_topic: ("EXCESS_RESOURCE", f"{OWN}/4/Resource"),
    with_everything_but: ("EXCESS_ACTION", f"{OWN}/5/NotAction"),
}


def named(fault: Any) -> Any:
    return fault.__name__


def changed(fault: Any) -> Any:
    it = Changed()
    fault(it)
    return it.template


def test_a_role_that_is_just_right_is_passed_in_silence() -> None:
    result = audited(Changed().template, "--strict")
    assert (result.exit_code, result.output) == (0, "")


@pytest.mark.parametrize("fault", ERRORS, ids=named)
def test_what_is_missing_is_an_error(fault: Callable[..., Any], golden: Callable[[str, str], None]) -> None:
    template = changed(fault)
    errors = [one for one in found(template) if one[1] == "error"]
    assert errors == [(ERRORS[fault][0], "error", ERRORS[fault][1])]
    result = audited(template)
    assert result.exit_code == 1
    golden(f"audit/{named(fault)}.txt", result.stdout)


@pytest.mark.parametrize("fault", DOCUMENTED, ids=named)
def test_a_lack_of_what_only_a_page_of_aws_asks_for_is_a_warning(
    fault: Callable[..., Any], golden: Callable[[str, str], None]
) -> None:
    template = changed(fault)
    assert (DOCUMENTED[fault][0], "warning", DOCUMENTED[fault][1]) in found(template)
    assert [one for one in found(template) if one[1] == "error"] == []
    golden(f"audit/{named(fault)}.txt", audited(template).stdout)


@pytest.mark.parametrize("fault", WARNINGS, ids=named)
def test_excess_is_a_warning_which_fails_when_strict(
    fault: Callable[..., Any], golden: Callable[[str, str], None]
) -> None:
    template = changed(fault)
    assert (WARNINGS[fault][0], "warning", WARNINGS[fault][1]) in found(template)
    result = audited(template)
    assert result.exit_code == 0
    assert audited(template, "--strict").exit_code == 1
    golden(f"audit/{named(fault)}.txt", result.stdout)


def test_an_action_named_as_the_api_is_missing_where_iam_names_it_otherwise() -> None:
    it = Changed()
    it.states["Tell"] = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:listBuckets", "End": True}
    it.statements[PUBLISH] = {"Effect": "Allow", "Action": "s3:ListBuckets", "Resource": "*"}
    assert found(it.template) == [
        ("MISSING_PERMISSION", "error", "/Resources/Role/Properties/Policies"),
        ("NO_SUCH_ACTION", "warning", f"{OWN}/4/Action"),
    ]
    it.statements[PUBLISH]["Action"] = "s3:ListAllMyBuckets"
    assert found(it.template, "--strict") == []


def test_what_is_beyond_is_found_behind_a_denial() -> None:
    it = Changed()
    it.add("sqs:DeleteQueue", "*", "Deny")
    it.add("sqs:SendMessage", "*")
    place = "/Resources/Role/Properties/Policies/0/PolicyDocument/Statement/6/Action"
    assert found(it.template) == [("EXCESS_ACTION", "warning", place)]


def test_each_policy_of_aws_that_nothing_needs_is_told() -> None:
    it = Changed()
    policies = ("AmazonSQSReadOnlyAccess", "AmazonS3ReadOnlyAccess")
    it.role["ManagedPolicyArns"] = [f"arn:aws:iam::aws:policy/{name}" for name in policies]
    place = "/Resources/Role/Properties/ManagedPolicyArns"
    assert found(it.template) == [("EXCESS_POLICY", "warning", f"{place}/{index}") for index in (0, 1)]


def test_each_resource_that_nothing_needs_is_told() -> None:
    it = Changed()
    statement = it.document["Statement"][PUBLISH]
    topics = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
    others = [f"arn:aws:sns:us-east-1:111111111111:{name}" for name in ("one", "two")]
    statement["Resource"] = [*others, *topics]
    place = f"{OWN}/{PUBLISH}/Resource"
    assert [(severity, at) for _, severity, at in found(it.template)] == [
        ("warning", f"{place}/0"),
        ("warning", f"{place}/1"),
    ]
