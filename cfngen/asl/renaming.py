"""The same flow twice in one workflow, under other names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from cfngen.asl.flow import Flow, Goto, steps
from cfngen.asl.flow_mapping import NewFlows, fields_that_lead, innermost_first, mapped
from cfngen.asl.states import RawState, State


def renamed(flow: Flow, prefix: str) -> Flow:
    """Return a flow whose states, also those that it leads to and those inside, begin with ``prefix``.

    A ``Goto`` that names a state of the flow follows it, and so do the names in a ``RawState``; one that
    leads out of the flow stays as it is.
    """
    names = {step.Name for part in innermost_first(flow) for step in steps(part) if isinstance(step, State)}

    def new(name: str) -> str:
        return prefix + name if name in names else name

    def new_state(state: State, flows_by_id: NewFlows) -> State:
        fields = {"Name": prefix + state.Name, **fields_that_lead(state, flows_by_id)}
        if isinstance(state, RawState):
            fields["Fields"] = _renamed_fields(state.Fields, prefix, new)
        return replace(state, **fields)

    return mapped(flow, new_state, lambda goto: Goto(new(goto.Name)))


def _renamed_fields(fields: Mapping[str, Any], prefix: str, new: Callable[[str], str]) -> Mapping[str, Any]:
    """Return the fields of a raw state under the new names; those inside it are the flow's as well."""
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
            definitions = state.get(key)
            if isinstance(definitions, (list, tuple)):
                state[key] = [_raw_definition(definition, prefix, states) for definition in definitions]
            elif isinstance(definitions, Mapping):
                state[key] = _raw_definition(definitions, prefix, states)
    return top


def _raw_definition(
    definition: Any, prefix: str, open_states: list[tuple[dict[str, Any], Callable[[str], str]]]
) -> Any:
    if not isinstance(definition, Mapping) or not isinstance(definition.get("States"), Mapping):
        return definition
    known = definition["States"]

    def new(name: str) -> str:
        return prefix + name if name in known else name

    states = {prefix + name: dict(state) for name, state in known.items() if isinstance(state, Mapping)}
    open_states += [(state, new) for state in states.values()]
    start = definition.get("StartAt")
    return {**definition, **({"StartAt": new(start)} if isinstance(start, str) else {}), "States": states}
