"""Rules about where a state goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cfngen.asl.graph import Graph, LinkedWorkflow, Node
from cfngen.asl.rules.fields import brief
from cfngen.asl.states import RawState
from cfngen.core.declared import did_you_mean
from cfngen.core.problems import Problem


def end_or_next(node: Node, graph: Graph) -> Iterator[Problem]:
    """A state MUST NOT have both ``Next`` and ``End``: it ends the flow, or another state follows."""
    state = node.state
    if isinstance(state, RawState) and state.Fields.get("End") and "Next" in state.Fields:
        yield Problem(
            "SCHEMA_VALIDATION_FAILED",
            f"{node.location}/End",
            f"the state has both 'End' and 'Next', which is {brief(state.Fields['Next'])}",
            "remove 'End' or 'Next'",
        )


def targets_exist(workflow: LinkedWorkflow) -> Iterator[Problem]:
    """The value of a transition MUST be the name of a state in the same scope."""
    places: dict[str, str] = {}
    for node, graph in workflow.graph.walk():
        for pointer, name in node.transitions():
            if name in graph.nodes:
                continue
            if not places:
                places = {inner.state.Name: inner.location for inner, _ in workflow.graph.walk()}
            yield Problem(
                "MISSING_TRANSITION_TARGET",
                f"{node.location}/{pointer}",
                f"no state is named {name!r}",
                _hint(name, graph, places),
            )


def _hint(name: str, graph: Graph, places: Mapping[str, str]) -> str:
    if place := places.get(name):
        return (
            f"{place} is in another scope: a flow enters a Parallel or Map "
            "at its beginning and leaves it at its end"
        )
    return did_you_mean(name, graph.nodes) or "a workflow contains only the states that its flows lead to"
