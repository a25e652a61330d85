"""What SAM makes of policies and connectors is audited as it stands in the author's template."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.audit.templates import SUB, audited, codes, found

DEFINITION: dict[str, Any] = {
    "StartAt": "Tell",
    "States": {
        "Tell": {
            "Type": "Task",
            "Resource": {SUB: "arn:${AWS::Partition}:states:::sns:publish"},
            "Parameters": {"TopicArn": {"Ref": "Topic"}, "Message": "Done"},
            "Next": "Call",
        },
        "Call": {"Type": "Task", "Resource": {"Fn::GetAtt": ["Function", "Arn"]}, "End": True},
    },
}
PUBLISHES = {"SNSPublishMessagePolicy": {"TopicName": {"Fn::GetAtt": ["Topic", "TopicName"]}}}
INVOKES = {"LambdaInvokePolicy": {"FunctionName": {"Ref": "Function"}}}
MACHINE = "/Resources/Machine/Properties"


def template(policies: Any, **properties: Any) -> dict[str, Any]:
    return {
        "Transform": "AWS::Serverless-2016-10-31",
        "Parameters": {"Stage": {"Type": "String", "Default": "dev"}},
        "Conditions": {"IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}},
        "Globals": {"Function": {"Timeout": 3, "Runtime": "python3.13"}},
        "Resources": {
            "Topic": {"Type": "AWS::SNS::Topic"},
            "Function": {
                "Type": "AWS::Serverless::Function",
                "Properties": {
                    "CodeUri": "src/",
                    "Handler": "a.b",
                    "Events": {"Nightly": {"Type": "Schedule", "Properties": {"Schedule": "rate(1 day)"}}},
                },
            },
            "Machine": {
                "Type": "AWS::Serverless::StateMachine",
                "Properties": {"Definition": DEFINITION, "Policies": policies, **properties},
            },
        },
    }


def test_policy_templates_are_expanded() -> None:
    assert codes(template([PUBLISHES, INVOKES]), "--strict") == []


def test_what_the_policy_templates_leave_out_is_missing(golden: Callable[[str, str], None]) -> None:
    result = audited(template([PUBLISHES]))
    assert result.exit_code == 1
    golden("audit/sam_without_a_policy.txt", result.stdout)


def test_a_policy_template_that_nothing_needs_is_excess(golden: Callable[[str, str], None]) -> None:
    polls = {"SQSPollerPolicy": {"QueueName": "jobs"}}
    result = audited(template([PUBLISHES, INVOKES, polls]), "--strict")
    assert result.exit_code == 1
    golden("audit/sam_with_a_policy_too_many.txt", result.stdout)


def test_statements_are_found_where_their_author_wrote_them() -> None:
    own = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "sns:Publish", "Resource": {"Ref": "Topic"}},
            {"Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": "*"},
        ],
    }
    assert found(template([INVOKES, own])) == [
        ("EXCESS_ACTION", "warning", f"{MACHINE}/Policies/1/Statement/1/Action/0")
    ]
    assert found(template([INVOKES, own])) != found(template([own, INVOKES]))


def test_a_policy_in_a_branch_is_there_where_the_condition_holds() -> None:
    policies = [INVOKES, {"Fn::If": ["IsProd", PUBLISHES, {"Ref": "AWS::NoValue"}]}]
    [(code, _, place)] = found(template(policies))
    assert (code, place) == ("MISSING_PERMISSION", f"{MACHINE}/Policies")
    assert "(where IsProd is false)" in audited(template(policies)).stdout


def test_policies_of_aws_are_named_by_their_names() -> None:
    assert codes(template(["AWSLambdaRole", PUBLISHES])) == []
    assert found(template([PUBLISHES, INVOKES, "AmazonSQSFullAccess"])) == [
        ("EXCESS_POLICY", "warning", f"{MACHINE}/Policies/2")
    ]
    assert codes(template([PUBLISHES, INVOKES, "NobodyKnowsThis"])) == ["UNKNOWN_POLICY"]


def test_tracing_brings_its_own_policy() -> None:
    assert codes(template([PUBLISHES, INVOKES], Tracing={"Enabled": True}), "--strict") == []


def test_a_connector_gives_what_it_says() -> None:
    sam_template = template([PUBLISHES])
    sam_template["Resources"]["Machine"]["Connectors"] = {
        "Calls": {"Properties": {"Destination": {"Id": "Function"}, "Permissions": ["Write"]}}
    }
    assert codes(sam_template, "--strict") == []


def test_a_connector_that_stands_by_itself_gives_what_it_says() -> None:
    sam_template = template([PUBLISHES])
    sam_template["Resources"]["Calls"] = {
        "Type": "AWS::Serverless::Connector",
        "Properties": {
            "Source": {"Id": "Machine"},
            "Destination": {"Id": "Function"},
            "Permissions": ["Write"],
        },
    }
    assert codes(sam_template, "--strict") == []


def test_a_connector_of_a_role_by_hand_counts_too() -> None:
    sam_template = template([])
    properties = sam_template["Resources"]["Machine"]["Properties"]
    del properties["Policies"]
    properties["Role"] = {"Fn::GetAtt": ["Role", "Arn"]}
    sam_template["Resources"]["Role"] = {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {
                "Statement": {"Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole"}
            },
            "Policies": [
                {
                    "PolicyName": "p",
                    "PolicyDocument": {
                        "Version": "2012-10-17",
                        "Statement": {"Effect": "Allow", "Action": "sns:Publish", "Resource": {"Ref": "Topic"}},
                    },
                }
            ],
        },
    }  # fmt: skip
    assert codes(sam_template) == ["MISSING_PERMISSION"]
    sam_template["Resources"]["Machine"]["Connectors"] = {
        "Calls": {"Properties": {"Destination": {"Id": "Function"}, "Permissions": ["Write"]}}
    }
    assert codes(sam_template, "--strict") == []


def test_pseudo_parameters_are_not_those_of_this_machine() -> None:
    own = {
        "Statement": [
            {"Effect": "Allow", "Action": "sns:Publish", "Resource": {"Fn::Join": [":", ["arn", {"Ref": "AWS::Partition"}, "sns", {"Ref": "AWS::Region"}, {"Ref": "AWS::AccountId"}, {"Fn::GetAtt": ["Topic", "TopicName"]}]]}}
        ]
    }  # fmt: skip
    sam_template = template([INVOKES, own])
    sam_template["Resources"]["Machine"]["Properties"]["Definition"] = {
        **DEFINITION,
        "States": {
            **DEFINITION["States"],
            "Tell": {**DEFINITION["States"]["Tell"], "Resource": "arn:aws-cn:states:::sns:publish"},
        },
    }
    assert codes(sam_template) == []


@pytest.mark.parametrize(
    "policies",
    [
        [{"SNSPublishMessagePolicy": {}}],
        [{"NoSuchPolicy": {}}],
        [7],
        {"a": 1},
        [[]],
        [{"SQSPollerPolicy": []}],
        3,
    ],
    ids=str,
)
def test_what_sam_refuses_is_said(policies: dict[str, int] | int | list[Any]) -> None:
    result = audited(template(policies))
    assert isinstance(result.exception, (SystemExit, type(None)))
    assert codes(template(policies)) != []


def test_without_the_translator_the_role_is_not_known(
    monkeypatch: pytest.MonkeyPatch, golden: Callable[[str, str], None]
) -> None:
    monkeypatch.setitem(sys.modules, "samtranslator.parser.parser", None)
    monkeypatch.setattr("cfngen.core.installation._origin", lambda: None)
    result = audited(template([PUBLISHES]))
    assert result.exit_code == 0
    golden("audit/sam_without_the_translator.txt", result.stdout)


def test_the_fix_of_a_sam_template_is_a_policy_of_statements(golden: Callable[[str, str], None]) -> None:
    golden("audit/sam_fixed.json", audited(template([PUBLISHES, "AmazonSQSFullAccess"]), "--fix").stdout)


@pytest.mark.slow
def test_the_translator_writes_nothing_of_its_own() -> None:
    Path("template.json").write_text(json.dumps(template([{"NoSuchPolicy": {}}])))
    ran = subprocess.run(
        [sys.executable, "-m", "cfngen", "audit", "template.json"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "UNKNOWN_ROLE" in ran.stdout
    assert ran.stderr == ""
