"""Render: a linked workflow becomes a document in the Amazon States Language.

Every renderer is one dict literal in the order a reader expects; what is ``None`` or omitted is left
out of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from cfngen.asl.graph import Graph, Node
from cfngen.asl.payload import to_json
from cfngen.asl.values import OMIT, Path, ServiceArn, Text

if TYPE_CHECKING:
    from cfngen.asl.branches import Choice, ItemBatcher, ItemReader, Map, Parallel, ResultWriter
    from cfngen.asl.conditions import ChoiceRule, DataTest
    from cfngen.asl.handlers import Catcher, Retrier
    from cfngen.asl.states import (
        AnyTask,
        Fail,
        FallibleStep,
        Pass,
        RawState,
        State,
        Step,
        Succeed,
        Wait,
    )

Document = dict[str, Any]


class Place:
    """A state to render: its node, how resources are spelled, and the scopes inside it, done already."""

    __slots__ = ("inside", "node", "service_arn")

    def __init__(self, node: Node, service_arn: Callable[[str], Text], inside: Document) -> None:
        self.node: Node = node
        self.service_arn: Callable[[str], Text] = service_arn
        self.inside: Document = inside

    def resource(self, called: Text | ServiceArn) -> Any:
        """Spell the ARN of an optimized integration, or what is given."""
        return to_json(self.service_arn(str(called)) if isinstance(called, ServiceArn) else called)


def render(graph: Graph, fields: Mapping[str, Any], service_arn: Callable[[str], Text]) -> Document:
    """Return the definition of linked states and the fields around them.

    ``service_arn`` spells the resource of an optimized integration.
    """
    scope = _scopes(graph, service_arn)
    return _without_omitted(
        {
            "Comment": _optional(fields["Comment"]),
            "QueryLanguage": _optional(fields["QueryLanguage"]),
            "Version": _optional(fields["Version"]),
            "StartAt": scope["StartAt"],
            "TimeoutSeconds": _optional(fields["TimeoutSeconds"]),
            "States": scope["States"],
        }
    )


def _scopes(top: Graph, service_arn: Callable[[str], Text]) -> Document:
    """Render the scopes from the innermost outwards, without recursion, and return the outermost."""
    done: dict[int, Document] = {}
    for graph in reversed(top.graphs()):
        states = {}
        for name, node in graph.nodes.items():
            inside = {pointer: done.pop(id(scope)) for pointer, scope in node.scopes.items()}
            place = Place(node, service_arn, inside)
            states[name] = _without_omitted(_RENDERERS[node.state.Type](node.state, place))
        done[id(graph)] = {"StartAt": graph.start, "States": states}
    return done[id(top)]


def _task(state: AnyTask, place: Place) -> Document:
    return {
        **_head(state),
        "Resource": place.resource(state.resource),
        "Credentials": _optional(state.Credentials),
        "InputPath": state.InputPath,
        **_payloads(state.payloads(place.node.language)),
        "ResultSelector": _optional(state.ResultSelector),
        "ResultPath": state.ResultPath,
        "OutputPath": state.OutputPath,
        **_dynamic("TimeoutSeconds", state.TimeoutSeconds),
        **_dynamic("HeartbeatSeconds", state.HeartbeatSeconds),
        **_tail(state, place),
        **_handlers(state, place),
    }


def _pass(state: Pass, place: Place) -> Document:
    return {
        **_head(state),
        "InputPath": state.InputPath,
        **_payloads({"Parameters": state.Parameters}),
        "Result": to_json(state.Result),
        "ResultPath": state.ResultPath,
        "OutputPath": state.OutputPath,
        **_tail(state, place),
    }


def _wait(state: Wait, place: Place) -> Document:
    return {
        **_head(state),
        **_dynamic("Seconds", state.Seconds),
        **_dynamic("Timestamp", state.Timestamp),
        "InputPath": state.InputPath,
        "OutputPath": state.OutputPath,
        **_tail(state, place),
    }


def _choice(state: Choice, place: Place) -> Document:
    return {
        **_head(state),
        "InputPath": state.InputPath,
        "Choices": [
            _rule(rule, place.node.targets[f"Choices/{index}/Next"])
            for index, rule in enumerate(state.Choices)
        ],
        "Default": place.node.targets.get("Default", OMIT),
        "OutputPath": state.OutputPath,
        **_variables(state.Assign, state.Output),
    }


def _succeed(state: Succeed, place: Place) -> Document:
    return {
        **_head(state),
        "InputPath": state.InputPath,
        "OutputPath": state.OutputPath,
        **_variables(None, state.Output),
    }


def _fail(state: Fail, place: Place) -> Document:
    return {
        **_head(state),
        **_dynamic("Error", state.Error),
        **_dynamic("Cause", state.Cause),
    }


def _parallel(state: Parallel, place: Place) -> Document:
    return {
        **_head(state),
        "InputPath": state.InputPath,
        **_payloads({"Parameters": state.Parameters, "Arguments": state.Arguments}),
        "Branches": [*place.inside.values()],
        "ResultSelector": _optional(state.ResultSelector),
        "ResultPath": state.ResultPath,
        "OutputPath": state.OutputPath,
        **_tail(state, place),
        **_handlers(state, place),
    }


def _map(state: Map, place: Place) -> Document:
    config = state.ProcessorConfig
    return {
        **_head(state),
        "InputPath": state.InputPath,
        "ItemsPath": state.ItemsPath,
        "Items": to_json(state.Items),
        "ItemReader": OMIT if state.ItemReader is None else _reader(state.ItemReader, place),
        **_payloads({"ItemSelector": state.ItemSelector}),
        "ItemBatcher": OMIT if state.ItemBatcher is None else _batcher(state.ItemBatcher),
        "ItemProcessor": {
            **({} if config is None else {"ProcessorConfig": _fields(config)}),
            **place.inside["ItemProcessor"],
        },
        "ResultWriter": OMIT if state.ResultWriter is None else _writer(state.ResultWriter, place),
        **_dynamic("MaxConcurrency", state.MaxConcurrency),
        **_dynamic("ToleratedFailureCount", state.ToleratedFailureCount),
        **_dynamic("ToleratedFailurePercentage", state.ToleratedFailurePercentage),
        "Label": _optional(state.Label),
        "ResultSelector": _optional(state.ResultSelector),
        "ResultPath": state.ResultPath,
        "OutputPath": state.OutputPath,
        **_tail(state, place),
        **_handlers(state, place),
    }


def _raw(state: RawState, place: Place) -> Document:
    return {
        **{key: to_json(item) for key, item in state.Fields.items()},
        **({} if state.Comment is None else {"Comment": state.Comment}),
        **({} if state.leads_itself else _transition(place.node)),
    }


_RENDERERS: dict[str, Callable[[Any, Place], Document]] = {
    "Task": _task,
    "Pass": _pass,
    "Wait": _wait,
    "Choice": _choice,
    "Succeed": _succeed,
    "Fail": _fail,
    "Parallel": _parallel,
    "Map": _map,
    "Raw": _raw,
}


def _reader(reader: ItemReader, place: Place) -> Document:
    config = reader.ReaderConfig
    return _without_omitted(
        {
            "Resource": place.resource(reader.Resource),
            "ReaderConfig": OMIT if config is None else _fields(config),
            **_payloads({"Parameters": reader.Parameters, "Arguments": reader.Arguments}),
        }
    )


def _batcher(batcher: ItemBatcher) -> Document:
    return _without_omitted(
        {
            **_payloads({"BatchInput": batcher.BatchInput}),
            **_dynamic("MaxItemsPerBatch", batcher.MaxItemsPerBatch),
            **_dynamic("MaxInputBytesPerBatch", batcher.MaxInputBytesPerBatch),
        }
    )


def _writer(writer: ResultWriter, place: Place) -> Document:
    config = writer.WriterConfig
    return _without_omitted(
        {
            "Resource": OMIT if writer.Resource is None else place.resource(writer.Resource),
            "WriterConfig": OMIT if config is None else _fields(config),
            **_payloads({"Parameters": writer.Parameters, "Arguments": writer.Arguments}),
        }
    )


def _rule(rule: ChoiceRule, target: str) -> Document:
    return _without_omitted(
        {
            "Comment": _optional(rule.Comment),
            "Condition": _optional(rule.Condition),
            **_test(rule),
            "Next": target,
            **_variables(rule.Assign, rule.Output),
        }
    )


def _test(test: DataTest) -> Document:
    document: Document = {"Variable": _optional(test.Variable)}
    for operator in test.operators():
        operand = getattr(test, operator)
        if operator in ("And", "Or"):
            document[operator] = [_without_omitted(_test(inner)) for inner in operand]
        elif operator == "Not":
            document[operator] = _without_omitted(_test(operand))
        else:
            document[operator] = to_json(operand)
    return document


def _retrier(retrier: Retrier) -> Document:
    return _without_omitted(
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
    return _without_omitted(
        {
            "Comment": _optional(catcher.Comment),
            "ErrorEquals": list(catcher.ErrorEquals),
            "ResultPath": catcher.ResultPath,
            "Next": target,
            **_variables(catcher.Assign, catcher.Output),
        }
    )


def _head(state: State) -> Document:
    return {
        "Type": state.Type,
        "Comment": _optional(state.Comment),
        "QueryLanguage": _optional(state.QueryLanguage),
    }


def _tail(state: Step, place: Place) -> Document:
    return {**_variables(state.Assign, state.Output), **_transition(place.node)}


def _variables(assign: Any, output: Any) -> Document:
    return {"Assign": _optional(assign), "Output": to_json(output)}


def _transition(node: Node) -> Document:
    return {"End": True} if node.next is None else {"Next": node.next}


def _handlers(state: FallibleStep, place: Place) -> Document:
    return {
        "Retry": [_retrier(retrier) for retrier in state.Retry] or OMIT,
        "Catch": [
            _catcher(catcher, place.node.targets[f"Catch/{index}/Next"])
            for index, catcher in enumerate(state.Catch)
        ]
        or OMIT,
    }


def _payloads(payloads: Mapping[str, Any]) -> Document:
    """Return payloads by their fields; one that is all path has the field's name in the dotted form."""
    return {
        f"{field}.$" if isinstance(payload, Path) else field: to_json(payload)
        for field, payload in payloads.items()
    }


def _dynamic(field: str, value: Any) -> Document:
    """Return a fixed field, whose name tells whether it holds a value or the path to one."""
    return {f"{field}Path" if isinstance(value, Path) else field: _optional(value)}


def _fields(config: Any) -> Document:
    """Return the fields of a configuration, which are those of the document."""
    document: Document = {}
    for name in config.__dataclass_fields__:
        document |= _dynamic(name, getattr(config, name))
    return _without_omitted(document)


def _optional(value: Any) -> Any:
    return OMIT if value is None else to_json(value)


def _without_omitted(document: Document) -> Document:
    return {key: item for key, item in document.items() if item is not OMIT}
