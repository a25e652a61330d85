"""The same retriers and catchers for many tasks."""

from __future__ import annotations

import pytest
from hypothesis import given

from cfngen import (
    ALL,
    Catcher,
    Choice,
    ChoiceRule,
    Goto,
    Parallel,
    Pass,
    Retrier,
    Task,
    Workflow,
    with_handlers,
)
from tests.asl.test_nested_properties import workflows

ARN = "arn:aws:states:::aws-sdk:batch:listJobs"
TWICE = Retrier(ErrorEquals=[ALL], MaxAttempts=2)
ONCE = Retrier(ErrorEquals=["X"], MaxAttempts=1)
TELL = Task("Tell", Resource=ARN)
CAUGHT = Catcher(ErrorEquals=[ALL], Next=TELL)


def task(name: str, **fields: object) -> Task:
    return Task(name, Resource=ARN, **fields)  # type: ignore[arg-type]


def test_tasks_without_handlers_have_them() -> None:
    flow = with_handlers(task("A") >> Pass("P") >> task("B", Retry=[ONCE]), Retry=[TWICE], Catch=[CAUGHT])
    assert flow == task("A", Retry=[TWICE], Catch=[CAUGHT]) >> Pass("P") >> task(
        "B", Retry=[ONCE], Catch=[CAUGHT]
    )


def test_a_catcher_is_of_its_own_scope() -> None:
    both = Parallel("Both", Branches=[task("A"), task("B", Retry=[ONCE])])
    assert with_handlers(both, Retry=[TWICE], Catch=[CAUGHT]) == Parallel(
        "Both", Branches=[task("A", Retry=[TWICE]), task("B", Retry=[ONCE])], Catch=[CAUGHT]
    )


def test_what_a_catcher_leads_to_stays_as_it_is() -> None:
    flow = task("A", Catch=[CAUGHT]) >> task("B")
    workflow = Workflow(with_handlers(flow, Retry=[TWICE], Catch=[CAUGHT]))
    assert workflow.check() == []
    assert "Retry" not in workflow.to_asl()["States"]["Tell"]


def test_tasks_behind_choices_and_gotos_are_reached() -> None:
    rule = ChoiceRule(Variable="$.a", IsNull=True, Next=task("A") >> Goto("Which"))
    choice = Choice("Which", Choices=[rule], Default=task("B"))
    states = Workflow(with_handlers(choice, Retry=[TWICE])).to_asl()["States"]
    assert [name for name, state in states.items() if "Retry" in state] == ["A", "B"]


def test_handlers_are_lists() -> None:
    with pytest.raises(TypeError, match="Retry takes a list of Retriers, not Retrier"):
        with_handlers(TELL, Retry=TWICE)  # type: ignore[arg-type]


@pytest.mark.slow
@given(workflows())
def test_without_handlers_a_flow_is_as_it_was(workflow: Workflow) -> None:
    assert with_handlers(workflow.flow) == workflow.flow


@pytest.mark.slow
@given(workflows())
def test_twice_is_once(workflow: Workflow) -> None:
    once = with_handlers(workflow.flow, Retry=[TWICE])
    assert with_handlers(once, Retry=[ONCE]) == once
