"""The configuration of Step Functions Local is read as it is, and what is wrong in it is said at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cfngen.local import MockConfig, MockConfigError, Return, Running, Throw

RETRIED = {
    "0": {"Throw": {"Error": "Lambda.ResourceNotReadyException", "Cause": "not ready"}},
    "1-2": {"Throw": {"Error": "Lambda.TimeoutException"}},
    "3": {"Return": {"StatusCode": 200}},
}
CONFIG: dict[str, Any] = {
    "StateMachines": {
        "Sends": {"TestCases": {"Happy": {"Send": "Sent"}, "Retry": {"Invoke": "Retried", "Send": "Sent"}}}
    },
    "MockedResponses": {"Sent": {"0": {"Return": {"MessageId": "1"}}}, "Retried": RETRIED},
}


def changed(**fields: Any) -> dict[str, Any]:
    return {**CONFIG, **fields}


def cases(**states: Any) -> Any:
    return changed(StateMachines={"Sends": {"TestCases": {"Happy": states}}})


def answers(attempts: Any) -> Any:
    return changed(MockedResponses={**CONFIG["MockedResponses"], "Sent": attempts})


def test_a_configuration_names_the_answers_of_each_try() -> None:
    assert MockConfig.read(CONFIG).machines == {
        "Sends": {
            "Happy": {"Send": (Return({"MessageId": "1"}),)},
            "Retry": {
                "Invoke": (
                    Throw("Lambda.ResourceNotReadyException", "not ready"),
                    Throw("Lambda.TimeoutException"),
                    Throw("Lambda.TimeoutException"),
                    Return({"StatusCode": 200}),
                ),
                "Send": (Return({"MessageId": "1"}),),
            },
        }
    }


def test_tries_may_stand_in_any_order() -> None:
    config = answers(dict(reversed(RETRIED.items())))
    assert MockConfig.read(config).machines["Sends"]["Happy"]["Send"][3] == Return({"StatusCode": 200})


def test_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "MockConfigFile.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    assert MockConfig.read(tmp_path / "MockConfigFile.json") == MockConfig.read(CONFIG)


@pytest.mark.parametrize(
    ("config", "problem"),
    [
        ([], "/: a mock configuration must be an object [SCHEMA_VALIDATION_FAILED]"),
        (
            changed(StateMachine={}),
            "/StateMachine: there is no field 'StateMachine' [SCHEMA_VALIDATION_FAILED]\n"
            "    hint: did you mean 'StateMachines'?",
        ),
        (
            changed(MockedResponses=[], StateMachines={}),
            "/MockedResponses: must be an object with an entry for each response [SCHEMA_VALIDATION_FAILED]",
        ),
        (
            changed(StateMachines={"Sends": {}}),
            "/StateMachines/Sends: must have TestCases, an object with an entry for each test case "
            "[SCHEMA_VALIDATION_FAILED]",
        ),
        (
            cases(Send="Snt"),
            "/StateMachines/Sends/TestCases/Happy/Send: no response is named 'Snt' [SCHEMA_VALIDATION_FAILED]\n"
            "    hint: did you mean 'Sent'?",
        ),
        (
            answers({}),
            "/MockedResponses/Sent: must be an object with a response for each attempt, from '0' on "
            "[SCHEMA_VALIDATION_FAILED]",
        ),
        (
            answers([]),
            "/MockedResponses/Sent: must be an object with a response for each attempt, from '0' on "
            "[SCHEMA_VALIDATION_FAILED]",
        ),
        (
            answers([{"Return": 1}]),
            "/MockedResponses/Sent: must be an object with a response for each attempt, from '0' on "
            "[SCHEMA_VALIDATION_FAILED]",
        ),
        (
            answers("0"),
            "/MockedResponses/Sent: must be an object with a response for each attempt, from '0' on "
            "[SCHEMA_VALIDATION_FAILED]",
        ),
        (
            answers({"0": {"Return": 1}, "2-1": {"Return": 1}}),
            "/MockedResponses/Sent: attempts must follow one another from '0' on: 1 is next, not 2 "
            "[SCHEMA_VALIDATION_FAILED]",
        ),
        (
            answers({"0-1": {"Return": 1}, "3": {"Return": 1}}),
            "/MockedResponses/Sent: attempts must follow one another from '0' on: 2 is next, not 3 "
            "[SCHEMA_VALIDATION_FAILED]",
        ),
        (
            answers({"first": {"Return": 1}}),
            "/MockedResponses/Sent/first: the key of an attempt must be a number such as '0' or a range such as '1-2' "
            "[SCHEMA_VALIDATION_FAILED]",
        ),
        (
            answers({"1": {"Return": 1}}),
            "/MockedResponses/Sent: attempts must follow one another from '0' on: 0 is next, not 1 "
            "[SCHEMA_VALIDATION_FAILED]",
        ),
        (
            answers({"0": {"Return": 1, "Throw": {"Error": "A"}}}),
            "/MockedResponses/Sent/0: must be {'Return': ...} or {'Throw': {'Error': ..., 'Cause': ...}} "
            "[SCHEMA_VALIDATION_FAILED]",
        ),
        (
            answers({"0": {"Throw": {"Error": "A", "Cause": 1}}}),
            "/MockedResponses/Sent/0/Throw/Cause: must be a string [SCHEMA_VALIDATION_FAILED]",
        ),
    ],
    ids=str,
)
def test_what_is_wrong_is_said(config: list[Any] | dict[str, Any], problem: str, tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text(json.dumps(config), encoding="utf-8")
    with pytest.raises(MockConfigError) as caught:
        MockConfig.read(path)
    assert str(caught.value) == problem


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(MockConfigError) as caught:
        MockConfig.read(answers({"0": {}, "x": {}}))
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize("content", [b"{", b'"\xff"', b'{"StateMachines": NaN}'])
def test_a_file_that_is_not_json_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_bytes(content)
    with pytest.raises(MockConfigError, match="is not JSON: "):
        MockConfig.read(tmp_path / "config.json")


def test_an_execution_answers_as_the_configuration_says(
    running: Running, machine: Callable[..., str], run: Callable[..., dict[str, Any]]
) -> None:
    task = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {}, "End": True}
    arn = machine({"StartAt": "Send", "States": {"Send": task}})
    cases = {arn.rpartition(":")[2]: CONFIG["StateMachines"]["Sends"]["TestCases"]}
    named = {name: {"TestCases": {"Happy": found["Happy"]}} for name, found in cases.items()}
    running.mock_all(MockConfig.read(changed(StateMachines=named)))
    assert json.loads(run(f"{arn}#Happy")["output"]) == {"MessageId": "1"}
