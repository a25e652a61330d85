"""Random machines with random inputs end with a status, and the same one each time."""

from __future__ import annotations

import json
from typing import Any

import jsonata  # noqa: F401  its import raises the recursion limit, of which Hypothesis would warn in a test
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cfngen.asl.values import Language
from cfngen.execution import Return, Throw, run
from cfngen.execution.json_values import copied_json, is_equal, is_larger, to_text
from tests.execution.machines import LAMBDA, START

KEYS = st.sampled_from(["a", "b", "items", "n"])
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-3, 5)
    | st.floats(-2, 2)
    | st.sampled_from(["", "x", "2026-11-28T04:22:09Z", "1", "ü\n"])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=10,
)
PATHS = st.sampled_from(
    ["$", "$.a", "$.items", "$.n", "$.a.b", "$.items[0]", "$.items[*].a", "$..n", "$.items[?(@.n > 1)]", "$.items[-1:]", "$$.Execution.Input", "$v", "$$.Map.Item.Value"]
)  # fmt: skip
CALLS = st.sampled_from(
    ["States.Format('{}', $.a)", "States.Array($.a, $v)", "States.MathAdd($.n, 1)", "States.ArrayLength($.items)", "States.JsonToString($)", "States.StringSplit($.a, 'x')", "States.UUID()"]
)  # fmt: skip
EXPRESSIONS = st.sampled_from(
    ["{% $states.input %}", "{% $states.input.a %}", "{% $v %}", "{% $states.input.items[0] %}", "{% $count($states.input) %}", "{% $states.input.n > 1 %}", "{% $string($states.input) %}", "{% $random() %}", "{% [1..3] %}", "{% $states.context.State %}", "{% $sum($states.input.items.n) %}"]
)  # fmt: skip
ERRORS = st.lists(
    st.sampled_from(["E", "States.ALL", "States.TaskFailed", "States.Timeout"]), min_size=1, max_size=2
)
HANDLERS = st.fixed_dictionaries(
    {},
    optional={
        "Retry": st.lists(
            st.fixed_dictionaries({"ErrorEquals": ERRORS}, optional={"MaxAttempts": st.integers(0, 2), "JitterStrategy": st.just("FULL")}),
            max_size=2,
        )
    },
)  # fmt: skip


def fields(language: Language) -> Any:
    """Fields that a state may have."""
    if language == "JSONata":
        return st.fixed_dictionaries(
            {},
            optional={"Output": EXPRESSIONS | VALUES, "Assign": st.fixed_dictionaries({"v": EXPRESSIONS})},
        )
    return st.fixed_dictionaries(
        {},
        optional={
            "InputPath": st.none() | PATHS,
            "OutputPath": st.none() | PATHS,
            "Assign": st.fixed_dictionaries({"v.$": PATHS | CALLS}),
        },
    )


@st.composite
def states(draw: st.DrawFn, language: Language, depth: int, following: Any) -> Any:
    """One state, which goes on to any of the states around it."""
    kinds = ["Pass", "Wait", "Choice", "Task", "Fail", "Succeed"]
    if depth:
        kinds += ["Parallel", "Map"]
    kind = draw(st.sampled_from(kinds))
    is_jsonata = language == "JSONata"
    target = draw(st.sampled_from(following))
    after = {"End": True} if target is None else {"Next": target}
    if kind == "Fail":
        return {
            "Type": "Fail",
            **draw(st.sampled_from([{}, {"Error": "E"}, {"Error": "E", "Cause": "why"}])),
        }
    common = draw(fields(language))
    if kind == "Succeed":
        common.pop("Assign", None)
        return {"Type": "Succeed", **common}
    if kind == "Choice":
        targets = [name for name in following if name is not None] or None
        if targets is None:
            return {"Type": "Succeed"}
        rule = (
            {"Condition": draw(EXPRESSIONS)}
            if is_jsonata
            else {
                "Variable": draw(PATHS),
                draw(
                    st.sampled_from(["NumericEquals", "IsPresent", "StringLessThanPath", "BooleanEquals"])
                ): draw(st.just("$.a")),
            }
        )
        choices = {"Choices": [{**rule, "Next": draw(st.sampled_from(targets))}]}
        default = draw(st.sampled_from([{}, {"Default": targets[0]}]))
        return {"Type": "Choice", **choices, **default, **common}  # fmt: skip
    if kind == "Wait":
        seconds = draw(EXPRESSIONS | st.integers(0, 9)) if is_jsonata else draw(st.integers(0, 9))
        path = draw(st.booleans()) and not is_jsonata
        return {
            "Type": "Wait",
            **({"SecondsPath": draw(PATHS)} if path else {"Seconds": seconds}),
            **common,
            **after,
        }
    if not is_jsonata:
        common |= draw(
            st.fixed_dictionaries({}, optional={"ResultPath": st.sampled_from([None, "$", "$.a", "$.a.b"])})
        )
    if kind == "Pass":
        extra = (
            {}
            if is_jsonata
            else draw(
                st.fixed_dictionaries(
                    {}, optional={"Parameters": st.fixed_dictionaries({"x.$": PATHS | CALLS, "y": VALUES})}
                )
            )
        )
        return {"Type": "Pass", **extra, **common, **after}  # fmt: skip
    handlers = draw(HANDLERS)
    if target is not None and draw(st.booleans()):
        handlers["Catch"] = [{"ErrorEquals": draw(ERRORS), "Next": target}]
    if kind == "Task":
        extra = draw(
            st.fixed_dictionaries(
                {},
                optional=dict[str, st.SearchStrategy[Any]](
                    {
                        "TimeoutSeconds": st.integers(1, 9),
                        "Arguments" if is_jsonata else "Parameters": VALUES,
                    }
                ),
            )
        )
        return {"Type": "Task", "Resource": LAMBDA, **extra, **common, **handlers, **after}  # fmt: skip
    if kind == "Parallel":
        branches = draw(st.lists(machines(language, depth - 1), min_size=1, max_size=2))
        return {"Type": "Parallel", "Branches": branches, **common, **handlers, **after}
    processor = draw(machines(language, depth - 1))
    if draw(st.booleans()):
        processor["ProcessorConfig"] = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    items = (
        {"Items": draw(EXPRESSIONS | st.lists(VALUES, max_size=2))}
        if is_jsonata
        else {"ItemsPath": draw(PATHS)}
    )
    return {
        "Type": "Map",
        "ItemProcessor": processor,
        **items,
        "MaxConcurrency": draw(st.integers(0, 2)),
        **common,
        **handlers,
        **after,
    }


@st.composite
def machines(draw: st.DrawFn, language: Language, depth: int) -> dict[str, Any]:
    """A machine of a few states, without names that two of them share."""
    count = draw(st.integers(1, 3))
    names = [f"{depth}-{draw(st.integers(0, 10**9))}-{number}" for number in range(count)]
    branch_states = {}
    for number, name in enumerate(names):
        branch_states[name] = draw(states(language, depth, [*names[number + 1 :], None]))
    return {"StartAt": names[0], "States": branch_states}


@st.composite
def definitions(draw: st.DrawFn) -> dict[str, Any]:
    languages: list[Language] = ["JSONPath", "JSONata"]
    language = draw(st.sampled_from(languages))
    definition = draw(machines(language, 2))
    return {**definition, "QueryLanguage": language}


ANSWERS = st.lists(
    st.builds(Return, VALUES, st.integers(0, 12)) | st.builds(Throw, st.sampled_from(["E", "F", "States.Timeout", None]), st.just("why")),
    min_size=1,
    max_size=3,
)  # fmt: skip


def outcome(definition: dict[str, Any], value: Any, answers: Any) -> Any:
    """The bytes that an execution comes to."""
    count = 0

    def answer(call: Any) -> Any:
        nonlocal count
        count += 1
        return answers[count % len(answers)]

    execution = run(definition, value, tasks=answer, start=START)
    assert execution.status in ("SUCCEEDED", "FAILED", "TIMED_OUT")
    events = execution.events
    assert [event["id"] for event in events] == list(range(1, len(events) + 1))
    assert all(event["previousEventId"] < event["id"] for event in events)
    return json.dumps(
        [execution.status, execution.output, execution.error, execution.cause, events], default=str
    )


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(definitions(), VALUES, ANSWERS)
@pytest.mark.slow
def test_an_execution_ends_with_a_status_and_two_are_the_same(
    definition: dict[str, Any], value: Any, answers: Any
) -> None:
    assert outcome(definition, value, answers) == outcome(definition, value, answers)


@given(VALUES)
def test_values_are_copied_and_written_as_json(value: Any) -> None:
    assert copied_json(value) == value
    assert json.loads(to_text(value)) == value
    assert is_equal(value, json.loads(to_text(value)))


@given(VALUES, st.integers(0, 60))
def test_sizes_are_those_of_the_text(value: Any, limit: Any) -> None:
    measured = len(to_text(value).encode())
    if isinstance(value, (dict, list)) and value:
        assert is_larger(value, limit) is (measured > limit)
