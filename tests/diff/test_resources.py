"""What an update does to resources, by what CloudFormation's schemas say of their properties."""

from __future__ import annotations

from typing import Any

import pytest

from cfngen.diff.entries import entry_changes
from cfngen.diff.report import resource_lines
from cfngen.diff.resource_change import Consequence, Effect, ResourceChange
from cfngen.diff.resources import differ_in_definitions_alone, resource_changes
from cfngen.diff.schemas import resource_schema
from tests.rows import each_row


def template(**resources: Any) -> dict[str, Any]:
    return {"Resources": resources}


def resource(type_: str, **properties: Any) -> dict[str, Any]:
    return {"Type": type_, "Properties": properties}


def one(old: dict[str, Any], new: dict[str, Any]) -> ResourceChange:
    [change] = resource_changes(template(R=old), template(R=new))
    return change


def test_equal_templates_have_no_changes() -> None:
    queue = resource("AWS::SQS::Queue", DelaySeconds=1)
    assert resource_changes(template(R=queue), template(R=dict(queue))) == []


def test_around_definitions_true_is_not_1() -> None:
    def around(value: Any, states: Any) -> dict[str, Any]:
        machine = resource("AWS::StepFunctions::StateMachine", Definition=states)
        return template(M=machine, Q=resource("AWS::SQS::Queue", DelaySeconds=value))

    assert differ_in_definitions_alone(around(1, {"a": 1}), around(1, {"a": 2}))
    assert not differ_in_definitions_alone(around(1, {}), around(True, {}))
    assert not differ_in_definitions_alone(around(1, {}), around(2, {}))


def test_a_property_that_can_change_is_changed_in_place() -> None:
    change = one(resource("AWS::SQS::Queue"), resource("AWS::SQS::Queue", DelaySeconds=1))
    assert (change.effect, change.because, change.consequences) == (Effect.UPDATED, (), ())


def test_a_create_only_property_replaces_the_resource() -> None:
    change = one(resource("AWS::SQS::Queue", QueueName="a"), resource("AWS::SQS::Queue", QueueName="b"))
    assert (change.effect, change.because) == (Effect.REPLACED, ("/QueueName",))
    assert change.consequences == (Consequence.OLD_IS_DELETED,)


def test_a_conditionally_create_only_property_perhaps_replaces_it() -> None:
    def environment(type_: str) -> dict[str, Any]:
        return resource("AWS::Batch::ComputeEnvironment", Type="MANAGED", ComputeResources={"Type": type_})

    change = one(environment("EC2"), environment("SPOT"))
    assert (change.effect, change.because) == (Effect.PERHAPS_REPLACED, ("/ComputeResources/Type",))


def test_a_replacement_with_a_fixed_name_fails() -> None:
    def topic(fifo: bool) -> dict[str, Any]:
        return resource("AWS::SNS::Topic", TopicName="t.fifo", FifoTopic=fifo)

    change = one(topic(True), topic(False))
    assert (change.effect, change.consequences) == (Effect.REPLACED, (Consequence.NAME_IS_TAKEN,))


@pytest.mark.parametrize(
    ("policy", "consequence"),
    [("Retain", Consequence.OLD_IS_KEPT), ("Snapshot", Consequence.SNAPSHOT_IS_TAKEN)],
)
def test_a_policy_says_what_becomes_of_the_old_one(policy: str, consequence: Consequence) -> None:
    old = {**resource("AWS::DynamoDB::Table", TableName="a"), "UpdateReplacePolicy": policy}
    new = {**resource("AWS::DynamoDB::Table", TableName="b"), "UpdateReplacePolicy": policy}
    assert one(old, new).consequences == (consequence,)


def test_what_refers_to_a_replaced_resource_is_replaced_too() -> None:
    def stack(name: str) -> dict[str, Any]:
        return template(
            Topic=resource("AWS::SNS::Topic", TopicName=name),
            Subscription=resource("AWS::SNS::Subscription", Protocol="sqs", TopicArn={"Ref": "Topic"}),
            Alarm=resource("AWS::CloudWatch::Alarm", AlarmActions=[{"Ref": "Topic"}]),
        )

    changes = resource_changes(stack("a"), stack("b"))
    assert [(change.name, change.effect) for change in changes] == [
        ("Topic", Effect.REPLACED),
        ("Subscription", Effect.REPLACED),
    ]


def test_a_resource_is_added_and_another_removed() -> None:
    queue, topic = resource("AWS::SQS::Queue"), resource("AWS::SNS::Topic")
    changes = resource_changes(template(Q=queue), template(T=topic))
    assert [(change.name, change.effect) for change in changes] == [
        ("T", Effect.ADDED),
        ("Q", Effect.REMOVED),
    ]


def test_another_logical_id_is_told_as_such() -> None:
    queue = resource("AWS::SQS::Queue", DelaySeconds=7)
    [change] = resource_changes(template(Old=queue), template(New=queue))
    assert (change.old, change.new, change.effect) == ("Old", "New", Effect.RENAMED)


def test_two_that_refer_to_each_other_are_renamed_together() -> None:
    def stack(queue: str, policy: str) -> dict[str, Any]:
        return template(
            **{
                queue: resource("AWS::SQS::Queue", DelaySeconds=7),
                policy: resource("AWS::SQS::QueuePolicy", Queues=[{"Ref": queue}], PolicyDocument={}),
            }
        )

    changes = resource_changes(stack("A", "B"), stack("C", "D"))
    assert [(change.old, change.new) for change in changes] == [("A", "C"), ("B", "D")]


def test_a_logical_id_cannot_change_its_type() -> None:
    assert one(resource("AWS::SQS::Queue"), resource("AWS::SNS::Topic")).effect is Effect.REFUSED


def test_the_order_of_a_policy_and_of_tags_does_not_count() -> None:
    def role(*actions: str) -> dict[str, Any]:
        statements = [{"Effect": "Allow", "Action": [action], "Resource": "*"} for action in actions]
        return resource(
            "AWS::IAM::ManagedPolicy",
            PolicyDocument={"Version": "2012-10-17", "Statement": statements},
            Tags=[{"Key": action, "Value": "1"} for action in actions],
        )

    assert resource_changes(template(R=role("a:b", "c:d")), template(R=role("c:d", "a:b"))) == []


def test_metadata_do_not_count() -> None:
    queue = resource("AWS::SQS::Queue")
    assert resource_changes(template(R=queue), template(R={**queue, "Metadata": {"a": 1}})) == []


def test_a_type_that_no_schema_knows_is_compared_without_one() -> None:
    change = one(resource("Custom::Thing", A=1), resource("Custom::Thing", A=2))
    assert change.effect is Effect.UPDATED
    assert resource_schema("Custom::Thing") is None


def test_every_schema_of_cfn_lint_is_read() -> None:
    from cfngen.diff import schemas

    names = list(schemas._schema_files())
    assert len(names) > 1_000
    assert [name for name in names if resource_schema(name) is None] == []


def test_create_only_is_what_cfn_lint_itself_reads() -> None:
    from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

    for name in ("AWS::SQS::Queue", "AWS::Batch::ComputeEnvironment", "AWS::StepFunctions::StateMachine"):
        theirs = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", name).schema
        ours = resource_schema(name)
        assert ours is not None
        assert ["/properties/" + "/".join(steps) for steps in ours.create_only] == theirs.get(
            "createOnlyProperties", []
        )


def test_outputs_that_others_may_import_say_so() -> None:
    def outputs(**entries: Any) -> dict[str, Any]:
        return {"Outputs": entries}

    exported = {"Value": "x", "Export": {"Name": "shared"}}
    [change] = entry_changes(outputs(O=exported), outputs())
    assert (change.section, change.name, change.export) == ("Outputs", "O", "shared")


@each_row("broken", [None, [], "x", {"Resources": []}, {"Resources": {"R": None}}])
def test_what_is_no_template_has_no_resources(broken: Any) -> None:
    template = broken if isinstance(broken, dict) else {"Resources": broken}
    assert resource_changes(template, template) == []


def lines(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[int, str, str]]:
    changes = resource_changes(old, new)
    return [(line.depth, line.sign, line.text) for change in changes for line in resource_lines(change)]


def test_what_goes_with_a_change_stands_below_it_and_harms_where_the_resource_stays() -> None:
    table = {**resource("AWS::DynamoDB::Table", TableName="a"), "DeletionPolicy": "Retain"}
    assert lines(template(T=table), template()) == [
        (1, "-", f"T (AWS::DynamoDB::Table): {Effect.REMOVED.value}"),
        (2, "", Consequence.OLD_IS_KEPT.value),
    ]
    queue = [resource("AWS::SQS::Queue", QueueName=name, DelaySeconds=1) for name in "ab"]
    assert lines(template(Q=queue[0]), template(Q=queue[1])) == [
        (1, "!", f"Q (AWS::SQS::Queue): {Effect.REPLACED.value}, because of QueueName"),
        (2, "!", Consequence.OLD_IS_DELETED.value),
        (2, "~", 'QueueName: "a" -> "b"'),
    ]
