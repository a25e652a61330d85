"""The same handlers for many tasks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from cfngen.asl.flow import Flow, steps
from cfngen.asl.flow_mapping import NewFlows, fields_that_lead, innermost_first, mapped
from cfngen.asl.handlers import Catcher, Retrier
from cfngen.asl.states import AnyTask, FallibleStep, State, wrong_entries
from cfngen.core.callers import mistake


def with_handlers(
    flow: Flow,
    *,
    Retry: Sequence[Retrier] = (),  # noqa: N803  the language's word
    Catch: Sequence[Catcher] = (),  # noqa: N803  the language's word
) -> Flow:
    """Return a flow whose tasks have these retriers and catchers, where they have none of their own.

    ``Retry`` is for every task, also for those inside a Parallel or a Map. A catcher leads to a state of
    its own scope, so ``Catch`` is for the tasks of the flow itself, and for each Parallel and Map in it,
    which fails when a task inside does. The states that ``Catch`` leads to stay as they are.
    """
    if wrong := [*wrong_entries("Retry", Retry, Retrier), *wrong_entries("Catch", Catch, Catcher)]:
        raise mistake(TypeError("\n".join(wrong)))
    handlers = {
        step.Name
        for catcher in Catch
        for part in innermost_first(catcher.Next)
        for step in steps(part)
        if isinstance(step, State)
    }
    own = _states_of_level(flow)

    def new_state(state: State, flows_by_id: NewFlows) -> State:
        fields: dict[str, Any] = fields_that_lead(state, flows_by_id)
        if isinstance(state, FallibleStep) and state.Name not in handlers:
            if Retry and not state.Retry and isinstance(state, AnyTask):
                fields["Retry"] = [*Retry]
            if Catch and not state.Catch and id(state) in own:
                fields["Catch"] = [*Catch]
        return replace(state, **fields) if fields else state

    return mapped(flow, new_state, lambda goto: goto)


def _states_of_level(flow: Flow) -> set[int]:
    """Return the ``id`` of each state that a flow leads to, those inside a Parallel or a Map left out."""
    states: set[int] = set()
    flows = [flow]
    for part in flows:  # which grows as it is walked
        for step in steps(part):
            if isinstance(step, State) and id(step) not in states:
                states.add(id(step))
                flows += [target for _, target in step.edges()]
    return states
