"""One state run alone."""

from __future__ import annotations

from typing import Any

import pytest

from cfngen.execution import ExecutionError, Return, Throw, run_state
from cfngen.stacks import BatchJobNotification
from tests.execution.machines import START, task
from tests.rows import each_row

CAUGHT = {
    **task(),
    "Retry": [
        {"ErrorEquals": ["A"], "IntervalSeconds": 3, "MaxAttempts": 2},
        {"ErrorEquals": ["B"], "IntervalSeconds": 5, "MaxAttempts": 1},
    ],
    "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "End", "ResultPath": "$.e"}],
    "Next": "Then",
}
MACHINE: dict[str, Any] = {
    "StartAt": "It",
    "States": {"It": CAUGHT, "Then": {"Type": "Pass", "Next": "End"}, "End": {"Type": "Succeed"}},
}


def mapped(inner: Any) -> dict[str, Any]:
    return {"StartAt": "M", "States": {"M": {"Type": "Map", "ItemProcessor": inner, "End": True}}}


def test_a_task_that_succeeds() -> None:
    result = run_state(MACHINE, "It", {"a": 1}, mock=Return({"b": 2}))
    assert (result.status, result.output, result.next_state) == ("SUCCEEDED", {"b": 2}, "Then")
    assert result.sent == {"a": 1}


@each_row(
    ("error", "retries", "status", "seconds"),
    [
        ("A", 0, "RETRIABLE", 3),
        ("A", 1, "RETRIABLE", 6),
        ("A", 2, "CAUGHT_ERROR", None),
        ("B", 0, "RETRIABLE", 5),
        ("B", 1, "CAUGHT_ERROR", None),
        ("C", 0, "CAUGHT_ERROR", None),
    ],
)
def test_a_task_that_fails(error: str, retries: int, status: str, seconds: int | None) -> None:
    result = run_state(MACHINE, "It", {}, mock=Throw(error, "why"), retries=retries)
    assert (result.status, result.retry_seconds, result.error, result.cause) == (
        status,
        seconds,
        error,
        "why",
    )
    expected = ("End", {"e": {"Error": error, "Cause": "why"}}) if seconds is None else (None, None)
    assert (result.next_state, result.output) == expected


def test_a_state_that_fails_where_nothing_takes_it() -> None:
    result = run_state(
        {**MACHINE, "States": {**MACHINE["States"], "It": {**task(), "End": True}}}, "It", mock=Throw("A")
    )
    assert (result.status, result.error, result.next_state) == ("FAILED", "A", None)


def test_a_choice_leads_on() -> None:
    machine = {
        "QueryLanguage": "JSONata",
        "StartAt": "C",
        "States": {
            "C": {
                "Type": "Choice",
                "Choices": [{"Condition": "{% $n > 1 %}", "Next": "More", "Assign": {"m": "{% $n + 1 %}"}}],
                "Default": "C",
            },
            "More": {"Type": "Succeed"},
        },
    }
    result = run_state(machine, "C", {}, variables={"n": 2})
    assert (result.next_state, result.assigned) == ("More", {"m": 3})
    assert run_state(machine, "C", {}, variables={"n": 1}).next_state == "C"


def test_a_state_inside_a_map_and_the_map() -> None:
    inner = {"StartAt": "T", "States": {"T": {**task(), "End": True}}}
    machine = mapped(inner)
    assert run_state(machine, "T", 1, mock=Return(2)).output == 2
    assert run_state(machine, "M", [1, 2], mocks={"T": lambda sent: Return(sent * 2)}).output == [2, 4]


def test_a_retry_inside_a_map_is_no_retry_of_the_map() -> None:
    inner = {"StartAt": "T", "States": {"T": {**CAUGHT, "Next": "End"}, "End": {"Type": "Succeed"}}}
    result = run_state(mapped(inner), "M", [1], mocks={"T": [Throw("A"), Return(2)]})
    assert (result.status, result.output) == ("SUCCEEDED", [2])


def test_what_a_stack_sends() -> None:
    result = run_state(BatchJobNotification(), "Notify Failure", {}, mock=Return({}), start=START)
    assert result.sent["Message"] == "Batch job submitted through Step Functions failed"
    assert result.next_state is None


def test_misuse() -> None:
    with pytest.raises(ExecutionError, match="no state is named 'Ti'; it has 'It', 'Then', 'End'"):
        run_state(MACHINE, "Ti")
    with pytest.raises(ExecutionError, match="retries= is how often the state has been retried, not -1"):
        run_state(MACHINE, "It", retries=-1)
    with pytest.raises(ExecutionError, match="the task 'It' has no mock"):
        run_state(MACHINE, "It")

    def fails(sent: Any) -> Return:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_state(MACHINE, "It", mock=fails)
