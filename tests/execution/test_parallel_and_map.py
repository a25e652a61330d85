"""Branches and iterations: at once, by the clock, with chains of events of their own.

The chains are as they were read off Step Functions in us-east-1.
"""

from __future__ import annotations

from typing import Any

import pytest

from cfngen.execution import Return, Throw
from tests.execution.machines import LAMBDA, chain, executed, kinds, one, task
from tests.rows import each_row


def branch(*states: Any) -> Any:
    """A machine of states one after another, named by letters."""
    names = [state.pop("Name") for state in states]
    machine = {"StartAt": names[0], "States": {}}
    for number, (name, state) in enumerate(zip(names, states, strict=True)):
        terminal = state["Type"] in ("Fail", "Succeed", "Choice")
        follows = {"End": True} if number == len(names) - 1 else {"Next": names[number + 1]}
        machine["States"][name] = {**state, **({} if terminal else follows)}
    return machine


def parallel(*branches: Any, **fields: Any) -> dict[str, Any]:
    return {
        "StartAt": "P",
        "States": {"P": {"Type": "Parallel", "Branches": [*branches], "End": True, **fields}},
    }


def mapped(inner: Any, **fields: Any) -> dict[str, Any]:
    return {"StartAt": "M", "States": {"M": {"Type": "Map", "ItemProcessor": inner, "End": True, **fields}}}


PASS = {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": True}}}


def test_each_branch_has_its_own_chain() -> None:
    execution = executed(
        parallel(
            branch({"Name": "A1", "Type": "Pass"}, {"Name": "A2", "Type": "Pass"}),
            branch({"Name": "B1", "Type": "Pass"}),
        ),
        {"x": "a"},
    )
    assert execution.output == [{"x": "a"}, {"x": "a"}]
    assert chain(execution)[1:] == [
        "2<-0 ParallelStateEntered",
        "3<-2 ParallelStateStarted",
        "4<-3 PassStateEntered",
        "5<-4 PassStateExited",
        "6<-5 PassStateEntered",
        "7<-6 PassStateExited",
        "8<-3 PassStateEntered",
        "9<-8 PassStateExited",
        "10<-9 ParallelStateSucceeded",
        "11<-9 ParallelStateExited",
        "12<-11 ExecutionSucceeded",
    ]


def test_a_race_ends_as_its_numbers_say() -> None:
    slow = branch({"Name": "Slow", "Type": "Wait", "Seconds": 10})
    fast = branch(
        {"Name": "Fast", "Type": "Wait", "Seconds": 5}, {"Name": "Stop", "Type": "Fail", "Error": "E"}
    )
    execution = executed(parallel(slow, fast))
    assert (execution.error, execution.duration.total_seconds()) == ("E", 5)
    assert chain(execution)[3:] == [
        "4<-3 WaitStateEntered",
        "5<-3 WaitStateEntered",
        "6<-5 WaitStateExited",
        "7<-6 FailStateEntered",
        "8<-4 WaitStateAborted",
        "9<-7 ParallelStateFailed",
        "10<-9 ExecutionFailed",
    ]


def test_branches_wait_beside_each_other() -> None:
    waits = [branch({"Name": f"W{seconds}", "Type": "Wait", "Seconds": seconds}) for seconds in (7, 3, 5)]
    execution = executed(parallel(*waits))
    assert execution.duration.total_seconds() == 7
    exits = [event for event in execution.events if event["type"] == "WaitStateExited"]
    assert [event["stateExitedEventDetails"]["name"] for event in exits] == ["W3", "W5", "W7"]


def test_a_task_that_fails_its_branch() -> None:
    machine = parallel(
        branch({"Name": "T", **task()}), Catch=[{"ErrorEquals": ["States.ALL"], "Next": "H"}]
    )
    machine["States"]["H"] = {"Type": "Succeed"}
    execution = executed(machine, mocks={"T": Throw("E", "why")})
    assert chain(execution)[3:10] == [
        "4<-3 TaskStateEntered",
        "5<-4 TaskScheduled",
        "6<-5 TaskStarted",
        "7<-6 TaskFailed",
        "8<-7 TaskStateAborted",
        "9<-7 ParallelStateFailed",
        "10<-9 ParallelStateExited",
    ]
    assert execution["T"].status == "failed"
    assert execution.output == {"Error": "E", "Cause": "why"}


def test_an_error_of_the_runtime_in_a_branch_ends_the_execution_at_once() -> None:
    inner = branch({"Name": "B", "Type": "Pass", "Parameters": {"m.$": "$.nope"}})
    execution = executed(parallel(inner, Catch=[{"ErrorEquals": ["States.ALL"], "Next": "P"}]))
    assert chain(execution)[2:] == [
        "3<-2 ParallelStateStarted",
        "4<-3 PassStateEntered",
        "5<-4 ExecutionFailed",
    ]
    assert execution.cause.startswith(
        "An error occurred while executing the state 'B' (entered at the event id #4). "
    )


def test_a_parallel_that_is_tried_again() -> None:
    inner = branch({"Name": "Boom", "Type": "Fail", "Error": "E"})
    execution = executed(parallel(inner, Retry=[{"ErrorEquals": ["E"], "MaxAttempts": 1}]))
    assert chain(execution)[2:] == [
        "3<-2 ParallelStateStarted",
        "4<-3 FailStateEntered",
        "5<-4 ParallelStateStarted",
        "6<-5 FailStateEntered",
        "7<-6 ParallelStateFailed",
        "8<-7 ExecutionFailed",
    ]


def test_the_example_of_the_specification() -> None:
    # https://states-language.net/spec.html#parallel-state
    add = {"StartAt": "Add", "States": {"Add": {**task(), "End": True}}}
    subtract = {"StartAt": "Subtract", "States": {"Subtract": {**task(), "End": True}}}
    execution = executed(
        parallel(add, subtract),
        [3, 2],
        mocks={
            "Add": lambda sent: Return(sent[0] + sent[1]),
            "Subtract": lambda sent: Return(sent[0] - sent[1]),
        },
    )
    assert execution.output == [5, 1]


def test_the_item_selector_of_the_page() -> None:
    # https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemselector.html
    machine = mapped(
        PASS, ItemSelector={"ContextIndex.$": "$$.Map.Item.Index", "ContextValue.$": "$$.Map.Item.Value"}
    )
    assert executed(machine, [{"who": "bob"}, {"who": "meg"}, {"who": "joe"}]).output == [
        {"ContextIndex": 0, "ContextValue": {"who": "bob"}},
        {"ContextIndex": 1, "ContextValue": {"who": "meg"}},
        {"ContextIndex": 2, "ContextValue": {"who": "joe"}},
    ]


def test_the_example_of_a_shipment() -> None:
    # https://states-language.net/spec.html#map-state
    value = {"detail": {"delivery-partner": "UQS", "shipped": [{"prod": "R31"}, {"prod": "S39"}]}}
    machine = mapped(
        PASS,
        InputPath="$.detail",
        ItemsPath="$.shipped",
        ItemSelector={"parcel.$": "$$.Map.Item.Value", "courier.$": "$.delivery-partner"},
        ResultPath="$.detail.shipped",
    )
    assert executed(machine, value).output["detail"]["shipped"] == [
        {"parcel": {"prod": "R31"}, "courier": "UQS"},
        {"parcel": {"prod": "S39"}, "courier": "UQS"},
    ]


def test_iterations_run_beside_each_other_as_far_as_they_may() -> None:
    waits = branch({"Name": "W", "Type": "Wait", "SecondsPath": "$"})
    assert executed(mapped(waits), [3, 1, 2]).duration.total_seconds() == 3
    assert executed(mapped(waits, MaxConcurrency=1), [3, 1, 2]).duration.total_seconds() == 6
    assert executed(mapped(waits, MaxConcurrency=2), [3, 1, 2]).duration.total_seconds() == 3
    # without a bound, 40 at once
    assert executed(mapped(waits), [1] * 41).duration.total_seconds() == 2


def test_the_next_iteration_goes_on_from_where_one_ended() -> None:
    execution = executed(mapped(PASS, MaxConcurrency=1), [1, 2])
    assert chain(execution)[3:] == [
        "4<-3 MapIterationStarted",
        "5<-4 PassStateEntered",
        "6<-5 PassStateExited",
        "7<-6 MapIterationSucceeded",
        "8<-6 MapIterationStarted",
        "9<-8 PassStateEntered",
        "10<-9 PassStateExited",
        "11<-10 MapIterationSucceeded",
        "12<-11 MapStateSucceeded",
        "13<-11 MapStateExited",
        "14<-13 ExecutionSucceeded",
    ]


def test_an_iteration_that_fails_breaks_the_others_off() -> None:
    def answer(item: Any) -> Any:
        return Throw("Bad", seconds=1) if item == 2 else Return(item, seconds=3)

    execution = executed(mapped(branch({"Name": "T", **task()})), [1, 2], mocks={"T": answer})
    assert chain(execution)[11:] == [
        "12<-11 TaskFailed",
        "13<-12 TaskStateAborted",
        "14<-12 MapIterationFailed",
        "15<-7 TaskStateAborted",
        "16<-7 MapIterationAborted",
        "17<-12 MapStateFailed",
        "18<-17 ExecutionFailed",
    ]
    assert [trace["T"].status for trace in execution["M"].iterations] == ["aborted", "failed"]


def test_tries_are_counted_in_each_iteration_anew() -> None:
    inner = branch({"Name": "T", **task(Retry=[{"ErrorEquals": ["E"]}])})
    execution = executed(mapped(inner), [1, 2], mocks={"T": [Throw("E"), Return("fine")]})
    assert execution.output == ["fine", "fine"]


@each_row(
    ("fields", "value", "message"),
    [
        ({"ItemsPath": "$.n"}, {"n": 1}, 'States.Runtime: {}Reference path "$.n" must point to array.'),
        ({"MaxConcurrencyPath": "$.n", "ItemsPath": "$.l"}, {"n": {}, "l": []}, 'States.Runtime: {}The MaxConcurrencyPath field refers to value "{{}}" which is not a valid integer: $.n'),
        ({"MaxConcurrencyPath": "$.n", "ItemsPath": "$.l"}, {"n": -1, "l": []}, "States.Runtime: {}Expected non-negative integer for MaxConcurrency, got '-1' instead."),
        ({"QueryLanguage": "JSONata"}, {"foo": "bar"}, 'States.QueryEvaluationError: {}Map state input must be an array but was: {{"foo":"bar"}}'),
        ({"QueryLanguage": "JSONata", "Items": "{% null %}"}, {}, "States.QueryEvaluationError: {}The JSONata expression 'null' specified for the field 'Items' returned an unexpected result type. Expected 'array', but was 'null' for value: null"),
        ({"QueryLanguage": "JSONata", "Items": [1], "MaxConcurrency": "{% -1 %}"}, {}, "States.QueryEvaluationError: {}Expected non-negative integer for MaxConcurrency, got '-1' instead."),
        ({"QueryLanguage": "JSONata", "Items": [1], "MaxConcurrency": "{% 'x' %}"}, {}, "States.QueryEvaluationError: {}The JSONata expression ''x'' specified for the field 'MaxConcurrency' returned an unexpected result type. Expected 'number', but was 'string' for value: \"x\""),
    ],
)  # fmt: skip
def test_what_is_no_map(fields: dict[str, Any], value: dict[str, Any], message: str) -> None:
    execution = executed(mapped(PASS, **fields), value)
    at = "An error occurred while executing the state 'M' (entered at the event id #2). "
    assert f"{execution.error}: {execution.cause}" == message.format(at)


def test_items_of_an_object_are_keys_and_values() -> None:
    machine = mapped(
        {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": True}}},
        QueryLanguage="JSONata",
        Items={"a": 1, "b": "{% 1 + 1 %}"},
    )
    machine["QueryLanguage"] = "JSONata"
    assert executed(machine).output == [{"Key": "a", "Value": 1}, {"Key": "b", "Value": 2}]


def test_states_may_be_nested_200_deep() -> None:
    inner = {"StartAt": "T", "States": {"T": {**task(), "End": True}}}
    for depth in range(200):
        state = (
            {"Type": "Parallel", "Branches": [inner], "End": True}
            if depth % 2
            else {"Type": "Map", "ItemsPath": "$", "ItemProcessor": inner, "End": True}
        )
        inner = {"StartAt": f"L{depth}", "States": {f"L{depth}": state}}
    nested: Any = 1
    expected: Any = 1
    for _ in range(100):
        nested = [nested]
    for _ in range(200):
        expected = [expected]
    execution = executed(inner, nested, mocks={"T": lambda sent: Return(sent, seconds=1)})
    assert (execution.status, execution.output) == ("SUCCEEDED", expected)
    assert len(execution.events) == 4 * 200 + 100 * 2 + 7


@pytest.mark.slow
def test_a_failure_200_deep() -> None:
    inner = {"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "E"}}}
    for depth in range(200):
        wait = branch({"Name": f"W{depth}", "Type": "Wait", "Seconds": 9})
        inner = {
            "StartAt": f"L{depth}",
            "States": {f"L{depth}": {"Type": "Parallel", "Branches": [wait, inner], "End": True}},
        }
    execution = executed(inner)
    assert execution.error == "E"
    assert kinds(execution).count("WaitStateAborted") == 200


@pytest.mark.slow
def test_40_000_items() -> None:
    execution = executed(mapped(PASS), list(range(40_000)), type="EXPRESS")
    assert execution.output == list(range(40_000))


def test_what_a_task_sends_is_as_its_events_tell() -> None:
    execution = executed(
        one({"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:putItem", "Parameters": {"a.$": "$.n"}, "Credentials": {"RoleArn.$": "$.r"}, "TimeoutSeconds": 9}),
        {"n": 1, "r": "arn:aws:iam::123456789012:role/other"},
        mocks={"It": Return({})},
    )  # fmt: skip
    assert execution.events[2]["taskScheduledEventDetails"] == {
        "resourceType": "aws-sdk:dynamodb",
        "resource": "putItem",
        "region": "us-east-1",
        "parameters": '{"a":1}',
        "timeoutInSeconds": 9,
        "taskCredentials": {"roleArn": "arn:aws:iam::123456789012:role/other"},
    }


@each_row(
    ("resource", "events"),
    [
        (LAMBDA, ["TaskScheduled", "TaskStarted", "TaskSucceeded"]),
        ("arn:aws:states:::batch:submitJob.sync", ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"]),
        ("arn:aws:lambda:us-east-1:123456789012:function:f", ["LambdaFunctionScheduled", "LambdaFunctionStarted", "LambdaFunctionSucceeded"]),
        ("arn:aws:states:us-east-1:123456789012:activity:a", ["ActivityScheduled", "ActivityStarted", "ActivitySucceeded"]),
    ],
)  # fmt: skip
def test_the_events_of_each_kind_of_task(resource: str, events: list[str]) -> None:
    execution = executed(one({"Type": "Task", "Resource": resource}), mocks={"It": Return({"Payload": 1})})
    assert kinds(execution)[2:-2] == events
    assert execution.output == {"Payload": 1}
