"""The order in which problems are told: that of the document they point into."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from cfngen.asl.graph import Graph
from cfngen.asl.schema import order
from cfngen.core.problems import Problem

_LISTS: Final = ("Choices", "Branches", "Retry", "Catch")


def in_document_order(problems: Iterable[Problem], graph: Graph) -> list[Problem]:
    """Return the problems by state, field and entry; those of one entry stay as they were found."""
    problems = list(problems)
    if len(problems) < 2:
        return problems
    places = {node.location: number for number, (node, _) in enumerate(graph.walk())}

    fields = order()

    def place(problem: Problem) -> tuple[int, int, int]:
        state = problem.location
        while state and state not in places:
            state = state.rpartition("/")[0]
        field, _, rest = problem.location.removeprefix(state).strip("/").partition("/")
        entry = rest.partition("/")[0]
        return (
            places.get(state, -1),
            fields.get(field, len(fields)),
            int(entry) if entry.isdecimal() and field in _LISTS else -1,
        )

    return sorted(problems, key=place)
