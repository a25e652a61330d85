"""JSONata: the functions that Step Functions adds, what expressions read, and how they fail.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

import random
import re
import sys
from typing import Any

import jsonata  # noqa: F401  its import raises the recursion limit, of which Hypothesis would warn in a test
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cfngen import execution
from cfngen.core.installation import install_command
from cfngen.execution import ExecutionError, run
from cfngen.execution import jsonata as jsonata_module
from cfngen.execution.bindings import Bindings
from cfngen.execution.failures import QueryError
from cfngen.execution.jsonata import Expression
from tests.execution.machines import chain, executed, failure, one, output, task
from tests.rows import each_row

JSONATA = "JSONata"


def evaluated(expression: Any, data: Any = None) -> Any:
    return output({"Type": "Pass", "Output": f"{{% {expression} %}}"}, data, QueryLanguage=JSONATA)


@each_row(
    ("expression", "expected"),
    [
        ("$partition([1,2,3,4], 2)", [[1, 2], [3, 4]]),
        ("$partition([1,2,3], 2.9)", [[1, 2], [3]]),
        ("$partition([0], 1)", [[0]]),  # recorded
        ("$range(0, 10, 2)", [0, 2, 4, 6, 8, 10]),
        ("$range(1, 9, 9)", 1),  # recorded: a sequence of one is its item
        ("$range(-1.7, 2, 1)", [-1, 0, 1, 2]),
        ("$hash('content', 'MD5')", "9a0364b9e99bb480dd25e1f0284c8555"),
        ("""$parse('{"foo": "bar", "n": null}')""", {"foo": "bar", "n": None}),
        ("$parse('-0')", 0),
        ("$random(7) = $random(7)", True),
        ("$now()", "2026-11-28T04:22:04.000Z"),
        ("$millis()", 1795839724000),
        ("1 + 1", 2),
        ("6 / 4", 1.5),
        ("$states.input.a", {"b": [1, None]}),
        ("$states.input.a.b", [1, None]),
        ("$states.input.none", None),
        ("$exists($states.input.none)", True),
        ("$states.input.list[$ > 1]", [2, 3]),
        ("$states.input.objects.n", [1, 2]),
        ("$sum($states.input.list)", 6),
        ("$states.context.State.Name", "It"),
        ("$states.input.text & '!'", 'say "hi" \\ ${x}\n!'),
        ("$contains('hello$world', /^hello\\$/)", True),
        ("$map($states.input.list, function($n) { $n * 2 })", [2, 4, 6]),
        ("{'Grüße': $states.input.list[0]}", {"Grüße": 1}),
    ],
)
def test_what_expressions_yield(expression: str, expected: Any) -> None:
    data: dict[str, Any] = {
        "a": {"b": [1, None]},
        "none": None,
        "list": [1, 2, 3],
        "objects": [{"n": 1}, {"n": 2}],
        "text": 'say "hi" \\ ${x}\n',
    }
    assert evaluated(expression, data) == expected


@each_row(
    ("expression", "happened"),
    [
        ("$states.input.absent", "returned nothing (undefined)."),
        ("$notAssigned", "returned nothing (undefined)."),
        ("$range(1, 2)", "returned nothing (undefined)."),
        ("$partition([], 2)", "returned nothing (undefined)."),
        ("$partition([1], 0)", "returned nothing (undefined)."),
        ("function($x) { $x }", "returned an unsupported result type."),
        ("$eval('1')", "threw an error during evaluation. T1006: Attempted to invoke a non-function"),
        ("$parse('{')", "threw an error during evaluation: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        ("$parse('NaN')", "threw an error during evaluation: JSON has no NaN"),
        ("$parse('1e999')", "threw an error during evaluation: 1e999 is larger than all numbers"),
        ("1 +", "threw an error during evaluation. S0207: Unexpected end of expression"),
    ],
)  # fmt: skip
def test_how_expressions_fail(expression: str, happened: str) -> None:
    message = failure({"Type": "Pass", "Output": {"a": [f"{{% {expression} %}}"]}}, QueryLanguage=JSONATA)
    assert message == (
        "States.QueryEvaluationError: An error occurred while executing the state 'It' (entered at the event id #2). "
        f"The JSONata expression '{expression}' specified for the field 'Output/a[0]' {happened}"
    )


def test_text_around_braces_is_no_expression() -> None:
    assert output({"Type": "Pass", "Output": [" {% 1 %}", "{% 1 %} ", "{%1%}"]}, QueryLanguage=JSONATA) == [
        " {% 1 %}",
        "{% 1 %} ",
        1,
    ]


def test_endless_recursion_fails_the_state() -> None:
    message = failure(
        {"Type": "Pass", "Output": "{% ($f := function($n) { 1 + $f($n) }; $f(1)) %}"},
        QueryLanguage=JSONATA,
    )
    assert message.startswith("States.QueryEvaluationError: ")


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jsonata", None)
    monkeypatch.delitem(sys.modules, "cfngen.execution.jsonata_reference", raising=False)
    monkeypatch.delattr(execution, "jsonata_reference", raising=False)
    jsonata_module._jsonata_library.cache_clear()
    jsonata_module.compile_expression.cache_clear()
    try:
        with pytest.raises(ExecutionError, match=re.escape(install_command("jsonata")) + "$"):
            run(one({"Type": "Pass", "Output": "{% 1 %}"}, QueryLanguage=JSONATA))
    finally:
        monkeypatch.undo()
        jsonata_module._jsonata_library.cache_clear()
        jsonata_module.compile_expression.cache_clear()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(["", "x"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2)
    ),
    max_leaves=8,
)


def result(expression: Any, bindings: Any) -> Any:
    try:
        return expression.evaluate(bindings, "Output")
    except QueryError as error:
        return str(error.cause)


@given(
    VALUES, st.sampled_from(["$states.input", "$states.input.a", "$states.input.a.b", "$v", "$v.b", "$w.a"])
)
def test_names_that_are_followed_lead_where_the_library_leads(value: Any, source: Any) -> None:
    bindings = Bindings(value, {"v": value}, dict, random.Random(0), lambda: 0.0, {"input": value})
    quick, whole = Expression(source), Expression(source)
    whole._steps = ()
    assert result(quick, bindings) == result(whole, bindings)


PASSING = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}


@each_row(
    ("state", "previous"),
    [
        ({"Type": "Wait", "Seconds": "{% -1 %}"}, 2),
        ({"Type": "Wait", "Timestamp": "{% 'soon' %}"}, 2),
        ({**task(), "TimeoutSeconds": "{% 0 %}"}, 2),
        ({**task(), "HeartbeatSeconds": "{% 0 %}"}, 2),
        ({"Type": "Map", "Items": [1], "ItemProcessor": PASSING, "MaxConcurrency": "{% -1 %}"}, 2),
        ({"Type": "Wait", "Seconds": "{% 'x' %}"}, 0),
        ({"Type": "Wait", "Timestamp": "{% 1 %}"}, 0),
        ({**task(), "TimeoutSeconds": "{% 'x' %}"}, 0),
        ({"Type": "Map", "Items": "{% 1 %}", "ItemProcessor": PASSING}, 0),
        ({"Type": "Pass", "Output": "{% $absent %}"}, 0),
    ],
    ids=str,
)
def test_a_number_out_of_range_fails_after_the_entry_and_an_expression_beside_it(
    state: Any, previous: int
) -> None:
    execution = executed(one(state, QueryLanguage=JSONATA), {})
    [failed] = [line for line in chain(execution) if line.endswith("EvaluationFailed")]
    assert failed == f"3<-{previous} EvaluationFailed"
