"""Rules about what a distributed Map reads, batches and writes.

https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, cast

from cfngen.asl.graph import Graph, Node
from cfngen.asl.resources import task_resource
from cfngen.asl.rules.fields import brief, check_numbers, check_one_of, numeric_fields, schema_problem
from cfngen.asl.rules.paths import check_expression, check_jsonata
from cfngen.asl.rules.payloads import check_payload
from cfngen.asl.schema import BATCHER, READER_CONFIG
from cfngen.asl.values import JSONATA, OMIT, Jsonata, Path, ServiceArn
from cfngen.cfn.arns import integration_arn, may_be_arn
from cfngen.cfn.functions import is_intrinsic
from cfngen.core import wording
from cfngen.core.declared import did_you_mean
from cfngen.core.problems import Problem

if TYPE_CHECKING:
    from cfngen.asl.branches import ItemBatcher, ItemReader, Map, ReaderConfig, ResultWriter

_INPUTS: Final = ("CSV", "JSON", "JSONL", "MANIFEST", "PARQUET")
_DELIMITERS: Final = ("COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB")
_READS: Final[Mapping[str, tuple[str, ...]]] = {
    "s3:getObject": ("Bucket", "Key"),
    "s3:listObjectsV2": ("Bucket",),
}
"""What an ItemReader can call, and the arguments that the call requires."""
_WRITES: Final[Mapping[str, tuple[str, ...]]] = {"s3:putObject": ("Bucket",)}
_TEXTS: Final = ("Bucket", "Key", "Prefix")


def items_are_read_and_written(node: Node, graph: Graph) -> Iterator[Problem]:
    """``ItemReader``, ``ItemBatcher`` and ``ResultWriter`` say where and how, with numbers in range.

    A reader calls ``s3:getObject`` or ``s3:listObjectsV2``, a writer ``s3:putObject``: Step Functions was
    seen to refuse others when a machine is created. A writer has ``WriterConfig``, or ``Resource`` with its
    arguments, or all of them.
    https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
    """
    if node.state.Type != "Map":
        return
    state = cast("Map", node.state)
    if state.ItemReader is not None:
        yield from _reader_problems(f"{node.location}/ItemReader", state.ItemReader, node)
    if state.ItemBatcher is not None:
        yield from _batcher(f"{node.location}/ItemBatcher", state.ItemBatcher, node)
    if state.ResultWriter is not None:
        yield from _writer_problems(f"{node.location}/ResultWriter", state.ResultWriter, node)


def _reader_problems(place: str, reader: ItemReader, node: Node) -> Iterator[Problem]:
    yield from _check_resource(place, reader.Resource, _READS)
    if reader.ReaderConfig is not None:
        yield from _reader_config(f"{place}/ReaderConfig", reader.ReaderConfig, node)
    yield from _resource_call(place, reader, node, _READS)


def _reader_config(place: str, config: ReaderConfig, node: Node) -> Iterator[Problem]:
    yield from check_one_of(place, "InputType", config.InputType, _INPUTS)
    yield from check_one_of(place, "Transformation", config.Transformation, ("NONE", "LOAD_AND_FLATTEN"))
    yield from check_one_of(place, "ManifestType", config.ManifestType, ("ATHENA_DATA", "S3_INVENTORY"))
    yield from check_one_of(place, "CSVHeaderLocation", config.CSVHeaderLocation, ("FIRST_ROW", "GIVEN"))
    yield from check_one_of(place, "CSVDelimiter", config.CSVDelimiter, _DELIMITERS)
    if (config.CSVHeaderLocation == "GIVEN") != (config.CSVHeaders is not None):
        yield schema_problem(
            f"{place}/CSVHeaders",
            "'CSVHeaders' and a 'CSVHeaderLocation' of 'GIVEN' need each other",
            f"set {wording.field_text('CSVHeaderLocation', 'FIRST_ROW')} "
            "if the first row holds the headers",
        )
    elif config.CSVHeaders is not None and not _is_list_of_texts(config.CSVHeaders):
        value = brief(config.CSVHeaders)
        yield schema_problem(f"{place}/CSVHeaders", f"'CSVHeaders' takes a list of texts, not {value}")
    yield from _limit_problems(place, READER_CONFIG, config, node)


def _batcher(place: str, batcher: ItemBatcher, node: Node) -> Iterator[Problem]:
    if batcher.MaxItemsPerBatch is None and batcher.MaxInputBytesPerBatch is None:
        yield schema_problem(
            place, "an ItemBatcher needs 'MaxItemsPerBatch', 'MaxInputBytesPerBatch' or both"
        )
    yield from check_payload(f"{place}/BatchInput", batcher.BatchInput, node.language)
    yield from _limit_problems(place, BATCHER, batcher, node)


def _writer_problems(place: str, writer: ResultWriter, node: Node) -> Iterator[Problem]:
    called = _payload_of(writer)
    if writer.Resource is not None:
        yield from _check_resource(place, writer.Resource, _WRITES)
    elif called is not OMIT:
        yield schema_problem(place, "a ResultWriter that has arguments needs 'Resource'", _writes())
    elif writer.WriterConfig is None:
        yield schema_problem(
            place,
            "a ResultWriter needs 'Resource', 'WriterConfig' or both",
            f"{_writes()} says where the results go, WriterConfig in which form",
        )
    if (config := writer.WriterConfig) is not None:
        at = f"{place}/WriterConfig"
        for name in ("Transformation", "OutputType"):
            if getattr(config, name) is None:
                yield schema_problem(at, f"a WriterConfig needs {name!r}")
        yield from check_one_of(at, "Transformation", config.Transformation, ("NONE", "COMPACT", "FLATTEN"))
        yield from check_one_of(at, "OutputType", config.OutputType, ("JSON", "JSONL"))
    yield from _resource_call(place, writer, node, _WRITES)


def _check_resource(place: str, value: object, calls: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    if not isinstance(value, ServiceArn) and not is_intrinsic(value) and not may_be_arn(value):
        yield Problem(
            "INVALID_RESOURCE",
            f"{place}/Resource",
            f"'Resource' takes an ARN, not {brief(value)}",
            f"it looks like {integration_arn(next(iter(calls)))!r}",
        )
    elif (called := _called_resource(value)) and called not in calls:
        yield Problem(
            "INVALID_RESOURCE",
            f"{place}/Resource",
            f"{'an ItemReader' if calls is _READS else 'a ResultWriter'} cannot call {called!r}",
            did_you_mean(called, calls) or f"it calls {' or '.join(map(repr, calls))}",
        )


def _called_resource(resource: object) -> str:
    """Return what a ``Resource`` calls, or nothing where that is known only later."""
    from cfngen.cfn.resources import Integration, Reference, UnknownText

    match task_resource(resource):
        case Integration(name=name):
            return name
        case None | Reference() | UnknownText():
            return ""
        case _:
            return str(resource)


def _resource_call(
    place: str, call: ItemReader | ResultWriter, node: Node, calls: Mapping[str, tuple[str, ...]]
) -> Iterator[Problem]:
    for field in ("Parameters", "Arguments"):
        yield from check_payload(f"{place}/{field}", getattr(call, field), node.language)
    called = _called_resource(call.Resource)
    arguments, required = _payload_of(call), calls.get(called, ())
    field = "Arguments" if node.language == JSONATA else "Parameters"
    if arguments is OMIT and required:
        yield schema_problem(
            place, f"a call of {called!r} needs {field!r}", f"it passes {_joined_names(required)}"
        )
    elif isinstance(arguments, Mapping):
        if absent := [name for name in required if name not in arguments]:
            yield schema_problem(f"{place}/{field}", f"a call of {called!r} needs {_joined_names(absent)}")
        for name in _TEXTS:
            value = arguments.get(name, "")
            if not isinstance(value, (str, Path, Jsonata)) and not is_intrinsic(value):
                yield schema_problem(f"{place}/{field}/{name}", f"{name!r} takes text, not {brief(value)}")


def _writes() -> str:
    return wording.either("Resource=S3_PUT_OBJECT", f'"Resource": "{integration_arn("s3:putObject")}"')


def _joined_names(names: Sequence[str]) -> str:
    return " and ".join(map(repr, names))


def _payload_of(call: ItemReader | ResultWriter) -> object:
    return call.Arguments if call.Parameters is OMIT else call.Parameters


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, (list, tuple)) and all(isinstance(entry, str) for entry in value)


def _limit_problems(place: str, owner: str, holder: object, node: Node) -> Iterator[Problem]:
    yield from check_numbers(place, owner, holder)
    for row in numeric_fields(owner):
        value = getattr(holder, row.name)
        if isinstance(value, Path):
            yield from check_expression(f"{place}/{row.name}Path", value, node.language)
        elif isinstance(value, Jsonata):
            yield from check_jsonata(f"{place}/{row.name}", value, node.language)
