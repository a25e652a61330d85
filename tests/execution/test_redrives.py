"""Executions that failed, taken up again: each state as AWS's page says.

https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
"""

from __future__ import annotations

from typing import Any

import pytest

from cfngen.execution import ExecutionError, Return, Throw
from tests.execution.machines import chain, executed, kinds, one, task


def after(failed: Any, redriven: Any) -> list[Any]:
    """The events that a redrive adds."""
    assert chain(redriven)[: len(failed.events)] == chain(failed)
    return kinds(redriven)[len(failed.events) :]


def test_an_execution_that_failed_is_taken_up_again() -> None:
    machine = {
        "StartAt": "A",
        "States": {"A": task(Next="B"), "B": task(Next="C"), "C": {"Type": "Pass", "Parameters": {"n.$": "$$.Execution.RedriveCount"}, "End": True}},
    }  # fmt: skip
    asked = []

    def answer(sent: Any) -> Any:
        asked.append(sent)
        return Return("from A")

    failed = executed(machine, mocks={"A": answer, "B": Throw("E", "why")})
    assert failed.status == "FAILED"
    again = failed.redrive({"B": Throw("E", "still")})
    assert (again.status, again.cause) == ("FAILED", "still")
    done = again.redrive({"B": Return("at last")})
    assert (done.status, done.output, len(asked)) == ("SUCCEEDED", {"n": 2}, 1)
    assert kinds(done).count("ExecutionRedriven") == 2
    assert kinds(done)[: len(failed.events)] == kinds(failed)
    assert chain(done)[10:15] == [
        "11<-10 ExecutionFailed",
        "12<-11 ExecutionRedriven",
        "13<-12 TaskScheduled",
        "14<-13 TaskStarted",
        "15<-14 TaskFailed",
    ]
    with pytest.raises(
        ExecutionError, match="a standard execution can be redriven that has failed at a state"
    ):
        done.redrive()


def test_a_pass_is_not_run_again_and_the_task_after_it_is() -> None:
    passed = {"Type": "Pass", "Next": "T"}
    failed = executed(
        {"StartAt": "P", "States": {"P": passed, "T": task(End=True)}}, mocks={"T": Throw("E")}
    )
    done = failed.redrive({"T": Return(1)})
    assert after(failed, done) == [
        "ExecutionRedriven",
        "TaskScheduled",
        "TaskStarted",
        "TaskSucceeded",
        "TaskStateExited",
        "ExecutionSucceeded",
    ]


def test_a_task_has_its_time_and_all_of_its_retries_again() -> None:
    retry = [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 3}]
    machine = one(task(Retry=retry, TimeoutSeconds=5))
    failed = executed(machine, mocks={"It": Return(0, seconds=9)})
    assert (failed.error, len(failed["It"].attempts)) == ("States.Timeout", 4)
    again = failed.redrive({"It": [Throw("E")] * 4})
    assert (again.error, len(again["It"].attempts)) == ("E", 8)
    done = again.redrive({"It": [Throw("E"), Throw("E"), Throw("E"), Return(16, seconds=4)]})
    assert (done.output, len(done["It"].attempts)) == (16, 12)


def test_a_choice_is_evaluated_and_a_fail_fails_again() -> None:
    choice = {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEquals": 1, "Next": "F"}]}
    machine = {"StartAt": "C", "States": {"C": choice, "F": {"Type": "Fail", "Error": "E"}}}
    for value, error in ({"n": 2}, "States.NoChoiceMatched"), ({"n": 1}, "E"):
        failed = executed(machine, value)
        again = failed.redrive()
        assert (again.error, after(failed, again)) == (error, ["ExecutionRedriven", "ExecutionFailed"])


def test_only_branches_that_did_not_succeed_are_run() -> None:
    # the page's figure: "Do square number" fails while "Wait 3 sec" waits; "Done" follows
    branches = [
        {"StartAt": "Other", "States": {"Other": task(End=True)}},
        {"StartAt": "Do square number", "States": {"Do square number": task(End=True)}},
        {"StartAt": "Wait 3 sec", "States": {"Wait 3 sec": {"Type": "Wait", "Seconds": 3, "End": True}}},
    ]
    parallel = {"Type": "Parallel", "Branches": branches, "Next": "Done"}
    machine = {"StartAt": "P", "States": {"P": parallel, "Done": {"Type": "Pass", "End": True}}}
    failed = executed(machine, mocks={"Other": Return(1), "Do square number": Throw("E", seconds=1)})
    done = failed.redrive({"Do square number": Return(16)})
    assert done.output == [1, 16, {}]
    assert after(failed, done) == [
        "ExecutionRedriven",
        "TaskScheduled",
        "TaskStarted",
        "TaskSucceeded",
        "TaskStateExited",
        "WaitStateExited",
        "ParallelStateSucceeded",
        "ParallelStateExited",
        "PassStateEntered",
        "PassStateExited",
        "ExecutionSucceeded",
    ]


def test_only_iterations_that_did_not_succeed_are_run() -> None:
    asked = []

    def answer(sent: Any) -> Any:
        asked.append(sent)
        return Throw("E") if asked == [1, 2] else Return(sent)

    processor = {"StartAt": "T", "States": {"T": task(End=True)}}
    failed = executed(one({"Type": "Map", "ItemProcessor": processor}), [1, 2, 3], mocks={"T": answer})
    assert failed.redrive({"T": answer}).output == [1, 2, 3]
    assert asked == [1, 2, 2, 3]


def test_branches_whose_results_are_too_large_together_are_run_again() -> None:
    branches = [{"StartAt": name, "States": {name: task(End=True)}} for name in "AB"]
    machine = one({"Type": "Parallel", "Branches": branches})
    failed = executed(machine, mocks={"A": Return("x" * 150_000), "B": Return("x" * 150_000)})
    assert failed.error == "States.DataLimitExceeded"
    assert failed.redrive({"A": Return("a"), "B": Return("b")}).output == ["a", "b"]
