"""What statements allow: the elements of a policy one by one, and what is said of those that are none."""

from __future__ import annotations

from typing import Any

from cfngen.cfn.symbolic import ASSUMED, NO, UNKNOWN, YES, Placeholder, SymbolicText, Verdict, symbolic_text
from cfngen.iam.evaluate import Decision, Request, decide, holds
from cfngen.iam.statements import statements
from tests.rows import each_row

TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms"
PASSED = {"iam:passedtoservice": [("batch.amazonaws.com",)]}


def allow(action: Any = "sns:Publish", resource: Any = TOPIC, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any = "sns:Publish", resource: Any = TOPIC, **more: Any) -> dict[str, Any]:
    return {**allow(action, resource, **more), "Effect": "Deny"}


def decided(
    *documents: Any,
    action: str = "sns:Publish",
    resource: str = TOPIC,
    context: dict[str, Any] | None = None,
    version: str = "2012-10-17",
) -> Decision:
    found, faults = statements({"Version": version, "Statement": list(documents)})
    assert faults == []
    return decide(found, Request(action, (resource,), context or {}))


def test_nothing_is_allowed_by_itself() -> None:
    assert decided().verdict == NO


def test_a_deny_wins_over_every_allow() -> None:
    decision = decided(allow("*", "*"), deny("sns:*", "*"), allow())
    assert (decision.verdict, decision.denied) == (NO, YES)
    assert decision.denying is not None
    assert decision.denying.pointer == "/Statement/1"


def test_a_deny_that_may_apply_leaves_it_open() -> None:
    decision = decided(allow(), deny(Condition={"StringEquals": {"aws:ResourceTag/a": "b"}}))
    assert (decision.verdict, decision.denied) == (UNKNOWN, UNKNOWN)


def test_what_allows_the_action_elsewhere_is_near() -> None:
    decision = decided(
        allow(resource="arn:aws:sns:eu-west-1:123456789012:others"), allow("sqs:SendMessage")
    )
    assert [statement.pointer for statement in decision.near] == ["/Statement/0"]


def test_what_is_allowed_surely_has_nothing_near() -> None:
    elsewhere = allow(resource="arn:aws:sns:eu-west-1:123456789012:others")
    assert decided(allow(), elsewhere).near == ()


def test_of_two_that_deny_the_first_is_told() -> None:
    decision = decided(allow(), deny(), deny("sns:*"))
    assert decision.denying is not None
    assert decision.denying.pointer == "/Statement/1"


def test_a_condition_that_does_not_hold_decides_wherever_the_statement_applies() -> None:
    resource = (TOPIC.removesuffix("alarms"), Placeholder("Name"))
    found, _ = statements(
        {
            "Version": "2012-10-17",
            "Statement": [allow(Condition={"StringEquals": {"iam:PassedToService": "a"}})],
        }
    )
    assert decide(found, Request("sns:Publish", resource, PASSED)).verdict == NO
    assert (
        decide(found, Request("sns:Publish", resource, {"iam:passedtoservice": [("a",)]})).verdict
        == UNKNOWN
    )


def test_a_statement_about_another_action_does_not_end_the_search() -> None:
    assert decided(allow("sqs:SendMessage"), allow()).verdict == YES


def test_what_allows_after_another_that_allows_does_not_end_the_search_for_a_denial() -> None:
    decision = decided(allow(), allow("*", "*"), deny())
    assert (decision.verdict, decision.denied) == (NO, YES)


def test_what_is_allowed_if_the_stack_is_deployed_as_it_looks_is_not_near() -> None:
    name = Placeholder("Name", "name", default="alarms")
    resource = symbolic_text(TOPIC.removesuffix("alarms"), name)
    found, _ = statements({"Version": "2012-10-17", "Statement": [allow()]})
    decision = decide(found, Request("sns:Publish", resource, {}))
    assert (decision.verdict, decision.near) == (ASSUMED, ())


@each_row(
    ("resource", "verdict"),
    [
        ("arn:aws:sqs:*:*:*", NO),
        ("arn:aws:sns:*:*:*", UNKNOWN),
        ("arn:aws:*:*:*:*", UNKNOWN),
        ([TOPIC, "arn:aws:sqs:*:*:*", "arn:aws:sns:*:*:*"], UNKNOWN),
        (["arn:aws:sns:*:*:*", "*"], YES),
    ],
    ids=str,
)
def test_a_call_on_no_resource_is_not_allowed_on_those_of_another_service(
    resource: Any, verdict: Verdict
) -> None:
    assert (
        decided(allow("sns:ListTopics", resource), action="sns:ListTopics", resource="*").verdict == verdict
    )


@each_row(
    ("value", "verdict"),
    [
        (("5",), YES),
        (("5.0",), YES),
        (("6",), NO),
        (("five",), UNKNOWN),
        ((Placeholder("Count"),), UNKNOWN),
    ],
    ids=str,
)
def test_numbers_are_compared_as_numbers(value: SymbolicText, verdict: Verdict) -> None:
    request = Request("s3:ListBucket", ("*",), {"s3:max-keys": [value]})
    assert holds({"NumericEquals": {"s3:max-keys": "5"}}, request) == verdict


def test_a_statement_without_a_resource_is_about_the_one_that_has_it() -> None:
    statement = {"Effect": "Allow", "Action": "sns:Publish", "Principal": "*"}
    assert decided(statement).verdict == YES


def test_a_single_statement_may_stand_alone() -> None:
    found, faults = statements({"Statement": allow()})
    assert (found[0].pointer, faults) == ("/Statement", [])


@each_row(
    ("condition", "verdict"),
    [
        ({"StringEquals": {"iam:PassedToService": "batch.amazonaws.com"}}, YES),
        ({"StringEquals": {"IAM:passedtoservice": ["x", "batch.amazonaws.com"]}}, YES),
        ({"StringEquals": {"iam:PassedToService": "ecs.amazonaws.com"}}, NO),
        ({"StringLike": {"iam:PassedToService": "*.amazonaws.com"}}, YES),
        ({"StringEquals": {"iam:PassedToService": "*.amazonaws.com"}}, NO),
        ({"StringNotEquals": {"iam:PassedToService": "batch.amazonaws.com"}}, NO),
        ({"StringEqualsIfExists": {"iam:PassedToService": "batch.amazonaws.com"}}, YES),
        ({"ForAnyValue:StringEquals": {"iam:PassedToService": "batch.amazonaws.com"}}, YES),
        ({"Null": {"iam:PassedToService": "false"}}, YES),
        ({"Null": {"iam:PassedToService": "true"}}, NO),
        ({"Null": {"iam:AWSServiceName": "true"}}, UNKNOWN),
        ({"StringEquals": {"iam:PassedToService": "batch.amazonaws.com", "aws:RequestedRegion": "x"}}, UNKNOWN),
        ({"StringEquals": {"iam:PassedToService": "x", "aws:RequestedRegion": "x"}}, NO),
        ({"DateLessThan": {"aws:CurrentTime": "2020-01-01"}}, UNKNOWN),
        ({"Stringequals": {"iam:PassedToService": "batch.amazonaws.com"}}, YES),
        ({"StringEquals": "x"}, UNKNOWN),
        ({"String-Equals": {"iam:PassedToService": "batch.amazonaws.com"}}, UNKNOWN),
        ({"StringEquals": {"iam:PassedToService": {"Ref": "Service"}}}, UNKNOWN),
        ({"Null": {"iam:PassedToService": {"Ref": "Service"}}}, UNKNOWN),
        ({"StringEquals": {"iam:PassedToService": []}}, NO),
        ({"StringNotEquals": {"iam:PassedToService": []}}, YES),
        ({"ArnNotLike": {"iam:PassedToService": "*.amazonaws.com"}}, NO),
        ({"Equals": {"iam:PassedToService": "batch.amazonaws.com"}}, UNKNOWN),
        ({}, YES),
    ],
    ids=str,
)  # fmt: skip
def test_a_condition_holds(condition: dict[str, Any], verdict: Verdict) -> None:
    assert holds(condition, Request("iam:PassRole", ("*",), PASSED)) == verdict


def test_a_key_that_may_be_several_decides_only_where_all_of_them_do() -> None:
    request = Request("s3:ListBucket", ("*",), {"s3:prefix": [("in/a",), ("out",)]})
    assert holds({"StringLike": {"s3:prefix": "in/*"}}, request) == UNKNOWN
    assert holds({"StringLike": {"s3:prefix": ["in/*", "o*"]}}, request) == YES
    assert holds({"StringLike": {"s3:prefix": "x"}}, request) == NO
    nothing = Request("s3:ListBucket", ("*",), {"s3:prefix": []})
    assert holds({"StringLike": {"s3:prefix": "*"}}, nothing) == UNKNOWN


@each_row(
    ("document", "message", "pointer"),
    [
        ([], "a policy document is a mapping, not a list", ""),
        ({}, "the policy has no 'Statement'", ""),
        ({"Statement": ["x"]}, "a statement is a mapping, not 'x'", "/Statement/0"),
        ({"Statement": {"Effect": "Allow"}}, "the statement has no 'Action'", "/Statement"),
        ({"Statement": [allow(), {"Action": "a:B"}]}, "the statement has no 'Effect': it is 'Allow' or 'Deny'", "/Statement/1"),
        ({"Statement": allow(["sns:Publish", 5])}, "'Action' takes text or a list of it, not 5", "/Statement/Action/1"),
        ({"Statement": allow("sns")}, "IAM refuses the action 'sns': it is the service, a colon and the name of the action", "/Statement/Action"),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_policy_is_said(
    document: list[Any] | dict[str, Any], message: str, pointer: str
) -> None:
    _, faults = statements(document)
    assert [(fault.message, fault.pointer) for fault in faults] == [(message, pointer)]


def test_one_statement_that_is_none_hides_no_other() -> None:
    found, faults = statements({"Statement": ["x", allow()]})
    assert ([one.pointer for one in found], len(faults)) == (["/Statement/1"], 1)
