"""What runs inside a Parallel or a Map, and what a Map reads and writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cfngen.asl.flow import Flow, Goto
from cfngen.asl.read.documents import Document
from cfngen.asl.read.problems import kind_or_value, unknown_field_problem
from cfngen.asl.read.values import FieldReader
from cfngen.asl.schema import BRANCH, PROCESSOR, fields_of
from cfngen.asl.values import OMIT


def branches(reader: FieldReader, place: str, value: Any) -> Any:
    """Read the branches of a Parallel."""
    if not isinstance(value, list):
        return reader.untyped(place, f"'Branches' takes a list of branches, not {kind_or_value(value)}")
    flows = []
    for index, branch in enumerate(value):
        if isinstance(branch, Mapping):
            flows.append(_nested_flow(reader, f"Branches/{index}", f"{place}/{index}", branch, BRANCH))
        else:
            reader.untyped(f"{place}/{index}", f"a branch is a mapping, not {kind_or_value(branch)}")
    return flows


def processor(reader: FieldReader, place: str, value: Any) -> Any:
    """Read what a Map runs for each item."""
    if not isinstance(value, Mapping):
        return reader.untyped(place, f"{place[1:]!r} takes a mapping, not {kind_or_value(value)}")
    return _nested_flow(reader, "ItemProcessor", place, value, PROCESSOR)


def _nested_flow(reader: FieldReader, pointer: str, place: str, definition: Document, owner: str) -> Flow:
    known = {row.name for row in fields_of(owner)}
    for key in definition:
        if key not in known:
            reader.problems.append(unknown_field_problem(reader.location + place, key, owner))
        reader.lossless = reader.lossless and key in known and key != "Comment"
    flow = reader.nested[pointer]
    if isinstance(flow, Goto) and not flow.Name:
        reader.lossless = False
    return flow


def part(reader: FieldReader, place: str, value: Any) -> Any:
    """A mapping that has a class of its own: ``ItemReader``, ``ReaderConfig``."""
    from cfngen.asl import branches

    name = place.rpartition("/")[2]
    if not isinstance(value, Mapping):
        return reader.untyped(place, f"{name!r} takes a mapping, not {kind_or_value(value)}")
    before = reader.typed
    reader.typed = True
    fields = reader.fields(place, value, name)
    for row in fields_of(name):
        if row.required and row.name not in fields and reader.typed:
            reader.untyped(place, f"{name!r} needs {row.name!r}")
    settings = getattr(branches, name)(**fields) if reader.typed else OMIT
    reader.typed = reader.typed and before
    return settings
