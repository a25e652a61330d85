"""The samples beside the first: whose definitions they are, what they may do, and how they run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cfngen.execution import Return, Throw, run
from cfngen.inputs.targets import load, machine_of
from cfngen.stacks import StackError
from cfngen.stacks.samples.batch_multi_node import BatchMultiNode
from cfngen.stacks.samples.batch_over_s3 import BatchOverS3
from cfngen.stacks.samples.catalog import SAMPLES, Sample, find
from cfngen.stacks.samples.nightly_etl import NightlyEtl
from cfngen.template import document
from tests.iam.intrinsics import resolved
from tests.rows import each_row

CASES = sorted((Path(__file__).parents[1] / "cases" / "samples").glob("*.json"))
BY_SAMPLE = each_row("sample", SAMPLES, ids=lambda sample: sample.slug)


def definition_of(slug: str) -> Any:
    return machine_of(load(slug)).workflow.to_asl()


def renamed(value: Any, names: dict[str, str]) -> Any:
    """Return a definition with the field of a Map as it is called today.

    https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html: Parameters is deprecated.
    """
    if isinstance(value, list):
        return [renamed(item, names) for item in value]
    if not isinstance(value, dict):
        return value
    own = names if value.get("Type") == "Map" else {}
    return {own.get(key, key): renamed(item, names) for key, item in value.items()}


def published(case: Path) -> tuple[Any, Any]:
    """Return what the page of a sample prints, and its definition as it runs today, with each correction."""
    facts = json.loads(case.read_text(encoding="utf-8"))
    definition = renamed(facts["definition"], facts.get("renamed", {}))
    for correction in facts.get("corrected", ()):
        assert correction["because"]
        definition["States"][correction["state"]].update(correction["fields"])
    text = json.dumps(definition)
    for placeholder, logical_id in facts["references"].items():
        text = text.replace(json.dumps(placeholder), json.dumps({"Ref": logical_id}))
    return facts, json.loads(text)


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_the_definition_is_the_one_that_aws_publishes(case: Path) -> None:
    facts, definition = published(case)
    assert definition_of(case.stem) == definition
    sample = find(case.stem)
    assert sample is not None
    assert sample.page == facts["page"]
    assert bool(sample.differs) == bool({"renamed", "corrected"} & facts.keys())


def test_a_definition_is_aws_s_exactly_where_its_page_is_here() -> None:
    """The definition of the first sample stands in ``test_mirror.py``."""
    pages = {sample.slug for sample in SAMPLES if sample.page} - {"batch-job-notification"}
    assert pages == {case.stem for case in CASES}


def test_the_definition_of_a_job_with_lambda_fails_as_aws_prints_it() -> None:
    [case] = [case for case in CASES if case.stem == "batch-with-lambda"]
    answer = Return({"Payload": {"batch_input": {"input": "8"}}, "StatusCode": 200})
    execution = run(
        published(case)[0]["definition"],
        mocks={"Generate batch job input": answer},
        tasks=lambda call: Return({}),
    )
    assert execution.status == "FAILED"
    assert "$.batch_input" in (execution.cause or "")


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_the_policy_is_the_one_that_aws_publishes(case: Path) -> None:
    facts, _ = published(case)
    name = "GenerateBatchJobInput"
    [arn] = [it["Resource"] for it in facts["statements"] if it["Action"] == ["lambda:InvokeFunction"]]
    policy = resolved(
        json.loads(machine_of(load(case.stem)).policy().to_json()), {name: arn.split(":")[-1]}
    )

    def allowed(statements: Any) -> set[tuple[str, str]]:
        return {
            (action, resource)
            for it in statements
            for action in it["Action"]
            for resource in ([it["Resource"]] if isinstance(it["Resource"], str) else it["Resource"])
        }

    needed = {it for it in allowed(facts["statements"]) if it[0] not in facts.get("not_needed", ())}
    assert allowed(policy["Statement"]) == needed


@BY_SAMPLE
def test_no_service_has_more_than_the_workflow_calls(sample: Sample) -> None:
    template: Any = document(load(sample.slug).template())
    [machine] = [it for it in template["Resources"].values() if it["Type"].endswith("::StateMachine")]
    role = template["Resources"][machine["Properties"]["RoleArn"]["Fn::GetAtt"][0]]
    actions = {
        action
        for policy in role["Properties"]["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
        for action in statement["Action"]
    }
    assert actions
    assert not any("*" in action for action in actions)


def test_the_nodes_of_a_job_reach_one_another_and_nobody_else() -> None:
    stack: Any = document(BatchMultiNode(nodes=4).template())["Resources"]
    node_properties = stack["BatchJobDefinition"]["Properties"]["NodeProperties"]
    assert (node_properties["NumNodes"], node_properties["MainNode"]) == (4, 0)
    assert [it["TargetNodes"] for it in node_properties["NodeRangeProperties"]] == ["0:"]
    group = {"Ref": "BatchSecurityGroup"}
    ingress = stack["BatchJobIngress"]["Properties"]
    assert (ingress["GroupId"], ingress["SourceSecurityGroupId"]) == (group, group)
    egress = stack["BatchJobEgress"]["Properties"]
    assert (egress["GroupId"], egress["DestinationSecurityGroupId"]) == (group, group)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"compute": "SPOT"}, "SPOT runs no jobs of several nodes"),
        ({"nodes": 40}, "40 nodes of 2 vCPUs never run where there are at most 64"),
    ],
)
def test_a_job_of_several_nodes_that_never_runs_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(StackError, match=message):
        BatchMultiNode(**options)


def test_jobs_over_a_bucket_may_read_its_objects_and_their_machine_may_list_them() -> None:
    stack: Any = document(BatchOverS3().template())["Resources"]
    [policy] = stack["BatchJobRole"]["Properties"]["Policies"]
    assert policy["PolicyDocument"]["Statement"] == [
        {
            "Effect": "Allow",
            "Action": ["s3:GetObject"],
            "Resource": [{"Fn::Sub": "${DataBucket.Arn}/in/*"}],
        }
    ]
    machine = json.loads(BatchOverS3().machine().policy().to_json())
    assert "s3:ListBucket" in str(machine)


def test_a_nightly_run_starts_by_itself_and_tells_of_its_failure() -> None:
    stack: Any = document(load("nightly-etl").template())["Resources"]
    assert (
        stack["NightlyEtlStateMachineSchedule"]["Properties"]["ScheduleExpression"] == "cron(0 3 * * ? *)"
    )
    alarms = [it["Properties"] for it in stack.values() if it["Type"] == "AWS::CloudWatch::Alarm"]
    assert [it["AlarmActions"] for it in alarms] == [[{"Ref": "SNSTopic"}]] * 2
    states: Any = definition_of("nightly-etl")["States"]
    assert states["Load"]["Catch"][0]["Next"] == "Tell of the failure"
    assert states["Tell of the failure"]["Next"] == "Nightly run failed"


def test_what_a_sample_tells_its_job_can_be_added_to() -> None:
    def environment(**options: Any) -> list[str]:
        stack: Any = document(NightlyEtl(**options).template())["Resources"]
        container = stack["BatchJobDefinition"]["Properties"]["ContainerProperties"]
        return [it["Name"] for it in container["Environment"]]

    assert environment() == ["TARGET"]
    assert environment(environment={"DAY": "today"}) == ["TARGET", "DAY"]


@BY_SAMPLE
def test_a_sample_runs_to_its_end_where_its_tasks_succeed(sample: Sample) -> None:
    mocks = {name: Return(result) for name, result in sample.mocks.items()}
    execution = run(load(sample.slug), mocks=mocks, tasks=lambda call: Return({}))
    assert execution.status == "SUCCEEDED"


def test_each_batch_of_objects_is_an_array_job_that_is_told_their_keys() -> None:
    calls: list[Any] = []

    def submit(arguments: Any) -> Return:
        calls.append(arguments)
        return Return({})

    workflow = machine_of(load("batch-over-s3")).workflow
    keys = [f"in/{number:02}.csv" for number in range(21)]
    bucket = json.loads(json.dumps(workflow.to_asl()).replace('{"Ref": "DataBucket"}', '"data"'))
    execution = run(bucket, s3={("data", key): b"x" for key in keys}, mocks={"Run array job": submit})
    assert execution.status == "SUCCEEDED"
    assert [it["ArrayProperties"]["Size"] for it in calls] == [20, 2]
    told = [json.loads(it["ContainerOverrides"]["Environment"][0]["Value"]) for it in calls]
    assert told == [keys[:20], keys[20:]]


def test_a_night_that_fails_ends_as_failed_after_a_message() -> None:
    messages: list[Any] = []

    def publish(arguments: Any) -> Return:
        messages.append(arguments["Message"])
        return Return({})

    mocks: dict[str, Any] = {"Load": Throw("Batch.JobFailed", "no disk"), "Tell of the failure": publish}
    execution = run(load("nightly-etl"), mocks=mocks)
    assert execution.status == "FAILED"
    [message] = messages  # whose link CloudFormation fills in
    assert message.startswith("The nightly run failed: Batch.JobFailed: no disk. Linkarn:aws:states:")
