"""Render: a linked workflow becomes a document in the Amazon States Language.

Every renderer is one dict literal in the order a reader expects; what is ``None`` or omitted is left
out of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from cfngen.asl._render_parts import (
    JsonObject,
    dynamic,
    optional,
    payloads,
    render_batcher,
    render_catcher,
    render_config,
    render_reader,
    render_retrier,
    render_rule,
    render_writer,
    variables,
    without_omitted,
)
from cfngen.asl.graph import Graph, Node
from cfngen.asl.payload import json_of_payload
from cfngen.asl.values import OMIT, ServiceArn, Text

if TYPE_CHECKING:
    from cfngen.asl.branches import Choice, Map, Parallel
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


class Rendering:
    """A state to render: its node, how resources are spelled, and the graphs inside it, done already."""

    __slots__ = ("inside", "node", "service_arn")

    def __init__(self, node: Node, service_arn: Callable[[str], Text], inside: JsonObject) -> None:
        self.node: Node = node
        self.service_arn: Callable[[str], Text] = service_arn
        self.inside: JsonObject = inside

    def resource(self, called: Text | ServiceArn) -> Any:
        """Spell the ARN of an optimized integration, or what is given."""
        return json_of_payload(self.service_arn(str(called)) if isinstance(called, ServiceArn) else called)


def render(graph: Graph, fields: Mapping[str, Any], service_arn: Callable[[str], Text]) -> JsonObject:
    """Return the definition of linked states and the fields around them.

    ``service_arn`` spells the resource of an optimized integration.
    """
    rendered = _render_graphs(graph, service_arn)
    return without_omitted(
        {
            "Comment": optional(fields["Comment"]),
            "QueryLanguage": optional(fields["QueryLanguage"]),
            "Version": optional(fields["Version"]),
            "StartAt": rendered["StartAt"],
            "TimeoutSeconds": optional(fields["TimeoutSeconds"]),
            "States": rendered["States"],
        }
    )


def _render_graphs(top: Graph, service_arn: Callable[[str], Text]) -> JsonObject:
    """Render the graphs from the innermost outwards, without recursion, and return the outermost."""
    done: dict[int, JsonObject] = {}
    for graph in reversed(top.graphs()):
        states = {}
        for name, node in graph.nodes.items():
            inside = {pointer: done.pop(id(subgraph)) for pointer, subgraph in node.subgraphs.items()}
            place = Rendering(node, service_arn, inside)
            states[name] = without_omitted(_RENDERERS[node.state.Type](node.state, place))
        done[id(graph)] = {"StartAt": graph.start, "States": states}
    return done[id(top)]


def _task(state: AnyTask, place: Rendering) -> JsonObject:
    return {
        **_head(state),
        "Resource": place.resource(state.resource),
        "Credentials": optional(state.Credentials),
        "InputPath": json_of_payload(state.InputPath),
        **payloads(state.payloads(place.node.language)),
        "ResultSelector": optional(state.ResultSelector),
        "ResultPath": json_of_payload(state.ResultPath),
        "OutputPath": json_of_payload(state.OutputPath),
        **dynamic("TimeoutSeconds", state.TimeoutSeconds),
        **dynamic("HeartbeatSeconds", state.HeartbeatSeconds),
        **_tail(state, place),
        **_handlers(state, place),
    }


def _pass(state: Pass, place: Rendering) -> JsonObject:
    return {
        **_head(state),
        "InputPath": json_of_payload(state.InputPath),
        **payloads({"Parameters": state.Parameters}),
        "Result": json_of_payload(state.Result),
        "ResultPath": json_of_payload(state.ResultPath),
        "OutputPath": json_of_payload(state.OutputPath),
        **_tail(state, place),
    }


def _wait(state: Wait, place: Rendering) -> JsonObject:
    return {
        **_head(state),
        **dynamic("Seconds", state.Seconds),
        **dynamic("Timestamp", state.Timestamp),
        "InputPath": json_of_payload(state.InputPath),
        "OutputPath": json_of_payload(state.OutputPath),
        **_tail(state, place),
    }


def _choice(state: Choice, place: Rendering) -> JsonObject:
    return {
        **_head(state),
        "InputPath": json_of_payload(state.InputPath),
        "Choices": [
            render_rule(rule, place.node.targets[f"Choices/{index}/Next"])
            for index, rule in enumerate(state.Choices)
        ],
        "Default": place.node.targets.get("Default", OMIT),
        "OutputPath": json_of_payload(state.OutputPath),
        **variables(state.Assign, state.Output),
    }


def _succeed(state: Succeed, place: Rendering) -> JsonObject:
    return {
        **_head(state),
        "InputPath": json_of_payload(state.InputPath),
        "OutputPath": json_of_payload(state.OutputPath),
        **variables(None, state.Output),
    }


def _fail(state: Fail, place: Rendering) -> JsonObject:
    return {
        **_head(state),
        **dynamic("Error", state.Error),
        **dynamic("Cause", state.Cause),
    }


def _parallel(state: Parallel, place: Rendering) -> JsonObject:
    return {
        **_head(state),
        "InputPath": json_of_payload(state.InputPath),
        **payloads({"Parameters": state.Parameters, "Arguments": state.Arguments}),
        "Branches": [*place.inside.values()],
        "ResultSelector": optional(state.ResultSelector),
        "ResultPath": json_of_payload(state.ResultPath),
        "OutputPath": json_of_payload(state.OutputPath),
        **_tail(state, place),
        **_handlers(state, place),
    }


def _map(state: Map, place: Rendering) -> JsonObject:
    config, reader, writer = state.ProcessorConfig, state.ItemReader, state.ResultWriter
    return {
        **_head(state),
        "InputPath": json_of_payload(state.InputPath),
        "ItemsPath": json_of_payload(state.ItemsPath),
        "Items": json_of_payload(state.Items),
        "ItemReader": OMIT if reader is None else render_reader(reader, place.resource),
        **payloads({"ItemSelector": state.ItemSelector}),
        "ItemBatcher": OMIT if state.ItemBatcher is None else render_batcher(state.ItemBatcher),
        "ItemProcessor": {
            **({} if config is None else {"ProcessorConfig": render_config(config)}),
            **place.inside["ItemProcessor"],
        },
        "ResultWriter": OMIT if writer is None else render_writer(writer, place.resource),
        **dynamic("MaxConcurrency", state.MaxConcurrency),
        **dynamic("ToleratedFailureCount", state.ToleratedFailureCount),
        **dynamic("ToleratedFailurePercentage", state.ToleratedFailurePercentage),
        "Label": optional(state.Label),
        "ResultSelector": optional(state.ResultSelector),
        "ResultPath": json_of_payload(state.ResultPath),
        "OutputPath": json_of_payload(state.OutputPath),
        **_tail(state, place),
        **_handlers(state, place),
    }


def _raw(state: RawState, place: Rendering) -> JsonObject:
    return {
        **{key: json_of_payload(item) for key, item in state.Fields.items()},
        **({} if state.Comment is None else {"Comment": state.Comment}),
        **({} if state.leads_itself else _transition(place.node)),
    }


_RENDERERS: dict[str, Callable[[Any, Rendering], JsonObject]] = {
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


def _head(state: State) -> JsonObject:
    return {
        "Type": state.Type,
        "Comment": optional(state.Comment),
        "QueryLanguage": optional(state.QueryLanguage),
    }


def _tail(state: Step, place: Rendering) -> JsonObject:
    return {**variables(state.Assign, state.Output), **_transition(place.node)}


def _transition(node: Node) -> JsonObject:
    return {"End": True} if node.next is None else {"Next": node.next}


def _handlers(state: FallibleStep, place: Rendering) -> JsonObject:
    return {
        "Retry": [render_retrier(retrier) for retrier in state.Retry] or OMIT,
        "Catch": [
            render_catcher(catcher, place.node.targets[f"Catch/{index}/Next"])
            for index, catcher in enumerate(state.Catch)
        ]
        or OMIT,
    }
