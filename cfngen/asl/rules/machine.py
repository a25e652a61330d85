"""Rules about the state machine as a whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from cfngen.asl.problems import Problem
from cfngen.asl.render import render
from cfngen.asl.rules.fields import integer, schema, text
from cfngen.asl.states import Fail, RawState, Succeed

if TYPE_CHECKING:
    from cfngen.asl.graph import Node
    from cfngen.asl.workflow import Workflow

MAX_DEFINITION: Final = 1_048_576


def fields_hold_what_they_take(workflow: Workflow) -> Iterator[Problem]:
    """``TimeoutSeconds`` MUST be a positive integer; ``Comment`` and ``Version`` are strings."""
    yield from text("/Comment", workflow.Comment)
    yield from text("/Version", workflow.Version)
    yield from integer("/TimeoutSeconds", workflow.TimeoutSeconds, least=1)


def every_state_is_reached(workflow: Workflow) -> Iterator[Problem]:
    """``StartAt`` MUST be the name of a state, and every state must be reached from there.

    What follows a state in its flow is, unless that is a ``RawState`` that says itself where it goes.
    """
    graph = workflow.graph
    if graph.start not in graph.nodes:
        yield Problem(
            "MISSING_TRANSITION_TARGET",
            "/StartAt",
            f"no state is named {graph.start!r}",
            "a workflow begins with a state itself, not with its name",
        )
    if graph.conflicts:
        return  # where its states lead is not known
    reached: set[str] = set()
    waiting = [graph.start]
    while waiting:
        name = waiting.pop()
        if name in reached or name not in graph.nodes:
            continue
        reached.add(name)
        node = graph.nodes[name]
        waiting += node.targets.values()
        if node.next is not None:
            waiting.append(node.next)
    for name, node in graph.nodes.items():
        if name not in reached:
            yield Problem(
                "MISSING_TRANSITION_TARGET",
                node.location,
                f"the state {name!r} is never reached",
                "a RawState whose fields say where it goes does not go on to what follows it in the flow",
            )


def some_state_ends_it(workflow: Workflow) -> Iterator[Problem]:
    """There must be a terminal state: one with ``"End": true``, a Succeed or a Fail."""
    graph = workflow.graph
    if graph.conflicts or any(target not in graph.nodes for _, target in graph.edges()):
        return  # where its states lead is not known
    if graph.nodes and not any(map(_ends, graph.nodes.values())):
        yield Problem(
            "MISSING_END_STATE",
            "/States",
            "no state ends the workflow: every one leads to another",
            "let one of them be the last of its flow, or lead to a Succeed or Fail",
        )


def definition_is_within_limits(workflow: Workflow) -> Iterator[Problem]:
    """A definition has at most 1 MiB of UTF-8, as the API takes it: JSON without white space.

    https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
    """
    definition = render(workflow, "arn:aws:states:::{}".format)
    try:
        size = len(json.dumps(definition, ensure_ascii=False, separators=(",", ":")).encode())
    except UnicodeEncodeError as error:
        broken = error.object[max(0, error.start - 20) : error.start + 1]
        yield schema("", f"{broken!r} in the definition ends in half a character, a lone surrogate")
        return
    if size > MAX_DEFINITION:
        yield schema(
            "",
            f"the definition has {size:,} bytes, and Step Functions takes {MAX_DEFINITION:,}",
            "move a part of it into a workflow of its own, and start that from this one",
        )


def _ends(node: Node) -> bool:
    state = node.state
    if isinstance(state, RawState):
        if state.Fields.get("Type") in ("Succeed", "Fail") or state.Fields.get("End") is True:
            return True
        return state.Fields.get("Type") != "Choice" and node.next is None and "Next" not in state.Fields
    return isinstance(state, (Succeed, Fail)) or node.next is None
