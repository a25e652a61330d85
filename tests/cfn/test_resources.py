"""What the Resource of a task names, however it is spelled."""

from typing import Any

from troposphere import GetAtt, Join, Ref, Sub

from cfngen.cfn.arns import Arn
from cfngen.cfn.resources import (
    Activity,
    CalledFunction,
    Integration,
    OtherArn,
    OwnResource,
    Reference,
    UnknownText,
    parse_resource,
    suffix_of,
)
from tests.rows import each_row

_SQS = Integration("sqs", "sendMessage", ".waitForTaskToken")
_TRANSLATE = Integration("translate", "translateText", "", sdk=True)


@each_row("partition", ["aws", "aws-cn", "aws-us-gov", "${AWS::Partition}", "${Partition}"])
@each_row(
    "place",
    ["::", "us-east-1:123456789012:", "${AWS::Region}:${AWS::AccountId}:", "${AWS::Region}::", ":1:"],
)
@each_row("call", [_SQS, _TRANSLATE])
def test_an_integration_is_one_in_every_partition_region_and_account(
    partition: str, place: str, call: Integration
) -> None:
    named = parse_resource(f"arn:{partition}:states:{place}{call.name}")
    assert isinstance(named, Integration)
    assert (named.name, named.partition) == (call.name, partition)
    assert (named.service, named.action, named.suffix, named.sdk) == (
        call.service,
        call.action,
        call.suffix,
        call.sdk,
    )


@each_row(
    "value",
    [
        "arn:${AWS::Partition}:states:::sns:publish",
        Sub("arn:${AWS::Partition}:states:::sns:publish"),
        Sub("arn:${P}:states:::sns:publish", P=Ref("AWS::Partition")),
        Join("", ["arn:", Ref("AWS::Partition"), ":states:::sns:publish"]),
        Join(":", ["arn", Ref("AWS::Partition"), "states", "", "", "sns", "publish"]),
        {"Fn::Sub": "arn:${AWS::Partition}:states:::sns:publish"},
    ],
)
def test_a_function_that_makes_the_arn_is_read_as_the_arn(value: Any) -> None:
    assert parse_resource(value) == Integration("sns", "publish", partition="${AWS::Partition}")


_FUNCTION_ARN = Arn("aws", "lambda", "us-east-1", "123456789012", "function:Work:live")
_ACTIVITY_ARN = Arn("aws", "states", "us-east-1", "123456789012", "activity:Work")
_MACHINE_ARN = Arn("aws", "states", "us-east-1", "123456789012", "stateMachine:Work:7")


@each_row(
    ("value", "named"),
    [
        (str(_FUNCTION_ARN), CalledFunction(_FUNCTION_ARN, "Work", "live")),
        (str(_ACTIVITY_ARN), Activity(_ACTIVITY_ARN, "Work")),
        (str(_MACHINE_ARN), OwnResource(_MACHINE_ARN, "stateMachine", "Work:7")),
        (
            "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${Name}",
            CalledFunction(
                Arn(
                    "${AWS::Partition}",
                    "lambda",
                    "${AWS::Region}",
                    "${AWS::AccountId}",
                    "function:${Name}",
                ),
                "${Name}",
            ),
        ),
        ("arn:aws:s3:::bucket/key", OtherArn(Arn("aws", "s3", "", "", "bucket/key"))),
        (Ref("Work"), Reference("Work")),
        (GetAtt("Work", "Arn"), Reference("Work", "Arn")),
        (Sub("${Work.Arn}"), Reference("Work", "Arn")),
        ("${Work}", Reference("Work")),
        (Sub("${Work.Arn}:live"), UnknownText("${Work.Arn}:live")),
        ("arn:aws:states:::${Service}:run.sync", UnknownText("arn:aws:states:::${Service}:run.sync")),
        ("not an ARN", UnknownText("not an ARN")),
        ("arn:aws:states", UnknownText("arn:aws:states")),
        (5, None),
        (None, None),
        ({"Ref": 5}, None),
    ],
)
def test_a_resource_is_what_it_names(value: Any, named: object) -> None:
    assert parse_resource(value) == named


@each_row(
    ("value", "suffix"),
    [
        ("arn:aws:states:::batch:submitJob.sync", ".sync"),
        ("arn:aws:states:us-east-1:123456789012:batch:submitJob.sync", ".sync"),
        ("arn:aws:states:::states:startExecution.sync:2", ".sync:2"),
        ("arn:aws:states:::${Service}:run.sync", ".sync"),
        ("arn:aws:states:::sns:publish", ""),
        ("arn:aws:states:us-east-1:123456789012:activity:a.sync", ""),
    ],
)
def test_the_pattern_is_the_ending_of_an_integration(value: str, suffix: str) -> None:
    assert suffix_of(parse_resource(value)) == suffix
