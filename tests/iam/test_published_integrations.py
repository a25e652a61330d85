"""The policy of every optimized integration, against the statements that AWS publishes for it.

https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html
"""

from __future__ import annotations

import json
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from troposphere import GetAtt, Ref, Sub

from cfngen import DOCUMENTED, LEAST_PRIVILEGE, Path, RawState, Workflow
from cfngen.iam.derive import Scope
from cfngen.iam.explain import explain
from tests.iam.integrations import Case, Triple, cases, derived, named_by, statements, triples
from tests.rings import examples
from tests.rows import each_row

CASES = list(cases())
EACH = each_row("case", CASES, ids=str)


@EACH
def test_the_documented_policy_is_the_published_one(case: Case) -> None:
    expected = case.published() - case.differences("lacks") | case.differences("adds")
    assert triples(statements(case.typed(), DOCUMENTED)) == expected


@EACH
def test_what_differs_from_the_published_policy_does(case: Case) -> None:
    assert case.differences("lacks") <= case.published()
    assert not case.differences("adds") & case.published()
    assert all(len(it["reason"]) > 20 for it in case.facts.get("differs", []))


@pytest.mark.slow
@each_row("scope", Scope)
@EACH
def test_a_definition_from_a_file_has_the_same_policy(case: Case, scope: Scope) -> None:
    assert statements(case.raw(), scope) == statements(case.typed(), scope)


@EACH
def test_the_least_privilege_is_never_wider_than_documented(case: Case) -> None:
    assert wider(statements(case.typed(), LEAST_PRIVILEGE), statements(case.typed(), DOCUMENTED)) == []


# what stands for an argument: known, a reference, or known at run time, in whole or in part
VALUES = st.one_of(
    st.sampled_from(
        [
            Path("$.a"),
            Path("States.Format('night-{}', $.a)"),
            Ref("Other"),
            GetAtt("Other", "Arn"),
            GetAtt("Other", "Id"),
            Sub("${Other}"),
            Sub("${Other.Arn}"),
            Sub("night-${Stage}"),
            "us.anthropic.claude-3-haiku-20240307-v1:0",
            "s3://bucket/key",
            "*",
            "night:7",
            None,
        ]
    ),
    st.text("ab:/.-*?${}'é", min_size=1, max_size=12),
)
GIVEN = "arn:given:states:us-west-2:123456789012:kind:other/other/other/other/other"
REFERENCES = {
    "Other": GIVEN,
    "Other.Arn": GIVEN,
    "Other.Id": "other/other/other/other/other",
    "Stage": "test",
}


@examples(400)
@given(case=st.sampled_from(CASES), values=st.data())
@pytest.mark.slow
def test_whatever_is_passed_the_least_privilege_is_never_wider(case: Case, values: Any) -> None:
    named = sorted({it.argument.partition(".")[0].removesuffix("[]") for it in named_by(case.task)})
    passed = {
        name: value
        for name in named
        if (value := values.draw(VALUES, label=name)) is not None and name in case.arguments
    }
    task = case.typed(**passed)
    least = statements(task, LEAST_PRIVILEGE, REFERENCES)
    # an ARN that is given is allowed as it is, be it of whatever account
    more = wider(least, statements(task, DOCUMENTED, REFERENCES))
    assert [triple for triple in more if triple[1] != GIVEN] == []
    assert all("*" not in action for action, _, _ in triples(least))


def wider(least: list[dict[str, Any]], documented: list[dict[str, Any]]) -> list[Triple]:
    """What the first statements allow and the second do not."""
    allowed = triples(documented)
    return [triple for triple in triples(least) if not any(covers(it, triple) for it in allowed)]


def covers(wide: Triple, narrow: Triple) -> bool:
    """Tell whether one triple allows all that another does: a pattern without wildcards stands for itself."""
    (action, resource, condition), (other_action, other_resource, other_condition) = wide, narrow
    tests, other_tests = json.loads(condition), json.loads(other_condition)
    escaped = resource.replace("[", "[[]")  # in IAM's patterns brackets are nothing special
    return (
        action == other_action
        and fnmatchcase(other_resource, escaped)
        and all(
            other_tests.get(operator, {}).get(key) == values
            for operator, keys in tests.items()
            for key, values in keys.items()
        )
    )


def test_a_wider_policy_is_told() -> None:
    narrow = [{"Action": ["sqs:SendMessage"], "Resource": ["arn:aws:sqs:us-west-2:1:a"]}]
    wide = [{"Action": ["sqs:SendMessage"], "Resource": ["arn:aws:sqs:us-west-2:1:*"]}]
    tested = [{**wide[0], "Condition": {"StringEquals": {"aws:SourceAccount": "1"}}}]
    assert wider(narrow, wide) == []
    assert wider(tested, wide) == []
    assert wider(wide, narrow) != []
    assert wider(wide, tested) != []


@each_row("service", dict.fromkeys(case.service for case in CASES))
def test_every_permission_says_why_it_is_there(service: str, golden: Callable[[str, str], None]) -> None:
    told = []
    for case in CASES:
        if case.service == service and not case.dynamic:
            found = derived(case.typed(), LEAST_PRIVILEGE)
            told += [f"# {case}", "", explain(found) or "It calls nothing.", ""]
            told += [*map(str, found.warnings), ""] if found.warnings else []
    golden(f"policies/integrations/{service}.txt", "\n".join(told))


JUNK = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.text("a:/${}*.", max_size=6),
        st.sampled_from(
            [
                {"Ref": 5},
                {"Ref": "A"},
                {"Fn::Sub": ["${B}"]},
                {"Fn::Sub": ["${B}", {"B": 1}]},
                {"Fn::Sub": 7},
                {"Fn::GetAtt": "A.Arn"},
                {"Fn::GetAtt": ["A", {"Ref": "B"}]},
                {"Fn::GetAtt": []},
                {"Fn::Join": "x"},
                {"Fn::Join": ["-", [1, {"Ref": "A"}]]},
                {"Fn::If": ["C", "a", {"Ref": "AWS::NoValue"}]},
                "arn:aws:s3",
                "arn:aws:sqs:::",
            ]
        ),
    ),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ABab"), inner, max_size=2),
    max_leaves=4,
)


@examples(300)
@given(case=st.sampled_from([case for case in CASES if not case.dynamic]), values=st.data())
def test_whatever_stands_in_a_file_has_a_policy(case: Case, values: Any) -> None:
    passed = {name: values.draw(JUNK, label=name) for name in case.arguments if values.draw(st.booleans())}
    state = {
        "Type": "Task",
        "Resource": f"arn:aws:states:::{case.service}:{case.action}{case.suffix}",
        "Parameters": {**case.arguments, **passed},
        "End": True,
    }
    for scope in Scope:
        document = derived(Workflow(RawState("Call", state)), scope).document()
        assert '"Action"' in document.to_json() or not case.task.grants or case.service == "apigateway"


@pytest.mark.parametrize("parameters", [{}, {"ModelId": None}, {"ModelId": ""}], ids=repr)
def test_a_call_that_does_not_name_its_model_may_invoke_any(parameters: dict[str, Any]) -> None:
    state = {"Type": "Task", "Resource": "arn:aws:states:::bedrock:invokeModel", "End": True}
    policy = derived(Workflow(RawState("Call", {**state, "Parameters": parameters})), LEAST_PRIVILEGE)
    [statement] = json.loads(policy.document().to_json())["Statement"]
    assert statement["Action"] == ["bedrock:InvokeModel"]
