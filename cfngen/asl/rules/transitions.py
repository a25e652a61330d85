"""Rules about where a state goes."""

from __future__ import annotations

from collections.abc import Iterator

from cfngen.asl.graph import Graph, Node
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


def targets_exist(node: Node, graph: Graph) -> Iterator[Problem]:
    """The value of a transition MUST be the name of a state in the same scope."""
    for pointer, name in node.transitions():
        if name not in graph.nodes:
            yield Problem(
                "MISSING_TRANSITION_TARGET",
                f"{node.location}/{pointer}",
                f"no state is named {name!r}",
                _hint(name, graph),
            )


def _hint(name: str, graph: Graph) -> str:
    for other in graph.outermost().graphs():
        if name in other.nodes:
            return (
                f"{other.nodes[name].location} is in another scope: a flow enters a Parallel or Map "
                "at its beginning and leaves it at its end"
            )
    return did_you_mean(name, graph.nodes) or "a workflow contains only the states that its flows lead to"
