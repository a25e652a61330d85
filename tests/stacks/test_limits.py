"""What AWS publishes as a table or a formula: sizes on Fargate, days of logs, lengths of policies, networks."""

from __future__ import annotations

import ipaddress
import json
import re
from typing import Any

import pytest
from awacs.aws import Action, Allow, Condition, Statement, StringEquals
from troposphere import encode_to_dict

from cfngen.core.declared import frozen
from cfngen.stacks import BatchJobNotification, StackError
from cfngen.stacks.options import options_of, parse_options
from cfngen.stacks.parts.fargate import SIZES, memories
from cfngen.stacks.parts.logs import RETENTION_DAYS
from cfngen.stacks.policies import policy_size, split_statements


@pytest.mark.models
def test_the_sizes_on_fargate_are_those_of_the_api() -> None:
    from botocore.session import get_session

    said = (
        get_session()
        .get_service_model("batch")
        .shape_for("ResourceRequirement")
        .members["value"]
        .documentation
    )
    text = " ".join(re.sub(r"<[^>]+>", " ", said).split())
    rows = re.findall(r"value = ([\d.]+) MEMORY = ([\d, or]+)", text)
    published = {float(vcpus): tuple(map(int, re.findall(r"\d+", memory))) for vcpus, memory in rows}
    assert published == SIZES


def test_the_memory_of_a_size_is_told_in_steps() -> None:
    assert memories(0.25) == "512, 1024 or 2048 MiB"
    assert memories(0.5) == "1024 to 4096 MiB in steps of 1024"
    assert memories(16) == "32768 to 122880 MiB in steps of 8192"


def test_the_days_for_which_logs_are_kept_are_those_of_cloudformation() -> None:
    from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

    group = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", "AWS::Logs::LogGroup")
    assert list(RETENTION_DAYS) == group.schema["properties"]["RetentionInDays"]["enum"]
    for days in (RETENTION_DAYS[0], RETENTION_DAYS[-1]):
        assert BatchJobNotification(log_retention=days).log_retention == days


def allowing(*resources: Any, **more: Any) -> Statement:
    return Statement(Effect=Allow, Action=[Action("s3", "GetObject")], Resource=[*resources], **more)


def length(*statements: Statement) -> int:
    """The characters of a policy that holds no white space."""
    document = {"Version": "2012-10-17", "Statement": [encode_to_dict(it) for it in statements]}
    return len(json.dumps(document, separators=(",", ":"), ensure_ascii=False))


@pytest.mark.parametrize("count", [1, 2, 5])
def test_the_size_of_a_policy_is_its_length_and_a_comma_for_the_next_statement(count: int) -> None:
    statements = [allowing(*("arn:aws:s3:::é" + "x" * n for n in range(count + 1))) for _ in range(count)]
    assert policy_size(statements) == length(*statements) + 1
    assert policy_size([]) == length()
    empty = [
        allowing(Condition=Condition(it))
        for it in (StringEquals({"aws:x": []}), StringEquals({"a:x": ["1"]}))
    ]
    assert policy_size(empty) == length(*empty) + 1


def test_policies_are_as_few_as_their_limit_allows() -> None:
    statements = [allowing(f"arn:aws:s3:::{'x' * 50}{n}") for n in range(9)]
    three = policy_size(statements[:3])
    assert [len(part) for part in split_statements(statements, three)] == [3, 3, 3]
    assert [len(part) for part in split_statements(statements, three - 1)] == [2, 2, 2, 2, 1]
    assert [len(part) for part in split_statements(statements, three + 1)] == [3, 3, 3]
    long = allowing(*(f"arn:aws:s3:::{'x' * 50}{n}" for n in range(4)))
    halves = split_statements([long], policy_size([long]) - 1)
    assert [it["Resource"] for part in halves for it in map(encode_to_dict, part)] == [
        [f"arn:aws:s3:::{'x' * 50}{n}" for n in pair] for pair in ((0, 1), (2, 3))
    ]


def test_public_and_private_subnets_have_their_own_halves_of_the_network() -> None:
    stack = BatchJobNotification(nat_gateway=True, availability_zones=2)
    resources = encode_to_dict(stack.template())["Resources"].values()
    ranges = [it["Properties"]["CidrBlock"] for it in resources if it["Type"] == "AWS::EC2::Subnet"]
    networks = [ipaddress.ip_network(it) for it in ranges]
    assert [str(it) for it in networks if int(it.network_address) >> 8 & 0xFF >= 128] == [
        f"10.0.{number}.0/24" for number in range(128, 128 + len(networks) // 2)
    ]
    assert [str(it) for it in networks[: len(networks) // 2]] == [
        f"10.0.{number}.0/24" for number in range(len(networks) // 2)
    ]


def test_a_field_of_a_stack_that_is_no_option_cannot_be_set() -> None:
    @frozen(kw_only=True)
    class Own(BatchJobNotification):
        note: str = ""

    assert {*options_of(Own)} == {*options_of(BatchJobNotification)}
    with pytest.raises(StackError, match="note"):
        parse_options(Own, [("note", "x")])


@pytest.mark.parametrize(
    ("text", "value"),
    [("true", True), ("YES", True), ("yes", True), ("false", False), ("no", False), ("No", False)],
)
def test_a_truth_is_set_by_yes_and_no_as_well(text: str, value: bool) -> None:
    assert parse_options(BatchJobNotification, [("keep_logs", text)]) == {"keep_logs": value}
