"""What Step Functions refuses in expressions and timestamps, and what it takes that looks like it."""

from __future__ import annotations

from typing import Any

import pytest

from cfngen import Workflow
from cfngen.asl.jsonata import Reading, parse
from cfngen.asl.timestamps import is_timestamp


def codes(state: dict[str, Any], language: str = "JSONata") -> dict[str, tuple[str, str]]:
    document = {"QueryLanguage": language, "StartAt": "A", "States": {"A": state}}
    return {
        problem.location.removeprefix("/States/A/"): (problem.code, problem.severity)
        for problem in Workflow.read(document).check()
    }


@pytest.mark.parametrize(
    "text",
    [
        *("basket.total * 2", "total > 10", "delay", "$", "$.x", "$sum(items.price)", "`a b`.c"),
        *("$map($x, function($i){ price })", "{price: 1}", "[a, 1]", "1 + (b)", "$x ? name : 'd'"),
        *("-price", "$not(done)", "'a' & name"),
    ],
)
def test_a_name_at_the_top_level_is_refused(text: str) -> None:
    found = codes({"Type": "Pass", "Output": f"{{% {text} %}}", "End": True})
    assert found == {"Output": ("UNSUPPORTED_JSONATA_EXPRESSION", "error")}


@pytest.mark.parametrize(
    "text",
    [
        *("$states.input.items[price > 3].name", "$sum($states.input.items.price)", "'a' & 'b'"),
        *("$map($states.input.items, function($i){ $i.name })", "{'price': 1}", "$states.input^(price)"),
        *("$states.input.{'n': name}", "$states.input.(a + b)", "$states.input{kind: $sum(price)}"),
        *("$x := 1", "($y := $states.input; $y.a)", "true and false", "null", "1e3 + 1.5", "[1..3]"),
        *("$states.input.a in ['b']", "$states.input.items.$", "$states.input ~> |a|{'b': c}|", "/ab/"),
        *("function($x){ $x.a }", "$filter($states.input.x, function($v, $i){ $v.and > 1 })"),
        *("$states.input.items[0].tags[key = 'a'].value", "$states.input.`a b`"),
    ],
)
def test_a_name_in_a_step_a_predicate_an_order_or_a_grouping_is_accepted(text: str) -> None:
    read = parse(text)
    assert isinstance(read, Reading)
    assert (read.loose, read.reads_root) == ((), False)


def test_the_root_is_read_in_the_output_of_a_catcher_alone() -> None:
    caught = {"ErrorEquals": ["States.ALL"], "Next": "A", "Output": {"all": "{% $$ %}"}}
    state = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sns:publish",
        "Arguments": {"Message": "{% $$ %}"},
        "Catch": [caught],
        "End": True,
    }
    assert codes(state) == {"Arguments/Message": ("UNSUPPORTED_JSONATA_EXPRESSION", "error")}


@pytest.mark.parametrize(
    "fields",
    [
        {"Type": "Wait", "Seconds": "{% delay %}", "End": True},
        {"Type": "Wait", "Timestamp": "{% delay %}", "End": True},
        {"Type": "Fail", "Error": "{% delay %}"},
        {"Type": "Choice", "Choices": [{"Condition": "{% delay %}", "Next": "A"}], "Default": "A"},
        {"Type": "Pass", "Assign": {"x": "{% delay %}"}, "End": True},
    ],
)
def test_every_field_with_an_expression_refuses_a_name_at_the_top_level(fields: dict[str, Any]) -> None:
    assert ("UNSUPPORTED_JSONATA_EXPRESSION", "error") in codes(fields).values()


def test_text_that_is_no_expression_has_any_words() -> None:
    assert codes({"Type": "Pass", "Comment": "{% delay %}", "End": True}) == {}


@pytest.mark.parametrize("text", [" {% $states.input.a %} ", "Hello {% $states.input.a %}!"])
def test_an_expression_inside_text_is_found(text: str) -> None:
    found = codes({"Type": "Pass", "Output": {"x": text}, "End": True})
    assert found == {"Output/x": ("SCHEMA_VALIDATION_FAILED", "warning")}


def test_a_key_that_ends_as_in_jsonpath_is_found_in_jsonata() -> None:
    found = codes(
        {"Type": "Pass", "Output": {"deep": {"a.$": "$.a"}}, "Assign": {"b.$": "$.b"}, "End": True}
    )
    assert found == {
        "Output/deep/a.$": ("SCHEMA_VALIDATION_FAILED", "warning"),
        "Assign/b.$": ("SCHEMA_VALIDATION_FAILED", "error"),
    }


@pytest.mark.parametrize(
    "text",
    [
        *("2031-05-01T08:00:00", "2031-05-01t08:00:00Z", "2031-05-01T08:00:00z", "tomorrow"),
        *("2031-13-01T08:00:00Z", "2031-02-30T08:00:00Z", "2031-05-01T25:00:00Z", "01-05-2031T08:00:00Z"),
        *("2031-05-01T08:00:00+24:00", "2031-05-01", "{% $now() %}"),
    ],
)
def test_a_wait_until_no_timestamp_is_refused(text: str) -> None:
    assert not is_timestamp(text)
    found = codes({"Type": "Wait", "Timestamp": text, "End": True}, "JSONPath")
    assert found == {"Timestamp": ("SCHEMA_VALIDATION_FAILED", "error")}


@pytest.mark.parametrize(
    "text",
    ["2031-05-01T08:00:00+02:00", "2031-05-01T08:00:00.243167252Z", "2028-02-29T23:59:59Z"],
)
def test_a_wait_until_a_timestamp_is_accepted(text: str) -> None:
    assert codes({"Type": "Wait", "Timestamp": text, "End": True}, "JSONPath") == {}
