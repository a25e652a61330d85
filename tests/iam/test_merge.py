"""Merging: fewer statements that allow exactly what the many did."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from awacs.aws import Action
from hypothesis import given
from hypothesis import strategies as st
from troposphere import Ref

from cfngen import DOCUMENTED, LEAST_PRIVILEGE, REQUEST_RESPONSE, SYNC, Path, Workflow
from cfngen.iam.derive import Feature, derive
from cfngen.iam.features import LOGGING, TRACING
from cfngen.iam.merge import Permission, Reason, merge
from cfngen.tasks import batch, sns

Pairs = set[tuple[str, str]]


def pairs(permissions: Iterable[Permission]) -> Pairs:
    """What a policy is: the set of actions it allows on resources."""
    return {
        (action.JSONrepr(), resource if isinstance(resource, str) else json.dumps(resource, sort_keys=True))
        for permission in permissions
        for action in permission.actions
        for resource in permission.resources
    }


def shape(permissions: Iterable[Permission]) -> list[tuple[list[str], list[Any]]]:
    return [([it.JSONrepr() for it in one.actions], list(one.resources)) for one in permissions]


def permission(actions: str, *resources: Any, managed_rule: bool = False) -> Permission:
    return Permission(tuple(Action("s", it) for it in actions), resources, (), managed_rule)


def conditional(action: str, resource: str, *values: Any) -> Permission:
    conditions = (("StringEquals", "s:Key", values),)
    return Permission((Action("s", action),), (resource,), conditions=conditions)


def test_permissions_are_joined_only_under_the_same_conditions() -> None:
    named = {"Fn::GetAtt": ["It", "Arn"], "Other": 1}
    turned = {"Other": 1, "Fn::GetAtt": ["It", "Arn"]}
    assert len(merge([conditional("a", "r", named), conditional("b", "r", turned)])) == 1
    assert len(merge([conditional("a", "r", "x"), conditional("b", "r", "y")])) == 2
    assert len(merge([conditional("a", "r", "x"), permission("b", "r")])) == 2


def test_a_permission_that_is_no_rule_of_step_functions_is_joined_with_one_like_it() -> None:
    plain = Permission((Action("s", "a"),), ("r",))
    assert shape(merge([plain, permission("b", "r")])) == [(["s:a", "s:b"], ["r"])]


def test_a_resource_is_the_same_whatever_the_order_of_its_keys() -> None:
    one, other = {"A": 1, "B": 2}, {"B": 2, "A": 1}
    assert shape(merge([permission("a", one), permission("b", other)])) == [(["s:a", "s:b"], [one])]


def test_a_text_with_variables_of_its_own_is_another_resource() -> None:
    own = [{"Fn::Sub": ["${A}", {"A": value}]} for value in ("x", "y")]
    assert shape(merge([permission("a", one) for one in own])) == [(["s:a"], own)]


ACTIONS = st.lists(st.sampled_from("abcd").map(lambda it: Action("s", it)), min_size=1, max_size=3).map(
    tuple
)
RESOURCES = st.lists(
    st.sampled_from(["*", "arn:1", "arn:2", {"Ref": "A"}, {"Ref": "B"}, {"Fn::GetAtt": ["A", "Arn"]}]),
    min_size=1,
    max_size=3,
).map(tuple)
PERMISSIONS = st.lists(
    st.builds(
        Permission,
        actions=ACTIONS,
        resources=RESOURCES,
        reasons=st.sampled_from("xy").map(lambda state: ((state, "why", "page", "chosen"),)),
        managed_rule=st.booleans(),
    ),
    max_size=8,
)


@given(PERMISSIONS)
def test_merging_neither_widens_nor_narrows(permissions: list[Permission]) -> None:
    assert pairs(merge(permissions)) == pairs(permissions)


@given(PERMISSIONS)
def test_merging_never_makes_more_statements(permissions: list[Permission]) -> None:
    assert len(merge(permissions)) <= len(permissions)


@given(PERMISSIONS)
def test_merging_again_changes_nothing(permissions: list[Permission]) -> None:
    once = merge(permissions)
    assert merge(once) == once


@given(PERMISSIONS, st.data())
def test_saying_a_thing_twice_changes_nothing(permissions: list[Permission], data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(permissions), max_size=3)) if permissions else []
    assert merge(permissions + again) == merge(permissions)


@given(PERMISSIONS)
def test_no_two_merged_statements_could_be_one(permissions: list[Permission]) -> None:
    merged = merge(permissions)
    for index, one in enumerate(merged):
        for other in merged[index + 1 :]:
            if one.managed_rule == other.managed_rule:
                assert {action for action, _ in pairs([one])} != {action for action, _ in pairs([other])}
                assert {resource for _, resource in pairs([one])} != {it for _, it in pairs([other])}


@given(PERMISSIONS)
def test_every_reason_is_kept(permissions: list[Permission]) -> None:
    def reasons(permissions: Iterable[Permission]) -> set[Reason]:
        return {reason for one in permissions for reason in one.reasons}

    assert reasons(merge(permissions)) == reasons(permissions)


def test_actions_on_the_same_resources_become_one_statement() -> None:
    assert shape(merge([permission("a", "arn:1", "arn:2"), permission("b", "arn:2", "arn:1")])) == [
        (["s:a", "s:b"], ["arn:1", "arn:2"])
    ]


def test_resources_of_the_same_actions_become_one_statement() -> None:
    assert shape(merge([permission("ab", "arn:1"), permission("ba", "arn:2")])) == [
        (["s:a", "s:b"], ["arn:1", "arn:2"])
    ]


def test_different_actions_on_different_resources_stay_apart() -> None:
    assert shape(merge([permission("a", "arn:1"), permission("b", "arn:2")])) == [
        (["s:a"], ["arn:1"]),
        (["s:b"], ["arn:2"]),
    ]


def test_one_resource_spelled_alike_is_one_resource() -> None:
    assert shape(merge([permission("a", {"Ref": "A"}), permission("b", {"Ref": "A"})])) == [
        (["s:a", "s:b"], [{"Ref": "A"}])
    ]


def test_named_resources_come_first_then_everything_then_the_managed_rules() -> None:
    several = [
        permission("r", "arn:rule", managed_rule=True),
        permission("w", "*"),
        permission("n", "arn:1"),
    ]
    assert [actions for actions, _ in shape(merge(several))] == [["s:n"], ["s:w"], ["s:r"]]


def test_statements_of_one_kind_keep_the_order_in_which_they_are_first_needed() -> None:
    several = [permission("z", "arn:9"), permission("a", "arn:1"), permission("m", "arn:5")]
    assert [actions for actions, _ in shape(merge(several))] == [["s:z"], ["s:a"], ["s:m"]]


NAMES = st.one_of(
    st.text("abc-_", min_size=1, max_size=5),
    st.sampled_from([Ref("A"), Path("$.x"), Path("States.Format('x-{}', $.y)")]),
    st.just("arn:aws:batch:us-west-2:123456789012:job-queue/x"),
)
JOBS = st.builds(
    batch.SubmitJob,
    st.just("Job"),
    pattern=st.sampled_from([REQUEST_RESPONSE, SYNC]),
    JobName=st.just("n"),
    JobQueue=NAMES,
    JobDefinition=NAMES,
    Tags=st.sampled_from([None, {"a": "b"}]),
    Credentials=st.sampled_from([None, None, {"RoleArn": "arn:aws:iam::111122223333:role/other"}]),
)
MESSAGES = st.builds(sns.Publish, st.just("Message"), Message=st.just("m"), TopicArn=NAMES)
FEATURES = st.lists(st.sampled_from([Feature(LOGGING), Feature(TRACING)]), max_size=2)


def allows(policy: Pairs, action: str, resource: str) -> bool:
    """Tell whether IAM allows it, reading ``*`` in the policy's resources as IAM does."""
    return any(
        action == allowed and re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), resource)
        for allowed, pattern in policy
    )


@given(JOBS, MESSAGES, FEATURES)
def test_least_privilege_allows_nothing_that_aws_does_not_document(
    job: batch.SubmitJob, message: sns.Publish, features: list[Any]
) -> None:
    graph = Workflow(job >> message).linked
    documented = pairs(derive(graph, DOCUMENTED, features).permissions)
    least = pairs(derive(graph, LEAST_PRIVILEGE, features).permissions)
    assert [pair for pair in least if not allows(documented, *pair)] == []


@given(JOBS, MESSAGES, FEATURES)
def test_both_scopes_allow_the_same_actions(
    job: batch.SubmitJob, message: sns.Publish, features: list[Any]
) -> None:
    graph = Workflow(job >> message).linked
    documented, least = (
        {action for action, _ in pairs(derive(graph, scope, features).permissions)}
        for scope in (DOCUMENTED, LEAST_PRIVILEGE)
    )
    assert documented == least


def test_what_is_perhaps_needed_is_sure_beside_what_is() -> None:
    publish = Action("sns", "Publish")
    sure = Permission((publish,), ("a",))
    conditional = Permission((publish,), ("b",), conditional_on="there may be no b")
    [joined] = merge([sure, conditional])
    assert joined.conditional_on == ""
    [doubtful] = merge([conditional, Permission((publish,), ("c",), conditional_on="there may be no c")])
    assert doubtful.conditional_on == "there may be no b; there may be no c"
