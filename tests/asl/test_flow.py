"""Flows are values: what ``>>`` joins, in which order it is met, and that size and loops do no harm."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from cfngen import ALL, Catcher, Fail, Goto, Pass, RawState, Succeed, Task, Wait, Workflow, chain
from cfngen.asl.flow import Chain, ClosedChain, Flow

ARN = "arn:aws:states:::aws-sdk:batch:listJobs"
MANY = 10_000

a, b, c, d = Pass("A"), Pass("B"), Pass("C"), Pass("D")


def task(name: str, handler: Flow, **fields: Any) -> Task:
    return Task(name, Resource=ARN, Catch=[Catcher(ErrorEquals=[ALL], Next=handler)], **fields)


def states(flow: Flow) -> list[Any]:
    """The states in the order in which they are rendered, and where each goes on to."""
    rendered = Workflow(flow).to_asl()["States"]
    return [
        (name, state.get("Next", "End" if state.get("End") else None)) for name, state in rendered.items()
    ]


def long_chain() -> Any:
    flow: Any = Pass("S0")
    for number in range(1, MANY):
        flow = flow >> Pass(f"S{number}")
    return flow


# --- laws ----------------------------------------------------------------------------------------


def test_chaining_is_associative() -> None:
    assert states(a >> (b >> c) >> d) == states(((a >> b) >> c) >> d) == states(a >> (b >> (c >> d)))


def test_chains_of_the_same_states_are_equal_however_they_were_joined() -> None:
    assert a >> (b >> c) == (a >> b) >> c


def test_chains_of_other_states_or_another_order_are_not_equal() -> None:
    assert a >> b != b >> a
    assert a >> b != a >> b >> c
    assert a >> b != a


def test_chaining_changes_neither_of_the_two() -> None:
    first, second = a >> b, c >> d
    first >> second
    assert states(first) == [("A", "B"), ("B", "End")]
    assert states(second) == [("C", "D"), ("D", "End")]


@pytest.mark.parametrize("flow", [a >> b, a >> Succeed("S")], ids=["open", "closed"])
def test_a_chain_is_frozen(flow: Chain | ClosedChain) -> None:
    with pytest.raises(FrozenInstanceError, match=r"^cannot assign to field 'after'$"):
        flow.after = c  # type: ignore[misc]  # wrong on purpose


def test_a_chain_has_no_hash_as_the_states_in_it_hold_lists() -> None:
    with pytest.raises(TypeError):
        hash(a >> b)


def test_one_flow_goes_on_in_two_ways() -> None:
    start = a >> b
    assert states(start >> c) == [("A", "B"), ("B", "C"), ("C", "End")]
    assert states(start >> d) == [("A", "B"), ("B", "D"), ("D", "End")]


def test_the_same_state_ends_one_workflow_and_goes_on_in_another() -> None:
    assert states(a) == [("A", "End")]
    assert states(a >> b) == [("A", "B"), ("B", "End")]
    assert states(a) == [("A", "End")]


def test_chain_is_what_the_operator_makes() -> None:
    assert chain(a, b, c) == a >> b >> c
    assert chain(a) is a


def test_chain_of_flows_joins_their_states() -> None:
    assert states(chain(a >> b, c, d)) == [("A", "B"), ("B", "C"), ("C", "D"), ("D", "End")]


def test_chain_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^chain\(\) takes at least one state$"):
        chain()


# --- order and ends ------------------------------------------------------------------------------


def test_states_stand_in_the_order_of_the_main_chain_then_of_the_handlers_as_written() -> None:
    second_handler = task("H2", Pass("H4")) >> Pass("H3")
    flow = task("T1", Pass("H1")) >> task("T2", second_handler) >> task("T3", Pass("H5"))
    assert [name for name, _ in states(flow)] == ["T1", "T2", "T3", "H1", "H2", "H3", "H5", "H4"]


def test_two_catchers_of_a_task_stand_in_their_order() -> None:
    catch = [
        Catcher(ErrorEquals=["States.Timeout"], Next=Pass("Z")),
        Catcher(ErrorEquals=[ALL], Next=Pass("Y")),
    ]
    assert [name for name, _ in states(Task("T", Resource=ARN, Catch=catch) >> a)] == ["T", "A", "Z", "Y"]


def test_the_last_state_ends_and_the_others_go_on() -> None:
    rendered = Workflow(a >> b).to_asl()["States"]
    assert rendered == {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "End": True}}


@pytest.mark.parametrize("last", [Succeed("Last"), Fail("Last")], ids=["Succeed", "Fail"])
def test_a_terminal_state_has_neither_next_nor_end(last: Succeed | Fail) -> None:
    assert Workflow(a >> last).to_asl()["States"]["Last"] == {"Type": last.Type}


def test_the_first_state_of_the_flow_starts_the_workflow() -> None:
    assert Workflow((a >> b) >> c).to_asl()["StartAt"] == "A"


def test_a_state_that_is_followed_in_a_handler_goes_on_wherever_it_is_met() -> None:
    assert states(task("T", b >> c) >> b) == [("T", "B"), ("B", "C"), ("C", "End")]


# --- loops, fan-in, Goto -------------------------------------------------------------------------


def test_a_loop_names_an_earlier_state_again() -> None:
    poll = task("Poll", Succeed("Done"))
    wait = Wait("Wait", Seconds=1)
    assert states(poll >> wait >> poll) == [("Poll", "Wait"), ("Wait", "Poll"), ("Done", None)]


def test_a_handler_that_leads_back_by_name_loops() -> None:
    poll = task("Poll", Wait("Wait", Seconds=1) >> Goto("Poll"))
    assert states(poll >> a) == [("Poll", "A"), ("A", "End"), ("Wait", "Poll")]


def test_several_handlers_lead_to_one_state() -> None:
    notify = Pass("Notify")
    flow = task("T1", notify) >> task("T2", Pass("Prepare") >> notify)
    assert states(flow) == [("T1", "T2"), ("T2", "End"), ("Notify", "End"), ("Prepare", "Notify")]


def test_goto_is_equal_to_the_state_it_names_where_only_the_name_counts() -> None:
    assert Catcher(ErrorEquals=[ALL], Next=Goto("A")) == Catcher(ErrorEquals=[ALL], Next=a >> b)
    assert Catcher(ErrorEquals=[ALL], Next=Goto("A")) != Catcher(ErrorEquals=[ALL], Next=b)


def test_a_raw_state_goes_on_as_the_flow_says_or_as_its_fields_say() -> None:
    raw = RawState("Raw", {"Type": "Pass", "Next": "B"})
    assert states(a >> RawState("Raw", {"Type": "Pass"}) >> b) == [("A", "Raw"), ("Raw", "B"), ("B", "End")]
    assert states(a >> raw >> b) == [("A", "Raw"), ("Raw", "B"), ("B", "End")]


def test_linking_twice_gives_the_same_text() -> None:
    flow = task("T1", a >> b) >> task("T2", c)
    assert json.dumps(Workflow(flow).to_asl()) == json.dumps(Workflow(flow).to_asl())


# --- size ----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_long_chain_is_linked_checked_and_rendered() -> None:
    assert states(long_chain()) == [
        *((f"S{number}", f"S{number + 1}") for number in range(MANY - 1)),
        (f"S{MANY - 1}", "End"),
    ]


@pytest.mark.slow
def test_a_long_chain_is_compared_to_what_chain_makes() -> None:
    assert long_chain() == chain(*(Pass(f"S{number}") for number in range(MANY)))


def test_a_long_chain_joined_from_the_right_is_the_same() -> None:
    flow: Any = Pass(f"S{MANY - 1}")
    for number in reversed(range(MANY - 1)):
        flow = Pass(f"S{number}") >> flow
    assert flow == long_chain()


def test_a_long_chain_is_shown() -> None:
    text = repr(long_chain())
    assert text.startswith("Pass('S0') >> Pass('S1') >> ")
    assert text.count(" >> ") == MANY - 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "duplicate", [lambda flow: pickle.loads(pickle.dumps(flow)), copy.copy, copy.deepcopy]
)
def test_a_long_chain_is_copied_and_pickled(duplicate: Callable[..., Any]) -> None:
    flow = long_chain()
    assert duplicate(flow) == flow


def test_a_workflow_is_pickled_with_what_it_has_linked() -> None:
    workflow = Workflow(task("T", a >> b) >> c)
    rendered = workflow.to_asl()
    again = pickle.loads(pickle.dumps(workflow))
    assert again == workflow
    assert again.to_asl() == rendered


def deep_handlers(depth: int) -> Any:
    handler: Any = Pass("End")
    for number in reversed(range(depth)):
        handler = task(f"T{number}", handler)
    return handler


@pytest.mark.slow
def test_handlers_lead_to_handlers_5000_deep() -> None:
    flow = deep_handlers(5_000)
    assert [name for name, _ in states(flow)] == [*(f"T{number}" for number in range(5_000)), "End"]
    assert flow == deep_handlers(5_000)
    assert repr(flow.Catch) == "[Catcher(ErrorEquals=['States.ALL'], Next=Goto('T1'))]"


def meeting_handlers() -> Any:
    """Two ways at each of 200 steps, which are 2**200 ways to the end."""
    handler: Any = Pass("End")
    for number in range(200):
        catch = [
            Catcher(ErrorEquals=["States.Timeout"], Next=handler),
            Catcher(ErrorEquals=[ALL], Next=handler),
        ]
        handler = Task(f"T{number}", Resource=ARN, Catch=catch)
    return handler


def test_handlers_that_meet_again_are_linked_and_shown_once() -> None:
    handler = meeting_handlers()
    assert len(states(handler)) == 201
    assert len(repr(handler)) < 300


def test_a_payload_200_deep_is_checked_and_rendered() -> None:
    payload: dict[str, Any] = {"leaf": "x"}
    for _ in range(200):
        payload = {"in": [payload]}
    assert Workflow(Pass("P", Result=payload)).to_asl()["States"]["P"]["Result"] == payload


def test_a_raw_state_leads_to_the_flows_that_begin_with_the_names_in_its_fields() -> None:
    catch = [{"ErrorEquals": [ALL], "Next": "C"}, {"ErrorEquals": [ALL], "Next": "B"}]
    raw = RawState("A", {"Type": "Task", "Catch": catch}, flows=[Pass("C") >> Goto("B")])
    assert states(raw >> Pass("B")) == [("A", "B"), ("B", "End"), ("C", "B")]
    with pytest.raises(TypeError, match=r"^flows takes a list of Flows, not \['B'\]$"):
        RawState("A", {}, flows=["B"])  # type: ignore[list-item]  # wrong on purpose
