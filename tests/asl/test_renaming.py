"""One flow several times in one workflow: ``renamed`` changes the names and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from cfngen import (
    ALL,
    REQUEST_RESPONSE,
    Catcher,
    Choice,
    ChoiceRule,
    Fail,
    Goto,
    Map,
    Parallel,
    Pass,
    RawState,
    Succeed,
    Task,
    Wait,
    Workflow,
    chain,
    renamed,
)
from cfngen.asl.flow import steps
from cfngen.core.declared import frozen
from cfngen.tasks import sns
from cfngen.tasks.service import ServiceTask
from tests.asl.test_flow import meeting_handlers

ARN = "arn:aws:states:::aws-sdk:batch:listJobs"
MANY = 10_000
DEPTH = 200


def task(name: str, handler: Any, **fields: Any) -> Any:
    return Task(name, Resource=ARN, Catch=[Catcher(ErrorEquals=[ALL], Next=handler)], **fields)


def everything() -> Any:
    """A flow with every kind of way: handlers, choices, scopes, loops by name, shared handlers."""
    tell = Pass("Tell") >> Fail("Give Up")
    poll = task("Poll", tell, TimeoutSeconds=5)
    choose = Choice(
        "Done?",
        Choices=[
            ChoiceRule(Variable="$.a", IsNull=True, Next=Wait("Wait", Seconds=1) >> Goto("Poll")),
            ChoiceRule(Variable="$.b", IsNull=True, Next=tell),
        ],
        Default=Succeed("Done"),
    )
    inner = task("Call", Goto("Item")) >> Pass("Item")
    both = Parallel("Both", Branches=[Map("Each", ItemProcessor=inner), Pass("Other")])
    return poll >> RawState("Raw", {"Type": "Pass", "ResultPath": None}) >> both >> choose


def names(definition: dict[str, Any]) -> Any:
    """Every name of a state in a definition, at any depth."""
    found, pending = [], [definition]
    while pending:
        scope = pending.pop()
        found += scope["States"]
        for state in scope["States"].values():
            pending += state.get("Branches", [])
            if "ItemProcessor" in state:
                pending.append(state["ItemProcessor"])
    return found


def test_every_state_of_the_flow_begins_with_the_prefix() -> None:
    before, after = Workflow(everything()).to_asl(), Workflow(renamed(everything(), "2: ")).to_asl()
    assert names(after) == [f"2: {name}" for name in names(before)]


def test_an_empty_prefix_changes_nothing() -> None:
    assert Workflow(renamed(everything(), "")).to_asl() == Workflow(everything()).to_asl()


def test_prefixes_add_up() -> None:
    twice = renamed(renamed(everything(), "b "), "a ")
    assert Workflow(twice).to_asl() == Workflow(renamed(everything(), "a b ")).to_asl()


def test_the_flow_itself_stays_as_it_is() -> None:
    flow = everything()
    before = Workflow(flow).to_asl()
    renamed(flow, "x ")
    assert Workflow(flow).to_asl() == before


def test_a_flow_and_its_renamed_twin_stand_in_one_workflow() -> None:
    prepare = Pass("Prepare") >> task("Call", Pass("Handle"))
    definition = Workflow(prepare >> renamed(prepare, "Again: ")).to_asl()
    assert list(definition["States"]) == [
        "Prepare", "Call", "Again: Prepare", "Again: Call", "Handle", "Again: Handle",
    ]  # fmt: skip
    assert definition["States"]["Again: Call"]["Catch"][0]["Next"] == "Again: Handle"


def test_twins_run_side_by_side() -> None:
    prepare = Pass("Prepare") >> Pass("Tell")
    both = Parallel("Both", Branches=[renamed(prepare, f"{number}: ") for number in range(3)])
    assert Workflow(both).check() == []


def test_a_goto_into_the_flow_follows_it_and_one_out_of_it_stays() -> None:
    flow = task("Poll", Wait("Wait", Seconds=1) >> Goto("Poll")) >> Goto("After")
    shown = Workflow(renamed(flow, "2: ")).linked
    assert {name: node.transitions() for name, node in shown.nodes.items()} == {
        "2: Poll": [("Catch/0/Next", "2: Wait"), ("Next", "After")],
        "2: Wait": [("Next", "2: Poll")],
    }


def test_a_goto_is_renamed_only_where_it_leads_into_the_flow() -> None:
    assert renamed(Goto("Elsewhere"), "x ") == Goto("Elsewhere")


def test_a_handler_that_is_shared_stays_shared() -> None:
    tell = Pass("Tell")
    flow: Any = renamed(task("A", tell) >> task("B", tell) >> tell, "2: ")
    ordered: list[Any] = [*steps(flow)]
    first, second, last = ordered
    assert first.Catch[0].Next is second.Catch[0].Next is last


def test_a_closed_flow_stays_closed() -> None:
    with pytest.raises(TypeError, match=r"^nothing can follow '2: Done': the flow ends there$"):
        renamed(Pass("A") >> Succeed("Done"), "2: ") >> Pass("B")  # type: ignore[operator]  # wrong on purpose


def test_the_names_in_a_raw_state_follow() -> None:
    raw = RawState(
        "Choose",
        {
            "Type": "Choice",
            "Choices": [{"Variable": "$.a", "IsNull": True, "Next": "Done"}, {"Next": "Elsewhere"}],
            "Default": "Choose",
        },
    )
    ordered: list[Any] = [*steps(renamed(raw >> Succeed("Done"), "2: "))]
    first, _ = ordered
    assert first.Fields == {
        "Type": "Choice",
        "Choices": [{"Variable": "$.a", "IsNull": True, "Next": "2: Done"}, {"Next": "Elsewhere"}],
        "Default": "2: Choose",
    }


def test_the_flows_of_a_raw_state_follow() -> None:
    catch = [{"ErrorEquals": [ALL], "Next": "Tell"}]
    raw = RawState("Call", {"Type": "Task", "New": 1, "Catch": catch}, flows=[Pass("Tell") >> Goto("Call")])
    states = Workflow(renamed(raw, "2: ")).to_asl()["States"]
    assert {name: state.get("Next") for name, state in states.items()} == {
        "2: Call": None,
        "2: Tell": "2: Call",
    }
    assert states["2: Call"]["Catch"] == [{"ErrorEquals": [ALL], "Next": "2: Tell"}]


def test_the_states_inside_a_raw_state_follow() -> None:
    scope = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Succeed"}}}
    new: dict[str, Any] = {
        "StartAt": "2: A",
        "States": {"2: A": {"Type": "Pass", "Next": "2: B"}, "2: B": {"Type": "Succeed"}},
    }
    nested = {"StartAt": "M", "States": {"M": {"Type": "Map", "ItemProcessor": scope, "End": True}}}
    raw = RawState("Both", {"Type": "Parallel", "Branches": [scope, nested], "End": True})
    twin: Any = renamed(raw, "2: ")
    assert twin.Fields == {
        "Type": "Parallel",
        "Branches": [
            new,
            {"StartAt": "2: M", "States": {"2: M": {"Type": "Map", "ItemProcessor": new, "End": True}}},
        ],
        "End": True,
    }
    assert raw.Fields["Branches"] == [scope, nested]


def test_a_typed_task_keeps_its_class_and_its_arguments() -> None:
    tell = sns.Publish("Tell", TopicArn="arn:aws:sns:us-east-1:123456789012:t", Message="m")
    twin: Any = renamed(tell, "2: ")
    assert (type(twin), twin.Name, twin.TopicArn) == (sns.Publish, "2: Tell", tell.TopicArn)


def test_arguments_that_are_named_as_fields_of_other_states_are_left_alone() -> None:
    @frozen(kw_only=True)
    class PutFlow(ServiceTask):
        Default: str | None = None
        Choices: list[str] | None = None
        Branches: list[str] | None = None
        ItemProcessor: str | None = None

        service = "flows"
        action = "putFlow"
        patterns = (REQUEST_RESPONSE,)
        grants = ()

    put = PutFlow(
        "A", pattern=REQUEST_RESPONSE, Default="d", Choices=["c"], Branches=["b"], ItemProcessor="i"
    )
    twin = renamed(put, "2: ")
    assert Workflow(twin).to_asl()["States"]["2: A"] == Workflow(put).to_asl()["States"]["A"]


@pytest.mark.slow
def test_a_long_flow_is_renamed() -> None:
    flow = chain(*(Pass(f"S{number}") for number in range(MANY)))
    assert renamed(flow, "x ") == chain(*(Pass(f"x S{number}") for number in range(MANY)))


@pytest.mark.slow
def test_handlers_5000_deep_are_renamed() -> None:
    handler: Any = Pass("End")
    for number in range(5_000):
        handler = task(f"T{number}", handler)
    assert len(Workflow(renamed(handler, "x ")).to_asl()["States"]) == 5_001


def test_states_200_deep_are_renamed() -> None:
    flow: Any = Pass("Innermost")
    for number in range(DEPTH):
        flow = (
            Map(f"M{number}", ItemProcessor=flow) if number % 2 else Parallel(f"P{number}", Branches=[flow])
        )
    found = names(Workflow(renamed(flow, "x ")).to_asl())
    assert len(found) == DEPTH + 1
    assert all(name.startswith("x ") for name in found)


def test_handlers_that_meet_again_are_renamed_once() -> None:
    assert len(Workflow(renamed(meeting_handlers(), "x ")).to_asl()["States"]) == 201
