"""Roles that tasks take: their own policies, and whom they trust.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from troposphere import GetAtt, Ref, Sub

from cfngen import CALLBACK, DOCUMENTED, REQUEST_RESPONSE, SYNC, Path, Workflow, WorkflowError
from cfngen.asl.flow import Flow, Goto
from cfngen.tasks import batch, lambda_, sns, sqs

ROLE = "arn:aws:iam::111122223333:role/Guest"
OTHER = "arn:aws:iam::444455556666:role/Guest"


def plain(document: Any) -> Any:
    return json.loads(document.to_json(sort_keys=False))


def submit(role: Any, name: str = "Submit") -> batch.SubmitJob:
    return batch.SubmitJob(
        name,
        pattern=SYNC,
        JobName="n",
        JobQueue="nights",
        JobDefinition="nightly:3",
        Credentials={"RoleArn": role},
    )


def publish(role: Any, topic: Any = "news", name: str = "Publish") -> sns.Publish:
    credentials = None if role is None else {"RoleArn": role}
    return sns.Publish(name, TopicArn=topic, Message="m", Credentials=credentials)


def roles(flow: Flow) -> dict[Any, list[str]]:
    """The actions that each role must allow."""
    return {
        str(it.role): [action for found in plain(it.policy())["Statement"] for action in found["Action"]]
        for it in Workflow(flow).target_roles()
    }


def test_a_workflow_without_credentials_takes_no_role() -> None:
    assert Workflow(publish(None)).target_roles() == ()


def test_the_statements_of_a_task_belong_to_the_role_that_it_takes() -> None:
    workflow = Workflow(publish(ROLE))
    assert plain(workflow.policy())["Statement"] == [
        {"Effect": "Allow", "Action": ["sts:AssumeRole"], "Resource": [ROLE]}
    ]
    [target] = workflow.target_roles()
    assert target.role == ROLE
    topic = {"Fn::Sub": "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:news"}
    assert plain(target.policy())["Statement"] == [
        {"Effect": "Allow", "Action": ["sns:Publish"], "Resource": [topic]}
    ]


def test_a_job_in_another_account_is_asked_for_and_not_heard_of() -> None:
    assert roles(submit(ROLE)) == {ROLE: ["batch:SubmitJob", "batch:TerminateJob", "batch:DescribeJobs"]}


def test_each_role_has_the_statements_of_its_own_tasks() -> None:
    flow = publish(ROLE) >> publish(OTHER, name="Again") >> submit(ROLE) >> publish(None, name="Here")
    found = roles(flow)
    assert list(found) == [ROLE, OTHER]
    assert found[OTHER] == ["sns:Publish"]
    assert {"sns:Publish", "batch:SubmitJob"} <= set(found[ROLE])


@pytest.mark.parametrize(
    ("role", "principal"),
    [
        (GetAtt("Guest", "Arn"), {"Fn::GetAtt": ["Guest", "Arn"]}),
        (Sub("arn:aws:iam::${Account}:role/Guest"), {"Fn::Sub": "arn:aws:iam::${Account}:role/Guest"}),
        (Path("$.role"), {"Fn::Sub": "arn:${AWS::Partition}:iam::*:role/*"}),
    ],
)
def test_a_role_is_named_as_the_credentials_name_it(role: Any, principal: Any) -> None:
    [target] = Workflow(publish(role)).target_roles()
    assert target.role == principal


def test_a_documented_policy_may_be_asked_for() -> None:
    [target] = Workflow(submit(ROLE)).target_roles(DOCUMENTED)
    assert [it["Resource"] for it in plain(target.policy())["Statement"]] == [["*"]]


def test_what_is_wide_in_a_role_is_told_with_it() -> None:
    [target] = Workflow(publish(ROLE, topic=Path("$.topic"))).target_roles()
    assert [it.location for it in target.derived.warnings] == ["/States/Publish/Parameters/TopicArn.$"]


def test_a_role_trusts_the_execution_role_of_one_machine() -> None:
    [target] = Workflow(publish(ROLE)).target_roles()
    execution, machine = "arn:aws:iam::1:role/Orders", "arn:aws:states:us-east-1:1:stateMachine:Orders"
    assert plain(target.trust(execution, machine)) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": execution},
                "Action": ["sts:AssumeRole"],
                "Condition": {"StringEquals": {"sts:ExternalId": machine}},
            }
        ],
    }


def test_a_machine_may_be_known_by_the_beginning_of_its_name() -> None:
    [target] = Workflow(publish(ROLE)).target_roles()
    document = plain(target.trust(Ref("Role"), Sub("arn:aws:states:us-east-1:1:stateMachine:${Name}-*")))
    assert document["Statement"][0]["Principal"] == {"AWS": {"Ref": "Role"}}
    assert list(document["Statement"][0]["Condition"]) == ["StringLike"]


def test_tasks_of_a_definition_from_a_file_take_roles_too() -> None:
    state = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Credentials": {"RoleArn.$": "$.role"},
        "Parameters": {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/1/q", "MessageBody": "m"},
        "End": True,
    }
    read = Workflow.read({"StartAt": "Send", "States": {"Send": state}})
    typed = sqs.SendMessage(
        "Send",
        pattern=CALLBACK,
        QueueUrl="https://sqs.us-east-1.amazonaws.com/1/q",
        MessageBody="m",
        Credentials={"RoleArn": Path("$.role")},
    )
    [of_file], [of_python] = read.target_roles(), Workflow(typed).target_roles()
    assert (of_file.role, of_file.derived) == (of_python.role, of_python.derived)


def test_a_broken_workflow_takes_no_roles() -> None:
    call = lambda_.Invoke("Call", pattern=REQUEST_RESPONSE, FunctionName="f", Credentials={"RoleArn": ROLE})
    with pytest.raises(WorkflowError, match="MISSING_TRANSITION_TARGET"):
        Workflow(call >> Goto("nowhere")).target_roles()
