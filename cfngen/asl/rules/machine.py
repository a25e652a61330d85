"""Rules about the state machine as a whole."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from cfngen.asl.link import equal_states
from cfngen.asl.rules.fields import (
    check_number,
    check_query_language,
    check_text,
    numeric_fields,
    schema_problem,
)
from cfngen.asl.schema import WORKFLOW
from cfngen.asl.states import RawState, State
from cfngen.cfn.functions import plain
from cfngen.core.declared import did_you_mean
from cfngen.core.limits import MAX_DEPTH
from cfngen.core.problems import Problem
from cfngen.core.walk import values_of

if TYPE_CHECKING:
    from cfngen.asl.graph import Graph, LinkedWorkflow, Node
from cfngen.core import wording

MAX_DEFINITION: Final = 1_048_576


def fields_hold_what_they_take(workflow: LinkedWorkflow) -> Iterator[Problem]:
    """``TimeoutSeconds`` MUST be a positive integer; ``Comment`` and ``Version`` are strings."""
    yield from check_text("/Comment", workflow.fields["Comment"])
    yield from check_query_language("/QueryLanguage", workflow.fields["QueryLanguage"])
    yield from check_text("/Version", workflow.fields["Version"])
    for row in numeric_fields(WORKFLOW):
        if (value := workflow.fields[row.name]) is not None:
            yield from check_number(f"/{row.name}", row, value)


def names_are_unique(workflow: LinkedWorkflow) -> Iterator[Problem]:
    """State names MUST be unique within the whole state machine, also across Parallel and Map."""
    met: dict[str, str] = {}
    for node, _ in workflow.graph.walk():
        first = met.setdefault(node.state.Name, node.location)
        if first != node.location:
            yield Problem(
                "DUPLICATE_STATE_NAME",
                node.location,
                f"the name {node.state.Name!r} is already used by {first}",
                "a name must be unique, also inside Parallel and Map"
                + wording.either(": renamed(flow, prefix) returns a copy of a flow with other names", ""),
            )


def labels_are_unique(workflow: LinkedWorkflow) -> Iterator[Problem]:
    """The ``Label`` of a distributed Map names its runs, and MUST be unique within the state machine.

    https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
    """
    met: dict[str, str] = {}
    for node, _ in workflow.graph.walk():
        label = getattr(node.state, "Label", None)
        if not isinstance(label, str):
            continue
        first = met.setdefault(label, node.location)
        if first != node.location:
            yield Problem(
                "DUPLICATE_LABEL_NAME",
                f"{node.location}/Label",
                f"the label {label!r} is already used by {first}",
                "Step Functions makes a unique label if there is none",
            )


def every_state_is_reached(workflow: LinkedWorkflow) -> Iterator[Problem]:
    """``StartAt`` MUST be the name of a state, and every state must be reached from there.

    What follows a state in its flow is, unless that is a ``RawState`` that says itself where it goes.
    """
    for graph in workflow.graph.graphs():
        if graph.start not in graph.nodes and (graph.start or not graph.conflicts):
            yield Problem(
                "MISSING_TRANSITION_TARGET",
                f"{graph.location}/StartAt",
                f"no state is named {graph.start!r}",
                did_you_mean(graph.start, graph.nodes)
                if workflow.is_read
                else f"{_whole_name(graph)} begins with a state, not with the name of a state",
            )
        if not graph.conflicts:  # or it would not be known where its states lead
            raw = not workflow.is_read and any(_leads_itself(node.state) for node in graph.nodes.values())
            yield from _never_reached(graph, _WRITTEN if raw else "")


_WRITTEN: Final = (
    "a RawState that has 'Next' or 'End', or whose type ends a flow, does not go on to what follows it"
)


def _never_reached(graph: Graph, hint: str) -> Iterator[Problem]:
    reached = set(graph.reached())
    for name, node in graph.nodes.items():
        if name not in reached:
            yield Problem(
                "MISSING_TRANSITION_TARGET",
                node.location,
                f"the state {name!r} is never reached",
                hint,
            )


def some_state_ends_it(workflow: LinkedWorkflow) -> Iterator[Problem]:
    """There must be a terminal state: one with ``"End": true``, a Succeed or a Fail."""
    for graph in workflow.graph.graphs():
        if graph.conflicts or not graph.is_closed():
            continue  # where its states lead is not known
        if graph.nodes and not any(map(_ends_execution, graph.nodes.values())):
            yield Problem(
                "MISSING_END_STATE",
                f"{graph.location}/States",
                f"no state ends the {_whole_name(graph).partition(' ')[2]}: every one leads to another",
                next(
                    (equal_states(node.state.Name) for node in graph.nodes.values() if node.is_repeated),
                    "make one of them the last of its flow, or let it lead to a Succeed or Fail",
                ),
            )


def states_are_not_nested_too_deep(workflow: LinkedWorkflow) -> Iterator[Problem]:
    """Step Functions has a limit for nesting, ``TOO_DEEPLY_NESTED``, and publishes no number.

    This is the depth to which common readers of JSON go, which is that of ``Workflow.read`` as well.
    https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html
    """
    if workflow.is_read:
        return  # it has been read
    depths: dict[int, int] = {}
    for graph in workflow.graph.graphs():
        outer = 0 if graph.outer is None else depths[id(graph.outer)]
        depths[id(graph)] = depth = outer + (_OF_PROCESSOR if _is_processor(graph) else _OF_BRANCH)
        if outer <= MAX_DEPTH < depth:
            yield Problem(
                "TOO_DEEPLY_NESTED",
                graph.location,
                f"the states of {_whole_name(graph)} are nested deeper than {MAX_DEPTH:,} levels",
                "move a part of it into another workflow, and start that one from here",
            )


_OF_PROCESSOR: Final = 3  # mappings and lists around its states: their state's, its own, 'States'
_OF_BRANCH: Final = 4  # and 'Branches'


def definition_is_within_limits(definition: Mapping[str, Any]) -> Iterator[Problem]:
    """A definition has at most 1 MiB of UTF-8, as the API takes it: JSON without white space.

    https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
    """
    try:
        size = _document_size(definition)
    except UnicodeEncodeError as error:
        broken = error.object[max(0, error.start - 20) : error.start + 1]
        yield schema_problem(
            "", f"{broken!r} in the definition ends with half a character (a lone surrogate)"
        )
        return
    if size > MAX_DEFINITION:
        yield schema_problem(
            "",
            f"the definition has {size:,} bytes; Step Functions accepts at most {MAX_DEFINITION:,}",
            "move a part of it into another workflow, and start that one from here",
        )


def _document_size(definition: Any) -> int:
    """Return the bytes of a document as JSON; nesting may be too deep for Python's own encoder."""
    try:
        return len(_plain_json(definition))
    except RecursionError:
        pass
    size = 0
    for value in values_of(definition):
        if isinstance(value, dict):
            size += 1 + sum(len(_plain_json(key)) + 2 for key in value)
        elif isinstance(value, list):
            size += 1 + len(value)
        else:
            size += len(_plain_json(value))
    return size


def _plain_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=plain).encode()


def _leads_itself(state: State) -> bool:
    return isinstance(state, RawState) and state.leads_itself


def _whole_name(graph: Graph) -> str:
    if _is_processor(graph):
        return "an item processor"
    return "a branch" if graph.location else "a workflow"


def _is_processor(graph: Graph) -> bool:
    return graph.location.endswith(("/ItemProcessor", "/Iterator"))


def _ends_execution(node: Node) -> bool:
    state = node.state
    if isinstance(state, RawState):
        if state.Fields.get("Type") in ("Succeed", "Fail") or state.Fields.get("End") is True:
            return True
        return state.Fields.get("Type") != "Choice" and node.next is None and "Next" not in state.Fields
    return state.Type != "Choice" and node.next is None
