"""Executions that something outside takes part in: real time passes, waits are shortened and count in full."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from cfngen.execution import Execution, Return, TaskRequest, Throw
from cfngen.execution.live import LiveClock, LiveLoop, StoppedError
from cfngen.execution.mocks import Answer, SubmitFailed, UnsupportedTaskError
from cfngen.execution.pending import HEARTBEAT, Heartbeat, Pending
from cfngen.execution.prepared import RunOptions, observe

SEND = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"


def task(**fields: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": SEND, "End": True, **fields}


def one(state: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"StartAt": "It", "States": {"It": state}, **fields}


def live(
    definition: dict[str, Any],
    tasks: Callable[[TaskRequest], Any] | None = None,
    *,
    speedup: float = 1e6,
    check: Callable[[], None] = lambda: None,
) -> tuple[Execution, BaseException | None]:
    loop = LiveLoop(LiveClock(time.time()), lambda seconds: min(seconds / speedup, 0.2), check)
    return observe(definition, {}, RunOptions(tasks=tasks, loop=loop))


def after(*messages: Answer | Heartbeat | None) -> Pending:
    """Return a task that has these messages, one for each time that it is asked."""
    left = list(messages)
    return Pending(lambda: left.pop(0) if left else None, {"MessageId": "1"})


def kinds(execution: Execution) -> list[str]:
    return [event["type"] for event in execution.events]


def test_an_answer_from_outside_is_waited_for() -> None:
    execution, problem = live(one(task()), lambda call: after(None, None, Return({"a": 1})))
    assert (execution.status, execution.output, problem) == ("SUCCEEDED", {"a": 1}, None)
    [submitted] = [event for event in execution.events if event["type"] == "TaskSubmitted"]
    assert submitted["taskSubmittedEventDetails"]["output"] == '{"MessageId":"1"}'


def test_a_failure_from_outside_is_tried_again() -> None:
    answers = [after(Throw("A.B", "why")), after(Return(2))]
    retry = [{"ErrorEquals": ["A.B"], "IntervalSeconds": 900}]
    execution, _ = live(one(task(Retry=retry)), lambda call: answers[call.number])
    assert (execution.output, execution["It"].status) == (2, "retried")
    assert execution.duration.total_seconds() >= 900


def test_what_the_service_refuses_is_not_submitted() -> None:
    execution, _ = live(one(task()), lambda call: SubmitFailed("SQS.AmazonSQSException", "no"))
    assert kinds(execution)[2:] == ["TaskScheduled", "TaskStarted", "TaskSubmitFailed", "ExecutionFailed"]


def test_a_task_without_an_answer_times_out_in_its_own_time() -> None:
    begun = time.monotonic()
    execution, _ = live(one(task(TimeoutSeconds=1)), lambda call: after())
    assert (execution.status, execution.error) == ("FAILED", "States.Timeout")
    assert time.monotonic() - begun >= 1


def test_a_heartbeat_begins_the_time_of_the_next() -> None:
    beats: list[Answer | Heartbeat | None] = [HEARTBEAT, HEARTBEAT, Return(1)]
    execution, _ = live(one(task(HeartbeatSeconds=1)), lambda call: after(*beats))
    assert execution.output == 1


def test_a_wait_beside_it_counts_towards_its_timeout() -> None:
    wait = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 60, "End": True}}}
    branches = [one(task(TimeoutSeconds=50)), wait]
    parallel = {"Type": "Parallel", "Branches": branches, "End": True}
    definition = {"StartAt": "Both", "States": {"Both": parallel}}
    execution, _ = live(definition, lambda call: after())
    assert (execution.status, execution.error) == ("FAILED", "States.Timeout")


def test_a_task_that_is_broken_off_is_closed() -> None:
    closed: list[str] = []
    fails = {"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "Mine"}}}
    parallel = {"Type": "Parallel", "Branches": [one(task()), fails], "End": True}
    definition = {"StartAt": "Both", "States": {"Both": parallel}}
    execution, _ = live(
        definition, lambda call: Pending(lambda: None, close=lambda: closed.append(call.state))
    )
    assert (execution.error, closed) == ("Mine", ["It"])


@pytest.mark.parametrize(("limit", "status"), [(2000, "TIMED_OUT"), (4000, "SUCCEEDED")])
def test_the_timeout_of_the_machine_counts_waits_in_full(limit: int, status: str) -> None:
    wait = {"Type": "Wait", "Seconds": 3000, "End": True}
    assert live(one(wait, TimeoutSeconds=limit), speedup=50_000)[0].status == status


def test_an_express_child_has_no_longer_than_it_may_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cfngen.execution.distributed.EXPRESS_SECONDS", 0.1)
    closed: list[str] = []
    config = {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}
    processor = one({"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": True})
    state = {"Type": "Map", "ItemProcessor": {**processor, "ProcessorConfig": config}, "End": True}
    first = {"Type": "Pass", "Result": [1], "Next": "It"}
    definition = {"StartAt": "First", "States": {"First": first, "It": state}}
    execution, _ = live(
        definition, lambda call: Pending(lambda: None, close=lambda: closed.append(call.state))
    )
    [child] = execution.map_runs[0].executions
    assert (child.status, child.error, closed) == ("TIMED_OUT", "States.Timeout", ["It"])
    assert execution.error == "States.ExceedToleratedFailureThreshold"


def test_an_execution_is_stopped_where_it_waits() -> None:
    def check() -> None:
        raise StoppedError("Mine", "why")

    execution, _ = live(one({"Type": "Wait", "Seconds": 30, "End": True}), check=check)
    assert (execution.status, execution.error, execution.cause) == ("ABORTED", "Mine", "why")
    assert kinds(execution)[-1] == "ExecutionAborted"


def test_what_nothing_emulates_says_so_in_its_event() -> None:
    def tasks(call: TaskRequest) -> Pending:
        raise UnsupportedTaskError(call.state, "there is no such service")

    caught = task(Catch=[{"ErrorEquals": ["States.ALL"], "Next": "It"}])
    execution, problem = live(one(caught), tasks)
    assert (execution.error, isinstance(problem, UnsupportedTaskError)) == ("States.Runtime", True)
    assert execution.events[-2]["taskFailedEventDetails"]["cause"] == "there is no such service"
