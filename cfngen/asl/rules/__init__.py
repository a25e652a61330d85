"""Check: what Step Functions would refuse or warn of, found before it is asked.

A rule is one public function that yields problems: of a ``node`` in its ``graph``, or of a whole
``workflow``. Its name is its id (``asl-names-are-unique``), its docstring says what it holds and on which
page of AWS that stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import FunctionType
from typing import Any, Final, NamedTuple

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
from cfngen.asl.values import EXPRESS, STANDARD, WorkflowType
from cfngen.core.declared import few_suggestions
from cfngen.core.problems import Problem, errors

_MODULES: Final = (
    machine,
    raw,
    transitions,
    variables,
    fields,
    languages,
    calls,
    paths,
    payloads,
    expressions,
    choices,
    parallel_and_map,
    items,
    handlers,
)


def _rule_functions(*parameters: str) -> tuple[Callable[..., Iterator[Problem]], ...]:
    """Return the public functions of the modules that take these, which is what makes them rules."""
    return tuple(
        value
        for module in _MODULES
        for name, value in vars(module).items()
        if isinstance(value, FunctionType)
        and value.__module__ == module.__name__
        and not name.startswith("_")
        and value.__code__.co_varnames[: value.__code__.co_argcount] == parameters
    )


MACHINE_RULES: Final[tuple[Callable[[LinkedWorkflow], Iterator[Problem]], ...]] = _rule_functions(
    "workflow"
)
"""They look at the whole."""

STATE_RULES: Final[tuple[Callable[[Node, Graph], Iterator[Problem]], ...]] = _rule_functions(
    "node", "graph"
)
"""They look at a state in its place."""

TYPE_RULES: Final = (calls.express_only_requests, parallel_and_map.express_has_no_distributed_map)
"""They look at what a state machine of type EXPRESS does not support."""


class Rule(NamedTuple):
    """What a rule is called, what it holds, and the page of AWS that says so."""

    id: str
    sentence: str
    page: str


def id_of(rule: Callable[..., Any]) -> str:
    """Return the id of a rule, which is its name."""
    return f"asl-{rule.__name__.replace('_', '-')}"


def catalog() -> list[Rule]:
    """Return all rules of the language, those of reading and linking included."""
    functions: tuple[Callable[..., Any], ...] = (
        *MACHINE_RULES,
        *STATE_RULES,
        *TYPE_RULES,
        machine.definition_is_within_limits,
    )
    return [*_PARTS, *(_rule_of(rule) for rule in functions)]


def _rule_of(rule: Callable[..., Any]) -> Rule:
    from inspect import getdoc, getmodule

    documented = getdoc(rule) or ""
    sentence = " ".join(documented.partition("\n\n")[0].split())
    urls = [
        line
        for line in f"{documented}\n{getdoc(getmodule(rule)) or ''}".split()
        if line.startswith("https://")
    ]
    return Rule(id_of(rule), sentence, urls[0] if urls else _LANGUAGE)


_GUIDE: Final = "https://docs.aws.amazon.com/step-functions/latest/dg"
_LANGUAGE: Final = f"{_GUIDE}/concepts-amazon-states-language.html"
_PARTS: Final = (
    Rule(
        "asl-document",
        "A document has the fields of the language, each with a value of its kind.",
        _LANGUAGE,
    ),
    Rule(
        "asl-field-not-supported",
        "A mapping has the fields of its kind: AWS refuses those of another, and nearly its own.",
        _LANGUAGE,
    ),
    Rule(
        "asl-unknown-field",
        "A field that the language is not known to have is a warning: it may be newer than cfngen.",
        _LANGUAGE,
    ),
    Rule("asl-states-are-linked", "A name means one state, which has one successor.", _LANGUAGE),
    Rule(
        "asl-choice-has-a-default",
        "A Choice without ``Default`` fails when no rule matches. AWS accepts it.",
        f"{_GUIDE}/state-choice.html",
    ),
    Rule(
        "asl-inline-map-reads-no-items",
        "What reads, batches or writes items of an inline Map fails at run time. AWS accepts it.",
        f"{_GUIDE}/state-map-distributed.html",
    ),
)
"""What is found where no function of its own looks for it."""


def _found_by(rule: Callable[..., Iterator[Problem]], *arguments: Any) -> Iterator[Problem]:
    for problem in rule(*arguments):
        yield problem if problem.rule else replace(problem, rule=id_of(rule))


def check(workflow: LinkedWorkflow, rendered: Callable[[], Mapping[str, Any]]) -> list[Problem]:
    """Return all problems; ``rendered`` is asked only where nothing else is wrong."""
    graph = workflow.graph
    problems = [problem for inner_graph in graph.graphs() for problem in inner_graph.unread]
    problems += (
        replace(problem, rule="asl-states-are-linked")
        for inner_graph in graph.graphs()
        for problem in inner_graph.conflicts
    )
    with few_suggestions():
        for machine_rule in MACHINE_RULES:
            problems += _found_by(machine_rule, workflow)
        for node, inner_graph in graph.walk():
            for rule in STATE_RULES:
                for problem in rule(node, inner_graph):
                    problems.append(problem if problem.rule else replace(problem, rule=id_of(rule)))
    if not errors(problems):
        problems += _found_by(machine.definition_is_within_limits, rendered())
    return problems


def check_type(graph: Graph, type: WorkflowType) -> list[Problem]:  # noqa: A002  the API's word
    """Return what a state machine of this type does not support."""
    if type not in (STANDARD, EXPRESS):
        raise ValueError(f"the type of a state machine is {STANDARD} or {EXPRESS}, not {type!r}")
    if type == STANDARD:
        return []
    return [problem for node, _ in graph.walk() for rule in TYPE_RULES for problem in _found_by(rule, node)]
