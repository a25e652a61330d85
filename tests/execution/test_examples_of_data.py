"""Examples on AWS's pages about the data that states take in and put out, where they state an outcome.

The pages are those of https://docs.aws.amazon.com/step-functions/latest/dg/, named at each example.
"""

from __future__ import annotations

from typing import Any

import pytest

from cfngen.execution import Return, Throw
from tests.execution.machines import executed, one, output, task
from tests.execution.test_choices import chosen
from tests.execution.test_examples_of_maps import inline
from tests.execution.test_examples_of_pages import CLUSTER, HELLO
from tests.execution.test_variables import chained
from tests.rows import each_row

SETS = {"dataset1": {"val1": 1}, "dataset2": {"val1": "a", "val2": "b"}}
CAR = {"year": 2008, "make": "Toyota", "model": "Matrix"}
INTERESTS = [
    {"category": "home", "type": "own", "yearBuilt": 2004, "estimatedValue": 800000},
    {"category": "auto", "type": "car", "yearBuilt": 2012, "estimatedValue": 7000},
    {"category": "boat", "type": "snowmobile", "yearBuilt": 2020, "estimatedValue": 25000},
    {"category": "auto", "type": "motorcycle", "yearBuilt": 2018, "estimatedValue": 15000},
    {"category": "auto", "type": "RV", "yearBuilt": 2015, "estimatedValue": 102000},
    {"category": "home", "type": "business", "yearBuilt": 2009, "estimatedValue": 600000},
]
CUSTOMER = {
    "data": {
        "firstname": "Jane",
        "lastname": "Doe",
        "identity": {"email": "jdoe@example.com", "ssn": "123-45-6789"},
        "address": {"street": "123 Main St", "city": "Columbus", "state": "OH", "zip": "43219"},
        "interests": INTERESTS,
    }
}


@each_row(
    ("fields", "value", "expected"),
    [
        # input-output-inputpath-params.html and workflow-studio-process.html
        ({"InputPath": "$.dataset2"}, SETS, SETS["dataset2"]),
        ({"InputPath": "$.dataset2.val1"}, SETS, "a"),
        # connect-parameters.html
        ({"Parameters": {"myMessage.$": "$.input.message"}}, {"input": {"message": "foo", "otherInfo": "bar"}}, {"myMessage": "foo"}),
        # troubleshooting.html
        ({"Parameters": {"JsonPathSample.$": "$.sample"}}, {"sample": "test"}, {"JsonPathSample": "test"}),
        # concepts-error-handling.html on causes of service integrations
        ({"Parameters": {"Cause.$": "States.StringToJson($.Cause)"}}, {"Cause": '{"Status": "FAILED"}'}, {"Cause": {"Status": "FAILED"}}),
        # statemachine-structure.html
        ({"Result": "Hello World!"}, {}, "Hello World!"),
        # connect-codebuild.html
        ({"Parameters": {"Ids.$": "$.Build..Arn"}}, {"Build": {"Arn": "arn:aws:codebuild:us-east-1:1:build/a:1", "Id": "a:1"}}, {"Ids": ["arn:aws:codebuild:us-east-1:1:build/a:1"]}),
        # https://aws.amazon.com/blogs/compute/using-jsonpath-effectively-in-aws-step-functions/
        ({"InputPath": "$.data.address", "Parameters": {"addressString.$": "States.Format('{}, {} - {}', $.city, $.state, $.zip)"}}, CUSTOMER, {"addressString": "Columbus, OH - 43219"}),
        ({"InputPath": "$..interests[?(@.category==home)]"}, CUSTOMER, [INTERESTS[0], INTERESTS[5]]),
    ],
)  # fmt: skip
def test_what_goes_in(fields: Any, value: Any, expected: Any) -> None:
    assert output({"Type": "Pass", **fields}, value) == expected


@each_row(
    ("fields", "value", "result", "expected"),
    [
        # workflow-studio-process.html
        ({"ResultSelector": {"result": "found", "ClusterId.$": "$.output.ClusterId"}}, {}, CLUSTER, {"result": "found", "ClusterId": "AKIAIOSFODNN7EXAMPLE"}),
        ({"ResultPath": "$.taskresult"}, {"who": "AWS Step Functions"}, HELLO, {"who": "AWS Step Functions", "taskresult": HELLO}),
        # workflow-studio-process.html, and connect-lambda.html on what is around the function's output
        ({"OutputPath": "$.Payload"}, {}, {"ExecutedVersion": "$LATEST", "Payload": {"foo": "bar", "car": CAR}, "StatusCode": 200}, {"foo": "bar", "car": CAR}),
        # https://aws.amazon.com/blogs/compute/using-jsonpath-effectively-in-aws-step-functions/
        ({"ResultSelector": {"identity.$": "States.StringToJson($.Payload.body)"}, "ResultPath": "$.results"}, {"data": 1}, {"Payload": {"statusCode": "200", "body": '{"approved": true}'}}, {"data": 1, "results": {"identity": {"approved": True}}}),
        ({"ResultSelector": {"statusCode.$": "$.SdkHttpMetadata.HttpStatusCode"}, "ResultPath": "$.results.home", "OutputPath": "$.results"}, {"data": 1, "results": {"account": {"statusCode": 200}}}, {"SdkHttpMetadata": {"HttpStatusCode": 200}}, {"account": {"statusCode": 200}, "home": {"statusCode": 200}}),
    ],
)  # fmt: skip
def test_what_comes_out(fields: Any, value: Any, result: Any, expected: Any) -> None:
    assert executed(one(task(**fields)), value, mocks={"It": Return(result)}).output == expected


def test_parameters_of_a_parallel_state() -> None:
    # workflow-studio-process.html
    branch = {"StartAt": "B", "States": {"B": {"Type": "Pass", "End": True}}}
    state = {
        "Type": "Parallel",
        "Branches": [branch],
        "Parameters": {"size.$": "$.details.size", "StaticValue": "foo"},
    }
    assert output(state, {"details": {"size": "small"}}) == [{"size": "small", "StaticValue": "foo"}]


def test_an_error_beside_the_input() -> None:
    # input-output-resultpath.html#input-output-resultpath-catch
    machine = one(task(Catch=[{"ErrorEquals": ["States.ALL"], "Next": "Z", "ResultPath": "$.error"}]))
    machine["States"]["Z"] = {"Type": "Succeed"}
    execution = executed(machine, {"foo": "bar"}, mocks={"It": Throw("Error here", "c")})
    assert execution.output == {"foo": "bar", "error": {"Error": "Error here", "Cause": "c"}}


@pytest.mark.parametrize("state", [{"InputPath": "$.a"}, {"OutputPath": "$.a"}])
def test_a_path_into_null_ends_the_execution(state: Any) -> None:
    # concepts-error-handling.html#states-runtime-error: States.ALL does not take it
    machine = one(task(Catch=[{"ErrorEquals": ["States.ALL"], "Next": "Z"}], **state))
    machine["States"]["Z"] = {"Type": "Succeed"}
    assert executed(machine, None, mocks={"It": Return(None)}).error == "States.Runtime"


def test_the_context_is_read_in_each_field() -> None:
    # input-output-contextobject.html#contextobject-access
    name, input_list = "$$.State.Name", "$$.Execution.Input.list"
    assert output({"Type": "Pass", "InputPath": input_list}, {"list": [1]}) == [1]
    assert output({"Type": "Pass", "OutputPath": name}) == "It"
    assert output({"Type": "Pass", "Parameters": {"n.$": name}}) == {"n": "It"}
    selected = executed(one(task(ResultSelector={"n.$": name})), mocks={"It": Return(1)})
    assert selected.output == {"n": "It"}
    assert executed(inline(ItemsPath=input_list), {"list": [1, 2]}).output == [1, 2]
    assert chosen({"Variable": name, "StringEqualsPath": name}, {}) is True


@each_row(
    ("path", "cause"),
    [
        ("States.JsonToString($.o)", '{"a":1}'),
        ("States.ArrayGetItem($.l, 1)", "y"),
        ("States.Base64Encode($.s)", "cw=="),
        ("States.Base64Decode('YQ==')", "a"),
        ("States.Hash($.s, 'MD5')", "03c7c0ace395d80182db07ae2c30f034"),
    ],
)
def test_functions_for_a_cause(path: str, cause: str) -> None:
    # state-fail.html
    machine = {"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "E", "CausePath": path}}}
    execution = executed(machine, {"o": {"a": 1}, "l": ["x", "y"], "s": "s"})
    assert (execution.error, execution.cause) == ("E", cause)


@pytest.mark.parametrize("path", ["$.o", "$.n"])
def test_a_cause_is_text(path: str) -> None:
    # state-fail.html
    machine = {"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "E", "CausePath": path}}}
    assert executed(machine, {"o": {"a": 1}, "n": 3}).error == "States.Runtime"


def test_a_fail_state_that_is_caught() -> None:
    # state-fail.html: the execution fails, unless a Catch takes it
    branch = {"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "E", "Cause": "c"}}}
    state = {
        "Type": "Parallel",
        "Branches": [branch],
        "Catch": [{"ErrorEquals": ["E"], "Next": "Z"}],
    }
    machine = one(state)
    machine["States"]["Z"] = {"Type": "Succeed"}
    assert executed(machine).output == {"Error": "E", "Cause": "c"}


@each_row(
    ("rule", "value", "is_chosen"),
    [
        # state-choice.html: what is not there is not compared
        ({"And": [{"Variable": "$.k", "IsPresent": True}, {"Variable": "$.k", "StringEquals": "foo"}]}, {}, False),
        ({"And": [{"Variable": "$.k", "IsPresent": True}, {"Variable": "$.k", "StringEquals": "foo"}]}, {"k": "foo"}, True),
        # state-choice.html: as Java's compareTo, by units of UTF-16
        ({"Variable": "$", "StringGreaterThan": "\U0001f600"}, "\uff01", True),
        ({"Variable": "$", "StringLessThanEquals": "\U0001f600"}, "\uff01", False),
        ({"Variable": "$", "StringGreaterThan": "z"}, "\U0001f600", True),
        ({"Variable": "$", "StringGreaterThan": "Z"}, "a", True),
    ],
)  # fmt: skip
def test_rules(rule: Any, value: Any, is_chosen: bool) -> None:
    assert chosen(rule, value) is is_chosen


@pytest.mark.parametrize(
    "assign",
    [
        {"Type": "Choice", "Choices": [{"Variable": "$", "IsPresent": True, "Assign": {"x.$": "$"}, "Next": "1"}], "InputPath": "$.a"},
        {"Type": "Wait", "Seconds": 1, "InputPath": "$.a", "Assign": {"x.$": "$"}},
        {"Type": "Pass", "InputPath": "$.a", "Assign": {"x.$": "$"}},
        {"Type": "Pass", "Parameters": {"b.$": "$.a.b"}, "Assign": {"x.$": "$"}},
        {"Type": "Pass", "Result": {"b": 7}, "Assign": {"x.$": "$"}},
        {"Type": "Parallel", "Branches": [{"StartAt": "B", "States": {"B": {"Type": "Pass", "Result": {"b": 7}, "End": True}}}], "Assign": {"x.$": "$[0]"}},
    ],
)  # fmt: skip
def test_what_the_root_is_where_a_variable_is_assigned(assign: Any) -> None:
    # workflow-variables.html#using-variables-in-jsonpath-states
    machine = chained(assign, {"Type": "Pass", "Parameters": {"x.$": "$x"}})
    if assign["Type"] == "Choice":
        del machine["States"]["0"]["Next"]
    assert executed(machine, {"a": {"b": 7}}).output == {"x": {"b": 7}}
