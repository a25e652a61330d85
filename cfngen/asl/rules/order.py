"""The order in which problems are told: that of the document they point into."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from cfngen.asl.graph import Graph
from cfngen.asl.problems import Problem

FIELDS: Final = (
    "",
    "Type",
    "Comment",
    "Version",
    "StartAt",
    "Resource",
    "Credentials",
    "Error",
    "ErrorPath",
    "Cause",
    "CausePath",
    "Seconds",
    "SecondsPath",
    "Timestamp",
    "TimestampPath",
    "InputPath",
    "Parameters",
    "Result",
    "ResultSelector",
    "ResultPath",
    "OutputPath",
    "TimeoutSeconds",
    "TimeoutSecondsPath",
    "HeartbeatSeconds",
    "HeartbeatSecondsPath",
    "Next",
    "End",
    "Retry",
    "Catch",
    "States",
)
"""The fields of a machine and of its states, in the order in which they are rendered."""


def in_document_order(problems: Iterable[Problem], graph: Graph) -> list[Problem]:
    """Return the problems by state and by field; those of one field stay as they were found."""
    places = {node.location: number for number, node in enumerate(graph.nodes.values())}

    def place(problem: Problem) -> tuple[int, int]:
        state = problem.location
        while state and state not in places:
            state = state.rpartition("/")[0]
        field = problem.location.removeprefix(state).strip("/").partition("/")[0]
        return places.get(state, -1), FIELDS.index(field) if field in FIELDS else len(FIELDS)

    return sorted(problems, key=place)
