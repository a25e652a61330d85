"""What a change does to permissions, by meaning: how a policy is written does not count."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cfngen.audit.values import Values
from cfngen.diff import Comparison, Kind, compare, role_views, side
from cfngen.diff.formats import as_text
from cfngen.diff.permissions import Direction
from cfngen.diff.report import Report
from cfngen.iam.statements import statements
from tests.rows import each_row

TOPIC = {"Ref": "Topic"}
DEFINITION = {
    "StartAt": "Tell",
    "States": {
        "Tell": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sns:publish",
            "Parameters": {"TopicArn": TOPIC, "Message": "x"},
            "End": True,
        }
    },
}
STATES = {"Service": "states.amazonaws.com"}


def template(
    *statements: dict[str, Any], trust: Any = None, extra: dict[str, Any] | None = None, **role: Any
) -> dict[str, Any]:
    assumed = trust or [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": STATES}]
    policy = {"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": list(statements)}}
    return {
        "Resources": {
            "M": {
                "Type": "AWS::StepFunctions::StateMachine",
                "Properties": {"Definition": DEFINITION, "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}},
            },
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": assumed},
                    "Policies": [policy],
                    **role,
                },
            },
            "Topic": {"Type": "AWS::SNS::Topic"},
            **(extra or {}),
        }
    }


def allow(action: Any, resource: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any, resource: Any, **more: Any) -> dict[str, Any]:
    return {**allow(action, resource, **more), "Effect": "Deny"}


@pytest.fixture
def compared(tmp_path: Path) -> Any:
    def between(old: dict[str, Any], new: dict[str, Any]) -> Comparison:
        for name, document in (("old", old), ("new", new)):
            (tmp_path / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
        return compare(side(str(tmp_path / "old.json")), side(str(tmp_path / "new.json")))

    return between


def told(comparison: Comparison) -> list[tuple[str, str, str, str]]:
    return [
        (one.direction.value, ", ".join(one.actions), one.resource, ", ".join(one.states))
        for machine in comparison.machines
        for one in machine.permissions
    ]


PUBLISH = allow("sns:Publish", TOPIC)


@pytest.mark.parametrize(
    "other",
    [
        template(allow(["sns:Publish"], [TOPIC])),
        template(allow("SNS:publish", TOPIC)),
        template(allow("sns:Publish", {"Fn::Sub": "${Topic}"}, Sid="Named")),
        template(PUBLISH, PUBLISH),
        template(
            extra={
                "Attached": {
                    "Type": "AWS::IAM::Policy",
                    "Properties": {
                        "PolicyName": "q",
                        "Roles": [{"Ref": "Role"}],
                        "PolicyDocument": {"Version": "2012-10-17", "Statement": [PUBLISH]},
                    },
                }
            }
        ),
    ],
    ids=["lists", "case", "sub and sid", "twice", "attached"],
)
def test_what_allows_the_same_does_not_differ(compared: Any, other: dict[str, Any]) -> None:
    comparison = compared(template(PUBLISH), other)
    assert told(comparison) == []
    assert comparison.machines == ()


def test_a_permission_that_no_state_needs_comes_first(compared: Any) -> None:
    old = template(allow("sns:GetTopicAttributes", TOPIC))
    new = template(allow("sns:GetTopicAttributes", TOPIC), PUBLISH, allow("s3:*", "*"))
    comparison = compared(old, new)
    assert told(comparison) == [
        ("broader", "s3:*", "*", ""),
        ("broader", "sns:Publish", "${Topic}", "'Tell'"),
    ]
    assert {Kind.BROADER_PERMISSIONS, Kind.UNNEEDED_PERMISSIONS} <= comparison.kinds()


def test_a_wildcard_that_adds_nothing_needed_is_broader_and_unneeded(compared: Any) -> None:
    assert told(compared(template(PUBLISH), template(allow("sns:*", TOPIC)))) == [
        ("broader", "sns:*", "${Topic}", "")
    ]


def test_a_resource_that_is_wider_is_broader(compared: Any) -> None:
    topic = "arn:aws:sns:us-east-1:123456789012:a"
    old, new = (
        template(PUBLISH, allow("sns:Publish", topic)),
        template(PUBLISH, allow("sns:Publish", f"{topic}*")),
    )
    assert told(compared(old, new)) == [("broader", "sns:Publish", f"{topic}*", "")]
    assert told(compared(new, old)) == [("narrower", "sns:Publish", f"{topic}*", "")]


def test_a_permission_that_goes_is_narrower_and_its_executions_may_fail(compared: Any) -> None:
    comparison = compared(template(PUBLISH), template(allow("sns:Subscribe", TOPIC)))
    assert ("narrower", "sns:Publish", "${Topic}", "'Tell'") in told(comparison)
    [machine] = comparison.machines
    assert [str(one) for one in machine.running] == [
        "they may fail: the old definition needs sns:Publish on ${Topic}, which the role no longer allows"
    ]
    assert Kind.RUNNING_EXECUTIONS in comparison.kinds()


def test_a_permission_on_another_resource_is_needed_by_no_state(compared: Any) -> None:
    other = "arn:aws:sns:eu-west-1:123456789012:other"
    base = allow("sqs:SendMessage", "*")
    comparison = compared(template(base, allow("sns:Publish", other)), template(base))
    assert told(comparison) == [("narrower", "sns:Publish", other, "")]


def test_a_condition_that_goes_is_broader(compared: Any) -> None:
    condition = {"StringEquals": {"aws:PrincipalTag/team": "a"}}
    narrow, wide = template(allow("sns:Publish", TOPIC, Condition=condition)), template(PUBLISH)
    assert told(compared(narrow, wide)) == [("broader", "sns:Publish", "${Topic}", "'Tell'")]
    assert told(compared(wide, narrow)) == [("narrower", "sns:Publish", "${Topic}", "'Tell'")]


def test_a_deny_that_goes_is_broader_and_one_that_comes_narrower(compared: Any) -> None:
    without, denied = template(PUBLISH), template(PUBLISH, deny("sns:Publish", "*"))
    [change] = compared(denied, without).machines[0].permissions
    assert (change.direction, change.denied) == (Direction.BROADER, True)
    [change] = compared(without, denied).machines[0].permissions
    assert (change.direction, change.denied) == (Direction.NARROWER, True)


def test_a_deny_of_all_but_some_actions_is_compared_as_a_whole(compared: Any) -> None:
    all_but = {"Effect": "Deny", "NotAction": "sns:*", "Resource": "*"}
    without, denied = template(PUBLISH), template(PUBLISH, all_but)
    for old, new, direction in (
        (denied, without, Direction.BROADER),
        (without, denied, Direction.NARROWER),
    ):
        [change] = compared(old, new).machines[0].permissions
        assert (change.direction, change.actions, change.denied) == (
            direction,
            ("all but some actions",),
            True,
        )
    assert compared(denied, template(all_but, PUBLISH)).machines == ()


def test_a_parameter_in_the_place_of_an_arn_cannot_be_told(compared: Any) -> None:
    new = template(PUBLISH, allow("sns:Publish", {"Ref": "Other"}))
    new["Parameters"] = {"Other": {"Type": "String"}}
    assert [direction for direction, *_ in told(compared(template(PUBLISH), new))] == ["undecided"]


def test_a_policy_that_is_not_to_be_had_cannot_be_told(compared: Any) -> None:
    arn = "arn:aws:iam::123456789012:policy/own"
    comparison = compared(template(PUBLISH), template(PUBLISH, ManagedPolicyArns=[arn]))
    assert [direction for direction, *_ in told(comparison)] == ["undecided"]
    assert Kind.UNDECIDED_PERMISSIONS in comparison.kinds()


def test_who_may_take_the_role_is_compared(compared: Any) -> None:
    trusting = [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": STATES},
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}},
    ]
    comparison = compared(template(PUBLISH), template(PUBLISH, trust=trusting))
    [change] = comparison.machines[0].trust
    assert (change.principal, change.added) == ("AWS *", True)
    assert Kind.TRUST in comparison.kinds()
    back = compared(template(PUBLISH, trust=trusting), template(PUBLISH))
    for one, line in (
        (comparison, "    ! AWS * may take it now"),
        (back, "    - AWS * may no longer take it"),
    ):
        assert as_text(Report((one,))).splitlines()[2:] == ["  who may take the role", line]


def test_permissions_are_compared_whatever_is_wrong_with_the_definition(compared: Any) -> None:
    """Or an error that the service takes would hide a permission that grows."""
    old, new = template(PUBLISH), template(PUBLISH, allow("s3:*", "*"))
    for document in (old, new):
        state = document["Resources"]["M"]["Properties"]["Definition"]["States"]["Tell"]
        states = {"Tell": {**state, "Retries": []}, "Odd": 1, "Lost": {"Type": "Task", "Credentials": "x"}}
        document["Resources"]["M"]["Properties"]["Definition"] = {"StartAt": "Tell", "States": states}
    assert told(compared(old, new)) == [("broader", "s3:*", "*", "")]
    assert told(compared(template(), old)) == [("broader", "sns:Publish", "${Topic}", "'Tell'")]


def test_what_a_state_needs_of_a_key_is_needed_by_it(compared: Any) -> None:
    key = {"Fn::GetAtt": ["Key", "Arn"]}
    encrypted = {
        "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {}}},
        "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"KmsMasterKeyId": key}},
    }
    using = allow(["kms:Decrypt", "kms:GenerateDataKey"], key)
    old, new = template(PUBLISH, extra=encrypted), template(PUBLISH, using, extra=encrypted)
    assert told(compared(old, new)) == [
        ("broader", "kms:Decrypt, kms:GenerateDataKey", "${Key.Arn}", "'Tell'")
    ]
    [machine] = compared(new, old).machines
    assert [str(one) for one in machine.running] == [
        f"they may fail: the old definition needs kms:{action} on ${{Key.Arn}}, which the role no longer allows"
        for action in ("Decrypt", "GenerateDataKey")
    ]


def test_conditions_of_the_template_are_compared_each_with_itself(compared: Any) -> None:
    chosen = {"Fn::If": ["IsProd", TOPIC, "*"]}
    document = template(allow("sns:Publish", chosen))
    document["Parameters"] = {"Stage": {"Type": "String"}}
    document["Conditions"] = {"IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}}
    assert compared(document, json.loads(json.dumps(document))).machines == ()
    more = json.loads(json.dumps(document))
    [policy] = more["Resources"]["Role"]["Properties"]["Policies"]
    policy["PolicyDocument"]["Statement"].append(allow("s3:GetObject", "*"))
    assert told(compared(document, more)) == [("broader", "s3:GetObject", "*", "")]


def test_back_is_the_mirror_of_forth(compared: Any) -> None:
    old = template(PUBLISH, allow("s3:GetObject", "arn:aws:s3:::a/*"), deny("sns:Subscribe", "*"))
    new = template(allow(["sns:*", "s3:Get*"], "*"))
    forth, back = compared(old, new).machines[0], compared(new, old).machines[0]
    assert {one.mirrored() for one in forth.permissions} == set(back.permissions)


def test_a_parameter_that_changed_says_how_and_one_that_is_new_does_not(compared: Any) -> None:
    def of(**parameters: Any) -> dict[str, Any]:
        return {**template(PUBLISH), "Parameters": parameters}

    stage, other = {"Type": "String", "Default": "a"}, {"Type": "String"}
    changed = compared(of(Stage=stage), of(Stage={**stage, "Default": "b"}))
    assert as_text(Report((changed,))).splitlines()[2:] == ["  ~ Stage", '    ~ Default: "a" -> "b"']
    assert as_text(Report((compared(of(Stage=stage), of(Stage=stage, Other=other)),))).splitlines()[2:] == [
        "  + Other"
    ]
    assert as_text(Report((compared(of(Stage=stage, Other=other), of(Stage=stage)),))).splitlines()[2:] == [
        "  - Other"
    ]


@each_row(
    ("condition", "tests"),
    [
        ({}, {}),
        ({"StringEquals": {"aws:X": "a"}}, {"StringEquals aws:x": "a"}),
        ({"StringEquals": {"aws:x": ["b", "a"]}}, {"StringEquals aws:x": "a, b"}),
        (
            {"StringEquals": {"aws:x": "a", "aws:y": 1}},
            {"StringEquals aws:x": "a", "StringEquals aws:y": "1"},
        ),
        ({"StringEquals": ["odd"]}, {"StringEquals": '["odd"]'}),
        ({"StringLike": {"aws:x": {"Ref": "A"}}}, {"StringLike aws:x": "${A}"}),
    ],
    ids=str,
)
def test_the_tests_of_a_condition_are_told_by_operator_and_key(
    condition: Any, tests: dict[str, str]
) -> None:
    document = {"Version": "2012-10-17", "Statement": [allow("a:B", "*", Condition=condition)]}
    values = Values({"Parameters": {"A": {"Type": "String"}}})
    [statement], faults = statements(document, "", values.texts)
    assert (role_views.tests_of(statement, values), faults) == (tests, [])
