"""What runs inside a Parallel or a Map, and what a Map reads and writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cfngen.asl.flow import Flow, Goto
from cfngen.asl.read.documents import Document
from cfngen.asl.read.problems import brief, unknown
from cfngen.asl.read.values import Field, FieldReader, dynamic, same, template
from cfngen.asl.values import OMIT

_BRANCH: Final = ("StartAt", "States")
_PROCESSOR: Final = ("ProcessorConfig", "StartAt", "States")


def branches(reader: FieldReader, place: str, value: Any) -> Any:
    """Read the branches of a Parallel."""
    if not isinstance(value, list):
        return reader.untyped(place, f"'Branches' takes a list of branches, not {brief(value)}")
    flows = []
    for index, branch in enumerate(value):
        if isinstance(branch, Mapping):
            flows.append(_nested_flow(reader, f"Branches/{index}", f"{place}/{index}", branch, _BRANCH))
        else:
            reader.untyped(f"{place}/{index}", f"a branch is a mapping, not {brief(branch)}")
    return flows


def processor(reader: FieldReader, place: str, value: Any) -> Any:
    """Read what a Map runs for each item."""
    if not isinstance(value, Mapping):
        return reader.untyped(place, f"{place[1:]!r} takes a mapping, not {brief(value)}")
    return _nested_flow(reader, "ItemProcessor", place, value, _PROCESSOR)


def _nested_flow(
    reader: FieldReader, pointer: str, place: str, scope: Document, known: tuple[str, ...]
) -> Flow:
    for key in scope:
        if key in known:
            continue
        reader.lossless = False
        if key != "Comment":
            reader.problems.append(
                unknown(reader.location + place, key, known, place[1:].partition("/")[0])
            )
    flow = reader.nested[pointer]
    if isinstance(flow, Goto) and not flow.Name:
        reader.lossless = False
    return flow


def part(reader: FieldReader, place: str, value: Any) -> Any:
    """A mapping that has a class of its own: ``ItemReader``, ``ReaderConfig``."""
    from cfngen.asl import branches

    name = place.rpartition("/")[2]
    if not isinstance(value, Mapping):
        return reader.untyped(place, f"{name!r} takes a mapping, not {brief(value)}")
    before = reader.typed
    reader.typed = True
    fields = reader.fields(place, value, _PARTS[name], repr(name))
    if name == "ItemReader" and "Resource" not in fields and reader.typed:
        reader.untyped(place, "'ItemReader' needs 'Resource'")
    settings = getattr(branches, name)(**fields) if reader.typed else OMIT
    reader.typed = reader.typed and before
    return settings


_CALLED: Final[dict[str, Field]] = {
    "Resource": ("Resource", FieldReader.text),
    **template("Parameters"),
    "Arguments": ("Arguments", FieldReader.payload),
}
_PARTS: Final[dict[str, dict[str, Field]]] = {
    "ProcessorConfig": same(FieldReader.text, "Mode", "ExecutionType"),
    "ItemReader": {**_CALLED, "ReaderConfig": ("ReaderConfig", part)},
    "ReaderConfig": {
        **same(
            FieldReader.text,
            "InputType",
            "Transformation",
            "ManifestType",
            "CSVHeaderLocation",
            "CSVHeaders",
            "CSVDelimiter",
            "ItemsPointer",
        ),
        **dynamic("MaxItems"),
    },
    "ItemBatcher": {**template("BatchInput"), **dynamic("MaxItemsPerBatch", "MaxInputBytesPerBatch")},
    "ResultWriter": {**_CALLED, "WriterConfig": ("WriterConfig", part)},
    "WriterConfig": same(FieldReader.text, "Transformation", "OutputType"),
}
