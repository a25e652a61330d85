"""Render: the parts of states, and the fields that several states have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from cfngen.asl.payload import json_of_payload
from cfngen.asl.values import OMIT, Path, ServiceArn, Text

if TYPE_CHECKING:
    from cfngen.asl.branches import ItemBatcher, ItemReader, ResultWriter
    from cfngen.asl.conditions import ChoiceRule, DataTest
    from cfngen.asl.handlers import Catcher, Retrier

JsonObject = dict[str, Any]


def render_reader(reader: ItemReader, resource_of: Callable[[Text | ServiceArn], Any]) -> JsonObject:
    config = reader.ReaderConfig
    return without_omitted(
        {
            "Resource": resource_of(reader.Resource),
            "ReaderConfig": OMIT if config is None else render_config(config),
            **payloads({"Parameters": reader.Parameters, "Arguments": reader.Arguments}),
        }
    )


def render_batcher(batcher: ItemBatcher) -> JsonObject:
    return without_omitted(
        {
            **payloads({"BatchInput": batcher.BatchInput}),
            **dynamic("MaxItemsPerBatch", batcher.MaxItemsPerBatch),
            **dynamic("MaxInputBytesPerBatch", batcher.MaxInputBytesPerBatch),
        }
    )


def render_writer(writer: ResultWriter, resource_of: Callable[[Text | ServiceArn], Any]) -> JsonObject:
    config = writer.WriterConfig
    return without_omitted(
        {
            "Resource": OMIT if writer.Resource is None else resource_of(writer.Resource),
            "WriterConfig": OMIT if config is None else render_config(config),
            **payloads({"Parameters": writer.Parameters, "Arguments": writer.Arguments}),
        }
    )


def render_rule(rule: ChoiceRule, target: str) -> JsonObject:
    return without_omitted(
        {
            "Comment": optional(rule.Comment),
            "Condition": optional(rule.Condition),
            **_render_test(rule),
            "Next": target,
            **variables(rule.Assign, rule.Output),
        }
    )


def _render_test(test: DataTest) -> JsonObject:
    document: JsonObject = {"Comment": optional(test.Comment), "Variable": optional(test.Variable)}
    for operator in test.operators():
        operand = getattr(test, operator)
        if operator in ("And", "Or"):
            document[operator] = [without_omitted(_render_test(inner)) for inner in operand]
        elif operator == "Not":
            document[operator] = without_omitted(_render_test(operand))
        else:
            document[operator] = json_of_payload(operand)
    return document


def render_retrier(retrier: Retrier) -> JsonObject:
    return without_omitted(
        {
            "Comment": optional(retrier.Comment),
            "ErrorEquals": list(retrier.ErrorEquals),
            "IntervalSeconds": optional(retrier.IntervalSeconds),
            "MaxAttempts": optional(retrier.MaxAttempts),
            "BackoffRate": optional(retrier.BackoffRate),
            "MaxDelaySeconds": optional(retrier.MaxDelaySeconds),
            "JitterStrategy": optional(retrier.JitterStrategy),
        }
    )


def render_catcher(catcher: Catcher, target: str) -> JsonObject:
    return without_omitted(
        {
            "Comment": optional(catcher.Comment),
            "ErrorEquals": list(catcher.ErrorEquals),
            "ResultPath": json_of_payload(catcher.ResultPath),
            "Next": target,
            **variables(catcher.Assign, catcher.Output),
        }
    )


def payloads(payloads: Mapping[str, Any]) -> JsonObject:
    """Return payloads by their fields; one that is all path has the field's name in the dotted form."""
    return {
        f"{field}.$" if isinstance(payload, Path) else field: json_of_payload(payload)
        for field, payload in payloads.items()
    }


def dynamic(field: str, value: Any) -> JsonObject:
    """Return a fixed field, whose name tells whether it holds a value or the path to one."""
    return {f"{field}Path" if isinstance(value, Path) else field: optional(value)}


def render_config(config: Any) -> JsonObject:
    """Return the fields of a configuration, which are those of the document."""
    document: JsonObject = {}
    for name in config.__dataclass_fields__:
        document |= dynamic(name, getattr(config, name))
    return without_omitted(document)


def optional(value: Any) -> Any:
    return OMIT if value is None else json_of_payload(value)


def without_omitted(document: JsonObject) -> JsonObject:
    return {key: item for key, item in document.items() if item is not OMIT}


def variables(assign: Any, output: Any) -> JsonObject:
    return {"Assign": optional(assign), "Output": json_of_payload(output)}
