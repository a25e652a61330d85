"""Rules about the two query languages, whose fields do not mix.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from cfngen.asl.graph import Graph, LinkedWorkflow, Node
from cfngen.asl.rules.fields import schema_problem
from cfngen.asl.schema import CATCHER, READER, WRITER, Field, fields_of
from cfngen.asl.states import AnyTask, RawState
from cfngen.asl.values import JSONATA, JSONPATH, OMIT, Language
from cfngen.core import wording
from cfngen.core.problems import Problem


def fields_are_of_the_query_language(workflow: LinkedWorkflow) -> Iterator[Problem]:
    """JSONPath states have five fields for their data, JSONata states ``Arguments`` and ``Output``."""
    # where the language itself is wrong, that is told, and which fields it would have is a guess
    whole = _may_be_language(workflow.fields.get("QueryLanguage"))
    for node, _ in workflow.graph.walk():
        own = node.state.QueryLanguage
        if whole if own is None else _may_be_language(own):
            yield from _state_problems(node)


def _may_be_language(value: object) -> bool:
    return value is None or value in (JSONATA, JSONPATH)


def _state_problems(node: Node) -> Iterator[Problem]:
    state = node.state
    if isinstance(state, RawState):
        return
    own: Mapping[str, Any] = vars(state)
    if isinstance(state, AnyTask):  # whose arguments may have the names of other states' fields
        own = {**own, "Parameters": OMIT, "Arguments": OMIT, **state.payloads(node.language)}
    yield from _foreign(node, node.location, state.Type, own)
    for index, catcher in enumerate(getattr(state, "Catch", ())):
        yield from _foreign(node, f"{node.location}/Catch/{index}", CATCHER, vars(catcher))
    for name in (READER, WRITER) if state.Type == "Map" else ():
        if (value := getattr(state, name)) is not None:
            yield from _foreign(node, f"{node.location}/{name}", name, vars(value))


def state_keeps_to_the_language_of_a_jsonata_workflow(node: Node, graph: Graph) -> Iterator[Problem]:
    """In a workflow of JSONata every state is; one of JSONPath may hold states of either.

    https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html
    """
    if node.inherited == JSONATA and node.language == JSONPATH:
        yield schema_problem(
            f"{node.location}/QueryLanguage",
            "a workflow in JSONata cannot contain a state in JSONPath",
            f"set {wording.field_text('QueryLanguage', JSONATA)} on the states that use it, "
            "and not on the workflow",
        )


def _foreign(node: Node, place: str, owner: str, own: Mapping[str, Any]) -> Iterator[Problem]:
    for row in _fields_of_the_other(owner, node.language):
        value = own.get(row.name, OMIT)
        if value is not OMIT and (value is not None or row.null):
            yield schema_problem(
                f"{place}/{row.name}",
                f"{row.name!r} is a field of {row.language}, "
                f"and the state's query language is {node.language}",
                row.instead,
            )


@cache
def _fields_of_the_other(owner: str, language: Language) -> tuple[Field, ...]:
    """Return the fields that only the other query language has."""
    return tuple(row for row in fields_of(owner) if row.language not in (None, language) and not row.sets)
