"""What policies at random allow, in our eyes and in those of the simulator iam-simulate from npm."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from cfngen.cfn.symbolic import NO, YES, Verdict
from cfngen.iam.evaluate import Request, decide
from cfngen.iam.statements import statements as read
from tests import npm

DRAWN = 600
HERE = Path(__file__).parent

ACTIONS = [
    "sqs:SendMessage",
    "SQS:sendmessage",
    "sqs:*",
    "sqs:Send*",
    "sqs:S?ndMessage",
    "sqs:*e",
    "sns:Publish",
    "*",
]
PARTITIONS = ["aws", "aws", "aws-cn", "*"]
SERVICES = ["sqs", "sqs", "sns"]
REGIONS = ["eu-west-1", "us-east-1", "eu-*", "*-1", "*", ""]
ACCOUNTS = ["123456789012", "*", "1234*", "210987654321", ""]
NAMES = ["jobs", "jobs:3", "job/one", "job/*", "j*s", "j?bs", "*", "jobs:*", "${*}"]
WORDS = ["night", "Night", "day"]
FLAGS = ["true", "false"]
ARNS = [
    "arn:aws:states:eu-west-1:123456789012:stateMachine:A",
    "arn:aws:states:eu-west-1:123456789012:stateMachine:B",
]
CONDITIONS = [
    (["StringEquals", "StringNotEquals", "StringEqualsIgnoreCase"], ["aws:PrincipalTag/Team"], WORDS),
    (
        ["StringLike", "StringNotLike", "StringEquals"],
        ["aws:PrincipalTag/Team", "AWS:principaltag/Team"],
        [*WORDS, "n*", "?ight", "*"],
    ),
    (
        ["ArnLike", "ArnEquals", "ArnNotLike"],
        ["aws:SourceArn"],
        [*ARNS, "arn:aws:states:*:*:stateMachine:A", "arn:aws:states:eu-west-1:123456789012:*"],
    ),
    (["Bool"], ["aws:SecureTransport"], FLAGS),
    (["Null"], ["aws:SecureTransport", "aws:SourceArn"], FLAGS),
    (["NumericEquals"], ["s3:max-keys"], ["10", "10.0", "11"]),
]

arns = st.builds(
    "arn:{}:{}:{}:{}:{}".format, *map(st.sampled_from, (PARTITIONS, SERVICES, REGIONS, ACCOUNTS, NAMES))
)
patterns = arns | st.just("*")


def one_or_more(values: st.SearchStrategy[str]) -> st.SearchStrategy[str | list[str]]:
    return values | st.lists(values, min_size=1, max_size=3)


@st.composite
def statements(draw: st.DrawFn) -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": draw(st.sampled_from(["Allow", "Allow", "Deny"]))}
    statement[draw(st.sampled_from(["Action", "Action", "NotAction"]))] = draw(
        one_or_more(st.sampled_from(ACTIONS))
    )
    statement[draw(st.sampled_from(["Resource", "Resource", "NotResource"]))] = draw(one_or_more(patterns))
    if draw(st.booleans()):
        operators, keys, values = draw(st.sampled_from(CONDITIONS))
        value = st.sampled_from(values)
        several = value if values is FLAGS else one_or_more(value)
        ending = draw(st.sampled_from(["", "IfExists"])) if operators != ["Null"] else ""
        operator = draw(st.sampled_from(operators)) + ending
        statement["Condition"] = {operator: {draw(st.sampled_from(keys)): draw(several)}}
    return statement


requests = st.builds(
    "arn:{}:{}:{}:{}:{}".format,
    *map(
        st.sampled_from,
        (
            ["aws", "aws-cn"],
            ["sqs", "sns"],
            ["eu-west-1", "us-east-1"],
            ["123456789012"],
            ["jobs", "jobs:3", "job/one", "jots"],
        ),
    ),
)
contexts = st.fixed_dictionaries(
    {
        "aws:PrincipalTag/Team": st.sampled_from(WORDS),
        "aws:SourceArn": st.sampled_from(ARNS),
        "aws:SecureTransport": st.sampled_from(FLAGS),
        "s3:max-keys": st.sampled_from(["10", "12"]),
    }
)
questions = st.fixed_dictionaries(
    {
        "policy": st.builds(
            lambda version, given: {"Version": version, "Statement": given},
            st.sampled_from(["2012-10-17"]),
            st.lists(statements(), min_size=1, max_size=4),
        ),
        "action": st.sampled_from(["sqs:SendMessage", "sns:Publish", "sqs:DeleteMessage"]),
        "resource": requests,
        "context": contexts,
    }
)


@pytest.fixture(scope="session")
def simulated(npm_packages: Path) -> list[tuple[dict[str, Any], str]]:
    """Each question with what the simulator decides; one process is asked of all of them."""
    drawn: list[dict[str, Any]] = []

    @settings(max_examples=DRAWN, deadline=None, derandomize=True, phases=[Phase.generate], database=None)
    @given(questions)
    def draw(question: dict[str, Any]) -> None:
        drawn.append(question)

    draw()
    return list(zip(drawn, npm.ask(HERE / "simulation.js", npm_packages, drawn), strict=True))


def decided(question: dict[str, Any]) -> Verdict:
    policy_statements, faults = read(question["policy"])
    assert faults == []
    context = {key.lower(): [(value,)] for key, value in question["context"].items()}
    request = Request(question["action"], (question["resource"],), context)
    return decide(policy_statements, request).verdict


def test_a_request_is_allowed_where_the_simulator_allows_it(
    simulated: list[tuple[dict[str, Any], str]],
) -> None:
    assert len(simulated) == DRAWN
    verdicts = {"Allowed": YES, "ImplicitlyDenied": NO, "ExplicitlyDenied": NO}
    ours = [decided(question) for question, _ in simulated]
    different = [
        (json.dumps(question), said, verdict.name)
        for (question, said), verdict in zip(simulated, ours, strict=True)
        if verdict != verdicts[said]
    ]
    assert different == []
    assert {said for _, said in simulated} == set(verdicts)
