"""Check: what Step Functions would refuse or warn of, found before it is asked.

A rule is one function that yields problems. ``STATE_RULES`` look at a state in its place,
``MACHINE_RULES`` at the whole; a new rule is its function and its line here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from cfngen.asl.graph import Graph, LinkedWorkflow, Node
from cfngen.asl.rules import (
    calls,
    choices,
    expressions,
    fields,
    handlers,
    items,
    languages,
    machine,
    parallel_and_map,
    paths,
    payloads,
    raw,
    transitions,
    variables,
)
from cfngen.asl.rules.order import in_document_order
from cfngen.asl.values import EXPRESS, STANDARD, WorkflowType
from cfngen.core.declared import few_suggestions
from cfngen.core.problems import Problem, errors

MACHINE_RULES: Final[tuple[Callable[[LinkedWorkflow], Iterator[Problem]], ...]] = (
    machine.fields_hold_what_they_take,
    raw.raw_fields_are_of_their_state,
    machine.names_are_unique,
    machine.labels_are_unique,
    transitions.targets_exist,
    machine.every_state_is_reached,
    machine.some_state_ends_it,
    machine.states_are_not_nested_too_deep,
    variables.variables_are_sound,
)

STATE_RULES: Final[tuple[Callable[[Node, Graph], Iterator[Problem]], ...]] = (
    fields.name_is_within_limits,
    fields.texts_are_text,
    languages.state_keeps_to_the_language_of_a_jsonata_workflow,
    languages.fields_are_of_the_query_language,
    calls.resource_is_an_arn,
    calls.pattern_is_supported,
    calls.callback_passes_the_token,
    calls.credentials_name_a_role,
    fields.numbers_are_in_range,
    fields.heartbeat_is_shorter_than_timeout,
    fields.wait_has_one_duration,
    paths.paths_are_paths,
    payloads.payloads_are_json,
    expressions.raw_expressions_are_sound,
    expressions.reserved_variable_is_read_where_it_is,
    choices.choices_are_sound,
    parallel_and_map.branches_are_there,
    parallel_and_map.maps_are_sound,
    items.items_are_read_and_written,
    parallel_and_map.express_children_only_request,
    transitions.end_or_next,
    handlers.retriers_are_sound,
    handlers.catchers_are_sound,
)


def check(workflow: LinkedWorkflow, rendered: Callable[[], dict[str, Any]]) -> list[Problem]:
    """Return all problems in document order; ``rendered`` is asked only where nothing else is wrong."""
    graph = workflow.graph
    problems = [problem for scope in graph.graphs() for problem in (*scope.conflicts, *scope.unread)]
    with few_suggestions():
        for machine_rule in MACHINE_RULES:
            problems += machine_rule(workflow)
        for node, scope in graph.walk():
            for rule in STATE_RULES:
                problems += rule(node, scope)
    if not errors(problems):
        problems += machine.definition_is_within_limits(rendered())
    return in_document_order(problems, graph)


def check_type(graph: Graph, type: WorkflowType) -> list[Problem]:  # noqa: A002  the API's word
    """Return what a state machine of this type does not support."""
    if type not in (STANDARD, EXPRESS):
        raise ValueError(f"the type of a state machine is {STANDARD} or {EXPRESS}, not {type!r}")
    if type == STANDARD:
        return []
    return [
        problem
        for node, _ in graph.walk()
        for rule in (calls.express_only_requests, parallel_and_map.express_has_no_distributed_map)
        for problem in rule(node)
    ]
