"""Variables along the ways of a workflow."""

from __future__ import annotations

import time
from typing import Any

import pytest

from cfngen import (
    JSONATA,
    Choice,
    ChoiceRule,
    Goto,
    Jsonata,
    Map,
    Parallel,
    Pass,
    Path,
    ProcessorConfig,
    RawState,
    Succeed,
    Task,
    Workflow,
    chain,
)
from tests.rows import each_row


def told(flow: Any, **fields: Any) -> list[Any]:
    return [f"{problem.location}: {problem.message}" for problem in Workflow(flow, **fields).check()]


def assigning(name: str, *variables: Any) -> Any:
    return Pass(name, Assign=dict.fromkeys(variables, 1))


def reading(name: str, variable: str = "x") -> Any:
    return Pass(name, InputPath=f"${variable}")


def choice(name: str, *flows: Any) -> Any:
    *others, last = flows
    rules = [ChoiceRule(Variable="$.a", IsNull=True, Next=flow) for flow in others]
    return Choice(name, Choices=rules, Default=last)


UNASSIGNED = "/States/Read/InputPath: '$x' is not assigned by any state before"
SOMETIMES = "/States/Read/InputPath: '$x' is not assigned on every path to the state"


def test_a_variable_is_read_after_its_assignment() -> None:
    assert told(assigning("A", "x") >> reading("Read")) == []


def test_of_several_variables_each_is_looked_at() -> None:
    read = Pass("Read", QueryLanguage=JSONATA, Output="{% $y + $x + $z %}")
    before = "in '$y + $x + $z' is not assigned by any state before"
    assert told(assigning("A", "y") >> read) == [
        f"/States/Read/Output: '$x' {before}",
        f"/States/Read/Output: '$z' {before}",
    ]


@each_row("field", ["TimeoutSeconds", "HeartbeatSeconds", "InputPath", "OutputPath"])
def test_a_field_of_a_task_reads_variables(field: str) -> None:
    path: Any = Path("$x") if field.endswith("Seconds") else "$x"
    place = field if field.endswith("Path") else f"{field}Path"
    read = Task("Read", Resource="arn:aws:states:::lambda:invoke", **{field: path})
    assert told(read) == [f"/States/Read/{place}: '$x' is not assigned by any state before"]
    assert told(assigning("A", "x") >> read) == []


def test_a_state_does_not_see_its_own_assignment() -> None:
    assert told(Pass("Read", InputPath="$x", Assign={"x": 1})) == [UNASSIGNED]


def test_ways_that_all_assign_meet() -> None:
    read = reading("Read")
    assert told(choice("C", assigning("A", "x") >> read, assigning("B", "x") >> read)) == []


def test_one_of_the_ways_that_meet_does_not_assign() -> None:
    read = reading("Read")
    assert told(choice("C", assigning("A", "x") >> read, Pass("B") >> read)) == [SOMETIMES]


def test_a_variable_that_is_asked_for_may_be_missing() -> None:
    read = reading("Read")
    asks = Choice(
        "Asks", Choices=[ChoiceRule(Variable="$x", IsPresent=True, Next=read)], Default=Succeed("No")
    )
    assert told(choice("C", assigning("A", "x") >> asks, Pass("B") >> asks)) == []


def test_a_loop_comes_back_with_what_it_assigned() -> None:
    again = choice("Again?", Goto("Read"), Succeed("Done"))
    assert told(Pass("First") >> reading("Read") >> assigning("A", "x") >> again) == [SOMETIMES]


def test_a_rule_of_a_choice_assigns_on_its_own_way() -> None:
    rule = ChoiceRule(Variable="$.a", IsNull=True, Next=reading("Read"), Assign={"y": 1})
    decide = Choice("C", Choices=[rule], Default=reading("Other"), Assign={"x": 1})
    assert told(decide) == [UNASSIGNED]


def test_inner_scopes_read_outer_variables() -> None:
    both = Parallel("Both", Branches=[Map("Each", ItemProcessor=reading("Read"))])
    assert told(assigning("A", "x") >> both) == []


def test_inner_variables_stay_inside() -> None:
    both = Parallel("Both", Branches=[assigning("A", "x"), reading("B")])
    assert told(both >> reading("Read")) == [
        "/States/Both/Branches/1/States/B/InputPath: '$x' is not assigned by any state before",
        UNASSIGNED,
    ]


def test_branches_may_share_names_of_their_own() -> None:
    both = Parallel("Both", Branches=[assigning("A", "x"), assigning("B", "x")], Assign={"y": 1})
    assert told(both >> assigning("C", "z")) == []


def test_inner_scopes_cannot_assign_outer_variables() -> None:
    each = Map("Each", ItemProcessor=Map("Inner", ItemProcessor=assigning("B", "x")))
    assert told(assigning("A", "x") >> each) == [
        "/States/Each/ItemProcessor/States/Inner/ItemProcessor/States/B/Assign/x:"
        " '$x' is a variable of an outer scope, and an inner scope cannot assign it"
    ]


def test_a_distributed_map_is_a_scope_apart() -> None:
    config = ProcessorConfig(Mode="DISTRIBUTED", ExecutionType="STANDARD")
    process = reading("Read") >> assigning("B", "x") >> reading("Again")
    each = Map("Each", ItemProcessor=process, ProcessorConfig=config, ItemSelector={"x": Path("$x")})
    assert told(assigning("A", "x") >> each) == [
        "/States/Each/ItemProcessor/States/Read/InputPath: '$x' is a variable outside the distributed Map"
    ]


def test_raw_states_assign_and_read() -> None:
    raw = RawState("Raw", {"Type": "Pass", "Assign": {"x.$": "$y"}})
    assert told(raw >> reading("Read")) == [
        "/States/Raw/Assign/x.$: '$y' is not assigned by any state before"
    ]


@pytest.mark.parametrize("expression", [Jsonata("$x + 1"), "{% $x + 1 %}"])
def test_expressions_in_jsonata_read_variables(expression: Jsonata | str) -> None:
    assert told(Pass("Read", Output={"a": [expression]}), QueryLanguage="JSONata") == [
        "/States/Read/Output/a/0: '$x' in '$x + 1' is not assigned by any state before"
    ]


def test_a_near_name_is_suggested() -> None:
    (problem,) = Workflow(assigning("A", "jobs") >> reading("Read", "job")).check()
    assert (problem.severity, problem.hint) == ("warning", "did you mean '$jobs'?")


def measured(states: Any) -> Any:
    """Return the seconds for a long chain that assigns a variable in each state, with ways back."""
    steps: list[Any] = []
    for number in range(states):
        steps.append(Pass(f"P{number}", Assign={f"v{number % 100}": 1}, Parameters={"a": Path("$v0")}))
        if number % 10 == 9:
            back = ChoiceRule(Variable="$.a", IsNull=True, Next=Goto(f"P{number - 5}"))
            steps.append(Choice(f"C{number}", Choices=[back], Default=Goto(f"P{number + 1}")))
    parts: list[Any] = []
    for step in steps:
        if parts and parts[-1][-1].Type == "Pass":
            parts[-1].append(step)
        else:
            parts.append([step])
    flows = [chain(*part) for part in parts]
    rules = [ChoiceRule(Variable="$.b", IsNull=True, Next=flow) for flow in flows]
    end = Pass(f"P{states}")
    started = time.process_time()
    Workflow(Choice("Start", Choices=rules, Default=end)).check()
    return time.process_time() - started


@pytest.mark.slow
def test_the_time_grows_with_the_states_alone() -> None:
    small, large = min(measured(500) for _ in range(3)), measured(5_000)
    assert large < 30 * small


def test_nesting_is_no_recursion() -> None:
    flow = reading("Read")
    for depth in range(200):
        flow = Map(f"Map {depth}", ItemProcessor=flow)
    assert told(assigning("A", "x") >> flow) == []
