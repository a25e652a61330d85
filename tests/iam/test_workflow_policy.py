"""The policy as users ask for it: ``Workflow.policy()``, and who may take the role that has it."""

from __future__ import annotations

import json
import warnings

import pytest
from troposphere import GetAtt, Ref

from cfngen import (
    DOCUMENTED,
    SYNC,
    Fail,
    Goto,
    Pass,
    Path,
    PolicyWarning,
    RawState,
    Workflow,
    WorkflowError,
    chain,
)
from cfngen.iam.trust import trust
from cfngen.tasks import batch, sns

SUBMIT = batch.SubmitJob(
    "Submit",
    pattern=SYNC,
    JobName="n",
    JobQueue=Ref("Queue"),
    JobDefinition=GetAtt("Job", "JobDefinitionArn"),
)
PUBLISH = sns.Publish("Publish", Message="m", TopicArn=Ref("Topic"))


def test_a_policy_with_references_can_be_written_as_json() -> None:
    assert json.loads(Workflow(SUBMIT >> PUBLISH).policy().to_json()) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": ["batch:SubmitJob"],
                "Resource": [{"Fn::GetAtt": ["Job", "JobDefinitionArn"]}, {"Ref": "Queue"}],
            },
            {
                "Effect": "Allow",
                "Action": ["batch:TerminateJob"],
                "Resource": [
                    {"Fn::Sub": "arn:${AWS::Partition}:batch:${AWS::Region}:${AWS::AccountId}:job/*"}
                ],
            },
            {"Effect": "Allow", "Action": ["sns:Publish"], "Resource": [{"Ref": "Topic"}]},
            {"Effect": "Allow", "Action": ["batch:DescribeJobs"], "Resource": ["*"]},
            {
                "Effect": "Allow",
                "Action": ["events:PutTargets", "events:PutRule", "events:DescribeRule"],
                "Resource": [
                    {
                        "Fn::Sub": "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:"
                        "rule/StepFunctionsGetEventsForBatchJobsRule"
                    }
                ],
            },
        ],
    }


def test_a_policy_that_had_to_be_wide_warns() -> None:
    flow = sns.Publish("Publish", Message="m", TopicArn=Path("$.topic"))
    with pytest.warns(
        PolicyWarning, match=r"^/States/Publish/Parameters/TopicArn\.\$: sns:Publish is allowed on"
    ):
        Workflow(flow).policy()


def test_the_warning_points_at_the_line_that_asked_for_the_policy() -> None:
    flow = sns.Publish("Publish", Message="m", TopicArn=Path("$.topic"))
    with pytest.warns(PolicyWarning) as caught:
        Workflow(flow).policy()
    assert [warning.filename for warning in caught] == [__file__]


def test_every_reason_to_warn_has_a_warning_of_its_own() -> None:
    flow = batch.SubmitJob(
        "Submit", pattern=SYNC, JobName="n", JobQueue=Path("$.q"), JobDefinition=Path("$.d")
    ) >> sns.Publish("Publish", Message="m", PhoneNumber="+15550100")
    with pytest.warns(PolicyWarning) as caught:
        Workflow(flow).policy()
    assert [str(warning.message).split(":")[0] for warning in caught] == [
        "/States/Submit/Parameters/JobDefinition.$",
        "/States/Submit/Parameters/JobQueue.$",
        "/States/Publish/Parameters",
    ]


def test_a_policy_as_narrow_as_can_be_is_silent() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Workflow(SUBMIT >> PUBLISH).policy()


def test_a_workflow_that_calls_nothing_needs_nothing() -> None:
    assert json.loads(Workflow(Pass("a") >> Fail("b")).policy().to_json())["Statement"] == []


def test_a_broken_workflow_has_no_policy() -> None:
    with pytest.raises(WorkflowError, match="MISSING_TRANSITION_TARGET"):
        Workflow(PUBLISH >> Goto("nowhere")).policy()


def test_states_of_branches_and_handlers_count() -> None:
    from cfngen import ALL, Catcher

    caught = batch.SubmitJob(
        "Submit",
        pattern=SYNC,
        JobName="n",
        JobQueue=Ref("Queue"),
        JobDefinition=Ref("Job"),
        Catch=[Catcher(ErrorEquals=[ALL], Next=PUBLISH)],
    )
    policy = json.loads(Workflow(caught).policy().to_json())
    assert [it["Resource"] for it in policy["Statement"] if it["Action"] == ["sns:Publish"]] == [
        [{"Ref": "Topic"}]
    ]


def test_the_same_workflow_has_the_same_policy_byte_for_byte() -> None:
    texts = {Workflow(SUBMIT >> PUBLISH).policy(DOCUMENTED).to_json(sort_keys=False) for _ in range(3)}
    assert len(texts) == 1


def test_a_service_may_take_a_role() -> None:
    assert json.loads(trust("ec2.amazonaws.com").to_json()) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "ec2.amazonaws.com"},
                "Action": ["sts:AssumeRole"],
            }
        ],
    }


# https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
def test_step_functions_may_take_a_role_for_machines_of_this_account_and_region_alone() -> None:
    document = json.loads(trust("states.amazonaws.com", source=("states", "stateMachine:*")).to_json())
    assert document["Statement"][0]["Condition"] == {
        "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
        "ArnLike": {
            "aws:SourceArn": {
                "Fn::Sub": "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:stateMachine:*"
            }
        },
    }


def test_what_a_raw_state_runs_inside_is_allowed_too() -> None:
    publish = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sns:publish",
        "Parameters": {"TopicArn": "arn:aws:sns:us-east-1:123456789012:news", "Message": "m"},
        "End": True,
    }
    inside = {"StartAt": "Publish", "States": {"Publish": publish}}
    raw = RawState("Each", {"Type": "Map", "ItemProcessor": inside, "End": True})
    [statement] = json.loads(Workflow(raw).policy().to_json())["Statement"]
    assert statement["Action"] == ["sns:Publish"]
    assert statement["Resource"] == ["arn:aws:sns:us-east-1:123456789012:news"]


def test_calls_that_are_alike_are_allowed_as_each_alone() -> None:
    topics = [
        Ref("News"),
        Ref("News"),
        Ref("Other"),
        "arn:aws:sns:us-east-1:123456789012:old",
        Ref("Other"),
    ]
    calls = [sns.Publish(f"Publish {n}", Message=f"{n}", TopicArn=topic) for n, topic in enumerate(topics)]
    [statement] = json.loads(Workflow(chain(*calls)).policy().to_json())["Statement"]
    assert statement["Resource"] == [
        {"Ref": "News"},
        {"Ref": "Other"},
        "arn:aws:sns:us-east-1:123456789012:old",
    ]


def test_each_of_several_wide_calls_warns() -> None:
    calls = [sns.Publish(f"Publish {n}", Message="m", TopicArn=Path("$.topic")) for n in range(3)]
    with pytest.warns(PolicyWarning) as warned:
        Workflow(chain(*calls)).policy()
    assert [str(warning.message).split(":")[0] for warning in warned] == [
        f"/States/Publish {n}/Parameters/TopicArn.$" for n in range(3)
    ]
