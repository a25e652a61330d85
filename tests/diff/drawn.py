"""Templates at random: a machine with its role, resources around it, parameters and outputs."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from cfngen.diff import Side
from cfngen.documents.source import parse
from cfngen.inputs.machines import machines_of

REGION, ACCOUNT = "us-east-1", "123456789012"
QUEUES = [f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}" for name in ("jobs", "night")]
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:news"
ACTIONS = ["sqs:SendMessage", "SQS:sendmessage", "sqs:Send*", "sqs:*", "sns:Publish", "sns:P*", "*"]
RESOURCES = [*QUEUES, TOPIC, f"arn:aws:sqs:{REGION}:{ACCOUNT}:*", "arn:aws:sqs:*:*:jobs", "*"]
TESTS: list[dict[str, Any]] = [
    {"Bool": {"aws:SecureTransport": "true"}},
    {"StringEquals": {"aws:RequestedRegion": REGION}},
]


def one_or_more(values: list[str]) -> st.SearchStrategy[str | list[str]]:
    drawn = st.sampled_from(values)
    return drawn | st.lists(drawn, min_size=1, max_size=3, unique=True)


@st.composite
def statements(draw: st.DrawFn) -> dict[str, Any]:
    statement: dict[str, Any] = {
        "Effect": draw(st.sampled_from(["Allow", "Allow", "Allow", "Deny"])),
        "Action": draw(one_or_more(ACTIONS)),
        "Resource": draw(one_or_more(RESOURCES)),
    }
    if draw(st.integers(0, 3)) == 0:
        statement["Condition"] = draw(st.sampled_from(TESTS))
    return statement


policies = st.lists(statements(), min_size=1, max_size=3)


def policy(statements: list[dict[str, Any]]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": statements}


@st.composite
def reworded(draw: st.DrawFn, drawn: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return statements that mean the same: apart by action and resource, in another order, or twice."""
    written: list[dict[str, Any]] = []
    for statement in drawn:
        actions, resources = (
            value if isinstance(value := statement[field], list) else [value]
            for field in ("Action", "Resource")
        )
        for action in actions if draw(st.booleans()) else [actions]:
            for resource in resources if draw(st.booleans()) else [resources]:
                written.append({**statement, "Action": action, "Resource": resource})
    written += draw(st.lists(st.sampled_from(written), max_size=1))
    return draw(st.permutations(written))


@st.composite
def definitions(draw: st.DrawFn) -> dict[str, Any]:
    calls = draw(st.lists(st.sampled_from([*QUEUES, TOPIC]), min_size=1, max_size=3, unique=True))
    states: dict[str, Any] = {}
    for number, arn in enumerate(calls):
        name = arn.rpartition(":")[2]
        is_topic = arn == TOPIC
        url = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{name}"
        states[f"Call {name}"] = {
            "Type": "Task",
            "Resource": f"arn:aws:states:::{'sns:publish' if is_topic else 'sqs:sendMessage'}",
            "Parameters": {"TopicArn": arn, "Message": "m"}
            if is_topic
            else {"QueueUrl": url, "MessageBody": "m"},
            **({"End": True} if number == len(calls) - 1 else {"Next": "?"}),
        }
    names = list(states)
    for name, following in pairwise(names):
        states[name]["Next"] = following
    return {"StartAt": names[0], "States": states}


@st.composite
def templates(
    draw: st.DrawFn, statements: st.SearchStrategy[list[dict[str, Any]]] = policies
) -> dict[str, Any]:
    """Return a template; resources come and go, are replaced, and have other names in others."""
    service = draw(st.sampled_from(["states.amazonaws.com", "lambda.amazonaws.com"]))
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}}
    resources: dict[str, Any] = {
        "Machine": {
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {"Definition": draw(definitions()), "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}},
        },
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": policy([trust]),
                "Policies": [{"PolicyName": "p", "PolicyDocument": policy(draw(statements))}],
            },
        },
    }
    for name in draw(st.lists(st.sampled_from(["Queue", "Jobs"]), unique=True)):
        properties = draw(st.fixed_dictionaries({}, optional={"QueueName": st.sampled_from(["a", "b"])}))
        kept = draw(st.sampled_from([{}, {"DeletionPolicy": "Retain"}, {"UpdateReplacePolicy": "Retain"}]))
        resources[name] = {"Type": "AWS::SQS::Queue", "Properties": properties, **kept}
        resources[f"{name}Policy"] = {
            "Type": draw(st.sampled_from(["AWS::SQS::QueuePolicy", "AWS::SQS::QueueInlinePolicy"])),
            "Properties": {"Queue": {"Ref": name}, "PolicyDocument": policy([])},
        }
    texts = st.dictionaries(st.sampled_from(["One", "Two"]), st.sampled_from(["a", "b"]))
    return {
        "Parameters": {name: {"Type": "String", "Default": text} for name, text in draw(texts).items()},
        "Resources": resources,
        "Outputs": {
            name: {"Value": {"Ref": "Machine"}, "Export": {"Name": text}}
            for name, text in draw(texts).items()
        },
    }


def side_of(template: dict[str, Any], label: str) -> Side:
    source = parse(json.dumps(template), label)
    machines, unread = machines_of(source)
    return Side(label, tuple(machines), source.data, tuple(unread), source)
