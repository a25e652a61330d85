"""What executions did, read from events as GetExecutionHistory lists them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cfngen.history import ExecutionHistory, HistoryError
from tests.rows import each_row

ARN = "arn:aws:states:eu-central-1:123456789012:execution:Jobs:first"
BEGIN = datetime(2026, 11, 24, 9, 0, tzinfo=timezone.utc)


class Log:
    """A history as it is written: each event names the one before it."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self("ExecutionStarted", 0, "executionStarted", input="{}")

    def __call__(self, kind: Any, previous: Any = None, prefix: Any = None, /, **details: Any) -> Any:
        number = len(self.events) + 1
        event = {
            "timestamp": BEGIN + timedelta(seconds=number),
            "type": kind,
            "id": number,
            "previousEventId": number - 1 if previous is None else previous,
        }
        if prefix:
            event[f"{prefix}EventDetails"] = details
        self.events.append(event)
        return number

    def enter(self, kind: Any, name: str, previous: Any = None, state_input: Any = "{}") -> Any:
        return self(f"{kind}StateEntered", previous, "stateEntered", name=name, input=state_input)

    def exit(self, kind: Any, name: str, previous: Any = None, output: str = "{}") -> Any:
        return self(f"{kind}StateExited", previous, "stateExited", name=name, output=output)

    def schedule(self, previous: Any = None, resource: str = "submitJob.sync") -> Any:
        called = {"resourceType": "batch", "resource": resource}
        self("TaskScheduled", previous, "taskScheduled", **called, parameters='{"JobName": "job"}')
        return self("TaskStarted", None, "taskStarted", **called)

    def fail_task(self, previous: Any = None) -> Any:
        return self("TaskFailed", previous, "taskFailed", error="Batch.JobFailed", cause="exit code 1")

    def succeed_task(self, previous: Any = None) -> Any:
        return self("TaskSucceeded", previous, "taskSucceeded", output='{"JobId": "1"}')

    def end(self, status: Any, previous: Any = None, **details: Any) -> Any:
        kind = {"SUCCEEDED": "Succeeded", "FAILED": "Failed", "ABORTED": "Aborted", "TIMED_OUT": "TimedOut"}
        return self(f"Execution{kind[status]}", previous, f"execution{kind[status]}", **details)

    def read(self, status: Any = None) -> ExecutionHistory:
        described = {"executionArn": ARN, "name": "first", "startDate": BEGIN}
        return ExecutionHistory.read(described | ({"status": status} if status else {}), self.events)


def sample(*, fails: bool) -> Log:
    """The sample's: a job that is tried three times."""
    log = Log()
    log.enter("Task", "Submit Batch Job", 0)
    for _ in range(3 if fails else 1):
        log.schedule()
        if fails:
            log.fail_task()
        else:
            log.succeed_task()
    log.exit("Task", "Submit Batch Job")
    name = "Notify Failure" if fails else "Notify Success"
    log.enter("Task", name)
    log.schedule(resource="publish")
    log.succeed_task()
    log.exit("Task", name, output='{"MessageId": "1"}')
    log.end("SUCCEEDED", output='{"MessageId": "1"}')
    return log


def statuses(execution: ExecutionHistory) -> dict[str, str]:
    return {visit.name: visit.status for visit in execution.visits}


def test_an_execution_says_what_it_is() -> None:
    execution = sample(fails=False).read()
    assert (execution.arn, execution.name, execution.status) == (ARN, "first", "SUCCEEDED")
    assert (execution.input, execution.output) == ("{}", '{"MessageId": "1"}')
    assert execution.duration == timedelta(seconds=12)
    assert execution.is_whole
    assert execution.is_over


def test_visits_come_in_the_order_in_which_they_began_with_what_went_in_and_out() -> None:
    execution = sample(fails=False).read()
    assert [(visit.number, visit.name, visit.type) for visit in execution.visits] == [
        (0, "Submit Batch Job", "Task"),
        (1, "Notify Success", "Task"),
    ]
    notify = execution.visits[1]
    assert (notify.input, notify.output, notify.duration) == (
        "{}",
        '{"MessageId": "1"}',
        timedelta(seconds=4),
    )


def test_a_state_that_fails_to_the_last_try_is_caught() -> None:
    execution = sample(fails=True).read()
    assert statuses(execution) == {"Submit Batch Job": "caught", "Notify Failure": "succeeded"}
    job = execution.visits[0]
    assert [(tried.status, tried.error) for tried in job.attempts] == [("failed", "Batch.JobFailed")] * 3
    assert (job.error, job.cause) == ("Batch.JobFailed", "exit code 1")


def test_an_attempt_says_what_it_called_and_what_came_of_it() -> None:
    [tried] = sample(fails=False).read().visits[0].attempts
    assert (tried.resource, tried.input, tried.output) == (
        "batch:submitJob.sync",
        '{"JobName": "job"}',
        '{"JobId": "1"}',
    )
    assert [event.type for event in tried.events] == ["TaskScheduled", "TaskStarted", "TaskSucceeded"]


def test_a_state_that_succeeds_after_a_failed_try_is_retried() -> None:
    log = Log()
    log.enter("Task", "Work", 0)
    log.schedule()
    log.fail_task()
    log.schedule()
    log.succeed_task()
    log.exit("Task", "Work")
    log.end("SUCCEEDED")
    [work] = log.read().visits
    assert (work.status, work.error) == ("retried", None)
    assert [tried.status for tried in work.attempts] == ["failed", "succeeded"]


def test_a_state_whose_failure_nobody_catches_fails_the_execution() -> None:
    log = Log()
    log.enter("Task", "Work", 0)
    log.schedule()
    log.fail_task()
    log.end("FAILED", error="Batch.JobFailed", cause="exit code 1")
    execution = log.read()
    assert statuses(execution) == {"Work": "failed"}
    assert (execution.status, execution.error, execution.cause) == (
        "FAILED",
        "Batch.JobFailed",
        "exit code 1",
    )


def test_a_fail_state_fails() -> None:
    log = Log()
    log.enter("Fail", "Give Up", 0)
    log.end("FAILED", error="No.Way")
    [visit] = log.read().visits
    assert (visit.status, visit.error) == ("failed", "No.Way")


def test_a_choice_that_no_rule_matches_fails_with_the_error_of_the_execution() -> None:
    log = Log()
    log.enter("Choice", "Which", 0)
    log.end("FAILED", error="States.NoChoiceMatched", cause="none")
    [visit] = log.read().visits
    assert (visit.status, visit.error, visit.cause) == ("failed", "States.NoChoiceMatched", "none")


@pytest.mark.parametrize(("status", "left"), [("ABORTED", "aborted"), ("TIMED_OUT", "timed out")])
def test_a_state_that_is_open_when_the_execution_ends_ends_with_it(status: str, left: str) -> None:
    log = Log()
    log.enter("Task", "Work", 0)
    log.schedule()
    log.end(status)
    [work] = log.read().visits
    assert (work.status, work.attempts[0].status) == (left, left)


def test_a_state_that_waits_to_be_tried_again_is_running() -> None:
    log = Log()
    log.enter("Task", "Work", 0)
    log.schedule()
    log.fail_task()
    execution = log.read("RUNNING")
    assert statuses(execution) == {"Work": "running"}
    assert (execution.stop, execution.is_over, execution.is_whole) == (None, False, True)


@pytest.mark.parametrize("caught", [True, False])
def test_an_expression_that_cannot_be_evaluated_fails_its_state(caught: bool) -> None:
    log = Log()
    log.enter("Task", "Work", 0)
    log("EvaluationFailed", None, "evaluationFailed", error="States.QueryEvaluationError", state="Work")
    if caught:
        log.exit("Task", "Work")
        log.end("SUCCEEDED")
    else:
        log.end("FAILED", error="States.QueryEvaluationError")
    [work] = log.read().visits
    assert (work.status, work.error) == ("caught" if caught else "failed", "States.QueryEvaluationError")


def test_a_function_that_is_a_task_s_resource_is_an_attempt() -> None:
    log = Log()
    log.enter("Task", "Call", 0)
    log("LambdaFunctionScheduled", None, "lambdaFunctionScheduled", resource="arn:f", input='{"a": 1}')
    log("LambdaFunctionStarted")
    log("LambdaFunctionTimedOut", None, "lambdaFunctionTimedOut", error="States.Timeout")
    log("LambdaFunctionScheduleFailed", None, "lambdaFunctionScheduleFailed", error="Lambda.Unknown")
    log.exit("Task", "Call")
    [call] = log.read("RUNNING").visits
    assert [(tried.status, tried.error, tried.resource, tried.input) for tried in call.attempts] == [
        ("timed out", "States.Timeout", "arn:f", '{"a": 1}'),
        ("failed", "Lambda.Unknown", None, None),
    ]


def parallel(*, fails: bool) -> ExecutionHistory:
    """Two branches whose events are mixed, the second of which may bring both down."""
    log = Log()
    log.enter("Parallel", "Both", 0)
    started = log("ParallelStateStarted")
    one = log.enter("Task", "One", started)
    two = log.enter("Task", "Two", started)
    one = log.schedule(one)
    two = log.schedule(two)
    if fails:
        two = log.fail_task(two)
        log("TaskStateAborted", one)
        log("ParallelStateFailed", two)
    else:
        one = log.succeed_task(one)
        one = log.exit("Task", "One", one)
        one = log.enter("Pass", "After One", one)
        two = log.succeed_task(two)
        two = log.exit("Task", "Two", two)
        log.exit("Pass", "After One", one)
        log("ParallelStateSucceeded", two)
    log.exit("Parallel", "Both")
    log.enter("Succeed", "Done")
    log.exit("Succeed", "Done")
    log.end("SUCCEEDED")
    return log.read()


def test_what_runs_in_branches_belongs_to_the_parallel() -> None:
    execution = parallel(fails=False)
    assert [(visit.name, visit.parent, visit.status) for visit in execution.visits] == [
        ("Both", None, "succeeded"),
        ("One", 0, "succeeded"),
        ("Two", 0, "succeeded"),
        ("After One", 0, "succeeded"),
        ("Done", None, "succeeded"),
    ]
    assert [event.type for event in execution.of("One")[0].events] == [
        "TaskStateEntered",
        "TaskScheduled",
        "TaskStarted",
        "TaskSucceeded",
        "TaskStateExited",
    ]


def test_a_branch_that_fails_aborts_the_others_and_the_parallel_says_of_what() -> None:
    execution = parallel(fails=True)
    assert statuses(execution) == {"Both": "caught", "One": "aborted", "Two": "failed", "Done": "succeeded"}
    assert execution.of("Both")[0].error == "Batch.JobFailed"


def test_a_task_that_failed_is_not_aborted_by_the_end_of_its_branch() -> None:
    log = Log()
    log.enter("Parallel", "Both", 0)
    two = log.schedule(log.enter("Task", "Two", log("ParallelStateStarted")))
    two = log.fail_task(two)
    log("TaskStateAborted", two)
    log("ParallelStateFailed", two)
    log.end("FAILED", two)
    [visit] = log.read().of("Two")
    assert ([attempt.status for attempt in visit.attempts], visit.status) == (["failed"], "failed")


def test_a_task_that_timed_out_says_so_whether_it_ends_the_execution_or_a_branch() -> None:
    log = Log()
    log.schedule(log.enter("Task", "Alone", 0))
    log.end("FAILED", log("TaskTimedOut", None, "taskTimedOut", error="States.Timeout"))
    assert statuses(log.read()) == {"Alone": "timed out"}
    log = Log()
    log.enter("Parallel", "Both", 0)
    log.schedule(log.enter("Task", "One", log("ParallelStateStarted")))
    log("TaskTimedOut", None, "taskTimedOut", error="States.Timeout")
    log("ParallelStateFailed")
    log.exit("Parallel", "Both")
    assert statuses(log.read("RUNNING")) == {"Both": "caught", "One": "timed out"}


def test_a_task_whose_branch_was_ended_is_aborted_before_the_parallel_ends() -> None:
    log = Log()
    log.enter("Parallel", "Both", 0)
    started = log("ParallelStateStarted")
    one = log.schedule(log.enter("Task", "One", started))
    log.enter("Wait", "Two", started)
    log("TaskStateAborted", one)
    execution = log.read("RUNNING")
    assert statuses(execution) == {"Both": "running", "One": "aborted", "Two": "running"}
    assert [attempt.status for attempt in execution.of("One")[0].attempts] == ["aborted"]


def test_what_ran_in_an_attempt_before_the_last_is_aborted() -> None:
    log = Log()
    log.enter("Parallel", "Both", 0)
    started = log("ParallelStateStarted")
    log.schedule(log.enter("Task", "One", started))
    log("ParallelStateFailed", log.fail_task(log.schedule(log.enter("Task", "Two", started))))
    again = log("ParallelStateStarted")
    log.schedule(log.enter("Task", "One", again))
    found = [(visit.name, visit.status) for visit in log.read("RUNNING").visits]
    assert found == [("Both", "running"), ("One", "aborted"), ("Two", "failed"), ("One", "running")]


def test_what_is_aborted_has_no_error_of_the_execution() -> None:
    log = Log()
    log.enter("Parallel", "Both", 0)
    started = log("ParallelStateStarted")
    one = log.schedule(log.enter("Task", "One", started))
    two = log.fail_task(log.schedule(log.enter("Task", "Two", started)))
    log("TaskStateAborted", one)
    log("ParallelStateFailed", two)
    log.end("FAILED", error="Other", cause="of the execution")
    errors = {visit.name: (visit.error, visit.cause) for visit in log.read().visits}
    failure = ("Batch.JobFailed", "exit code 1")
    assert errors == {"Both": failure, "One": (None, None), "Two": failure}


def test_a_parallel_in_a_parallel_fails_through_both() -> None:
    log = Log()
    log.enter("Parallel", "Outer", 0)
    log("ParallelStateStarted")
    log.enter("Parallel", "Inner")
    log("ParallelStateStarted")
    log.enter("Choice", "Which")
    log("ParallelStateFailed")
    log("ParallelStateFailed")
    log.end("FAILED", error="States.NoChoiceMatched")
    execution = log.read()
    assert statuses(execution) == {"Outer": "failed", "Inner": "failed", "Which": "failed"}
    assert [visit.parent for visit in execution.visits] == [None, 0, 1]
    assert [[tried.status for tried in visit.attempts] for visit in execution.visits] == [
        ["failed"],
        ["failed"],
        [],
    ]


def test_a_parallel_that_is_tried_again_enters_its_states_again() -> None:
    log = Log()
    log.enter("Parallel", "Both", 0)
    for fails in (True, False):
        log("ParallelStateStarted")
        log.enter("Task", "One")
        log.schedule()
        if fails:
            log.fail_task()
            log("ParallelStateFailed")
        else:
            log.succeed_task()
            log.exit("Task", "One")
            log("ParallelStateSucceeded")
    log.exit("Parallel", "Both")
    log.end("SUCCEEDED")
    execution = log.read()
    assert [(visit.name, visit.status, visit.parent) for visit in execution.visits] == [
        ("Both", "retried", None),
        ("One", "failed", 0),
        ("One", "succeeded", 0),
    ]


def each(count: int, *, fails: Sequence[int] = ()) -> Log:
    """A map over ``count`` items, all under way at once."""
    log = Log()
    log.enter("Map", "Each", 0)
    started = log("MapStateStarted", None, "mapStateStarted", length=count)
    lasts = [
        log("MapIterationStarted", started, "mapIterationStarted", name="Each", index=index)
        for index in range(count)
    ]
    lasts = [log.enter("Task", "Work", last) for last in lasts]
    lasts = [log.schedule(last) for last in lasts]
    for index, last in enumerate(lasts):
        if index in fails:
            log.fail_task(last)
            log("MapIterationFailed", None, "mapIterationFailed", name="Each", index=index)
            log("MapStateFailed")
            log.end("FAILED", error="Batch.JobFailed")
            return log
        log.succeed_task(last)
        log.exit("Task", "Work")
        log("MapIterationSucceeded", None, "mapIterationSucceeded", name="Each", index=index)
    log("MapStateSucceeded")
    log.exit("Map", "Each")
    log.end("SUCCEEDED")
    return log


def test_visits_inside_a_map_say_of_which_item() -> None:
    execution = each(3).read()
    assert [(visit.name, visit.parent, visit.iteration, visit.status) for visit in execution.visits] == [
        ("Each", None, None, "succeeded"),
        ("Work", 0, 0, "succeeded"),
        ("Work", 0, 1, "succeeded"),
        ("Work", 0, 2, "succeeded"),
    ]
    assert [(run.index, run.status) for run in execution.visits[0].iterations] == [
        (0, "succeeded"),
        (1, "succeeded"),
        (2, "succeeded"),
    ]


def test_an_iteration_that_fails_fails_its_map() -> None:
    execution = each(3, fails=[1]).read()
    assert [(visit.name, visit.status) for visit in execution.visits] == [
        ("Each", "failed"),
        ("Work", "succeeded"),
        ("Work", "failed"),
        ("Work", "aborted"),
    ]
    assert [run.status for run in execution.visits[0].iterations] == ["succeeded", "failed", "aborted"]
    assert execution.visits[0].error == "Batch.JobFailed"
    assert [run.stopped is not None for run in execution.visits[0].iterations] == [True, True, False]


def test_an_iteration_that_runs_has_not_stopped() -> None:
    log = Log()
    log.enter("Map", "Each", 0)
    log("MapStateStarted", None, "mapStateStarted", length=1)
    log("MapIterationStarted", None, "mapIterationStarted", name="Each", index=0)
    [run] = log.read("RUNNING").visits[0].iterations
    assert (run.status, run.stopped, run.index) == ("running", None, 0)


def test_a_distributed_map_is_one_attempt() -> None:
    log = Log()
    log.enter("Map", "Each", 0)
    log("MapStateStarted", None, "mapStateStarted", length=0)
    log("MapRunStarted", None, "mapRunStarted", mapRunArn="arn:run")
    log("MapRunFailed", None, "mapRunFailed", error="States.ExceedToleratedFailureThreshold", cause="half")
    log("MapStateFailed")
    log.end("FAILED")
    [each] = log.read().visits
    assert [(tried.status, tried.error) for tried in each.attempts] == [
        ("failed", "States.ExceedToleratedFailureThreshold")
    ]


def test_an_execution_that_is_redriven_tries_once_more_where_it_failed() -> None:
    log = Log()
    log.enter("Task", "Work", 0)
    log.schedule()
    log.fail_task()
    log.end("FAILED", error="Batch.JobFailed")
    log("ExecutionRedriven", None, "executionRedriven", redriveCount=1)
    running = log.read()
    log.schedule()
    log.succeed_task()
    log.exit("Task", "Work")
    log.enter("Pass", "After")
    log.exit("Pass", "After")
    log.end("SUCCEEDED")
    execution = log.read()
    assert (running.status, statuses(running)) == ("RUNNING", {"Work": "running"})
    assert (execution.status, statuses(execution)) == (
        "SUCCEEDED",
        {"Work": "retried", "After": "succeeded"},
    )


def test_a_loop_visits_a_state_again() -> None:
    log = Log()
    for previous in (0, None, None):
        log.enter("Wait", "Sleep", previous)
        log.exit("Wait", "Sleep")
    log.end("SUCCEEDED")
    assert [visit.number for visit in log.read().of("Sleep")] == [0, 1, 2]


def test_assigned_variables_are_kept() -> None:
    log = Log()
    log.enter("Pass", "Set", 0)
    log("PassStateExited", None, "stateExited", name="Set", output="{}", assignedVariables={"x": "1"})
    assert log.read("RUNNING").visits[0].assigned == {"x": "1"}


@each_row(
    "time",
    [
        datetime(2026, 11, 24, 10, 0, 0, 500000, tzinfo=timezone(timedelta(hours=1))),
        datetime(2026, 11, 24, 9, 0, 0, 500000),
        1795510800.5,
        1795510800500,
        "2026-11-24T09:00:00.5Z",
        "2026-11-24T10:00:00.500000+01:00",
    ],
    ids=repr,
)
def test_times_are_of_the_sdk_of_its_json_or_of_the_command(time: Any) -> None:
    execution = ExecutionHistory.read({"executionArn": ARN, "startDate": time}, [])
    assert execution.start == datetime(2026, 11, 24, 9, 0, 0, 500000, tzinfo=timezone.utc)


@each_row("time", ["yesterday", float("inf"), 1e300, None, [], "2026-13-01T00:00:00Z"])
def test_a_time_that_is_none_is_left_out(time: str | float | list[Any] | None) -> None:
    assert ExecutionHistory.read({"executionArn": ARN, "startDate": time}, []).start is None


def test_pages_that_overlap_and_run_backwards_are_put_in_order() -> None:
    log = sample(fails=True)
    expected = log.read()
    mixed = [*reversed(log.events), *log.events[:5]]
    assert ExecutionHistory.read({"executionArn": ARN, "startDate": BEGIN}, mixed) == expected


def test_a_history_without_its_end_leaves_open_what_it_does_not_tell() -> None:
    log = sample(fails=True)
    execution = ExecutionHistory.read({"executionArn": ARN, "status": "SUCCEEDED"}, log.events[:7])
    assert not execution.is_whole
    assert statuses(execution) == {"Submit Batch Job": "unknown"}


def test_a_history_without_its_beginning_knows_what_it_sees_end() -> None:
    log = sample(fails=True)
    execution = ExecutionHistory.read({"executionArn": ARN}, log.events[7:])
    assert not execution.is_whole
    first = execution.visits[0]
    assert (first.name, first.status, first.entered) == ("Submit Batch Job", "caught", None)
    assert len(first.attempts) == 2


def test_events_before_any_name_belong_to_no_visit() -> None:
    log = sample(fails=True)
    execution = ExecutionHistory.read({"executionArn": ARN, "status": "RUNNING"}, log.events[6:9])
    assert execution.visits == ()
    assert [event.visit for event in execution.events] == [None] * 3


def test_events_that_name_none_before_them_are_of_the_state_entered_last() -> None:
    log = sample(fails=True)
    for event in log.events:
        del event["previousEventId"]
    execution = log.read()
    assert statuses(execution) == {"Submit Batch Job": "caught", "Notify Failure": "succeeded"}
    assert len(execution.visits[0].attempts) == 3


@each_row(
    ("described", "events", "message"),
    [
        ([], [], "the description of an execution must be a mapping, not []"),
        ({}, ["event"], "event 0 of the history is not a mapping: 'event'"),
        ({}, [{"type": "ExecutionStarted"}], "event 0 of the history has no 'id' and 'type': {'type': 'ExecutionStarted'}"),
        ({}, [{"id": "1", "type": "ExecutionStarted"}], "event 0 of the history has no 'id' and 'type': {'id': '1', 'type': 'ExecutionStarted'}"),
    ],
)  # fmt: skip
def test_what_is_no_history_is_refused(described: Any, events: list[Any], message: str) -> None:
    with pytest.raises(HistoryError) as raised:
        ExecutionHistory.read(described, events)
    assert str(raised.value) == message


def test_what_nothing_is_known_of_is_running() -> None:
    execution = ExecutionHistory.read({}, [])
    assert (execution.name, execution.status, execution.visits, execution.is_whole) == (
        "",
        "RUNNING",
        (),
        False,
    )


@given(st.data())
def test_any_part_of_a_history_in_any_order_is_read(data: st.DataObject) -> None:
    log = each(4, fails=[3]) if data.draw(st.booleans()) else sample(fails=True)
    kept = data.draw(st.lists(st.sampled_from(log.events), unique_by=lambda event: event["id"]))
    changed = [
        event | {"previousEventId": data.draw(st.integers(-1, 40))} if data.draw(st.booleans()) else event
        for event in kept
    ]
    execution = ExecutionHistory.read({"executionArn": ARN}, changed)
    assert len(execution.events) == len(kept)
    owned = [event for visit in execution.visits for event in visit.events]
    assert len(owned) == len({event.id for event in owned})
    for visit in execution.visits:
        assert visit.parent is None or visit.parent in range(len(execution.visits))


@pytest.mark.slow
def test_a_history_of_25_000_events_is_read_with_each_event_in_one_place() -> None:
    log = each(3570)
    shuffled = random.Random(7).sample(log.events, len(log.events))
    execution = ExecutionHistory.read({"executionArn": ARN}, shuffled)
    assert len(execution.events) == 7 * 3570 + 6 == 24996
    assert len(execution.visits) == 3571
    assert sum(len(visit.events) for visit in execution.visits) == len(execution.events) - 2
