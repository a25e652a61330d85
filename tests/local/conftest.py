"""One emulator for all tests of a process, and small stacks for it."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import Any

import pytest

from cfngen.local import Running, emulator
from tests.local import warm

ROLE: dict[str, Any] = {
    "Type": "AWS::IAM::Role",
    "Properties": {
        "AssumeRolePolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "states.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
    },
}


@pytest.fixture(autouse=True)
def emulators_start_warm(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start emulators that have their imports behind them, but for those that are tried themselves."""
    if request.module.__name__ != "tests.local.test_emulator":
        monkeypatch.setattr(sys.modules["cfngen.local.running"], "subprocess", warm)


@pytest.fixture(scope="session")
def running() -> Iterator[Running]:
    with emulator() as running:
        yield running


@pytest.fixture(scope="session")
def machine(running: Running) -> Callable[..., str]:
    """Deploy a definition as a stack of its own; return the ARN of the state machine."""
    numbers = count()

    def deploy(
        definition: Mapping[str, Any], resources: Mapping[str, Any] | None = None, **fields: Any
    ) -> str:
        properties = {"Definition": definition, "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}, **fields}
        template = {
            "Resources": {
                "Role": ROLE,
                "Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties},
                **(resources or {}),
            },
            "Outputs": {"It": {"Value": {"Ref": "Machine"}}},
        }
        client = running.client("cloudformation")
        name = f"of-a-test-{next(numbers)}"
        client.create_stack(StackName=name, TemplateBody=json.dumps(template))
        [stack] = client.describe_stacks(StackName=name)["Stacks"]
        return str(stack["Outputs"][0]["OutputValue"])

    return deploy


@pytest.fixture(scope="session")
def run(running: Running) -> Callable[..., dict[str, Any]]:
    """Run an execution to its end; return what DescribeExecution says, and the history as ``events``."""

    def execute(arn: str, execution_input: Any = None, **fields: Any) -> dict[str, Any]:
        client = running.client("stepfunctions")
        started = client.start_execution(
            stateMachineArn=arn, input=json.dumps(execution_input or {}), **fields
        )
        until = time.monotonic() + 60
        while True:
            said = client.describe_execution(executionArn=started["executionArn"])
            if said["status"] != "RUNNING":
                break
            assert time.monotonic() < until, "the execution does not end"
            time.sleep(0.02)
        history = client.get_execution_history(executionArn=started["executionArn"])
        return {**said, "events": history["events"]}

    return execute


def entered(said: Mapping[str, Any]) -> list[str]:
    """Return the names of the states in the order in which they were entered."""
    return [
        event["stateEnteredEventDetails"]["name"]
        for event in said["events"]
        if "stateEnteredEventDetails" in event
    ]


def kinds(said: Mapping[str, Any], kind: str) -> int:
    """Count the events of a kind."""
    return sum(event["type"] == kind for event in said["events"])


def alive(number: int) -> bool:
    """Tell whether a process runs."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True
