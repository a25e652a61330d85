"""A template whose role is just right, and what the audit says of it when it is changed."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from cfngen.cli import main

SUB = "Fn::Sub"
RULE = "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/StepFunctionsGetEventsForBatchJobsRule"
JOBS = "arn:${AWS::Partition}:batch:${AWS::Region}:${AWS::AccountId}:job/*"

_TEMPLATE = {
    "Parameters": {
        "Stage": {"Type": "String", "Default": "dev", "AllowedValues": ["dev", "prod"]},
        "RoleArn": {"Type": "String"},
    },
    "Conditions": {"IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}},
    "Resources": {
        "Topic": {"Type": "AWS::SNS::Topic"},
        "Other": {"Type": "AWS::SNS::Topic"},
        "Queue": {"Type": "AWS::Batch::JobQueue"},
        "OtherQueue": {"Type": "AWS::Batch::JobQueue"},
        "Machine": {
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {
                "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
                "Definition": {
                    "StartAt": "Run",
                    "States": {
                        "Run": {
                            "Type": "Task",
                            "Resource": {SUB: "arn:${AWS::Partition}:states:::batch:submitJob.sync"},
                            "Parameters": {"JobName": "a", "JobQueue": {"Ref": "Queue"}, "JobDefinition": "nightly:3"},
                            "Next": "Tell",
                        },
                        "Tell": {
                            "Type": "Task",
                            "Resource": {SUB: "arn:${AWS::Partition}:states:::sns:publish"},
                            "Parameters": {"TopicArn": {"Ref": "Topic"}, "Message": "Done"},
                            "End": True,
                        },
                    },
                },
            },
        },
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {"Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole"}
                    ],
                },
                "Policies": [
                    {
                        "PolicyName": "Own",
                        "PolicyDocument": {
                            "Version": "2012-10-17",
                            "Statement": [
                                {
                                    "Effect": "Allow",
                                    "Action": "batch:SubmitJob",
                                    "Resource": [
                                        {"Ref": "Queue"},
                                        {SUB: "arn:${AWS::Partition}:batch:${AWS::Region}:${AWS::AccountId}:job-definition/nightly:3"},
                                    ],
                                },
                                {"Effect": "Allow", "Action": "batch:DescribeJobs", "Resource": "*"},
                                {"Effect": "Allow", "Action": "batch:TerminateJob", "Resource": {SUB: JOBS}},
                                {
                                    "Effect": "Allow",
                                    "Action": ["events:PutTargets", "events:PutRule", "events:DescribeRule"],
                                    "Resource": {SUB: RULE},
                                },
                                {"Effect": "Allow", "Action": "sns:Publish", "Resource": {"Ref": "Topic"}},
                            ],
                        },
                    }
                ],
            },
        },
    },
}  # fmt: skip


class Changed:
    """A copy of the template, to change."""

    def __init__(self) -> None:
        self.template: dict[str, Any] = copy.deepcopy(_TEMPLATE)
        self.resources = self.template["Resources"]
        self.machine = self.resources["Machine"]["Properties"]
        self.role = self.resources["Role"]["Properties"]
        self.states = self.machine["Definition"]["States"]
        self.document = self.role["Policies"][0]["PolicyDocument"]
        self.statements = self.document["Statement"]

    def add(self, action: Any, resource: Any, effect: str = "Allow", **more: Any) -> None:
        self.statements.append({"Effect": effect, "Action": action, "Resource": resource, **more})


SUBMIT, DESCRIBE, TERMINATE, RULES, PUBLISH = range(5)


def audited(template: dict[str, Any], *options: Any, name: str = "template.json") -> Any:
    """Write the template into the working directory, and return the command's result."""
    Path(name).write_text(json.dumps(template, indent=2), encoding="utf-8")
    return CliRunner().invoke(main, ["audit", name, *options])


def found(template: dict[str, Any], *options: Any) -> list[Any]:
    """Return the code, the severity and the location of each finding."""
    result = audited(template, "--format", "json", *options)
    assert result.exit_code in (0, 1), result.output
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    if not result.stdout:
        return []
    return [(one["code"], one["severity"], one["location"]) for one in json.loads(result.stdout)]


def codes(template: dict[str, Any], *options: Any) -> list[Any]:
    """Return the codes of the findings."""
    return [code for code, *_ in found(template, *options)]
