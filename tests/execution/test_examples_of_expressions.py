"""Examples on AWS's pages about JSONata and variables that state an outcome.

The pages are those of https://docs.aws.amazon.com/step-functions/latest/dg/, named at each example.
"""

from __future__ import annotations

from typing import Any

import pytest

from cfngen.execution import Return, Throw, engine
from tests.execution.machines import executed, failure, one, output, task
from tests.execution.test_choices import chosen
from tests.execution.test_variables import chained
from tests.rows import each_row

JSONATA: Any = {"QueryLanguage": "JSONata"}


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


@each_row(
    ("expression", "value", "expected"),
    [
        ("$states.input.list[0]", {"list": [1, 2]}, 1),
        ("$parse($states.input)", '{"foo": "bar"}', {"foo": "bar"}),
        ("$hash('input data', 'SHA-1')", {}, "aaff4a450a104cd177d28d18d74485e8cae074b7"),
        ("$range(1, 9, 2)", {}, [1, 3, 5, 7, 9]),
        ("$partition([1,2,3,4,5,6,7,8,9], 4)", {}, [[1, 2, 3, 4], [5, 6, 7, 8], [9]]),
        ("$partition([1,2,3,4], $states.input.chunkSize)", {"chunkSize": 3}, [[1, 2, 3], [4]]),
        ("$range(0, 10, 2)", {}, [0, 2, 4, 6, 8, 10]),
        # numbers that are not whole are rounded down, where intrinsics round to the nearest
        ("$partition([1,2,3,4], 2.9)", {}, [[1, 2], [3, 4]]),
        ("$range(0.9, 4.9, 1.9)", {}, [0, 1, 2, 3, 4]),
        ("$random(7) = $random(7)", {}, True),
        ("$match($uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/).index", {}, 0),
    ],
)  # fmt: skip
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


def test_input_and_output() -> None:
    # transforming-data.html#jsonata-examples
    machine = {
        "StartAt": "It",
        "States": {
            "It": {
                "Type": "Succeed",
                **JSONATA,
                "Output": {
                    "lastName": "{% 'Last=>' & $states.input.customer.lastName %}",
                    "orderValue": "{% $states.input.order.total %}",
                },
            }
        },
    }
    value = {
        "customer": {"firstName": "Martha", "lastName": "Rivera"},
        "order": {"items": 7, "total": 27.91},
    }
    assert executed(machine, value).output == {"lastName": "Last=>Rivera", "orderValue": 27.91}


def test_a_filter() -> None:
    # transforming-data.html#jsonata-examples
    products = [{"calories": calories, "name": f"Product-{calories}"} for calories in (140, 0, 160, 100, 0)]
    state = {"Type": "Pass", "Output": {"dietProducts": "{% $states.input.products[calories=0] %}"}}
    assert output(state, {"products": products}, **JSONATA) == {"dietProducts": [products[1], products[4]]}


@each_row("value", [True, 42, None, "text", [1]])
def test_an_output_is_any_json(value: Any) -> None:
    # transforming-data.html
    assert output({"Type": "Pass", "Output": value}, **JSONATA) == value


@each_row(
    ("condition", "value", "is_chosen"),
    [
        # state-choice.html#state-choice-rules
        ("$states.input = 1", 1, True),
        ("$states.input = 1", "1", False),
        ("$states.input = 'local'", "local", True),
        ("$states.input > 'MyStringABC'", "MyStringABD", True),
        ("$states.input != null and $states.input = 42", None, False),
        ("$states.input != null and $states.input = 42", 42, True),
        # transforming-data.html
        ("$states.input.current_price <= $states.input.desired_price", {"current_price": 9, "desired_price": 10}, True),
    ],
)  # fmt: skip
def test_conditions(condition: str, value: Any, is_chosen: bool) -> None:
    machine = {
        **JSONATA,
        "StartAt": "It",
        "States": {
            "It": {
                "Type": "Choice",
                "Choices": [{"Condition": f"{{% {condition} %}}", "Next": "Yes"}],
                "Default": "No",
            },
            "Yes": {"Type": "Succeed", "Output": True},
            "No": {"Type": "Succeed", "Output": False},
        },
    }
    assert executed(machine, value).output is is_chosen


@each_row(
    ("rule", "value", "is_chosen"),
    [
        # state-choice.html#state-choice-rules-jsonpath
        ({"Variable": "$.foo", "NumericEquals": 1}, {"foo": 1}, True),
        ({"Variable": "$.foo", "StringEquals": "MyString"}, {"foo": "MyString"}, True),
        ({"Variable": "$.foo", "StringGreaterThan": "MyStringABC"}, {"foo": "MyStringABD"}, True),
        ({"Variable": "$.possiblyNullValue", "IsNull": True}, {"possiblyNullValue": None}, True),
        ({"Variable": "$.foo", "TimestampEquals": "2001-01-01T12:00:00Z"}, {"foo": "2001-01-01T12:00:00Z"}, True),
        ({"Variable": "$.foo", "StringEqualsPath": "$.bar"}, {"foo": "a", "bar": "a"}, True),
        ({"Variable": "$.foo", "NumericEquals": 1}, {"foo": "1"}, False),
        ({"Variable": "$.foo", "StringEquals": "2001-01-01T12:00:00Z"}, {"foo": "2001-01-01T12:00:00Z"}, True),
        *(
            ({"Variable": "$.foo", "IsTimestamp": True}, {"foo": text}, False)
            for text in ("2016-08-18 17:33:00Z", "2016-08-18T17:33:00")
        ),
    ],
)  # fmt: skip
def test_rules(rule: Any, value: Any, is_chosen: bool) -> None:
    assert chosen(rule, value) is is_chosen


def test_a_price_is_watched() -> None:
    # workflow-variables.html#assign-field-in-asl and state-task.html: variables of an input and of a result
    machine = chained(
        {"Type": "Pass", "Assign": {"desiredPrice": "{% $states.input.desired_price %}"}},
        task(
            Arguments={"Payload": {"product": "{% $states.context.Execution.Input.product %}"}},
            Assign={
                "product": "{% $states.input.product %}",
                "currentPrice": "{% $states.result.Payload.current_price %}",
            },
        ),
        {"Type": "Pass", "Output": ["{% $product %}", "{% $currentPrice <= $desiredPrice %}"]},
        **JSONATA,
    )
    result = Return({"Payload": {"current_price": 9}})
    execution = executed(machine, {"product": "p", "desired_price": 10}, mocks={"1": result})
    assert execution.output == ["p", True]
    assert execution["1"].attempts[0].input == {"Payload": {"product": "p"}}


def test_variables_of_jsonpath() -> None:
    # workflow-variables.html#using-variables-in-jsonpath-states
    assign = {
        "products.$": "$.order..product",
        "orderTotal.$": "$.order.total",
        "details": {"status": "SUCCESS", "lineItems.$": "$.order.items"},
        "message.$": "States.Format('Hello {}', $customer.name)",
        "startTime.$": "$$.Execution.StartTime",
    }
    names = ("products", "orderTotal", "details", "message", "startTime")
    machine = chained(
        {"Type": "Pass", "Assign": {"customer": {"name": "Ana"}}},
        task(Assign=assign),
        {"Type": "Pass", "Parameters": {f"{name}.$": f"${name}" for name in names}},
    )
    items = [{"product": "a"}, {"product": "b"}]
    execution = executed(machine, mocks={"1": Return({"order": {"total": 5, "items": items}})})
    assert execution.output == {
        "products": ["a", "b"],
        "orderTotal": 5,
        "details": {"status": "SUCCESS", "lineItems": items},
        "message": "Hello Ana",
        "startTime": "2026-11-28T04:22:04.000Z",  # with zeros, as recorded: see docs/engine.md
    }


def test_what_has_no_value_yet_is_an_error() -> None:
    # workflow-variables.html#evaluation-order-in-an-assign-field
    state = {"Type": "Pass", "Assign": {"x": "{% $a %}", "nextX": "{% $x %}"}}
    execution = executed(chained({"Type": "Pass", "Assign": {"a": 6}}, state, **JSONATA))
    assert execution.error == "States.QueryEvaluationError"


@pytest.mark.parametrize(("bytes_", "error"), [(130_000, None), (200_000, "States.DataLimitExceeded")])
def test_two_variables_at_once(bytes_: int, error: str | None) -> None:
    # workflow-variables.html#limits: 256 KiB together
    state = {"Type": "Pass", "Assign": {"x.$": "$", "y.$": "$"}}
    assert executed(one(state), "x" * bytes_).error == error


@pytest.mark.parametrize(("count", "error"), [(4, None), (5, "States.DataLimitExceeded")])
def test_all_variables(count: int, error: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    # workflow-variables.html#limits: together they have a limit of their own, here a smaller one
    assert engine.MAX_VARIABLES == 10 * 1024 * 1024
    monkeypatch.setattr(engine, "MAX_VARIABLES", 1024 * 1024)
    states = [{"Type": "Pass", "Assign": {f"x{number}.$": "$"}} for number in range(count)]
    assert executed(chained(*states), "x" * 250_000).error == error


def test_a_variable_in_a_branch_that_fails() -> None:
    # workflow-variables.html#variable-scope: a catcher assigns in the scope around
    branch = {"StartAt": "B", "States": {"B": {**task(), "End": True}}}
    catchers = [
        {"ErrorEquals": ["States.ALL"], "Assign": {"x": "{% $states.errorOutput.Error %}"}, "Next": "E"}
    ]
    machine = one({"Type": "Parallel", "Branches": [branch], "Catch": catchers}, **JSONATA)
    machine["States"]["E"] = {"Type": "Succeed", "Output": "{% $x %}"}
    assert executed(machine, mocks={"B": Throw("Boom")}).output == "Boom"


def test_variables_have_the_values_of_the_states_entry() -> None:
    # workflow-variables.html#evaluation-order-in-an-assign-field, and #assign-field-in-asl on Output
    machine = chained(
        {"Type": "Pass", "Assign": {"x": 3, "a": 6}},
        {"Type": "Pass", "Assign": {"x": "{% $a %}", "nextX": "{% $x %}"}, "Output": "{% $x %}"},
        {"Type": "Pass", "Output": ["{% $x %}", "{% $nextX %}", "{% $states.input %}"]},
        **JSONATA,
    )
    assert executed(machine).output == [6, 3, 3]


def test_a_variable_of_a_branch_is_gone_after_it() -> None:
    # workflow-variables.html#variable-scope
    branch = {"StartAt": "B", "States": {"B": {"Type": "Pass", "Assign": {"y": 1}, "End": True}}}
    parallel = {"Type": "Parallel", "Branches": [branch]}
    for state in (parallel, {"Type": "Map", "Items": [1], "ItemProcessor": branch}):
        machine = chained(state, {"Type": "Pass", "Output": "{% $y %}"}, **JSONATA)
        assert executed(machine).error == "States.QueryEvaluationError"


@each_row(
    ("expression", "expected"),
    [
        # the reference of JSONata compares texts as JavaScript does, by units of UTF-16
        ("$sort($states.input)", ["z", "é", "\U0001f600", "\uff01"]),
        ("$states.input^($)", ["z", "é", "\U0001f600", "\uff01"]),
        ("$states.input^(>$)", ["\uff01", "\U0001f600", "é", "z"]),
        ("$states.input[0] > $states.input[1]", True),
        ("$states.input[1] > $states.input[3]", True),
    ],
)
def test_the_order_of_texts(expression: str, expected: Any) -> None:
    value = ["\uff01", "\U0001f600", "é", "z"]
    assert output({"Type": "Pass", "Output": f"{{% {expression} %}}"}, value, **JSONATA) == expected
