"""Templates worked out as CloudFormation does."""

from __future__ import annotations

from typing import Any

import pytest

from cfngen.cfn.evaluation import Evaluation, EvaluationError
from tests.rows import each_row

TEMPLATE = {
    "Parameters": {
        "Name": {"Type": "String", "Default": "orders"},
        "Many": {"Type": "CommaDelimitedList", "Default": "a, b"},
        "Needed": {"Type": "String"},
        "Stored": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/a"},
    },
    "Mappings": {"Sizes": {"us-east-1": {"Small": 1}}},
    "Conditions": {
        "IsOrders": {"Fn::Equals": [{"Ref": "Name"}, "orders"]},
        "IsNot": {"Fn::Not": [{"Condition": "IsOrders"}]},
        "Both": {"Fn::And": [{"Condition": "IsOrders"}, {"Condition": "IsNot"}]},
        "Any": {"Fn::Or": [{"Condition": "IsOrders"}, {"Condition": "IsNot"}]},
        "Round": {"Condition": "Round"},
    },
    "Resources": {
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Fn::Sub": "${Name}-queue"}}},
        "Topic": {"Type": "AWS::SNS::Topic"},
        "Bucket": {"Type": "AWS::S3::Bucket"},
        "Gone": {"Type": "AWS::SNS::Topic", "Condition": "IsNot"},
        "Odd": {"Type": "AWS::Odd::Thing"},
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "r", "Path": "/jobs/"}},
        "Snake": {
            "Type": "AWS::SNS::Topic",
            "Properties": {"TopicName": {"Fn::GetAtt": ["Snake", "TopicName"]}},
        },
    },
    "Outputs": {"Url": {"Value": {"Ref": "Queue"}}, "No": {"Value": "x", "Condition": "IsNot"}},
}
QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012/orders-queue"


def evaluation(template: dict[str, Any] = TEMPLATE, **parameters: Any) -> Evaluation:
    return Evaluation(template, parameters, stack="s", region="us-east-1", account="123456789012")


@each_row(
    ("value", "expected"),
    [
        ("text", "text"),
        ({"a": [1, None, {"Ref": "AWS::NoValue"}], "b": {"Ref": "AWS::NoValue"}}, {"a": [1, None]}),
        ({"Ref": "AWS::Region"}, "us-east-1"),
        ({"Ref": "Name"}, "orders"),
        ({"Ref": "Many"}, ["a", "b"]),
        ({"Ref": "Queue"}, QUEUE),
        ({"Fn::GetAtt": ["Queue", "Arn"]}, "arn:aws:sqs:us-east-1:123456789012:orders-queue"),
        ({"Fn::GetAtt": "Queue.QueueName"}, "orders-queue"),
        ({"Fn::GetAtt": "Role.Arn"}, "arn:aws:iam::123456789012:role/jobs/r"),
        ({"Fn::Sub": "${!Name} ${Name} ${Queue.Arn} ${AWS::Partition}"}, "${Name} orders arn:aws:sqs:us-east-1:123456789012:orders-queue aws"),
        ({"Fn::Sub": ["${x}-${Name}", {"x": {"Ref": "AWS::AccountId"}}]}, "123456789012-orders"),
        ({"Fn::Join": ["/", ["a", {"Ref": "Name"}, 1]]}, "a/orders/1"),
        ({"Fn::Select": [1, {"Ref": "Many"}]}, "b"),
        ({"Fn::Select": ["0", {"Fn::Split": ["-", "x-y"]}]}, "x"),
        ({"Fn::If": ["IsOrders", 1, 2]}, 1),
        ({"Fn::If": ["IsNot", 1, {"Ref": "AWS::NoValue"}]}, None),
        ({"Fn::If": ["Both", 1, 2]}, 2),
        ({"Fn::If": ["Any", 1, 2]}, 1),
        ({"Fn::FindInMap": ["Sizes", {"Ref": "AWS::Region"}, "Small"]}, 1),
        ({"Fn::Base64": "a"}, "YQ=="),
    ],
    ids=str,
)  # fmt: skip
def test_values(value: Any, expected: Any) -> None:
    assert evaluation().value(value) == expected


def test_names_that_are_made_up_are_the_same_each_time() -> None:
    topic = evaluation().ref("Topic")
    assert topic == evaluation().ref("Topic")
    assert topic.startswith("arn:aws:sns:us-east-1:123456789012:s-Topic-")
    bucket = evaluation().ref("Bucket")
    assert bucket == bucket.lower()


def test_what_the_stack_has() -> None:
    assert list(evaluation().resources) == ["Queue", "Topic", "Bucket", "Odd", "Role", "Snake"]
    assert "Gone" in evaluation(Name="x").resources
    assert evaluation().outputs() == {"Url": QUEUE}


@each_row(
    ("value", "message"),
    [
        ({"Ref": "Nobody"}, "the resource Nobody, which is not there"),
        ({"Ref": "Gone"}, "the resource Gone, which is not there"),
        ({"Fn::GetAtt": "Odd.Arn"}, "the attribute Arn of Odd"),
        ({"Ref": "Needed"}, "the parameter Needed, which has no value"),
        ({"Ref": "Stored"}, "the parameter Stored, which stands in Systems Manager"),
        ({"Ref": "Snake"}, "Snake, which refers to itself"),
        ({"Fn::GetAtt": ["Queue", "Colour"]}, "the attribute Colour of Queue"),
        ({"Fn::ImportValue": "x"}, "Fn::ImportValue"),
        ({"Fn::If": ["Nothing", 1, 2]}, "the condition Nothing"),
        ({"Fn::If": ["Round", 1, 2]}, "condition Round, which refers to itself"),
        ({"Fn::Select": [9, ["a"]]}, "Fn::Select: list index out of range"),
        ({"Fn::Join": ["", [{"a": 1}]]}, "dict in a text"),
        ("{{resolve:ssm:a}}", "a dynamic reference"),
    ],
    ids=str,
)
def test_what_cannot_be_told(value: Any, message: str) -> None:
    with pytest.raises(EvaluationError) as raised:
        evaluation().value(value)
    assert str(raised.value) == message


def test_the_suffix_of_urls_in_china_is_its_own() -> None:
    here = Evaluation(
        TEMPLATE, {}, stack="s", region="cn-north-1", account="123456789012", partition="aws-cn"
    )
    assert (
        here.value({"Ref": "Queue"}) == "https://sqs.cn-north-1.amazonaws.com.cn/123456789012/orders-queue"
    )


def test_a_transform_is_for_the_service() -> None:
    with pytest.raises(EvaluationError, match="a template with a transform"):
        evaluation({"Transform": "AWS::LanguageExtensions", **TEMPLATE})
