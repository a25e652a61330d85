"""Examples on AWS's pages that state an outcome; those of intrinsic functions, paths and Maps have their own tests.

The pages are those of https://docs.aws.amazon.com/step-functions/latest/dg/, named at each example.
"""

from __future__ import annotations

from typing import Any

import pytest

from cfngen.execution import Return, Throw
from tests.execution.machines import executed, one, output, task
from tests.rows import each_row

HELLO = "Hello, AWS Step Functions!"
STRINGS = {"string1": "foo", "string2": "bar", "string3": "baz"}
LAMBDA_INPUT = {
    "comment": "An input comment.",
    "data": {"val1": 23, "val2": 17},
    "extra": "foo",
    "lambda": {"who": "AWS Step Functions"},
}
CLUSTER = {
    "resourceType": "elasticmapreduce",
    "resource": "createCluster.sync",
    "output": {"SdkHttpMetadata": {"HttpStatusCode": 200}, "ClusterId": "AKIAIOSFODNN7EXAMPLE"},
}
IDENTITY = {"email": "jdoe@example.com", "ssn": "123-45-6789"}
ADDRESS = {"street": "123 Main St", "city": "Columbus", "state": "OH", "zip": "43219"}
APPLICANT = {"identity": IDENTITY, "address": ADDRESS}
SELECTED = {"ClusterId": "AKIAIOSFODNN7EXAMPLE", "ResourceType": "elasticmapreduce"}
SELECTOR = {"ClusterId.$": "$.output.ClusterId", "ResourceType.$": "$.resourceType"}


@each_row(
    ("fields", "value", "result", "expected"),
    [
        # input-output-resultpath.html: replaced, a child node added, a node amended
        ({}, {"details": "Default example"}, HELLO, HELLO),
        ({"ResultPath": "$.strings.lambdaresult"}, {"strings": STRINGS}, HELLO, {"strings": {**STRINGS, "lambdaresult": HELLO}}),
        ({"ResultPath": "$.comment"}, {"comment": "a test", "details": "Default example"}, HELLO, {"comment": HELLO, "details": "Default example"}),
        ({"ResultPath": None}, {"details": "Default example"}, HELLO, {"details": "Default example"}),
        # input-output-example.html: with and without OutputPath
        ({"InputPath": "$.lambda", "ResultPath": "$.data.lambdaresult"}, LAMBDA_INPUT, HELLO, {**LAMBDA_INPUT, "data": {"val1": 23, "val2": 17, "lambdaresult": HELLO}}),
        ({"InputPath": "$.lambda", "ResultPath": "$.data.lambdaresult", "OutputPath": "$.data"}, LAMBDA_INPUT, HELLO, {"val1": 23, "val2": 17, "lambdaresult": HELLO}),
        # input-output-inputpath-params.html#input-output-resultselector
        ({"ResultSelector": SELECTOR}, {}, CLUSTER, SELECTED),
        ({"ResultSelector": SELECTOR, "ResultPath": "$.EMROutput"}, {"OtherDataFromInput": {}}, CLUSTER, {"OtherDataFromInput": {}, "EMROutput": SELECTED}),
        ({"ResultSelector": {"flattenArray.$": "$[*][*]"}}, {}, [[1, 2], [3, 4], [5, 6]], {"flattenArray": [1, 2, 3, 4, 5, 6]}),
    ],
)  # fmt: skip
def test_what_becomes_of_a_result(fields: Any, value: Any, result: Any, expected: Any) -> None:
    assert executed(one(task(**fields)), value, mocks={"It": Return(result)}).output == expected


def test_what_is_sent() -> None:
    # input-output-example.html
    execution = executed(one(task(InputPath="$.lambda")), LAMBDA_INPUT, mocks={"It": Return(HELLO)})
    assert execution["It"].attempts[0].input == {"who": "AWS Step Functions"}


@pytest.mark.parametrize(
    ("outer", "expected"),
    [
        ({"ResultPath": "$.results"}, {"data": APPLICANT, "results": [[IDENTITY], [ADDRESS]]}),
        ({"ResultPath": "$.results", "OutputPath": "$.results"}, [[IDENTITY], [ADDRESS]]),
    ],
)
def test_an_applicant_is_verified(outer: Any, expected: Any) -> None:
    # input-output-example.html: each function gets what it verifies
    branches = [
        {"StartAt": name, "States": {name: task(InputPath=f"$.data.{name}", End=True)}}
        for name in APPLICANT
    ]
    mocks = dict.fromkeys(APPLICANT, lambda sent: Return([sent]))
    machine = one({"Type": "Parallel", "Branches": branches, **outer})
    assert executed(machine, {"data": APPLICANT}, mocks=mocks).output == expected


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        # input-output-inputpath-params.html#input-output-inputpath
        ("$.a[0:2]", {"a": [1, 2, 3, 4]}, [1, 2]),
        # amazon-states-language-paths.html
        ("$.abc.['def ghi']", {"abc": {"def ghi": 1}}, 1),
        ("$.car.cdr", {"car": {"cdr": True}}, True),
    ],
)
def test_a_path(path: str, value: Any, expected: Any) -> None:
    assert output({"Type": "Pass", "InputPath": path}, value) == expected


def test_parameters() -> None:
    # input-output-inputpath-params.html#input-output-parameters
    product = {
        "details": {"color": "blue", "size": "small", "material": "cotton"},
        "availability": "in stock",
        "sku": "2317",
        "cost": "$23",
    }
    details = {
        "size.$": "$.product.details.size",
        "exists.$": "$.product.availability",
        "StaticValue": "foo",
    }
    sent = {"comment": "Selecting what I care about.", "MyDetails": details}
    assert output({"Type": "Pass", "Parameters": sent}, {"product": product}) == {
        "comment": "Selecting what I care about.",
        "MyDetails": {"size": "small", "exists": "in stock", "StaticValue": "foo"},
    }


def test_a_pass_state_injects_a_result() -> None:
    # state-pass.html
    coordinates = {"x-datum": 0.381018, "y-datum": 622.2269926397355}
    state = {"Type": "Pass", "Result": coordinates, "ResultPath": "$.coords"}
    assert output(state, {"georefOf": "Home"}) == {"georefOf": "Home", "coords": coordinates}


@each_row(
    ("value", "reached"),
    [
        ({"type": "Private", "value": 22}, "ValueInTwenties"),
        ({"type": "Public", "value": 22}, "Public"),
        ({"type": "Private", "value": 0}, "ValueIsZero"),
        ({"type": "Private", "value": 30}, "DefaultState"),
    ],
)
def test_a_choice(value: Any, reached: str) -> None:
    # state-choice.html
    rules = [
        {"Not": {"Variable": "$.type", "StringEquals": "Private"}, "Next": "Public"},
        {"Variable": "$.value", "NumericEquals": 0, "Next": "ValueIsZero"},
        {
            "And": [
                {"Variable": "$.value", "NumericGreaterThanEquals": 20},
                {"Variable": "$.value", "NumericLessThan": 30},
            ],
            "Next": "ValueInTwenties",
        },
    ]
    ends = {
        name: {"Type": "Succeed"} for name in ("Public", "ValueIsZero", "ValueInTwenties", "DefaultState")
    }
    choice = {"Type": "Choice", "Choices": rules, "Default": "DefaultState"}
    assert executed({"StartAt": "C", "States": {"C": choice, **ends}}, value).states == ["C", reached]


FALLBACK = {"Type": "Pass", "Result": HELLO, "End": True}
TWICE = {"IntervalSeconds": 1, "MaxAttempts": 2, "BackoffRate": 2.0}


@pytest.mark.parametrize("name", ["HandledError", "States.TaskFailed"])
def test_a_function_that_fails(name: str) -> None:
    # concepts-error-handling.html#error-handling-examples
    throw = {"It": Throw("HandledError", "error")}
    execution = executed(one(task(Retry=[{"ErrorEquals": [name], **TWICE}])), mocks=throw)
    assert (execution.status, len(execution["It"].attempts)) == ("FAILED", 3)
    assert execution.duration.total_seconds() == 1 + 2
    machine = one(task(Catch=[{"ErrorEquals": [name], "Next": "fallback"}]))
    machine["States"]["fallback"] = FALLBACK
    assert executed(machine, mocks=throw).output == HELLO


def test_a_function_that_takes_too_long() -> None:
    # concepts-error-handling.html#error-handling-examples: it sleeps for ten seconds
    sleeps = {"It": Return("late", seconds=10)}
    machine = one(task(TimeoutSeconds=2, Retry=[{"ErrorEquals": ["States.Timeout"], **TWICE}]))
    execution = executed(machine, mocks=sleeps)
    assert (execution.error, execution.duration.total_seconds()) == ("States.Timeout", 2 + 1 + 2 + 2 + 2)
    machine = one(task(TimeoutSeconds=2, Catch=[{"ErrorEquals": ["States.Timeout"], "Next": "fallback"}]))
    machine["States"]["fallback"] = FALLBACK
    execution = executed(machine, mocks=sleeps)
    assert (execution.output, execution.duration.total_seconds()) == (HELLO, 2)


@pytest.mark.parametrize(("error", "tries"), [("States.Timeout", 1), ("Other", 4)])
def test_all_but_one_error_is_tried_again(error: str, tries: int) -> None:
    # concepts-error-handling.html#error-handling-retrying-after-an-error
    retriers = [{"ErrorEquals": ["States.Timeout"], "MaxAttempts": 0}, {"ErrorEquals": ["States.ALL"]}]
    execution = executed(one(task(Retry=retriers)), mocks={"It": Throw(error)})
    assert len(execution["It"].attempts) == tries


@pytest.mark.parametrize(
    ("error", "reached", "expected"),
    [
        ("java.lang.Exception", "Recovery", {"foo": "bar", "error-info": {"Error": "java.lang.Exception", "Cause": "c"}}),
        ("Other", "End", {"Error": "Other", "Cause": "c"}),
    ],
)  # fmt: skip
def test_catchers_are_gone_through_in_order(error: str, reached: str, expected: Any) -> None:
    # concepts-error-handling.html#error-handling-fallback-states
    catchers = [
        {"ErrorEquals": ["java.lang.Exception"], "ResultPath": "$.error-info", "Next": "Recovery"},
        {"ErrorEquals": ["States.ALL"], "Next": "End"},
    ]
    machine = one(task(Catch=catchers))
    machine["States"].update({"Recovery": {"Type": "Succeed"}, "End": {"Type": "Succeed"}})
    execution = executed(machine, {"foo": "bar"}, mocks={"It": Throw(error, "c")})
    assert (execution.states[-1], execution.output) == (reached, expected)


MESSAGE = "States.Format('This is a custom error message for {}, caused by {}.', $.Error, $.Cause)"


@pytest.mark.parametrize(
    ("fields", "error", "cause"),
    [
        ({"Cause": "Invalid response.", "Error": "ErrorA"}, "ErrorA", "Invalid response."),
        ({"CausePath": "$.Cause", "ErrorPath": "$.Error"}, "E", "c"),
        ({"CausePath": MESSAGE, "ErrorPath": "States.Format('{}', $.Error)"}, "E", "This is a custom error message for E, caused by c."),
    ],
)  # fmt: skip
def test_a_fail_state_names_its_error(fields: Any, error: str, cause: str) -> None:
    # state-fail.html
    machine = {"StartAt": "F", "States": {"F": {"Type": "Fail", **fields}}}
    execution = executed(machine, {"Error": "E", "Cause": "c"})
    assert (execution.error, execution.cause) == (error, cause)


@each_row(
    ("fields", "seconds"),
    [
        ({"Seconds": 10}, 10),
        ({"Timestamp": "2026-11-28T04:23:04Z"}, 60),
        ({"TimestampPath": "$.expirydate"}, 120),
        ({"Timestamp": "2026-11-28T04:23:04.999Z"}, 60),  # milliseconds are cut off
    ],
)
def test_a_wait(fields: Any, seconds: int) -> None:
    # state-wait.html
    execution = executed(one({"Type": "Wait", **fields}), {"expirydate": "2026-11-28T04:24:04Z"})
    assert execution.duration.total_seconds() == seconds


@pytest.mark.parametrize(
    ("error", "tries", "reached"),
    [("CustomError", 4, "CustomErrorFallback"), ("Lambda.ServiceException", 4, "CatchAllFallback"), ("Other", 1, "CatchAllFallback")],
)  # fmt: skip
def test_a_custom_error(error: str, tries: int, reached: str) -> None:
    # tutorial-handling-error-conditions.html
    retried = ["CustomError", "Lambda.ServiceException", "Lambda.TooManyRequestsException"]
    retriers = [{"ErrorEquals": retried, "MaxAttempts": 3, "BackoffRate": 2, "JitterStrategy": "FULL"}]
    catchers = [
        {"ErrorEquals": ["CustomError"], "Next": "CustomErrorFallback"},
        {"ErrorEquals": ["States.ALL"], "Next": "CatchAllFallback"},
    ]
    machine = one(task(Retry=retriers, Catch=catchers), QueryLanguage="JSONata")
    for name in ("CustomErrorFallback", "CatchAllFallback"):
        machine["States"][name] = {"Type": "Pass", "Output": {"Result": name}, "End": True}
    execution = executed(machine, mocks={"It": Throw(error)})
    assert (len(execution["It"].attempts), execution.output) == (tries, {"Result": reached})


def test_a_loop_of_ten() -> None:
    # tutorial-create-iterate-pattern-section.html
    def iterate(event: Any) -> Return:
        index, step, count = (event["iterator"][name] for name in ("index", "step", "count"))
        return Return(
            {"index": index + step, "step": step, "count": count, "continue": index + step < count}
        )

    more = {"Variable": "$.iterator.continue", "BooleanEquals": True, "Next": "ExampleWork"}
    execution = executed(
        {
            "StartAt": "ConfigureCount",
            "States": {
                "ConfigureCount": {
                    "Type": "Pass",
                    "Result": {"count": 10, "index": 0, "step": 1},
                    "ResultPath": "$.iterator",
                    "Next": "Iterator",
                },
                "Iterator": {
                    "Type": "Task",
                    "Resource": "arn:aws:lambda:us-east-1:123456789012:function:Iterate",
                    "ResultPath": "$.iterator",
                    "Next": "IsCountReached",
                },
                "IsCountReached": {"Type": "Choice", "Choices": [more], "Default": "Done"},
                "ExampleWork": {
                    "Type": "Pass",
                    "Result": {"success": True},
                    "ResultPath": "$.result",
                    "Next": "Iterator",
                },
                "Done": {"Type": "Pass", "End": True},
            },
        },
        mocks={"Iterator": iterate},
    )
    assert execution.output == {
        "iterator": {"index": 10, "step": 1, "count": 10, "continue": False},
        "result": {"success": True},
    }
    assert (execution.states.count("ExampleWork"), execution.states[-1]) == (9, "Done")
