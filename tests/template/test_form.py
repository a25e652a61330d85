"""What CloudFormation refuses by the form of a template."""

from __future__ import annotations

from typing import Any

import pytest

from cfngen.template.form import form_problems
from tests.rows import each_row

TOPIC = {"Type": "AWS::SNS::Topic"}


def using(*names: str, **more: Any) -> dict[str, Any]:
    return {"Type": "AWS::SNS::Topic", "Properties": {"Tags": [{"Ref": name} for name in names]}, **more}


def told(**template: Any) -> list[str]:
    return [f"{problem.location}: {problem.message}" for problem in form_problems(template)]


def test_a_template_without_resources_is_refused() -> None:
    assert told() == told(Resources={}) == ["/Resources: a template makes at least one resource"]


def test_a_name_of_a_resource_and_of_a_parameter_is_refused() -> None:
    assert told(Parameters={"A": {}}, Resources={"A": TOPIC}) == [
        "/Resources/A: a parameter has the name 'A' too, and 'Ref' could mean either"
    ]


@pytest.mark.parametrize("name", ["x", {"Fn::Sub": "${AWS::StackName}-x"}])
def test_two_exports_of_one_name_are_refused(name: Any) -> None:
    outputs: dict[str, Any] = {each: {"Value": "v", "Export": {"Name": name}} for each in "AB"}
    assert told(Resources={"T": TOPIC}, Outputs=outputs) == [
        "/Outputs/B/Export/Name: the output 'A' is exported by the same name"
    ]
    outputs["B"]["Condition"] = "C"
    assert told(Resources={"T": TOPIC}, Outputs=outputs) == []


@each_row(
    ("resources", "circles"),
    [
        ({"A": using("A")}, ["A -> A"]),
        ({"A": using("B"), "B": using("A")}, ["A -> B -> A"]),
        ({"A": using("B"), "B": using("C"), "C": using("B")}, ["B -> C -> B"]),
        ({"A": using("B"), "B": using(DependsOn="A")}, ["A -> B -> A"]),
        ({"A": using("B"), "B": using("C"), "C": TOPIC, "D": using("A", "B", "C")}, []),
        ({"A": using("B"), "B": using("A", Condition="C")}, []),
        ({"A": using("B"), "B": {**TOPIC, "Properties": {"X": {"Fn::If": ["C", {"Ref": "A"}, 1]}}}}, []),
    ],
)
def test_resources_that_depend_on_each_other_in_a_circle_are_refused(
    resources: Any, circles: list[str]
) -> None:
    found = [text.partition("circle: ")[2] for text in told(Resources=resources)]
    assert found == circles


def test_a_template_that_a_macro_completes_is_not_judged() -> None:
    assert told(Transform="AWS::Serverless-2016-10-31") == []


def test_a_long_row_of_resources_is_followed_to_its_end() -> None:
    names = [f"R{number}" for number in range(5_000)]
    resources = {name: using(after) for name, after in zip(names, [*names[1:], "R0"], strict=True)}
    assert len(told(Resources=resources)) == 1
