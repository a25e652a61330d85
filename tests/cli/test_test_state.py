"""``cfngen test-state``: one state alone, offline, and beside the answer of a server in the place of AWS."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cfngen.cli import main
from tests.cli.conftest import Start

TASK = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sqs:sendMessage", "Next": "Done"}
MACHINE = {
    "StartAt": "Send",
    "States": {
        "Send": {
            **TASK,
            "Parameters": {"QueueUrl": "q", "MessageBody.$": "$.text"},
            "Retry": [{"ErrorEquals": ["Busy"], "MaxAttempts": 1}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Done"}],
        },
        "Done": {"Type": "Succeed"},
    },
}


@pytest.fixture
def machine(tmp_path: Path) -> str:
    path = tmp_path / "m.asl.json"
    path.write_text(json.dumps(MACHINE))
    return str(path)


def test_state(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["test-state", *arguments])


test_state.__test__ = False  # type: ignore[attr-defined]  # it runs the command of that name


def answer(*arguments: str) -> Any:
    result = test_state(*arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    return json.loads(result.stdout)


def test_a_result_is_what_the_task_answers(machine: str) -> None:
    assert answer(machine, "Send", "--input", '{"text": "hi"}', "--mock", '{"MessageId": "1"}') == {
        "status": "SUCCEEDED",
        "sent": {"QueueUrl": "q", "MessageBody": "hi"},
        "output": {"MessageId": "1"},
        "nextState": "Done",
    }


def test_half_a_character_is_written_as_it_is_read(machine: str) -> None:
    result = test_state(machine, "Done", "--input", '{"text": "\\ud800"}')
    assert (result.exit_code, json.loads(result.stdout)["output"]) == (0, {"text": "\ud800"})


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (('{"Throw": {"Error": "Other", "Cause": "c"}}',), "CAUGHT_ERROR"),
        (('{"Throw": {"Error": "Busy"}}',), "RETRIABLE"),
        (('{"Throw": {"Error": "Busy"}}', "--retries", "1"), "CAUGHT_ERROR"),
        (('{"Return": {"Throw": 1}}',), "SUCCEEDED"),
    ],
)
def test_an_error_is_handled_as_the_state_says(
    machine: str, arguments: tuple[str, ...], status: str
) -> None:
    said = answer(machine, "Send", "--input", '{"text": "hi"}', "--mock", *arguments)
    assert said["status"] == status


def test_a_sample_is_tested_by_its_slug() -> None:
    said = answer("batch-job-notification", "Notify Failure", "--mock", '{"MessageId": "1"}')
    assert said["output"] == {"MessageId": "1"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("Sent",), "error: no state is named 'Sent'; did you mean 'Send'?\n"),
        (("Send", "--input", "{"), "error: the input is not JSON"),
        (
            ("Send", "--input", "@missing.json"),
            "error: cannot read missing.json: No such file or directory\n",
        ),
        (("Send", "--input", '{"text": 1}'), "error: the task 'Send' has no mock, and is not called"),
        (("Send", "--mock", "x"), "error: --mock is not JSON"),
        (
            ("Send", "--mock", '{"Throw": "Busy"}'),
            'error: {"Throw": "Busy"} is no answer: {"Return": ...} is',
        ),
        (("Send", "--mock", '[{"Return": 1}, {"Throw": {}}]'), 'error: {"Throw": {}} is no answer: '),
        (("Send", "--mock", '{"Return": 1, "Throw": {"Error": "a"}}'), 'error: {"Return": 1, "Throw"'),
        (("Send", "--variables", "[]"), "error: --variables takes an object of JSON\n"),
        (("Send", "--set", "a=b"), "error: --set sets options of a stack: a file has none\n"),
    ],
)
def test_misuse_is_told_in_a_line(machine: str, arguments: tuple[str, ...], message: str) -> None:
    result = test_state(machine, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(message)


MOCKED = (
    "Send",
    "--input",
    '{"text": "hi"}',
    "--mock",
    '{"MessageId": "1"}',
    "--aws",
    "--region",
    "us-east-1",
)


def test_the_same_answer_of_aws_is_told(machine: str, aws: Start) -> None:
    server = aws(TestState={"status": "SUCCEEDED", "output": '{"MessageId":"1"}', "nextState": "Done"})
    result = test_state(machine, *MOCKED, "--endpoint-url", server.url)
    assert (result.exit_code, result.stderr) == (0, "TestState of your account answers the same.\n")
    [(_, request)] = server.asked
    assert json.loads(request.pop("definition")) == MACHINE
    assert request == {
        "stateName": "Send",
        "input": '{"text": "hi"}',
        "mock": {"result": '{"MessageId": "1"}'},
    }


def test_an_error_is_sent_as_one_and_of_a_list_that_of_the_attempt(machine: str, aws: Start) -> None:
    server = aws(TestState={"status": "RETRIABLE", "error": "Busy"})
    answers = '[{"Return": 1}, {"Throw": {"Error": "Busy", "Cause": "c"}}]'
    state = ("Send", "--input", '{"text": "hi"}', "--mock", answers, "--retries", "1")
    result = test_state(machine, *state, *MOCKED[-3:], "--endpoint-url", server.url)
    assert json.loads(result.stdout)["error"] == "Busy"
    [(_, request)] = server.asked
    assert request["mock"] == {"errorOutput": {"error": "Busy", "cause": "c"}}
    assert request["stateConfiguration"] == {"retrierRetryCount": 1}


def test_another_answer_of_aws_is_told_and_fails(machine: str, aws: Start) -> None:
    server = aws(TestState={"status": "FAILED", "error": "States.Runtime", "cause": "c"})
    result = test_state(machine, *MOCKED, "--endpoint-url", server.url)
    assert result.exit_code == 1
    assert result.stderr == (
        'differs: status: "SUCCEEDED" here, "FAILED" at AWS\n'
        'differs: output: {"MessageId": "1"} here, nothing at AWS\n'
        'differs: error: nothing here, "States.Runtime" at AWS\n'
        'differs: nextState: "Done" here, nothing at AWS\n'
    )


def test_what_aws_refuses_is_told_in_a_line(machine: str, aws: Start) -> None:
    server = aws(TestState={"__type": "AccessDeniedException", "message": "no"})
    result = test_state(machine, *MOCKED, "--endpoint-url", server.url)
    assert (result.exit_code, result.stderr) == (
        1,
        "error: cannot ask TestState: TestState is not allowed: no\n",
    )


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        ("<html>Sign in</html>", "cannot ask TestState: the response has no status"),
        ({}, "cannot ask TestState: the response has no status"),
        (
            {"status": "SUCCEEDED", "output": "{"},
            "cannot ask TestState: the response cannot be read: its output is not JSON",
        ),
        (
            "[]",
            "cannot ask TestState: the response cannot be read: "
            "it is not of the form that the service answers in",
        ),
    ],
)
def test_a_response_that_is_none_of_aws_is_told_in_a_line(
    machine: str, aws: Start, reply: Any, message: str
) -> None:
    result = test_state(machine, *MOCKED, "--endpoint-url", aws(TestState=reply).url)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"error: {message}")
    assert result.stderr.count("\n") == 1


def test_without_a_region_or_credentials_nothing_is_asked(
    machine: str, aws: Start, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    server = aws()
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    result = test_state(machine, *MOCKED[:-2], "--endpoint-url", server.url)
    assert (result.exit_code, result.stderr) == (
        2,
        "error: cannot call stepfunctions: no region is set: use --region\n",
    )
    result = test_state(machine, *MOCKED, "--endpoint-url", server.url)
    assert (result.exit_code, server.asked) == (2, [])
    assert result.stderr.startswith("error: cannot ask TestState: there are no credentials")
