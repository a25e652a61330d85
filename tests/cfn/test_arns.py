"""ARNs in their parts, whatever CloudFormation fills in."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from troposphere import Ref, Sub

from cfngen.cfn.arns import (
    Arn,
    account_wide,
    arn_text,
    is_arn,
    parse_arn,
    partition_wide,
    partitions,
    regional,
)
from cfngen.cfn.functions import plain
from tests.rows import each_row

_PARTS = st.sampled_from(["", "aws", "${AWS::Partition}", "${A.B}", "x-1", "*", "${!x:y}"])


@given(st.builds(Arn, _PARTS, _PARTS, _PARTS, _PARTS, st.sampled_from(["a:b", "a/b:${A}:c", "", "${A}"])))
def test_an_arn_is_read_back_in_its_parts(arn: Arn) -> None:
    assert parse_arn(str(arn)) == arn


@each_row("text", ["", "arn", "arn:", "arn:aws:sns:us-east-1:1", "urn:a:b:c:d:e", "${Arn}"])
def test_text_that_is_not_all_of_an_arn_is_none(text: str) -> None:
    assert parse_arn(text) is None


def test_the_stack_fills_in_its_own_places() -> None:
    assert parse_arn(regional("sns", "{}")) == Arn(
        "${AWS::Partition}", "sns", "${AWS::Region}", "${AWS::AccountId}", "{}"
    )
    assert parse_arn(account_wide("iam", "role/{}")) == Arn(
        "${AWS::Partition}", "iam", "", "${AWS::AccountId}", "role/{}"
    )
    assert parse_arn(partition_wide("s3", "{}")) == Arn("${AWS::Partition}", "s3", "", "", "{}")


@each_row(
    ("value", "text"),
    [
        ("arn:aws:s3:::bucket", "arn:aws:s3:::bucket"),
        (Sub("arn:${AWS::Partition}:s3:::bucket"), "arn:${AWS::Partition}:s3:::bucket"),
        (Ref("Bucket"), None),
        ("bucket", None),
    ],
)
def test_the_text_of_an_arn_is_known_where_it_is_written(value: Any, text: str | None) -> None:
    assert arn_text(plain(value)) == text


@each_row(
    ("resource", "kind"),
    [("stateMachine:a", "stateMachine"), ("role/path/a", "role"), ("stack/a/b:c", "stack"), ("bucket", "")],
)
def test_a_resource_begins_with_its_type(resource: str, kind: str) -> None:
    assert Arn("aws", "s", "", "", resource).resource_type == kind


def test_partitions_are_those_that_are_written() -> None:
    document = {"A": ["arn:aws-cn:s3:::a", "arn:${AWS::Partition}:s3:::b", "an arn:aws:", 1]}
    assert partitions(document) == {"aws-cn"}


def test_what_begins_like_one_is_text_of_an_arn() -> None:
    assert is_arn("arn:")
    assert not is_arn(Ref("arn:"))
