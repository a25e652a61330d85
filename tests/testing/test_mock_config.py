"""The mock configuration of Step Functions Local: its format, its rules, and what is wrong with one."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest

from cfngen.testing import MockError, Return, StepFunctions

SEND = "arn:aws:states:::sqs:sendMessage"

# the machine and the shape of the file are those of
# https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-test-sm-exec.html
DEFINITION = {
    "StartAt": "LambdaState",
    "States": {
        "LambdaState": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"Payload.$": "$", "FunctionName": "Greeting"},
            "Retry": [
                {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 2, "MaxAttempts": 3, "BackoffRate": 2}
            ],
            "Next": "SQSState",
        },
        "SQSState": {
            "Type": "Task",
            "Resource": SEND,
            "Parameters": {"QueueUrl": {"Ref": "Queue"}, "MessageBody.$": "$.Payload.body"},
            "End": True,
        },
    },
}
TEMPLATE = {
    "Resources": {
        "Queue": {"Type": "AWS::SQS::Queue"},
        "LambdaSQSIntegration": {
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {"RoleArn": "arn:aws:iam::123456789012:role/any", "Definition": DEFINITION},
        },
    }
}
GREETED = {"Return": {"StatusCode": 200, "Payload": {"StatusCode": 200, "body": "Good morning"}}}
CONFIG: dict[str, Any] = {
    "StateMachines": {
        "LambdaSQSIntegration": {
            "TestCases": {
                "HappyPath": {"LambdaState": "Greeted", "SQSState": "Sent"},
                "RetryPath": {"LambdaState": "GreetedLate", "SQSState": "Sent"},
                "HybridPath": {"LambdaState": "Greeted"},
                "TooFew": {"LambdaState": "NotReady", "SQSState": "Sent"},
            }
        }
    },
    "MockedResponses": {
        "Greeted": {"0": GREETED},
        "GreetedLate": {
            "0": {"Throw": {"Error": "Lambda.ResourceNotReadyException", "Cause": "It is not ready."}},
            "1-2": {"Throw": {"Error": "Lambda.TimeoutException", "Cause": "It took too long."}},
            "3": GREETED,
        },
        "NotReady": {"0": {"Throw": {"Error": "Lambda.ResourceNotReadyException", "Cause": "No."}}},
        "Sent": {"0": {"Return": {"MD5OfMessageBody": "3bcb", "MessageId": "8b51"}}},
    },
}


@pytest.fixture
def config(tmp_path: Path) -> Any:
    path = tmp_path / "MockConfigFile.json"
    path.write_text(json.dumps(CONFIG), encoding="utf-8")
    return path


@pytest.fixture
def stack(step_functions: StepFunctions) -> Any:
    return step_functions.deploy(TEMPLATE)


def refused(do: Any) -> Any:
    with pytest.raises(MockError) as raised:
        do()
    return str(raised.value)


def test_the_happy_path(stack: Any, config: Any) -> None:
    execution = stack.run(case="HappyPath", mock_config=config)
    assert execution.states == ["LambdaState", "SQSState"]
    assert execution["SQSState"].attempts[0].input["MessageBody"] == "Good morning"
    assert execution.output == {"MD5OfMessageBody": "3bcb", "MessageId": "8b51"}


def test_the_retry_path(stack: Any, config: Any) -> None:
    execution = stack.run(case="RetryPath", mock_config=config)
    assert execution.states == ["LambdaState", "SQSState"]
    assert [attempt.error for attempt in execution["LambdaState"].attempts] == [
        "Lambda.ResourceNotReadyException",
        "Lambda.TimeoutException",
        "Lambda.TimeoutException",
        None,
    ]


@pytest.mark.emulator
def test_the_hybrid_path_calls_what_has_no_mock(
    stack: Any, config: Any, step_functions: StepFunctions
) -> None:
    execution = stack.run(case="HybridPath", mock_config=config)
    assert execution.states == ["LambdaState", "SQSState"]
    queue = step_functions.client("sqs").receive_message(QueueUrl=stack.resources["Queue"])
    assert [message["Body"] for message in queue["Messages"]] == ["Good morning"]


def test_a_try_without_a_response_fails_the_test(stack: Any, config: Any) -> None:
    told = refused(lambda: stack.run(case="TooFew", mock_config=config))
    assert told.splitlines()[0] == (
        "the mock configuration has no response for attempt 1 of 'LambdaState'; the last one is for attempt 0"
    )


def test_responses_count_on_from_one_iteration_to_the_next(step_functions: StepFunctions) -> None:
    call = {"Type": "Task", "Resource": SEND, "Parameters": {"MessageBody.$": "$"}, "End": True}
    inner = {"StartAt": "Each", "States": {"Each": call}}
    several = {"Type": "Map", "MaxConcurrency": 1, "ItemProcessor": inner, "End": True}
    stack = step_functions.deploy({"StartAt": "All", "States": {"All": several}})
    config = {
        "StateMachines": {"Any": {"TestCases": {"Three": {"Each": "Counted"}}}},
        "MockedResponses": {"Counted": {str(n): {"Return": n} for n in range(3)}},
    }
    assert stack.run(["a", "b", "c"], case="Three", mock_config=config).output == [0, 1, 2]


def test_a_test_s_own_mocks_come_before_the_file_s(stack: Any, config: Any) -> None:
    mocks = {"SQSState": Return({"mine": True})}
    execution = stack.run(case="HappyPath", mock_config=config, mocks=mocks)
    assert execution.output == {"mine": True}


def test_the_fixture_may_know_the_file(step_functions_emulator: Any, config: Any) -> None:
    with StepFunctions(step_functions_emulator, mock_config=config) as deploying:
        assert deploying.deploy(TEMPLATE).run(case="HappyPath").states == ["LambdaState", "SQSState"]


@pytest.mark.parametrize(
    ("change", "case", "told"),
    [
        ({}, "HapyPath", "the mock configuration has no test case 'HapyPath'; did you mean 'HappyPath'?"),
        (
            {},
            "LambdaSQS#HappyPath",
            "the mock configuration has no state machine 'LambdaSQS'; did you mean ",
        ),
        (
            {"StateMachines": {}},
            "HappyPath",
            "the mock configuration has no state machines, and none is named",
        ),
        (
            {"MockedResponses": {}},
            "HappyPath",
            "the mock configuration is not a mock configuration:\n/StateMachines/LambdaSQSIntegration/TestCases/"
            "HappyPath/LambdaState: no response is named 'Greeted'",
        ),
        (
            {"MockedResponses": CONFIG["MockedResponses"] | {"Greeted": {"0": GREETED, "0-1": GREETED}}},
            "HappyPath",
            "the mock configuration is not a mock configuration:\n/MockedResponses/Greeted: attempts must follow one",
        ),
        (
            {"StateMachines": {"A": {"TestCases": {}}, "B": {"TestCases": {}}}},
            "HappyPath",
            "the mock configuration has several state machines, and none is named 'LambdaSQSIntegration': "
            "select one with case='A#...'",
        ),
    ],
    ids=str,
)
def test_a_configuration_or_case_that_cannot_be_is_refused(
    change: dict[str, Any], case: str, told: str, stack: Any
) -> None:
    assert refused(lambda: stack.run(case=case, mock_config=CONFIG | change)).startswith(told)


def test_a_state_of_the_configuration_that_is_not_there_is_named(stack: Any) -> None:
    cases = {"Typo": {"LambdaStat": "Greeted"}}
    config = CONFIG | {"StateMachines": {"Any": {"TestCases": cases}}}
    assert refused(lambda: stack.run(case="Typo", mock_config=config)) == (
        "no state is named 'LambdaStat'; did you mean 'LambdaState'?"
    )


def test_a_case_wants_a_file_and_a_file_a_case(stack: Any, config: Any, tmp_path: Path) -> None:
    assert refused(lambda: stack.run(case="HappyPath")) == (
        "there is no mock configuration for the test case 'HappyPath': use mock_config=, or set "
        "step_functions_mock_config in the configuration of pytest"
    )
    assert refused(lambda: stack.run(mock_config=config)) == (
        "mock_config= is a file of test cases: select one with case="
    )
    missing = tmp_path / "none.json"
    assert refused(lambda: stack.run(case="HappyPath", mock_config=missing)) == (
        f"cannot read the mock configuration {missing}: {os.strerror(errno.ENOENT)}"
    )
    missing.write_bytes(b"\xff{")
    assert "none.json is not a mock configuration:\n/: " in refused(
        lambda: stack.run(case="HappyPath", mock_config=missing)
    )
