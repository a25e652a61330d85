"""Retriers, catchers and timeouts.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from __future__ import annotations

from typing import Any

import pytest

from cfngen.execution import FailTask, Return, Throw
from tests.execution.machines import chain, executed, one, task
from tests.rows import each_row


def guarded(answers: Any, *, resource: Any = None, **fields: Any) -> Any:
    """An execution of a task with a handler."""
    state = task(**fields, Next="Fine")
    if resource:
        state["Resource"] = resource
    machine = {
        "StartAt": "It",
        "States": {"It": state, "Fine": {"Type": "Succeed"}, "Caught": {"Type": "Succeed"}},
    }
    return executed(machine, {"in": 1}, mocks={"It": answers})


def test_the_retry_scenario_of_the_page() -> None:
    # it fails four times, with ErrorA, ErrorB, ErrorC and ErrorB: waits of 1, 2 and 5 seconds, then the catcher
    execution = guarded(
        [Throw("ErrorA"), Throw("ErrorB"), Throw("ErrorC"), Throw("ErrorB")],
        Retry=[
            {
                "ErrorEquals": ["ErrorA", "ErrorB"],
                "IntervalSeconds": 1,
                "BackoffRate": 2.0,
                "MaxAttempts": 2,
            },
            {"ErrorEquals": ["ErrorC"], "IntervalSeconds": 5},
        ],
        Catch=[{"ErrorEquals": ["States.ALL"], "Next": "Caught"}],
    )
    assert execution.states == ["It", "Caught"]
    assert len(execution["It"].attempts) == 4
    assert execution.duration.total_seconds() == 8


@each_row(
    ("retrier", "seconds"),
    [
        ({}, 1 + 2 + 4),
        ({"IntervalSeconds": 3, "MaxAttempts": 2, "BackoffRate": 1.5}, 3 + 4.5),
        ({"IntervalSeconds": 3, "MaxAttempts": 3, "BackoffRate": 2, "MaxDelaySeconds": 5}, 3 + 5 + 5),
        ({"MaxAttempts": 0}, 0),
    ],
)
def test_the_intervals_between_retries(retrier: dict[str, Any], seconds: int | float) -> None:
    execution = guarded(Throw("E"), Retry=[{"ErrorEquals": ["E"], **retrier}])
    assert (execution.status, execution.duration.total_seconds()) == ("FAILED", seconds)


def test_jitter_shortens_the_intervals_the_same_way_each_time() -> None:
    retrier = {"ErrorEquals": ["E"], "IntervalSeconds": 100, "MaxAttempts": 3, "JitterStrategy": "FULL"}
    one, other = (guarded(Throw("E"), Retry=[retrier]).duration.total_seconds() for _ in range(2))
    assert 0 < one < 700
    assert one == other


@each_row(
    ("error", "names", "is_caught"),
    [
        ("Lambda.Unknown", ["Lambda.Unknown"], True),
        ("Lambda.Unknown", ["States.ALL"], True),
        ("Lambda.Unknown", ["States.TaskFailed"], True),
        ("Lambda.Unknown", ["Other"], False),
        ("States.Timeout", ["States.TaskFailed"], False),
        ("States.Timeout", ["States.Timeout"], True),
        ("States.HeartbeatTimeout", ["States.HeartbeatTimeout"], True),
        ("States.HeartbeatTimeout", ["States.Timeout"], True),
        ("States.DataLimitExceeded", ["States.ALL"], True),
    ],
)
def test_what_names_stand_for(error: str, names: list[str], is_caught: bool) -> None:
    execution = guarded(Throw(error, "why"), Catch=[{"ErrorEquals": names, "Next": "Caught"}])
    assert ("Caught" in execution) is is_caught


def test_a_catcher_puts_the_error_into_the_input() -> None:
    execution = guarded(
        Throw("E", "why"), Catch=[{"ErrorEquals": ["E"], "ResultPath": "$.error", "Next": "Caught"}]
    )
    assert execution.output == {"in": 1, "error": {"Error": "E", "Cause": "why"}}


def test_a_failure_without_a_name() -> None:
    # recorded: SendTaskFailure without either
    execution = guarded(Throw(None, None), Catch=[{"ErrorEquals": ["States.ALL"], "Next": "Caught"}])
    assert execution.output == {"Error": None, "Cause": None}


def test_an_error_of_the_runtime_is_not_caught() -> None:
    handlers = {
        "Retry": [{"ErrorEquals": ["States.ALL"]}],
        "Catch": [{"ErrorEquals": ["States.ALL", "States.Runtime"], "Next": "Caught"}],
    }
    execution = guarded(Return(1), Parameters={"x.$": "$.absent"}, **handlers)
    assert chain(execution) == ["1<-0 ExecutionStarted", "2<-0 TaskStateEntered", "3<-2 ExecutionFailed"]
    assert execution.error == "States.Runtime"


def test_jsonata_that_fails_is_tried_again_and_caught() -> None:
    state = task(
        Arguments="{% $states.input.absent %}",
        Retry=[{"ErrorEquals": ["States.QueryEvaluationError"], "MaxAttempts": 1}],
        Catch=[
            {"ErrorEquals": ["States.ALL"], "Output": "{% $states.errorOutput.Error %}", "Next": "Caught"}
        ],
        Next="Caught",
    )
    machine = {
        "QueryLanguage": "JSONata",
        "StartAt": "It",
        "States": {"It": state, "Caught": {"Type": "Succeed"}},
    }
    execution = executed(machine, {}, mocks={"It": Return(1)})
    assert execution.output == "States.QueryEvaluationError"
    assert [event["type"] for event in execution.events].count("EvaluationFailed") == 2


def test_a_catcher_whose_own_output_fails() -> None:
    # seen in us-east-1: the state fails a second time
    machine = {
        "QueryLanguage": "JSONata",
        "StartAt": "P",
        "States": {
            "P": {
                "Type": "Parallel",
                "Branches": [
                    {"StartAt": "Boom", "States": {"Boom": {"Type": "Fail", "Error": "E", "Cause": "why"}}}
                ],
                "Catch": [
                    {"ErrorEquals": ["Other"], "Next": "Done"},
                    {
                        "ErrorEquals": ["States.ALL"],
                        "Output": {"v": "{% $states.input.absent %}"},
                        "Next": "Done",
                    },
                ],
                "End": True,
            },
            "Done": {"Type": "Succeed"},
        },
    }
    execution = executed(machine, {"x": "a"})
    assert chain(execution)[3:] == [
        "4<-3 FailStateEntered",
        "5<-4 ParallelStateFailed",
        "6<-4 EvaluationFailed",
        "7<-6 ParallelStateFailed",
        "8<-7 ExecutionFailed",
    ]
    assert execution.events[5]["evaluationFailedEventDetails"]["location"] == "Catch[1]/Output/v"


def test_a_task_that_takes_too_long() -> None:
    execution = guarded(
        Return(1, seconds=10),
        TimeoutSeconds=5,
        Catch=[{"ErrorEquals": ["States.Timeout"], "Next": "Caught"}],
    )
    assert execution.output == {"Error": "States.Timeout", "Cause": ""}
    assert execution.duration.total_seconds() == 5
    assert execution["It"].status == "caught"


def test_a_task_without_a_heartbeat() -> None:
    execution = guarded(
        Return(1, seconds=10),
        resource="arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        HeartbeatSeconds=4,
        TimeoutSeconds=60,
        Catch=[{"ErrorEquals": ["States.HeartbeatTimeout"], "Next": "Caught"}],
    )
    assert execution.output == {"Error": "States.Timeout", "Cause": ""}
    assert execution.duration.total_seconds() == 4


def test_an_execution_that_takes_too_long() -> None:
    execution = executed(one({"Type": "Wait", "Seconds": 100}, TimeoutSeconds=7))
    assert (execution.status, execution.duration.total_seconds()) == ("TIMED_OUT", 7)
    assert chain(execution) == ["1<-0 ExecutionStarted", "2<-0 WaitStateEntered", "3<-0 ExecutionTimedOut"]


def test_an_express_execution_may_take_five_minutes() -> None:
    execution = executed(one({"Type": "Wait", "Seconds": 301}), type="EXPRESS")
    assert (execution.status, execution.duration.total_seconds()) == ("TIMED_OUT", 300)


def test_a_batch_job_that_fails() -> None:
    execution = executed(
        one(
            {
                "Type": "Task",
                "Resource": "arn:aws:states:::batch:submitJob.sync",
                "Parameters": {"JobName": "j"},
            }
        ),
        mocks={"It": FailTask("out of memory")},
    )
    assert (execution.error, execution.cause) == (
        "States.TaskFailed",
        '{"JobName":"j","Status":"FAILED","StatusReason":"out of memory"}',
    )


@pytest.mark.parametrize(
    ("fields", "value", "reason"),
    [
        ({"TimeoutSecondsPath": "$.t"}, {"t": "x"}, 'The TimeoutSecondsPath field refers to value "x" which is not a valid integer: $.t'),
        ({"TimeoutSecondsPath": "$.t"}, {"t": 0}, "TimeoutSeconds must be positive: 0"),
        ({"HeartbeatSecondsPath": "$.t"}, {}, "The JSONPath '$.t' specified for the field 'HeartbeatSecondsPath' could not be found in the input '{}'"),
    ],
)  # fmt: skip
def test_seconds_are_checked_when_they_come(
    fields: dict[str, str], value: dict[str, Any], reason: str
) -> None:
    execution = executed(one(task(**fields)), value, mocks={"It": Return(1)})
    assert execution.error == "States.Runtime"
    assert (
        execution.cause
        == f"An error occurred while executing the state 'It' (entered at the event id #2). {reason}"
    )
