"""Examples of the specification about states and their errors, https://states-language.net/spec.html.

Those of AWS's pages that say the same stand beside them.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from cfngen.execution import Return, Throw
from tests.execution.machines import executed, one, task
from tests.execution.test_choices import chosen
from tests.rows import each_row

JSONATA: Any = {"QueryLanguage": "JSONata"}


@each_row(
    ("retrier", "waits"),
    [
        # #retrying-after-error
        ({}, [3, 6]),
        ({"MaxDelaySeconds": 4}, [3, 4]),
        # concepts-error-handling.html of AWS
        ({"BackoffRate": 1}, [3, 3]),
        ({"MaxAttempts": 3}, [3, 6, 12]),
        ({"MaxAttempts": 3, "MaxDelaySeconds": 5}, [3, 5, 5]),
    ],
)
def test_intervals(retrier: Any, waits: list[int]) -> None:
    whole = {"ErrorEquals": ["E"], "IntervalSeconds": 3, "MaxAttempts": 2, "BackoffRate": 2.0, **retrier}
    execution = executed(one(task(Retry=[whole])), mocks={"It": Throw("E")})
    assert len(execution["It"].attempts) == 1 + len(waits)
    assert execution.duration.total_seconds() == sum(waits)


@each_row("seed", range(5))
def test_intervals_with_jitter(seed: int) -> None:
    # concepts-error-handling.html of AWS: between 0 and 2, 4 and 8 seconds
    retrier = {"ErrorEquals": ["E"], "IntervalSeconds": 2, "MaxAttempts": 3, "JitterStrategy": "FULL"}
    execution = executed(one(task(Retry=[retrier])), mocks={"It": Throw("E")}, seed=seed)
    starts = [event["timestamp"] for event in execution.events if event["type"] == "TaskScheduled"]
    waits = [(after - before).total_seconds() for before, after in pairwise(starts)]
    assert all(0 <= wait <= most for wait, most in zip(waits, (2, 4, 8), strict=True))


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (
            "java.lang.Exception",
            {"foo": "bar", "error-info": {"Error": "java.lang.Exception", "Cause": "c"}},
        ),
        ("FatalError", [True, {"Error": "FatalError", "Cause": "c"}]),
        ("Other", [False, {"Error": "Other", "Cause": "c"}]),
    ],
)
def test_catchers_of_jsonata(error: str, expected: Any) -> None:
    # #jsonata-catchers
    merged = "{% $merge([ $states.input, {'error-info': $states.errorOutput} ]) %}"
    fatal = "{% $contains($lowercase($states.errorOutput.Error), /.*fatal.*/) %}"
    catchers = [
        {"ErrorEquals": ["java.lang.Exception"], "Output": merged, "Next": "Recovery"},
        {"ErrorEquals": ["States.ALL"], "Assign": {"isCritical": fatal}, "Next": "End"},
    ]
    machine = one(task(Catch=catchers), **JSONATA)
    machine["States"]["Recovery"] = {"Type": "Succeed"}
    machine["States"]["End"] = {"Type": "Succeed", "Output": ["{% $isCritical %}", "{% $states.input %}"]}
    assert executed(machine, {"foo": "bar"}, mocks={"It": Throw(error, "c")}).output == expected


def test_a_catcher_of_jsonpath_assigns() -> None:
    # #jsonpath-catchers
    machine = one(
        task(Catch=[{"ErrorEquals": ["States.ALL"], "Assign": {"hasError": True}, "Next": "End"}])
    )
    machine["States"]["End"] = {"Type": "Pass", "Parameters": {"it.$": "$hasError"}, "End": True}
    assert executed(machine, mocks={"It": Throw("E")}).output == {"it": True}


@each_row(
    ("value", "reached", "expected"),
    [
        ({"type": "Public"}, "Public", [None, {"type": "Public"}]),
        ({"type": "Private", "n": 23}, "Twenties", ["twenties", {"type": "Private", "n": 23}]),
        ({"type": "Private", "n": 0, "rating": 5, "auditThreshold": 3}, "Audit", [None, {"excess": 2}]),
        ({"type": "Private", "n": 0, "rating": 1, "auditThreshold": 3}, "Record", ["default", {"type": "Private", "n": 0, "rating": 1, "auditThreshold": 3}]),
    ],
)  # fmt: skip
def test_a_choice_of_jsonata(value: Any, reached: str, expected: Any) -> None:
    # #choice-state
    twenties = "$exists($value) and $type($value)='number' and $value>=20 and $value<30"
    rules = [
        {"Condition": "{% $states.input.type != 'Private' %}", "Next": "Public"},
        {"Condition": f"{{% {twenties} %}}", "Assign": {"range": "twenties"}, "Next": "Twenties"},
        {
            "Condition": "{% $states.input.rating >= $states.input.auditThreshold %}",
            "Output": {"excess": "{% $states.input.rating - $states.input.auditThreshold %}"},
            "Next": "Audit",
        },
    ]
    choice = {"Type": "Choice", "Choices": rules, "Default": "Record", "Assign": {"range": "default"}}
    first = {
        "Type": "Pass",
        "Assign": {"value": "{% $states.input.n ? $states.input.n : 0 %}"},
        "Next": "C",
    }
    ends = {name: {"Type": "Succeed"} for name in ("Public", "Twenties", "Audit", "Record")}
    machine = {"StartAt": "F", **JSONATA, "States": {"F": first, "C": choice, **ends}}
    execution = executed(machine, value)
    assert (execution.states[-1], execution.output) == (reached, expected[1])
    [details] = [
        event["stateExitedEventDetails"]
        for event in execution.events
        if event["type"] == "ChoiceStateExited"
    ]
    assert details.get("assignedVariables") == ({"range": f'"{expected[0]}"'} if expected[0] else None)


@each_row(
    ("pattern", "text", "is_chosen"),
    [
        # #choice-state, and state-choice.html of AWS
        ("foo*.log", "foo23.log", True),
        ("*.log", "zebra.log", True),
        ("foo*.*", "foobar.zebra", True),
        ("log-*.txt", "log-1.txt", True),
        ("log-*.txt", "log-1-txt", False),
        (r"a\*b\\", "a*b\\", True),
        (r"a\*b", "axb", False),
    ],
)
def test_patterns(pattern: str, text: str, is_chosen: bool) -> None:
    assert chosen({"Variable": "$", "StringMatches": pattern}, text) is is_chosen


@pytest.mark.parametrize("pattern", ["a\\", r"a\b"])
def test_an_open_escape_in_a_pattern(pattern: str) -> None:
    assert chosen({"Variable": "$", "StringMatches": pattern}, "ab").startswith("States.Runtime: ")


def test_strings_are_compared_as_they_are() -> None:
    # #choice-state: no case folding, no collapsing of spaces, no normal form
    for text in ("ABC", "a  b", "e\u0301"):
        other = {"ABC": "abc", "a  b": "a b", "e\u0301": "\u00e9"}[text]
        assert chosen({"Variable": "$", "StringEquals": other}, text) is False


@pytest.mark.parametrize("fields", [{"ErrorPath": "$.Error", "CausePath": "$.Cause"}, {**JSONATA, "Error": "{% $states.input.Error %}", "Cause": "{% $states.input.Cause %}"}])  # fmt: skip
def test_a_fail_state(fields: Any) -> None:
    # #fail-state
    machine = {"StartAt": "F", "States": {"F": {"Type": "Fail", **fields}}}
    execution = executed(machine, {"Error": "ErrorA", "Cause": "Kaiju attack"})
    assert (execution.error, execution.cause) == ("ErrorA", "Kaiju attack")


def test_a_parallel_state() -> None:
    # #parallel-state
    branches = [
        {"StartAt": name, "States": {name: {**task(), "End": True}}} for name in ("Add", "Subtract")
    ]
    mocks = {"Add": lambda pair: Return(sum(pair)), "Subtract": lambda pair: Return(pair[0] - pair[1])}
    assert executed(one({"Type": "Parallel", "Branches": branches}), [3, 2], mocks=mocks).output == [5, 1]
