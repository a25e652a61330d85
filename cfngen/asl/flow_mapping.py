"""A flow made anew, state by state, with all that it leads to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from cfngen.asl.flow import Flow, Goto, chain, steps
from cfngen.asl.states import FallibleStep, RawState, State

if TYPE_CHECKING:
    from cfngen.asl.branches import Choice, Map, Parallel

NewFlows: TypeAlias = "Mapping[int, Flow]"
"""The new flow of each old one, by its ``id``."""


def mapped(
    flow: Flow, new_state: Callable[[State, NewFlows], State], new_goto: Callable[[Goto], Goto]
) -> Flow:
    """Return a flow of new states, also those that it leads to and those inside; each is made once."""
    flows_by_id: dict[int, Flow] = {}
    states: dict[int, State] = {}
    for part in innermost_first(flow):
        chained: list[Flow] = []
        for step in steps(part):
            if isinstance(step, Goto):
                chained.append(new_goto(step))
            else:
                if id(step) not in states:
                    states[id(step)] = new_state(step, flows_by_id)
                chained.append(states[id(step)])
        flows_by_id[id(part)] = chain(*chained)
    return flows_by_id[id(flow)]


def innermost_first(flow: Flow) -> list[Flow]:
    """Return a flow and all that it leads to, each after what it leads to itself."""
    met: set[int] = set()
    ordered: list[Flow] = []
    flows = [(flow, False)]
    while flows:
        part, expanded = flows.pop()
        if expanded:
            ordered.append(part)
        elif id(part) not in met:
            met.add(id(part))
            flows.append((part, True))
            flows += [(inner, False) for inner in _inner(part)]
    return ordered


def _inner(flow: Flow) -> list[Flow]:
    return [inner for step in steps(flow) if isinstance(step, State) for inner in _next_flows(step)]


def _next_flows(state: State) -> list[Flow]:
    if isinstance(state, RawState):
        return list(state.flows)
    return [flow for pairs in (state.edges(), state.inner_flows()) for _, flow in pairs]


def fields_that_lead(state: State, flows_by_id: NewFlows) -> dict[str, Any]:
    """Return the fields by which a state leads to flows or holds them, with the new ones."""
    fields: dict[str, Any] = {}
    if isinstance(state, RawState):
        fields["flows"] = [flows_by_id[id(flow)] for flow in state.flows]
    if isinstance(state, FallibleStep) and state.Catch:
        fields["Catch"] = [replace(catcher, Next=flows_by_id[id(catcher.Next)]) for catcher in state.Catch]
    if state.Type == "Choice":
        choice = cast("Choice", state)
        fields["Choices"] = [replace(rule, Next=flows_by_id[id(rule.Next)]) for rule in choice.Choices]
        fields["Default"] = None if choice.Default is None else flows_by_id[id(choice.Default)]
    elif state.Type == "Parallel":
        fields["Branches"] = [flows_by_id[id(branch)] for branch in cast("Parallel", state).Branches]
    elif state.Type == "Map":
        fields["ItemProcessor"] = flows_by_id[id(cast("Map", state).ItemProcessor)]
    return fields
