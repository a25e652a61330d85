"""A stranger's definition takes neither all of the time nor all of the memory: an evaluation is bounded.

The depths and sizes are those that others measured in AWS in August 2026.
"""

from __future__ import annotations

from typing import Any

import jsonata  # noqa: F401  its import raises the recursion limit, of which Hypothesis would warn in a test
import pytest

from cfngen.execution import Return, Throw, run
from cfngen.execution.deadlines import DEADLINE, MAX_SECONDS
from cfngen.execution.regexes import Regex, RegexError
from tests.execution.machines import executed, failure, one, output, task
from tests.rows import each_row

PASS: Any = {"Type": "Pass"}
TOO_LONG = "Expression evaluation timeout: Check for infinite loop"
TOO_LARGE = "Expression evaluation memory limit exceeded: Check for excessive memory usage"
TOO_DEEP = (
    "Stack overflow error: Check for non-terminating recursive function.  "
    "Consider rewriting as tail-recursive. Depth=101 max=100"
)
SLOW = "$string($states.input), /(a|aa)+$/"
"""Text and a pattern that take for ever."""

DOUBLED = "($d := function($s, $n) {{ $n = 0 ? $s : $d($s & $s, $n - 1) }}; $length($d('x', {})))"
NESTED = "($f := function($n) {{ $n = 0 ? 0 : 1 + $f($n - 1) }}; $f({}))"


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cfngen.execution.deadlines.MAX_SECONDS", 0.02)


def evaluated(expression: str, data: Any = None) -> Any:
    return output({"Type": "Pass", "Output": f"{{% {expression} %}}"}, data, QueryLanguage="JSONata")


def refused(expression: str, data: Any = None) -> str:
    message = failure({"Type": "Pass", "Output": f"{{% {expression} %}}"}, data, QueryLanguage="JSONata")
    assert message.startswith("States.QueryEvaluationError: ")
    return message.rpartition("' threw an error during evaluation: ")[2]


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("+".join(["1"] * 100), 100),
        ("(" * 99 + "1" + ")" * 99, 1),
        ("$count(" + "[" * 98 + "1" + "]" * 98 + ")", 1),
        (" ~> ".join(["[1]", *["$sum"] * 98]), 1),
        (NESTED.format(31), 31),
        (DOUBLED.format(22), 4_194_304),
        ("$count([1..873782])", 873_782),
        ("$count($range(1, 360145, 1))", 360_145),
        ("$length($formatNumber(1, '#' & $pad('x', 200000, 'x')))", 200_001),
    ],
)
def test_as_much_as_aws_takes(expression: str, result: Any) -> None:
    assert evaluated(expression) == result


@pytest.mark.parametrize(
    ("expression", "error"),
    [
        ("+".join(["1"] * 101), TOO_DEEP),
        ("(" * 100 + "1" + ")" * 100, TOO_DEEP),
        (NESTED.format(32), TOO_DEEP),
        (DOUBLED.format(23), TOO_LARGE),
        ("$count([1..873783])", TOO_LARGE),
        ("$count($range(1, 360146, 1))", TOO_LARGE),
        ("$range(1, 1000000000, 1)", TOO_LARGE),
        ("[1..10000000] ~> $count", TOO_LARGE),
        ("$pad('a', 1000000000)", TOO_LARGE),
        ("$pad('a', -1000000000)", TOO_LARGE),
        ("($s := $pad('a', 100000, 'a'); $join([1..1000].$s, $s))", TOO_LARGE),
        ("($s := $pad('a', 100000, 'a'); $replace($s, 'a', $s))", TOO_LARGE),
        ("($s := $pad('a', 100000, 'a'); $replace($s, /a/, $s))", TOO_LARGE),
        ("($s := $pad('a', 3000000, 'a'); [$s, $s, $s])", TOO_LARGE),
        ("$fromMillis(1, '[Y,1000000000]')", TOO_LARGE),
    ],
)
def test_one_more_than_aws_takes(expression: str, error: str) -> None:
    assert refused(expression) == error


def test_an_expression_that_is_too_long_is_not_read() -> None:
    message = failure({"Type": "Pass", "Output": f"{{% $a{'.a' * 30_000} %}}"}, QueryLanguage="JSONata")
    assert message.endswith(
        "threw an error during evaluation. The expression has more than 50,000 characters"
    )


@pytest.mark.usefixtures("hurry")
@pytest.mark.parametrize(
    "expression",
    [
        f"$replace({SLOW}, 'x')",
        f"$match({SLOW})",
        f"$contains({SLOW})",
        f"$split({SLOW})",
        f"$replace({SLOW}, 'x', 1)",
        f"[1..1000].$contains({SLOW})",
        "($f := function($n) { $f($n) }; $f(1))",
        "$sort([1..100000], function($a, $b) { $a < $b })",
        "[1..100000].($)[$ > 1]",
    ],
)
def test_what_takes_for_ever_is_stopped(expression: str) -> None:
    assert refused(expression, "a" * 60 + "b") == TOO_LONG


@pytest.mark.usefixtures("hurry")
@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("$[?(@.a =~ /(a|aa)+$/)]", [{"a": "a" * 60 + "b"}] * 50),
        ("$..*..*..*..*..*", [[[[[[[list(range(9))] * 3] * 3] * 3] * 3] * 3] * 3] * 3),
    ],
)
def test_a_path_that_takes_for_ever_is_stopped(path: str, data: Any) -> None:
    message = failure({"Type": "Pass", "InputPath": path}, data)
    assert "it takes too long to evaluate" in message


def test_those_after_one_that_took_too_long_have_less_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cfngen.execution.deadlines.MAX_SECONDS", 0.03)
    state = {
        "Type": "Map",
        "Items": "{% [1..1000] %}",
        "ItemProcessor": {
            "StartAt": "P",
            "States": {
                "P": {"Type": "Pass", "Output": "{% ($f := function($n) { $f($n) }; $f(1)) %}", "End": True}
            },
        },
        "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 500, "MaxDelaySeconds": 2}],
    }
    message = failure(state, QueryLanguage="JSONata")
    assert TOO_LONG in message
    assert 0 < DEADLINE.seconds < 0.03 / 3**100
    run({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}})
    assert DEADLINE.seconds == 0.03
    assert MAX_SECONDS == 3


@pytest.mark.parametrize("inner", ["Pass", "Parallel"])
def test_many_that_go_round_and_round_end_together(inner: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cfngen.execution.history.MAX_EXPRESS_STATES", 1000)
    first = {"Type": "Parallel", "Branches": [one(PASS)]} if inner == "Parallel" else PASS
    states = {"A": {**first, "Next": "B"}, "B": {**PASS, "Next": "A"}}
    machine = one({"Type": "Map", "ItemProcessor": {"StartAt": "A", "States": states}})
    execution = executed(machine, list(range(200)), type="EXPRESS")
    assert execution.status == "TIMED_OUT"
    assert len(execution.events) < 30_000


def test_many_that_go_through_some_states_or_take_time_do_not_end_early(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cfngen.execution.history.MAX_EXPRESS_STATES", 100)
    states = {f"S{number}": {**PASS, "Next": f"S{number + 1}"} for number in range(150)}
    states["S150"] = {**PASS, "End": True}
    machine = one({"Type": "Map", "ItemProcessor": {"StartAt": "S0", "States": states}})
    assert executed(machine, list(range(10)), type="EXPRESS").status == "SUCCEEDED"
    more = {"Variable": "$", "NumericLessThan": 90, "Next": "W"}
    polled = {
        "StartAt": "W",
        "States": {
            "W": {"Type": "Wait", "Seconds": 1, "Next": "T"},
            "T": {**task(), "Next": "C"},
            "C": {"Type": "Choice", "Choices": [more], "Default": "E"},
            "E": {"Type": "Succeed"},
        },
    }
    answers = {"T": lambda tries: Return(tries + 1, seconds=0.1)}
    assert executed(polled, 0, type="EXPRESS", mocks=answers).output == 90


@pytest.mark.parametrize("text", ["*a" * 30 + "b", "a*" * 30 + "b", "*" * 200 + "b"])
def test_stars_are_matched_in_one_go(text: str) -> None:
    state = {
        "Type": "Choice",
        "Choices": [{"Variable": "$", "StringMatches": text, "Next": "Yes"}],
        "Default": "No",
    }
    end = {"Type": "Pass", "End": True}
    machine = {"StartAt": "It", "States": {"It": state, "Yes": end, "No": end}}
    assert run(machine, "a" * 20_000).states == ["It", "No"]
    assert run(machine, "a" * 20_000 + "b").states == ["It", "Yes"]


def test_unique_items_are_found_in_one_go() -> None:
    items = [number / 7 for number in range(1, 12_000, 2)]
    assert output({"Type": "Pass", "Parameters": {"u.$": "States.ArrayUnique($)"}}, items + items) == {
        "u": items
    }


@pytest.mark.parametrize(
    "text", ["(?:(?:(?:x{99}){99}){99}){99}", "[a-z]{1000000}", "(a{200}){200}", "(", "a**"]
)
def test_a_pattern_that_is_none_or_too_large_is_refused(text: str) -> None:
    with pytest.raises(RegexError):
        Regex(text)


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("$replace('aaa', /a/, 'ba', 2)", "babaa"),
        ("$replace('a.b.c', '.', '$$')", "a$b$c"),
        ("$replace('265USD', /([0-9]+)USD/, '$$$1')", "$265"),
        ("$replace('abc', /(b)/, '<$12>')", "a<b2>c"),
        ("$replace('abc', /(b)/, '<$2>')", "a<>c"),
        ("$replace('abc', /b/, '$0$0\\\\\\\\d')", "abb\\dc"),
        ("$replace('abc', /b/, function($m) { $uppercase($m.match) })", "aBc"),
        ("'abc' ~> $replace('b', 'x')", "axc"),
        ("'abc' ~> $replace(?, 'b', 'x')", "axc"),
        ("$match('2026-11', /(?<y>\\\\d+)-(\\\\d+)/).groups", ["2026", "11"]),
        ("$match('ab', /\\\\w/)", [{"match": "a", "index": 0, "groups": []}, {"match": "b", "index": 1, "groups": []}]),
        ("$contains('Prüfen', /^\\\\w+$/)", False),
        ("$distinct([1, true, 1.0, 'a', [1], [1], {'a': 1, 'b': 2}, {'b': 2, 'a': 1}])", [1, True, "a", [1], {"a": 1, "b": 2}]),
        ("$spread([{'a': 1, 'b': 2}, {'c': 3}])", [{"a": 1}, {"b": 2}, {"c": 3}]),
        ("$pad('x', -3, '#')", "##x"),
        ("$join(['a', 'b'], '-')", "a-b"),
        ("$map(['a'], $pad(?, 3, '.'))", "a.."),
    ],
)  # fmt: skip
def test_the_functions_that_have_bounds_do_what_jsonata_says(expression: str, result: Any) -> None:
    assert evaluated(expression.replace("\\\\", "\\")) == result


def _express(states: Any, items: list[Any], **options: Any) -> Any:
    """A distributed Map whose children are express, and may all fail."""
    config = {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}
    processor = {"StartAt": "A", "States": states, "ProcessorConfig": config}
    machine = one({"Type": "Map", "ToleratedFailurePercentage": 100, "ItemProcessor": processor})
    return executed(machine, items, **options)


WAIT: Any = {"Type": "Wait", "Seconds": 200}
LOOP: Any = {"A": {**PASS, "Next": "B"}, "B": {**PASS, "Next": "A"}}


@each_row(
    ("states", "mocks"),
    [
        ({"A": {**WAIT, "Next": "B"}, "B": {**PASS, "Next": "A"}}, {}),
        ({"A": {**WAIT, "Next": "B"}, "B": {**WAIT, "Next": "C"}, "C": {"Type": "Fail"}}, {}),
        ({"A": task(End=True)}, {"A": Return(1, seconds=301)}),
        ({"A": task(Retry=[{"ErrorEquals": ["E"], "IntervalSeconds": 200}], End=True)}, {"A": Throw("E")}),
        (
            {
                "A": {
                    "Type": "Map",
                    "ItemProcessor": one({**WAIT, "Seconds": 100}),
                    "MaxConcurrency": 1,
                    "ItemsPath": "$",
                    "End": True,
                }
            },
            {},
        ),
    ],
)
def test_an_express_child_has_five_minutes(states: Any, mocks: Any) -> None:
    execution = _express(states, [[1, 2, 3, 4]], mocks=mocks)
    [child] = execution.map_runs[0].executions
    assert (child.status, child.error, child.cause) == ("TIMED_OUT", "States.Timeout", None)
    assert (child.duration.total_seconds(), execution.duration.total_seconds()) == (300, 300)
    assert child.events[-1]["type"] == "ExecutionTimedOut"
    assert execution.map_runs[0].failed == 1


def test_an_express_child_that_takes_just_five_minutes() -> None:
    execution = _express({"A": {**WAIT, "Seconds": 300, "End": True}}, [1])
    assert execution.map_runs[0].executions[0].status == "SUCCEEDED"


def test_express_children_that_go_round_and_round_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cfngen.execution.history.MAX_EXPRESS_STATES", 5000)
    execution = _express(LOOP, list(range(15)))
    children = execution.map_runs[0].executions
    assert {child.status for child in children} == {"TIMED_OUT"}
    assert len(children[9].events) > 10_000
    assert len(children[11].events) < 3000  # they are too many by now
    assert execution.status == "SUCCEEDED"


def test_express_children_that_succeed_are_never_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cfngen.execution.history.MAX_EXPRESS_STATES", 1500)
    more = {"Variable": "$", "NumericLessThan": 700, "Next": "B"}
    states = {
        "A": {"Type": "Choice", "Choices": [more], "Default": "E"},
        "B": {**PASS, "Parameters": {"n.$": "States.MathAdd($, 1)"}, "OutputPath": "$.n", "Next": "A"},
        "E": {"Type": "Succeed"},
    }
    execution = _express(states, [0] * 20)
    assert execution.output == [700] * 20
