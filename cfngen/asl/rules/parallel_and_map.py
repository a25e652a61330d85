"""Rules about the states that run flows inside: Parallel and Map.

https://docs.aws.amazon.com/step-functions/latest/dg/state-map.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final, cast

from cfngen.asl.graph import Graph, Node
from cfngen.asl.rules.calls import express_only_requests
from cfngen.asl.rules.fields import brief, numbers, numeric_fields, schema
from cfngen.asl.rules.paths import expression, jsonata
from cfngen.asl.rules.payloads import payload
from cfngen.asl.schema import BATCHER, READER_CONFIG
from cfngen.asl.values import EXPRESS, Jsonata, Path, ServiceArn
from cfngen.cfn.arns import integration_arn, may_be_arn
from cfngen.cfn.functions import is_intrinsic
from cfngen.core.problems import Problem

if TYPE_CHECKING:
    from cfngen.asl.branches import ItemBatcher, ItemReader, Map, Parallel, ReaderConfig, ResultWriter

_LABEL: Final = r"""[^\s?*<>{}\[\]:;,\\|^~$#%&`"\x00-\x1f\x7f-\x9f]{1,40}"""
_DISTRIBUTED_ONLY: Final = (
    "ItemReader",
    "ItemBatcher",
    "ResultWriter",
    "Label",
)
_INPUTS: Final = ("CSV", "JSON", "JSONL", "MANIFEST", "PARQUET")
_DELIMITERS: Final = ("COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB")


def branches_are_there(node: Node, graph: Graph) -> Iterator[Problem]:
    """A Parallel state MUST contain ``Branches``, an array of objects with ``States`` and ``StartAt``."""
    if node.state.Type == "Parallel" and not cast("Parallel", node.state).Branches:
        yield schema(f"{node.location}/Branches", "a Parallel needs at least one branch")


def maps_are_sound(node: Node, graph: Graph) -> Iterator[Problem]:
    """A Map is inline or distributed, and has the fields of its mode with numbers in range."""
    if node.state.Type != "Map":
        return
    state = cast("Map", node.state)
    yield from _mode(node, state)
    label = state.Label
    if not (
        label is None or is_intrinsic(label) or (isinstance(label, str) and re.fullmatch(_LABEL, label))
    ):
        yield Problem(
            "INVALID_LABEL_NAME",
            f"{node.location}/Label",
            f"{brief(state.Label)} is not a valid label",
            "a label has at most 40 characters, no white space, brackets, wildcards or special characters",
        )


def items_are_read_and_written(node: Node, graph: Graph) -> Iterator[Problem]:
    """``ItemReader``, ``ItemBatcher`` and ``ResultWriter`` say where and how, with numbers in range.

    https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
    """
    if node.state.Type != "Map":
        return
    state = cast("Map", node.state)
    if state.ItemReader is not None:
        yield from _reader(f"{node.location}/ItemReader", state.ItemReader, node)
    if state.ItemBatcher is not None:
        yield from _batcher(f"{node.location}/ItemBatcher", state.ItemBatcher, node)
    if state.ResultWriter is not None:
        yield from _writer(f"{node.location}/ResultWriter", state.ResultWriter, node)


def express_children_only_request(node: Node, graph: Graph) -> Iterator[Problem]:
    """Child executions of type EXPRESS are workflows of that type, and cannot wait for jobs or tokens.

    https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html
    """
    if node.state.Type != "Map":
        return
    state = cast("Map", node.state)
    config = state.ProcessorConfig
    if config is None or not state.is_distributed or config.ExecutionType != EXPRESS:
        return
    for scope in node.scopes.values():
        for inner, _ in scope.walk(enters=lambda node: not _is_distributed(node)):
            for rule in (express_only_requests, express_has_no_distributed_map):
                for problem in rule(inner):
                    yield replace(problem, hint=f'set ExecutionType="STANDARD" at {node.location}')


def express_has_no_distributed_map(node: Node) -> Iterator[Problem]:
    """Express workflows do not support the distributed mode."""
    if _is_distributed(node):
        yield schema(
            f"{node.location}/ItemProcessor/ProcessorConfig/Mode",
            "an EXPRESS workflow cannot contain a distributed Map",
            "make the workflow around it STANDARD, or the Map INLINE",
        )


def _is_distributed(node: Node) -> bool:
    return node.state.Type == "Map" and cast("Map", node.state).is_distributed


def _mode(node: Node, state: Map) -> Iterator[Problem]:
    config = state.ProcessorConfig
    place = f"{node.location}/ItemProcessor/ProcessorConfig"
    if config is not None and config.Mode not in (None, "INLINE", "DISTRIBUTED"):
        yield schema(f"{place}/Mode", f"'Mode' takes 'INLINE' or 'DISTRIBUTED', not {brief(config.Mode)}")
    elif state.is_distributed and config is not None:
        if config.ExecutionType not in ("STANDARD", "EXPRESS"):
            value = brief(config.ExecutionType)
            yield schema(
                f"{place}/ExecutionType",
                f"the 'ExecutionType' of a distributed Map is 'STANDARD' or 'EXPRESS', not {value}",
            )
    else:
        for name in _DISTRIBUTED_ONLY:
            if getattr(state, name) is not None:
                yield schema(
                    f"{node.location}/{name}",
                    f"{name!r} is a field of distributed Maps only",
                    'set ProcessorConfig(Mode="DISTRIBUTED", ExecutionType="STANDARD") on the Map',
                )


def _reader(place: str, reader: ItemReader, node: Node) -> Iterator[Problem]:
    yield from _resource(place, reader.Resource, "s3:getObject")
    if reader.ReaderConfig is not None:
        yield from _reader_config(f"{place}/ReaderConfig", reader.ReaderConfig, node)
    yield from _call(place, reader, node)


def _reader_config(place: str, config: ReaderConfig, node: Node) -> Iterator[Problem]:
    yield from _one_of(place, "InputType", config.InputType, _INPUTS)
    yield from _one_of(place, "Transformation", config.Transformation, ("NONE", "LOAD_AND_FLATTEN"))
    yield from _one_of(place, "ManifestType", config.ManifestType, ("ATHENA_DATA", "S3_INVENTORY"))
    yield from _one_of(place, "CSVHeaderLocation", config.CSVHeaderLocation, ("FIRST_ROW", "GIVEN"))
    yield from _one_of(place, "CSVDelimiter", config.CSVDelimiter, _DELIMITERS)
    if (config.CSVHeaderLocation == "GIVEN") != (config.CSVHeaders is not None):
        yield schema(
            f"{place}/CSVHeaders",
            "'CSVHeaders' and a 'CSVHeaderLocation' of 'GIVEN' need each other",
            'set CSVHeaderLocation="FIRST_ROW" if the first row holds the headers',
        )
    elif isinstance(config.CSVHeaders, str) or not all(isinstance(x, str) for x in config.CSVHeaders or ()):
        value = brief(config.CSVHeaders)
        yield schema(f"{place}/CSVHeaders", f"'CSVHeaders' takes a list of texts, not {value}")
    yield from _numbers(place, READER_CONFIG, config, node)


def _batcher(place: str, batcher: ItemBatcher, node: Node) -> Iterator[Problem]:
    if batcher.MaxItemsPerBatch is None and batcher.MaxInputBytesPerBatch is None:
        yield schema(place, "an ItemBatcher needs 'MaxItemsPerBatch', 'MaxInputBytesPerBatch' or both")
    yield from payload(f"{place}/BatchInput", batcher.BatchInput, node.language)
    yield from _numbers(place, BATCHER, batcher, node)


def _writer(place: str, writer: ResultWriter, node: Node) -> Iterator[Problem]:
    if writer.Resource is not None:
        yield from _resource(place, writer.Resource, "s3:putObject")
    elif writer.WriterConfig is None:
        yield schema(
            place,
            "a ResultWriter needs 'Resource', 'WriterConfig' or both",
            "Resource=S3_PUT_OBJECT says where the results go, WriterConfig in which form",
        )
    if (config := writer.WriterConfig) is not None:
        at = f"{place}/WriterConfig"
        yield from _one_of(at, "Transformation", config.Transformation, ("NONE", "COMPACT", "FLATTEN"))
        yield from _one_of(at, "OutputType", config.OutputType, ("JSON", "JSONL"))
    yield from _call(place, writer, node)


def _resource(place: str, value: object, example: str) -> Iterator[Problem]:
    if isinstance(value, ServiceArn) or is_intrinsic(value):
        return
    if not may_be_arn(value):
        yield Problem(
            "INVALID_RESOURCE",
            f"{place}/Resource",
            f"'Resource' takes an ARN, not {brief(value)}",
            f"it looks like {integration_arn(example)!r}",
        )


def _call(place: str, call: ItemReader | ResultWriter, node: Node) -> Iterator[Problem]:
    for field in ("Parameters", "Arguments"):
        yield from payload(f"{place}/{field}", getattr(call, field), node.language)


def _one_of(place: str, field: str, value: object, known: tuple[str, ...]) -> Iterator[Problem]:
    if value is not None and value not in known:
        choice = f"{', '.join(map(repr, known[:-1]))} or {known[-1]!r}"
        yield schema(f"{place}/{field}", f"{field!r} takes {choice}, not {brief(value)}")


def _numbers(place: str, owner: str, holder: object, node: Node) -> Iterator[Problem]:
    yield from numbers(place, owner, holder)
    for row in numeric_fields(owner):
        value = getattr(holder, row.name)
        if isinstance(value, Path):
            yield from expression(f"{place}/{row.name}Path", value, node.language)
        elif isinstance(value, Jsonata):
            yield from jsonata(f"{place}/{row.name}", value, node.language)
