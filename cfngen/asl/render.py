"""Render: a linked workflow becomes a document in the Amazon States Language.

Every renderer is one dict literal in the order a reader expects; what is ``None`` or omitted is left
out of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import singledispatch
from typing import TYPE_CHECKING, Any

from cfngen.asl.graph import Graph, Node
from cfngen.asl.handlers import Catcher, Retrier
from cfngen.asl.states import AnyTask, Fail, Pass, RawState, State, Succeed, Wait
from cfngen.asl.values import OMIT, Path, ServiceArn, Text, is_intrinsic

if TYPE_CHECKING:
    from cfngen.asl.workflow import Workflow

Document = dict[str, Any]


def render(workflow: Workflow, service_arn: Callable[[str], Text]) -> Document:
    """Return the definition; ``service_arn`` spells the resource of an optimized integration."""
    return _given(
        {
            "Comment": _optional(workflow.Comment),
            "Version": _optional(workflow.Version),
            "StartAt": workflow.graph.start,
            "TimeoutSeconds": _optional(workflow.TimeoutSeconds),
            "States": _states(workflow.graph, service_arn),
        }
    )


def value(given: Any) -> Any:
    """Return a payload as JSON: a ``Path`` moves its key to ``"Key.$"``, an intrinsic is spelled out."""
    if isinstance(given, str):
        return given
    if isinstance(given, Mapping):
        return {(f"{key}.$" if isinstance(item, Path) else key): value(item) for key, item in given.items()}
    if isinstance(given, (list, tuple)):
        return [value(item) for item in given]
    if isinstance(given, Path):
        return given.expression
    return given.to_dict() if is_intrinsic(given) else given


def _states(graph: Graph, service_arn: Callable[[str], Text]) -> Document:
    def resource(called: Text | ServiceArn) -> Any:
        return value(service_arn(str(called)) if isinstance(called, ServiceArn) else called)

    return {name: _given(_fields(node.state, node, resource)) for name, node in graph.nodes.items()}


Resource = Callable[["Text | ServiceArn"], Any]


@singledispatch
def _fields(state: State, node: Node, resource: Resource) -> Document:
    raise TypeError(f"there is no renderer for {type(state).__name__}")


@_fields.register(AnyTask)
def _task(state: AnyTask, node: Node, resource: Resource) -> Document:
    return {
        "Type": state.Type,
        "Comment": _optional(state.Comment),
        "Resource": resource(state.resource),
        "Credentials": _optional(state.Credentials),
        "InputPath": state.InputPath,
        **_dynamic("Parameters", state.payload, suffix=".$"),
        "ResultSelector": _optional(state.ResultSelector),
        "ResultPath": state.ResultPath,
        "OutputPath": state.OutputPath,
        **_dynamic("TimeoutSeconds", state.TimeoutSeconds),
        **_dynamic("HeartbeatSeconds", state.HeartbeatSeconds),
        **_transition(node),
        "Retry": [_retrier(retrier) for retrier in state.Retry] or OMIT,
        "Catch": [
            _catcher(catcher, node.targets[f"Catch/{index}/Next"])
            for index, catcher in enumerate(state.Catch)
        ]
        or OMIT,
    }


@_fields.register(Pass)
def _pass(state: Pass, node: Node, resource: Resource) -> Document:
    return {
        "Type": state.Type,
        "Comment": _optional(state.Comment),
        "InputPath": state.InputPath,
        **_dynamic("Parameters", state.Parameters, suffix=".$"),
        "Result": value(state.Result),
        "ResultPath": state.ResultPath,
        "OutputPath": state.OutputPath,
        **_transition(node),
    }


@_fields.register(Wait)
def _wait(state: Wait, node: Node, resource: Resource) -> Document:
    return {
        "Type": state.Type,
        "Comment": _optional(state.Comment),
        **_dynamic("Seconds", state.Seconds),
        **_dynamic("Timestamp", state.Timestamp),
        "InputPath": state.InputPath,
        "OutputPath": state.OutputPath,
        **_transition(node),
    }


@_fields.register(Succeed)
def _succeed(state: Succeed, node: Node, resource: Resource) -> Document:
    return {
        "Type": state.Type,
        "Comment": _optional(state.Comment),
        "InputPath": state.InputPath,
        "OutputPath": state.OutputPath,
    }


@_fields.register(Fail)
def _fail(state: Fail, node: Node, resource: Resource) -> Document:
    return {
        "Type": state.Type,
        "Comment": _optional(state.Comment),
        **_dynamic("Error", state.Error),
        **_dynamic("Cause", state.Cause),
    }


@_fields.register(RawState)
def _raw(state: RawState, node: Node, resource: Resource) -> Document:
    return {
        **{key: value(item) for key, item in state.Fields.items()},
        **({} if state.Comment is None else {"Comment": state.Comment}),
        **({} if state.leads_itself else _transition(node)),
    }


def _retrier(retrier: Retrier) -> Document:
    return _given(
        {
            "Comment": _optional(retrier.Comment),
            "ErrorEquals": list(retrier.ErrorEquals),
            "IntervalSeconds": _optional(retrier.IntervalSeconds),
            "MaxAttempts": _optional(retrier.MaxAttempts),
            "BackoffRate": _optional(retrier.BackoffRate),
            "MaxDelaySeconds": _optional(retrier.MaxDelaySeconds),
            "JitterStrategy": _optional(retrier.JitterStrategy),
        }
    )


def _catcher(catcher: Catcher, target: str) -> Document:
    return _given(
        {
            "Comment": _optional(catcher.Comment),
            "ErrorEquals": list(catcher.ErrorEquals),
            "ResultPath": catcher.ResultPath,
            "Next": target,
        }
    )


def _transition(node: Node) -> Document:
    return {"End": True} if node.next is None else {"Next": node.next}


def _dynamic(field: str, given: Any, suffix: str = "Path") -> Document:
    """Return a fixed field, whose name tells whether it holds a value or the path to one."""
    return {f"{field}{suffix}" if isinstance(given, Path) else field: _optional(given)}


def _optional(given: Any) -> Any:
    return OMIT if given is None else value(given)


def _given(document: Document) -> Document:
    return {key: item for key, item in document.items() if item is not OMIT}
