"""What goes into a state and what comes out: InputPath, Parameters, ResultSelector, ResultPath, OutputPath.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html
"""

from __future__ import annotations

from typing import Any

from cfngen.execution import Return, run
from tests.execution.machines import executed, failure, one, output, task
from tests.rows import each_row

DATASETS = {
    "comment": "An input comment.",
    "dataset1": {"val1": 1, "val2": 2, "val3": 3},
    "dataset2": {"val1": "a", "val2": "b", "val3": "c"},
}


def passed(value: Any, **fields: Any) -> Any:
    return output({"Type": "Pass", **fields}, value)


def mocked(value: Any, result: Any, **fields: Any) -> Any:
    execution = executed(one(task(**fields)), value, mocks={"It": Return(result)})
    assert execution.status == "SUCCEEDED", execution.cause
    return execution.output


def test_input_path_chooses_a_part() -> None:
    assert passed(DATASETS, InputPath="$.dataset2") == {"val1": "a", "val2": "b", "val3": "c"}


def test_null_stands_for_nothing() -> None:
    assert passed(DATASETS, InputPath=None) == {}
    assert passed(DATASETS, OutputPath=None) == {}
    assert passed(DATASETS, Result=1, ResultPath=None) == DATASETS


def test_parameters_are_filled_in_at_any_depth() -> None:
    # the example of https://states-language.net/spec.html#payload-template
    template = {
        "flagged": True,
        "parts": {"first.$": "$.vals[0]", "last3.$": "$.vals[3:]"},
        "list": [{"x.$": "$.flagged"}],
    }
    assert passed({"flagged": 7, "vals": [0, 10, 20, 30, 40, 50]}, Parameters=template) == {
        "flagged": True,
        "parts": {"first": 0, "last3": [30, 40, 50]},
        "list": [{"x": 7}],
    }


def test_a_result_is_as_it_is_written() -> None:
    assert passed({}, Result={"unsupported.$": "$.path"}) == {"unsupported.$": "$.path"}


@each_row(
    ("path", "expected"),
    [
        ("$", "Hello, Step Functions!"),
        ("$.taskresult", {"comment": "c", "who": "AWS", "taskresult": "Hello, Step Functions!"}),
        ("$.who", {"comment": "c", "who": "Hello, Step Functions!"}),
        ("$.a.b", {"comment": "c", "who": "AWS", "a": {"b": "Hello, Step Functions!"}}),
        ("$['a b']", {"comment": "c", "who": "AWS", "a b": "Hello, Step Functions!"}),
    ],
)
def test_result_path_puts_the_result_into_the_input(path: str, expected: str | dict[str, Any]) -> None:
    assert mocked({"comment": "c", "who": "AWS"}, "Hello, Step Functions!", ResultPath=path) == expected


def test_result_path_reaches_into_an_array() -> None:
    value = [{"a": 1}, {"id": 7}]
    assert passed(value, Result=1, ResultPath="$[1].payload") == [{"a": 1}, {"id": 7, "payload": 1}]


def test_result_path_takes_the_input_before_input_path() -> None:
    assert passed({"a": {"b": 1}}, InputPath="$.a", ResultPath="$.c") == {"a": {"b": 1}, "c": {"b": 1}}


def test_a_result_is_chosen_placed_and_put_out_in_this_order() -> None:
    expected = mocked(
        {"in": 1},
        {"Payload": {"x": [1, 2]}, "StatusCode": 200},
        ResultSelector={"first.$": "$.Payload.x[0]"},
        ResultPath="$.out",
        OutputPath="$.out",
    )
    assert expected == {"first": 1}


def test_the_input_of_an_execution_is_not_changed() -> None:
    value = {"a": {"b": [1]}}
    passed(value, Result=2, ResultPath="$.a.b")
    assert value == {"a": {"b": [1]}}


AT = "An error occurred while executing the state 'It' (entered at the event id #2). "


@each_row(
    ("fields", "reason"),
    [
        ({"InputPath": "$.x"}, f"States.Runtime: {AT}Invalid path '$.x' : No results for path: $['x']"),
        ({"InputPath": "$.x.y"}, f"States.Runtime: {AT}Invalid path '$.x.y' : Missing property in path $['x']"),
        ({"OutputPath": "$.n.y"}, f"States.Runtime: {AT}Invalid path '$.n.y' : No results for path: $['n']['y']"),
        ({"Parameters": {"a": [{"b.$": "$.x"}]}}, f"States.Runtime: {AT}The JSONPath '$.x' specified for the field 'b.$' could not be found in the input '{{\"n\":1}}'"),
        ({"ResultPath": "$.n.y"}, f'States.ResultPathMatchFailure: {AT}Unable to apply step "y" to input 1'),
        ({"ResultPath": "$[0]"}, f'States.ResultPathMatchFailure: {AT}Unable to apply step "0" to input {{"n":1}}'),
    ],
)  # fmt: skip
def test_what_does_not_fit(fields: dict[str, Any], reason: str) -> None:
    assert failure({"Type": "Pass", **fields}, {"n": 1}) == reason


def test_the_context_object() -> None:
    # https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
    assert passed({"k": 1}, Parameters={"it.$": "$$"})["it"] == {
        "Execution": {
            "Id": "arn:aws:states:us-east-1:123456789012:execution:StateMachine:e3e70682-c209-4cac-a29f-6fbed82c07cd",
            "Input": {"k": 1},
            "StartTime": "2026-11-28T04:22:04.000Z",
            "Name": "e3e70682-c209-4cac-a29f-6fbed82c07cd",
            "RoleArn": "arn:aws:iam::123456789012:role/StateMachine",
            "RedriveCount": 0,
        },
        "StateMachine": {
            "Id": "arn:aws:states:us-east-1:123456789012:stateMachine:StateMachine",
            "Name": "StateMachine",
        },
        "State": {"Name": "It", "EnteredTime": "2026-11-28T04:22:04.000Z"},
    }


def test_the_context_object_is_added_to() -> None:
    execution = executed(
        one({"Type": "Pass", "Parameters": {"a.$": "$$.Execution.Name", "b.$": "$$.Own.x"}}),
        context={"Execution": {"Name": "mine"}, "Own": {"x": 1}},
    )
    assert execution.output == {"a": "mine", "b": 1}


def test_a_task_knows_its_tries_and_its_token() -> None:
    sent = []

    def answer(arguments: Any) -> Any:
        sent.append(arguments)
        return Return(1)

    state = task(Parameters={"n.$": "$$.State.RetryCount", "token.$": "$$.Task.Token"})
    executed(
        one({**state, "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken"}),
        mocks={"It": answer},
    )
    [arguments] = sent
    assert (arguments["n"], len(arguments["token"])) == (0, 128)


def test_numbers_stay_what_they_are() -> None:
    assert str(passed([1, 1.0, 0.1, 12345678901234567890])) == "[1, 1.0, 0.1, 12345678901234567890]"


HUGE = 10**400  # a whole number of JSON, and beyond all that a double holds


@each_row(
    ("state", "error"),
    [
        ({"Type": "Wait", "Seconds": HUGE}, "States.Runtime"),
        (
            {"Type": "Wait", "QueryLanguage": "JSONata", "Seconds": "{% $states.input.n %}"},
            "States.Runtime",
        ),
        ({"Type": "Pass", "Parameters": {"a.$": "States.MathAdd($.n, 1)"}}, "States.IntrinsicFailure"),
        (
            {"Type": "Pass", "Parameters": {"a.$": "States.ArrayGetItem($.l, $.n)"}},
            "States.IntrinsicFailure",
        ),
        ({"Type": "Pass", "InputPath": "$..n.sum()"}, "States.Runtime"),
        ({"Type": "Pass", "InputPath": "$.e.max()"}, "States.Runtime"),
        (task(Credentials={"RoleArn.$": " "}), "States.Runtime"),
    ],
)
def test_a_number_beyond_all_and_a_function_that_fails_end_the_execution(
    state: dict[str, Any], error: str
) -> None:
    result = run({"StartAt": "A", "States": {"A": {**state, "End": True}}}, {"n": HUGE, "l": [1], "e": []})
    assert (result.status, result.error) == ("FAILED", error)
