"""The order in which problems are told: that of the document they point into."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from cfngen.asl.graph import Graph
from cfngen.asl.schema import order
from cfngen.core.problems import Problem
from cfngen.documents.nodes import longest_key, slashes_of

_LISTS: Final = ("Choices", "Branches", "Retry", "Catch")


def in_document_order(
    problems: Iterable[Problem], graph: Graph, document: Mapping[str, Any] | None = None
) -> list[Problem]:
    """Return the problems in the order of the document, of the language where nothing was read.

    Those of one place stay as they were found.
    """
    problems = list(problems)
    if len(problems) < 2:
        return problems
    return sorted(problems, key=_by_language(graph) if document is None else _by_document(document))


def _by_language(graph: Graph) -> Callable[[Problem], tuple[int, ...]]:
    """Return what tells a place by state, field and entry."""
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

    return place


def _by_document(document: Mapping[str, Any]) -> Callable[[Problem], tuple[int, ...]]:
    """Return what tells a place by the numbers of the keys and entries that lead to it."""
    numbered: dict[int, tuple[dict[str, int], tuple[int, ...]]] = {}

    def place(problem: Problem) -> tuple[int, ...]:
        path: list[int] = []
        value: Any = document
        rest = problem.location.removeprefix("/")
        while rest:
            if isinstance(value, Mapping):
                if id(value) not in numbered:
                    numbers = {key: number for number, key in enumerate(value)}
                    numbered[id(value)] = numbers, slashes_of(numbers)
                numbers, slashes = numbered[id(value)]
                if (key := longest_key(rest, numbers, slashes)) is None:
                    break
                path.append(numbers[key])
                value, rest = value[key], rest[len(key) + 1 :]
            else:
                entry, _, rest = rest.partition("/")
                if not (isinstance(value, Sequence) and entry.isdecimal() and int(entry) < len(value)):
                    break
                path.append(int(entry))
                value = value[int(entry)]
        return tuple(path)

    return place
