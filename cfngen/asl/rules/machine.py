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


def some_state_ends_it(workflow: Workflow) -> Iterator[Problem]:
    """There must be a terminal state: one with ``"End": true``, a Succeed or a Fail."""
    if not any(_ends(node) for node in workflow.graph.nodes.values()):
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
        broken = error.object[error.start : error.end]
        yield schema("", f"{broken!r} in the definition is not a character of Unicode")
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
