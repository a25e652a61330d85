"""Arguments and definitions that are none: each is told, and none ends in an error of the engine's own."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import jsonata  # noqa: F401  its import raises the recursion limit, of which Hypothesis would warn in a test
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cfngen.execution import ExecutionError, FailTask, Return, Throw, VirtualClock, run, run_state
from tests.execution.machines import START, executed, one, task
from tests.rows import each_row

TASK = one(task())


class Unshown:
    def __repr__(self) -> str:
        raise RuntimeError


def nested(levels: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(levels):
        value = [value]
    return value


CYCLE: list[Any] = []
CYCLE.append(CYCLE)
NONE_OF_ALL: list[Any] = [
    True, -1, 1.5, float("nan"), float("inf"), 10**400, "x", "\ud800", "", b"x", [1], (1, 2), {1: 2}, {"a": {1}},
    {"\ud800": object()}, set(), object(), int, Return, Return({1}), Throw("E", "c", -1), FailTask(1),  # type: ignore[arg-type]
    Return(1, "x"), range(3), 1j, ..., datetime.max, datetime.min, nested(2_000), CYCLE, Unshown(),  # type: ignore[arg-type]
]  # fmt: skip


@pytest.mark.parametrize(
    "use",
    [
        lambda value: run(value),
        lambda value: run(TASK, value),
        *(
            lambda value, name=name: run(TASK, **{"mocks": {"It": Return(1)}, name: value})
            for name in ("mocks", "type", "name", "start", "s3", "context", "clock", "seed", "machine")
        ),
        lambda value: run(TASK, context={"Own": value}, mocks={"It": Return(1)}),
        lambda value: run(TASK, s3={("b", "k"): value}, mocks={"It": Return(1)}),
        lambda value: run(TASK, clock=VirtualClock(value), mocks={"It": Return(1)}),
        lambda value: run(TASK, mocks={"It": value}),
        lambda value: run(TASK, mocks={"It": [value]}),
        lambda value: run(TASK, mocks={"It": lambda sent: value}),
        lambda value: run(TASK, mocks={"It": Return(value)}),
        lambda value: run(TASK, mocks={"It": Throw(value, value)}),
        lambda value: run(TASK, tasks=lambda call: value),
        lambda value: run_state(value, "It"),
        *(
            lambda value, name=name: run_state(TASK, "It", **{"mock": Return(1), name: value})
            for name in ("input", "mock", "mocks", "variables", "context", "retries", "s3", "start", "seed")
        ),
        lambda value: run_state(TASK, value),
        lambda value: run_state(TASK, "It", mock=Return(1), variables={"x": value}),
    ],
)
def test_arguments_that_are_none(use: Callable[[Any], object]) -> None:
    told = []
    for value in NONE_OF_ALL:
        try:
            use(value)
        except ExecutionError as error:
            told.append(str(error))
    assert told
    assert len(max(told, key=len)) < 400


@each_row(
    ("arguments", "message"),
    [
        ({"mocks": [1]}, "mocks= is a mapping, not [1]"),
        ({"mocks": {"Is": Return(1)}}, "no state is named 'Is'; it has 'It'"),
        ({"mocks": {"It": Return(1, -1)}}, "the mock of 'It' is an answer after -1 seconds, which is no time"),
        ({"mocks": {"It": FailTask(1)}}, "the mock of 'It' is FailTask(1), whose cause is not text"),  # type: ignore[arg-type]
        ({"tasks": 1}, "tasks= is a function that answers tasks, not 1"),
        ({"tasks": lambda call: 1}, "tasks= returned for 'It' 1; did you mean Return(1)?"),
        ({"seed": "x"}, "seed= is a whole number, not 'x'"),
        ({"machine": 1}, "machine= is the name of a state machine, not 1"),
        ({"clock": 1}, "clock= is a clock such as VirtualClock(0), not 1"),
        ({"clock": VirtualClock("x")}, "a clock tells seconds since 1970, not 'x'"),  # type: ignore[arg-type]
        ({"start": 1e30}, "1e+30 is no time of the years 1 to 9998"),
        ({"start": "today"}, "'today' is no time: it reads 2026-11-28T04:22:04Z"),
        ({"context": {"a": {1}}}, "context= is not JSON: Object of type set is not JSON serializable"),
        ({"s3": {"k": b""}}, "s3= holds bytes by bucket and key, ('bucket', 'key.csv'): b'...', not 'k': b''"),
        ({"type": "x"}, "'x' is no type of a state machine: it is STANDARD or EXPRESS"),
    ],
)  # fmt: skip
def test_what_is_said(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ExecutionError) as told:
        run(TASK, **arguments)
    assert str(told.value) == message


@each_row(
    ("fields", "message"),
    [
        ({"Retry": [{"ErrorEquals": "E"}]}, "ErrorEquals is a list of names, not 'E'"),
        ({"Retry": [{"ErrorEquals": ["E"], "IntervalSeconds": "1"}]}, "IntervalSeconds is a number that is not negative, not '1'"),
        ({"Retry": [{"ErrorEquals": ["E"], "BackoffRate": None}]}, "BackoffRate is a number that is not negative, not None"),
        ({"Catch": [{"ErrorEquals": ["E"]}]}, "the field 'Next' is missing"),
    ],
)  # fmt: skip
def test_handlers_that_cannot_be_read(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ExecutionError) as told:
        run(one(task(**fields)))
    assert str(told.value) == f"/States/It: the state cannot be read: {message}"


def test_a_callback_that_raises_is_not_hidden() -> None:
    def fails(sent: Any) -> Return:
        raise KeyError("mine")

    for use in ({"mocks": {"It": fails}}, {"tasks": fails}):
        with pytest.raises(KeyError, match="mine"):
            run(TASK, **use)


def test_200_levels() -> None:
    state: dict[str, Any] = {"Type": "Pass", "End": True}
    for level in range(200):
        branch = {"StartAt": f"S{level}", "States": {f"S{level}": state}}
        state = {"Type": "Parallel", "Branches": [branch], "End": True}
    assert run({"StartAt": "It", "States": {"It": state}}, 1, start=START).status == "SUCCEEDED"


FILE = {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW", "MaxItems": 5}, "Parameters": {"Bucket": "b", "Key": "k"}}  # fmt: skip
PROCESSOR = {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": True}}}
RETRIER = {"ErrorEquals": ["E"], "IntervalSeconds": 1, "MaxAttempts": 2, "BackoffRate": 2.0, "MaxDelaySeconds": 5, "JitterStrategy": "FULL"}  # fmt: skip
STATES: list[dict[str, Any]] = [
    {"Type": "Pass", "InputPath": "$.a", "Parameters": {"x.$": "$.b", "y": [{"z.$": "States.Format('{}', $.b)"}]}, "ResultPath": "$.r", "OutputPath": "$", "Assign": {"v.$": "$.x"}},
    {"Type": "Choice", "Choices": [{"And": [{"Variable": "$.a", "IsPresent": True}, {"Not": {"Variable": "$.a.b", "StringMatches": "a*"}}], "Next": "Done", "Assign": {"w": 1}}], "Default": "Done"},
    {**task(), "TimeoutSeconds": 60, "HeartbeatSeconds": 30, "Credentials": {"RoleArn": "r"}, "Parameters": {"a.$": "$.a"}, "ResultSelector": {"s.$": "$.k"}, "Retry": [RETRIER], "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.e", "Next": "Done", "Assign": {"e.$": "$"}}]},
    {"Type": "Wait", "TimestampPath": "$.t"},
    {"Type": "Map", "ItemsPath": "$.l", "MaxConcurrency": 2, "ItemSelector": {"i.$": "$$.Map.Item.Value"}, "ItemProcessor": PROCESSOR, "ResultPath": "$.m"},
    {"Type": "Map", "Label": "l", "ToleratedFailureCount": 1, "ToleratedFailurePercentage": 5, "ItemReader": FILE, "ItemBatcher": {"MaxItemsPerBatch": 2, "MaxInputBytesPerBatch": 100, "BatchInput": {"q": 1}}, "ItemProcessor": {**PROCESSOR, "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}, "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "WriterConfig": {"Transformation": "FLATTEN", "OutputType": "JSONL"}, "Parameters": {"Bucket": "b", "Prefix": "p"}}},
    {"Type": "Map", "QueryLanguage": "JSONata", "Items": [1, "{% 2 %}"], "MaxConcurrency": "{% 1 %}", "ItemSelector": {"a": "{% $states.context.Map.Item.Value %}"}, "ItemProcessor": PROCESSOR, "Output": "{% $states.result %}", "Assign": {"z": "{% $states.input %}"}},
    {"Type": "Fail", "ErrorPath": "$$.State.Name", "Cause": "c"},
]  # fmt: skip
WRONG: st.SearchStrategy[Any] = st.sampled_from([
    None, True, -1, 0, 1.5, 10**400, 1e308, "", "x", "$", "$.", "$[", "$..a", "$v", "$$", "{% 1 %}", "{% ( %}", "\ud800",
    [], [None], [[]], {}, {"a": 1}, {"": None}, {"a.$": 1}, {"a.$": "$.zz"}, "States.UUID()", "Z" * 300,
])  # fmt: skip


def places(value: Any, *steps: Any) -> Iterator[tuple[Any, ...]]:
    if steps:
        yield steps
    if isinstance(value, (dict, list)):
        for step in value if isinstance(value, dict) else range(len(value)):
            yield from places(value[step], *steps, step)


PLACES = [(number, place) for number, state in enumerate(STATES) for place in places(state)]


@settings(deadline=None)
@given(st.sampled_from(PLACES), WRONG)
def test_a_definition_with_a_fault_anywhere(place: tuple[int, tuple[Any, ...]], wrong: Any) -> None:
    number, steps = place
    state = holder = copy.deepcopy(STATES[number])
    for step in steps[:-1]:
        holder = holder[step]
    holder[steps[-1]] = wrong
    states = {"It": {**state, "Next": "Done"}, "Done": {"Type": "Succeed"}}
    value = {"a": {"b": 1}, "l": [1, 2], "t": START}
    answers: list[Any] = [Throw("E"), *[Return({"k": 1})] * 4]
    try:
        execution = run(
            {"StartAt": "It", "States": states},
            value,
            tasks=lambda call: answers[min(call.number, 4)],
            s3={("b", "k"): b"a\n1\n2\n"},
            start=START,
        )
    except ExecutionError:
        return
    assert execution.status in ("SUCCEEDED", "FAILED", "TIMED_OUT")
    assert str(execution)


def wrong(*_: Any) -> Any:
    raise AssertionError("the mock is wrong")


@each_row(
    "call",
    [
        lambda: executed(one(task()), mocks={"It": wrong}),
        lambda: executed(one(task()), tasks=wrong),
        lambda: executed(one(task()), tasks=lambda _: object()),
        lambda: executed(one(task())),
        lambda: executed(one({"Type": "Pass"}))["Gone"],
        lambda: executed(one({"Type": "Pass"})).trace["Gone"],
    ],
)
def test_a_test_that_fails_shows_its_own_lines_and_none_of_the_engine(call: Callable[[], object]) -> None:
    with pytest.raises(Exception) as raised:  # noqa: PT011  of any kind
        call()
    engine = [
        entry for entry in raised.traceback if str(entry.frame.f_globals["__name__"]).startswith("cfngen.")
    ]
    assert engine
    assert [entry.name for entry in engine if not entry.frame.f_locals.get("__tracebackhide__")] == []
