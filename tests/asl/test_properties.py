"""Whatever workflow is written: statelint, which is not ours, accepts it, and each state is in its place."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from statelint.config import Config
from statelint.linter import Linter
from statelint.problem import ProblemType

from cfngen import (
    ALL,
    CALLBACK,
    REQUEST_RESPONSE,
    SYNC,
    TASK_FAILED,
    TIMEOUT,
    Catcher,
    Fail,
    Goto,
    Pass,
    Path,
    Retrier,
    Succeed,
    Task,
    Wait,
    Workflow,
    chain,
)
from cfngen.asl.flow import Flow
from cfngen.tasks import batch, sns
from tests.rings import examples

# it takes 'arn:aws:states:::sns:publish' for no URI and 2 for no float
LENIENT = Config({ProblemType.URI, ProblemType.FLOAT})
# a second less than AWS takes, which is what statelint takes
MOST = 99_999_998
PATHS = ["$", "$.a", "$.a.b", "$['a']"]


# --- plans: workflows in plain words, from which both the flow and what is expected are made -----


@dataclass
class Plan:
    """States in a row, and the name to which the last goes back, if it does."""

    states: list[State]
    goto: str | None = None


Maker = Callable[[str, Sequence[Flow]], Flow]
"""Makes a state of its name, and of what its catchers lead to."""


@dataclass
class State:
    name: str
    make: Maker
    handlers: list[Plan | str] = field(default_factory=list)
    """What each catcher leads to: a row of its own, or a name."""


def flow(plan: Plan) -> Flow:
    flows: list[Flow] = [
        state.make(state.name, [catcher(handler) for handler in state.handlers]) for state in plan.states
    ]
    return chain(*flows, Goto(plan.goto)) if plan.goto is not None else chain(*flows)


def catcher(handler: str | Plan) -> Flow:
    return Goto(handler) if isinstance(handler, str) else flow(handler)


def in_order(plan: Plan) -> Iterator[tuple[State, str | None]]:
    """Yield the states with their successors: a row, then the rows it leads to, as they are written."""
    rows = [plan]
    for row in rows:
        followers = [*(state.name for state in row.states[1:]), row.goto]
        yield from zip(row.states, followers, strict=True)
        rows += [handler for state in row.states for handler in state.handlers if isinstance(handler, Plan)]


# --- strategies ----------------------------------------------------------------------------------

characters = st.characters(exclude_categories=["Cs"])
names = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\n\r"), min_size=1, max_size=80
)
paths = st.sampled_from(PATHS)
seconds = st.integers(1, MOST)
keys = st.text(characters, max_size=5).filter(lambda key: not key.endswith(".$"))
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(characters, max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=8,
)
templates = st.recursive(
    json_values,
    lambda inner: st.dictionaries(st.sampled_from("abcd"), inner | st.builds(Path, paths)),
    max_leaves=4,
)


@st.composite
def retriers(draw: st.DrawFn) -> Retrier:
    interval = draw(st.none() | st.integers(1, 1000))
    return Retrier(
        ErrorEquals=draw(st.sampled_from([[TIMEOUT], [TASK_FAILED, "Batch.ServerException"]])),
        IntervalSeconds=interval,
        MaxAttempts=draw(st.none() | st.integers(0, MOST)),
        BackoffRate=draw(st.none() | st.integers(1, 9) | st.floats(1, 1e6)),
        MaxDelaySeconds=draw(st.none() | st.integers((interval or 1) + 1, 31_622_399)),
        JitterStrategy=draw(st.sampled_from([None, "FULL", "NONE"])),
    )


@st.composite
def task_makers(draw: st.DrawFn) -> Maker:
    timeout = draw(st.none() | st.integers(2, MOST) | st.builds(Path, paths))
    shared: dict[str, Any] = {
        "Retry": draw(st.lists(retriers(), max_size=2)),
        "TimeoutSeconds": timeout,
        "HeartbeatSeconds": draw(st.none() | st.integers(1, timeout - 1))
        if isinstance(timeout, int)
        else None,
        "Comment": draw(st.none() | st.just("a comment")),
    }
    if draw(st.booleans()):
        shared["ResultPath"] = draw(st.none() | paths)
    kinds: list[tuple[Any, dict[str, Any]]] = [
        (Task, {"Resource": "arn:aws:states:::aws-sdk:batch:listJobs"}),
        (
            batch.SubmitJob,
            {"JobName": "n", "JobQueue": Path("$.q"), "JobDefinition": "d", "pattern": SYNC},
        ),
        (sns.Publish, {"TopicArn": "arn:aws:sns:us-east-1:123456789012:t", "Message": Path("$.m")}),
        (
            sns.Publish,
            {"PhoneNumber": "+15550100", "Message": Path("$$.Task.Token"), "pattern": CALLBACK},
        ),
        (
            batch.SubmitJob,
            {"JobName": "n", "JobQueue": "q", "JobDefinition": "d", "pattern": REQUEST_RESPONSE},
        ),
    ]
    kind, fields = draw(st.sampled_from(kinds))
    if kind is Task:
        fields = {
            **fields,
            "Parameters": draw(st.dictionaries(st.sampled_from("abc"), templates)),
        }

    def make(name: str, handlers: Sequence[Flow]) -> Any:
        catch = [
            Catcher(ErrorEquals=[ALL] if index == len(handlers) - 1 else [f"Error{index}"], Next=handler)
            for index, handler in enumerate(handlers)
        ]
        return kind(name, **fields, **shared, Catch=catch)

    return make


@st.composite
def other_makers(draw: st.DrawFn) -> Maker:
    kind, fields = draw(
        st.sampled_from([(Pass, {}), (Pass, {"ResultPath": None})])
        | st.tuples(
            st.just(Pass), st.fixed_dictionaries({"Result": json_values, "OutputPath": st.none() | paths})
        )
        | st.tuples(
            st.just(Pass),
            st.fixed_dictionaries({"Parameters": st.dictionaries(st.sampled_from("ab"), templates)}),
        )
        | st.tuples(st.just(Wait), st.fixed_dictionaries({"Seconds": seconds | st.builds(Path, paths)}))
        | st.tuples(st.just(Wait), st.fixed_dictionaries({"Timestamp": st.just("2030-01-01T00:00:00Z")}))
    )
    return lambda name, handlers: kind(name, **fields)


@st.composite
def terminal_makers(draw: st.DrawFn) -> Maker:
    kinds: list[tuple[Any, dict[str, Any]]] = [
        (Succeed, {}),
        (Succeed, {"OutputPath": "$.a"}),
        (Fail, {}),
        (Fail, {"Error": "E", "Cause": "C"}),
    ]
    kind, fields = draw(st.sampled_from(kinds))
    return lambda name, handlers: kind(name, **fields)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Draw rows that lead to rows, three deep, back and forth; the last one ends, so that one does."""
    free = draw(st.lists(names, min_size=1, max_size=12, unique=True))

    def flip() -> bool:
        return draw(st.booleans())

    def row(depth: int) -> Plan:
        states: list[State] = []
        for _ in range(draw(st.integers(1, 4))):
            if not free:
                break
            name = free.pop()
            if draw(st.booleans()):
                states.append(State(name, draw(other_makers())))
                continue
            state = State(name, draw(task_makers()))
            states.append(state)
            for _ in range(draw(st.integers(0, 2)) if depth < 3 else 0):
                if free and flip():
                    state.handlers.append(row(depth + 1))
        return Plan(states)

    main = row(0)
    used = [state.name for state, _ in in_order(main)]
    rows = [main]
    for each in rows:
        rows += [
            handler for state in each.states for handler in state.handlers if isinstance(handler, Plan)
        ]
    for each in rows:
        last = each.states[-1]
        if draw(st.booleans()) and each is not rows[-1]:
            each.goto = draw(st.sampled_from(used))
        elif not last.handlers and draw(st.booleans()):
            last.make = draw(terminal_makers())
        for state in each.states:
            if state.handlers and flip():
                state.handlers.insert(0, draw(st.sampled_from(used)))
    return main


# --- properties ----------------------------------------------------------------------------------


def lint(definition: Any) -> Any:
    return Linter.validate(definition, LENIENT)


@pytest.mark.slow
@examples(150)
@given(plans())
def test_statelint_accepts_what_is_rendered(plan: Plan) -> None:
    text = json.dumps(Workflow(flow(plan), TimeoutSeconds=3600).to_asl(), allow_nan=False)
    assert lint(json.loads(text)) == []


@examples(150)
@given(plans())
@pytest.mark.slow
def test_states_stand_in_order_and_go_on_as_they_were_chained(plan: Plan) -> None:
    definition = Workflow(flow(plan)).to_asl()
    expected = [
        (
            state.name,
            None if definition["States"][state.name]["Type"] in ("Succeed", "Fail") else after or "End",
        )
        for state, after in in_order(plan)
    ]
    assert definition["StartAt"] == expected[0][0]
    assert [
        (name, state.get("Next", "End" if state.get("End") else None))
        for name, state in definition["States"].items()
    ] == expected


@examples(150)
@given(plans())
@pytest.mark.slow
def test_catchers_lead_to_what_they_were_given(plan: Plan) -> None:
    definition = Workflow(flow(plan)).to_asl()
    for state, _ in in_order(plan):
        assert [entry["Next"] for entry in definition["States"][state.name].get("Catch", ())] == [
            handler if isinstance(handler, str) else handler.states[0].name for handler in state.handlers
        ]


@examples(50)
@given(plans())
def test_the_same_plan_is_linked_to_the_same_text_and_to_equal_values(plan: Plan) -> None:
    first, second = Workflow(flow(plan)), Workflow(flow(plan))
    assert first == second
    assert json.dumps(first.to_asl()) == json.dumps(second.to_asl())


@examples(150)
@given(plans(), names, st.data())
@pytest.mark.slow
def test_one_transition_to_nowhere_is_found_by_us_and_by_statelint(
    plan: Plan, nowhere: str, data: st.DataObject
) -> None:
    placed = list(in_order(plan))
    assume(nowhere not in {state.name for state, _ in placed})
    rows = [plan, *(h for state, _ in placed for h in state.handlers if isinstance(h, Plan))]
    open_rows = [row for row in rows if row.states[-1].name in may_go_on(plan)]
    catchers = [(state, index) for state, _ in placed for index, _ in enumerate(state.handlers)]
    assume(open_rows or catchers)
    broken: Any = data.draw(st.sampled_from([*open_rows, *catchers]))
    if isinstance(broken, Plan):
        broken.goto = nowhere
        location = f"/States/{broken.states[-1].name}/Next"
    else:
        state, index = broken
        state.handlers[index] = nowhere
        location = f"/States/{state.name}/Catch/{index}/Next"

    workflow = Workflow(flow(plan))
    found = [p.location for p in workflow.check() if p.code == "MISSING_TRANSITION_TARGET"]
    assert location in found
    said = lint(workflow.rendered("arn:aws:states:::{}".format))
    assert [line for line in said if line.startswith(f'No state found named "{nowhere}"')]


def may_go_on(plan: Plan) -> set[str]:
    rendered = Workflow(flow(plan)).to_asl()["States"]
    return {name for name, state in rendered.items() if state["Type"] not in ("Succeed", "Fail")}


@given(json_values)
def test_a_fixed_result_is_rendered_as_it_is(result: Any) -> None:
    rendered = Workflow(Pass("P", Result=result)).to_asl()["States"]["P"]["Result"]
    assert json.dumps(rendered) == json.dumps(result)
