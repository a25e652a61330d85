"""References of a template that lead to nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cfngen.documents.source import parse
from cfngen.inputs.targets import load, template_of
from cfngen.stacks.samples.catalog import SAMPLES, Sample
from cfngen.template import document
from cfngen.template.limits import null_problems
from cfngen.template.references import left_to_the_template, unresolved_references
from cfngen.template.refusals import refusals
from tests.rows import each_row

_TOPIC = {"Type": "AWS::SNS::Topic"}


def _template(value: Any, **sections: Any) -> dict[str, Any]:
    topic = {**_TOPIC, "Properties": {"Value": value}}
    return {"Parameters": {"Stage": {"Type": "String"}}, "Resources": {"Topic": topic}, **sections}


def _told(template: Mapping[str, Any]) -> list[str]:
    return [f"{it.location}: {it.message}; {it.hint}" for it in unresolved_references(template)]


_AT = "/Resources/Topic/Properties/Value"


@each_row(
    ("value", "told"),
    [
        ({"Ref": "Stag"}, f"{_AT}/Ref: the template has no resource or parameter 'Stag'; did you mean 'Stage'?"),
        ({"Fn::GetAtt": "Topc.Arn"}, f"{_AT}/Fn::GetAtt: the template has no resource 'Topc'; did you mean 'Topic'?"),
        ({"Fn::GetAtt": ["Stage", "Arn"]}, f"{_AT}/Fn::GetAtt: the template has no resource 'Stage'; "),
        ({"Fn::Sub": "a-${Topic.Arn}-${Xyz}"}, f"{_AT}/Fn::Sub: the template has no resource or parameter 'Xyz'; "),
        ({"Fn::Sub": ["${A}${Xyz}", {"A": "b"}]}, f"{_AT}/Fn::Sub/0: the template has no resource or parameter 'Xyz'; "),
        ({"Fn::Sub": ["${A}", {"A": {"Ref": "Xyz"}}]}, f"{_AT}/Fn::Sub/1/A/Ref: the template has no resource or parameter 'Xyz'; "),
        ({"Fn::If": ["IsProd", 1, 2]}, f"{_AT}/Fn::If/0: the template has no condition 'IsProd'; "),
        ({"Fn::FindInMap": ["Sizes", "a", "b"]}, f"{_AT}/Fn::FindInMap/0: the template has no mapping 'Sizes'; "),
        ({"Ref": "AWS::Acount"}, f"{_AT}/Ref: the template has no resource or parameter 'AWS::Acount'; did you mean 'AWS::AccountId'?"),
        ([{"a": {"Ref": "Xyz"}}], f"{_AT}/0/a/Ref: the template has no resource or parameter 'Xyz'; "),
    ],
)  # fmt: skip
def test_a_reference_that_leads_to_nothing_is_told(value: Any, told: str) -> None:
    assert _told(_template(value)) == [told]


@each_row(
    "value",
    [
        {"Ref": "Stage"},
        {"Ref": "AWS::NoValue"},
        {"Fn::GetAtt": ["Topic", "TopicArn"]},
        {"Fn::Sub": "${Topic.TopicArn} ${Stage} ${AWS::Region} ${!Xyz}"},
        {"Fn::Sub": ["${Own}", {"Own": "a"}]},
        "${Xyz}",
        {"Condition": "Xyz"},
        {"Ref": 5},
    ],
)
def test_what_leads_to_something_and_what_is_not_a_reference_is_not_told(value: Any) -> None:
    assert _told(_template(value)) == []


@each_row(
    ("resource", "told"),
    [
        ({**_TOPIC, "DependsOn": "Xyz"}, "/Resources/A/DependsOn: the template has no resource 'Xyz'; "),
        (
            {**_TOPIC, "DependsOn": ["A", "Xyz"]},
            "/Resources/A/DependsOn/1: the template has no resource 'Xyz'; ",
        ),
        (
            {**_TOPIC, "DependsOn": "Stage"},
            "/Resources/A/DependsOn: the template has no resource 'Stage'; ",
        ),
        ({**_TOPIC, "Condition": "Xyz"}, "/Resources/A/Condition: the template has no condition 'Xyz'; "),
    ],
)
def test_a_resource_waits_for_resources_and_depends_on_conditions_that_are_there(
    resource: Any, told: str
) -> None:
    assert _told({"Parameters": {"Stage": {"Type": "String"}}, "Resources": {"A": resource}}) == [told]


def test_conditions_and_outputs_refer_too() -> None:
    conditions = {"A": {"Fn::Not": [{"Condition": "B"}]}}
    outputs = {"O": {"Condition": "C", "Value": {"Ref": "D"}}}
    assert [
        it.location for it in unresolved_references(_template(1, Conditions=conditions, Outputs=outputs))
    ] == [
        "/Conditions/A/Fn::Not/0/Condition",
        "/Outputs/O/Condition",
        "/Outputs/O/Value/Ref",
    ]


@each_row(
    "sections",
    [
        {"Transform": "AWS::Serverless-2016-10-31"},
        {"Transform": ["AWS::LanguageExtensions", "My::Macro"]},
        {"Transform": "AWS::LanguageExtensions", "Metadata": {"a": [{"Fn::ForEach::N": []}]}},
        {"Fn::Transform": {"Name": "AWS::Include"}},
        {"Resources": {"Fn::ForEach::Topics": [], "A": {"Value": {"Ref": "Xyz"}}}},
        {"Resources": {"M": {"Type": "My::Own::Part::MODULE"}, "A": {"Value": {"Ref": "MTopic"}}}},
    ],
)
def test_a_template_that_a_macro_completes_is_not_judged(sections: Any) -> None:
    assert _told(_template({"Ref": "Xyz"}, **sections)) == []


def test_more_functions_bring_no_resources() -> None:
    assert _told(_template({"Ref": "Xyz"}, Transform="AWS::LanguageExtensions")) != []


def test_a_workflow_alone_says_what_the_template_must_bring() -> None:
    one = left_to_the_template(_template({"Ref": "Queue"}))
    assert [(it.severity, it.message, it.hint) for it in one] == [
        (
            "warning",
            "the workflow refers to 'Queue', which is not in the template",
            "add it, as a resource or a parameter",
        )
    ]
    several = left_to_the_template(_template({"Fn::Sub": "${Queue}${Table.Arn}${Queue}${Key}"}))
    assert [(it.message, it.hint) for it in several] == [
        (
            "the workflow refers to 'Queue', 'Table' and 'Key', which are not in the template",
            "add them, as resources or parameters",
        )
    ]
    assert left_to_the_template(_template({"Ref": "Stage"})) == []


@each_row("sample", SAMPLES, ids=lambda sample: sample.slug)
def test_a_sample_has_no_null_and_no_reference_to_nothing(sample: Sample) -> None:
    template = document(template_of(load(sample.slug)))
    assert unresolved_references(template) == []
    assert null_problems(template) == []


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["Ref", "Fn::Sub", "Fn::GetAtt", "Fn::If", "Condition", "DependsOn", "a/b", "~"]
            ),
            inner,
            max_size=2,
        )
    ),
    max_leaves=10,
)


@given(_JSON)
def test_no_value_is_too_strange(value: Any) -> None:
    source = parse(json.dumps(_template(value)))
    for problem in unresolved_references(source.data):
        found: Any = source.data
        for key in source.keys(problem.location):
            found = found[key]
        assert isinstance(found, (str, list))


def test_a_name_in_a_location_is_not_escaped() -> None:
    [problem] = unresolved_references(_template({"a/b": {"~": {"Ref": "Xyz"}}}))
    assert problem.location == f"{_AT}/a/b/~/Ref"


def test_the_first_of_many_are_told_what_they_may_have_meant() -> None:
    problems = refusals(_template([{"Ref": f"Topi{number}"} for number in range(100)]))
    assert [bool(it.hint) for it in problems] == [True] * 20 + [False] * 80
