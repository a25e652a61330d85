"""What a template declares, and what uses it."""

from typing import Any

import pytest

from cfngen.cfn.template import NameUse, TemplateIndex, uses
from tests.rows import each_row

_TEMPLATE: dict[str, Any] = {
    "Parameters": {"Stage": {"Type": "String"}},
    "Mappings": {"Sizes": {"dev": {"Memory": 128}}},
    "Conditions": {
        "IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]},
        "IsDev": {"Fn::Not": [{"Condition": "IsProd"}]},
    },
    "Resources": {
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": {"Fn::Sub": "${Stage}-role"}}},
        "Policy": {
            "Type": "AWS::IAM::Policy",
            "Condition": "IsProd",
            "Properties": {"Roles": [{"Ref": "Role"}], "PolicyDocument": {"Condition": {"Ref": "Odd"}}},
        },
        "Machine": {
            "Type": "AWS::StepFunctions::StateMachine",
            "DependsOn": ["Policy"],
            "Properties": {
                "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
                "Size": {"Fn::FindInMap": ["Sizes", {"Ref": "Stage"}, "Memory"]},
                "DefinitionString": {
                    "Fn::Sub": ["${Topic.TopicName} ${Own} ${!Literal}", {"Own": {"Ref": "AWS::Region"}}]
                },
                "Tags": {"Fn::If": ["IsDev", {"Ref": "AWS::NoValue"}, []]},
            },
        },
    },
    "Outputs": {"Arn": {"Condition": "IsProd", "Value": {"Ref": "Machine"}}},
}


def test_a_resource_is_known_by_its_type_and_properties() -> None:
    index = TemplateIndex(_TEMPLATE)
    assert index.type_of("Role") == "AWS::IAM::Role"
    assert index.type_of("Nothing") == ""
    assert index.properties("Policy")["Roles"] == [{"Ref": "Role"}]


def test_what_a_resource_uses_is_told_in_order_and_place() -> None:
    properties = "/Resources/Machine/Properties"
    assert list(TemplateIndex(_TEMPLATE).uses_of("Machine")) == [
        NameUse("DependsOn", "Policy", "", "/Resources/Machine/DependsOn/0"),
        NameUse("Fn::GetAtt", "Role", "Arn", f"{properties}/RoleArn/Fn::GetAtt"),
        NameUse("Fn::FindInMap", "Sizes", "", f"{properties}/Size/Fn::FindInMap/0"),
        NameUse("Ref", "Stage", "", f"{properties}/Size/Fn::FindInMap/1/Ref"),
        NameUse("Fn::Sub", "Topic", "TopicName", f"{properties}/DefinitionString/Fn::Sub/0"),
        NameUse("Ref", "AWS::Region", "", f"{properties}/DefinitionString/Fn::Sub/1/Own/Ref"),
        NameUse("Fn::If", "IsDev", "", f"{properties}/Tags/Fn::If/0"),
        NameUse("Ref", "AWS::NoValue", "", f"{properties}/Tags/Fn::If/1/Ref"),
    ]


def test_conditions_and_outputs_use_names_too() -> None:
    found = [(use.name, use.pointer) for use in TemplateIndex(_TEMPLATE).uses() if use.is_condition]
    assert found == [
        ("IsProd", "/Conditions/IsDev/Fn::Not/0/Condition"),
        ("IsProd", "/Resources/Policy/Condition"),
        ("IsDev", "/Resources/Machine/Properties/Tags/Fn::If/0"),
        ("IsProd", "/Outputs/Arn/Condition"),
    ]


def test_the_condition_of_a_statement_is_not_one_of_the_template() -> None:
    assert [use.name for use in uses({"Statement": {"Condition": "IsProd"}})] == []


def test_what_is_made_before_a_resource_is_all_that_it_waits_for() -> None:
    assert TemplateIndex(_TEMPLATE).made_before("Machine") == {"Policy", "Role"}


def test_resources_that_wait_for_each_other_are_told_once() -> None:
    circle = {"Resources": {"A": {"DependsOn": "B"}, "B": {"DependsOn": "A"}}}
    assert TemplateIndex(circle).made_before("A") == {"A", "B"}


@each_row(
    "template",
    [{}, {"Resources": None}, {"Resources": []}, {"Resources": {"A": None, "B": {"Properties": 5}}}],
)
def test_a_template_without_resources_has_an_index_too(template: dict[str, Any]) -> None:
    index = TemplateIndex(template)
    assert list(index.uses()) == []
    assert index.type_of("A") == ""
    assert index.properties("B") == {}


@pytest.mark.parametrize(
    ("template", "is_generated"),
    [
        ({"Resources": {"A": {}}}, False),
        ({"Transform": "AWS::Serverless-2016-10-31", "Resources": {}}, True),
        ({"Resources": {"Fn::ForEach::Topics": []}}, True),
    ],
)
def test_a_macro_may_add_what_is_not_written(template: dict[str, Any], is_generated: bool) -> None:
    assert TemplateIndex(template).is_generated_in_part is is_generated
