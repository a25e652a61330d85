"""Examples of the specification that state an outcome, https://states-language.net/spec.html.

Those of intrinsic functions, reference paths and Map states stand with AWS's own.
"""

from __future__ import annotations

from typing import Any

import pytest

from cfngen.execution import Return, Throw
from tests.execution.machines import executed, failure, one, output, task
from tests.execution.test_variables import chained
from tests.rows import each_row

JSONATA: Any = {"QueryLanguage": "JSONata"}


def test_numbers_are_added() -> None:
    # #data, and #filters: with InputPath and ResultPath
    add = {"It": lambda sent: Return(sent["val1"] + sent["val2"])}
    numbers = {"val1": 3, "val2": 4}
    assert executed(one(task()), numbers, mocks=add).output == 7
    value = {"title": "Numbers to add", "numbers": numbers}
    machine = one(task(InputPath="$.numbers", ResultPath="$.sum"))
    assert executed(machine, value, mocks=add).output == {**value, "sum": 7}


def test_each_state_has_its_query_language() -> None:
    # #query-language
    machine = chained(
        {"Type": "Pass", "Parameters": {"total.$": "$.transaction.total"}},
        {"Type": "Pass", **JSONATA, "Output": {"total": "{% $states.input.total %}"}},
    )
    assert executed(machine, {"transaction": {"total": 5}}).output == {"total": 5}


@pytest.mark.parametrize("language", ["JSONPath", "JSONata"])
def test_states_inside_others_have_that_of_the_machine(language: str) -> None:
    # #query-language
    inner = {"StartAt": "I", "States": {"I": {"Type": "Pass", "Parameters": {"a.$": "$"}, "End": True}}}
    state = {"Type": "Parallel", "QueryLanguage": language, "Branches": [inner]}
    assert output(state, 1) == [{"a": 1}]


def test_variables() -> None:
    # #assigning-variables
    machine = chained(
        {"Type": "Pass", "Assign": {"make": "Infiniti", "model": "G35", "year": 2006}},
        {"Type": "Pass", **JSONATA, "Output": "{% $year & ' ' & $make & ' ' & $model %}"},
    )
    assert executed(machine).output == "2006 Infiniti G35"
    machine = chained(
        {"Type": "Pass", "Assign": {"x": 5}},
        {"Type": "Pass", "Assign": {"x": 42, "newOrOld": "{% $x %}"}},
        {"Type": "Pass", "Output": ["{% $x %}", "{% $newOrOld %}"]},
        **JSONATA,
    )
    assert executed(machine).output == [42, 5]


def test_scopes_of_variables() -> None:
    # #variable-scope
    inner = {
        "StartAt": "Begin",
        "States": {
            "Begin": {"Type": "Pass", "Assign": {"inner": "world", "hi": "{% $outer %}"}, "Next": "End"},
            "End": {"Type": "Succeed", "Output": "{% $hi %}"},
        },
    }
    machine = chained(
        {"Type": "Pass", "Assign": {"outer": "hello"}},
        {"Type": "Map", "ItemProcessor": inner, "Assign": {"outer": 2}},
        {"Type": "Pass", "Output": "{% $outer %}"},
        **JSONATA,
    )
    execution = executed(machine, ["everyone"])
    assert (execution["1"].output, execution.output) == (["hello"], 2)


def test_expressions_anywhere_in_a_payload() -> None:
    # #jsonata-evaluation
    grades = [{"grade": 34}, {"grade": 99}, {"grade": 76}, {"grade": 96}]
    values = {
        "student": {"name": "Scotland", "course": grades},
        "class": {"teacher": "Bert"},
        "two": "the number 2",
    }
    arguments = {
        "student": "{% $student.name %}",
        "classInfo": {"teacher": "{% $class.teacher %}"},
        "values": [1, "{% $two %}", "three"],
    }
    average = "{% { 'avg': $average($student.course.grade), 'num': $count($student.course) }  %}"
    machine = chained(
        {"Type": "Pass", "Assign": values}, task(Arguments=arguments, Output=average), **JSONATA
    )
    execution = executed(machine, mocks={"1": Return("done")})
    assert execution.output == {"avg": 76.25, "num": 4}
    assert execution["1"].attempts[0].input == {
        "student": "Scotland",
        "classInfo": {"teacher": "Bert"},
        "values": [1, "the number 2", "three"],
    }


@each_row(
    ("expression", "value", "expected"),
    [
        # #expressions
        ("($product := function($x, $y) {$x * $y}; $reduce([1..5], $product))", {}, 120),
        ("$sum($states.input.total)", {"total": [1, 2]}, 3),
        # #pass-state
        ("$exists($states.input.moreData) ? $states.input.moreData : {}", {}, {}),
        ("$exists($states.input.moreData) ? $states.input.moreData : {}", {"moreData": 1}, 1),
        # #jsonata-restrictions
        ("$states.input.order[$.total > 10]", {"order": [{"total": 11}, {"total": 9}]}, {"total": 11}),
        ("$states.input.order[total > 10]", {"order": [{"total": 11}, {"total": 9}]}, {"total": 11}),
    ],
)
def test_expressions(expression: str, value: Any, expected: Any) -> None:
    assert output({"Type": "Pass", "Output": f"{{% {expression} %}}"}, value, **JSONATA) == expected


@each_row(
    "state",
    [
        # #jsonata-runtime-errors, and transforming-data.html of AWS
        task(Arguments="{% $states.input.x + $states.input.y %}"),
        task(Arguments="{% $data.thisFieldDoesNotExist %}"),
        *(task(TimeoutSeconds=f"{{% {value} %}}") for value in ("'x'", "-1", "0", "1.5")),
        {"Type": "Map", "ToleratedFailurePercentage": "{% -1 %}"},
        # #jsonata-restrictions
        task(Arguments="{% $ %}"),
        task(Arguments="{% $$ %}"),
        task(Arguments="{% x %}"),
    ],
)
def test_expressions_that_fail_are_caught(state: Any) -> None:
    if state["Type"] == "Map":
        inner = {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": True}}}
        config = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}
        state = {**state, "Items": [1], "ItemProcessor": {**inner, **config}}
    handlers = [{"ErrorEquals": ["States.QueryEvaluationError"], "Next": "End"}]
    machine = one({**state, "Catch": handlers}, **JSONATA)
    machine["States"]["End"] = {"Type": "Succeed", "Output": "caught"}
    mocks = {"It": Return(1)} if state["Type"] == "Task" else {}
    assert executed(machine, {"x": "a", "y": 1}, mocks=mocks).output == "caught"


@pytest.mark.parametrize("seconds", ["'x'", "-1", "1.5"])
def test_seconds_are_whole(seconds: str) -> None:
    # #wait-state
    state = {"Type": "Wait", "Seconds": f"{{% {seconds} %}}"}
    assert failure(state, **JSONATA).startswith("States.QueryEvaluationError: ")


def test_a_payload_template() -> None:
    # #payload-template
    template = {
        "flagged": True,
        "parts": {"first.$": "$.vals[0]", "last3.$": "$.vals[-3:]"},
        "weekday.$": "$$.DayOfWeek",
        "formattedOutput.$": "States.Format('Today is {}', $$.DayOfWeek)",
    }
    value = {"flagged": 7, "vals": [0, 10, 20, 30, 40, 50]}
    machine = one({"Type": "Pass", "Parameters": template})
    assert executed(machine, value, context={"DayOfWeek": "TUESDAY"}).output == {
        "flagged": True,
        "parts": {"first": 0, "last3": [30, 40, 50]},
        "weekday": "TUESDAY",
        "formattedOutput": "Today is TUESDAY",
    }


@each_row(
    ("fields", "value", "expected"),
    [
        # #filters
        ({"ResultPath": "$.master.detail", "Result": 6}, {"master": {"detail": [1, 2, 3]}}, {"master": {"detail": 6}}),
        ({"ResultPath": "$.master.result.sum", "Result": 6}, {"master": {"detail": [1, 2, 3]}}, {"master": {"detail": [1, 2, 3], "result": {"sum": 6}}}),
        ({"ResultPath": "$.b.greeting", "Result": "Hi!"}, {"a": 1}, {"a": 1, "b": {"greeting": "Hi!"}}),
        ({"InputPath": "$.a[0,1]"}, {"a": [1, 2, 3, 4]}, [1, 2]),
        ({"OutputPath": "$.a[0,1]"}, {"a": [1, 2, 3, 4]}, [1, 2]),
        # backslashes in names, #ref-paths
        ({"ResultPath": r"$.store\.book", "Result": 1}, {}, {"store.book": 1}),
        ({"ResultPath": r"$.\stor\e.boo\k", "Result": 1}, {}, {"store": {"book": 1}}),
        ({"ResultPath": r"$.foo\@bar.baz\[\[.\?pretty", "Result": 1}, {}, {"foo@bar": {"baz[[": {"?pretty": 1}}}),
        ({"InputPath": "$.ledgers[0][22]"}, {"ledgers": [list(range(23))]}, 22),
        ({"InputPath": "$['store'][0]['book']"}, {"store": [{"book": 1}]}, 1),
    ],
)  # fmt: skip
def test_paths(fields: Any, value: Any, expected: Any) -> None:
    assert output({"Type": "Pass", **fields}, value) == expected


def test_a_result_that_has_no_place() -> None:
    # #jsonpath-runtime-errors
    message = failure({"Type": "Pass", "Result": 1, "ResultPath": "$.x"}, "foo")
    assert message.startswith("States.ResultPathMatchFailure: ")


@each_row(
    ("path", "value"),
    [
        (r"$.foo.\.bar", {"foo": {".bar": 1}}),
        ("$.&Ж中.\U00010346", {"&Ж中": {"\U00010346": 1}}),
        ("$.ledgers.branch[0].pending.count", {"ledgers": {"branch": [{"pending": {"count": 1}}]}}),
        ("$.ledgers.branch[0]", {"ledgers": {"branch": [1]}}),
        ("$['store']['book']", {"store": {"book": 1}}),
        ("$.car.cdr", {"foo": 123, "bar": ["a", "b", "c"], "car": {"cdr": 1}}),
    ],
)  # fmt: skip
def test_reference_paths(path: str, value: Any) -> None:
    # #ref-paths
    assert output({"Type": "Pass", "InputPath": path}, value) == 1


@each_row(
    ("mock", "expected"),
    [
        (Return({"status": "fine"}), {"customer": "c", "resultStatus": "fine", "elapsedTime": 7}),
        (Throw("E", "why"), {"errorDetails": {"Error": "E", "Cause": "why"}, "input": {"customer": "c"}}),
    ],
)
def test_what_states_holds(mock: Any, expected: Any) -> None:
    # #reserved-states-variable-with-jsonata
    put_out = {
        "customer": "{% $states.input.customer %}",
        "resultStatus": "{% $states.result.status %}",
        "elapsedTime": "{% $states.context.ElapsedTime %}",
    }
    caught = {"errorDetails": "{% $states.errorOutput %}", "input": "{% $states.input %}"}
    machine = one(
        task(Output=put_out, Catch=[{"ErrorEquals": ["States.ALL"], "Output": caught, "Next": "End"}]),
        **JSONATA,
    )
    machine["States"]["End"] = {"Type": "Succeed"}
    execution = executed(machine, {"customer": "c"}, mocks={"It": mock}, context={"ElapsedTime": 7})
    assert execution.output == expected


@each_row(
    ("value", "expected"),
    [
        ({"type": "Public"}, ["Public", None]),
        ({"type": "Private", "value": 22}, ["Twenties", "twenties"]),
        ({"type": "Private", "value": "22", "rating": 5, "auditThreshold": 3}, ["Audit", None]),
        ({"type": "Private", "rating": 3, "auditThreshold": 3}, ["Record", "default"]),
    ],
)
def test_a_choice_by_paths(value: Any, expected: Any) -> None:
    # #choice-state; $range would be the function of that name where nothing is assigned
    tests: list[Any] = [
        {"IsPresent": True},
        {"IsNumeric": True},
        {"NumericGreaterThanEquals": 20},
        {"NumericLessThan": 30},
    ]
    choices = [
        {"Not": {"Variable": "$.type", "StringEquals": "Private"}, "Next": "Public"},
        {"And": [{"Variable": "$.value", **test} for test in tests], "Assign": {"span": "twenties"}, "Next": "Twenties"},
        {"Variable": "$.rating", "NumericGreaterThanPath": "$.auditThreshold", "Next": "Audit"},
    ]  # fmt: skip
    state = {"Type": "Choice", "Choices": choices, "Default": "Record", "Assign": {"span": "default"}}
    ends = {
        name: {"Type": "Succeed", **JSONATA, "Output": [name, "{% $exists($span) ? $span : null %}"]}
        for name in ("Public", "Twenties", "Audit", "Record")
    }
    assert executed({"StartAt": "It", "States": {"It": state, **ends}}, value).output == expected


def test_retries_start_again_when_a_state_is_entered_again() -> None:
    # #complex-retry-scenarios
    handlers = {
        "Retry": [{"ErrorEquals": ["E"], "MaxAttempts": 1}],
        "Catch": [{"ErrorEquals": ["E"], "Next": "Between"}],
    }
    machine = one(task(**handlers))
    machine["States"]["Between"] = {"Type": "Pass", "Next": "It"}
    execution = executed(machine, mocks={"It": [Throw("E"), Throw("E"), Throw("E"), Return(1)]})
    assert execution.output == 1
    assert [len(visit.attempts) for visit in execution.of("It")] == [2, 2]


def test_fields_that_are_null() -> None:
    # #using-inputpath-parameters-resultselector-resultpath-and-outputpath
    execution = executed(one(task(InputPath=None)), 1, mocks={"It": Return(2)})
    assert (execution["It"].attempts[0].input, execution.output) == ({}, 2)
    assert executed(one(task(ResultPath=None)), 1, mocks={"It": Return(2)}).output == 1
    assert executed(one(task(OutputPath=None)), 1, mocks={"It": Return(2)}).output == {}


def test_an_assignment_of_a_catcher_reads_the_error() -> None:
    # #using-assign-1
    handler = {"ErrorEquals": ["E"], "Assign": {"e.$": "$", "name.$": "$.Error"}, "Next": "End"}
    machine = one(task(Assign={"e": "none"}, Catch=[handler]))
    machine["States"]["End"] = {"Type": "Pass", "Parameters": {"e.$": "$e", "name.$": "$name"}, "End": True}
    execution = executed(machine, mocks={"It": Throw("E", "why")})
    assert execution.output == {"e": {"Error": "E", "Cause": "why"}, "name": "E"}


def test_a_map_assigns_its_result() -> None:
    # #jsonata-map-state
    inner = {
        "StartAt": "I",
        "States": {"I": {"Type": "Pass", "Output": "{% $states.input.prod %}", "End": True}},
    }
    state = {
        "Type": "Map",
        "Items": "{% $states.input.shipped %}",
        "ItemProcessor": inner,
        "Assign": {"shipped": "{% $states.result %}"},
        "Output": {"numItemsProcessed": "{% $count($states.input.shipped) %}"},
    }
    machine = chained(
        state, {"Type": "Pass", "Output": ["{% $shipped %}", "{% $states.input %}"]}, **JSONATA
    )
    shipped = [{"prod": "R31"}, {"prod": "S39"}]
    assert executed(machine, {"shipped": shipped}).output == [["R31", "S39"], {"numItemsProcessed": 2}]
