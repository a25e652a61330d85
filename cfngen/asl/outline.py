"""A workflow in a few lines: each state, what it does, and where it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from cfngen.asl.graph import Graph, Node
from cfngen.asl.holes import text_of
from cfngen.asl.resources import task_resource
from cfngen.asl.rules.fields import brief
from cfngen.asl.states import AnyTask
from cfngen.asl.values import Jsonata, Path
from cfngen.cfn.resources import Integration

if TYPE_CHECKING:
    from cfngen.asl.branches import Choice
    from cfngen.asl.conditions import DataTest
    from cfngen.asl.states import Fail, RawState, Wait


def outline(graph: Graph) -> str:
    """Return a line for each state, those inside a Parallel or Map indented under it.

    ``Submit Batch Job: batch:submitJob.sync -> Notify Success, on States.ALL -> Notify Failure``
    """
    lines = []
    for node, inner_graph in graph.walk():
        depth = 0 if inner_graph is graph else node.location.count("/States/") - 1
        transitions = ", ".join(_transition_lines(node))
        lines.append(
            f"{'    ' * depth}{node.state.Name}: {_does(node)}{f' {transitions}' if transitions else ''}"
        )
    return "\n".join(lines)


def _does(node: Node) -> str:
    state = node.state
    if isinstance(state, AnyTask):
        called = task_resource(state.resource)
        return called.name if isinstance(called, Integration) else _outline_text(state.resource)
    if state.Type == "Wait":
        wait = cast("Wait", state)
        until = wait.Timestamp or "" if wait.Seconds is None else f"{_outline_text(wait.Seconds)} s"
        return f"wait {_outline_text(until)}".rstrip()
    if state.Type == "Fail":
        return f"fail {_outline_text(cast('Fail', state).Error or '')}".rstrip()
    if state.Type == "Raw":
        return str(cast("RawState", state).Fields.get("Type", "raw")).lower()
    return state.Type.lower()


def _transition_lines(node: Node) -> list[str]:
    transitions = [] if node.next is None else [f"-> {node.next}"]
    state: Any = node.state
    for pointer, target in sorted(node.targets.items(), key=lambda item: item[0] == "Default"):
        field, _, rest = pointer.partition("/")
        number = rest.partition("/")[0]
        if field == "Catch" and hasattr(state, "Catch"):
            transitions.append(f"on {', '.join(state.Catch[int(number)].ErrorEquals)} -> {target}")
        elif field == "Choices" and hasattr(state, "Choices"):
            rule = cast("Choice", state).Choices[int(number)]
            condition = _outline_test(rule) if rule.Condition is None else _outline_text(rule.Condition)
            transitions.append(f"if {condition} -> {target}")
        elif field == "Default":
            transitions.append(f"else -> {target}")
        else:
            transitions.append(f"-> {target}")
    return transitions


def _outline_test(test: DataTest) -> str:
    operator = next(iter(test.operators()), "")
    operand: Any = getattr(test, operator) if operator else ""
    if operator in ("And", "Or"):
        return f" {operator.lower()} ".join(f"({_outline_test(inner)})" for inner in operand)
    if operator == "Not":
        return f"not ({_outline_test(operand)})"
    return f"{test.Variable} {operator} {_outline_text(operand)}"


def _outline_text(value: Any) -> str:
    text = text_of(value.expression if isinstance(value, (Path, Jsonata)) else value) or value
    return " ".join(text.split()) if isinstance(text, str) else brief(text)
