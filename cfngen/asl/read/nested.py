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


def branches(reader: FieldReader, place: str, given: Any) -> Any:
    """Read the branches of a Parallel."""
    if not isinstance(given, list):
        return reader.unsound(place, f"'Branches' takes a list of branches, not {brief(given)}")
    found = []
    for index, branch in enumerate(given):
        if isinstance(branch, Mapping):
            found.append(_inside(reader, f"Branches/{index}", f"{place}/{index}", branch, _BRANCH))
        else:
            reader.unsound(f"{place}/{index}", f"a branch is a mapping, not {brief(branch)}")
    return found


def processor(reader: FieldReader, place: str, given: Any) -> Any:
    """Read what a Map runs for each item."""
    if not isinstance(given, Mapping):
        return reader.unsound(place, f"{place[1:]!r} takes a mapping, not {brief(given)}")
    return _inside(reader, "ItemProcessor", place, given, _PROCESSOR)


def _inside(reader: FieldReader, pointer: str, place: str, given: Document, known: tuple[str, ...]) -> Flow:
    for key in given:
        if key in known:
            continue
        reader.held = False
        if key != "Comment":
            reader.problems.append(
                unknown(reader.location + place, key, known, place[1:].partition("/")[0])
            )
    flow = reader.inside[pointer]
    if isinstance(flow, Goto) and not flow.Name:
        reader.held = False
    return flow


def part(reader: FieldReader, place: str, given: Any) -> Any:
    """A mapping that has a class of its own: ``ItemReader``, ``ReaderConfig``."""
    from cfngen.asl import branches

    name = place.rpartition("/")[2]
    if not isinstance(given, Mapping):
        return reader.unsound(place, f"{name!r} takes a mapping, not {brief(given)}")
    before = reader.sound
    reader.sound = True
    fields = reader.fields(place, given, _PARTS[name], repr(name))
    if name == "ItemReader" and "Resource" not in fields and reader.sound:
        reader.unsound(place, "'ItemReader' needs 'Resource'")
    made = getattr(branches, name)(**fields) if reader.sound else OMIT
    reader.sound = reader.sound and before
    return made


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
