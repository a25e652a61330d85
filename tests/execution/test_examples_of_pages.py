"""Examples on AWS's pages that state an outcome; those of intrinsic functions, paths and Maps have their own tests.

The pages are those of https://docs.aws.amazon.com/step-functions/latest/dg/, named at each example.
"""

from __future__ import annotations

from typing import Any

import pytest

from cfngen.execution import Return, Throw
from tests.execution.machines import executed, failure, one, output, task
from tests.execution.test_variables import chained

HELLO = "Hello, AWS Step Functions!"
STRINGS = {"string1": "foo", "string2": "bar", "string3": "baz"}
CLUSTER = {
    "resourceType": "elasticmapreduce",
    "resource": "createCluster.sync",
    "output": {"SdkHttpMetadata": {"HttpStatusCode": 200}, "ClusterId": "AKIAIOSFODNN7EXAMPLE"},
}
SELECTED = {"ClusterId": "AKIAIOSFODNN7EXAMPLE", "ResourceType": "elasticmapreduce"}
SELECTOR = {"ClusterId.$": "$.output.ClusterId", "ResourceType.$": "$.resourceType"}


@pytest.mark.parametrize(
    ("fields", "value", "result", "expected"),
    [
        # input-output-resultpath.html: replaced, a child node added, a node amended
        ({}, {"details": "Default example"}, HELLO, HELLO),
        ({"ResultPath": "$.strings.lambdaresult"}, {"strings": STRINGS}, HELLO, {"strings": {**STRINGS, "lambdaresult": HELLO}}),
        ({"ResultPath": "$.comment"}, {"comment": "a test", "details": "Default example"}, HELLO, {"comment": HELLO, "details": "Default example"}),
        # input-output-inputpath-params.html#input-output-resultselector
        ({"ResultSelector": SELECTOR}, {}, CLUSTER, SELECTED),
        ({"ResultSelector": SELECTOR, "ResultPath": "$.EMROutput"}, {"OtherDataFromInput": {}}, CLUSTER, {"OtherDataFromInput": {}, "EMROutput": SELECTED}),
        ({"ResultSelector": {"flattenArray.$": "$[*][*]"}}, {}, [[1, 2], [3, 4], [5, 6]], {"flattenArray": [1, 2, 3, 4, 5, 6]}),
    ],
)  # fmt: skip
def test_what_becomes_of_a_result(fields: Any, value: Any, result: Any, expected: Any) -> None:
    assert executed(one(task(**fields)), value, mocks={"It": Return(result)}).output == expected


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


@pytest.mark.parametrize(
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


@pytest.mark.parametrize(
    "fields",
    [
        {"Parameters": {"static": "Hello", "title.$": "$.title", "name.$": "$customerName", "not-evaluated": "$customerName"}},
        {"QueryLanguage": "JSONata", "Arguments": {"static": "Hello", "title": "{% $states.input.title %}", "name": "{% $customerName %}", "not-evaluated": "$customerName"}},
    ],
)  # fmt: skip
def test_both_languages_send_the_same(fields: Any) -> None:
    # transforming-data.html
    assign = {"Type": "Pass", "Assign": {"customerName": "María"}}
    execution = executed(chained(assign, task(**fields)), {"title": "Doctor"}, mocks={"1": Return(1)})
    assert execution["1"].attempts[0].input == {
        "static": "Hello",
        "title": "Doctor",
        "name": "María",
        "not-evaluated": "$customerName",
    }


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


def test_a_fail_state_names_its_error() -> None:
    # state-fail.html
    machine = {
        "StartAt": "F",
        "States": {"F": {"Type": "Fail", "Cause": "Invalid response.", "Error": "ErrorA"}},
    }
    execution = executed(machine)
    assert (execution.error, execution.cause) == ("ErrorA", "Invalid response.")


@pytest.mark.parametrize(
    ("expression", "value", "expected"),
    [
        ("$states.input.list[0]", {"list": [1, 2]}, 1),
        ("$parse($states.input)", '{"foo": "bar"}', {"foo": "bar"}),
        ("$hash('input data', 'SHA-1')", {}, "aaff4a450a104cd177d28d18d74485e8cae074b7"),
        ("$range(1, 9, 2)", {}, [1, 3, 5, 7, 9]),
        ("$partition([1,2,3,4,5,6,7,8,9], 4)", {}, [[1, 2, 3, 4], [5, 6, 7, 8], [9]]),
    ],
)
def test_functions_of_jsonata_in_place_of_intrinsics(expression: str, value: Any, expected: Any) -> None:
    # transforming-data.html#jsonata-functions-provided-by-sfn
    state = {"Type": "Pass", "Output": f"{{% {expression} %}}"}
    assert output(state, value, QueryLanguage="JSONata") == expected


def test_an_expression_without_a_value_is_an_error() -> None:
    # transforming-data.html: JSON cannot represent undefined
    message = failure(
        {"Type": "Pass", "Output": "{% $data.thisFieldDoesNotExist %}"}, QueryLanguage="JSONata"
    )
    assert message.startswith("States.QueryEvaluationError: ")
    assert message.endswith("returned nothing (undefined).")
