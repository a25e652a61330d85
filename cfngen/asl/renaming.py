"""The same flow twice in one workflow, under other names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from cfngen.asl.flow import Flow, Goto, chain, steps
from cfngen.asl.states import FallibleStep, RawState, State

if TYPE_CHECKING:
    from cfngen.asl.branches import Choice, Map, Parallel


def renamed(flow: Flow, prefix: str) -> Flow:
    """Return a flow whose states, also those that it leads to and those inside, begin with ``prefix``.

    A ``Goto`` that names a state of the flow follows it, and so do the names in a ``RawState``; one that
    leads out of the flow stays as it is.
    """
    flows = _innermost_first(flow)
    names = {step.Name for part in flows for step in steps(part) if isinstance(step, State)}

    def new(name: str) -> str:
        return prefix + name if name in names else name

    flows_by_id: dict[int, Flow] = {}
    states: dict[int, State] = {}
    for part in flows:
        chained: list[Flow] = []
        for step in steps(part):
            if isinstance(step, Goto):
                chained.append(Goto(new(step.Name)))
            else:
                if id(step) not in states:
                    states[id(step)] = _renamed_state(step, prefix, new, flows_by_id)
                chained.append(states[id(step)])
        flows_by_id[id(part)] = chain(*chained)
    return flows_by_id[id(flow)]


def _innermost_first(flow: Flow) -> list[Flow]:
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
    return [inner for step in steps(flow) if isinstance(step, State) for inner in _leads_to(step)]


def _leads_to(state: State) -> list[Flow]:
    if isinstance(state, RawState):
        return list(state.flows)
    return [flow for pairs in (state.edges(), state.scopes()) for _, flow in pairs]


def _renamed_state(
    state: State, prefix: str, new: Callable[[str], str], flows_by_id: Mapping[int, Flow]
) -> State:
    """Return a state under its new name, leading to the flows under theirs."""
    fields: dict[str, Any] = {"Name": prefix + state.Name}
    if isinstance(state, RawState):
        fields["Fields"] = _raw(state.Fields, prefix, new)
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
    return replace(state, **fields)


def _raw(fields: Mapping[str, Any], prefix: str, new: Callable[[str], str]) -> Mapping[str, Any]:
    """Return the fields of a raw state under the new names; the scopes in it are the flow's as well."""
    top = dict(fields)
    states = [(top, new)]
    while states:
        state, name = states.pop()
        for key in ("Next", "Default"):
            if isinstance(state.get(key), str):
                state[key] = name(state[key])
        for key in ("Catch", "Choices"):
            if isinstance(state.get(key), (list, tuple)):
                state[key] = [
                    {**entry, "Next": name(entry["Next"])}
                    if isinstance(entry, Mapping) and isinstance(entry.get("Next"), str)
                    else entry
                    for entry in state[key]
                ]
        for key in ("Branches", "ItemProcessor", "Iterator"):
            scopes = state.get(key)
            if isinstance(scopes, (list, tuple)):
                state[key] = [_raw_scope(scope, prefix, states) for scope in scopes]
            elif isinstance(scopes, Mapping):
                state[key] = _raw_scope(scopes, prefix, states)
    return top


def _raw_scope(
    scope: Any, prefix: str, open_states: list[tuple[dict[str, Any], Callable[[str], str]]]
) -> Any:
    if not isinstance(scope, Mapping) or not isinstance(scope.get("States"), Mapping):
        return scope
    known = scope["States"]

    def new(name: str) -> str:
        return prefix + name if name in known else name

    states = {prefix + name: dict(state) for name, state in known.items() if isinstance(state, Mapping)}
    open_states += [(state, new) for state in states.values()]
    start = scope.get("StartAt")
    return {**scope, **({"StartAt": new(start)} if isinstance(start, str) else {}), "States": states}
