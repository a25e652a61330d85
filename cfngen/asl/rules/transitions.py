"""Rules about where a state goes."""

from __future__ import annotations

from collections.abc import Iterator

from cfngen.asl.declared import did_you_mean
from cfngen.asl.graph import Graph, Node
from cfngen.asl.problems import Problem


def targets_exist(node: Node, graph: Graph) -> Iterator[Problem]:
    """The value of a transition MUST be the name of a state in the same scope."""
    targets = dict(node.targets)
    if node.next is not None:
        targets["Next"] = node.next
    for pointer, name in targets.items():
        if name not in graph.nodes:
            yield Problem(
                "MISSING_TRANSITION_TARGET",
                f"{node.location}/{pointer}",
                f"no state is named {name!r}",
                did_you_mean(name, graph.nodes)
                or "a workflow holds only the states that its flows lead to",
            )
